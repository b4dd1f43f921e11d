//! An emulator, and a folder with a file of rows in which commands run.

use std::path::PathBuf;
use std::process::Command;

use super::harness::{Outcome, Session, run};

pub(crate) struct Desk {
    pub(crate) session: Session,
    pub(crate) folder: tempfile::TempDir,
}

impl Desk {
    /// `rows` are in the file `rows.csv`. Orders are at their end when they are first looked at.
    pub(crate) fn new(rows: &str) -> Self {
        Self::of(Session::new(), rows)
    }

    pub(crate) fn of(session: Session, rows: &str) -> Self {
        let desk = Self {
            session,
            folder: tempfile::tempdir().expect("a folder"),
        };
        std::fs::write(desk.path("rows.csv"), rows).expect("room for it");
        desk
    }

    /// The plan of the rows is in the file `rows.plan`.
    pub(crate) fn planned(rows: &str) -> Self {
        Self::planned_of(Session::new(), rows)
    }

    pub(crate) fn planned_of(session: Session, rows: &str) -> Self {
        let desk = Self::of(session, rows);
        let plan = desk.run(&["bulk", "plan", "rows.csv", "--save", "rows.plan"]);
        assert!(desk.path("rows.plan").is_file(), "{plan}");
        desk
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn text(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).expect("a file")
    }

    /// The binary, in the folder.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.session.command(arguments);
        command.current_dir(self.folder.path());
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Outcome {
        run(&mut self.command(arguments))
    }
}
