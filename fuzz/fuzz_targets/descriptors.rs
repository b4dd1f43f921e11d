//! Any text as a description: read or refused, never out of bounds.
#![no_main]

use libfuzzer_sys::fuzz_target;
use trunkline_core::description::Description;

fuzz_target!(|text: &str| {
    // A description is kept for good; what is left over between runs is freed with the process.
    let _ = Description::read(Box::leak(text.into()));
});
