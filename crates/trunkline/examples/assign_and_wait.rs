//! Assigns a number to a user, and waits until the service shows it: `assign_and_wait NUMBER USER`.

#![allow(clippy::print_stdout, reason = "an example talks to people")]

use trunkline::numbers::NumberOutcome;
use trunkline::{ChangeProgress, Client, Credential, Result};

/// Assigns it, and shows how far it has come. Doing it twice does no harm.
pub async fn assign(client: &Client, number: &str, user: &str) -> Result<NumberOutcome> {
    let watch = |progress: &ChangeProgress| {
        if let ChangeProgress::Stage(status) = progress {
            println!("  {status}");
        }
    };
    let outcome = client.numbers().assign(number, user).with_progress(watch).await?;
    println!("{outcome}");
    Ok(outcome)
}

#[tokio::main]
async fn main() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let number = arguments.next().ok_or("give a number and a user")?;
    let user = arguments.next().ok_or("give a number and a user")?;
    let client = Client::builder().credential(Credential::from_environment()?).build()?;
    assign(&client, &number, &user).await?;
    Ok(())
}
