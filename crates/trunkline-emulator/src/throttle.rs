//! The request limit, as a bucket that the clock fills.

use jiff::Timestamp;

/// A bucket of requests.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bucket {
    /// What is left, and when that was so.
    level: Option<(f64, Timestamp)>,
}

impl Bucket {
    /// Takes one request out, or says after how many seconds to come again.
    pub(crate) fn take(&mut self, per_second: u32, now: Timestamp) -> Result<(), u64> {
        let rate = f64::from(per_second.max(1));
        let level = self.level.map_or(rate, |(level, at)| {
            let elapsed = now.duration_since(at).as_secs_f64().max(0.0);
            (level + elapsed * rate).min(rate)
        });
        let granted = level >= 1.0;
        self.level = Some((if granted { level - 1.0 } else { level }, now));
        if granted { Ok(()) } else { Err(1) }
    }
}
