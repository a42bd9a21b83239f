//! A program for a machine without an operating system, as far as linking goes.
#![no_std]

use core::panic::PanicInfo;

use redspec_codec::frame::Frame;

/// 1 if `octets` are a frame with a message of ours.
///
/// The codec's code for frames reaches all of its parsers.
pub fn accepts(octets: &[u8]) -> u8 {
    u8::from(Frame::parse(octets).and_then(|frame| frame.pdu().map(|_| ())).is_ok())
}

/// Keeps `accepts` alive in the library.
#[used]
static ACCEPTS: fn(&[u8]) -> u8 = accepts;

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    loop {}
}
