//! Reports of a run, for people and for programs.

mod browser;
mod sample;
mod texts;
