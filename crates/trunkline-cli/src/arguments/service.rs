//! Arguments of `permissions` and `emulator`.

use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(crate) struct Permissions {
    /// The operation, such as numberAssignments.assignNumber; without it: all of them
    pub(crate) operation: Option<String>,
    /// Say whether the token in TRUNKLINE_TOKEN suffices; exit code 1 if it does not
    #[arg(long, requires = "operation")]
    pub(crate) check: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Emulator {
    /// Port of this computer; 0 takes a free one
    #[arg(long, default_value_t = 0)]
    pub(crate) port: u16,
    /// JSON file laid over the sample data
    #[arg(long, value_name = "FILE")]
    pub(crate) seed: Option<PathBuf>,
    /// How long an order stays in each stage, in milliseconds [default: 250]
    #[arg(long, value_name = "MILLISECONDS")]
    pub(crate) stage_duration: Option<u64>,
    /// Answer 429 above the documented 30 requests a second
    #[arg(long)]
    pub(crate) throttle: bool,
    /// Print a token that this emulator accepts, and nobody else
    #[arg(long)]
    pub(crate) print_token: bool,
}
