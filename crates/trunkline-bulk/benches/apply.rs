//! What a row costs: `cargo bench -p trunkline-bulk --bench apply [rows] [in flight]`. The emulator runs in a process of
//! its own, without limits; the figures are those of the engine's process, journal and HTTP included.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use trunkline::{Client, Credential};
use trunkline_bulk::plan::{Action, NumberState, Person, Plan, PlanHeader, PlannedRow, State, Step, Verdict, Wanted};
use trunkline_bulk::{ApplyOptions, Bulk};
use trunkline_emulator::{DEFAULT_TENANT_ID, Emulator, bulk_numbers, bulk_users};

fn main() {
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
        return serve(number(1, 10_000));
    }
    measure(number(0, 10_000), number(1, 64));
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

fn measure(rows: usize, in_flight: usize) {
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
    write_line(&format!(
        "{rows} rows in {:.1} s: {:.3} ms of CPU a row, {} MB at most",
        start.elapsed().as_secs_f64(),
        spent.as_secs_f64() * 1000.0 / f64::from(u32::try_from(rows).expect("few")),
        peak_memory() / 1024
    ));
}

fn plan(rows: usize) -> Plan {
    let rows = (0..rows).map(|index| {
        let number = format!("+1{}555{:04}", 206 + index / 10_000, index % 10_000);
        let person = format!("b0000000-0000-4000-8000-{index:012}");
        let free = State::Number(NumberState {
            number: number.clone(),
            number_type: None,
            number_source: None,
            status: Some("unassigned".to_owned()),
            activation: None,
            holder: None,
            category: None,
            location: None,
        });
        PlannedRow {
            line: u32::try_from(index).expect("few") + 2,
            wanted: Wanted::Assign {
                number: number.clone(),
                to: Person {
                    id: Some(person.clone()),
                    name: format!("user{index:05}@contoso.example"),
                },
                category: None,
                location: None,
                number_type: None,
                takes: false,
                picked: false,
            },
            verdict: Verdict::Change,
            before: Some(free.clone()),
            steps: vec![Step {
                action: Action::AssignNumber {
                    number,
                    to: person,
                    category: None,
                    location: None,
                },
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
    let line = text.lines().find(|line| line.starts_with("VmHWM")).expect("is told");
    line.split_whitespace()
        .nth(1)
        .and_then(|size| size.parse().ok())
        .expect("is a number")
}

#[allow(clippy::print_stdout, reason = "its purpose")]
fn write_line(line: &str) {
    println!("{line}");
}
