//! An emulator, a client and a folder for journals, with plans to apply.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use serde_json::{Value, json};
use trunkline::{Change, Client, Credential, Person, RetryPolicy};
use trunkline_bulk::plan::{NumberState, PhoneState, Plan, PlanHeader, PlannedRow, State, Step, StepId, Verdict};
use trunkline_bulk::{Apply, ApplyOptions, Bulk, BulkError, Ending, Event, Journal, RowOutcome, Summary};
use trunkline_emulator::{
    ClockMode, DEFAULT_TENANT_ID, Emulator, EmulatorBuilder, Fault, TokenRequest, bulk_numbers, bulk_users,
};

use crate::time::WorldClock;

pub(crate) const PLACE: &str = "10c00000-0000-4000-8000-000000000002";

pub(crate) struct Fixture {
    pub(crate) emulator: Emulator,
    pub(crate) client: Client,
    pub(crate) clock: WorldClock,
    folder: tempfile::TempDir,
}

/// The numbers and people of a fixture: number `n` is +1206555000n, person `p` is user0000p.
#[derive(Default, Clone)]
pub(crate) struct Setup {
    pub(crate) held: Vec<(usize, usize)>,
    /// Person, role, number, whether SMS sign-in is on.
    pub(crate) phones: Vec<(usize, &'static str, &'static str, bool)>,
    pub(crate) outcomes: Vec<(usize, Value)>,
}

pub(crate) fn number(index: usize) -> String {
    format!("+1206555{index:04}")
}

pub(crate) fn person(index: usize) -> String {
    format!("b0000000-0000-4000-8000-{index:012}")
}

impl Fixture {
    pub(crate) async fn build(setup: Setup) -> Self {
        Self::with(setup, |emulator| emulator).await
    }

    pub(crate) async fn with(setup: Setup, settings: impl FnOnce(EmulatorBuilder) -> EmulatorBuilder) -> Self {
        let (mut numbers, mut people) = (bulk_numbers(40), bulk_users(40));
        for (index, holder) in &setup.held {
            let entity = &mut numbers["numbers"][*index];
            entity["assignmentTargetId"] = json!(person(*holder));
            entity["assignmentStatus"] = json!("userAssigned");
            entity["assignmentCategory"] = json!("primary");
        }
        for (index, outcome) in &setup.outcomes {
            numbers["numbers"][*index]["@emulator.outcome"] = outcome.clone();
        }
        for (index, role, number, on) in &setup.phones {
            let entity = &mut people["users"][*index]["authentication"];
            if entity["phoneMethods"].is_null() {
                entity["phoneMethods"] = json!([]);
            }
            let id = trunkline::phones::PhoneRole::from_name(role).expect("is a role").id();
            let state = if *on { "ready" } else { "notEnabled" };
            entity["phoneMethods"].as_array_mut().expect("is a list").push(json!({
                "id": id, "phoneType": role, "phoneNumber": number, "smsSignInState": state,
            }));
        }
        let builder = Emulator::builder().clock(ClockMode::Manual).seed(numbers).seed(people);
        let emulator = settings(builder).start().await.expect("a port is free");
        let clock = WorldClock::new(emulator.clock());
        // Runs that are killed often take hours of this world's time.
        let token = emulator.issue_token(TokenRequest {
            expires_in_seconds: Some(100_000),
            ..TokenRequest::default()
        });
        let client = client(&emulator, &clock, token, "fixture");
        Self {
            emulator,
            client,
            clock,
            folder: tempfile::tempdir().expect("a folder"),
        }
    }

    pub(crate) fn journal(&self) -> PathBuf {
        self.folder.path().join("run.journal")
    }

    pub(crate) fn fault(&self, fault: Value) {
        let fault: Fault = serde_json::from_value(fault).expect("is a fault");
        self.emulator.fault(fault);
    }

    pub(crate) fn apply(&self, plan: &Arc<Plan>, options: &ApplyOptions) -> Apply {
        Bulk::new(&self.client).apply(plan.clone(), self.journal(), options)
    }

    /// Applies to the end.
    pub(crate) async fn run(&self, plan: &Arc<Plan>) -> Summary {
        let (summary, _) = self.run_with(plan, &ApplyOptions::new()).await.expect("runs");
        self.agrees(plan);
        summary
    }

    pub(crate) async fn run_with(
        &self,
        plan: &Arc<Plan>,
        options: &ApplyOptions,
    ) -> Result<(Summary, Vec<RowOutcome>), BulkError> {
        let mut rows = Vec::new();
        let summary = self
            .apply(plan, options)
            .run(|event| {
                if let Event::Row(row) = event {
                    rows.push((**row).clone());
                }
            })
            .await?;
        Ok((summary, rows))
    }

    /// Applies until an event number of that kind, and drops the run there, as a kill would.
    pub(crate) async fn run_until(&self, plan: &Arc<Plan>, options: &ApplyOptions, events: usize) -> bool {
        let mut apply = self.apply(plan, options);
        let mut seen = 0;
        while let Some(event) = apply.next().await {
            if matches!(event.expect("runs"), Event::Progress(_)) {
                continue;
            }
            if seen == events {
                return true;
            }
            seen += 1;
        }
        false
    }

