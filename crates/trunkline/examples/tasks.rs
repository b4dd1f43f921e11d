//! Short tasks, each a function: assign a number and wait, all numbers to a CSV, phones of many users, users with a filter, an error
//! handled, a test of your own code. `cargo run --example tasks` carries them out on an emulator.

#![allow(clippy::print_stdout, reason = "an example talks to people")]

use std::io::Write;

use futures_util::StreamExt as _;
use trunkline::numbers::NumberOutcome;
use trunkline::phones::PhoneRole;
use trunkline::{Client, ErrorKind, OpenEnum as _, Property, RetryAdvice};
use trunkline_emulator::Emulator;

pub(crate) async fn assign(client: &Client, number: &str, user: &str) -> trunkline::Result<NumberOutcome> {
    let watch = |progress: &trunkline::ChangeProgress| println!("  {progress:?}");
    let outcome = client.numbers().assign(number, user).with_progress(watch).await?;
    println!("{outcome}");
    Ok(outcome)
}

pub(crate) async fn write_numbers(client: &Client, file: &mut impl Write) -> Result<usize, Box<dyn std::error::Error>> {
    writeln!(file, "number,city,status")?;
    let management = client.graph().admin().teams().telephone_number_management();
    let mut numbers = management.number_assignments().list().top(999).items();
    let mut count = 0;
    while let Some(number) = numbers.next().await {
        let number = number?;
        let text = |value: &Property<String>| value.value().cloned().unwrap_or_default();
        let status = number.assignment_status.value().map_or("", |status| status.as_str());
        writeln!(
            file,
            "{},\"{}\",{status}",
            text(&number.telephone_number),
            text(&number.city)
        )?;
        count += 1;
    }
    Ok(count)
}

pub(crate) async fn set_mobile(client: &Client, user: &str, number: &str) -> trunkline::Result<()> {
    let outcome = client.phones(user).set(PhoneRole::Mobile, number).await?;
    println!("{outcome}");
    Ok(())
}

pub(crate) async fn mobiles(client: &Client, users: &[&str]) -> trunkline::Result<Vec<(String, Option<String>)>> {
    let mut found = Vec::new();
    for user in users {
        let phone = client.phones(*user).get(PhoneRole::Mobile).await?;
        found.push((
            (*user).to_owned(),
            phone.and_then(|phone| phone.phone_number.value().cloned()),
        ));
    }
    Ok(found)
}

pub(crate) async fn users_in(client: &Client, country: &str) -> trunkline::Result<Vec<String>> {
    let wanted = format!("usageLocation eq '{country}' and accountEnabled eq true");
    let users = client
        .graph()
        .users()
        .list()
        .filter(wanted)
        .select(&["userPrincipalName"])
        .top(999);
    let names = users.all().await?.into_iter().map(|user| user.user_principal_name);
    Ok(names.filter_map(|name| name.value().cloned()).collect())
}

pub(crate) async fn assign_or_explain(client: &Client, number: &str, user: &str) -> String {
    match client.numbers().assign(number, user).await {
        Ok(outcome) => outcome.to_string(),
        Err(error) if error.kind() == ErrorKind::Conflict => format!("somebody holds {number}: {}", error.next_step()),
        Err(error) => {
            let code = error.code().unwrap_or("no code");
            let again = !matches!(error.retry_advice(), RetryAdvice::Never);
            format!("{} {code}: {} (again: {again})", error.kind().name(), error.next_step())
        }
    }
}

pub(crate) async fn test_onboarding() -> Result<(), Box<dyn std::error::Error>> {
    let emulator = Emulator::start().await?;
    let client = Client::builder()
        .endpoint(emulator.url())
        .credential(trunkline::Credential::token(emulator.token()))
        .build()?;
    set_mobile(&client, "ana@contoso.example", "+1 206 555 0199").await?;
    let last = emulator.requests().pop();
    assert_eq!(last.map(|request| request.status), Some(200));
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let emulator = Emulator::start().await?;
    let client = Client::builder()
        .endpoint(emulator.url())
        .credential(trunkline::Credential::token(emulator.token()))
        .build()?;
    assign(&client, "+12061234567", "ana@contoso.example").await?;
    write_numbers(&client, &mut std::io::stdout()).await?;
    println!(
        "{:?}",
        mobiles(&client, &["ana@contoso.example", "dev@contoso.example"]).await?
    );
    println!("{:?}", users_in(&client, "US").await?);
    println!(
        "{}",
        assign_or_explain(&client, "+12065550100", "dev@contoso.example").await
    );
    test_onboarding().await
}
