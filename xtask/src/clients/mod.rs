//! Clients of others, unmodified, sign in at the emulator and run on it: each in an environment of its own with fixed
//! versions, against an emulator of its own.

mod outcome;
mod plan;

use std::collections::BTreeMap;
use std::env::consts::EXE_SUFFIX;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use crate::Verdict;
use crate::environments::{Language, Prepared};
use crate::package::{copy_all, execute, fresh};
use crate::project::Project;
use outcome::{Report, table};
use plan::{Client, Plan};

/// Options of `clients`.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Clients to run; all of them by default
    #[arg(value_name = "CLIENT")]
    clients: Vec<String>,
    /// Take the emulator that was built before, without building it again
    #[arg(long)]
    built: bool,
}

impl Arguments {
    /// All clients, on an emulator that is built now.
    pub(crate) fn everything() -> Self {
        Self {
            clients: Vec::new(),
            built: false,
        }
    }
}

/// The addresses that are fixed in some clients; the certificate of the emulator has to be good for them.
const FIXED_NAMES: [&str; 2] = ["graph.microsoft.com", "login.microsoftonline.com"];
/// The environment with what writes the fixtures.
const FIXTURES: &str = "python";

/// Installs the clients, runs their scenarios, and prints the table of what they did.
pub(crate) fn run(arguments: &Arguments, project: &Project) -> Result<Verdict> {
    let mut plan = Plan::read(project)?;
    plan.keep(&arguments.clients)?;
    let begun = Instant::now();
    if !arguments.built {
        // Of the whole workspace, so that the features are those of tests, and the libraries are compiled already.
        execute(
            Command::new("cargo")
                .args(["build", "--quiet", "--workspace", "--bin", "trunkline"])
                .current_dir(&project.root),
        )?;
    }
    let stage = Stage::prepare(&plan, project)?;
    println!("installed after {:.0} s", begun.elapsed().as_secs_f64());
    let reports = stage.perform(&plan)?;
    let (text, good) = table(&plan, &reports);
    print!("\n{text}");
    println!("took {:.0} s", begun.elapsed().as_secs_f64());
    Ok(if good { Verdict::Good } else { Verdict::Bad })
}

/// The folders and environments that all clients use.
struct Stage {
    program: PathBuf,
    /// The folder with the scripts.
    scripts: PathBuf,
    /// The folder with what they sign in with.
    fixtures: PathBuf,
    /// The folder of what Python compiles.
    bytecode: PathBuf,
    /// The folder of the emulators' authority of certificates.
    authority: PathBuf,
    environments: BTreeMap<String, Prepared>,
}

impl Stage {
    fn prepare(plan: &Plan, project: &Project) -> Result<Self> {
        let below = project.target().join("clients");
        let mut environments = BTreeMap::new();
        for (name, described) in &plan.environments {
            if let Some(prepared) = Prepared::new(project, &below, name, described, false)? {
                environments.insert(name.clone(), prepared);
            }
        }
        let stage = Self {
            program: project.target().join(format!("debug/trunkline{EXE_SUFFIX}")),
            scripts: project.path("tests/clients"),
            fixtures: below.join("fixtures"),
            bytecode: below.join("bytecode"),
            authority: below.join("authority"),
            environments,
        };
        ensure!(stage.program.exists(), "{} is not there", stage.program.display());
        let mut write = stage.environment(FIXTURES)?.interpreter();
        execute(
            write
                .arg(stage.scripts.join("python/fixtures.py"))
                .arg(&stage.fixtures)
                .env("PYTHONPYCACHEPREFIX", &stage.bytecode),
        )?;
        for environment in stage.environments.values() {
            if environment.language == Language::Node {
                // Node looks for packages next to the script that asks for them.
                let copied = fresh(&environment.folder.join("scripts"))?;
                for part in ["connect", "node"] {
                    copy_all(&stage.scripts.join(part), &copied.join(part))?;
                }
            }
        }
        Ok(stage)
    }

    fn environment(&self, name: &str) -> Result<&Prepared> {
        self.environments
            .get(name)
            .with_context(|| format!("the environment `{name}` is not there"))
    }

