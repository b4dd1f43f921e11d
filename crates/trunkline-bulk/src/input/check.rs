//! From cells to a checked row: strict in values, and whatever is wrong is said of its cell.

mod numbers;

use trunkline::mask::is_guid;
use trunkline::phones::PhoneRole;

use super::cell::{Cell, Cells, blemish};
use super::column::same_word;
use super::duplicates::Duplicates;
use super::need::{Need, need};
use super::number::Form;
use super::problem::{Problem, ProblemKind, Problems, Severity};
use super::row::Action;
use super::spreadsheet::{Guard, within_guard};
use super::store::{Category, Interner, LONGEST_TEXT, Packed, PackedUnreadable, Provider, Store, Text, Verb};
use super::user::is_user;
use super::waiting::Waiting;
use super::{Column, InputError, InputOptions};

/// The action of a row that names none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unnamed {
    /// It is wrong.
    Refused,
    /// This.
    Is(Action),
    /// It is an assignment if its cells are those of one.
    Reported,
}

/// Checks rows one by one, and keeps what is right about them.
pub(super) struct Checker<'o> {
    options: &'o InputOptions,
    unnamed: Unnamed,
    pub(super) store: Store,
    pub(super) problems: Problems,
    interner: Interner,
    duplicates: Duplicates,
    waiting: Waiting,
    /// The first row in which numbers are written this way: numbers of Teams, and numbers of phone methods.
    forms: [[Option<u32>; Form::COUNT]; 2],
    /// The words of the row before: most rows repeat them.
    words: Words,
    /// Rows that were not blank.
    seen: u32,
    /// The first error of the row that is being checked.
    first_error: Option<ProblemKind>,
    assumed: bool,
    /// Whether cells may have the apostrophe that keeps spreadsheets from calculating them.
    guarded: bool,
    /// How many cells have each guard, and the first of them.
    guards: [Guarded; Guard::ALL.len()],
}

/// Cells with one kind of guard.
#[derive(Debug, Default, Clone, Copy)]
struct Guarded {
    count: u32,
    first: Option<(u32, Column)>,
}

#[derive(Default)]
struct Words {
    action: Option<(String, Action)>,
}

/// Marks a cell that was found wrong, and of which that was said.
struct Wrong;

type Checked<T> = Result<T, Wrong>;

