//! Python: text that the templates of our own interface have in common. They indent the first line of a docstring themselves.

use askama::Template;
use trunkline_spec::interface::ValueModule;

use crate::output::OutputFile;
use crate::python::HEADER;
use crate::python::text;
use crate::text::{rendered, wrapped};

/// A module of the package.
pub(super) fn module(name: &str, template: &impl Template) -> OutputFile {
    OutputFile::new(format!("{name}.py"), format!("{HEADER}{}", rendered(template)))
}

/// A docstring of one paragraph, behind so many spaces.
pub(super) fn docstring(paragraph: &str, indent: usize) -> String {
    docstring_of(paragraph, &[], indent)
}

/// The docstring of a class, with further paragraphs.
pub(super) fn class_docstring<'t>(paragraph: &str, details: impl IntoIterator<Item = &'t String>) -> String {
    let mut lines = Vec::new();
    for detail in details {
        lines.push(String::new());
        lines.extend(wrapped(detail, 111, 111));
    }
    docstring_of(paragraph, &lines, 4)
}

/// A docstring of one paragraph and further lines, behind so many spaces.
pub(super) fn docstring_of(paragraph: &str, lines: &[String], indent: usize) -> String {
    text::docstring(&with_none(paragraph), lines, &" ".repeat(indent))
}

/// Documentation in which a missing value is named as Python spells it.
pub(super) fn with_none(documentation: &str) -> String {
    documentation.replace("{none}", "`None`")
}

/// The import of those classes of a module that a text uses.
pub(super) fn import_values(module: &ValueModule, text: &str) -> String {
    let names = module.values.iter().map(|value| value.name.get_ref().as_str());
    let names: Vec<&str> = names.collect();
    text::import("", &format!(".{}", module.name), &names, text)
}
