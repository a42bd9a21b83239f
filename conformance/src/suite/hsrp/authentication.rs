//! Authentication: the password of RFC 2281, and the MD5 digest that Cisco's routers have.

use std::time::Duration;

use redspec_codec::frame::{Frame, Protocol};
use redspec_codec::hsrp::{Opcode, v1, v2};

use super::reception::{changed, parts, tlv};
use super::{Dialect, Edit, HsrpTest, Message, Rows, Steps, dialects, frames};
use crate::reference::hsrp::configuration::Authentication;
use crate::reference::hsrp::packet::{Packet, password_octets};
use crate::reference::router::LAN;
use crate::scenario::{Stop, Test};
use crate::spec::Editions;
use crate::spec::hsrp::Version;
use crate::spec::hsrp::machine::Group;
use crate::suite::router::candidate::Candidate;
use crate::suite::router::pattern::Frames;

/// The password.
const PASSWORD: &str = "secret";
/// The one where none is configured.
const DEFAULT: &str = "cisco";
/// The key.
const KEY: &str = "a.key.of.its.own";
/// Its number.
const KEY_ID: u32 = 7;
/// Octets of an MD5 Authentication.
const MD5: usize = 30;

type Make = fn(Dialect, &'static str) -> Test;

const TESTS: &[(Rows, Make)] = &[
    (["H1-031", "H2-008", "-"], text_right),
    (["H1-031", "H2-008", "-"], text_wrong),
    (["H1-031", "H2-008", "-"], text_prefix),
    (["H1-031", "H2-008", "-"], text_empty),
    (["H1-031", "H2-008", "-"], text_default),
    (["H1-031", "H2-008", "-"], text_never_active),
    (["", "H2-008", "-"], text_missing),
    (["H1-032", "H2-008", "-"], coup),
    (["H1-032", "H2-008", "-"], resign),
    (["H1-003", "H2-008", "-"], text_sent),
    (["H1-042", "H2-009", "-"], md5_right),
    (["H1-042", "H2-009", "-"], md5_wrong),
    (["H1-042", "H2-009", "-"], md5_altered),
    (["H1-042", "H2-009", "-"], md5_missing),
    (["H1-042", "H2-009", "-"], md5_truncated),
    (["H1-042", "H2-009", "-"], md5_key_id),
    (["H1-042", "H2-009", "-"], md5_replay),
    (["H1-042", "H2-009", "-"], md5_sent),
];

/// Its tests.
pub fn tests() -> Vec<Test> {
    TESTS
        .iter()
        .flat_map(|(rows, make)| dialects(*rows).map(move |(dialect, row)| make(dialect, row)))
        .collect()
}

/// A test of a device with a password.
fn text(
    dialect: Dialect,
    name: &str,
    row: &'static str,
    purpose: &str,
    requirements: &[&'static str],
) -> Test {
    dialect
        .test(name, row, purpose, requirements)
        .with("hsrp.authentication", "text")
        .with("hsrp.password", PASSWORD)
}

/// A test of a device with a key.
fn md5(
    dialect: Dialect,
    name: &str,
    row: &'static str,
    purpose: &str,
    requirements: &[&'static str],
) -> Test {
    let test = dialect.test(name, row, purpose, requirements);
    let test = if dialect == Dialect::V1 { test.only(Editions::ONLY_CISCO1) } else { test };
    test.with("hsrp.authentication", "md5").with("hsrp.key", KEY).with("hsrp.key_id", KEY_ID)
}

fn password(text: &str) -> Authentication {
    Authentication::Text(text.to_owned())
}

/// A better Active router's Hello with this password.
fn with_password(t: &HsrpTest<'_>, text: &str) -> Candidate {
    changed(t, format!("password {text:?}"), |message| message.authentication = Some(password(text)))
}

/// Passwords that are wrong in one way or another.
const WRONG: [&str; 9] =
    ["public", "SECRET", "Secret", "secreT", "terces", "secrets", "secret12", "xsecret", " secret"];

fn text_right(dialect: Dialect, row: &'static str) -> Test {
    text(
        dialect,
        "authentication.text-right",
        row,
        "A Hello with the right password is accepted.",
        &["authentication.text-right"],
    )
    .hsrp(dialect, |t| {
        let candidates = [with_password(t, PASSWORD)];
        t.accepted("the right password", &candidates, "authentication.text-right")
    })
}

fn text_wrong(dialect: Dialect, row: &'static str) -> Test {
    text(
        dialect,
        "authentication.text-wrong",
        row,
        "A Hello with another password, in another case or a longer one is ignored.",
        &["authentication.text-wrong", "rx.authentication"],
    )
    .hsrp(dialect, |t| {
        let candidates = WRONG.map(|text| with_password(t, text));
        t.discarded("another password", &candidates, "authentication.text-wrong")?;
        let turned = "password of which one bit is wrong, in each octet";
        let right = password_octets(PASSWORD);
        // Where the password stands.
        let at = if t.dialect == Dialect::V1 { 8 } else { 44 };
        let candidates: Vec<Candidate> = right
            .iter()
            .enumerate()
            .map(|(index, octet)| {
                changed(t, format!("octet {index}"), |message| {
                    message.edits = vec![Edit::Octet(at + index, octet ^ 1)];
                })
            })
            .collect();
        t.discarded(turned, &candidates, "rx.authentication")
    })
}

fn text_prefix(dialect: Dialect, row: &'static str) -> Test {
    text(
        dialect,
        "authentication.text-prefix",
        row,
        "A Hello with only the beginning of the password is ignored.",
        &["authentication.text-prefix"],
    )
    .hsrp(dialect, |t| {
        let candidates = [1, 3, PASSWORD.len() - 1].map(|length| with_password(t, &PASSWORD[..length]));
        t.discarded("the beginning of the password", &candidates, "authentication.text-prefix")
    })
}

fn text_empty(dialect: Dialect, row: &'static str) -> Test {
    text(
        dialect,
        "authentication.text-empty",
        row,
        "A Hello with zeros in the place of the password is ignored.",
        &["authentication.text-empty"],
    )
    .hsrp(dialect, |t| {
        let candidates = [with_password(t, "")];
        t.discarded("no password", &candidates, "authentication.text-empty")
    })
}

fn text_default(dialect: Dialect, row: &'static str) -> Test {
    text(
        dialect,
        "authentication.text-default",
        row,
        "A Hello with the default password is ignored where another is configured.",
        &["authentication.text-default"],
    )
    .hsrp(dialect, |t| {
        let candidates = [with_password(t, DEFAULT)];
        t.discarded("the default password", &candidates, "authentication.text-default")
    })
}

fn text_never_active(dialect: Dialect, row: &'static str) -> Test {
    text(
        dialect,
        "authentication.text-wrong.always",
        row,
        "A router becomes Active, and stays so, beside better ones with another password.",
        &["authentication.text-wrong", "rx.authentication"],
    )
    .hsrp(dialect, |t| {
        t.run.step("better routers with other passwords are Active and Standby, and D becomes Active");
        for (state, text) in [(Group::Active, "public"), (Group::Standby, DEFAULT)] {
            let message = Message { authentication: Some(password(text)), ..t.candidate() };
            let source = t.hello(state, 0).source;
            t.start_peer(Message { state, source, ..message });
        }
        let mark = t.mark();
        let longest = t.holdtime() * 3 + t.hellotime() * 2 + Duration::from_secs(3);
        let found = t.look(&t.message().state(Group::Active), mark, longest)?;
        let text = format!("D is Active within {} s", longest.as_secs_f64());
        let seen = if found.is_some() { "it is" } else { "no Hello of an Active router came" };
        let frame = found.map(|found| found.number);
        t.judge(found.is_some(), &text, seen, frame, "authentication.text-wrong")?;
        let Some(first) = found else { return Ok(()) };
        t.goes_on(Group::Active, first.mark(), 3, "rx.authentication").map(drop)
    })
}

fn text_missing(dialect: Dialect, row: &'static str) -> Test {
    text(
        dialect,
        "authentication.text-missing",
        row,
        "A Hello without a Text Authentication, or with one that is too short, is ignored where a password is configured.",
        &["authentication.text-missing"],
    )
    .hsrp(dialect, |t| {
        let (group_state, _) = parts(t);
        let message = t.candidate();
        let mut candidates =
            vec![changed(t, "no Text Authentication", |message| message.authentication = None)];
        // What is filled with zeros is the password; what is not has another length.
        for length in [0, PASSWORD.len()] {
            let payload = [&group_state[..], &tlv(3, &PASSWORD.as_bytes()[..length])].concat();
            candidates.push(Candidate::raw(
                format!("Text Authentication of {length} octets"),
                vec![message.around(&payload)],
                message.port,
            ));
        }
        t.discarded("no whole Text Authentication", &candidates, "authentication.text-missing")
    })
}

fn coup(dialect: Dialect, row: &'static str) -> Test {
    text(
        dialect,
        "authentication.coup",
        row,
        "An Active router ignores a Coup with another password.",
        &["authentication.coup"],
    )
    .hsrp(dialect, |t| {
        let candidates = ["public", "", DEFAULT].map(|text| {
            changed(t, format!("Coup with password {text:?}"), |message| {
                (message.opcode, message.state) = (Opcode::COUP, Group::Standby);
                message.authentication = Some(password(text));
            })
        });
        t.discarded_as_active("Coup with another password", &candidates, "authentication.coup")
    })
}

fn resign(dialect: Dialect, row: &'static str) -> Test {
    text(
        dialect,
        "authentication.resign",
        row,
        "A Standby router ignores a Resign with another password, which comes from the Active router's address.",
        &["authentication.resign"],
    )
    .hsrp(dialect, |t| {
        let candidates = ["public", "", DEFAULT].map(|text| {
            changed(t, format!("Resign with password {text:?}"), |message| {
                message.opcode = Opcode::RESIGN;
                message.authentication = Some(password(text));
            })
        });
        t.discarded_as_standby("Resign with another password", &candidates, "authentication.resign")
    })
}

/// What is asked of each message of the group on the LAN.
fn sent(t: &HsrpTest<'_>, text: &str, asked: impl Fn(&Packet<'_>) -> bool + 'static) -> Frames {
    let group = t.group();
    let spoken = if group.version == Version::V1 { Protocol::Hsrp1 } else { Protocol::Hsrp2 };
    frames(LAN, text, move |frame: &Frame<'_>| {
        if frame.protocol() != spoken {
            return None;
        }
        let packet = Packet::of(frame)?;
        let heard = packet.heard(group.version);
        heard.iter().any(|heard| heard.group == group.number).then(|| asked(&packet))
    })
}

/// The device's messages as Speak, Standby and Active router and as one that yields, of which this has to hold.
fn watch(t: &mut HsrpTest<'_>, patterns: Vec<(&'static str, Frames)>) -> Result<(), Stop> {
    let mark = t.run.origin();
    let first = t.make_active()?;
    let hello = t.hellotime();
    t.wait_until(first.mark(), hello * 2)?;
    t.run.step("T is a better Active router: D yields");
    let better = t.candidate().hold(t.holdtime());
    t.send(&better)?;
    t.wait(hello * 2)?;
    let watched = t.now() - mark.at.time;
    for (requirement, pattern) in patterns {
        t.always(&pattern, mark, watched, 3, requirement)?;
    }
    Ok(())
}

