//! Any bytes as a file of rows: what is read is written so that it reads back as the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use trunkline::Country;
use trunkline_bulk::input::{self, InputOptions, NumberStyle, Row};

fuzz_target!(|bytes: &[u8]| {
    let mut options = InputOptions::default();
    options.limits.unpacked_bytes = 8 << 20;
    // The first byte chooses what numbers without a plus are.
    let (choice, bytes) = bytes.split_first().unwrap_or((&0, bytes));
    options.country = Country::from_letters("US").filter(|_| choice & 1 == 1);
    options.pick = choice & 2 == 2;
    let Ok(read) = input::read(bytes, &options) else {
        return;
    };
    let rows: Vec<Row> = read.rows().to_vec();
    assert!(rows.len() <= read.seen() as usize);
    for problem in read.problems() {
        assert!(!problem.to_string().chars().any(char::is_control));
    }
    assert_eq!(
        read.problems().groups().iter().map(|group| group.count).sum::<u64>(),
        read.problems().iter().count() as u64 + read.problems().left_out()
    );
    let accepted = read.accepting(&read.possible_suggestions());
    assert!(accepted.len() >= rows.len() && accepted.unreadable().len() <= read.unreadable().len());
    let mut csv = Vec::new();
    input::write_csv(&rows, &mut csv, NumberStyle::Text).expect("memory takes everything");
    let again = input::read(&*csv, &options).expect("what we write is read");
    assert!(
        again
            .rows()
            .iter()
            .map(|row| &row.change)
            .eq(rows.iter().map(|row| &row.change))
    );
});
