//! Structs with their tables.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use trunkline_spec::model::{Sensitivity, StructuredKind, TypeId};

use super::abilities;
use super::arguments::{self, Argument};
use super::file::Piece;
use super::scope::Scope;
use crate::names::{ident, snake_case};
use crate::plan::{FieldOrigin, FieldPlan, Receiver};
use crate::text::{Documentation, code};

/// A struct, its table, what it derives from, and what is offered on it.
pub(super) fn pieces(scope: &Scope<'_, '_>, id: TypeId, operations: Option<Vec<String>>) -> Vec<Piece> {
    let r#type = scope.plan.model.structured(id);
    let plan = scope.plan.record(id);
    let mut documentation = Documentation::of(&r#type.documentation);
    if r#type.documentation.is_empty() {
        let kind = match r#type.kind {
            StructuredKind::Entity => "entity",
            StructuredKind::Complex => "complex",
        };
        documentation.paragraph(&format!("{}: {kind} type.", code(&r#type.name.to_string())));
    }
    if let Some(operations) = operations {
        documentation.heading("Operations");
        documentation.verbatim(operations);
    }
    let fields = plan.fields.iter().map(|field| {
        let (documentation, name, r#type) = (
            field_documentation(scope, field).tokens(),
            ident(&field.ident),
            scope.property(field.r#type),
        );
        let property = scope.name("Property");
        quote! {
            #documentation
            pub #name: #property<#r#type>,
        }
    });
    let (documentation, name, additional) = (documentation.tokens(), ident(&plan.ident), scope.name("Additional"));
    let declaration = quote! {
        #documentation
        #[derive(Default)]
        pub struct #name {
            #(#fields)*
            /// Members that the service sent beyond these.
            pub additional: #additional,
        }
    };
    let entries = plan.fields.iter().map(|field| {
        let (grammar, range) = match field.origin {
            FieldOrigin::Property(property) => (property.grammar.as_deref(), property.range),
            FieldOrigin::Contained(_) => (None, None),
        };
        Entry {
            ident: &field.ident,
            wire: field.wire,
            sensitivity: field.sensitivity,
            grammar,
            range,
        }
    });
    let mut rest = derivation(scope, id);
    if r#type.kind == StructuredKind::Entity {
        rest.extend(abilities::abilities(scope, id));
    }
    rest.extend(construction(scope, id));
    vec![
        Piece::Items(declaration),
        Piece::Table(table(scope, &plan.ident, &r#type.name.to_string(), entries)),
        Piece::Items(rest),
    ]
}

fn field_documentation(scope: &Scope<'_, '_>, field: &FieldPlan<'_>) -> Documentation {
    let documentation = match field.origin {
        FieldOrigin::Property(property) => &property.documentation,
        FieldOrigin::Contained(documentation) => documentation,
    };
    let mut text = Documentation::of(documentation);
    if documentation.is_empty() {
        text.paragraph(&format!(
            "{}: {}.",
            code(field.wire),
            code(&scope.plan.model.type_name(field.r#type))
        ));
    }
    if let FieldOrigin::Property(property) = field.origin {
        if let Some((least, largest)) = property.range {
            text.paragraph(&format!("From {least} to {largest}; checked before anything is sent."));
        }
        if let Some(deprecated) = &property.deprecated {
            text.paragraph(&format!("Deprecated {deprecated}."));
        }
    }
    text
}

/// A line of a field table.
pub(super) struct Entry<'t> {
    /// Name of the field.
    pub(super) ident: &'t str,
    /// Wire name.
    pub(super) wire: &'t str,
    /// How it may be shown.
    pub(super) sensitivity: Sensitivity,
    /// Grammar of its text, which the runtime knows by that name in snake case.
    pub(super) grammar: Option<&'t str>,
    /// The least and the largest number.
    pub(super) range: Option<(i64, i64)>,
}

/// The field table of a struct.
pub(super) fn table<'t>(
    scope: &Scope<'_, '_>,
    ident: &str,
    name: &str,
    entries: impl Iterator<Item = Entry<'t>>,
) -> String {
    scope.import("record");
    let mut text = format!("record! {{ {ident} = {} {{\n", Literal::string(name));
    for (
        index,
        Entry {
            ident,
            wire,
            sensitivity,
            grammar,
            range,
        },
    ) in entries.enumerate()
    {
        let sensitivity = match sensitivity {
            Sensitivity::Public => "",
            Sensitivity::Personal => " personal",
            Sensitivity::Secret => " secret",
        };
        let grammar = grammar.map_or_else(String::new, |grammar| format!(" {}", snake_case(grammar)));
        let range = range.map_or_else(String::new, |(least, largest)| format!(" range({least}, {largest})"));
        text.push_str(&format!(
            "    {index} {ident} = {}{sensitivity}{grammar}{range},\n",
            Literal::string(wire)
        ));
    }
    text.push_str("} }\n");
    // A crate of everything in a metadata file leaves serde's traits to a feature; see `serde_record!`.
    if scope.plan.model.operations.is_empty() {
        text.push_str("#[cfg(feature = \"serde\")]\n");
    }
    text.push_str(&format!("trunkline_core::serde_record! {{ {ident} }}\n"));
    text
}

/// The base of a type, and the types that derive from it.
fn derivation(scope: &Scope<'_, '_>, id: TypeId) -> TokenStream {
    let model = scope.plan.model;
    let (record, derived_from) = (scope.record(id), scope.name("DerivedFrom"));
    // An ancestor that offers nothing of its own and stands nowhere as a type is never asked for.
    let matters = |ancestor: &TypeId| {
        let methods = !scope.plan.record(*ancestor).navigation.is_empty()
            || scope.plan.calls.iter().any(
                |call| matches!(call.receiver, Receiver::Entity(of) | Receiver::Collection(of) if of == *ancestor),
            );
        *ancestor == id || methods || scope.plan.record(*ancestor).polymorphic
    };
    let ancestors = model.lineage(id).filter(matters).map(|ancestor| scope.record(ancestor));
    let mut tokens = quote!(#(impl #derived_from<#ancestors> for #record {})*);
    if scope.plan.record(id).polymorphic {
        let (polymorphic, derived) = (scope.name("Polymorphic"), scope.name("Derived"));
        let types = model.structured(id).derived.iter().map(|id| scope.record(*id));
        tokens.extend(quote! {
            impl #polymorphic for #record {
                const DERIVED: &'static [#derived] = &[#(#derived::of::<#types>()),*];
            }
        });
    }
    tokens
}

/// The constructor and the setters of what operations write.
fn construction(scope: &Scope<'_, '_>, id: TypeId) -> TokenStream {
    let plan = scope.plan.record(id);
    let name = scope.record(id);
    let constructor = plan.constructor.as_ref().map(|fields| {
        let arguments = fields
            .iter()
            .map(|index| Argument::of_field(scope, &plan.fields[*index]));
        let arguments: Vec<Argument> = arguments.collect();
        let (declared, values) = (
            arguments.iter().map(|argument| &argument.declaration),
            arguments.iter().map(|argument| &argument.value),
        );
        let idents = fields.iter().map(|index| ident(&plan.fields[*index].ident));
        let (property, default) = (scope.name("Property"), scope.name("Default"));
        let mut documentation = Documentation::of("One with all that the service asks for when it is written.");
        documentation.list(
            fields
                .iter()
                .map(|index| &plan.fields[*index])
                .map(arguments::field_item)
                .collect::<Vec<_>>()
                .iter()
                .map(String::as_str),
        );
        let documentation = documentation.tokens();
        quote! {
            #documentation
            #[must_use]
            #[inline]
            pub fn new(#(#declared),*) -> Self {
                Self { #(#idents: #property::Value(#values),)* ..#default::default() }
            }
        }
    });
    let setters = plan.setters.iter().map(|index| {
        let field = &plan.fields[*index];
        let (method, name, r#type) = (
            ident(&format!("set_{}", field.ident.trim_end_matches('_'))),
            ident(&field.ident),
            scope.property(field.r#type),
        );
        let (property, into) = (scope.name("Property"), scope.name("Into"));
        let documentation = field_documentation(scope, field).tokens();
        quote! {
            #documentation
            #[must_use]
            #[inline]
            pub fn #method(mut self, value: impl #into<#property<#r#type>>) -> Self {
                self.#name = value.into();
                self
            }
        }
    });
    let setters: Vec<TokenStream> = setters.collect();
    if constructor.is_none() && setters.is_empty() {
        return TokenStream::new();
    }
    quote! {
        impl #name {
            #constructor
            #(#setters)*
        }
    }
}
