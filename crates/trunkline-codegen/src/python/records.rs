//! Record classes and enumerations of one namespace.

use std::collections::BTreeSet;

use askama::Template;
use trunkline_spec::model::{EnumId, TypeId};

use super::hints::{attribute, hint};
use super::layout::{File, Layout, bases_first};
use super::text::{self, docstring, item, python_name};
use crate::names::{Names, snake_case};
use crate::plan::{FieldOrigin, FieldPlan, Plan, type_ids};
use crate::text::rendered;

#[derive(Template)]
#[template(path = "python/namespace.py.jinja", escape = "none")]
struct Namespace<'p> {
    namespace: &'p str,
    parts: Vec<Part<'p>>,
    /// The classes of all parts, bases first.
    classes: Vec<String>,
}

/// A module in which types of a namespace stand.
struct Part<'p> {
    module: &'p str,
    classes: Vec<String>,
}

/// A module with classes.
#[derive(Template)]
#[template(path = "python/types.py.jinja", escape = "none")]
struct Types<'p> {
    namespace: &'p str,
    /// The module by which the namespace is known.
    module: &'p str,
    /// Whether the classes stand in another module than that.
    is_part: bool,
    /// Modules of other namespaces with bases of these classes.
    modules_of_bases: Vec<&'p str>,
    /// Bases of these classes in other modules of the namespace.
    bases: Vec<String>,
    /// Modules of other namespaces that hints alone may name.
    other_modules: Vec<&'p str>,
    /// Classes in other modules of the namespace that hints alone may name.
    other_classes: Vec<String>,
    enumerations: Vec<EnumClass<'p>>,
    records: Vec<RecordClass>,
}

struct EnumClass<'p> {
    wire: String,
    name: &'p str,
    documentation: String,
    members: Vec<Member<'p>>,
}

struct Member<'p> {
    name: String,
    wire: &'p str,
}

struct RecordClass {
    wire: String,
    name: String,
    base: String,
    documentation: String,
    fields: Vec<Field>,
}

impl RecordClass {
    /// Whether it has fields that its base does not have.
    fn has_own_fields(&self) -> bool {
        self.fields.iter().any(|field| !field.is_inherited)
    }
}

struct Field {
    name: String,
    hint: String,
    /// The hint of the constructor's parameter.
    hint_of_parameter: String,
    is_inherited: bool,
}

/// The module by which a namespace is known, when its types stand in others: each is imported when something in it is
/// first named. Type checkers see where they are.
pub(super) fn index(plan: &Plan<'_>, layout: &Layout, module: usize) -> String {
    let files = || layout.of_module(module);
    let parts = files().map(|file| Part {
        module: &file.name,
        classes: names(plan, &file.enums, &file.types),
    });
    let mut enums: Vec<EnumId> = files().flat_map(|file| file.enums.iter().copied()).collect();
    let mut types: Vec<TypeId> = files().flat_map(|file| file.types.iter().copied()).collect();
    enums.sort_unstable();
    bases_first(plan, &mut types);
    rendered(&Namespace {
        namespace: &plan.modules[module].namespace,
        parts: parts.collect(),
        classes: names(plan, &enums, &types),
    })
}

/// The names of classes.
fn names(plan: &Plan<'_>, enums: &[EnumId], types: &[TypeId]) -> Vec<String> {
    let enums = enums.iter().map(|id| &plan.enumeration(*id).ident);
    let types = types.iter().map(|id| &plan.record(*id).ident);
    enums.chain(types).map(|name| python_name(name, &[])).collect()
}

/// The classes whose names differ from those of the service by more than a first letter in upper case.
pub(super) fn renamed(plan: &Plan<'_>) -> Vec<(String, String)> {
    let enums = (0..).map(EnumId).zip(&plan.enums);
    let enums = enums.map(|(id, planned)| (&plan.model.enumeration(id).name, &planned.ident));
    let types = type_ids(plan.model).map(|id| (&plan.model.structured(id).name, &plan.record(id).ident));
    let classes = enums.chain(types).map(|(name, ident)| (name, python_name(ident, &[])));
    let mut renamed: Vec<(String, String)> = classes
        .filter(|(name, class)| {
            let mut characters = name.name.chars();
            let first = characters.next().map(|first| first.to_ascii_uppercase());
            !first.into_iter().chain(characters).eq(class.chars())
        })
        .map(|(name, class)| (name.to_string(), class))
        .collect();
    renamed.sort_unstable();
    renamed
}

