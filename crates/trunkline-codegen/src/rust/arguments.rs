//! Arguments of constructors and methods.

use proc_macro2::TokenStream;
use quote::quote;
use trunkline_spec::model::{ItemType, Primitive, TypeReference};

use super::scope::Scope;
use crate::names::ident;
use crate::plan::{FieldOrigin, FieldPlan};
use crate::text::{code, sentence};

/// A positional argument.
pub(super) struct Argument {
    /// `name: impl Into<Type>`.
    pub(super) declaration: TokenStream,
    /// The expression of a property's value.
    pub(super) value: TokenStream,
}

impl Argument {
    /// The argument for a field.
    pub(super) fn of_field(scope: &Scope<'_, '_>, field: &FieldPlan<'_>) -> Self {
        Self::new(scope, &field.ident, field.r#type)
    }

    pub(super) fn new(scope: &Scope<'_, '_>, name: &str, r#type: TypeReference) -> Self {
        let name = ident(name);
        let item = scope.item(r#type.item);
        let into = scope.name("Into");
        if r#type.collection {
            let items = scope.name("IntoIterator");
            return Self {
                declaration: quote!(#name: impl #items<Item = impl #into<#item>>),
                value: quote!(#name.into_iter().map(#into::into).collect()),
            };
        }
        match r#type.item {
            ItemType::Primitive(primitive) if is_number(primitive) => Self {
                declaration: quote!(#name: #item),
                value: quote!(#name),
            },
            ItemType::Structured(_) => {
                let nested = scope.name("Nested");
                Self {
                    declaration: quote!(#name: impl #into<#item>),
                    value: quote!(#nested::new(#name.into())),
                }
            }
            _ => Self {
                declaration: quote!(#name: impl #into<#item>),
                value: quote!(#name.into()),
            },
        }
    }
}

/// Booleans and numbers are given as they are.
pub(super) fn is_number(primitive: Primitive) -> bool {
    use Primitive::{Boolean, Byte, Double, Int16, Int32, Int64, SByte, Single};
    matches!(
        primitive,
        Boolean | Byte | Double | Int16 | Int32 | Int64 | SByte | Single
    )
}

/// A field as an item of a list of arguments.
pub(super) fn field_item(field: &FieldPlan<'_>) -> String {
    let documentation = match field.origin {
        FieldOrigin::Property(property) => &property.documentation,
        FieldOrigin::Contained(documentation) => documentation,
    };
    item(&field.ident, documentation)
}

/// An item of a list of arguments.
pub(super) fn item(name: &str, documentation: &str) -> String {
    if documentation.is_empty() {
        sentence(&code(name))
    } else {
        format!("{}: {}", code(name), sentence(documentation))
    }
}
