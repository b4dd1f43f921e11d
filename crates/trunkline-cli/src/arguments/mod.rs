//! The arguments of the command line.

mod bulk;
mod choices;
mod doctor;
mod locations;
mod numbers;
mod phones;
mod policies;
mod profile;
mod service;
mod shell;
mod sign_in;
mod typed;

use std::ffi::OsString;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::environment;
use crate::failure::EXIT_CODES;

pub(crate) use bulk::{
    ApplyPlan, Applying, Bulk, Export, FileFormat, HiddenParts, Picking, PlanFile, Reading, Resume, Undo, WriteReport,
};
pub(crate) use choices::{
    ChangeWaiting, CloudName, CredentialName, Dialled, Format, ROLES, StoreName, Switch, country, duration, name_of,
    names_of, numbering, one_of,
};
pub(crate) use doctor::Doctor;
pub(crate) use locations::Locations;
pub(crate) use numbers::{
    Assign, Blocks, By, Check, Conditions, Follow, List, NextFree, Numbers, SetLocation, ShowMap, Unassign, Update,
};
pub(crate) use phones::{Phones, SmsSignIn};
pub(crate) use policies::{Policies, PolicyOf};
pub(crate) use profile::{AddProfile, Profile};
pub(crate) use service::{Emulator, Permissions, Shell};
pub(crate) use shell::{Completions, Manual};
pub(crate) use sign_in::{Login, Logout, Whoami};
pub(crate) use typed::Typed;

/// Teams telephone numbers, and the phone methods and Teams policies of users, over Microsoft Graph
#[derive(Debug, Parser)]
#[command(name = "trunkline", version, propagate_version = true)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

impl Arguments {
    /// Everything that can be written, with its help.
    pub(crate) fn description() -> clap::Command {
        let codes = EXIT_CODES.iter().map(|(code, when)| format!("  {code}  {when}\n"));
        let codes = format!("Exit codes:\n{}", codes.collect::<String>());
        Self::command()
            .after_long_help(format!("{}\n{codes}", environment::help()))
            .after_help(codes)
    }

    /// Reads a command line. It begins with the name of the program.
    pub(crate) fn read(arguments: &[OsString]) -> Result<Self, clap::Error> {
        Self::from_arg_matches(&Self::description().try_get_matches_from(arguments)?)
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Telephone numbers of the tenant: list, get, assign, unassign, set-location
    #[command(subcommand)]
    Numbers(Numbers),
    /// Phone methods of a user: list, set, remove, SMS sign-in
    #[command(subcommand)]
    Phones(Phones),
    /// Teams policies of a user: list, get, set, clear
    #[command(subcommand)]
    Policies(Policies),
    /// A whole file of numbers and phone methods: plan, apply, resume, report
    #[command(subcommand)]
    Bulk(Bulk),
    /// Names of emergency locations, for files that name sites
    #[command(subcommand)]
    Locations(Locations),
    /// Sign in, and remember how in a profile
    Login(Login),
    /// Remove the sign-in that is kept for a profile
    Logout(Logout),
    /// Show who is signed in, where, and until when
    Whoami(Whoami),
    /// Profiles, one for each tenant: add, list, use, show, remove
    #[command(subcommand)]
    Profile(Profile),
    /// Examine token, permissions, roles, clock and connection, and say what to do
    Doctor(Box<Doctor>),
    /// Show the permissions, roles and clouds of an operation, or the commands that register an application
    Permissions(Permissions),
    /// Run a local emulator of Microsoft Graph
    Emulator(Emulator),
    /// Write a script that completes commands and options in a shell
    Completions(Completions),
    /// Write the manual pages
    Manual(Manual),
}

impl Command {
    /// Whether `--profile` may name one that does not exist yet.
    pub(crate) fn may_name_a_new_profile(&self) -> bool {
        matches!(self, Self::Login(_) | Self::Profile(_))
    }
}

/// Options of every command.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Options of every command")]
pub(crate) struct Global {
    /// Profile whose settings hold where neither an option nor a variable says otherwise [env: TRUNKLINE_PROFILE] [default:
    /// the one that `profile use` chose]
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) profile: Option<String>,
    /// Form of the result on standard output [env: TRUNKLINE_OUTPUT] [default: table]
    #[arg(long, short, global = true, value_enum, value_name = "FORM")]
    pub(crate) output: Option<Format>,
    /// Cloud of the tenant [env: TRUNKLINE_CLOUD] [default: global]
    #[arg(long, global = true, value_enum)]
    pub(crate) cloud: Option<CloudName>,
    /// Tenant, by id or domain [env: TRUNKLINE_TENANT, else AZURE_TENANT_ID]
    #[arg(long, global = true)]
    pub(crate) tenant: Option<String>,
    /// Address of an emulator on this computer [env: TRUNKLINE_ENDPOINT]
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) endpoint: Option<String>,
    /// Take an endpoint that is neither Microsoft's nor on this computer; it is shown tokens and secrets that work
    #[arg(long, global = true)]
    pub(crate) allow_endpoint: bool,
    /// How to sign in [env: TRUNKLINE_CREDENTIAL] [default: token when TRUNKLINE_TOKEN is set, else that of the profile, else
    /// environment]
    #[arg(long, global = true, value_enum, value_name = "WAY")]
    pub(crate) credential: Option<CredentialName>,
    /// How long one attempt of a request may take, such as 30s
    #[arg(long, global = true, value_parser = duration, value_name = "TIME")]
    pub(crate) attempt_timeout: Option<std::time::Duration>,
    /// Show on standard error what is sent and answered
    #[arg(long, short, global = true, conflicts_with = "quiet")]
    pub(crate) verbose: bool,
    /// Show telephone numbers and names in full also where standard error is no terminal, such as in a log
    #[arg(long, global = true)]
    pub(crate) show_pii: bool,
    /// Show the ids of people next to their names
    #[arg(long, global = true)]
    pub(crate) ids: bool,
    /// Do not fit tables and texts into the width of the terminal
    #[arg(long, global = true)]
    pub(crate) wide: bool,
    /// Never show a result through a pager [env: TRUNKLINE_PAGER, else PAGER, names the pager] [default: less]
    #[arg(long, global = true)]
    pub(crate) no_pager: bool,
    /// Only print errors
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
}
