//! Types as Python writes them, and names of attributes.

use trunkline_spec::model::{ItemType, Primitive, TypeReference};

use super::text::python_name;
use crate::plan::Plan;

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

/// The attribute of a field.
pub(crate) fn attribute(ident: &str) -> String {
    python_name(ident, &["additional", "meta", "to_dict", "to_json"])
}
