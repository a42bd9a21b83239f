//! Codec for the protocols that keep a network up when a part of it fails: LACP and Marker (IEEE 802.3ad, 802.1AX),
//! VRRPv2 (RFC 3768), VRRPv3 (RFC 5798, RFC 9568), HSRPv1 (RFC 2281), HSRPv2 and GLBP.
//!
//! `no_std`, no `unsafe`, no allocation, no panic on any input.
//!
//! * **Two doors, one decoder.** `parse` accepts exactly what the standard lets a receiver accept; `audit` gives the same
//!   view and reports every [`Deviation`] from what a sender has to send, with its clause. An audit without a report
//!   implies that `parse` accepts.
//! * **Views and values.** A view (`LacpduRef`, `AdvertisementRef`, ...) borrows the octets, is checked once, and its
//!   getters cannot fail. A value (`Lacpdu`, `Advertisement`, ...) owns its fields and is the builder: `emit` writes
//!   valid PDUs, and every wrong one that a negative test needs.
//! * **Lossless.** Emitting the value of a view gives its octets again, reserved bits, padding and unknown TLVs included.
//! * **Lengths have one authority.** Counts come from the data. `parse` returns the octets behind the PDU, so that
//!   trailers stay reachable. [`frame::Frame`] ends a payload where IP and UDP say.
//! * **Checksums are a verdict**, never a reason to reject: [`vrrp::ChecksumStatus`].
//!
//! ```
//! use redspec_codec::frame::{Frame, Pdu};
//! use redspec_codec::vrrp::{ChecksumStatus, VrrpPdu};
//!
//! // VRRPv3 over IPv4 from 10.0.0.1, vrid 10, priority 100, 10.0.0.254, as keepalived and FRR send it.
//! let packet = [
//!     0x45, 0xc0, 0, 32, 0, 0, 0, 0, 255, 112, 0xd0, 0x9a, 10, 0, 0, 1, 224, 0, 0, 18, //
//!     0x31, 0x0a, 0x64, 0x01, 0x00, 0x64, 0x75, 0x02, 10, 0, 0, 254,
//! ];
//! let frame = Frame::parse_ip(&packet)?;
//! let (Pdu::Vrrp(VrrpPdu::V3(advertisement)), _) = frame.pdu()? else { panic!() };
//! assert_eq!(advertisement.vrid(), 10);
//! assert_eq!(advertisement.checksum_status(frame.carrier()), ChecksumStatus::Rfc5798);
//! # Ok::<(), redspec_codec::Error>(())
//! ```
//!
//! Features: `md5` computes the digests of HSRP and of Cisco's VRRP authentication; `serde` for the values;
//! `arbitrary` for typed fuzzing; `properties` for what fuzz targets and tests assert.
#![no_std]

#[cfg(any(test, feature = "std"))]
extern crate std;

mod address;
mod checksum;
pub mod cisco;
mod error;
mod field;
pub mod frame;
pub mod glbp;
pub mod hsrp;
mod primitives;
#[cfg(feature = "properties")]
pub mod properties;
mod rule;
pub mod slow;
mod tlv;
pub mod vrrp;

pub use address::Addresses;
pub use checksum::{Carrier, Family, internet_checksum};
pub use error::{Error, ErrorKind, Layer};
pub use field::{MacAddress, NotAMacAddress, Reserved, Stated};
pub use rule::{Deviation, Level, Rule};
pub use tlv::RawTlv;
