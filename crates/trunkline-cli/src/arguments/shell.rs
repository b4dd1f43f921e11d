//! Arguments of the commands that set up a shell: completions and manual pages.

use std::path::PathBuf;

use clap_complete::Shell;

#[derive(Debug, clap::Args)]
pub(crate) struct Completions {
    /// The shell that reads them
    #[arg(value_enum)]
    pub(crate) shell: Shell,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Manual {
    /// Folder for the pages, one per command; without it the first page goes to standard output
    pub(crate) folder: Option<PathBuf>,
}
