//! Arguments of `bulk`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Subcommand, ValueEnum};
use trunkline_bulk::input::Column;

use super::numbers::TYPES;
use super::{country, duration, numbering, one_of};

#[derive(Debug, Subcommand)]
pub(crate) enum Bulk {
    /// Show what a file of rows would change, without changing anything
    Plan(Box<PlanFile>),
    /// Apply a plan, or resume the run of a journal that exists already
    Apply(ApplyPlan),
    /// Resume a run from its journal
    Resume(Resume),
    /// Check which rows of a run are still in place, and keep the result in the journal for its report
    Verify {
        /// The journal
        journal: PathBuf,
        /// How long to read rows changed in the last ten minutes until the change is visible
        #[arg(long, value_parser = duration, value_name = "TIME", default_value = "30s")]
        wait: Duration,
    },
    /// Create a plan that reverts a run
    Undo(Undo),
    /// Export the current state as a file of rows
    Export(Export),
    /// Show the progress of a run (offline)
    Status {
        /// The journal
        journal: PathBuf,
    },
    /// Write the report of a run as a page, a table, a workbook or records (offline)
    Report(WriteReport),
}

/// The format of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FileFormat {
    /// Comma-separated values, also with semicolons or tabs
    Csv,
    /// A workbook of Excel 2007 or later
    Xlsx,
    /// One JSON object a line
    Jsonl,
}

/// The treatment of hidden rows and columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum HiddenParts {
    /// Read it like the rest
    Include,
    /// Leave it out
    Skip,
}

