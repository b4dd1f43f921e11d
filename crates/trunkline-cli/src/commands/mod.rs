//! The commands. None has retry, paging, polling or number logic of its own: they call `trunkline`.

mod bulk;
mod change;
mod doctor;
mod emulator;
mod locations;
mod numbers;
pub(crate) mod people;
mod permissions;
mod phones;
mod policies;
mod report;
mod runtime;
mod shell;

use crate::arguments::{Command, Global};
use crate::connection::Connection;
use crate::failure::Failure;
use crate::printer::Printer;
pub(crate) use report::Report;
use runtime::block_on;

/// Carries a command out.
pub(crate) fn run(command: &Command, global: &Global, printer: Printer) -> Result<Report, Failure> {
    let connection = Connection::new(global, printer);
    match command {
        Command::Numbers(numbers) => block_on(numbers::run(numbers, &connection, printer)),
        Command::Phones(phones) => block_on(phones::run(phones, &connection, printer)),
        Command::Policies(policies) => block_on(policies::run(policies, &connection, printer)),
        Command::Bulk(bulk) => bulk::run(bulk, &connection, printer),
        Command::Locations(locations) => locations::run(locations, printer),
        Command::Doctor(doctor) => doctor::run(doctor, &connection, printer),
        Command::Completions(completions) => shell::completions(completions, printer),
        Command::Manual(manual) => shell::manual(manual, printer),
        Command::Permissions(permissions) => permissions::run(permissions),
        Command::Emulator(emulator) => {
            emulator::run(emulator, connection.cloud()?, printer)?;
            Ok(Report::printed(0))
        }
    }
}
