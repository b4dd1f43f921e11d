//! Annotations: ignored, except for those about inserting, updating and deleting.

use std::collections::HashMap;

use crate::draft::Draft;
use crate::model::{Restrictions, UpdateMethod};
use crate::place::Problem;

use super::element::{Element, Vocabulary};
use super::names::Aliases;

const CAPABILITIES: &str = "Org.OData.Capabilities.V1";

/// Restrictions by the target they were stated for.
#[derive(Debug, Default)]
pub(super) struct Restricted {
    targets: Vec<(String, Restrictions)>,
    containers: Vec<String>,
}

impl Restricted {
    /// Remembers what the service's container is called, and those it extends.
    pub(super) fn name_containers(&mut self, names: Vec<String>) {
        self.containers = names;
    }

    /// Replaces the aliases in targets.
    pub(super) fn expand(&mut self, aliases: &Aliases) {
        for (target, _) in &mut self.targets {
            let (name, rest) = target
                .split_once('/')
                .map_or((target.as_str(), None), |(name, rest)| (name, Some(rest)));
            let Some((namespace, name)) = name.rsplit_once('.') else {
                continue;
            };
            let namespace = aliases.namespace(namespace);
            *target = match rest {
                Some(rest) => format!("{namespace}.{name}/{rest}"),
                None => format!("{namespace}.{name}"),
            };
        }
    }

    /// Puts restrictions on the types, navigation properties and roots they are about. Targets that do not exist are
    /// passed over: they cannot do harm, and Graph has some.
    pub(super) fn apply(self, draft: &mut Draft) {
        let mut by_target: HashMap<String, Restrictions> = HashMap::new();
        for (target, stated) in self.targets {
            merge(by_target.entry(target).or_default(), stated);
        }
        if by_target.is_empty() {
            return;
        }
        for r#type in &mut draft.types {
            let name = r#type.value.name.to_string();
            if let Some(stated) = by_target.get(&name) {
                merge(&mut r#type.value.restrictions, *stated);
            }
            for (navigation, _) in &mut r#type.navigation {
                if let Some(stated) = by_target.get(&format!("{name}/{}", navigation.name)) {
                    merge(&mut navigation.restrictions, *stated);
                }
            }
        }
        // The service's own container comes first, and has the last word.
        for container in self.containers.iter().rev() {
            for root in &mut draft.roots {
                if let Some(stated) = by_target.get(&format!("{container}/{}", root.value.name)) {
                    merge(&mut root.value.restrictions, *stated);
                }
            }
        }
    }
}

fn merge(into: &mut Restrictions, from: Restrictions) {
    into.insertable = from.insertable.or(into.insertable);
    into.updatable = from.updatable.or(into.updatable);
    into.deletable = from.deletable.or(into.deletable);
    into.update_method = from.update_method.or(into.update_method);
}

/// Reads `Annotations`, which name their target.
pub(super) fn read_targeted(restricted: &mut Restricted, element: &Element) -> Result<(), Problem> {
    let target = element.required("Target")?.to_owned();
    let mut restrictions = Restrictions::default();
    for child in element.children()? {
        match (child.vocabulary, child.name.as_str()) {
            (Vocabulary::Edm, "Annotation") => read_inline(child, &mut restrictions)?,
            _ => return Err(child.unexpected("<Annotations>")),
        }
    }
    if restrictions != Restrictions::default() {
        restricted.targets.push((target, restrictions));
    }
    Ok(())
}

/// Reads an `Annotation` of the element it stands in.
pub(super) fn read_inline(element: &Element, restrictions: &mut Restrictions) -> Result<(), Problem> {
    let term = element.required("Term")?;
    let qualified = element.optional("Qualifier").is_some() || term.contains('#');
    let Some((namespace, name)) = term.rsplit_once('.') else {
        return Ok(());
    };
    let (property, slot) = match name {
        "InsertRestrictions" => ("Insertable", &mut restrictions.insertable),
        "UpdateRestrictions" => ("Updatable", &mut restrictions.updatable),
        "DeleteRestrictions" => ("Deletable", &mut restrictions.deletable),
        _ => return Ok(()),
    };
    if qualified || (namespace != CAPABILITIES && namespace != "Capabilities") {
        return Ok(());
    }
    // Deeper ones belong to another record.
    let values = element.all_children.iter().flat_map(|record| &record.all_children);
    for value in values.filter(|value| value.name == "PropertyValue") {
        match value.optional("Property") {
            Some(stated) if stated == property => *slot = boolean(value)?.or(*slot),
            Some("UpdateMethod") if name == "UpdateRestrictions" => {
                restrictions.update_method = method(value)?.or(restrictions.update_method);
            }
            _ => {}
        }
    }
    Ok(())
}

/// The boolean of a `PropertyValue`, which stands in an attribute or in an element.
fn boolean(element: &Element) -> Result<Option<bool>, Problem> {
    let text = constant(element, "Bool")?;
    Ok(match text {
        Some("true" | "1") => Some(true),
        Some("false" | "0") => Some(false),
        _ => None,
    })
}

/// The method of a `PropertyValue`: one member, or several joined by spaces. Where the service takes
/// both it is `PATCH`, which leaves alone what is not sent.
fn method(element: &Element) -> Result<Option<UpdateMethod>, Problem> {
    let Some(text) = constant(element, "EnumMember")? else {
        return Ok(None);
    };
    let members = || {
        text.split_whitespace()
            .map(|member| member.rsplit('/').next().unwrap_or(member))
    };
    let has = |wanted: &str| {
        text.split_whitespace()
            .any(|member| member.ends_with(&format!("/{wanted}")))
    };
    if members().next().is_none() || members().any(|member| !matches!(member, "PATCH" | "PUT" | "POST")) {
        return Err(element.problem(format!(
            "UpdateMethod {text:?} is not understood, only PATCH and PUT are"
        )));
    }
    Ok(match (has("PATCH"), has("PUT")) {
        (true, _) => Some(UpdateMethod::Patch),
        (false, true) => Some(UpdateMethod::Put),
        (false, false) => None,
    })
}

/// A constant as an attribute of an element or as its only child.
fn constant<'e>(element: &'e Element, name: &str) -> Result<Option<&'e str>, Problem> {
    if let Some(text) = element.optional(name) {
        return Ok(Some(text));
    }
    let mut constants = element.children()?;
    let constant = constants.find(|child| child.vocabulary == Vocabulary::Edm && child.name == name);
    constant.map(Element::text).transpose()
}

/// Refuses an element that holds something else than annotations.
pub(super) fn only_annotations(element: &Element, parent: &str) -> Result<(), Problem> {
    for child in element.children()? {
        match (child.vocabulary, child.name.as_str()) {
            (Vocabulary::Edm, "Annotation") => {}
            _ => return Err(child.unexpected(parent)),
        }
    }
    Ok(())
}
