//! A client for a tenant that is named by a domain: the first write finds out which tenant that is.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use trunkline_core::clock::BoxFuture;
use trunkline_core::tenant::TenantDirectory;
use trunkline_core::token::StaticToken;
use trunkline_core::*;

use crate::scripted::*;

const OURS: &str = "6ad9a6bc-6a1c-4f9b-8f3e-0d9ef5a3c111";
const THEIRS: &str = "11111111-6a1c-4f9b-8f3e-0d9ef5a3c111";

/// An authority that answers from a function, and counts how often it was asked.
struct Directory<F> {
    answer: Mutex<F>,
    asked: Arc<AtomicUsize>,
}

impl<F: FnMut(&str) -> Result<Option<String>> + Send> TenantDirectory for Directory<F> {
    fn tenant_id<'a>(&'a self, domain: &'a str) -> BoxFuture<'a, Result<Option<String>>> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let answer = self.answer.lock().unwrap()(domain);
        Box::pin(async move {
            tokio::task::yield_now().await;
            answer
        })
    }
}

/// A client for `tenant` with a token of `OURS`, and how often the directory was asked.
fn rig_for(
    tenant: &str,
    acts: Vec<Act>,
    directory: impl FnMut(&str) -> Result<Option<String>> + Send + 'static,
) -> (Rig, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let directory = Directory {
        answer: Mutex::new(directory),
        asked: asked.clone(),
    };
    let rig = rig_with(acts, |builder| {
        builder
            .set_tenant(tenant)
            .with_tenant_directory(directory)
            .with_token_source(StaticToken::new(token_of(json!({"tid": OURS}))))
    });
    (rig, asked)
}

fn known(domain: &str) -> Result<Option<String>> {
    Ok(match domain {
        "contoso.example" | "contoso.onmicrosoft.com" => Some(OURS.to_uppercase()),
        "fabrikam.example" => Some(THEIRS.to_owned()),
        _ => None,
    })
}

async fn write(rig: &Rig) -> Result<()> {
    rig.client.request::<()>(update()).send().await.map(drop)
}

async fn read(rig: &Rig) -> Result<()> {
    rig.client.request::<Value>(Operation::get(LIST)).send().await.map(drop)
}

#[tokio::test]
async fn the_token_of_another_domains_tenant_writes_nothing() {
    let (rig, asked) = rig_for("fabrikam.example", vec![answer(200, "{}")], known);
    read(&rig).await.unwrap();
    assert_eq!(asked.load(Ordering::SeqCst), 0, "a read costs nothing");
    for _ in 0..2 {
        let error = write(&rig).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::WrongTenant);
        assert!(!error.may_have_reached_service());
        for named in [OURS, THEIRS, "fabrikam.example"] {
            assert!(error.message().contains(named), "{error}");
        }
    }
    assert_eq!(asked.load(Ordering::SeqCst), 1);
    assert_eq!(rig.service.sent(), 1, "the read of before");
    let error = read(&rig).await.unwrap_err();
    assert_eq!(
        error.kind(),
        ErrorKind::WrongTenant,
        "what is known holds for reads as well"
    );
}

#[tokio::test]
async fn every_kind_of_write_is_compared() {
    for operation in [assign(), update(), Operation::new(http::Method::DELETE, PHONE)] {
        let (rig, _) = rig_for("fabrikam.example", vec![], known);
        let error = rig.client.execute(&operation).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::WrongTenant, "{operation:?}");
        assert_eq!(rig.service.sent(), 0);
    }
    let (rig, asked) = rig_for("fabrikam.example", vec![], known);
    let mut batch = rig.client.batch();
    let read = batch.add(rig.client.request::<Value>(Operation::get(LIST)));
    let write = batch.add(rig.client.request::<()>(update()));
    let mut answers = batch.send().await;
    assert_eq!(answers.take(write).unwrap_err().kind(), ErrorKind::WrongTenant);
    assert_eq!(answers.take(read).unwrap_err().kind(), ErrorKind::WrongTenant);
    assert_eq!((rig.service.sent(), asked.load(Ordering::SeqCst)), (0, 1));
}

