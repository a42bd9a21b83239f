//! Which interfaces the default route goes through: those on which a tester had better not send.

use std::{fs, io};

/// A default route, IPv4 or IPv6, leads through the interface in the network namespace of this thread, or through
/// one that stands upon it: a bond, a bridge, a VLAN.
///
/// # Errors
/// The routes cannot be read.
pub fn leads_through(interface: &str) -> io::Result<bool> {
    // Not /proc/net: it is that of the main thread, which may be in another namespace.
    let ipv4 = fs::read_to_string("/proc/thread-self/net/route")?;
    let ipv6 = match fs::read_to_string("/proc/thread-self/net/ipv6_route") {
        // A kernel without IPv6.
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        other => other?,
    };
    let mut stack = vec![interface.to_owned()];
    while let Some(name) = stack.pop() {
        if through_ipv4(&ipv4).any(|through| through == name)
            || through_ipv6(&ipv6).any(|through| through == name)
        {
            return Ok(true);
        }
        stack.extend(uppers(&name));
    }
    Ok(false)
}

/// Iface, Destination, Gateway, Flags, RefCnt, Use, Metric, Mask, ...
fn through_ipv4(table: &str) -> impl Iterator<Item = &str> {
    table.lines().filter_map(|line| {
        let column: Vec<&str> = line.split_ascii_whitespace().collect();
        (column.get(1) == Some(&"00000000") && column.get(7) == Some(&"00000000")).then(|| column[0])
    })
}

/// Destination, its prefix length, source, its prefix length, next hop, metric, references, use, flags, interface.
fn through_ipv6(table: &str) -> impl Iterator<Item = &str> {
    table.lines().filter_map(|line| {
        let column: Vec<&str> = line.split_ascii_whitespace().collect();
        (column.get(1) == Some(&"00")).then(|| column.get(9).copied()).flatten()
    })
}

/// The interfaces that stand upon this one.
fn uppers(interface: &str) -> Vec<String> {
    let Ok(entries) = fs::read_dir(format!("/sys/class/net/{interface}")) else { return Vec::new() };
    entries
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.strip_prefix("upper_").map(str::to_owned))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ipv4_routes() {
        let table = "\
            Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n\
            eth0\t00000000\t0102A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n\
            tun0\t00000000\t00000000\t0001\t0\t0\t0\t00000080\t0\t0\t0\n\
            eth1\t0002A8C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0\n";
        assert_eq!(through_ipv4(table).collect::<Vec<_>>(), ["eth0"]);
        assert_eq!(through_ipv4("").count(), 0);
    }

    #[test]
    fn ipv6_routes() {
        let zero = "0".repeat(32);
        let table = format!(
            "{zero} 00 {zero} 00 fe800000000000000000000000000001 00000400 00000001 00000000 00450003 eth0\n\
             fe800000000000000000000000000000 40 {zero} 00 {zero} 00000100 00000001 00000000 00000001 eth1\n"
        );
        assert_eq!(through_ipv6(&table).collect::<Vec<_>>(), ["eth0"]);
    }

    #[test]
    fn no_route_leads_through_what_does_not_exist() {
        assert!(!leads_through("redspec-nowhere").unwrap());
    }
}
