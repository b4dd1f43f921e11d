//! Runs the benchmarks and prints how they compare: figures of one machine mean little, ratios travel.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::Verdict;
use crate::project::Project;

/// The ratios that were saved last.
const SAVED: &str = "xtask/bench.json";

/// Benchmarks that are the floor of their group: the same without us.
const FLOOR: &str = "floor";

/// The ceiling of a benchmark, as a multiple of its group's floor.
const CEILINGS: &[(&str, f64)] = &[
    ("update a phone method", 1.25),
    ("assign a number", 1.25),
    ("read a page of 999 numbers", 1.0),
];

/// The ceiling of a benchmark in processor time, whatever the floor costs.
const LIMITS: &[(&str, f64)] = &[("build a client and make the first call", 10e6)];

/// Options of `bench`.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Keep the ratios in xtask/bench.json, for later runs to compare with
    #[arg(long)]
    save: bool,
    /// Print what the last run measured, without running again
    #[arg(long)]
    last: bool,
    /// Measure crates of everything in Graph's metadata instead: generating, checking and building them
    #[arg(long)]
    generated: bool,
    /// Measure bulk work instead: reading a million rows, applying ten thousand, keeping the documented limits
    #[arg(long)]
    bulk: bool,
    /// Folder with Graph's metadata, for `--generated`
    #[arg(
        long,
        value_name = "FOLDER",
        env = "TRUNKLINE_METADATA",
        default_value = "../shared/metadata"
    )]
    metadata: std::path::PathBuf,
    #[command(flatten)]
    peers: crate::peers::Options,
    /// Benchmarks to run; all of them by default
    filter: Option<String>,
}

/// A measured benchmark.
#[derive(Debug, Clone, PartialEq)]
struct Measured {
    group: String,
    name: String,
    nanoseconds: f64,
}

/// Ratios by group and benchmark.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
struct Ratios(BTreeMap<String, BTreeMap<String, f64>>);

/// Runs the benchmarks of the crate `trunkline`, prints the table, and saves it if asked to.
pub(crate) fn run(arguments: &Arguments, project: &Project) -> Result<Verdict> {
    if arguments.generated {
        return crate::test::measure_generated(project, &arguments.metadata);
    }
    if arguments.bulk {
        return bulk(project);
    }
    if arguments.peers.peers {
        return crate::peers::run(&arguments.peers, project);
    }
    let measurements = project.target().join("criterion");
    if !arguments.last {
        let mut command = Command::new("cargo");
        command
            .current_dir(&project.root)
            .args(["bench", "--package", "trunkline", "--benches", "--"])
            .args(&arguments.filter);
        if !command.status().context("cannot start cargo")?.success() {
            return Ok(Verdict::Bad);
        }
    }
    let measured = read(&measurements)?;
    if measured.is_empty() {
        println!(
            "nothing was measured: there are no benchmarks under {}; write some in crates/trunkline/benches",
            measurements.display()
        );
        return Ok(Verdict::Bad);
    }
    let saved = project.path(SAVED);
    let before: Ratios = match std::fs::read_to_string(&saved) {
        Ok(text) => serde_json::from_str(&text).with_context(|| format!("{SAVED} is not understood"))?,
        Err(_) => Ratios::default(),
    };
    let ratios = ratios(&measured);
    print!("{}", table(&measured, &ratios, &before));
    if arguments.save {
        let text = serde_json::to_string_pretty(&ratios)? + "\n";
        std::fs::write(&saved, text).with_context(|| format!("cannot write {SAVED}"))?;
        println!("saved in {SAVED}");
    }
    let complaints = complaints(&measured, &ratios, arguments.filter.is_none());
    for complaint in &complaints {
        println!("{complaint}");
    }
    Ok(if complaints.is_empty() {
        Verdict::Good
    } else {
        Verdict::Bad
    })
}

