//! The code generated from the files in `tests/golden/odata`: each module stands for a crate, with names that are bad on purpose.

#![allow(
    dead_code,
    unreachable_pub,
    unexpected_cfgs,
    unused_imports,
    clippy::enum_variant_names,
    clippy::module_inception,
    reason = "they stand for crates"
)]

#[rustfmt::skip]
#[path = "../../../../tests/golden/odata/concurrency_mode/mod.rs"]
pub(crate) mod concurrency_mode;
#[rustfmt::skip]
#[path = "../../../../tests/golden/odata/container_extends/mod.rs"]
pub(crate) mod container_extends;
#[rustfmt::skip]
#[path = "../../../../tests/golden/odata/enum_values/mod.rs"]
pub(crate) mod enum_values;
#[rustfmt::skip]
#[path = "../../../../tests/golden/odata/enum_values_mixed/mod.rs"]
pub(crate) mod enum_values_mixed;
#[rustfmt::skip]
#[path = "../../../../tests/golden/odata/facets/mod.rs"]
pub(crate) mod facets;
#[rustfmt::skip]
#[path = "../../../../tests/golden/odata/hyphens/mod.rs"]
pub(crate) mod hyphens;
#[rustfmt::skip]
#[path = "../../../../tests/golden/odata/names/mod.rs"]
pub(crate) mod names;
#[rustfmt::skip]
#[path = "../../../../tests/golden/odata/overloads/mod.rs"]
pub(crate) mod overloads;
#[rustfmt::skip]
#[path = "../../../../tests/golden/odata/types_and_container_apart/mod.rs"]
pub(crate) mod types_and_container_apart;
#[rustfmt::skip]
#[path = "../../../../tests/golden/odata/update_method/mod.rs"]
pub(crate) mod update_method;
#[rustfmt::skip]
#[path = "../../../../tests/golden/odata/update_methods/mod.rs"]
pub(crate) mod update_methods;
#[rustfmt::skip]
#[path = "../../../../tests/golden/odata/vocabulary/mod.rs"]
pub(crate) mod vocabulary;
