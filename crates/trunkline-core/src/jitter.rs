//! Chance, where it keeps clients from acting in step. Not for secrets.

use std::time::Duration;

/// A random number below `limit`; 0 when `limit` is 0.
pub(crate) fn below(limit: u64) -> u64 {
    if limit == 0 {
        return 0;
    }
    let (_, low) = uuid::Uuid::new_v4().as_u64_pair();
    // The two top bits of this half are fixed by the format.
    (low & 0x3fff_ffff_ffff_ffff) % limit
}

/// A random part of `duration`, from nothing to all of it.
pub(crate) fn part_of(duration: Duration) -> Duration {
    let nanoseconds = u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX);
    Duration::from_nanos(below(nanoseconds.saturating_add(1)))
}
