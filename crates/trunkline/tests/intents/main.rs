//! The intents against the emulator: what an administrator means, with answers lost, orders failing and numbers taken.
//! Client and emulator share one clock that moves only when somebody waits, so nothing here takes time.

mod bases;
mod countries;
mod deadlines;
mod keys;
mod numbers;
mod orders;
mod pending;
mod phones;
mod plans;
mod policies;
mod read_back;
mod watching;

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use trunkline::phones::{PhoneChange, PhoneRole};
use trunkline::teams_administration::NumberType;
use trunkline::{Client, Credential, TestClock};
use trunkline_emulator::{ClockMode, Emulator, EmulatorBuilder, Fault};

const FREE: &str = "+12061234567";
const ANA: &str = "a0000000-0000-4000-8000-000000000001";
const BEN: &str = "a0000000-0000-4000-8000-000000000002";

struct Fixture {
    emulator: Emulator,
    client: Client,
    clock: TestClock,
}

impl Fixture {
    async fn build() -> Self {
        Self::with(|emulator| emulator).await
    }

    async fn with(settings: impl FnOnce(EmulatorBuilder) -> EmulatorBuilder) -> Self {
        let builder = settings(Emulator::builder().clock(ClockMode::Manual));
        let emulator = builder.start().await.expect("a port is free");
        let clock = TestClock::new(emulator.now());
        let driven = emulator.clock();
        clock.on_advance(move |by| driven.advance(by));
        let client = Client::builder()
            .endpoint(emulator.url())
            .credential(Credential::token(emulator.token()))
            .clock(Arc::new(clock.clone()))
            .build()
            .expect("builds");
        Self {
            emulator,
            client,
            clock,
        }
    }

    /// How long everybody has waited.
    fn waited(&self) -> Duration {
        self.clock.waits().iter().sum()
    }

    /// Orders that the number be ana's, and waits for nothing.
    async fn place(&self, number: &str) -> String {
        let management = self.client.graph().admin().teams().telephone_number_management();
        let call = management
            .number_assignments()
            .assign_number(number, ANA, NumberType::CallingPlan);
        call.await.expect("is accepted").into_value().token()
    }

    fn fault(&self, fault: Value) {
        let fault: Fault = serde_json::from_value(fault).expect("is a fault");
        self.emulator.fault(fault);
    }

    /// How often a path with this end was asked for by this method.
    fn sent(&self, method: &str, end: &str) -> usize {
        let requests = self.emulator.requests();
        requests
            .iter()
            .filter(|request| request.method == method && request.path.ends_with(end))
            .count()
    }

    fn holder(&self, number: &str) -> Option<String> {
        let state = self.emulator.state();
        let numbers = state["numbers"].as_array().expect("a list");
        let found = numbers
            .iter()
            .find(|entry| entry["telephoneNumber"] == number)
            .expect("is there");
        found["assignmentTargetId"].as_str().map(str::to_owned)
    }
}

#[test]
fn everything_works_blocking() {
    let emulator = Emulator::builder()
        .stage_duration(Duration::ZERO)
        .start_blocking()
        .expect("a port is free");
    let client = Client::builder()
        .endpoint(emulator.url())
        .credential(Credential::token(emulator.token()))
        .build()
        .expect("builds");
    assert!(client.numbers().get_blocking(FREE).expect("reads").is_some());
    let phones = client.phones("ana@contoso.example");
    assert_eq!(phones.list_blocking().expect("reads").len(), 1);
    let outcome = phones
        .set(PhoneRole::Mobile, "+1 2065550197")
        .send_blocking()
        .expect("sets");
    assert_eq!(outcome.change, PhoneChange::Updated);
}
