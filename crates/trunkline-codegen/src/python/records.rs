//! Record classes and enumerations of one namespace.

use std::collections::BTreeSet;

use trunkline_spec::model::{EnumId, TypeId};

use super::text::{docstring, import, item, literal, python_name};
use super::{CHECKING, attribute, hint};
use crate::names::snake_case;
use crate::plan::{FieldOrigin, FieldPlan, Plan, type_ids};

/// The module of a namespace.
pub(super) fn module(plan: &Plan<'_>, module: usize) -> String {
    let types = ordered(plan, module);
    let mut bases: BTreeSet<usize> = BTreeSet::new();
    for id in &types {
        if let Some(base) = plan.model.structured(*id).base {
            bases.insert(plan.record(base).module);
        }
    }
    bases.remove(&module);
    let mut classes = String::new();
    for (id, planned) in (0..).map(EnumId).zip(&plan.enums) {
        if planned.module == module {
            classes.push_str(&enumeration(plan, id));
        }
    }
    for id in types {
        classes.push_str(&record(plan, id, module));
    }
    let mut text = docstring(&format!("Types of `{}`.", plan.modules[module].namespace), &[], "");
    text.push_str("\nfrom __future__ import annotations\n\n");
    text.push_str(&import("", ".._enumeration", &["OpenEnum", "enumeration"], &classes));
    text.push_str(&import("", ".._native", &["Record"], &classes));
    text.push_str(&import("", ".._registry", &["record"], &classes));
    for base in &bases {
        text.push_str(&format!("from . import {}\n", plan.modules[*base].name));
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
        .filter(|other| *other != module && !bases.contains(other))
        .map(|other| plan.modules[other].name.as_str())
        .collect();
    hinted.push_str(&import("    ", ".", &others, &classes));
    text.push_str(CHECKING);
    if !hinted.is_empty() {
        text.push_str("if TYPE_CHECKING:\n");
        text.push_str(&hinted);
    }
    text.push_str(&classes);
    text
}

/// The types of a module, bases before what derives from them.
fn ordered(plan: &Plan<'_>, module: usize) -> Vec<TypeId> {
    let mut types: Vec<TypeId> = type_ids(plan.model)
        .filter(|id| plan.record(*id).module == module)
        .collect();
    types.sort_by_key(|id| (plan.model.lineage(*id).count(), *id));
    types
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
