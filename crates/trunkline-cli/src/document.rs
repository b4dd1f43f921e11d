//! The result of a command, and its text in each format.

use std::borrow::Cow;

use comfy_table::{ContentArrangement, Table, presets};
use serde_json::Value;
use trunkline_bulk::input::{NumberStyle, guarded};

use crate::arguments::Format;
use crate::commands::people::Names;

/// A column of tables and of CSV.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Column {
    /// Name in CSV; tables show it in capitals.
    pub(crate) name: &'static str,
    /// JSON pointer to the value in a record.
    pub(crate) pointer: &'static str,
    /// Whether tables of many records show it.
    pub(crate) in_table: bool,
}

impl Column {
    /// A column of CSV and of tables.
    pub(crate) const fn shown(name: &'static str, pointer: &'static str) -> Self {
        Self {
            name,
            pointer,
            in_table: true,
        }
    }

    /// A column of CSV and of a single record, which tables of many records leave out.
    pub(crate) const fn further(name: &'static str, pointer: &'static str) -> Self {
        Self {
            name,
            pointer,
            in_table: false,
        }
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
    pub(crate) fn write(&self, format: Format) -> Result<String, csv::Error> {
        match format {
            Format::Json => Ok(format!("{:#}\n", self.json)),
            Format::Csv => self.write_csv(),
            Format::Jsonl => Ok(self.records().iter().map(|record| format!("{record}\n")).collect()),
            Format::Table => Ok(self.write_text()),
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

    fn write_text(&self) -> String {
        if let Some(text) = &self.text {
            return format!("{}\n", text.trim_end());
        }
        let mut table = Table::new();
        table
            .load_preset(presets::NOTHING)
            .set_content_arrangement(ContentArrangement::Disabled);
        match &self.json {
            Value::Array(records) if records.is_empty() => return String::new(),
            Value::Array(records) => {
                let columns: Vec<&Column> = self.columns.iter().filter(|column| column.in_table).collect();
                table.set_header(columns.iter().map(|column| heading(column.name)));
                for record in records {
                    table.add_row(columns.iter().map(|column| {
                        let value = cell(record, column);
                        printable(self.names.get(value.as_ref()).map_or(&value, |name| name)).into_owned()
                    }));
                }
            }
            record => {
                for column in self.columns {
                    let value = cell(record, column);
                    if !value.is_empty() {
                        let value = match self.names.get(value.as_ref()) {
                            Some(name) => Cow::Owned(format!("{name} ({value})")),
                            None => value,
                        };
                        table.add_row([heading(column.name), printable(&value).into_owned()]);
                    }
                }
            }
        }
        // The preset pads each cell on both sides; lines start without the padding and end with their last letter. More than one
        // space stays at the start: it is an empty first cell, which keeps the second below its heading.
        let lines = table
            .lines()
            .map(|line| line.strip_prefix(' ').unwrap_or(&line).trim_end().to_owned() + "\n");
        lines.collect()
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
            many.write(Format::Csv).unwrap(),
            "number,numberType,more\n+12065550100,callingPlan,a b\n'=x,a\\u{1b}[31mb,\n"
        );
        let table = many.write(Format::Table).unwrap();
        assert_eq!(
            table,
            "NUMBER        NUMBER TYPE\n+12065550100  callingPlan\n=x            a\\u{1b}[31mb\n"
        );
        let nameless = Document::new(
            json!([{"number": null, "type": "callingPlan"}, {"number": "+12065550100", "type": null}]),
            COLUMNS,
        );
        assert_eq!(
            nameless.write(Format::Table).unwrap(),
            "NUMBER        NUMBER TYPE\n              callingPlan\n+12065550100\n"
        );
        let one = Document::new(json!({"number": "+12065550100", "type": null, "more": 3}), COLUMNS);
        assert_eq!(one.write(Format::Table).unwrap(), "NUMBER  +12065550100\nMORE    3\n");
        assert_eq!(Document::new(json!([]), COLUMNS).write(Format::Table).unwrap(), "");
        assert_eq!(Document::new(json!([]), COLUMNS).write(Format::Json).unwrap(), "[]\n");
    }
}
