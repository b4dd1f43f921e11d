//! How a plan is made.

use serde::{Deserialize, Serialize};

/// How a plan is made. The default releases nothing that no row releases, and refuses a file with rows that cannot be
/// read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct PlanOptions {
    /// Whether a person's present number is released when a row gives them another of the same category.
    pub replace: bool,
    /// Whether rows that can be read are planned although others cannot.
    pub skip_unreadable: bool,
}

impl PlanOptions {
    /// A person's present number is released when a row gives them another of the same category.
    #[must_use]
    pub fn replacing(mut self, replace: bool) -> Self {
        self.replace = replace;
        self
    }

    /// Rows that can be read are planned although others cannot.
    #[must_use]
    pub fn skipping_unreadable(mut self, skip: bool) -> Self {
        self.skip_unreadable = skip;
        self
    }
}
