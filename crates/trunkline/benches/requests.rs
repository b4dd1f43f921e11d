//! The cost of a request to the client, in CPU time of its thread, compared with bare reqwest with serde-derived structs against the
//! same local server. `floor` is the latter; the goals are 1.25 times of it for a small request and 1.0 for a page.

#![allow(missing_docs, reason = "criterion's macros make undocumented items")]

mod server;

use std::hint::black_box;
use std::time::Duration;

use cpu_time::ThreadTime;
use criterion::{Criterion, criterion_group, criterion_main};
use futures_util::future::join_all;
use serde::{Deserialize, Serialize};
use tokio::runtime::Runtime;
use trunkline::graph::{AuthenticationPhoneType, PhoneAuthenticationMethod};
use trunkline::phones::PhoneRole;
use trunkline::{Client, Credential};

const USER: &str = "a0000000-0000-4000-8000-000000000001";
const NUMBER: &str = "+12061234567";
/// As long as a real one: Entra's application tokens have some 1,500 characters.
const TOKEN_LENGTH: usize = 1_500;
/// Requests under way at once.
const AT_ONCE: u64 = 16;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Phone {
    phone_number: String,
    phone_type: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Assign {
    telephone_number: String,
    assignment_target_id: String,
    number_type: String,
}

#[derive(Deserialize)]
struct Page {
    value: Vec<Number>,
}

/// Enumerations as enumerations: quicker than texts, though it loses members that it does not know.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
enum Word {
    DirectRouting,
    CallingPlan,
    OperatorConnect,
    Activated,
    AssignmentPending,
    Primary,
    Private,
    UserAssigned,
    Unassigned,
    Online,
    OnPremises,
    ConferenceAssignment,
    VoiceApplicationAssignment,
    UserAssignment,
    LocationUpdate,
    Release,
    SkipInternalVoip,
    Completed,
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "decoding is what is measured")]
struct Number {
    id: Option<String>,
    telephone_number: Option<String>,
    operator_id: Option<String>,
    number_type: Option<Word>,
    activation_state: Option<Word>,
    capabilities: Option<Vec<Word>>,
    location_id: Option<String>,
    civic_address_id: Option<String>,
    network_site_id: Option<String>,
    assignment_target_id: Option<String>,
    assignment_category: Option<Word>,
    port_in_status: Option<Word>,
    assignment_status: Option<Word>,
    iso_country_code: Option<String>,
    city: Option<String>,
    number_source: Option<Word>,
    supported_customer_actions: Option<Vec<Word>>,
    reverse_number_lookup_options: Option<Vec<Word>>,
}

struct Bench {
    runtime: Runtime,
    root: String,
    token: String,
    client: Client,
    floor: reqwest::Client,
}

impl Bench {
    fn new() -> Self {
        // One thread: its CPU time is then all that the client costs. The server has a thread of its own.
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("builds");
        let root = server::start();
        let token = "t".repeat(TOKEN_LENGTH);
        let client = client(&root, &token);
        Self {
            runtime,
            root,
            token,
            client,
            floor: floor(),
        }
    }

    fn url(&self, path: &str) -> String {
        format!("{}/v1.0{path}", self.root)
    }

    /// CPU time of the client's thread for so many runs of `measured`, with as many runs of `other` in between: what the
    /// machine does meanwhile then strikes both alike. Several requests are under way at once, so that the thread does
    /// not fall asleep between them: waking up costs more than a request, and a different amount each time.
    fn time(&self, times: u64, measured: impl AsyncFn(), other: impl AsyncFn()) -> Duration {
        self.runtime.block_on(async {
            let mut spent = Duration::ZERO;
            let mut left = times;
            while left > 0 {
                let round = left.min(AT_ONCE);
                let start = ThreadTime::now();
                join_all((0..round).map(|_| measured())).await;
                spent += start.elapsed();
                join_all((0..round).map(|_| other())).await;
                left -= round;
            }
            spent
        })
    }
}

/// Benchmarks a request and its floor.
fn compare(criterion: &mut Criterion, group: &str, bench: &Bench, floor: impl AsyncFn(), trunkline: impl AsyncFn()) {
    let mut group = criterion.benchmark_group(group);
    group.bench_function("floor", |bencher| {
        bencher.iter_custom(|times| bench.time(times, &floor, &trunkline))
    });
    group.bench_function("trunkline", |bencher| {
        bencher.iter_custom(|times| bench.time(times, &trunkline, &floor))
    });
    group.finish();
}

