//! Finds the header among the first rows of a file, and says which column stands where.
//!
//! People write a title, a date or instructions above their table, and programs a line with a type. A row is the header when its
//! headings say what the rows below do; a row that holds a person and a number is one of these rows, never a header.

use std::borrow::Cow;

use trunkline::Action;

use super::column::same_word;
use super::problem::shown;
use super::spreadsheet::within_guard;
use super::user::is_user;
use super::{Column, InputError, InputOptions, number};
use crate::action::needs;

/// Rows that are examined, blank ones not counted.
const EXAMINED: usize = 20;

/// Headings of a location's name, which are read only with a file of names.
const SITES: [&str; 4] = ["site", "siteName", "standort", "standortname"];

/// The change of rows that do not name it themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RowMeaning {
    /// Each names its action.
    Named,
    /// This.
    Action(Action),
    /// They set the phones of their columns.
    Phones,
}

/// A row read as a header: the columns and the meaning of its headings.
#[derive(Debug)]
pub(super) struct Header {
    /// By place, the column that a heading means.
    pub(super) columns: Vec<Option<Column>>,
    /// The change of the rows below, if the headings say it.
    pub(super) meaning: Option<RowMeaning>,
    /// How many columns are known.
    known: usize,
    /// Whether each heading of the options is there.
    has_named: bool,
}

impl Header {
    /// Reads a row as a header.
    pub(super) fn of(headings: &[impl AsRef<str>], options: &InputOptions) -> Self {
        let options = with_usual_columns(headings, options);
        let options = options.as_ref();
        let mut columns: Vec<Option<Column>> = headings
            .iter()
            .map(|heading| column_of(heading.as_ref(), options))
            .collect();
        let is_named = |column: Column| options.columns.iter().any(|(named, _)| *named == column);
        if options.locations.is_some() && !is_named(Column::Location) && !columns.contains(&Some(Column::Location)) {
            for (column, heading) in columns.iter_mut().zip(headings) {
                *column = column.or(is_site(heading.as_ref()).then_some(Column::Location));
            }
        }
        let keeps_phones = has_phones(&columns, options);
        for column in columns.iter_mut() {
            let leaves = match *column {
                Some(known) if known.role().is_some() => !keeps_phones,
                Some(Column::User | Column::Action) | None => false,
                Some(known) => keeps_phones && !is_named(known),
            };
            if leaves {
                *column = None;
            }
        }
        let named = |(column, heading): &(Column, String)| {
            let place = headings
                .iter()
                .position(|found| same_word(heading, bare(found.as_ref())));
            place.is_some_and(|place| columns[place] == Some(*column))
        };
        Self {
            meaning: meaning(&columns, options),
            known: Column::ALL
                .into_iter()
                .filter(|column| columns.contains(&Some(*column)))
                .count(),
            has_named: options.columns.iter().all(named),
            columns,
        }
    }

    /// How well the row serves as the header; `None`: it is none.
    fn rank(&self) -> Option<(bool, bool, usize)> {
        (self.known > 0).then_some((self.has_named, self.meaning.is_some(), self.known))
    }
}

/// The options for a file with these headings: its usual columns are named ones.
pub(super) fn with_usual_columns<'o>(headings: &[impl AsRef<str>], options: &'o InputOptions) -> Cow<'o, InputOptions> {
    let is_there = |heading: &str| headings.iter().any(|found| same_word(heading, bare(found.as_ref())));
    let is_named = |column: &Column| options.columns.iter().any(|(named, _)| named == column);
    let mut usual = options
        .usual_columns
        .iter()
        .filter(|(column, heading)| !is_named(column) && is_there(heading))
        .peekable();
    if usual.peek().is_none() {
        return Cow::Borrowed(options);
    }
    Cow::Owned(InputOptions {
        columns: options.columns.iter().chain(usual).cloned().collect(),
        ..options.clone()
    })
}

/// Whether a heading is that of the name of a location.
pub(super) fn is_site(heading: &str) -> bool {
    SITES.iter().any(|site| same_word(site, bare(heading)))
}

/// A heading without what guards it.
pub(super) fn bare(heading: &str) -> &str {
    within_guard(heading.trim(), false).0
}

/// The column of a heading: as the options name it, else as it is known.
pub(super) fn column_of(heading: &str, options: &InputOptions) -> Option<Column> {
    let heading = bare(heading);
    let mut named = options.columns.iter();
    if let Some((column, _)) = named.find(|(_, own)| same_word(own, heading)) {
        return Some(*column);
    }
    // A column that the options name is read under that heading alone.
    let is_free = |column: &Column| !options.columns.iter().any(|(named, _)| named == column);
    Column::from_heading(heading).filter(is_free)
}

