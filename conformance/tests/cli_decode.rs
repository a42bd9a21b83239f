//! `redspec decode` as its users run it: captures made by hand, text and JSON that they can rely on.

mod support;

use std::ffi::OsStr;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};

use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use support::{
    Packet, capture, checksum, enhanced_packet, ethernet, hex, ipv4, pcap, pcapng, simple_packet, udp,
};
use tempfile::TempDir;

const ETHERNET: u32 = 1;
const RAW: u32 = 101;
const FRAME_RELAY: u32 = 107;
const LINUX_SLL: u32 = 113;
const IPV4: u32 = 228;
const IPV6: u32 = 229;
const LINUX_SLL2: u32 = 276;

// ---- Running it ------------------------------------------------------------

fn redspec<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_redspec"));
    command.args(arguments).stdin(Stdio::null());
    command
}

fn piped(arguments: &[&str]) -> Child {
    redspec(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// What came of a run.
#[derive(Debug, PartialEq, Eq)]
struct Ran {
    code: Option<i32>,
    out: String,
    err: String,
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// Files that go away with it.
struct Files(TempDir);

impl Files {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn with(self, name: &str, content: &[u8]) -> Self {
        fs::write(self.path(name), content).unwrap();
        self
    }

    /// Runs `decode` where the files are, so that their paths are their names.
    fn decode(&self, arguments: &[&str]) -> Ran {
        redspec([&["decode"], arguments].concat()).current_dir(&self.0).output().unwrap().into()
    }
}

fn decode(file: &[u8]) -> Ran {
    Files::new().with("a.pcap", file).decode(&["a.pcap"])
}

/// The objects of a capture that is good from beginning to end.
fn objects(file: &[u8]) -> Vec<Value> {
    let ran = Files::new().with("a.pcap", file).decode(&["--json", "a.pcap"]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
    ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The one object of a capture of one frame.
fn object(link_type: u32, frame: Vec<u8>) -> Value {
    let mut objects = objects(&capture(link_type, &[frame]));
    assert_eq!(objects.len(), 1);
    objects.remove(0)
}

fn deviations(object: &Value) -> Vec<&str> {
    object["deviations"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect()
}

// ---- Frames ----------------------------------------------------------------

const SLOW_MULTICAST: &str = "0180c2000002";
const PORT: &str = "0013c4120f0d";

fn slow(payload: &[u8]) -> Vec<u8> {
    ethernet(SLOW_MULTICAST, PORT, "8809", payload)
}

fn lacpdu(version: u8, tlvs: &[u8]) -> Vec<u8> {
    let actor = hex("0114 8000 0013c4120f00 000d 8000 0016 85 000000");
    let partner = hex("0214 8000 000e8316f500 000d 8000 0019 36 000000");
    let collector = hex("0310 8000 000000000000000000000000");
    let mut pdu = [&[1, version], &*actor, &partner, &collector, tlvs, &[0, 0]].concat();
    pdu.resize(pdu.len().max(110), 0);
    pdu
}

const ROUTER: [u8; 4] = [192, 168, 0, 30];
const VRRP_GROUP: [u8; 4] = [224, 0, 0, 18];

/// A message with its checksum, over itself alone, in octets 6 and 7.
fn sealed(message: &str) -> Vec<u8> {
    let mut message = hex(message);
    let checksum = checksum(&message).to_be_bytes();
    message[6..8].copy_from_slice(&checksum);
    message
}

fn vrrp2(virtual_router: u8) -> Vec<u8> {
    let message = sealed(&format!("21 {virtual_router:02x} 64 01 00 01 0000 c0a80001 0000000000000000"));
    ipv4(ROUTER, VRRP_GROUP, 255, 112, &message)
}

fn hsrp1_message() -> Vec<u8> {
    hex("00 00 10 03 0a c8 01 00 636973636f000000 c0a80001")
}

fn hsrp1(ttl: u8, message: &[u8]) -> Vec<u8> {
    ipv4(ROUTER, [224, 0, 0, 2], ttl, 17, &udp(1985, message))
}

fn md5_tlv() -> Vec<u8> {
    hex("04 1c 01 00 0000 0a00000a 00000007 000102030405060708090a0b0c0d0e0f")
}

fn on_ethernet(destination: &str, packet: &[u8]) -> Vec<u8> {
    ethernet(destination, "00000c07ac01", "0800", packet)
}

// ---- Each protocol ---------------------------------------------------------

#[test]
fn lacp() {
    let frame = slow(&lacpdu(1, &[]));
    let file = pcap(ETHERNET, &[Packet::new(1_712_345_678, 123_456_789, frame)]);
    assert_eq!(
        objects(&file),
        [json!({
            "frame": 1, "time": "1712345678.123456789", "src": "00:13:c4:12:0f:0d", "dst": "01:80:c2:00:00:02",
            "vlan": [], "ip_src": null, "ip_dst": null, "ttl": null, "protocol": "lacp", "ok": true, "error": null,
            "deviations": [],
            "fields": {
                "version": 1,
                "actor": {"system_priority": 32768, "system": "00:13:c4:12:0f:00", "key": 13,
                          "port_priority": 32768, "port": 22, "state": 0x85},
                "partner": {"system_priority": 32768, "system": "00:0e:83:16:f5:00", "key": 13,
                            "port_priority": 32768, "port": 25, "state": 0x36},
                "collector_max_delay": 32768,
            },
        })]
    );
    assert_eq!(
        decode(&file),
        Ran {
            code: Some(0),
            out: "     1 1712345678.123456789 00:13:c4:12:0f:0d > 01:80:c2:00:00:02 \
                  LACPv1 actor 32768/00:13:c4:12:0f:00 key 13 port 32768/22 ACT|AGG|EXP \
                  partner 32768/00:0e:83:16:f5:00 key 13 port 32768/25 SHORT|AGG|COL|DIST \
                  collector_max_delay 32768\n"
                .into(),
            err: String::new(),
        }
    );
}

#[test]
fn lacp_version_2() {
    let tlvs = hex("0406 0080c205  0514 0007 000102030405060708090a0b0c0d0e0f  8003 2a");
    let object = object(ETHERNET, slow(&lacpdu(2, &tlvs)));
    assert_eq!(object["fields"]["version"], 2);
    assert_eq!(
        object["fields"]["tlvs"],
        json!([
            {"type": 4, "name": "Port Algorithm", "algorithm": 0x0080_c205},
            {"type": 5, "name": "Port Conversation ID Digest", "link_number_id": 7,
             "digest": "000102030405060708090a0b0c0d0e0f"},
            {"type": 128, "name": null, "value": "2a"},
        ])
    );
    assert_eq!(deviations(&object), ["lacp.pdu.tlv-unknown"]);
}

#[test]
fn marker() {
    let mut pdu = hex("02 01 02 10 0016 0013c4120f00 0000002a 0000 0000");
    pdu.resize(110, 0);
    let object = object(ETHERNET, slow(&pdu));
    assert_eq!(object["protocol"], "marker");
    assert_eq!(
        object["fields"],
        json!({"version": 1, "kind": "response", "requester_port": 22, "requester_system": "00:13:c4:12:0f:00",
               "transaction_id": 42})
    );
}

#[test]
fn other_slow_protocols() {
    let object = object(ETHERNET, slow(&hex("0a 0019a7 0001 10000000 01 0004 04")));
    assert_eq!(object["protocol"], "slow");
    assert_eq!(object["fields"], json!({"subtype": 10, "oui": "00-19-a7", "octets": 14}));
}

#[test]
fn vrrp_version_2() {
    let message = sealed("21 01 64 02 01 03 0000 c0a80001 c0a80002 736563726574 0000");
    let object = object(RAW, ipv4(ROUTER, VRRP_GROUP, 255, 112, &message));
    assert_eq!(
        object,
        json!({
            "frame": 1, "time": "1.000000000", "src": null, "dst": null, "vlan": [], "ip_src": "192.168.0.30",
            "ip_dst": "224.0.0.18", "ttl": 255, "protocol": "vrrp2", "ok": true, "error": null, "deviations": [],
            "fields": {
                "type": 1, "vrid": 1, "priority": 100, "auth_type": 1, "advertisement_interval_s": 3,
                "addresses": ["192.168.0.1", "192.168.0.2"],
                "checksum": u16::from_be_bytes([message[6], message[7]]), "checksum_status": "valid",
                "text_authentication": "secret", "md5": null,
            },
        })
    );
}

#[test]
fn vrrp_version_2_with_md5() {
    let message = sealed(
        "21 01 64 01 fe 03 0000 c0a80001 0000000000000000 \
         fe1c 0100 0000 0a00000a 00000000 000102030405060708090a0b0c0d0e0f",
    );
    let object = object(RAW, ipv4(ROUTER, VRRP_GROUP, 255, 112, &message));
    assert_eq!(object["fields"]["auth_type"], 254);
    assert_eq!(
        object["fields"]["md5"],
        json!({"algorithm": 1, "flags": 0, "sender": "10.0.0.10", "key_id": 0,
               "digest": "000102030405060708090a0b0c0d0e0f"})
    );
}

#[test]
fn vrrp_version_3() {
    let alone = sealed("31 0a 64 01 0064 0000 0a0000fe");
    let over_ipv4 = object(IPV4, ipv4([10, 0, 0, 1], VRRP_GROUP, 255, 112, &alone));
    assert_eq!(
        over_ipv4["fields"],
        json!({"type": 1, "vrid": 10, "priority": 100, "max_advertisement_interval_cs": 100,
               "addresses": ["10.0.0.254"], "checksum": u16::from_be_bytes([alone[6], alone[7]]),
               "checksum_status": "rfc9568"})
    );

    let address = "fe80000000000000 00000000000000fe";
    let packet = hex(&format!(
        "60000000 0018 70 ff fe800000000000000000000000000001 ff020000000000000000000000000012 \
         31 0a 64 01 0064 dead {address}"
    ));
    let over_ipv6 = object(IPV6, packet);
    assert_eq!(over_ipv6["protocol"], "vrrp3");
    assert_eq!(over_ipv6["ip_dst"], "ff02::12");
    assert_eq!(over_ipv6["ttl"], 255);
    assert_eq!(over_ipv6["fields"]["addresses"], json!(["fe80::fe"]));
    assert_eq!(over_ipv6["fields"]["checksum_status"], "invalid");
    assert_eq!(
        over_ipv6["deviations"],
        json!([{
            "id": "vrrp3.pdu.checksum", "clause": "RFC 9568 5.2.8, RFC 5798 5.2.8", "level": "must", "at": 46,
            "found": 0xdead, "text": "the checksum is right in one of the forms",
        }])
    );
}

#[test]
fn carp_is_not_vrrp() {
    let message = hex(&format!("21 01 00 07 00 01 1234 000102030405060708 {}", "ab".repeat(19)));
    let carp = object(RAW, ipv4(ROUTER, VRRP_GROUP, 255, 112, &message));
    assert_eq!(carp["protocol"], "carp");
    assert_eq!(carp["ok"], true);
    assert_eq!(carp["fields"]["vhid"], 1);
    assert_eq!(carp["fields"]["counter"], 0x0001_0203_0405_0607_u64);

    let unknown = object(RAW, ipv4(ROUTER, VRRP_GROUP, 255, 112, &hex("71 01 64 00 00 01 0000")));
    assert_eq!(unknown["protocol"], "vrrp");
    assert_eq!(unknown["ok"], false);
    assert_eq!(unknown["error"], "VRRP: version 7 at octet 20, expected 3");
    assert_eq!(unknown["fields"], json!({}));
}

#[test]
fn hsrp_version_1_in_vlans() {
    let inner = [hex("000a 0800"), hsrp1(1, &hsrp1_message())].concat();
    let frame = ethernet("01005e000002", "00000c07ac01", "88a8", &[hex("6064 8100"), inner].concat());
    let file = capture(ETHERNET, &[frame]);
    let object = objects(&file).remove(0);
    assert_eq!(object["vlan"], json!([100, 10]));
    assert_eq!(object["deviations"], json!([]));
    assert_eq!(
        object["fields"],
        json!({"opcode": 0, "state": 16, "hellotime_s": 3, "holdtime_s": 10, "priority": 200, "group": 1,
               "authentication": "cisco", "virtual_ip": "192.168.0.1", "md5": null})
    );
    assert_eq!(
        decode(&file).out,
        "     1 1.000000000 00:00:0c:07:ac:01 192.168.0.30 > 224.0.0.2 vlan 100 vlan 10 HSRPv1 Hello group 1 \
         state Active priority 200 hello 3 s hold 10 s virtual 192.168.0.1 auth \"cisco\"\n"
    );
}

#[test]
fn hsrp_version_1_and_what_follows() {
    let mut message = hsrp1_message();
    message[8..16].copy_from_slice(b"\"a\n\0b\0\0\0");
    let md5 = [&*message, &md5_tlv()].concat();
    let object = object(RAW, hsrp1(1, &md5));
    assert_eq!(object["fields"]["authentication"], r#"\"a\n\x00b"#);
    assert_eq!(
        object["fields"]["md5"],
        json!({"algorithm": 1, "flags": 0, "sender": "10.0.0.10", "key_id": 7,
               "digest": "000102030405060708090a0b0c0d0e0f"})
    );
    assert_eq!(object.get("trailer"), None);

    message[8..16].fill(0);
    let longer = self::object(RAW, hsrp1(1, &[&*message, &md5_tlv(), &[5, 1, 0]].concat()));
    assert_eq!(longer["fields"]["authentication"], "");
    assert_eq!(longer["trailer"], 3);
}

#[test]
fn hsrp_version_1_advertise() {
    let object = object(RAW, hsrp1(1, &hex("00 03 0001 000e 02 00 0000 0001 00000000")));
    assert_eq!(object["protocol"], "hsrp1");
    assert_eq!(object["fields"], json!({"opcode": 3, "state": 2, "active_groups": 0, "passive_groups": 1}));
}

#[test]
fn hsrp_version_2() {
    let hsrp2 = |message: &str| {
        object(RAW, ipv4(ROUTER, [224, 0, 0, 102], 255, 17, &udp(1985, &hex(message))))["fields"].take()
    };
    let group_state = "0128 02 00 06 04 0398 700f6aeff5bf 0000005a 00000bb8 00002710 \
                       0a34dc7e 000000000000000000000000";
    let text = "0308 636973636f000000";
    assert_eq!(
        hsrp2(&format!("{group_state} {text}")),
        json!({
            "group_state": {
                "opcode": 0, "state": 6, "ip_version": 4, "group": 920, "identifier": "70:0f:6a:ef:f5:bf",
                "priority": 90, "hellotime_ms": 3000, "holdtime_ms": 10000, "virtual_ip": "10.52.220.126",
            },
            "interface_state": null, "text_authentication": "cisco", "md5": null,
        })
    );
    assert_eq!(
        hsrp2("0204 0001 0002  0900  0a01ff"),
        json!({"group_state": null, "interface_state": {"active_groups": 1, "passive_groups": 2},
               "text_authentication": null, "md5": null, "tlvs": 2})
    );
    assert_eq!(
        hsrp2("0204 0000 0001 041c 0100 0000 0a00000a 00000007 000102030405060708090a0b0c0d0e0f")["md5"]["key_id"],
        7
    );
}

#[test]
fn glbp() {
    let message = hex("01 00 0001 0000 c2007cb80000 \
         011c 00 20 00 64 0000 00000bb8 00002710 0258 3840 0000 01 04 0a000001 \
         0214 01 20 00 a7 64 00 0000 0258 0000 0007b4000101 \
         0306 01 02 6869");
    let object = object(RAW, ipv4(ROUTER, [224, 0, 0, 102], 255, 17, &udp(3222, &message)));
    assert_eq!(object["protocol"], "glbp");
    assert_eq!(
        object["fields"],
        json!({
            "version": 1, "group": 1, "owner": "c2:00:7c:b8:00:00",
            "hello": {"state": 32, "priority": 100, "hellotime_ms": 3000, "holdtime_ms": 10000, "redirect_s": 600,
                      "timeout_s": 14400, "virtual_ip": "10.0.0.1"},
            "forwarders": [{"forwarder": 1, "state": 32, "priority": 167, "weight": 100, "timeout_left_s": 600,
                            "redirect_left_s": 0, "virtual_mac": "00:07:b4:00:01:01"}],
            "authentication": {"type": 1, "data": "6869"},
        })
    );
}

// ---- What is wrong in a frame ----------------------------------------------

#[test]
fn deviations_stand_below_the_frame() {
    let ran = decode(&capture(ETHERNET, &[on_ethernet("01005e000002", &hsrp1(2, &hsrp1_message()))]));
    assert_eq!(ran.code, Some(0));
    assert_eq!(
        ran.out.lines().nth(1),
        Some("       must: the TTL is 1, found 2 (0x2) at octet 22 [RFC 2281 5.1]")
    );
}

#[test]
fn rejected() {
    let short = Packet::new(1, 0, slow(&lacpdu(1, &[])[..60]));
    let mut fragment = vrrp2(1);
    fragment[6] = 0x20;
    let file = pcap(ETHERNET, &[short, Packet::new(2, 0, on_ethernet("01005e000012", &fragment))]);
    let objects = objects(&file);
    assert_eq!(objects[0]["protocol"], "lacp");
    assert_eq!(objects[0]["ok"], false);
    assert_eq!(objects[0]["error"], "LACPDU: cut short: 110 octets needed from octet 14 on, 60 are there");
    assert_eq!(objects[0]["fields"], json!({}));
    assert_eq!(objects[0]["deviations"], json!([]));
    assert_eq!(objects[1]["protocol"], "vrrp2");
    assert_eq!(objects[1]["ok"], false);
    assert!(decode(&file).out.contains(
        "00:13:c4:12:0f:0d > 01:80:c2:00:00:02 rejected: LACPDU: cut short: 110 octets needed from octet 14 on"
    ));
}

#[test]
fn what_the_capture_holds_only_in_part_is_no_fault_of_the_sender() {
    let vrrp = on_ethernet("01005e000012", &vrrp2(1));
    let tlvs = [&hex("06 83")[..], &[0; 129], &hex("07 82"), &[0; 128]].concat();
    let packets = [
        Packet::new(1, 0, slow(&lacpdu(1, &[]))).cut(96),
        Packet::new(2, 0, vrrp.clone()).cut(40),
        // Long enough for a LACPDU; the TLVs go on.
        Packet::new(3, 0, slow(&lacpdu(2, &tlvs))).cut(250),
        // Not enough of an IPv4 header to know what it is.
        Packet::new(4, 0, vrrp).cut(30),
    ];
    let lengths: Vec<_> = packets.iter().map(|packet| packet.original_length).collect();
    let files = Files::new().with("a.pcap", &pcap(ETHERNET, &packets));
    let unreadable = format!(
        "redspec: a.pcap: 1 of 4 frames have unreadable headers, the first is frame 4: \
         captured only in part: 30 of {} octets\n\
         redspec: a.pcap: 3 of 4 frames are of LACP, Marker, VRRP, HSRP or GLBP\n",
        lengths[3]
    );
    let ran = files.decode(&["--json", "a.pcap"]);
    assert_eq!((ran.code, &ran.err), (Some(0), &unreadable));
    let texts = [(96, lengths[0]), (40, lengths[1]), (250, lengths[2])]
        .map(|(captured, original)| format!("captured only in part: {captured} of {original} octets"));
    assert_eq!(texts[0], "captured only in part: 96 of 124 octets");
    for (line, text) in ran.out.lines().zip(&texts) {
        let object: Value = serde_json::from_str(line).unwrap();
        assert_eq!((&object["ok"], &object["error"]), (&json!(false), &json!(text)));
        assert_eq!((&object["deviations"], &object["fields"]), (&json!([]), &json!({})));
    }
    let ran = files.decode(&["a.pcap"]);
    assert_eq!((ran.code, &ran.err), (Some(0), &unreadable));
    let ends = [" > 01:80:c2:00:00:02 lacp ", " > 224.0.0.18 vrrp2 ", " > 01:80:c2:00:00:02 lacp "];
    assert_eq!(ran.out.lines().count(), 3);
    for ((line, end), text) in ran.out.lines().zip(ends).zip(&texts) {
        assert!(line.ends_with(&format!("{end}{text}")), "{line}");
    }

    let cooked = decode(&pcap(LINUX_SLL, &[Packet::new(1, 0, vec![0; 40]).cut(9)]));
    assert!(cooked.err.contains("frame 1: captured only in part: 9 of 40 octets\n"), "{}", cooked.err);
    // What is there to its end is judged, whatever was cut behind it.
    let padded = Packet::new(1, 0, on_ethernet("01005e000012", &[vrrp2(1), vec![0; 40]].concat())).cut(60);
    assert_eq!(objects(&pcap(ETHERNET, &[padded]))[0]["ok"], true);
}

#[test]
fn the_frame_check_sequence_is_no_trailer() {
    let frame = slow(&[lacpdu(1, &[]), vec![0xfc; 4]].concat());
    for (link_type, trailer) in [(ETHERNET, json!(4)), (0x2400_0000, Value::Null), (0x1400_0000, json!(2))] {
        let object = object(ETHERNET | link_type, frame.clone());
        assert_eq!((&object["ok"], &object["trailer"]), (&json!(true), &trailer), "{link_type:#x}");
    }
    // Only in Ethernet, and only where the end of the packet is there.
    assert_eq!(object(RAW | 0x2400_0000, vrrp2(1))["ok"], true);
    let cut = Packet::new(1, 0, frame).cut(126);
    assert_eq!(objects(&pcap(ETHERNET | 0x2400_0000, &[cut]))[0]["trailer"], 2);
}

#[test]
fn trailers_are_counted() {
    let frame = slow(&[lacpdu(1, &[]), vec![0xfc; 4]].concat());
    let file = capture(ETHERNET, &[frame]);
    assert_eq!(objects(&file)[0]["trailer"], 4);
    assert!(decode(&file).out.ends_with(", trailer of 4 octets\n"));
}

// ---- Link types ------------------------------------------------------------

#[test]
fn cooked_captures() {
    let sll = |protocol: &str, payload: &[u8]| {
        [hex("0002 0001 0006 0013c4120f0d 0000"), hex(protocol), payload.to_vec()].concat()
    };
    let sll2 = |protocol: &str, payload: &[u8]| {
        [hex(protocol), hex("0000 00000003 0001 02 06 0013c4120f0d 0000"), payload.to_vec()].concat()
    };
    let text = |link_type, frame| decode(&capture(link_type, &[frame])).out;
    for (link_type, header, lacp, tagged) in [
        (
            LINUX_SLL,
            16,
            sll("8809", &lacpdu(1, &[])),
            sll("8100", &[hex("000a 0800"), hsrp1(2, &hsrp1_message())].concat()),
        ),
        (
            LINUX_SLL2,
            20,
            sll2("8809", &lacpdu(1, &[])),
            sll2("8100", &[hex("000a 0800"), hsrp1(2, &hsrp1_message())].concat()),
        ),
    ] {
        let line = text(link_type, lacp.clone());
        assert!(line.starts_with("     1 1.000000000 00:13:c4:12:0f:0d LACPv1 actor "), "{line}");
        let lacp = object(link_type, lacp);
        assert_eq!((&lacp["src"], &lacp["dst"]), (&json!("00:13:c4:12:0f:0d"), &Value::Null));
        assert_eq!(lacp["deviations"], json!([]));
        let tagged = object(link_type, tagged);
        assert_eq!(tagged["vlan"], json!([10]));
        // The TTL: behind the cooked header, the tag and eight octets of IPv4.
        assert_eq!(tagged["deviations"][0]["id"], "hsrp1.encapsulation.ttl");
        assert_eq!(tagged["deviations"][0]["at"], header + 4 + 8);
    }
}

#[test]
fn cooked_header_of_other_hardware() {
    // Address length 0: a tunnel.
    let frame = [hex("0000 0300 0000 0000000000000000 0800"), vrrp2(1)].concat();
    assert_eq!(object(LINUX_SLL, frame)["src"], Value::Null);
}

#[test]
fn raw_ip() {
    for link_type in [12, 14, RAW, IPV4] {
        let object = object(link_type, vrrp2(7));
        assert_eq!((&object["protocol"], &object["fields"]["vrid"]), (&json!("vrrp2"), &json!(7)));
    }
}

#[test]
fn unsupported_link_type() {
    let ran = decode(&capture(FRAME_RELAY, &[vec![0x18; 40], vec![0x18; 40]]));
    assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""));
    assert_eq!(
        ran.err,
        "redspec: a.pcap: link type FRELAY (107) is not supported: 2 of 2 frames skipped, the first is frame 1\n\
         redspec: a.pcap: 0 of 2 frames are of LACP, Marker, VRRP, HSRP or GLBP\n"
    );
    let unnamed = decode(&capture(230, &[vec![0; 40]]));
    assert!(unnamed.err.contains("link type 230 is not supported"), "{}", unnamed.err);
}

#[test]
fn one_interface_of_an_unsupported_link_type() {
    let lacp = slow(&lacpdu(1, &[]));
    let packets = [enhanced_packet(0, &lacp), enhanced_packet(1, &[0x18; 21]), enhanced_packet(0, &lacp)];
    let file = pcapng(&[ETHERNET, FRAME_RELAY], &packets);
    let ran = Files::new().with("a.pcap", &file).decode(&["--json", "a.pcap"]);
    assert_eq!(ran.code, Some(2));
    let numbers: Vec<Value> =
        ran.out.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["frame"].take()).collect();
    assert_eq!(numbers, [1, 3]);
    assert!(ran.err.contains("FRELAY (107) is not supported: 1 of 3 frames skipped, the first is frame 2"));
}

#[test]
fn no_time_in_a_simple_packet_block() {
    let file = pcapng(&[ETHERNET], &[simple_packet(&slow(&lacpdu(1, &[])))]);
    assert_eq!(objects(&file)[0]["time"], Value::Null);
    assert!(decode(&file).out.starts_with("     1 - 00:13:c4:12:0f:0d > "));
}

#[test]
fn unreadable_headers_are_counted() {
    let lacp = slow(&lacpdu(1, &[]));
    let frames = [vec![0; 9], lacp, on_ethernet("01005e000012", &[0x45, 0, 0])];
    let ran = decode(&capture(ETHERNET, &frames));
    assert_eq!((ran.code, ran.out.lines().count()), (Some(0), 1));
    assert_eq!(
        ran.err,
        "redspec: a.pcap: 2 of 3 frames have unreadable headers, the first is frame 1: \
         Ethernet: cut short: 14 octets needed from octet 0 on, 9 are there\n\
         redspec: a.pcap: 1 of 3 frames are of LACP, Marker, VRRP, HSRP or GLBP\n"
    );
    let cooked = decode(&capture(LINUX_SLL, &[vec![0; 9]]));
    assert!(cooked.err.contains("frame 1: LINUX_SLL header: cut short: 16 octets needed, 9 are there\n"));
    let neither = decode(&capture(RAW, &[vec![0x55; 40]]));
    assert!(neither.err.contains("frame 1: IPv4: version 5 at octet 0, expected 4\n"));
}

// ---- Files -----------------------------------------------------------------

#[test]
fn none_of_ours() {
    let other = on_ethernet("ffffffffffff", &ipv4(ROUTER, [10, 0, 0, 1], 64, 17, &udp(53, &[0; 12])));
    assert_eq!(
        decode(&capture(ETHERNET, &[other.clone(), other])),
        Ran {
            code: Some(0),
            out: String::new(),
            err: "redspec: a.pcap: 0 of 2 frames are of LACP, Marker, VRRP, HSRP or GLBP\n".into(),
        }
    );
}

#[test]
fn a_truncated_file_and_the_next_one() {
    let whole = capture(ETHERNET, &vec![slow(&lacpdu(1, &[])); 3]);
    let record = 16 + 124;
    let files = Files::new().with("cut.pcap", &whole[..24 + 2 * record + 50]).with("whole.pcap", &whole);
    let ran = files.decode(&["--json", "cut.pcap", "whole.pcap"]);
    assert_eq!(ran.code, Some(2));
    let seen: Vec<(String, u64)> = ran
        .out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .map(|object: Value| (object["file"].as_str().unwrap().into(), object["frame"].as_u64().unwrap()))
        .collect();
    let expected =
        [("cut.pcap", 1), ("cut.pcap", 2), ("whole.pcap", 1), ("whole.pcap", 2), ("whole.pcap", 3)];
    assert_eq!(seen, expected.map(|(file, frame)| (file.to_owned(), frame)));
    let offset = 24 + 2 * record;
    assert!(
        ran.err.starts_with(&format!("redspec: cut.pcap: offset {offset}, packets read 2: ")),
        "{}",
        ran.err
    );
    assert!(ran.err.ends_with("redspec: cut.pcap: 2 of 2 frames are of LACP, Marker, VRRP, HSRP or GLBP\n"));

    let text = files.decode(&["whole.pcap", "whole.pcap"]);
    assert!(text.out.lines().all(|line| line.starts_with("whole.pcap:      ")), "{}", text.out);
}

#[test]
fn files_that_are_no_captures() {
    let files = Files::new().with("note.txt", b"not a capture").with("empty", b"");
    let missing = files.decode(&["missing.pcap"]);
    assert_eq!(missing.code, Some(2));
    assert!(missing.err.starts_with("redspec: missing.pcap: No such file"), "{}", missing.err);
    assert_eq!(missing.err.lines().count(), 1);
    for (name, complaint) in [
        ("note.txt", "offset 0, packets read 0: the file begins with 6e6f7420"),
        ("empty", "offset 0, packets read 0: the file is empty"),
        (".", "offset 0, packets read 0: cannot read on: "),
    ] {
        let ran = files.decode(&[name]);
        assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""));
        assert!(ran.err.starts_with(&format!("redspec: {name}: {complaint}")), "{}", ran.err);
    }
}

#[test]
fn standard_input() {
    let file = capture(RAW, &[vrrp2(1), vrrp2(2)]);
    let mut child = piped(&["decode", "-"]);
    child.stdin.take().unwrap().write_all(&file).unwrap();
    let ran = Ran::from(child.wait_with_output().unwrap());
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
    assert_eq!(ran.out.lines().count(), 2);
}

#[test]
fn a_live_capture_is_printed_as_it_comes() {
    let file = capture(RAW, &[vrrp2(1), vrrp2(2)]);
    let (first, second) = file.split_at(24 + 16 + vrrp2(1).len());
    let mut child = piped(&["decode", "-"]);
    let mut input = child.stdin.take().unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    for (part, virtual_router) in [(first, "vrid 1"), (second, "vrid 2")] {
        input.write_all(part).unwrap();
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        assert!(line.contains(virtual_router), "{line}");
    }
    drop(input);
    assert!(child.wait().unwrap().success());
}

#[test]
fn a_closed_pipe_ends_it_quietly() {
    let files = Files::new().with("a.pcap", &capture(RAW, &vec![vrrp2(1); 20_000]));
    let mut child = redspec(["decode".as_ref(), files.path("a.pcap").as_os_str()])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert!(line.contains("VRRPv2"), "{line}");
    let mut complaints = String::new();
    child.stderr.take().unwrap().read_to_string(&mut complaints).unwrap();
    assert_eq!((child.wait().unwrap().code(), complaints.as_str()), (Some(0), ""));
}

// ---- Usage -----------------------------------------------------------------

#[test]
fn usage_errors_have_code_2() {
    for arguments in [&[][..], &["decode"], &["decode", "--colour", "a.pcap"], &["dance"]] {
        let ran = Ran::from(redspec(arguments).output().unwrap());
        assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""), "{arguments:?}");
    }
}

#[test]
fn help_and_version() {
    let version = Ran::from(redspec(["--version"]).output().unwrap());
    assert_eq!((version.code, version.out), (Some(0), format!("redspec {}\n", env!("CARGO_PKG_VERSION"))));
    let help = Ran::from(redspec(["--help"]).output().unwrap());
    assert_eq!(help.code, Some(0));
    for part in ["decode", "replay", "Exit codes: 0 "] {
        assert!(help.out.contains(part), "{}", help.out);
    }
}
