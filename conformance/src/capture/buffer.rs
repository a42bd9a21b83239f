use std::io::{self, Read};

use super::error::{CaptureError, CaptureErrorKind};

/// Large enough that the system calls do not count, small enough for a cache.
const INITIAL_SIZE: usize = 128 * 1024;

/// A window that moves over the source, always over one whole record.
pub(super) struct Buffer<R> {
    source: R,
    data: Vec<u8>,
    /// `data[start..end]` is read from the source and not yet taken.
    start: usize,
    end: usize,
    /// Where in the file `start` is.
    offset: u64,
}

impl<R> Buffer<R> {
    pub(super) fn new(source: R) -> Self {
        Self { source, data: vec![0; INITIAL_SIZE], start: 0, end: 0, offset: 0 }
    }

    pub(super) fn offset(&self) -> u64 {
        self.offset
    }

    pub(super) fn size(&self) -> usize {
        self.data.len()
    }

    /// Moves past `length` octets, which must have been peeked at, and lends them.
    #[inline]
    pub(super) fn take(&mut self, length: usize) -> &[u8] {
        let taken = &self.data[self.start..self.end][..length];
        self.start += length;
        self.offset += length as u64;
        taken
    }

    /// Says where the error is. What is faulty is never taken, so it is at the
    /// front; a source fails behind what it has delivered.
    #[cold]
    pub(super) fn error(&self, kind: CaptureErrorKind, packets_read: u64) -> CaptureError {
        let delivered = match kind {
            CaptureErrorKind::Io(_) => self.end - self.start,
            _ => 0,
        };
        CaptureError { offset: self.offset + delivered as u64, packets_read, kind }
    }
}

impl<R: Read> Buffer<R> {
    /// The next `wanted` octets, left in place; `None` if the file ends before
    /// the first of them.
    #[inline]
    pub(super) fn peek(
        &mut self,
        wanted: usize,
        inside: &'static str,
    ) -> Result<Option<&[u8]>, CaptureErrorKind> {
        if self.end - self.start < wanted {
            self.fill(wanted)?;
            match self.end - self.start {
                0 => return Ok(None),
                left if left < wanted => {
                    return Err(CaptureErrorKind::Truncated { inside, needed: wanted, left });
                }
                _ => {}
            }
        }
        Ok(Some(&self.data[self.start..self.start + wanted]))
    }

    /// [`Self::peek`] for a length known beforehand.
    #[inline]
    pub(super) fn peek_array<const N: usize>(
        &mut self,
        inside: &'static str,
    ) -> Result<Option<[u8; N]>, CaptureErrorKind> {
        Ok(self.peek(N, inside)?.and_then(|octets| octets.first_chunk().copied()))
    }

    /// Reads until `wanted` octets are there or the source ends.
    #[cold]
    fn fill(&mut self, wanted: usize) -> io::Result<()> {
        self.data.copy_within(self.start..self.end, 0);
        self.end -= self.start;
        self.start = 0;
        while self.end < wanted {
            // Grows with what is delivered, not with what is wanted: a length
            // that lies costs no memory.
            if self.end == self.data.len() {
                self.data.resize(self.data.len() * 2, 0);
            }
            match self.source.read(&mut self.data[self.end..]) {
                Ok(0) => break,
                Ok(length) => self.end += length,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}
