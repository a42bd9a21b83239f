//! Fields of fixed size, and the macros that write a header down once: offset, name, type.

use core::fmt;
use core::net::Ipv4Addr;

/// A value of fixed size on the wire, in network byte order.
///
/// `at` is always a literal of a [`wire!`] table below the array's length, so that the compiler drops
/// the bounds checks; the tables are checked by a test to cover every octet exactly once.
pub(crate) trait Field: Copy {
    /// Octets on the wire.
    const LEN: usize;
    /// Reads the value that begins at `at`.
    fn read<const N: usize>(octets: &[u8; N], at: usize) -> Self;
    /// Writes the value from `at` on.
    fn write<const N: usize>(self, octets: &mut [u8; N], at: usize);
}

impl Field for u8 {
    const LEN: usize = 1;
    #[inline(always)]
    fn read<const N: usize>(octets: &[u8; N], at: usize) -> Self {
        octets[at]
    }
    #[inline(always)]
    fn write<const N: usize>(self, octets: &mut [u8; N], at: usize) {
        octets[at] = self;
    }
}

impl Field for u16 {
    const LEN: usize = 2;
    #[inline(always)]
    fn read<const N: usize>(octets: &[u8; N], at: usize) -> Self {
        Self::from_be_bytes([octets[at], octets[at + 1]])
    }
    #[inline(always)]
    fn write<const N: usize>(self, octets: &mut [u8; N], at: usize) {
        self.to_be_bytes().write(octets, at);
    }
}

impl Field for u32 {
    const LEN: usize = 4;
    #[inline(always)]
    fn read<const N: usize>(octets: &[u8; N], at: usize) -> Self {
        Self::from_be_bytes(<[u8; 4]>::read(octets, at))
    }
    #[inline(always)]
    fn write<const N: usize>(self, octets: &mut [u8; N], at: usize) {
        self.to_be_bytes().write(octets, at);
    }
}

impl Field for u64 {
    const LEN: usize = 8;
    #[inline(always)]
    fn read<const N: usize>(octets: &[u8; N], at: usize) -> Self {
        Self::from_be_bytes(<[u8; 8]>::read(octets, at))
    }
    #[inline(always)]
    fn write<const N: usize>(self, octets: &mut [u8; N], at: usize) {
        self.to_be_bytes().write(octets, at);
    }
}

impl<const L: usize> Field for [u8; L] {
    const LEN: usize = L;
    #[inline(always)]
    fn read<const N: usize>(octets: &[u8; N], at: usize) -> Self {
        let mut value = [0; L];
        value.copy_from_slice(&octets[at..at + L]);
        value
    }
    #[inline(always)]
    fn write<const N: usize>(self, octets: &mut [u8; N], at: usize) {
        octets[at..at + L].copy_from_slice(&self);
    }
}

impl Field for Ipv4Addr {
    const LEN: usize = 4;
    #[inline(always)]
    fn read<const N: usize>(octets: &[u8; N], at: usize) -> Self {
        Self::from(<[u8; 4]>::read(octets, at))
    }
    #[inline(always)]
    fn write<const N: usize>(self, octets: &mut [u8; N], at: usize) {
        self.octets().write(octets, at);
    }
}

/// A 48-bit MAC address, shown as `00:00:5e:00:01:0a`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub struct MacAddress(pub [u8; 6]);

impl MacAddress {
    /// `ff:ff:ff:ff:ff:ff`.
    pub const BROADCAST: Self = Self([0xff; 6]);

    /// The I/G bit: a group (multicast or broadcast) address, which no sender may have as its own.
    pub const fn is_group(self) -> bool {
        self.0[0] & 1 == 1
    }

    /// All octets zero.
    pub fn is_zero(self) -> bool {
        self.0 == [0; 6]
    }
}

impl From<[u8; 6]> for MacAddress {
    fn from(octets: [u8; 6]) -> Self {
        Self(octets)
    }
}

impl fmt::Display for MacAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().enumerate().try_for_each(|(index, octet)| {
            let separator = if index == 0 { "" } else { ":" };
            write!(f, "{separator}{octet:02x}")
        })
    }
}

impl fmt::Debug for MacAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Text that is not six hexadecimal octets joined by colons or hyphens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAMacAddress;

