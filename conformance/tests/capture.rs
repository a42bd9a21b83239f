//! The capture reader against files built by hand, against damage, and
//! against libpcap.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use pretty_assertions::assert_eq;
use redspec::capture::{
    ByteOrder, CaptureError, CaptureErrorKind as Kind, CaptureReader, Format, Item, LinkType, Packet,
    Resolution, Timestamp,
};

use ByteOrder::{Big, Little};

const BOTH: [ByteOrder; 2] = [Little, Big];
const MICRO: u32 = 0xa1b2_c3d4;
const NANO: u32 = 0xa1b2_3c4d;

// ---- What is read ----------------------------------------------------------

/// A packet kept beyond the next call.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Seen {
    number: u64,
    time: Option<Timestamp>,
    link_type: LinkType,
    interface: u32,
    octets: Vec<u8>,
    original_length: u32,
    fcs_length: u8,
    file_offset: u64,
}

impl From<Packet<'_>> for Seen {
    fn from(packet: Packet<'_>) -> Self {
        Self {
            number: packet.number,
            time: packet.time,
            link_type: packet.link_type,
            interface: packet.interface,
            octets: packet.octets.to_vec(),
            original_length: packet.original_length,
            fcs_length: packet.fcs_length,
            file_offset: packet.file_offset,
        }
    }
}

/// All that can be read, and why no more.
fn read<R: Read>(source: R) -> (Vec<Seen>, Option<CaptureError>) {
    let mut packets = Vec::new();
    let mut capture = match CaptureReader::new(source) {
        Ok(capture) => capture,
        Err(error) => return (packets, Some(error)),
    };
    loop {
        match capture.next_packet() {
            Ok(Some(packet)) => packets.push(packet.into()),
            Ok(None) => return (packets, None),
            Err(error) => return (packets, Some(error)),
        }
    }
}

/// The same by way of items, which are more.
fn read_items(file: &[u8]) -> (Vec<Seen>, Option<CaptureError>) {
    let mut packets = Vec::new();
    let mut capture = match CaptureReader::new(file) {
        Ok(capture) => capture,
        Err(error) => return (packets, Some(error)),
    };
    loop {
        match capture.next_item() {
            Ok(Some(Item::Packet(packet, _))) => packets.push(packet.into()),
            Ok(Some(_)) => {}
            Ok(None) => return (packets, None),
            Err(error) => return (packets, Some(error)),
        }
    }
}

fn read_whole(file: &[u8]) -> Vec<Seen> {
    let (packets, error) = read(file);
    assert!(error.is_none(), "{}", error.unwrap());
    let (items, error) = read_items(file);
    assert!(error.is_none(), "{}", error.unwrap());
    assert_eq!(items, packets);
    packets
}

fn error(file: &[u8]) -> CaptureError {
    let (packets, error) = read(file);
    let error = error.expect("the file to be refused");
    let (items, by_items) = read_items(file);
    assert_eq!((items, by_items.map(|error| error.to_string())), (packets, Some(error.to_string())));
    error
}

fn times(packets: &[Seen]) -> Vec<String> {
    packets.iter().map(|packet| packet.time.map_or("none".into(), |time| time.to_string())).collect()
}

fn each<T>(packets: &[Seen], field: impl Fn(&Seen) -> T) -> Vec<T> {
    packets.iter().map(field).collect()
}

// ---- Files built by hand ---------------------------------------------------

fn u16_in(order: ByteOrder, value: u16) -> [u8; 2] {
    match order {
        Little => value.to_le_bytes(),
        Big => value.to_be_bytes(),
    }
}

fn u32_in(order: ByteOrder, value: u32) -> [u8; 4] {
    match order {
        Little => value.to_le_bytes(),
        Big => value.to_be_bytes(),
    }
}

fn u32s(order: ByteOrder, values: &[u32]) -> Vec<u8> {
    values.iter().flat_map(|&value| u32_in(order, value)).collect()
}

fn pcap_header(order: ByteOrder, magic: u32, minor: u16, snapshot_length: u32, network: u32) -> Vec<u8> {
    let version = [u16_in(order, 2), u16_in(order, minor)].concat();
    [u32s(order, &[magic]), version, u32s(order, &[0, 0, snapshot_length, network])].concat()
}

fn record(order: ByteOrder, seconds: u32, part: u32, original: u32, octets: &[u8]) -> Vec<u8> {
    let captured = u32::try_from(octets.len()).unwrap();
    [&u32s(order, &[seconds, part, captured, original]), octets].concat()
}

