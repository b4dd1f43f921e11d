//! Writes all numbers of the tenant as CSV to standard output, page by page.

use std::io::Write;

use futures_util::StreamExt as _;
use trunkline::teams_administration::NumberAssignment;
use trunkline::{Client, Credential, OpenEnum as _};

/// Writes one line a number, and returns how many there were.
pub async fn write_numbers(
    client: &Client,
    file: &mut impl Write,
) -> std::result::Result<usize, Box<dyn std::error::Error>> {
    writeln!(file, "number,city,status")?;
    let mut pages = client.numbers().list().pages();
    let mut count = 0;
    while let Some(page) = pages.next().await {
        for number in page?.items {
            writeln!(file, "{}", line(&number))?;
            count += 1;
        }
    }
    Ok(count)
}

fn line(number: &NumberAssignment) -> String {
    let status = number.assignment_status.value().map(|status| status.as_str());
    let cells = [number.telephone_number.as_deref(), number.city.as_deref(), status];
    cells.map(|cell| quoted(cell.unwrap_or_default())).join(",")
}

/// A cell as CSV writes it.
fn quoted(cell: &str) -> String {
    if cell.contains(['"', ',', '\n']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

#[tokio::main]
async fn main() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder().credential(Credential::from_environment()?).build()?;
    write_numbers(&client, &mut std::io::stdout().lock()).await?;
    Ok(())
}
