//! Entity containers: where paths may begin.
//!
//! A service has one container. It may extend another, whose roots it has then too, and so on.

use crate::draft::{RootDraft, UNRESOLVED};
use crate::model::{QualifiedName, Restrictions, Root, RootKind};
use crate::names::reference;
use crate::place::{Place, Problem};

use super::annotations;
use super::element::{Element, Vocabulary};
use super::names::{Aliases, identifier, single_type_attribute};

/// A container as it was read.
#[derive(Debug)]
pub(super) struct Container {
    name: QualifiedName,
    extends: Option<QualifiedName>,
    roots: Vec<RootDraft>,
    place: Place,
}

/// The service's container and those it extends, one after the other: their names, and their roots with it.
pub(super) fn merge(
    mut containers: Vec<Container>,
    aliases: &Aliases,
) -> Result<(Vec<String>, Vec<RootDraft>), Problem> {
    for container in &mut containers {
        if let Some(extends) = &mut container.extends {
            extends.namespace = aliases.namespace(&extends.namespace).to_owned();
        }
    }
    let is_extended = |name: &QualifiedName| containers.iter().any(|other| other.extends.as_ref() == Some(name));
    let mut outermost = containers.iter().filter(|container| !is_extended(&container.name));
    let mut next = outermost
        .next()
        .map(|container| (container.name.clone(), container.place.clone()));
    if let Some(second) = outermost.next() {
        let reason = "<EntityContainer>: a service has one entity container, this is the second";
        return Err(second.place.problem(reason));
    }
    let (mut names, mut roots) = (Vec::new(), Vec::new());
    while let Some((name, place)) = next {
        let Some(index) = containers.iter().position(|container| container.name == name) else {
            return Err(place.problem(format!("<EntityContainer>: Extends: there is no container {name}")));
        };
        let mut container = containers.swap_remove(index);
        names.push(container.name.to_string());
        roots.append(&mut container.roots);
        next = container.extends.map(|name| (name, container.place));
    }
    // Whatever is left is extended, but not by the service's: containers that extend one another in a circle.
    match containers.first() {
        Some(left) => Err(left
            .place
            .problem(format!("<EntityContainer>: {} extends itself", left.name))),
        None => Ok((names, roots)),
    }
}

/// Reads an entity container.
pub(super) fn read(containers: &mut Vec<Container>, namespace: &str, element: &Element) -> Result<(), Problem> {
    element.only(&["Name", "Extends"])?;
    let extends = element
        .optional("Extends")
        .map(|name| reference(name, &element.place))
        .transpose()?;
    let name = QualifiedName {
        namespace: namespace.to_owned(),
        name: identifier(element)?.to_owned(),
    };
    let mut roots = Vec::new();
    for child in element.children()? {
        match (child.vocabulary, child.name.as_str()) {
            (Vocabulary::Edm, "EntitySet") => {
                child.only(&["Name", "EntityType", "IncludeInServiceDocument"])?;
                root(&mut roots, child, RootKind::EntitySet, "EntityType")?;
            }
            (Vocabulary::Edm, "Singleton") => {
                child.only(&["Name", "Type", "Nullable"])?;
                root(&mut roots, child, RootKind::Singleton, "Type")?;
            }
            (Vocabulary::Edm, "ActionImport" | "FunctionImport" | "Annotation") => {}
            _ => return Err(child.unexpected("<EntityContainer>")),
        }
    }
    containers.push(Container {
        name,
        extends: extends.map(|reference| reference.name),
        roots,
        place: element.place.clone(),
    });
    Ok(())
}

fn root(roots: &mut Vec<RootDraft>, element: &Element, kind: RootKind, attribute: &str) -> Result<(), Problem> {
    let target = single_type_attribute(element, attribute)?;
    let mut restrictions = Restrictions::default();
    let name = identifier(element)?.to_owned();
    for child in element.children()? {
        match (child.vocabulary, child.name.as_str()) {
            (Vocabulary::Edm, "NavigationPropertyBinding") => {}
            (Vocabulary::Edm, "Annotation") => annotations::read_inline(child, &mut restrictions)?,
            _ => return Err(child.unexpected(&format!("<{}>", element.name))),
        }
    }
    roots.push(RootDraft {
        value: Root {
            name,
            kind,
            target: UNRESOLVED,
            key: None,
            restrictions,
            documentation: String::new(),
        },
        target,
        place: element.place.clone(),
    });
    Ok(())
}
