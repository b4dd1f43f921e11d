//! Applies a CSV of telephone numbers and phone methods. Run it again after a kill: it goes on where it was.
//! `cargo run --example from_csv -- people.csv people.journal`, with an application in the variables `AZURE_*`.

#![allow(clippy::print_stdout, reason = "an example talks to people")]

use std::error::Error;
use std::path::Path;

use trunkline::{Client, Credential};
use trunkline_bulk::input::{InputOptions, read_file};
use trunkline_bulk::plan::{Plan, PlanOptions};
use trunkline_bulk::{ApplyOptions, Bulk, Event, Journal, Summary};

pub(crate) async fn apply_csv(client: &Client, file: &Path, journal: &Path) -> Result<Summary, Box<dyn Error>> {
    let bulk = Bulk::new(client);
    let saved = journal.with_extension("plan");
    let plan = if saved.exists() {
        Plan::read(&saved)?
    } else {
        let rows = read_file(file, &InputOptions::default())?;
        let plan = bulk.plan(&rows, &PlanOptions::default()).await?;
        plan.write(&saved)?;
        plan
    };
    println!("{:?}", plan.summary());

    let watch = |event: &Event| println!("{event:?}");
    let summary = bulk.apply(plan, journal, &ApplyOptions::new()).run(watch).await?;

    for row in bulk.verify(&Journal::open(journal)?).await? {
        if !row.holds {
            println!("row {} was changed since", row.row);
        }
    }
    Ok(summary)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().ok_or("give a file of rows")?;
    let journal = arguments.next().ok_or("give a journal")?;
    let client = Client::builder().credential(Credential::from_environment()?).build()?;
    let summary = apply_csv(&client, file.as_ref(), journal.as_ref()).await?;
    println!("{summary:?}");
    Ok(())
}
