//! `trunkline phones`.

use serde_json::{Value, json};
use trunkline::graph::PhoneAuthenticationMethod;
use trunkline::phones::{PhoneChange, PhoneOutcome, PhoneRole};
use trunkline::{Client, ErrorKind};

use super::Report;
use super::change::{Changed, in_time, planned};
use crate::arguments::{Dialled, Phones, SmsSignIn, Switch};
use crate::connection::Connection;
use crate::document::{Column, Document, printable};
use crate::failure::Failure;
use crate::interrupt::unless_interrupted;
use crate::plan::Plan;
use crate::printer::Printer;
use crate::progress::Reporter;

const METHOD: &[Column] = &[
    Column::shown("phoneType", "/phoneType"),
    Column::shown("phoneNumber", "/phoneNumber"),
    Column::shown("smsSignInState", "/smsSignInState").drops(1),
    Column::further("id", "/id"),
];

const OUTCOME: &[Column] = &[
    Column::shown("user", "/user"),
    Column::shown("role", "/role"),
    Column::shown("change", "/change"),
    Column::further("seen", "/seen"),
    Column::shown("numberBefore", "/before/phoneNumber"),
    Column::shown("numberAfter", "/after/phoneNumber"),
    Column::shown("smsSignInState", "/after/smsSignInState"),
    Column::shown("warnings", "/warnings"),
];

const STATUS: &[Column] = &[
    Column::shown("user", "/user"),
    Column::shown("smsSignInState", "/smsSignInState"),
];

pub(super) async fn run(command: &Phones, connection: &Connection<'_>, printer: Printer) -> Result<Report, Failure> {
    match command {
        Phones::List { user } => list(user, &connection.client()?, printer).await,
        Phones::Set(set) if set.dry_run => {
            let phones = of_country(connection.offline()?.phones(&set.user), set.dialled);
            planned(phones.set(role(&set.role)?, &set.number).plan()?)
        }
        Phones::Set(set) => {
            let client = connection.client()?;
            let phones = of_country(client.phones(&set.user), set.dialled);
            let intent = phones.set(role(&set.role)?, &set.number);
            let intent = in_time!(intent, set.waiting);
            change(intent.send(), ToString::to_string, &client, printer).await
        }
        Phones::Remove(remove) if remove.dry_run => {
            let phones = connection.offline()?.phones(&remove.user);
            planned(phones.remove(role(&remove.role)?).plan()?)
        }
        Phones::Remove(remove) => {
            let client = connection.client()?;
            let phones = client.phones(&remove.user);
            let intent = in_time!(phones.remove(role(&remove.role)?), remove.waiting);
            change(intent.send(), ToString::to_string, &client, printer).await
        }
        Phones::SmsSignIn(sign_in) if sign_in.dry_run => plan_sign_in(sign_in, &connection.offline()?),
        Phones::SmsSignIn(sign_in) => {
            let client = connection.client()?;
            let phones = client.phones(&sign_in.user);
            match sign_in.switch {
                Switch::On => {
                    let intent = in_time!(phones.enable_sms_sign_in(), sign_in.waiting);
                    change(intent.send(), switched, &client, printer).await
                }
                Switch::Off => {
                    let intent = in_time!(phones.disable_sms_sign_in(), sign_in.waiting);
                    change(intent.send(), switched, &client, printer).await
                }
                Switch::Status => status(&sign_in.user, phones.get(PhoneRole::Mobile).await?),
            }
        }
    }
}

async fn list(user: &str, client: &Client, printer: Printer) -> Result<Report, Failure> {
    let methods = client.phones(user).list().await?;
    if methods.is_empty() {
        printer.note("the user has no phone methods");
    }
    let records: Vec<Value> = methods.iter().map(serde_json::to_value).collect::<Result<_, _>>()?;
    Ok(Document::new(Value::Array(records), METHOD).into())
}

async fn change(
    intent: impl Future<Output = trunkline::Result<PhoneOutcome>>,
    sentence: impl Fn(&PhoneOutcome) -> String,
    client: &Client,
    printer: Printer,
) -> Result<Report, Failure> {
    // Nothing is waited for here but answers, so there are no stages to show.
    let outcome = unless_interrupted(&Reporter::silent(printer), intent).await?;
    let changed = Changed {
        outcome: serde_json::to_value(&outcome)?,
        user: &outcome.user,
        warnings: &outcome.warnings,
        sentence: sentence(&outcome),
    };
    changed.report(OUTCOME, client, printer).await
}

fn status(user: &str, method: Option<PhoneAuthenticationMethod>) -> Result<Report, Failure> {
    let Some(method) = method else {
        let next_step = "Set the mobile number first";
        return Err(Failure::refused(
            ErrorKind::NotFound,
            "the user has no mobile phone method",
            next_step,
        ));
    };
    let json = json!({"user": user, "smsSignInState": method.sms_sign_in_state.value().map(ToString::to_string)});
    let text = printable(&state_of(Some(&method))).into_owned();
    Ok(Document::new(json, STATUS).with_text(text).into())
}

/// The outcome of switching SMS sign-in.
fn switched(outcome: &PhoneOutcome) -> String {
    if !outcome.seen {
        return outcome.to_string();
    }
    let already = if outcome.change == PhoneChange::Already {
        " already; nothing was sent"
    } else {
        ""
    };
    format!("{}{already}", state_of(outcome.after.as_ref()))
}

fn state_of(method: Option<&PhoneAuthenticationMethod>) -> String {
    let state = method.and_then(|method| method.sms_sign_in_state.value());
    format!(
        "SMS sign-in: {}",
        state.map_or_else(|| "unknown".to_owned(), ToString::to_string)
    )
}

fn of_country(phones: trunkline::phones::Phones, dialled: Dialled) -> trunkline::phones::Phones {
    match dialled.country {
        Some(country) => phones.country(country),
        None => phones,
    }
}

fn role(name: &str) -> Result<PhoneRole, Failure> {
    name.parse::<PhoneRole>().map_err(Failure::from)
}

fn plan_sign_in(sign_in: &SmsSignIn, client: &Client) -> Result<Report, Failure> {
    let phones = client.phones(&sign_in.user);
    match sign_in.switch {
        Switch::On => planned(phones.enable_sms_sign_in().plan()?),
        Switch::Off => planned(phones.disable_sms_sign_in().plan()?),
        Switch::Status => planned(Plan::from(phones.enable_sms_sign_in().plan()?).up_to_the_change()),
    }
}