/// Runs the benchmarks of the crate `trunkline-bulk`, which know their ceilings.
fn bulk(project: &Project) -> Result<Verdict> {
    let mut verdict = Verdict::Good;
    for name in ["input", "apply"] {
        let mut command = Command::new("cargo");
        command
            .current_dir(&project.root)
            .args(["bench", "--package", "trunkline-bulk", "--bench", name]);
        if !command.status().context("cannot start cargo")?.success() {
            verdict = Verdict::Bad;
        }
    }
    Ok(verdict)
}

/// Benchmarks over their ceiling, and, after a whole run, those with a ceiling that were not measured.
fn complaints(measured: &[Measured], ratios: &Ratios, whole: bool) -> Vec<String> {
    let find = |group: &str| measured.iter().find(|one| one.group == group && one.name != FLOOR);
    let mut complaints = Vec::new();
    for (group, ceiling) in CEILINGS {
        match find(group).and_then(|one| ratios.0.get(*group)?.get(&one.name)) {
            Some(ratio) if ratio > ceiling => {
                complaints.push(format!("{group}: {ratio:.2} times the floor, more than {ceiling:.2}"));
            }
            None if whole => complaints.push(format!("{group}: not measured")),
            _ => {}
        }
    }
    for (group, limit) in LIMITS {
        match find(group) {
            Some(one) if one.nanoseconds > *limit => {
                complaints.push(format!(
                    "{group}: {}, more than {}",
                    duration(one.nanoseconds),
                    duration(*limit)
                ));
            }
            None if whole => complaints.push(format!("{group}: not measured")),
            _ => {}
        }
    }
    complaints
}

/// The results of criterion, sorted by group and name.
fn read(folder: &Path) -> Result<Vec<Measured>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else {
            continue;
        };
        for entry in entries.flatten() {
            let path = entry.path();
            if !path.is_dir() {
                continue;
            }
            if entry.file_name() == "new" {
                found.extend(read_one(&path)?);
            } else {
                folders.push(path);
            }
        }
    }
    found.sort_by(|left, right| (&left.group, &left.name).cmp(&(&right.group, &right.name)));
    Ok(found)
}

/// The two files of criterion that are read, as far as they are.
#[derive(Deserialize)]
struct Benchmark {
    group_id: String,
    function_id: Option<String>,
    value_str: Option<String>,
}

#[derive(Deserialize)]
struct Estimates {
    median: Estimate,
}

#[derive(Deserialize)]
struct Estimate {
    point_estimate: f64,
}

fn read_one(folder: &Path) -> Result<Option<Measured>> {
    let (benchmark, estimates) = (folder.join("benchmark.json"), folder.join("estimates.json"));
    if !benchmark.exists() || !estimates.exists() {
        return Ok(None);
    }
    let benchmark: Benchmark = json(&benchmark)?;
    let estimates: Estimates = json(&estimates)?;
    let (group, name) = match (benchmark.function_id, benchmark.value_str) {
        // One group for each size: ratios between sizes say nothing.
        (Some(function), Some(value)) => (format!("{}, {value}", benchmark.group_id), function),
        (Some(function), None) => (benchmark.group_id, function),
        (None, value) => (benchmark.group_id.clone(), value.unwrap_or(benchmark.group_id)),
    };
    Ok(Some(Measured {
        group,
        name,
        nanoseconds: estimates.median.point_estimate,
    }))
}

fn json<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T> {
    let text = std::fs::read_to_string(path)?;
    serde_json::from_str(&text).with_context(|| format!("{} is not criterion's", path.display()))
}

/// Each benchmark against the floor of its group, or against the quickest where there is none.
fn ratios(measured: &[Measured]) -> Ratios {
    let mut ratios = Ratios::default();
    for one in measured {
        let group = || measured.iter().filter(|other| other.group == one.group);
        let floor = group()
            .find(|other| other.name == FLOOR)
            .or_else(|| group().min_by(|left, right| left.nanoseconds.total_cmp(&right.nanoseconds)))
            .map_or(one.nanoseconds, |floor| floor.nanoseconds);
        let ratio = (one.nanoseconds / floor * 1000.0).round() / 1000.0;
        ratios
            .0
            .entry(one.group.clone())
            .or_default()
            .insert(one.name.clone(), ratio);
    }
    ratios
}

