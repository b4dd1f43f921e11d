//! Arguments of `phones`.

use clap::Subcommand;

use super::{ChangeWaiting, Dialled, ROLES, Switch, one_of};

#[derive(Debug, Subcommand)]
pub(crate) enum Phones {
    /// List the phone methods of a user
    List {
        /// The user: principal name or object id
        user: String,
    },
    /// Add or change the number of a role
    Set(Set),
    /// Remove the number of a role
    Remove(Remove),
    /// Let the user sign in with a text message to the mobile number, or not
    SmsSignIn(SmsSignIn),
}

#[derive(Debug, clap::Args)]
pub(crate) struct Set {
    /// The user: principal name or object id
    pub(crate) user: String,
    /// The role of the number
    #[arg(value_parser = one_of(&ROLES), ignore_case = true)]
    pub(crate) role: String,
    /// The number with a plus, such as +12065550100, or with --country as it is dialled there
    #[arg(allow_hyphen_values = true)]
    pub(crate) number: String,
    #[command(flatten)]
    pub(crate) dialled: Dialled,
    #[command(flatten)]
    pub(crate) waiting: ChangeWaiting,
    /// Print what would be read and sent; send nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Remove {
    /// The user: principal name or object id
    pub(crate) user: String,
    /// The role of the number
    #[arg(value_parser = one_of(&ROLES), ignore_case = true)]
    pub(crate) role: String,
    #[command(flatten)]
    pub(crate) waiting: ChangeWaiting,
    /// Print what would be read and sent; send nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct SmsSignIn {
    /// The user: principal name or object id
    pub(crate) user: String,
    /// Enable or disable
    #[arg(value_enum)]
    pub(crate) switch: Switch,
    #[command(flatten)]
    pub(crate) waiting: ChangeWaiting,
    /// Print what would be read and sent; send nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}
