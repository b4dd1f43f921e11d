//! The table of published limits.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use trunkline_spec::throttling::{ThrottlingGroup, ThrottlingScope, ThrottlingUnit, ThrottlingWindow};

use super::file::{Piece, SourceFile};
use crate::plan::Plan;

/// The file.
pub(super) fn file(plan: &Plan<'_>) -> SourceFile {
    let groups = &plan.model.throttling;
    let entries = groups.iter().map(group);
    let uses = if groups.is_empty() {
        quote!(
            use trunkline_core::limits::LimitTable;
        )
    } else {
        quote!(
            use trunkline_core::limits::{LimitGroup, LimitScope, LimitTable, LimitUnit, LimitWindow};
        )
    };
    let table = quote! {
        /// Every group of operations with limits of its own.
        pub static LIMITS: LimitTable = LimitTable(&[#(#entries),*]);
    };
    SourceFile {
        path: "limits.rs".to_owned(),
        documentation: "What the service publishes of its limits.".to_owned(),
        attributes: Vec::new(),
        uses,
        pieces: vec![Piece::Items(table)],
    }
}

fn group(group: &ThrottlingGroup) -> TokenStream {
    let ThrottlingGroup {
        name, windows, cost, ..
    } = group;
    let windows = windows.iter().map(window);
    let cost = cost.iter().map(|(what, units)| {
        let units = Literal::i64_unsuffixed(*units);
        quote!((#what, #units))
    });
    quote! {
        LimitGroup {
            name: #name,
            windows: &[#(#windows),*],
            cost: &[#(#cost),*],
        }
    }
}

fn window(window: &ThrottlingWindow) -> TokenStream {
    let scope = match window.scope {
        ThrottlingScope::AppTenant => quote!(AppTenant),
        ThrottlingScope::App => quote!(App),
        ThrottlingScope::Tenant => quote!(Tenant),
    };
    let unit = match window.unit {
        ThrottlingUnit::Request => quote!(Request),
        ThrottlingUnit::ResourceUnit => quote!(ResourceUnit),
        ThrottlingUnit::Write => quote!(Write),
    };
    let (count, seconds) = (
        Literal::u64_unsuffixed(window.count),
        Literal::u64_unsuffixed(window.seconds),
    );
    let tenant = match &window.tenant {
        Some(tenant) => quote!(Some(#tenant)),
        None => quote!(None),
    };
    quote! {
        LimitWindow {
            scope: LimitScope::#scope,
            unit: LimitUnit::#unit,
            count: #count,
            seconds: #seconds,
            tenant: #tenant,
        }
    }
}
