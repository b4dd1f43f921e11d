//! `trunkline doctor`: checks sign-in, permissions and connection, and names the next steps.

mod access;
mod check;
mod connection;
mod features;
mod file;
mod login;
mod tenant;

use serde_json::{Value, json};
use trunkline_bulk::access::Need;

use super::{Report, block_on, bulk};
use crate::arguments::{Doctor, Format};
use crate::connection::Connection;
use crate::document::{Column, Document, printable};
use crate::failure::Failure;
use crate::interrupt::unless_interrupted;
use crate::layout::fitted;
use crate::printer::Printer;
use crate::progress::Reporter;
use check::{Check, Standing};

const COLUMNS: &[Column] = &[
    Column::shown("standing", "/standing"),
    Column::shown("name", "/name"),
    Column::shown("what", "/what"),
    Column::shown("nextStep", "/nextStep"),
    Column::shown("command", "/command"),
];

pub(super) fn run(doctor: &Doctor, connection: &Connection<'_>, printer: Printer) -> Result<Report, Failure> {
    let (needs, file) = match &doctor.file {
        None => (Need::of_everything(), Vec::new()),
        Some(path) => {
            let needs = bulk::Needs {
                pick: true,
                ..bulk::Needs::default()
            };
            let input = bulk::read(path, &doctor.reading, connection.settings(), needs, printer)?;
            let needs = Need::of(&input);
            let blocks = tenant::assignment_blocks(&needs, printer);
            (needs, file::examine(&input).into_iter().chain(blocks).collect())
        }
    };
    let login = login::command(connection.settings())?;
    let mut checks: Vec<Check> = file;
    checks.push(Check::ok("cloud", connection.cloud()?.name()));
    checks.push(connection::proxy(connection.endpoint().unwrap_or_default().as_deref()));
    // Wrong settings are a finding here, and do not end the command.
    match connection.client_for_diagnosis() {
        Err(Failure::Refused(error)) => checks.push(Check::of_error("settings", &error)),
        Err(other) => return Err(other),
        Ok(client) => {
            let examined = block_on(unless_interrupted(&Reporter::silent(printer), async {
                let mut found = access::examine(&client, &needs, &login).await;
                found.extend(connection::service(&client).await);
                Ok::<_, Failure>(found)
            }))?;
            checks.extend(examined);
        }
    }
    let failed = checks.iter().any(|check| check.standing == Standing::Failed);
    // Findings are results: what errors mask for logs is named.
    for check in &mut checks {
        check.what = printer.completed(&check.what);
    }
    let records: Vec<Value> = checks.iter().map(Check::json).collect();
    let json = if printer.format() == Format::Json {
        json!({"isGood": !failed, "checks": records})
    } else {
        Value::Array(records)
    };
    let text: Vec<String> = checks.iter().map(|check| line(check, printer)).collect();
    Ok(Report {
        document: Some(Document::new(json, COLUMNS).with_text(text.join("\n"))),
        code: u8::from(failed),
    })
}

/// How far the text of a check is indented.
const INDENT: usize = 9;

fn line(check: &Check, printer: Printer) -> String {
    let width = printer.view().width;
    let first = format!(
        "{:<8} {}: {}",
        check.standing.name(),
        check.name,
        printable(&check.what)
    );
    let mut text = fitted(&first, width, INDENT);
    if !check.next_step.is_empty() {
        let step = format!("{}→ {}", " ".repeat(INDENT), printable(&check.next_step));
        text.push('\n');
        text.push_str(&fitted(&step, width, 2));
    }
    // One line, whatever its length: it is copied.
    if let Some(command) = &check.command {
        text.push_str(&format!("\n{}  {}", " ".repeat(INDENT), printable(command)));
    }
    text
}
