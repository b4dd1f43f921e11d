//! Arguments of `locations`.

use std::path::PathBuf;

use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(crate) enum Locations {
    /// Check an export of Teams PowerShell (Get-CsOnlineLisLocation), and write its names for --locations
    Import {
        /// CSV or XLSX: the export, or a file with the columns name and locationId
        file: PathBuf,
        /// Write name, locationId and address of each name to this file; without it nothing is written
        #[arg(long, value_name = "FILE")]
        save: Option<PathBuf>,
        /// Write it next to the profiles, and name it in the profile that is used: later files may name sites
        #[arg(long, conflicts_with = "save")]
        keep: bool,
    },
}
