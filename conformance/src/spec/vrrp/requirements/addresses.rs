//! The virtual addresses: who answers for them, and with which MAC address; what is sent to and through them.

use super::requirements;
use crate::spec::Requirement;

pub(super) const V2_ARP: &[Requirement] = requirements! {
    "vrrp2.arp.active-answers" Must Wire ARP_REPLY VRRP2
        "A Master answers an ARP request for each virtual address, in that address's name.";
    "vrrp2.arp.virtual-mac" Must Wire ARP VRRP2
        "A Master's ARP reply for a virtual address has the virtual MAC address as sender.";
    "vrrp2.arp.never-physical-mac" Must Wire ARP VRRP2
        "No ARP reply for a virtual address ever has the router's physical MAC address as sender.";
    "vrrp2.arp.backup-silent" Must Wire BACKUP VRRP2
        "A Backup does not answer ARP requests for the virtual addresses.";
    "vrrp2.arp.gratuitous-virtual-mac" Must Wire GRATUITOUS_ARP VRRP2
        "A gratuitous ARP for a virtual address has the virtual MAC address as sender.";
    "vrrp2.arp.gratuitous-address" Must Wire GRATUITOUS_ARP VRRP2
        "A gratuitous ARP names the virtual address both as sender and as target.";
    "vrrp2.arp.gratuitous-broadcast" Must Wire GRATUITOUS_ARP VRRP2
        "The gratuitous ARP of a router that becomes Master is broadcast, at least once for each address.";
    "vrrp2.arp.gratuitous-request" Should Wire GRATUITOUS_ARP VRRP2
        "A gratuitous ARP is a request and not a reply.";
    "vrrp2.arp.physical-address" Info Wire ARP VRRP2
        "ARP requests for the router's own address are answered, with the physical MAC address or another.";
    "vrrp2.arp.probe" Info Wire ARP VRRP2
        "An ARP request for a virtual address that comes in its own name or from 0.0.0.0 is answered or not.";
    "vrrp2.arp.proxy" Should WireAndConfiguration PROXY_ARP VRRP2
        "A Master's proxy ARP replies have the virtual MAC address as sender.";
    "vrrp2.arp.boot-physical" Should WireAndConfiguration ARP VRRP2
        "A router that boots sends no ARP with its physical MAC address for an address that it owns.";
    "vrrp2.arp.boot-announced" Should WireAndConfiguration ARP VRRP2
        "A router that configures an interface broadcasts gratuitous ARP with the virtual MAC address for it.";
    "vrrp2.arp.boot-delayed" May WireAndConfiguration ARP VRRP2
        "A router that boots holds ARP back until it has its address and the virtual MAC address, or does not.";
    "vrrp2.arp.reply-time" Should Wire ARP VRRP2
        "A Master answers an ARP request within 100 ms.";
};

