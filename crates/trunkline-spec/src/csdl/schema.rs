//! The document: `edmx:Edmx`, its references and its schemas.

use std::collections::HashSet;
use std::sync::Arc;

use crate::draft::DefinitionDraft;
use crate::draft::{Draft, Reference};
use crate::model::{Primitive, QualifiedName};
use crate::place::{Place, Problem};
use crate::primitive::EDM;

use super::annotations::{self, Restricted};
use super::element::{Element, Vocabulary, parse};
use super::names::{self, Aliases};
use super::{callables, container, enums, structured};

/// The content of a document, with aliases not yet replaced.
#[derive(Debug, Default)]
pub(super) struct Document {
    /// Everything but annotations.
    pub(super) draft: Draft,
    /// Restrictions by annotations.
    pub(super) restrictions: Restricted,
    /// Short names of namespaces.
    pub(super) aliases: Aliases,
    /// Namespaces of the schemas read so far.
    namespaces: HashSet<String>,
    /// Entity containers.
    pub(super) containers: Vec<container::Container>,
}

impl Document {
    /// Replaces aliases by namespaces, and merges containers with those they extend.
    pub(super) fn finish(self) -> Result<(Draft, Restricted), Problem> {
        let Self {
            mut draft,
            aliases,
            mut restrictions,
            containers,
            ..
        } = self;
        let (names, roots) = container::merge(containers, &aliases)?;
        draft.roots = roots;
        each_reference(&mut draft, |reference| aliases.expand(reference));
        restrictions.expand(&aliases);
        restrictions.name_containers(names);
        Ok((draft, restrictions))
    }
}

/// Reads a whole document.
pub(super) fn read_document(name: &str, text: &str) -> Result<Document, Problem> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim_start().starts_with(|first| first != '<') {
        let file = Arc::from(name);
        return Err(Place { file, line: 1 }.problem("this is not an XML document"));
    }
    let (elements, end) = parse(name, text, check_root)?;
    let root = match elements.as_slice() {
        [root] => root,
        [_, second, ..] => return Err(second.problem("nothing may follow the end of <Edmx>")),
        [] => return Err(end.problem("the document holds no element")),
    };
    let mut document = Document::default();
    let mut services = false;
    for child in root.children()? {
        match (child.vocabulary, child.name.as_str()) {
            (Vocabulary::Edmx, "DataServices") if !services => {
                services = true;
                child.only(&[])?;
                data_services(&mut document, child)?;
            }
            (Vocabulary::Edmx, "Reference") => reference(&mut document, child)?,
            _ => return Err(child.unexpected("<Edmx>")),
        }
    }
    if !services {
        return Err(root.problem("the element <DataServices> is missing"));
    }
    Ok(document)
}

/// Refuses a root element that is not the one of CSDL.
fn check_root(root: &Element) -> Result<(), Problem> {
    if root.vocabulary != Vocabulary::Edmx || root.name != "Edmx" {
        return Err(root.problem(wrong_root(root)));
    }
    match root.required("Version")? {
        "4.0" | "4.01" | "4.02" => {}
        other => return Err(root.problem(format!("OData version {other} is not understood, only 4.x"))),
    }
    root.only(&["Version"])
}

/// The reason why a root element is not that of CSDL.
fn wrong_root(root: &Element) -> String {
    if root.name.eq_ignore_ascii_case("html") {
        "this is an HTML page, not OData metadata".to_owned()
    } else if root.namespace.starts_with("http://schemas.microsoft.com/ado/") {
        "this is metadata of OData 3 or older, only 4.x is understood".to_owned()
    } else {
        "this is not OData metadata: the outermost element must be <edmx:Edmx> of OData 4".to_owned()
    }
}

