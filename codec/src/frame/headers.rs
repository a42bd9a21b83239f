//! Reads the headers of a frame, one layer at a time.

use etherparse::{
    EtherType, IpAuthHeaderSlice, IpNumber, Ipv4HeaderSlice, Ipv6ExtensionSlice, Ipv6ExtensionsSlice,
    Ipv6HeaderSlice, SingleVlanHeaderSlice, UdpHeaderSlice, err,
};

use super::{Fragment, Frame, MAX_VLAN_TAGS, Network, Pdu, Protocol, SLOW_PROTOCOLS};
use crate::checksum::Family;
use crate::error::{Error, ErrorKind, Layer};
use crate::field::Field;
use crate::hsrp::{v1, v2};
use crate::slow::SlowPdu;
use crate::slow::lacp::LacpduRef;
use crate::vrrp::{VrrpPdu, v3};
use crate::{glbp, hsrp, vrrp};

/// More Fragments and Fragment Offset, in the 16 bits that hold the flags of IPv4.
const FRAGMENT: u16 = 0x3fff;

/// What the destination address says of the version of HSRP.
#[derive(Clone, Copy)]
enum HsrpGroup {
    /// 224.0.0.2.
    Version1,
    /// 224.0.0.102.
    Version2,
    /// Any other: the message has to tell.
    Other,
}

impl HsrpGroup {
    #[inline(always)]
    fn of(destination: [u8; 4]) -> Self {
        match u32::from_be_bytes(destination) {
            0xe000_0002 => Self::Version1,
            0xe000_0066 => Self::Version2,
            _ => Self::Other,
        }
    }
}

impl<'a> Frame<'a> {
    /// Reads the headers of an Ethernet II frame without its frame check sequence.
    ///
    /// # Errors
    /// A header that is cut short or contradicts itself; more than three VLAN tags.
    pub fn parse(octets: &'a [u8]) -> Result<Self, Error> {
        match octets.split_first_chunk::<14>() {
            Some((header, payload)) => {
                Self::new(octets, Some(header), payload).behind(EtherType(u16::read(header, 12)))
            }
            None => Err(Error::new(Layer::Ethernet, ErrorKind::Truncated, 0, 14, octets.len())),
        }
    }

    /// [`Self::parse`] and [`Self::pdu`] in one go, which costs less than one after the other: the headers, the message,
    /// and the octets after it.
    ///
    /// # Errors
    /// As [`Self::parse`], or else as [`Self::pdu`].
    #[inline(always)]
    pub fn read(octets: &'a [u8]) -> Result<(Self, Pdu<'a>, &'a [u8]), Error> {
        if let Some(read) = Self::read_plain(octets) {
            return Ok(read);
        }
        // Taken apart: a result handed on as it came would have to be made in memory above as well.
        let (frame, (pdu, rest)) = Self::read_any(octets)?;
        Ok((frame, pdu, rest))
    }

    /// Reads what nearly all frames are: whole, untagged, without options, and an LACPDU, VRRPv3 or HSRP over IPv4;
    /// `None` for all others, bad ones included.
    ///
    /// Only this is inlined, and every arm ends with its message and nothing in common with the others: a compiler that
    /// sees which message its caller wants goes there in a straight line, and leaves the frame in registers.
    #[inline(always)]
    fn read_plain(octets: &'a [u8]) -> Option<(Self, Pdu<'a>, &'a [u8])> {
        let (ethernet, packet) = octets.split_first_chunk::<14>()?;
        let ether_type = EtherType(u16::read(ethernet, 12));
        let frame = Self { ether_type: ether_type.0, ..Self::new(octets, Some(ethernet), packet) };
        match ether_type {
            EtherType(SLOW_PROTOCOLS) => {
                let (pdu, rest) = LacpduRef::parse(packet).ok()?;
                Some((Self { protocol: Protocol::Slow, ..frame }, Pdu::Slow(SlowPdu::Lacp(pdu)), rest))
            }
            EtherType::IPV4 => frame.read_plain_ipv4(packet.first_chunk()?),
            _ => None,
        }
    }

