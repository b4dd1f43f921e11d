//! The fault campaign: `trunkline-faults --binary PATH --runs N --seed S [--run K] [--parallel P] [--keep FOLDER]`.
//!
//! Each run makes a tenant of its own in an emulator, a file of two hundred rows of all kinds, and a mix of faults: errors, orders
//! that take long or fail, moments at which the process is killed. Then the real binary plans the file and applies it,
//! killed and started again until it ends; faults stop only for a last phase. What came of it is judged by what the service
//! has and did, never by the journal alone: see [`judge`].
//!
//! The same seed gives the same tenants, files, faults and kills. Which request meets which fault also depends on how
//! processes and threads are scheduled, so that a run that is repeated is alike, not the same.

#![allow(clippy::print_stdout, reason = "a campaign talks to whoever runs it")]

mod back;
mod campaign;
mod evidence;
mod fault_mix;
mod history;
mod judge;
mod mutation;
mod process;
mod rng;
mod truth;
mod world;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use campaign::{Place, Statistics, Which};
use judge::{Figures, Violation};

/// How often it says how far it is.
const BEAT: Duration = Duration::from_secs(15);

struct Arguments {
    binary: PathBuf,
    runs: u64,
    seed: u64,
    only: Option<u64>,
    parallel: u64,
    keep: Option<PathBuf>,
}

impl Arguments {
    fn read() -> Option<Self> {
        let mut arguments = Self {
            binary: PathBuf::new(),
            runs: 1,
            seed: 1,
            only: None,
            parallel: 1,
            keep: None,
        };
        let mut texts = std::env::args().skip(1);
        while let Some(name) = texts.next() {
            let value = texts.next()?;
            match name.as_str() {
                "--binary" => arguments.binary = value.into(),
                "--runs" => arguments.runs = value.parse().ok()?,
                "--seed" => arguments.seed = value.parse().ok()?,
                "--run" => arguments.only = Some(value.parse().ok()?),
                "--parallel" => arguments.parallel = value.parse().ok()?,
                "--keep" => arguments.keep = Some(value.into()),
                _ => return None,
            }
        }
        arguments.binary.is_file().then_some(arguments)
    }
}

/// The sum of all runs.
#[derive(Default)]
struct Sum {
    runs: u64,
    broken: u64,
    statistics: Statistics,
    figures: Figures,
    violations: Vec<(&'static str, u64)>,
    /// Changes to the evidence that the judge had to notice, and did.
    proven: Option<usize>,
}

fn main() -> ExitCode {
    let Some(arguments) = Arguments::read() else {
        println!("trunkline-faults --binary PATH [--runs N] [--seed S] [--run K] [--parallel P] [--keep FOLDER]");
        return ExitCode::from(2);
    };
    let start = Instant::now();
    let (first, last) = arguments.only.map_or((1, arguments.runs), |only| (only, only));
    let next = AtomicU64::new(first);
    let sum = Mutex::new(Sum::default());
    std::thread::scope(|scope| {
        for _ in 0..arguments.parallel.max(1) {
            scope.spawn(|| {
                loop {
                    let run = next.fetch_add(1, Ordering::Relaxed);
                    if run > last {
                        break;
                    }
                    one(&arguments, run, &sum);
                }
            });
        }
        let mut last_beat = Instant::now();
        loop {
            std::thread::sleep(Duration::from_millis(20));
            let done = sum.lock().map_or(0, |sum| sum.runs + sum.broken);
            if done > last - first {
                break;
            }
            if last_beat.elapsed() > BEAT {
                last_beat = Instant::now();
                println!(
                    "{done} of {} runs, {:.0} s",
                    last - first + 1,
                    start.elapsed().as_secs_f64()
                );
            }
        }
    });
    let sum = sum.into_inner().unwrap_or_default();
    conclude(&sum, start.elapsed())
}

/// One run, judged and added to the sum.
fn one(arguments: &Arguments, run: u64, sum: &Mutex<Sum>) {
    let which = Which {
        seed: arguments.seed,
        run,
    };
    let folder = tempfile::Builder::new().prefix("trunkline-faults-").tempdir();
    let carried_out = folder.as_ref().map_err(|error| error.to_string()).and_then(|folder| {
        let place = Place {
            binary: arguments.binary.clone(),
            folder: folder.path().to_owned(),
        };
        campaign::run(which, &place)
    });
    let keep = |folder: &std::io::Result<tempfile::TempDir>| {
        if let (Some(keep), Ok(folder)) = (&arguments.keep, folder) {
            let _ = copy(folder.path(), &keep.join(format!("{}-{run}", which.seed)));
        }
    };
    let again = format!("repeat it with: cargo xtask faults --seed {} --run {run}", which.seed);
    match carried_out {
        Err(reason) => {
            keep(&folder);
            println!("seed {} run {run}: BROKEN: {reason}\n  {again}", which.seed);
            if let Ok(folder) = &folder {
                let errors = std::fs::read_to_string(folder.path().join("errors")).unwrap_or_default();
                for line in errors.lines().rev().take(8) {
                    println!("    {line}");
                }
            }
            if let Ok(mut sum) = sum.lock() {
                sum.broken += 1;
            }
        }
        Ok((evidence, statistics)) => {
            let (violations, figures) = judge::judge(&evidence);
            if !violations.is_empty() {
                keep(&folder);
                print_violations(&violations, &evidence, which, &again);
            }
            let Ok(mut sum) = sum.lock() else { return };
            if sum.proven.is_none() && violations.is_empty() {
                let (tried, unnoticed) = mutation::prove(&evidence);
                sum.proven = Some(tried);
                for says in &unnoticed {
                    println!("the judge does not notice that {says} ({again})");
                    count(&mut sum.violations, "judge", 1);
                }
            }
            sum.add(statistics, &figures, &violations);
        }
    }
}

fn print_violations(violations: &[Violation], evidence: &evidence::Evidence, which: Which, again: &str) {
    let mut text = format!(
        "seed {} run {}: {} violations\n",
        which.seed,
        which.run,
        violations.len()
    );
    for violation in violations.iter().take(12) {
        let line = violation.line.map_or_else(String::new, |line| format!(" line {line}"));
        text.push_str(&format!(
            "  {}:{line} {}\n",
            violation.kind.to_uppercase(),
            violation.what
        ));
        text.push_str(&history::history(violation, evidence));
    }
    println!("{text}  {again}");
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        std::fs::copy(entry.path(), to.join(entry.file_name()))?;
    }
    Ok(())
}

