//! The operations that rows need, and whether a token may call them.
//!
//! Tokens are the service's business. What is compared here is what a token says of itself with what the operation table
//! says the service asks for, so that a file is not refused at its thousandth row.

mod roles;

pub use roles::role_name;

use trunkline::descriptor::{OperationDescriptor, PathDescriptor, PermissionSet};
use trunkline::{Action, Cloud, TokenKind, TokenView};

use crate::action::{described, operation};
use crate::input::Input;

/// An operation that rows need, by itself or for planning them.
#[derive(Debug, Clone)]
pub struct Need {
    /// The operation.
    pub operation: &'static OperationDescriptor,
    /// Number of rows that need it.
    pub rows: u64,
    /// The first row that needs it; absent when no file was given.
    pub row: Option<u32>,
    /// Whether work goes on without it: a plan says less then, and the service judges.
    pub is_optional: bool,
}

/// Whether a token may call an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Grant {
    /// It may, by this permission.
    Granted(String),
    /// It has none of these, of which any one would do.
    Missing(Vec<&'static str>),
    /// The cloud does not have the operation.
    NotInCloud,
    /// The service does not offer it to tokens of this kind.
    NotOffered,
    /// The token does not say what it may.
    Untold,
}

/// Whether the signed-in user has a directory role for an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Role {
    /// None is asked for.
    NotNeeded,
    /// They have this one.
    Held(&'static str),
    /// The token names their roles, and none of these is among them.
    Missing(&'static [&'static str]),
    /// The token does not name their roles; one of these is asked for.
    Untold(&'static [&'static str]),
}

impl Need {
    /// The needs of the rows of a file, in the order of their first use.
    ///
    /// ```
    /// use trunkline_bulk::access::Need;
    /// use trunkline_bulk::input::{self, InputOptions};
    ///
    /// let file = "number,user\n+12065550100,ana@contoso.example\n";
    /// let rows = input::read(file.as_bytes(), &InputOptions::default())?;
    /// let needs = Need::of(&rows);
    /// assert!(needs.iter().any(|need| need.operation.id == "numberAssignments.assignNumber"));
    /// # Ok::<(), trunkline_bulk::input::InputError>(())
    /// ```
    #[must_use]
    pub fn of(input: &Input) -> Vec<Self> {
        Self::collect(input.rows().iter().map(|row| (row.change.action(), Some(row.row))))
    }

    /// The needs of rows of every kind.
    #[must_use]
    pub fn of_everything() -> Vec<Self> {
        Self::collect(Action::ALL.into_iter().map(|action| (action, None)))
    }

    fn collect(rows: impl Iterator<Item = (Action, Option<u32>)>) -> Vec<Self> {
        let mut needs: Vec<Self> = Vec::new();
        // Rows are many and actions few, so rows are counted first.
        let mut actions: Vec<(Action, u64, Option<u32>)> = Vec::new();
        for (action, line) in rows {
            match actions.iter_mut().find(|(known, ..)| *known == action) {
                Some((_, count, _)) => *count += 1,
                None => actions.push((action, 1, line)),
            }
        }
        for (action, rows, line) in actions {
            for (id, is_optional) in described(action).operations {
                let Some(operation) = operation(id) else { continue };
                match needs.iter_mut().find(|need| need.operation.id == *id) {
                    Some(need) => {
                        need.rows += rows;
                        need.is_optional &= is_optional;
                    }
                    None => needs.push(Self {
                        operation,
                        rows,
                        row: line,
                        is_optional: *is_optional,
                    }),
                }
            }
        }
        needs
    }

    /// Whether the token may call the operation in that cloud.
    #[must_use]
    pub fn grant(&self, token: &TokenView, cloud: Cloud) -> Grant {
        grant(self.operation, token, cloud)
    }

    /// Whether the signed-in user has a directory role for the operation. Applications need none.
    #[must_use]
    pub fn role(&self, token: &TokenView) -> Role {
        let wanted = self.operation.roles;
        if wanted.is_empty() || token.kind() != TokenKind::Delegated {
            return Role::NotNeeded;
        }
        if token.directory_roles.is_empty() {
            return Role::Untold(wanted);
        }
        let held = |name: &&'static str| {
            let id = roles::id(name);
            token
                .directory_roles
                .iter()
                .any(|own| id.is_some_and(|id| own.eq_ignore_ascii_case(id)))
        };
        match wanted.iter().copied().chain(roles::ABOVE_ALL).find(|name| held(name)) {
            Some(name) => Role::Held(name),
            None => Role::Missing(wanted),
        }
    }
}

/// Whether the token may call the operation in that cloud.
pub(crate) fn grant(operation: &OperationDescriptor, token: &TokenView, cloud: Cloud) -> Grant {
    let set = |place: &PathDescriptor| match token.kind() {
        TokenKind::Application => place.application,
        TokenKind::Delegated => place.delegated,
        TokenKind::Unknown => None,
    };
    if token.kind() == TokenKind::Unknown {
        return Grant::Untold;
    }
    // Permissions for /me cover the signed-in user only, and rows are about others.
    let places = operation
        .paths
        .iter()
        .filter(|place| !place.template.starts_with("/me"));
    let mut places = places.filter(|place| place.clouds.contains(cloud)).peekable();
    if places.peek().is_none() {
        return Grant::NotInCloud;
    }
    let sets: Vec<PermissionSet> = places.filter_map(set).collect();
    let Some(first) = sets.first() else {
        return Grant::NotOffered;
    };
    let held = |name: &&str| token.permissions().iter().any(|own| own.eq_ignore_ascii_case(name));
    let all: Vec<&str> = sets.iter().flat_map(|set| set.for_others()).collect();
    match all.into_iter().find(held) {
        Some(name) => Grant::Granted(name.to_owned()),
        None => {
            let reaching = first.for_others().into_iter();
            Grant::Missing(reaching.filter(|name| first.least.contains(name)).collect())
        }
    }
}

#[cfg(test)]
mod tests;
