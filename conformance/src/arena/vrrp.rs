//! VRRP in the arena: version 2, and version 3 over IPv4 and IPv6.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use redspec_codec::frame::{Frame, Pdu, rules as frame_rules};
use redspec_codec::vrrp::v2::{self, AuthType};
use redspec_codec::vrrp::{ChecksumStatus, VrrpPdu};
use redspec_codec::{Family, MacAddress};

use super::protocol::{
    Breach, Claim, Duty, Gateway, Promptness, Protocol, Rank, Remote, Role, Said, Standing,
};
use super::seconds;
use crate::reference::router::{DOWNSTREAM, REMOTE_HOST, REMOTE_HOST6};
use crate::reference::vrrp::authentication::is_right;
use crate::reference::vrrp::configuration::{Authentication, Configuration};
use crate::settings::{BadSetting, Settings};
use crate::spec::vrrp::Version;
use crate::spec::vrrp::timers::{OWNER_PRIORITY, formulas};
use crate::spec::vrrp::tolerances::{
    ARP_REPLY, AT_ONCE, ND_REPLY, STARTUP, UNDER_WAY, period, startup, takeover, tolerance,
};
use crate::spec::{Edition, Span};
use crate::time::Time;

/// The first router's priority; the others count down from it.
const HIGHEST_PRIORITY: usize = 250;
/// The largest step down.
const LARGEST_STEP: usize = 20;
/// Where nothing is said, the virtual router has as many addresses: each of them has to move.
const ADDRESSES: u8 = 2;
/// As many routers have addresses here.
const MOST: usize = 100;
/// Octets in front of the IP header.
const ETHERNET_HEADER: usize = 14;
/// The last octets of the first router's addresses.
const FIRST_ADDRESS: usize = 101;

/// A virtual router, and the routers that it consists of.
pub struct Vrrp {
    name: &'static str,
    version: Version,
    edition: Edition,
    configuration: Configuration,
    gateway: Gateway,
}

impl Vrrp {
    /// The virtual router that these settings describe, as this edition has it.
    ///
    /// # Errors
    /// A setting does not fit.
    pub fn new(settings: &Settings, edition: Edition) -> Result<Self, BadSetting> {
        let settings = &settings.over(&Settings::new().with("vrrp.virtual_addresses", ADDRESSES));
        let configuration = Configuration::new(settings, edition)?;
        let version = configuration.version;
        let router = configuration.first();
        let gateway = Gateway { addresses: router.addresses.clone(), mac: router.mac() };
        let name = match version {
            Version::V2 => "vrrp2",
            Version::V3 => "vrrp3",
        };
        Ok(Self { name, version, edition, configuration, gateway })
    }

    fn family(&self) -> Family {
        self.configuration.first().family
    }
}

