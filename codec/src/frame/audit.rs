//! What the standards ask of the frame around a message.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::{Frame, Network, Pdu, Protocol};
use crate::checksum::Family;
use crate::error::Error;
use crate::field::MacAddress;
use crate::rule::{Auditor, Deviation, Rule};
use crate::slow::SlowPdu;
use crate::vrrp::VrrpPdu;
use crate::{glbp, hsrp};

/// What a protocol that runs over UDP asks of the headers.
struct UdpRules {
    group: Ipv4Addr,
    group_rule: &'static Rule,
    ttl: &'static [u8],
    ttl_rule: &'static Rule,
    port: u16,
    port_rule: &'static Rule,
}

const HSRP1: UdpRules = UdpRules {
    group: Ipv4Addr::new(224, 0, 0, 2),
    group_rule: &rules::HSRP1_DESTINATION,
    ttl: &[1],
    ttl_rule: &rules::HSRP1_TTL,
    port: hsrp::PORT,
    port_rule: &rules::HSRP1_PORT,
};

const HSRP2: UdpRules = UdpRules {
    group: Ipv4Addr::new(224, 0, 0, 102),
    group_rule: &rules::HSRP2_DESTINATION,
    ttl: &[1, 255],
    ttl_rule: &rules::HSRP2_TTL,
    port: hsrp::PORT,
    port_rule: &rules::HSRP2_PORT,
};

const GLBP: UdpRules = UdpRules {
    group: Ipv4Addr::new(224, 0, 0, 102),
    group_rule: &rules::GLBP_DESTINATION,
    ttl: &[255],
    ttl_rule: &rules::GLBP_TTL,
    port: glbp::PORT,
    port_rule: &rules::GLBP_PORT,
};