/// The TLVs of version 2 begin with a Group State and this.
fn is_followed_by(packet: &Packet<'_>, wanted: impl Fn(v2::Tlv<'_>) -> bool) -> bool {
    let Ok((message, _)) = v2::MessageRef::parse(packet.octets) else { return false };
    let mut tlvs = message.tlvs();
    matches!(tlvs.next(), Some(v2::Tlv::GroupState(_))) && tlvs.next().is_some_and(wanted)
}

fn text_sent(dialect: Dialect, row: &'static str) -> Test {
    text(
        dialect,
        "authentication.text-sent",
        row,
        "Every message carries the password that is configured, filled up with zeros.",
        &["authentication.text-sent"],
    )
    .hsrp(dialect, move |t| {
        let right = password_octets(PASSWORD);
        let pattern = sent(t, "messages with the password", move |packet| match dialect {
            Dialect::V1 => packet.password(Version::V1) == Some(right),
            Dialect::V2 | Dialect::V6 => {
                is_followed_by(packet, |tlv| tlv == v2::Tlv::TextAuthentication(right))
            }
        });
        watch(t, vec![("authentication.text-sent", pattern)])
    })
}

fn md5_right(dialect: Dialect, row: &'static str) -> Test {
    let purpose = if dialect == Dialect::V6 {
        "Recorded: what becomes of a Hello over IPv6 with a digest as it is over IPv4."
    } else {
        "With a key, a Hello with a right digest is accepted."
    };
    md5(dialect, "authentication.md5-right", row, purpose, &["authentication.md5-right"]).hsrp(
        dialect,
        move |t| {
            let candidates = [changed(t, "the right key", |_| {})];
            let (what, requirement) = ("a right digest", "authentication.md5-right");
            if dialect == Dialect::V6 {
                // What it names as its sender there nobody says.
                return t.recorded(what, &candidates, requirement).map(drop);
            }
            t.accepted(what, &candidates, requirement)
        },
    )
}

