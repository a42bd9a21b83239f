//! Tests of LACP devices. Each reads like the row of the catalogue that it comes from, whose words are: T the tester, D
//! the device, UP both sides collecting and distributing, ATT the device attached while the tester is not in sync, FRESH
//! a device whose port has just started.

pub mod churn;
pub mod fallback;
pub mod limits;
pub mod link;
pub mod mclag;
pub mod mux;
pub mod ntt;
pub mod partner;
pub mod pattern;
pub mod periodic;
pub mod receive;
pub mod reception;
pub mod record;
pub mod selected;
pub mod selection;
pub mod steps;
pub mod transmitted;
pub mod version_2;

use std::time::Duration;

use redspec_codec::MacAddress;
use redspec_codec::slow::lacp::{Lacpdu, PortInformation, State};
use redspec_codec::slow::marker::Marker;

pub use self::partner::{Partner, Partners};
pub use self::pattern::{ExactFrame, MarkerFrame, lacpdu, lacpdu_frame, marker_information, marker_response};
use crate::event::Port;
use crate::scenario::{Mark, Pattern, Run, Sighting, Stop, Test};
use crate::spec::lacp::timers::FAST_PERIODIC_TIME;
use crate::spec::lacp::tolerances::{EXPIRED, SLOW, UPC};
use crate::spec::{Edition, Editions, Span, Window};
use crate::time::Time;

/// Port 1.
pub const P1: Port = Port(0);
/// Port 2.
pub const P2: Port = Port(1);
/// Port 3.
pub const P3: Port = Port(2);

/// Both ends carry traffic.
pub const UP: State = State(State::SYNCHRONIZATION.0 | State::COLLECTING.0 | State::DISTRIBUTING.0);
/// Collecting and Distributing.
pub const TRAFFIC: State = State(State::COLLECTING.0 | State::DISTRIBUTING.0);

/// How long a preamble may take.
const BRING_UP: Duration = Duration::from_secs(20);

/// A LACP test while it runs: a run, and a partner on each link.
pub struct LacpTest<'r> {
    /// The run, for what is not LACP's.
    pub run: &'r mut Run,
    /// The partners.
    pub partners: Partners,
    closing: bool,
}

