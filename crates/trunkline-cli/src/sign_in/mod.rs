//! Places that keep a sign-in between commands: the system's keyring, or a file that only its owner can read.

mod file;
mod keyring;
mod place;
mod tokens;

pub(crate) use file::private_folder;
pub(crate) use place::{Item, Place, SignIn};
pub(crate) use tokens::{Anew, Kept};
