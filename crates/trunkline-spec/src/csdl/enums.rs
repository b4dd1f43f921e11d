//! Enumerations.

use std::collections::HashSet;

use crate::draft::{Draft, EnumDraft};
use crate::model::{EnumMember, EnumType, Primitive, QualifiedName};
use crate::place::Problem;

use super::annotations;
use super::element::{Element, Vocabulary};
use super::names::{identifier, member_name};

/// Reads an enumeration.
pub(super) fn read(drafts: &mut Draft, namespace: &str, element: &Element) -> Result<(), Problem> {
    element.only(&["Name", "UnderlyingType", "IsFlags"])?;
    let mut value = EnumType {
        name: QualifiedName {
            namespace: namespace.to_owned(),
            name: identifier(element)?.to_owned(),
        },
        flags: element.boolean("IsFlags", false)?,
        underlying: underlying(element)?,
        members: Vec::new(),
        documentation: String::new(),
        clouds: Vec::new(),
    };
    let mut seen = HashSet::new();
    for child in element.children()? {
        match (child.vocabulary, child.name.as_str()) {
            (Vocabulary::Edm, "Member") => {
                let member = member(child, &value)?;
                if !seen.insert(member.name.clone()) {
                    return Err(child.problem(format!("the member {} is declared twice", member.name)));
                }
                value.members.push(member);
                annotations::only_annotations(child, "<Member>")?;
            }
            (Vocabulary::Edm, "Annotation") => {}
            _ => return Err(child.unexpected("<EnumType>")),
        }
    }
    drafts.enums.push(EnumDraft {
        value,
        place: element.place.clone(),
    });
    Ok(())
}

fn underlying(element: &Element) -> Result<Primitive, Problem> {
    let Some(text) = element.optional("UnderlyingType") else {
        return Ok(Primitive::Int32);
    };
    text.strip_prefix("Edm.")
        .and_then(Primitive::from_name)
        .filter(|primitive| primitive.integer_range().is_some())
        .ok_or_else(|| element.problem(format!("UnderlyingType {text:?} is not an integer type")))
}

/// A member without a value counts on from the one before it, the first from zero. OData wants all values or none; services
/// that state only some mean what the languages they are written in do, and on the wire members go by name.
fn member(element: &Element, parent: &EnumType) -> Result<EnumMember, Problem> {
    element.only(&["Name", "Value"])?;
    let name = member_name(element)?.to_owned();
    let value = match element.optional("Value") {
        Some(text) => text
            .parse::<i64>()
            .map_err(|_| element.problem(format!("{name}: the value {text:?} is not a whole number of 64 bits")))?,
        None if parent.flags => return Err(element.problem(format!("{name}: a member of flags must state its value"))),
        None => parent.members.last().map_or(0, |before| before.value.saturating_add(1)),
    };
    match parent.underlying.integer_range() {
        Some(range) if range.contains(&value) => Ok(EnumMember {
            name,
            value,
            documentation: String::new(),
            prefer: false,
        }),
        _ => {
            let underlying = parent.underlying.name();
            Err(element.problem(format!("{name}: the value {value} does not fit into Edm.{underlying}")))
        }
    }
}
