//! Problems by their causes.

use trunkline_bulk::input::ProblemKind as Kind;
use trunkline_bulk::input::{ProblemGroup, Severity};

use super::read;
use super::workbook::{text, workbook};

const TITLE: &[&str] = &["Cutover"];

fn rows() -> Vec<Vec<&'static str>> {
    let mut rows = vec![TITLE.to_vec(), vec!["Floor", "UPN", "Phone"]];
    for row in 0..300 {
        rows.push(match row {
            7 => vec!["2", "bo", "+12065550101"],
            20 => vec!["2", "cy@contoso.example", ""],
            _ => vec!["2", "ana@contoso.example", "12065550100"],
        });
    }
    rows
}

fn group(groups: &[ProblemGroup], kind: Kind) -> &ProblemGroup {
    groups.iter().find(|group| group.kind == kind).expect("the cause")
}

#[test]
fn three_hundred_rows_with_one_cause_are_one_entry() {
    let cells = |row: &Vec<&str>| row.iter().map(|cell| text(cell)).collect::<Vec<_>>();
    let xlsx = read(workbook([("Numbers", rows().iter().map(cells).collect::<Vec<_>>())]));
    let csv = read(rows().iter().map(|row| row.join(",") + "\n").collect::<String>());
    for (input, place, cells) in [
        (
            &xlsx,
            "column number, 298 cells: C3:C9, C11:C22, C24:C302",
            ["C3:C9", "C11:C22", "C24:C302"],
        ),
        (
            &csv,
            "column number, 298 rows: 3-9, 11-22, 24-302",
            ["3-9", "11-22", "24-302"],
        ),
    ] {
        let groups = input.problems().groups();
        let severities: Vec<_> = groups.iter().map(|group| group.severity).collect();
        assert!(severities.is_sorted_by(|one, other| one >= other), "{severities:?}");
        let errors = groups.iter().filter(|group| group.severity == Severity::Error);
        assert_eq!(errors.count(), 3);
        let no_plus = group(&groups, Kind::NoPlus);
        assert_eq!(
            (no_plus.count, no_plus.row, no_plus.place()),
            (298, 3, place.to_owned())
        );
        assert_eq!(no_plus.cells, cells);
        assert_eq!(no_plus.value.as_deref(), Some("***00"));
        let shown = no_plus.to_string();
        assert!(shown.starts_with(&*no_plus.next_step), "the fix comes first: {shown}");
        assert!(shown.contains("--accept-suggestions"), "{shown}");
        assert_eq!(group(&groups, Kind::BadUser).count, 1);
        assert_eq!(group(&groups, Kind::UnknownColumn).column.as_deref(), Some("Floor"));
    }
    let groups = xlsx.problems().groups();
    assert_eq!(group(&groups, Kind::BadUser).place(), "column user, cell B10");
    assert_eq!(group(&groups, Kind::EmptyCell).cells, ["C23"]);
    assert_eq!(group(&groups, Kind::UnknownColumn).cells, ["A2"]);
    assert_eq!(group(&groups, Kind::SkippedRows).place(), "row 2");
    let cell = xlsx.problems().iter().find(|problem| problem.kind == Kind::BadUser);
    assert_eq!(cell.and_then(|problem| problem.cell.as_deref()), Some("B10"));
    assert!(cell.is_some_and(|problem| problem.to_string().starts_with("row 10, user (B10): ")));
}

#[test]
fn causes_are_counted_though_their_problems_are_not_kept() {
    let mut options = trunkline_bulk::input::InputOptions::default();
    options.limits.problems = 2;
    let file: String = rows().iter().skip(1).map(|row| row.join(",") + "\n").collect();
    let input = super::read_with(file, &options);
    let groups = input.problems().groups();
    assert_eq!(input.problems().iter().count(), 2);
    assert_eq!(
        groups.iter().map(|group| group.count).sum::<u64>(),
        input.problems().left_out() + 2
    );
    assert_eq!(group(&groups, Kind::NoPlus).count, 298);
}

#[test]
fn texts_that_differ_within_a_cause_are_those_of_its_kind() {
    let input = read(
        "action,number,user\nassign,+12065550100,ana@contoso.example\nassign,+12065550100,bo@contoso.example\n\
         assign,+12065550101,cy@contoso.example\nassign,+12065550101,di@contoso.example\n",
    );
    let groups = input.problems().groups();
    let twice = group(&groups, Kind::NumberTwice);
    assert_eq!((twice.count, twice.what.as_ref()), (2, Kind::NumberTwice.what()));
    assert_eq!(twice.place(), "2 rows: 3, 5");
}

#[test]
fn columns_that_are_not_read_are_one_entry_that_lists_them() {
    let input = read(
        "number,user,extention,Team,Site,,Comment\n+12065550100,ana@contoso.example,17,,Redmond,x,DO NOT PORT YET\n",
    );
    let groups = input.problems().groups();
    let unread = groups.iter().filter(|group| group.kind == Kind::UnknownColumn);
    let unread: Vec<String> = unread.map(ToString::to_string).collect();
    let [joined, site] = &unread[..] else {
        panic!("{unread:?}")
    };
    assert!(joined.starts_with("Ignore this, or say what it is"), "{joined}");
    for words in [
        "4 columns are not recognized and are ignored: ",
        "extention (if it is the extension: --column \"extension=extention\"; it is filled in 1 row",
        ", Team, ",
        "Comment (it is filled in 1 row, first in row 2 (DO NOT PORT YET))",
        "column F (the column has no heading",
        "(row 1)",
    ] {
        assert!(joined.contains(words), "{words}: {joined}");
    }
    assert!(site.contains("--locations FILE"), "{site}");
}

#[test]
fn a_column_that_is_read_is_not_suggested_for_another_one() {
    let input = read("number,user,nummber,note,usr\n+12065550100,ana@contoso.example,,,\n");
    let what = input.problems().groups()[0].what.to_string();
    assert!(what.ends_with("ignored: nummber, note, usr"), "{what}");
}
