//! What keepalived is, and how it is configured: the settings `vrrp.*` as its file.

use std::fmt::Write as _;

use crate::bed::{NoBed, Wanted};
use crate::lab::interface;
use crate::lab::vrrp::{Kind, prefix_length, virtual_interface};
use crate::reference::vrrp::configuration::{Authentication, Configuration};
use crate::settings::Settings;
use crate::spec::Edition;
use crate::spec::vrrp::Version;

/// What is known of it, and how it is configured where a test does not say: as it comes, but strict, and with one
/// announcement of each address.
const PROFILE: &[(&str, &str)] = &[
    // A timerfd for the next of its threads, each with an absolute time: lib/scheduler.c.
    ("test.timers", "deadlines"),
    // The checksum of version 3 covers a pseudo-header over IPv4 too: vrrp_build_pkt, vrrp_in_chk.
    ("vrrp.checksum", "pseudo-header"),
    ("vrrp.checksum_accepted", "sent"),
    ("vrrp.authentication", "none"),
    // But for an advertisement with vrrp_skip_check_adv_addr, which is not set.
    ("vrrp.check_addresses", "yes"),
    ("vrrp.interoperation", "no"),
    ("vrrp.router_advertisements", "no"),
    ("vrrp.answers_own_address", "yes"),
];

/// keepalived, judged by this edition.
pub fn kind(edition: Edition) -> Kind {
    let choices: &[&str] = match edition {
        // With vrrp_strict there is no Accept_Mode in version 2.
        Edition::Rfc3768 => &[],
        Edition::Rfc2338 => &["vrrp.authentication", "vrrp.password"],
        _ => &["vrrp.accept", "vrrp.family"],
    };
    let profile: Settings = PROFILE.iter().copied().collect();
    let profile = if edition == Edition::Rfc5798 { profile } else { profile.with("vrrp.accept", "no") };
    Kind { name: "keepalived", edition, profile, choices }
}

/// Its file.
///
/// # Errors
/// It cannot be so configured, or a value does not fit its name.
pub fn file(kind: &Kind, wanted: &Wanted) -> Result<(Configuration, String), NoBed> {
    let configuration = kind.configuration(wanted)?;
    let said = wanted.settings.text("vrrp.accept").is_some();
    let text = text(&configuration, said);
    Ok((configuration, text))
}

/// Accept_Mode is only in it if somebody said which: strict is without it.
fn text(configuration: &Configuration, accept_said: bool) -> String {
    let mut text = String::from(
        "global_defs {\n    router_id redspec\n    vrrp_garp_master_delay 0\n    vrrp_garp_master_repeat 1\n",
    );
    let secret = match &configuration.authentication {
        Authentication::None => None,
        Authentication::Text(secret) => Some(("PASS", secret)),
        Authentication::Header(secret) => Some(("AH", secret)),
    };
    if secret.is_none() {
        text.push_str("    vrrp_strict\n");
    } else {
        // Strict is without authentication. The rest of it, one by one.
        text.push_str("    vrrp_lower_prio_no_advert true\n    vrrp_garp_lower_prio_repeat 0\n");
    }
    text.push_str("}\n");
    for (number, router) in (1..).zip(&configuration.routers) {
        // Writing to a string does not fail.
        let _ = write!(
            text,
            "vrrp_instance R{number} {{\n    interface {}\n    use_vmac {}\n    version {}\n    \
             virtual_router_id {}\n    priority {}\n    advert_int {}\n",
            interface(router.port),
            virtual_interface(router),
            if configuration.version == Version::V2 { 2 } else { 3 },
            router.vrid,
            router.priority,
            router.interval.as_secs_f64(),
        );
        if accept_said || secret.is_some() {
            text.push_str(if router.accept || router.owner() { "    accept\n" } else { "    no_accept\n" });
        }
        if !router.preempt {
            text.push_str("    nopreempt\n");
        }
        if let Some((kind, secret)) = secret {
            let _ = write!(
                text,
                "    authentication {{\n        auth_type {kind}\n        auth_pass {secret}\n    }}\n"
            );
        }
        text.push_str("    virtual_ipaddress {\n");
        for address in &router.addresses {
            let _ = writeln!(text, "        {address}/{}", prefix_length(configuration, router, address));
        }
        text.push_str("    }\n}\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use pretty_assertions::assert_eq;

    use super::*;

    fn written(edition: Edition, settings: Settings) -> Result<String, String> {
        let wanted = Wanted { test: "x".to_owned(), ports: 2, capabilities: Vec::new(), settings };
        file(&kind(edition), &wanted).map(|(_, text)| text).map_err(|error| error.to_string())
    }

    #[test]
    fn a_virtual_router_is_an_instance() {
        let settings = Settings::new()
            .with("vrrp.second", "downstream")
            .with("vrrp.second_family", "ipv6")
            .with("vrrp.preempt", "no")
            .with("vrrp.interval", 0.2);
        assert_eq!(
            written(Edition::Rfc5798, settings).unwrap(),
            "\
global_defs {
    router_id redspec
    vrrp_garp_master_delay 0
    vrrp_garp_master_repeat 1
    vrrp_strict
}
vrrp_instance R1 {
    interface lan
    use_vmac vrrp4-1-10
    version 3
    virtual_router_id 10
    priority 100
    advert_int 0.2
    nopreempt
    virtual_ipaddress {
        10.0.0.254/16
    }
}
vrrp_instance R2 {
    interface down
    use_vmac vrrp6-2-20
    version 3
    virtual_router_id 20
    priority 200
    advert_int 0.2
    nopreempt
    virtual_ipaddress {
        fe80::20/64
    }
}
"
        );
    }

    #[test]
    fn what_strict_is_without_is_only_had_without_it() {
        let text = Settings::new().with("vrrp.authentication", "text").with("vrrp.password", "secret");
        let with = written(Edition::Rfc2338, text.clone()).unwrap();
        assert!(with.contains("auth_type PASS\n        auth_pass secret\n"), "{with}");
        assert!(!with.contains("vrrp_strict"), "{with}");
        assert!(written(Edition::Rfc3768, text).is_err());
        let accept = Settings::new().with("vrrp.accept", "yes");
        assert!(written(Edition::Rfc5798, accept.clone()).unwrap().contains("    accept\n"));
        assert_eq!(
            written(Edition::Rfc3768, accept).unwrap_err(),
            "keepalived has vrrp.accept = no and cannot be given yes"
        );
    }
}
