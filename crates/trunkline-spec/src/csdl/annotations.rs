//! Annotations: passed over, except for what they say about inserting, updating and deleting.

use std::collections::HashMap;

use crate::draft::Draft;
use crate::model::Restrictions;
use crate::place::Problem;

use super::cursor::{Cursor, Element, Step, Vocabulary};
use super::names::Aliases;
use super::schema::Document;

const CAPABILITIES: &str = "Org.OData.Capabilities.V1";

/// Restrictions by the target they were stated for.
#[derive(Debug, Default)]
pub(super) struct Restricted {
    targets: Vec<(String, Restrictions)>,
    container: Option<String>,
}

impl Restricted {
    /// Remembers what the container is called.
    pub(super) fn name_container(&mut self, namespace: &str, name: &str) {
        self.container = Some(format!("{namespace}.{name}"));
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
        let Some(container) = self.container else { return };
        for root in &mut draft.roots {
            if let Some(stated) = by_target.get(&format!("{container}/{}", root.value.name)) {
                merge(&mut root.value.restrictions, *stated);
            }
        }
    }
}

fn merge(into: &mut Restrictions, from: Restrictions) {
    into.insertable = from.insertable.or(into.insertable);
    into.updatable = from.updatable.or(into.updatable);
    into.deletable = from.deletable.or(into.deletable);
}

/// Reads `Annotations`, which name their target.
pub(super) fn read_targeted(
    cursor: &mut Cursor<'_>,
    document: &mut Document,
    element: &Element,
) -> Result<(), Problem> {
    let target = element.required("Target")?.to_owned();
    let mut restrictions = Restrictions::default();
    while let Some(child) = cursor.child()? {
        match (child.vocabulary, child.name.as_str()) {
            (Vocabulary::Edm, "Annotation") => read_inline(cursor, &child, &mut restrictions)?,
            _ => return Err(child.unexpected("<Annotations>")),
        }
    }
    if restrictions != Restrictions::default() {
        document.restrictions.targets.push((target, restrictions));
    }
    Ok(())
}

/// Reads an `Annotation` of the element it stands in.
pub(super) fn read_inline(
    cursor: &mut Cursor<'_>,
    element: &Element,
    restrictions: &mut Restrictions,
) -> Result<(), Problem> {
    let term = element.required("Term")?;
    let qualified = element.optional("Qualifier").is_some() || term.contains('#');
    let Some((namespace, name)) = term.rsplit_once('.') else {
        return cursor.skip();
    };
    let (property, slot) = match name {
        "InsertRestrictions" => ("Insertable", &mut restrictions.insertable),
        "UpdateRestrictions" => ("Updatable", &mut restrictions.updatable),
        "DeleteRestrictions" => ("Deletable", &mut restrictions.deletable),
        _ => return cursor.skip(),
    };
    if qualified || (namespace != CAPABILITIES && namespace != "Capabilities") {
        return cursor.skip();
    }
    let mut depth = 1_usize;
    while depth > 0 {
        match cursor.step_over_text()? {
            Step::Open(child) => {
                depth += 1;
                // Deeper ones belong to another record.
                if depth == 3 && child.name == "PropertyValue" && child.optional("Property") == Some(property) {
                    *slot = match child.optional("Bool") {
                        Some("true") => Some(true),
                        Some("false") => Some(false),
                        _ => *slot,
                    };
                }
            }
            Step::Close => depth -= 1,
            Step::End => return Err(cursor.unfinished()),
        }
    }
    Ok(())
}

/// Passes over an element that holds annotations and nothing else.
pub(super) fn only_annotations(cursor: &mut Cursor<'_>, parent: &str) -> Result<(), Problem> {
    while let Some(child) = cursor.child()? {
        match (child.vocabulary, child.name.as_str()) {
            (Vocabulary::Edm, "Annotation") => cursor.skip()?,
            _ => return Err(child.unexpected(parent)),
        }
    }
    Ok(())
}
