//! Arguments of `numbers`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Subcommand, ValueEnum};

use super::{Dialled, country, duration, one_of};

pub(super) const TYPES: [&str; 3] = ["directRouting", "callingPlan", "operatorConnect"];
const CATEGORIES: [&str; 3] = ["primary", "private", "alternate"];

#[derive(Debug, Subcommand)]
pub(crate) enum Numbers {
    /// List numbers of the inventory
    List(List),
    /// Show one number
    Get(Get),
    /// Assign a number, wait for the order and read the number back
    Assign(Assign),
    /// Take a number from whoever holds it
    Unassign(Unassign),
    /// Set or clear the emergency location of a number
    SetLocation(SetLocation),
    /// Change the network site or lookup options of a number
    Update(Update),
    /// Wait for the end of an order, or show how far it is
    Follow(Follow),
    /// Show the lowest free number that can be assigned to a user
    NextFree(NextFree),
    /// Show blocks of numbers that are free, in use, or changed by a plan, and use by city, location and site
    Map(ShowMap),
    /// Show which number a text is read as, or why it is refused; send nothing
    Check(Check),
}

#[derive(Debug, clap::Args)]
pub(crate) struct Get {
    /// The number with a plus, such as +12065550100, or with --country as it is dialled there; an extension behind an x,
    /// +12065550113x42 (a shell cuts ;ext=42 off)
    #[arg(allow_hyphen_values = true)]
    pub(crate) number: String,
    #[command(flatten)]
    pub(crate) dialled: Dialled,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Check {
    /// The texts; none, or -, reads standard input, one a line
    #[arg(value_name = "NUMBER")]
    pub(crate) numbers: Vec<String>,
    #[command(flatten)]
    pub(crate) dialled: Dialled,
}

/// Conditions that list and next-free have in common.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Conditions {
    /// Who provides the numbers
    #[arg(long, value_name = "TYPE", value_parser = one_of(&TYPES), ignore_case = true)]
    pub(crate) number_type: Option<String>,
    /// Country, by its two letters
    #[arg(long, value_name = "XX", value_parser = country)]
    pub(crate) country: Option<String>,
    /// City, in any case
    #[arg(long)]
    pub(crate) city: Option<String>,
    /// How the numbers begin, such as +1206
    #[arg(long)]
    pub(crate) prefix: Option<String>,
    /// Further condition in OData's words
    #[arg(long, value_name = "ODATA")]
    pub(crate) filter: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct List {
    /// Free numbers only
    #[arg(long)]
    pub(crate) unassigned: bool,
    /// Numbers held by this user (principal name) or account (object id)
    #[arg(long, value_name = "USER", conflicts_with = "unassigned")]
    pub(crate) held_by: Option<String>,
    #[command(flatten)]
    pub(crate) conditions: Conditions,
    /// Stop after so many
    #[arg(long, value_name = "COUNT")]
    pub(crate) limit: Option<usize>,
}

/// How numbers are put into blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Blocks {
    /// A block for each hundred
    Hundred,
    /// A block for each run of consecutive numbers
    Run,
}

/// The kinds of places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum By {
    /// City
    City,
    /// Emergency location
    Location,
    /// Network site
    Site,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ShowMap {
    /// Write one page to look at, which loads nothing and sends nothing
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,
    /// Mark the numbers that this plan changes, and those of rows that are blocked
    #[arg(long, value_name = "PLAN")]
    pub(crate) plan: Option<PathBuf>,
    /// Blocks of hundred numbers, or runs of consecutive ones
    #[arg(long, value_enum, value_name = "KIND", default_value = "hundred")]
    pub(crate) blocks: Blocks,
    /// Show use by this kind of place [default: by every kind that numbers have]
    #[arg(long, value_enum, value_name = "PLACE")]
    pub(crate) by: Option<By>,
    #[command(flatten)]
    pub(crate) conditions: Conditions,
}

#[derive(Debug, clap::Args)]
pub(crate) struct NextFree {
    #[command(flatten)]
    pub(crate) conditions: Conditions,
}

