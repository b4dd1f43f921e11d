//! Enumerations.

use proc_macro2::Literal;
use quote::quote;
use trunkline_spec::model::EnumId;

use super::file::Piece;
use super::scope::Scope;
use crate::text::{Documentation, code};

/// An enumeration, and how it is answered by functions.
pub(super) fn pieces(scope: &Scope<'_, '_>, id: EnumId) -> Vec<Piece> {
    let r#enum = scope.plan.model.enumeration(id);
    let plan = scope.plan.enumeration(id);
    scope.import("open_enum");
    let mut documentation = Documentation::of(&r#enum.documentation);
    if r#enum.documentation.is_empty() {
        documentation.paragraph(&format!("{}: enumeration.", code(&r#enum.name.to_string())));
    }
    if r#enum.flags {
        documentation.paragraph("Members combine.");
    }
    let name = Literal::string(&r#enum.name.to_string());
    let mut text = format!(
        "open_enum! {{\n{}    pub enum {} = {name} {{\n",
        documentation.comment("    "),
        plan.ident
    );
    for (member, ident) in r#enum.members.iter().zip(&plan.members) {
        let mut documentation = Documentation::of(&member.documentation);
        if member.documentation.is_empty() {
            documentation.paragraph(&format!("{}.", code(&member.name)));
        }
        if member.prefer {
            documentation.paragraph("Sent only to requests that prefer `include-unknown-enum-members`.");
        }
        text.push_str(&documentation.comment("        "));
        text.push_str(&format!("        {ident} = {},\n", Literal::string(&member.name)));
    }
    text.push_str("    }\n}\n");
    let mut pieces = vec![Piece::Table(text)];
    if plan.answered {
        let name = scope.plain_enum(id);
        let (decode, error) = (scope.name("Decode"), scope.name("DecodeError"));
        let (string, result) = (scope.name("String"), scope.name("Result"));
        let open_enum = scope.name("OpenEnum");
        pieces.push(Piece::Items(quote! {
            impl #decode for #name {
                #[inline]
                fn decode(text: &str) -> #result<Self, #error> {
                    <#string as #decode>::decode(text).map(|text| <Self as #open_enum>::from_wire(&text))
                }
            }
        }));
    }
    pieces
}
