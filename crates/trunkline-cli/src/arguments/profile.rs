//! Arguments of `profile`.

use std::path::PathBuf;

use clap::Subcommand;
use trunkline_bulk::input::Column;

use super::bulk::column;
use super::{Format, StoreName};

#[derive(Debug, Subcommand)]
pub(crate) enum Profile {
    /// Add a profile; the options --tenant, --cloud, --endpoint and --credential of every command are kept in it
    Add(AddProfile),
    /// List the profiles; the one in use is marked
    List,
    /// Use a profile for commands that name none
    Use {
        /// Name of the profile
        name: String,
    },
    /// Show every setting, its value, and where it comes from
    Show {
        /// Name of the profile [default: the one that a command would use]
        name: Option<String>,
    },
    /// Remove a profile and the sign-in that is kept for it
    Remove {
        /// Name of the profile
        name: String,
    },
}

#[derive(Debug, clap::Args)]
pub(crate) struct AddProfile {
    /// Name of the profile: letters, digits, '-', '_' and '.'
    pub(crate) name: String,
    /// Application that signs in, by its id
    #[arg(long, value_name = "ID")]
    pub(crate) client_id: Option<String>,
    /// PEM file with certificate and key of the application
    #[arg(long, value_name = "FILE")]
    pub(crate) certificate: Option<PathBuf>,
    /// Where `login` keeps the sign-in
    #[arg(long, value_enum, value_name = "PLACE")]
    pub(crate) store: Option<StoreName>,
    /// Country of numbers that are written without a plus, by its two letters
    #[arg(long, value_name = "XX")]
    pub(crate) country: Option<String>,
    /// Form of results of commands that name none
    #[arg(long, value_enum, value_name = "FORM")]
    pub(crate) default_output: Option<Format>,
    /// File that names emergency locations
    #[arg(long, value_name = "FILE")]
    pub(crate) locations: Option<PathBuf>,
    /// Heading of your files that stands for a field, such as user=Mail; may be repeated
    #[arg(long = "column", value_name = "FIELD=HEADING", value_parser = column)]
    pub(crate) columns: Vec<(Column, String)>,
    /// Use it for commands that name none; the first profile is used anyway
    #[arg(long = "use")]
    pub(crate) in_use: bool,
}