pub(super) const V3_ARP: &[Requirement] = requirements! {
    "vrrp3.arp.active-answers" Must Wire ARP_REPLY VRRP3
        "An Active router answers an ARP request for each virtual IPv4 address, in that address's name.";
    "vrrp3.arp.virtual-mac" Must Wire ARP VRRP3
        "An Active router's ARP reply for a virtual address has the virtual MAC address as sender.";
    "vrrp3.arp.never-physical-mac" Must Wire ARP VRRP3
        "No ARP reply for a virtual address ever has the router's physical MAC address as sender.";
    "vrrp3.arp.backup-silent" Must Wire BACKUP VRRP3
        "A Backup does not answer ARP requests for the virtual addresses.";
    "vrrp3.arp.reply-source-mac" Info Wire ARP VRRP3
        "The frame of an ARP reply comes from the physical MAC address or from the virtual one.";
    "vrrp3.arp.gratuitous-virtual-mac" Must Wire GRATUITOUS_ARP VRRP3
        "A gratuitous ARP for a virtual address has the virtual MAC address as sender.";
    "vrrp3.arp.gratuitous-address" Must Wire GRATUITOUS_ARP VRRP3
        "A gratuitous ARP names the virtual address both as sender and as target.";
    "vrrp3.arp.gratuitous-target-mac" Info Wire GRATUITOUS_ARP ONLY_9568
        "The target MAC address of a gratuitous ARP is the virtual one, or 0, or broadcast.";
    "vrrp3.arp.gratuitous-broadcast" Must Wire GRATUITOUS_ARP VRRP3
        "The gratuitous ARP of a router that becomes Active is broadcast, at least once for each address.";
    "vrrp3.arp.gratuitous-request" Should Wire GRATUITOUS_ARP VRRP3
        "A gratuitous ARP is a request and not a reply.";
    "vrrp3.arp.physical-address" Info Wire ARP VRRP3
        "ARP requests for the router's own address are answered, with the physical MAC address or another.";
    "vrrp3.arp.probe" Info Wire ARP VRRP3
        "An ARP request for a virtual address that comes in its own name or from 0.0.0.0 is answered or not.";
    "vrrp3.arp.proxy" Must WireAndConfiguration PROXY_ARP ONLY_9568
        "An Active router's proxy ARP replies have the virtual MAC address as sender.";
    "vrrp3.arp.proxy-2010" Should WireAndConfiguration PROXY_ARP ONLY_5798
        "Proxy ARP replies of an Active router name the virtual MAC address as sender.";
    "vrrp3.arp.boot-physical" Should WireAndConfiguration ARP VRRP3
        "A router that boots sends no ARP with its physical MAC address for an address that it owns.";
    "vrrp3.arp.boot-announced" Should WireAndConfiguration ARP VRRP3
        "An Active router that configures an interface broadcasts a gratuitous ARP with the virtual MAC address.";
    "vrrp3.arp.boot-delayed" Must WireAndConfiguration ARP ONLY_9568
        "A router that boots sends no gratuitous ARP before it has its address and the virtual MAC address.";
    "vrrp3.arp.boot-delayed-2010" May WireAndConfiguration ARP ONLY_5798
        "A router that boots holds ARP back until it has its address and the virtual MAC address, or does not.";
    "vrrp3.arp.reply-time" Should Wire ARP VRRP3
        "An Active router answers an ARP request within 100 ms.";
};

