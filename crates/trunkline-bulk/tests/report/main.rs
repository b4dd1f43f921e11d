//! Reports of a run, for people and for programs.

mod pages;
mod sample;
mod texts;
