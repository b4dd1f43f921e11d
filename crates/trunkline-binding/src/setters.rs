//! Options of `spec/trunkline` that no single method of a builder sets: the functions that their `with` names.

use std::sync::Arc;

use trunkline::numbers::NumberQuery;
use trunkline::{ClientBuilder, Result, TestClock};

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

pub(crate) fn number(query: NumberQuery, number: String) -> Result<NumberQuery> {
    query.number_as_written(&number)
}

pub(crate) fn unassigned(query: NumberQuery, is_wanted: bool) -> NumberQuery {
    if is_wanted { query.unassigned() } else { query }
}

pub(crate) fn for_users(query: NumberQuery, is_wanted: bool) -> NumberQuery {
    if is_wanted { query.for_users() } else { query }
}
