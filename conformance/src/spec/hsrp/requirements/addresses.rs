//! The virtual address: who answers for it, and with which MAC address; what is sent through it.

use super::requirements;
use crate::spec::Requirement;

pub(super) const V1_ARP: &[Requirement] = requirements! {
    "hsrp1.arp.active-answers" Must Wire VIRTUAL_ROUTER HSRP1
        "An Active router answers an ARP request for the virtual address.";
    "hsrp1.arp.virtual-mac" Must Wire VIRTUAL_ROUTER HSRP1
        "An ARP reply for the virtual address has the virtual MAC address as sender.";
    "hsrp1.arp.others-silent" Must Wire VIRTUAL_ROUTER HSRP1
        "A router that is not Active does not answer ARP requests for the virtual address.";
    "hsrp1.arp.left-silent" Should Wire VIRTUAL_ROUTER HSRP1
        "A router that has left Active answers ARP for the virtual address no more.";
    "hsrp1.arp.reply-time" Should Wire VIRTUAL_ROUTER HSRP1
        "An Active router answers an ARP request within 100 ms.";
    "hsrp1.arp.gratuitous" Must Wire GRATUITOUS_ARP HSRP1 ["hsrp1.group.standby.active-timer"]
        "A router that becomes Active broadcasts a gratuitous ARP for the virtual address.";
    "hsrp1.arp.gratuitous-address" Must Wire GRATUITOUS_ARP HSRP1
        "A gratuitous ARP names the virtual address as sender.";
    "hsrp1.arp.gratuitous-virtual-mac" Must Wire GRATUITOUS_ARP HSRP1
        "A gratuitous ARP has the virtual MAC address as sender, and comes from it.";
    "hsrp1.arp.gratuitous-response" Should Wire GRATUITOUS_ARP HSRP1
        "A gratuitous ARP is a reply and not a request.";
    "hsrp1.arp.gratuitous-repeated" Info Wire CISCO ONLY_CISCO1
        "A gratuitous ARP is sent again some seconds later, or is not.";
    "hsrp1.arp.gratuitous-multicast" Info Wire CISCO ONLY_CISCO1
        "A gratuitous ARP is also sent to 01-00-0c-cd-cd-cd, or is not.";
    "hsrp1.arp.proxy" Must WireAndConfiguration PROXY_ARP HSRP1
        "A proxy ARP reply has the virtual MAC address as sender.";
    "hsrp1.arp.proxy-any-state" Must WireAndConfiguration PROXY_ARP ONLY_2281
        "Proxy ARP replies are sent in every state.";
    "hsrp1.arp.proxy-any-state-cisco" Info WireAndConfiguration DOCUMENTS ONLY_CISCO1
        "Proxy ARP replies are sent in every state, or only by an Active router.";
    "hsrp1.arp.own-announced" May No ("only a controller with room for one MAC address has reason to")
        ADDRESS_FILTER HSRP1
        "A router with no MAC address but the virtual one sends gratuitous ARP for its own addresses, or does not.";
};

pub(super) const V2_ARP: &[Requirement] = requirements! {
    "hsrp2.arp.active-answers" Should Wire VIRTUAL_ROUTER HSRP2
        "An Active router answers an ARP request for the virtual address.";
    "hsrp2.arp.virtual-mac" Should Wire VIRTUAL_ROUTER HSRP2
        "An ARP reply for the virtual address has the virtual MAC address as sender.";
    "hsrp2.arp.others-silent" Should Wire VIRTUAL_ROUTER HSRP2
        "A router that is not Active does not answer ARP requests for the virtual address.";
    "hsrp2.arp.left-silent" Should Wire VIRTUAL_ROUTER HSRP2
        "A router that has left Active answers ARP for the virtual address no more.";
    "hsrp2.arp.reply-time" Should Wire VIRTUAL_ROUTER HSRP2
        "An Active router answers an ARP request within 100 ms.";
    "hsrp2.arp.gratuitous" Must Wire GRATUITOUS_ARP HSRP2 ["hsrp2.group.standby.active-timer"]
        "A router that becomes Active broadcasts a gratuitous ARP for the virtual IPv4 address.";
    "hsrp2.arp.gratuitous-address" Must Wire GRATUITOUS_ARP HSRP2
        "A gratuitous ARP names the virtual address as sender.";
    "hsrp2.arp.gratuitous-virtual-mac" Must Wire GRATUITOUS_ARP HSRP2
        "A gratuitous ARP has the virtual MAC address as sender, and comes from it.";
    "hsrp2.arp.gratuitous-response" Should Wire GRATUITOUS_ARP HSRP2
        "A gratuitous ARP is a reply and not a request.";
    "hsrp2.arp.gratuitous-repeated" Info Wire CISCO HSRP2
        "A gratuitous ARP is sent again some seconds later, or is not.";
    "hsrp2.arp.gratuitous-multicast" Info Wire CISCO HSRP2
        "A gratuitous ARP is also sent to 01-00-0c-cd-cd-cd, or is not.";
    "hsrp2.arp.proxy" Should WireAndConfiguration PROXY_ARP HSRP2
        "A proxy ARP reply has the virtual MAC address as sender.";
    "hsrp2.arp.proxy-any-state" Info WireAndConfiguration DOCUMENTS HSRP2
        "Proxy ARP replies are sent in every state, or only by an Active router.";
};

