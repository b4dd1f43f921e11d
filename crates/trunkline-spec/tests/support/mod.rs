//! Functions that several tests use.
#![allow(dead_code, reason = "every test file uses its own part")]

pub(crate) mod small_spec;

use trunkline_spec::Model;
use trunkline_spec::model::{Callable, EnumType, StructuredType, TypeId};

/// A metadata document with one schema `ns` (alias `self`), whose content begins in line 4.
pub(crate) fn document(content: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
         <edmx:Edmx Version=\"4.0\" xmlns:edmx=\"http://docs.oasis-open.org/odata/ns/edmx\"><edmx:DataServices>\n\
         <Schema Namespace=\"ns\" Alias=\"self\" xmlns=\"http://docs.oasis-open.org/odata/ns/edm\">\n\
         {content}\n\
         </Schema></edmx:DataServices></edmx:Edmx>\n"
    )
}

/// Reads a document made by [`document`].
pub(crate) fn read(content: &str) -> Model {
    match trunkline_spec::read_csdl_text("test.csdl", &document(content)) {
        Ok(model) => model,
        Err(error) => panic!("{error}"),
    }
}

/// Why a document is refused.
pub(crate) fn refusal(text: &str) -> String {
    match trunkline_spec::read_csdl_text("test.csdl", text) {
        Ok(_) => "(was read)".to_owned(),
        Err(error) => error.to_string(),
    }
}

/// A type by its short name.
pub(crate) fn structured<'model>(model: &'model Model, name: &str) -> &'model StructuredType {
    model.types.iter().find(|r#type| r#type.name.name == name).unwrap()
}

/// The id of a type by its short name.
pub(crate) fn id(model: &Model, name: &str) -> TypeId {
    TypeId(model.types.iter().position(|r#type| r#type.name.name == name).unwrap() as u32)
}

/// An enumeration by its short name.
pub(crate) fn enumeration<'model>(model: &'model Model, name: &str) -> &'model EnumType {
    model.enums.iter().find(|r#enum| r#enum.name.name == name).unwrap()
}

/// Actions and functions by their short name.
pub(crate) fn callables<'model>(model: &'model Model, name: &str) -> Vec<&'model Callable> {
    model
        .callables
        .iter()
        .filter(|callable| callable.name.name == name)
        .collect()
}

/// Panics when an id of the model leads nowhere, or something is not sorted.
pub(crate) fn check_integrity(model: &Model) {
    use trunkline_spec::model::ItemType;
    let item = |item: ItemType| match item {
        ItemType::Primitive(_) => {}
        ItemType::Enum(id) => assert!((id.0 as usize) < model.enums.len()),
        ItemType::Structured(id) => assert!((id.0 as usize) < model.types.len()),
    };
    for (index, r#type) in model.types.iter().enumerate() {
        r#type.properties.iter().for_each(|property| item(property.r#type.item));
        r#type
            .navigation
            .iter()
            .for_each(|navigation| item(ItemType::Structured(navigation.target)));
        assert!(model.lineage(TypeId(index as u32)).count() <= model.types.len());
        for derived in &r#type.derived {
            assert!(model.is_a(*derived, TypeId(index as u32)));
        }
        assert!(r#type.derived.is_sorted());
    }
    for callable in &model.callables {
        callable
            .parameters
            .iter()
            .for_each(|parameter| item(parameter.r#type.item));
        callable.binding.iter().for_each(|binding| item(binding.item));
        callable.returns.iter().for_each(|returns| item(returns.r#type.item));
    }
    model
        .roots
        .iter()
        .for_each(|root| item(ItemType::Structured(root.target)));
    assert!(model.types.is_sorted_by(|a, b| a.name < b.name));
    assert!(model.enums.is_sorted_by(|a, b| a.name < b.name));
    assert!(model.callables.is_sorted_by(|a, b| a.name <= b.name));
    assert!(model.roots.is_sorted_by(|a, b| a.name < b.name));
}
