//! Commands on a terminal: its width, names, colours, the pager, the question, and nothing masked.

use serde_json::json;
use trunkline_emulator::{Emulator, bulk_numbers, bulk_users};
use unicode_width::UnicodeWidthStr;

use super::desk::Desk;
use super::harness::{Session, run};
use super::pseudo_terminal::{END, Shown, Terminal, plain};

const WIDTHS: [u16; 4] = [60, 80, 120, 200];

const ROWS: &str = "action,number,user,location,role,policyType,policy\n\
    assign,+12065550101,ana@contoso.example,,,,\n\
    unassign,+12065550100,,,,,\n\
    setLocation,+12065550120,,10c00000-0000-4000-8000-000000000002,,,\n\
    setPhone,+1 2065550199,carla@contoso.example,,mobile,,\n\
    assign,+12065550102,nobody@contoso.example,,,,\n\
    assign,+12065550103,nobody.else@contoso.example,,,,\n\
    move,+12065550114,a0000000-0000-4000-8000-000000000002,,,,\n\
    setPolicy,,ana@contoso.example,,,voice routing,UnitedStates\n";

impl Desk {
    fn show(&self, terminal: &Terminal, arguments: &[&str]) -> Shown {
        terminal.show(&mut self.command(arguments))
    }

    fn changes(&self) -> usize {
        let requests = self.session.emulator.requests();
        requests
            .iter()
            .filter(|request| request.method != "GET" && !request.path.contains("$batch"))
            .count()
    }
}

/// Somebody whose name alone is longer than a narrow terminal.
fn with_a_long_name(session: &Session) -> String {
    let name = format!("somebody.{}@contoso.example", "with-a-long-name".repeat(3));
    let mut state = session.emulator.state();
    let users = state["users"].as_array_mut().expect("users");
    let mut user = users[0].clone();
    user["id"] = json!("a0000000-0000-4000-8000-00000000aaaa");
    user["userPrincipalName"] = json!(name);
    users.push(user);
    let numbers = state["numbers"].as_array_mut().expect("numbers");
    let number = numbers
        .iter_mut()
        .find(|number| number["telephoneNumber"] == "+12065550111");
    let number = number.expect("a number");
    number["assignmentTargetId"] = json!("a0000000-0000-4000-8000-00000000aaaa");
    number["assignmentStatus"] = json!("userAssigned");
    let seed = json!({"users": state["users"], "numbers": state["numbers"]});
    session.emulator.seed(&seed).expect("a seed");
    name
}

/// Every line fits, and no number and no name is broken.
fn assert_fits(shown: &Shown, width: u16, what: &[&str]) {
    let text = plain(&shown.text);
    for line in text.lines() {
        assert!(
            line.width() <= usize::from(width),
            "{what:?} at {width}: {line:?}\n{text}"
        );
    }
    for (at, _) in text.match_indices("+1206555") {
        let rest = &text[at + 8..];
        let is_whole = rest.len() >= 4 && rest.as_bytes()[..4].iter().all(u8::is_ascii_digit);
        assert!(is_whole, "{what:?} at {width} breaks a number: {text}");
    }
    for word in text.split_whitespace().filter(|word| word.contains('@')) {
        let is_whole = word.contains("@contoso.example") || word.ends_with('…');
        assert!(is_whole, "{what:?} at {width} breaks {word}: {text}");
    }
}

#[test]
fn lists_plans_and_findings_fit_the_terminal_and_break_no_value() {
    let desk = Desk::planned(ROWS);
    desk.run(&["bulk", "apply", "rows.plan", "--yes", "--rows", "2-5"]);
    for arguments in [
        &["numbers", "list"][..],
        &["numbers", "list", "--ids"],
        &["numbers", "get", "+12065550114"],
        &["numbers", "check", "2065550100", "+1 206 555 0142"],
        &["phones", "list", "ana@contoso.example"],
        &["policies", "list", "ana@contoso.example"],
        &["permissions"],
        &["doctor", "rows.csv"],
        &["bulk", "plan", "rows.csv"],
        &["bulk", "plan", "rows.csv", "--ids"],
        &["bulk", "undo", "rows.journal"],
        &["bulk", "status", "rows.journal"],
        &["bulk", "verify", "rows.journal", "--wait", "0s"],
        &["numbers", "get", "nonsense"],
    ] {
        for width in WIDTHS {
            // The doctor asks a question.
            let shown = desk.show(&Terminal::of(width).answering(b"u\n"), arguments);
            assert!(!shown.text.is_empty());
            assert_fits(&shown, width, arguments);
        }
    }
}

