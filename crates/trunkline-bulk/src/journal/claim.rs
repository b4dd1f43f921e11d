//! One plan has one journal at a time on a computer: a run claims its plan, and a second run with another journal is
//! refused, because both would send the same orders.
//!
//! A claim is a file that is locked as long as the process lives, in a folder of the user's. A second file says who
//! holds it. Decided in docs/decisions/061-one-plan-one-journal.md.

use std::ffi::OsString;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use trunkline::Timestamp;

use crate::error::{BulkError, BulkErrorKind};

/// Names another folder for the claims.
const VARIABLE: &str = "TRUNKLINE_STATE_DIR";

/// Age at which others remove the claim of a killed process.
const STALE: Duration = Duration::from_secs(24 * 3600);

/// The claimed plan.
#[derive(Debug)]
pub(super) struct Claim {
    name: String,
}

/// A claim that is held.
#[derive(Debug)]
pub(super) struct PlanClaim {
    lock: Option<File>,
    lock_path: PathBuf,
    holder_path: PathBuf,
}

/// The holder of a claim.
#[derive(Debug, Serialize, Deserialize)]
struct Holder {
    process: u32,
    journal: String,
    since: String,
}

impl Claim {
    /// Of a plan: its digest, and whose it is.
    pub(super) fn new(parts: &[&str]) -> Self {
        let mut digest = Sha256::new();
        for part in parts {
            digest.update(part.as_bytes());
            digest.update([0]);
        }
        let name = digest.finalize()[..16]
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        Self { name }
    }

    /// Takes the claim, or returns the reason why this computer cannot have one.
    ///
    /// # Errors
    ///
    /// Refuses when another run holds it, and when a folder that was named cannot be used.
    pub(super) fn take(&self, journal: &Path, now: Timestamp) -> Result<Result<PlanClaim, String>, BulkError> {
        let (folder, is_named) = match folder(|name| std::env::var_os(name), std::env::home_dir()) {
            Some(found) => found,
            None => return Ok(Err(unclaimed("this user has no home folder"))),
        };
        match self.take_in(&folder, journal, now) {
            Ok(taken) => taken.map(Ok),
            Err(error) if is_named => Err(BulkError::new(
                BulkErrorKind::Disk,
                format!("the folder that {VARIABLE} names cannot be used: {error}"),
                "Set it to a folder that can be written",
            )),
            Err(error) => Ok(Err(unclaimed(&format!("{} cannot be used: {error}", folder.display())))),
        }
    }

    fn take_in(&self, folder: &Path, journal: &Path, now: Timestamp) -> io::Result<Result<PlanClaim, BulkError>> {
        let mut builder = DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder)?;
        sweep(folder);
        let lock_path = folder.join(format!("{}.lock", self.name));
        let holder_path = folder.join(format!("{}.json", self.name));
        let Some(lock) = lock(&lock_path)? else {
            return Ok(Err(busy(&holder_path)));
        };
        let claim = PlanClaim {
            lock: Some(lock),
            lock_path,
            holder_path,
        };
        let holder = Holder {
            process: std::process::id(),
            journal: journal.display().to_string(),
            since: now.to_string(),
        };
        write_private(&claim.holder_path, &serde_json::to_vec(&holder)?)?;
        Ok(Ok(claim))
    }
}

impl Drop for PlanClaim {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.holder_path);
        if cfg!(unix) {
            // While it is locked: whoever locks a file looks whether it is still at its path.
            let _ = std::fs::remove_file(&self.lock_path);
        }
        drop(self.lock.take());
        if cfg!(windows) {
            // Fails when another process has opened it meanwhile, as nobody shares it.
            let _ = std::fs::remove_file(&self.lock_path);
        }
    }
}

/// The folder, and whether the user named it.
fn folder(variable: impl Fn(&str) -> Option<OsString>, home: Option<PathBuf>) -> Option<(PathBuf, bool)> {
    let named = |name: &str| variable(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    if let Some(folder) = named(VARIABLE) {
        return Some((folder, true));
    }
    let home = home.filter(|home| home.is_absolute());
    let folder = if cfg!(windows) {
        named("LOCALAPPDATA").or_else(|| Some(home?.join("AppData").join("Local")))?
    } else if cfg!(target_os = "macos") {
        home?.join("Library").join("Application Support")
    } else {
        let of_desktop = named("XDG_STATE_HOME").filter(|folder| folder.is_absolute());
        of_desktop.or_else(|| Some(home?.join(".local").join("state")))?
    };
    Some((folder.join("trunkline"), false))
}

/// Opens and locks a file that stays at its path. `None` when somebody else has it locked.
#[cfg(not(windows))]
fn lock(path: &Path) -> io::Result<Option<File>> {
    use std::fs::TryLockError;
    loop {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        if is_at(&file, path) {
            return Ok(Some(file));
        }
    }
}

#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (file.metadata(), path.symlink_metadata()) {
        (Ok(own), Ok(found)) => (own.dev(), own.ino()) == (found.dev(), found.ino()),
        _ => false,
    }
}

