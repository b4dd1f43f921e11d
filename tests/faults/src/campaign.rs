//! One run: a tenant, a file, a plan, an apply that is killed and goes on until it ends, the evidence.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;
use trunkline_emulator::{ClockMode, Emulator, TokenRequest};

use crate::back::WayBack;
use crate::evidence::{Change, Evidence};
use crate::fault_mix::{FACTOR, FaultMix};
use crate::process::{Binary, Course, End, arguments, shown};
use crate::rng::Rng;
use crate::truth::Truth;
use crate::world::World;

/// How often it is started again while faults strike, beyond its kills, and how often after they stopped.
const STARTS: usize = 6;

/// Which run of which campaign.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Which {
    pub(crate) seed: u64,
    pub(crate) run: u64,
}

/// The binary and folders that a run uses.
pub(crate) struct Place {
    pub(crate) binary: PathBuf,
    /// A folder of the run's own.
    pub(crate) folder: PathBuf,
}

/// Figures of a run that are printed and not judged.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Statistics {
    /// Processes that were started to apply.
    pub(crate) starts: u64,
    /// Of them killed.
    pub(crate) kills: u64,
    /// Requests that a fault struck.
    pub(crate) struck: u64,
    pub(crate) requests: u64,
    pub(crate) changes: u64,
    /// Duration in seconds of the service's own time.
    pub(crate) seconds: u64,
}

/// Why a run gives no evidence.
pub(crate) type Broken = String;

/// Carries a run out.
pub(crate) fn run(which: Which, place: &Place) -> Result<(Evidence, Statistics), Broken> {
    let rng = |subject| Rng::new(which.seed, which.run, subject);
    let (world, fault_mix) = (World::build(rng(1), rng(4)), FaultMix::build(rng(2)));
    let epoch = Timestamp::now();
    let emulator = Emulator::builder()
        .clock(ClockMode::Scaled { factor: FACTOR, epoch })
        .seed(world.seed.clone())
        .stage_duration(fault_mix.stage)
        .stage_jitter(fault_mix.jitter, which.seed ^ which.run)
        .start_blocking()
        .map_err(|error| format!("the emulator does not start: {error}"))?;
    let token = emulator.issue_token(TokenRequest {
        expires_in_seconds: Some(100_000_000),
        ..TokenRequest::default()
    });
    let run = Run {
        binary: Binary {
            path: place.binary.clone(),
            endpoint: emulator.url().to_owned(),
            token,
            time_scale: format!("{FACTOR}@{epoch}"),
            folder: place.folder.clone(),
        },
        emulator: &emulator,
        fault_mix: &fault_mix,
        file: place.folder.join("rows.csv"),
        plan: place.folder.join("job.plan"),
        journal: place.folder.join("job.journal"),
        is_blocking: world.is_blocking,
    };
    let wrong = |error: std::io::Error| error.to_string();
    std::fs::write(&run.file, world.file()).map_err(wrong)?;
    run.make_plan()?;
    let before = Truth::of(&emulator.state());
    emulator.clear_log();
    let mut statistics = Statistics::default();
    let start = emulator.now();
    let (kills, last) = run.apply(&mut rng(3), &mut statistics)?;
    statistics.seconds = u64::try_from(emulator.now().duration_since(start).as_secs()).unwrap_or_default();
    let (header, report) = run.report(&run.journal)?;
    // Whatever was accepted and is still to come shows now.
    emulator.advance(Duration::from_secs(86_400));
    let mut evidence = Evidence {
        before,
        after: Truth::of(&emulator.state()),
        orders: emulator.orders(),
        requests: emulator.requests(),
        kills,
        header,
        report,
        plan: planned(&run.plan)?,
        exit_code: last.code,
        is_blocking: world.is_blocking,
        is_braked: world.is_blocking && last.is_braked,
        way_back: None,
        repeats: fault_mix.repeats,
        was_planned_in_faults: fault_mix.while_planning,
        rows: world.rows,
    };
    evidence.way_back = Some(run.go_back()?);
    statistics.requests = evidence.requests.len() as u64;
    statistics.struck = evidence
        .requests
        .iter()
        .filter(|request| !request.faults.is_empty())
        .count() as u64;
    statistics.changes = evidence.requests.iter().filter_map(Change::of).count() as u64;
    Ok((evidence, statistics))
}

