//! A call before it is written in a language.

use serde_json::{Map, Value};
use trunkline_spec::model::TypeId;

use crate::plan::{Answered, CallPlan, Plan};

/// A call, planned.
pub(super) struct Planned<'p, 'm> {
    pub(super) plan: &'p Plan<'m>,
    /// The methods that lead to the handle, as Rust has them.
    pub(super) chain: Vec<String>,
    pub(super) kind: Kind<'p, 'm>,
    pub(super) answered: Answered,
    pub(super) arguments: &'p Map<String, Value>,
}

/// The use of the handle.
pub(super) enum Kind<'p, 'm> {
    /// A method without a body.
    Plain(&'static str),
    /// A method with a body of a type. A body of another type than that of the handle has to name it, where the class does not.
    Write {
        verb: &'static str,
        record: TypeId,
        is_other: bool,
    },
    Invoke(&'p CallPlan<'m>),
}

/// The type that a body names.
pub(super) fn named(plan: &Plan<'_>, body: &Map<String, Value>) -> Option<TypeId> {
    let name = body.get(TYPE)?.as_str()?.trim_start_matches('#');
    (0..)
        .map(TypeId)
        .take(plan.model.types.len())
        .find(|id| plan.model.structured(*id).name.to_string() == name)
}

/// The annotation by which a body names its type.
pub(super) const TYPE: &str = "@odata.type";

impl Planned<'_, '_> {
    /// The handle, with the names of methods and the texts of keys as a language spells them. Methods without a key are properties.
    pub(super) fn handle(&self, name: impl Fn(&str) -> String, literal: impl Fn(&str) -> String) -> String {
        let mut handle = String::new();
        for link in self.chain.iter().filter(|link| !link.contains("::<")) {
            let (method, arguments) = link.split_once('(').unwrap_or((link, ")"));
            handle.push('.');
            handle.push_str(&name(method.trim_start_matches('.')));
            if let Ok(key) = syn::parse_str::<syn::LitStr>(arguments.trim_end_matches(')')) {
                handle.push_str(&format!("({})", literal(&key.value())));
            }
        }
        handle
    }
}