fn with_key(t: &HsrpTest<'_>, key: &str) -> Candidate {
    changed(t, format!("key {key:?}"), |message| {
        message.authentication = Some(Authentication::Md5 { key: key.to_owned(), key_id: KEY_ID });
    })
}

/// The same message with these octets in the place of its digest, which are its last.
fn with_digest(t: &HsrpTest<'_>, text: &str, change: impl FnOnce(&mut [u8])) -> Candidate {
    let message = t.candidate();
    let mut payload = message.payload();
    let at = payload.len().saturating_sub(16);
    change(&mut payload[at..]);
    Candidate::raw(text, vec![message.around(&payload)], message.port)
}

fn md5_wrong(dialect: Dialect, row: &'static str) -> Test {
    md5(
        dialect,
        "authentication.md5-wrong",
        row,
        "With a key, a Hello with a digest of another key, or none at all, is ignored.",
        &["authentication.md5-wrong", "rx.authentication"],
    )
    .hsrp(dialect, |t| {
        let keys = ["", DEFAULT, "A.key.of.its.own", "a.key.of.its.ow", "a.key.of.its.own.", "another.key"];
        let candidates = keys.map(|key| with_key(t, key));
        t.discarded("another key", &candidates, "authentication.md5-wrong")?;
        let mut candidates: Vec<Candidate> = (0..16)
            .map(|at| with_digest(t, &format!("octet {at} wrong"), |digest| digest[at] ^= 0x10))
            .collect();
        candidates.push(with_digest(t, "all zero", |digest| digest.fill(0)));
        candidates.push(with_digest(t, "mirrored", <[u8]>::reverse));
        t.discarded("a wrong digest", &candidates, "rx.authentication")
    })
}

