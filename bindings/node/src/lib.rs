//! The native part of the npm package `trunkline`.
//!
//! The public package is TypeScript, generated or by hand; this module executes and decides nothing that the
//! crates below decide. Values travel as JSON text, which V8 reads faster than any object can be built from outside.

#![cfg_attr(test, allow(dead_code, reason = "in a build for tests napi registers nothing"))]

// First: napi knows a class's name in JavaScript only after it has seen the class, and other modules add methods to this one.
mod client;

mod batch;
mod bulk;
mod command;
mod credential;
mod emulator;
mod errors;
mod events;
mod function;
mod intents;
mod observer;
mod results;
mod running;
mod sequence;
mod table;
mod transport;
mod work;

/// Messages name options as JavaScript writes them.
#[cfg(not(test))]
#[napi_derive::module_init]
fn speak_javascript() {
    trunkline::language::set(trunkline::language::Language::Node);
}

/// Measured in docs/decisions/240-allocator.md. What Node allocates is Node's own affair.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
