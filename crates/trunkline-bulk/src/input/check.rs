//! Checks the cells of a row and makes its change. Every problem names its cell.

mod location;
mod numbers;
mod phone_columns;
mod phones;
mod values;
mod words;

use trunkline::phones::PhoneRole;
use trunkline::policies::{self, PolicyType};
use trunkline::{Action, Change, Person};

use self::phone_columns::PhoneColumns;
use self::values::Values;
use self::words::{CATEGORIES, NUMBER_TYPES, SWITCH, choices, word};
use super::cell::{Cell, Cells, blemish};
use super::duplicates::Duplicates;
use super::locations::Locations;
use super::number::Form;
use super::problem::{Problem, Problems};
use super::problem_kind::{ProblemKind, Severity};
use super::row::{Row, UnreadableRow, action_from_name};
use super::source::SourceRows;
use super::spreadsheet::{Guard, within_guard};
use super::suggestion::Candidate;
use super::user::is_user;
use super::{Column, InputError, InputOptions};
use crate::action::needs;

/// The longest text of a cell that is read.
const LONGEST_TEXT: usize = 256;

/// The action of a row that names none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unnamed {
    /// It is wrong.
    Refused,
    /// This.
    Is(Action),
    /// It is an assignment if its cells are those of one.
    Reported,
    /// It sets each phone that stands in a column of its own.
    Phones,
}

/// Checks rows one by one, and keeps what is right about them.
pub(super) struct Checker<'o> {
    options: &'o InputOptions,
    locations: Option<&'o Locations>,
    unnamed: Unnamed,
    pub(super) rows: Vec<Row>,
    pub(super) unreadable: Vec<UnreadableRow>,
    pub(super) problems: Problems,
    /// Rows that lack nothing but the plus of their number.
    pub(super) candidates: Vec<Candidate>,
    /// The problem of the present row's number, when a number can be suggested for it.
    doubtful: Option<Problem>,
    phones: PhoneColumns,
    pub(super) source: SourceRows,
    duplicates: Duplicates,
    /// The first row in which numbers are written this way: numbers of Teams, and numbers of phone methods.
    forms: [[Option<u32>; Form::COUNT]; 2],
    /// Rows that were not blank.
    seen: u32,
    /// The first error of the row that is being checked.
    first_error: Option<ProblemKind>,
    assumed: bool,
    /// Whether cells may have the apostrophe that keeps spreadsheets from calculating them.
    guarded: bool,
    /// Number of cells with each guard, and the first of them.
    guards: [Guarded; Guard::ALL.len()],
}

/// Cells with one kind of guard.
#[derive(Debug, Default, Clone, Copy)]
struct Guarded {
    count: u32,
    first: Option<(u32, Column)>,
}

/// Marks a cell that was found wrong, and of which that was said.
struct Wrong;

type Checked<T> = Result<T, Wrong>;

impl<'o> Checker<'o> {
    pub(super) fn new(options: &'o InputOptions, locations: Option<&'o Locations>) -> Self {
        Self {
            options,
            locations,
            unnamed: options.action.map_or(Unnamed::Refused, Unnamed::Is),
            rows: Vec::new(),
            unreadable: Vec::new(),
            problems: Problems::new(options.limits.problems),
            candidates: Vec::new(),
            doubtful: None,
            phones: PhoneColumns::default(),
            source: SourceRows::new(options.keep_unreadable),
            duplicates: Duplicates::default(),
            forms: [[None; Form::COUNT]; 2],
            seen: 0,
            first_error: None,
            assumed: false,
            guarded: true,
            guards: [Guarded::default(); Guard::ALL.len()],
        }
    }

    /// The action of rows that name none.
    pub(super) fn set_unnamed(&mut self, unnamed: Unnamed) {
        self.unnamed = unnamed;
    }

    /// Reads values unchanged: no spreadsheet reads JSON, so it has no guards.
    pub(super) fn take_as_written(&mut self) {
        self.guarded = false;
    }

