//! Names as CSDL writes them: identifiers, qualified names, aliases and collections.

use std::collections::HashMap;

use crate::draft::Reference;
use crate::names::{is_identifier, is_member_name, reference};
use crate::place::Problem;
use crate::primitive::EDM;

use super::element::Element;

/// The attribute `Name`, checked.
pub(super) fn identifier(element: &Element) -> Result<&str, Problem> {
    let name = element.required("Name")?;
    if is_identifier(name) {
        Ok(name)
    } else {
        Err(element.problem(format!("{name:?} is not an OData identifier")))
    }
}

/// The attribute `Name` of a property or an enumeration's member, checked.
pub(super) fn member_name(element: &Element) -> Result<&str, Problem> {
    let name = element.required("Name")?;
    if is_member_name(name) {
        Ok(name)
    } else {
        Err(element.problem(format!("{name:?} is not an OData identifier")))
    }
}

/// The type an attribute names.
pub(super) fn type_attribute(element: &Element, attribute: &str) -> Result<Reference, Problem> {
    reference(element.required(attribute)?, &element.place)
        .map_err(|problem| element.problem(format!("{attribute}: {}", problem.reason)))
}

/// The type an attribute names, which may not be a collection.
pub(super) fn single_type_attribute(element: &Element, attribute: &str) -> Result<Reference, Problem> {
    let reference = type_attribute(element, attribute)?;
    if reference.collection {
        return Err(element.problem(format!("{attribute} may not be a collection")));
    }
    Ok(reference)
}

/// Short names of namespaces, valid in the whole document.
#[derive(Debug, Default)]
pub(super) struct Aliases {
    namespaces: HashMap<String, String>,
}

impl Aliases {
    /// Declares a namespace's alias.
    pub(super) fn declare(&mut self, element: &Element, alias: &str, namespace: &str) -> Result<(), Problem> {
        if !is_identifier(alias) || matches!(alias, EDM | "odata" | "System" | "Transient") {
            return Err(element.problem(format!("{alias:?} may not be an alias")));
        }
        match self.namespaces.insert(alias.to_owned(), namespace.to_owned()) {
            Some(other) if other != namespace => {
                Err(element.problem(format!("the alias {alias} already stands for {other}")))
            }
            _ => Ok(()),
        }
    }

    /// The namespace behind an alias; anything else stands for itself.
    pub(super) fn namespace<'name>(&'name self, text: &'name str) -> &'name str {
        self.namespaces.get(text).map_or(text, String::as_str)
    }

    /// Replaces the alias in a reference.
    pub(super) fn expand(&self, reference: &mut Reference) {
        if let Some(namespace) = self.namespaces.get(&reference.name.namespace) {
            reference.name.namespace.clone_from(namespace);
        }
    }
}
