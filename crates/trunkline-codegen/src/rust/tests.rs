//! Writes the tests that structs and enumerations match the description.

use quote::quote;
use trunkline_spec::model::EnumId;

use super::file::{Piece, SourceFile};
use super::scope::Scope;
use crate::plan::{Plan, type_ids};

/// The file.
pub(super) fn file(plan: &Plan<'_>) -> SourceFile {
    let scope = Scope::handles(plan);
    let records = type_ids(plan.model).map(|id| scope.record(id));
    let enums = (0..)
        .map(EnumId)
        .take(plan.model.enums.len())
        .map(|id| scope.plain_enum(id));
    let body = quote! {
        /// The tables of all structs, in the order of the description.
        const RECORDS: &[&Descriptor] = &[#(<#records as Model>::DESCRIPTOR),*];

        /// Names and members of all enumerations, in the order of the description.
        const ENUMS: &[(&str, &[&str])] = &[#((<#enums as OpenEnum>::NAME, <#enums as OpenEnum>::MEMBERS)),*];

        #[test]
        fn structs_match_the_description() {
            let layouts = super::DESCRIPTION.layouts();
            assert_eq!(layouts.len(), RECORDS.len());
            for (layout, record) in layouts.iter().zip(RECORDS) {
                assert_eq!(layout.name(), record.name);
                assert!(super::DESCRIPTION.layout(record.name).is_some_and(|found| found.index() == layout.index()));
                let described: Vec<FieldDescriptor> = layout.fields().iter().map(|known| known.field).collect();
                assert_eq!(described, record.fields, "{}", record.name);
            }
        }

        #[test]
        fn enumerations_match_the_description() {
            let described: Vec<_> = super::DESCRIPTION.enums().iter().map(|known| (known.name, known.members)).collect();
            assert_eq!(described, ENUMS);
        }
    };
    SourceFile {
        path: "tests.rs".to_owned(),
        documentation: "Structs and enumerations match the description.".to_owned(),
        attributes: Vec::new(),
        uses: quote! {
            use trunkline_core::codec::{Descriptor, FieldDescriptor, Model, OpenEnum};
        },
        pieces: vec![Piece::Items(body)],
    }
}