    pub(crate) fn read(&self) -> HashMap<u32, Option<RowOutcome>> {
        let journal = Journal::open(self.journal()).expect("opens");
        let rows = journal.rows().map(|row| row.expect("reads"));
        rows.map(|row| (row.planned.row, row.outcome)).collect()
    }

    pub(crate) fn row(&self, line: u32) -> RowOutcome {
        self.read().remove(&line).flatten().expect("has ended")
    }

    pub(crate) fn ending(&self, line: u32) -> Ending {
        self.row(line).ending
    }

    pub(crate) fn holder(&self, index: usize) -> Option<String> {
        let state = self.emulator.state();
        let numbers = state["numbers"].as_array().expect("is a list").clone();
        let found = numbers.iter().find(|entry| entry["telephoneNumber"] == number(index));
        found.expect("is there")["assignmentTargetId"]
            .as_str()
            .map(str::to_owned)
    }

    pub(crate) fn phone(&self, index: usize, role: &str) -> Option<(String, bool)> {
        let state = self.emulator.state();
        let users = state["users"].as_array().expect("is a list").clone();
        let user = users.iter().find(|user| user["id"] == person(index)).expect("is there");
        let methods = user["authentication"]["phoneMethods"].as_array()?.clone();
        let method = methods.iter().find(|method| method["phoneType"] == role)?;
        Some((
            method["phoneNumber"].as_str()?.to_owned(),
            method["smsSignInState"] == "ready",
        ))
    }

    /// How many orders were accepted for a number.
    pub(crate) fn orders(&self, index: usize) -> usize {
        let orders = self.emulator.orders();
        orders.iter().filter(|order| order.number == number(index)).count()
    }

    /// The journal says what is so, whatever the endings are: the last word on every run.
    pub(crate) fn agrees(&self, plan: &Plan) {
        let state = self.emulator.state();
        let numbers = state["numbers"].as_array().expect("is a list").clone();
        let of = |text: &str| {
            let found = numbers.iter().find(|entry| entry["telephoneNumber"] == text);
            found.expect("is there").clone()
        };
        let rows = self.read();
        for row in &plan.rows {
            let outcome = rows[&row.row].as_ref();
            let Some(outcome) = outcome.filter(|outcome| outcome.ending != Ending::Pending) else {
                continue;
            };
            let is_so = match row.wanted.change().expect("is readable") {
                Change::Assign { number, to, .. } => of(number)["assignmentTargetId"].as_str() == to.id.as_deref(),
                Change::Unassign { number, .. } => of(number)["assignmentTargetId"].is_null(),
                Change::SetLocation { number, location } => {
                    of(number)["locationId"].as_str().filter(|id| !id.is_empty()) == location.as_deref()
                }
                Change::SetPhone { user, role, number } => {
                    let digits = |text: &str| text.replace(' ', "");
                    let own = self.phone(index(user), role.name()).map(|phone| digits(&phone.0));
                    own == Some(digits(number))
                }
                Change::RemovePhone { user, role } => self.phone(index(user), role.name()).is_none(),
                Change::SmsSignIn { user, enabled } => {
                    self.phone(index(user), "mobile").is_some_and(|phone| phone.1) == *enabled
                }
                Change::SetPolicy { .. } | Change::ClearPolicy { .. } => {
                    unreachable!("no plan of these tests has policies")
                }
            };
            // Later rows of a plan may undo what is wanted here only in plans that no test makes.
            assert_eq!(is_so, outcome.ending.is_good(), "row {}: {outcome:?}", row.row);
        }
    }
}

fn assignment(index: usize, to: usize, takes: bool) -> Change {
    Change::Assign {
        number: number(index),
        to: somebody(to),
        category: None,
        location: None,
        number_type: None,
        takes,
        picked: false,
    }
}

fn index(person: &Person) -> usize {
    let id = person.id.as_deref().expect("is known");
    id[24..].parse().expect("is a person of the fixture")
}

/// A client whose requests are recognized by their product.
pub(crate) fn client(emulator: &Emulator, clock: &WorldClock, token: String, product: &str) -> Client {
    Client::builder()
        .endpoint(emulator.url())
        .credential(Credential::token(token))
        .clock(Arc::new(clock.clone()))
        .user_agent(product)
        .retry(RetryPolicy::default())
        .build()
        .expect("builds")
}

/// Makes the rows of a plan, one after the other.
pub(crate) struct Plans {
    setup: Setup,
    rows: Vec<PlannedRow>,
}

impl Plans {
    pub(crate) fn new(setup: &Setup) -> Self {
        Self {
            setup: setup.clone(),
            rows: Vec::new(),
        }
    }

    fn line(&self) -> u32 {
        u32::try_from(self.rows.len()).expect("few") + 2
    }

    fn holder(&self, index: usize) -> Option<String> {
        let held = self.setup.held.iter().find(|held| held.0 == index);
        held.map(|held| person(held.1))
    }

