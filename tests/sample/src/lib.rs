//! A program of somebody who uses Trunkline: onboards a user. Its tests run on the emulator.

use trunkline::phones::PhoneRole;
use trunkline::{Client, Result};

/// Gives a user a Teams number and a mobile phone to sign in with. Doing it twice does no harm.
///
/// # Errors
///
/// The one of either change; the first may have been made.
pub async fn onboard(client: &Client, user: &str, number: &str, mobile: &str) -> Result<()> {
    client.numbers().assign(number, user).await?;
    client.phones(user).set(PhoneRole::Mobile, mobile).await?;
    Ok(())
}
