//! Any bytes as a descriptor blob: read or refused, never out of bounds.
#![no_main]

use libfuzzer_sys::fuzz_target;
use trunkline_core::descriptors::Descriptors;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(descriptors) = Descriptors::new(bytes) {
        let _ = descriptors.verify();
    }
});
