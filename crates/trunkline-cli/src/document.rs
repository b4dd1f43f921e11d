//! The result of a command, and its text in each format.

use std::borrow::Cow;

use serde_json::Value;
use trunkline_bulk::input::{NumberStyle, guarded};

use crate::arguments::Format;
use crate::layout::{Fit, Heading, Table, View, fitted, record};
use crate::names::{Names, shown_name};

/// A column of tables and of CSV.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Column {
    /// Name in CSV; tables show it in capitals.
    pub(crate) name: &'static str,
    /// JSON pointer to the value in a record.
    pub(crate) pointer: &'static str,
    /// Whether tables of many records show it.
    in_table: bool,
    /// The name in tables, where that is another one.
    title: Option<&'static str>,
    /// The treatment of the column in a terminal without room for it.
    fit: Fit,
}

impl Column {
    /// A column of CSV and of tables.
    pub(crate) const fn shown(name: &'static str, pointer: &'static str) -> Self {
        Self {
            name,
            pointer,
            in_table: true,
            title: None,
            fit: Fit::Stays,
        }
    }

    /// A column of CSV and of a single record, which tables of many records leave out.
    pub(crate) const fn further(name: &'static str, pointer: &'static str) -> Self {
        Self {
            in_table: false,
            ..Self::shown(name, pointer)
        }
    }

    /// The name in tables.
    pub(crate) const fn titled(mut self, title: &'static str) -> Self {
        self.title = Some(title);
        self
    }

    /// Tables leave it out where the terminal has no room: columns with the highest rank first.
    pub(crate) const fn drops(mut self, rank: u8) -> Self {
        self.fit = Fit::Drops(rank);
        self
    }

    /// It holds sentences, which stand below their row where the terminal has no room.
    pub(crate) const fn below(mut self) -> Self {
        self.fit = Fit::Below;
        self
    }

    fn heading(&self) -> String {
        heading(self.title.unwrap_or(self.name))
    }
}

/// The result of a command.
#[derive(Debug)]
pub(crate) struct Document {
    json: Value,
    columns: &'static [Column],
    text: Option<String>,
    names: Names,
}

impl Document {
    /// Many records, or one: `json` is an array or an object.
    pub(crate) fn new(json: Value, columns: &'static [Column]) -> Self {
        Self {
            json,
            columns,
            text: None,
            names: Names::new(),
        }
    }

    /// Sets text to print instead of a table.
    pub(crate) fn with_text(mut self, text: impl Into<String>) -> Self {
        self.text = Some(text.into());
        self
    }

    /// Sets the names that tables show in place of ids.
    pub(crate) fn with_names(mut self, names: Names) -> Self {
        self.names = names;
        self
    }

    /// Writes the result in a format. The text ends with a line feed, or is empty.
    pub(crate) fn write(&self, format: Format, view: View) -> Result<String, csv::Error> {
        match format {
            Format::Json => Ok(format!("{:#}\n", self.json)),
            Format::Csv => self.write_csv(),
            Format::Jsonl => Ok(self.records().iter().map(|record| format!("{record}\n")).collect()),
            Format::Table => Ok(self.write_text(view)),
        }
    }

    fn records(&self) -> &[Value] {
        match &self.json {
            Value::Array(records) => records,
            record => std::slice::from_ref(record),
        }
    }

    fn write_csv(&self) -> Result<String, csv::Error> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(self.columns.iter().map(|column| column.name))?;
        for record in self.records() {
            let cells = self
                .columns
                .iter()
                .map(|column| guarded(&cell(record, column), NumberStyle::Plain).into_owned());
            writer.write_record(cells)?;
        }
        let bytes = writer
            .into_inner()
            .map_err(|error| csv::Error::from(error.into_error()))?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    fn write_text(&self, view: View) -> String {
        if let Some(text) = &self.text {
            return fitted(&format!("{}\n", text.trim_end()), view.width, 2);
        }
        match &self.json {
            Value::Array(records) if records.is_empty() => String::new(),
            Value::Array(records) => {
                let columns: Vec<&Column> = self.columns.iter().filter(|column| column.in_table).collect();
                let headings = columns.iter().map(|column| Heading::new(column.heading(), column.fit));
                let mut table = Table::new(headings.collect());
                for record in records {
                    let value = |column: &&Column| self.named(cell(record, column), view);
                    table.row(columns.iter().map(value).collect());
                }
                table.write(view)
            }
            one => {
                let value = |column: &Column| (column.heading(), Cow::Owned(self.named(cell(one, column), view)));
                record(&self.columns.iter().map(value).collect::<Vec<_>>(), view)
            }
        }
    }

