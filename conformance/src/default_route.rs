//! Which interfaces the default route goes through: those on which a tester had better not send.

use std::collections::BTreeSet;
use std::{fs, io};

/// The interfaces of default routes, IPv4 or IPv6, in the network namespace of this thread.
///
/// # Errors
/// The routes cannot be read.
pub fn interfaces() -> io::Result<BTreeSet<String>> {
    // Not /proc/net: it is that of the main thread, which may be in another namespace.
    let ipv4 = fs::read_to_string("/proc/thread-self/net/route")?;
    let ipv6 = match fs::read_to_string("/proc/thread-self/net/ipv6_route") {
        // A kernel without IPv6.
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        other => other?,
    };
    Ok(through_ipv4(&ipv4).chain(through_ipv6(&ipv6)).map(str::to_owned).collect())
}

/// A default route leads through the interface, or through one that stands upon it: a bond, a bridge, a VLAN. Those
/// are looked up in /sys, which has to be [that of the namespace](shows).
///
/// # Errors
/// The routes cannot be read.
pub fn leads_through(interface: &str) -> io::Result<bool> {
    let interfaces = interfaces()?;
    let mut stack = vec![interface.to_owned()];
    while let Some(name) = stack.pop() {
        if interfaces.contains(&name) {
            return Ok(true);
        }
        stack.extend(uppers(&name));
    }
    Ok(false)
}

/// A default route leads through the interface with this name and index, or may lead through it: what stands upon it is
/// only seen in its [own /sys](shows), which is that of the tester's own namespace (`home`), so that elsewhere any
/// default route counts.
///
/// # Errors
/// The routes cannot be read.
pub fn may_lead_through(interface: &str, index: u32, home: bool) -> io::Result<bool> {
    if home && shows(interface, index) {
        leads_through(interface)
    } else {
        Ok(interfaces()?.iter().any(|interface| interface != "lo"))
    }
}

/// /sys shows this very interface: it stays that of the namespace it was mounted in, wherever a thread goes.
pub fn shows(interface: &str, index: u32) -> bool {
    fs::read_to_string(format!("/sys/class/net/{interface}/ifindex"))
        .is_ok_and(|shown| shown.trim().parse() == Ok(index))
}

/// A route that is in use and not one that refuses: Linux lists a null route of IPv6, through lo, on every machine.
fn carries(flags: &str) -> bool {
    const UP: u32 = 0x1;
    const REJECT: u32 = 0x200;
    // Flags that cannot be read: rather one interface too many.
    u32::from_str_radix(flags, 16).map_or(true, |flags| flags & (UP | REJECT) == UP)
}

/// Iface, Destination, Gateway, Flags, RefCnt, Use, Metric, Mask, ...
fn through_ipv4(table: &str) -> impl Iterator<Item = &str> {
    table.lines().filter_map(|line| {
        let column: Vec<&str> = line.split_ascii_whitespace().collect();
        let default = column.get(1) == Some(&"00000000") && column.get(7) == Some(&"00000000");
        (default && carries(column[3])).then(|| column[0])
    })
}

/// Destination, its prefix length, source, its prefix length, next hop, metric, references, use, flags, interface.
fn through_ipv6(table: &str) -> impl Iterator<Item = &str> {
    table.lines().filter_map(|line| {
        let column: Vec<&str> = line.split_ascii_whitespace().collect();
        let interface = *column.get(9)?;
        (column[1] == "00" && carries(column[8])).then_some(interface)
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
            eth2\t00000000\t0103A8C0\t0002\t0\t0\t200\t00000000\t0\t0\t0\n\
            *\t00000000\t00000000\t0201\t0\t0\t900\t00000000\t0\t0\t0\n\
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
             fe800000000000000000000000000000 40 {zero} 00 {zero} 00000100 00000001 00000000 00000001 eth1\n\
             {zero} 00 {zero} 00 fe800000000000000000000000000001 00000400 00000001 00000000 00000002 eth2\n\
             {zero} 00 {zero} 00 {zero} ffffffff 00000001 00000000 00200200       lo\n\
             {zero} 00 {zero} 00 {zero} 00000400 00000001 00000000 00000201       lo\n"
        );
        assert_eq!(through_ipv6(&table).collect::<Vec<_>>(), ["eth0"]);
        assert_eq!(through_ipv6("").count(), 0);
    }

    #[test]
    fn sys_shows_the_interface_it_shows() {
        assert!(!shows("redspec-nowhere", 1));
        assert!(!shows("lo", 0));
    }

    #[test]
    fn no_route_leads_through_what_does_not_exist() {
        assert!(!leads_through("redspec-nowhere").unwrap());
    }
}