    #[inline(always)]
    fn read_plain_ipv4(self, header: &'a [u8; 20]) -> Option<(Self, Pdu<'a>, &'a [u8])> {
        if header[0] != 0x45 || u16::read(header, 6) & FRAGMENT != 0 {
            return None;
        }
        let network = Network::Ipv4(Ipv4HeaderSlice::from_slice(header).ok()?);
        let payload = self.payload.get(20..usize::from(u16::read(header, 2)))?;
        match IpNumber(header[9]) {
            IpNumber(vrrp::IP_PROTOCOL) => {
                let (pdu, rest) = v3::AdvertisementRef::parse(payload, Family::Ipv4).ok()?;
                let frame = Self { protocol: Protocol::Vrrp, network, payload, ..self };
                Some((frame, Pdu::Vrrp(VrrpPdu::V3(pdu)), rest))
            }
            IpNumber::UDP => {
                let udp = payload.first_chunk::<8>()?;
                let payload = payload.get(8..usize::from(u16::read(udp, 4)))?;
                if u16::read(udp, 2) != hsrp::PORT {
                    return None;
                }
                let frame = Self { network, payload, udp: Some(udp), ..self };
                match HsrpGroup::of(Field::read(header, 16)) {
                    HsrpGroup::Version1 => {
                        let (pdu, rest) = v1::MessageRef::parse(payload).ok()?;
                        if pdu.opcode() == hsrp::Opcode::ADVERTISE {
                            return None;
                        }
                        let pdu = Pdu::Hsrp1(v1::Pdu::Message(pdu));
                        Some((Self { protocol: Protocol::Hsrp1, ..frame }, pdu, rest))
                    }
                    HsrpGroup::Version2 => {
                        let (pdu, rest) = v2::MessageRef::parse(payload).ok()?;
                        Some((Self { protocol: Protocol::Hsrp2, ..frame }, Pdu::Hsrp2(pdu), rest))
                    }
                    HsrpGroup::Other => None,
                }
            }
            _ => None,
        }
    }

    /// [`Self::read`] for all frames, out of the way; being cold it also tells a compiler that the way is the likely one.
    #[cold]
    #[inline(never)]
    fn read_any(octets: &'a [u8]) -> Result<(Self, (Pdu<'a>, &'a [u8])), Error> {
        let frame = Self::parse(octets)?;
        Ok((frame, frame.pdu()?))
    }

    /// Reads what follows an Ethertype, for link types such as Linux cooked captures. Offsets count from the first
    /// octet of `octets`.
    ///
    /// # Errors
    /// As [`Self::parse`].
    #[inline]
    pub fn parse_ether_payload(ether_type: u16, octets: &'a [u8]) -> Result<Self, Error> {
        Self::new(octets, None, octets).behind(EtherType(ether_type))
    }

    /// Reads an IP packet without a link layer: version 4 or 6, as its first octet says.
    ///
    /// # Errors
    /// As [`Self::parse`]; a version that is neither.
    #[inline]
    pub fn parse_ip(octets: &'a [u8]) -> Result<Self, Error> {
        let frame = Self::new(octets, None, octets);
        match octets.first().map(|first| first >> 4) {
            Some(4) => frame.behind(EtherType::IPV4),
            Some(6) => frame.behind(EtherType::IPV6),
            Some(version) => Err(Error::new(Layer::Ipv4, ErrorKind::Version, 0, 4, usize::from(version))),
            None => Err(Error::new(Layer::Ipv4, ErrorKind::Truncated, 0, 20, 0)),
        }
    }

    #[inline(always)]
    fn new(octets: &'a [u8], ethernet: Option<&'a [u8; 14]>, payload: &'a [u8]) -> Self {
        Self {
            octets,
            payload,
            missing: 0,
            ether_type: 0,
            protocol: Protocol::Other,
            network: Network::None,
            fragment: Fragment::Whole,
            ethernet,
            tags: 0,
            authenticated: false,
            udp: None,
        }
    }

    /// The payload follows `ether_type`.
    fn behind(self, ether_type: EtherType) -> Result<Self, Error> {
        let frame = Self { ether_type: ether_type.0, ..self };
        match ether_type {
            EtherType(SLOW_PROTOCOLS) => Ok(Self { protocol: Protocol::Slow, ..frame }),
            EtherType::IPV4 => frame.ipv4(),
            EtherType::IPV6 => frame.ipv6(),
            EtherType::ARP => Ok(Self { protocol: Protocol::Arp, ..frame }),
            _ if is_vlan_tag(ether_type) => frame.vlan(),
            _ => Ok(frame),
        }
    }