/// Whether each row has the phones of a person, in a column for each role.
fn has_phones(columns: &[Option<Column>], options: &InputOptions) -> bool {
    let has = |column| columns.contains(&Some(column));
    let roles = || columns.iter().flatten().filter(|column| column.role().is_some());
    let is_named = options.columns.iter().any(|(column, _)| column.role().is_some());
    let others = [
        Column::Action,
        Column::Number,
        Column::Role,
        Column::SmsSignIn,
        Column::PolicyType,
    ];
    has(Column::User)
        && roles().next().is_some()
        && matches!(options.action, None | Some(Action::SetPhone))
        && (is_named || !others.into_iter().any(has))
}

/// The change that rows of these columns make; `None`: nothing that would be clear.
fn meaning(columns: &[Option<Column>], options: &InputOptions) -> Option<RowMeaning> {
    let has = |column| columns.contains(&Some(column));
    if columns.iter().flatten().any(|column| column.role().is_some()) {
        return Some(RowMeaning::Phones);
    }
    if let Some(action) = options.action {
        let needed = |column: &Column| needs(action, *column, options.pick) == Some(true);
        let is_whole = Column::ALL.into_iter().filter(needed).all(has);
        return is_whole.then_some(RowMeaning::Action(action));
    }
    if has(Column::Action) {
        return (has(Column::Number) || has(Column::User)).then_some(RowMeaning::Named);
    }
    let others = [Column::Role, Column::SmsSignIn, Column::PolicyType];
    let is_assignment = (has(Column::Number) || options.pick) && has(Column::User) && !others.into_iter().any(has);
    is_assignment.then_some(RowMeaning::Action(Action::Assign))
}

/// The search for the header, row by row.
#[derive(Debug, Default)]
pub(super) struct HeaderSearch {
    examined: usize,
    /// The best row so far: its position among those that were examined, and how well it serves.
    best: Option<(usize, (bool, bool, usize))>,
    /// Cells of the first row that is not blank.
    first: Option<String>,
    /// How many cells the first row has, blank or not.
    width: Option<usize>,
}

/// The row that a search found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct FoundHeader {
    rank: (bool, bool, usize),
    /// How many rows that are not blank stand above it.
    pub(super) above: usize,
}

impl FoundHeader {
    /// How well the row serves as the header; a greater one serves better.
    pub(super) fn rank(self) -> (bool, bool, usize) {
        self.rank
    }
}

