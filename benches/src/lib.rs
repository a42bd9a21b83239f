//! What the benchmarks compare: the codec, the unchecked raw cast that is its baseline, and etherparse.
//!
//! Every contender reads the same fields of the same octets and folds them into one number with [`Fold`], so that no
//! read can be optimised away and none is free. All are `#[inline(never)]`; callers pass the octets through
//! [`black_box`](core::hint::black_box).
//!
//! * `cargo bench -p redspec-benches` measures times (criterion);
//! * `cargo run --release -p redspec-benches --bin ratios` is the gate: ratios inside one run, against the goals;
//! * `cargo test -p redspec-benches` checks that the contenders read the same.

pub mod cases;
pub mod contenders;
pub mod raw;
pub mod samples;

/// The number that a contender makes of the fields it reads: their sum.
#[derive(Clone, Copy, Debug, Default)]
pub struct Fold(pub u64);

impl Fold {
    /// Folds a number in.
    #[inline(always)]
    #[must_use]
    pub fn number(self, number: impl Into<u64>) -> Self {
        Self(self.0.wrapping_add(number.into()))
    }

    /// Folds a MAC address in.
    #[inline(always)]
    #[must_use]
    pub fn mac(self, [a, b, c, d, e, f]: [u8; 6]) -> Self {
        self.number(u32::from_be_bytes([a, b, c, d])).number(u16::from_be_bytes([e, f]))
    }

    /// Folds 8 octets in.
    #[inline(always)]
    #[must_use]
    pub fn octets8(self, octets: [u8; 8]) -> Self {
        self.number(u64::from_be_bytes(octets))
    }

    /// Folds 16 octets in.
    #[inline(always)]
    #[must_use]
    pub fn octets16(self, octets: [u8; 16]) -> Self {
        let number = u128::from_be_bytes(octets);
        self.number((number >> 64) as u64).number(number as u64)
    }
}
