//! Limits on requests, as buckets that the clock fills.

use std::collections::HashMap;

use jiff::Timestamp;

use crate::message::Request;
use crate::settings::Settings;
use crate::token;

/// A bucket of requests, units or writes.
#[derive(Clone, Debug, Default)]
struct Bucket {
    /// The remaining units, and the time of that count.
    level: Option<(f64, Timestamp)>,
}

impl Bucket {
    /// Whether `cost` can be taken out of a bucket of `size` that fills in `seconds`.
    fn has(&mut self, size: u32, seconds: u32, cost: u32, now: Timestamp) -> bool {
        let size = f64::from(size.max(1));
        let rate = size / f64::from(seconds.max(1));
        let level = self.level.map_or(size, |(level, at)| {
            let elapsed = now.duration_since(at).as_secs_f64().max(0.0);
            (level + elapsed * rate).min(size)
        });
        self.level = Some((level, now));
        level >= f64::from(cost)
    }

    fn take(&mut self, cost: u32) {
        if let Some((level, _)) = &mut self.level {
            *level -= f64::from(cost);
        }
    }
}

/// A documented limit of one application in one tenant, the smallest where it depends on the tenant.
struct Limit {
    area: Area,
    /// Reads, writes, or both.
    writes: Option<bool>,
    size: u32,
    seconds: u32,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Area {
    Teams,
    Reports,
    Identity,
}

const DOCUMENTED: [Limit; 5] = [
    Limit {
        area: Area::Teams,
        writes: Some(false),
        size: 30,
        seconds: 1,
    },
    Limit {
        area: Area::Teams,
        writes: Some(true),
        size: 30,
        seconds: 1,
    },
    Limit {
        area: Area::Reports,
        writes: None,
        size: 5,
        seconds: 10,
    },
    // Resource units.
    Limit {
        area: Area::Identity,
        writes: None,
        size: 3500,
        seconds: 10,
    },
    Limit {
        area: Area::Identity,
        writes: Some(true),
        size: 3000,
        seconds: 150,
    },
];

/// The units that a request of the directory costs, as its answer says. Methods of users and other areas do not say it.
pub(crate) fn resource_units(request: &Request) -> Option<u32> {
    let path = request.path.to_ascii_lowercase();
    let mut segments = path
        .trim_start_matches("/v1.0")
        .split('/')
        .filter(|name| !name.is_empty());
    let first = segments.next()?;
    let is_directory = ["users", "me", "organization"]
        .iter()
        .any(|name| first.split('(').next() == Some(name));
    (is_directory && !segments.any(|name| name == "authentication")).then(|| units(request))
}

/// `$expand` costs a unit more. What `$select` and a small page take off never brings it below one.
fn units(request: &Request) -> u32 {
    if request.query.contains("expand=") && !request.query.contains("select=") {
        2
    } else {
        1
    }
}

/// The limits of each tenant, by its id.
#[derive(Clone, Debug, Default)]
pub(crate) struct Limits(HashMap<String, Limiter>);

impl Limits {
    /// Lets a request through, or says after how many seconds to come again.
    pub(crate) fn admit(&mut self, settings: &Settings, request: &Request, now: Timestamp) -> Result<(), u64> {
        if settings.requests_per_second.is_none() && !settings.documented_limits {
            return Ok(());
        }
        let tenant = token::tenant_of(request).unwrap_or_default();
        self.0.entry(tenant).or_default().admit(settings, request, now)
    }
}

/// The limits of one tenant.
#[derive(Clone, Debug, Default)]
struct Limiter {
    all: Bucket,
    documented: [Bucket; DOCUMENTED.len()],
}

impl Limiter {
    /// Lets a request through, or says after how many seconds to come again. The items of a batch count one by one; the
    /// batch around them does not.
    fn admit(&mut self, settings: &Settings, request: &Request, now: Timestamp) -> Result<(), u64> {
        if request.path.ends_with("/$batch") {
            return Ok(());
        }
        if let Some(rate) = settings.requests_per_second {
            if !self.all.has(rate, 1, 1, now) {
                return Err(1);
            }
            self.all.take(1);
        }
        if settings.documented_limits {
            self.admit_documented(request, now)?;
        }
        Ok(())
    }

    fn admit_documented(&mut self, request: &Request, now: Timestamp) -> Result<(), u64> {
        let path = request.path.to_ascii_lowercase();
        let area = match path.trim_start_matches("/v1.0").trim_start_matches('/') {
            rest if rest.starts_with("admin/teams") => Area::Teams,
            rest if rest.starts_with("reports") => Area::Reports,
            _ => Area::Identity,
        };
        let is_write = request.method != "GET";
        let cost = |limit: &Limit| match (limit.area, limit.writes) {
            (Area::Identity, None) => units(request),
            _ => 1,
        };
        let concerns = |limit: &Limit| limit.area == area && limit.writes.is_none_or(|writes| writes == is_write);
        let mut wait = None;
        for (limit, bucket) in DOCUMENTED.iter().zip(&mut self.documented) {
            if concerns(limit) && !bucket.has(limit.size, limit.seconds, cost(limit), now) {
                wait = wait.max(Some(u64::from(limit.seconds.div_ceil(limit.size))));
            }
        }
        if let Some(seconds) = wait {
            return Err(seconds);
        }
        for (limit, bucket) in DOCUMENTED.iter().zip(&mut self.documented) {
            if concerns(limit) {
                bucket.take(cost(limit));
            }
        }
        Ok(())
    }
}
