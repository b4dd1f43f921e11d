//! The emulator seen from outside: raw HTTP, no client code. No test sleeps; time moves by hand.

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
mod log;
mod methods;
mod numbers;
mod orders;
mod policies;
mod privileges;
mod routing;
mod smoke;
mod teams_policies;
mod throttling;
mod tokens;
mod users;