fn block(order: ByteOrder, kind: u32, body: &[u8]) -> Vec<u8> {
    let padding = body.len().next_multiple_of(4) - body.len();
    let length = u32::try_from(12 + body.len() + padding).unwrap();
    [&u32s(order, &[kind, length]), body, &[0; 3][..padding], &u32_in(order, length)].concat()
}

fn section(order: ByteOrder) -> Vec<u8> {
    let version = [u16_in(order, 1), u16_in(order, 0)].concat();
    block(order, 0x0a0d_0d0a, &[u32s(order, &[0x1a2b_3c4d]), version, vec![0xff; 8]].concat())
}

fn interface(order: ByteOrder, link: u16, snapshot_length: u32, options: &[(u16, &[u8])]) -> Vec<u8> {
    let mut body = [u16_in(order, link), [0; 2]].concat();
    body.extend(u32_in(order, snapshot_length));
    for (code, value) in options {
        body.extend(u16_in(order, *code));
        body.extend(u16_in(order, u16::try_from(value.len()).unwrap()));
        body.extend(*value);
        body.resize(body.len().next_multiple_of(4), 0);
    }
    block(order, 1, &body)
}

fn stamped(order: ByteOrder, count: u64, original: u32, octets: &[u8]) -> Vec<u8> {
    let (high, low) = (u32::try_from(count >> 32).unwrap(), u32::try_from(count & 0xffff_ffff).unwrap());
    let captured = u32::try_from(octets.len()).unwrap();
    [&u32s(order, &[high, low, captured, original]), octets].concat()
}

fn enhanced(order: ByteOrder, interface: u32, count: u64, original: u32, octets: &[u8]) -> Vec<u8> {
    block(order, 6, &[u32s(order, &[interface]), stamped(order, count, original, octets)].concat())
}

fn obsolete(order: ByteOrder, interface: u16, count: u64, original: u32, octets: &[u8]) -> Vec<u8> {
    let (interface, drops) = (u16_in(order, interface), u16_in(order, 0xffff));
    block(order, 2, &[&interface[..], &drops, &stamped(order, count, original, octets)].concat())
}

fn simple(order: ByteOrder, original: u32, octets: &[u8]) -> Vec<u8> {
    block(order, 3, &[&u32_in(order, original), octets].concat())
}

/// The header and the records of a small pcap file, one packet of it empty.
fn small_pcap(order: ByteOrder, magic: u32) -> Vec<Vec<u8>> {
    vec![
        pcap_header(order, magic, 4, 65_535, 1),
        record(order, 1, 2, 5, b"first"),
        record(order, 0xffff_fffe, 999_999, 1500, b"cut"),
        record(order, 3, 4, 0, b""),
        record(order, 5, 6, 4, b"last"),
    ]
}

/// The blocks of a small pcapng file, of every kind that matters, which
/// libpcap reads as well: one link type, one byte order.
fn small_pcapng(order: ByteOrder) -> Vec<Vec<u8>> {
    vec![
        section(order),
        interface(order, 1, 96, &[(2, b"eth0"), (9, &[9]), (0, b"")]),
        enhanced(order, 0, 1_000_000_002, 5, b"first"),
        block(order, 4, b"names, skipped"),
        interface(order, 1, 96, &[(9, &[0x94])]),
        enhanced(order, 1, 3 << 19, 1500, b"cut"),
        obsolete(order, 1, 5 << 20, 3, b"old"),
        block(order, 0x8000_0bad, b""),
        simple(order, 6, b"simple"),
        section(order),
        interface(order, 1, 96, &[]),
        enhanced(order, 0, 7_000_008, 4, b"last"),
    ]
}

/// The small files in all variants, in the parts they may be cut between.
fn small_files() -> impl Iterator<Item = Vec<Vec<u8>>> {
    BOTH.into_iter()
        .flat_map(|order| [small_pcap(order, MICRO), small_pcap(order, NANO), small_pcapng(order)])
}

// ---- pcap ------------------------------------------------------------------

