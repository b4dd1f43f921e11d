//! The plan as a file: JSON lines, the header first, then one row a line.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::PlannedRow;
use crate::error::{BulkError, BulkErrorKind};

/// What a plan file says of itself in its first line.
const FORMAT: &str = "trunkline-plan";

/// The version of plan files that this crate writes, and the newest that it reads.
const VERSION: u32 = 1;

/// What a plan is bound to.
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
    /// When the live state was read, as RFC 3339 writes it.
    pub created: String,
    /// The options of planning.
    #[serde(default)]
    pub options: serde_json::Value,
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
            created: String::new(),
            options: serde_json::Value::Null,
        }
    }
}

/// What a file would change, row by row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// What it is bound to.
    pub header: PlanHeader,
    /// The rows, in order of their lines.
    pub rows: Vec<PlannedRow>,
}

impl Plan {
    /// SHA-256 of the plan as it is written to a file: a journal belongs to one plan.
    #[must_use]
    pub fn digest(&self) -> String {
        let mut digest = Digesting(Sha256::new());
        // Writing into a digest cannot fail, and neither can turning these values into JSON.
        let _ = self.write_lines(&mut digest);
        let bytes = digest.0.finalize();
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn write_lines(&self, mut to: impl Write) -> std::io::Result<()> {
        serde_json::to_writer(&mut to, &self.header)?;
        to.write_all(b"\n")?;
        for row in &self.rows {
            serde_json::to_writer(&mut to, row)?;
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
        let beside = path.with_extension(format!("{}.partial", std::process::id()));
        let written = create_private(&beside).and_then(|file| {
            let mut buffer = BufWriter::new(file);
            self.write_lines(&mut buffer)?;
            let file = buffer.into_inner().map_err(std::io::IntoInnerError::into_error)?;
            file.sync_all()?;
            std::fs::rename(&beside, path)
        });
        written.map_err(|error| {
            let _ = std::fs::remove_file(&beside);
            BulkError::new(
                BulkErrorKind::Disk,
                format!("the plan cannot be written: {error}"),
                "Choose a folder that can be written and has space",
            )
            .caused_by(error)
        })
    }

    /// Reads a plan file.
    ///
    /// # Errors
    ///
    /// [`BulkErrorKind::Plan`] when it cannot be read, is damaged, or is of a newer version.
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
        let header: PlanHeader = serde_json::from_str(&first)
            .map_err(|error| refuse("this is no plan file".to_owned(), AGAIN).caused_by(error))?;
        if header.format != FORMAT {
            return Err(refuse("this is no plan file".to_owned(), AGAIN));
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
        for (index, line) in lines.enumerate() {
            let line = line.map_err(unreadable)?;
            let row = serde_json::from_str(&line).map_err(|error| {
                refuse(format!("line {} of the plan is damaged", index + 2), AGAIN).caused_by(error)
            })?;
            rows.push(row);
        }
        Ok(Self { header, rows })
    }
}

/// Makes a file that only its owner can read; fails if there is one.
fn create_private(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

struct Digesting(Sha256);

impl Write for Digesting {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
