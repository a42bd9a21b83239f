//! Digests of HSRP and of Cisco's VRRP authentication.

use crate::common::{hex, samples};
use pretty_assertions::assert_eq;
use redspec_codec::cisco::{Md5Authentication, Md5TlvType, md5_digest};
use redspec_codec::hsrp::{v1, v2};
use redspec_codec::vrrp::ChecksumStatus;
use redspec_codec::vrrp::v2::{Advertisement, AdvertisementRef, AuthType, seal};
use redspec_codec::{Addresses, ErrorKind};
use std::net::Ipv4Addr;

const KEY: &[u8] = b"labkey";

fn octets_of(name: &str) -> Vec<u8> {
    samples().into_iter().find(|sample| sample.name == name).unwrap().octets
}

#[test]
fn known_digests_of_hsrp() {
    let payload = octets_of("hsrp1-md5");
    let (_, rest) = v1::MessageRef::parse(&payload).unwrap();
    let md5 = v1::Extension(rest).md5().unwrap();
    assert_eq!(v1::md5_digest(&payload, KEY), Some(md5.digest));
    assert_ne!(v1::md5_digest(&payload, b"labkez"), Some(md5.digest));
    assert_eq!(v1::md5_digest(&payload[..20], KEY), None, "no TLV, no digest");

    let payload = octets_of("hsrp2-md5");
    let (message, _) = v2::MessageRef::parse(&payload).unwrap();
    assert_eq!(message.md5_digest(KEY), Some(message.md5().unwrap().digest));
    assert_eq!(v2::MessageRef::parse(&payload[..42]).unwrap().0.md5_digest(KEY), None);
}

#[test]
fn built_messages_have_the_known_digests() {
    let sender = Ipv4Addr::new(192, 0, 2, 2);
    let tlv = Md5Authentication::new(Md5TlvType::HSRP, sender, 0);
    let mut hello = v1::Message::hello(7, v1::State::ACTIVE, 110, Ipv4Addr::new(192, 0, 2, 1));
    hello.authentication = [0; 8];
    let mut out = [0xa5; 64];
    let at = hello.emit(&mut out).unwrap();
    // The digest that stands there before does not matter.
    let tlv = Md5Authentication { digest: [0x77; 16], ..tlv };
    let length = at + tlv.emit(&mut out[at..]).unwrap();
    assert_eq!(v1::verify_md5(&out[..length], KEY), Some(false));
    v1::seal(&mut out[..length], KEY).unwrap();
    assert_eq!(out[..length], octets_of("hsrp1-md5"));
    assert_eq!(v1::verify_md5(&out[..length], KEY), Some(true));
    assert_eq!(v1::verify_md5(&out[..length], b"other"), Some(false));
    assert_eq!(v1::verify_md5(&out[..20], KEY), None);
    assert_eq!(v1::seal(&mut out[..20], KEY).unwrap_err().kind(), ErrorKind::NotRecognised);
    // Another TLV in front does not hide it, and belongs to what is digested.
    let mut payload = out[..20].to_vec();
    payload.extend([9, 1, 0]);
    payload.extend(&out[20..length]);
    assert_eq!(v1::verify_md5(&payload, KEY), Some(false));
    v1::seal(&mut payload, KEY).unwrap();
    assert_eq!((v1::verify_md5(&payload, KEY), &payload[20..25]), (Some(true), &[9, 1, 0, 4, 28][..]));
    let md5 = v1::Extension(&payload[20..]).md5().unwrap();
    assert_eq!(Some(md5.digest), v1::md5_digest(&payload, KEY));
    let error = v1::seal(&mut out[..length], &[b'x'; 56]).unwrap_err();
    assert_eq!((error.kind(), error.expected(), error.found()), (ErrorKind::Unrepresentable, 55, 56));

    let expected = octets_of("hsrp2-md5");
    let mut message = expected.clone();
    message[56..].fill(0);
    v2::seal(&mut message, KEY).unwrap();
    assert_eq!(message, expected);
    assert_eq!(v2::MessageRef::parse(&message).unwrap().0.verify_md5(KEY), Some(true));
    assert_eq!(v2::MessageRef::parse(&message).unwrap().0.verify_md5(b"other"), Some(false));
    assert_eq!(v2::seal(&mut message[..42], KEY).unwrap_err().kind(), ErrorKind::NotRecognised);
    assert_eq!(v2::seal(&mut message, &[0; 56]).unwrap_err().kind(), ErrorKind::Unrepresentable);
    assert_eq!(v2::seal(&mut message[..1], KEY).unwrap_err().kind(), ErrorKind::Truncated);
}

#[test]
fn the_digest_of_vrrp_is_over_the_message_without_checksum_and_tlv() {
    let addresses = [Ipv4Addr::new(10, 0, 0, 254)];
    let tlv = Md5Authentication::new(Md5TlvType::VRRP, Ipv4Addr::new(10, 0, 0, 1), 7);
    let mut advertisement = Advertisement {
        auth_type: AuthType::CISCO_MD5,
        md5: Some(tlv),
        ..Advertisement::new(10, 100, 1, Addresses::from(&addresses))
    };
    let covered = hex("210a6401 fe01 0000 0a0000fe 00*8");
    let digest = md5_digest(KEY, [covered.as_slice()]).unwrap();
    advertisement.md5 = Some(Md5Authentication { digest, ..tlv });
    let mut out = [0; 64];
    let length = advertisement.emit(&mut out).unwrap();
    assert_eq!(length, 50);
    let (view, _) = AdvertisementRef::parse(&out[..length]).unwrap();
    assert_eq!(view.md5(), advertisement.md5);
    assert_eq!(view.md5_digest(KEY), Some(digest));
    assert_eq!(view.verify_md5(KEY), Some(true));
    assert_eq!(view.verify_md5(b"other"), Some(false));
    let sealed = out[..length].to_vec();
    out[34..50].fill(0);
    seal(&mut out[..length], KEY).unwrap();
    assert_eq!(out[..length], sealed);
    assert_eq!(AdvertisementRef::parse(&out).unwrap().0.checksum_status(), ChecksumStatus::Valid);
    assert_eq!(seal(&mut out[..20], KEY).unwrap_err().kind(), ErrorKind::NotRecognised);
    assert_eq!(seal(&mut out[..length], &[0; 56]).unwrap_err().kind(), ErrorKind::Unrepresentable);
    assert_eq!(seal(&mut out[..4], KEY).unwrap_err().kind(), ErrorKind::Truncated);
    let plain = Advertisement::new(10, 100, 1, Addresses::from(&addresses));
    let length = plain.emit(&mut out).unwrap();
    assert_eq!(AdvertisementRef::parse(&out[..length]).unwrap().0.md5_digest(KEY), None);
}

#[test]
fn keys_fit_a_block_or_are_refused() {
    assert!(md5_digest(&[b'k'; 55], [&[][..]]).is_some());
    assert!(md5_digest(&[b'k'; 56], [&[][..]]).is_none());
    assert!(md5_digest(&[b'k'; 100], [&[][..]]).is_none());
    assert!(md5_digest(&[], [&[][..]]).is_some());
    // Pieces are one message.
    assert_eq!(md5_digest(KEY, [&b"ab"[..], b"c"]), md5_digest(KEY, [&b"abc"[..]]));
}