#[test]
fn pcap_in_both_byte_orders_and_resolutions() {
    let micro = ["1.000002000", "4294967294.999999000", "3.000004000", "5.000006000"];
    let nano = ["1.000000002", "4294967294.000999999", "3.000000004", "5.000000006"];
    for order in BOTH {
        for (magic, resolution, expected) in
            [(MICRO, Resolution::Microseconds, micro), (NANO, Resolution::Nanoseconds, nano)]
        {
            let file = small_pcap(order, magic).concat();
            let capture = CaptureReader::new(&file[..]).unwrap();
            assert_eq!(capture.format(), Format::Pcap { byte_order: order, resolution });
            let packets = read_whole(&file);
            assert_eq!(times(&packets), expected);
            assert_eq!(each(&packets, |packet| packet.octets.len()), [5, 3, 0, 4]);
            assert_eq!(packets[1].octets, b"cut");
            assert_eq!(each(&packets, |packet| packet.original_length), [5, 1500, 0, 4]);
            assert_eq!(each(&packets, |packet| packet.number), [1, 2, 3, 4]);
            assert_eq!(each(&packets, |packet| packet.file_offset), [24, 45, 64, 80]);
            assert_eq!(each(&packets, |packet| packet.link_type), [LinkType::ETHERNET; 4]);
        }
    }
}

#[test]
fn the_check_sequence_bits_are_no_link_type() {
    let mut libpcap = Libpcap::new();
    // Without bit 26 the length says nothing.
    for (network, fcs_length) in [(0x2400_0071, 4), (0x1400_0071, 2), (0xf400_0071, 30), (0x4000_0071, 0)] {
        for order in BOTH {
            let file = [pcap_header(order, MICRO, 4, 0, network), record(order, 0, 0, 6, b"packet")].concat();
            let packets = read_whole(&file);
            assert_eq!((packets[0].link_type, packets[0].fcs_length), (LinkType::LINUX_SLL, fcs_length));
            assert_eq!(packets[0].octets, b"packet");
            libpcap.agrees(&file, &packets, true);
        }
    }
    assert_eq!(libpcap.compared, 8);
}

#[test]
fn interfaces_say_how_long_the_check_sequence_is() {
    for order in BOTH {
        // In bits; in octets where it would be less than one.
        for (stated, fcs_length) in [(32, 4), (16, 2), (255, 31), (4, 4), (0, 0)] {
            let file = [
                section(order),
                interface(order, 1, 0, &[(13, &[stated])]),
                interface(order, 1, 0, &[]),
                enhanced(order, 0, 0, 6, b"packet"),
                simple(order, 6, b"packet"),
                enhanced(order, 1, 0, 6, b"packet"),
            ]
            .concat();
            let packets = read_whole(&file);
            assert_eq!(each(&packets, |packet| packet.fcs_length), [fcs_length, fcs_length, 0]);
            assert_eq!(packets[0].octets, b"packet");
            Libpcap::new().agrees(&file, &packets, true);
        }
    }
}

#[test]
fn a_check_sequence_is_left_out_where_it_is() {
    for (octets, original, rest) in [
        (&b"packet"[..], 6, &b"pa"[..]),
        (b"packet", 7, b"packet"),
        (b"packet", 5, b"packet"),
        (b"fcs", 3, b""),
    ] {
        let file =
            [pcap_header(Little, MICRO, 4, 0, 0x2400_0001), record(Little, 0, 0, original, octets)].concat();
        let mut capture = CaptureReader::new(&file[..]).unwrap();
        let packet = capture.next_packet().unwrap().unwrap();
        assert_eq!((packet.octets, packet.without_check_sequence()), (octets, rest));
    }
}

#[test]
fn a_part_of_a_second_may_exceed_it() {
    let file = [pcap_header(Little, MICRO, 4, 0, 1), record(Little, 10, 2_500_000, 1, b"x")].concat();
    assert_eq!(times(&read_whole(&file)), ["12.500000000"]);
}

#[test]
fn lying_lengths_are_tolerated_while_the_record_fits() {
    let header = pcap_header(Big, MICRO, 4, 4, 1);
    let file = [header, record(Big, 0, 0, 2, b"longer"), record(Big, 0, 0, 9, b"next")].concat();
    let packets = read_whole(&file);
    assert_eq!(packets[0].octets, b"long", "cut at the snapshot length, as libpcap does");
    assert_eq!(packets[0].original_length, 2);
    assert_eq!(packets[1].octets, b"next");
    Libpcap::new().agrees(&file, &packets, true);
}

#[test]
fn records_up_to_the_maximum_of_libpcap() {
    let file = |length: u32| {
        let octets = vec![7; length as usize];
        [pcap_header(Little, MICRO, 4, 0, 1), record(Little, 0, 0, length, &octets)].concat()
    };
    assert_eq!(read_whole(&file(262_144))[0].octets.len(), 262_144);
    assert_eq!(
        error(&file(262_145)).to_string(),
        "offset 24, packets read 0: the record claims 262145 octets, the largest accepted is 262144"
    );
}

