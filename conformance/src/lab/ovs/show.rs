//! What `lacp/show` prints.

/// What a bond says of one of its members.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member<'a> {
    /// The bond.
    pub bond: &'a str,
    /// The member's interface.
    pub interface: &'a str,
    /// `current`, `expired` or `defaulted`.
    pub status: &'a str,
    /// Attached to the bond's aggregator.
    pub attached: bool,
}

/// The members of all bonds. Lines that are no heading of one are passed over.
pub fn members(text: &str) -> Vec<Member<'_>> {
    let mut bond = "";
    let mut members = Vec::new();
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("---- ").and_then(|rest| rest.strip_suffix(" ----")) {
            bond = name;
        } else if let Some((interface, words)) =
            line.strip_prefix("member: ").and_then(|rest| rest.split_once(": "))
        {
            let mut words = words.split_whitespace();
            let (status, attached) = (words.next().unwrap_or_default(), words.next() == Some("attached"));
            members.push(Member { bond, interface, status, attached });
        }
    }
    members
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHOW: &str = "\
---- bond1 ----
  status: active negotiated
  sys_id: 02:52:53:00:00:00
  sys_priority: 65534
  aggregation key: 1
  lacp_time: fast

member: p1: current attached
  port_id: 1
  actor state: activity timeout aggregation synchronized collecting distributing

member: s1: defaulted detached
  port_id: 65281
  partner state:
---- bond2 ----
  status: passive

member: p2: expired attached
";

    #[test]
    fn each_member_with_its_bond() {
        let member = |bond, interface, status, attached| Member { bond, interface, status, attached };
        assert_eq!(
            members(SHOW),
            [
                member("bond1", "p1", "current", true),
                member("bond1", "s1", "defaulted", false),
                member("bond2", "p2", "expired", true),
            ]
        );
    }

    #[test]
    fn nothing_in_it_is_no_member() {
        assert_eq!(members(""), []);
        assert_eq!(members("member: \n---- ----\nmember p1: current attached"), []);
    }
}
