//! `trunkline numbers`.

mod change;
mod check;
mod columns;
mod follow;
mod list;
mod location;
mod map;
mod plans;
mod results;
mod update;

use trunkline::Pace;

use super::Report;
use crate::arguments::Numbers;
use crate::connection::Connection;
use crate::failure::Failure;
use crate::printer::Printer;
pub(super) use results::warn;
use results::{names, number_assignments, of_country, one, outcome};

pub(super) async fn run(command: &Numbers, connection: &Connection<'_>, printer: Printer) -> Result<Report, Failure> {
    match command {
        Numbers::List(list) => list::list(list, &connection.client()?, printer).await,
        Numbers::Get(get) => {
            let client = connection.client()?;
            let numbers = of_country(&client, get.dialled);
            let found = numbers.get(&get.number).await?;
            let number = numbers.parse_number(&get.number)?.to_string();
            let names = names(&client, printer, found.as_slice()).await;
            one(
                found,
                names,
                &format!("the tenant has no number {}", trunkline::mask::number(&number)),
                "Check the number",
            )
        }
        Numbers::Check(check) => check::run(check, &connection.offline()?),
        Numbers::Map(wanted) => map::run(wanted, &connection.client_for_jobs(Pace::documented())?, printer).await,
        Numbers::NextFree(next) => list::next_free(next, &connection.client()?).await,
        Numbers::Assign(assign) if assign.dry_run => plans::assign(assign, &connection.offline()?),
        Numbers::Assign(assign) => change::assign(assign, &connection.client()?, printer).await,
        Numbers::Unassign(unassign) if unassign.dry_run => plans::unassign(unassign, &connection.offline()?),
        Numbers::Unassign(unassign) => change::unassign(unassign, &connection.client()?, printer).await,
        Numbers::SetLocation(set) if set.dry_run => plans::set_location(set, &connection.offline()?),
        Numbers::SetLocation(set) => location::run(set, &connection.client()?, printer).await,
        Numbers::Update(update) if update.dry_run => plans::update(update, &connection.offline()?),
        Numbers::Update(update) => update::run(update, &connection.client()?, printer).await,
        Numbers::Follow(follow) => follow::run(follow, &connection.client()?, printer).await,
    }
}