#[test]
fn lengths_change_places_in_old_versions() {
    let mut libpcap = Libpcap::new();
    // Version 2.3 has them either way.
    for (minor, swapped) in [(2, true), (3, true), (3, false), (4, false)] {
        let mut record = record(Little, 0, 0, 9, b"short");
        if swapped {
            record[8..16].rotate_left(4);
        }
        let file = [pcap_header(Little, MICRO, minor, 0, 1), record].concat();
        let packets = read_whole(&file);
        assert_eq!(packets[0].octets, b"short");
        assert_eq!(packets[0].original_length, 9);
        libpcap.agrees(&file, &packets, true);
    }
    assert_eq!(libpcap.compared, 4);
}

#[test]
fn what_is_not_supported_says_so() {
    let cases: &[(&[u8], &str)] = &[
        (b"", "the file is empty, expected a pcap or pcapng capture"),
        (b"ab", "the file ends inside the magic number of a capture: 4 octets needed, 2 left"),
        (b"GIF89a", "the file begins with 47494638, expected a pcap or pcapng capture"),
        (&[0x1f, 0x8b, 8, 0, 0], "the file is compressed with gzip, decompress it first"),
        (
            &[0x34, 0xcd, 0xb2, 0xa1],
            "the modified pcap format of magic number a1b2cd34 is not supported, \
             convert the file to pcap first",
        ),
        (&pcap_header(Big, MICRO, 5, 0, 1), "version 2.5 of pcap is not supported, expected 2.0 to 2.4"),
        (
            b"\n\r\r\n or else a text",
            "the section header has byte-order magic 656c7365, expected 1a2b3c4d or 4d3c2b1a",
        ),
    ];
    for (file, expected) in cases {
        assert_eq!(error(file).to_string(), format!("offset 0, packets read 0: {expected}"));
    }
}

// ---- pcapng ----------------------------------------------------------------

#[test]
fn pcapng_in_both_byte_orders() {
    for order in BOTH {
        let file = small_pcapng(order).concat();
        assert_eq!(CaptureReader::new(&file[..]).unwrap().format(), Format::Pcapng);
        let packets = read_whole(&file);
        assert_eq!(times(&packets), ["1.000000002", "1.500000000", "5.000000000", "none", "7.000008000"]);
        let octets = [&b"first"[..], b"cut", b"old", b"simple", b"last"];
        assert_eq!(each(&packets, |packet| packet.octets.clone()), octets);
        assert_eq!(each(&packets, |packet| packet.interface), [0, 1, 1, 0, 0]);
        assert_eq!(each(&packets, |packet| packet.original_length), [5, 1500, 3, 6, 4]);
        assert_eq!(each(&packets, |packet| packet.number), [1, 2, 3, 4, 5]);
        assert_eq!(packets[0].file_offset, 28 + 40);
    }
}

#[test]
fn sections_and_interfaces_differ() {
    let file = [
        section(Little),
        interface(Little, 1, 0, &[]),
        interface(Little, 276, 0, &[(9, &[3]), (14, &1_700_000_000_i64.to_le_bytes())]),
        enhanced(Little, 1, 1_234, 1, b"a"),
        enhanced(Little, 0, 1_234, 1, b"b"),
        section(Big),
        interface(Big, 101, 0, &[(9, &[0x80]), (14, &(-1_i64).to_be_bytes())]),
        enhanced(Big, 0, 7, 1, b"c"),
        section(Big),
        interface(Big, 147, 0, &[(1, b"odd"), (9, &[0]), (0, b""), (9, &[9])]),
        enhanced(Big, 0, 8, 1, b"d"),
    ]
    .concat();
    let packets = read_whole(&file);
    assert_eq!(times(&packets), ["1700000001.234000000", "0.001234000", "6.000000000", "8.000000000"]);
    assert_eq!(
        each(&packets, |packet| packet.link_type.to_string()),
        ["LINUX_SLL2", "ETHERNET", "RAW", "147"]
    );
}

#[test]
fn packets_are_cut_at_the_snapshot_length() {
    let file = [
        section(Little),
        interface(Little, 1, 5, &[]),
        simple(Little, 4, b"four"),
        simple(Little, 9, b"fiver"),
        enhanced(Little, 0, 0, 9, b"longer"),
    ]
    .concat();
    let octets = [&b"four"[..], b"fiver", b"longe"];
    assert_eq!(each(&read_whole(&file), |packet| packet.octets.clone()), octets);
}

