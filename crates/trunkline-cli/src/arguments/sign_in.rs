//! Arguments of `login`, `logout` and `whoami`.

use std::path::PathBuf;

use super::StoreName;

#[derive(Debug, clap::Args)]
pub(crate) struct Login {
    /// Application that signs in, by its id [default: that of the profile, else AZURE_CLIENT_ID]
    #[arg(long, value_name = "ID")]
    pub(crate) client_id: Option<String>,
    /// PEM file with certificate and key of the application, for `--credential certificate` [default: that of the profile,
    /// else AZURE_CLIENT_CERTIFICATE_PATH]
    #[arg(long, value_name = "FILE")]
    pub(crate) certificate: Option<PathBuf>,
    /// Where the sign-in is kept [default: the keyring where this system has one that can be used, else a file]
    #[arg(long, value_enum, value_name = "PLACE")]
    pub(crate) store: Option<StoreName>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Logout {}

#[derive(Debug, clap::Args)]
pub(crate) struct Whoami {}
