//! The API for Node: one module of interfaces per namespace, and the handles that lead to them. What they do is in
//! `typescript/place.ts` and in the native part.

mod handles;
mod hints;
mod methods;
mod records;
mod scope;
pub(crate) mod text;

use crate::output::OutputFile;
use crate::plan::Plan;
use text::{Comment, module_alias, module_file};

/// All modules.
pub(crate) fn files(plan: &Plan<'_>) -> Vec<OutputFile> {
    let mut files = vec![file("index", &index(plan))];
    for module in 0..plan.modules.len() {
        let name = module_file(&plan.modules[module].name);
        files.push(file(&name, &records::module(plan, module)));
    }
    files.push(file("handles", &handles::module(plan)));
    files.sort_by(|left, right| left.path.cmp(&right.path));
    files
}

fn file(name: &str, text: &str) -> OutputFile {
    OutputFile::new(format!("{name}.ts"), format!("{}\n{text}", crate::HEADER))
}

/// The module that the package exports. Handles are made by others only; their classes are of use as types.
fn index(plan: &Plan<'_>) -> String {
    let mut text = String::from("\nexport type * from \"./handles.js\";\n");
    for module in &plan.modules {
        let (alias, file) = (module_alias(&module.name), module_file(&module.name));
        text.push_str(&Comment::of(&format!("Types of `{}`.", module.namespace)).text(""));
        text.push_str(&format!("export * as {alias} from \"./{file}.js\";\n"));
    }
    text
}
