//! Options of bulk work and of the emulator arrive, and mistakes name the option.

use trunkline_binding::generated::{apply_options, emulator_options, plan_options, read_rows_options};
use trunkline_binding::{ArgumentError, Arguments};
use trunkline_bulk::ApplyOptions;
use trunkline_bulk::input::{Format, Hidden, InputOptions};
use trunkline_bulk::plan::PlanOptions;
use trunkline_emulator::Emulator;

fn rows(json: &str) -> Result<InputOptions, ArgumentError> {
    read_rows_options(Arguments::parse(json)?, InputOptions::default())
}

#[test]
fn a_file_is_read_as_the_options_say() {
    let options = rows(
        r#"{"format": "jsonl", "country": "US", "sheet": "S", "hidden": "skip", "delimiter": ";", "action": "set-phone", "pick": true}"#,
    )
    .unwrap();
    assert_eq!(
        (options.format, options.hidden),
        (Some(Format::JsonLines), Some(Hidden::Skip))
    );
    assert_eq!(options.country.map(trunkline::Country::letters), Some("US"));
    assert_eq!(
        (options.sheet.as_deref(), options.delimiter, options.pick),
        (Some("S"), Some(b';'), true)
    );
    assert!(options.action.is_some());
    for (json, message) in [
        (r#"{"format": "ods"}"#, r#"format must be "csv" or "xlsx" or "jsonl""#),
        (
            r#"{"country": "Germany"}"#,
            r#"country must be two letters, for instance "US""#,
        ),
        (r#"{"delimiter": "::"}"#, "delimiter must be one character of ASCII"),
        (r#"{"action": "fly"}"#, r#"there is no action "fly""#),
    ] {
        let error = rows(json).unwrap_err();
        assert_eq!(
            (error.to_string().as_str(), error.is_wrong_type()),
            (message, false),
            "{json}"
        );
    }
}

#[test]
fn a_plan_takes_its_pool_and_a_run_its_times() {
    let json = r#"{"replace": true, "base": true, "pool": {"country": "US", "from": "+12065550100", "respects": ["a.journal"]}}"#;
    let options = plan_options(Arguments::parse(json).unwrap(), PlanOptions::default()).unwrap();
    let pool = options.pool.unwrap();
    assert_eq!(
        (pool.country.as_deref(), pool.from.as_deref()),
        (Some("US"), Some("+12065550100"))
    );
    assert_eq!(
        (
            pool.respects.len(),
            options.replace,
            options.base,
            options.skip_unreadable
        ),
        (1, true, true, false)
    );
    let error = plan_options(
        Arguments::parse(r#"{"pool": {"town": "x"}}"#).unwrap(),
        PlanOptions::default(),
    )
    .unwrap_err();
    assert_eq!(error.to_string(), "there is no option pool.town");

    let all = r#"{"in_flight": 3, "proof": 1, "order_timeout": 2, "patience": 3, "timeout": 4.5, "repeat_after_read_back": false,
        "reservation": 5, "quarantine": 6, "release_brake": true, "rows": "2-40,55", "only": ["assign", "set-phone"], "limit": 10}"#;
    apply_options(Arguments::parse(all).unwrap(), ApplyOptions::new()).unwrap();
    for wrong in [
        r#"{"in_flight": -1}"#,
        r#"{"proof": "long"}"#,
        r#"{"patience": -1}"#,
        r#"{"rows": "5-2"}"#,
        r#"{"only": ["fly"]}"#,
        r#"{"limit": -1}"#,
        r#"{"wait": 1}"#,
    ] {
        assert!(
            apply_options(Arguments::parse(wrong).unwrap(), ApplyOptions::new()).is_err(),
            "{wrong}"
        );
    }
}

#[test]
fn an_emulator_starts_with_its_options() {
    let json = r#"{"manual_clock": true, "seed": [{"users": []}], "stage_duration": 1, "advance_per_poll": true, "activation_delay": 0,
        "immediate_checks": true, "lenient": true, "realistic": true, "page_size": 5, "next_links": true, "permission_checks": false,
        "require_token": false, "requests_per_second": 50, "device_code_polls": 1, "numbers": 3, "allow_hosts": ["graph.contoso.example"]}"#;
    let builder = emulator_options(Arguments::parse(json).unwrap(), Emulator::builder()).unwrap();
    let emulator = builder.start_blocking().unwrap();
    assert_eq!(emulator.state()["users"].as_array().map(Vec::len), Some(0));
    let error = emulator_options(Arguments::parse(r#"{"port": 70000}"#).unwrap(), Emulator::builder())
        .err()
        .unwrap();
    assert_eq!(
        error.to_string(),
        "port must be a whole number of at least 0, not 70000"
    );
}
