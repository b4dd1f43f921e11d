//! The commands. None has retry, paging, polling or number logic of its own: they call `trunkline`.

mod bulk;
mod change;
mod doctor;
mod emulator;
mod numbers;
pub(crate) mod people;
mod permissions;
mod phones;
mod policies;

use std::future::Future;

use crate::arguments::{Command, Global};
use crate::connection::Connection;
use crate::document::Document;
use crate::failure::Failure;
use crate::printer::Printer;

/// The result of a command.
pub(crate) struct Report {
    /// The result, when it was not printed on the way.
    pub(crate) document: Option<Document>,
    /// The exit code. It may tell of something although nothing went wrong: that a token does not suffice, for instance.
    pub(crate) code: u8,
}

impl Report {
    /// Everything was printed on the way.
    pub(crate) fn printed(code: u8) -> Self {
        Self { document: None, code }
    }
}

impl From<Document> for Report {
    fn from(document: Document) -> Self {
        Self {
            document: Some(document),
            code: 0,
        }
    }
}

/// Carries a command out.
pub(crate) fn run(command: &Command, global: &Global, printer: Printer) -> Result<Report, Failure> {
    let connection = Connection::new(global, printer);
    match command {
        Command::Numbers(numbers) => block_on(numbers::run(numbers, &connection, printer)),
        Command::Phones(phones) => block_on(phones::run(phones, &connection, printer)),
        Command::Policies(policies) => block_on(policies::run(policies, &connection, printer)),
        Command::Bulk(bulk) => bulk::run(bulk, &connection, printer),
        Command::Doctor(doctor) => doctor::run(doctor, &connection, printer),
        Command::Permissions(permissions) => permissions::run(permissions),
        Command::Emulator(emulator) => {
            emulator::run(emulator, connection.cloud()?, printer)?;
            Ok(Report::printed(0))
        }
    }
}

/// Runs a future on this thread. There is no other work, so one thread is enough, and starting more takes time.
fn block_on<T>(future: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::Unexpected(format!("the system gives no resources for network calls: {error}")))?;
    runtime.block_on(future)
}
