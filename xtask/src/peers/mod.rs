//! Our clients against others: the same calls, to the same server, in the same rounds. What counts are the ratios.
//!
//! Each client runs in a process of its own and tells the processor time it spent. Clients of a row take turns, so that
//! whatever else the machine does strikes all of them; the ratio of a row is the median of the rounds' ratios.

mod plan;
mod size;

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;

use crate::Verdict;
use crate::environments::{Language, Prepared};
use crate::project::Project;
use plan::{Client, Plan, Row, Size, Unit};
use size::Installed;

/// Options of `bench --peers`.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Measure against other clients: Python's and Node's, installed from their registries
    #[arg(long)]
    pub(crate) peers: bool,
    /// With --peers: `python`, `node` or `size`; several are separated by commas
    #[arg(long, value_delimiter = ',', requires = "peers", value_parser = ["python", "node", "size"])]
    only: Vec<String>,
    /// With --peers: how often each client runs
    #[arg(long, default_value_t = 5, requires = "peers")]
    rounds: usize,
    /// With --peers: leave out clients that take more than a second, such as msgraph-sdk
    #[arg(long, requires = "peers")]
    quick: bool,
    /// With --peers: measure what the last run built of ours, without building it again
    #[arg(long, requires = "peers")]
    built: bool,
}

/// Installs, measures and prints the table.
pub(crate) fn run(options: &Options, project: &Project) -> Result<Verdict> {
    let mut plan = Plan::read(project)?;
    if options.quick {
        for row in &mut plan.rows {
            row.clients.retain(|client| client.name != "msgraph");
        }
    }
    plan.keep(&options.only, options.only.iter().any(|only| only == "size"));
    let server = Server::start(project)?;
    let below = project.target().join("peers");
    let mut environments = BTreeMap::new();
    for (name, described) in &plan.environments {
        if let Some(prepared) = Prepared::new(project, &below, name, described, options.built)? {
            environments.insert(name.as_str(), prepared);
        }
    }
    let mut table = Table::default();
    for row in &plan.rows {
        let missing = row
            .clients
            .iter()
            .find(|client| !environments.contains_key(client.environment.as_str()));
        match missing {
            Some(client) => println!("{}: skipped, {} is not here yet", row.title, client.environment),
            None => table.add(
                row,
                &measure(project, row, &environments, &server.address, options.rounds)?,
            ),
        }
    }
    for size in &plan.sizes {
        match environments.get(size.own.as_str()) {
            Some(own) => table.add_size(size, own, &environments)?,
            None => println!("size of {}: skipped, it is not here yet", size.own),
        }
    }
    print!("\n{}", table.text());
    Ok(if table.held() { Verdict::Good } else { Verdict::Bad })
}

/// The server with fixed answers. It ends with its standard input.
struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start(project: &Project) -> Result<Self> {
        crate::package::execute(
            Command::new("cargo")
                .args(["build", "--quiet", "--release", "--package", "trunkline-peers"])
                .current_dir(&project.root),
        )?;
        Self::spawn(&mut Command::new(project.target().join("release/trunkline-peers")))
    }

    /// Starts what writes its address first.
    fn spawn(command: &mut Command) -> Result<Self> {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot start the server")?;
        let mut address = String::new();
        let output = child.stdout.take().context("the server says nothing")?;
        BufReader::new(output).read_line(&mut address)?;
        ensure!(address.starts_with("http"), "the server did not start");
        Ok(Self {
            child,
            address: address.trim().to_owned(),
        })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

/// The costs of each client of a row, by round.
fn measure(
    project: &Project,
    row: &Row,
    environments: &BTreeMap<&str, Prepared>,
    address: &str,
    rounds: usize,
) -> Result<Vec<Vec<f64>>> {
    println!("{}: {}", row.group, row.title);
    let mut costs = vec![Vec::new(); row.clients.len()];
    for round in 0..rounds.max(1) {
        for (client, costs) in row.clients.iter().zip(&mut costs) {
            if round == 0 || !client.once {
                let environment = &environments[client.environment.as_str()];
                let mut interpreter = environment.interpreter();
                costs.push(once(
                    row,
                    client,
                    interpreter.arg(project.path(driver(environment.language))),
                    address,
                )?);
            }
        }
    }
    Ok(costs)
}

/// The driver of clients of a language.
fn driver(language: Language) -> &'static str {
    match language {
        Language::Python => "tests/peers/clients/python.py",
        Language::Node => "tests/peers/clients/node.mjs",
    }
}

