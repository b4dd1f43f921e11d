//! The Node face: one module of interfaces per namespace, and the handles that lead to them. What they do is in
//! `typescript/place.ts` and in the native part.

mod handles;
mod methods;
mod records;
mod scope;
pub(crate) mod text;

use trunkline_spec::model::{ItemType, Primitive, TypeId, TypeReference};

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
    OutputFile {
        path: format!("{name}.ts"),
        contents: format!("{}\n{text}", crate::HEADER).into_bytes(),
    }
}

/// What the package shows of all this. Handles are made by others only; their classes are of use as types.
fn index(plan: &Plan<'_>) -> String {
    let mut text = String::from("\nexport type * from \"./handles.js\";\n");
    for module in &plan.modules {
        let (alias, file) = (module_alias(&module.name), module_file(&module.name));
        text.push_str(&Comment::of(&format!("Types of `{}`.", module.namespace)).text(""));
        text.push_str(&format!("export * as {alias} from \"./{file}.js\";\n"));
    }
    text
}

/// How a type is written in a module.
#[derive(Clone, Copy)]
struct Hints<'p, 'm> {
    plan: &'p Plan<'m>,
    /// The module it is written in; types of others are named with theirs.
    own: Option<usize>,
}

impl Hints<'_, '_> {
    /// A type as callers get it.
    fn got(self, r#type: TypeReference) -> String {
        let item = self.item(r#type.item);
        if r#type.collection { format!("{item}[]") } else { item }
    }

    /// A type as callers give it: nothing is asked for that is not of the type, and nothing else is taken.
    fn given(self, r#type: TypeReference) -> String {
        let item = self.item(r#type.item);
        let item = if matches!(r#type.item, ItemType::Structured(_)) {
            format!("Written<{item}>")
        } else {
            item
        };
        if r#type.collection {
            format!("readonly {item}[]")
        } else {
            item
        }
    }

    fn item(self, item: ItemType) -> String {
        match item {
            ItemType::Structured(id) => self.record(id),
            ItemType::Enum(id) => {
                let planned = self.plan.enumeration(id);
                self.place(planned.module, &planned.ident)
            }
            ItemType::Primitive(primitive) => primitive_hint(primitive).to_owned(),
        }
    }

    /// A record: of a type that others derive from, any of them.
    fn record(self, id: TypeId) -> String {
        let planned = self.plan.record(id);
        if planned.polymorphic {
            self.place(planned.module, &self.any(id))
        } else {
            self.plain(id)
        }
    }

    /// The interface of a type.
    fn plain(self, id: TypeId) -> String {
        let planned = self.plan.record(id);
        self.place(planned.module, &planned.ident)
    }

    /// The name of the union of a type and those that derive from it.
    fn any(self, id: TypeId) -> String {
        let planned = self.plan.record(id);
        let mut name = format!("Any{}", planned.ident);
        while self.plan.modules[planned.module].names.has(&name) {
            name.push('_');
        }
        name
    }

    fn place(self, module: usize, name: &str) -> String {
        if self.own == Some(module) {
            name.to_owned()
        } else {
            format!("{}.{name}", module_alias(&self.plan.modules[module].name))
        }
    }
}

fn primitive_hint(primitive: Primitive) -> &'static str {
    use Primitive as P;
    match primitive {
        P::Boolean => "boolean",
        P::Byte | P::SByte | P::Int16 | P::Int32 | P::Int64 | P::Double | P::Single | P::Decimal => "number",
        P::Untyped | P::Stream => "unknown",
        _ => "string",
    }
}
