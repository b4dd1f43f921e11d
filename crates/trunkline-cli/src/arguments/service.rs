//! Arguments of `permissions` and `emulator`.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::ValueEnum;

use super::duration;

#[derive(Debug, clap::Args)]
pub(crate) struct Permissions {
    /// The operation, such as numberAssignments.assignNumber; without it: all of them
    #[arg(conflicts_with = "features")]
    pub(crate) operation: Option<String>,
    /// Print the commands that register an application with what these features need: several may be given, with commas
    /// between
    #[arg(long = "for", value_name = "FEATURE", value_delimiter = ',')]
    pub(crate) features: Vec<String>,
    /// For a signed-in user, with a device code [default with --for]
    #[arg(long, requires = "features")]
    pub(crate) delegated: bool,
    /// For the application by itself, with a certificate
    #[arg(long, requires = "features", conflicts_with = "delegated")]
    pub(crate) application: bool,
    /// Tool whose commands are printed [default: az]
    #[arg(long, value_enum, requires = "features")]
    pub(crate) shell: Option<Shell>,
    /// Say whether the token in TRUNKLINE_TOKEN suffices; exit code 1 if it does not
    #[arg(long, requires = "operation")]
    pub(crate) check: bool,
}

/// A tool that registers applications.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Shell {
    /// The Azure CLI, in a POSIX shell
    #[default]
    Az,
    /// Microsoft Graph PowerShell
    Powershell,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Emulator {
    /// Port of this computer; 0 takes a free one
    #[arg(long, default_value_t = 0)]
    pub(crate) port: u16,
    /// JSON file laid over the sample data
    #[arg(long, value_name = "FILE")]
    pub(crate) seed: Option<PathBuf>,
    /// Keep the state in this file: read at the start if it is there, and written soon after each change
    #[arg(long, value_name = "FILE")]
    pub(crate) state: Option<PathBuf>,
    /// Print the JSON Schema of a seed, for editors that complete from it, and end
    #[arg(long)]
    pub(crate) seed_schema: bool,
    /// How long an order stays in each stage [default: 250ms]
    #[arg(long, value_parser = duration, value_name = "TIME")]
    pub(crate) stage_duration: Option<Duration>,
    /// Orders move on with every look at them instead of with time
    #[arg(long)]
    pub(crate) advance_per_poll: bool,
    /// How long a number is pending once its order succeeded [default: 0s]
    #[arg(long, value_parser = duration, value_name = "TIME")]
    pub(crate) activation_delay: Option<Duration>,
    /// Refuse at once what would make an order fail later
    #[arg(long)]
    pub(crate) immediate_checks: bool,
    /// Size of a page when the request names none [default: 500]
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) page_size: Option<u32>,
    /// Give next links in the lists of Teams, for which none are documented
    #[arg(long)]
    pub(crate) next_links: bool,
    /// Ignore or cut down what the documentation does not offer, instead of refusing it
    #[arg(long)]
    pub(crate) lenient: bool,
    /// Reproduce oddities that are reported of the service, such as 409 for a phone method that was added
    #[arg(long)]
    pub(crate) realistic: bool,
    /// Examine neither permissions nor roles
    #[arg(long)]
    pub(crate) no_permission_checks: bool,
    /// Answer 429 above this many requests a second; 30 are documented
    #[arg(long, value_name = "COUNT")]
    pub(crate) requests_per_second: Option<u32>,
    /// Let changes of users and methods take up to so long until every reading shows them [default: 0s]
    #[arg(long, value_parser = duration, value_name = "TIME")]
    pub(crate) replica_lag: Option<Duration>,
    /// Keep the limits that the service documents, each group of requests by itself
    #[arg(long)]
    pub(crate) documented_limits: bool,
    /// Answer to this host name too, in `Host` and in the `Origin` of web pages; may be repeated. Names of this computer
    /// are always answered to, all others are refused
    #[arg(long, value_name = "NAME")]
    pub(crate) allow_host: Vec<String>,
    /// Address to listen at, such as 0.0.0.0 in a container [default: this computer alone]. Control endpoints then need a
    /// secret: that of TRUNKLINE_EMULATOR_SECRET, or the one that is printed
    #[arg(long)]
    pub(crate) address: Option<IpAddr>,
    /// Serve HTTPS as well, on the same port: the credential libraries of Microsoft sign in at nothing less
    #[arg(long)]
    pub(crate) tls: bool,
    /// Folder of the authority that signs its certificates; made at the first start, for its owner's eyes only [default: a
    /// folder of this user's data]
    #[arg(long, value_name = "FOLDER", requires = "tls")]
    pub(crate) tls_folder: Option<PathBuf>,
    /// Address by which clients get here, when that is not the one they are asked to use: links and issuers then carry it
    #[arg(long, value_name = "URL")]
    pub(crate) public_url: Option<String>,
    /// How often a client asks for a device code's token before somebody has entered the code [default: 2]
    #[arg(long, value_name = "COUNT")]
    pub(crate) device_code_polls: Option<u32>,
    /// Print a token that this emulator accepts, and nobody else; a terminal always shows one
    #[arg(long)]
    pub(crate) print_token: bool,
}
