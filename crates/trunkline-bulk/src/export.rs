//! Exports the current state as rows of a file: planning these rows again changes nothing.

use std::io::{self, Write};
use std::path::Path;

use futures_util::TryStreamExt;
use serde::Serialize;
use trunkline::graph::PhoneAuthenticationMethod;
use trunkline::phones::PhoneRole;
use trunkline::teams_administration::{EffectivePolicyAssignment, NumberAssignment};
use trunkline::{Action, Change, Person, PhoneMethodNumber};

use crate::Bulk;
use crate::error::{BulkError, BulkErrorKind};
use crate::input::{Cells, Column, NumberStyle, Row, write_cells_csv, write_cells_json_lines};
use crate::plan::{NumberState, PhoneState, is_canonical};
use crate::sheet::{SheetCell, SheetColumn, Sheets};
use crate::snapshot::PhoneMethods;

/// Parts of an export besides the numbers that people and voice applications hold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ExportOptions {
    /// The phone methods of every user, and whether they sign in with a text message.
    pub phones: bool,
    /// The Teams policies that are assigned to users directly.
    pub policies: bool,
}

impl ExportOptions {
    /// Exports the phone methods of every user, too.
    #[must_use]
    pub fn with_phones(mut self, phones: bool) -> Self {
        self.phones = phones;
        self
    }

    /// Exports the Teams policies that are assigned to users directly, too.
    #[must_use]
    pub fn with_policies(mut self, policies: bool) -> Self {
        self.policies = policies;
        self
    }
}

/// The file format of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportFormat {
    /// A table, with a comma.
    Csv,
    /// A workbook of Excel 2007 or later.
    Xlsx,
    /// An object a line.
    JsonLines,
}

impl ExportFormat {
    /// The format that the ending of a file's name asks for; `None` when the name has no ending.
    ///
    /// # Errors
    ///
    /// [`BulkErrorKind::Option`] for every other ending: nobody can open a file of another format than its name says.
    pub fn of(path: &Path) -> Result<Option<Self>, BulkError> {
        // Below these folders are devices, whatever their names are.
        if cfg!(unix) && (path.starts_with("/dev") || path.starts_with("/proc")) {
            return Ok(None);
        }
        let Some(ending) = path.extension() else {
            return Ok(None);
        };
        match ending.to_string_lossy().to_ascii_lowercase().as_str() {
            "csv" | "txt" => Ok(Some(Self::Csv)),
            "xlsx" => Ok(Some(Self::Xlsx)),
            "jsonl" | "ndjson" => Ok(Some(Self::JsonLines)),
            other => Err(BulkError::new(
                BulkErrorKind::Option,
                format!(
                    "an export is written as CSV, as a workbook or as JSON lines, and not as .{}",
                    trunkline::mask::printable(other)
                ),
                "Use a name that ends with .xlsx or .csv, which spreadsheets open, or with .jsonl",
            )),
        }
    }
}

/// The present state.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Export {
    /// As rows; [`write_csv`](Self::write_csv) and [`write_json_lines`](Self::write_json_lines) write them, and then those
    /// that cannot be read.
    pub rows: Vec<Row>,
    /// Numbers of the inventory that are not written as telephone numbers are. They are exported as they are, and planning
    /// the file says what is wrong with them.
    pub unreadable: Vec<UnreadableNumber>,
    /// Facts that no row can express, for instance that a number is held by a conference bridge.
    pub left_out: Vec<LeftOut>,
    /// The reason why numbers may be missing: the service's list did not end as a list should.
    pub doubt: Option<String>,
}

/// A number of the inventory that is not written as telephone numbers are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UnreadableNumber {
    /// The number in the inventory; absent when it has none.
    pub number: Option<String>,
    /// The holder of the number.
    pub holder: Option<String>,
    /// The line of the holder.
    pub category: Option<String>,
    /// Id of the emergency location.
    pub location: Option<String>,
}

/// Numbers and phones of the tenant that no row of the export has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LeftOut {
    /// The number or the user.
    pub what: String,
    /// The reason why no row can express it, as the rest of a sentence: `is held by a policy`.
    pub why: String,
}