impl Protocol for Vrrp {
    fn name(&self) -> &'static str {
        self.name
    }

    fn edition(&self) -> Edition {
        self.edition
    }

    fn gateway(&self) -> &Gateway {
        &self.gateway
    }

    fn defaults(&self) -> Settings {
        Settings::new().with("vrrp.virtual_addresses", ADDRESSES)
    }

    fn settings(&self, index: usize, count: usize) -> Settings {
        let step = (HIGHEST_PRIORITY / count.max(1)).clamp(1, LARGEST_STEP);
        let priority = HIGHEST_PRIORITY.saturating_sub(step * index).max(1);
        // There are no more than MOST, so that both fit.
        let number = u8::try_from(FIRST_ADDRESS + index).unwrap_or(u8::MAX);
        let last = u16::from(number);
        Settings::new()
            .with("vrrp.priority", priority)
            .with("vrrp.mac", MacAddress([2, 0, 0, 0, 1, number]))
            .with("vrrp.address", Ipv4Addr::new(10, 0, 0, number))
            .with("vrrp.link_local", Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, last))
            .with("vrrp.address6", Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, last))
    }

    fn most(&self) -> usize {
        MOST
    }

    fn switch(&self) -> &'static str {
        "vrrp.enabled"
    }

    fn remote(&self) -> Option<Remote> {
        let address = match self.family() {
            Family::Ipv4 => REMOTE_HOST.into(),
            Family::Ipv6 => REMOTE_HOST6.into(),
        };
        Some(Remote { address, port: DOWNSTREAM })
    }

    fn role(&self, settings: &Settings, exact: bool) -> Result<Box<dyn Role>, BadSetting> {
        let configuration = Configuration::new(settings, self.edition)?;
        let (router, lan) = (configuration.first(), configuration.lan());
        if router.addresses != self.gateway.addresses || router.mac() != self.gateway.mac {
            return Err(BadSetting {
                name: "vrrp.virtual_address".to_owned(),
                value: router.addresses.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
                expected: "the same virtual router with the same addresses as all others".to_owned(),
            });
        }
        let address = match router.family {
            Family::Ipv4 => lan.address.into(),
            Family::Ipv6 => lan.link_local.into(),
        };
        Ok(Box::new(Router {
            version: self.version,
            rank: (router.priority.into(), address),
            priority: router.priority,
            interval: router.interval,
            preempt: router.preempt,
            exact,
            learned: router.interval,
            state: State::Stopped(None),
            unclear: false,
            yielded: None,
            reason: String::new(),
        }))
    }

    fn read(&self, frame: &Frame<'_>) -> Option<Said> {
        let mut deviates = false;
        // No receiver asks from which MAC address it came.
        let physical = frame_rules::VRRP_SOURCE_MAC.id;
        let audited = frame.audit(&mut |deviation| deviates |= deviation.rule.id != physical);
        let (Pdu::Vrrp(pdu), rest) = audited.ok()? else { return None };
        let source = frame.source_ip()?;
        let configuration = &self.configuration;
        let (version, vrid, priority, interval, addresses) = match pdu {
            VrrpPdu::V2(pdu) => {
                let interval = Duration::from_secs(pdu.advertisement_interval_s().into());
                (Version::V2, pdu.vrid(), pdu.priority(), interval, pdu.addresses())
            }
            VrrpPdu::V3(pdu) => {
                let interval = Duration::from_millis(u64::from(pdu.max_advertisement_interval_cs()) * 10);
                (Version::V3, pdu.vrid(), pdu.priority(), interval, pdu.addresses())
            }
            VrrpPdu::Carp(_) => return None,
        };
        if version != self.version
            || vrid != configuration.first().vrid
            || frame.family() != Some(self.family())
        {
            return None;
        }
        let same = addresses.iter().eq(self.gateway.addresses.iter().copied())
            && match pdu {
                VrrpPdu::V2(pdu) => {
                    interval == configuration.first().interval
                        && authentic(&configuration.authentication, frame, &pdu)
                }
                VrrpPdu::V3(pdu) => {
                    // Over IPv4 there are two forms of the checksum, and who takes one alone discards the other.
                    let other = if configuration.pseudo_header {
                        ChecksumStatus::Rfc9568
                    } else {
                        ChecksumStatus::Rfc5798
                    };
                    configuration.both_checksums || pdu.checksum_status(frame.carrier()) != other
                }
                VrrpPdu::Carp(_) => false,
            };
        Some(Said {
            claim: if priority == 0 { Claim::Resigns } else { Claim::Active },
            rank: (priority.into(), source),
            interval,
            hold: None,
            valid: !deviates && rest.is_empty() && same && !interval.is_zero(),
        })
    }

    fn interval(&self) -> Duration {
        self.configuration.first().interval
    }

    fn longest_wait(&self) -> Duration {
        formulas(self.version).down_interval(0, self.interval())
    }

    fn tolerance(&self) -> Duration {
        tolerance(self.interval())
    }

    fn promptness(&self) -> Promptness {
        let answer = if self.family() == Family::Ipv4 { ARP_REPLY } else { ND_REPLY };
        Promptness { answer, announcement: AT_ONCE }
    }

    fn requirement(&self, duty: Duty) -> Option<&'static str> {
        // Of version 2, of version 3 over IPv4, and over IPv6.
        let ids = match duty {
            Duty::NotEarly => ["vrrp2.backup.not-early", "vrrp3.backup.not-early", "vrrp3.backup.not-early"],
            Duty::OneActive => {
                ["vrrp2.network.one-active", "vrrp3.network.one-active", "vrrp3.network.one-active"]
            }
            Duty::OneStandby => return None,
            Duty::SilentUnlessActive => {
                ["vrrp2.arp.backup-silent", "vrrp3.arp.backup-silent", "vrrp3.nd.backup-silent"]
            }
            Duty::ForwardsOnlyActive => {
                ["vrrp2.forwarding.backup", "vrrp3.forwarding.backup", "vrrp3.forwarding.backup"]
            }
            Duty::SilentOnceStopped => {
                ["vrrp2.shutdown.silent", "vrrp3.shutdown.silent", "vrrp3.shutdown.silent"]
            }
            Duty::NoAnswerOnceStopped => {
                ["vrrp2.shutdown.unanswered", "vrrp3.shutdown.unanswered", "vrrp3.shutdown.unanswered"]
            }
            Duty::Advertises => ["vrrp2.active.interval", "vrrp3.active.interval", "vrrp3.active.interval"],
            Duty::Resigns => [
                "vrrp2.shutdown.priority-zero",
                "vrrp3.shutdown.priority-zero",
                "vrrp3.shutdown.priority-zero",
            ],
            Duty::TakesOver => {
                ["vrrp2.backup.takeover-time", "vrrp3.backup.takeover-time", "vrrp3.backup.takeover-time"]
            }
            Duty::Answers => {
                ["vrrp2.arp.active-answers", "vrrp3.arp.active-answers", "vrrp3.nd.active-answers"]
            }
            Duty::Forwards => {
                ["vrrp2.forwarding.active", "vrrp3.forwarding.active", "vrrp3.forwarding.active"]
            }
            Duty::Announces => {
                ["vrrp2.active.gratuitous-arp", "vrrp3.active.gratuitous-arp", "vrrp3.active.unsolicited-na"]
            }
            Duty::AnswerMac => ["vrrp2.arp.virtual-mac", "vrrp3.arp.virtual-mac", "vrrp3.nd.virtual-mac"],
            Duty::AnnouncedMac => [
                "vrrp2.arp.gratuitous-virtual-mac",
                "vrrp3.arp.gratuitous-virtual-mac",
                "vrrp3.nd.unsolicited-target",
            ],
        };
        Some(match (self.version, self.family()) {
            (Version::V2, _) => ids[0],
            (Version::V3, Family::Ipv4) => ids[1],
            (Version::V3, Family::Ipv6) => ids[2],
        })
    }
}

