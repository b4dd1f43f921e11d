//! The emulator seen from outside: raw HTTP, no client code. No test sleeps; time moves by hand.

mod client;
mod smoke;