pub(super) const V3_ND: &[Requirement] = requirements! {
    // Neighbor Solicitations for the virtual addresses.
    "vrrp3.nd.active-answers" Must Wire ND_REPLY VRRP3
        "An Active router answers an NS for each virtual IPv6 address.";
    "vrrp3.nd.virtual-mac" Must Wire ND VRRP3
        "An NA for a virtual address tells the virtual MAC address, at least where it answers a multicast NS.";
    "vrrp3.nd.never-physical-mac" Must Wire ND VRRP3
        "No NA for a virtual address ever tells the router's physical MAC address.";
    "vrrp3.nd.router-flag" Must Wire ACTIVE ONLY_9568
        "The NA that answers an NS for a virtual address has the Router flag set.";
    "vrrp3.nd.router-flag-2010" Info Wire ND_REPLY ONLY_5798
        "The NA that answers an NS for a virtual address has the Router flag set, or not.";
    "vrrp3.nd.solicited-flag" Should Wire ND VRRP3
        "The NA that answers an NS has the Solicited flag set, unless the NS came from the unspecified address.";
    "vrrp3.nd.detection-answered" May Wire ND VRRP3
        "An Active router answers the duplicate address detection of another for a virtual address, or does not.";
    "vrrp3.nd.detection-answer" Should Wire ND VRRP3
        "An NA that answers duplicate address detection goes to all nodes, without the Solicited flag.";
    "vrrp3.nd.detection-skipped" May WireAndConfiguration ND VRRP3
        "An owner that starts detects duplicates of its virtual addresses, or does not.";
    "vrrp3.nd.backup-silent" Must Wire BACKUP VRRP3
        "A Backup does not answer an NS for the virtual addresses.";
    "vrrp3.nd.accept-mode" Must Wire ACCEPT_MODE_ND VRRP3
        "NS and NA are not dropped because Accept_Mode is False.";
    "vrrp3.nd.reply-time" Should Wire ND VRRP3
        "An Active router answers an NS within 200 ms.";
    "vrrp3.nd.solicited-node-group" Must Wire SOLICITED_NODE VRRP3
        "An Active router gets what is sent to the solicited-node groups of the virtual addresses.";
    "vrrp3.nd.solicited-node-report" Should Wire SOLICITED_NODE VRRP3
        "A router that becomes Active reports the solicited-node groups of the virtual addresses by MLD.";

    // Router Advertisements.
    "vrrp3.nd.router-advertisement" Must WireAndConfiguration ACTIVE VRRP3
        "An Active router sends Router Advertisements for the virtual router.";
    "vrrp3.nd.router-advertisement-source" Should WireAndConfiguration ACTIVE VRRP3
        "Router Advertisements for the virtual router come from its link-local address.";
    "vrrp3.nd.router-advertisement-mac" Should WireAndConfiguration ACTIVE VRRP3
        "Router Advertisements for the virtual router tell the virtual MAC address, if any.";
    "vrrp3.nd.backup-no-router-advertisement" Must WireAndConfiguration BACKUP VRRP3
        "A Backup sends no Router Advertisements for the virtual router.";
    "vrrp3.nd.router-advertisement-options" Must No ("it is a matter of two routers' configurations")
        ROUTER_ADVERTISEMENTS ONLY_9568
        "Backups are configured with the options that the owner's Router Advertisements have.";
    "vrrp3.nd.router-advertisement-options-2010" Should No ("it is a matter of two routers' configurations")
        ROUTER_ADVERTISEMENTS ONLY_5798
        "Backups are configured to send the Router Advertisement options that the owner sends.";
    "vrrp3.nd.special-services" Should No ("whether Backups can take a service over is not on the wire")
        ROUTER_ADVERTISEMENTS VRRP3
        "An owner does not advertise services that its Backups cannot take over.";

    // What the router sends by itself.
    "vrrp3.nd.own-solicitation" Must DataPlane ND VRRP3
        "The source link-layer address in an Active router's own NS, if any, is the virtual one, not the physical.";
    "vrrp3.nd.unsolicited-flags" Must Wire UNSOLICITED_NA VRRP3
        "An unsolicited NA for a virtual address has Router and Override set, and Solicited not.";
    "vrrp3.nd.unsolicited-target" Must Wire UNSOLICITED_NA VRRP3
        "An unsolicited NA has a virtual address as target, with the virtual MAC address as its link-layer address.";
    "vrrp3.nd.unsolicited-destination" Should Wire UNSOLICITED_NA VRRP3
        "An unsolicited NA goes to all nodes, ff02::1.";
    "vrrp3.nd.hop-limit" Should Wire UNSOLICITED_NA VRRP3
        "An unsolicited NA has Hop Limit 255.";
    "vrrp3.nd.identifier-normal" Must No ("any identifier is one that some normal way makes")
        INTERFACE_IDENTIFIERS ONLY_5798
        "Interface Identifiers are made the normal way.";
    "vrrp3.nd.eui64" Must Wire INTERFACE_IDENTIFIERS ONLY_5798
        "No address of the router itself has the EUI-64 of the virtual MAC address in it.";
    "vrrp3.nd.eui64-2024" Info Wire INTERFACE_IDENTIFIERS ONLY_9568
        "An address of the router itself has the EUI-64 of the virtual MAC address in it, or not.";
    "vrrp3.nd.identifier-algorithms" Must No ("what an identifier was computed from cannot be told")
        INTERFACE_IDENTIFIERS ONLY_9568
        "The virtual MAC address goes into no Interface Identifier of RFC 7217 or RFC 8981.";
    "vrrp3.nd.cache-updated" Should DataPlane UNSOLICITED_NA_RECEIVED ONLY_9568
        "An unsolicited NA of a host updates the router's neighbor cache, in Active and in Backup.";

    // Restart.
    "vrrp3.nd.boot-physical" Should WireAndConfiguration ND VRRP3
        "A router that boots sends no ND message with its physical MAC address for an address that it owns.";
    "vrrp3.nd.boot-announced" Should WireAndConfiguration ND VRRP3
        "An Active router that configures an interface sends an unsolicited NA with the virtual MAC address.";
    "vrrp3.nd.before-virtual-mac" Must WireAndConfiguration ND ONLY_9568
        "A router that boots sends no RA, NA or NS before it has the virtual address and the virtual MAC address.";
    "vrrp3.nd.before-virtual-mac-2010" Should WireAndConfiguration ND ONLY_5798
        "A router that boots delays RA, NA and NS until virtual address and virtual MAC address are configured.";
};

