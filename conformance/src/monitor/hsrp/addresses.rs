//! MAC addresses: where messages come from, and where the virtual address is told to be.

use std::net::IpAddr;

use super::message::Message;
use super::questions::{self as q, Topic};
use super::{ANNOUNCEMENTS, DISTURBING, Hsrp, MOST_ROUTERS, RECENT, State, Who, at_most, is_virtual};
use crate::monitor::Seen;
use crate::monitor::binding::Binding;
use redspec_codec::Family;

/// What is asked of the MAC address that it tells.
const fn topic(binding: &Binding) -> Topic {
    match (binding.address, binding.announces) {
        (IpAddr::V4(_), true) => q::GRATUITOUS_MAC,
        (IpAddr::V4(_), false) => q::ARP_MAC,
        (IpAddr::V6(_), _) => q::ND_MAC,
    }
}

impl Hsrp {
    /// Where a message comes from.
    pub(super) fn macs(&mut self, router: usize, message: &Message) {
        let (number, at) = (message.number, message.at);
        if let Some(identifier) = message.identifier {
            let fits = !is_virtual(identifier);
            if fits {
                self.keep_own(router, identifier);
            }
            if fits && (!message.is_hello() || message.state == Some(State::Active)) {
                self.pass(router, q::IDENTIFIER);
            } else if !fits {
                self.violated(router, q::IDENTIFIER, number, at, || {
                    format!("the identifier is {identifier}, a virtual MAC address")
                });
            }
        }
        let (Some(mac), Some(own)) = (message.mac, self.virtual_mac(router)) else {
            if message.is_hello() {
                self.unknown(router, q::SOURCE_MAC_ACTIVE);
            }
            return;
        };
        let Some(state) = message.state.filter(|_| message.is_hello()) else { return };
        if state != State::Active {
            if message.identifier.is_none() && !is_virtual(mac) {
                self.keep_own(router, mac);
            }
            if mac == own {
                self.violated(router, q::SOURCE_MAC_OTHERS, number, at, || {
                    format!("a Hello with {state:?} comes from the virtual MAC address {mac}")
                });
            } else {
                self.pass(router, q::SOURCE_MAC_OTHERS);
            }
            if let Some(identifier) = message.identifier.filter(|identifier| !is_virtual(*identifier)) {
                if identifier == mac {
                    self.pass(router, q::IDENTIFIER);
                } else if mac != own {
                    self.violated(router, q::IDENTIFIER, number, at, || {
                        format!("the identifier is {identifier}, and the Hello comes from {mac}")
                    });
                }
            }
            return;
        }
        // Of IPv6, documents alone tell.
        if self.key(router).family == Family::Ipv6 {
            if mac == own {
                self.pass(router, q::VIRTUAL_MAC_IPV6);
            } else {
                self.violated(router, q::VIRTUAL_MAC_IPV6, number, at, || {
                    format!("a Hello of the Active router comes from {mac}, expected {own}")
                });
            }
            return;
        }
        if mac == own {
            self.pass(router, q::SOURCE_MAC_ACTIVE);
            self.pass(router, q::VIRTUAL_MAC);
        } else if self.own_mac(router) == Some(mac) {
            self.violated(router, q::SOURCE_MAC_ACTIVE, number, at, || {
                format!("a Hello of the Active router comes from its own {mac}, expected {own}")
            });
        } else {
            // The group may have been given another virtual MAC address, which it should not.
            self.unknown(router, q::SOURCE_MAC_ACTIVE);
            self.violated(router, q::VIRTUAL_MAC, number, at, || {
                format!("a Hello of the Active router comes from {mac}, expected {own}")
            });
        }
    }

    fn keep_own(&mut self, router: usize, mac: redspec_codec::MacAddress) {
        let sender = self.sender(router);
        if self.own.len() < MOST_ROUTERS || self.own.contains_key(&sender) {
            self.own.insert(sender, mac);
        }
    }