/// The output of a client.
#[derive(Deserialize)]
struct ClientOutput {
    cost: f64,
}

fn once(row: &Row, client: &Client, driver: &mut Command, address: &str) -> Result<f64> {
    let output = driver
        .args([&client.name, address, &row.scenario])
        .args([client.count.to_string(), row.at_once.to_string()])
        .stderr(Stdio::inherit())
        .output()
        .context("cannot start a client")?;
    if !output.status.success() {
        bail!("{} failed at `{}`", client.name, row.title);
    }
    let output_of_client: ClientOutput =
        serde_json::from_slice(&output.stdout).context("a client said something else than its cost")?;
    Ok(output_of_client.cost)
}

/// The table printed at the end.
#[derive(Default)]
struct Table {
    lines: Vec<[String; 7]>,
    failed: bool,
}

impl Table {
    fn add(&mut self, row: &Row, costs: &[Vec<f64>]) {
        let ours = &costs[0];
        let cost = median(ours.clone());
        if let Some(limit) = row.limit {
            self.line(
                row,
                [shown(row.unit, cost), String::new(), String::new(), String::new()],
                shown(row.unit, limit),
                Some(cost <= limit),
            );
        }
        for (client, theirs) in row.clients.iter().zip(costs).skip(1) {
            // A client that ran once is compared with our median.
            let ratio = if theirs.len() == ours.len() {
                median(ours.iter().zip(theirs).map(|(ours, theirs)| ours / theirs).collect())
            } else {
                cost / median(theirs.clone())
            };
            let cells = [
                shown(row.unit, cost),
                client.name.clone(),
                shown(row.unit, median(theirs.clone())),
                factor(ratio),
            ];
            let goal = client.goal.map_or_else(String::new, factor);
            self.line(row, cells, goal, client.goal.map(|goal| ratio <= goal));
        }
    }

    fn line(&mut self, row: &Row, cells: [String; 4], goal: String, held: Option<bool>) {
        self.failed |= held == Some(false);
        let [ours, peer, theirs, ratio] = cells;
        let title = format!("{}: {}", row.group, row.title);
        self.lines.push([title, ours, peer, theirs, ratio, goal, verdict(held)]);
    }

    fn add_size(&mut self, size: &Size, own: &Prepared, environments: &BTreeMap<&str, Prepared>) -> Result<()> {
        let ours = Installed::of(own)?;
        let title = format!("{}: installed size", size.group);
        let megabytes = ours.bytes as f64 / 1e6;
        let (mut peers, mut sizes) = (Vec::new(), Vec::new());
        for peer in &size.peers {
            if let Some(peer_environment) = environments.get(peer.as_str()) {
                let peer_size = Installed::of(peer_environment)?;
                peers.push(peer.split_once('-').map_or(peer.as_str(), |(_, name)| name).to_owned());
                sizes.push(format!("{:.0} MB", peer_size.bytes as f64 / 1e6));
            }
        }
        let mut add = |title: String, cells: [String; 5], held: bool| {
            self.failed |= !held;
            let [ours, peer, theirs, ratio, goal] = cells;
            self.lines
                .push([title, ours, peer, theirs, ratio, goal, verdict(Some(held))]);
        };
        let limit = format!("{:.0} MB", size.megabytes);
        let cells = [
            format!("{megabytes:.1} MB"),
            peers.join(", "),
            sizes.join(", "),
            String::new(),
            limit,
        ];
        add(title, cells, megabytes <= size.megabytes);
        let cells = [
            format!("{}", ours.path),
            String::new(),
            String::new(),
            String::new(),
            format!("{}", size.path),
        ];
        add(
            format!("{}: longest path inside", size.group),
            cells,
            ours.path <= size.path,
        );
        let cells = [
            ours.needs.join(", "),
            String::new(),
            String::new(),
            String::new(),
            "none".to_owned(),
        ];
        add(
            format!("{}: needed at run time", size.group),
            cells,
            ours.needs.is_empty(),
        );
        Ok(())
    }

