//! Entity and complex types.

use crate::draft::{Draft, TypeDraft, UNRESOLVED, UNRESOLVED_TYPE};
use crate::model::{Navigation, Property, QualifiedName, Restrictions, Sensitivity, StructuredKind, StructuredType};
use crate::place::Problem;

use super::annotations;
use super::element::{Element, Vocabulary};
use super::names::{identifier, member_name, single_type_attribute, type_attribute};

/// Reads an entity or complex type.
pub(super) fn read(drafts: &mut Draft, namespace: &str, element: &Element) -> Result<(), Problem> {
    let entity = element.name == "EntityType";
    if entity {
        element.only(&["Name", "BaseType", "Abstract", "OpenType", "HasStream"])?;
    } else {
        element.only(&["Name", "BaseType", "Abstract", "OpenType"])?;
    }
    let base = element
        .optional("BaseType")
        .map(|_| single_type_attribute(element, "BaseType"))
        .transpose()?;
    let mut draft = TypeDraft {
        value: StructuredType {
            name: QualifiedName {
                namespace: namespace.to_owned(),
                name: identifier(element)?.to_owned(),
            },
            kind: if entity {
                StructuredKind::Entity
            } else {
                StructuredKind::Complex
            },
            base: None,
            derived: Vec::new(),
            is_abstract: element.boolean("Abstract", false)?,
            open: element.boolean("OpenType", false)?,
            has_stream: element.boolean("HasStream", false)?,
            key: Vec::new(),
            key_sensitivity: None,
            properties: Vec::new(),
            navigation: Vec::new(),
            restrictions: Restrictions::default(),
            stub: false,
            partial: false,
            documentation: String::new(),
            clouds: Vec::new(),
        },
        base,
        properties: Vec::new(),
        navigation: Vec::new(),
        place: element.place.clone(),
    };
    let parent = format!("<{}>", element.name);
    for child in element.children()? {
        if child.vocabulary != Vocabulary::Edm {
            return Err(child.unexpected(&parent));
        }
        match child.name.as_str() {
            "Key" if entity => {
                if !draft.value.key.is_empty() {
                    return Err(child.problem("a type has one key at most"));
                }
                draft.value.key = key(child)?;
            }
            "Property" => {
                let property = property(child)?;
                draft.properties.push(property);
            }
            "NavigationProperty" => {
                let navigation = navigation(child)?;
                draft.navigation.push(navigation);
            }
            "Annotation" => annotations::read_inline(child, &mut draft.value.restrictions)?,
            _ => return Err(child.unexpected(&parent)),
        }
    }
    drafts.types.push(draft);
    Ok(())
}

fn key(element: &Element) -> Result<Vec<String>, Problem> {
    element.only(&[])?;
    let mut names = Vec::new();
    for child in element.children()? {
        match (child.vocabulary, child.name.as_str()) {
            (Vocabulary::Edm, "PropertyRef") => {
                child.only(&["Name", "Alias"])?;
                names.push(child.required("Name")?.to_owned());
                annotations::only_annotations(child, "<PropertyRef>")?;
            }
            (Vocabulary::Edm, "Annotation") => {}
            _ => return Err(child.unexpected("<Key>")),
        }
    }
    if names.is_empty() {
        return Err(element.problem("a key names at least one property"));
    }
    Ok(names)
}

type PropertyDraft = (Property, crate::draft::Reference);
type NavigationDraft = (Navigation, crate::draft::Reference);

fn property(element: &Element) -> Result<PropertyDraft, Problem> {
    element.only(&[
        "Name",
        "Type",
        "Nullable",
        "MaxLength",
        "Precision",
        "Scale",
        "Unicode",
        "SRID",
        "DefaultValue",
        // Of OData 3, which some services of OData 4 still write: it says that the value is part of the ETag, and changes
        // neither names nor types.
        "ConcurrencyMode",
    ])?;
    if let Some(mode) = element.optional("ConcurrencyMode")
        && !matches!(mode, "None" | "Fixed")
    {
        return Err(element.problem(format!("ConcurrencyMode {mode:?} is neither None nor Fixed")));
    }
    let reference = type_attribute(element, "Type")?;
    let property = Property {
        name: member_name(element)?.to_owned(),
        r#type: UNRESOLVED_TYPE,
        nullable: element.boolean("Nullable", true)?,
        sensitivity: Sensitivity::Public,
        grammar: None,
        range: None,
        deprecated: None,
        filter: Vec::new(),
        orderby: false,
        documentation: String::new(),
        corrections: Vec::new(),
    };
    annotations::only_annotations(element, "<Property>")?;
    Ok((property, reference))
}

fn navigation(element: &Element) -> Result<NavigationDraft, Problem> {
    element.only(&["Name", "Type", "Nullable", "Partner", "ContainsTarget"])?;
    let reference = type_attribute(element, "Type")?;
    let mut navigation = Navigation {
        name: identifier(element)?.to_owned(),
        target: UNRESOLVED,
        collection: reference.collection,
        contained: element.boolean("ContainsTarget", false)?,
        nullable: element.boolean("Nullable", true)?,
        key: None,
        restrictions: Restrictions::default(),
        documentation: String::new(),
    };
    for child in element.children()? {
        match (child.vocabulary, child.name.as_str()) {
            (Vocabulary::Edm, "Annotation") => {
                annotations::read_inline(child, &mut navigation.restrictions)?;
            }
            (Vocabulary::Edm, "ReferentialConstraint" | "OnDelete") => {}
            _ => return Err(child.unexpected("<NavigationProperty>")),
        }
    }
    Ok((navigation, reference))
}
