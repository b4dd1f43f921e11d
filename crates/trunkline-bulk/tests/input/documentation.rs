//! Tests that the tables of the documentation match the program.

use std::fmt::Write;

use trunkline::Action;
use trunkline_bulk::input::{Column, ProblemKind, Severity, columns_of, synonyms};

const PAGE: &str = include_str!("../../../../docs/bulk-input.md");

fn code<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}

fn columns() -> String {
    let mut table = "| Column | Holds | Also headed |\n|---|---|---|\n".to_owned();
    for column in Column::ALL {
        let also = code(column.synonyms().iter().copied());
        writeln!(table, "| `{column}` | {} | {also} |", column.holds()).unwrap();
    }
    table
}

fn actions() -> String {
    let mut table = "| Action | Needs | May have | Also written |\n|---|---|---|---|\n".to_owned();
    for action in Action::ALL {
        let those = |required| {
            code(
                columns_of(action)
                    .filter(move |(_, needed)| *needed == required)
                    .map(|(column, _)| column.name()),
            )
        };
        let also = code(synonyms(action).iter().copied());
        writeln!(table, "| `{action}` | {} | {} | {also} |", those(true), those(false)).unwrap();
    }
    table
}

fn problems() -> String {
    let mut table = "| Problem | What it means | What to do |\n|---|---|---|\n".to_owned();
    for severity in [Severity::Error, Severity::Warning, Severity::Note] {
        for kind in ProblemKind::ALL.iter().filter(|kind| kind.severity() == severity) {
            let name = match severity {
                Severity::Error => format!("`{}`", kind.name()),
                other => format!("`{}` ({})", kind.name(), format!("{other:?}").to_lowercase()),
            };
            writeln!(table, "| {name} | {} | {} |", kind.what(), kind.next_step()).unwrap();
        }
    }
    table
}

#[test]
fn the_page_has_the_tables_of_the_program() {
    for table in [columns(), actions(), problems()] {
        // Whoever changes a table finds the new one here, to be copied.
        assert!(PAGE.contains(&table), "docs/bulk-input.md should have:\n\n{table}");
    }
}