impl HeaderSearch {
    /// Examines a row that is not blank. True: the search is over.
    pub(super) fn examine(&mut self, cells: &[Cow<'_, str>], options: &InputOptions) -> bool {
        let place = self.examined;
        self.examined += 1;
        self.first.get_or_insert_with(|| list(cells));
        let (has_user, has_number) = holdings(cells);
        if !has_user && !has_number {
            let rank = Header::of(cells, options).rank();
            if let Some(rank) = rank.filter(|rank| self.best.is_none_or(|(_, best)| *rank > best)) {
                self.best = Some((place, rank));
            }
        }
        has_user && has_number || self.examined >= EXAMINED
    }

    /// The header, when no further row is examined.
    pub(super) fn found(&self) -> Option<FoundHeader> {
        self.best.map(|(above, rank)| FoundHeader { rank, above })
    }

    /// The refusal of a file in which no header was found.
    pub(super) fn refusal(self) -> InputError {
        match self.first {
            None => InputError::Empty,
            Some(found) => InputError::NoKnownColumn { found },
        }
    }

    /// Notes how many cells a row has: that of the first row tells separators apart where no header does.
    pub(super) fn note_width(&mut self, width: usize) {
        self.width.get_or_insert(width);
    }

    /// How many cells the first row has.
    pub(super) fn width(&self) -> usize {
        self.width.unwrap_or_default()
    }
}

/// Whether a row names a person, and whether it has a telephone number.
fn holdings(cells: &[Cow<'_, str>]) -> (bool, bool) {
    let texts = || cells.iter().map(|cell| within_guard(cell.trim(), true).0);
    let has_number = |text: &str| {
        let digits = text.bytes().filter(u8::is_ascii_digit).count();
        let is_bare = (7..=15).contains(&digits) && digits == text.len();
        is_bare || text.starts_with(['+', 't', 'T', '(']) && number::read(text, None).is_ok()
    };
    (texts().any(is_user), texts().any(has_number))
}

/// Checks the headings that the options name, before anything is read.
///
/// # Errors
///
/// When a column has two of them, or two columns have one.
pub(super) fn check_named(options: &InputOptions) -> Result<(), InputError> {
    for (index, (column, heading)) in options.columns.iter().enumerate() {
        if heading.trim().is_empty() {
            return Err(InputError::BadMapping(format!("the heading for {column} is empty")));
        }
        for (other, known) in &options.columns[..index] {
            if other == column {
                let (known, heading) = (shown(known), shown(heading));
                let what = format!("{column} is given two headings, {known:?} and {heading:?}");
                return Err(InputError::BadMapping(what));
            }
            if same_word(known, bare(heading)) {
                let what = format!(
                    "the heading {:?} is given to two columns, {other} and {column}",
                    shown(heading)
                );
                return Err(InputError::BadMapping(what));
            }
        }
    }
    Ok(())
}

/// The refusal of a header that lacks a heading of the options.
pub(super) fn missing_heading(headings: &[impl AsRef<str>], options: &InputOptions) -> Option<InputError> {
    let is_there = |heading: &str| headings.iter().any(|found| same_word(heading, bare(found.as_ref())));
    let (column, heading) = options.columns.iter().find(|(_, heading)| !is_there(heading))?;
    Some(InputError::NoHeading {
        column: *column,
        heading: shown(heading),
        found: list(headings),
    })
}

/// The headings, as a sentence has them: the first of very many, without empty ones.
pub(super) fn list(headings: &[impl AsRef<str>]) -> String {
    const NAMED: usize = 24;
    let mut named = headings
        .iter()
        .map(|heading| heading.as_ref().trim())
        .filter(|heading| !heading.is_empty());
    let mut found: Vec<String> = named.by_ref().take(NAMED).map(shown).collect();
    found.extend(named.next().map(|_| "…".to_owned()));
    found.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header_of(rows: &[&str], options: &InputOptions) -> Option<usize> {
        let mut search = HeaderSearch::default();
        for row in rows {
            let cells: Vec<Cow<'_, str>> = row.split(',').map(Cow::Borrowed).collect();
            if search.examine(&cells, options) {
                break;
            }
        }
        search.found().map(|found| found.above)
    }

    #[test]
    fn the_header_is_the_row_that_says_what_the_others_do() {
        let data = "+12065550100,ana@contoso.example,mobile";
        for (rows, expected) in [
            (vec!["number,user", data], Some(0)),
            (
                vec!["Number block for order 4711", "Phone number,User,Location", data],
                Some(1),
            ),
            // A title of one word that is a heading, too.
            (vec!["Phone", "Site,UPN,Phone number", data], Some(1)),
            (
                vec!["#TYPE Selected.PhoneNumber", "TelephoneNumber,UserPrincipalName"],
                Some(1),
            ),
            // A header that is repeated.
            (vec!["number,user", "number,user", data], Some(0)),
            // A row of data is no header, whatever words it has.
            (vec![data, "number,user"], None),
            (vec!["12065550100,ana@contoso.example", "number,user"], None),
            (vec!["smsSignIn,ana@contoso.example,enabled"], None),
            // Somebody to ask, above the header.
            (vec!["Questions,helpdesk@contoso.example", "number,user", data], Some(1)),
            (vec!["mobile", "office"], None),
            (vec!["UPN,Mobile,Office", "ana@contoso.example,+12065550100,"], Some(0)),
            (vec!["city,UPN", data], Some(0)),
        ] {
            assert_eq!(header_of(&rows, &InputOptions::default()), expected, "{rows:?}");
        }
        let instructions: Vec<&str> = std::iter::repeat_n("text", EXAMINED).chain(["number,user"]).collect();
        assert_eq!(header_of(&instructions, &InputOptions::default()), None);
        assert_eq!(
            header_of(&instructions[1..], &InputOptions::default()),
            Some(EXAMINED - 1)
        );
    }

    #[test]
    fn a_heading_of_the_options_counts_before_others() {
        let options = InputOptions::default().column(Column::User, "Work Mail");
        let header = Header::of(&["UPN", "work_mail", "phone"], &options);
        assert_eq!(header.columns, [None, Some(Column::User), Some(Column::Number)]);
        let rows = ["UPN,phone", "UPN,Work mail,phone"];
        assert_eq!(header_of(&rows, &options), Some(1));
        let phones = InputOptions::default().column(Column::Mobile, "Phone");
        let header = Header::of(&["UPN", "Phone", "Rufnummer"], &phones);
        assert_eq!(header.columns, [Some(Column::User), Some(Column::Mobile), None]);
        assert_eq!(header.meaning, Some(RowMeaning::Phones));
    }

    #[test]
    fn sites_are_locations_only_with_names_of_locations() {
        let mut options = InputOptions::default();
        assert_eq!(Header::of(&["Site"], &options).columns, [None]);
        options.locations = Some("names.csv".into());
        assert_eq!(Header::of(&["Site"], &options).columns, [Some(Column::Location)]);
        let both = Header::of(&["Site", "LocationId"], &options);
        assert_eq!(both.columns, [None, Some(Column::Location)]);
    }

    #[test]
    fn headings_of_the_options_are_one_for_each_column() {
        let options = |pairs: &[(Column, &str)]| {
            let mut options = InputOptions::default();
            for (column, heading) in pairs {
                options = options.column(*column, *heading);
            }
            options
        };
        assert!(check_named(&options(&[(Column::User, "Mail"), (Column::Number, "Phone")])).is_ok());
        for pairs in [
            [(Column::User, "Mail"), (Column::User, "UPN")],
            [(Column::User, "Mail"), (Column::Number, "m_ail")],
            [(Column::User, " "), (Column::Number, "Phone")],
        ] {
            assert!(matches!(check_named(&options(&pairs)), Err(InputError::BadMapping(_))));
        }
    }
}
