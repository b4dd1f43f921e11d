//! Record classes and enumerations of one namespace.

use std::collections::BTreeSet;

use trunkline_spec::model::{EnumId, TypeId};

use super::hints::{CHECKING, attribute, hint};
use super::layout::{File, Layout, bases_first};
use super::text::{docstring, import, item, list, literal, python_name};
use crate::names::snake_case;
use crate::plan::{FieldOrigin, FieldPlan, Plan, type_ids};

/// The module by which a namespace is known, when its types stand in others: each is imported when something in it is
/// first named. Type checkers see where they are.
pub(super) fn index(plan: &Plan<'_>, layout: &Layout, module: usize) -> String {
    let described = &plan.modules[module];
    let says = format!(
        "Types of `{}`. Each is made when it is first named.",
        described.namespace
    );
    let mut text = docstring(&says, &[], "");
    text.push_str("\nfrom .._registry import later\n");
    text.push_str(CHECKING);
    text.push_str("if TYPE_CHECKING:\n");
    let (mut enums, mut types, mut places) = (Vec::new(), Vec::new(), String::new());
    for file in layout.of_module(module) {
        let names = names(plan, &file.enums, &file.types);
        text.push_str(&format!("    from trunkline.generated.{} import (\n", file.name));
        text.push_str(&list(&names, "        "));
        text.push_str("    )\n");
        places.push_str(&format!("            {}: (\n", literal(&file.name)));
        places.push_str(&list(&quoted(&names), "                "));
        places.push_str("            ),\n");
        enums.extend_from_slice(&file.enums);
        types.extend_from_slice(&file.types);
    }
    enums.sort_unstable();
    bases_first(plan, &mut types);
    text.push_str("else:\n    __getattr__, __dir__ = later(\n        globals(),\n        {\n");
    text.push_str(&places);
    text.push_str("        },\n    )\n\n__all__ = [\n");
    text.push_str(&list(&quoted(&names(plan, &enums, &types)), "    "));
    text.push_str("]\n");
    text
}

/// The names of classes.
fn names(plan: &Plan<'_>, enums: &[EnumId], types: &[TypeId]) -> Vec<String> {
    let enums = enums.iter().map(|id| &plan.enumeration(*id).ident);
    let types = types.iter().map(|id| &plan.record(*id).ident);
    enums.chain(types).map(|name| python_name(name, &[])).collect()
}

fn quoted(names: &[String]) -> Vec<String> {
    names.iter().map(|name| literal(name)).collect()
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
    let mut classes = String::new();
    for id in &file.enums {
        classes.push_str(&enumeration(plan, *id));
    }
    for id in &file.types {
        classes.push_str(&record(plan, *id, module));
    }
    let bases: BTreeSet<TypeId> = file
        .types
        .iter()
        .filter_map(|id| plan.model.structured(*id).base)
        .collect();
    let is_elsewhere = |id: &TypeId| layout.of_type(*id).name != file.name;
    let modules: BTreeSet<usize> = bases.iter().map(|base| plan.record(*base).module).collect();
    let ours: Vec<String> = bases
        .iter()
        .filter(|base| plan.record(**base).module == module && is_elsewhere(base))
        .map(|base| python_name(&plan.record(*base).ident, &[]))
        .collect();
    let says = if file.name == own.name {
        format!("Types of `{}`.", own.namespace)
    } else {
        format!(
            "Types of `{}`, which are named by `trunkline.{}`.",
            own.namespace, own.name
        )
    };
    let mut text = docstring(&says, &[], "");
    text.push_str("\nfrom __future__ import annotations\n\n");
    text.push_str(&import("", ".._enumeration", &["OpenEnum", "enumeration"], &classes));
    text.push_str(&import("", ".._native", &["Record"], &classes));
    text.push_str(&import("", ".._registry", &["record"], &classes));
    for base in modules.iter().filter(|base| **base != module) {
        text.push_str(&format!("from . import {}\n", plan.modules[*base].name));
    }
    if !ours.is_empty() {
        text.push_str(&format!("from .{} import {}\n", own.name, ours.join(", ")));
    }
    let mut hinted = String::new();
    for (from, names) in [
        ("typing", &["Any", "ClassVar"][..]),
        ("collections.abc", &["Sequence"]),
        ("datetime", &["date", "datetime", "time", "timedelta"]),
        ("decimal", &["Decimal"]),
        ("uuid", &["UUID"]),
        (".._unset", &["Unset"]),
    ] {
        hinted.push_str(&import("    ", from, names, &classes));
    }
    let others: Vec<&str> = (0..plan.modules.len())
        .filter(|other| *other != module && !modules.contains(other))
        .map(|other| plan.modules[other].name.as_str())
        .collect();
    hinted.push_str(&import("    ", ".", &others, &classes));
    // Hints alone name what stands in another module of the namespace.
    let named: Vec<String> = layout
        .of_module(module)
        .filter(|other| other.name != file.name)
        .flat_map(|other| names(plan, &other.enums, &other.types))
        .filter(|name| !ours.contains(name))
        .collect();
    let named: Vec<&str> = named.iter().map(String::as_str).collect();
    hinted.push_str(&import("    ", &format!(".{}", own.name), &named, &classes));
    text.push_str(CHECKING);
    if !hinted.is_empty() {
        text.push_str("if TYPE_CHECKING:\n");
        text.push_str(&hinted);
    }
    text.push_str(&classes);
    text
}

