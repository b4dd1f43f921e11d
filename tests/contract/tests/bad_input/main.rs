//! Bad arguments and bad answers. Each ends in one error of the right kind, on one
//! line, without the token, after exactly as many requests as are right.

mod answers;
mod arguments;
mod gates;
mod links;
mod lost;

use std::sync::Arc;

use trunkline::teams_administration::{NumberAssignment, NumberType, TelephoneNumberLongRunningOperation};
use trunkline::{Client, ClientBuilder, Credential, Error, ErrorKind, LongRunning, Response, TestClock};
use trunkline_contract::ending::unsound;
use trunkline_contract::{Recorder, Reply, TOKEN};

/// A server with a script, and a client of it whose time is the test's.
struct Rig {
    server: Recorder,
    client: Client,
    clock: TestClock,
}

async fn rig(script: Vec<Reply>) -> Rig {
    rig_with(|_| script, |builder| builder).await
}

async fn rig_with(script: impl FnOnce(&str) -> Vec<Reply>, with: impl FnOnce(ClientBuilder) -> ClientBuilder) -> Rig {
    let server = Recorder::start(script).await.unwrap();
    let clock = TestClock::default();
    let client = with(builder(&server.root(), &clock)).build().unwrap();
    Rig { server, client, clock }
}

fn builder(root: &str, clock: &TestClock) -> ClientBuilder {
    let clock = Arc::new(clock.clone());
    Client::builder()
        .endpoint(root)
        .credential(Credential::token(TOKEN))
        .clock(clock)
        .no_proxy()
}

impl Rig {
    /// How many requests the server saw. Nothing may have been sent to it but whole requests.
    fn requests(&self) -> usize {
        assert_eq!(
            self.server.connections(),
            self.server.seen().len(),
            "a connection without a request"
        );
        self.server.seen().len()
    }

    /// A read: may be sent again freely.
    async fn read(&self) -> trunkline::Result<Response<NumberAssignment>> {
        numbers(&self.client).by_id("id").get().await
    }

    /// A list, all pages of it.
    async fn list(&self) -> trunkline::Result<Vec<NumberAssignment>> {
        numbers(&self.client).list().all().await
    }

    /// A write that must never be sent twice.
    async fn assign(&self) -> trunkline::Result<Response<LongRunning<TelephoneNumberLongRunningOperation>>> {
        assign(&self.client, "+12061234567").await
    }
}

fn numbers(client: &Client) -> trunkline::Collection<NumberAssignment> {
    client
        .graph()
        .admin()
        .teams()
        .telephone_number_management()
        .number_assignments()
}

async fn assign(
    client: &Client,
    number: &str,
) -> trunkline::Result<Response<LongRunning<TelephoneNumberLongRunningOperation>>> {
    let target = "a0000000-0000-4000-8000-000000000001";
    numbers(client)
        .assign_number(number, target, NumberType::CallingPlan)
        .await
}

/// The error, once it is of the kind and shows itself as every error must.
#[track_caller]
fn failed<T>(result: trunkline::Result<T>, kind: ErrorKind, about: &str) -> Error {
    let Err(error) = result else {
        panic!("{about} succeeded")
    };
    assert_eq!(error.kind(), kind, "{about}: {error:?}");
    if let Some(what) = unsound(&error) {
        panic!("{about}: {what}");
    }
    error
}

/// The error of a request that was never sent.
#[track_caller]
fn refused<T>(rig: &Rig, result: trunkline::Result<T>, kind: ErrorKind, about: &str) -> Error {
    let error = failed(result, kind, about);
    assert_eq!(rig.server.connections(), 0, "{about}: something was sent");
    assert!(!error.may_have_reached_service(), "{about}: {error:?}");
    error
}