/// A module with classes.
pub(super) fn module(plan: &Plan<'_>, layout: &Layout, file: &File) -> String {
    let module = file.module;
    let own = &plan.modules[module];
    let types = file.types.iter();
    let bases: BTreeSet<TypeId> = types.filter_map(|id| plan.model.structured(*id).base).collect();
    let modules: BTreeSet<usize> = bases.iter().map(|base| plan.record(*base).module).collect();
    let name_of = |other: usize| plan.modules[other].name.as_str();
    let is_elsewhere = |id: &TypeId| plan.record(*id).module == module && layout.of_type(*id).name != file.name;
    let bases: Vec<TypeId> = bases.into_iter().filter(is_elsewhere).collect();
    let bases = names(plan, &[], &bases);
    let others = layout.of_module(module).filter(|other| other.name != file.name);
    let other_classes = others.flat_map(|other| names(plan, &other.enums, &other.types));
    let types = Types {
        namespace: &own.namespace,
        module: &own.name,
        is_part: file.name != own.name,
        modules_of_bases: modules
            .iter()
            .filter(|other| **other != module)
            .map(|other| name_of(*other))
            .collect(),
        other_modules: (0..plan.modules.len())
            .filter(|other| *other != module && !modules.contains(other))
            .map(name_of)
            .collect(),
        other_classes: other_classes.filter(|name| !bases.contains(name)).collect(),
        bases,
        enumerations: file.enums.iter().map(|id| enumeration(plan, *id)).collect(),
        records: file.types.iter().map(|id| record(plan, *id, module)).collect(),
    };
    text::without_unused_imports(&rendered(&types))
}

fn enumeration<'p>(plan: &'p Plan<'_>, id: EnumId) -> EnumClass<'p> {
    let described = plan.model.enumeration(id);
    let mut names = Names::without(&["members", "is_known", "parts"]);
    let members = described.members.iter().map(|member| Member {
        name: names.claim(&[snake_case(&member.name).to_uppercase()], "_"),
        wire: &member.name,
    });
    let members: Vec<Member<'_>> = members.collect();
    let documented = described.members.iter().map(|member| member.documentation.as_str());
    let attributes = members.iter().map(|member| member.name.as_str()).zip(documented);
    EnumClass {
        wire: described.name.to_string(),
        name: &plan.enumeration(id).ident,
        documentation: documentation(&described.documentation, attributes),
        members,
    }
}

fn record(plan: &Plan<'_>, id: TypeId, module: usize) -> RecordClass {
    let (described, planned) = (plan.model.structured(id), plan.record(id));
    let inherited = described.base.map_or(0, |base| plan.record(base).fields.len());
    let fields = planned.fields.iter().enumerate().map(|(index, field)| Field {
        name: attribute(&field.ident),
        hint: hint(plan, field.r#type, Some(module), false),
        hint_of_parameter: hint(plan, field.r#type, Some(module), true),
        is_inherited: index < inherited,
    });
    let fields: Vec<Field> = fields.collect();
    let documented = planned.fields.iter().map(documentation_of_field);
    let attributes = fields.iter().map(|field| field.name.as_str()).zip(documented);
    RecordClass {
        wire: described.name.to_string(),
        name: python_name(&planned.ident, &[]),
        base: match described.base {
            None => "Record".to_owned(),
            Some(base) if plan.record(base).module == module => plan.record(base).ident.clone(),
            Some(base) => {
                let base = plan.record(base);
                format!("{}.{}", plan.modules[base.module].name, base.ident)
            }
        },
        documentation: documentation(&described.documentation, attributes.skip(inherited)),
        fields,
    }
}

/// The docstring of a class.
fn documentation<'t>(paragraph: &str, attributes: impl Iterator<Item = (&'t str, &'t str)>) -> String {
    let mut section: Vec<String> = attributes.flat_map(|(name, said)| item(name, said, 4)).collect();
    if !section.is_empty() {
        section.splice(0..0, [String::new(), "Attributes:".to_owned()]);
    }
    docstring(paragraph, &section, "    ")
}

fn documentation_of_field<'m>(field: &FieldPlan<'m>) -> &'m str {
    match field.origin {
        FieldOrigin::Property(property) => &property.documentation,
        FieldOrigin::Contained(documentation) => documentation,
    }
}
