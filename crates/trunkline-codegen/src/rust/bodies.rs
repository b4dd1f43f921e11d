//! The table of what bodies hold, by type.

use quote::quote;

use super::file::{Piece, SourceFile};
use super::scope::Scope;
use crate::plan::{Plan, type_ids};

/// The file.
pub(super) fn file(plan: &Plan<'_>) -> SourceFile {
    let scope = Scope::handles(plan);
    let records: Vec<_> = type_ids(plan.model)
        .filter(|id| plan.record(*id).body.is_some())
        .map(|id| scope.record(id))
        .collect();
    let uses = if records.is_empty() {
        quote!(
            use trunkline_core::codec::BodyRules;
        )
    } else {
        quote! {
            use trunkline_core::codec::{BodyRules, Model};
            use trunkline_core::handle::EntityType;
        }
    };
    let table = quote! {
        /// Rules for the bodies of each type, for whoever has the type's name and no struct.
        pub static BODIES: &[(&str, Option<&BodyRules>)] =
            &[#((<#records as Model>::DESCRIPTOR.name, <#records as EntityType>::BODY)),*];
    };
    SourceFile {
        path: "bodies.rs".to_owned(),
        documentation: "What the bodies of requests hold, by the type of what is written.".to_owned(),
        attributes: Vec::new(),
        uses,
        pieces: vec![Piece::Items(table)],
    }
}