impl<'o> Checker<'o> {
    pub(super) fn new(options: &'o InputOptions) -> Self {
        Self {
            options,
            unnamed: options.default_action.map_or(Unnamed::Refused, Unnamed::Is),
            store: Store::default(),
            problems: Problems::new(options.limits.problems),
            interner: Interner::default(),
            duplicates: Duplicates::default(),
            waiting: Waiting::default(),
            forms: [[None; Form::COUNT]; 2],
            words: Words::default(),
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

    /// Takes values as they are: no spreadsheet reads JSON, so nobody guards it.
    pub(super) fn take_as_written(&mut self) {
        self.guarded = false;
    }

    /// Rows that were not blank.
    pub(super) fn seen(&self) -> u32 {
        self.seen
    }

    /// Says something about a row as a whole.
    pub(super) fn complain(&mut self, kind: ProblemKind, line: u32) {
        self.problems.add(kind, || Problem::new(kind, line));
    }

    /// Counts a row that could not even be taken apart; `cells` are those that could.
    pub(super) fn refuse(&mut self, kind: ProblemKind, line: u32, cells: &Cells<'_>) -> Result<(), InputError> {
        self.refuse_with(Problem::new(kind, line), cells)
    }

    /// As [`refuse`](Self::refuse), with a problem that says more than its kind.
    pub(super) fn refuse_with(&mut self, problem: Problem, cells: &Cells<'_>) -> Result<(), InputError> {
        self.count()?;
        let (kind, line) = (problem.kind, problem.line);
        self.problems.add(kind, || problem);
        self.keep_unreadable(line, kind, cells)
    }

    /// Keeps a row that cannot be read, so that plans and journals have it, with what names it for people.
    fn keep_unreadable(&mut self, line: u32, kind: ProblemKind, cells: &Cells<'_>) -> Result<(), InputError> {
        let number = self.intern_cell(cells.get(Column::Number))?;
        let user = self.intern_cell(cells.get(Column::User))?;
        self.store.unreadable.push(PackedUnreadable {
            line,
            number,
            user,
            kind,
        });
        Ok(())
    }

    fn intern_cell(&mut self, cell: &Cell<'_>) -> Result<Text, InputError> {
        let text = cell.shortened();
        if text.is_empty() {
            return Ok(Text::NONE);
        }
        self.intern(&text)
    }

    /// Notes, once, that rows are taken for assignments.
    pub(super) fn assume_assignments(&mut self, line: u32) {
        if !self.assumed {
            self.assumed = true;
            self.complain(ProblemKind::ActionAssumed, line);
        }
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
        self.count()?;
        self.first_error = None;
        let packed = match self.action(line, cells) {
            Ok(action) => self.packed(line, action, cells)?,
            Err(wrong) => Err(wrong),
        };
        match packed {
            Ok(packed) => self.waiting.push(packed),
            Err(Wrong) => {
                self.waiting.forget_user();
                let kind = self.first_error.unwrap_or(ProblemKind::WrongKind);
                self.keep_unreadable(line, kind, cells)?;
            }
        }
        if self.waiting.is_full() { self.settle() } else { Ok(()) }
    }

    /// Keeps the rows that wait, but for those that contradict another.
    fn settle(&mut self) -> Result<(), InputError> {
        let mut waiting = std::mem::take(&mut self.waiting);
        waiting.name_users(|text| self.intern(text))?;
        for packed in waiting.rows() {
            match self.duplicates.claim(&self.store.rows, packed) {
                Ok(()) => self.store.rows.push(*packed),
                Err((kind, earlier)) => {
                    self.problems.add(kind, || {
                        Problem::new(kind, packed.line).saying(format!("{} (row {earlier})", kind.what()))
                    });
                    if kind.severity() == Severity::Error {
                        let number = match packed.digits {
                            0 => Text::NONE,
                            _ => self.intern(&self.store.number(packed))?,
                        };
                        self.store.unreadable.push(PackedUnreadable {
                            line: packed.line,
                            number,
                            user: packed.user,
                            kind,
                        });
                    }
                }
            }
        }
        waiting.clear();
        self.waiting = waiting;
        Ok(())
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
                        && !filled(Column::SmsSignIn) =>
                {
                    self.assume_assignments(line);
                    Ok(Action::Assign)
                }
                _ => Err(self.wrong(ProblemKind::MissingAction, line, Column::Action, "")),
            };
        };
        if let Some((word, action)) = &self.words.action
            && word == text
        {
            return Ok(*action);
        }
        match Action::from_name(text) {
            Some(action) => {
                self.words.action = Some((text.to_owned(), action));
                Ok(action)
            }
            None => Err(self.wrong(ProblemKind::UnknownAction, line, Column::Action, text)),
        }
    }

    /// The row, if every cell of it is right. All cells are looked at before the row is given up.
    fn packed(&mut self, line: u32, action: Action, cells: &Cells<'_>) -> Result<Checked<Packed>, InputError> {
        let mut packed = Packed::new(line, Verb::Assign);
        let mut right = true;
        for column in Column::ALL {
            if column == Column::Action {
                continue;
            }
            let need = need(action, column, self.options.pick);
            if need == Need::Unused {
                if !cells.get(column).is_blank() {
                    let kind = ProblemKind::UnusedCell;
                    self.problems.add(kind, || Problem::new(kind, line).in_column(column));
                }
                continue;
            }
            right &= self.fill(line, action, column, need, cells, &mut packed)?.is_ok();
        }
        if packed.extension != Text::NONE && packed.role.is_some_and(|role| role != PhoneRole::Office) {
            let kind = ProblemKind::MobileExtension;
            self.problems
                .add(kind, || Problem::new(kind, line).in_column(Column::Number));
        }
        packed.verb = match action {
            Action::Assign => Verb::Assign,
            Action::Move => Verb::Move,
            Action::Unassign => Verb::Unassign,
            Action::SetLocation => Verb::SetLocation,
            Action::SetPhone => Verb::SetPhone,
            Action::RemovePhone => Verb::RemovePhone,
            // Which of the two was read from its cell.
            Action::SmsSignIn => packed.verb,
        };
        Ok(if right { Ok(packed) } else { Err(Wrong) })
    }