impl<'a> Frame<'a> {
    /// [`Frame::pdu`], and every deviation of the message and of the headers around it. Offsets count from the first
    /// octet of the frame. The checksum of VRRPv3 is judged with the addresses of the IP header.
    ///
    /// # Errors
    /// As [`Frame::pdu`]; nothing is reported then.
    pub fn audit(&self, report: &mut dyn FnMut(Deviation)) -> Result<(Pdu<'a>, &'a [u8]), Error> {
        let payload = self.whole_payload()?;
        let at = self.payload_at();
        let shifted = &mut |deviation: Deviation| report(deviation.shifted(at));
        let (pdu, rest) = match self.protocol() {
            Protocol::Slow => SlowPdu::audit(payload, shifted).map(|(pdu, rest)| (Pdu::Slow(pdu), rest)),
            Protocol::Vrrp => {
                VrrpPdu::audit(payload, self.family().unwrap_or(Family::Ipv4), self.carrier(), shifted)
                    .map(|(pdu, rest)| (Pdu::Vrrp(pdu), rest))
            }
            Protocol::Hsrp1 => {
                hsrp::v1::Pdu::audit(payload, shifted).map(|(pdu, rest)| (Pdu::Hsrp1(pdu), rest))
            }
            Protocol::Hsrp2 => {
                hsrp::v2::MessageRef::audit(payload, shifted).map(|(pdu, rest)| (Pdu::Hsrp2(pdu), rest))
            }
            Protocol::Glbp => {
                glbp::MessageRef::audit(payload, shifted).map(|(pdu, rest)| (Pdu::Glbp(pdu), rest))
            }
            Protocol::Arp | Protocol::NeighborDiscovery | Protocol::Other => return self.pdu(),
        }
        .map_err(|error| error.shifted(at))?;

        let audit = &mut Auditor::new(report);
        match pdu {
            Pdu::Slow(pdu) => self.audit_slow(&pdu, audit),
            Pdu::Vrrp(VrrpPdu::V2(pdu)) => self.audit_vrrp(pdu.vrid(), audit),
            Pdu::Vrrp(VrrpPdu::V3(pdu)) => self.audit_vrrp(pdu.vrid(), audit),
            Pdu::Hsrp1(_) => self.audit_udp(&HSRP1, audit),
            Pdu::Hsrp2(_) => {
                self.audit_udp(&HSRP2, audit);
                if let (Network::Ipv6(header), Some(IpAddr::V6(destination))) =
                    (self.network(), self.destination_ip())
                {
                    let right = destination == Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 0x66);
                    let at = self.offset_of(header.slice()) + 24;
                    audit.check(right, &rules::HSRP2_DESTINATION_IPV6, at, header.destination()[15]);
                }
            }
            Pdu::Glbp(_) => self.audit_udp(&GLBP, audit),
            Pdu::Vrrp(VrrpPdu::Carp(_)) | Pdu::Arp(_) | Pdu::NeighborDiscovery(_) => {}
        }
        Ok((pdu, rest))
    }

    fn destination_is(&self, mac: [u8; 6], rule: &'static Rule, audit: &mut Auditor<'_>) {
        if let Some(destination) = self.destination_mac() {
            audit.check(destination == MacAddress(mac), rule, 0, destination.0[5]);
        }
    }

    fn audit_slow(&self, pdu: &SlowPdu<'_>, audit: &mut Auditor<'_>) {
        let (Some(destination), Some(source)) = (self.destination_mac(), self.source_mac()) else { return };
        let (block, last) = (&destination.0[..5], destination.0[5]);
        // 2014 and later let a port use the nearest-customer and nearest-non-TPMR bridge addresses.
        let others: &[u8] = if matches!(pdu, SlowPdu::Lacp(_) | SlowPdu::Marker(_)) { &[0, 3] } else { &[] };
        let right = *block == [0x01, 0x80, 0xc2, 0, 0] && (last == 2 || others.contains(&last));
        audit.check(right, &rules::SLOW_DESTINATION, 0, last);
        audit.check(!source.is_group(), &rules::SLOW_SOURCE, 6, source.0[0]);
        audit.check(self.vlan_tag_count() == 0, &rules::SLOW_UNTAGGED, 12, 0u8);
    }

    fn audit_vrrp(&self, vrid: u8, audit: &mut Auditor<'_>) {
        // The fifth octet of the virtual MAC tells the family (RFC 9568 section 7.3).
        let family_octet = match self.network() {
            Network::None => return,
            Network::Ipv4(header) => {
                let at = self.offset_of(header.slice());
                let group = Ipv4Addr::new(224, 0, 0, 18);
                let destination = header.destination_addr();
                audit.check(destination == group, &rules::VRRP_DESTINATION, at + 16, u32::from(destination));
                audit.check(header.ttl() == 255, &rules::VRRP_TTL, at + 8, header.ttl());
                self.check_ipv4_checksum(audit);
                // Only a group has its MAC address from its IP address.
                if destination == group {
                    self.destination_is([1, 0, 0x5e, 0, 0, 18], &rules::VRRP_DESTINATION_MAC, audit);
                }
                1
            }
            Network::Ipv6(header) => {
                let at = self.offset_of(header.slice());
                let group = Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 0x12);
                let right = header.destination_addr() == group;
                audit.check(right, &rules::VRRP_DESTINATION, at + 24, header.destination()[15]);
                audit.check(header.hop_limit() == 255, &rules::VRRP_TTL, at + 7, header.hop_limit());
                let source = header.source_addr();
                audit.check(
                    source.is_unicast_link_local(),
                    &rules::VRRP_SOURCE_LINK_LOCAL,
                    at + 8,
                    source.segments()[0],
                );
                if right {
                    self.destination_is([0x33, 0x33, 0, 0, 0, 0x12], &rules::VRRP_DESTINATION_MAC, audit);
                }
                2
            }
        };
        if let Some(source) = self.source_mac() {
            let virtual_mac = MacAddress([0, 0, 0x5e, 0, family_octet, vrid]);
            audit.check(source == virtual_mac, &rules::VRRP_SOURCE_MAC, 6, source.0[5]);
        }
    }

    fn audit_udp(&self, expected: &UdpRules, audit: &mut Auditor<'_>) {
        if let (Network::Ipv4(header), Some(IpAddr::V4(destination))) =
            (self.network(), self.destination_ip())
        {
            let at = self.offset_of(header.slice());
            audit.check(destination == expected.group, expected.group_rule, at + 16, u32::from(destination));
            audit.check(expected.ttl.contains(&header.ttl()), expected.ttl_rule, at + 8, header.ttl());
            self.check_ipv4_checksum(audit);
            if destination == expected.group {
                let [_, _, _, last] = destination.octets();
                self.destination_is([1, 0, 0x5e, 0, 0, last], &rules::GROUP_MAC, audit);
            }
            if let Some(udp) = self.udp_header() {
                let at = self.offset_of(udp.slice());
                let port = udp.source_port();
                audit.check(port == expected.port, expected.port_rule, at, port);
            }
        }
    }

    fn check_ipv4_checksum(&self, audit: &mut Auditor<'_>) {
        if let Network::Ipv4(header) = self.network() {
            let right = crate::internet_checksum(header.slice()) == 0;
            let at = self.offset_of(header.slice()) + 10;
            audit.check(right, &rules::IPV4_CHECKSUM, at, header.header_checksum());
        }
    }

    fn offset_of(&self, part: &[u8]) -> usize {
        part.as_ptr() as usize - self.octets.as_ptr() as usize
    }
}

