//! Interfaces and enumerations of one namespace.

use trunkline_spec::model::{EnumId, TypeId};

use super::hints::Hints;
use super::text::{Comment, literal, module_alias, module_file, property};
use crate::plan::{FieldOrigin, FieldPlan, Plan, type_ids};

/// The module of a namespace.
pub(super) fn module(plan: &Plan<'_>, module: usize) -> String {
    let hints = Hints {
        plan,
        own: Some(module),
    };
    let mut body = String::new();
    for (id, planned) in (0..).map(EnumId).zip(&plan.enums) {
        if planned.module == module {
            body.push_str(&enumeration(plan, id));
        }
    }
    for id in type_ids(plan.model).filter(|id| plan.record(*id).module == module) {
        body.push_str(&record(hints, id));
        if plan.record(id).polymorphic {
            body.push_str(&union(hints, id));
        }
    }
    let mut text = String::new();
    for (index, other) in plan.modules.iter().enumerate() {
        let alias = module_alias(&other.name);
        if index != module && body.contains(&format!("{alias}.")) {
            let file = module_file(&other.name);
            text.push_str(&format!("import type * as {alias} from \"./{file}.js\";\n"));
        }
    }
    // Also without types it is a module.
    if body.is_empty() {
        body.push_str("\nexport {};\n");
    }
    text.push_str(&body);
    text
}

fn enumeration(plan: &Plan<'_>, id: EnumId) -> String {
    let (described, planned) = (plan.model.enumeration(id), plan.enumeration(id));
    let ident = &planned.ident;
    let mut comment = Comment::of(&described.documentation);
    comment.paragraph(if described.flags {
        "Members combine, with commas between them; those that the service adds later are texts like these."
    } else {
        "Members that the service adds later are texts like these."
    });
    let mut text = format!("\n{}export type {ident} =\n", comment.text(""));
    for member in &described.members {
        text.push_str(&format!("  | {}\n", literal(&member.name)));
    }
    text.push_str("  | (string & {});\n\n");
    text.push_str(&Comment::of(&format!("Members of `{}`, by name.", described.name)).text(""));
    // A type of this module may be called Object.
    text.push_str(&format!("export const {ident} = globalThis.Object.freeze({{\n"));
    for (member, name) in described.members.iter().zip(&planned.members) {
        text.push_str(&Comment::of(&member.documentation).text("  "));
        text.push_str(&format!("  {name}: {},\n", literal(&member.name)));
    }
    text.push_str("} as const);\n");
    text
}

fn record(hints: Hints<'_, '_>, id: TypeId) -> String {
    let plan = hints.plan;
    let (described, planned) = (plan.model.structured(id), plan.record(id));
    let extends = described
        .base
        .map_or_else(String::new, |base| format!(" extends {}", hints.plain(base)));
    let mut text = format!(
        "\n{}export interface {}{extends} {{\n",
        Comment::of(&described.documentation).text(""),
        planned.ident
    );
    let inherited = described.base.map_or(0, |base| plan.record(base).fields.len());
    // Of a type that nothing is derived from the name is known; others may be something that nobody knows yet.
    if !described.derived.is_empty() {
        text.push_str(&Comment::of("Which of the derived types it is.").text("  "));
        text.push_str("  \"@odata.type\"?: string;\n");
    } else if described.base.is_some() {
        text.push_str(&Comment::of("The name of its type, where it is said.").text("  "));
        text.push_str(&format!("  \"@odata.type\"?: {};\n", wire_name(plan, id)));
    }
    for field in planned.fields.iter().skip(inherited) {
        text.push_str(&field_of(hints, field));
    }
    if described.base.is_none() {
        text.push_str(&Comment::of("Whatever else the service says.").text("  "));
        text.push_str("  [member: string]: unknown;\n");
    }
    text.push_str("}\n");
    text
}

fn field_of(hints: Hints<'_, '_>, field: &FieldPlan<'_>) -> String {
    let (documentation, nullable, deprecated) = match field.origin {
        FieldOrigin::Property(property) => (
            property.documentation.as_str(),
            property.nullable,
            property.deprecated.as_ref(),
        ),
        FieldOrigin::Contained(documentation) => (documentation, true, None),
    };
    let mut comment = Comment::of(documentation);
    if let Some(note) = deprecated {
        comment.tag("deprecated", note);
    }
    let hint = hints.result(field.r#type);
    let null = if nullable && hint != "unknown" { " | null" } else { "" };
    format!("{}  {}?: {hint}{null};\n", comment.text("  "), property(field.wire))
}

/// A type and those that derive from it, which the names of their types distinguish.
fn union(hints: Hints<'_, '_>, id: TypeId) -> String {
    let plan = hints.plan;
    let described = plan.model.structured(id);
    let mut comment = Comment::of(&format!("Any `{}`.", described.name));
    comment.paragraph(
        "Its `@odata.type` tells the types apart; one that this version does not know is read as what it is derived from.",
    );
    let mut text = format!("\n{}export type {} =\n", comment.text(""), hints.any(id));
    for derived in &described.derived {
        if plan.model.structured(*derived).derived.is_empty() {
            text.push_str(&format!("  | {}\n", hints.plain(*derived)));
        } else if !plan.model.structured(*derived).is_abstract {
            text.push_str(&format!("  | {}\n", named(hints, *derived, &wire_name(plan, *derived))));
        }
    }
    let own = if described.is_abstract {
        "undefined".to_owned()
    } else {
        wire_name(plan, id)
    };
    text.push_str(&format!("  | {};\n", named(hints, id, &own)));
    text
}

fn named(hints: Hints<'_, '_>, id: TypeId, name: &str) -> String {
    format!("({} & {{ \"@odata.type\"?: {name} }})", hints.plain(id))
}

fn wire_name(plan: &Plan<'_>, id: TypeId) -> String {
    literal(&format!("#{}", plan.model.structured(id).name))
}
