//! Data for the script of a page, and the controls of what it shows.

use std::io::Write;

use askama::Template;
use serde_json::Value;

use crate::error::BulkError;
use crate::file::unwritten;

/// The controls of a list that is shown in parts.
#[derive(Template)]
#[template(path = "page/controls.html")]
pub(crate) struct Controls<'c> {
    /// The beginning of the ids.
    pub(crate) prefix: &'c str,
    /// The label of the search.
    pub(crate) search: &'c str,
    /// The label of the choice.
    pub(crate) choice: &'c str,
    /// The values of the choice, and their words.
    pub(crate) options: Vec<(String, String)>,
}

impl Controls<'_> {
    /// As HTML. A template of texts alone cannot fail.
    pub(crate) fn html(&self) -> String {
        self.render().unwrap_or_default()
    }
}

/// JSON for the page's script in which no `<` ends the script.
pub(crate) fn data(value: &Value) -> String {
    value
        .to_string()
        .replace('<', "\\u003c")
        .replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029")
}

/// Writes rows one by one, as a list in JSON without its brackets. `data_of`: the [`data`] of a row.
pub(crate) fn write_rows<R>(
    rows: impl IntoIterator<Item = R>,
    to: &mut impl Write,
    mut data_of: impl FnMut(R) -> Result<String, BulkError>,
) -> Result<(), BulkError> {
    let mut separator = "";
    for row in rows {
        let text = data_of(row)?;
        to.write_all(separator.as_bytes()).map_err(unwritten)?;
        to.write_all(text.as_bytes()).map_err(unwritten)?;
        separator = ",\n";
    }
    Ok(())
}
