//! Runs the real binary against an emulator in this process.

mod bulk;
mod bulk_ends;
mod doctor;
mod emulator;
mod environment;
mod failures;
mod files;
mod guide;
mod harness;
mod inputs;
mod interruption;
mod losses;
mod numbers;
mod output;
mod pages;
mod permissions;
mod phones;
mod plans;
mod policies;
mod reading;
mod refusals;
mod scaled_time;
mod secrecy;
