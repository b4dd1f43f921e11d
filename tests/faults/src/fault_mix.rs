//! Faults on the wire and durations of the service, drawn from the seed of a run.

use std::time::Duration;

use serde_json::json;
use trunkline_emulator::{Effect, Fault};

use crate::rng::Rng;

/// How many seconds pass in a run for each of the world's.
pub(crate) const FACTOR: u32 = 200;

/// When the process is killed.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kill {
    /// So long after it was started, in the world's time.
    After(Duration),
    /// The time after that many events were printed: a request is about to leave, an order was accepted, a row ended.
    Events(u64, Duration),
}

/// Everything a run is exposed to.
pub(crate) struct FaultMix {
    pub(crate) faults: Vec<Fault>,
    /// Whether they strike while it is planned, too.
    pub(crate) while_planning: bool,
    pub(crate) kills: Vec<Kill>,
    /// How long an order shows nothing, and then is pending.
    pub(crate) stage: Duration,
    pub(crate) jitter: Duration,
    /// Options of `bulk apply` and `bulk resume`.
    pub(crate) options: Vec<String>,
    /// Whether the options allow it to send a change again whose answer was lost.
    pub(crate) repeats: bool,
}

const ORDERS: [&str; 2] = ["assignNumber", "unassignNumber"];

impl FaultMix {
    pub(crate) fn build(mut rng: Rng) -> Self {
        let mut faults = Vec::new();
        for kind in 0..KINDS {
            if rng.chance(450) {
                let probability = f64::from(u32::try_from(rng.between(4, 70)).unwrap_or(4)) / 1000.0;
                faults.extend(of_kind(kind, &mut rng).into_iter().map(|fault| {
                    let seed = rng.next();
                    fault.probability(probability, seed)
                }));
            }
        }
        // Some seconds of nothing but errors, from some request on.
        if rng.chance(250) {
            let status = *rng.pick(&[500, 502, 503, 504]);
            let (from, times) = (rng.between(5, 900), rng.between(10, 80));
            let (from, times) = (u32::try_from(from).unwrap_or(5), u32::try_from(times).unwrap_or(10));
            faults.push(
                Fault::new(Effect::status(status))
                    .nth(from)
                    .times(times)
                    .named("outage"),
            );
        }
        let kills = (0..rng.below(5)).map(|_| kill(&mut rng)).collect();
        let repeats = rng.chance(850);
        let seconds = |from, to, rng: &mut Rng| Duration::from_secs(rng.between(from, to));
        // Sending again is safe only if an order shows within the proof. Where nothing may be sent again it
        // may take longer.
        let (stage, jitter) = if repeats {
            (seconds(0, 15, &mut rng), seconds(0, 25, &mut rng))
        } else {
            (seconds(1, 160, &mut rng), seconds(0, 160, &mut rng))
        };
        let in_flight = rng.pick(&[1_u16, 4, 16, 64, 64]).to_string();
        // Ten seconds of the world, and eighteen: a computer that is busy does not by itself make answers late, or a row
        // lose patience.
        let mut options: Vec<String> = [
            "--attempt-timeout",
            "2000s",
            "--patience",
            "1h",
            "--in-flight",
            &in_flight,
        ]
        .map(str::to_owned)
        .to_vec();
        if repeats {
            // A second and a half of the world: a request of a process that is dead does not come later than that.
            options.extend(["--proof", "300s"].map(str::to_owned));
        } else {
            options.push("--no-repeat".to_owned());
        }
        if rng.chance(200) {
            options.extend(["--order-timeout".to_owned(), format!("{}s", rng.between(5, 60))]);
        }
        Self {
            faults,
            while_planning: rng.chance(300),
            kills,
            stage,
            jitter,
            options,
            repeats,
        }
    }
}

fn kill(rng: &mut Rng) -> Kill {
    let late = Duration::from_micros(rng.below(4) * rng.below(1500));
    if rng.chance(650) {
        // Early ones more often: there is most to do at the beginning.
        let events = rng.between(1, 20) * rng.between(1, 20);
        return Kill::Events(events, late);
    }
    let most = rng.between(2, 700);
    Kill::After(Duration::from_millis(rng.between(1, most)) + late)
}

const KINDS: u64 = 18;

/// The faults of one kind. Those that keep a request from being carried out, and those that only keep its answer back.
fn of_kind(kind: u64, rng: &mut Rng) -> Vec<Fault> {
    let writes = |effect: Effect| {
        let of = |method: &str| Fault::new(effect.clone()).method(method).committed();
        ["POST", "PATCH", "DELETE"].map(of).to_vec()
    };
    match kind {
        0 => vec![Fault::new(Effect::Drop {}).named("drop before")],
        1 => writes(Effect::Drop {})
            .into_iter()
            .map(|fault| fault.named("drop after"))
            .collect(),
        2 => vec![Fault::new(Effect::throttled(Some(rng.between(1, 25))))],
        3 => vec![Fault::new(Effect::throttled(None))],
        4 => {
            let status = *rng.pick(&[500, 502, 503]);
            vec![Fault::new(Effect::status(status))]
        }
        5 => writes(Effect::status(504))
            .into_iter()
            .map(|fault| fault.named("504 after"))
            .collect(),
        6 => vec![Fault::new(Effect::status(504)).named("504 before")],
        7 => {
            let (chunk, milliseconds) = (
                usize::try_from(rng.between(20, 400)).unwrap_or(20),
                rng.between(50, 4000),
            );
            vec![Fault::new(Effect::Slow { chunk, milliseconds })]
        }
        8 => vec![Fault::new(Effect::Cut { after: None })],
        9 => ORDERS
            .map(|order| {
                Fault::new(Effect::ReplaceLocation { value: None })
                    .path(order)
                    .named("lost location")
            })
            .to_vec(),
        10 => {
            let milliseconds = rng.between(500, 150_000);
            vec![Fault::new(Effect::Delay { milliseconds })]
        }
        // An order that seems to stay long.
        11 => {
            let value = json!("running");
            let pointer = "/status".to_owned();
            vec![
                Fault::new(Effect::Set { pointer, value })
                    .path("operations(")
                    .named("still running"),
            ]
        }
        12 => {
            let effect = *rng.pick(&[true, false]);
            let effect = if effect { Effect::NotJson {} } else { Effect::Empty {} };
            vec![Fault::new(effect).method("GET")]
        }
        13 => vec![Fault::new(Effect::Html { status: 502 }).named("html before")],
        14 => writes(Effect::Html { status: 502 })
            .into_iter()
            .map(|fault| fault.named("html after"))
            .collect(),
        // A replica that is behind: old and new answers take turns.
        15 => {
            let seconds = rng.between(2, 40);
            vec![Fault::new(Effect::Stale { seconds }).method("GET").named("stale")]
        }
        16 => {
            let items = usize::try_from(rng.between(1, 400)).unwrap_or(1);
            vec![
                Fault::new(Effect::ShortPage { items })
                    .method("GET")
                    .path("*/numberAssignments")
                    .named("short page"),
            ]
        }
        _ => vec![Fault::new(Effect::RepeatItem {}).method("GET").named("item twice")],
    }
}
