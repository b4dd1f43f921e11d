//! Runs the real binary against an emulator in this process.

mod bulk;
mod bulk_ends;
mod cutover;
mod desk;
mod doctor;
mod documents;
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
mod profiles;
#[cfg(unix)]
mod pseudo_terminal;
mod reading;
mod refusals;
mod scaled_time;
mod secrecy;
mod shell;
mod sign_in;
#[cfg(unix)]
mod terminal;
mod waves;