    fn vlan(self) -> Result<Self, Error> {
        let mut frame = self;
        let mut ether_type = EtherType(frame.ether_type);
        while is_vlan_tag(ether_type) {
            let at = frame.payload_at();
            if frame.vlan_tag_count() == MAX_VLAN_TAGS {
                return Err(Error::new(
                    Layer::Vlan,
                    ErrorKind::TooManyTags,
                    at,
                    MAX_VLAN_TAGS,
                    MAX_VLAN_TAGS + 1,
                ));
            }
            let tag = SingleVlanHeaderSlice::from_slice(frame.payload)
                .map_err(|error| cut(Layer::Vlan, at, &error))?;
            ether_type = tag.ether_type();
            frame.payload = &frame.payload[tag.slice().len()..];
            frame.tags += 1;
        }
        frame.behind(ether_type)
    }

    fn ipv4(self) -> Result<Self, Error> {
        let header = Ipv4HeaderSlice::from_slice(self.payload)
            .map_err(|error| ipv4_error(self.payload_at(), &error))?;
        let (header_length, total_length) = (header.slice().len(), usize::from(header.total_len()));
        let mut frame = Self { network: Network::Ipv4(header), ..self };
        // A total length that does not even cover the header leaves nothing; `pdu` says so.
        frame.end_payload(total_length.max(header_length));
        frame.payload = &frame.payload[header_length..];
        frame.missing = frame.missing.max(header_length.saturating_sub(total_length));
        frame.fragment = match (header.is_fragmenting_payload(), header.fragments_offset().value()) {
            (false, _) => Fragment::Whole,
            (true, 0) => Fragment::First,
            (true, _) => Fragment::Later,
        };
        match header.protocol() {
            IpNumber(vrrp::IP_PROTOCOL) => Ok(Self { protocol: Protocol::Vrrp, ..frame }),
            IpNumber::UDP if frame.fragment != Fragment::Later => {
                frame.udp(HsrpGroup::of(header.destination()))
            }
            IpNumber::AUTHENTICATION_HEADER if frame.fragment != Fragment::Later => {
                frame.ip_authentication_header()
            }
            _ => Ok(frame),
        }
    }

    /// Ends the payload after `length` octets, and keeps how many are missing.
    fn end_payload(&mut self, length: usize) {
        match self.payload.get(..length) {
            Some(payload) => self.payload = payload,
            None => self.missing = length - self.payload.len(),
        }
    }

    /// RFC 2338 section 5.3.6.3 puts nothing but VRRP behind it that matters here.
    fn ip_authentication_header(self) -> Result<Self, Error> {
        let at = self.payload_at();
        let header = IpAuthHeaderSlice::from_slice(self.payload).map_err(|error| match error {
            err::ip_auth::HeaderSliceError::Len(error) => cut(Layer::IpAuthentication, at, &error),
            err::ip_auth::HeaderSliceError::Content(_) => {
                Error::new(Layer::IpAuthentication, ErrorKind::LengthField, at + 1, 1, 0)
            }
        })?;
        let protocol = match header.next_header() {
            IpNumber(vrrp::IP_PROTOCOL) => Protocol::Vrrp,
            _ => Protocol::Other,
        };
        Ok(Self { payload: &self.payload[header.slice().len()..], authenticated: true, protocol, ..self })
    }

    fn ipv6(self) -> Result<Self, Error> {
        let at = self.payload_at();
        let header = match Ipv6HeaderSlice::from_slice(self.payload) {
            Ok(header) => header,
            Err(err::ipv6::HeaderSliceError::Len(error)) => return Err(cut(Layer::Ipv6, at, &error)),
            Err(err::ipv6::HeaderSliceError::Content(_)) => {
                let version = usize::from(self.payload[0] >> 4);
                return Err(Error::new(Layer::Ipv6, ErrorKind::Version, at, 6, version));
            }
        };
        let mut frame =
            Self { network: Network::Ipv6(header), payload: &self.payload[header.slice().len()..], ..self };
        frame.end_payload(usize::from(header.payload_length()));
        let mut next = header.next_header();
        if next.is_ipv6_ext_header_value() {
            next = frame.ipv6_extensions(next)?;
        }
        match next {
            IpNumber(vrrp::IP_PROTOCOL) => Ok(Self { protocol: Protocol::Vrrp, ..frame }),
            IpNumber::UDP if frame.fragment != Fragment::Later => frame.udp(HsrpGroup::Other),
            IpNumber::IPV6_ICMP
                if frame.fragment != Fragment::Later && matches!(frame.payload.first(), Some(133..=136)) =>
            {
                Ok(Self { protocol: Protocol::NeighborDiscovery, ..frame })
            }
            _ => Ok(frame),
        }
    }

