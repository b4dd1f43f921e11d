//! Numbers without a plus: refused, or read in the country that was given, by every method that takes a number.

use trunkline::phones::PhoneRole;
use trunkline::{Client, Credential, Error, ErrorKind};

use super::{ANA, FREE, Fixture};

const NATIONAL: &str = "(206) 123-4567";

/// Passes one number to every method that takes one, and collects the results.
async fn refusals(client: &Client, number: &str) -> Vec<Error> {
    let numbers = client.numbers();
    let location = || None;
    let phones = client.phones(ANA);
    vec![
        numbers.get(number).await.expect_err("is refused"),
        numbers.unassign(number).verify().await.expect_err("is refused"),
        numbers.assign(number, ANA).await.expect_err("is refused"),
        numbers.assign(number, ANA).plan().expect_err("is refused"),
        numbers.move_to(number, ANA).await.expect_err("is refused"),
        numbers.unassign(number).await.expect_err("is refused"),
        numbers.unassign(number).plan().expect_err("is refused"),
        numbers.set_location(number, location()).await.expect_err("is refused"),
        numbers.parse_number(number).expect_err("is refused"),
        phones.set(PhoneRole::Mobile, number).await.expect_err("is refused"),
        phones.set(PhoneRole::Mobile, number).plan().expect_err("is refused"),
    ]
}

#[tokio::test]
async fn a_number_without_a_plus_is_refused_by_every_method_and_nothing_is_asked() {
    let fixture = Fixture::build().await;
    for number in [
        NATIONAL,
        "12061234567",
        "0044 20 7946 0000",
        "+44 (0)20 7946 0000",
        "+44 020 7946 0000",
    ] {
        for error in refusals(&fixture.client, number).await {
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "{number}: {error}");
            assert!(!error.may_have_reached_service());
        }
    }
    let error = fixture
        .client
        .numbers()
        .unassign(NATIONAL)
        .await
        .expect_err("is refused");
    assert!(error.next_step().contains(".country(\"US\")"), "{error}");
    assert!(fixture.emulator.requests().is_empty());
}

#[tokio::test]
async fn with_a_country_it_is_read_in_that_country_and_nothing_else() {
    let fixture = Fixture::build().await;
    let numbers = fixture.client.numbers();
    let us = fixture.client.numbers().country("us");
    assert!(us.get(NATIONAL).await.expect("is read").is_some());
    assert!(us.get("+44 20 7946 0000").await.expect("has a plus").is_none());
    let error = us.get("020 7946 0000").await.expect_err("is of no US number");
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    let assigned = numbers.assign(NATIONAL, ANA).country("US").await.expect("assigns");
    assert_eq!(assigned.number.to_string(), FREE);
    let verified = us.unassign(NATIONAL).verify().await.expect("is read");
    assert!(!verified.holds());
    let cleared = numbers.set_location(NATIONAL, None).country("US").plan();
    assert!(cleared.is_ok());
    assert_eq!(us.unassign(NATIONAL).await.expect("unassigns").number.to_string(), FREE);
    let phone = fixture
        .client
        .phones(ANA)
        .set(PhoneRole::Office, "206-555-0100 x12")
        .country("US");
    let number = phone.await.expect("sets").after.expect("is there").phone_number;
    assert_eq!(number.as_deref(), Some("+1 2065550100x12"));
}

#[tokio::test]
async fn a_client_has_a_country_and_a_method_may_have_another() {
    let fixture = Fixture::build().await;
    let british = Client::builder()
        .endpoint(fixture.emulator.url())
        .credential(Credential::token(fixture.emulator.token()))
        .country("GB")
        .build()
        .expect("builds");
    assert_eq!(british.country().map(|country| country.letters()), Some("GB"));
    let read = |text: &str| british.numbers().parse_number(text).map(|number| number.to_string());
    assert_eq!(read("020 7946 0000").expect("is read"), "+442079460000");
    assert!(read(NATIONAL).is_err());
    let american = british.gathering_reads().numbers().country("US");
    assert_eq!(american.parse_number(NATIONAL).expect("is read").to_string(), FREE);
    assert!(
        british
            .phones(ANA)
            .set(PhoneRole::Mobile, "07700 900125")
            .plan()
            .is_ok()
    );
}

#[tokio::test]
async fn a_country_that_is_none_is_an_error_and_nothing_is_asked() {
    let fixture = Fixture::build().await;
    let error = Client::builder().country("XX").build().expect_err("no country");
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(error.to_string().contains("US or GB"), "{error}");
    let numbers = fixture.client.numbers().country("United States");
    for error in [
        numbers.get(FREE).await.expect_err("no country"),
        fixture
            .client
            .numbers()
            .unassign(FREE)
            .country("")
            .await
            .expect_err("no country"),
        fixture
            .client
            .phones(ANA)
            .country("XX")
            .set(PhoneRole::Mobile, FREE)
            .await
            .expect_err("no country"),
    ] {
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(error.next_step().contains("two letters"), "{error}");
    }
    assert!(fixture.emulator.requests().is_empty());
}
