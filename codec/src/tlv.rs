//! Lists of type-length-value items, as LACPDUs, HSRP and GLBP have them.

/// An item as it stands on the wire: nothing is known of it but its length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct RawTlv<'a> {
    /// The type octet.
    pub tlv_type: u8,
    /// The octets after the length octet.
    pub value: &'a [u8],
}

/// How a protocol counts in its length octet.
pub(crate) trait Counting {
    /// Octets of the two-octet header that the length includes: 2 in LACP and GLBP, 0 in HSRP.
    const HEADER_COUNTED: usize;
}

/// The length includes type and length octet.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Whole;
impl Counting for Whole {
    const HEADER_COUNTED: usize = 2;
}

/// The length is that of the value alone.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ValueOnly;
impl Counting for ValueOnly {
    const HEADER_COUNTED: usize = 0;
}

/// Why the next item of a list cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unreadable {
    /// Fewer octets are left than the item needs.
    Truncated {
        /// Octets that the item needs.
        needed: usize,
    },
    /// The length does not even cover the header.
    Length {
        /// What the length octet says.
        length: u8,
    },
}

/// Takes the first item of `list`; what is left comes second.
#[inline(always)]
pub(crate) fn split_first<C: Counting>(list: &[u8]) -> Result<(RawTlv<'_>, &[u8]), Unreadable> {
    let Some((&[tlv_type, length], rest)) = list.split_first_chunk::<2>() else {
        return Err(Unreadable::Truncated { needed: 2 });
    };
    let Some(count) = usize::from(length).checked_sub(C::HEADER_COUNTED) else {
        return Err(Unreadable::Length { length });
    };
    match rest.split_at_checked(count) {
        Some((value, rest)) => Ok((RawTlv { tlv_type, value }, rest)),
        None => Err(Unreadable::Truncated { needed: count + 2 }),
    }
}

/// Walks a list whose items are known to be readable; ends at the first that is not.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Walk<'a, C> {
    rest: &'a [u8],
    length: usize,
    counting: core::marker::PhantomData<C>,
}

impl<'a, C: Counting> Walk<'a, C> {
    #[inline(always)]
    pub(crate) fn new(list: &'a [u8]) -> Self {
        Self { rest: list, length: list.len(), counting: core::marker::PhantomData }
    }
}

impl<'a, C: Counting> Iterator for Walk<'a, C> {
    /// Offset in the list, and the item.
    type Item = (usize, RawTlv<'a>);

    #[inline(always)]
    fn next(&mut self) -> Option<Self::Item> {
        let at = self.length - self.rest.len();
        let (item, rest) = split_first::<C>(self.rest).ok()?;
        self.rest = rest;
        Some((at, item))
    }
}

/// Type and length octet of an item with `value_length` octets, if the length octet can say it.
pub(crate) fn header<C: Counting>(tlv_type: u8, value_length: usize) -> Option<[u8; 2]> {
    u8::try_from(value_length + C::HEADER_COUNTED).ok().map(|length| [tlv_type, length])
}
