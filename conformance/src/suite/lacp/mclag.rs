//! Group O, second part: two chassis that are one system, on either side.

use std::time::Duration;

use redspec_codec::slow::lacp::{PortInformation, State};

use super::partner::Partner;
use super::{LacpTest, P1, P2, TRAFFIC, UP, lacpdu, test};
use crate::bed::Capability;
use crate::event::Port;
use crate::scenario::{Mark, Stop, Test};
use crate::spec::lacp::tolerances::{JOIN, NEXT, R, RECOVERY};

const WATCH: Duration = Duration::from_secs(10);
const LONG_WATCH: Duration = Duration::from_secs(20);

/// Port numbers as RFC 7275 makes them: the highest bit, and the number of the node in the next three.
const NODE_PORTS: [u16; 2] = [0x8001, 0x9001];
const NO_TRAFFIC: &str = "lacp.mux.collecting-needs-partner-synchronization";
const HIGHEST_BIT: u16 = 0x8000;
const NODE: u16 = 0x7000;

/// Its tests.
pub fn tests() -> Vec<Test> {
    vec![
        two_chassis_one_lag(),
        split_brain_leaves(),
        split_brain_stays_out(),
        hot_standby(),
        equal_port_numbers(),
        redundancy_group(),
    ]
}

/// T is two chassis: two nodes, with source addresses of different vendors, and one identity.
fn two_chassis(t: &mut LacpTest<'_>) {
    for (port, number) in [P1, P2].into_iter().zip(NODE_PORTS) {
        let partner = t.partner(port);
        partner.actor.port = number;
        partner.mac.0[1] ^= port.0.to_be_bytes()[1];
    }
}

/// O-08.
fn two_chassis_one_lag() -> Test {
    let id = "lacp.mclag.two-chassis-one-lag";
    test(
        id,
        "O-08",
        "Two chassis with one System, System_Priority and Key: both links come up in one aggregation.",
    )
    .judges(&[id, "lacp.pdu.actor-key-common"])
    .ports(2)
    .with("lacp.aggregators", 1)
    .needs(Capability::Fresh)
    .lacp(move |t| {
        t.fresh()?;
        two_chassis(t);
        t.listen()?;
        let start = t.mark();
        for port in t.ports() {
            t.introduce(port, true)?;
        }
        for port in t.ports() {
            let joined = lacpdu(port).partner_is(t.tester(port)).actor_has(UP);
            t.expect(&joined, start, RECOVERY, id)?;
        }
        let keys = [t.own(P1)?.key, t.own(P2)?.key];
        let expected = "one Actor_Key on both links";
        t.judge(keys[0] == keys[1], expected, &format!("{keys:?}"), None, "lacp.pdu.actor-key-common")
    })
}

/// Both chassis in use; then that on the device's port with the higher number changes its System.
fn split_brain(t: &mut LacpTest<'_>) -> Result<(Port, Port, Mark), Stop> {
    two_chassis(t);
    t.up()?;
    t.quiet()?;
    let ports = t.by_actor_port()?;
    let (stays, leaves) = (ports[0], ports[1]);
    let system = Partner::system(&mut t.run.random);
    let split = t.change(leaves, "another System", |partner| partner.actor.system = system)?;
    let detached = lacpdu(leaves).partner_is(t.tester(leaves)).actor_lacks(UP);
    t.expect(&detached, split, R, "lacp.mclag.split-brain-leaves")?;
    Ok((stays, leaves, split))
}

/// The link to the chassis that kept its System goes on.
fn other_goes_on(t: &mut LacpTest<'_>, stays: Port, split: Mark) -> Result<(), Stop> {
    let same = lacpdu(stays).partner_is(t.tester(stays)).actor_has(UP);
    let time = t.now().since(split.at.time);
    t.always(&same, split, time, 3, "lacp.selection.others-undisturbed")
}

/// O-09.
fn split_brain_leaves() -> Test {
    let id = "lacp.mclag.split-brain-leaves";
    test(id, "O-09", "One of two chassis changes its System: its link detaches, the other goes on.")
        .judges(&[id, "lacp.selection.others-undisturbed"])
        .ports(2)
        .lacp(|t| {
            let (stays, _, split) = split_brain(t)?;
            t.wait(WATCH)?;
            other_goes_on(t, stays, split)
        })
}

/// O-09, one Aggregator.
fn split_brain_stays_out() -> Test {
    let id = "lacp.mclag.split-brain-stays-out";
    test(
        id,
        "O-09",
        "One of two chassis changes its System, and there is one Aggregator: its link stays out of use.",
    )
    .judges(&[id, "lacp.mclag.split-brain-leaves", "lacp.selection.others-undisturbed"])
    .ports(2)
    .with("lacp.aggregators", 1)
    .lacp(move |t| {
        let (stays, leaves, split) = split_brain(t)?;
        let known = lacpdu(leaves).partner_is(t.tester(leaves));
        t.never(&known.actor_has(State::SYNCHRONIZATION), split, LONG_WATCH, id)?;
        other_goes_on(t, stays, split)
    })
}

