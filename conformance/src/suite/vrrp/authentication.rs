//! Authentication of RFC 2338: the password, and the IP Authentication Header.

use redspec_codec::frame::{Frame, Protocol};

use super::advert::padded;
use super::reception::changed;
use super::{Dialect, Digest, Edit, Steps, VrrpTest, frames};
use crate::reference::vrrp::authentication::is_right;
use crate::reference::vrrp::packet::Packet;
use crate::scenario::Test;
use crate::spec::Editions;
use crate::suite::router::candidate::Candidate;
use crate::suite::router::pattern::Frames;

/// The password, and the key.
const PASSWORD: &str = "secret";
/// What is configured to have this.
const ROW_TEXT: &str = "V2-069";
/// The same for the Authentication Header.
const ROW_HEADER: &str = "V2-084";

/// Its tests.
pub fn tests() -> Vec<Test> {
    vec![
        password_right(),
        password_wrong(),
        password_prefix(),
        password_missing(),
        password_trailing(),
        password_sent(),
        header_right(),
        header_wrong(),
        header_missing(),
        header_data_ignored(),
        header_sent(),
    ]
}

fn text(name: &str, row: &'static str, purpose: &str, requirements: &[&'static str]) -> Test {
    Dialect::V2
        .test(name, row, purpose, requirements)
        .only(Editions::ONLY_2338)
        .with("vrrp.authentication", "text")
        .with("vrrp.password", PASSWORD)
}

