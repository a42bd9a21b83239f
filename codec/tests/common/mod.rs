#![allow(clippy::too_many_lines, reason = "a table")]
#![allow(dead_code, reason = "not every test uses all of it")]
//! Octets with known meaning, shared by the tests. The line above each says where it comes from.

/// Octets from hexadecimal text; blanks are for the reader, `00*50` repeats an octet.
pub fn hex(text: &str) -> Vec<u8> {
    let mut octets = Vec::new();
    for word in text.split_whitespace() {
        let (digits, times) = match word.split_once('*') {
            Some((digits, times)) => (digits, times.parse().expect("a count after *")),
            None => (word, 1),
        };
        for _ in 0..times {
            for pair in digits.as_bytes().chunks(2) {
                let pair = core::str::from_utf8(pair).expect("ASCII");
                octets.push(u8::from_str_radix(pair, 16).expect("hexadecimal"));
            }
        }
    }
    octets
}

/// A PDU: name, the property that covers it, its octets, and how it is shown.
pub struct Sample {
    pub name: &'static str,
    pub target: &'static str,
    pub octets: Vec<u8>,
    pub shown: &'static str,
}

fn sample(name: &'static str, target: &'static str, text: &str, shown: &'static str) -> Sample {
    Sample { name, target, octets: hex(text), shown }
}