#[test]
fn damaged_blocks_say_what_was_expected() {
    let start = [section(Little), interface(Little, 1, 0, &[])].concat();
    let packet = enhanced(Little, 0, 0, 4, b"four");
    let option = |code, value: &[u8]| interface(Little, 1, 0, &[(code, value)]);
    // A block, and which of its octets becomes what.
    let cases = [
        (&packet, 4, 38, "the block claims 38 octets, expected a multiple of 4 from 12 to 16777216"),
        (&packet, 4, 8, "the block claims 8 octets, expected a multiple of 4 from 12 to 16777216"),
        (&packet, 7, 1, "the block claims 16777252 octets, expected a multiple of 4 from 12 to 16777216"),
        (&packet, 33, 1, "the block has length 36 at its beginning and 292 at its end"),
        (&packet, 8, 1, "the packet is of interface 1, the section has described 1 so far"),
        (&packet, 20, 5, "the body of an Enhanced Packet Block has 24 octets, 25 needed for its packet"),
        (
            &block(Little, 6, &[0; 16]),
            0,
            6,
            "the body of an Enhanced Packet Block has 16 octets, 20 needed for its fixed fields",
        ),
        (
            &simple(Little, 4, b"four"),
            8,
            5,
            "the body of a Simple Packet Block has 8 octets, 9 needed for its packet",
        ),
        (
            &option(2, b"eth0"),
            18,
            5,
            "the body of an Interface Description Block has 16 octets, 17 needed for its options",
        ),
        (&option(9, &[6, 6]), 0, 1, "the option if_tsresol has length 2, expected 1"),
        (&option(14, &[6, 6]), 0, 1, "the option if_tsoffset has length 2, expected 8"),
        (&option(13, &[6, 6]), 0, 1, "the option if_fcslen has length 2, expected 1"),
        (&option(9, &[6]), 20, 20, "if_tsresol is 10^-20 seconds, the finest accepted is 10^-19"),
        (&option(9, &[6]), 20, 0xc0, "if_tsresol is 2^-64 seconds, the finest accepted is 2^-63"),
        (&section(Little), 12, 2, "version 2.0 of pcapng is not supported, expected 1.0 or 1.2"),
    ];
    for (block, at, octet, expected) in cases {
        let mut file = [&start[..], block].concat();
        file[start.len() + at] = octet;
        assert_eq!(error(&file).to_string(), format!("offset {}, packets read 0: {expected}", start.len()));
    }
}

fn options(order: ByteOrder, options: &[(u16, &[u8])]) -> Vec<u8> {
    // As an interface has them, without what comes before.
    interface(order, 1, 0, options)[16..].split_last_chunk::<4>().unwrap().0.to_vec()
}

#[test]
fn items_say_what_packets_do_not() {
    for order in BOTH {
        let comments: &[(u16, &[u8])] =
            &[(1, b"one"), (2, &u32_in(order, 0x8000_0002)), (1, b"two\xff"), (0, b"")];
        let statistics =
            [u32s(order, &[1, 0, 3 << 19]), options(order, &[(5, &u32s(order, &[7, 8])), (2, b"short")])];
        let file = [
            section(order),
            interface(order, 1, 0, &[(2, b"eth0")]),
            interface(order, 113, 0, &[(9, &[0x94])]),
            block(
                order,
                6,
                &[u32s(order, &[0]), stamped(order, 1, 4, b"four"), options(order, comments)].concat(),
            ),
            block(order, 5, &statistics.concat()),
            simple(order, 3, b"abc"),
            section(order),
        ]
        .concat();
        let mut capture = CaptureReader::new(&file[..]).unwrap();
        let mut sections = 0;
        let mut interfaces = Vec::new();
        let mut packets = Vec::new();
        while let Some(item) = capture.next_item().unwrap() {
            match item {
                Item::Section(options) => {
                    assert_eq!(options.iter().count(), 0);
                    sections += 1;
                }
                Item::Interface { number, link_type, options } => {
                    interfaces.push((number, link_type, options.find(2).map(<[u8]>::to_vec)));
                }
                Item::Packet(packet, options) => {
                    let comments: Vec<_> = options.comments().map(String::from).collect();
                    packets.push((
                        packet.octets.to_vec(),
                        options.u32(2),
                        options.u64(2),
                        comments.join(" "),
                    ));
                }
                Item::Statistics { interface, time, options } => {
                    assert_eq!((interface, time.to_string().as_str()), (1, "1.500000000"));
                    let count = match order {
                        Little => 8 << 32 | 7,
                        Big => 7 << 32 | 8,
                    };
                    assert_eq!((options.u64(5), options.u64(2), options.u32(9)), (Some(count), None, None));
                }
            }
        }
        assert_eq!(sections, 2);
        assert_eq!(
            interfaces,
            [(0, LinkType::ETHERNET, Some(b"eth0".to_vec())), (1, LinkType::LINUX_SLL, None)]
        );
        assert_eq!(
            packets,
            [
                (b"four".to_vec(), Some(0x8000_0002), None, "one two\u{fffd}".to_owned()),
                (b"abc".to_vec(), None, None, String::new())
            ]
        );
    }
}

