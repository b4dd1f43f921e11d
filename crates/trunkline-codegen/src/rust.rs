//! Rust: one file per namespace, with everything that belongs to a type in one place.

mod abilities;
mod arguments;
mod calls;
mod documentation;
mod enums;
mod example;
mod file;
mod handles;
mod methods;
mod navigation;
mod records;
mod scope;
mod tests;
mod walk;

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::quote;
use trunkline_spec::model::{EnumId, TypeId};

use crate::OutputFile;
use crate::error::Error;
use crate::names::ident;
use crate::plan::{CallPlan, Plan, Receiver, type_ids};
pub(crate) use file::{Piece, SourceFile};
use scope::Scope;
pub(crate) use walk::Walk;

/// The input of every file.
pub(crate) struct Rust<'p, 'm> {
    plan: &'p Plan<'m>,
    by_receiver: BTreeMap<Receiver, Vec<&'p CallPlan<'m>>>,
}

impl<'p, 'm> Rust<'p, 'm> {
    /// Prepares a plan.
    pub(crate) fn new(plan: &'p Plan<'m>) -> Self {
        let mut by_receiver: BTreeMap<Receiver, Vec<&CallPlan<'m>>> = BTreeMap::new();
        for call in &plan.calls {
            by_receiver.entry(call.receiver).or_default().push(call);
        }
        Self { plan, by_receiver }
    }

    fn calls_on(&self, receiver: Receiver) -> &[&'p CallPlan<'m>] {
        self.by_receiver.get(&receiver).map_or(&[], Vec::as_slice)
    }

    /// These files and those of all modules.
    pub(crate) fn files(&self, mut files: Vec<SourceFile>) -> Result<Vec<OutputFile>, Error> {
        for index in 0..self.plan.modules.len() {
            files.push(self.module(index));
        }
        files.push(handles::file(self.plan, self.calls_on(Receiver::Graph)));
        file::print(files)
    }

    /// The file that declares the modules.
    pub(crate) fn root(
        &self,
        path: &str,
        documentation: &str,
        attributes: Vec<(&'static str, TokenStream)>,
    ) -> SourceFile {
        let modules = self.plan.modules.iter().map(|module| ident(&module.name));
        let declarations = quote! {
            #(pub mod #modules;)*
            pub mod handles;
        };
        let rest = quote! {
            pub use handles::Graph;

            /// Types, operations and limits as data, read on first use.
            pub static DESCRIPTION: LazyLock<&'static Description> = LazyLock::new(|| {
                let read = Description::read(include_str!("description.json"));
                read.unwrap_or_else(|error| unreachable!("the generator wrote this description: {error}"))
            });

            /// Every operation, sorted by id.
            pub static OPERATIONS: LazyLock<OperationTable> = LazyLock::new(|| DESCRIPTION.operations());
        };
        SourceFile {
            path: path.to_owned(),
            documentation: documentation.to_owned(),
            attributes,
            uses: quote! {
                use std::sync::LazyLock;
                use trunkline_core::description::Description;
                use trunkline_core::descriptor::OperationTable;
            },
            pieces: vec![Piece::Items(declarations), Piece::Items(rest)],
        }
    }

    fn module(&self, index: usize) -> SourceFile {
        let module = &self.plan.modules[index];
        let scope = Scope::new(self.plan, index);
        let mut pieces = Vec::new();
        for (id, plan) in (0..).map(EnumId).zip(&self.plan.enums) {
            if plan.module == index {
                pieces.extend(enums::pieces(&scope, id));
            }
        }
        for id in type_ids(self.plan.model) {
            if self.plan.record(id).module == index {
                self.record(&scope, id, &mut pieces);
            }
        }
        for call in self.calls_on(Receiver::Graph) {
            if call.body.as_ref().is_some_and(|body| body.module == index) {
                pieces.extend(calls::body(&scope, call));
            }
        }
        SourceFile {
            path: format!("{}.rs", module.name),
            documentation: format!(
                "Types of the namespace `{}`, and what can be done with them.",
                module.namespace
            ),
            attributes: Vec::new(),
            uses: scope.uses(),
            pieces,
        }
    }

    fn record(&self, scope: &Scope<'_, '_>, id: TypeId, pieces: &mut Vec<Piece>) {
        let (entity, collection) = (Receiver::Entity(id), Receiver::Collection(id));
        let calls: Vec<&CallPlan<'m>> = self
            .calls_on(entity)
            .iter()
            .chain(self.calls_on(collection))
            .copied()
            .collect();
        pieces.extend(records::pieces(
            scope,
            id,
            documentation::operations_of(scope, id, &calls),
        ));
        let navigation = navigation::methods(scope, id);
        pieces.extend(methods::handle_impl(scope, entity, navigation, self.calls_on(entity)));
        pieces.extend(methods::handle_impl(
            scope,
            collection,
            Vec::new(),
            self.calls_on(collection),
        ));
        for call in calls {
            pieces.extend(calls::body(scope, call));
        }
    }
}

/// The files of the module `generated` of the crate `trunkline`.
pub(crate) fn slice(plan: &Plan<'_>) -> Result<Vec<OutputFile>, Error> {
    let rust = Rust::new(plan);
    let documentation = "Generated from the spec: types, operations and handles, one module per namespace.";
    let mut root = rust.root("mod.rs", documentation, Vec::new());
    root.pieces.push(Piece::Items(quote! {
        #[cfg(test)]
        mod tests;
    }));
    rust.files(vec![root, tests::file(plan)])
}