fn client(root: &str, token: &str) -> Client {
    Client::builder()
        .endpoint(root)
        .credential(Credential::token(token))
        .build()
        .expect("builds")
}

fn floor() -> reqwest::Client {
    // reqwest asks for the process's provider; installing it a second time changes nothing.
    let _installed = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().build().expect("builds")
}

fn update_phone(criterion: &mut Criterion) {
    let bench = Bench::new();
    let url = bench.url(&format!(
        "/users/{USER}/authentication/phoneMethods/{}",
        PhoneRole::Mobile.id()
    ));
    let floor = async || {
        let body = Phone {
            phone_number: "+1 2065550100".to_owned(),
            phone_type: "mobile".to_owned(),
        };
        let request = bench.floor.patch(&url).bearer_auth(&bench.token).json(&body);
        let response = request
            .send()
            .await
            .and_then(reqwest::Response::error_for_status)
            .expect("204");
        black_box(response.bytes().await.expect("empty"));
    };
    let trunkline = async || {
        let body = PhoneAuthenticationMethod::new("+1 2065550100", AuthenticationPhoneType::Mobile);
        let authentication = bench.client.graph().users().by_id(USER).authentication();
        let method = authentication.phone_methods().by_id(PhoneRole::Mobile.id());
        black_box(method.update(&body).await.expect("204"));
    };
    compare(criterion, "update a phone method", &bench, floor, trunkline);
}

fn assign_number(criterion: &mut Criterion) {
    let bench = Bench::new();
    let url = bench.url("/admin/teams/telephoneNumberManagement/numberAssignments/assignNumber");
    let floor = async || {
        let body = Assign {
            telephone_number: NUMBER.to_owned(),
            assignment_target_id: USER.to_owned(),
            number_type: "callingPlan".to_owned(),
        };
        let request = bench.floor.post(&url).bearer_auth(&bench.token).json(&body);
        let response = request
            .send()
            .await
            .and_then(reqwest::Response::error_for_status)
            .expect("202");
        let location = response.headers()["location"].to_str().expect("text").to_owned();
        black_box((location, response.bytes().await.expect("empty")));
    };
    let trunkline = async || {
        let management = bench.client.graph().admin().teams().telephone_number_management();
        let call = management
            .number_assignments()
            .assign_number(NUMBER, USER, "callingPlan");
        black_box(call.await.expect("202"));
    };
    compare(criterion, "assign a number", &bench, floor, trunkline);
}

fn list_page(criterion: &mut Criterion) {
    let bench = Bench::new();
    let url = bench.url("/admin/teams/telephoneNumberManagement/numberAssignments");
    let floor = async || {
        let request = bench
            .floor
            .get(&url)
            .query(&[("$top", "999")])
            .bearer_auth(&bench.token);
        let response = request
            .send()
            .await
            .and_then(reqwest::Response::error_for_status)
            .expect("200");
        let page: Page = response.json().await.expect("a page");
        assert_eq!(page.value.len(), 999);
    };
    let trunkline = async || {
        let management = bench.client.graph().admin().teams().telephone_number_management();
        let page = management
            .number_assignments()
            .list()
            .top(999)
            .first_page()
            .await
            .expect("a page");
        assert_eq!(page.items.len(), 999);
    };
    compare(criterion, "read a page of 999 numbers", &bench, floor, trunkline);
}

fn first_call(criterion: &mut Criterion) {
    let bench = Bench::new();
    let url = bench.url(&format!(
        "/users/{USER}/authentication/phoneMethods/{}",
        PhoneRole::Mobile.id()
    ));
    let floor = async || {
        let response = floor().get(&url).bearer_auth(&bench.token).send().await.expect("200");
        black_box(response.bytes().await.expect("a body"));
    };
    let trunkline = async || {
        let client = client(&bench.root, &bench.token);
        let authentication = client.graph().users().by_id(USER).authentication();
        black_box(
            authentication
                .phone_methods()
                .by_id(PhoneRole::Mobile.id())
                .get()
                .await
                .expect("200"),
        );
    };
    compare(
        criterion,
        "build a client and make the first call",
        &bench,
        floor,
        trunkline,
    );
}

criterion_group! {
    name = requests;
    config = Criterion::default().warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(4)).sample_size(40);
    targets = update_phone, assign_number, list_page, first_call
}
criterion_main!(requests);
