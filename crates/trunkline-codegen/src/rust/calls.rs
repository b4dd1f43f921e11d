//! Actions and functions as methods, and the bodies of actions.

use proc_macro2::TokenStream;
use quote::quote;
use trunkline_spec::model::{CallableKind, ItemType, OperationResult, Parameter, Primitive, TypeReference};

use super::arguments::Argument;
use super::documentation;
use super::file::Piece;
use super::records;
use super::scope::Scope;
use crate::names::ident;
use crate::plan::{BodyField, CallPlan};
use crate::text::{Documentation, code};

/// The method that invokes an action or a function.
pub(super) fn method(scope: &Scope<'_, '_>, call: &CallPlan<'_>) -> TokenStream {
    let documentation = documentation::of_call(scope, call).tokens();
    let callable = scope.plan.model.callable(call.callable);
    let segment = callable.name.name.as_str();
    let name = ident(&call.method);
    let answer = answer(scope, call);
    let (arguments, returned, result) = match (callable.kind, &call.body) {
        (CallableKind::Action, Some(body)) => {
            let (arguments, fields) = positional(scope, &body.fields);
            let (call, body, default, r#type) = (
                scope.name("Call"),
                scope.body(body),
                scope.name("Default"),
                answer.value(scope),
            );
            let value = quote!(#call::new(self.handle(), #segment, #body { #(#fields,)* ..#default::default() }));
            (arguments, quote!(#call<#body, #r#type>), value)
        }
        (CallableKind::Action, None) => {
            let (request, r#type) = (scope.name("Request"), answer.value(scope));
            (
                Vec::new(),
                quote!(#request<#r#type>),
                quote!(self.handle().action(#segment)),
            )
        }
        (CallableKind::Function, _) => {
            let parameters = callable.parameters.iter().zip(&call.arguments);
            let parameters: Vec<FunctionArgument> = parameters
                .map(|(parameter, name)| FunctionArgument::new(scope, name, parameter))
                .collect();
            let arguments = parameters
                .iter()
                .map(|parameter| parameter.declaration.clone())
                .collect();
            let conversions = parameters.iter().map(|parameter| &parameter.conversion);
            let pairs = parameters.iter().map(|parameter| &parameter.pair);
            let (returned, function) = answer.request(scope);
            (
                arguments,
                returned,
                quote!(#(#conversions)* self.handle().#function(#segment, &[#(#pairs),*])),
            )
        }
    };
    let deprecated = documentation::deprecation(scope, call);
    quote! {
        #documentation
        #deprecated
        #[inline]
        pub fn #name(&self, #(#arguments),*) -> #returned {
            #result
        }
    }
}

/// Declarations of the required parameters, and their fields.
fn positional(scope: &Scope<'_, '_>, fields: &[BodyField<'_>]) -> (Vec<TokenStream>, Vec<TokenStream>) {
    let required = fields.iter().filter(|field| field.setter.is_none());
    let property = scope.name("Property");
    let pairs = required.map(|field| {
        let name = ident(&field.ident);
        let argument = Argument::new(scope, &field.ident, field.parameter.r#type);
        let value = argument.value;
        (argument.declaration, quote!(#name: #property::Value(#value)))
    });
    pairs.unzip()
}

/// The result of a call.
enum Answer {
    Nothing,
    One(ItemType),
    Optional(ItemType),
    Many(ItemType),
    LongRunning(trunkline_spec::model::TypeId),
}

fn answer(scope: &Scope<'_, '_>, call: &CallPlan<'_>) -> Answer {
    let model = scope.plan.model;
    let of = |r#type: TypeReference| {
        if r#type.collection {
            Answer::Many(r#type.item)
        } else {
            Answer::One(r#type.item)
        }
    };
    let Some(operation) = call.operations.first().and_then(|index| model.operations.get(*index)) else {
        return model
            .callable(call.callable)
            .returns
            .map_or(Answer::Nothing, |returns| of(returns.r#type));
    };
    if let Some(long_running) = &operation.long_running {
        return Answer::LongRunning(long_running.r#type);
    }
    match operation.result {
        OperationResult::None | OperationResult::Batch => Answer::Nothing,
        OperationResult::Value { r#type, optional: true } if !r#type.collection => Answer::Optional(r#type.item),
        OperationResult::Value { r#type, .. } => of(r#type),
        OperationResult::Pages(item) => Answer::Many(item),
    }
}

impl Answer {
    /// The value of a response.
    fn value(&self, scope: &Scope<'_, '_>) -> TokenStream {
        match self {
            Self::Nothing => quote!(()),
            Self::One(item) => one(scope, *item),
            Self::Optional(item) => {
                let (option, item) = (scope.name("Option"), one(scope, *item));
                quote!(#option<#item>)
            }
            Self::Many(item) => {
                let (page, item) = (scope.name("Page"), scope.item(*item));
                quote!(#page<#item>)
            }
            Self::LongRunning(id) => {
                let (long_running, record) = (scope.name("LongRunning"), scope.instance(*id));
                quote!(#long_running<#record>)
            }
        }
    }

    /// The request of a function, and the method that makes it.
    fn request(&self, scope: &Scope<'_, '_>) -> (TokenStream, TokenStream) {
        if let Self::Many(item) = self {
            let (request, item) = (scope.name("ListRequest"), scope.item(*item));
            return (quote!(#request<#item>), quote!(function_many));
        }
        let (request, value) = (scope.name("Request"), self.value(scope));
        (quote!(#request<#value>), quote!(function))
    }
}

/// A single answer. Combined members of an enumeration come as text, and a stream is no JSON.
fn one(scope: &Scope<'_, '_>, item: ItemType) -> TokenStream {
    match item {
        ItemType::Enum(id) if scope.plan.model.enumeration(id).flags => scope.name("String"),
        ItemType::Primitive(Primitive::Stream) => scope.name("RawBody"),
        item => scope.item(item),
    }
}

/// An argument of a function, which becomes part of the path.
struct FunctionArgument {
    declaration: TokenStream,
    conversion: TokenStream,
    pair: TokenStream,
}

impl FunctionArgument {
    fn new(scope: &Scope<'_, '_>, name: &str, parameter: &Parameter) -> Self {
        let Parameter { name: wire, r#type, .. } = parameter;
        let Argument { declaration, value } = Argument::new(scope, name, *r#type);
        let (name, literal) = (ident(name), scope.name("Literal"));
        let converted = |value: TokenStream| {
            let r#type = scope.property(*r#type);
            quote!(let #name: #r#type = #value;)
        };
        let bare = |value: TokenStream| quote!((#wire, #literal::Bare(#value.to_string().into())));
        let json = || quote!((#wire, #literal::Bare(super::handles::json(&#name).into())));
        let (conversion, pair) = match (r#type.collection, r#type.item) {
            (true, _) | (false, ItemType::Structured(_) | ItemType::Primitive(Primitive::Untyped)) => {
                (converted(value), json())
            }
            (false, ItemType::Enum(id)) => {
                let text = if scope.plan.model.enumeration(id).flags {
                    quote!(#name.to_wire())
                } else {
                    let open_enum = scope.name("OpenEnum");
                    quote!(#open_enum::as_str(&#name))
                };
                (converted(value), quote!((#wire, #literal::from(#text))))
            }
            (false, ItemType::Primitive(primitive)) => match primitive {
                Primitive::String => (converted(value), quote!((#wire, #literal::from(#name)))),
                Primitive::Boolean | Primitive::Int64 => (TokenStream::new(), quote!((#wire, #literal::from(#name)))),
                Primitive::Byte | Primitive::SByte | Primitive::Int16 | Primitive::Int32 => {
                    (TokenStream::new(), quote!((#wire, #literal::from(i64::from(#name)))))
                }
                Primitive::Single | Primitive::Double => (TokenStream::new(), bare(quote!(#name))),
                Primitive::Decimal => (converted(value), bare(quote!(#name.as_str()))),
                _ => (converted(value), bare(quote!(#name))),
            },
        };
        Self {
            declaration,
            conversion,
            pair,
        }
    }
}

/// The body struct of a call that declares it, and the methods that set its optional parameters.
pub(super) fn body(scope: &Scope<'_, '_>, call: &CallPlan<'_>) -> Vec<Piece> {
    let Some(body) = call.body.as_ref().filter(|body| body.declared) else {
        return Vec::new();
    };
    let callable = scope.plan.model.callable(call.callable);
    let name = scope.body(body);
    let (property, additional) = (scope.name("Property"), scope.name("Additional"));
    let documentation =
        Documentation::of(&format!("What {} is called with.", code(&callable.name.to_string()))).tokens();
    let fields = body.fields.iter().map(|field| {
        let (documentation, name, r#type) = (
            parameter_documentation(scope, field.parameter),
            ident(&field.ident),
            scope.property(field.parameter.r#type),
        );
        quote! {
            #documentation
            pub #name: #property<#r#type>,
        }
    });
    let declaration = quote! {
        #documentation
        #[derive(Default)]
        pub struct #name {
            #(#fields)*
            /// Members that are sent beyond these.
            pub additional: #additional,
        }
    };
    let entries = body.fields.iter().map(|field| {
        let Parameter {
            name,
            sensitivity,
            grammar,
            ..
        } = field.parameter;
        records::Entry {
            ident: &field.ident,
            wire: name,
            sensitivity: *sensitivity,
            grammar: grammar.as_deref(),
            range: None,
        }
    });
    let table = records::table(scope, &body.ident, &callable.name.to_string(), entries);
    let setters: Vec<TokenStream> = body
        .fields
        .iter()
        .filter_map(|field| {
            let method = ident(field.setter.as_ref()?);
            let (documentation, name, r#type) = (
                parameter_documentation(scope, field.parameter),
                ident(&field.ident),
                scope.property(field.parameter.r#type),
            );
            let into = scope.name("Into");
            Some(quote! {
                #documentation
                #[inline]
                pub fn #method(mut self, value: impl #into<#property<#r#type>>) -> Self {
                    self.body.#name = value.into();
                    self
                }
            })
        })
        .collect();
    let mut pieces = vec![Piece::Items(declaration), Piece::Table(table)];
    if !setters.is_empty() {
        let call = scope.name("Call");
        pieces.push(Piece::Items(quote! {
            impl<R> #call<#name, R> {
                #(#setters)*
            }
        }));
    }
    pieces
}

fn parameter_documentation(scope: &Scope<'_, '_>, parameter: &Parameter) -> TokenStream {
    let mut text = Documentation::of(&parameter.documentation);
    if parameter.documentation.is_empty() {
        text.paragraph(&format!(
            "{}: {}.",
            code(&parameter.name),
            code(&scope.plan.model.type_name(parameter.r#type))
        ));
    }
    text.tokens()
}
