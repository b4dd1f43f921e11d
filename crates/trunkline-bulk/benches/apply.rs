//! The cost of a row, and whether a run uses and keeps the documented limits: `cargo bench -p trunkline-bulk --bench apply
//! [rows] [in flight]`. Fails above the ceilings.
//!
//! The cost is that of the engine's process, journal and HTTP included: the emulator runs in a process of its own, without
//! limits. For the limits time runs faster, for the engine and the emulator alike.

use std::io::{BufRead, BufReader};
use std::process::{Command, ExitCode, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use trunkline::{Change, Person};
use trunkline::{Client, Credential, Pace, RetryPolicy, ScaledClock};
use trunkline_bulk::plan::{NumberState, Plan, PlanHeader, PlannedRow, State, Step, Verdict};
use trunkline_bulk::{ApplyOptions, Bulk};
use trunkline_emulator::{ClockMode, DEFAULT_TENANT_ID, Emulator, bulk_numbers, bulk_users};

/// That of the command line.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Limits for ten thousand rows: milliseconds of processor time a row, and megabytes.
const MILLISECONDS: f64 = 0.5;
const MEGABYTES: u64 = 80;

/// How much of the documented rate has to be used, and how many requests may be answered 429.
const RATE_USED: f64 = 0.95;
const THROTTLED: f64 = 0.01;

/// The documented rate of reading numbers, of which an order takes more than of writing.
const READS_A_SECOND: f64 = 30.0;

/// Rows of the measurement with limits, and how much faster time runs in it.
const LIMITED_ROWS: usize = 2000;
const FACTOR: u32 = 20;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| !argument.starts_with("--"))
        .collect();
    let number = |index: usize, default: usize| {
        arguments
            .get(index)
            .and_then(|text| text.parse().ok())
            .unwrap_or(default)
    };
    if arguments.first().is_some_and(|argument| argument == "serve") {
        serve(number(1, 10_000));
        return ExitCode::SUCCESS;
    }
    // Cargo passes `--test` when it only checks that benchmarks run.
    if std::env::args().any(|argument| argument == "--test") {
        return ExitCode::SUCCESS;
    }
    let is_cheap = measure(number(0, 10_000), number(1, 64));
    let is_in_pace = keep_pace(number(1, 64));
    if is_cheap && is_in_pace {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn serve(rows: usize) {
    let emulator = Emulator::builder()
        .seed(bulk_numbers(rows))
        .seed(bulk_users(rows))
        .stage_duration(Duration::ZERO)
        .start_blocking()
        .expect("starts");
    write_line(&format!("{} {}", emulator.url(), emulator.token()));
    emulator.wait();
}

/// Applies with the emulator in another process, and answers whether it cost no more than it may.
fn measure(rows: usize, in_flight: usize) -> bool {
    let program = std::env::current_exe().expect("is known");
    let mut emulator = Command::new(program)
        .args(["serve", &rows.to_string()])
        .stdout(Stdio::piped())
        .spawn()
        .expect("starts");
    let mut line = String::new();
    let mut output = BufReader::new(emulator.stdout.take().expect("is piped"));
    output.read_line(&mut line).expect("says where it is");
    let (url, token) = line.trim().split_once(' ').expect("address and token");
    let client = Client::builder()
        .endpoint(url)
        .credential(Credential::token(token))
        .build()
        .expect("builds");
    let plan = Arc::new(plan(rows));
    let folder = tempfile::tempdir().expect("a folder");
    let (cpu, start) = (cpu(), Instant::now());
    let apply = Bulk::new(&client).apply(
        plan,
        folder.path().join("bench.journal"),
        &ApplyOptions::new().in_flight(in_flight),
    );
    let summary = apply.run_blocking(|_| {}).expect("runs");
    let spent = cpu_since(cpu);
    emulator.kill().expect("is ours");
    let _ = emulator.wait();
    assert_eq!(summary.done, rows as u64, "{summary:?}");
    let milliseconds = spent.as_secs_f64() * 1000.0 / f64::from(u32::try_from(rows).expect("few"));
    let megabytes = peak_memory() / 1024;
    let is_good = milliseconds <= MILLISECONDS && megabytes <= MEGABYTES;
    write_line(&format!(
        "{rows} rows in {:.1} s: {milliseconds:.3} ms of CPU a row (at most {MILLISECONDS}), {megabytes} MB at most (at most \
         {MEGABYTES}){}",
        start.elapsed().as_secs_f64(),
        if is_good { "" } else { "  TOO MUCH" }
    ));
    is_good
}

/// Applies with the documented limits on, and answers whether they were used up and kept.
fn keep_pace(in_flight: usize) -> bool {
    let epoch = trunkline::Timestamp::now();
    let clock = ScaledClock::new(FACTOR, epoch);
    let emulator = Emulator::builder()
        .clock(ClockMode::Scaled { factor: FACTOR, epoch })
        .seed(bulk_numbers(LIMITED_ROWS))
        .seed(bulk_users(LIMITED_ROWS))
        .stage_duration(Duration::from_secs(2))
        .documented_limits(true)
        .start_blocking()
        .expect("starts");
    let client = Client::builder()
        .endpoint(emulator.url())
        .credential(Credential::token(emulator.token()))
        .clock(Arc::new(clock))
        .pace(Pace::documented())
        .retry(RetryPolicy::for_jobs())
        .build()
        .expect("builds");
    let folder = tempfile::tempdir().expect("a folder");
    let options = ApplyOptions::new().in_flight(in_flight);
    let journal = folder.path().join("bench.journal");
    let apply = Bulk::new(&client).apply(Arc::new(plan(LIMITED_ROWS)), journal, &options);
    let summary = apply.run_blocking(|_| {}).expect("runs");
    assert_eq!(summary.done, LIMITED_ROWS as u64, "{summary:?}");
    let requests = emulator.requests();
    let throttled = requests.iter().filter(|request| request.status == 429).count();
    let share = share(throttled, requests.len());
    let reads: Vec<trunkline::Timestamp> = requests
        .iter()
        .filter(|request| request.method == "GET" && request.path.contains("/admin/teams/") && request.status != 429)
        .map(|request| request.at.parse().expect("is a moment"))
        .collect();
    // Without the beginning, when the limit has a second's worth in store, and the end, when there is little left to do.
    let (from, to) = (reads.len() / 20, reads.len() - reads.len() / 20);
    let time = reads[to - 1].duration_since(reads[from]).as_secs_f64();
    let rate = f64::from(u32::try_from(to - 1 - from).expect("few")) / time;
    let is_good = rate >= RATE_USED * READS_A_SECOND && share <= THROTTLED;
    write_line(&format!(
        "{LIMITED_ROWS} rows within the documented limits: {rate:.1} reads a second of {READS_A_SECOND} (at least {:.1}), \
         {throttled} of {} requests answered 429 (at most {:.0} %){}",
        RATE_USED * READS_A_SECOND,
        requests.len(),
        THROTTLED * 100.0,
        if is_good { "" } else { "  NOT KEPT" }
    ));
    is_good
}

fn share(part: usize, of: usize) -> f64 {
    let number = |count: usize| f64::from(u32::try_from(count).expect("few"));
    number(part) / number(of.max(1))
}

fn plan(rows: usize) -> Plan {
    let rows = (0..rows).map(|index| {
        let number = format!("+1{}555{:04}", 206 + index / 10_000, index % 10_000);
        let person = format!("b0000000-0000-4000-8000-{index:012}");
        let free = State::Number(NumberState {
            number: number.clone(),
            status: Some("unassigned".to_owned()),
            ..NumberState::default()
        });
        let give = Change::Assign {
            number: number.clone(),
            to: Person {
                id: Some(person),
                ..Person::named(format!("user{index:05}@contoso.example"))
            },
            category: None,
            location: None,
            number_type: None,
            takes: false,
            picked: false,
        };
        PlannedRow {
            row: u32::try_from(index).expect("few") + 2,
            wanted: give.clone().into(),
            verdict: Verdict::Change,
            before: Some(free.clone()),
            steps: vec![Step {
                change: give,
                needs: Vec::new(),
                expects: free,
            }],
            findings: Vec::new(),
        }
    });
    Plan {
        header: PlanHeader::new(DEFAULT_TENANT_ID, "global", "of a file"),
        rows: rows.collect(),
    }
}

/// Ticks of the processor, of which a second has a hundred.
fn cpu() -> u64 {
    let text = std::fs::read_to_string("/proc/self/stat").expect("is Linux");
    let fields: Vec<&str> = text
        .rsplit_once(')')
        .expect("has a name")
        .1
        .split_whitespace()
        .collect();
    fields[11].parse::<u64>().expect("is a number") + fields[12].parse::<u64>().expect("is a number")
}

fn cpu_since(start: u64) -> Duration {
    Duration::from_millis((cpu() - start) * 10)
}

/// In kilobytes.
fn peak_memory() -> u64 {
    let text = std::fs::read_to_string("/proc/self/status").expect("is Linux");
    let line = text
        .lines()
        .find(|line| line.starts_with("VmHWM"))
        .expect("is reported");
    line.split_whitespace()
        .nth(1)
        .and_then(|size| size.parse().ok())
        .expect("is a number")
}

#[allow(clippy::print_stdout, reason = "its purpose")]
fn write_line(line: &str) {
    println!("{line}");
}
