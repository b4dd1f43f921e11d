//! Changes of the profile file.

use toml_edit::{DocumentMut, Item, Table, TableLike, value};

use super::check::{COLUMNS, IN_USE, PROFILES, refuse_name};
use super::comments;
use super::key::Key;
use crate::failure::Failure;

/// The first lines of a new file.
pub(super) const HEADER: &str = "\
# Profiles of trunkline: the settings of each tenant. `trunkline profile --help` changes this file, and so may you.
#
# No secret belongs here, and none is accepted: `trunkline login` keeps sign-ins in the system's keyring or in a file of its own.
#
# use = \"contoso\"                    # the profile of commands without --profile
#
# [profiles.contoso]
# tenant = \"contoso.example\"         # id or domain
# cloud = \"global\"                   # global, us-gov-l4, us-gov-l5, china
# credential = \"device-code\"         # how to sign in
# client-id = \"11111111-2222-3333-4444-555555555555\"
# certificate = \"application.pem\"    # for credential = \"certificate\"; relative to this folder
# country = \"US\"                     # of numbers without a plus
# output = \"table\"                   # form of results
# locations = \"locations.csv\"        # names of emergency locations
#
# [profiles.contoso.columns]         # headings of your files
# user = \"Mail\"
";

/// One change.
#[derive(Debug)]
pub(crate) enum Edit<'e> {
    /// Uses a profile when no other is named.
    Use(&'e str),
    /// Adds a profile, if it is not there.
    Add(&'e str),
    /// Sets a setting of a profile.
    Set(&'e str, Key, &'e str),
    /// Removes a setting of a profile.
    Unset(&'e str, Key),
    /// Sets the heading that stands for a field.
    Column(&'e str, &'e str, &'e str),
    /// Removes a profile.
    Remove(&'e str),
}

impl Edit<'_> {
    pub(super) fn apply(&self, document: &mut DocumentMut) -> Result<(), Failure> {
        match *self {
            Self::Use(name) => {
                let is_new = document.get(IN_USE).is_none();
                set(document.as_table_mut(), IN_USE, name);
                if is_new {
                    comments::begin_with(document, IN_USE);
                }
            }
            Self::Add(name) => {
                let is_new = table(document.as_table_mut(), PROFILES)?.get(name).is_none();
                profile(document, name)?;
                if is_new {
                    comments::end_with(document, name);
                }
            }
            Self::Set(name, key, text) => set(profile(document, name)?, key.name(), text),
            Self::Unset(name, key) => {
                profile(document, name)?.remove(key.name());
            }
            Self::Column(name, field, heading) => {
                let profile = profile(document, name)?;
                set(table(profile, COLUMNS)?, field, heading);
            }
            Self::Remove(name) => {
                comments::leave(document, name);
                table(document.as_table_mut(), PROFILES)?.remove(name);
                let in_use = document.get(IN_USE).and_then(Item::as_str);
                if in_use == Some(name) {
                    comments::leave_use(document, IN_USE);
                    document.remove(IN_USE);
                }
            }
        }
        Ok(())
    }
}

/// Sets a value, and keeps the comments around an earlier one.
fn set(table: &mut dyn TableLike, key: &str, text: &str) {
    let mut new = value(text);
    match table.get_mut(key) {
        Some(earlier) => {
            if let (Some(new), Some(earlier)) = (new.as_value_mut(), earlier.as_value()) {
                *new.decor_mut() = earlier.decor().clone();
            }
            *earlier = new;
        }
        None => {
            table.insert(key, new);
        }
    }
}

/// The table of a profile, which is made if there is none.
fn profile<'d>(document: &'d mut DocumentMut, name: &str) -> Result<&'d mut dyn TableLike, Failure> {
    refuse_name(name)?;
    table(table(document.as_table_mut(), PROFILES)?, name)
}

fn table<'t>(parent: &'t mut dyn TableLike, name: &str) -> Result<&'t mut dyn TableLike, Failure> {
    if parent.get(name).is_none() {
        let mut table = Table::new();
        // `[profiles]` stands in the file through `[profiles.contoso]`.
        table.set_implicit(name == PROFILES);
        parent.insert(name, Item::Table(table));
    }
    let table = parent.get_mut(name).and_then(Item::as_table_like_mut);
    table.ok_or_else(|| Failure::Unexpected(format!("{name} of the profiles is no table")))
}
