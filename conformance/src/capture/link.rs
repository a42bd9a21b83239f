//! What the link layers put before the Ethertype: Ethernet, Linux cooked captures, raw IP.

use redspec_codec::frame::{Frame, Pdu};
use redspec_codec::{Deviation, Error, ErrorKind, MacAddress};
use thiserror::Error;

use super::{LinkType, Packet, Partial};

/// A packet cut at its headers, whatever its link type.
///
/// Offsets of its methods count from the first octet of the packet; those of [`Self::frame`] itself do not know
/// of a header that comes before the Ethertype.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dissected<'a> {
    /// The headers that all link types share, and the payload.
    pub frame: Frame<'a>,
    /// Octets of the packet before the frame: a cooked header.
    pub frame_at: usize,
    cooked_source: Option<MacAddress>,
}

/// Why the headers of a packet cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum LinkError {
    /// Nothing is known of what such a packet begins with.
    #[error("link type {} is not supported", named(*.0))]
    Unsupported(LinkType),

    /// The packet ends inside the header of its link type.
    #[error("{link_type} header: cut short: {needed} octets needed, {found} are there")]
    CutShort {
        /// The link type.
        link_type: LinkType,
        /// Octets of the header.
        needed: usize,
        /// Octets of the packet.
        found: usize,
    },

    /// The packet ends inside a header because the capture does not hold all of it.
    #[error(transparent)]
    Partial(#[from] Partial),

    /// A header after it is cut short or contradicts itself.
    #[error(transparent)]
    Header(#[from] Error),
}

/// Name and number, or the number alone.
fn named(link_type: LinkType) -> String {
    match link_type.name() {
        Some(name) => format!("{name} ({})", link_type.0),
        None => link_type.0.to_string(),
    }
}

/// Cuts a packet at its headers; the frame check sequence of Ethernet is left out.
///
/// # Errors
/// The link type is not supported; a header is cut short or contradicts itself.
#[inline]
pub fn dissect<'a>(packet: &Packet<'a>) -> Result<Dissected<'a>, LinkError> {
    match packet.link_type {
        LinkType::ETHERNET => {
            let frame = Frame::parse(packet.without_check_sequence());
            Dissected::new(packet, 0, None, frame)
        }
        LinkType::LINUX_SLL => linux_sll(packet),
        LinkType::LINUX_SLL2 => linux_sll2(packet),
        LinkType::RAW | LinkType::RAW_BSD | LinkType::RAW_OPENBSD | LinkType::IPV4 | LinkType::IPV6 => {
            Dissected::new(packet, 0, None, Frame::parse_ip(packet.octets))
        }
        other => Err(LinkError::Unsupported(other)),
    }
}

/// ```text
/// +------+--------+----------------+-------------+----------+
/// | Type | ARPHRD | Address length | Address (8) | Protocol |
/// +------+--------+----------------+-------------+----------+
///  0      2        4                6             14       16
/// ```
fn linux_sll<'a>(packet: &Packet<'a>) -> Result<Dissected<'a>, LinkError> {
    let header = header::<16>(packet)?;
    let source = cooked_source(u16::from_be_bytes([header[4], header[5]]), &header[6..]);
    let ether_type = u16::from_be_bytes([header[14], header[15]]);
    Dissected::new(packet, 16, source, Frame::parse_ether_payload(ether_type, &packet.octets[16..]))
}

/// ```text
/// +----------+----------+-----------+--------+------+----------------+-------------+
/// | Protocol | Reserved | Interface | ARPHRD | Type | Address length | Address (8) |
/// +----------+----------+-----------+--------+------+----------------+-------------+
///  0          2          4           8        10     11               12           20
/// ```
fn linux_sll2<'a>(packet: &Packet<'a>) -> Result<Dissected<'a>, LinkError> {
    let header = header::<20>(packet)?;
    let source = cooked_source(u16::from(header[11]), &header[12..]);
    let ether_type = u16::from_be_bytes([header[0], header[1]]);
    Dissected::new(packet, 20, source, Frame::parse_ether_payload(ether_type, &packet.octets[20..]))
}

fn header<'a, const N: usize>(packet: &Packet<'a>) -> Result<&'a [u8; N], LinkError> {
    packet.octets.first_chunk().ok_or_else(|| match packet.partial() {
        Some(partial) => partial.into(),
        None => LinkError::CutShort { link_type: packet.link_type, needed: N, found: packet.octets.len() },
    })
}

/// The address of a cooked header, if it is a MAC address.
fn cooked_source(length: u16, field: &[u8]) -> Option<MacAddress> {
    (length == 6).then(|| field.first_chunk().copied().map(MacAddress))?
}

impl<'a> Dissected<'a> {
    #[inline]
    fn new(
        packet: &Packet<'a>,
        frame_at: usize,
        cooked_source: Option<MacAddress>,
        frame: Result<Frame<'a>, Error>,
    ) -> Result<Self, LinkError> {
        match (frame, packet.partial()) {
            (Ok(frame), _) => Ok(Self { frame, frame_at, cooked_source }),
            (Err(error), Some(partial)) if error.kind() == ErrorKind::Truncated => Err(partial.into()),
            (Err(error), _) => Err(error.shifted(frame_at).into()),
        }
    }

    /// Source MAC address, of the Ethernet or of the cooked header.
    pub fn source_mac(&self) -> Option<MacAddress> {
        self.frame.source_mac().or(self.cooked_source)
    }

    /// [`Frame::pdu`], offsets counted from the first octet of the packet.
    ///
    /// # Errors
    /// As [`Frame::pdu`].
    #[inline]
    pub fn pdu(&self) -> Result<(Pdu<'a>, &'a [u8]), Error> {
        self.frame.pdu().map_err(|error| error.shifted(self.frame_at))
    }

    /// [`Frame::audit`], offsets counted from the first octet of the packet.
    ///
    /// # Errors
    /// As [`Frame::audit`].
    pub fn audit(&self, report: &mut dyn FnMut(Deviation)) -> Result<(Pdu<'a>, &'a [u8]), Error> {
        self.frame
            .audit(&mut |deviation| report(deviation.shifted(self.frame_at)))
            .map_err(|error| error.shifted(self.frame_at))
    }
}