/// How a file of rows is read.
#[derive(Debug, clap::Args)]
pub(crate) struct Reading {
    /// Format of the file [default: detected from its content]
    #[arg(long, value_enum, value_name = "KIND")]
    pub(crate) format: Option<FileFormat>,
    /// Sheet of a workbook, by name [default: the first]
    #[arg(long, value_name = "NAME")]
    pub(crate) sheet: Option<String>,
    /// Include or skip rows and columns that a workbook hides, by hand or by a filter; without it such a workbook is refused
    #[arg(long, value_enum, value_name = "CHOICE")]
    pub(crate) hidden: Option<HiddenParts>,
    /// Country of numbers that are written without a plus; without it they are refused
    #[arg(long, value_name = "XX", value_parser = numbering)]
    pub(crate) country: Option<trunkline::Country>,
    /// Separator of the values of CSV [default: detected from the header]
    #[arg(long, value_name = "CHARACTER", value_parser = delimiter)]
    pub(crate) delimiter: Option<u8>,
    /// Action of rows that name none, such as assign
    #[arg(long, value_name = "ACTION", value_parser = action)]
    pub(crate) action: Option<trunkline::Action>,
    /// Heading that the file gives a field, such as user=Mail; may be repeated
    #[arg(long, value_name = "FIELD=HEADING", value_parser = column)]
    pub(crate) column: Vec<(Column, String)>,
    /// File of names of emergency locations, so that rows may name a site: an export of Get-CsOnlineLisLocation, or name and
    /// locationId
    #[arg(long, value_name = "FILE")]
    pub(crate) locations: Option<PathBuf>,
    /// Keep --column, --locations and --country of this command in the profile, so that later commands need not name them
    #[arg(long)]
    pub(crate) keep: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct PlanFile {
    /// CSV, XLSX or JSONL; - reads standard input
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) reading: Reading,
    /// Release the number a person has, when a row gives them another of the same category
    #[arg(long)]
    pub(crate) replace: bool,
    /// Also take main numbers from their holders, although there are numbers with an extension of them
    #[arg(long)]
    pub(crate) base: bool,
    /// Plan the rows that can be read although others cannot
    #[arg(long)]
    pub(crate) skip_unreadable: bool,
    /// Give rows whose number lacks its plus the number of the tenant with exactly these digits
    #[arg(long)]
    pub(crate) accept_suggestions: bool,
    /// Show every problem of the file, not only its causes
    #[arg(long)]
    pub(crate) details: bool,
    #[command(flatten)]
    pub(crate) picking: Picking,
    /// Write the plan to this file, for apply; without it nothing is written
    #[arg(long, value_name = "PLAN")]
    pub(crate) save: Option<PathBuf>,
    /// Write the plan as one page to look at, which loads nothing and sends nothing
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,
    /// Write the rows that cannot be read, with the reason, to this .xlsx or .csv: correct them there and plan that file
    #[arg(long, value_name = "FILE")]
    pub(crate) unreadable: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Undo {
    /// The journal
    pub(crate) journal: PathBuf,
    /// Write the plan of the way back to this file, for apply; without it nothing is written
    #[arg(long, value_name = "PLAN")]
    pub(crate) save: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Export {
    /// The file, whose name ends with .csv, .xlsx or .jsonl; - writes standard output
    #[arg(default_value = "-")]
    pub(crate) file: PathBuf,
    /// Also the phone methods of every user
    #[arg(long)]
    pub(crate) phones: bool,
    /// Also the Teams policies that are assigned to users directly
    #[arg(long)]
    pub(crate) policies: bool,
    /// Put an apostrophe before numbers, so that a spreadsheet keeps their plus
    #[arg(long)]
    pub(crate) for_spreadsheet: bool,
}

/// Where numbers come from for rows that leave theirs open.
#[derive(Debug, clap::Args)]
pub(crate) struct Picking {
    /// Give assignments whose number is empty the next free one of the inventory; the options below say of which
    #[arg(long)]
    pub(crate) pick: bool,
    /// Only numbers of this country, by its two letters
    #[arg(long, value_name = "XX", value_parser = country, requires = "pick")]
    pub(crate) pick_country: Option<String>,
    /// Only numbers of this city, in any case
    #[arg(long, value_name = "CITY", requires = "pick")]
    pub(crate) pick_city: Option<String>,
    /// Only numbers that begin so, such as +1206
    #[arg(long, value_name = "DIGITS", requires = "pick")]
    pub(crate) pick_prefix: Option<String>,
    /// Only numbers from this one on
    #[arg(long, value_name = "NUMBER", requires = "pick")]
    pub(crate) pick_from: Option<String>,
    /// Only numbers up to this one
    #[arg(long, value_name = "NUMBER", requires = "pick")]
    pub(crate) pick_to: Option<String>,
    /// Only numbers of this provider
    #[arg(long, value_name = "TYPE", value_parser = one_of(&TYPES), ignore_case = true, requires = "pick")]
    pub(crate) pick_number_type: Option<String>,
    /// Only numbers with this capability [default: userAssignment]
    #[arg(long, value_name = "CAPABILITY", requires = "pick")]
    pub(crate) pick_capability: Option<String>,
    /// Leave alone what another journal reserved or has in quarantine; may be repeated
    #[arg(long, value_name = "JOURNAL", requires = "pick")]
    pub(crate) pick_respects: Vec<PathBuf>,
}

/// How a plan is carried out.
#[derive(Debug, clap::Args)]
pub(crate) struct Applying {
    /// How many steps are carried out at once, without those that wait for an order [default: 64]
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) in_flight: Option<u16>,
    /// How long the run may take; then nothing more is begun, and resume goes on
    #[arg(long, value_parser = duration, value_name = "TIME")]
    pub(crate) timeout: Option<Duration>,
    /// How long one order may take before its row ends as pending [default: 10m]
    #[arg(long, value_parser = duration, value_name = "TIME")]
    pub(crate) order_timeout: Option<Duration>,
    /// How long a row is tried again while the service throttles, fails or is out of reach; then it is left open [default: 10m]
    #[arg(long, value_parser = duration, value_name = "TIME")]
    pub(crate) patience: Option<Duration>,
    /// How long a change whose answer was lost has to be seen undone before it is sent once more [default: 2m]
    #[arg(long, value_parser = duration, value_name = "TIME", conflicts_with = "no_repeat")]
    pub(crate) proof: Option<Duration>,
    /// Never send a change again whose answer was lost; its row ends as unknown
    #[arg(long)]
    pub(crate) no_repeat: bool,
    /// How long a released number is kept from being picked again, such as 720h
    #[arg(long, value_parser = duration, value_name = "TIME")]
    pub(crate) quarantine: Option<Duration>,
    /// Go on taking numbers from their holders although one that was taken could not be given
    #[arg(long)]
    pub(crate) release_brake: bool,
    /// Carry out these rows only, such as 2-40,55; the others stay open, and resume goes on with them
    #[arg(long, value_name = "ROWS", value_parser = rows)]
    pub(crate) rows: Option<trunkline_bulk::RowRanges>,
    /// Carry out rows with this action only, such as assign; may be repeated
    #[arg(long, value_name = "ACTION", value_parser = action)]
    pub(crate) only: Vec<trunkline::Action>,
    /// Carry out so many rows that change something, in the order of the file
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) limit: Option<u64>,
    /// Requests a second at most, whatever they are [default: the documented limits of each kind]
    #[arg(long, value_name = "COUNT", value_parser = rate, conflicts_with = "unlimited")]
    pub(crate) pace: Option<f64>,
    /// Keep no limit but what the service answers; it will answer 429
    #[arg(long)]
    pub(crate) unlimited: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ApplyPlan {
    /// The plan, as `bulk plan --save` wrote it
    pub(crate) plan: PathBuf,
    /// The journal [default: the plan with the ending .journal]
    #[arg(long, value_name = "FILE")]
    pub(crate) journal: Option<PathBuf>,
    /// Apply without a question; needed where there is no terminal to ask on
    #[arg(long, short)]
    pub(crate) yes: bool,
    #[command(flatten)]
    pub(crate) applying: Applying,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Resume {
    /// The journal
    pub(crate) journal: PathBuf,
    /// Carry out the rows that every earlier run left out, and ask nothing
    #[arg(long, short)]
    pub(crate) yes: bool,
    #[command(flatten)]
    pub(crate) applying: Applying,
}

#[derive(Debug, clap::Args)]
#[command(group(clap::ArgGroup::new("form").required(true).multiple(true)))]
pub(crate) struct WriteReport {
    /// The journal
    pub(crate) journal: PathBuf,
    /// Write one page to look at, which loads nothing and sends nothing
    #[arg(long, value_name = "FILE", group = "form")]
    pub(crate) html: Option<PathBuf>,
    /// Write a table that a spreadsheet opens without harm; - writes standard output
    #[arg(long, value_name = "FILE", group = "form")]
    pub(crate) csv: Option<PathBuf>,
    /// Write the table as a workbook, whose cells are text
    #[arg(long, value_name = "FILE", group = "form")]
    pub(crate) xlsx: Option<PathBuf>,
    /// Write the record, one JSON object a line; - writes standard output
    #[arg(long, value_name = "FILE", group = "form")]
    pub(crate) jsonl: Option<PathBuf>,
    /// Mask numbers and names, for tickets and mails
    #[arg(long)]
    pub(crate) masked: bool,
}

fn rows(text: &str) -> Result<trunkline_bulk::RowRanges, String> {
    text.parse::<trunkline_bulk::RowRanges>()
        .map_err(|error| format!("{}. {}", error.what(), error.next_step()))
}

fn rate(text: &str) -> Result<f64, String> {
    match text.trim().parse::<f64>() {
        Ok(rate) if rate.is_finite() && rate > 0.0 => Ok(rate),
        _ => Err("a rate is a number above 0, such as 10 or 0.5".to_owned()),
    }
}

fn delimiter(text: &str) -> Result<u8, String> {
    match (text, text.as_bytes()) {
        ("tab" | "\\t", _) => Ok(b'\t'),
        (_, [one]) => Ok(*one),
        _ => Err("a delimiter is one character, such as ; or the word tab".to_owned()),
    }
}

/// `user=Mail`.
pub(super) fn column(text: &str) -> Result<(Column, String), String> {
    let Some((field, heading)) = text.split_once('=') else {
        return Err("write the field, an equals sign and the heading, such as user=Mail".to_owned());
    };
    match Column::from_name(field.trim()) {
        Some(column) => Ok((column, heading.trim().to_owned())),
        None => {
            let known: Vec<_> = Column::ALL.into_iter().map(Column::name).collect();
            Err(format!("there is no such field; use one of {}", known.join(", ")))
        }
    }
}

fn action(text: &str) -> Result<trunkline::Action, String> {
    use trunkline::Action;
    trunkline_bulk::input::action_from_name(text).ok_or_else(|| {
        let known: Vec<_> = Action::ALL.into_iter().map(Action::name).collect();
        format!("there is no such action; use one of {}", known.join(", "))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_and_delimiters_are_read_strictly() {
        for (text, expected) in [
            ("10", Some(10.0)),
            ("0.5", Some(0.5)),
            ("0", None),
            ("-1", None),
            ("inf", None),
            ("x", None),
        ] {
            assert_eq!(rate(text).ok(), expected, "{text}");
        }
        for (text, expected) in [
            (";", Some(b';')),
            ("tab", Some(b'\t')),
            ("\\t", Some(b'\t')),
            (";;", None),
            ("", None),
        ] {
            assert_eq!(delimiter(text).ok(), expected, "{text}");
        }
    }

    #[test]
    fn fields_are_named_with_their_headings() {
        for (text, expected) in [
            ("user=Mail", Some((Column::User, "Mail"))),
            (
                "number-type = Kind = of number",
                Some((Column::NumberType, "Kind = of number")),
            ),
            ("user", None),
            ("upn=Mail", None),
        ] {
            let expected = expected.map(|(field, heading)| (field, heading.to_owned()));
            assert_eq!(column(text).ok(), expected, "{text}");
        }
    }
}