pub(super) const V2_FORWARDING: &[Requirement] = requirements! {
    "vrrp2.forwarding.active" Must DataPlane ACTIVE VRRP2
        "A Master forwards packets that are sent to the virtual MAC address.";
    "vrrp2.forwarding.once" Should DataPlane ACTIVE VRRP2
        "A Master forwards a packet once, with TTL one less.";
    "vrrp2.forwarding.backup" Must DataPlane BACKUP VRRP2
        "A Backup discards packets that are sent to the virtual MAC address.";
    "vrrp2.forwarding.accept-owner" Must Wire ACTIVE VRRP2
        "A Master that owns the virtual addresses accepts packets to them.";
    "vrrp2.forwarding.not-accepted" Must Wire ACTIVE VRRP2
        "A Master that is no owner does not accept packets to the virtual addresses.";
    "vrrp2.forwarding.backup-not-accepted" Must Wire BACKUP VRRP2
        "A Backup does not accept packets to the virtual addresses.";
    "vrrp2.forwarding.own-address" Should Wire FORWARDING_LOOP ONLY_3768
        "A Master that is no owner does not forward packets to the virtual addresses, on no port.";
    "vrrp2.forwarding.multicast" Must DataPlane LINK_SCOPE VRRP2
        "A packet to 224.0.0.18 is not forwarded, whatever its TTL.";
};

pub(super) const V3_FORWARDING: &[Requirement] = requirements! {
    "vrrp3.forwarding.active" Must DataPlane ACTIVE VRRP3
        "An Active router forwards packets that are sent to the virtual MAC address.";
    "vrrp3.forwarding.once" Should DataPlane ACTIVE VRRP3
        "An Active router forwards a packet once, with TTL or Hop Limit one less.";
    "vrrp3.forwarding.backup" Must DataPlane BACKUP VRRP3
        "A Backup discards packets that are sent to the virtual MAC address.";
    "vrrp3.forwarding.accept-owner" Must Wire ACTIVE VRRP3
        "An Active router that owns the virtual addresses accepts packets to them, whatever its Accept_Mode.";
    "vrrp3.forwarding.accept-mode" Must WireAndConfiguration ACTIVE VRRP3
        "With Accept_Mode, an Active router that is no owner accepts packets to the virtual addresses.";
    "vrrp3.forwarding.not-accepted" Must Wire ACTIVE VRRP3
        "Without Accept_Mode, an Active router that is no owner does not accept packets to the virtual addresses.";
    "vrrp3.forwarding.backup-not-accepted" Must Wire BACKUP VRRP3
        "A Backup does not accept packets to the virtual addresses.";
    "vrrp3.forwarding.backup-accept-mode" Must WireAndConfiguration BACKUP VRRP3
        "A Backup does not accept packets to the virtual addresses if Accept_Mode is True either.";
    "vrrp3.forwarding.own-address" Should Wire FORWARDING_LOOP VRRP3
        "An Active router that is no owner does not forward packets to the virtual addresses, on no port.";
    "vrrp3.forwarding.multicast" Must DataPlane LINK_SCOPE VRRP3
        "A packet to 224.0.0.18 or ff02::12 is not forwarded, whatever its TTL or Hop Limit.";
};

pub(super) const V2_ICMP: &[Requirement] = requirements! {
    "vrrp2.icmp.redirect" Should Wire REDIRECTS VRRP2
        "An ICMP redirect comes from the address that the host sent its packet through, a virtual one.";
    "vrrp2.icmp.redirect-virtual-router" Should Wire REDIRECTS VRRP2
        "Of several virtual routers, a redirect comes from the one whose MAC address the host's packet went to.";
    "vrrp2.icmp.redirect-optional" May Wire REDIRECTS VRRP2
        "A Master sends ICMP redirects, or does not.";
};

pub(super) const V3_ICMP: &[Requirement] = requirements! {
    "vrrp3.icmp.redirect" Should Wire REDIRECTS VRRP3
        "A redirect comes from the address that the host's packet went through, over IPv6 the virtual link-local.";
    "vrrp3.icmp.redirect-virtual-router" Should Wire REDIRECTS VRRP3
        "Of several virtual routers, a redirect comes from the one whose MAC address the host's packet went to.";
    "vrrp3.icmp.redirect-optional" May Wire REDIRECTS VRRP3
        "An Active router sends redirects, or does not.";
};
