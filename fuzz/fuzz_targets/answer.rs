//! Any text as the body of an answer: read or refused, never a panic; what was read is written and read again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use trunkline_core::codec::{Decode, Encode, Instance, Page};

fuzz_target!(|text: &str| {
    if let Ok(page) = Page::<Instance<trunkline::graph::AuthenticationMethod>>::decode(text) {
        for item in page.items {
            let _ = format!("{item:?}");
        }
    }
    if let Ok(number) = trunkline::teams_administration::NumberAssignment::decode(text) {
        let written = String::from_utf8(number.encode()).expect("what is written is text");
        let again = trunkline::teams_administration::NumberAssignment::decode(&written).expect("what is written is read");
        assert_eq!(number, again);
    }
});