/// Whether faults strike while a process applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Faults,
    Calm,
}

struct Run<'r> {
    binary: Binary,
    emulator: &'r Emulator,
    fault_mix: &'r FaultMix,
    file: PathBuf,
    plan: PathBuf,
    journal: PathBuf,
    is_blocking: bool,
}

/// How the last process that applied ended.
#[derive(Clone, Copy, Debug, Default)]
struct Last {
    code: Option<i32>,
    is_braked: bool,
}

impl Run<'_> {
    fn strike(&self) {
        self.emulator.clear_faults();
        for fault in &self.fault_mix.faults {
            self.emulator.fault(fault.clone());
        }
    }

    /// Plans, with the run's faults; in the end without.
    fn make_plan(&self) -> Result<(), Broken> {
        let parts = [
            "bulk",
            "plan",
            &shown(&self.file),
            "--save",
            &shown(&self.plan),
            "--output",
            "json",
            "--attempt-timeout",
            "2000s",
        ]
        .map(str::to_owned)
        .to_vec();
        let attempts = if self.fault_mix.while_planning { 3 } else { 0 };
        for attempt in 0..=attempts {
            if attempt == attempts {
                self.emulator.clear_faults();
            } else {
                self.strike();
            }
            let course = self.binary.run(&parts, None).map_err(|error| error.to_string())?;
            if matches!(course.end, End::Exited(Some(0 | 3))) {
                let is_changed = self
                    .emulator
                    .requests()
                    .iter()
                    .any(|request| Change::of(request).is_some());
                if is_changed {
                    return Err("planning sent a change".to_owned());
                }
                return Ok(());
            }
        }
        Err("there is no plan, even without faults".to_owned())
    }

    /// Applies until it ends: killed as often as the mix of faults says, then with faults, then without. A pulled brake is
    /// released from the next start on, as a person would who knows why a number could not be given; where the tenant
    /// blocks released numbers it stays pulled. Answers when it was killed, and how the last process ended.
    fn apply(&self, rng: &mut Rng, statistics: &mut Statistics) -> Result<(Vec<Timestamp>, Last), Broken> {
        self.strike();
        let mut kills = Vec::new();
        let mut planned = self.fault_mix.kills.iter().copied();
        let mut code = None;
        let mut starts = 0;
        let mut is_released = false;
        let mut last = Last::default();
        while starts < STARTS {
            let kill = planned.next();
            starts += usize::from(kill.is_none());
            let course = self.start(rng, kill, Phase::Faults, is_released, statistics)?;
            is_released |= course.is_braked && !self.is_blocking;
            last.is_braked = course.is_braked;
            match course.end {
                End::Killed => {
                    kills.push(self.emulator.now());
                    statistics.kills += 1;
                }
                End::Exited(ended) => {
                    code = ended;
                    if matches!(code, Some(0 | 3)) {
                        break;
                    }
                }
                End::Hung => return Err("the process does not end".to_owned()),
            }
        }
        self.emulator.clear_faults();
        for _ in 0..STARTS {
            if code == Some(0) {
                break;
            }
            let course = self.start(rng, None, Phase::Calm, is_released, statistics)?;
            is_released |= course.is_braked && !self.is_blocking;
            last.is_braked = course.is_braked;
            match course.end {
                End::Exited(ended) => code = ended,
                _ => return Err("the process does not end, without faults".to_owned()),
            }
            let is_over = matches!(code, Some(0 | 3)) && self.is_over(true)?;
            // A number whose fate stays unknown holds the others back, and the run says so.
            is_released |= is_over && !self.is_blocking;
            let is_held = self.is_blocking && (course.is_braked || is_over);
            if (is_held || matches!(code, Some(0 | 3))) && self.is_over(is_held)? {
                break;
            }
        }
        last.code = code;
        Ok((kills, last))
    }

    /// Starts it once, by either of its commands.
    fn start(
        &self,
        rng: &mut Rng,
        kill: Option<crate::fault_mix::Kill>,
        phase: Phase,
        is_brake_released: bool,
        statistics: &mut Statistics,
    ) -> Result<Course, Broken> {
        statistics.starts += 1;
        let (plan, journal) = (shown(&self.plan), shown(&self.journal));
        let goes_on = self.journal.exists() && rng.chance(500);
        let parts = if goes_on {
            vec!["bulk", "resume", &journal, "--output", "jsonl"]
        } else {
            vec![
                "bulk",
                "apply",
                &plan,
                "--yes",
                "--journal",
                &journal,
                "--output",
                "jsonl",
            ]
        };
        let mut options: Vec<String> = if phase == Phase::Faults {
            self.fault_mix.options.clone()
        } else {
            let mut kept = vec!["--attempt-timeout", "2000s"];
            kept.extend(if self.fault_mix.repeats {
                ["--proof", "300s"].as_slice()
            } else {
                &["--no-repeat"]
            });
            kept.into_iter().map(str::to_owned).collect()
        };
        if is_brake_released {
            options.push("--release-brake".to_owned());
        }
        let course = self.binary.run(&arguments(&parts, &options), kill);
        course.map_err(|error| format!("the binary does not start: {error}"))
    }

    /// Whether no row is left that another start would go on with.
    fn is_over(&self, is_held: bool) -> Result<bool, Broken> {
        let (header, _) = self.report(&self.journal)?;
        let counts = [&header["summary"]["pending"], &header["summary"]["notSeen"]];
        Ok(counts.iter().all(|count| **count == 0) && (is_held || header["open"] == 0))
    }

    /// Undoes the run, without faults.
    fn go_back(&self) -> Result<WayBack, Broken> {
        let (folder, journal) = (&self.binary.folder, shown(&self.journal));
        let (plan, back) = (folder.join("back.plan"), folder.join("back.journal"));
        let (plan_text, back_text) = (shown(&plan), shown(&back));
        let run = |parts: &[&str], good: &[i32]| -> Result<(), Broken> {
            let course = self.binary.run(&arguments(parts, &[]), None);
            match course.map_err(|error| error.to_string())?.end {
                End::Exited(Some(code)) if good.contains(&code) => Ok(()),
                end => Err(format!("{} ended so: {end:?}", parts[..2].join(" "))),
            }
        };
        run(
            &[
                "bulk",
                "undo",
                &journal,
                "--save",
                &plan_text,
                "--output",
                "json",
                "--attempt-timeout",
                "2000s",
            ],
            &[0, 3],
        )?;
        let apply = [
            "bulk",
            "apply",
            &plan_text,
            "--yes",
            "--journal",
            &back_text,
            "--output",
            "jsonl",
            "--attempt-timeout",
            "2000s",
        ];
        // On a computer that is busy an order may seem to take too long.
        for _ in 0..STARTS {
            run(&apply, &[0, 1, 3])?;
            if self.report(&back)?.0["summary"]["pending"] == 0 {
                break;
            }
        }
        let (_, report) = self.report(&back)?;
        self.emulator.advance(Duration::from_secs(86_400));
        Ok(WayBack {
            plan: planned(&plan)?.into_values().collect(),
            report,
            after: Truth::of(&self.emulator.state()),
        })
    }

    fn report(&self, journal: &Path) -> Result<(Value, Vec<Value>), Broken> {
        let parts = ["bulk", "report", &shown(journal), "--jsonl", "-"].map(str::to_owned);
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        let (status, text) = self.binary.output(&parts).map_err(|error| error.to_string())?;
        if !status.success() {
            return Err(format!("there is no report: {text}"));
        }
        let mut lines = text.lines().map(serde_json::from_str);
        let header = lines
            .next()
            .ok_or("the report is empty")?
            .map_err(|error| error.to_string())?;
        let rows: Result<Vec<Value>, _> = lines.collect();
        Ok((header, rows.map_err(|error| error.to_string())?))
    }
}

/// The rows of a plan file.
fn planned(path: &Path) -> Result<BTreeMap<u32, Value>, Broken> {
    let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
    let mut rows = BTreeMap::new();
    for line in text.lines().skip(1) {
        let row: Value = serde_json::from_str(line).map_err(|error| error.to_string())?;
        let at = row["row"].as_u64().and_then(|line| u32::try_from(line).ok());
        rows.insert(at.unwrap_or_default(), row);
    }
    Ok(rows)
}
