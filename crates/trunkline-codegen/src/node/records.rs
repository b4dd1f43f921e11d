//! Interfaces and enumerations of one namespace.

use askama::Template;
use trunkline_spec::model::{EnumType, TypeId};

use super::hints::Hints;
use super::text::{Comment, literal, mentions_module, module_alias, module_file, property};
use crate::plan::{EnumPlan, FieldOrigin, FieldPlan, Module, Plan, type_ids};

/// The module of a namespace.
#[derive(Template)]
#[template(path = "typescript/records.ts.jinja", escape = "none")]
pub(super) struct Records<'p> {
    /// The modules of the other namespaces.
    modules: Vec<&'p Module>,
    enumerations: Vec<(&'p EnumType, &'p EnumPlan)>,
    records: Vec<Record>,
}

struct Record {
    comment: Comment,
    name: String,
    base: Option<String>,
    has_derived: bool,
    /// The name of the type on the wire, as a literal.
    type_name: String,
    /// Its fields, without those that it inherits.
    fields: Vec<Field>,
    union: Option<Union>,
}

struct Field {
    comment: Comment,
    name: String,
    hint: String,
}

/// A type and those that derive from it, which the names of their types distinguish.
struct Union {
    comment: Comment,
    name: String,
    members: Vec<UnionMember>,
}

struct UnionMember {
    record: String,
    /// Its `@odata.type`, where the interface leaves that open.
    type_name: Option<String>,
}

impl<'p> Records<'p> {
    pub(super) fn of(plan: &'p Plan<'_>, module: usize) -> Self {
        let own = Some(module);
        let hints = Hints { plan, own };
        let mut modules: Vec<&Module> = plan.modules.iter().collect();
        modules.remove(module);
        let enumerations = plan.model.enums.iter().zip(&plan.enums);
        let records = type_ids(plan.model).filter(|id| plan.record(*id).module == module);
        Self {
            modules,
            enumerations: enumerations.filter(|(_, planned)| planned.module == module).collect(),
            records: records.map(|id| record(hints, id)).collect(),
        }
    }
}

fn enumeration_comment(described: &EnumType) -> Comment {
    let mut comment = Comment::of(&described.documentation);
    comment.paragraph(if described.flags {
        "Members combine, with commas between them; those that the service adds later are texts like these."
    } else {
        "Members that the service adds later are texts like these."
    });
    comment
}

fn record(hints: Hints<'_, '_>, id: TypeId) -> Record {
    let plan = hints.plan;
    let (described, planned) = (plan.model.structured(id), plan.record(id));
    let inherited = described.base.map_or(0, |base| plan.record(base).fields.len());
    let fields = planned.fields.iter().skip(inherited);
    Record {
        comment: Comment::of(&described.documentation),
        name: planned.ident.clone(),
        base: described.base.map(|base| hints.plain(base)),
        has_derived: !described.derived.is_empty(),
        type_name: type_name(plan, id),
        fields: fields.map(|field| field_of(hints, field)).collect(),
        union: planned.polymorphic.then(|| union(hints, id)),
    }
}

fn field_of(hints: Hints<'_, '_>, field: &FieldPlan<'_>) -> Field {
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
    let mut hint = hints.result(field.r#type);
    if nullable && hint != "unknown" {
        hint.push_str(" | null");
    }
    Field {
        comment,
        name: property(field.wire),
        hint,
    }
}

fn union(hints: Hints<'_, '_>, id: TypeId) -> Union {
    let plan = hints.plan;
    let described = plan.model.structured(id);
    let mut comment = Comment::of(&format!("Any `{}`.", described.name));
    comment.paragraph(
        "Its `@odata.type` tells the types apart; one that this version does not know is read as what it is derived from.",
    );
    let member = |id: TypeId, type_name: Option<String>| UnionMember {
        record: hints.plain(id),
        type_name,
    };
    let derived = described.derived.iter().filter_map(|id| {
        let derived = plan.model.structured(*id);
        match (derived.derived.is_empty(), derived.is_abstract) {
            (true, _) => Some(member(*id, None)),
            (false, true) => None,
            (false, false) => Some(member(*id, Some(type_name(plan, *id)))),
        }
    });
    let own = if described.is_abstract {
        "undefined".to_owned()
    } else {
        type_name(plan, id)
    };
    Union {
        comment,
        name: hints.any(id),
        members: derived.chain([member(id, Some(own))]).collect(),
    }
}

fn type_name(plan: &Plan<'_>, id: TypeId) -> String {
    literal(&format!("#{}", plan.model.structured(id).name))
}
