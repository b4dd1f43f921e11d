//! Reference documentation: one page with every operation. Its text stands in `templates/markdown`.

use askama::Template;
use trunkline_spec::Model;
use trunkline_spec::model::{Operation, Permissions};

use crate::facts;
use crate::text::{code, escaped, rendered};

#[derive(Template)]
#[template(path = "markdown/operations.markdown.jinja", escape = "none")]
struct OperationsPage<'m> {
    model: &'m Model,
}

/// The page.
pub(crate) fn operations(model: &Model) -> String {
    rendered(&OperationsPage { model })
}

/// The title, with the address of Microsoft's page.
fn title(operation: &Operation) -> String {
    let title = text_cell(&operation.title);
    match &operation.reference {
        Some(reference) => format!("[{title}]({})", facts::reference(reference)),
        None => title,
    }
}

fn least(permissions: &Option<Permissions>) -> String {
    let Some(permissions) = permissions else {
        return "-".to_owned();
    };
    let names: Vec<String> = permissions.least.iter().map(|name| code_cell(name)).collect();
    names.join(", ")
}

/// A text that ends no cell of a table.
fn text_cell(text: &str) -> String {
    escaped(text).replace('|', "\\|")
}

/// A wire name or the like as code that ends no cell of a table.
fn code_cell(text: &str) -> String {
    code(text).replace('|', "\\|")
}
