//! The file of the handles: their declaration, where paths begin, and what is bound to nothing.

use quote::quote;
use trunkline_spec::model::RootKind;

use super::Rust;
use super::file::{Piece, SourceFile};
use super::navigation;
use super::places;
use super::scope::Scope;
use crate::plan::Receiver;

/// The file.
pub(super) fn file(rust: &Rust<'_, '_>) -> SourceFile {
    let scope = Scope::handles(rust.plan);
    let model = rust.plan.model;
    let roots = model.roots.iter().zip(&rust.plan.roots).map(|(root, method)| {
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
    let mut pieces = vec![Piece::Table("trunkline_core::places! {}\n".to_owned())];
    pieces.extend(places::handle_impl(
        &scope,
        Receiver::Graph,
        roots,
        rust.calls_on(Receiver::Graph),
    ));
    pieces.push(Piece::Items(quote! {
        /// A value as JSON text, for parameters of functions that have no simpler form.
        #[allow(dead_code, reason = "a slice need not have such functions")]
        pub(super) fn json<T: ::trunkline_core::codec::Value>(value: &T) -> ::std::string::String {
            let mut writer = ::trunkline_core::codec::Writer::new();
            ::trunkline_core::codec::Value::write(value, &mut writer);
            ::std::string::String::from_utf8_lossy(&writer.into_bytes()).into_owned()
        }
    }));
    SourceFile {
        path: "handles.rs".to_owned(),
        documentation:
            "Handles: where something is in the graph. What can be done there are methods that the types bring."
                .to_owned(),
        attributes: Vec::new(),
        uses: scope.uses(),
        pieces,
    }
}
