//! The commands. None has retry, paging, polling or number logic of its own: they call `trunkline`.

mod bulk;
mod change;
mod doctor;
mod emulator;
mod identity;
mod locations;
mod login;
mod logout;
mod numbers;
pub(crate) mod people;
mod permissions;
mod phones;
mod policies;
mod profile;
mod report;
mod runtime;
mod shell;
mod whoami;

use crate::arguments::Command;
use crate::connection::Connection;
use crate::failure::Failure;
use crate::printer::Printer;
use crate::settings::Settings;
pub(crate) use report::Report;
use runtime::block_on;

/// Carries a command out.
pub(crate) fn run(command: &Command, settings: &Settings<'_>, printer: Printer) -> Result<Report, Failure> {
    let connection = Connection::new(settings, printer);
    match command {
        Command::Numbers(numbers) => block_on(numbers::run(numbers, &connection, printer)),
        Command::Phones(phones) => block_on(phones::run(phones, &connection, printer)),
        Command::Policies(policies) => block_on(policies::run(policies, &connection, printer)),
        Command::Bulk(bulk) => bulk::run(bulk, &connection, printer),
        Command::Locations(locations) => locations::run(locations, settings, printer),
        Command::Doctor(doctor) => doctor::run(doctor, &connection, printer),
        Command::Completions(completions) => shell::completions(completions, printer),
        Command::Manual(manual) => shell::manual(manual, printer),
        Command::Permissions(permissions) => permissions::run(permissions, settings),
        Command::Login(login) => login::run(login, settings, printer),
        Command::Logout(_) => logout::run(settings, printer),
        Command::Whoami(_) => whoami::run(&connection, printer),
        Command::Profile(profile) => profile::run(profile, settings),
        Command::Emulator(emulator) => {
            emulator::run(emulator, connection.cloud()?, printer)?;
            Ok(Report::printed(0))
        }
    }
}
