//! The table itself.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use serde::Deserialize;

use crate::compare::normal;
use crate::error::{Error, PermissionsError};
use crate::model::Method;

/// Permissions by method and path.
#[derive(Debug, Clone, Default)]
pub struct PermissionTable {
    entries: HashMap<(Method, String), PathPermissions>,
    permissions: usize,
}

/// Permissions of one method of one path.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PathPermissions {
    /// For a signed-in user with an account of an organisation.
    pub delegated_work: SchemePermissions,
    /// For a signed-in user with a personal account.
    pub delegated_personal: SchemePermissions,
    /// For an application.
    pub application: SchemePermissions,
}

/// Permissions of one scheme.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SchemePermissions {
    /// All of which any one suffices.
    pub accepted: BTreeSet<String>,
    /// The permissions that are marked as least privileged.
    pub least: BTreeSet<String>,
}

impl PermissionTable {
    /// The permissions of a method of a path.
    #[must_use]
    pub fn find(&self, method: Method, path: &str) -> Option<&PathPermissions> {
        self.entries.get(&(method, address(path)))
    }

    /// Number of permissions in the table.
    #[must_use]
    pub fn permissions(&self) -> usize {
        self.permissions
    }

    /// Number of methods of paths in the table.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether the table describes nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

#[derive(Debug, Deserialize)]
struct Document {
    permissions: BTreeMap<String, Entry>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    #[serde(default)]
    path_sets: Vec<PathSet>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct PathSet {
    scheme_keys: Vec<Scheme>,
    methods: Vec<MethodName>,
    paths: BTreeMap<String, String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
enum Scheme {
    DelegatedWork,
    DelegatedPersonal,
    Application,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum MethodName {
    Get,
    Post,
    Patch,
    Put,
    Delete,
}

impl From<MethodName> for Method {
    fn from(name: MethodName) -> Self {
        match name {
            MethodName::Get => Self::Get,
            MethodName::Post => Self::Post,
            MethodName::Patch => Self::Patch,
            MethodName::Put => Self::Put,
            MethodName::Delete => Self::Delete,
        }
    }
}

/// Reads a table from a file.
///
/// # Errors
///
/// When the file cannot be read or is no such table.
pub fn read_permissions(path: &Path) -> Result<PermissionTable, Error> {
    let text = std::fs::read_to_string(path).map_err(|source| Error::Read {
        path: path.to_path_buf(),
        source,
    })?;
    read_permissions_text(&path.display().to_string(), &text)
}

/// Reads a table from a text; `name` stands for the file in messages.
///
/// # Errors
///
/// When the text is no such table.
pub fn read_permissions_text(name: &str, text: &str) -> Result<PermissionTable, Error> {
    let document: Document = serde_json::from_str(text).map_err(|error| PermissionsError {
        file: name.to_owned(),
        line: error.line(),
        reason: format!("this is no permissions table: {error}"),
    })?;
    let mut table = PermissionTable {
        permissions: document.permissions.len(),
        ..PermissionTable::default()
    };
    for (permission, entry) in document.permissions {
        for set in entry.path_sets {
            for (path, notes) in &set.paths {
                let least = least(notes).map_err(|reason| PermissionsError {
                    file: name.to_owned(),
                    line: line_of(text, path),
                    reason: format!("{permission}: {path}: {reason}"),
                })?;
                for method in &set.methods {
                    let entry = table.entries.entry((Method::from(*method), address(path))).or_default();
                    for scheme in &set.scheme_keys {
                        let scheme_permissions = match scheme {
                            Scheme::DelegatedWork => &mut entry.delegated_work,
                            Scheme::DelegatedPersonal => &mut entry.delegated_personal,
                            Scheme::Application => &mut entry.application,
                        };
                        scheme_permissions.accepted.insert(permission.clone());
                        if least.contains(scheme) {
                            scheme_permissions.least.insert(permission.clone());
                        }
                    }
                }
            }
        }
    }
    Ok(table)
}

/// The schemes a path's notes mark, as in `least=DelegatedWork,Application;AlsoRequires=Policy.Read.All`.
fn least(notes: &str) -> Result<Vec<Scheme>, String> {
    let mut schemes = Vec::new();
    for note in notes.split(';').filter(|note| !note.trim().is_empty()) {
        match note.split_once('=') {
            Some(("least", names)) => {
                for name in names.split(',') {
                    schemes.push(match name.trim() {
                        "DelegatedWork" => Scheme::DelegatedWork,
                        "DelegatedPersonal" => Scheme::DelegatedPersonal,
                        "Application" => Scheme::Application,
                        other => return Err(format!("the scheme {other:?} is unknown")),
                    });
                }
            }
            Some(("AlsoRequires", _)) => {}
            _ => return Err(format!("the note {note:?} is not understood")),
        }
    }
    Ok(schemes)
}

/// A path as the table is searched by: small letters, nameless parameters, functions without parentheses.
fn address(path: &str) -> String {
    let segments = path
        .trim_end_matches('/')
        .split('/')
        .map(|segment| match segment.split_once('(') {
            Some((name, _)) => normal(name),
            None => normal(segment),
        });
    segments.collect::<Vec<_>>().join("/")
}

/// The first line that holds a text.
fn line_of(text: &str, wanted: &str) -> usize {
    1 + text.lines().position(|line| line.contains(wanted)).unwrap_or_default()
}
