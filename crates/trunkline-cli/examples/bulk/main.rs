//! A whole file with the real command line against an embedded emulator: planned, applied by a process that is killed in
//! the middle, resumed, verified, reported. `cargo xtask demo` runs it.
//!
//! `bulk COMMAND FOLDER [--json]`: the command `trunkline`, and a folder for the files.

#![allow(clippy::print_stdout, reason = "an example talks to people")]

mod rows;

use std::collections::HashMap;
use std::error::Error;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use trunkline_emulator::{ClockMode, Emulator, TokenRequest};

/// How many times faster than the world's clock time goes for the emulator and the command line.
const FACTOR: u32 = 60;

/// How many rows have ended when the process is killed.
const KILLED_AFTER: u64 = 70;

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let mut arguments = std::env::args().skip(1);
    let command = PathBuf::from(arguments.next().ok_or("the command is missing")?);
    let folder = PathBuf::from(arguments.next().ok_or("the folder is missing")?);
    let as_json = arguments.next().as_deref() == Some("--json");
    let stage = Stage::set(command, folder)?;
    let figures = stage.play(!as_json)?;
    if as_json {
        println!("{figures:#}");
    }
    Ok(())
}

/// The emulator and the command line.
struct Stage {
    emulator: Emulator,
    token: String,
    scale: String,
    command: PathBuf,
    folder: PathBuf,
}

