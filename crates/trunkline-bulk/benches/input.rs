//! A file of a million rows, read and checked: processor time and memory of a process that does nothing else.
//!
//! Fails above the ceilings. `cargo bench -p trunkline-bulk --bench input`, or with `-- ROWS` for another size.

// The figures are for the person who runs it.
#![allow(clippy::print_stdout)]

#[path = "../tests/input/workbook.rs"]
mod workbook;

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Duration;

use trunkline_bulk::input::{InputOptions, read_file};

const ROWS: u32 = 1_000_000;

/// Limits for reading a million rows: seconds of processor time and megabytes. docs/decisions/265 says why they are wide.
const CEILINGS: [(&str, f64, f64); 3] = [("csv", 6.0, 700.0), ("jsonl", 6.0, 700.0), ("xlsx", 20.0, 700.0)];

/// Says to a process that it is the one that is measured.
const CHILD: &str = "TRUNKLINE_BULK_BENCH_FILE";

fn main() -> ExitCode {
    if let Some(path) = std::env::var_os(CHILD) {
        return measure(Path::new(&path));
    }
    // Cargo passes `--bench`, and `--test` when it only checks that benchmarks run.
    if std::env::args().any(|argument| argument == "--test") {
        return ExitCode::SUCCESS;
    }
    let rows = std::env::args()
        .find_map(|argument| argument.parse().ok())
        .unwrap_or(ROWS);
    let folder = tempfile::tempdir().expect("a folder for the files");
    let mut within = true;
    for (format, seconds, megabytes) in CEILINGS {
        let path = folder.path().join(format!("rows.{format}"));
        write(&path, format, rows).expect("the file is written");
        let size = path.metadata().map_or(0, |metadata| metadata.len());
        print!("{format:5} {rows} rows, {:.0} MB: ", size as f64 / 1e6);
        let child = Command::new(std::env::current_exe().expect("this program"))
            .env(CHILD, &path)
            .output()
            .expect("the child runs");
        let said = String::from_utf8_lossy(&child.stdout);
        let figures: Vec<f64> = said.split_whitespace().filter_map(|word| word.parse().ok()).collect();
        let [read, processor, memory] = figures[..] else {
            println!("failed: {said}{}", String::from_utf8_lossy(&child.stderr));
            within = false;
            continue;
        };
        let scale = f64::from(rows) / f64::from(ROWS);
        let good = read == f64::from(rows) && processor <= seconds * scale.max(0.1) && memory <= megabytes;
        println!(
            "{processor:.2} s of processor time (at most {seconds:.1} s a million), {memory:.0} MB at the peak (at most {megabytes:.0} MB){}",
            if good { "" } else { "  TOO MUCH" }
        );
        within &= good;
    }
    if within { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Reads the file, and prints how many rows it has, the seconds and the megabytes.
fn measure(path: &Path) -> ExitCode {
    let start = cpu_time::ProcessTime::now();
    let input = match read_file(path, &InputOptions::default()) {
        Ok(input) => input,
        Err(error) => {
            println!("{error}");
            return ExitCode::FAILURE;
        }
    };
    let processor: Duration = start.elapsed();
    if let Some(problem) = input
        .problems()
        .iter()
        .next()
        .filter(|_| !input.problems().is_free_of_errors())
    {
        println!("{problem}");
        return ExitCode::FAILURE;
    }
    println!("{} {} {}", input.len(), processor.as_secs_f64(), peak().unwrap_or(0.0));
    ExitCode::SUCCESS
}

/// The most memory this process ever had, in megabytes, where the system tells.
fn peak() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes * 1024.0 / 1e6)
}

/// Cells of row `index`: a number and a user of its own, one of a hundred locations.
fn cells(index: u32) -> [String; 5] {
    [
        "assign".to_owned(),
        format!("+1206555{index:07}"),
        format!("user.number.{index}@contoso.example"),
        format!("3f2504e0-4f89-11d3-9a0c-{:012x}", index % 100),
        "directRouting".to_owned(),
    ]
}

const HEADER: [&str; 5] = ["action", "number", "user", "location", "numberType"];

fn write(path: &Path, format: &str, rows: u32) -> std::io::Result<()> {
    let mut output = BufWriter::new(File::create(path)?);
    match format {
        "csv" => {
            writeln!(output, "{}", HEADER.join(";"))?;
            for index in 0..rows {
                writeln!(output, "{}", cells(index).join(";"))?;
            }
        }
        "jsonl" => {
            for index in 0..rows {
                let pairs: Vec<String> = HEADER
                    .iter()
                    .zip(cells(index))
                    .map(|(name, cell)| format!("{name:?}: {cell:?}"))
                    .collect();
                writeln!(output, "{{{}}}", pairs.join(", "))?;
            }
        }
        _ => {
            let header = HEADER.map(workbook::text).to_vec();
            let rows = (0..rows).map(|index| cells(index).map(|cell| workbook::text(&cell)).to_vec());
            let rows = std::iter::once(header).chain(rows);
            output.write_all(&workbook::workbook([("Numbers", rows)]))?;
        }
    }
    output.flush()
}