    /// A frame that tells where an address is.
    pub(super) fn binding(&mut self, seen: &Seen<'_>, binding: &Binding) {
        let place = self.place(seen.port);
        if binding.announces {
            if place.announced.len() == ANNOUNCEMENTS {
                place.announced.pop_front();
            }
            place.announced.push_back((binding.address, binding.at));
        }
        let Some(mac) = binding.mac else { return };
        for index in 0..self.groups.len() {
            let group = &self.groups[index];
            if group.key.port != seen.port || group.key.group.is_none() {
                continue;
            }
            // Who is Active now.
            let active = group.recent.iter().rev().find_map(|entry| {
                let tester = self.routers[entry.router].who == Who::Tester;
                let message = entry.message.as_ref().filter(|_| !tester)?;
                (message.is(State::Active) && message.address == Some(binding.address)).then_some((
                    entry.router,
                    message.at,
                    message.hellotime,
                ))
            });
            let Some((router, at, hellotime)) = active else { continue };
            if at_most(at, binding.at) > hellotime * 3 / 2 + DISTURBING {
                continue;
            }
            let (own, physical) = (self.virtual_mac(router), self.own_mac(router));
            if Some(mac) == own {
                self.groups[index].told = true;
                self.right_binding(router, binding, physical);
            } else if physical == Some(mac) && self.groups[index].wrong.len() < RECENT {
                self.groups[index].wrong.push((router, *binding));
            } else {
                self.unknown(router, topic(binding));
            }
        }
    }

    /// The virtual MAC address is told.
    fn right_binding(
        &mut self,
        router: usize,
        binding: &Binding,
        physical: Option<redspec_codec::MacAddress>,
    ) {
        let (number, at) = (binding.number, binding.at);
        if !binding.announces || binding.address.is_ipv6() {
            return self.pass(router, topic(binding));
        }
        if let Some(source) = binding.source.filter(|source| Some(*source) == physical) {
            self.violated(router, q::GRATUITOUS_MAC, number, at, || {
                format!("gratuitous ARP for {} comes from {source}, its own MAC address", binding.address)
            });
        } else {
            self.pass(router, q::GRATUITOUS_MAC);
        }
        if binding.request {
            self.violated(router, q::GRATUITOUS_RESPONSE, number, at, || {
                format!("gratuitous ARP for {} is a request", binding.address)
            });
        } else {
            self.pass(router, q::GRATUITOUS_RESPONSE);
        }
    }

    /// Between two Hellos of a router it was Active all the time, and told its own MAC address.
    pub(super) fn wrong_bindings(&mut self, router: usize, last: &Message, message: &Message) {
        let group = self.routers[router].group;
        let all = std::mem::take(&mut self.groups[group].wrong);
        let (mine, others): (Vec<_>, Vec<_>) = all.into_iter().partition(|(who, _)| *who == router);
        self.groups[group].wrong = others;
        if mine.is_empty() {
            return;
        }
        let stayed = last.is(State::Active)
            && message.is(State::Active)
            && at_most(last.at, message.at) <= message.hellotime * 3 / 2 + DISTURBING
            && !self.disturbed(router, State::Active, last.at, message.at);
        for (_, binding) in mine {
            let tells = |message: &Message| message.address == Some(binding.address);
            if !(stayed && tells(last) && tells(message)) {
                self.unknown(router, topic(&binding));
                continue;
            }
            let own = self.virtual_mac(router).unwrap_or_default();
            let mac = binding.mac.unwrap_or_default();
            self.violated(router, topic(&binding), binding.number, binding.at, || {
                format!("{} is said to be at {mac}, its own MAC address, expected {own}", binding.address)
            });
            if !self.in_bed(router) && self.groups[group].told {
                self.once(router, router, q::ONE_MAC, binding.number, binding.at, || {
                    format!("{} is said to be at {mac}, and at {own} before", binding.address)
                });
            }
        }
    }
}