impl Stage {
    fn set(command: PathBuf, folder: PathBuf) -> Outcome<Self> {
        if folder.exists() {
            std::fs::remove_dir_all(&folder)?;
        }
        std::fs::create_dir_all(&folder)?;
        let epoch = trunkline::Timestamp::now();
        let mut builder = Emulator::builder()
            .clock(ClockMode::Scaled { factor: FACTOR, epoch })
            .stage_duration(Duration::from_secs(5));
        for seed in rows::seeds() {
            builder = builder.seed(seed);
        }
        let emulator = builder.start_blocking()?;
        let token = emulator.issue_token(TokenRequest {
            expires_in_seconds: Some(1_000_000),
            ..TokenRequest::default()
        });
        std::fs::write(folder.join("rows.csv"), rows::file())?;
        Ok(Self {
            emulator,
            token,
            scale: format!("{FACTOR}@{epoch}"),
            command,
            folder,
        })
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn trunkline(&self, words: &[&str], files: &[&Path], options: &[&str]) -> Command {
        let mut command = Command::new(&self.command);
        command
            .args(words)
            .args(files)
            .args(options)
            .env("TRUNKLINE_ENDPOINT", self.emulator.url())
            .env("TRUNKLINE_TOKEN", &self.token)
            .env("TRUNKLINE_TIME_SCALE", &self.scale)
            .stdin(Stdio::null());
        command
    }

    /// The output of a command that ends with one of the expected codes.
    fn run(&self, words: &[&str], files: &[&Path], options: &[&str], codes: &[i32]) -> Outcome<String> {
        let output = self.trunkline(words, files, options).output()?;
        match output.status.code() {
            Some(code) if codes.contains(&code) => Ok(String::from_utf8(output.stdout)?),
            _ => Err(format!(
                "`trunkline {}` ended with {}: {}",
                words.join(" "),
                output.status,
                String::from_utf8_lossy(&output.stderr)
            )
            .into()),
        }
    }

    fn play(&self, is_loud: bool) -> Outcome<Value> {
        let say = |line: String| {
            if is_loud {
                println!("{line}");
            }
        };
        let (file, plan, journal) = (self.path("rows.csv"), self.path("rows.plan"), self.path("rows.journal"));
        say(format!(
            "bulk          {} rows of all kinds, some of them bad",
            rows::ROWS
        ));

        let doctor: Value = serde_json::from_str(&self.run(&["doctor"], &[&file], &["-o", "json"], &[0, 1])?)?;
        let examined = doctor["checks"].as_array().map_or(0, Vec::len);
        say(format!("  doctor      {examined} things examined"));

        let options = ["--skip-unreadable", "-o", "json", "--save"];
        let text = {
            let mut all: Vec<&str> = options.to_vec();
            let path = plan.to_string_lossy();
            all.push(&path);
            self.run(&["bulk", "plan"], &[&file], &all, &[3])?
        };
        let planned: Value = serde_json::from_str(&text)?;
        let counts = &planned["summary"];
        say(format!(
            "  plan        {} to change in {} steps, {} already correct, {} blocked, {} unreadable",
            counts["change"], counts["steps"], counts["already"], counts["refused"], counts["problems"]["errors"]
        ));
        for problem in planned["problems"].as_array().into_iter().flatten() {
            if problem["severity"] == "error" {
                let word = |name: &str| problem[name].as_str().unwrap_or_default().to_owned();
                say(format!(
                    "    row {}, {}: {}",
                    problem["row"],
                    word("column"),
                    word("what")
                ));
            }
        }

        let started = Instant::now();
        let ended = self.kill_in_the_middle(&plan)?;
        let status: Value =
            serde_json::from_str(&self.run(&["bulk", "status"], &[&journal], &["-o", "json"], &[3])?)?;
        say(format!(
            "  killed      with SIGKILL after {ended} rows; the journal has {} of {}",
            status["summary"]["rows"], status["rows"]
        ));

        let text = self.run(&["bulk", "resume"], &[&journal], &["-o", "json"], &[3])?;
        let resumed: Value = serde_json::from_str(&text)?;
        let summary = &resumed["summary"];
        say(format!(
            "  resumed     {} done, {} already, {} failed, {} skipped, {} pending, {} unknown ({:.1} s with the kill)",
            summary["done"],
            summary["already"],
            summary["failed"],
            summary["skipped"],
            summary["pending"],
            summary["unknown"],
            started.elapsed().as_secs_f64()
        ));

        let text = self.run(&["bulk", "verify"], &[&journal], &["-o", "json"], &[3])?;
        let verified: Value = serde_json::from_str(&text)?;
        let verdict = &verified["summary"];
        say(format!(
            "  verified    {} hold, {} drifted, {} not in place",
            verdict["hold"], verdict["drifted"], verdict["neverHeld"]
        ));

        let (accepted, twice) = self.orders();
        say(format!(
            "  orders      {accepted} accepted by the service, {twice} of them carried out twice"
        ));

        let (page, table, record) = (
            self.path("report.html"),
            self.path("report.csv"),
            self.path("report.jsonl"),
        );
        let mut report = self.trunkline(&["bulk", "report"], &[&journal], &["--quiet"]);
        let written = report
            .arg("--html")
            .arg(&page)
            .arg("--csv")
            .arg(&table)
            .arg("--jsonl")
            .arg(&record);
        if !written.status()?.success() {
            return Err("the report was not written".into());
        }
        say(format!("  report      {}", page.display()));

        let figures = json!({
            "rows": rows::ROWS,
            "doctor": doctor,
            "plan": {"summary": counts, "problems": planned["problems"]},
            "killed": {"afterRows": ended, "journal": status["summary"]},
            "resumed": summary,
            "verified": verdict,
            "orders": {"accepted": accepted, "twice": twice},
            "report": {"page": page, "table": table, "record": record},
        });
        check(&figures)?;
        Ok(figures)
    }

    /// Applies the plan in a process of its own and kills that as soon as enough rows have ended.
    fn kill_in_the_middle(&self, plan: &Path) -> Outcome<u64> {
        let mut child = self
            .trunkline(&["bulk", "apply", "--yes"], &[plan], &["-o", "jsonl"])
            .stdout(Stdio::piped())
            .spawn()?;
        let lines = BufReader::new(child.stdout.take().ok_or("no output")?).lines();
        let mut ended = 0;
        for line in lines {
            let event: Value = serde_json::from_str(&line?)?;
            if event["kind"] == "row" {
                ended += 1;
            }
            if ended == KILLED_AFTER {
                break;
            }
        }
        // On Unix this is SIGKILL: the process gets no signal that it could handle.
        child.kill()?;
        child.wait()?;
        Ok(ended)
    }

    /// How many orders the service accepted, and how many of them repeat one that was carried out. An order that failed
    /// leaves nothing behind: when its answer is lost with the process that sent it, it is rightly sent once more.
    fn orders(&self) -> (usize, usize) {
        let orders = self.emulator.orders();
        let mut seen: HashMap<(&str, Option<&str>), usize> = HashMap::new();
        for order in orders.iter().filter(|order| order.status != "failed") {
            *seen.entry((&order.number, order.target.as_deref())).or_default() += 1;
        }
        (orders.len(), seen.values().map(|count| count - 1).sum())
    }
}

/// Checks the figures that a good run of the demo has.
fn check(figures: &Value) -> Outcome<()> {
    let count = |pointer: &str| figures.pointer(pointer).and_then(Value::as_u64).unwrap_or(u64::MAX);
    let rows = rows::ROWS as u64;
    let unreadable = rows::UNREADABLE as u64;
    let expected = [
        ("/plan/summary/problems/errors", unreadable),
        ("/plan/summary/rows", rows),
        ("/plan/summary/unreadable", unreadable),
        // A row that cannot be read is a row of the plan: it is refused, skipped and reported as such.
        ("/plan/summary/refused", 8 + unreadable),
        ("/resumed/rows", rows),
        ("/resumed/failed", 2),
        ("/resumed/skipped", 8 + unreadable),
        ("/resumed/pending", 0),
        ("/resumed/unknown", 0),
        ("/verified/drifted", 0),
        ("/verified/neverHeld", 10 + unreadable),
        ("/orders/twice", 0),
    ];
    for (pointer, expected) in expected {
        let found = count(pointer);
        if found != expected {
            return Err(format!("{pointer} is {found}, not {expected}: {figures:#}").into());
        }
    }
    Ok(())
}
