use std::fmt;

use redspec_codec::Level;
use redspec_codec::frame::Pdu;
use redspec_codec::hsrp::v1;
use redspec_codec::vrrp::VrrpPdu;

use super::{Decoded, Rejection, md5_after, password};

/// `    17 1712345678.123456789 00:13:c4:12:0f:0d > 01:80:c2:00:00:02 LACPv1 actor ...`, and below it what is wrong.
impl fmt::Display for Decoded<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:>6} ", self.number)?;
        match self.time {
            Some(time) => write!(f, "{time} ")?,
            None => f.write_str("- ")?,
        }
        self.fmt_headers(f)?;
        match &self.message {
            Ok((pdu, rest)) => {
                pdu.fmt(f)?;
                self.fmt_details(pdu, rest, f)?;
            }
            Err(Rejection::Partial(partial)) => write!(f, "{} {partial}", self.protocol)?,
            Err(Rejection::Octets(error)) => write!(f, "rejected: {error}")?,
        }
        for deviation in &self.deviations {
            let level = level(deviation.rule.level);
            write!(f, "\n       {level}: {deviation}")?;
        }
        Ok(())
    }
}

impl Decoded<'_> {
    /// Who to whom: by IP addresses where there are any, because the MAC address of a group follows from them.
    fn fmt_headers(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let frame = &self.headers.frame;
        if let Some(mac) = self.headers.source_mac() {
            write!(f, "{mac} ")?;
        }
        match (frame.source_ip(), frame.destination_ip(), frame.destination_mac()) {
            (Some(source), Some(destination), _) => write!(f, "{source} > {destination} ")?,
            (_, _, Some(destination)) => write!(f, "> {destination} ")?,
            _ => {}
        }
        frame.vlan_tags().try_for_each(|tag| write!(f, "vlan {} ", tag.vlan_identifier()))
    }

    /// What a message by itself does not show.
    fn fmt_details(&self, pdu: &Pdu<'_>, rest: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match pdu {
            Pdu::Vrrp(VrrpPdu::V3(pdu)) => {
                write!(f, " checksum {}", pdu.checksum_status(self.headers.frame.carrier()))?;
            }
            Pdu::Hsrp1(pdu) => {
                if let v1::Pdu::Message(message) = pdu {
                    write!(f, " auth \"{}\"", password(&message.authentication()))?;
                }
                if let Some(md5) = md5_after(rest) {
                    write!(f, ", {md5}")?;
                }
            }
            _ => {}
        }
        match self.trailer() {
            0 => Ok(()),
            octets => write!(f, ", trailer of {octets} octets"),
        }
    }
}

/// The level of a rule in one word.
pub(super) const fn level(level: Level) -> &'static str {
    match level {
        Level::Must => "must",
        Level::Should => "should",
        Level::Observed => "observed",
    }
}
