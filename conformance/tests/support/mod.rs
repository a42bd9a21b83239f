//! Captures and frames made by hand.
#![allow(dead_code, reason = "each test file takes what it needs")]

/// Octets from hexadecimal digits; white space is ignored.
pub fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
    digits.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

/// A packet of a capture.
pub struct Packet {
    pub seconds: u32,
    pub nanoseconds: u32,
    pub octets: Vec<u8>,
    pub original_length: usize,
}

impl Packet {
    pub fn new(seconds: u32, nanoseconds: u32, octets: Vec<u8>) -> Self {
        Self { seconds, nanoseconds, original_length: octets.len(), octets }
    }

    /// All but the first `length` octets were not captured.
    pub fn cut(mut self, length: usize) -> Self {
        self.octets.truncate(length);
        self
    }
}

/// A little-endian pcap file with nanoseconds.
pub fn pcap(link_type: u32, packets: &[Packet]) -> Vec<u8> {
    let mut file = words(&[0xa1b2_3c4d, 0x0004_0002, 0, 0, 65535, link_type]);
    for packet in packets {
        let length =
            [packet.octets.len(), packet.original_length].map(|length| u32::try_from(length).unwrap());
        file.extend(words(&[packet.seconds, packet.nanoseconds, length[0], length[1]]));
        file.extend(&packet.octets);
    }
    file
}

/// Frames one second apart, as a pcap file.
pub fn capture(link_type: u32, frames: &[Vec<u8>]) -> Vec<u8> {
    let packets: Vec<_> =
        (1..).zip(frames).map(|(second, frame)| Packet::new(second, 0, frame.clone())).collect();
    pcap(link_type, &packets)
}

/// A little-endian pcapng file with an interface for each link type.
pub fn pcapng(link_types: &[u32], blocks: &[Vec<u8>]) -> Vec<u8> {
    let mut file = block(0x0a0d_0d0a, &words(&[0x1a2b_3c4d, 1, u32::MAX, u32::MAX]));
    for link_type in link_types {
        file.extend(block(1, &words(&[*link_type, 0])));
    }
    file.extend(blocks.concat());
    file
}

/// An Enhanced Packet Block, stamped one second after 1970 began.
pub fn enhanced_packet(interface: u32, octets: &[u8]) -> Vec<u8> {
    let length = u32::try_from(octets.len()).unwrap();
    block(6, &[words(&[interface, 0, 1_000_000, length, length]), octets.to_vec()].concat())
}

/// A Simple Packet Block: it has no time.
pub fn simple_packet(octets: &[u8]) -> Vec<u8> {
    block(3, &[words(&[u32::try_from(octets.len()).unwrap()]), octets.to_vec()].concat())
}

fn block(kind: u32, body: &[u8]) -> Vec<u8> {
    let padded = body.len().next_multiple_of(4);
    let length = words(&[u32::try_from(padded).unwrap() + 12]);
    let mut octets = [&words(&[kind]), &length, body].concat();
    octets.resize(8 + padded, 0);
    octets.extend(length);
    octets
}

fn words(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

/// An Ethernet frame; addresses and Ethertype in hexadecimal digits.
pub fn ethernet(destination: &str, source: &str, ether_type: &str, payload: &[u8]) -> Vec<u8> {
    [hex(destination), hex(source), hex(ether_type), payload.to_vec()].concat()
}

/// An IPv4 packet.
pub fn ipv4(source: [u8; 4], destination: [u8; 4], ttl: u8, protocol: u8, payload: &[u8]) -> Vec<u8> {
    let [high, low] = u16::try_from(20 + payload.len()).unwrap().to_be_bytes();
    let mut header = [[0x45, 0xc0, high, low], [0; 4], [ttl, protocol, 0, 0], source, destination].concat();
    let checksum = checksum(&header).to_be_bytes();
    header[10..12].copy_from_slice(&checksum);
    [header, payload.to_vec()].concat()
}

/// A UDP datagram without a checksum.
pub fn udp(port: u16, payload: &[u8]) -> Vec<u8> {
    let length = u16::try_from(8 + payload.len()).unwrap();
    [&[port, port, length, 0].map(u16::to_be_bytes).concat(), payload].concat()
}

/// The Internet checksum (RFC 1071).
pub fn checksum(octets: &[u8]) -> u16 {
    let mut sum: u32 = octets
        .chunks(2)
        .map(|pair| u32::from(pair[0]) << 8 | pair.get(1).map_or(0, |low| u32::from(*low)))
        .sum();
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    !u16::try_from(sum).unwrap()
}