/// All tests of LACP.
pub fn tests() -> Vec<Test> {
    [
        transmitted::tests(),
        reception::tests(),
        receive::tests(),
        selected::tests(),
        record::tests(),
        ntt::tests(),
        periodic::tests(),
        limits::tests(),
        mux::tests(),
        selection::tests(),
        link::tests(),
        churn::tests(),
        version_2::tests(),
        fallback::tests(),
        mclag::tests(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// A test of every edition of 802.1AX.
pub fn test(id: impl Into<String>, catalogue: &'static str, purpose: impl Into<String>) -> Test {
    Test::new(id, catalogue, purpose, Editions::DOT1AX)
}

impl Test {
    /// Its body, for LACP. Behind it the device has to answer once more.
    #[must_use]
    pub fn lacp(self, body: impl Fn(&mut LacpTest<'_>) -> Result<(), Stop> + Send + Sync + 'static) -> Self {
        self.body(move |run| {
            let mut test = LacpTest::new(run);
            body(&mut test)?;
            test.still_alive()
        })
    }
}

impl<'r> LacpTest<'r> {
    /// Partners that say nothing yet.
    pub fn new(run: &'r mut Run) -> Self {
        let system = Partner::system(&mut run.random);
        #[allow(clippy::cast_possible_truncation)] // a bed has few ports
        let mut partners: Vec<_> =
            (0..run.ports()).map(|port| Partner::new(Port(port as u16), system)).collect();
        if let Some(destination) = run.settings().text("lacp.destination").and_then(|text| text.parse().ok())
        {
            for partner in &mut partners {
                partner.destination = destination;
            }
        }
        Self { run, partners: Partners(partners), closing: true }
    }

    /// All ports.
    pub fn ports(&self) -> Vec<Port> {
        self.partners.0.iter().map(|partner| partner.port).collect()
    }

    /// The partner on a link.
    pub fn partner(&mut self, port: Port) -> &mut Partner {
        &mut self.partners.0[port.index()]
    }

    /// What the partner on a link says of itself.
    pub fn tester(&self, port: Port) -> PortInformation {
        self.partners.0[port.index()].actor
    }

    /// What the device last said of itself, `OWN(D)`.
    ///
    /// # Errors
    /// It never said anything.
    pub fn own(&self, port: Port) -> Result<PortInformation, Stop> {
        let learned = self.partners.0[port.index()].learned();
        learned.ok_or_else(|| Stop::Inconclusive(format!("the device never sent a LACPDU on {port}")))
    }

    /// The device's last LACPDU.
    ///
    /// # Errors
    /// There is none.
    pub fn heard(&self, port: Port) -> Result<Lacpdu, Stop> {
        let heard = self.partners.0[port.index()].heard;
        heard.ok_or_else(|| Stop::Inconclusive(format!("the device never sent a LACPDU on {port}")))
    }

    /// What the device is judged by.
    pub fn edition(&self) -> Edition {
        self.run.edition()
    }

    /// What the device's settings say of `name`, or `default`.
    pub fn setting(&self, name: &str, default: &str) -> String {
        self.run.settings().text(name).unwrap_or(default).to_owned()
    }

    /// The Mux is under coupled control, as the profile says.
    pub fn coupled(&self) -> bool {
        self.setting("lacp.control", "independent") == "coupled"
    }

    /// The device asks for Short Timeout, as the profile says.
    pub fn short(&self) -> bool {
        self.setting("lacp.timeout", "long") == "short"
    }

    /// Now.
    pub fn now(&self) -> Time {
        self.run.now()
    }

    /// This moment.
    pub fn mark(&self) -> Mark {
        self.run.mark()
    }

    /// Says what is being done.
    pub fn step(&mut self, text: impl Into<String>) {
        self.run.step(text);
    }

    /// Waits, while the partners go on.
    ///
    /// # Errors
    /// The bed fails.
    pub fn wait(&mut self, duration: Duration) -> Result<(), Stop> {
        self.run.step(format!("wait {} s", duration.as_secs_f64()));
        let until = self.now() + duration;
        self.wait_until(until)
    }

    /// Waits, while the partners go on, without a word.
    ///
    /// # Errors
    /// The bed fails.
    pub fn wait_until(&mut self, until: Time) -> Result<(), Stop> {
        self.run.wait_until(&mut self.partners, until)
    }

    /// Sends any frame.
    ///
    /// # Errors
    /// The bed fails.
    pub fn send_frame(&mut self, port: Port, frame: &[u8]) -> Result<Mark, Stop> {
        self.run.send(&mut self.partners, port, frame)
    }

    /// Sends a slow protocol message from the partner's address.
    ///
    /// # Errors
    /// The bed fails.
    pub fn send_slow(&mut self, port: Port, message: &[u8]) -> Result<Mark, Stop> {
        let frame = self.partner(port).frame(message);
        self.send_frame(port, &frame)
    }

    /// Sends a LACPDU of any content.
    ///
    /// # Errors
    /// The bed fails.
    pub fn send_pdu(&mut self, port: Port, pdu: &Lacpdu) -> Result<Mark, Stop> {
        self.send_slow(port, &pdu.to_octets())
    }

    /// Sends what the partner has to say now.
    ///
    /// # Errors
    /// The bed fails.
    pub fn send(&mut self, port: Port) -> Result<Mark, Stop> {
        let message = self.partner(port).message();
        self.send_slow(port, &message)
    }

    /// Changes the partner and sends a LACPDU that says so.
    ///
    /// # Errors
    /// The bed fails.
    pub fn change(
        &mut self,
        port: Port,
        text: &str,
        change: impl FnOnce(&mut Partner),
    ) -> Result<Mark, Stop> {
        self.run.step(format!("T on {port}: {text}"));
        change(self.partner(port));
        self.send(port)
    }

    /// Sends one LACPDU that differs from what the partner says otherwise, and is not repeated.
    ///
    /// # Errors
    /// The bed fails.
    pub fn once(&mut self, port: Port, text: &str, change: impl FnOnce(&mut Lacpdu)) -> Result<Mark, Stop> {
        self.run.step(format!("T on {port} sends one LACPDU: {text}"));
        let mut pdu = self.partner(port).pdu();
        change(&mut pdu);
        self.send_pdu(port, &pdu)
    }

    /// The partner says no more; from its last LACPDU on.
    pub fn silence(&mut self, port: Port) -> Mark {
        self.run.step(format!("T stops sending on {port}"));
        let now = self.mark();
        let partner = self.partner(port);
        partner.stop();
        partner.sent.map_or(now, |(mark, _)| mark)
    }

    /// Carrier off.
    ///
    /// # Errors
    /// The bed fails.
    pub fn link_down(&mut self, port: Port) -> Result<Mark, Stop> {
        self.run.step(format!("carrier off on {port}"));
        self.run.link(&mut self.partners, port, false)
    }

    /// Carrier on.
    ///
    /// # Errors
    /// The bed fails.
    pub fn link_up(&mut self, port: Port) -> Result<Mark, Stop> {
        self.run.step(format!("carrier on on {port}"));
        self.run.link(&mut self.partners, port, true)
    }

    /// Changes a parameter of the device.
    ///
    /// # Errors
    /// The bed fails.
    pub fn configure(&mut self, name: &str, value: &str) -> Result<Mark, Stop> {
        self.run.step(format!("configure D: {name} = {value}"));
        self.run.configure(name, value)
    }

    /// What fails in `body` makes the test inconclusive.
    ///
    /// # Errors
    /// As `body`, but nothing is decided.
    pub fn preamble<T>(&mut self, body: impl FnOnce(&mut Self) -> Result<T, Stop>) -> Result<T, Stop> {
        let before = self.run.preamble_start();
        let result = body(self);
        self.run.preamble_end(before);
        result
    }

    /// FRESH: from the moment when the ports' links came up on a device that knows no partner.
    ///
    /// # Errors
    /// The bed fails.
    pub fn fresh(&mut self) -> Result<Mark, Stop> {
        self.run.set_up("D has just started, its links are up, T is silent");
        self.run.fresh()
    }

    /// UP on all ports.
    ///
    /// # Errors
    /// Inconclusive if the device does not come up.
    pub fn up(&mut self) -> Result<(), Stop> {
        let ports = self.ports();
        self.up_on(&ports)
    }

    /// UP on these ports.
    ///
    /// # Errors
    /// Inconclusive if the device does not come up.
    pub fn up_on(&mut self, ports: &[Port]) -> Result<(), Stop> {
        let names: Vec<String> = ports.iter().map(ToString::to_string).collect();
        let text = format!("UP on {}: T and D in sync, collecting and distributing", names.join(", "));
        self.run.set_up(text);
        let now = self.now();
        for &port in ports {
            self.partner(port).cooperate(now);
        }
        self.preamble(|t| {
            t.until(BRING_UP, "D does not come UP", |t| ports.iter().all(|port| t.is_up(*port)))
        })?;
        // D has to hear that T distributes, and whatever was under way has to arrive.
        let until = self.now() + Duration::from_millis(400);
        self.wait_until(until)
    }

    /// Both ends of the link have said that they carry traffic.
    pub fn is_up(&self, port: Port) -> bool {
        let partner = &self.partners.0[port.index()];
        partner.learned().is_some_and(|device| device.state.has(UP))
            && partner.sent.is_some_and(|(_, sent)| sent.actor.state.has(UP))
    }

    /// ATT on all ports: the device is attached, and waits for a tester that is not in sync.
    ///
    /// # Errors
    /// Inconclusive if the device does not get there.
    pub fn attached(&mut self) -> Result<(), Stop> {
        let ports = self.ports();
        self.attached_on(&ports)
    }

    /// ATT on these ports.
    ///
    /// # Errors
    /// Inconclusive if the device does not get there.
    pub fn attached_on(&mut self, ports: &[Port]) -> Result<(), Stop> {
        let names: Vec<String> = ports.iter().map(ToString::to_string).collect();
        self.run.set_up(format!("ATT on {}: D in sync, T not", names.join(", ")));
        self.in_sync_alone(ports, "D does not attach", |device| device.0 & TRAFFIC.0 == 0)
    }

    /// KNOWN on all ports: as ATT, but whether the device already collects is not asked, for tests of something else.
    ///
    /// # Errors
    /// Inconclusive if the device does not get there.
    pub fn known(&mut self) -> Result<(), Stop> {
        let ports = self.ports();
        self.run.set_up("KNOWN: D in sync with T, T not in sync");
        self.in_sync_alone(&ports, "D does not get in sync", |_| true)
    }

    fn in_sync_alone(
        &mut self,
        ports: &[Port],
        otherwise: &str,
        as_wanted: impl Fn(State) -> bool,
    ) -> Result<(), Stop> {
        let now = self.now();
        for &port in ports {
            let partner = self.partner(port);
            partner.view = None;
            partner.follows = false;
            partner.actor.state = partner.actor.state.without(UP);
            partner.start(now);
        }
        let attached = |t: &Self, port: &Port| {
            let partner = &t.partners.0[port.index()];
            partner.heard.is_some_and(|pdu| {
                pdu.actor.state.has(State::SYNCHRONIZATION)
                    && as_wanted(pdu.actor.state)
                    && pattern::same(&pdu.partner, &partner.actor)
            }) && partner.sent.is_some_and(|(_, sent)| sent.partner.state.has(State::SYNCHRONIZATION))
        };
        self.preamble(|t| t.until(BRING_UP, otherwise, |t| ports.iter().all(|port| attached(t, port))))?;
        let until = self.now() + Duration::from_millis(400);
        self.wait_until(until)
    }

    /// Defaulted: the device has just started, and found no partner. What it then shows as one: `DEF(D)`.
    ///
    /// # Errors
    /// Inconclusive if the device does not get there.
    pub fn defaulted(&mut self, port: Port) -> Result<PortInformation, Stop> {
        self.fresh()?;
        self.run.set_up(format!("wait until D shows Defaulted and not Expired on {port}"));
        let defaulted =
            |pdu: Lacpdu| pdu.actor.state.has(State::DEFAULTED) && !pdu.actor.state.has(State::EXPIRED);
        let heard = move |t: &Self| t.partners.0[port.index()].heard.is_some_and(defaulted);
        let limit = UPC.lenient.to + EXPIRED.lenient.to + SLOW.lenient.to;
        self.preamble(|t| t.until(limit, "D does not become Defaulted", heard))?;
        self.heard(port).map(|pdu| pdu.partner)
    }

    /// What the device showed as its partner when it last was Defaulted, `DEF(D)`.
    pub fn default_partner(&self, port: Port) -> Option<PortInformation> {
        let of_port = self.run.events().iter().rev().filter(|event| event.port == port);
        let mut pdus = of_port
            .filter_map(|event| event.frame(crate::event::Direction::FromDevice))
            .filter_map(|frame| partner::lacpdu(frame).map(|pdu| pdu.to_value()));
        pdus.find(|pdu| pdu.actor.state.has(State::DEFAULTED)).map(|pdu| pdu.partner)
    }

    /// All ports, that of the device's lowest Actor_Port first: by 6.4.14.2 the aggregation sits on its Aggregator.
    ///
    /// # Errors
    /// The device never sent a LACPDU on one of them.
    pub fn by_actor_port(&self) -> Result<Vec<Port>, Stop> {
        let mut ports: Vec<(u16, Port)> = self
            .ports()
            .into_iter()
            .map(|port| Ok((self.own(port)?.port, port)))
            .collect::<Result<_, Stop>>()?;
        ports.sort_unstable();
        Ok(ports.into_iter().map(|(_, port)| port).collect())
    }

    /// The partner asks for Long Timeout from now on.
    ///
    /// # Errors
    /// The bed fails.
    pub fn ask_long(&mut self, port: Port) -> Result<Mark, Stop> {
        self.change(port, "Timeout 1 -> 0", |partner| partner.clear(State::TIMEOUT))
    }

    /// The device's own account of a piece of its state.
    ///
    /// # Errors
    /// The bed fails, or the device does not know it.
    pub fn state(&mut self, name: &str, port: Port) -> Result<String, Stop> {
        self.run.state(name, port)
    }

    /// The span of a window that this device is held to.
    pub fn held_to(&self, window: Window) -> Span {
        window.held_to(self.run.exact())
    }

    /// Waits until `done` says so.
    ///
    /// # Errors
    /// Inconclusive after `limit`.
    pub fn until(
        &mut self,
        limit: Duration,
        otherwise: &str,
        done: impl Fn(&Self) -> bool,
    ) -> Result<(), Stop> {
        let deadline = self.now() + limit;
        while !done(self) {
            if self.run.pump(&mut self.partners, deadline)?.is_none() && !done(self) {
                let heard: Vec<String> = self
                    .partners
                    .0
                    .iter()
                    .map(|partner| match partner.heard {
                        Some(pdu) => {
                            format!("{}: actor {}, partner {}", partner.port, pdu.actor, pdu.partner)
                        }
                        None => format!("{}: no LACPDU", partner.port),
                    })
                    .collect();
                let limit = limit.as_secs_f64();
                return Err(Stop::Inconclusive(format!(
                    "{otherwise} within {limit} s; last seen {}",
                    heard.join("; ")
                )));
            }
        }
        Ok(())
    }

    /// Waits for the first frame that fits, and judges when it came, counted from `mark`.
    ///
    /// # Errors
    /// It did not come in its window.
    pub fn expect(
        &mut self,
        pattern: &dyn Pattern,
        mark: Mark,
        window: Window,
        requirement: &'static str,
    ) -> Result<Sighting, Stop> {
        self.run.expect(&mut self.partners, pattern, mark, window, requirement)
    }

    /// The first frame that fits within `limit` of `mark`; judges nothing.
    ///
    /// # Errors
    /// The bed fails.
    pub fn look(
        &mut self,
        pattern: &dyn Pattern,
        mark: Mark,
        limit: Duration,
    ) -> Result<Option<Sighting>, Stop> {
        let until = mark.at.time + limit;
        self.run.find(&mut self.partners, mark, until, |event| pattern.matches(event) == Some(true))
    }

    /// No frame for `duration` from `mark` fits.
    ///
    /// # Errors
    /// One did.
    pub fn never(
        &mut self,
        pattern: &dyn Pattern,
        mark: Mark,
        duration: Duration,
        requirement: &'static str,
    ) -> Result<(), Stop> {
        self.run.never(&mut self.partners, pattern, mark, mark.at.time + duration, requirement)
    }

    /// Every LACPDU for `duration` from `mark` fits, and at least `least` come.
    ///
    /// # Errors
    /// One does not fit.
    pub fn always(
        &mut self,
        pattern: &dyn Pattern,
        mark: Mark,
        duration: Duration,
        least: usize,
        requirement: &'static str,
    ) -> Result<(), Stop> {
        self.run.always(&mut self.partners, pattern, mark, mark.at.time + duration, least, requirement)
    }

    /// All frames for `duration` from `mark` that fit; judges nothing.
    ///
    /// # Errors
    /// The bed fails.
    pub fn all(
        &mut self,
        pattern: &dyn Pattern,
        mark: Mark,
        duration: Duration,
    ) -> Result<Vec<Sighting>, Stop> {
        self.run.all(&mut self.partners, pattern, mark, mark.at.time + duration)
    }

    /// The gaps between these frames lie in the window.
    ///
    /// # Errors
    /// One does not.
    pub fn gaps(
        &mut self,
        sightings: &[Sighting],
        window: Window,
        requirement: &'static str,
    ) -> Result<(), Stop> {
        self.run.gaps(sightings, window, requirement)
    }

    /// For `duration` from `mark` the device sends LACPDUs in the rhythm of the window, and is not silent for longer at
    /// either end.
    ///
    /// # Errors
    /// It does not.
    pub fn rhythm(
        &mut self,
        port: Port,
        mark: Mark,
        duration: Duration,
        window: Window,
        requirement: &'static str,
    ) -> Result<Vec<Sighting>, Stop> {
        let seen = self.all(&lacpdu(port), mark, duration)?;
        let (start, end) = (mark.at.time, mark.at.time + duration);
        let first = seen.first().map_or(end, |sighting| sighting.at.time);
        let last = seen.last().map_or(start, |sighting| sighting.at.time);
        let silence = (first - start).max(end - last);
        let longest = self.held_to(window).to;
        if silence > longest + mark.at.uncertainty * 2 {
            let expected = format!("LACPDUs on {port} at most {} s apart", longest.as_secs_f64());
            let found = format!("{} of them, and none for {} s", seen.len(), silence.as_secs_f64());
            let frame = seen.last().map(|sighting| sighting.number);
            self.judge(false, &expected, &found, frame, requirement)?;
        } else {
            self.gaps(&seen, window, requirement)?;
        }
        Ok(seen)
    }

    /// The frame of a sighting fits.
    ///
    /// # Errors
    /// It does not.
    pub fn shows(
        &mut self,
        sighting: Sighting,
        pattern: &dyn Pattern,
        requirement: &'static str,
    ) -> Result<(), Stop> {
        let event = self.run.event(sighting);
        let (met, seen) = (pattern.matches(event) == Some(true), pattern.show(event));
        self.judge(met, &pattern.describe(), &seen, Some(sighting.number), requirement)
    }

    /// Judges what the test has found out itself.
    ///
    /// # Errors
    /// It is not so.
    pub fn judge(
        &mut self,
        met: bool,
        expected: &str,
        seen: &str,
        frame: Option<u64>,
        requirement: &'static str,
    ) -> Result<(), Stop> {
        self.run.judge(met, expected, seen, frame, requirement)
    }

    /// Records what the text of the standard leaves open.
    pub fn note(&mut self, text: impl Into<String>, frame: Option<u64>, requirement: &'static str) {
        self.run.note(text, frame, requirement);
    }

    /// The LACPDU of a sighting.
    ///
    /// # Errors
    /// It is none.
    pub fn pdu_at(&self, sighting: Sighting) -> Result<Lacpdu, Stop> {
        let frame = self.run.event(sighting).frame(crate::event::Direction::FromDevice);
        frame
            .and_then(partner::lacpdu)
            .map(|pdu| pdu.to_value())
            .ok_or_else(|| Stop::Error("the frame is no LACPDU".to_owned()))
    }

    /// A Marker with the partner's port and system.
    pub fn marker(&mut self, port: Port) -> Marker {
        let actor = self.tester(port);
        #[allow(clippy::cast_possible_truncation)] // any 32 bits
        let transaction = self.run.random.number() as u32;
        Marker::information(actor.port, actor.system, transaction)
    }

    /// A data frame that no other test has: broadcast, so that a device floods it.
    pub fn data_frame(&mut self) -> Vec<u8> {
        let mut frame = vec![0xff; 6];
        frame.extend([
            0x02,
            0x52,
            0x50,
            self.run.random.octet(),
            self.run.random.octet(),
            self.run.random.octet(),
        ]);
        frame.extend([0x88, 0xb5]); // Local Experimental Ethertype 1
        frame.extend((0..46).map(|_| self.run.random.octet()));
        frame
    }

    /// The device's own side, or what is behind it: where data goes in and comes out that does not take the links.
    pub fn client(&self) -> Port {
        #[allow(clippy::cast_possible_truncation)] // a bed has few ports
        Port(self.run.ports() as u16)
    }

    /// The test leaves the device in a state in which it need not answer.
    pub fn without_closing(&mut self) {
        self.closing = false;
    }

    /// A good LACPDU that asks for an answer gets one: the device still works.
    fn still_alive(&mut self) -> Result<(), Stop> {
        if !self.closing {
            return Ok(());
        }
        for port in self.ports() {
            let partner = self.partner(port);
            partner.actor.state = partner.actor.state.with(State::ACTIVITY | State::TIMEOUT);
            partner.follows = false;
            partner.stop();
            let mut pdu = partner.pdu();
            pdu.partner.key ^= 1;
            let mark = self.send_pdu(port, &pdu)?;
            if self.look(&lacpdu(port), mark, Duration::from_secs(4))?.is_none() {
                let text = format!("no LACPDU on {port} within 4 s of one that asked for an answer");
                return Err(Stop::Crash(text));
            }
        }
        Ok(())
    }
}

/// What several groups use to set up and to look.
impl LacpTest<'_> {
    /// Waits so long that the transmit limit delays no answer to what comes next.
    ///
    /// # Errors
    /// The bed fails.
    pub fn quiet(&mut self) -> Result<(), Stop> {
        let until = self.now() + FAST_PERIODIC_TIME * 2;
        self.wait_until(until)
    }

    /// The partner asks for long timeout from now on: what the device sends has a reason, but for one LACPDU in 30 s.
    ///
    /// # Errors
    /// The bed fails.
    pub fn ask_long_and_wait(&mut self, port: Port) -> Result<(), Stop> {
        self.change(port, "Timeout = 0 (long)", |partner| {
            partner.actor.state = partner.actor.state.without(State::TIMEOUT);
        })?;
        self.quiet()
    }

    /// The partner begins to speak, claims Synchronization and follows the device. Nothing is asked of the device.
    pub fn speak(&mut self, port: Port) {
        self.run.step(format!("T starts on {port}, in sync, and follows D"));
        let now = self.now();
        let partner = self.partner(port);
        partner.actor.state = partner.actor.state.with(State::SYNCHRONIZATION);
        partner.follows = true;
        partner.start(now);
    }

    /// At most `most` frames for `duration` from `mark` fit.
    ///
    /// # Errors
    /// There were more.
    pub fn at_most(
        &mut self,
        pattern: &dyn Pattern,
        mark: Mark,
        duration: Duration,
        most: usize,
        requirement: &'static str,
    ) -> Result<(), Stop> {
        let sightings = self.all(pattern, mark, duration)?;
        let text = format!("at most {most} {}, for {} s", pattern.describe(), duration.as_secs_f64());
        let seen = format!("there were {}", sightings.len());
        let frame = sightings.get(most).map(|sighting| sighting.number);
        self.judge(sightings.len() <= most, &text, &seen, frame, requirement)
    }

    /// The octets of a sighting's frame.
    ///
    /// # Errors
    /// It is none of the device.
    pub fn octets_at(&self, sighting: Sighting) -> Result<Vec<u8>, Stop> {
        let frame = self.run.event(sighting).frame(crate::event::Direction::FromDevice);
        frame.map(<[u8]>::to_vec).ok_or_else(|| Stop::Error("no frame of the device".to_owned()))
    }

    /// The address that the device sends LACPDUs from.
    ///
    /// # Errors
    /// It never sent one.
    pub fn device_mac(&mut self, port: Port) -> Result<MacAddress, Stop> {
        let start = Mark { at: Time::ZERO.into(), events: 0 };
        let until = self.now() - Time::ZERO;
        let Some(first) = self.look(&lacpdu(port), start, until)? else {
            return Err(Stop::Inconclusive(format!("the device never sent a LACPDU on {port}")));
        };
        let mut source = [0; 6];
        source.copy_from_slice(&self.octets_at(first)?[6..12]);
        Ok(MacAddress(source))
    }
}
