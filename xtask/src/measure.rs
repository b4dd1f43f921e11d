//! Measures what a command costs: time on the clock, processor time, and the largest process it started.

use std::collections::HashSet;
use std::process::{Command, ExitStatus};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

/// The cost of a command.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cost {
    /// Time on the clock.
    pub(crate) elapsed: Duration,
    /// Processor time of the command and all it started; `None` where the system does not tell.
    pub(crate) processor: Option<Duration>,
    /// Memory of the largest process among them, in bytes; `None` where the system does not tell.
    pub(crate) memory: Option<u64>,
}

/// How often processes are looked at for their memory. The kernel keeps each one's peak, so that little is missed.
const LOOK: Duration = Duration::from_millis(50);

/// Runs a command to its end and says what it cost.
pub(crate) fn run(command: &mut Command) -> Result<(ExitStatus, Cost)> {
    let before = children_time();
    let start = Instant::now();
    let mut child = command
        .spawn()
        .with_context(|| format!("cannot start {}", command.get_program().display()))?;
    let root = child.id();
    let done = AtomicBool::new(false);
    let peak = AtomicU64::new(0);
    let status = std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                if let Some(largest) = largest_below(root) {
                    peak.fetch_max(largest, Ordering::Relaxed);
                }
                std::thread::sleep(LOOK);
            }
        });
        let status = child.wait();
        done.store(true, Ordering::Relaxed);
        status
    })?;
    let elapsed = start.elapsed();
    let processor = before
        .zip(children_time())
        .map(|(before, after)| after.saturating_sub(before));
    let memory = Some(peak.into_inner()).filter(|peak| *peak > 0);
    Ok((
        status,
        Cost {
            elapsed,
            processor,
            memory,
        },
    ))
}

/// Processor time of all children of this process that have ended, with what they started and waited for.
fn children_time() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/self/stat").ok()?;
    parse_children_time(&text)
}

/// `cutime` and `cstime` are the 16th and 17th field; the second one is a name in parentheses that may hold anything.
/// Ticks are a hundredth of a second in everything Linux shows to programs.
fn parse_children_time(stat: &str) -> Option<Duration> {
    let rest = stat.rsplit_once(')')?.1;
    let mut fields = rest.split_whitespace().skip(13);
    let user: u64 = fields.next()?.parse().ok()?;
    let system: u64 = fields.next()?.parse().ok()?;
    Some(Duration::from_millis((user + system) * 10))
}

/// Peak memory of the largest process at or below another.
fn largest_below(root: u32) -> Option<u64> {
    let mut processes = Vec::new();
    for entry in std::fs::read_dir("/proc").ok()?.flatten() {
        let Some(id) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else {
            continue;
        };
        if let Ok(status) = std::fs::read_to_string(entry.path().join("status")) {
            processes.push((id, number_of(&status, "PPid:"), number_of(&status, "VmHWM:")));
        }
    }
    let mut below = HashSet::from([u64::from(root)]);
    loop {
        let before = below.len();
        for (id, parent, _) in &processes {
            if parent.is_some_and(|parent| below.contains(&parent)) {
                below.insert(u64::from(*id));
            }
        }
        if below.len() == before {
            break;
        }
    }
    processes
        .iter()
        .filter(|(id, ..)| below.contains(&u64::from(*id)))
        .filter_map(|(.., kibibytes)| kibibytes.map(|kibibytes| kibibytes * 1024))
        .max()
}

/// The number after a label of `/proc/…/status`.
fn number_of(status: &str, label: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix(label))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn processor_time_is_found_behind_a_strange_name() {
        let stat = "12 (a) b) S 1 2 3 4 5 6 7 8 9 10 11 12 150 50 20 0 1 0";
        assert_eq!(parse_children_time(stat), Some(Duration::from_secs(2)));
    }

    #[test]
    fn labels_of_status_are_read() {
        let status = "Name:\tcargo\nPPid:\t7\nVmHWM:\t   2048 kB\n";
        assert_eq!(number_of(status, "PPid:"), Some(7));
        assert_eq!(number_of(status, "VmHWM:"), Some(2048));
        assert_eq!(number_of(status, "VmSwap:"), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_command_has_a_cost_and_a_status() {
        let (status, cost) = run(Command::new("sh").args(["-c", "sleep 0.2; exit 3"])).unwrap();
        assert_eq!(status.code(), Some(3));
        assert!(cost.elapsed >= Duration::from_millis(150));
        assert!(cost.memory.is_some_and(|memory| memory > 0), "{cost:?}");
    }
}
