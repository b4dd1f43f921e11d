//! The emulator seen from outside: raw HTTP, no client code. No test sleeps; time moves by hand.

mod bad_input;
mod batch;
mod blocks;
mod bulk;
mod campaigns;
mod client;
mod clouds;
mod configurations;
mod control;
mod conventions;
mod counts;
mod documented;
mod faults;
mod hosts;
#[path = "../support/http.rs"]
mod http;
mod log;
mod methods;
mod numbers;
mod orders;
mod policies;
mod privileges;
mod replicas;
mod routing;
mod sign_in;
mod smoke;
mod state_file;
mod teams_policies;
mod tenants;
mod throttling;
mod tls;
mod tokens;
mod users;
