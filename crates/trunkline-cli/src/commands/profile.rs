//! `trunkline profile`: the settings of each tenant under a name.

use std::path::Path;

use serde_json::{Value, json};
use trunkline::ErrorKind;

use super::Report;
use crate::arguments::{AddProfile, CredentialName, Profile as Command, name_of};
use crate::credentials::forget_unused;
use crate::document::{Column, Document};
use crate::failure::Failure;
use crate::profiles::{Edit, Key, Profile, ProfileFile, absolute};
use crate::settings::{Origin, Settings};

const LISTED: &[Column] = &[
    Column::shown("inUse", "/mark"),
    Column::shown("name", "/name"),
    Column::shown("tenant", "/tenant"),
    Column::shown("credential", "/credential"),
    Column::shown("cloud", "/cloud"),
    Column::further("clientId", "/client-id"),
    Column::further("endpoint", "/endpoint"),
];

const SETTINGS: &[Column] = &[
    Column::shown("setting", "/setting"),
    Column::shown("value", "/value"),
    Column::shown("from", "/from"),
];

pub(super) fn run(command: &Command, settings: &Settings<'_>) -> Result<Report, Failure> {
    match command {
        Command::Add(add) => self::add(add, settings),
        Command::List => list(settings),
        Command::Use { name } => {
            let file = ProfileFile::read()?;
            file.get(name)?;
            file.change(&[Edit::Use(name)])?;
            Ok(done(
                name,
                format!("The profile {name} is used for commands that name none"),
            ))
        }
        Command::Show { name } => show(name.as_deref(), settings),
        Command::Remove { name } => remove(name),
    }
}

fn add(add: &AddProfile, settings: &Settings<'_>) -> Result<Report, Failure> {
    let file = ProfileFile::read()?;
    let name = add.name.as_str();
    if file.get(name).is_ok() {
        return Err(invalid(
            format!("there is a profile '{name}' already"),
            format!(
                "Edit {}, or remove the profile first with `trunkline profile remove {name}`",
                file.path().display()
            ),
        ));
    }
    let global = settings.global();
    let named: [(Key, Option<String>); 10] = [
        (Key::Tenant, global.tenant.clone()),
        (Key::Cloud, global.cloud.map(|cloud| cloud.0.name().to_owned())),
        (Key::Endpoint, global.endpoint.clone()),
        (Key::Credential, global.credential.map(name_of)),
        (Key::ClientId, add.client_id.clone()),
        (Key::Certificate, add.certificate.as_deref().map(absolute).transpose()?),
        (Key::Store, add.store.map(name_of)),
        (Key::Country, add.country.clone()),
        (Key::Output, add.default_output.map(name_of)),
        (Key::Locations, add.locations.as_deref().map(absolute).transpose()?),
    ];
    if global.credential == Some(CredentialName::Token) {
        return Err(invalid(
            "a profile holds no token".to_owned(),
            "Choose another --credential, or set TRUNKLINE_TOKEN for the commands that need it".to_owned(),
        ));
    }
    let mut edits = vec![Edit::Add(name)];
    for (key, value) in &named {
        let Some(value) = value else { continue };
        key.check_named(value)?;
        edits.push(Edit::Set(name, *key, value));
    }
    let columns = add.columns.iter();
    edits.extend(columns.map(|(column, heading)| Edit::Column(name, column.name(), heading)));
    let is_first = file.all().next().is_none();
    if is_first || add.in_use {
        edits.push(Edit::Use(name));
    }
    let file = file.change(&edits)?;
    let mut text = format!("The profile {name} is in {}", file.path().display());
    if is_first || add.in_use {
        text.push_str(", and used for commands that name none");
    }
    Ok(done(name, text))
}

fn list(settings: &Settings<'_>) -> Result<Report, Failure> {
    let file = ProfileFile::read()?;
    // The one that a command with these options and variables would use.
    let in_use = settings.profile().map(|profile| profile.name.as_str());
    let records: Vec<Value> = file
        .all()
        .map(|profile| {
            let is_in_use = in_use == Some(profile.name.as_str());
            let mut record = json!({"name": profile.name, "inUse": is_in_use, "mark": is_in_use.then_some("*")});
            for key in Key::ALL {
                record[key.name()] = profile.get(key).into();
            }
            record
        })
        .collect();
    let is_empty = records.is_empty();
    let document = Document::new(Value::Array(records), LISTED);
    if !is_empty {
        return Ok(document.into());
    }
    let text = "There are no profiles: add one with `trunkline login --tenant TENANT --client-id ID`";
    Ok(document.with_text(text).into())
}

fn show(name: Option<&str>, settings: &Settings<'_>) -> Result<Report, Failure> {
    let file = ProfileFile::read()?;
    let named = match name {
        Some(name) => Some(file.get(name)?.clone()),
        None => settings.selected(&file)?,
    };
    let shown = settings.with_profile(named);
    let mut records = vec![json!({
        "setting": "profile",
        "value": shown.profile().map(|profile| profile.name.as_str()),
        "from": match (name, shown.profile()) {
            (Some(_), _) => "this command".to_owned(),
            (None, Some(_)) => origin(settings.chosen_by(), "use", file.path()),
            (None, None) => "no profile is in use".to_owned(),
        },
    })];
    for key in Key::ALL {
        let setting = shown.get(key)?;
        let from = setting
            .as_ref()
            .map(|setting| origin(setting.origin, key.name(), file.path()));
        records.push(json!({
            "setting": key.name(),
            "value": setting.map(|setting| setting.value),
            "from": from.unwrap_or_else(|| "not set".to_owned()),
        }));
    }
    for (field, heading) in shown.profile().into_iter().flat_map(Profile::columns) {
        records.push(json!({
            "setting": format!("columns.{field}"),
            "value": heading,
            "from": origin(Origin::Profile, "", file.path()),
        }));
    }
    Ok(Document::new(Value::Array(records), SETTINGS).into())
}

fn origin(origin: Origin, name: &str, file: &Path) -> String {
    match origin {
        Origin::Option => format!("option --{name}"),
        Origin::Variable(name) => format!("variable {name}"),
        Origin::Profile => file.display().to_string(),
        Origin::Default => "default".to_owned(),
    }
}

fn remove(name: &str) -> Result<Report, Failure> {
    let file = ProfileFile::read()?;
    let profile = file.get(name)?.clone();
    let others = file.all().filter(|other| other.name != name);
    let is_signed_out = forget_unused(&profile, others)?;
    file.change(&[Edit::Remove(name)])?;
    let mut text = format!("The profile {name} is removed");
    if is_signed_out {
        text.push_str(&format!(
            ", and so is its sign-in. {}",
            super::logout::aftermath(profile.credential())
        ));
    }
    Ok(done(name, text))
}

fn done(name: &str, text: String) -> Report {
    const COLUMNS: &[Column] = &[Column::shown("profile", "/profile")];
    Document::new(json!({"profile": name}), COLUMNS).with_text(text).into()
}

fn invalid(message: String, advice: String) -> Failure {
    Failure::refused(ErrorKind::InvalidInput, message, advice)
}
