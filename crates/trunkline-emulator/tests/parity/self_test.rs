//! The runner notices an emulator that does something else: each part of an expectation is changed, and has to fail.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::entries::{self, Entry, Expected};
use crate::exchange::Exchange;
use crate::runner::run;

/// An expectation with one part changed, and the part's name. Parts that are not there cannot be changed.
fn changed(expected: &Expected) -> Vec<(&'static str, Expected)> {
    let mut list = Vec::new();
    let mut change = |name: &'static str, apply: &dyn Fn(&mut Expected)| {
        let mut copy = expected.clone();
        apply(&mut copy);
        list.push((name, copy));
    };
    change("status", &|copy| copy.status += 1);
    change("a missing header", &|copy| {
        copy.headers.insert("x-missing".to_owned(), "*".to_owned());
    });
    change("a header that is there", &|copy| {
        copy.without_headers.push("date".to_owned())
    });
    change("a missing value", &|copy| {
        copy.values.insert("/missing/at/all".to_owned(), json!(1));
    });
    change("a missing null", &|copy| copy.nulls.push("/missing/at/all".to_owned()));
    if let Some((pointer, _)) = expected.values.first_key_value() {
        let pointer = pointer.clone();
        change("value", &|copy| {
            copy.values.insert(pointer.clone(), json!("another value"));
        });
        change("a value that is there", &|copy| copy.absent.push(pointer.clone()));
    }
    if let Some((pointer, _)) = expected.matches.first_key_value() {
        let pointer = pointer.clone();
        change("pattern", &|copy| {
            copy.matches.insert(pointer.clone(), "another text*".to_owned());
        });
    }
    if let Some((name, _)) = expected.headers.first_key_value() {
        let name = name.clone();
        change("header", &|copy| {
            copy.headers.insert(name.clone(), "another value".to_owned());
        });
    }
    if let Some((pointer, length)) = expected.lengths.first_key_value() {
        let (pointer, length) = (pointer.clone(), length + 1);
        change("length", &|copy| {
            copy.lengths.insert(pointer.clone(), length);
        });
    }
    if let Some(pointer) = expected.absent.first() {
        let pointer = pointer.clone();
        change("absence", &|copy| {
            copy.values.insert(pointer.clone(), Value::Null);
        });
    }
    if expected.text.is_some() {
        change("text", &|copy| copy.text = Some("another text".to_owned()));
    }
    list
}

#[tokio::test]
async fn a_changed_expectation_is_noticed() {
    let exchange = Exchange::new();
    let mut parts = BTreeSet::new();
    for (at, entry) in entries::all().iter().enumerate() {
        let mut steps = entry.all_steps();
        let last = steps.len() - 1;
        let changes = changed(&steps[last].expected);
        // Every eighth entry, and those that have a part which none before them had.
        if at % 8 != 0 && changes.iter().all(|(name, _)| parts.contains(name)) {
            continue;
        }
        for (name, expected) in changes {
            steps[last].expected = expected;
            let altered = Entry {
                request: None,
                expected: None,
                steps: steps.clone(),
                ..entry.clone()
            };
            let (failures, _) = run(&exchange, &altered).await;
            assert!(
                !failures.is_empty(),
                "{}: nobody noticed the change of {name}",
                entry.id
            );
            parts.insert(name);
        }
    }
    for name in ["status", "value", "pattern", "header", "length", "absence", "text"] {
        assert!(parts.contains(name), "no entry of the sample has a {name} to change");
    }
}