fn enumeration(plan: &Plan<'_>, id: EnumId) -> String {
    let (described, planned) = (plan.model.enumeration(id), plan.enumeration(id));
    let mut names = crate::names::Names::without(&["members", "is_known", "parts"]);
    let members: Vec<(String, &trunkline_spec::model::EnumMember)> = described
        .members
        .iter()
        .map(|member| (names.claim(&[snake_case(&member.name).to_uppercase()], "_"), member))
        .collect();
    let mut text = format!(
        "\n\n@enumeration(\n    {},\n    {{\n",
        literal(&described.name.to_string())
    );
    for (name, member) in &members {
        text.push_str(&format!("        {}: {},\n", literal(name), literal(&member.name)));
    }
    text.push_str(&format!("    }},\n)\nclass {}(OpenEnum):\n", planned.ident));
    let mut further = Vec::new();
    if !members.is_empty() {
        further.extend([String::new(), "Attributes:".to_owned()]);
        for (name, member) in &members {
            further.extend(item(name, &member.documentation, 4));
        }
    }
    text.push_str(&docstring(&described.documentation, &further, "    "));
    text.push_str("\n    __slots__ = ()\n");
    if !members.is_empty() {
        text.push_str("\n    if TYPE_CHECKING:\n");
        for (name, _) in &members {
            text.push_str(&format!("        {name}: ClassVar[{}]\n", planned.ident));
        }
    }
    text
}

fn documentation<'m>(field: &FieldPlan<'m>) -> &'m str {
    match field.origin {
        FieldOrigin::Property(property) => &property.documentation,
        FieldOrigin::Contained(documentation) => documentation,
    }
}

fn record(plan: &Plan<'_>, id: TypeId, module: usize) -> String {
    let (described, planned) = (plan.model.structured(id), plan.record(id));
    let attributes: Vec<String> = planned.fields.iter().map(|field| attribute(&field.ident)).collect();
    let mut text = format!("\n\n@record(\n    {},\n", literal(&described.name.to_string()));
    for attribute in &attributes {
        text.push_str(&format!("    {},\n", literal(attribute)));
    }
    let base = match described.base {
        None => "Record".to_owned(),
        Some(base) if plan.record(base).module == module => plan.record(base).ident.clone(),
        Some(base) => format!(
            "{}.{}",
            plan.modules[plan.record(base).module].name,
            plan.record(base).ident
        ),
    };
    text.push_str(&format!(")\nclass {}({base}):\n", python_name(&planned.ident, &[])));
    let inherited = described.base.map_or(0, |base| plan.record(base).fields.len());
    let mut further = Vec::new();
    if planned.fields.len() > inherited {
        further.extend([String::new(), "Attributes:".to_owned()]);
        for (field, attribute) in planned.fields.iter().zip(&attributes).skip(inherited) {
            further.extend(item(attribute, documentation(field), 4));
        }
    }
    text.push_str(&docstring(&described.documentation, &further, "    "));
    text.push_str("\n    __slots__ = ()\n\n    if TYPE_CHECKING:\n");
    for (field, attribute) in planned.fields.iter().zip(&attributes).skip(inherited) {
        text.push_str(&format!(
            "        {attribute}: {} | None | Unset\n",
            hint(plan, field.r#type, Some(module), false)
        ));
    }
    text.push_str("\n        def __init__(\n            self,\n");
    if !attributes.is_empty() {
        text.push_str("            *,\n");
    }
    for (field, attribute) in planned.fields.iter().zip(&attributes) {
        let hint = hint(plan, field.r#type, Some(module), true);
        text.push_str(&format!("            {attribute}: {hint} | None | Unset = ...,\n"));
    }
    text.push_str("        ) -> None: ...\n");
    text
}