#[tokio::test]
async fn a_domain_of_the_tokens_tenant_is_looked_up_once() {
    for domain in ["contoso.example", "contoso.onmicrosoft.com"] {
        let acts = (0..6).map(|_| answer(204, "")).collect();
        let (rig, asked) = rig_for(domain, acts, known);
        let (first, second, third) = tokio::join!(write(&rig), write(&rig), write(&rig));
        first.and(second).and(third).unwrap();
        for _ in 0..3 {
            write(&rig).await.unwrap();
        }
        assert_eq!((asked.load(Ordering::SeqCst), rig.service.sent()), (1, 6));
    }
}

#[tokio::test]
async fn nothing_is_asked_for_an_id_or_for_any_tenant() {
    for tenant in [OURS, "common", "Organizations"] {
        let (rig, asked) = rig_for(tenant, vec![answer(204, "")], known);
        write(&rig).await.unwrap();
        assert_eq!(asked.load(Ordering::SeqCst), 0, "{tenant}");
    }
}

#[tokio::test]
async fn a_tenant_that_does_not_exist_is_not_the_tokens() {
    let (rig, _) = rig_for("contosso.example", vec![], known);
    let error = write(&rig).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WrongTenant);
    assert!(
        error.message().contains("contosso.example") && error.message().contains(OURS),
        "{error}"
    );
    assert!(error.next_step().contains("spelling"), "{error}");
    assert_eq!(rig.service.sent(), 0);
}

#[tokio::test]
async fn a_write_waits_for_an_authority_that_answers_later() {
    let mut times = 0;
    let (rig, _) = rig_for("contoso.example", vec![answer(204, "")], move |domain| {
        times += 1;
        match times {
            1 => Err(Error::new(ErrorKind::Connection, "the name could not be resolved")),
            _ => known(domain),
        }
    });
    let error = write(&rig).await.unwrap_err();
    assert_eq!(
        error.kind(),
        ErrorKind::Connection,
        "what it failed with keeps its kind"
    );
    assert!(!error.may_have_reached_service());
    assert!(error.message().contains("the name could not be resolved"), "{error}");
    assert!(error.next_step().contains("the tenant's id"), "{error}");
    assert_eq!(rig.service.sent(), 0);
    write(&rig).await.unwrap();
}

#[tokio::test]
async fn what_an_authority_does_not_know_is_not_what_the_write_is_for() {
    for (kind, expected) in [
        (ErrorKind::NotFound, ErrorKind::Authentication),
        (ErrorKind::PermissionDenied, ErrorKind::Authentication),
        (ErrorKind::Conflict, ErrorKind::Authentication),
        (ErrorKind::Throttled, ErrorKind::Throttled),
        (ErrorKind::UnexpectedBody, ErrorKind::UnexpectedBody),
    ] {
        let (rig, _) = rig_for("contoso.example", vec![], move |_| Err(Error::new(kind, "it is so")));
        let error = write(&rig).await.unwrap_err();
        assert_eq!(error.kind(), expected);
        assert_eq!(error.operation(), Some("phones.update"));
    }
}

#[tokio::test]
async fn without_a_directory_a_client_for_a_domain_does_not_write() {
    let rig = rig_with(vec![], |builder| {
        builder
            .set_tenant("contoso.example")
            .with_token_source(StaticToken::new(token_of(json!({"tid": OURS}))))
    });
    let error = write(&rig).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(error.next_step().contains("the tenant's id"), "{error}");
    assert_eq!(rig.service.sent(), 0);
}

#[tokio::test]
async fn whoever_asks_is_answered_before_the_first_write() {
    let (rig, asked) = rig_for("fabrikam.example", vec![], known);
    let error = rig.client.verify_tenant().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WrongTenant);
    assert_eq!((rig.service.sent(), asked.load(Ordering::SeqCst)), (0, 1));
    let (rig, _) = rig_for("contoso.example", vec![], known);
    assert_eq!(rig.client.verify_tenant().await.unwrap().as_deref(), Some(OURS));
    let rig = rig_with(vec![], |builder| builder.set_tenant(THEIRS));
    assert_eq!(rig.client.verify_tenant().await.unwrap().as_deref(), Some(THEIRS));
}