/// `edmx:Reference`: only the aliases it declares matter here.
fn reference(document: &mut Document, element: &Element) -> Result<(), Problem> {
    for child in element.children()? {
        match (child.vocabulary, child.name.as_str()) {
            (Vocabulary::Edmx, "Include") => {
                let namespace = child.required("Namespace")?;
                if let Some(alias) = child.optional("Alias") {
                    document.aliases.declare(child, alias, namespace)?;
                }
            }
            (Vocabulary::Edmx, "IncludeAnnotations") | (Vocabulary::Edm, "Annotation") => {}
            _ => return Err(child.unexpected("<Reference>")),
        }
    }
    Ok(())
}

fn data_services(document: &mut Document, element: &Element) -> Result<(), Problem> {
    for child in element.children()? {
        match (child.vocabulary, child.name.as_str()) {
            (Vocabulary::Edm, "Schema") => schema(document, child)?,
            _ => return Err(child.unexpected("<DataServices>")),
        }
    }
    Ok(())
}

fn schema(document: &mut Document, element: &Element) -> Result<(), Problem> {
    element.only(&["Namespace", "Alias"])?;
    let namespace = element.required("Namespace")?;
    if !crate::names::is_namespace(namespace) || namespace == EDM {
        return Err(element.problem(format!("{namespace:?} may not be a namespace")));
    }
    if !document.namespaces.insert(namespace.to_owned()) {
        return Err(element.problem(format!("the namespace {namespace} is declared twice")));
    }
    if let Some(alias) = element.optional("Alias") {
        document.aliases.declare(element, alias, namespace)?;
    }
    for child in element.children()? {
        if child.vocabulary != Vocabulary::Edm {
            return Err(child.unexpected("<Schema>"));
        }
        match child.name.as_str() {
            "EntityType" | "ComplexType" => structured::read(&mut document.draft, namespace, child)?,
            "EnumType" => enums::read(&mut document.draft, namespace, child)?,
            "Action" | "Function" => callables::read(&mut document.draft, namespace, child)?,
            "EntityContainer" => container::read(&mut document.containers, namespace, child)?,
            "TypeDefinition" => definition(document, namespace, child)?,
            "Annotations" => annotations::read_targeted(&mut document.restrictions, child)?,
            "Annotation" | "Term" => {}
            _ => return Err(child.unexpected("<Schema>")),
        }
    }
    Ok(())
}

fn definition(document: &mut Document, namespace: &str, element: &Element) -> Result<(), Problem> {
    element.only(&[
        "Name",
        "UnderlyingType",
        "MaxLength",
        "Precision",
        "Scale",
        "Unicode",
        "SRID",
    ])?;
    let name = QualifiedName {
        namespace: namespace.to_owned(),
        name: names::identifier(element)?.to_owned(),
    };
    let underlying = element.required("UnderlyingType")?;
    let primitive = underlying
        .strip_prefix("Edm.")
        .and_then(Primitive::from_name)
        .ok_or_else(|| element.problem(format!("UnderlyingType {underlying:?} is not a primitive type")))?;
    annotations::only_annotations(element, "<TypeDefinition>")?;
    document.draft.definitions.push(DefinitionDraft {
        name,
        primitive,
        place: element.place.clone(),
    });
    Ok(())
}

/// Visits every reference of a draft.
fn each_reference(draft: &mut Draft, mut visit: impl FnMut(&mut Reference)) {
    for r#type in &mut draft.types {
        r#type.base.iter_mut().for_each(&mut visit);
        r#type
            .properties
            .iter_mut()
            .map(|(_, reference)| reference)
            .for_each(&mut visit);
        r#type
            .navigation
            .iter_mut()
            .map(|(_, reference)| reference)
            .for_each(&mut visit);
    }
    for callable in &mut draft.callables {
        callable.binding.iter_mut().for_each(&mut visit);
        callable
            .parameters
            .iter_mut()
            .map(|(_, reference)| reference)
            .for_each(&mut visit);
        callable
            .returns
            .iter_mut()
            .map(|(_, reference)| reference)
            .for_each(&mut visit);
    }
    draft.roots.iter_mut().map(|root| &mut root.target).for_each(&mut visit);
}
