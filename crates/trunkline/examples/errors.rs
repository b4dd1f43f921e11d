//! Decides by the kind of an error what to do next: `errors NUMBER USER`.

#![allow(clippy::print_stdout, reason = "an example talks to people")]

use trunkline::{Client, Credential, Error, ErrorKind, RetryAdvice};

/// Assigns a number, and says in a line how it ended or what to do next.
pub async fn assign(client: &Client, number: &str, user: &str) -> String {
    match client.numbers().assign(number, user).await {
        Ok(outcome) => outcome.to_string(),
        Err(error) => advice(&error),
    }
}

fn advice(error: &Error) -> String {
    match error.kind() {
        ErrorKind::Conflict => "somebody else holds it: move it, or choose another".to_owned(),
        ErrorKind::NotFound => "there is no such number or user".to_owned(),
        // Nobody knows whether it happened: read back before you repeat.
        ErrorKind::UnknownOutcome => error.next_step().to_owned(),
        _ => match error.retry_advice() {
            RetryAdvice::After(wait) => format!("once more in {} seconds", wait.as_secs()),
            // One line for logs, with the service's code and request id; numbers and names in it are masked.
            _ => format!("{error}. {}", error.next_step()),
        },
    }
}

#[tokio::main]
async fn main() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let number = arguments.next().ok_or("give a number and a user")?;
    let user = arguments.next().ok_or("give a number and a user")?;
    let client = Client::builder().credential(Credential::from_environment()?).build()?;
    println!("{}", assign(&client, &number, &user).await);
    Ok(())
}
