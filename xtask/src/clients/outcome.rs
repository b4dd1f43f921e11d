//! The results of the clients, next to the expected ones.

use std::fmt::Write as _;

use serde::Deserialize;

use super::plan::{CellResult, Client, Plan};

/// A line that a script prints.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Line {
    pub(super) client: String,
    pub(super) scenario: String,
    pub(super) result: CellResult,
    pub(super) detail: String,
    #[allow(dead_code, reason = "read by people, in the log")]
    seconds: f64,
}

/// The lines of one client.
pub(super) struct Report<'p> {
    client: &'p Client,
    lines: Vec<Line>,
    /// Why the script did not come to its end.
    broken: Option<String>,
}

impl<'p> Report<'p> {
    /// Reads the output of a client's script.
    pub(super) fn read(client: &'p Client, output: &str, ended_well: bool) -> Self {
        let mut report = Self {
            client,
            lines: Vec::new(),
            broken: (!ended_well).then(|| "its script ended with an error".to_owned()),
        };
        for text in output.lines().filter(|text| !text.trim().is_empty()) {
            match serde_json::from_str::<Line>(text) {
                Ok(line) if line.client == client.name => report.lines.push(line),
                _ => report.broken = Some(format!("its script printed something else than a result: {text}")),
            }
        }
        report
    }

    fn result(&self, scenario: &str) -> Option<&Line> {
        self.lines.iter().find(|line| line.scenario == scenario)
    }
}

/// The table of clients and scenarios, and whether each cell is as expected.
pub(super) fn table(plan: &Plan, reports: &[Report<'_>]) -> (String, bool) {
    let mut rows = vec![vec![String::new()]];
    rows[0].extend(reports.iter().map(|report| short(&report.client.name).to_owned()));
    let (mut notes, mut wrong) = (String::new(), String::new());
    for scenario in &plan.scenarios {
        let mut row = vec![scenario.name.clone()];
        for report in reports {
            let client = report.client;
            let expected = client.expected(scenario);
            let line = report.result(&scenario.name);
            let result = line.map_or(CellResult::NotApplicable, |line| line.result);
            row.push(result.text().to_owned());
            if result != expected {
                let detail = line.map_or("its script has no such scenario", |line| &line.detail);
                let _ = writeln!(
                    wrong,
                    "{}, {}: {} where {} was expected: {detail}",
                    client.name,
                    scenario.name,
                    result.text(),
                    expected.text()
                );
            } else if let Some(fault) = client.faults.iter().find(|fault| fault.scenario == scenario.name) {
                let seen = line.map_or("", |line| &line.detail);
                let thread = fault.thread.as_deref().unwrap_or("no public thread was found");
                let _ = writeln!(
                    notes,
                    "{}, {}: {}: {seen} ({thread})",
                    client.name, scenario.name, fault.says
                );
            }
        }
        rows.push(row);
    }
    for report in reports {
        if let Some(broken) = &report.broken {
            let _ = writeln!(wrong, "{}: {broken}", report.client.name);
        }
        for line in &report.lines {
            if plan.scenarios.iter().all(|scenario| scenario.name != line.scenario) {
                let _ = writeln!(wrong, "{}: nobody knows the scenario `{}`", line.client, line.scenario);
            }
        }
    }
    let good = wrong.is_empty();
    (format!("{}\n{notes}{wrong}", aligned(&rows)), good)
}

/// The name of a client without that of its publisher where there is another word for it.
fn short(name: &str) -> &str {
    name.strip_prefix("@microsoft/").unwrap_or(name)
}

fn aligned(rows: &[Vec<String>]) -> String {
    let columns = rows.first().map_or(0, Vec::len);
    let widths: Vec<usize> = (0..columns)
        .map(|column| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0))
        .collect();
    let mut text = String::new();
    for row in rows {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        text.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAN: &str = r#"
        scenarios = [{ name = "secret", part = "signIn" }, { name = "batch", part = "graph" }]
        [environments.python]
        language = "python"
        [[clients]]
        name = "one"
        environment = "python"
        script = "python/one.py"
        parts = ["signIn", "graph"]
        [[clients.faults]]
        scenario = "batch"
        says = "sends whole addresses"
        thread = "https://github.com/microsoftgraph/msgraph-sdk-python/issues/1015"
    "#;

    fn judged(lines: &[(&str, &str)]) -> (String, bool) {
        let plan = Plan::parse(PLAN).unwrap();
        let output: String = lines
            .iter()
            .map(|(scenario, result)| {
                let line = serde_json::json!({
                    "client": "one", "scenario": scenario, "result": result, "detail": "seen", "seconds": 0.1,
                });
                format!("{line}\n")
            })
            .collect();
        table(&plan, &[Report::read(&plan.clients[0], &output, true)])
    }

    #[test]
    fn a_cell_has_to_be_what_the_plan_expects() {
        let (text, good) = judged(&[("secret", "passed"), ("batch", "clientFault")]);
        assert!(good && text.contains("sends whole addresses: seen (https://"), "{text}");
        let (text, good) = judged(&[("secret", "failed"), ("batch", "clientFault")]);
        assert!(
            !good && text.contains("one, secret: FAILED where passed was expected: seen"),
            "{text}"
        );
    }

    #[test]
    fn a_fault_that_no_longer_happens_is_wrong() {
        let (text, good) = judged(&[("secret", "passed"), ("batch", "passed")]);
        assert!(!good && text.contains("passed where its fault was expected"), "{text}");
    }

    #[test]
    fn what_a_script_leaves_out_or_adds_is_wrong() {
        let (text, good) = judged(&[("batch", "clientFault")]);
        assert!(!good && text.contains("its script has no such scenario"), "{text}");
        let (text, good) = judged(&[("secret", "passed"), ("batch", "clientFault"), ("other", "passed")]);
        assert!(!good && text.contains("nobody knows the scenario `other`"), "{text}");
        let plan = Plan::parse(PLAN).unwrap();
        let (text, good) = table(&plan, &[Report::read(&plan.clients[0], "Traceback\n", true)]);
        assert!(
            !good && text.contains("printed something else than a result: Traceback"),
            "{text}"
        );
    }
}
