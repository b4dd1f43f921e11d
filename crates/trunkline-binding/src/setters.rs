//! Options of `spec/trunkline` that no single method of a builder sets: the functions that their `with` names.

use std::sync::Arc;

use trunkline::{ClientBuilder, TestClock};

use crate::arguments::BooleanOrText;

pub(crate) fn proxy(builder: ClientBuilder, proxy: BooleanOrText) -> ClientBuilder {
    match proxy {
        BooleanOrText::Boolean(true) => builder,
        BooleanOrText::Boolean(false) => builder.no_proxy(),
        BooleanOrText::Text(address) => builder.proxy(address),
    }
}

pub(crate) fn test_time(builder: ClientBuilder, fast: bool) -> ClientBuilder {
    if fast {
        builder.clock(Arc::new(TestClock::default()))
    } else {
        builder
    }
}
