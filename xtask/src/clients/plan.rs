//! Which clients run, and what each is expected to do: `tests/clients/clients.toml`, read and checked.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use crate::environments::Environment;
use crate::project::Project;

/// Where the plan stands.
const PLAN: &str = "tests/clients/clients.toml";

/// The whole plan.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Plan {
    pub(super) environments: BTreeMap<String, Environment>,
    pub(super) scenarios: Vec<Scenario>,
    pub(super) clients: Vec<Client>,
}

/// One thing that every client of a part does.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Scenario {
    pub(super) name: String,
    pub(super) part: Part,
}

/// The part of the service that a scenario is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Part {
    SignIn,
    Graph,
    /// Run only by the clients that name it in `also`.
    Other,
}

/// A client.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Client {
    pub(super) name: String,
    pub(super) environment: String,
    /// The script below tests/clients.
    pub(super) script: String,
    /// Of which parts it runs every scenario.
    #[serde(default)]
    pub(super) parts: Vec<Part>,
    /// Scenarios of other parts that it runs as well.
    #[serde(default)]
    pub(super) also: Vec<String>,
    /// Faults of its own, which have to happen.
    #[serde(default)]
    pub(super) faults: Vec<ClientFault>,
}

/// A fault that a client has by itself.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ClientFault {
    pub(super) scenario: String,
    /// The mistake, in words.
    pub(super) says: String,
    /// The public thread about it.
    pub(super) thread: Option<String>,
}

/// How a scenario of a client ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum CellResult {
    Passed,
    Failed,
    /// The client has no such thing.
    NotApplicable,
    /// The client does it wrong by itself.
    ClientFault,
}

impl CellResult {
    /// The word of the table.
    pub(super) fn text(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "FAILED",
            Self::NotApplicable => "-",
            Self::ClientFault => "its fault",
        }
    }
}

impl Plan {
    /// Reads the plan of a checkout.
    pub(super) fn read(project: &Project) -> Result<Self> {
        let text = std::fs::read_to_string(project.path(PLAN)).with_context(|| format!("cannot read {PLAN}"))?;
        Self::parse(&text).with_context(|| format!("{PLAN} is not understood"))
    }

    pub(super) fn parse(text: &str) -> Result<Self> {
        let plan: Self = toml::from_str(text)?;
        for client in &plan.clients {
            let name = &client.name;
            ensure!(
                plan.environments.contains_key(&client.environment),
                "{name}: there is no environment `{}`",
                client.environment
            );
            let named = client
                .also
                .iter()
                .chain(client.faults.iter().map(|fault| &fault.scenario));
            for scenario in named {
                ensure!(
                    plan.scenarios.iter().any(|known| known.name == *scenario),
                    "{name}: there is no scenario `{scenario}`"
                );
            }
            for fault in &client.faults {
                let expected = plan.scenarios.iter().find(|known| known.name == fault.scenario);
                ensure!(
                    expected.is_some_and(|scenario| client.runs(scenario)),
                    "{name}: it does not run `{}`, where a fault of it is stated",
                    fault.scenario
                );
            }
        }
        Ok(plan)
    }

    /// Keeps some clients; all of them if none is named.
    pub(super) fn keep(&mut self, names: &[String]) -> Result<()> {
        for name in names {
            ensure!(
                self.clients.iter().any(|client| client.name == *name),
                "there is no client `{name}`; there are: {}",
                self.clients
                    .iter()
                    .map(|client| client.name.as_str())
                    .collect::<Vec<_>>()
                    .join(", ")
            );
        }
        self.clients
            .retain(|client| names.is_empty() || names.contains(&client.name));
        Ok(())
    }
}

impl Client {
    fn runs(&self, scenario: &Scenario) -> bool {
        self.parts.contains(&scenario.part) || self.also.contains(&scenario.name)
    }

    /// The result that a scenario of it should have.
    pub(super) fn expected(&self, scenario: &Scenario) -> CellResult {
        if self.faults.iter().any(|fault| fault.scenario == scenario.name) {
            CellResult::ClientFault
        } else if self.runs(scenario) {
            CellResult::Passed
        } else {
            CellResult::NotApplicable
        }
    }
}
