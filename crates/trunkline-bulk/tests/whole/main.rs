//! From a file to a verified end state and back again, against the emulator.

#[path = "../apply/time.rs"]
#[allow(dead_code, reason = "the engine's tests use all of it")]
mod time;

mod example;
mod first_version;
mod policies;
mod reports;
mod site_example;
mod tenants;
mod ways;

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::Value;
use trunkline::{Client, Credential};
use trunkline_bulk::input::{self, InputOptions};
use trunkline_bulk::plan::{Plan, PlanOptions};
use trunkline_bulk::{ApplyOptions, Bulk, Journal, Summary};
use trunkline_emulator::{ClockMode, Emulator, TokenRequest};

use crate::time::WorldClock;

/// An emulator with its sample tenant, and a folder for journals.
struct Fixture {
    emulator: Emulator,
    client: Client,
    bulk: Bulk,
    folder: tempfile::TempDir,
}

impl Fixture {
    async fn build() -> Self {
        let builder = Emulator::builder().clock(ClockMode::Manual);
        let emulator = builder.start().await.expect("a port is free");
        let token = emulator.issue_token(TokenRequest {
            expires_in_seconds: Some(100_000),
            ..TokenRequest::default()
        });
        let client = Client::builder()
            .endpoint(emulator.url())
            .credential(Credential::token(token))
            .clock(Arc::new(WorldClock::new(emulator.clock())))
            .build()
            .expect("builds");
        Self {
            emulator,
            bulk: Bulk::new(&client),
            client,
            folder: tempfile::tempdir().expect("a folder"),
        }
    }

    fn journal(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn open(&self, name: &str) -> Journal {
        Journal::open(self.journal(name)).expect("opens")
    }

    async fn plan(&self, file: &str, options: &PlanOptions) -> Plan {
        let reading = InputOptions {
            pick: true,
            ..InputOptions::default()
        };
        let rows = input::read(file.as_bytes(), &reading).expect("a file");
        self.bulk.plan(&rows, options).await.expect("a plan")
    }

    async fn apply(&self, plan: Plan, journal: &str) -> Summary {
        let run = self.bulk.apply(plan, self.journal(journal), &ApplyOptions::new());
        run.run(|_| ()).await.expect("runs")
    }

    /// Numbers and people, without what only time changes.
    fn state(&self) -> (Value, Value) {
        let state = self.emulator.state();
        (state["numbers"].clone(), state["users"].clone())
    }

    fn number(&self, number: &str) -> Value {
        let numbers = self.state().0;
        let found = numbers
            .as_array()
            .expect("numbers")
            .iter()
            .find(|one| one["telephoneNumber"] == number);
        found.expect("is there").clone()
    }
}
