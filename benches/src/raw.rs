//! The baselines: what a program does that trusts its input. A pointer is cast to a packed structure and the fields
//! are read; nothing is checked, not even the length.
//!
//! Sound on the samples alone, which are long enough for the structures.

use core::ptr;

use crate::Fold;

/// A number in network byte order.
macro_rules! wide {
    ($Name:ident, $Number:ty) => {
        #[derive(Clone, Copy)]
        #[repr(C, packed)]
        struct $Name($Number);
        impl $Name {
            #[inline(always)]
            fn get(self) -> $Number {
                <$Number>::from_be(self.0)
            }
        }
    };
}
wide!(U16, u16);
wide!(U32, u32);

#[repr(C, packed)]
struct Port {
    system_priority: U16,
    system: [u8; 6],
    key: U16,
    port_priority: U16,
    port: U16,
    state: u8,
}

#[repr(C, packed)]
struct Lacpdu {
    subtype: u8,
    version: u8,
    _actor_tlv: [u8; 2],
    actor: Port,
    _actor_reserved: [u8; 3],
    _partner_tlv: [u8; 2],
    partner: Port,
    _partner_reserved: [u8; 3],
    _collector_tlv: [u8; 2],
    collector_max_delay: U16,
    _collector_reserved: [u8; 12],
    terminator: [u8; 2],
    _reserved: [u8; 50],
}

#[repr(C, packed)]
struct Marker {
    subtype: u8,
    version: u8,
    kind: u8,
    information_length: u8,
    requester_port: U16,
    requester_system: [u8; 6],
    transaction_id: U32,
    _pad: [u8; 2],
    terminator_tlv_type: u8,
    terminator_length: u8,
}

#[repr(C, packed)]
struct Vrrp2 {
    version_and_type: u8,
    vrid: u8,
    priority: u8,
    count: u8,
    auth_type: u8,
    interval: u8,
    checksum: U16,
}

#[repr(C, packed)]
struct Vrrp3 {
    version_and_type: u8,
    vrid: u8,
    priority: u8,
    count: u8,
    interval: U16,
    checksum: U16,
}

#[repr(C, packed)]
struct Hsrp1 {
    version: u8,
    opcode: u8,
    state: u8,
    hellotime: u8,
    holdtime: u8,
    priority: u8,
    group: u8,
    reserved: u8,
    authentication: [u8; 8],
    virtual_ip: U32,
}

#[repr(C, packed)]
struct Hsrp2 {
    _group_state_tlv: [u8; 2],
    version: u8,
    opcode: u8,
    state: u8,
    ip_version: u8,
    group: U16,
    identifier: [u8; 6],
    priority: U32,
    hellotime: U32,
    holdtime: U32,
    virtual_ip: [u8; 16],
    _text_tlv: [u8; 2],
    text: [u8; 8],
}

#[repr(C, packed)]
struct GlbpForwarder {
    _tlv: [u8; 2],
    forwarder: u8,
    state: u8,
    _unknown_1: u8,
    priority: u8,
    weight: u8,
    _unknown_2: [u8; 3],
    timeout_left: U16,
    redirect_left: U16,
    virtual_mac: [u8; 6],
}

#[repr(C, packed)]
struct Glbp {
    version: u8,
    _unknown_1: u8,
    group: U16,
    _unknown_2: [u8; 2],
    owner: [u8; 6],
    _hello_tlv: [u8; 2],
    _unknown_3: u8,
    state: u8,
    _unknown_4: u8,
    priority: u8,
    _unknown_5: [u8; 2],
    hellotime: U32,
    holdtime: U32,
    redirect: U16,
    timeout: U16,
    _unknown_6: [u8; 2],
    address_type: u8,
    address_length: u8,
    address: U32,
    forwarders: [GlbpForwarder; 2],
}

#[repr(C, packed)]
struct Ethernet<T> {
    destination: [u8; 6],
    source: [u8; 6],
    ether_type: U16,
    payload: T,
}

#[repr(C, packed)]
struct Tagged<T> {
    control: U16,
    ether_type: U16,
    payload: T,
}

#[repr(C, packed)]
struct Ipv4<T> {
    version_and_length: u8,
    type_of_service: u8,
    total_length: U16,
    identification: U16,
    fragmentation: U16,
    ttl: u8,
    protocol: u8,
    checksum: U16,
    source: U32,
    destination: U32,
    payload: T,
}

#[repr(C, packed)]
struct Udp<T> {
    source_port: U16,
    destination_port: U16,
    length: U16,
    checksum: U16,
    payload: T,
}

