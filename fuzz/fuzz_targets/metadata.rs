//! Any text as OData CSDL: a model, or a refusal with a line; never a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let _ = trunkline_spec::read_csdl_text("fuzz.csdl", text);
});