/// O-10.
fn hot_standby() -> Test {
    let (attached_id, swap_id) = ("lacp.mclag.hot-standby-attached", "lacp.mclag.hot-standby-swap");
    test(
        swap_id,
        "O-10",
        "One of two chassis is in sync, the other not: its link waits attached, and takes over when they change roles.",
    )
    .judges(&[attached_id, swap_id, NO_TRAFFIC])
    .ports(2)
    .needs(Capability::Fresh).lacp(move |t| {
        t.fresh()?;
        two_chassis(t);
        t.listen()?;
        let start = t.mark();
        t.introduce(P1, true)?;
        t.introduce(P2, false)?;
        t.preamble(|t| t.expect(&lacpdu(P1).actor_has(UP), start, RECOVERY, swap_id))?;
        let attached = lacpdu(P2).partner_is(t.tester(P2)).actor_has(State::SYNCHRONIZATION);
        let waits = t.expect(&attached, start, JOIN, attached_id)?;
        t.wait(WATCH)?;
        let time = t.now().since(waits.at.time);
        t.always(&attached, waits.mark(), time, 3, attached_id)?;
        // Up to the first that shows P2 attached, it may have been in use with another partner.
        t.always(&lacpdu(P2).actor_lacks(TRAFFIC), waits.itself(), time, 3, NO_TRAFFIC)?;

        let swap = t.out_of_sync(P1)?;
        t.partner(P2).follows = true;
        let taken = t.in_sync(P2)?;
        let stopped = lacpdu(P1).actor_has(State::SYNCHRONIZATION).actor_lacks(TRAFFIC);
        t.expect(&stopped, swap, R, swap_id)?;
        t.expect(&lacpdu(P2).actor_has(State::COLLECTING), taken, R, swap_id)?;
        t.expect(&lacpdu(P2).actor_has(UP), taken, NEXT, swap_id)?;
        t.wait(WATCH)?;
        let time = t.now().since(swap.at.time);
        for port in t.ports() {
            t.always(&lacpdu(port).actor_has(State::SYNCHRONIZATION), swap, time, 3, swap_id)?;
        }
        Ok(())
    })
}

/// Not in the catalogue: two chassis that were set up wrong.
fn equal_port_numbers() -> Test {
    let id = "lacp.mclag.equal-port-numbers";
    test(id, "-", "Two chassis send the same Actor_Port too: are both links used?")
        .judges(&[id])
        .ports(2)
        .needs(Capability::Fresh)
        .lacp(move |t| {
            t.fresh()?;
            t.partner(P2).actor.port = t.tester(P1).port;
            t.listen()?;
            for port in t.ports() {
                t.introduce(port, true)?;
            }
            t.wait(LONG_WATCH)?;
            let rest = t.mark();
            t.wait(WATCH)?;
            for port in t.ports() {
                let all = t.all(&lacpdu(port), rest, WATCH)?.len();
                let up = t.all(&lacpdu(port).actor_has(UP), rest, WATCH)?.len();
                t.note(format!("{port}: {up} of {all} LACPDUs show it in use"), None, id);
            }
            Ok(())
        })
}

/// O-11.
fn redundancy_group() -> Test {
    let (one_system, node) = ("lacp.mclag.one-system", "lacp.mclag.node-in-port-number");
    test(
        one_system,
        "O-11",
        "The device is two chassis of one redundancy group: one system, and two nodes in its port numbers.",
    )
    .judges(&[one_system, node])
    .ports(2)
    .with("lacp.redundancy_group", "yes")
    .needs(Capability::Fresh)
    .lacp(move |t| {
        let start = t.fresh()?;
        t.listen()?;
        t.up()?;
        let identity = |port: PortInformation| (port.system_priority, port.system, port.key);
        let first = identity(t.own(P1)?);
        let time = t.now().since(start.at.time);
        for port in t.ports() {
            let same = lacpdu(port)
                .that("System, System_Priority and Key of P1", move |pdu| identity(pdu.actor) == first);
            t.always(&same, start, time, 1, one_system)?;
            let marked = lacpdu(port)
                .that("the highest bit of Actor_Port set", |pdu| pdu.actor.port & HIGHEST_BIT != 0);
            t.always(&marked, start, time, 1, node)?;
        }
        let nodes = [t.own(P1)?.port & NODE, t.own(P2)?.port & NODE];
        t.judge(nodes[0] != nodes[1], "two Node IDs in Actor_Port", &format!("{nodes:x?}"), None, node)
    })
}
