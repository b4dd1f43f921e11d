//! The API for Node: one module of interfaces per namespace, and the handles that lead to them. Their text stands in
//! `templates/typescript`. What the handles do is in `typescript/place.ts` and in the native part.

mod handles;
mod hints;
mod methods;
mod records;
mod scope;
pub(crate) mod text;

use askama::Template;
use trunkline_spec::interface::Reference;

use crate::output::OutputFile;
use crate::plan::{Module, Plan};
use crate::text::rendered;
use handles::Handles;
use records::Records;
use text::{Comment, module_alias, module_file};

/// The module that the package exports.
#[derive(Template)]
#[template(path = "typescript/index.ts.jinja", escape = "none")]
struct Index<'p> {
    modules: &'p [Module],
}

/// All modules.
pub(crate) fn files(plan: &Plan<'_>, references: &[Reference]) -> Vec<OutputFile> {
    let modules = &plan.modules;
    let mut files = vec![
        file("index", &Index { modules }),
        file("handles", &Handles::of(plan, references)),
    ];
    let records = modules.iter().enumerate();
    files.extend(records.map(|(index, module)| file(&module_file(&module.name), &Records::of(plan, index))));
    files.sort_by(|left, right| left.path.cmp(&right.path));
    files
}

fn file(name: &str, template: &impl Template) -> OutputFile {
    OutputFile::new(format!("{name}.ts"), rendered(template))
}
