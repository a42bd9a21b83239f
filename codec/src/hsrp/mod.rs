//! HSRP: version 1 (RFC 2281) and version 2 (Cisco, no public standard).

pub mod v1;
pub mod v2;

use crate::field::open_enum;

/// UDP port of both versions over IPv4.
pub const PORT: u16 = 1985;

/// UDP port of version 2 over IPv6.
pub const PORT_IPV6: u16 = 2029;

open_enum! {
    /// Op Code (RFC 2281 section 5.1); version 2 uses the first three.
    pub enum Opcode(u8) {
        /// The router runs and can become Active or Standby.
        HELLO = 0 => "Hello",
        /// The router wishes to become Active.
        COUP = 1 => "Coup",
        /// The router no longer wishes to be Active.
        RESIGN = 2 => "Resign",
        /// Interface state, Cisco, version 1 only; not in RFC 2281 and of another layout.
        ADVERTISE = 3 => "Advertise",
    }
}
