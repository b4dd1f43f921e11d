//! Whether an operation may be sent again.

use serde_json::{Value, json};

/// Reads `Debug` of the table's idempotency, such as `Confirm { by: "users.list", how: "Look" }`: `trunkline` does not
/// export the type. A test reads every operation's.
pub(super) fn read(debug: &str) -> Value {
    let name = debug.split(' ').next().unwrap_or_default();
    let member = |name: &str| -> Option<String> {
        let quoted = debug.split_once(&format!("{name}: "))?.1;
        serde_json::Deserializer::from_str(quoted)
            .into_iter::<String>()
            .next()?
            .ok()
    };
    let mut read = json!({"kind": name.to_lowercase()});
    for name in ["by", "how"] {
        if let Some(text) = member(name) {
            read[name] = text.into();
        }
    }
    read
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_can_be_read() {
        for operation in trunkline::OPERATIONS.0 {
            let read = read(&format!("{:?}", operation.idempotency));
            let members: &[&str] = match read["kind"].as_str().unwrap() {
                "safe" | "idempotent" => &[],
                "never" => &["how"],
                "confirm" => &["by", "how"],
                other => panic!("{}: {other}", operation.id),
            };
            for member in ["by", "how"] {
                let text = read[member].as_str().unwrap_or_default();
                assert_eq!(!text.is_empty(), members.contains(&member), "{}: {read}", operation.id);
            }
        }
    }
}