#[test]
fn items_need_options_that_fit() {
    for order in BOTH {
        let start = [section(order), interface(order, 1, 0, &[])].concat();
        // A comment, then one that claims an octet more than there is.
        let bad = [options(order, &[(1, b"one")]), [u16_in(order, 1), u16_in(order, 5)].concat(), vec![0; 4]];
        let packet = [&u32s(order, &[0]), &stamped(order, 1, 2, b"ab\0\0")[..], &bad.concat()].concat();
        for (kind, name, body, fixed) in [
            (6, "an Enhanced Packet Block", packet, 24),
            (5, "an Interface Statistics Block", [u32s(order, &[0; 3]), bad.concat()].concat(), 12),
        ] {
            let file = [start.clone(), block(order, kind, &body)].concat();
            let (packets, error) = read_items(&file);
            assert_eq!(packets, []);
            let (room, needed) = (fixed + 16, fixed + 17);
            assert_eq!(
                error.unwrap().to_string(),
                format!(
                    "offset {}, packets read 0: the body of {name} has {room} octets, {needed} needed for its options",
                    start.len()
                )
            );
            assert_eq!(read(&file[..]).0.len(), usize::from(kind == 6), "packets alone can be read");
        }
        let file = [start, block(order, 5, &u32s(order, &[1, 0, 0]))].concat();
        let error = read_items(&file).1.unwrap();
        assert!(matches!(error.kind, Kind::Interface { interface: 1, described: 1 }), "{error}");
    }
}

#[test]
fn a_section_forgets_the_interfaces_before_it() {
    let file = [small_pcapng(Big).concat(), section(Big), enhanced(Big, 0, 0, 1, b"x")].concat();
    let (packets, error) = read(&file[..]);
    assert_eq!(packets.len(), 5);
    let error = error.unwrap();
    assert_eq!(error.packets_read, 5);
    assert!(matches!(error.kind, Kind::Interface { interface: 0, described: 0 }), "{error}");
}

#[test]
fn interfaces_do_not_pile_up() {
    let file = [section(Little), interface(Little, 1, 0, &[]).repeat(65_537)].concat();
    let error = error(&file);
    assert!(matches!(error.kind, Kind::Interfaces { largest: 65_536 }), "{error}");
    assert_eq!(error.offset, 28 + 20 * 65_536);
}

// ---- Damage ----------------------------------------------------------------

#[test]
fn cut_anywhere_every_packet_before_is_read() {
    let mut libpcap = Libpcap::new();
    for parts in small_files() {
        let file = parts.concat();
        let (mut whole_parts, mut end, mut expected) = (0, 0, Vec::new());
        for length in 0..=file.len() {
            if length == end + parts.get(whole_parts).map_or(1, Vec::len) {
                (whole_parts, end) = (whole_parts + 1, length);
                expected = read_whole(&file[..end]);
            }
            let (packets, error) = read(&file[..length]);
            assert_eq!(packets, expected);
            assert_eq!(error.is_none(), length == end && length > 0);
            if let Some(error) = &error {
                assert_eq!(error.offset, end as u64);
                assert_eq!(error.packets_read, packets.len() as u64);
                assert!(matches!(error.kind, Kind::Truncated { .. } | Kind::Empty), "{error}");
            }
            libpcap.agrees(&file[..length], &packets, error.is_none());
        }
        assert_eq!(whole_parts, parts.len());
    }
}

#[test]
fn the_place_of_a_cut_is_told() {
    let file = small_pcap(Little, MICRO).concat();
    assert_eq!(
        error(&file[..file.len() - 1]).to_string(),
        "offset 80, packets read 3: the file ends inside a record: 20 octets needed, 19 left"
    );
    assert_eq!(
        error(&file[..81]).to_string(),
        "offset 80, packets read 3: the file ends inside the header of a record: 16 octets needed, 1 left"
    );
}

