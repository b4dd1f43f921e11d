//! Data for the script of a page, and the controls of what it shows.

use askama::Template;
use serde_json::Value;

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
