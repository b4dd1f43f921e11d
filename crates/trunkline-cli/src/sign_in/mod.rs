//! Places that keep a sign-in between commands: the system's keyring, or a file that only its owner can read.

mod entry;
mod file;
mod keyring;
mod place;
mod tokens;
mod unusable;

pub(crate) use entry::{Item, SignIn};
pub(crate) use file::private_folder;
pub(crate) use place::{KeptSignIn, Place, Removal};
pub(crate) use tokens::{Anew, PlaceTokens};
