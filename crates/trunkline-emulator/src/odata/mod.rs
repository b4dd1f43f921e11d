//! The part of OData the served lists understand.

pub(crate) mod filter;
mod lexer;
pub(crate) mod listing;

pub(crate) use listing::{Resource, check_select, present, project};
