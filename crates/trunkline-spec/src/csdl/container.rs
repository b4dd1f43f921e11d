//! The entity container: where paths may begin.

use crate::draft::{RootDraft, UNRESOLVED};
use crate::model::{Restrictions, Root, RootKind};
use crate::place::Problem;

use super::annotations;
use super::cursor::{Cursor, Element, Vocabulary};
use super::names::{identifier, single_type_attribute};
use super::schema::Document;

/// Reads the entity container.
pub(super) fn read(
    cursor: &mut Cursor<'_>,
    document: &mut Document,
    namespace: &str,
    element: &Element,
) -> Result<(), Problem> {
    element.only(&["Name"])?;
    if std::mem::replace(&mut document.container, true) {
        return Err(element.problem("a service has one entity container, this is the second"));
    }
    document.restrictions.name_container(namespace, identifier(element)?);
    while let Some(child) = cursor.child()? {
        match (child.vocabulary, child.name.as_str()) {
            (Vocabulary::Edm, "EntitySet") => {
                child.only(&["Name", "EntityType", "IncludeInServiceDocument"])?;
                root(cursor, document, &child, RootKind::EntitySet, "EntityType")?;
            }
            (Vocabulary::Edm, "Singleton") => {
                child.only(&["Name", "Type", "Nullable"])?;
                root(cursor, document, &child, RootKind::Singleton, "Type")?;
            }
            (Vocabulary::Edm, "ActionImport" | "FunctionImport" | "Annotation") => cursor.skip()?,
            _ => return Err(child.unexpected("<EntityContainer>")),
        }
    }
    Ok(())
}

fn root(
    cursor: &mut Cursor<'_>,
    document: &mut Document,
    element: &Element,
    kind: RootKind,
    attribute: &str,
) -> Result<(), Problem> {
    let target = single_type_attribute(element, attribute)?;
    let mut restrictions = Restrictions::default();
    let name = identifier(element)?.to_owned();
    while let Some(child) = cursor.child()? {
        match (child.vocabulary, child.name.as_str()) {
            (Vocabulary::Edm, "NavigationPropertyBinding") => cursor.skip()?,
            (Vocabulary::Edm, "Annotation") => annotations::read_inline(cursor, &child, &mut restrictions)?,
            _ => return Err(child.unexpected(&format!("<{}>", element.name))),
        }
    }
    document.draft.roots.push(RootDraft {
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