#[test]
fn columns_without_room_are_dropped_by_rank_and_named() {
    let desk = Desk::new(ROWS);
    let list = desk.show(&Terminal::of(60), &["numbers", "list"]);
    assert!(
        list.text
            .ends_with("5 columns not shown: NUMBER TYPE, STATUS, ACTIVATION, CITY,\n  COUNTRY; --wide or --output csv shows them\n"),
        "{list:?}"
    );
    let medium = desk.show(&Terminal::of(120), &["numbers", "list"]);
    assert!(
        medium
            .text
            .ends_with("1 column not shown: COUNTRY; --wide or --output csv shows it\n"),
        "{medium:?}"
    );
    // All of it without a terminal and without a limit, and no more than COLUMNS where that is set.
    let piped = desk.run(&["numbers", "list"]);
    let wide = desk.show(&Terminal::of(60), &["numbers", "list", "--wide"]);
    assert_eq!(piped.stdout, wide.text);
    assert!(
        piped.stdout.lines().next().expect("headings").ends_with("COUNTRY"),
        "{piped}"
    );
    let narrow = run(desk.session.command(&["numbers", "list"]).env("COLUMNS", "60"));
    assert_eq!(narrow.stdout, list.text);
    let odd = run(desk.session.command(&["numbers", "list"]).env("COLUMNS", "many"));
    assert!(
        odd.code == Some(1) && odd.stderr.contains("COLUMNS is \"many\""),
        "{odd}"
    );
}

#[test]
fn every_holder_of_a_long_list_has_a_name() {
    let count = 320;
    let mut numbers = bulk_numbers(count);
    for (index, number) in numbers["numbers"]
        .as_array_mut()
        .expect("numbers")
        .iter_mut()
        .enumerate()
    {
        number["assignmentTargetId"] = json!(format!("b0000000-0000-4000-8000-{index:012}"));
        number["assignmentStatus"] = json!("userAssigned");
    }
    let session = Session::of(Emulator::builder().seed(numbers).seed(bulk_users(count)));
    let list = session.run(&["numbers", "list"]);
    assert_eq!((list.code, list.stderr.as_str()), (Some(0), ""), "{list}");
    assert!(!list.stdout.contains("b0000000-"), "{list}");
    assert_eq!(list.stdout.matches("@contoso.example").count(), count, "{list}");
    let ids = session.run(&["numbers", "list", "--ids"]);
    assert_eq!(
        ids.stdout.matches("@contoso.example (b0000000-").count(),
        count,
        "{ids}"
    );
}

#[test]
fn a_value_longer_than_the_terminal_is_shortened_and_said_to_be() {
    let desk = Desk::new(ROWS);
    let name = with_a_long_name(&desk.session);
    let narrow = desk.show(&Terminal::of(60), &["numbers", "list", "--held-by", &name]);
    assert_fits(&narrow, 60, &["a long name"]);
    assert!(narrow.text.contains("HOLDER\n"), "on a line of its own: {narrow:?}");
    assert!(
        narrow
            .text
            .contains("1 value is longer than the terminal and ends in …;"),
        "{narrow:?}"
    );
    // With a little more room it stands whole, below its heading.
    let line = format!("HOLDER\n  {name}\n");
    let medium = desk.show(&Terminal::of(76), &["numbers", "list", "--held-by", &name]);
    assert!(medium.text.contains(&line), "{line} {medium:?}");
}

