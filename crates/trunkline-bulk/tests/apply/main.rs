//! The engine against the emulator: every kind of change, answers lost, the service failing, runs killed at every moment.
//! Client and emulator share one clock, which moves when nothing else is left to happen.

mod brake;
mod changes;
mod copies;
mod faults;
mod fixture;
mod journals;
mod kills;
mod outage;
mod seen;
mod time;
mod waves;
