//! Pieces of Rust on one line.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Attribute, FnArg, Generics, Meta, Pat, Signature, Type, Visibility};

/// Whether an item can be named from everywhere, as far as it is concerned.
pub(super) fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// Whether an item is public for macros alone.
pub(super) fn is_hidden(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        Meta::List(list) => list.path.is_ident("doc") && list.tokens.to_string() == "hidden",
        _ => false,
    })
}

/// The attributes that users feel, each followed by a space.
pub(super) fn felt_attributes(attributes: &[Attribute]) -> String {
    attributes
        .iter()
        .filter(|attribute| {
            ["cfg", "non_exhaustive", "deprecated"]
                .iter()
                .any(|name| attribute.path().is_ident(name))
        })
        .map(|attribute| format!("{} ", one_line(&attribute.to_token_stream().to_string())))
        .map(|text| {
            text.replace("# [", "#[")
                .replace(" (", "(")
                .replace("( ", "(")
                .replace(" )", ")")
        })
        .collect()
}

/// A type.
pub(super) fn r#type(r#type: &Type) -> String {
    between(quote!(type T = #r#type;), "type T = ", ";")
}

/// Generic parameters with their bounds, in angle brackets.
pub(super) fn generics(generics: &Generics) -> String {
    let parameters = &generics.params;
    if parameters.is_empty() {
        return String::new();
    }
    between(quote!(fn f<#parameters>() {}), "fn f", "() {}")
}

/// Where clauses, with a space before.
pub(super) fn conditions(generics: &Generics) -> String {
    let Some(clause) = &generics.where_clause else {
        return String::new();
    };
    let text = between(quote!(fn f() #clause {}), "fn f()", "{}");
    format!(" {}", text.trim().trim_end_matches(','))
}

/// A function's signature with another name.
pub(super) fn signature(signature: &Signature, name: &str) -> String {
    let mut named = signature.clone();
    named.ident = syn::Ident::new("f", proc_macro2::Span::call_site());
    // Whether a function changes its own copy of an argument is its own affair.
    for argument in &mut named.inputs {
        match argument {
            FnArg::Receiver(own) if own.reference.is_none() && own.colon_token.is_none() => own.mutability = None,
            FnArg::Typed(typed) => {
                if let Pat::Ident(name) = &mut *typed.pat {
                    name.mutability = None;
                }
            }
            FnArg::Receiver(_) => {}
        }
    }
    let text = between(quote!(trait T { #named; }), "trait T {", "}");
    let text = text
        .trim()
        .trim_end_matches(';')
        .trim_end()
        .trim_end_matches(',')
        .to_owned();
    text.replacen("fn f", &format!("fn {name}"), 1)
}

/// Any other tokens, bounds for instance: `T: <tokens>`.
pub(super) fn bounds(tokens: &impl ToTokens) -> String {
    between(quote!(trait T: #tokens {}), "trait T: ", " {}")
}

/// A path, of a trait for instance.
pub(super) fn path(path: &syn::Path) -> String {
    between(quote!(type T = #path;), "type T = ", ";")
}

/// Formats tokens as a file and takes what stands between two texts.
fn between(tokens: TokenStream, start: &str, end: &str) -> String {
    let text = match syn::parse2::<syn::File>(tokens.clone()) {
        Ok(file) => prettyplease::unparse(&file),
        // Unusual but not wrong: shown as the tokens are.
        Err(_) => tokens.to_string(),
    };
    let text = one_line(&text);
    let text = text.strip_prefix(start).unwrap_or(&text);
    text.strip_suffix(end).unwrap_or(text).trim().to_owned()
}

/// Any tokens at all.
pub(super) fn tokens(tokens: &TokenStream) -> String {
    one_line(&tokens.to_string())
        .replace(" :: ", "::")
        .replace(" ,", ",")
        .replace(" )", ")")
        .replace(" (", "(")
}

/// A text with single spaces, without the commas and spaces of a broken list.
pub(super) fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words
        .join(" ")
        .replace("( ", "(")
        .replace(", )", ")")
        .replace("< ", "<")
        .replace(", >", ">")
        .replace("[ ", "[")
}