#[test]
fn a_plan_begins_with_its_summary_and_marks_what_it_does() {
    let desk = Desk::new(ROWS);
    let shown = desk.show(&Terminal::of(200), &["bulk", "plan", "rows.csv"]);
    let text = plain(&shown.text);
    let places = [
        "8 rows: 6 to change",
        "\nTaken away (2)\n",
        "\nBlocked (2)\n",
        "\nWarnings (",
        "\nChanges (5)\n",
    ];
    let at: Vec<usize> = places
        .iter()
        .map(|place| text.find(place).unwrap_or_else(|| panic!("{place}: {text}")))
        .collect();
    assert!(at.is_sorted() && at[0] == 0, "{at:?} {text}");
    assert!(
        text.contains("  Correct the name, or remove the row (2 rows: 6, 7)\n"),
        "{text}"
    );
    for line in [
        "- 3    unassign",
        "- 8    move",
        "+ 2    assign",
        "~ 4    set location",
        "+ 5    set phone",
        "~ 8    move",
        "+ 9    set policy",
    ] {
        assert!(text.lines().any(|shown| shown.starts_with(line)), "{line}: {text}");
    }
    assert!(!text.contains("a0000000-"), "people have names: {text}");
    let narrow = desk.show(&Terminal::of(60), &["bulk", "plan", "rows.csv"]);
    assert!(
        narrow.text.contains("… (--wide\n  shows all of it)"),
        "the digest: {narrow:?}"
    );
    let ids = desk.show(&Terminal::of(200), &["bulk", "plan", "rows.csv", "--ids"]);
    assert!(
        ids.text
            .contains("ben@contoso.example (a0000000-0000-4000-8000-000000000002)"),
        "{ids:?}"
    );
    // Colour is for the sign alone, and only where it is wanted.
    assert!(shown.text.contains("\n\u{1b}[32m+\u{1b}[0m 2    assign"), "{shown:?}");
    for (name, value) in [("NO_COLOR", "1"), ("TERM", "dumb")] {
        let mut command = desk.session.command(&["bulk", "plan", "rows.csv"]);
        let grey = Terminal::of(200).show(command.env(name, value).current_dir(desk.folder.path()));
        assert_eq!(grey.text, text, "{name}");
    }
    assert_eq!(
        desk.run(&["bulk", "plan", "rows.csv", "--wide"]).stdout,
        plain(
            &desk
                .show(&Terminal::of(60), &["bulk", "plan", "rows.csv", "--wide"])
                .text
        )
    );
}

#[test]
fn a_plan_that_is_longer_than_the_screen_goes_through_the_pager() {
    let desk = Desk::new(ROWS);
    let pager = |terminal: &Terminal, variables: &[(&str, &str)], options: &[&str]| {
        let arguments = [&["bulk", "plan", "rows.csv"], options].concat();
        let mut command = desk.session.command(&arguments);
        // env_clear took the path away, with which the pager is found.
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        terminal
            .show(command.envs(variables.iter().copied()).current_dir(desk.folder.path()))
            .text
    };
    let paged = "sed -e 's/^/| /'";
    let whole = pager(&Terminal::of(80), &[("PAGER", paged)], &[]);
    assert!(
        !whole.contains("| ") && whole.contains("Changes (5)"),
        "it fits: {whole}"
    );
    let low = || Terminal::of(80).rows(10);
    let marked: String = whole.lines().map(|line| format!("| {line}\n")).collect();
    assert_eq!(pager(&low(), &[("PAGER", paged)], &[]), marked);
    assert_eq!(
        pager(&low(), &[("PAGER", "false"), ("TRUNKLINE_PAGER", paged)], &[]),
        marked
    );
    for (variables, options) in [
        (&[("PAGER", paged)][..], &["--no-pager"][..]),
        (&[("PAGER", "cat")], &[]),
        (&[("PAGER", paged), ("TRUNKLINE_PAGER", "cat")], &[]),
        // One that is not there shows nothing, so the text is shown without it.
        (&[("PAGER", "no-such-pager-7f3a")], &[]),
        (&[("PATH", "/nonexistent")], &[]),
    ] {
        let shown = pager(&low(), variables, options);
        assert!(shown.ends_with(&whole), "{variables:?}: {shown}");
    }
    let json = pager(&low(), &[("PAGER", paged)], &["-o", "json"]);
    assert!(json.starts_with('{'), "{json}");
}

