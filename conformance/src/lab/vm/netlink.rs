//! Settings of bonding that the kernel takes over rtnetlink only. Debian 12's `ip` does not know them: the message is
//! built here, and carried to the kernel by Perl in the machine.

use std::fmt::Write as _;

/// A message that creates or changes a link, `RTM_NEWLINK`.
const NEW_LINK: u16 = 16;
/// `NLM_F_REQUEST | NLM_F_ACK`: of a link that exists, and with an answer.
const CHANGE: u16 = 1 | 4;
/// `IFLA_IFNAME`
const NAME: u16 = 3;
/// `IFLA_LINKINFO`
const LINK_INFO: u16 = 18;
/// `IFLA_INFO_KIND` and `IFLA_INFO_DATA`
const MASTER: (u16, u16) = (1, 2);
/// `IFLA_INFO_SLAVE_KIND` and `IFLA_INFO_SLAVE_DATA`
const MEMBER: (u16, u16) = (4, 5);
/// `IFLA_BOND_COUPLED_CONTROL`
const COUPLED_CONTROL: u16 = 32;
/// `IFLA_BOND_SLAVE_ACTOR_PORT_PRIO`
const ACTOR_PORT_PRIORITY: u16 = 10;

/// Takes a message in hexadecimal to the kernel; ends with what it answers, as an exit status and in words.
const CARRY: &str = "perl -e 'socket(S, 16, 3, 0) || die $!; send(S, pack(\"H*\", shift), 0) || die $!; \
    recv(S, $r, 65536, 0); $! = -unpack(\"x16 l\", $r); die \"rtnetlink: $!\" if $! != 0'";

/// A line of shell that sets the control of the Mux of a bond which is down.
pub fn coupled_control(bond: &str, coupled: bool) -> String {
    carry(bond, MASTER, COUPLED_CONTROL, &[u8::from(coupled)])
}

/// A line of shell that sets the Actor_Port_Priority of a member of a bond.
pub fn port_priority(member: &str, priority: u16) -> String {
    carry(member, MEMBER, ACTOR_PORT_PRIORITY, &priority.to_le_bytes())
}

fn carry(link: &str, (kind, data): (u16, u16), option: u16, value: &[u8]) -> String {
    let info = [attribute(kind, b"bond\0"), attribute(data, &attribute(option, value))].concat();
    let name = format!("{link}\0");
    // The link is the one of that name: family, kind, index, flags and mask are 0.
    let body = [vec![0; 16], attribute(NAME, name.as_bytes()), attribute(LINK_INFO, &info)].concat();
    let length = u32::try_from(16 + body.len()).unwrap_or(u32::MAX);
    let head = [&length.to_le_bytes()[..], &NEW_LINK.to_le_bytes(), &CHANGE.to_le_bytes(), &[0; 8]].concat();
    let mut line = format!("{CARRY} ");
    for octet in head.iter().chain(&body) {
        // Writing to a text cannot fail.
        let _ = write!(line, "{octet:02x}");
    }
    line
}

/// Length, kind and value, filled up to a multiple of 4; numbers are the machine's, which has the small end first.
fn attribute(kind: u16, value: &[u8]) -> Vec<u8> {
    let length = u16::try_from(4 + value.len()).unwrap_or(u16::MAX);
    let mut octets = [&length.to_le_bytes()[..], &kind.to_le_bytes(), value].concat();
    octets.resize(octets.len().next_multiple_of(4), 0);
    octets
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_nested_and_aligned() {
        let line = port_priority("eth1", 0x0102);
        let octets = line.rsplit_once(' ').unwrap().1;
        let expected = [
            "48000000100005000000000000000000", // 72 octets, RTM_NEWLINK
            "00000000000000000000000000000000", // any link
            "090003006574683100000000",         // eth1
            "1c001200",                         // a member of a bond
            "09000400626f6e6400000000",
            "0c000500",
            "06000a0002010000",
        ];
        assert_eq!(octets, expected.concat());
    }
}
