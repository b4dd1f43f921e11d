//! Arguments of `policies`.

use clap::Subcommand;

use super::ChangeWaiting;

#[derive(Debug, Subcommand)]
pub(crate) enum Policies {
    /// List the Teams policies that a user has directly or through a group
    List {
        /// The user: principal name or object id
        user: String,
    },
    /// Show the policy of a kind that is in force for a user
    Get {
        #[command(flatten)]
        of: PolicyOf,
    },
    /// Assign a policy to a user directly
    Set(SetPolicy),
    /// Remove a direct policy of a user; that of a group or of the tenant is in force then
    Clear(ClearPolicy),
}

/// A kind of policy of a user.
#[derive(Debug, clap::Args)]
pub(crate) struct PolicyOf {
    /// The user: principal name or object id
    pub(crate) user: String,
    /// The kind of policy, such as TeamsCallingPolicy, 'voice routing', 'dial plan' or 'caller id'
    #[arg(value_name = "TYPE")]
    pub(crate) policy_type: String,
}

#[derive(Debug, clap::Args)]
pub(crate) struct SetPolicy {
    #[command(flatten)]
    pub(crate) of: PolicyOf,
    /// The name of the policy, as the Teams admin center shows it
    pub(crate) name: String,
    #[command(flatten)]
    pub(crate) waiting: ChangeWaiting,
    /// Print what would be read and sent; send nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ClearPolicy {
    #[command(flatten)]
    pub(crate) of: PolicyOf,
    #[command(flatten)]
    pub(crate) waiting: ChangeWaiting,
    /// Print what would be read and sent; send nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}