#[test]
fn applying_asks_once_and_goes_on_after_a_yes_alone() {
    let desk = Desk::planned(ROWS);
    let apply = ["bulk", "apply", "rows.plan"];
    for answer in [&b"n\n"[..], b"\n", END, b"yess\n", b"no\n"] {
        let shown = desk.show(&Terminal::of(80).answering(answer), &apply);
        assert_eq!(shown.code, Some(1), "{shown:?}");
        for words in [
            "8 rows: 6 to change",
            "The file: rows.csv\n",
            "Apply these changes to contoso.example (11111111-1111-1111-1111-111111111111)?\n  [y/N] ",
            "the plan was not applied; nothing was",
        ] {
            assert!(plain(&shown.text).contains(words), "{words}: {}", shown.text);
        }
        assert!(!desk.path("rows.journal").exists());
    }
    assert_eq!(desk.changes(), 0);
    let shown = desk.show(
        &Terminal::of(80).answering(b"y\n"),
        &[&apply[..], &["--rows", "2-5"]].concat(),
    );
    assert_eq!(shown.code, Some(3), "{shown:?}");
    assert!(shown.text.contains("4 rows: 4 to change"), "of these rows: {shown:?}");
    assert!(shown.text.contains("8 rows: 4 done, 4 open"), "{shown:?}");
    // Going on asks about the rows that were left out, and about those alone.
    let resume = ["bulk", "resume", "rows.journal"];
    for arguments in [&resume[..], &apply] {
        let before = desk.changes();
        let shown = desk.show(&Terminal::of(80).answering(b"n\n"), arguments);
        assert_eq!((shown.code, desk.changes()), (Some(1), before), "{shown:?}");
        assert!(shown.text.contains("4 rows: 2 to change"), "{shown:?}");
    }
    let one = [&resume[..], &["--rows", "9"]].concat();
    let shown = desk.show(&Terminal::of(80).answering(b"y\n"), &one);
    assert!(shown.text.contains("1 row: 1 to change"), "{shown:?}");
    // Rows that were confirmed are not asked about again, and `--yes` asks nothing.
    for arguments in [&one[..], &[&resume[..], &["--yes"]].concat(), &resume, &apply] {
        let shown = desk.show(&Terminal::of(80), arguments);
        assert_eq!(shown.code, Some(3), "{shown:?}");
        assert!(!shown.text.contains("[y/N]"), "{shown:?}");
    }
    assert_eq!(desk.session.number("+12065550101")["assignmentStatus"], "userAssigned");
}

#[test]
fn without_a_terminal_applying_needs_yes() {
    let desk = Desk::planned(ROWS);
    let refused = desk.run(&["bulk", "apply", "rows.plan", "-o", "json"]);
    assert_eq!(refused.code, Some(1), "{refused}");
    let error = refused.error();
    assert_eq!(error["kind"], "invalidInput");
    assert!(error["nextStep"].as_str().expect("words").contains("--yes"), "{error}");
    assert_eq!((desk.changes(), desk.path("rows.journal").exists()), (0, false));
    // Standard error that is no terminal shows no question.
    let logged = desk.show(&Terminal::of(80).logging(), &["bulk", "apply", "rows.plan"]);
    assert!(logged.code == Some(1) && logged.log.contains("--yes"), "{logged:?}");
    let applied = desk.run(&["bulk", "apply", "rows.plan", "--yes", "-o", "json"]);
    let document = applied.json();
    assert_eq!(
        (applied.code, &document["summary"]["done"]),
        (Some(3), &json!(6)),
        "{applied}"
    );
}

#[test]
fn nothing_is_masked_on_the_terminal_and_everything_in_a_log() {
    let desk = Desk::new(ROWS);
    let terminal = || Terminal::of(200);
    for (arguments, named) in [
        (&["numbers", "get", "+12065550199"][..], "+12065550199"),
        (
            &["numbers", "assign", "+12065550100", "ana@contoso.example"],
            "ben@contoso.example",
        ),
        (
            &["numbers", "assign", "+12065550101", "nobody@contoso.example"],
            "nobody@contoso.example",
        ),
        (&["numbers", "unassign", "+12065550101", "--verbose"], "+12065550101"),
        (
            &["phones", "list", "nobody@contoso.example", "--verbose"],
            "nobody@contoso.example",
        ),
    ] {
        let shown = plain(&desk.show(&terminal(), arguments).text);
        assert!(
            shown.contains(named) && !shown.contains("***"),
            "{arguments:?}: {shown}"
        );
        let logged = desk.show(&terminal().logging(), arguments);
        assert!(
            !logged.log.is_empty() && !logged.log.contains(named),
            "{arguments:?}: {logged:?}"
        );
        let full = desk.show(&terminal().logging(), &[arguments, &["--show-pii"]].concat());
        assert!(
            full.log.contains(named) && !full.log.contains("***"),
            "{arguments:?}: {full:?}"
        );
        let json = desk.show(&terminal(), &[arguments, &["-o", "json"]].concat());
        assert!(!plain(&json.text).contains("***"), "{arguments:?}: {json:?}");
    }
}
