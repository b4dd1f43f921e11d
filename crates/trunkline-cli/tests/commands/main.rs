//! Runs the real binary against an emulator in this process.

mod emulator;
mod failures;
mod harness;
mod interruption;
mod numbers;
mod output;
mod permissions;
mod phones;
mod plans;
mod scaled_time;
mod secrecy;