    /// Reads one cell into the row.
    fn fill(
        &mut self,
        line: u32,
        action: Action,
        column: Column,
        need: Need,
        cells: &Cells<'_>,
        packed: &mut Packed,
    ) -> Result<Checked<()>, InputError> {
        if column == Column::Location && *cells.get(column) == Cell::Null {
            packed.location = Text::CLEAR;
            return Ok(Ok(()));
        }
        if let (Column::SmsSignIn, Cell::Truth(on)) = (column, cells.get(column)) {
            packed.verb = if *on { Verb::SignInOn } else { Verb::SignInOff };
            return Ok(Ok(()));
        }
        let text = match self.text(line, column, cells) {
            Ok(Some(text)) => text,
            Ok(None) if need == Need::Required => {
                self.wrong(ProblemKind::EmptyCell, line, column, "");
                return Ok(Err(Wrong));
            }
            Ok(None) => return Ok(Ok(())),
            Err(wrong) => return Ok(Err(wrong)),
        };
        let found = match column {
            Column::Action => Ok(()),
            Column::Number => return self.number(line, action, text, packed),
            Column::Extension => return self.extension(line, text, packed, cells),
            Column::User if is_user(text) => {
                self.waiting.set_user(text);
                Ok(())
            }
            Column::User => Err(ProblemKind::BadUser),
            Column::Location if text.eq_ignore_ascii_case("none") => {
                packed.location = Text::CLEAR;
                Ok(())
            }
            Column::Location if is_guid(text) => {
                packed.location = self.intern(text)?;
                Ok(())
            }
            Column::Location => Err(ProblemKind::BadLocation),
            Column::Category => word(text, &Category::ALL).map(|category| packed.category = Some(category)),
            Column::NumberType => word(text, &Provider::ALL).map(|provider| packed.number_type = Some(provider)),
            Column::Role => {
                word(text, &PhoneRole::ALL.map(|role| (role.name(), role))).map(|role| packed.role = Some(role))
            }
            Column::SmsSignIn => word(text, &SWITCH).map(|on| {
                packed.verb = if on { Verb::SignInOn } else { Verb::SignInOff };
            }),
        };
        Ok(found.map_err(|kind| self.wrong(kind, line, column, text)))
    }

    fn intern(&mut self, text: &str) -> Result<Text, InputError> {
        self.interner.intern(&mut self.store, text).ok_or(InputError::TooLarge {
            limit: u64::from(u32::MAX),
            unit: "bytes of text",
        })
    }

    fn wrong(&mut self, kind: ProblemKind, line: u32, column: Column, text: &str) -> Wrong {
        self.first_error.get_or_insert(kind);
        self.problems.add(kind, || {
            let problem = Problem::new(kind, line).in_column(column);
            if text.is_empty() { problem } else { problem.value(text) }
        });
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
            let (text, guard) = within_guard(text, Some(column));
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
        let guarded = &mut self.guards[guard as usize];
        guarded.count = guarded.count.saturating_add(1);
        if guarded.first.is_none() {
            guarded.first = Some((line, column));
            let kind = ProblemKind::GuardedText;
            self.problems.add(kind, || {
                let what = format!("the text stands in {}, which was left out", guard.words());
                Problem::new(kind, line).in_column(column).saying(what)
            });
        }
    }

    /// Says so when numbers of one kind are written in several ways.
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
            self.problems.add(kind, || {
                Problem::new(kind, *line).in_column(Column::Number).saying(format!(
                    "{}: {}",
                    kind.what(),
                    places.join(", ")
                ))
            });
        }
    }

    /// Says what can be said only when all rows have been seen.
    pub(super) fn finish(&mut self) -> Result<(), InputError> {
        self.settle()?;
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
        self.problems.sort();
        // Contradictions are found later than what is wrong with a single row.
        self.store.unreadable.sort_by_key(|row| row.line);
        self.store.shrink();
        Ok(())
    }
}

const SWITCH: [(&str, bool); 8] = [
    ("on", true),
    ("off", false),
    ("true", true),
    ("false", false),
    ("yes", true),
    ("no", false),
    ("enabled", true),
    ("disabled", false),
];

fn word<T: Copy>(text: &str, words: &[(&str, T)]) -> Result<T, ProblemKind> {
    words
        .iter()
        .find(|(name, _)| *name == text)
        .or_else(|| words.iter().find(|(name, _)| same_word(name, text)))
        .map(|(_, value)| *value)
        .ok_or(ProblemKind::UnknownWord)
}
