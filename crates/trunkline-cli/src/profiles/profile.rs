//! The settings of a tenant.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::ValueEnum;
use trunkline::{Cloud, IntoCloud};

use super::folder::folder;
use super::key::Key;
use crate::arguments::{CredentialName, StoreName};

/// A profile, checked.
#[derive(Debug, Clone, Default)]
pub(crate) struct Profile {
    /// Its name.
    pub(crate) name: String,
    /// Its settings.
    pub(super) settings: BTreeMap<Key, String>,
    /// Headings of the files of this tenant, by the field that they stand for.
    pub(super) columns: BTreeMap<String, String>,
}

impl Profile {
    /// An empty profile of a name.
    pub(crate) fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            ..Self::default()
        }
    }

    /// Sets a setting of this value; the file stays as it is.
    pub(crate) fn set(&mut self, key: Key, value: &str) {
        self.settings.insert(key, value.to_owned());
    }

    /// Removes a setting of this value; the file stays as it is.
    pub(crate) fn unset(&mut self, key: Key) {
        self.settings.remove(&key);
    }

    /// The value of a setting.
    pub(crate) fn get(&self, key: Key) -> Option<&str> {
        self.settings.get(&key).map(String::as_str)
    }

    /// The cloud that it names, else the global one.
    pub(crate) fn cloud(&self) -> Cloud {
        let named = self.get(Key::Cloud).map(IntoCloud::into_cloud);
        named.and_then(Result::ok).unwrap_or(Cloud::Global)
    }

    /// The way to sign in that it names.
    pub(crate) fn credential(&self) -> Option<CredentialName> {
        CredentialName::from_str(self.get(Key::Credential)?, true).ok()
    }

    /// The place that keeps its sign-in; `None` before the first `login`.
    pub(crate) fn store(&self) -> Option<StoreName> {
        StoreName::from_str(self.get(Key::Store)?, true).ok()
    }

    /// Headings of the files of this tenant: the field, and the heading that stands for it.
    pub(crate) fn columns(&self) -> &BTreeMap<String, String> {
        &self.columns
    }

    /// A file that a setting names. A relative path begins at the folder of the profiles.
    pub(crate) fn path(&self, key: Key) -> Option<PathBuf> {
        let path = PathBuf::from(self.get(key)?);
        Some(folder().map_or_else(|_| path.clone(), |folder| folder.join(&path)))
    }
}
