//! Rows that are written read back as the same rows; whatever is read, nothing breaks.

use proptest::prelude::*;
use trunkline::Change;
use trunkline_bulk::input::{self, InputOptions, NumberStyle, ProblemKind, Row, write_csv, write_json_lines};

use super::read;

const ACTIONS: [&str; 11] = [
    "assign,{n},{u},{c},{l},{t},,,,",
    "move,{n},{u},{c},{l},{t},,,,",
    "unassign,{n},{u},,,,,,,",
    "unassign,{n},,,,,,,,",
    "setLocation,{n},,,{m},,,,,",
    "setPhone,{n},{u},,,,office,,,",
    "removePhone,,{u},,,,mobile,,,",
    "smsSignIn,,{u},,,,,on,,",
    "smsSignIn,,{u},,,,,off,,",
    "setPolicy,,{u},,,,,,calling,AllOn",
    "clearPolicy,,{u},,,,,,dial plan,",
];

/// A file in which no row contradicts another.
fn file() -> impl Strategy<Value = String> {
    let row = (
        0..ACTIONS.len(),
        "[a-z]{1,8}|o'[a-z]{2}|[A-Z][a-z]#ext",
        prop::option::of(1..999u32),
        prop::sample::select(vec!["", "primary", "private", "alternate"]),
        prop::sample::select(vec!["", "3f2504e0-4f89-11d3-9a0c-0305e82c3301"]),
        prop::sample::select(vec!["", "callingPlan", "operatorConnect", "directRouting"]),
    );
    prop::collection::vec(row, 0..40).prop_map(|rows| {
        let mut text = "action,number,user,category,location,numberType,role,smsSignIn,policyType,policy\n".to_owned();
        for (index, (action, name, extension, category, location, provider)) in rows.into_iter().enumerate() {
            let extension = extension.map_or(String::new(), |extension| format!(";ext={extension}"));
            let set = if location.is_empty() { "none" } else { location };
            let row = ACTIONS[action]
                .replace("{n}", &format!("+1206555{index:04}{extension}"))
                .replace("{u}", &format!("{name}{index}@contoso.example"))
                .replace("{c}", category)
                .replace("{l}", location)
                .replace("{m}", set)
                .replace("{t}", provider);
            text.push_str(&row);
            text.push('\n');
        }
        text
    })
}

fn changes(rows: &[Row]) -> Vec<Change> {
    rows.iter().map(|row| row.change.clone()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_written_reads_back(text in file()) {
        let input = read(&text);
        prop_assert!(input.problems().is_free_of_errors(), "{:?}", super::problems(&input));
        prop_assert_eq!(input.len() + 1, text.lines().count());
        let rows: Vec<Row> = input.rows().to_vec();
        for style in [NumberStyle::Plain, NumberStyle::Text] {
            let mut csv = Vec::new();
            write_csv(&rows, &mut csv, style).unwrap();
            let again = read(&csv);
            let mut found = super::problems(&again);
            found.retain(|(.., kind)| style == NumberStyle::Plain || *kind != ProblemKind::GuardedText);
            prop_assert_eq!(found, []);
            prop_assert_eq!(again.rows(), &*rows);
        }
        if !rows.is_empty() {
            let mut json = Vec::new();
            write_json_lines(&rows, &mut json).unwrap();
            let again = read(&json);
            prop_assert_eq!(super::problems(&again), []);
            prop_assert_eq!(changes(again.rows()), changes(&rows));
        }
    }

    #[test]
    fn anything_is_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = input::read(&*bytes, &InputOptions::default());
    }

    #[test]
    fn any_cells_are_read_or_refused(cells in "(number|user|action|[\",;\t\n\r'+=0-9a-z@.E ]|assign|\u{a0}|\u{ff11}){0,120}") {
        let file = format!("action,number,user\n{cells}");
        if let Ok(input) = input::read(file.as_bytes(), &InputOptions::default()) {
            let rows: Vec<Row> = input.rows().to_vec();
            prop_assert_eq!(rows.len(), input.len());
            prop_assert!(rows.len() <= input.seen() as usize);
            let mut csv = Vec::new();
            write_csv(&rows, &mut csv, NumberStyle::Text).unwrap();
            prop_assert_eq!(changes(read(&csv).rows()), changes(&rows));
        }
    }
}
