//! Editions of the standards. A row, a value or a clause says which editions it belongs to; a verdict knows one.

use std::fmt;
use std::str::FromStr;

macro_rules! editions {
    ($( $(#[$meta:meta])* $Edition:ident = $name:literal, )+) => {
        /// An edition of a standard.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u8)]
        pub enum Edition { $( $(#[$meta])* $Edition, )+ }

        impl Edition {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$Edition,)+];

            /// As on the command line and in results.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$Edition => $name,)+ }
            }
        }
    };
}

editions! {
    /// IEEE 802.3ad-2000, 802.3-2005 clause 43 and 802.1AX-2008, which agree: clause 43.4.N there is 5.4.N here.
    Dot1Ax2008 = "802.1ax-2008",
    /// IEEE 802.1AX-2014.
    Dot1Ax2014 = "802.1ax-2014",
    /// IEEE 802.1AX-2020.
    Dot1Ax2020 = "802.1ax-2020",
    /// RFC 2338, VRRP version 2 with authentication.
    Rfc2338 = "rfc2338",
    /// RFC 3768, VRRP version 2.
    Rfc3768 = "rfc3768",
    /// RFC 5798, VRRP version 3.
    Rfc5798 = "rfc5798",
    /// RFC 9568, VRRP version 3.
    Rfc9568 = "rfc9568",
    /// RFC 2281, HSRP version 1.
    Rfc2281 = "rfc2281",
    /// HSRP version 1 as Cisco's routers speak it, by captures of them.
    CiscoHsrp1 = "cisco-hsrp1",
    /// HSRP version 2, which only Cisco describes: by captures, and where they are silent by RFC 2281.
    CiscoHsrp2 = "cisco-hsrp2",
    /// GLBP as captures of Cisco's routers show it.
    CiscoGlbp = "cisco-glbp",
}

impl fmt::Display for Edition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// No edition has that name.
#[derive(Debug, thiserror::Error)]
#[error("unknown edition {0:?}, expected one of {names}", names = Edition::ALL.iter().map(|e| e.name()).collect::<Vec<_>>().join(", "))]
pub struct UnknownEdition(String);

/// By name, or for 802.1AX by the year alone.
impl FromStr for Edition {
    type Err = UnknownEdition;
    fn from_str(text: &str) -> Result<Self, UnknownEdition> {
        let lower = text.to_ascii_lowercase();
        Self::ALL
            .iter()
            .copied()
            .find(|edition| {
                edition.name() == lower || edition.name().strip_prefix("802.1ax-") == Some(&lower)
            })
            .ok_or_else(|| UnknownEdition(text.to_owned()))
    }
}

/// A set of editions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Editions(u16);

impl Editions {
    /// 802.1AX, every edition.
    pub const DOT1AX: Self = Self::of(&[Edition::Dot1Ax2008, Edition::Dot1Ax2014, Edition::Dot1Ax2020]);
    /// 802.1AX up to 2014.
    pub const UP_TO_2014: Self = Self::of(&[Edition::Dot1Ax2008, Edition::Dot1Ax2014]);
    /// 802.1AX from 2014 on.
    pub const FROM_2014: Self = Self::of(&[Edition::Dot1Ax2014, Edition::Dot1Ax2020]);
    /// 802.1AX-2008 and what it took over.
    pub const ONLY_2008: Self = Self::of(&[Edition::Dot1Ax2008]);
    /// 802.1AX-2014.
    pub const ONLY_2014: Self = Self::of(&[Edition::Dot1Ax2014]);
    /// 802.1AX-2020.
    pub const ONLY_2020: Self = Self::of(&[Edition::Dot1Ax2020]);
    /// VRRP version 2.
    pub const VRRP2: Self = Self::of(&[Edition::Rfc2338, Edition::Rfc3768]);
    /// RFC 2338.
    pub const ONLY_2338: Self = Self::of(&[Edition::Rfc2338]);
    /// RFC 3768.
    pub const ONLY_3768: Self = Self::of(&[Edition::Rfc3768]);
    /// VRRP version 3.
    pub const VRRP3: Self = Self::of(&[Edition::Rfc5798, Edition::Rfc9568]);
    /// RFC 5798.
    pub const ONLY_5798: Self = Self::of(&[Edition::Rfc5798]);
    /// RFC 9568.
    pub const ONLY_9568: Self = Self::of(&[Edition::Rfc9568]);
    /// VRRP, both versions.
    pub const VRRP: Self =
        Self::of(&[Edition::Rfc2338, Edition::Rfc3768, Edition::Rfc5798, Edition::Rfc9568]);

    /// HSRP version 1.
    pub const HSRP1: Self = Self::of(&[Edition::Rfc2281, Edition::CiscoHsrp1]);
    /// RFC 2281.
    pub const ONLY_2281: Self = Self::of(&[Edition::Rfc2281]);
    /// HSRP version 1 of Cisco.
    pub const ONLY_CISCO1: Self = Self::of(&[Edition::CiscoHsrp1]);
    /// HSRP version 2.
    pub const HSRP2: Self = Self::of(&[Edition::CiscoHsrp2]);
    /// HSRP, both versions.
    pub const HSRP: Self = Self::of(&[Edition::Rfc2281, Edition::CiscoHsrp1, Edition::CiscoHsrp2]);

    /// These.
    pub const fn of(editions: &[Edition]) -> Self {
        let (mut bits, mut at) = (0, 0);
        while at < editions.len() {
            bits |= 1 << editions[at] as u8;
            at += 1;
        }
        Self(bits)
    }

    /// `edition` is one of them.
    pub const fn contains(self, edition: Edition) -> bool {
        self.0 & (1 << edition as u8) != 0
    }

    /// One by one.
    pub fn iter(self) -> impl Iterator<Item = Edition> {
        Edition::ALL.iter().copied().filter(move |&edition| self.contains(edition))
    }
}

/// Where a thing stands in each edition: `(edition, clause number)`. What cannot be cited for an edition is absent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clauses(pub &'static [(Edition, &'static str)]);

impl Clauses {
    /// The clause in `edition`, if it is known.
    pub fn number(self, edition: Edition) -> Option<&'static str> {
        self.0.iter().find(|(at, _)| *at == edition).map(|(_, number)| *number)
    }

    /// To cite: `802.1ax-2014 6.4.12`, or the edition alone.
    pub fn cite(self, edition: Edition) -> String {
        match self.number(edition) {
            Some(number) => format!("{edition} {number}"),
            None => edition.to_string(),
        }
    }
}
