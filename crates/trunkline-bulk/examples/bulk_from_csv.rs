//! Applies a CSV of numbers and phone methods: `bulk_from_csv FILE JOURNAL`. Run it again after a kill: it goes on.

#![allow(clippy::print_stdout, reason = "an example talks to people")]

use std::path::{Path, PathBuf};

use trunkline::{Client, Credential};
use trunkline_bulk::input::{self, InputOptions};
use trunkline_bulk::plan::{Plan, PlanOptions};
use trunkline_bulk::{ApplyOptions, Bulk, Summary};

/// The plan is kept next to the journal: another run with the same journal goes on with the same plan.
pub async fn apply_csv(client: &Client, file: &Path, journal: &Path) -> Result<Summary, Box<dyn std::error::Error>> {
    let bulk = Bulk::new(client);
    let saved = journal.with_extension("plan");
    let plan = if saved.exists() {
        Plan::read(&saved)?
    } else {
        let rows = input::read_file(file, &InputOptions::default())?;
        let plan = bulk.plan(&rows, &PlanOptions::default()).await?;
        plan.write(&saved)?;
        plan
    };
    println!("{} rows to change", plan.summary().change);
    let apply = bulk.apply(plan, journal, &ApplyOptions::new());
    Ok(apply.run(|_| ()).await?)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let file = arguments.next().ok_or("give a file of rows and a journal")?;
    let journal = arguments.next().ok_or("give a file of rows and a journal")?;
    let client = Client::builder().credential(Credential::from_environment()?).build()?;
    let summary = apply_csv(&client, &file, &journal).await?;
    println!(
        "{} rows are done, {} were already correct",
        summary.done, summary.already
    );
    Ok(())
}