fn header(name: &str, purpose: &str, requirements: &[&'static str]) -> Test {
    Dialect::V2
        .test(name, ROW_HEADER, purpose, requirements)
        .only(Editions::ONLY_2338)
        .with("vrrp.authentication", "header")
        .with("vrrp.password", PASSWORD)
}

/// A better router's advertisement with this password.
fn with_password(t: &VrrpTest<'_>, password: &str) -> Candidate {
    changed(t, format!("password {password:?}"), |advert| advert.auth_data = padded(password))
}

fn password_right() -> Test {
    text(
        "authentication.password-right",
        ROW_TEXT,
        "An advertisement with the right password is accepted.",
        &["authentication.password-right", "rx.both-states"],
    )
    .vrrp(Dialect::V2, |t| {
        let candidates = [with_password(t, PASSWORD)];
        t.accepted("the right password", &candidates, "authentication.password-right")
    })
}

fn password_wrong() -> Test {
    text(
        "authentication.password-wrong",
        ROW_TEXT,
        "An advertisement with another password, in another case, a longer one or none is discarded.",
        &["authentication.password-wrong", "rx.authentication", "rx.both-states"],
    )
    .vrrp(Dialect::V2, |t| {
        let candidates =
            ["", "public", "SECRET", "Secret", "secreT", "terces", "secrets", "secret12", "xsecret"]
                .map(|password| with_password(t, password));
        t.discarded("another password", &candidates, "authentication.password-wrong")
    })
}

fn password_prefix() -> Test {
    text(
        "authentication.password-prefix",
        ROW_TEXT,
        "An advertisement with only the beginning of the password is discarded.",
        &["authentication.password-prefix", "rx.both-states"],
    )
    .vrrp(Dialect::V2, |t| {
        let candidates = [1, 3, PASSWORD.len() - 1].map(|length| with_password(t, &PASSWORD[..length]));
        t.discarded("the beginning of the password", &candidates, "authentication.password-prefix")
    })
}

fn password_missing() -> Test {
    text(
        "authentication.password-missing",
        ROW_TEXT,
        "Where a password is configured, an advertisement of another Auth Type is discarded.",
        &["rx.auth-type", "rx.authentication", "rx.both-states"],
    )
    .vrrp(Dialect::V2, |t| {
        let none = changed(t, "Auth Type 0 without data", |advert| {
            (advert.auth_type, advert.auth_data) = (0, [0; 8]);
        });
        t.discarded("no authentication", &[none], "rx.authentication")?;
        let candidates = [0, 2, 9, 254].map(|number| {
            changed(t, format!("Auth Type {number} with the password"), |advert| advert.auth_type = number)
        });
        t.discarded("another Auth Type", &candidates, "rx.auth-type")
    })
}

fn password_trailing() -> Test {
    text(
        "authentication.password-trailing",
        ROW_TEXT,
        "Recorded: what becomes of octets behind the zero that ends the password, or behind the authentication data.",
        &["authentication.password-trailing"],
    )
    .vrrp(Dialect::V2, |t| {
        let behind_zero = changed(t, "an octet behind the zero", |advert| advert.auth_data[7] = 0x78);
        let behind_data = changed(t, "four octets behind the authentication data", |advert| {
            advert.edits = vec![Edit::Append(vec![0x78; 4])];
        });
        let candidates = [behind_zero, behind_data];
        t.recorded("the password, and more", &candidates, "authentication.password-trailing").map(drop)
    })
}

/// What is asked of each advertisement on the LAN.
fn sent(t: &VrrpTest<'_>, text: &str, asked: impl Fn(&Frame<'_>, &Packet<'_>) -> bool + 'static) -> Frames {
    let router = t.router();
    frames(router.port, text, move |frame| {
        if frame.protocol() != Protocol::Vrrp {
            return None;
        }
        let packet = Packet::of(frame)?;
        (packet.vrid() == router.vrid).then(|| asked(frame, &packet))
    })
}

fn password_sent() -> Test {
    text(
        "authentication.password-in-messages",
        "-",
        "Every advertisement carries the password, filled up with zeros.",
        &["authentication.password-sent", "authentication.password-filled", "pdu.auth-type"],
    )
    .vrrp(Dialect::V2, |t| {
        let first = t.make_active()?;
        let (mark, watched) = (first.itself(), t.interval() * 3);
        let typed = sent(t, "advertisements with Auth Type 1", |_, packet| packet.auth_type() == 1);
        t.always(&typed, mark, watched, 2, "pdu.auth-type")?;
        let right = sent(t, "advertisements that begin with the password", |_, packet| {
            packet.authentication_data().starts_with(PASSWORD.as_bytes())
        });
        t.always(&right, mark, watched, 2, "authentication.password-sent")?;
        let filled = sent(t, "advertisements whose password ends with zeros", |_, packet| {
            let data = packet.authentication_data();
            data.len() >= 8 && data[PASSWORD.len()..8].iter().all(|octet| *octet == 0)
        });
        t.always(&filled, mark, watched, 2, "authentication.password-filled")
    })
}

fn header_right() -> Test {
    header(
        "authentication.header-right",
        "An advertisement with a right Authentication Header is accepted.",
        &["authentication.header-right", "rx.both-states"],
    )
    .vrrp(Dialect::V2, |t| {
        let candidates = [Candidate::from(t.advert(200))];
        t.accepted("a right Authentication Header", &candidates, "authentication.header-right")
    })
}

fn header_wrong() -> Test {
    header(
        "authentication.header-wrong",
        "An advertisement whose Authentication Header has a wrong digest is discarded.",
        &["authentication.header-wrong", "rx.both-states"],
    )
    .vrrp(Dialect::V2, |t| {
        let other =
            |key: &str| changed(t, format!("key {key:?}"), |advert| advert.key = Some(key.to_owned()));
        let digest = |text: &str, digest: Digest| changed(t, text, |advert| advert.digest = digest);
        let candidates = [
            other("public"),
            other("Secret"),
            digest("all zero", Digest::Changed(|digest| digest.fill(0))),
            digest("first bit wrong", Digest::Changed(|digest| digest[0] ^= 0x80)),
            digest("last bit wrong", Digest::Changed(|digest| digest[11] ^= 1)),
            digest("that of another message", Digest::OfPriority(199)),
        ];
        t.discarded("a wrong digest", &candidates, "authentication.header-wrong")
    })
}

fn header_missing() -> Test {
    header(
        "authentication.header-missing",
        "An advertisement without the Authentication Header that is configured is discarded, whatever its Auth Type.",
        &["authentication.header-missing", "rx.authentication", "rx.auth-type", "rx.both-states"],
    )
    .vrrp(Dialect::V2, |t| {
        let without = [changed(t, "Auth Type 2", |advert| advert.key = None)];
        t.discarded("no Authentication Header", &without, "authentication.header-missing")?;
        let none = [changed(t, "Auth Type 0", |advert| (advert.key, advert.auth_type) = (None, 0))];
        t.discarded("no authentication", &none, "rx.authentication")?;
        let types = [0, 1, 9].map(|number| {
            changed(t, format!("Auth Type {number} behind one"), |advert| advert.auth_type = number)
        });
        t.discarded("another Auth Type", &types, "rx.auth-type")
    })
}

fn header_data_ignored() -> Test {
    header(
        "authentication.header-data-ignored",
        "With a right Authentication Header the authentication data does not matter.",
        &["authentication.header-data-ignored", "rx.both-states"],
    )
    .vrrp(Dialect::V2, |t| {
        let candidates = [changed(t, "data that are not zero", |advert| advert.auth_data = [0xff; 8])];
        t.accepted("a right Authentication Header", &candidates, "authentication.header-data-ignored")
    })
}

fn header_sent() -> Test {
    header(
        "authentication.header-sent",
        "Every advertisement is behind an Authentication Header with a right digest, and its authentication data is zero.",
        &["authentication.header-sent", "authentication.header-data-sent", "pdu.auth-type"],
    )
    .vrrp(Dialect::V2, |t| {
        let first = t.make_active()?;
        let (mark, watched) = (first.itself(), t.interval() * 3);
        let typed = sent(t, "advertisements with Auth Type 2", |_, packet| packet.auth_type() == 2);
        t.always(&typed, mark, watched, 2, "pdu.auth-type")?;
        let right = sent(t, "advertisements behind a right Authentication Header", |frame, _| {
            let packet = frame.octets().get(14..).unwrap_or_default();
            frame.authentication_header().is_some() && is_right(packet, PASSWORD.as_bytes())
        });
        t.always(&right, mark, watched, 2, "authentication.header-sent")?;
        let zero = sent(t, "advertisements with zeros as authentication data", |_, packet| {
            packet.authentication_data().iter().take(8).all(|octet| *octet == 0)
        });
        t.always(&zero, mark, watched, 2, "authentication.header-data-sent")
    })
}