impl fmt::Display for NotAMacAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a MAC address: expected six octets as in 00:00:5e:00:01:0a")
    }
}

impl core::error::Error for NotAMacAddress {}

impl core::str::FromStr for MacAddress {
    type Err = NotAMacAddress;

    fn from_str(text: &str) -> Result<Self, NotAMacAddress> {
        let mut octets = [0; 6];
        let mut parts = text.split([':', '-']);
        for octet in &mut octets {
            let part = parts.next().ok_or(NotAMacAddress)?;
            if part.is_empty() || part.len() > 2 || !part.bytes().all(|digit| digit.is_ascii_hexdigit()) {
                return Err(NotAMacAddress);
            }
            *octet = u8::from_str_radix(part, 16).map_err(|_| NotAMacAddress)?;
        }
        if parts.next().is_some() { Err(NotAMacAddress) } else { Ok(Self(octets)) }
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for MacAddress {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for MacAddress {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl serde::de::Visitor<'_> for Text {
            type Value = MacAddress;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a MAC address such as 00:00:5e:00:01:0a")
            }
            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<MacAddress, E> {
                text.parse().map_err(E::custom)
            }
        }
        deserializer.deserialize_str(Text)
    }
}

impl Field for MacAddress {
    const LEN: usize = 6;
    #[inline(always)]
    fn read<const N: usize>(octets: &[u8; N], at: usize) -> Self {
        Self(<[u8; 6]>::read(octets, at))
    }
    #[inline(always)]
    fn write<const N: usize>(self, octets: &mut [u8; N], at: usize) {
        self.0.write(octets, at);
    }
}

/// Octets that the standard reserves: sent as zero, ignored when received, kept here as they came.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub struct Reserved<const L: usize>(pub [u8; L]);

impl<const L: usize> Reserved<L> {
    /// All octets zero, as they are sent.
    pub const ZERO: Self = Self([0; L]);

    /// Index of the first octet that is not zero.
    pub fn first_set(&self) -> Option<usize> {
        self.0.iter().position(|octet| *octet != 0)
    }
}

impl<const L: usize> Default for Reserved<L> {
    fn default() -> Self {
        Self::ZERO
    }
}

impl<const L: usize> fmt::Debug for Reserved<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.first_set() {
            None => f.write_str("zero"),
            Some(_) => self.0.iter().try_for_each(|octet| write!(f, "{octet:02x}")),
        }
    }
}

impl<const L: usize> Field for Reserved<L> {
    const LEN: usize = L;
    #[inline(always)]
    fn read<const N: usize>(octets: &[u8; N], at: usize) -> Self {
        Self(<[u8; L]>::read(octets, at))
    }
    #[inline(always)]
    fn write<const N: usize>(self, octets: &mut [u8; N], at: usize) {
        self.0.write(octets, at);
    }
}

// serde has arrays of up to 32 octets only, and reserved blocks of 90 exist: a tuple of any length.
#[cfg(feature = "serde")]
impl<const L: usize> serde::Serialize for Reserved<L> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeTuple;
        let mut tuple = serializer.serialize_tuple(L)?;
        for octet in &self.0 {
            tuple.serialize_element(octet)?;
        }
        tuple.end()
    }
}

#[cfg(feature = "serde")]
impl<'de, const L: usize> serde::Deserialize<'de> for Reserved<L> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Octets<const L: usize>;
        impl<'de, const L: usize> serde::de::Visitor<'de> for Octets<L> {
            type Value = Reserved<L>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{L} octets")
            }
            fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut seq: A) -> Result<Reserved<L>, A::Error> {
                let mut octets = [0; L];
                for (index, octet) in octets.iter_mut().enumerate() {
                    *octet = seq
                        .next_element()?
                        .ok_or_else(|| serde::de::Error::invalid_length(index, &Octets::<L>))?;
                }
                Ok(Reserved(octets))
            }
        }
        deserializer.deserialize_tuple(L, Octets::<L>)
    }
}

/// A field that the emitter computes from the rest, unless a test wants a particular (wrong) value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Stated<T> {
    /// What the standard asks for.
    #[default]
    Computed,
    /// Exactly this, right or wrong.
    Exactly(T),
}

