//! Any text as a telephone number: what is taken is written so that it is taken again, as the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use trunkline_core::telephone::{PhoneMethodNumber, TelephoneNumber};

fuzz_target!(|text: &str| {
    if let Ok(number) = TelephoneNumber::parse(text) {
        assert_eq!(TelephoneNumber::parse(&number.to_string()), Ok(number.clone()));
        assert_eq!(PhoneMethodNumber::parse(&number.to_phone_method().to_string()), Ok(number.to_phone_method()));
    }
    if let Ok(number) = PhoneMethodNumber::parse(text) {
        assert_eq!(PhoneMethodNumber::parse(&number.to_string()), Ok(number));
    }
    let _ = trunkline_core::mask::text(text);
    let _ = trunkline_core::mask::url(text);
});
