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

    fn may_be_selected(&self, port: &Port) -> bool {
        let configured =
            self.configuration.suspend_individual || self.configuration.fallback != Fallback::None;
        let suspended = self.tables.selects_by(SelectionRule::SuspendWithoutPartner)
            && configured
            && port.actor.state.has(State::DEFAULTED);
        !suspended && (port.port_enabled || !self.tables.selects_by(SelectionRule::PortEnabled))
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
        let same_lag =
            candidates.iter().find(occupied).filter(|_| self.tables.selects_by(SelectionRule::SameLagFirst));
        let own = candidates.iter().find(|aggregator| **aggregator == index);
        same_lag.or(own.filter(|own| !occupied(own))).or_else(|| candidates.first()).copied()
    }

    fn admits(&self, aggregator: usize, index: usize) -> bool {
        let rule = |rule| self.tables.selects_by(rule);
        let port = &self.ports[index];
        let lag = &self.tables.lag_identifier.fields;
        let others =
            || self.members(aggregator).filter(|&member| member != index).map(|member| &self.ports[member]);
        let own = |a: &Port, b: &Port| {
            (a.actor.system_priority, a.actor.system, a.actor.key)
                == (b.actor.system_priority, b.actor.system, b.actor.key)
        };
        // An Aggregator has the key of the port of its number.
        let key = self.ports.get(aggregator).map(|port| port.actor.key);
        (!rule(SelectionRule::SameKey) || key == Some(port.actor.key))
            && (!rule(SelectionRule::SameLag)
                || others().all(|other| agree(&other.partner, &port.partner, lag) && own(other, port)))
            && (!rule(SelectionRule::IndividualAlone) || !port.individual() || others().next().is_none())
            && (!rule(SelectionRule::NotWithIndividual) || others().all(|other| !other.individual()))
            && (!rule(SelectionRule::NotWithOwnOtherEnd) || others().all(|other| !other_end(port, other)))
    }

    /// Who of an Aggregator's ports is selected and who is on standby.
    fn limit(&mut self, aggregator: usize) -> bool {
        let rule = |rule| self.tables.selects_by(rule);
        let mut members: Vec<usize> = self.members(aggregator).collect();
        let Some(&first) = members.first() else { return false };
        let partner = self.ports[first].partner;
        let ours = (self.configuration.system_priority, self.configuration.system);
        let theirs = (partner.system_priority, partner.system);
        let partner_decides = rule(SelectionRule::BetterSystemDecides) && theirs < ours;
        let rank = |index: &usize| {
            let port = &self.ports[*index];
            let deciding = if partner_decides { &port.partner } else { &port.actor };
            let (priority, number) = (deciding.port_priority, deciding.port);
            let order = if rule(SelectionRule::LowerPortFirst) {
                (priority, number)
            } else {
                (u16::MAX - priority, u16::MAX - number)
            };
            (!port.port_enabled, order)
        };
        members.sort_by_key(rank);
        let up = members.iter().filter(|index| self.ports[**index].port_enabled).count();
        let most =
            if rule(SelectionRule::StandbyBeyondMaximum) { self.configuration.max_links } else { usize::MAX };
        // One link is no minimum: a LAG whose only link is down keeps it selected.
        let minimum = if self.configuration.min_links > 1 { self.configuration.min_links } else { 0 };
        let enough = !rule(SelectionRule::StandbyBelowMinimum) || up >= minimum;
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
