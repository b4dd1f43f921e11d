//! Types as TypeScript writes them.

use trunkline_spec::model::{ItemType, Primitive, TypeId, TypeReference};

use super::text::module_alias;
use crate::plan::Plan;

/// Writes types for one module.
#[derive(Clone, Copy)]
pub(super) struct Hints<'p, 'm> {
    pub(super) plan: &'p Plan<'m>,
    /// The module that is being written. Types of other modules get the alias of their module as a prefix.
    pub(super) own: Option<usize>,
}

impl Hints<'_, '_> {
    /// A type as a result.
    pub(super) fn result(self, r#type: TypeReference) -> String {
        let item = self.item(r#type.item);
        if r#type.collection { format!("{item}[]") } else { item }
    }

    /// A type as an argument: its properties are optional, and no others are allowed.
    pub(super) fn argument(self, r#type: TypeReference) -> String {
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

    pub(super) fn item(self, item: ItemType) -> String {
        match item {
            ItemType::Structured(id) => self.record(id),
            ItemType::Enum(id) => {
                let planned = self.plan.enumeration(id);
                self.qualified(planned.module, &planned.ident)
            }
            ItemType::Primitive(primitive) => primitive_hint(primitive).to_owned(),
        }
    }

    /// A record; for a type that others derive from, the union of all of them.
    pub(super) fn record(self, id: TypeId) -> String {
        let planned = self.plan.record(id);
        if planned.polymorphic {
            self.qualified(planned.module, &self.any(id))
        } else {
            self.plain(id)
        }
    }

    /// The interface of a type.
    pub(super) fn plain(self, id: TypeId) -> String {
        let planned = self.plan.record(id);
        self.qualified(planned.module, &planned.ident)
    }

    /// The name of the union of a type and those that derive from it.
    pub(super) fn any(self, id: TypeId) -> String {
        let planned = self.plan.record(id);
        let mut name = format!("Any{}", planned.ident);
        while self.plan.modules[planned.module].names.has(&name) {
            name.push('_');
        }
        name
    }

    pub(super) fn qualified(self, module: usize, name: &str) -> String {
        if self.own == Some(module) {
            name.to_owned()
        } else {
            format!("{}.{name}", module_alias(&self.plan.modules[module].name))
        }
    }
}

pub(super) fn primitive_hint(primitive: Primitive) -> &'static str {
    use Primitive as P;
    match primitive {
        P::Boolean => "boolean",
        P::Byte | P::SByte | P::Int16 | P::Int32 | P::Int64 | P::Double | P::Single | P::Decimal => "number",
        P::Untyped | P::Stream => "unknown",
        _ => "string",
    }
}
