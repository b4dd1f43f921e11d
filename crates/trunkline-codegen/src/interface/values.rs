//! Functions that all languages share for values that callers receive.

use std::collections::{BTreeMap, BTreeSet};

use trunkline_spec::interface::{Alias, FieldItem, Interface, Presence, Value, ValueField, ValueModule};

use super::fields::words;
use crate::node::text::{Comment, camel};
use crate::python::text::import;

/// The alias of a name in a module.
pub(super) fn alias<'m>(module: &'m ValueModule, name: &str) -> Option<&'m Alias> {
    module.aliases.iter().find(|alias| alias.name == name)
}

/// Whether a name is that of some words or a pair.
pub(super) fn is_alias(interface: &Interface, name: &str) -> bool {
    interface.modules.iter().any(|module| alias(module, name).is_some())
}

/// The modules of the values that services take and return.
pub(super) fn modules_of_services(interface: &Interface) -> impl Iterator<Item = &ValueModule> {
    let is_named = |module: &&ValueModule| interface.services.iter().any(|service| service.module == module.name);
    interface.modules.iter().filter(is_named)
}

/// The name in Node of a record that services take or return.
pub(super) fn node_name(interface: &Interface, name: &str) -> String {
    let mut values = modules_of_services(interface).flat_map(|module| &module.values);
    let named = values.find(|value| value.name.get_ref() == name);
    named
        .and_then(|value| value.node.clone())
        .unwrap_or_else(|| name.to_owned())
}

/// The name in Node of a field of a value.
pub(super) fn node_field_name(field: &ValueField) -> String {
    camel(field.node.as_ref().unwrap_or(field.name.get_ref()))
}

/// Namespace and class of a record of Graph, from its qualified name: `teamsAdministration` and `NumberAssignment`.
pub(super) fn graph_class(qualified_name: &str) -> (&str, String) {
    let (namespace, name) = qualified_name.rsplit_once('.').unwrap_or(("", qualified_name));
    let namespace = namespace.rsplit('.').next().unwrap_or_default();
    let (first, rest) = name.split_at(name.len().min(1));
    (namespace, format!("{}{rest}", first.to_ascii_uppercase()))
}

/// Imports of the classes of Graph that a text of Python uses, for type checkers.
pub(super) fn graph_imports(interface: &Interface, text: &str) -> String {
    let values = interface.modules.iter().flat_map(|module| &module.values);
    let fields = values.flat_map(|value| &value.fields).map(|field| &field.r#type.item);
    let methods = interface.services.iter().flat_map(|service| &service.methods);
    let items = methods.flat_map(|method| {
        let arguments = method.arguments.iter().map(|argument| &argument.r#type.item);
        arguments.chain([&method.returns.item])
    });
    let named = fields.chain(items).filter_map(|item| match item {
        FieldItem::Graph(name) => Some(name.as_str()),
        _ => None,
    });
    let options = interface.records.iter().flat_map(|record| &record.fields);
    let models = options.filter_map(|field| field.model.as_deref());
    let records = interface.references.iter().flat_map(|reference| &reference.records);
    let records = records.map(|record| record.r#type.as_str());
    let mut modules: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (namespace, class) in named.chain(models).chain(records).map(graph_class) {
        modules.entry(words(namespace, '_')).or_default().insert(class);
    }
    let lines = modules.iter().map(|(module, classes)| {
        let classes: Vec<&str> = classes.iter().map(String::as_str).collect();
        import("    ", &format!(".{module}"), &classes, text)
    });
    lines.collect()
}

/// The fields of records that have no variants, and those that each variant of the others has.
pub(super) fn common_fields(value: &Value) -> impl Iterator<Item = &ValueField> {
    value.fields.iter().filter(|field| field.of.is_empty())
}

/// The fields that only some variants have, for one of them.
pub(super) fn fields_of<'v>(value: &'v Value, variant: &str) -> impl Iterator<Item = &'v ValueField> {
    let has = move |field: &&ValueField| field.of.iter().any(|name| name == variant);
    value.fields.iter().filter(has)
}

/// Whether some field of a module has such a value.
pub(super) fn uses<'m>(values: impl IntoIterator<Item = &'m Value>, is: impl Fn(&FieldItem) -> bool) -> bool {
    let mut fields = values.into_iter().flat_map(|value| &value.fields);
    fields.any(|field| is(&field.r#type.item))
}

/// The word for a missing value in Node.
pub(super) fn missing(presence: &Presence) -> &'static str {
    match presence {
        Presence::Optional => "absent",
        Presence::Undefined => "undefined",
        _ => "null",
    }
}

/// Documentation in which fields and options are named as Node spells them.
pub(super) fn respelled(interface: &Interface, documentation: &str) -> String {
    let options = interface.records.iter().flat_map(|record| &record.fields);
    let options = options.map(|field| field.name.get_ref());
    let values = interface.modules.iter().flat_map(|module| &module.values);
    let fields = values.flat_map(|value| &value.fields);
    let errors = interface.errors.iter().flat_map(|errors| &errors.fields);
    let names = options.chain(fields.chain(errors).map(|field| field.name.get_ref()));
    names.fold(documentation.to_owned(), |text, name| {
        text.replace(&format!("`{name}`"), &format!("`{}`", camel(name)))
    })
}

/// Documentation as a comment of TypeScript, without the end of its last line, which stands in the template.
pub(super) fn comment(interface: &Interface, documentation: &str, indent: &str) -> String {
    Comment::of(&respelled(interface, documentation)).lines(indent)
}