fn md5_altered(dialect: Dialect, row: &'static str) -> Test {
    md5(
        dialect,
        "authentication.md5-altered",
        row,
        "With a key, a Hello of which one octet was altered after its digest was made is ignored, whichever it is.",
        &["authentication.md5-altered"],
    )
    .hsrp(dialect, |t| {
        let payload = t.candidate().payload();
        let candidates: Vec<Candidate> = (0..payload.len().saturating_sub(16))
            .map(|at| {
                changed(t, format!("octet {at}"), |message| {
                    message.edits = vec![Edit::Octet(at, payload[at] ^ 1)];
                })
            })
            .collect();
        t.discarded("altered message", &candidates, "authentication.md5-altered")
    })
}

fn md5_missing(dialect: Dialect, row: &'static str) -> Test {
    md5(
        dialect,
        "authentication.md5-missing",
        row,
        "With a key, a Hello without an MD5 Authentication is ignored, whatever its password.",
        &["authentication.md5-missing"],
    )
    .hsrp(dialect, |t| {
        let key: String = KEY.chars().take(8).collect();
        let mut candidates: Vec<Candidate> =
            ["", DEFAULT, &key].into_iter().map(|text| with_password(t, text)).collect();
        candidates.push(changed(t, "nothing", |message| message.authentication = None));
        t.discarded("no digest", &candidates, "authentication.md5-missing")
    })
}

