//! Profiles: the settings of a tenant under a name, in one file that people read and edit.

mod check;
mod comments;
mod edit;
mod file;
mod folder;
mod key;
mod profile;

pub(crate) use check::refuse_name;
pub(crate) use edit::Edit;
pub(crate) use file::ProfileFile;
pub(crate) use folder::{absolute, folder};
pub(crate) use key::Key;
pub(crate) use profile::Profile;