impl Cells for UnreadableNumber {
    fn cell(&self, column: Column) -> Option<String> {
        let action = match (&self.holder, &self.location) {
            (Some(_), _) => Action::Assign,
            (None, Some(_)) => Action::SetLocation,
            (None, None) => Action::Unassign,
        };
        match column {
            Column::Action => Some(action.name().to_owned()),
            Column::Number => self.number.clone(),
            Column::User => self.holder.clone(),
            Column::Category => self.category.clone(),
            Column::Location => self.location.clone(),
            _ => None,
        }
    }
}

impl Bulk {
    /// Reads the present state as rows.
    ///
    /// # Errors
    ///
    /// [`BulkErrorKind::Service`](crate::BulkErrorKind::Service) when it cannot be read.
    ///
    /// ```no_run
    /// use trunkline_bulk::input::NumberStyle;
    /// use trunkline_bulk::{Bulk, ExportOptions};
    ///
    /// # async fn run(client: trunkline::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let export = Bulk::new(&client).export(&ExportOptions::default()).await?;
    /// export.write_csv(std::fs::File::create("now.csv")?, NumberStyle::Text)?;
    /// # Ok(()) }
    /// ```
    pub async fn export(&self, options: &ExportOptions) -> Result<Export, BulkError> {
        let mut export = Export::default();
        let mut pages = self.client.numbers().list().pages();
        while let Some(page) = pages.try_next().await? {
            export.doubt = page.doubt().map(ToString::to_string);
            for found in page.items {
                export.number(&found);
            }
        }
        if options.phones {
            self.export_phones(&mut export).await?;
        }
        if options.policies {
            self.export_policies(&mut export).await?;
        }
        Ok(export)
    }

    async fn export_policies(&self, export: &mut Export) -> Result<(), BulkError> {
        let configurations = self.client.graph().admin().teams().user_configurations();
        let mut users = configurations.list().items();
        while let Some(user) = users.try_next().await? {
            if let Some(id) = user.id.value().cloned() {
                export.policies(&id, &user.into_policies(&id)?);
            }
        }
        Ok(())
    }

    async fn export_phones(&self, export: &mut Export) -> Result<(), BulkError> {
        let mut people = Vec::new();
        let mut users = self
            .client
            .graph()
            .users()
            .list()
            .select(&["id", "userPrincipalName"])
            .items();
        while let Some(user) = users.try_next().await? {
            if let Some(id) = user.id.into_option() {
                let name = user.user_principal_name.into_option().unwrap_or_else(|| id.clone());
                people.push((id, name));
            }
        }
        let ids: Vec<&str> = people.iter().map(|(id, _)| id.as_str()).collect();
        let methods = PhoneMethods::read(&self.client, &ids).await?;
        for (id, name) in &people {
            match methods.of(id) {
                Some(Ok(methods)) => export.phones(id, name, methods),
                Some(Err(error)) => export.leave_out(
                    name,
                    format!("has phone methods that cannot be read: {}", error.message()),
                ),
                None => export.leave_out(name, "has phone methods that were not read"),
            }
        }
        Ok(())
    }
}

impl Export {
    fn push(&mut self, change: Change) {
        // The header is row 1.
        let line = u32::try_from(self.rows.len()).unwrap_or(u32::MAX).saturating_add(2);
        self.rows.push(Row { row: line, change });
    }

    /// Number of rows of its file.
    #[must_use]
    pub fn row_count(&self) -> usize {
        self.rows.len() + self.unreadable.len()
    }

    /// Writes the rows as [`write_csv`](crate::input::write_csv) does, and behind them those that cannot be read.
    ///
    /// # Errors
    ///
    /// The errors of `output`.
    pub fn write_csv(&self, output: impl Write, style: NumberStyle) -> io::Result<()> {
        write_cells_csv(self.cells(), output, style)
    }

    /// Writes the rows as [`write_json_lines`](crate::input::write_json_lines) does, and behind them those that cannot be
    /// read.
    ///
    /// # Errors
    ///
    /// The errors of `output`.
    pub fn write_json_lines(&self, output: impl Write) -> io::Result<()> {
        write_cells_json_lines(self.cells(), output)
    }