/// The cast.
#[inline(always)]
fn cast<T>(octets: &[u8]) -> &T {
    // SAFETY: a packed structure has alignment 1 and takes any octets; the callers' samples are long enough for it.
    unsafe { &*octets.as_ptr().cast::<T>() }
}

/// Folds as many addresses as the count says that stand after a header.
#[inline(always)]
fn addresses_after<H, A>(header: &H, count: u8, mut fold: Fold, add: fn(Fold, &A) -> Fold) -> Fold {
    let first = ptr::from_ref(header).wrapping_add(1).cast::<A>();
    for index in 0..usize::from(count) {
        // SAFETY: the samples have as many addresses as their count says; `A` has alignment 1.
        fold = add(fold, unsafe { &*first.add(index) });
    }
    fold
}

#[inline(always)]
fn ipv4(fold: Fold, address: &U32) -> Fold {
    fold.number(address.get())
}

#[inline(always)]
fn ipv6(fold: Fold, address: &[u8; 16]) -> Fold {
    fold.octets16(*address)
}

impl Port {
    #[inline(always)]
    fn fold(&self, fold: Fold) -> Fold {
        fold.number(self.system_priority.get())
            .mac(self.system)
            .number(self.key.get())
            .number(self.port_priority.get())
            .number(self.port.get())
            .number(self.state)
    }
}

impl Lacpdu {
    #[inline(always)]
    fn fold(&self, fold: Fold) -> Fold {
        let fold = fold.number(self.subtype).number(self.version);
        let fold = self.partner.fold(self.actor.fold(fold));
        fold.number(self.collector_max_delay.get()).number(self.terminator[0]).number(self.terminator[1])
    }
}

impl Vrrp3 {
    #[inline(always)]
    fn fold<A>(&self, fold: Fold, add: fn(Fold, &A) -> Fold) -> Fold {
        let fold = fold
            .number(self.version_and_type & 0x0f)
            .number(self.vrid)
            .number(self.priority)
            .number(self.interval.get() >> 12)
            .number(self.interval.get() & 0x0fff)
            .number(self.checksum.get());
        addresses_after(self, self.count, fold, add)
    }
}

impl Hsrp1 {
    #[inline(always)]
    fn fold(&self, fold: Fold) -> Fold {
        fold.number(self.version)
            .number(self.opcode)
            .number(self.state)
            .number(self.hellotime)
            .number(self.holdtime)
            .number(self.priority)
            .number(self.group)
            .number(self.reserved)
            .octets8(self.authentication)
            .number(self.virtual_ip.get())
    }
}

impl Hsrp2 {
    #[inline(always)]
    fn fold(&self, fold: Fold) -> Fold {
        fold.number(self.version)
            .number(self.opcode)
            .number(self.state)
            .number(self.ip_version)
            .number(self.group.get())
            .mac(self.identifier)
            .number(self.priority.get())
            .number(self.hellotime.get())
            .number(self.holdtime.get())
            .octets16(self.virtual_ip)
            .octets8(self.text)
    }
}

impl<T> Ethernet<T> {
    #[inline(always)]
    fn fold(&self) -> Fold {
        Fold::default().mac(self.destination).mac(self.source).number(self.ether_type.get())
    }
}

impl<T> Ipv4<T> {
    #[inline(always)]
    fn fold(&self, fold: Fold) -> Fold {
        fold.number(self.version_and_length >> 4)
            .number(self.version_and_length & 0x0f)
            .number(self.type_of_service)
            .number(self.total_length.get())
            .number(self.identification.get())
            .number(self.fragmentation.get() & 0x1fff)
            .number(self.ttl)
            .number(self.protocol)
            .number(self.checksum.get())
            .number(self.source.get())
            .number(self.destination.get())
    }
}

impl<T> Udp<T> {
    #[inline(always)]
    fn fold(&self, fold: Fold) -> Fold {
        fold.number(self.source_port.get())
            .number(self.destination_port.get())
            .number(self.length.get())
            .number(self.checksum.get())
    }
}

/// A LACPDU.
#[inline(never)]
pub fn lacpdu(octets: &[u8]) -> u64 {
    cast::<Lacpdu>(octets).fold(Fold::default()).0
}

/// A Marker PDU.
#[inline(never)]
pub fn marker(octets: &[u8]) -> u64 {
    let pdu: &Marker = cast(octets);
    Fold::default()
        .number(pdu.subtype)
        .number(pdu.version)
        .number(pdu.kind)
        .number(pdu.information_length)
        .number(pdu.requester_port.get())
        .mac(pdu.requester_system)
        .number(pdu.transaction_id.get())
        .number(pdu.terminator_tlv_type)
        .number(pdu.terminator_length)
        .0
}

