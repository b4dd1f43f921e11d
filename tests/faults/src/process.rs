//! The binary as a process: its environment, its output, and killing it.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use crate::fault_mix::Kill;

/// How long a process may take, in the world's time, before it counts as one that hangs.
const LONGEST: Duration = Duration::from_secs(120);

/// The binary and its environment.
pub(crate) struct Binary {
    pub(crate) path: PathBuf,
    pub(crate) endpoint: String,
    pub(crate) token: String,
    pub(crate) time_scale: String,
    /// Where it runs, and what it says is kept.
    pub(crate) folder: PathBuf,
}

/// The end of a process.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Course {
    pub(crate) end: End,
    /// Whether it said that it takes no further number from its holder.
    pub(crate) is_braked: bool,
}

/// How a process ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    Exited(Option<i32>),
    Killed,
    /// It was killed because it did not end.
    Hung,
}

impl Binary {
    fn command<S: AsRef<OsStr>>(&self, arguments: &[S]) -> Command {
        let mut command = Command::new(&self.path);
        command
            .env_clear()
            .env("TRUNKLINE_ENDPOINT", &self.endpoint)
            .env("TRUNKLINE_TOKEN", &self.token)
            .env("TRUNKLINE_TENANT", trunkline_emulator::DEFAULT_TENANT_DOMAIN)
            .env("TRUNKLINE_TIME_SCALE", &self.time_scale)
            .env("TRUNKLINE_STATE_DIR", self.folder.join("claims"))
            .args(arguments)
            .current_dir(&self.folder)
            .stdin(Stdio::null());
        command
    }

    /// Runs it to its end, or to its kill. Its errors are added to a file, for stories.
    pub(crate) fn run(&self, arguments: &[String], kill: Option<Kill>) -> std::io::Result<Course> {
        let errors = File::options()
            .create(true)
            .append(true)
            .open(self.folder.join("errors"))?;
        let mut child = self.command(arguments).stdout(Stdio::piped()).stderr(errors).spawn()?;
        let (sender, events) = channel();
        let listener = child.stdout.take().map(|stdout| {
            std::thread::spawn(move || {
                let mut is_braked = false;
                for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                    is_braked |= line.contains("\"kind\":\"braked\"");
                    // Progress is printed by real time and not by events.
                    if !line.contains("\"kind\":\"progress\"") && sender.send(()).is_err() {
                        break;
                    }
                }
                is_braked
            })
        });
        let ended = wait_for(&mut child, &events, kill);
        if !matches!(ended, Ok(End::Exited(_))) {
            // SIGKILL, where there is such a thing.
            child.kill()?;
            child.wait()?;
        }
        drop(events);
        let is_braked = listener.is_some_and(|listener| listener.join().unwrap_or_default());
        ended.map(|end| Course { end, is_braked })
    }

    /// Its output.
    pub(crate) fn output(&self, arguments: &[&str]) -> std::io::Result<(ExitStatus, String)> {
        let output = self.command(arguments).output()?;
        let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
        if !output.status.success() {
            text.push_str(&String::from_utf8_lossy(&output.stderr));
        }
        Ok((output.status, text))
    }
}

fn wait_for(child: &mut std::process::Child, events: &Receiver<()>, kill: Option<Kill>) -> std::io::Result<End> {
    let start = Instant::now();
    let mut moment = match kill {
        Some(Kill::After(time)) => Some(start + time),
        _ => None,
    };
    let mut seen = 0;
    let mut is_over = false;
    loop {
        let now = Instant::now();
        if moment.is_some_and(|moment| now >= moment) {
            return Ok(match child.try_wait()? {
                Some(status) => End::Exited(status.code()),
                None => End::Killed,
            });
        }
        if start.elapsed() > LONGEST {
            return Ok(End::Hung);
        }
        if is_over {
            // Its output is closed: it is at its end, or so close to it that waiting is right.
            return Ok(End::Exited(child.wait()?.code()));
        }
        let rest = moment.map_or(Duration::from_millis(500), |moment| {
            moment.saturating_duration_since(now)
        });
        match events.recv_timeout(rest) {
            Ok(()) => {
                seen += 1;
                if let Some(Kill::Events(wanted, late)) = kill
                    && seen == wanted
                {
                    moment = Some(Instant::now() + late);
                }
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => is_over = true,
        }
    }
}

/// Arguments from parts.
pub(crate) fn arguments(parts: &[&str], more: &[String]) -> Vec<String> {
    parts
        .iter()
        .map(|part| (*part).to_owned())
        .chain(more.iter().cloned())
        .collect()
}

/// A path as an argument.
pub(crate) fn shown(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