    /// A value as people read it: an id whose name is known by that.
    fn named(&self, value: Cow<'_, str>, view: View) -> String {
        match self.names.get(value.as_ref()) {
            Some(name) => printable(&shown_name(name, &value, view.ids)).into_owned(),
            None => printable(&value).into_owned(),
        }
    }
}

/// `numberType` as `NUMBER TYPE`.
fn heading(name: &str) -> String {
    let mut heading = String::with_capacity(name.len() + 4);
    for character in name.chars() {
        if character.is_uppercase() {
            heading.push(' ');
        }
        heading.extend(character.to_uppercase());
    }
    heading
}

/// The id that stands for none.
const NO_ID: &str = "00000000-0000-0000-0000-000000000000";

/// The text of a column of a record: strings unchanged, lists joined by spaces, empty for null and absent.
fn cell<'v>(record: &'v Value, column: &Column) -> Cow<'v, str> {
    match record.pointer(column.pointer) {
        None | Some(Value::Null) => Cow::Borrowed(""),
        // The service also writes "none" as an id of zeros.
        Some(Value::String(text)) if text == NO_ID => Cow::Borrowed(""),
        Some(Value::String(text)) => Cow::Borrowed(text),
        Some(Value::Array(items)) => {
            let items: Vec<String> = items
                .iter()
                .map(|item| item.as_str().map_or_else(|| item.to_string(), str::to_owned))
                .collect();
            Cow::Owned(items.join(" "))
        }
        Some(other) => Cow::Owned(other.to_string()),
    }
}

/// Escapes control and direction characters, so that a value cannot change the rest of a terminal.
pub(crate) fn printable(text: &str) -> Cow<'_, str> {
    trunkline::mask::printable(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_three_forms() {
        const COLUMNS: &[Column] = &[
            Column::shown("number", "/number"),
            Column::shown("numberType", "/type"),
            Column::further("more", "/more"),
        ];
        let many = Document::new(
            json!([{"number": "+12065550100", "type": "callingPlan", "more": ["a", "b"]}, {"number": "=x", "type": "a\u{1b}[31mb"}]),
            COLUMNS,
        );
        assert_eq!(
            many.write(Format::Csv, View::default()).unwrap(),
            "number,numberType,more\n+12065550100,callingPlan,a b\n'=x,a\\u{1b}[31mb,\n"
        );
        let table = many.write(Format::Table, View::default()).unwrap();
        assert_eq!(
            table,
            "NUMBER        NUMBER TYPE\n+12065550100  callingPlan\n=x            a\\u{1b}[31mb\n"
        );
        let nameless = Document::new(
            json!([{"number": null, "type": "callingPlan"}, {"number": "+12065550100", "type": null}]),
            COLUMNS,
        );
        assert_eq!(
            nameless.write(Format::Table, View::default()).unwrap(),
            "NUMBER        NUMBER TYPE\n              callingPlan\n+12065550100\n"
        );
        let one = Document::new(json!({"number": "+12065550100", "type": null, "more": 3}), COLUMNS);
        assert_eq!(
            one.write(Format::Table, View::default()).unwrap(),
            "NUMBER  +12065550100\nMORE    3\n"
        );
        assert_eq!(
            Document::new(json!([]), COLUMNS)
                .write(Format::Table, View::default())
                .unwrap(),
            ""
        );
        assert_eq!(
            Document::new(json!([]), COLUMNS)
                .write(Format::Json, View::default())
                .unwrap(),
            "[]\n"
        );
    }

    #[test]
    fn people_have_their_names_and_ids_on_demand() {
        const COLUMNS: &[Column] = &[
            Column::shown("number", "/number"),
            Column::shown("assignmentTargetId", "/holder").titled("holder"),
            Column::shown("city", "/city").drops(1),
        ];
        let id = "a0000000-0000-4000-8000-000000000001";
        let names = Names::from([(id.to_owned(), "ana@contoso.example".to_owned())]);
        let record = json!({"number": "+12065550100", "holder": id, "city": "Seattle"});
        let list = Document::new(json!([record]), COLUMNS).with_names(names.clone());
        let write = |width, ids| list.write(Format::Table, View { width, ids }).unwrap();
        assert_eq!(
            write(Some(40), false),
            "NUMBER        HOLDER\n+12065550100  ana@contoso.example\n1 column not shown: CITY; --wide or\n  --output csv shows it\n"
        );
        assert!(
            write(None, true).contains(&format!("ana@contoso.example ({id})  Seattle")),
            "{}",
            write(None, true)
        );
        let one = Document::new(record, COLUMNS).with_names(names);
        let text = one.write(Format::Table, View::default()).unwrap();
        assert!(text.contains("HOLDER  ana@contoso.example\n"), "{text}");
    }
}