#[cfg(not(any(unix, windows)))]
fn is_at(_: &File, _: &Path) -> bool {
    true
}

/// Opens a file that nobody else may open meanwhile. `None` when somebody else has it open.
#[cfg(windows)]
fn lock(path: &Path) -> io::Result<Option<File>> {
    use std::os::windows::fs::OpenOptionsExt;
    const SHARING_VIOLATION: i32 = 32;
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false).share_mode(0);
    match options.open(path) {
        Ok(file) => Ok(Some(file)),
        Err(error) if error.raw_os_error() == Some(SHARING_VIOLATION) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Removes what processes that were killed have left.
fn sweep(folder: &Path) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        let age = entry.metadata().and_then(|found| found.modified());
        let is_stale = age.is_ok_and(|time| time.elapsed().is_ok_and(|age| age > STALE));
        if is_stale
            && path.extension().is_some_and(|ending| ending == "lock")
            && let Ok(Some(lock)) = lock(&path)
        {
            drop(PlanClaim {
                lock: Some(lock),
                holder_path: path.with_extension("json"),
                lock_path: path,
            });
        }
    }
}

fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(bytes)
}

fn busy(holder: &Path) -> BulkError {
    let holder: Option<Holder> = std::fs::read(holder)
        .ok()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok());
    let what = match holder {
        Some(Holder {
            process,
            journal,
            since,
        }) => format!(
            "this plan is being applied by process {process} since {since}, with the journal {}",
            trunkline::mask::printable(&journal)
        ),
        None => "this plan is being applied by another process, with another journal".to_owned(),
    };
    let step =
        "Wait until it ends or stop it, then resume with its journal: two journals would send the same orders twice";
    BulkError::new(BulkErrorKind::Busy, what, step)
}

fn unclaimed(why: &str) -> String {
    format!(
        "a second run with the same plan and another journal would not be noticed, because {why}; {VARIABLE} can name \
         another folder"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn take(folder: &Path, parts: &[&str], journal: &str) -> Result<PlanClaim, BulkError> {
        Claim::new(parts)
            .take_in(folder, Path::new(journal), Timestamp::constant(1_768_467_600, 0))
            .expect("the folder can be used")
    }

    #[test]
    fn a_claim_is_held_once_and_leaves_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let folder = folder.path().join("made").join("when missing");
        let first = take(&folder, &["a plan", "a tenant"], "/of/ana.journal").expect("is free");
        let refused = take(&folder, &["a plan", "a tenant"], "/of/ben.journal").expect_err("is held");
        let refused = refused.to_string();
        for words in [
            format!("process {}", std::process::id()),
            "/of/ana.journal".to_owned(),
            "since 2026-01-15T09:00:00Z".to_owned(),
        ] {
            assert!(refused.contains(&words), "{refused}");
        }
        let other = take(&folder, &["a plan", "another tenant"], "/of/ben.journal").expect("is another");
        drop((first, other));
        assert_eq!(std::fs::read_dir(&folder).expect("reads").count(), 0);
        drop(take(&folder, &["a plan", "a tenant"], "/of/ben.journal").expect("is free again"));
    }

    #[test]
    fn what_a_killed_process_left_is_no_claim_and_is_swept() {
        let folder = tempfile::tempdir().expect("a folder");
        let left = folder.path().join(format!("{}.lock", Claim::new(&["a plan"]).name));
        std::fs::write(&left, "").expect("writes");
        std::fs::write(left.with_extension("json"), "{").expect("writes");
        let old = folder.path().join("old.lock");
        let file = File::create(&old).expect("writes");
        let long_ago = std::time::SystemTime::now() - 2 * STALE;
        file.set_modified(long_ago).expect("can be set");
        drop(file);
        let claim = take(folder.path(), &["a plan"], "/of/ana.journal").expect("is free");
        assert!(!old.exists());
        drop(claim);
        assert_eq!(std::fs::read_dir(folder.path()).expect("reads").count(), 0);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn the_folder_is_named_or_the_users() {
        let find = |variables: &[(&str, &str)], home: Option<&str>| {
            let variable = |wanted: &str| {
                let found = variables.iter().find(|(name, _)| *name == wanted);
                found.map(|(_, value)| OsString::from(value))
            };
            let found = folder(variable, home.map(PathBuf::from));
            found.map(|(folder, is_named)| (folder.display().to_string(), is_named))
        };
        let own = |folder: &str| Some((folder.to_owned(), false));
        assert_eq!(
            find(&[(VARIABLE, "/claims"), ("XDG_STATE_HOME", "/state")], Some("/of/ana")),
            Some(("/claims".to_owned(), true))
        );
        assert_eq!(find(&[("XDG_STATE_HOME", "/state")], None), own("/state/trunkline"));
        let home = own("/of/ana/.local/state/trunkline");
        assert_eq!(find(&[("XDG_STATE_HOME", "not/absolute")], Some("/of/ana")), home);
        assert_eq!(find(&[(VARIABLE, "")], Some("/of/ana")), home);
        assert_eq!(find(&[], None), None);
    }
}