    fn held(&self) -> bool {
        !self.failed
    }

    fn text(&self) -> String {
        let heads = ["", "ours", "peer", "theirs", "ratio", "goal", ""].map(str::to_owned);
        let rows = || std::iter::once(&heads).chain(&self.lines);
        let widths: Vec<usize> = (0..heads.len())
            .map(|column| rows().map(|row| row[column].chars().count()).max().unwrap_or(0))
            .collect();
        let mut text = String::new();
        for row in rows() {
            let mut line = String::new();
            for (column, (cell, width)) in row.iter().zip(&widths).enumerate() {
                // Words stand left, figures right.
                let cell = match column {
                    0 | 2 | 6 => format!("{cell:<width$}  "),
                    _ => format!("{cell:>width$}  "),
                };
                line.push_str(&cell);
            }
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }
}

fn verdict(held: Option<bool>) -> String {
    match held {
        Some(true) => "held",
        Some(false) => "NOT HELD",
        None => "",
    }
    .to_owned()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0 => f64::NAN,
        even if even % 2 == 0 => f64::midpoint(values[middle - 1], values[middle]),
        _ => values[middle],
    }
}

/// A cost in the unit of its row.
fn shown(unit: Unit, cost: f64) -> String {
    match unit {
        Unit::Us => format!("{cost:.1} us"),
        Unit::Ms => format!("{cost:.1} ms"),
        Unit::S => format!("{cost:.4} s"),
    }
}

/// A ratio; a small one as a fraction.
fn factor(ratio: f64) -> String {
    if ratio < 0.1 {
        format!("1/{:.0}", 1.0 / ratio)
    } else {
        format!("{ratio:.2}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row() -> Row {
        let client = |name: &str, goal| Client {
            name: name.to_owned(),
            environment: name.to_owned(),
            count: 1,
            once: false,
            goal,
        };
        Row {
            group: "python".to_owned(),
            title: "call".to_owned(),
            scenario: "patch".to_owned(),
            unit: Unit::Us,
            at_once: 1,
            limit: None,
            clients: vec![client("us", None), client("they", Some(0.25))],
        }
    }

    #[test]
    fn a_goal_is_held_by_the_median_of_the_rounds_ratios() {
        // The machine was slow for both in the last round.
        let mut table = Table::default();
        table.add(&row(), &[vec![10.0, 11.0, 40.0], vec![50.0, 50.0, 200.0]]);
        assert!(table.held(), "{}", table.text());
        table.add(&row(), &[vec![10.0, 20.0, 20.0], vec![50.0, 50.0, 50.0]]);
        assert!(!table.held());
        assert!(table.text().contains("NOT HELD"), "{}", table.text());
    }

    #[test]
    fn a_limit_is_ours_alone() {
        let limited = Row {
            limit: Some(12.0),
            ..row()
        };
        let mut table = Table::default();
        table.add(&limited, &[vec![12.5], vec![100.0]]);
        assert!(!table.held());
    }

    #[test]
    fn figures_are_readable() {
        assert_eq!(factor(0.0125), "1/80");
        assert_eq!(factor(0.25), "0.25");
        assert_eq!(shown(Unit::S, 0.0412), "0.0412 s");
        assert_eq!(median(vec![3.0, 1.0, 2.0, 10.0]), 2.5);
    }
}
