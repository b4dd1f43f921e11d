//! The table of operations.

use proc_macro2::TokenStream;
use quote::quote;
use trunkline_spec::model::{Cloud, Idempotency, Method, Operation, OperationPath, Permissions};

use super::file::{Piece, SourceFile};
use crate::names::ident;
use crate::plan::Plan;

/// The file.
pub(super) fn file(plan: &Plan<'_>) -> SourceFile {
    let operations = &plan.model.operations;
    let entries = operations.iter().map(entry);
    let uses = if operations.is_empty() {
        quote!(
            use trunkline_core::descriptor::OperationTable;
        )
    } else {
        quote! {
            use trunkline_core::cloud::{Cloud, CloudSet};
            use trunkline_core::descriptor::{Idempotency, LongRunningDescriptor, OperationDescriptor, OperationTable, PageSize, PathDescriptor, PermissionSet};
            use trunkline_core::http::Method;
        }
    };
    let table = quote! {
        /// Every operation, sorted by id.
        pub static OPERATIONS: OperationTable = OperationTable(&[#(#entries),*]);
    };
    let mut attributes = Vec::new();
    if !operations.is_empty() {
        attributes.push((
            "A slice need not have operations of every kind.",
            quote!(#![allow(unused_imports)]),
        ));
    }
    SourceFile {
        path: "operations.rs".to_owned(),
        documentation: "What is known of each operation.".to_owned(),
        attributes,
        uses,
        pieces: vec![Piece::Items(table)],
    }
}

fn entry(operation: &Operation) -> TokenStream {
    let Operation {
        id,
        title,
        success,
        query,
        roles,
        recent_sign_in,
        corrections,
        ..
    } = operation;
    let method = match operation.method {
        Method::Get => quote!(Method::GET),
        Method::Post => quote!(Method::POST),
        Method::Patch => quote!(Method::PATCH),
        Method::Put => quote!(Method::PUT),
        Method::Delete => quote!(Method::DELETE),
    };
    let paths = operation.paths.iter().map(path);
    let idempotency = match &operation.idempotency {
        Idempotency::Safe => quote!(Idempotency::Safe),
        Idempotency::Idempotent => quote!(Idempotency::Idempotent),
        Idempotency::Confirm { by, how } => quote!(Idempotency::Confirm { by: #by, how: #how }),
        Idempotency::Never { how } => quote!(Idempotency::Never { how: #how }),
    };
    let long_running = optional(operation.long_running.as_ref().map(|long_running| {
        let trunkline_spec::model::LongRunning { operation, status, succeeded, failed, details, .. } = long_running;
        let details = text(details.as_ref());
        quote!(LongRunningDescriptor { operation: #operation, status: #status, succeeded: &[#(#succeeded),*], failed: &[#(#failed),*], details: #details })
    }));
    let page_size = optional(
        operation
            .page_size
            .map(|trunkline_spec::model::PageSize { default, maximum }| {
                let (default, maximum) = (
                    proc_macro2::Literal::u32_unsuffixed(default),
                    proc_macro2::Literal::u32_unsuffixed(maximum),
                );
                quote!(PageSize { default: #default, maximum: #maximum })
            }),
    );
    let success = success
        .iter()
        .map(|status| proc_macro2::Literal::u16_unsuffixed(*status));
    let (throttling, reference) = (text(operation.throttling.as_ref()), text(operation.reference.as_ref()));
    quote! {
        OperationDescriptor {
            id: #id,
            title: #title,
            method: #method,
            paths: &[#(#paths),*],
            success: &[#(#success),*],
            idempotency: #idempotency,
            long_running: #long_running,
            query: &[#(#query),*],
            page_size: #page_size,
            throttling: #throttling,
            roles: &[#(#roles),*],
            recent_sign_in: #recent_sign_in,
            reference: #reference,
            corrections: &[#(#corrections),*],
        }
    }
}

fn path(path: &OperationPath) -> TokenStream {
    let OperationPath {
        path,
        clouds,
        delegated,
        application,
    } = path;
    let clouds = clouds.iter().map(|cloud| {
        let cloud = ident(match cloud {
            Cloud::Global => "Global",
            Cloud::UsGovL4 => "UsGovL4",
            Cloud::UsGovL5 => "UsGovL5",
            Cloud::China => "China",
        });
        quote!(Cloud::#cloud)
    });
    let (delegated, application) = (permissions(delegated.as_ref()), permissions(application.as_ref()));
    quote! {
        PathDescriptor {
            template: #path,
            clouds: CloudSet::of(&[#(#clouds),*]),
            delegated: #delegated,
            application: #application,
        }
    }
}

fn permissions(permissions: Option<&Permissions>) -> TokenStream {
    optional(
        permissions.map(
            |Permissions { least, higher }| quote!(PermissionSet { least: &[#(#least),*], higher: &[#(#higher),*] }),
        ),
    )
}

fn optional(tokens: Option<TokenStream>) -> TokenStream {
    match tokens {
        Some(tokens) => quote!(Some(#tokens)),
        None => quote!(None),
    }
}

fn text(text: Option<&String>) -> TokenStream {
    optional(text.map(|text| quote!(#text)))
}
