//! Every documented pair of request and answer, with the placeholders of the default seed.
//!
//! The pairs are in `documented.json`. In an expected body `"*"` stands for anything, a list is compared by its first
//! items, and members that are not named may be there as well.

use serde_json::Value;
use trunkline_emulator::{Emulator, Fault};

use crate::client::Client;

fn agrees(expected: &Value, actual: &Value) -> bool {
    match (expected, actual) {
        (Value::String(any), _) if any == "*" => true,
        (Value::Object(expected), Value::Object(actual)) => expected
            .iter()
            .all(|(name, value)| actual.get(name).is_some_and(|found| agrees(value, found))),
        (Value::Array(expected), Value::Array(actual)) => {
            expected.len() <= actual.len() && expected.iter().zip(actual).all(|(one, other)| agrees(one, other))
        }
        _ => expected == actual,
    }
}

#[tokio::test]
async fn documented_pairs_are_reproduced() {
    let pairs: Vec<Value> = serde_json::from_str(include_str!("documented.json")).unwrap();
    for pair in &pairs {
        let name = pair["operation"].as_str().unwrap();
        let emulator = Emulator::start().await.unwrap();
        if let Some(fault) = pair.get("fault") {
            emulator.fault(serde_json::from_value::<Fault>(fault.clone()).unwrap());
        }
        let client = match pair["user"].as_str() {
            Some(user) => Client::delegated(&emulator, user),
            None => Client::new(&emulator),
        };
        let mut path = pair["path"].as_str().unwrap().to_owned();
        let mut answer = None;
        // Some pairs need something to be there first; `{location}` is where that led to.
        if let Some(first) = pair.get("before") {
            let before = client.post(first["path"].as_str().unwrap(), &first["body"]).await;
            assert!((200..300).contains(&before.status), "{name}: {}", before.text);
            if let Some(location) = before.header("location") {
                emulator.advance(std::time::Duration::from_secs(10));
                path = path.replace("{location}", location);
            }
            if path.starts_with("http") {
                answer = Some(client.get_absolute(&path).await);
            }
        }
        let answer = match answer {
            Some(answer) => answer,
            None => {
                client
                    .call(pair["method"].as_str().unwrap(), &path, pair.get("body"))
                    .await
            }
        };
        assert_eq!(
            u64::from(answer.status),
            pair["status"].as_u64().unwrap(),
            "{name}: {}",
            answer.text
        );
        for (header, expected) in pair["headers"].as_object().into_iter().flatten() {
            let found = answer.header(header).unwrap_or_else(|| panic!("{name}: no {header}"));
            assert!(found.contains(expected.as_str().unwrap()), "{name}: {found}");
        }
        match pair.get("answer") {
            Some(expected) => assert!(agrees(expected, &answer.body), "{name}: {}", answer.text),
            None => assert_eq!(answer.text, "", "{name}"),
        }
    }
    assert_eq!(pairs.len(), 59);
}
