//! OData's names: identifiers, namespaces, qualified names and collections of them.

use crate::draft::Reference;
use crate::model::QualifiedName;
use crate::place::{Place, Problem};

/// The longest identifier OData allows.
const LONGEST_IDENTIFIER: usize = 128;

/// Whether a text is an OData simple identifier.
pub(crate) fn is_identifier(text: &str) -> bool {
    let mut characters = text.chars();
    let Some(first) = characters.next() else { return false };
    (first == '_' || first.is_alphabetic())
        && characters.all(|character| character == '_' || character.is_alphanumeric())
        && text.chars().count() <= LONGEST_IDENTIFIER
}

/// Whether a text may name a property or a member of an enumeration: an identifier, or several joined by hyphens.
/// Microsoft's own metadata has `request-id`, although OData allows no hyphen.
pub(crate) fn is_member_name(text: &str) -> bool {
    text.split('-').enumerate().all(|(index, part)| {
        let is_whole = is_identifier(part);
        is_whole || index > 0 && !part.is_empty() && is_identifier(&format!("_{part}"))
    }) && text.chars().count() <= LONGEST_IDENTIFIER
}

/// Whether a text is a namespace: identifiers joined by dots.
pub(crate) fn is_namespace(text: &str) -> bool {
    text.split('.').all(is_identifier)
}

/// Reads `a.b.name` or `Collection(a.b.name)`. The part before the last dot may still be an alias.
pub(crate) fn reference(text: &str, place: &Place) -> Result<Reference, Problem> {
    let (inner, collection) = match text.strip_prefix("Collection(") {
        Some(rest) => match rest.strip_suffix(')') {
            Some(inner) => (inner, true),
            None => return Err(place.problem(format!("the type {text:?} lacks its closing parenthesis"))),
        },
        None => (text, false),
    };
    let Some((namespace, name)) = inner.rsplit_once('.') else {
        return Err(place.problem(format!("the type {text:?} lacks a namespace")));
    };
    if !is_namespace(namespace) || !is_identifier(name) {
        return Err(place.problem(format!("{text:?} is not the name of a type")));
    }
    let name = QualifiedName {
        namespace: namespace.to_owned(),
        name: name.to_owned(),
    };
    Ok(Reference {
        name,
        collection,
        place: place.clone(),
    })
}

/// Reads `a.b.name`, `.name` for a name of the given namespace, or a `Collection(...)` of either.
pub(crate) fn short_reference(text: &str, namespace: &str, place: &Place) -> Result<Reference, Problem> {
    let full = match text.strip_prefix("Collection(.") {
        Some(rest) => format!("Collection({namespace}.{rest}"),
        None if text.starts_with('.') => format!("{namespace}{text}"),
        None => return reference(text, place),
    };
    reference(&full, place)
}
