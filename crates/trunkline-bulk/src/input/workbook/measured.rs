//! Bounds for the parts of a workbook as they are unpacked.

use std::io::{self, BufRead, BufReader, Read};

/// Size of a piece of a part that is unpacked at once.
pub(super) const PIECE: usize = 64 << 10;

/// A reader that fails where more comes than may.
pub(super) struct Measured<'p, R> {
    inner: R,
    left: &'p mut u64,
    limit: u64,
    longest: usize,
    /// How much of the present piece has come; bytes that were read ahead belong to none yet.
    run: usize,
}

/// The error of a reader that exceeds its limit.
#[derive(Debug, Clone, Copy, thiserror::Error)]
pub(super) enum Excess {
    #[error("unpacked, the workbook has more than {0} bytes")]
    Unpacked(u64),
    #[error("a single piece of it has more than {0} bytes")]
    Piece(usize),
}

impl<'p, R> Measured<'p, R> {
    /// `left` bytes of `limit` may still come, and no piece of them with more than `longest` bytes.
    pub(super) fn new(inner: R, left: &'p mut u64, limit: u64, longest: usize) -> Self {
        Self {
            inner,
            left,
            limit,
            longest,
            run: 0,
        }
    }
}

impl<R: Read> Read for Measured<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.run += read;
        *self.left = match self.left.checked_sub(read as u64) {
            Some(left) => left,
            None => return Err(io::Error::other(Excess::Unpacked(self.limit))),
        };
        if self.run > self.longest + 2 * PIECE {
            return Err(io::Error::other(Excess::Piece(self.longest)));
        }
        Ok(read)
    }
}

/// The source of a part of the markup.
pub(super) trait Pieces: BufRead {
    /// Another piece begins: its length counts from here.
    fn begin(&mut self);
}

impl<R: Read> Pieces for BufReader<Measured<'_, R>> {
    fn begin(&mut self) {
        self.get_mut().run = 0;
    }
}

#[cfg(test)]
impl Pieces for &[u8] {
    fn begin(&mut self) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_is_read_than_may_be_whatever_the_archive_says() {
        let (bytes, mut left) = (vec![0; 300_000], 250_000);
        let mut measured = Measured::new(&bytes[..], &mut left, 250_000, 100_000);
        let mut piece = [0; 50_000];
        let mut read = || measured.read(&mut piece).map_err(|error| error.to_string());
        for _ in 0..4 {
            assert_eq!(read(), Ok(50_000));
        }
        assert_eq!(read().unwrap_err(), Excess::Piece(100_000).to_string());
        assert_eq!(read().unwrap_err(), Excess::Unpacked(250_000).to_string());
    }
}