impl<T> Stated<T> {
    /// The stated value, or the computed one.
    #[inline(always)]
    pub fn or_else(self, compute: impl FnOnce() -> T) -> T {
        match self {
            Self::Computed => compute(),
            Self::Exactly(value) => value,
        }
    }
}

/// An open enumeration: a number with names for the values that are known; every value survives.
macro_rules! open_enum {
    (
        $(#[$meta:meta])*
        pub enum $Name:ident($Repr:ty) {
            $( $(#[$value_meta:meta])* $CONST:ident = $value:literal => $text:literal ),* $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
        #[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
        pub struct $Name(pub $Repr);

        impl $Name {
            $( $(#[$value_meta])* pub const $CONST: Self = Self($value); )*

            /// The name of the value, if it has one.
            pub const fn name(self) -> Option<&'static str> {
                match self.0 {
                    $( $value => Some($text), )*
                    _ => None,
                }
            }
        }

        impl core::fmt::Display for $Name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                match self.name() {
                    Some(name) => f.write_str(name),
                    None => write!(f, "{}", self.0),
                }
            }
        }

        impl core::fmt::Debug for $Name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                match self.name() {
                    Some(name) => write!(f, "{name} ({})", self.0),
                    None => write!(f, "{}", self.0),
                }
            }
        }

        impl crate::field::Field for $Name {
            const LEN: usize = <$Repr as crate::field::Field>::LEN;
            #[inline(always)]
            fn read<const N: usize>(octets: &[u8; N], at: usize) -> Self {
                Self(<$Repr as crate::field::Field>::read(octets, at))
            }
            #[inline(always)]
            fn write<const N: usize>(self, octets: &mut [u8; N], at: usize) {
                self.0.write(octets, at);
            }
        }
    };
}

/// A header written down once. From the table come the owned value, its reader and writer, and a
/// getter for each field on the view, which has the octets in its field `fixed`.
macro_rules! wire {
    (
        $(#[$meta:meta])*
        pub struct $Value:ident: $len:literal octets, view $View:ident {
            $( $(#[$field_meta:meta])* $at:literal $field:ident: $ty:ty ),* $(,)?
        }
    ) => {
        wire! {
            $(#[$meta])*
            pub struct $Value: $len octets {
                $( $(#[$field_meta])* $at $field: $ty ),*
            }
        }

        impl $View<'_> {
            $( $(#[$field_meta])* #[inline(always)] pub fn $field(&self) -> $ty {
                <$ty as crate::field::Field>::read(self.fixed, $at)
            } )*
        }
    };
    (
        $(#[$meta:meta])*
        pub struct $Value:ident: $len:literal octets {
            $( $(#[$field_meta:meta])* $at:literal $field:ident: $ty:ty ),* $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
        #[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
        pub struct $Value {
            $( $(#[$field_meta])* pub $field: $ty, )*
        }

        impl $Value {
            /// Octets on the wire.
            pub const LEN: usize = $len;

            /// Name, offset and length of every field, in order: what the documentation draws.
            pub const LAYOUT: &'static [(&'static str, usize, usize)] =
                &[$( (stringify!($field), $at, <$ty as crate::field::Field>::LEN) ),*];

            /// Reads every field.
            #[inline(always)]
            pub fn from_octets(octets: &[u8; $len]) -> Self {
                Self { $( $field: <$ty as crate::field::Field>::read(octets, $at) ),* }
            }

            /// Writes every field.
            #[inline(always)]
            pub fn write_octets(&self, octets: &mut [u8; $len]) {
                $( crate::field::Field::write(self.$field, octets, $at); )*
            }

            /// The value as octets.
            #[inline(always)]
            pub fn to_octets(&self) -> [u8; $len] {
                let mut octets = [0; $len];
                self.write_octets(&mut octets);
                octets
            }
        }

        impl crate::field::Field for $Value {
            const LEN: usize = $len;
            #[inline(always)]
            fn read<const N: usize>(octets: &[u8; N], at: usize) -> Self {
                Self { $( $field: <$ty as crate::field::Field>::read(octets, at + $at) ),* }
            }
            #[inline(always)]
            fn write<const N: usize>(self, octets: &mut [u8; N], at: usize) {
                $( crate::field::Field::write(self.$field, octets, at + $at); )*
            }
        }
    };
}

pub(crate) use {open_enum, wire};