/// Rules on the frame around a message.
pub mod rules {
    crate::rule::rules! {
        SLOW_DESTINATION Must "slow.frame.destination" "802.1AX-2014 6.4.2.2, 802.3 57A.3" "the destination is 01-80-C2-00-00-02; for LACP and Marker since 2014 also ..00 or ..03";
        SLOW_SOURCE Must "slow.frame.source" "802.1AX-2014 6.4.2.2" "the source is an individual address";
        SLOW_UNTAGGED Observed "slow.frame.untagged" "802.3 57A.2, wording not confirmed" "slow protocol frames are untagged";
        IPV4_CHECKSUM Must "ipv4.header.checksum" "RFC 791 3.1" "the IPv4 header checksum is right";
        VRRP_DESTINATION Must "vrrp.frame.destination" "RFC 3768 5.2.2, RFC 9568 5.1.1.2, 5.1.2.2" "the destination is 224.0.0.18 or ff02::12";
        VRRP_DESTINATION_MAC Must "vrrp.frame.destination-mac" "RFC 1112 6.4, RFC 2464 7" "the destination MAC is that of the group";
        VRRP_TTL Must "vrrp.frame.ttl" "RFC 3768 5.2.3, RFC 9568 5.1.1.3, 5.1.2.3" "TTL or Hop Limit is 255";
        VRRP_SOURCE_MAC Must "vrrp.frame.source-mac" "RFC 3768 7.2, 7.3, RFC 9568 7.2, 7.3" "the source MAC is the virtual router's";
        VRRP_SOURCE_LINK_LOCAL Must "vrrp.frame.source-link-local" "RFC 9568 5.1.2.1" "the IPv6 source is link-local";
        GROUP_MAC Must "hsrp.frame.destination-mac" "RFC 1112 6.4" "the destination MAC is that of the IP group";
        HSRP1_DESTINATION Must "hsrp1.encapsulation.destination" "RFC 2281 5.1" "the destination is 224.0.0.2";
        HSRP1_TTL Must "hsrp1.encapsulation.ttl" "RFC 2281 5.1" "the TTL is 1";
        HSRP1_PORT Observed "hsrp1.encapsulation.source-port" "RFC 2281 5.1, captures" "the source port is 1985";
        HSRP2_DESTINATION Observed "hsrp2.encapsulation.destination" "Cisco HSRPv2, captures" "the destination is 224.0.0.102";
        HSRP2_DESTINATION_IPV6 Observed "hsrp2.encapsulation.destination-ipv6" "Cisco HSRPv2, documents" "the destination is ff02::66";
        HSRP2_TTL Observed "hsrp2.encapsulation.ttl" "Cisco HSRPv2, captures" "the TTL is 1 or 255";
        HSRP2_PORT Observed "hsrp2.encapsulation.source-port" "Cisco HSRPv2, captures" "the source port is 1985";
        GLBP_DESTINATION Observed "glbp.encapsulation.destination" "Cisco GLBP, captures" "the destination is 224.0.0.102";
        GLBP_TTL Observed "glbp.encapsulation.ttl" "Cisco GLBP, captures" "the TTL is 255";
        GLBP_PORT Observed "glbp.encapsulation.source-port" "Cisco GLBP, captures" "the source port is 3222";
    }
}