#[test]
fn any_octet_may_change() {
    let mut libpcap = Libpcap::new();
    for mut file in small_files().map(|parts| parts.concat()) {
        for at in 0..file.len() {
            let original = file[at];
            for octet in [0, 1, 0x7f, 0x80, 0xff, original ^ 1, original ^ 4, original.wrapping_add(12)] {
                file[at] = octet;
                let (packets, error) = read(&file[..]);
                assert!(packets.len() < file.len() / 16);
                assert!(error.as_ref().is_none_or(|error| error.offset <= file.len() as u64));
                // libpcap looks neither at the second length of the first
                // block nor at the minor version of the sections after it.
                let stricter = error.as_ref().is_some_and(|error| match error.kind {
                    Kind::BlockTrailer { .. } => error.offset == 0,
                    Kind::Version { .. } => error.offset > 0,
                    _ => false,
                });
                if !stricter {
                    libpcap.agrees(&file, &packets, error.is_none());
                }
            }
            file[at] = original;
        }
    }
}

#[test]
fn a_length_that_lies_costs_no_memory() {
    let lie = u32s(Little, &[6, 16 * 1024 * 1024, 0]);
    let file = [section(Little), lie].concat();
    let mut capture = CaptureReader::new(&file[..]).unwrap();
    let error = capture.next_packet().unwrap_err();
    assert_eq!(
        error.to_string(),
        "offset 28, packets read 0: \
         the file ends inside an Enhanced Packet Block: 16777216 octets needed, 12 left"
    );
    assert_eq!(capture.buffer_size(), 128 * 1024);
}

#[test]
fn the_longest_block_is_the_most_memory() {
    let long = block(Little, 99, &vec![0; 16 * 1024 * 1024 - 12]);
    let file =
        [section(Little), long, interface(Little, 1, 0, &[]), enhanced(Little, 0, 0, 1, b"x")].concat();
    let mut capture = CaptureReader::new(&file[..]).unwrap();
    assert_eq!(capture.next_packet().unwrap().unwrap().octets, b"x");
    assert_eq!(capture.buffer_size(), 16 * 1024 * 1024);
}

// ---- Sources ---------------------------------------------------------------

/// Delivers single octets, each after an interruption.
struct Halting<'a> {
    rest: &'a [u8],
    interrupted: bool,
}

impl Read for Halting<'_> {
    fn read(&mut self, space: &mut [u8]) -> io::Result<usize> {
        self.interrupted = !self.interrupted;
        if self.interrupted {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let length = space.len().min(1);
        self.rest.read(&mut space[..length])
    }
}

/// Fails where another source ends.
struct Failing;

impl Read for Failing {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::Error::other("the disk is gone"))
    }
}

/// Delivers the same octets over and over.
struct Endless {
    octets: Vec<u8>,
    at: usize,
}

impl Read for Endless {
    fn read(&mut self, space: &mut [u8]) -> io::Result<usize> {
        let length = (&self.octets[self.at..]).read(space)?;
        self.at = (self.at + length) % self.octets.len();
        Ok(length)
    }
}

#[test]
fn a_source_may_halt_at_every_octet() {
    for file in small_files().map(|parts| parts.concat()) {
        let (packets, error) = read(Halting { rest: &file, interrupted: false });
        assert!(error.is_none());
        assert_eq!(packets, read_whole(&file));
    }
}

#[test]
fn a_source_may_fail_at_every_octet() {
    for file in small_files().map(|parts| parts.concat()) {
        for length in 0..=file.len() {
            let (packets, error) = read(file[..length].chain(Failing));
            assert_eq!(packets, read(&file[..length]).0);
            let error = error.unwrap();
            assert!(matches!(error.kind, Kind::Io(_)), "{error}");
            assert_eq!(
                error.to_string(),
                format!("offset {length}, packets read {}: cannot read on: the disk is gone", packets.len())
            );
        }
    }
}

#[test]
fn memory_does_not_follow_the_length_of_the_file() {
    const LENGTH: usize = 50_000_000;
    let octets = [60, 1514, 9000, 0, 124].map(|length| vec![3; length]);
    let records = octets.each_ref().map(|octets| record(Little, 1, 2, 99, octets)).concat();
    let blocks = octets.each_ref().map(|octets| enhanced(Little, 0, 1, 99, octets)).concat();
    for (start, packets) in [
        (pcap_header(Little, MICRO, 4, 0, 1), records),
        ([section(Little), interface(Little, 1, 0, &[])].concat(), blocks),
    ] {
        let rounds = LENGTH / packets.len();
        let length = (rounds * packets.len()) as u64;
        let source = start.chain(Endless { octets: packets, at: 0 }.take(length));
        let mut capture = CaptureReader::new(source).unwrap();
        let (mut count, mut sum) = (0, 0);
        while let Some(packet) = capture.next_packet().unwrap() {
            count += 1;
            sum += packet.octets.len();
        }
        assert_eq!((count, sum), (rounds * 5, rounds * octets.concat().len()));
        assert_eq!(capture.buffer_size(), 128 * 1024);
    }
}

