//! The Selection Logic (6.4.14), by the rules of its table.

use redspec_codec::slow::lacp::State;

use super::LacpSystem;
use super::configuration::Fallback;
use super::port::{Port, agree};
use crate::spec::lacp::functions::SelectionRule;
use crate::spec::lacp::machines::Mux;
use crate::spec::lacp::variables::Selected;

impl LacpSystem {
    /// Selects for every port that is unselected and detached, then says who is on standby. True if something changed.
    pub(super) fn select(&mut self) -> bool {
        let mut changed = false;
        for index in 0..self.ports.len() {
            let port = &self.ports[index];
            if port.selected != Selected::Unselected
                || port.mux != Mux::Detached
                || !self.may_be_selected(port)
            {
                continue;
            }
            if let Some(aggregator) = self.choose(index) {
                let port = &mut self.ports[index];
                port.aggregator = Some(aggregator);
                port.selected = Selected::Selected;
                changed = true;
            }
        }
        for aggregator in 0..self.configuration.aggregators {
            changed |= self.limit(aggregator);
        }
        changed
    }

    /// The rule is kept, or not in force. A rule that is in force and not kept has decided.
    fn obeys(&self, rule: SelectionRule, kept: bool) -> bool {
        let obeyed = kept || !self.tables.selects_by(rule);
        if !obeyed {
            self.tables.used_rule(rule);
        }
        obeyed
    }

    fn may_be_selected(&self, port: &Port) -> bool {
        let configured =
            self.configuration.suspend_individual || self.configuration.fallback != Fallback::None;
        let suspended = configured && port.actor.state.has(State::DEFAULTED);
        self.obeys(SelectionRule::SuspendWithoutPartner, !suspended)
            && self.obeys(SelectionRule::PortEnabled, port.port_enabled)
    }

    /// The ports that have that Aggregator.
    fn members(&self, aggregator: usize) -> impl Iterator<Item = usize> + '_ {
        let has =
            move |port: &Port| port.aggregator == Some(aggregator) && port.selected != Selected::Unselected;
        (0..self.ports.len()).filter(move |index| has(&self.ports[*index]))
    }

    /// By 6.4.14.2, recommended, a LAG sits on the Aggregator of a port of its own: here that of its first port.
    fn choose(&self, index: usize) -> Option<usize> {
        let candidates: Vec<usize> = (0..self.configuration.aggregators)
            .filter(|&aggregator| self.admits(aggregator, index))
            .collect();
        let occupied = |aggregator: &&usize| self.members(**aggregator).next().is_some();
        let same_lag = candidates.iter().find(occupied).filter(|_| self.prefers(SelectionRule::SameLagFirst));
        let own = candidates.iter().find(|aggregator| **aggregator == index);
        same_lag.or(own.filter(|own| !occupied(own))).or_else(|| candidates.first()).copied()
    }

    /// The rule is in force, and now decides.
    fn prefers(&self, rule: SelectionRule) -> bool {
        let in_force = self.tables.selects_by(rule);
        if in_force {
            self.tables.used_rule(rule);
        }
        in_force
    }

    fn admits(&self, aggregator: usize, index: usize) -> bool {
        let port = &self.ports[index];
        let lag = self.tables.compared(&self.tables.lag_identifier);
        let others =
            || self.members(aggregator).filter(|&member| member != index).map(|member| &self.ports[member]);
        let own = |a: &Port, b: &Port| {
            (a.actor.system_priority, a.actor.system, a.actor.key)
                == (b.actor.system_priority, b.actor.system, b.actor.key)
        };
        // An Aggregator has the key of the port of its number.
        let key = self.ports.get(aggregator).map(|port| port.actor.key);
        let same_lag = |other: &Port| agree(&other.partner, &port.partner, lag) && own(other, port);
        self.obeys(SelectionRule::SameKey, key == Some(port.actor.key))
            && self.obeys(SelectionRule::SameLag, others().all(same_lag))
            && self.obeys(SelectionRule::IndividualAlone, !port.individual() || others().next().is_none())
            && self.obeys(SelectionRule::NotWithIndividual, others().all(|other| !other.individual()))
            && self.obeys(SelectionRule::NotWithOwnOtherEnd, others().all(|other| !other_end(port, other)))
    }

    /// Who of an Aggregator's ports is selected and who is on standby.
    fn limit(&mut self, aggregator: usize) -> bool {
        // One link is no minimum: a LAG whose only link is down keeps it selected.
        let minimum = if self.configuration.min_links > 1 { self.configuration.min_links } else { 0 };
        let limited = self.configuration.max_links < self.ports.len() || minimum > 0;
        if !limited && self.ports.iter().all(|port| port.selected != Selected::Standby) {
            return false;
        }
        let mut members: Vec<usize> = self.members(aggregator).collect();
        let Some(&first) = members.first() else { return false };
        let partner = self.ports[first].partner;
        let ours = (self.configuration.system_priority, self.configuration.system);
        let theirs = (partner.system_priority, partner.system);
        let partner_decides = theirs < ours && self.prefers(SelectionRule::BetterSystemDecides);
        let rank = |index: &usize| {
            let port = &self.ports[*index];
            let deciding = if partner_decides { &port.partner } else { &port.actor };
            let (priority, number) = (deciding.port_priority, deciding.port);
            let order = if self.prefers(SelectionRule::LowerPortFirst) {
                (priority, number)
            } else {
                (u16::MAX - priority, u16::MAX - number)
            };
            (!port.port_enabled, order)
        };
        members.sort_by_key(rank);
        let up = members.iter().filter(|index| self.ports[**index].port_enabled).count();
        let all =
            self.obeys(SelectionRule::StandbyBeyondMaximum, members.len() <= self.configuration.max_links);
        let most = if all { usize::MAX } else { self.configuration.max_links };
        let enough = self.obeys(SelectionRule::StandbyBelowMinimum, up >= minimum);
        let mut changed = false;
        for (position, index) in members.into_iter().enumerate() {
            let wanted = if position < most && enough { Selected::Selected } else { Selected::Standby };
            let port = &mut self.ports[index];
            changed |= port.selected != wanted;
            port.selected = wanted;
        }
        changed
    }
}

/// `other` is the port at the other end of `port`'s link.
fn other_end(port: &Port, other: &Port) -> bool {
    let partner = &port.partner;
    let end = &other.actor;
    (partner.system_priority, partner.system, partner.port) == (end.system_priority, end.system, end.port)
}
