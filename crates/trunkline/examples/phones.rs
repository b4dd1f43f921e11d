//! Gives a user a mobile phone to sign in with, and lists all of them: `phones USER NUMBER`.

#![allow(clippy::print_stdout, reason = "an example talks to people")]

use trunkline::phones::PhoneRole;
use trunkline::{Client, Credential, Result};

/// Sets the mobile phone, and returns a line for each phone that the user has then.
pub async fn set_mobile(client: &Client, user: &str, number: &str) -> Result<Vec<String>> {
    let phones = client.phones(user);
    let outcome = phones.set(PhoneRole::Mobile, number).await?;
    println!("{outcome}");
    let listed = phones.list().await?.into_iter().map(|phone| {
        let role = phone.phone_type.value().map(ToString::to_string).unwrap_or_default();
        format!("{role}: {}", phone.phone_number.as_deref().unwrap_or("unknown"))
    });
    Ok(listed.collect())
}

#[tokio::main]
async fn main() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let user = arguments.next().ok_or("give a user and a number")?;
    let number = arguments.next().ok_or("give a user and a number")?;
    let client = Client::builder().credential(Credential::from_environment()?).build()?;
    for line in set_mobile(&client, &user, &number).await? {
        println!("{line}");
    }
    Ok(())
}
