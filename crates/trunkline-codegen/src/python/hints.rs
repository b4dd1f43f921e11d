//! Types as Python writes them, and names of attributes.

use trunkline_spec::interface::Reference;
use trunkline_spec::model::{ItemType, Primitive, TypeReference};

use super::text::{literal, python_name};
use crate::plan::{Plan, type_ids};

/// The hint of a value. `own`: the module it is written in; types of others are named with theirs. `given`: as callers
/// give it, else as they get it.
pub(super) fn hint(plan: &Plan<'_>, r#type: TypeReference, own: Option<usize>, given: bool) -> String {
    let place = |module: usize, name: &str| {
        if own == Some(module) {
            name.to_owned()
        } else {
            format!("{}.{name}", plan.modules[module].name)
        }
    };
    let item = match r#type.item {
        ItemType::Structured(id) => place(plan.record(id).module, &plan.record(id).ident),
        ItemType::Enum(id) => {
            let name = place(plan.enumeration(id).module, &plan.enumeration(id).ident);
            match (given, plan.model.enumeration(id).flags) {
                (false, _) => name,
                (true, false) => format!("{name} | str"),
                (true, true) => format!("{name} | str | Sequence[{name} | str]"),
            }
        }
        ItemType::Primitive(primitive) => primitive_hint(primitive, given).to_owned(),
    };
    match (r#type.collection, given) {
        (true, true) => format!("Sequence[{item}]"),
        (true, false) => format!("list[{item}]"),
        (false, _) => item,
    }
}

/// The hint of a parameter. Editors suggest the members of an enumeration as texts, and the texts of others pass.
/// `reference`: the records that may stand for it.
pub(super) fn parameter_hint(plan: &Plan<'_>, r#type: TypeReference, reference: Option<&Reference>) -> String {
    let mut alternatives = hint(plan, r#type, None, true);
    if let (ItemType::Enum(id), false) = (r#type.item, r#type.collection) {
        let described = plan.model.enumeration(id);
        let members: Vec<String> = described.members.iter().map(|member| literal(&member.name)).collect();
        if !members.is_empty() {
            alternatives = format!("Literal[{}] | {alternatives}", members.join(", "));
        }
    }
    for record in reference.iter().flat_map(|reference| &reference.records) {
        let mut types = type_ids(plan.model);
        if let Some(id) = types.find(|id| plan.model.structured(*id).name.to_string() == record.r#type) {
            let item = ItemType::Structured(id);
            let class = TypeReference {
                item,
                collection: false,
            };
            alternatives = format!("{alternatives} | {}", hint(plan, class, None, true));
        }
    }
    alternatives
}

pub(super) fn primitive_hint(primitive: Primitive, given: bool) -> &'static str {
    use Primitive as P;
    match primitive {
        P::Boolean => "bool",
        P::Byte | P::SByte | P::Int16 | P::Int32 | P::Int64 => "int",
        P::Double | P::Single => "float",
        P::Decimal if given => "Decimal | int | str",
        P::Decimal => "Decimal",
        P::Untyped | P::Stream => "Any",
        P::DateTimeOffset if given => "datetime | str",
        P::DateTimeOffset => "datetime",
        P::Date if given => "date | str",
        P::Date => "date",
        P::TimeOfDay if given => "time | str",
        P::TimeOfDay => "time",
        P::Duration if given => "timedelta | str",
        P::Guid if given => "UUID | str",
        P::Binary if given => "bytes | str",
        P::Binary => "bytes",
        _ => "str",
    }
}

/// Members that every record has.
const MEMBERS: &[&str] = &[
    "additional",
    "get",
    "items",
    "keys",
    "meta",
    "required",
    "to_dict",
    "to_json",
    "values",
];

/// The attribute of a field.
pub(crate) fn attribute(ident: &str) -> String {
    python_name(ident, MEMBERS)
}
