//! The plan as a file: JSON lines, the header first, then one row a line.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::first_version::{unescaped, upgraded};
use super::{PlannedRow, SourceFile};
use crate::error::{BulkError, BulkErrorKind};
use crate::file::{unwritten, write_whole};

/// The first line of a plan file.
const FORMAT: &str = "trunkline-plan";

/// The version of plan files that this crate writes, and the newest that it reads. Version 2 writes a step as a
/// [`Change`](trunkline::Change), version 3 calls the place in the file `row` (before: `line`).
const VERSION: u32 = 3;

/// The tenant and service that a plan is bound to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlanHeader {
    /// `trunkline-plan`.
    pub format: String,
    /// Version of the format.
    pub version: u32,
    /// Id of the tenant whose state was read.
    pub tenant: String,
    /// The cloud's name, for instance `global`.
    pub cloud: String,
    /// SHA-256 of the file of rows, in hexadecimal.
    pub source_digest: String,
    /// The file of rows; absent when the plan is of something else, or of an earlier version of this program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<SourceFile>,
    /// When the live state was read, as RFC 3339 writes it.
    pub created: String,
    /// The options of planning.
    #[serde(default)]
    pub options: serde_json::Value,
    /// The digest of a plan that was read from a file of an earlier version, which its journal names.
    #[serde(skip)]
    earlier_digest: Option<String>,
}

impl PlanHeader {
    /// A header of the present version.
    #[must_use]
    pub fn new(tenant: impl Into<String>, cloud: impl Into<String>, source_digest: impl Into<String>) -> Self {
        Self {
            format: FORMAT.to_owned(),
            version: VERSION,
            tenant: tenant.into(),
            cloud: cloud.into(),
            source_digest: source_digest.into(),
            source: None,
            created: String::new(),
            options: serde_json::Value::Null,
            earlier_digest: None,
        }
    }
}

/// The first line of a plan file.
#[derive(Serialize, Deserialize)]
struct FirstLine<Header> {
    #[serde(flatten)]
    header: Header,
    /// How many lines follow.
    rows: u64,
    /// [`Plan::digest`] of what was written; absent in files of the first versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    digest: Option<String>,
}

/// A plan: the changes of a file, row by row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The tenant and service that it is bound to.
    pub header: PlanHeader,
    /// The rows, in order.
    pub rows: Vec<PlannedRow>,
}

impl Plan {
    /// SHA-256 of the plan as it is written to a file: a journal belongs to one plan.
    #[must_use]
    pub fn digest(&self) -> String {
        let earlier = self.header.earlier_digest.clone();
        earlier.unwrap_or_else(|| self.written_digest())
    }

    /// SHA-256 of the plan as this version writes it.
    fn written_digest(&self) -> String {
        let mut digest = Digesting(Sha256::new());
        // Writing into a digest cannot fail, and neither can turning these values into JSON.
        let mut buffer = BufWriter::with_capacity(16 << 10, &mut digest);
        // The digest is of the text as plans of the first versions have it, without escaped characters.
        let raw = |line: &str, to: &mut dyn Write| to.write_all(line.as_bytes());
        let _ = self.write_lines(&mut buffer, None, raw).and_then(|()| buffer.flush());
        drop(buffer);
        digest.hexadecimal()
    }

    fn write_lines(
        &self,
        to: &mut dyn Write,
        digest: Option<String>,
        write: impl Fn(&str, &mut dyn Write) -> std::io::Result<()>,
    ) -> std::io::Result<()> {
        let first = FirstLine {
            header: &self.header,
            rows: self.rows.len() as u64,
            digest,
        };
        write(&serde_json::to_string(&first)?, to)?;
        to.write_all(b"\n")?;
        for row in &self.rows {
            write(&serde_json::to_string(row)?, to)?;
            to.write_all(b"\n")?;
        }
        Ok(())
    }

    /// Writes the plan file: all of it or nothing, readable by its owner only.
    ///
    /// # Errors
    ///
    /// [`BulkErrorKind::Disk`] when the folder cannot be written or the disk is full.
    pub fn write(&self, path: &Path) -> Result<(), BulkError> {
        let digest = self.written_digest();
        let escaped = |line: &str, to: &mut dyn Write| to.write_all(trunkline::mask::json(line).as_bytes());
        write_whole(path, |to| {
            self.write_lines(to, Some(digest), escaped).map_err(unwritten)
        })
    }

    /// Reads a plan file.
    ///
    /// # Errors
    ///
    /// [`BulkErrorKind::Plan`] when it cannot be read, is damaged, is of a newer version, or was changed after it was made: what
    /// was checked then no longer holds.
    pub fn read(path: &Path) -> Result<Self, BulkError> {
        const AGAIN: &str = "Make the plan again";
        let refuse = |what: String, step: &str| BulkError::new(BulkErrorKind::Plan, what, step.to_owned());
        let unreadable = |error: std::io::Error| {
            refuse(
                format!("the plan cannot be read: {error}"),
                "Check its path, or make it again",
            )
            .caused_by(error)
        };
        let mut lines = BufReader::new(File::open(path).map_err(unreadable)?).lines();
        let first = lines.next().transpose().map_err(unreadable)?.unwrap_or_default();
        let FirstLine {
            mut header,
            rows: count,
            digest,
        }: FirstLine<PlanHeader> = serde_json::from_str(first.trim_start_matches('\u{feff}'))
            .map_err(|error| refuse("this is not a plan file".to_owned(), AGAIN).caused_by(error))?;
        if header.format != FORMAT {
            return Err(refuse("this is not a plan file".to_owned(), AGAIN));
        }
        if header.version > VERSION {
            let what = format!(
                "the plan is of version {}, which is newer than this program",
                header.version
            );
            return Err(refuse(
                what,
                "Use the newer program, or make the plan again with this one",
            ));
        }
        let mut rows = Vec::new();
        let mut own = Digesting(Sha256::new());
        let first = FirstLine {
            header: &header,
            rows: count,
            digest: None,
        };
        own.line(&serde_json::to_string(&first).unwrap_or_default());
        for (index, line) in lines.enumerate() {
            let line = line.map_err(unreadable)?;
            own.line(&unescaped(&line));
            let row = serde_json::from_str(&upgraded(&line)).map_err(|error| {
                refuse(format!("line {} of the plan is damaged", index + 2), AGAIN).caused_by(error)
            })?;
            rows.push(row);
        }
        // A file can be cut between two lines, too.
        if rows.len() as u64 != count {
            let what = format!("the plan is damaged: it has {} rows of {count}", rows.len());
            return Err(refuse(what, AGAIN));
        }
        let own = own.hexadecimal();
        if digest.is_some_and(|digest| digest != own) {
            return Err(refuse(
                "the plan was changed after it was written".to_owned(),
                "Change the file of rows instead, and make the plan again (`trunkline bulk plan`)",
            ));
        }
        if header.version < VERSION {
            header.version = VERSION;
            header.earlier_digest = Some(own);
        }
        Ok(Self { header, rows })
    }
}

struct Digesting(Sha256);

impl Digesting {
    fn line(&mut self, line: &str) {
        self.0.update(line);
        self.0.update("\n");
    }

    fn hexadecimal(self) -> String {
        self.0.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl Write for Digesting {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