/// Waiting for a change.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Waiting {
    /// How long the whole change may take, reading back included [default: 10m]
    #[arg(long, value_parser = duration, value_name = "TIME")]
    pub(crate) timeout: Option<Duration>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Assign {
    /// The number with a plus, such as +12065550100, or with --country as it is dialled there; an extension behind an x,
    /// +12065550113x42 (a shell cuts ;ext=42 off)
    #[arg(allow_hyphen_values = true)]
    pub(crate) number: String,
    /// Who gets it: principal name or object id
    pub(crate) user: String,
    #[command(flatten)]
    pub(crate) dialled: Dialled,
    /// Which line of the user it becomes [default: primary]
    #[arg(long, value_parser = one_of(&CATEGORIES), ignore_case = true)]
    pub(crate) category: Option<String>,
    /// Id of the emergency location
    #[arg(long, value_name = "ID")]
    pub(crate) location: Option<String>,
    /// Take the number from whoever holds it
    #[arg(long = "move")]
    pub(crate) takes: bool,
    /// Take the number from its holder although there are numbers with an extension of it, such as +12065550113x42
    #[arg(long, requires = "takes")]
    pub(crate) base: bool,
    /// Stop once the order is accepted, and print how to resume
    #[arg(long, conflicts_with_all = ["takes", "timeout"])]
    pub(crate) no_wait: bool,
    #[command(flatten)]
    pub(crate) waiting: Waiting,
    /// Print what would be read and sent; send nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Unassign {
    /// The number with a plus, such as +12065550100, or with --country as it is dialled there; an extension behind an x,
    /// +12065550113x42 (a shell cuts ;ext=42 off)
    #[arg(allow_hyphen_values = true)]
    pub(crate) number: String,
    #[command(flatten)]
    pub(crate) dialled: Dialled,
    /// Take the number from its holder although there are numbers with an extension of it, such as +12065550113x42
    #[arg(long)]
    pub(crate) base: bool,
    /// Stop once the order is accepted, and print how to resume
    #[arg(long, conflicts_with = "timeout")]
    pub(crate) no_wait: bool,
    #[command(flatten)]
    pub(crate) waiting: Waiting,
    /// Print what would be read and sent; send nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct SetLocation {
    /// The number with a plus, such as +12065550100, or with --country as it is dialled there; an extension behind an x,
    /// +12065550113x42 (a shell cuts ;ext=42 off)
    #[arg(allow_hyphen_values = true)]
    pub(crate) number: String,
    /// Id of the emergency location
    #[arg(value_name = "ID", required_unless_present = "clear", conflicts_with = "clear")]
    pub(crate) location: Option<String>,
    #[command(flatten)]
    pub(crate) dialled: Dialled,
    /// Clear the emergency location
    #[arg(long)]
    pub(crate) clear: bool,
    #[command(flatten)]
    pub(crate) waiting: Waiting,
    /// Print what would be read and sent; send nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Debug, clap::Args)]
#[command(group(clap::ArgGroup::new("change").required(true).multiple(true)))]
pub(crate) struct Update {
    /// The number with a plus, such as +12065550100, or with --country as it is dialled there; an extension behind an x,
    /// +12065550113x42 (a shell cuts ;ext=42 off)
    #[arg(allow_hyphen_values = true)]
    pub(crate) number: String,
    #[command(flatten)]
    pub(crate) dialled: Dialled,
    /// Id of the network site; empty clears it
    #[arg(long, value_name = "ID", group = "change")]
    pub(crate) network_site: Option<String>,
    /// Lookup option, such as skipInternalVoip; may be repeated
    #[arg(long, value_name = "OPTION", group = "change")]
    pub(crate) reverse_lookup: Vec<String>,
    /// Print what would be read and sent; send nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Follow {
    /// Id of the order, or its token
    #[arg(value_name = "ID-OR-TOKEN")]
    pub(crate) order: String,
    /// Show the order as it is now, without waiting for its end
    #[arg(long, conflicts_with = "timeout")]
    pub(crate) no_wait: bool,
    /// How long to wait, reading back included [default: 10m]
    #[arg(long, value_parser = duration, value_name = "TIME")]
    pub(crate) timeout: Option<Duration>,
}
