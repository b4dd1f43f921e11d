//! Facts of the spec about an operation, as sentences.

use trunkline_spec::model::{Cloud, Idempotency, Model, Operation, OperationPath, OperationResult, Permissions};

/// Names of clouds, in the order of Microsoft's documentation.
pub(crate) fn cloud_names(clouds: &[Cloud]) -> String {
    let name = |cloud: &Cloud| match cloud {
        Cloud::Global => "Global",
        Cloud::UsGovL4 => "US Government L4",
        Cloud::UsGovL5 => "US Government L5 (DoD)",
        Cloud::China => "China",
    };
    let mut clouds = clouds.to_vec();
    clouds.sort();
    clouds.iter().map(name).collect::<Vec<_>>().join(", ")
}

/// The clouds of all paths, separately only where they differ.
pub(crate) fn clouds(paths: &[OperationPath]) -> String {
    let Some(first) = paths.first() else {
        return String::new();
    };
    if paths.iter().all(|path| path.clouds == first.clouds) {
        return cloud_names(&first.clouds);
    }
    paths
        .iter()
        .map(|path| format!("`{}`: {}", path.path, cloud_names(&path.clouds)))
        .collect::<Vec<_>>()
        .join("; ")
}

/// One line per way to sign in.
pub(crate) fn permissions(path: &OperationPath) -> Vec<String> {
    let line = |scheme: &str, permissions: &Option<Permissions>| match permissions {
        None => format!("{scheme}: not offered."),
        Some(Permissions { least, higher }) => {
            let code = |names: &[String]| {
                names
                    .iter()
                    .map(|name| format!("`{name}`"))
                    .collect::<Vec<_>>()
                    .join(" or ")
            };
            let also = if higher.is_empty() {
                String::new()
            } else {
                format!(" More than enough: {}.", code(higher))
            };
            format!("{scheme}: {}.{also}", code(least))
        }
    };
    vec![
        line("Delegated", &path.delegated),
        line("Application", &path.application),
    ]
}

/// The rules that users have to know about an operation on people's credentials.
pub(crate) const RECENT_SIGN_IN: &str =
    "The service may refuse a user whose multifactor sign-in is older than ten minutes.";

/// How it may be repeated, who may do it, and where: one line each.
pub(crate) fn remarks(operation: &Operation) -> Vec<String> {
    let mut lines = vec![repetition(operation)];
    if let Some(path) = operation.paths.first() {
        lines.extend(permissions(path));
    }
    if !operation.roles.is_empty() {
        lines.push(format!(
            "Directory roles, the least privileged first: {}.",
            operation.roles.join(", ")
        ));
    }
    if operation.recent_sign_in {
        lines.push(RECENT_SIGN_IN.to_owned());
    }
    lines.push(format!("Clouds: {}.", clouds(&operation.paths)));
    lines
}

/// The query options that the service takes, with a space before the sentence.
pub(crate) fn query(operation: &Operation) -> String {
    let names: Vec<String> = operation.query.iter().map(|name| format!("`{name}`")).collect();
    match names.split_last() {
        None => " The service documents no query options here.".to_owned(),
        Some((only, [])) => format!(" The service takes {only}."),
        Some((last, others)) => format!(" The service takes {} and {last}.", others.join(", ")),
    }
}

/// The address of a reference page.
pub(crate) fn reference(page: &str) -> String {
    let safe: String = page
        .chars()
        .filter(|character| character.is_ascii_alphanumeric() || "-_.".contains(*character))
        .collect();
    format!("https://learn.microsoft.com/graph/api/{safe}")
}

/// The content of a successful response.
pub(crate) fn result(model: &Model, operation: &Operation) -> String {
    let statuses = operation
        .success
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(" or ");
    if operation.long_running.is_some() {
        let started = format!(
            "The operation that was started ({statuses}); await it to learn how it ended. Its success is not yet the success of what was asked for: read that back."
        );
        let OperationResult::Value { r#type, .. } = operation.result else {
            return started;
        };
        let accepted = model.type_name(r#type);
        return format!(
            "{started} What the first answer itself carried, `{accepted}`, is said once only: take it with `accepted`."
        );
    }
    match operation.result {
        OperationResult::None => format!("Nothing ({statuses})."),
        OperationResult::Value { optional: true, .. } => {
            format!("The value, which the service may leave out ({statuses}).")
        }
        OperationResult::Value { .. } => format!("The value ({statuses})."),
        OperationResult::Pages(_) => format!("The values, page by page ({statuses})."),
        OperationResult::Batch => format!("One answer per request ({statuses})."),
    }
}

/// The next step when nobody knows whether it happened.
pub(crate) fn repetition(operation: &Operation) -> String {
    match &operation.idempotency {
        Idempotency::Safe => "It reads and is sent again by itself after a passing failure.".to_owned(),
        Idempotency::Idempotent => {
            "It ends in the same state when it is repeated, so it is sent again by itself after a passing failure."
                .to_owned()
        }
        Idempotency::Confirm { how, .. } => {
            format!("It is not sent again when nobody knows whether it happened: the outcome is then unknown. {how}")
        }
        Idempotency::Never { how } => {
            format!("It is never sent again when nobody knows whether it happened: the outcome is then unknown. {how}")
        }
    }
}

/// Whether it may be repeated, in a word.
pub(crate) fn idempotency(operation: &Operation) -> &'static str {
    match operation.idempotency {
        Idempotency::Safe => "safe",
        Idempotency::Idempotent => "idempotent",
        Idempotency::Confirm { .. } => "confirm",
        Idempotency::Never { .. } => "never",
    }
}
