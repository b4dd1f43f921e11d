//! The authentication methods of a user.

mod generic;
mod kind;
mod members;
pub(crate) mod passkey;
pub(crate) mod password;
pub(crate) mod phone;
mod temporary;

pub(crate) use generic::{count, create, delete, get, get_any, get_device, list, list_all, update};
pub(crate) use kind::Kind;