/// The message is authenticated as all the routers are configured (section 7.1).
fn authentic(own: &Authentication, frame: &Frame<'_>, pdu: &v2::AdvertisementRef<'_>) -> bool {
    let data = pdu.authentication_data().map_or(&[][..], |data| &data[..]);
    match own {
        Authentication::None => pdu.auth_type() == AuthType::NONE,
        Authentication::Text(password) => {
            let length = data.iter().position(|octet| *octet == 0).unwrap_or(data.len());
            pdu.auth_type() == AuthType::SIMPLE_TEXT && &data[..length] == password.as_bytes()
        }
        Authentication::Header(key) => {
            let ip = frame.octets().get(ETHERNET_HEADER..).unwrap_or_default();
            frame.authentication_header().is_some() && is_right(ip, key.as_bytes())
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Initialize. If it was Active and can say so, it has to by then.
    Stopped(Option<Time>),
    /// Backup: Active_Down_Timer is over between these.
    Backup(Time, Time),
    /// Active: it advertises again by then.
    Active(Time),
}

/// The account of one router: section 6.4, for as much as other routers and hosts see of it.
struct Router {
    version: Version,
    rank: Rank,
    priority: u8,
    interval: Duration,
    preempt: bool,
    exact: bool,
    /// Active_Adver_Interval
    learned: Duration,
    state: State,
    /// It was Active when something came that it may have discarded: whether it is Backup now nobody can tell.
    unclear: bool,
    /// When it last had to give way: what it had under way then may still come, from one that is not exact.
    yielded: Option<Time>,
    reason: String,
}

impl Router {
    fn owner(&self) -> bool {
        self.priority == OWNER_PRIORITY
    }

    /// What its timers follow from: version 2 knows no interval but its own.
    fn basis(&self) -> Duration {
        if self.version == Version::V2 { self.interval } else { self.learned }
    }

    fn wait(&mut self, now: Time, span: Span) {
        self.unclear = false;
        self.state = State::Backup(now + span.from, now + span.to);
    }

    /// Waits for Active_Down_Interval, of the interval of who was heard.
    fn defer(&mut self, now: Time, said: &Said) {
        self.learned = said.interval;
        let basis = self.basis();
        let timer = formulas(self.version).down_interval(self.priority, basis);
        self.wait(now, takeover(timer, basis).held_to(self.exact));
        self.reason = format!("heard priority {} of {} at {now} s", said.rank.0, said.rank.1);
    }
}

impl Role for Router {
    fn starts(&mut self, now: Time) {
        (self.learned, self.yielded) = (self.interval, None);
        let window = if self.owner() {
            STARTUP
        } else {
            startup(formulas(self.version).down_interval(self.priority, self.interval), self.interval)
        };
        self.wait(now, window.held_to(self.exact));
        self.reason = format!("started at {now} s");
    }

    fn joins(&mut self, now: Time) {
        self.starts(now);
        if let State::Backup(_, to) = self.state {
            // It may be Active already; if not, it waits no longer than if it had just started.
            (self.state, self.unclear) = (State::Backup(now, to), true);
        }
        self.reason = format!("takes part since {now} s");
    }

    fn stops(&mut self, now: Time, says: bool) {
        let release = matches!(self.state, State::Active(_)) && says;
        self.state = State::Stopped(release.then(|| now + AT_ONCE.held_to(self.exact).to));
        self.yielded = Some(now);
        self.reason = format!("stopped at {now} s");
    }

    fn hears(&mut self, now: Time, said: &Said) -> bool {
        // Section 7.1: the owner discards everything, and version 2 another interval.
        let discards = self.owner()
            || said.rank.1 == self.rank.1
            || self.version == Version::V2 && said.interval != self.interval;
        let (before, unclear) = (self.state, self.unclear);
        let waits = !discards && self.takes(now, said);
        if !said.valid && before != self.state {
            self.unclear = unclear || matches!(before, State::Active(_));
            // Whether it was discarded nobody can tell: it may do what it may in either case, and has to by the later time.
            self.state = either(now, before, self.state);
        }
        waits && said.valid
    }

    fn says(&mut self, now: Time, said: &Said) -> Result<bool, Breach> {
        if said.claim != Claim::Active {
            if let State::Stopped(release) = &mut self.state {
                *release = None;
            }
            return Ok(false);
        }
        let next = State::Active(now + period(self.interval).held_to(self.exact).to);
        match self.state {
            State::Active(_) => {
                self.state = next;
                self.reason = format!("advertised at {now} s");
                Ok(false)
            }
            State::Backup(from, _) if now >= from => {
                self.state = next;
                self.reason = format!("became Active at {now} s");
                // Whether it has become that now, or was all the time.
                Ok(!std::mem::take(&mut self.unclear))
            }
            State::Backup(..) | State::Stopped(_) if self.under_way(now) => Ok(false),
            State::Backup(from, _) => {
                let text = format!(
                    "advertises at {now} s although it {}: not before {from} s, {} later",
                    self.reason,
                    seconds(from - now)
                );
                // What it says it is from now on: one breach is told once.
                self.state = next;
                Err(Breach { duty: Duty::NotEarly, text })
            }
            State::Stopped(_) => Err(Breach {
                duty: Duty::SilentOnceStopped,
                text: format!("advertises priority {} at {now} s although it {}", said.rank.0, self.reason),
            }),
        }
    }

    fn standing(&self, now: Time) -> Standing {
        match self.state {
            State::Stopped(_) if self.under_way(now) => Standing::Either,
            State::Stopped(_) => Standing::Stopped,
            State::Active(_) => Standing::Active,
            State::Backup(from, _) if now >= from || self.under_way(now) => Standing::Either,
            State::Backup(..) => Standing::Waiting,
        }
    }

    fn deadline(&self) -> Option<(Time, Duty)> {
        match self.state {
            State::Backup(_, to) => Some((to, Duty::TakesOver)),
            State::Active(next) => Some((next, Duty::Advertises)),
            State::Stopped(release) => Some((release?, Duty::Resigns)),
        }
    }

    fn reason(&self) -> String {
        self.reason.clone()
    }
}

/// One state or the other.
fn either(now: Time, one: State, other: State) -> State {
    let span = |state| match state {
        State::Backup(from, to) => Some((from, to)),
        // It may advertise, and is waited for no longer than the other would be.
        State::Active(_) => Some((now, now)),
        State::Stopped(_) => None,
    };
    match (span(one), span(other)) {
        _ if one == other => one,
        (Some((from, to)), Some((other_from, other_to))) => {
            State::Backup(from.min(other_from), to.max(other_to))
        }
        _ => other,
    }
}

impl Router {
    /// The message passes all checks. True if it waits for the sender from now on.
    fn takes(&mut self, now: Time, said: &Said) -> bool {
        match self.state {
            State::Stopped(_) => false,
            State::Backup(from, to) if said.claim == Claim::Resigns => {
                let timer = formulas(self.version).skew_time(self.priority, self.basis());
                let span = takeover(timer, self.basis()).held_to(self.exact);
                let perhaps_active = now >= from;
                self.wait(now, span);
                self.reason = format!("heard priority 0 of {} at {now} s", said.rank.1);
                if perhaps_active {
                    // Who is Active by now does not wait.
                    self.state = either(now, State::Backup(from, to), self.state);
                }
                false
            }
            State::Backup(from, to) => {
                // Section 6.4.2: only who would preempt does not wait for a lower priority.
                let waits = said.rank.0 >= self.rank.0 || !self.preempt;
                if waits {
                    // Who may be Active by now does not wait for one who is no better.
                    let perhaps_active = now >= from && said.rank <= self.rank;
                    self.defer(now, said);
                    if perhaps_active {
                        self.state = either(now, State::Backup(from, to), self.state);
                    }
                }
                waits
            }
            State::Active(_) => {
                // Section 6.4.3: a higher priority, or the same and a greater address.
                let yields = said.claim == Claim::Active && said.rank > self.rank;
                if yields {
                    self.yielded = Some(now);
                    self.defer(now, said);
                }
                yields
            }
        }
    }

    /// What it sends so soon after it had to give way, or was stopped, it may have sent without having seen why.
    fn under_way(&self, now: Time) -> bool {
        !self.exact && self.yielded.is_some_and(|at| now - at <= UNDER_WAY)
    }
}
