//! A test that the structs and enumerations are what the descriptors say.

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
        /// The tables of all structs, in the order of the descriptors.
        const RECORDS: &[&Descriptor] = &[#(<#records as Model>::DESCRIPTOR),*];

        /// Names and members of all enumerations, in the order of the descriptors.
        const ENUMS: &[(&str, &[&str])] = &[#((<#enums as OpenEnum>::NAME, <#enums as OpenEnum>::MEMBERS)),*];

        #[test]
        fn structs_are_what_the_descriptors_say() -> Result<(), DescriptorError> {
            let blob = Descriptors::new(super::DESCRIPTORS)?;
            blob.verify()?;
            assert_eq!(usize::from(blob.type_count()), RECORDS.len());
            for (index, record) in (0..).zip(RECORDS) {
                let described = blob.type_at(index)?;
                assert_eq!(described.qualified_name()?, record.name);
                assert_eq!(blob.type_named(record.name)?, Some(described));
                let properties = described.properties()?;
                assert_eq!(properties.len(), record.fields.len(), "{}", record.name);
                for (property, field) in properties.iter().zip(record.fields) {
                    assert_eq!(property.name()?, field.name, "{}", record.name);
                    assert_eq!(property.sensitivity(), field.sensitivity, "{}: {}", record.name, field.name);
                    assert_eq!(property.grammar()?.is_some(), field.grammar.is_some(), "{}: {}", record.name, field.name);
                }
            }
            Ok(())
        }

        #[test]
        fn enumerations_are_what_the_descriptors_say() -> Result<(), DescriptorError> {
            let blob = Descriptors::new(super::DESCRIPTORS)?;
            assert_eq!(usize::from(blob.enum_count()), ENUMS.len());
            for (index, (name, members)) in (0..).zip(ENUMS) {
                let described = blob.enum_at(index)?;
                assert_eq!(described.qualified_name()?, *name);
                let names: Result<Vec<&str>, DescriptorError> = described.members().map(|member| member?.name()).collect();
                assert_eq!(names?, *members, "{name}");
            }
            Ok(())
        }

        #[test]
        fn operations_are_what_the_descriptors_say() -> Result<(), DescriptorError> {
            let blob = Descriptors::new(super::DESCRIPTORS)?;
            assert_eq!(blob.operations().count(), super::OPERATIONS.0.len());
            for (described, operation) in blob.operations().zip(super::OPERATIONS.0) {
                let described = described?;
                assert_eq!(described.id()?, operation.id);
                assert_eq!(described.method()?, operation.method.as_str());
                assert_eq!(described.success()?, operation.success);
                assert_eq!(described.long_running()?.is_some(), operation.long_running.is_some());
                let templates: Result<Vec<&str>, DescriptorError> = described.paths().map(|path| path?.template()).collect();
                assert_eq!(templates?, operation.paths.iter().map(|path| path.template).collect::<Vec<_>>());
                for (path, known) in described.paths().zip(operation.paths) {
                    let path = path?;
                    assert_eq!(path.clouds(), known.clouds);
                    assert_eq!(path.delegated()?.map(|permissions| permissions.least), known.delegated.map(|permissions| permissions.least.to_vec()));
                    assert_eq!(path.application()?.map(|permissions| permissions.least), known.application.map(|permissions| permissions.least.to_vec()));
                }
            }
            Ok(())
        }

        #[test]
        fn damaged_descriptors_are_refused() {
            // Neither the end nor a byte may make the reader panic; what it says of them does not matter.
            for end in 0..super::DESCRIPTORS.len().min(600) {
                let _ = Descriptors::new(&super::DESCRIPTORS[..end]).and_then(Descriptors::verify);
            }
            let mut bytes = super::DESCRIPTORS.to_vec();
            let mut state = 0x9e37_79b9_u32;
            for round in 0..400 {
                // The head and the tables decide more than the pool, so every other blow falls on the first bytes.
                state ^= state << 13;
                state ^= state >> 17;
                state ^= state << 5;
                let reach = if round % 2 == 0 { 120 } else { bytes.len() };
                let at = state as usize % reach;
                let before = std::mem::replace(&mut bytes[at], state.to_le_bytes()[3]);
                let _ = Descriptors::new(&bytes).and_then(Descriptors::verify);
                bytes[at] = before;
            }
            assert!(matches!(Descriptors::new(&bytes).map(Descriptors::verify), Ok(Ok(()))));
        }
    };
    SourceFile {
        path: "tests.rs".to_owned(),
        documentation:
            "Structs, enumerations and operations are what the descriptors say, and damaged descriptors are refused."
                .to_owned(),
        attributes: Vec::new(),
        uses: quote! {
            use trunkline_core::codec::{Descriptor, Model, OpenEnum};
            use trunkline_core::descriptors::{DescriptorError, Descriptors};
        },
        pieces: vec![Piece::Items(body)],
    }
}
