//! The steps that every parser is made of: nom's sequencing over blocks of fixed size.
//!
//! One length check for a whole block and then plain array indexing costs what a raw cast costs;
//! one nom combinator for each field would cost several times that. nom's types end here: nothing
//! public mentions them.

use crate::error::{Error, ErrorKind, Layer};

/// Why a step failed, as nom carries it: how many octets were left, not where that is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fault {
    kind: ErrorKind,
    left: usize,
    expected: usize,
    found: usize,
}

impl<'a> nom::error::ParseError<&'a [u8]> for Fault {
    fn from_error_kind(input: &'a [u8], _: nom::error::ErrorKind) -> Self {
        Self { kind: ErrorKind::NotRecognised, left: input.len(), expected: 0, found: 0 }
    }

    fn append(_: &'a [u8], _: nom::error::ErrorKind, other: Self) -> Self {
        other
    }
}

/// A fault at `input`: a block of `expected` octets is cut short.
#[inline(always)]
pub(crate) fn truncated(input: &[u8], expected: usize) -> nom::Err<Fault> {
    let left = input.len();
    nom::Err::Error(Fault { kind: ErrorKind::Truncated, left, expected, found: left })
}

/// What a step returns: what is left, and the value.
pub(crate) type Step<'a, T> = nom::IResult<&'a [u8], T, Fault>;

/// Takes the next `N` octets as an array.
#[inline(always)]
pub(crate) fn chunk<const N: usize>(input: &[u8]) -> Step<'_, &[u8; N]> {
    match input.split_first_chunk::<N>() {
        Some((block, rest)) => Ok((rest, block)),
        None => Err(truncated(input, N)),
    }
}

/// Takes the next `count` octets.
#[inline(always)]
pub(crate) fn octets<'a>(count: usize) -> impl Fn(&'a [u8]) -> Step<'a, &'a [u8]> {
    move |input| match input.split_at_checked(count) {
        Some((block, rest)) => Ok((rest, block)),
        None => Err(truncated(input, count)),
    }
}

/// Fails at `input` because a field there says `found` and `expected` was needed.
#[inline(always)]
pub(crate) fn reject<T>(input: &[u8], kind: ErrorKind, expected: usize, found: usize) -> Step<'_, T> {
    Err(nom::Err::Error(Fault { kind, left: input.len(), expected, found }))
}

/// Runs a parser over `input` and places its fault: the only door between nom and the public functions.
#[inline(always)]
pub(crate) fn run<'a, T>(
    layer: Layer,
    input: &'a [u8],
    parser: impl FnOnce(&'a [u8]) -> Step<'a, T>,
) -> Result<(T, &'a [u8]), Error> {
    match parser(input) {
        Ok((rest, value)) => Ok((value, rest)),
        Err(error) => Err(place(layer, input.len(), error)),
    }
}

#[inline(always)]
#[allow(clippy::needless_pass_by_value)] // an error on its way out
fn place(layer: Layer, length: usize, error: nom::Err<Fault>) -> Error {
    match error {
        nom::Err::Error(fault) | nom::Err::Failure(fault) => {
            Error::new(layer, fault.kind, length - fault.left, fault.expected, fault.found)
        }
        // Only nom's streaming parsers ask for more; none is used, a datagram is whole or cut.
        nom::Err::Incomplete(_) => Error::new(layer, ErrorKind::Truncated, length, 0, 0),
    }
}

/// The first `N` octets of a buffer to write to.
#[inline(always)]
pub(crate) fn room<const N: usize>(layer: Layer, out: &mut [u8]) -> Result<(&mut [u8; N], &mut [u8]), Error> {
    let found = out.len();
    out.split_first_chunk_mut::<N>().ok_or_else(|| Error::new(layer, ErrorKind::NoRoom, 0, N, found))
}

/// The whole blocks of `N` octets, and nothing of what is left after them.
#[inline(always)]
pub(crate) fn blocks<const N: usize>(octets: &[u8]) -> impl ExactSizeIterator<Item = &[u8; N]> + Clone {
    // `first_chunk` cannot fail on a chunk of `N`; the compiler sees that, and `slice::as_chunks` is too new.
    octets.chunks_exact(N).map(|chunk| chunk.first_chunk().unwrap_or(&[0; N]))
}