/// The table people read.
fn table(measured: &[Measured], ratios: &Ratios, before: &Ratios) -> String {
    let mut text = format!("{:40} {:>12} {:>8} {:>8}\n", "", "median", "ratio", "saved");
    let mut group = "";
    for one in measured {
        if one.group != group {
            group = &one.group;
            text.push_str(&format!("{group}\n"));
        }
        let find = |ratios: &Ratios| ratios.0.get(&one.group).and_then(|group| group.get(&one.name)).copied();
        let shown = |ratio: Option<f64>| ratio.map_or_else(|| "-".to_owned(), |ratio| format!("{ratio:.2}"));
        text.push_str(&format!(
            "  {:38} {:>12} {:>8} {:>8}\n",
            one.name,
            duration(one.nanoseconds),
            shown(find(ratios)),
            shown(find(before))
        ));
    }
    text
}

fn duration(nanoseconds: f64) -> String {
    match nanoseconds {
        less if less < 1e3 => format!("{less:.0} ns"),
        less if less < 1e6 => format!("{:.2} us", less / 1e3),
        less if less < 1e9 => format!("{:.2} ms", less / 1e6),
        more => format!("{:.2} s", more / 1e9),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(group: &str, name: &str, nanoseconds: f64) -> Measured {
        Measured {
            group: group.to_owned(),
            name: name.to_owned(),
            nanoseconds,
        }
    }

    #[test]
    fn what_is_over_its_ceiling_or_missing_is_said() {
        let within = [
            measured("update a phone method", FLOOR, 10.0),
            measured("update a phone method", "trunkline", 12.0),
            measured("build a client and make the first call", "trunkline", 1e6),
        ];
        assert_eq!(complaints(&within, &ratios(&within), false), [] as [&str; 0]);
        assert_eq!(
            complaints(&within, &ratios(&within), true).len(),
            2,
            "two groups are missing"
        );
        let over = [
            measured("assign a number", FLOOR, 10.0),
            measured("assign a number", "trunkline", 13.0),
            measured("build a client and make the first call", "trunkline", 11e6),
        ];
        assert_eq!(complaints(&over, &ratios(&over), false).len(), 2);
    }

    #[test]
    fn criterion_is_read_wherever_it_wrote() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("decode/ours/999/new");
        std::fs::create_dir_all(&place).unwrap();
        std::fs::create_dir_all(folder.path().join("decode/report")).unwrap();
        let benchmark = r#"{ "group_id": "decode", "function_id": "ours", "value_str": "999", "throughput": null }"#;
        std::fs::write(place.join("benchmark.json"), benchmark).unwrap();
        let estimates = r#"{ "mean": { "point_estimate": 8.0 }, "median": { "point_estimate": 7.5 } }"#;
        std::fs::write(place.join("estimates.json"), estimates).unwrap();
        assert_eq!(read(folder.path()).unwrap(), [measured("decode, 999", "ours", 7.5)]);
        assert_eq!(read(&folder.path().join("nothing")).unwrap(), []);
    }

    #[test]
    fn ratios_stand_on_the_floor_or_on_the_quickest() {
        let all = [
            measured("call", "floor", 7000.0),
            measured("call", "quicker", 3500.0),
            measured("page", "ours", 690.0),
            measured("page", "serde", 1380.0),
        ];
        let ratios = ratios(&all);
        assert_eq!(ratios.0["call"]["quicker"], 0.5);
        assert_eq!(ratios.0["page"]["ours"], 1.0);
        assert_eq!(ratios.0["page"]["serde"], 2.0);
        let table = table(&all, &ratios, &Ratios::default());
        assert!(
            table.contains("  serde                                       1.38 us     2.00        -\n"),
            "{table}"
        );
    }
}
