//! The parts of a workbook: an archive of which no more is unpacked than is allowed.

use std::collections::HashMap;
use std::io::{BufReader, Cursor};

use memchr::memmem;
use zip::ZipArchive;
use zip::read::ZipFile;
use zip::result::ZipError;

use super::markup::Markup;
use super::measured::{Measured, PIECE};
use crate::input::{InputError, InputOptions};

/// How many times its own size a workbook may have when it is unpacked. Those that spreadsheets write have ten to twenty times.
const RATIO: u64 = 100;

/// The unpacked size that even the smallest workbook may have.
const ALWAYS: u64 = 64 << 20;

/// How many parts a workbook may have: what the directory of an archive can hold without the extension for large ones.
const PARTS: usize = 65_535;

/// Maximum size that is unpacked of a sheet that is only checked, not read.
const LOOKED_AT: u64 = 1 << 20;

/// First bytes of an entry in the directory of an archive.
const ENTRY: &[u8] = b"PK\x01\x02";

/// An archive, and how much of it may still be unpacked.
pub(super) struct Package<'b> {
    archive: ZipArchive<Cursor<&'b [u8]>>,
    /// Where parts are, by their paths. These are compared without regard to case.
    places: HashMap<String, usize>,
    left: u64,
    limit: u64,
    /// As `left`, for a sheet that is only looked at.
    look: u64,
    longest: usize,
}

/// A part as it is unpacked.
pub(super) type Part<'p, 'b> = BufReader<Measured<'p, ZipFile<'p, Cursor<&'b [u8]>>>>;

impl<'b> Package<'b> {
    pub(super) fn new(bytes: &'b [u8], options: &InputOptions) -> Result<Self, InputError> {
        let limit = options
            .limits
            .unpacked_bytes
            .min(ALWAYS.max(RATIO.saturating_mul(bytes.len() as u64)));
        // Each takes memory as soon as the archive is opened.
        if memmem::find_iter(bytes, ENTRY).nth(PARTS).is_some() {
            return Err(InputError::BrokenWorkbook(format!("it has more than {PARTS} parts")));
        }
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
        // A part is unpacked as often as others name it, whatever the archive says of itself, so what comes is measured as well.
        if archive.decompressed_size().is_some_and(|size| size > u128::from(limit)) {
            return Err(InputError::Bomb { limit });
        }
        let twice = || InputError::BrokenWorkbook("two of its parts have the same name".to_owned());
        // Of parts with the same name, the archive keeps the last.
        if entries(bytes, archive.central_directory_start()) > archive.len() {
            return Err(twice());
        }
        let mut places = HashMap::with_capacity(archive.len());
        for index in 0..archive.len() {
            if let Some(name) = archive.name_for_index(index) {
                let known = places.insert(known_as(&name.map_err(broken)?), index);
                if known.is_some() {
                    return Err(twice());
                }
            }
        }
        Ok(Self {
            archive,
            places,
            left: limit,
            limit,
            look: 0,
            longest: options.limits.row_bytes,
        })
    }

    /// The part at a path; `None` if there is none.
    pub(super) fn part(&mut self, path: &str) -> Result<Option<Markup<Part<'_, 'b>>>, InputError> {
        self.open(path, false)
    }

    /// The begin of the part at a path, to be looked at only.
    pub(super) fn begin_of(&mut self, path: &str) -> Result<Option<Markup<Part<'_, 'b>>>, InputError> {
        self.look = LOOKED_AT;
        self.open(path, true)
    }

    /// Lets as much be unpacked as at first: the sheet is read once more.
    pub(super) fn begin_again(&mut self) {
        self.left = self.limit;
    }

    fn open(&mut self, path: &str, is_look: bool) -> Result<Option<Markup<Part<'_, 'b>>>, InputError> {
        let Some(&index) = self.places.get(&known_as(path)) else {
            return Ok(None);
        };
        let left = if is_look { &mut self.look } else { &mut self.left };
        let part = self.archive.by_index(index).map_err(broken)?;
        let measured = Measured::new(part, left, self.limit, self.longest);
        Ok(Some(Markup::new(BufReader::with_capacity(PIECE, measured))))
    }
}

/// Number of entries in the directory of an archive.
fn entries(bytes: &[u8], start: u64) -> usize {
    const LENGTH: usize = 46;
    let mut at = usize::try_from(start).unwrap_or(usize::MAX);
    let mut count = 0;
    while let Some(head) = at.checked_add(LENGTH).and_then(|end| bytes.get(at..end))
        && head.starts_with(ENTRY)
    {
        // The name, what extends it, a comment.
        let further = [28, 30, 32].map(|place| usize::from(u16::from_le_bytes([head[place], head[place + 1]])));
        at += LENGTH + further.iter().sum::<usize>();
        count += 1;
    }
    count
}

/// Some programs write the paths of other systems, or begin them with a slash.
fn known_as(path: &str) -> String {
    path.replace('\\', "/").trim_start_matches('/').to_ascii_lowercase()
}

fn broken(error: ZipError) -> InputError {
    InputError::BrokenWorkbook(error.to_string())
}
