//! Who is measured against whom: `tests/peers/peers.toml`, read and checked.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use crate::environments::Environment;
use crate::project::Project;

/// Where the plan stands.
const PLAN: &str = "tests/peers/peers.toml";

/// The whole plan.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Plan {
    pub(super) environments: BTreeMap<String, Environment>,
    pub(super) rows: Vec<Row>,
    pub(super) sizes: Vec<Size>,
}

/// One thing that all clients of the row do.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Row {
    pub(super) group: String,
    pub(super) title: String,
    pub(super) scenario: String,
    pub(super) unit: Unit,
    /// Calls at once.
    #[serde(default = "one")]
    pub(super) at_once: u32,
    /// The ceiling of our own cost.
    pub(super) limit: Option<f64>,
    /// Ours first.
    pub(super) clients: Vec<Client>,
}

fn one() -> u32 {
    1
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Unit {
    Us,
    Ms,
    S,
}

/// A client of a row.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Client {
    pub(super) name: String,
    pub(super) environment: String,
    /// Calls, pages or runs.
    pub(super) count: u32,
    /// Whether it is measured in the first round alone, because it takes so long.
    #[serde(default)]
    pub(super) once: bool,
    /// Our cost over its cost, at most.
    pub(super) goal: Option<f64>,
}

/// The limits of an installed package.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Size {
    pub(super) group: String,
    pub(super) own: String,
    pub(super) peers: Vec<String>,
    pub(super) megabytes: f64,
    pub(super) path: usize,
}

impl Plan {
    /// Reads the plan of a checkout.
    pub(super) fn read(project: &Project) -> Result<Self> {
        let text = std::fs::read_to_string(project.path(PLAN)).with_context(|| format!("cannot read {PLAN}"))?;
        Self::parse(&text).with_context(|| format!("{PLAN} is not understood"))
    }

    fn parse(text: &str) -> Result<Self> {
        let plan: Self = toml::from_str(text)?;
        let named = plan
            .rows
            .iter()
            .flat_map(|row| row.clients.iter().map(|client| &client.environment))
            .chain(plan.sizes.iter().flat_map(|size| size.peers.iter().chain([&size.own])));
        for name in named {
            ensure!(plan.environments.contains_key(name), "there is no environment `{name}`");
        }
        for row in &plan.rows {
            ensure!(row.clients.len() > 1, "`{}` compares nothing", row.title);
            ensure!(
                row.limit.is_some() || row.clients.iter().any(|client| client.goal.is_some()),
                "`{}` has no goal",
                row.title
            );
        }
        Ok(plan)
    }

    /// Keeps what belongs to some groups; all of it if none is named.
    pub(super) fn keep(&mut self, groups: &[String], sizes: bool) {
        let wanted = |group: &String| groups.is_empty() || groups.contains(group);
        self.rows.retain(|row| wanted(&row.group));
        self.sizes.retain(|size| sizes || wanted(&size.group));
        let used: Vec<String> = self
            .rows
            .iter()
            .flat_map(|row| row.clients.iter().map(|client| client.environment.clone()))
            .chain(
                self.sizes
                    .iter()
                    .flat_map(|size| size.peers.iter().chain([&size.own]).cloned()),
            )
            .collect();
        self.environments.retain(|name, _| used.contains(name));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::environments::Language;

    const SMALL: &str = r#"
        [environments.ours]
        language = "python"
        own = "bindings/python"
        [environments.theirs]
        language = "python"
        packages = ["theirs==1"]
        [[rows]]
        group = "python"
        title = "call"
        scenario = "patch"
        unit = "us"
        clients = [
            { name = "us", environment = "ours", count = 1 },
            { name = "they", environment = "theirs", count = 1, goal = 0.5 },
        ]
        [[sizes]]
        group = "python"
        own = "ours"
        peers = []
        megabytes = 10.0
        path = 80
    "#;

    #[test]
    fn the_plan_of_this_checkout_is_understood() {
        let mut plan = Plan::read(&Project::find().unwrap()).unwrap();
        plan.keep(&["python".to_owned()], false);
        assert!(plan.rows.iter().all(|row| row.group == "python") && !plan.rows.is_empty());
        assert!(plan.environments.values().all(|one| one.language == Language::Python));
    }

    #[test]
    fn a_row_needs_environments_and_a_goal() {
        assert!(Plan::parse(SMALL).is_ok());
        let unknown = SMALL.replace(r#"environment = "theirs""#, r#"environment = "nowhere""#);
        assert!(Plan::parse(&unknown).unwrap_err().to_string().contains("nowhere"));
        let aimless = SMALL.replace(", goal = 0.5", "");
        assert!(Plan::parse(&aimless).unwrap_err().to_string().contains("no goal"));
    }
}
