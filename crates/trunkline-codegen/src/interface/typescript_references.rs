//! TypeScript: the types of texts for which records may stand, and the properties that do, by the names of arguments. The text stands in
//! `templates/typescript`.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use trunkline_spec::interface::{Interface, Reference};

use super::values::graph_class;
use crate::names::upper_camel_case;
use crate::node::text::{Comment, camel, literal};

/// Of each argument that a record may stand for, the properties of which one is sent in its place.
#[derive(Template)]
#[template(path = "typescript/references.ts.jinja", escape = "none")]
pub(super) struct References<'i> {
    properties: BTreeMap<String, Vec<String>>,
    references: &'i [Reference],
    namespaces: BTreeSet<&'i str>,
}

/// The name of the type of a text for which records may stand.
pub(crate) fn reference_type(reference: &Reference) -> String {
    format!("{}Reference", upper_camel_case(&reference.name))
}

/// The alternatives of such a type.
fn alternatives(reference: &Reference) -> String {
    let records = reference.records.iter().map(|record| {
        let (namespace, class) = graph_class(&record.r#type);
        format!(" | {namespace}.{class}")
    });
    records.collect()
}

fn type_comment(reference: &Reference) -> String {
    let named = reference
        .records
        .iter()
        .map(|record| format!("`{}` of a `{}`", record.property, graph_class(&record.r#type).1));
    let named: Vec<String> = named.collect();
    Comment::of(&format!(
        "A text, or a record that stands for it: {}.",
        named.join(", ")
    ))
    .lines("")
}

impl<'i> References<'i> {
    pub(super) fn of(interface: &'i Interface) -> Self {
        let records = interface.references.iter().flat_map(|reference| &reference.records);
        let mut references = Self {
            properties: BTreeMap::new(),
            references: &interface.references,
            namespaces: records.map(|record| graph_class(&record.r#type).0).collect(),
        };
        for service in &interface.services {
            let key = service.key.as_ref().map(|key| (key, &service.key_reference));
            let arguments = service.methods.iter().flat_map(|method| &method.arguments);
            for (name, reference) in arguments
                .map(|argument| (&argument.name, &argument.reference))
                .chain(key)
            {
                references.add(name, interface.reference(reference.as_ref()));
            }
        }
        for field in interface.records.iter().flat_map(|record| &record.fields) {
            references.add(field.name.get_ref(), interface.reference(field.reference.as_ref()));
        }
        let values = interface.modules.iter().flat_map(|module| &module.values);
        for field in values.flat_map(|value| &value.fields) {
            references.add(field.name.get_ref(), interface.reference(field.reference.as_ref()));
        }
        for reference in &interface.references {
            for name in &reference.parameters {
                references.add(name, Some(reference));
            }
        }
        references
    }

    fn add(&mut self, name: &str, reference: Option<&Reference>) {
        let Some(reference) = reference else { return };
        let properties = self.properties.entry(camel(name)).or_default();
        for record in &reference.records {
            let property = literal(&record.property);
            if !properties.contains(&property) {
                properties.push(property);
            }
        }
    }
}
