//! How a plan is made.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// How a plan is made. The default releases nothing that no row releases, picks no numbers, and refuses a file with rows
/// that cannot be read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct PlanOptions {
    /// Whether a person's present number is released when a row gives them another of the same category.
    pub replace: bool,
    /// Whether rows that can be read are planned although others cannot.
    pub skip_unreadable: bool,
    /// Whether a main number may be taken from its holder although there are numbers with an extension of it.
    pub base: bool,
    /// Whether rows whose number lacks its plus get the number of the tenant with exactly these digits: see
    /// [`Bulk::suggestions`](crate::Bulk::suggestions).
    pub accept_suggestions: bool,
    /// Where numbers come from for rows that leave theirs open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pool: Option<Pool>,
}

impl PlanOptions {
    /// A person's present number is released when a row gives them another of the same category.
    #[must_use]
    pub fn replace(mut self, replace: bool) -> Self {
        self.replace = replace;
        self
    }

    /// Rows that can be read are planned although others cannot.
    #[must_use]
    pub fn skip_unreadable(mut self, skip: bool) -> Self {
        self.skip_unreadable = skip;
        self
    }

    /// A main number may be taken from its holder although there are numbers with an extension of it.
    #[must_use]
    pub fn base(mut self, base: bool) -> Self {
        self.base = base;
        self
    }

    /// Rows whose number lacks its plus get the number of the tenant with exactly these digits.
    #[must_use]
    pub fn accept_suggestions(mut self, accept: bool) -> Self {
        self.accept_suggestions = accept;
        self
    }

    /// Rows that leave their number open get the next free one of this pool.
    #[must_use]
    pub fn pool(mut self, pool: Pool) -> Self {
        self.pool = Some(pool);
        self
    }
}

/// Free numbers of the live inventory from which rows are given theirs. A number is of the pool when it meets every
/// condition that is set.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Pool {
    /// Two letters, ISO 3166-1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// In any case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// The first digits, for instance `+1206`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prefix: Option<String>,
    /// The first number of a range, E.164.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The last number of a range, E.164.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// `callingPlan`, `directRouting` or `operatorConnect`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number_type: Option<String>,
    /// `userAssignment` unless set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub capability: Option<String>,
    /// Journals of other work whose reserved and quarantined numbers are left alone.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub respects: Vec<PathBuf>,
}
