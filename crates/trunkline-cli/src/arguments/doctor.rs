//! Arguments of `doctor`.

use std::path::PathBuf;

use super::Reading;

#[derive(Debug, clap::Args)]
pub(crate) struct Doctor {
    /// A file of rows: only what its rows need is examined; - reads standard input [default: everything]
    pub(crate) file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) reading: Reading,
}