    fn number_state(&self, index: usize, holder: Option<String>) -> State {
        let status = if holder.is_some() { "userAssigned" } else { "unassigned" };
        State::Number(NumberState {
            number: number(index),
            number_source: Some("online".to_owned()),
            status: Some(status.to_owned()),
            activation: Some("activated".to_owned()),
            holder,
            ..NumberState::default()
        })
    }

    fn phone_state(&self, index: usize, role: &str) -> State {
        let own = self
            .setup
            .phones
            .iter()
            .find(|phone| phone.0 == index && phone.1 == role);
        State::Phone(PhoneState {
            user: person(index),
            role: role.to_owned(),
            number: own.map(|phone| phone.2.to_owned()),
            sms_sign_in: own.map(|phone| if phone.3 { "ready" } else { "notEnabled" }.to_owned()),
        })
    }

    fn push(mut self, wanted: Change, before: State, steps: Vec<(Change, Vec<StepId>, State)>) -> Self {
        let steps = steps
            .into_iter()
            .map(|(change, needs, expects)| Step { change, needs, expects });
        let row = PlannedRow {
            row: self.line(),
            wanted: wanted.into(),
            verdict: Verdict::Change,
            before: Some(before),
            steps: steps.collect(),
            findings: Vec::new(),
        };
        self.rows.push(row);
        self
    }

    /// Number to person; released by its holder when it has one; `needs` are added.
    pub(crate) fn assign_after(self, index: usize, to: usize, needs: &[StepId]) -> Self {
        let mut needs = needs.to_vec();
        let (line, holder) = (self.line(), self.holder(index));
        let mut steps = Vec::new();
        if holder.is_some() {
            let take = Change::Unassign {
                number: number(index),
                holder: None,
            };
            steps.push((take, Vec::new(), self.number_state(index, holder.clone())));
            needs.push(StepId(line, 0));
        }
        let give = assignment(index, to, false);
        steps.push((give, needs, self.number_state(index, None)));
        let wanted = assignment(index, to, holder.is_some());
        let before = self.number_state(index, holder);
        self.push(wanted, before, steps)
    }

    pub(crate) fn assign(self, index: usize, to: usize) -> Self {
        self.assign_after(index, to, &[])
    }

    pub(crate) fn unassign(self, index: usize) -> Self {
        let state = self.number_state(index, self.holder(index));
        let steps = vec![(
            Change::Unassign {
                number: number(index),
                holder: None,
            },
            Vec::new(),
            state.clone(),
        )];
        self.push(
            Change::Unassign {
                number: number(index),
                holder: None,
            },
            state,
            steps,
        )
    }

    pub(crate) fn locate(self, index: usize, place: Option<&str>) -> Self {
        let state = self.number_state(index, self.holder(index));
        let location = place.map(str::to_owned);
        let wanted = Change::SetLocation {
            number: number(index),
            location,
        };
        self.push(wanted.clone(), state.clone(), vec![(wanted, Vec::new(), state)])
    }

    pub(crate) fn set_phone(self, index: usize, role: &str, number: &str, needs: &[StepId]) -> Self {
        let state = self.phone_state(index, role);
        let wanted = Change::SetPhone {
            user: somebody(index),
            role: role.parse().expect("is a role"),
            number: number.to_owned(),
        };
        self.push(wanted.clone(), state.clone(), vec![(wanted, needs.to_vec(), state)])
    }

    pub(crate) fn remove_phone(self, index: usize, role: &str, needs: &[StepId]) -> Self {
        let state = self.phone_state(index, role);
        let wanted = Change::RemovePhone {
            user: somebody(index),
            role: role.parse().expect("is a role"),
        };
        self.push(wanted.clone(), state.clone(), vec![(wanted, needs.to_vec(), state)])
    }

    pub(crate) fn sms(self, index: usize, enabled: bool) -> Self {
        let state = self.phone_state(index, "mobile");
        let wanted = Change::SmsSignIn {
            user: somebody(index),
            enabled,
        };
        self.push(wanted.clone(), state.clone(), vec![(wanted, Vec::new(), state)])
    }

    /// The last row was found to need nothing, or to be impossible.
    pub(crate) fn verdict(mut self, verdict: Verdict) -> Self {
        let row = self.rows.last_mut().expect("there is one");
        row.verdict = verdict;
        row.steps.clear();
        self
    }

    pub(crate) fn plan(self) -> Arc<Plan> {
        self.plan_of(DEFAULT_TENANT_ID, "global")
    }

    pub(crate) fn plan_of(self, tenant: &str, cloud: &str) -> Arc<Plan> {
        Arc::new(Plan {
            header: PlanHeader::new(tenant, cloud, "of a file"),
            rows: self.rows,
        })
    }
}

fn somebody(index: usize) -> Person {
    Person {
        id: Some(person(index)),
        name: format!("user{index:05}@contoso.example"),
        ..Person::default()
    }
}

/// Options of a run that waits for as long as it takes.
pub(crate) fn options() -> ApplyOptions {
    ApplyOptions::new().proof(Duration::from_secs(120))
}
