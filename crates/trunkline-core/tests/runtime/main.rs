//! The runtime as its users see it: a scripted service in memory for what the service says, raw sockets for what the
//! network does. Nothing here sleeps: the clock is virtual.

mod batches;
mod canary;
mod claims;
mod connections;
mod deadlines;
mod encryption;
mod faults;
mod foreign;
mod gates;
mod gatherings;
mod identities;
mod long_running;
mod messages;
mod network;
mod observers;
mod paces;
mod pages;
mod protocols;
mod recent_sign_in;
mod retries;
mod retry_table;
mod scripted;
mod tenants;
