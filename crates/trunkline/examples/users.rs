//! Lists users whose name begins with a text, with a filter that the service carries out: `users TEXT`.

#![allow(clippy::print_stdout, reason = "an example talks to people")]

use trunkline::path::literal;
use trunkline::{Client, Credential, Result};

/// The principal names of these users, in their order.
pub async fn users_named(client: &Client, prefix: &str) -> Result<Vec<String>> {
    let users = client.graph().users().list();
    // `literal` writes text so that it cannot become a part of the expression.
    let users = users
        .filter(format!("startswith(displayName,{})", literal(prefix)))
        .select(&["id", "userPrincipalName"]);
    let mut names: Vec<String> = users
        .all()
        .await?
        .into_iter()
        .filter_map(|user| user.user_principal_name.into_option())
        .collect();
    names.sort();
    Ok(names)
}

#[tokio::main]
async fn main() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let prefix = std::env::args().nth(1).ok_or("give the beginning of a name")?;
    let client = Client::builder().credential(Credential::from_environment()?).build()?;
    for name in users_named(&client, &prefix).await? {
        println!("{name}");
    }
    Ok(())
}
