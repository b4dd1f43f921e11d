//! Reads the bytes of a file: counts and hashes them, and decodes them to UTF-8.

use std::io::{ErrorKind, Read};

use sha2::{Digest, Sha256};

use super::InputError;
use super::encoding::{Decoder, Encoding};

/// Size of a read.
const PIECE: usize = 128 << 10;

/// The bytes of a file, counted and hashed as they are read.
pub(super) struct Source<R> {
    inner: R,
    hasher: Sha256,
    taken: u64,
    limit: u64,
    /// Bytes that were read to detect the kind of the file, and not used yet.
    head: Vec<u8>,
    head_taken: usize,
}

impl<R: Read> Source<R> {
    pub(super) fn new(inner: R) -> Self {
        Self {
            inner,
            hasher: Sha256::new(),
            taken: 0,
            limit: u64::MAX,
            head: Vec::new(),
            head_taken: 0,
        }
    }

    /// The first bytes, which are read again later.
    pub(super) fn head(&mut self) -> Result<&[u8], InputError> {
        const HEAD: usize = 16 << 10;
        while self.head.len() < HEAD {
            let start = self.head.len();
            self.head.resize(HEAD, 0);
            let read = read_some(&mut self.inner, &mut self.head[start..])?;
            self.head.truncate(start + read);
            if read == 0 {
                break;
            }
        }
        Ok(&self.head)
    }

    pub(super) fn set_limit(&mut self, limit: u64) {
        self.limit = limit;
    }

    /// Reads some bytes; 0: that was all.
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, InputError> {
        let head = &self.head[self.head_taken..];
        let read = if head.is_empty() {
            read_some(&mut self.inner, buffer)?
        } else {
            let read = head.len().min(buffer.len());
            buffer[..read].copy_from_slice(&head[..read]);
            self.head_taken += read;
            read
        };
        self.taken += read as u64;
        if self.taken > self.limit {
            return Err(InputError::TooLarge {
                limit: self.limit,
                unit: "bytes",
            });
        }
        self.hasher.update(&buffer[..read]);
        Ok(read)
    }

    /// All bytes.
    pub(super) fn read_whole(&mut self) -> Result<Vec<u8>, InputError> {
        let mut whole = Vec::new();
        loop {
            let start = whole.len();
            whole.resize(start + PIECE, 0);
            let read = self.read(&mut whole[start..])?;
            whole.truncate(start + read);
            if read == 0 {
                return Ok(whole);
            }
        }
    }

    /// The SHA-256 of all bytes, and how many there are; what was not asked for is read now.
    pub(super) fn digest(mut self) -> Result<([u8; 32], u64), InputError> {
        let mut rest = vec![0; PIECE];
        while self.read(&mut rest)? > 0 {}
        Ok((self.hasher.finalize().into(), self.taken))
    }
}

fn read_some(source: &mut impl Read, buffer: &mut [u8]) -> Result<usize, InputError> {
    loop {
        match source.read(buffer) {
            Ok(read) => return Ok(read),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// A window onto a text in UTF-8 that moves forward through a source.
pub(super) struct Window<R> {
    source: Source<R>,
    /// None: the source is UTF-8, and taken as it is.
    decoder: Option<Decoder>,
    bytes: Vec<u8>,
    start: usize,
    end: usize,
    finished: bool,
    limit: usize,
}

impl<R: Read> Window<R> {
    /// `limit` is how large a row may be.
    pub(super) fn new(mut source: Source<R>, limit: usize) -> Result<Self, InputError> {
        let encoding = Encoding::of(source.head()?);
        let mut window = Self {
            source,
            decoder: Decoder::new(encoding),
            bytes: vec![0; PIECE],
            start: 0,
            end: 0,
            finished: false,
            limit,
        };
        window.more(1)?;
        if encoding == Encoding::Utf8 && window.bytes().starts_with(b"\xef\xbb\xbf") {
            window.advance(3);
        }
        Ok(window)
    }

    /// The bytes in the window.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes[self.start..self.end]
    }

    /// Moves the start of the window.
    pub(super) fn advance(&mut self, by: usize) {
        self.start = (self.start + by).min(self.end);
    }

    /// Reads more at the end of the window; false: there is no more. `line` is the row that is in the window.
    pub(super) fn more(&mut self, line: u32) -> Result<bool, InputError> {
        if self.finished {
            return Ok(false);
        }
        if self.start > 0 {
            self.bytes.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
        if self.end > self.limit {
            return Err(InputError::TooLong {
                line,
                limit: self.limit,
            });
        }
        if self.bytes.len() < self.end + PIECE {
            self.bytes.resize(self.end + PIECE, 0);
        }
        let before = self.end;
        while self.end == before && !self.finished {
            self.fill()?;
        }
        Ok(self.end > before)
    }

    fn fill(&mut self) -> Result<(), InputError> {
        let Some(decoder) = &mut self.decoder else {
            let read = self.source.read(&mut self.bytes[self.end..])?;
            self.end += read;
            self.finished = read == 0;
            return Ok(());
        };
        let mut piece = [0; PIECE / 4];
        let read = self.source.read(&mut piece)?;
        let text = decoder.decode(&piece[..read]);
        // Three bytes of UTF-8 come from two of UTF-16 at most, so there is room.
        self.bytes[self.end..self.end + text.len()].copy_from_slice(text.as_bytes());
        self.end += text.len();
        self.finished = read == 0;
        Ok(())
    }

    /// The SHA-256 of the whole source.
    pub(super) fn digest(self) -> Result<([u8; 32], u64), InputError> {
        self.source.digest()
    }
}
