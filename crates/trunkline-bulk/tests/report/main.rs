//! What a run did, as people and programs read it.

mod browser;
mod sample;
mod texts;
