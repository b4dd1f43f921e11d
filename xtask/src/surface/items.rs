//! An item as lines of text.

use syn::{Fields, ImplItem, Item, ItemImpl, ItemTrait, TraitItem};

use super::macros;
use super::print;
use super::sources::{attributes, name_of};

/// A line, with what it is sorted by.
pub(super) type Line = (String, String);

/// The lines of an item that can be named `path`.
pub(super) fn lines(item: &Item, path: &str) -> Vec<Line> {
    let before = print::felt_attributes(attributes(item));
    let mut lines = Vec::new();
    let mut line = |text: String| lines.push((path.to_owned(), format!("{before}{text}")));
    match item {
        Item::Const(item) => line(format!("pub const {path}: {}", print::r#type(&item.ty))),
        Item::Static(item) => line(format!("pub static {path}: {}", print::r#type(&item.ty))),
        Item::Fn(item) => line(format!("pub {}", print::signature(&item.sig, path))),
        Item::Type(item) => line(format!(
            "pub type {path}{} = {}",
            print::generics(&item.generics),
            print::r#type(&item.ty)
        )),
        Item::Struct(item) => {
            line(format!(
                "pub struct {path}{}{}{}",
                print::generics(&item.generics),
                print::conditions(&item.generics),
                shape(&item.fields)
            ));
            lines.extend(fields(&item.fields, path));
            lines.extend(derives(&item.attrs, path));
        }
        Item::Enum(item) => {
            line(format!(
                "pub enum {path}{}{}",
                print::generics(&item.generics),
                print::conditions(&item.generics)
            ));
            for variant in item.variants.iter().filter(|variant| !print::is_hidden(&variant.attrs)) {
                let name = format!("{path}::{}", name_of(&variant.ident));
                let felt = print::felt_attributes(&variant.attrs);
                let text = format!("{felt}variant {name}{}", contents(&variant.fields));
                lines.push((name, text));
            }
            lines.extend(derives(&item.attrs, path));
        }
        Item::Union(item) => line(format!("pub union {path}{}", print::generics(&item.generics))),
        Item::Trait(item) => {
            line(trait_line(item, path));
            lines.extend(item.items.iter().filter_map(|item| of_trait(item, path)));
        }
        Item::Macro(call) => lines.extend(
            macros::declared(&call.mac)
                .iter()
                .flat_map(|declared| declared.lines(path)),
        ),
        _ => {}
    }
    lines
}

/// Whether a struct can be written down by users.
fn shape(fields: &Fields) -> &'static str {
    match fields {
        Fields::Unit => ";",
        fields if fields.iter().all(|field| print::is_public(&field.vis)) => "",
        _ => " { .. }",
    }
}

fn fields(fields: &Fields, path: &str) -> Vec<Line> {
    fields
        .iter()
        .enumerate()
        .filter(|(_, field)| print::is_public(&field.vis) && !print::is_hidden(&field.attrs))
        .map(|(index, field)| {
            let name = field.ident.as_ref().map_or_else(|| index.to_string(), name_of);
            let name = format!("{path}::{name}");
            let felt = print::felt_attributes(&field.attrs);
            let text = format!("{felt}pub field {name}: {}", print::r#type(&field.ty));
            (name, text)
        })
        .collect()
}

/// The fields of a variant.
fn contents(fields: &Fields) -> String {
    let list = |separator: &str| {
        let parts: Vec<String> = fields
            .iter()
            .map(|field| {
                let name = field.ident.as_ref().map(|name| format!("{}: ", name_of(name)));
                name.unwrap_or_default() + &print::r#type(&field.ty)
            })
            .collect();
        parts.join(separator)
    };
    match fields {
        Fields::Unit => String::new(),
        Fields::Unnamed(_) => format!("({})", list(", ")),
        Fields::Named(_) => format!(" {{ {} }}", list(", ")),
    }
}

/// Derived traits, as implementations.
fn derives(attributes: &[syn::Attribute], path: &str) -> Vec<Line> {
    let mut lines = Vec::new();
    for attribute in attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("derive"))
    {
        let parsed =
            attribute.parse_args_with(syn::punctuated::Punctuated::<syn::Path, syn::Token![,]>::parse_terminated);
        for derived in parsed.into_iter().flatten() {
            lines.push((path.to_owned(), format!("impl {} for {path}", print::path(&derived))));
        }
    }
    lines
}

fn trait_line(item: &ItemTrait, path: &str) -> String {
    let bounds = if item.supertraits.is_empty() {
        String::new()
    } else {
        format!(": {}", print::bounds(&item.supertraits))
    };
    format!(
        "pub trait {path}{}{bounds}{}",
        print::generics(&item.generics),
        print::conditions(&item.generics)
    )
}

/// An item of a trait: what implementers must write, and what they may.
fn of_trait(item: &TraitItem, path: &str) -> Option<Line> {
    let kind = |provided: bool| if provided { "provided" } else { "required" };
    let (name, text) = match item {
        TraitItem::Fn(item) if !print::is_hidden(&item.attrs) => {
            let name = format!("{path}::{}", name_of(&item.sig.ident));
            let text = format!(
                "{} {}",
                kind(item.default.is_some()),
                print::signature(&item.sig, &name)
            );
            (name, text)
        }
        TraitItem::Type(item) if !print::is_hidden(&item.attrs) => {
            let name = format!("{path}::{}", name_of(&item.ident));
            let mut text = format!(
                "{} type {name}{}",
                kind(item.default.is_some()),
                print::generics(&item.generics)
            );
            if !item.bounds.is_empty() {
                text.push_str(": ");
                text.push_str(&print::bounds(&item.bounds));
            }
            (name, text)
        }
        TraitItem::Const(item) if !print::is_hidden(&item.attrs) => {
            let name = format!("{path}::{}", name_of(&item.ident));
            let text = format!(
                "{} const {name}: {}",
                kind(item.default.is_some()),
                print::r#type(&item.ty)
            );
            (name, text)
        }
        _ => return None,
    };
    Some((name, text))
}

/// The lines of an implementation for a type that can be named `path`.
pub(super) fn of_impl(item: &ItemImpl, path: &str) -> Vec<Line> {
    let before = print::felt_attributes(&item.attrs);
    if let Some((negative, r#trait, _)) = &item.trait_ {
        let text = format!(
            "{before}impl{} {}{} for {path}{}{}",
            print::generics(&item.generics),
            if negative.is_some() { "!" } else { "" },
            print::path(r#trait),
            arguments(&item.self_ty),
            print::conditions(&item.generics)
        );
        return vec![(path.to_owned(), text)];
    }
    // Methods that exist for some arguments only say for which.
    let condition = match arguments(&item.self_ty) {
        arguments if arguments.is_empty() => String::new(),
        arguments => format!(
            " [impl{} {}{arguments}{}]",
            print::generics(&item.generics),
            path.rsplit("::").next().unwrap_or(path),
            print::conditions(&item.generics)
        ),
    };
    let mut lines = Vec::new();
    for item in &item.items {
        let (name, text) = match item {
            ImplItem::Fn(item) if print::is_public(&item.vis) && !print::is_hidden(&item.attrs) => {
                let name = format!("{path}::{}", name_of(&item.sig.ident));
                let felt = print::felt_attributes(&item.attrs);
                let text = format!("{felt}pub {}", print::signature(&item.sig, &name));
                (name, text)
            }
            ImplItem::Const(item) if print::is_public(&item.vis) && !print::is_hidden(&item.attrs) => {
                let name = format!("{path}::{}", name_of(&item.ident));
                let text = format!("pub const {name}: {}", print::r#type(&item.ty));
                (name, text)
            }
            _ => continue,
        };
        lines.push((name, format!("{before}{text}{condition}")));
    }
    lines
}

/// The generic arguments of the last segment of a type, in angle brackets.
fn arguments(r#type: &syn::Type) -> String {
    let text = match r#type {
        syn::Type::Path(named) => match named.path.segments.last().map(|segment| &segment.arguments) {
            Some(arguments) if !arguments.is_none() => print::r#type(&syn::Type::Path(last_segment(named))),
            _ => return String::new(),
        },
        _ => return String::new(),
    };
    text.find('<').map(|start| text[start..].to_owned()).unwrap_or_default()
}

fn last_segment(named: &syn::TypePath) -> syn::TypePath {
    let segments = named.path.segments.last().cloned().into_iter().collect();
    syn::TypePath {
        qself: None,
        path: syn::Path {
            leading_colon: None,
            segments,
        },
    }
}