    /// Writes the rows as a workbook, and behind them those that cannot be read. Every cell is text, so no number loses its plus.
    ///
    /// # Errors
    ///
    /// [`BulkErrorKind::Option`] when there are more rows than a sheet has, and the errors of `output`.
    pub fn write_xlsx(&self, output: impl Write) -> Result<(), BulkError> {
        let columns = Column::WRITTEN.map(SheetColumn::of);
        let rows = self.cells().map(|row| {
            let cell = |column| row.cell(column).map_or(SheetCell::Empty, SheetCell::Text);
            Ok(Column::WRITTEN.map(cell).to_vec())
        });
        let mut sheets = Sheets::new();
        sheets.add("Rows", &columns, rows)?;
        sheets.finish(output)
    }

    fn cells(&self) -> impl Iterator<Item = &dyn Cells> {
        let rows = self.rows.iter().map(|row| row as &dyn Cells);
        rows.chain(self.unreadable.iter().map(|row| row as &dyn Cells))
    }

    fn leave_out(&mut self, what: &str, why: impl Into<String>) {
        self.left_out.push(LeftOut {
            what: what.to_owned(),
            why: why.into(),
        });
    }

    /// The row for a number; `None` for a free one without a location.
    fn number(&mut self, found: &NumberAssignment) {
        let state = NumberState::of(found);
        if !is_canonical(&state.number) {
            self.unreadable.push(UnreadableNumber {
                number: found.telephone_number.value().cloned(),
                holder: state.holder,
                category: state.category,
                location: state.location,
            });
            return;
        }
        let kind = state.holder_kind();
        let (number, location) = (state.number, state.location);
        match (kind, state.holder) {
            (Some(kind), Some(holder)) if kind.is_account() => self.push(Change::Assign {
                number,
                to: Person::named(holder.to_lowercase()),
                category: state.category,
                location,
                number_type: None,
                takes: false,
                picked: false,
            }),
            (kind, _) => {
                if let Some(kind) = kind {
                    self.leave_out(&number, format!("is held by {}", kind.words()));
                }
                if location.is_some() {
                    self.push(Change::SetLocation { number, location });
                }
            }
        }
    }

    fn policies(&mut self, id: &str, assignments: &[EffectivePolicyAssignment]) {
        for assignment in assignments.iter().filter(|assignment| assignment.is_direct()) {
            let (Some(policy_type), Some(policy)) = (assignment.policy_type.value(), assignment.policy_name()) else {
                self.leave_out(id, "has a Teams policy without a kind or a name");
                continue;
            };
            self.push(Change::SetPolicy {
                user: Person::named(id.to_lowercase()),
                policy_type: policy_type.to_string(),
                policy: policy.to_owned(),
                policy_id: None,
            });
        }
    }

    fn phones(&mut self, id: &str, name: &str, methods: &[PhoneAuthenticationMethod]) {
        let user = || Person::named(id.to_lowercase());
        for role in PhoneRole::ALL {
            let state = PhoneState::of(id, role, methods);
            let Some(number) = state.number else {
                continue;
            };
            match PhoneMethodNumber::from_service(&number) {
                Ok(number) => self.push(Change::SetPhone {
                    user: user(),
                    role,
                    number: number.to_string(),
                }),
                Err(_) => self.leave_out(name, format!("has a {} phone that was read masked", role.name())),
            }
            if role == PhoneRole::Mobile {
                self.push(Change::SmsSignIn {
                    user: user(),
                    enabled: state.sms_sign_in.as_deref() == Some("ready"),
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ending_says_the_format_and_others_are_refused() {
        let of = |path: &str| ExportFormat::of(Path::new(path));
        for (path, format) in [
            ("now.csv", Some(ExportFormat::Csv)),
            ("now.TXT", Some(ExportFormat::Csv)),
            ("a folder.xlsx/now.jsonl", Some(ExportFormat::JsonLines)),
            ("now.NDJSON", Some(ExportFormat::JsonLines)),
            ("now.XLSX", Some(ExportFormat::Xlsx)),
            ("now", None),
            (".csv", None),
        ] {
            assert_eq!(of(path).expect("is written"), format, "{path}");
        }
        for path in ["now.xlsm", "now.XLS", "now.csv.gz", "now.json", "now.tsv", "now.2026"] {
            assert_eq!(
                of(path).expect_err("is not written").kind(),
                BulkErrorKind::Option,
                "{path}"
            );
        }
        #[cfg(unix)]
        assert_eq!(of("/dev/fd.xlsx").expect("is a device"), None);
    }
}
