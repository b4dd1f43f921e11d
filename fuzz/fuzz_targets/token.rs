//! Any text as a token, and as the headers of an answer.
#![no_main]

use libfuzzer_sys::fuzz_target;
use trunkline_core::token_view::TokenView;

fuzz_target!(|text: &str| {
    if let Some(view) = TokenView::read(text) {
        let _ = (view.expires_on(), view.kind(), view.permissions().len());
    }
});
