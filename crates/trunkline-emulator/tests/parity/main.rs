//! Parity with Microsoft Graph, stated: every file of `parity/` holds behaviours of the service, with their source, and each
//! of them is a request to the emulator and the answer that is expected. Where the emulator differs, the entry says so, and
//! the difference is held by the same test.
//!
//! `cargo xtask codegen` writes `docs/generated/parity.md` from the same files.

mod entries;
mod exchange;
mod expectation;
#[path = "../support/http.rs"]
mod http;
mod metadata;
mod runner;
mod self_test;
mod sources;
mod table;
mod types;
