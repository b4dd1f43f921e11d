//! Actions and functions.

use crate::draft::{CallableDraft, Draft, Reference, UNRESOLVED_TYPE};
use crate::model::{Callable, CallableKind, Parameter, QualifiedName, Returns, Sensitivity};
use crate::place::Problem;

use super::annotations;
use super::element::{Element, Vocabulary};
use super::names::{identifier, type_attribute};

/// Reads an action or a function.
pub(super) fn read(drafts: &mut Draft, namespace: &str, element: &Element) -> Result<(), Problem> {
    let function = element.name == "Function";
    if function {
        element.only(&["Name", "IsBound", "IsComposable", "EntitySetPath"])?;
    } else {
        element.only(&["Name", "IsBound", "EntitySetPath"])?;
    }
    let name = identifier(element)?;
    let mut draft = CallableDraft {
        value: Callable {
            kind: if function {
                CallableKind::Function
            } else {
                CallableKind::Action
            },
            name: QualifiedName {
                namespace: namespace.to_owned(),
                name: name.to_owned(),
            },
            binding: None,
            parameters: Vec::new(),
            returns: None,
            composable: element.boolean("IsComposable", false)?,
            entity_set_path: element.optional("EntitySetPath").map(str::to_owned),
            documentation: String::new(),
        },
        binding: None,
        parameters: Vec::new(),
        returns: None,
        place: element.place.clone(),
    };
    let bound = element.boolean("IsBound", false)?;
    let parent = format!("<{}>", element.name);
    for child in element.children()? {
        if child.vocabulary != Vocabulary::Edm {
            return Err(child.unexpected(&parent));
        }
        match child.name.as_str() {
            "Parameter" => {
                let (parameter, reference) = parameter(child)?;
                if bound && draft.binding.is_none() {
                    draft.binding = Some(reference);
                } else {
                    draft.parameters.push((parameter, reference));
                }
            }
            "ReturnType" if draft.returns.is_none() => draft.returns = Some(returns(child)?),
            "Annotation" => {}
            _ => return Err(child.unexpected(&parent)),
        }
    }
    if bound && draft.binding.is_none() {
        return Err(element.problem(format!("{name} is bound, but its binding parameter is missing")));
    }
    if function && draft.returns.is_none() {
        return Err(element.problem(format!("the function {name} returns nothing")));
    }
    drafts.callables.push(draft);
    Ok(())
}

fn parameter(element: &Element) -> Result<(Parameter, Reference), Problem> {
    element.only(&[
        "Name",
        "Type",
        "Nullable",
        "MaxLength",
        "Precision",
        "Scale",
        "Unicode",
        "SRID",
    ])?;
    let reference = type_attribute(element, "Type")?;
    let nullable = element.boolean("Nullable", true)?;
    let parameter = Parameter {
        name: identifier(element)?.to_owned(),
        r#type: UNRESOLVED_TYPE,
        nullable,
        required: !nullable,
        grammar: None,
        sensitivity: Sensitivity::Public,
        documentation: String::new(),
    };
    annotations::only_annotations(element, "<Parameter>")?;
    Ok((parameter, reference))
}

fn returns(element: &Element) -> Result<(Returns, Reference), Problem> {
    element.only(&["Type", "Nullable", "MaxLength", "Precision", "Scale", "Unicode", "SRID"])?;
    let reference = type_attribute(element, "Type")?;
    let returns = Returns {
        r#type: UNRESOLVED_TYPE,
        nullable: element.boolean("Nullable", true)?,
    };
    annotations::only_annotations(element, "<ReturnType>")?;
    Ok((returns, reference))
}