pub(super) const V2_ND: &[Requirement] = requirements! {
    "hsrp2.nd.active-answers" Info Wire DOCUMENTS HSRP2
        "An Active router answers a Neighbor Solicitation for the virtual address.";
    "hsrp2.nd.virtual-mac" Info Wire DOCUMENTS HSRP2
        "A Neighbor Advertisement for the virtual address tells the virtual MAC address.";
    "hsrp2.nd.router-flag" Info Wire DOCUMENTS HSRP2
        "A Neighbor Advertisement for the virtual address has the Router flag set.";
    "hsrp2.nd.others-silent" Info Wire DOCUMENTS HSRP2
        "A router that is not Active does not answer Neighbor Solicitations for the virtual address.";
    "hsrp2.nd.unsolicited" Info Wire DOCUMENTS HSRP2
        "A router that becomes Active sends unsolicited Neighbor Advertisements for the virtual address.";
    "hsrp2.nd.unsolicited-flags" Info Wire DOCUMENTS HSRP2
        "An unsolicited Neighbor Advertisement has the flags Router and Override set, and reserved bits of zero.";
    "hsrp2.nd.last-router-advertisement" Info WireAndConfiguration UNCONFIRMED HSRP2
        "A router that leaves Active sends a last Router Advertisement with a lifetime of 0.";
    "hsrp2.nd.others-no-router-advertisement" Info WireAndConfiguration UNCONFIRMED HSRP2
        "A router that is not Active sends no Router Advertisement from the virtual address.";
};

pub(super) const V1_FORWARDING: &[Requirement] = requirements! {
    "hsrp1.forwarding.active" Must DataPlane VIRTUAL_MAC_TRAFFIC HSRP1
        "An Active router forwards packets that are sent to the virtual MAC address.";
    "hsrp1.forwarding.others" Must DataPlane VIRTUAL_MAC_TRAFFIC HSRP1
        "A router that is not Active does not forward packets that are sent to the virtual MAC address.";
    "hsrp1.forwarding.left" Must DataPlane VIRTUAL_MAC_TRAFFIC HSRP1
        "A router that leaves Active stops forwarding packets that are sent to the virtual MAC address.";
    "hsrp1.forwarding.once" Should DataPlane VIRTUAL_MAC_TRAFFIC HSRP1
        "An Active router forwards a packet once, with TTL one less.";
    "hsrp1.forwarding.multicast" Should DataPlane SECURITY HSRP1
        "A packet to 224.0.0.2 is not forwarded, whatever its TTL.";
};

pub(super) const V2_FORWARDING: &[Requirement] = requirements! {
    "hsrp2.forwarding.active" Should DataPlane VIRTUAL_MAC_TRAFFIC HSRP2
        "An Active router forwards packets that are sent to the virtual MAC address.";
    "hsrp2.forwarding.others" Should DataPlane VIRTUAL_MAC_TRAFFIC HSRP2
        "A router that is not Active does not forward packets that are sent to the virtual MAC address.";
    "hsrp2.forwarding.left" Should DataPlane VIRTUAL_MAC_TRAFFIC HSRP2
        "A router that leaves Active stops forwarding packets that are sent to the virtual MAC address.";
    "hsrp2.forwarding.once" Should DataPlane VIRTUAL_MAC_TRAFFIC HSRP2
        "An Active router forwards a packet once, with TTL one less.";
    "hsrp2.forwarding.multicast" Should DataPlane SECURITY HSRP2
        "A packet to 224.0.0.102 is not forwarded, whatever its TTL.";
};

pub(super) const V1_ICMP: &[Requirement] = requirements! {
    "hsrp1.icmp.redirect" Must Wire REDIRECTS ONLY_2281
        "An Active router sends no ICMP redirect.";
    "hsrp1.icmp.redirect-cisco" Info Wire DOCUMENTS ONLY_CISCO1
        "An Active router sends no ICMP redirect, or some that tell no router's own address.";
    "hsrp1.icmp.redirect-others" Must Wire REDIRECTS ONLY_2281
        "A router of the group that is not Active sends no ICMP redirect either.";
    "hsrp1.icmp.redirect-others-cisco" Info Wire DOCUMENTS ONLY_CISCO1
        "A router of the group that is not Active sends no ICMP redirect, or sends some.";
    "hsrp1.icmp.redirect-virtual" Info Wire REDIRECTS HSRP1
        "An ICMP redirect that is sent all the same names a virtual address, or a real one.";
    "hsrp1.icmp.primary-hidden" Should No ("there is no list of the protocols that would tell") REDIRECTS HSRP1
        "No protocol tells hosts the routers' own addresses.";
};

pub(super) const V2_ICMP: &[Requirement] = requirements! {
    "hsrp2.icmp.redirect" Info Wire DOCUMENTS HSRP2
        "An Active router sends no ICMP redirect, or some that tell no router's own address.";
    "hsrp2.icmp.redirect-others" Info Wire DOCUMENTS HSRP2
        "A router of the group that is not Active sends no ICMP redirect, or sends some.";
    "hsrp2.icmp.redirect-virtual" Info Wire REDIRECTS HSRP2
        "An ICMP redirect that is sent all the same names a virtual address, or a real one.";
};