// ---- libpcap ---------------------------------------------------------------

/// What libpcap says of files kept in a directory of our own.
struct Libpcap {
    directory: tempfile::TempDir,
    compared: usize,
}

/// A packet by libpcap: seconds, nanoseconds, original length, octets.
type Known = (i64, i64, u32, Vec<u8>);

/// All packets libpcap reads, and whether it reads to the end; `None` if it
/// does not even begin.
fn by_libpcap(path: &Path) -> Option<(Vec<Known>, bool)> {
    let mut capture = pcap::Capture::from_file_with_precision(path, pcap::Precision::Nano).ok()?;
    let mut packets = Vec::new();
    loop {
        match capture.next_packet() {
            Ok(packet) => {
                let header = packet.header;
                packets.push((header.ts.tv_sec, header.ts.tv_usec, header.len, packet.data.to_vec()));
            }
            Err(error) => return Some((packets, error == pcap::Error::NoMorePackets)),
        }
    }
}

fn assert_same(ours: &Seen, (seconds, nanoseconds, original_length, octets): &Known) {
    // libpcap neither carries into the seconds nor, in some versions, takes
    // them as unsigned, as the draft has it; and it has a stamp where there is
    // none.
    if let (Some(time), 0..1_000_000_000) = (ours.time, *nanoseconds) {
        let unsigned = |seconds: i64| seconds & 0xffff_ffff;
        let stamp = (unsigned(time.seconds), i64::from(time.nanoseconds));
        assert_eq!(stamp, (unsigned(*seconds), *nanoseconds));
    }
    assert_eq!(ours.original_length, *original_length);
    assert_eq!(ours.octets, *octets);
}

impl Libpcap {
    fn new() -> Self {
        Self { directory: tempfile::tempdir().unwrap(), compared: 0 }
    }

    /// Whatever libpcap can read of a file we have read the same. We may read
    /// more: it refuses changes of link type and byte order, for instance.
    fn agrees(&mut self, file: &[u8], packets: &[Seen], ended_well: bool) {
        let path = self.directory.path().join("capture");
        fs::write(&path, file).unwrap();
        let Some((known, known_ended_well)) = by_libpcap(&path) else {
            return;
        };
        assert!(packets.len() >= known.len());
        if known_ended_well {
            assert!(ended_well);
            assert_eq!(packets.len(), known.len());
        }
        for (ours, known) in packets.iter().zip(&known) {
            assert_same(ours, known);
        }
        self.compared += known.len();
    }
}

impl Drop for Libpcap {
    fn drop(&mut self) {
        println!("{} packets compared with libpcap", self.compared);
    }
}

#[test]
fn small_files_as_libpcap_reads_them() {
    let mut libpcap = Libpcap::new();
    for file in small_files().map(|parts| parts.concat()) {
        libpcap.agrees(&file, &read_whole(&file), true);
    }
    assert_eq!(libpcap.compared, 2 * (4 + 4 + 5));
}

fn captures_below(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            captures_below(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "pcap" || ending == "pcapng") {
            found.push(path);
        }
    }
}

#[test]
fn the_corpus_as_libpcap_reads_it() {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    let directories = std::env::var_os("REDSPEC_CORPUS").map_or_else(
        || vec![own.join("../../shared/pcaps"), own.join("../pcaps/own")],
        |directory| vec![directory.into()],
    );
    for directory in directories {
        if !directory.is_dir() {
            println!("skipped: no corpus at {}", directory.display());
            continue;
        }
        let mut paths = Vec::new();
        captures_below(&directory, &mut paths);
        for path in paths {
            let (packets, error) = read(fs::File::open(&path).unwrap());
            let (known, known_ended_well) = by_libpcap(&path).unwrap_or_default();
            let name = path.display();
            assert_eq!(packets.len(), known.len(), "{name}");
            assert_eq!(error.is_none(), known_ended_well, "{name}: {error:?}");
            for (ours, known) in packets.iter().zip(&known) {
                assert_same(ours, known);
            }
            println!("{name}: {} packets as libpcap reads them", packets.len());
        }
    }
}