/// A VRRPv2 advertisement.
#[inline(never)]
pub fn vrrp2(octets: &[u8]) -> u64 {
    let pdu: &Vrrp2 = cast(octets);
    let fold = Fold::default()
        .number(pdu.version_and_type & 0x0f)
        .number(pdu.vrid)
        .number(pdu.priority)
        .number(pdu.auth_type)
        .number(pdu.interval)
        .number(pdu.checksum.get());
    addresses_after(pdu, pdu.count, fold, ipv4).0
}

/// A VRRPv3 advertisement over IPv4; the checksum is read, not verified.
#[inline(never)]
pub fn vrrp3_ipv4(octets: &[u8]) -> u64 {
    cast::<Vrrp3>(octets).fold(Fold::default(), ipv4).0
}

/// A VRRPv3 advertisement over IPv6; the checksum is read, not verified.
#[inline(never)]
pub fn vrrp3_ipv6(octets: &[u8]) -> u64 {
    cast::<Vrrp3>(octets).fold(Fold::default(), ipv6).0
}

/// A HSRPv1 message.
#[inline(never)]
pub fn hsrp1(octets: &[u8]) -> u64 {
    cast::<Hsrp1>(octets).fold(Fold::default()).0
}

/// A HSRPv2 message of Group State and Text Authentication, in this order.
#[inline(never)]
pub fn hsrp2(octets: &[u8]) -> u64 {
    cast::<Hsrp2>(octets).fold(Fold::default()).0
}

/// A GLBP message of Hello and two forwarders, in this order.
#[inline(never)]
pub fn glbp(octets: &[u8]) -> u64 {
    let pdu: &Glbp = cast(octets);
    let mut fold = Fold::default()
        .number(pdu.version)
        .number(pdu.group.get())
        .mac(pdu.owner)
        .number(pdu.state)
        .number(pdu.priority)
        .number(pdu.hellotime.get())
        .number(pdu.holdtime.get())
        .number(pdu.redirect.get())
        .number(pdu.timeout.get())
        .number(pdu.address_type)
        .number(pdu.address_length)
        .number(pdu.address.get());
    for one in &pdu.forwarders {
        fold = fold
            .number(one.forwarder)
            .number(one.state)
            .number(one.priority)
            .number(one.weight)
            .number(one.timeout_left.get())
            .number(one.redirect_left.get())
            .mac(one.virtual_mac);
    }
    fold.0
}

/// A LACPDU in its frame.
#[inline(never)]
pub fn lacp_frame(octets: &[u8]) -> u64 {
    let frame: &Ethernet<Lacpdu> = cast(octets);
    frame.payload.fold(frame.fold()).0
}

/// A VRRPv3 advertisement over IPv4 in its frame.
#[inline(never)]
pub fn vrrp3_frame(octets: &[u8]) -> u64 {
    let frame: &Ethernet<Ipv4<Vrrp3>> = cast(octets);
    frame.payload.payload.fold(frame.payload.fold(frame.fold()), ipv4).0
}

/// A VRRPv3 advertisement over IPv4 in a frame with one VLAN tag.
#[inline(never)]
pub fn tagged_frame(octets: &[u8]) -> u64 {
    let frame: &Ethernet<Tagged<Ipv4<Vrrp3>>> = cast(octets);
    let tagged = &frame.payload;
    let fold = frame.fold().number(tagged.ether_type.get()).number(tagged.control.get());
    tagged.payload.payload.fold(tagged.payload.fold(fold), ipv4).0
}

/// A HSRPv1 message in its frame.
#[inline(never)]
pub fn hsrp1_frame(octets: &[u8]) -> u64 {
    let frame: &Ethernet<Ipv4<Udp<Hsrp1>>> = cast(octets);
    let packet = &frame.payload;
    packet.payload.payload.fold(packet.payload.fold(packet.fold(frame.fold()))).0
}

/// A HSRPv2 message in its frame.
#[inline(never)]
pub fn hsrp2_frame(octets: &[u8]) -> u64 {
    let frame: &Ethernet<Ipv4<Udp<Hsrp2>>> = cast(octets);
    let packet = &frame.payload;
    packet.payload.payload.fold(packet.payload.fold(packet.fold(frame.fold()))).0
}

/// What building is measured against: the copy of `N` octets that are already there.
#[inline(never)]
pub fn copy<const N: usize>(octets: &[u8; N], out: &mut [u8]) -> usize {
    // SAFETY: the callers' buffers have room for `N` octets, and a shared and a mutable borrow cannot overlap.
    unsafe { ptr::copy_nonoverlapping(octets.as_ptr(), out.as_mut_ptr(), N) };
    N
}
