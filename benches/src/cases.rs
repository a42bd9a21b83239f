//! The cases that both programs measure: for each PDU and each frame its octets and the contenders.

use crate::{contenders as codec, raw, samples};

/// A contender: folds what it reads.
pub type Reader = fn(&[u8]) -> u64;

/// A PDU or a frame.
pub struct Case {
    /// What it is.
    pub name: &'static str,
    /// Octets that are accepted.
    pub good: Vec<u8>,
    /// The same with the last octet of the message missing.
    pub truncated: Vec<u8>,
    /// The same with a wrong subtype, version, or Ethertype; in a list of TLVs a wrong length.
    pub wrong: Vec<u8>,
    /// The unchecked raw cast.
    pub raw: Reader,
    /// The codec.
    pub parse: Reader,
    /// The codec with the verdict on a checksum, where parsing has none.
    pub checksum: Option<Reader>,
    /// The codec and every rule.
    pub audit: Reader,
}

impl Case {
    fn new(
        name: &'static str,
        good: Vec<u8>,
        (at, octet): (usize, u8),
        raw: Reader,
        parse: Reader,
        audit: Reader,
    ) -> Self {
        let truncated = good[..good.len() - 1].to_vec();
        let mut wrong = good.clone();
        wrong[at] = octet;
        Self { name, good, truncated, wrong, raw, parse, checksum: None, audit }
    }

    fn with_checksum(self, checksum: Reader) -> Self {
        Self { checksum: Some(checksum), ..self }
    }

    /// A frame that is padded to its minimum length loses its padding and the last octet of its message.
    fn cut_at(self, length: usize) -> Self {
        Self { truncated: self.good[..length - 1].to_vec(), ..self }
    }
}

/// All PDUs.
pub fn pdus() -> Vec<Case> {
    vec![
        Case::new("lacpdu", samples::lacpdu(), (0, 2), raw::lacpdu, codec::lacpdu, codec::audit_lacpdu),
        Case::new("marker", samples::marker(), (0, 1), raw::marker, codec::marker, codec::audit_marker),
        Case::new("vrrp2", samples::vrrp2(), (0, 0x41), raw::vrrp2, codec::vrrp2, codec::audit_vrrp2),
        Case::new(
            "vrrp3",
            samples::vrrp3_ipv4(),
            (0, 0x41),
            raw::vrrp3_ipv4,
            codec::vrrp3_ipv4,
            codec::audit_vrrp3_ipv4,
        )
        .with_checksum(codec::vrrp3_ipv4_checksum),
        Case::new(
            "vrrp3-ipv6",
            samples::vrrp3_ipv6(),
            (0, 0x41),
            raw::vrrp3_ipv6,
            codec::vrrp3_ipv6,
            codec::audit_vrrp3_ipv6,
        )
        .with_checksum(codec::vrrp3_ipv6_checksum),
        Case::new("hsrp1", samples::hsrp1(), (0, 1), raw::hsrp1, codec::hsrp1, codec::audit_hsrp1),
        Case::new("hsrp2", samples::hsrp2(), (1, 200), raw::hsrp2, codec::hsrp2, codec::audit_hsrp2),
        Case::new("glbp", samples::glbp(), (13, 1), raw::glbp, codec::glbp, codec::audit_glbp),
    ]
}

/// All frames.
pub fn frames() -> Vec<Case> {
    let audit = codec::audit_frame;
    vec![
        Case::new("lacp-frame", samples::lacp_frame(), (13, 0), raw::lacp_frame, codec::lacp_frame, audit),
        Case::new(
            "vrrp3-frame",
            samples::vrrp3_frame(),
            (34, 0x41),
            raw::vrrp3_frame,
            codec::vrrp3_frame,
            audit,
        )
        .cut_at(46),
        Case::new(
            "hsrp1-frame",
            samples::hsrp1_frame(),
            (14, 0x65),
            raw::hsrp1_frame,
            codec::hsrp1_frame,
            audit,
        ),
        Case::new(
            "hsrp2-frame",
            samples::hsrp2_frame(),
            (43, 200),
            raw::hsrp2_frame,
            codec::hsrp2_frame,
            audit,
        ),
        Case::new(
            "tagged-frame",
            samples::tagged_frame(),
            (38, 0x41),
            raw::tagged_frame,
            codec::tagged_frame,
            audit,
        )
        .cut_at(50),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contenders::{self, LacpState};

    #[test]
    fn contenders_read_what_the_raw_cast_reads() {
        for case in pdus().into_iter().chain(frames()) {
            let expected = (case.raw)(&case.good);
            assert_eq!((case.parse)(&case.good), expected, "{}", case.name);
            if let Some(checksum) = case.checksum {
                assert_eq!(checksum(&case.good), expected, "{}", case.name);
            }
        }
    }

    #[test]
    fn samples_are_valid_and_bad_ones_are_rejected() {
        for case in pdus().into_iter().chain(frames()) {
            // An audit without a report folds nothing.
            if !case.name.ends_with("frame") {
                assert_eq!((case.audit)(&case.good), 0, "{}", case.name);
            }
            for bad in [&case.truncated, &case.wrong] {
                assert_eq!((case.parse)(bad), (case.audit)(bad), "{}", case.name);
                assert_ne!((case.parse)(bad), (case.parse)(&case.good), "{}", case.name);
            }
        }
    }

    #[test]
    fn the_frame_that_is_built_is_the_one_that_is_copied() {
        let golden = samples::lacp_frame();
        let mut out = [0xa5; 200];
        let length = contenders::build_lacp_frame(&LacpState::of_the_sample(), &mut out);
        assert_eq!(&out[..length], golden);
    }
}