pub fn samples() -> Vec<Sample> {
    vec![
        // Cisco, captured: the first frame of a negotiation.
        sample(
            "lacp-v1-cisco",
            "lacp",
            "0101 0114 8000 0013c4120f00 000d 8000 0016 85 000000 \
             0214 8000 000e8316f500 000d 8000 0019 36 000000 0310 8000 00*12 0000 00*50",
            "LACPv1 actor 32768/00:13:c4:12:0f:00 key 13 port 32768/22 ACT|AGG|EXP \
             partner 32768/00:0e:83:16:f5:00 key 13 port 32768/25 SHORT|AGG|COL|DIST collector_max_delay 32768",
        ),
        // Extreme Networks, captured: partner all zero with a state.
        sample(
            "lacp-v1-extreme",
            "lacp",
            "0101 0114 91f4 0004961f506a 8000 0000 0012 47 000000 0214 0000 000000000000 0000 0000 0000 3b 000000 \
             0310 0002 00*12 0000 00*50",
            "LACPv1 actor 37364/00:04:96:1f:50:6a key 32768 port 0/18 ACT|SHORT|AGG|DEF \
             partner 0/00:00:00:00:00:00 key 0 port 0/0 ACT|SHORT|SYNC|COL|DIST collector_max_delay 2",
        ),
        // Made by the layout of 802.1AX-2014 6.4.2.4: the three short TLVs, 44 octets, leave a Pad of 6.
        sample(
            "lacp-v2-short",
            "lacp",
            "0102 0114 8000 020000000001 0001 8000 0001 3d 000000 \
             0214 8000 020000000002 0001 8000 0002 3d 000000 0310 0000 00*12 \
             0406 0080c205 0514 0007 a5*16 0a12 5a*16 0000 00*6",
            "LACPv2 actor 32768/02:00:00:00:00:01 key 1 port 32768/1 ACT|AGG|SYNC|COL|DIST \
             partner 32768/02:00:00:00:00:02 key 1 port 32768/2 ACT|AGG|SYNC|COL|DIST collector_max_delay 0, \
             port_algorithm flow hash, port_conversation_id_digest link 7, service_mapping_digest",
        ),
        // Made by the same clause: with the conversation masks the PDU is 625 octets long.
        sample(
            "lacp-v2-long",
            "lacp",
            "0102 0114 8000 020000000001 0001 8000 0001 3d 000000 \
             0214 8000 020000000002 0001 8000 0002 3d 000000 0310 0000 00*12 \
             0406 0080c200 0514 0001 11*16 0683 03 01*128 0782 02*128 0882 03*128 0982 04*128 0a12 22*16 0000",
            "LACPv2 actor 32768/02:00:00:00:00:01 key 1 port 32768/1 ACT|AGG|SYNC|COL|DIST \
             partner 32768/02:00:00:00:00:02 key 1 port 32768/2 ACT|AGG|SYNC|COL|DIST collector_max_delay 0, \
             port_algorithm Unspecified, port_conversation_id_digest link 1, port_conversation_mask_1 state 0x03, \
             port_conversation_mask_2, port_conversation_mask_3, port_conversation_mask_4, service_mapping_digest",
        ),
        // SONiC's retry count: version 0xf1 and two TLVs of its own.
        sample(
            "lacp-sonic-retry-count",
            "lacp",
            "01f1 0114 8000 020000000001 0001 8000 0001 3d 000000 \
             0214 8000 020000000002 0001 8000 0002 3d 000000 0310 0000 00*12 8004 0500 8104 0300 0000 00*42",
            "LACPv241 actor 32768/02:00:00:00:00:01 key 1 port 32768/1 ACT|AGG|SYNC|COL|DIST \
             partner 32768/02:00:00:00:00:02 key 1 port 32768/2 ACT|AGG|SYNC|COL|DIST collector_max_delay 0, \
             tlv 0x80 (4 octets), tlv 0x81 (4 octets)",
        ),
        sample(
            "marker-information",
            "marker",
            "0201 0110 0001 020000000001 deadbeef 0000 0000 00*90",
            "Marker information requester 02:00:00:00:00:01 port 1 transaction 3735928559",
        ),
        sample(
            "marker-response",
            "marker",
            "0201 0210 0001 020000000001 deadbeef 0000 0000 00*90",
            "Marker response requester 02:00:00:00:00:01 port 1 transaction 3735928559",
        ),
        // ESMC, QL-SSU-A.
        sample(
            "slow-esmc",
            "slow",
            "0a 0019a7 0001 10 000000 01 0004 04 00*38",
            "slow protocol OSSP 00-19-a7, 52 octets",
        ),
        // keepalived and FRR, captured.
        sample(
            "vrrp2",
            "vrrp2",
            "210a640100016ff50a0000fe 00*8",
            "VRRPv2 vrid 10 priority 100 interval 1 s addresses 10.0.0.254 checksum valid",
        ),
        sample(
            "vrrp2-priority-0",
            "vrrp2",
            "210a00010001d3f50a0000fe 00*8",
            "VRRPv2 vrid 10 priority 0 interval 1 s addresses 10.0.0.254 checksum valid",
        ),
        // Hand-made by others: no authentication data.
        sample(
            "vrrp2-without-authentication-data",
            "vrrp2",
            "2101640300 01 38fa c0a80001 c0a80002 c0a80003",
            "VRRPv2 vrid 1 priority 100 interval 1 s addresses 192.168.0.1, 192.168.0.2, 192.168.0.3 checksum valid",
        ),
        // From inside keepalived's IP AH, captured.
        sample(
            "vrrp2-ah",
            "vrrp2",
            "213365010201 6c3e 0a00018c 00*8",
            "VRRPv2 vrid 51 priority 101 interval 1 s auth IP AH addresses 10.0.1.140 checksum valid",
        ),
        // keepalived and FRR, captured: with the pseudo-header of 10.0.0.1 > 224.0.0.18.
        sample(
            "vrrp3-ipv4-rfc5798",
            "vrrp3_ipv4",
            "310a6401006475020a0000fe",
            "VRRPv3 vrid 10 priority 100 interval 100 cs addresses 10.0.0.254",
        ),
        sample(
            "vrrp3-ipv4-rfc9568",
            "vrrp3_ipv4",
            "310a640100645f920a0000fe",
            "VRRPv3 vrid 10 priority 100 interval 100 cs addresses 10.0.0.254",
        ),
        // keepalived and FRR, captured: from fe80::ff:fe00:1.
        sample(
            "vrrp3-ipv6",
            "vrrp3_ipv6",
            "310a640200643ec2 fe800000000000000000000000000010 20010db8000000000000000000000254",
            "VRRPv3 vrid 10 priority 100 interval 100 cs addresses fe80::10, 2001:db8::254",
        ),
        // OpenBSD, captured.
        sample(
            "carp",
            "carp",
            "21010007 0001cf0c d8eb03f64aa49bd2 db894a44db44e04954f8bae9401eb4059db6c977",
            "CARP vhid 1 advbase 1 advskew 0",
        ),
        // Cisco, captured.
        sample(
            "hsrp1-hello-active",
            "hsrp1",
            "000010030ac80100 636973636f000000 c0a80001",
            "HSRPv1 Hello group 1 state Active priority 200 hello 3 s hold 10 s virtual 192.168.0.1",
        ),
        sample(
            "hsrp1-advertise",
            "hsrp1",
            "0003 0001 000e 0300 0001 0000 6f000000",
            "HSRPv1 Advertise state Active active groups 1 passive groups 0",
        ),
        // The algorithm of the digest was verified on captured ones; key "labkey".
        sample(
            "hsrp1-md5",
            "hsrp1",
            "000010030a6e0700 00*8 c0000201 041c01000000c000020200000000 ca01befdfc8c2ed7fa67a779ac45b671",
            "HSRPv1 Hello group 7 state Active priority 110 hello 3 s hold 10 s virtual 192.0.2.1",
        ),
        sample(
            "hsrp2-group-state",
            "hsrp2",
            "0128020006040fff0200000000010000006e00000bb800002710c0000201 00*12",
            "HSRPv2 Hello group 4095 state Active priority 110 hello 3000 ms hold 10000 ms virtual 192.0.2.1",
        ),
        sample(
            "hsrp2-text",
            "hsrp2",
            "0128020005040001 aabbcc000a00 00000064 00000bb8 00002710 0a000064 00*12 0308 636973636f000000",
            "HSRPv2 Hello group 1 state Standby priority 100 hello 3000 ms hold 10000 ms virtual 10.0.0.100, \
             text authentication \"cisco\\x00\\x00\\x00\"",
        ),
        sample(
            "hsrp2-md5",
            "hsrp2",
            "0128020006040fff0200000000010000006e00000bb800002710c0000201 00*12 \
             041c01000000c000020200000000 c6e3b38143e30985dfc481eca53788ab",
            "HSRPv2 Hello group 4095 state Active priority 110 hello 3000 ms hold 10000 ms virtual 192.0.2.1, \
             md5 key_id 0 sender 192.0.2.2",
        ),
        // Cisco, captured: alone in a datagram, without Group State.
        sample(
            "hsrp2-interface-state",
            "hsrp2",
            "020400000001",
            "HSRPv2 interface state active groups 0 passive groups 1",
        ),
        // Cisco, captured.
        sample(
            "glbp-hello",
            "glbp",
            "010000010000c2007cb80000 011c 000400c8 0000 00000bb8 00002710 0258 3840 0000 0104 c0a80001",
            "GLBP group 1 owner c2:00:7c:b8:00:00, \
             Hello state Listen priority 200 hello 3000 ms hold 10000 ms virtual 192.168.0.1",
        ),
        sample(
            "glbp-forwarder",
            "glbp",
            "010000010000c2007cb80000 0214 01200087640000003818023000 07b4000101 0304 0100 0408 010203040506",
            "GLBP group 1 owner c2:00:7c:b8:00:00, \
             forwarder 1 state Active priority 135 weight 100 mac 00:07:b4:00:01:01, \
             authentication type 1 (0 octets), tlv 4 (8 octets)",
        ),
    ]
}