fn md5_truncated(dialect: Dialect, row: &'static str) -> Test {
    md5(
        dialect,
        "authentication.md5-truncated",
        row,
        "With a key, a Hello with only the beginning of an MD5 Authentication is ignored.",
        &["authentication.md5-truncated"],
    )
    .hsrp(dialect, |t| {
        let payload = t.candidate().payload();
        let at = payload.len().saturating_sub(MD5);
        let cut = |length: usize| {
            changed(t, format!("{length} of {MD5} octets"), |message| {
                message.edits = vec![Edit::Cut(at + length)];
            })
        };
        let mut candidates: Vec<Candidate> = (1..MD5).map(cut).collect();
        // The same, and the length octet agrees.
        candidates.extend((2..MD5).map(|length| {
            let said = u8::try_from(length - 2).unwrap_or(0);
            changed(t, format!("{length} octets that say so"), |message| {
                message.edits = vec![Edit::Octet(at + 1, said), Edit::Cut(at + length)];
            })
        }));
        t.discarded("truncated digest", &candidates, "authentication.md5-truncated")
    })
}

fn md5_key_id(dialect: Dialect, row: &'static str) -> Test {
    md5(
        dialect,
        "authentication.md5-key-id",
        row,
        "Recorded: what becomes of a Hello with a right digest and the number of another key.",
        &["authentication.md5-key-id"],
    )
    .hsrp(dialect, |t| {
        let candidates = [0, KEY_ID + 1, u32::MAX].map(|key_id| {
            changed(t, format!("{key_id}"), |message| {
                message.authentication = Some(Authentication::Md5 { key: KEY.to_owned(), key_id });
            })
        });
        t.recorded("number of another key", &candidates, "authentication.md5-key-id").map(drop)
    })
}

fn md5_replay(dialect: Dialect, row: &'static str) -> Test {
    md5(
        dialect,
        "authentication.md5-replay",
        row,
        "Recorded: whether a Hello with a right digest that was heard before is accepted again.",
        &["authentication.md5-replay"],
    )
    .hsrp(dialect, |t| {
        let good = changed(t, "for the first time", |_| {});
        let again = Candidate { text: "again".to_owned(), ..good.clone() };
        t.recorded("a Hello", &[good, again], "authentication.md5-replay").map(drop)
    })
}

fn md5_sent(dialect: Dialect, row: &'static str) -> Test {
    let purpose = if dialect == Dialect::V6 {
        "Recorded: whether the digests of a router with a key are made over IPv6 as they are over IPv4."
    } else {
        "With a key, every message has an MD5 Authentication with the right digest, which names its sender."
    };
    md5(
        dialect,
        "authentication.md5-sent",
        row,
        purpose,
        match dialect {
            Dialect::V1 | Dialect::V2 => {
                &["authentication.md5-sent", "authentication.md5-sender", "authentication.md5-data-zero"]
            }
            Dialect::V6 => &["authentication.md5-sent"],
        },
    )
    .hsrp(dialect, move |t| {
        let digest = sent(t, "messages with a right digest", move |packet| {
            let right = packet.digest_is_right(dialect.version(), KEY, KEY_ID);
            let second = dialect == Dialect::V1
                || is_followed_by(packet, |tlv| matches!(tlv, v2::Tlv::Md5Authentication(_)));
            right && second
        });
        if dialect == Dialect::V6 {
            let mark = t.run.origin();
            t.make_active()?;
            t.wait(t.hellotime() * 2)?;
            let duration = t.now() - mark.at.time;
            let right = t.all(&digest, mark, duration)?.len();
            let text = if right > 0 { "as over IPv4" } else { "in another way" };
            t.note(format!("digests over IPv6 are made {text}"), None, "authentication.md5-sent");
            return Ok(());
        }
        let sender = sent(t, "messages whose MD5 Authentication names their sender", move |packet| {
            let named = packet.md5(dialect.version()).map(|md5| md5.sender);
            named.is_some_and(|named| packet.source == std::net::IpAddr::V4(named))
        });
        let mut patterns = vec![("authentication.md5-sent", digest), ("authentication.md5-sender", sender)];
        if dialect == Dialect::V1 {
            let zero = sent(t, "messages whose authentication data is zero", |packet| {
                packet.octets.get(8..v1::Message::LEN - 4).is_some_and(|data| data == [0; 8])
            });
            patterns.push(("authentication.md5-data-zero", zero));
        }
        watch(t, patterns)
    })
}
