//! Plans one module per namespace.

use std::collections::BTreeSet;

use trunkline_spec::model::{Model, QualifiedName};

use crate::names::Names;

/// Modules of a generated crate that are not namespaces.
const OURS: &[&str] = &["handles", "operations", "tests"];

/// A module.
#[derive(Debug)]
pub(crate) struct Module {
    /// Its name.
    pub(crate) name: String,
    /// The namespace it is for.
    pub(crate) namespace: String,
    /// Names of the types in it.
    pub(crate) names: Names,
}

/// The modules of all namespaces, sorted by namespace. What all namespaces begin with is left out of the names.
pub(super) fn modules(model: &Model) -> Vec<Module> {
    let names = model.types.iter().map(|r#type| &r#type.name);
    let names = names.chain(model.enums.iter().map(|r#enum| &r#enum.name));
    let names = names.chain(model.callables.iter().map(|callable| &callable.name));
    let namespaces: BTreeSet<&str> = names.map(|name: &QualifiedName| name.namespace.as_str()).collect();
    let prefix = common_prefix(&namespaces);
    let mut taken = Names::without(OURS);
    let mut modules: Vec<Module> = Vec::new();
    for namespace in namespaces {
        let parts: Vec<&str> = namespace.split('.').collect();
        let own = if parts.len() > prefix {
            &parts[prefix..]
        } else {
            &parts[parts.len() - 1..]
        };
        let name = taken.snake(&own.join("."));
        modules.push(Module {
            name,
            namespace: namespace.to_owned(),
            names: Names::default(),
        });
    }
    modules
}

/// How many dotted parts all namespaces begin with.
fn common_prefix(namespaces: &BTreeSet<&str>) -> usize {
    let mut namespaces = namespaces
        .iter()
        .map(|namespace| namespace.split('.').collect::<Vec<_>>());
    let Some(first) = namespaces.next() else { return 0 };
    namespaces.fold(first.len(), |prefix, other| {
        first
            .iter()
            .zip(&other)
            .take(prefix)
            .take_while(|(left, right)| left == right)
            .count()
    })
}

/// The index of a namespace's module.
pub(super) fn module_of(modules: &[Module], namespace: &str) -> usize {
    modules
        .iter()
        .position(|module| module.namespace == namespace)
        .unwrap_or_default()
}