/// Whole frames: name and octets.
pub fn frames() -> Vec<(&'static str, Vec<u8>)> {
    let vrrp3 = "310a6401006475020a0000fe";
    let ipv4 = "45c00020 00000000 ff70d09a 0a000001 e0000012";
    vec![
        (
            "lacp",
            hex("0180c2000002 0013c4120f0d 8809 0101 0114 8000 0013c4120f00 000d 8000 0016 85 000000 \
                 0214 8000 000e8316f500 000d 8000 0019 36 000000 0310 8000 00*12 0000 00*50"),
        ),
        // H3C's MAD behind the PDU.
        (
            "lacp-with-trailer",
            hex("0180c2000002 0013c4120f0d 8809 0101 0114 8000 0013c4120f00 000d 8000 0016 85 000000 \
                 0214 8000 000e8316f500 000d 8000 0019 36 000000 0310 8000 00*12 0000 00*50 6404 0102"),
        ),
        (
            "marker",
            hex("0180c2000002 020000000001 8809 0201 0110 0001 020000000001 deadbeef 0000 0000 00*90"),
        ),
        ("oam", hex("0180c2000002 020000000001 8809 0300500001 00*41")),
        ("vrrp3", hex(&format!("01005e000012 00005e00010a 0800 {ipv4} {vrrp3} 00*14"))),
        (
            "vrrp3-three-tags",
            hex(&format!("01005e000012 00005e00010a 88a8 0064 8100 2065 8100 0066 0800 {ipv4} {vrrp3}")),
        ),
        // keepalived's HMAC extension: 28 octets after the message, inside the IP packet.
        (
            "vrrp3-hmac-trailer",
            hex(&format!(
                "01005e000012 00005e00010a 0800 45c0003c 00000000 ff70d07e 0a000001 e0000012 {vrrp3} 01*28"
            )),
        ),
        (
            "vrrp3-ipv4-options",
            hex(&format!(
                "01005e000012 00005e00010a 0800 46c00024 00000000 ff703b92 0a000001 e0000012 94040000 {vrrp3}"
            )),
        ),
        (
            "vrrp3-ipv6",
            hex("333300000012 00005e00020a 86dd 6c000000 0028 70 ff fe80000000000000000000fffe000001 \
                 ff020000000000000000000000000012 310a640200643ec2 \
                 fe800000000000000000000000000010 20010db8000000000000000000000254"),
        ),
        // A Hop-by-Hop header with padding in front.
        (
            "vrrp3-ipv6-extension",
            hex("333300000012 00005e00020a 86dd 6c000000 0030 00 ff fe80000000000000000000fffe000001 \
                 ff020000000000000000000000000012 7000010400000000 310a640200643ec2 \
                 fe800000000000000000000000000010 20010db8000000000000000000000254"),
        ),
        // openwall/john-samples describes the frame: VRRPv2 inside IP AH.
        (
            "vrrp2-ah",
            hex("01005e000012 0c0000000001 0800 45c0004000150000ff339df9c0a87c01e0000012 \
                 70040000c0a87c0100000015ad719a912d50a53935d9ad41 2133650102016c3e0a00018c 00*8"),
        ),
        (
            "carp",
            hex("01005e000012 00005e000101 0800 45e0003800004000ff708156c0a85864e0000012 21010007 0001cf0c \
                 d8eb03f64aa49bd2 db894a44db44e04954f8bae9401eb4059db6c977"),
        ),
        (
            "hsrp1",
            hex(
                "01005e000002 00000c07ac01 0800 45c0003000000000 01111851 c0a80002 e0000002 07c107c1 001c 0000 \
                 000010030ac80100 636973636f000000 c0a80001",
            ),
        ),
        (
            "hsrp2",
            hex(
                "01005e000066 00000c9ff001 0800 45c0005000000000 0111ce6d 0a00000a e0000066 07c107c1 003c 0000 \
                 0128020005040001 aabbcc000a00 00000064 00000bb8 00002710 0a000064 00*12 0308 636973636f000000",
            ),
        ),
        (
            "glbp",
            hex(
                "01005e000066 0007b4000101 0800 45c0004400000000 ff110000 c0a80001 e0000066 0c960c96 0030 0000 \
                 010000010000c2007cb80000 011c 000400c8 0000 00000bb8 00002710 0258 3840 0000 0104 c0a80001",
            ),
        ),
        (
            "gratuitous-arp",
            hex(
                "ffffffffffff 00005e00010a 0806 0001080006040001 00005e00010a 0a0000fe 000000000000 0a0000fe 00*18",
            ),
        ),
        // keepalived, captured: the unsolicited advertisement of fe80::10.
        (
            "unsolicited-na",
            hex("333300000001 00005e00020a 86dd 60000000 0020 3a ff fe800000000000000000000000000010 \
                 ff020000000000000000000000000001 88007973a0000000 fe800000000000000000000000000010 020100005e00020a"),
        ),
        ("ipv4-tcp", hex("020000000002 020000000001 0800 4500002800000000400600000a0000010a000002 00*20")),
        ("llc", hex("0180c2000000 020000000001 0026 424203 00*35")),
    ]
}
