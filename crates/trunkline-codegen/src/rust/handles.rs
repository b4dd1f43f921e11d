//! The file of the handles: their declaration (`templates/handles.rs`), the roots of paths, and operations without a path.

use quote::quote;
use trunkline_spec::model::RootKind;

use super::file::{Piece, SourceFile};
use super::methods;
use super::navigation;
use super::scope::Scope;
use crate::plan::{CallPlan, Plan, Receiver};

/// The handles, which are the same in every crate.
const HANDLES: &str = include_str!("templates/handles.rs");

/// Names of the runtime in [`HANDLES`].
const NAMES: [&str; 14] = [
    "Answer",
    "Client",
    "Creatable",
    "Deletable",
    "DerivedFrom",
    "EntityType",
    "Handle",
    "ListRequest",
    "Listable",
    "Model",
    "Readable",
    "Request",
    "Response",
    "Updatable",
];

/// The file.
pub(super) fn file(plan: &Plan<'_>, calls: &[&CallPlan<'_>]) -> SourceFile {
    let scope = Scope::handles(plan);
    let model = plan.model;
    let roots = model.roots.iter().zip(&plan.roots).map(|(root, method)| {
        let collection = root.kind == RootKind::EntitySet;
        let update_method = root.restrictions.update_method;
        navigation::method_to(
            &scope,
            method,
            &root.name,
            &root.documentation,
            root.target,
            collection,
            update_method,
        )
    });
    let roots = roots.collect();
    let mut pieces = vec![Piece::Table(HANDLES.to_owned())];
    pieces.extend(methods::handle_impl(&scope, Receiver::Graph, roots, calls));
    pieces.push(Piece::Items(quote! {
        /// A value as JSON text, for parameters of functions that have no simpler form.
        #[allow(dead_code, reason = "a slice need not have such functions")]
        pub(super) fn json<T: ::trunkline_core::codec::Value>(value: &T) -> ::std::string::String {
            let mut writer = ::trunkline_core::codec::Writer::new();
            ::trunkline_core::codec::Value::write(value, &mut writer);
            ::std::string::String::from_utf8_lossy(&writer.into_bytes()).into_owned()
        }
    }));
    NAMES.into_iter().for_each(|name| scope.import(name));
    let runtime = scope.uses();
    SourceFile {
        path: "handles.rs".to_owned(),
        documentation: "Handles: a client and a path, with a type that says what can be done there.".to_owned(),
        attributes: Vec::new(),
        uses: quote! {
            use core::fmt;
            use core::marker::PhantomData;

            use trunkline_core::error::Result;
            #runtime
        },
        pieces,
    }
}