    /// Runs all clients, as many at once as there are processors: most of their time they wait.
    fn perform<'p>(&self, plan: &'p Plan) -> Result<Vec<Report<'p>>> {
        let queue = Mutex::new(plan.clients.iter().enumerate());
        let done = Mutex::new(Vec::new());
        let at_once = std::thread::available_parallelism().map_or(1, usize::from);
        std::thread::scope(|scope| {
            for _ in 0..at_once {
                scope.spawn(|| {
                    loop {
                        let next = queue.lock().ok().and_then(|mut queue| queue.next());
                        let Some((position, client)) = next else { break };
                        let report = self.run_client(client);
                        if let Ok(mut done) = done.lock() {
                            done.push((position, report));
                        }
                    }
                });
            }
        });
        let mut done = done.into_inner().unwrap_or_default();
        done.sort_by_key(|(position, _)| *position);
        done.into_iter().map(|(_, report)| report).collect()
    }

    fn run_client<'p>(&self, client: &'p Client) -> Result<Report<'p>> {
        let emulator = self.start_emulator().context("the emulator does not start")?;
        let environment = self.environment(&client.environment)?;
        let script = match environment.language {
            Language::Python => self.scripts.join(&client.script),
            Language::Node => environment.folder.join("scripts").join(&client.script),
        };
        let certificate = &emulator.ready.certificate_file;
        let mut command = environment.interpreter();
        command
            .arg(script)
            .env("EMULATOR", &emulator.ready.url)
            .env("EMULATOR_CA", certificate)
            .env("FIXTURES", &self.fixtures)
            .env("TRUNKLINE", &self.program)
            .env("PYTHONPATH", &self.scripts)
            // The scripts lie in the checkout, where nothing may be written.
            .env("PYTHONPYCACHEPREFIX", &self.bytecode);
        for trusting in [
            "REQUESTS_CA_BUNDLE",
            "SSL_CERT_FILE",
            "NODE_EXTRA_CA_CERTS",
            "CURL_CA_BUNDLE",
        ] {
            command.env(trusting, certificate);
        }
        for proxy in [
            "HTTPS_PROXY",
            "https_proxy",
            "HTTP_PROXY",
            "http_proxy",
            "ALL_PROXY",
            "all_proxy",
        ] {
            command.env_remove(proxy);
        }
        let begun = Instant::now();
        let output = command
            .stderr(Stdio::inherit())
            .output()
            .with_context(|| format!("cannot start {}", client.script))?;
        println!("{}: {:.1} s", client.name, begun.elapsed().as_secs_f64());
        let text = String::from_utf8_lossy(&output.stdout);
        Ok(Report::read(client, &text, output.status.success()))
    }

    fn start_emulator(&self) -> Result<Emulator> {
        let mut command = Command::new(&self.program);
        command
            .args(["emulator", "--tls", "--tls-folder"])
            .arg(&self.authority)
            .arg("--seed")
            .arg(self.fixtures.join("seed.json"))
            .args(["--next-links", "--stage-duration", "50ms", "--device-code-polls", "1"]);
        for name in FIXED_NAMES {
            command.args(["--allow-host", name]);
        }
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
        let mut line = String::new();
        let output = child.stdout.take().context("it has no output")?;
        BufReader::new(output).read_line(&mut line)?;
        let ready = serde_json::from_str(&line).with_context(|| format!("it printed `{}`", line.trim()));
        match ready {
            Ok(ready) => Ok(Emulator { child, ready }),
            Err(error) => {
                let _ = child.kill();
                let _ = child.wait();
                Err(error)
            }
        }
    }
}

/// A running emulator.
struct Emulator {
    child: Child,
    ready: Ready,
}

/// The line that it prints when it is ready.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Ready {
    url: String,
    certificate_file: PathBuf,
}

impl Drop for Emulator {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn the_plan_of_this_checkout_is_understood() {
        let project = Project::find().unwrap();
        let plan = Plan::read(&project).unwrap();
        assert!(plan.environments.contains_key(FIXTURES));
        for client in &plan.clients {
            let script = project.path("tests/clients").join(&client.script);
            assert!(script.exists(), "{}", script.display());
        }
    }

    #[test]
    fn the_readme_of_the_emulator_shows_how_the_scripts_connect() {
        let project = Project::find().unwrap();
        let readme = fs::read_to_string(project.path("crates/trunkline-emulator/README.md")).unwrap();
        let mut shown = 0;
        for entry in fs::read_dir(project.path("tests/clients/connect")).unwrap().flatten() {
            if entry.path().is_file() {
                let text = fs::read_to_string(entry.path()).unwrap();
                assert!(
                    readme.contains(text.trim_end()),
                    "{} is not in the README",
                    entry.path().display()
                );
                shown += 1;
            }
        }
        assert!(shown >= 7, "{shown}");
    }
}