    /// The names of locations, for another checker of the same file.
    pub(super) fn locations(&self) -> Option<&'o Locations> {
        self.locations
    }

    /// Rows that were not blank.
    pub(super) fn seen(&self) -> u32 {
        self.seen
    }

    /// Reports a problem of the row as a whole.
    pub(super) fn complain(&mut self, kind: ProblemKind, line: u32) {
        self.problems.add(Problem::new(kind, line));
    }

    /// Counts a row that could not even be taken apart; `cells` are those that could.
    pub(super) fn refuse(&mut self, problem: Problem, cells: &Cells<'_>) -> Result<(), InputError> {
        self.count()?;
        let (kind, line) = (problem.kind, problem.row);
        self.problems.add(problem);
        self.keep_unreadable(line, kind, cells);
        Ok(())
    }

    /// Keeps a row that cannot be read, so that plans and journals have it, with what names it for people.
    fn keep_unreadable(&mut self, line: u32, kind: ProblemKind, cells: &Cells<'_>) {
        self.unreadable.push(unreadable(line, kind, cells));
    }

    /// Notes, once, that rows are taken for assignments.
    pub(super) fn assume_assignments(&mut self, line: u32) {
        if !self.assumed {
            self.assumed = true;
            self.complain(ProblemKind::ActionAssumed, line);
        }
    }

    /// Number of rows that can be read, and of those that cannot, for [`keeps_source_since`](Self::keeps_source_since).
    pub(super) fn counts(&self) -> (usize, usize) {
        (self.rows.len(), self.unreadable.len())
    }

    /// Whether to keep the cells of a row that was checked since then: it cannot be read, or that is not certain yet.
    pub(super) fn keeps_source_since(&self, (rows, unreadable): (usize, usize)) -> bool {
        self.source.is_kept() && (self.unreadable.len() > unreadable || self.rows.len() == rows)
    }

    fn count(&mut self) -> Result<(), InputError> {
        if self.seen >= self.options.limits.rows {
            return Err(InputError::TooLarge {
                limit: u64::from(self.options.limits.rows),
                unit: "rows",
            });
        }
        self.seen += 1;
        Ok(())
    }

    /// Checks a row and keeps it, or says what is wrong with it. Blank rows are passed over.
    pub(super) fn row(&mut self, line: u32, cells: &Cells<'_>) -> Result<(), InputError> {
        if cells.are_blank() {
            return Ok(());
        }
        if self.unnamed == Unnamed::Phones {
            return self.phones_of(line, cells);
        }
        self.count()?;
        self.first_error = None;
        let change = self
            .action(line, cells)
            .and_then(|action| self.change(line, action, cells));
        self.end(line, change, cells);
        Ok(())
    }

    /// Keeps a row, or what names one that is wrong.
    fn end(&mut self, row: u32, change: Checked<Change>, cells: &Cells<'_>) {
        match (change, self.doubtful.take()) {
            (Ok(change), None) => self.keep(Row { row, change }),
            (Ok(change), Some(problem)) => {
                let unreadable = unreadable(row, problem.kind, cells);
                let text = cells.get(Column::Number).shortened().into_owned();
                self.candidates
                    .push(Candidate::new(Row { row, change }, problem, unreadable, text));
            }
            (Err(Wrong), doubtful) => {
                let kind = self.first_error.unwrap_or(ProblemKind::WrongKind);
                if let Some(problem) = doubtful {
                    self.problems.add(problem);
                }
                self.keep_unreadable(row, kind, cells);
            }
        }
    }

    /// Keeps a row unless it contradicts another.
    fn keep(&mut self, row: Row) {
        let Err((kind, earlier)) = self.duplicates.claim(&self.rows, &row) else {
            self.rows.push(row);
            return;
        };
        let line = self.phones.line_of(row.row);
        let what = format!("{} (row {})", kind.what(), self.phones.line_of(earlier));
        self.problems.add(Problem::new(kind, line).saying(what));
        if kind.severity() == Severity::Error {
            let number = row.change.number().filter(|number| !number.is_empty());
            self.unreadable.push(UnreadableRow {
                row: row.row,
                number: number.map(str::to_owned),
                user: row.change.person().map(|user| user.name.clone()),
                kind,
            });
        }
    }

    fn action(&mut self, line: u32, cells: &Cells<'_>) -> Checked<Action> {
        let Some(text) = self.text(line, Column::Action, cells)? else {
            let filled = |column| !cells.get(column).is_blank();
            return match self.unnamed {
                Unnamed::Is(action) => Ok(action),
                Unnamed::Reported
                    if filled(Column::User)
                        && (filled(Column::Number) || self.options.pick)
                        && !filled(Column::Role)
                        && !filled(Column::SmsSignIn)
                        && !filled(Column::PolicyType) =>
                {
                    self.assume_assignments(line);
                    Ok(Action::Assign)
                }
                Unnamed::Phones => Ok(Action::SetPhone),
                _ => Err(self.wrong(ProblemKind::MissingAction, line, Column::Action, "")),
            };
        };
        action_from_name(text).ok_or_else(|| self.wrong(ProblemKind::UnknownAction, line, Column::Action, text))
    }

    /// The change, if every cell of the row is right. All cells are looked at before the row is given up.
    fn change(&mut self, line: u32, action: Action, cells: &Cells<'_>) -> Checked<Change> {
        let mut values = Values::default();
        let mut right = true;
        self.doubtful = None;
        for column in Column::ALL.into_iter().filter(|column| *column != Column::Action) {
            let Some(is_required) = needs(action, column, self.options.pick) else {
                if !cells.get(column).is_blank() {
                    let problem = Problem::new(ProblemKind::UnusedCell, line);
                    self.problems.add(problem.in_column(column));
                }
                continue;
            };
            right &= self.fill(line, action, column, is_required, cells, &mut values).is_ok();
        }
        let has_extension = values
            .number
            .as_ref()
            .is_some_and(|number| number.extension().is_some());
        if has_extension && values.role.is_some_and(|role| role != PhoneRole::Office) {
            let problem = self.of_cell(ProblemKind::MobileExtension, line, Column::Number);
            self.problems.add(problem);
        }
        values.into_change(action).filter(|_| right).ok_or(Wrong)
    }

    /// Reads one cell into the values of its row.
    fn fill(
        &mut self,
        line: u32,
        action: Action,
        column: Column,
        is_required: bool,
        cells: &Cells<'_>,
        values: &mut Values,
    ) -> Checked<()> {
        if (column, action) == (Column::Location, Action::SetLocation) && *cells.get(column) == Cell::Null {
            values.location = Some(None);
            return Ok(());
        }
        if let (Column::SmsSignIn, Cell::Truth(on)) = (column, cells.get(column)) {
            values.enabled = Some(*on);
            return Ok(());
        }
        if let (Column::Number, Cell::Number(stored) | Cell::NumberWithPlus(stored)) = (column, cells.get(column)) {
            let has_plus = matches!(cells.get(column), Cell::NumberWithPlus(_));
            return self.stored_number(line, action, *stored, has_plus, values);
        }
        let text = match self.text(line, column, cells)? {
            Some(text) => text,
            None if is_required => {
                let what = format!("the cell is empty, but '{}' needs it", action.name());
                let problem = self.of_cell(ProblemKind::EmptyCell, line, column);
                return Err(self.report(problem.saying(what)));
            }
            None => return Ok(()),
        };
        let found = match column {
            Column::Action => Ok(()),
            Column::Number => return self.number(line, action, text, values),
            Column::Extension => return self.extension(line, text, values, cells),
            Column::User => user(text).map(|user| values.user = Some(user)),
            Column::Location => return self.location(line, action, text, values),
            Column::Category => {
                word(text, &CATEGORIES.map(|name| (name, name))).map(|category| values.category = Some(category))
            }
            Column::NumberType => {
                word(text, &NUMBER_TYPES.map(|name| (name, name))).map(|provider| values.number_type = Some(provider))
            }
            Column::Role => {
                word(text, &PhoneRole::ALL.map(|role| (role.name(), role))).map(|role| values.role = Some(role))
            }
            Column::SmsSignIn => word(text, &SWITCH).map(|on| values.enabled = Some(on)),
            Column::PolicyType => PolicyType::named(text)
                .map(|kind| values.policy_type = Some(kind.to_string()))
                .map_err(|_| ProblemKind::EmptyCell),
            Column::Policy => {
                values.policy = Some(policies::bare_name(text).to_owned());
                Ok(())
            }
            // Their cells are read as the number of a row.
            Column::Mobile | Column::AlternateMobile | Column::Office => Ok(()),
        };
        found.map_err(|kind| match (kind, choices(column)) {
            (ProblemKind::UnknownWord, Some(choices)) => {
                let problem = self.of_cell(kind, line, column).value(text);
                self.report(problem.advising(Some(format!("Use {choices}").into())))
            }
            _ => self.wrong(kind, line, column, text),
        })
    }

    fn wrong(&mut self, kind: ProblemKind, line: u32, column: Column, text: &str) -> Wrong {
        let problem = self.of_cell(kind, line, column);
        self.report(if text.is_empty() { problem } else { problem.value(text) })
    }

    /// A problem of a cell. The number of a phone stands in the column of its role.
    fn of_cell(&self, kind: ProblemKind, line: u32, column: Column) -> Problem {
        Problem::new(kind, line).in_column(self.phones.place_of(column))
    }

    /// Says what is wrong with a cell.
    fn report(&mut self, problem: Problem) -> Wrong {
        self.first_error.get_or_insert(problem.kind);
        self.problems.add(problem);
        Wrong
    }

    /// The text of a cell without blanks around it; none if there is none.
    fn text<'c>(&mut self, line: u32, column: Column, cells: &'c Cells<'_>) -> Checked<Option<&'c str>> {
        let text = match cells.get(column) {
            Cell::Empty | Cell::Null => return Ok(None),
            Cell::Text(text) => text,
            Cell::NotText => return Err(self.wrong(ProblemKind::NotText, line, column, "")),
            Cell::Number(number) if column == Column::Extension => {
                return Err(self.wrong(ProblemKind::ExtensionAsNumber, line, column, &number.to_string()));
            }
            // The number of a row was read before.
            Cell::Number(number) => {
                return Err(self.wrong(ProblemKind::StoredAsNumber, line, column, &number.to_string()));
            }
            Cell::NumberWithPlus(number) => {
                return Err(self.wrong(ProblemKind::PlusByFormat, line, column, &number.to_string()));
            }
            Cell::Formula => return Err(self.wrong(ProblemKind::Formula, line, column, "")),
            Cell::Truth(_) | Cell::Other => return Err(self.wrong(ProblemKind::WrongKind, line, column, "")),
        };
        let text = if self.guarded {
            let (text, guard) = within_guard(text, column == Column::User);
            if let Some(guard) = guard {
                self.note_guard(guard, line, column);
            }
            text
        } else {
            text.trim_matches(' ')
        };
        // Every reader of numbers leaves out what guards them.
        let text = match column {
            Column::Number => trunkline::telephone::unguarded(text),
            _ => text,
        };
        if text.is_empty() {
            return Ok(None);
        }
        match blemish(text) {
            None => {}
            Some(ProblemKind::NoBreakSpace) if column == Column::Number => {}
            Some(ProblemKind::NoBreakSpace) => return Err(self.wrong(ProblemKind::OddSpace, line, column, text)),
            Some(kind) => return Err(self.wrong(kind, line, column, text)),
        }
        if text.len() > LONGEST_TEXT {
            return Err(self.wrong(ProblemKind::TooLong, line, column, text));
        }
        Ok(Some(text))
    }

    /// Notes a cell whose text stands in a guard; the first of a kind is said at once, how many there are at the end.
    fn note_guard(&mut self, guard: Guard, line: u32, column: Column) {
        let column = self.phones.place_of(column);
        let guarded = &mut self.guards[guard as usize];
        guarded.count = guarded.count.saturating_add(1);
        if guarded.first.is_none() {
            guarded.first = Some((line, column));
            let what = format!("the text is in {}, which was removed", guard.words());
            let problem = self.of_cell(ProblemKind::GuardedText, line, column);
            self.problems.add(problem.saying(what));
        }
    }

    /// Reports numbers of one kind that are written in several ways.
    fn look_at(&mut self, forms: [Option<u32>; Form::COUNT]) {
        let used = |form: Form| forms[form as usize].is_some();
        let mut first: Vec<(u32, &str)> = Form::ALL
            .into_iter()
            .filter_map(|form| forms[form as usize].map(|line| (line, form.example())))
            .collect();
        first.sort_unstable();
        // A plus with and without an extension is one way of writing.
        let mixed =
            used(Form::TeamsExtension) && used(Form::MethodExtension) || used(Form::National) && first.len() > 1;
        if let (true, Some((line, _))) = (mixed, first.first()) {
            let kind = ProblemKind::MixedGrammars;
            let places: Vec<String> = first.iter().map(|(line, how)| format!("{how} in row {line}")).collect();
            let what = format!("{}: {}", kind.what(), places.join(", "));
            self.problems
                .add(Problem::new(kind, *line).in_column(Column::Number).saying(what));
        }
    }

    /// Reports the problems that show only after all rows.
    pub(super) fn finish(&mut self) {
        for forms in self.forms {
            self.look_at(forms);
        }
        for Guarded { count, first } in self.guards {
            if let (2.., Some((line, column))) = (count, first) {
                let more = format!("so in {count} cells");
                self.problems
                    .amend(ProblemKind::GuardedText, line, column.name(), &more);
            }
        }
        self.phones
            .number(&mut self.rows, &mut self.unreadable, &mut self.problems);
    }
}

/// A row that cannot be read, with the texts that name it for people.
fn unreadable(row: u32, kind: ProblemKind, cells: &Cells<'_>) -> UnreadableRow {
    let text = |column| {
        let text = cells.get(column).shortened();
        (!text.is_empty()).then(|| text.into_owned())
    };
    UnreadableRow {
        row,
        number: text(Column::Number),
        user: text(Column::User),
        kind,
    }
}

/// A principal name as it is written, or an object id in lower case.
fn user(text: &str) -> Result<Person, ProblemKind> {
    match text {
        _ if !is_user(text) => Err(ProblemKind::BadUser),
        _ if text.contains('@') => Ok(Person::named(text)),
        id => Ok(Person::named(id.to_ascii_lowercase())),
    }
}