    /// Goes over the extension headers; what they say comes next.
    fn ipv6_extensions(&mut self, next: IpNumber) -> Result<IpNumber, Error> {
        let at = self.payload_at();
        let (extensions, next, payload) =
            Ipv6ExtensionsSlice::from_slice(next, self.payload).map_err(|error| match error {
                err::ipv6_exts::HeaderSliceError::Len(error) => cut(Layer::Ipv6Extension, at, &error),
                err::ipv6_exts::HeaderSliceError::Content(_) => {
                    Error::new(Layer::Ipv6Extension, ErrorKind::ExtensionHeader, at, 0, 0)
                }
            })?;
        let later = extensions.clone().into_iter().any(|extension| match extension {
            Ipv6ExtensionSlice::Fragment(fragment) => fragment.fragment_offset().value() != 0,
            _ => false,
        });
        self.fragment = match (extensions.is_fragmenting_payload(), later) {
            (false, _) => Fragment::Whole,
            (true, false) => Fragment::First,
            (true, true) => Fragment::Later,
        };
        self.payload = payload;
        Ok(next)
    }

    fn udp(self, group: HsrpGroup) -> Result<Self, Error> {
        let (at, datagram) = (self.payload_at(), self.payload);
        let header = UdpHeaderSlice::from_slice(datagram).map_err(|error| cut(Layer::Udp, at, &error))?;
        let length = usize::from(header.length());
        let mut frame = Self { payload: &datagram[8..], udp: datagram.first_chunk(), ..self };
        // A length that does not even cover the header leaves nothing; `pdu` says so.
        match datagram.get(8..length.max(8)) {
            Some(payload) => {
                frame.payload = payload;
                frame.missing = frame.missing.max(8usize.saturating_sub(length));
            }
            None => frame.missing = frame.missing.max(length - datagram.len()),
        }
        Ok(frame.udp_payload(header.destination_port(), group))
    }

    #[inline(always)]
    fn udp_payload(self, port: u16, group: HsrpGroup) -> Self {
        let protocol = match (port, group) {
            (glbp::PORT, _) => Protocol::Glbp,
            (hsrp::PORT_IPV6, _) | (hsrp::PORT, HsrpGroup::Version2) => Protocol::Hsrp2,
            (hsrp::PORT, HsrpGroup::Version1) => Protocol::Hsrp1,
            // A first octet that cannot be version 0 is the type of a TLV.
            (hsrp::PORT, HsrpGroup::Other) => match self.payload.first() {
                Some(1..) => Protocol::Hsrp2,
                _ => Protocol::Hsrp1,
            },
            _ => Protocol::Other,
        };
        Self { protocol, ..self }
    }
}

const fn is_vlan_tag(ether_type: EtherType) -> bool {
    matches!(
        ether_type,
        EtherType::VLAN_TAGGED_FRAME | EtherType::PROVIDER_BRIDGING | EtherType::VLAN_DOUBLE_TAGGED_FRAME
    )
}

#[cold]
fn cut(layer: Layer, at: usize, error: &err::LenError) -> Error {
    Error::new(layer, ErrorKind::Truncated, at + error.layer_start_offset, error.required_len, error.len)
}

#[cold]
fn ipv4_error(at: usize, error: &err::ipv4::HeaderSliceError) -> Error {
    use err::ipv4::{HeaderError, HeaderSliceError};
    match error {
        HeaderSliceError::Len(error) => cut(Layer::Ipv4, at, error),
        HeaderSliceError::Content(HeaderError::UnexpectedVersion { version_number }) => {
            Error::new(Layer::Ipv4, ErrorKind::Version, at, 4, usize::from(*version_number))
        }
        HeaderSliceError::Content(HeaderError::HeaderLengthSmallerThanHeader { ihl }) => {
            Error::new(Layer::Ipv4, ErrorKind::LengthField, at, 5, usize::from(*ihl))
        }
    }
}