fn count(counts: &mut Vec<(&'static str, u64)>, kind: &'static str, by: u64) {
    match counts.iter_mut().find(|known| known.0 == kind) {
        Some(known) => known.1 += by,
        None => counts.push((kind, by)),
    }
}

impl Sum {
    fn add(&mut self, statistics: Statistics, figures: &Figures, violations: &[Violation]) {
        self.runs += 1;
        self.statistics.starts += statistics.starts;
        self.statistics.kills += statistics.kills;
        self.statistics.struck += statistics.struck;
        self.statistics.requests += statistics.requests;
        self.statistics.changes += statistics.changes;
        self.statistics.seconds += statistics.seconds;
        for (ending, rows) in &figures.endings {
            *self.figures.endings.entry(ending.clone()).or_default() += rows;
        }
        self.figures.repeated += figures.repeated;
        self.figures.answers_lost += figures.answers_lost;
        self.figures.traceless += figures.traceless;
        self.figures.excused += figures.excused;
        for violation in violations {
            count(&mut self.violations, violation.kind, 1);
        }
    }
}

/// Says what came of it.
fn conclude(sum: &Sum, time: Duration) -> ExitCode {
    let statistics = sum.statistics;
    let endings: Vec<String> = sum
        .figures
        .endings
        .iter()
        .map(|(name, rows)| format!("{rows} {name}"))
        .collect();
    let rows: u64 = sum.figures.endings.values().sum();
    println!(
        "{} runs of {} rows in {:.0} s ({} hours of the service's time): {}",
        sum.runs,
        world::ROWS,
        time.as_secs_f64(),
        statistics.seconds / 3600,
        endings.join(", ")
    );
    println!(
        "{} processes, {} killed; {} requests, {} of them changes, {} struck by a fault; {} changes whose answer may have \
         been lost, {} values set again after one, {} orders placed again after one that failed unseen; {} rows not as wanted that an option or a fault while planning excuses",
        statistics.starts,
        statistics.kills,
        statistics.requests,
        statistics.changes,
        statistics.struck,
        sum.figures.answers_lost,
        sum.figures.repeated,
        sum.figures.traceless,
        sum.figures.excused
    );
    if let Some(proven) = sum.proven {
        println!("{proven} changes to the evidence of a run were shown to the judge, to prove that it notices them");
    }
    let of = |kind: &str| {
        sum.violations
            .iter()
            .find(|known| known.0 == kind)
            .map_or(0, |known| known.1)
    };
    println!(
        "{rows} rows: {} lost, {} sent twice, {} falsely reported; {} sent unasked, {} touched, {} given up, {} taken and \
         not given, {} not brought back, {} others, {} runs broken",
        of("lost"),
        of("sent twice"),
        of("falsely reported"),
        of("sent unasked"),
        of("touched"),
        of("given up"),
        of("taken, not given"),
        of("not brought back"),
        of("evidence") + of("judge"),
        sum.broken
    );
    let is_good = sum.violations.is_empty() && sum.broken == 0 && sum.runs > 0;
    ExitCode::from(u8::from(!is_good))
}
