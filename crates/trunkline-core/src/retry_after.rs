//! `Retry-After`: how long the service asks to wait.

use std::time::Duration;

use http::header::{DATE, RETRY_AFTER};
use http::{HeaderMap, HeaderName};

use crate::clock::{Timestamp, until};

/// The longest wait that is told: half a billion years. What is longer, or infinite, becomes this, so that it can be added
/// to any time without overflow. Whoever reads it never waits less than the service asked for.
const LONGEST: Duration = Duration::from_millis(u64::MAX);

/// How long the headers ask to wait from `now` on, or `None` when nothing usable is there.
///
/// Seconds, whole or with a fraction (rounded up to a millisecond), and dates are understood. Of several the longest
/// counts. A date that is past means no wait; negative numbers and anything else are ignored. A date is measured
/// against the service's own `Date`, where there is one, because this computer's clock may be wrong.
pub(crate) fn read(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let millisecond_header = HeaderName::from_static("retry-after-ms");
    let milliseconds = headers.get_all(millisecond_header).iter().filter_map(|value| {
        let count: u64 = value.to_str().ok()?.trim().parse().ok()?;
        Some(Duration::from_millis(count))
    });
    let values = headers
        .get_all(RETRY_AFTER)
        .iter()
        .filter_map(|value| value.to_str().ok());
    let seconds = values.filter_map(|value| {
        let served = headers.get(DATE).and_then(|date| parse_date(date.to_str().ok()?));
        parse(value, served.unwrap_or(now))
    });
    seconds.chain(milliseconds).max().map(|wait| wait.min(LONGEST))
}

/// Reads one value, relative to `now`.
pub(crate) fn parse(value: &str, now: Timestamp) -> Option<Duration> {
    let value = value.trim();
    let number = value
        .bytes()
        .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+'));
    if number && value.starts_with(|first: char| first.is_ascii_digit() || first == '.') {
        if let Ok(seconds) = value.parse() {
            return Some(Duration::from_secs(seconds));
        }
        let seconds: f64 = value.parse().ok()?;
        // Conversion saturates: `1e400` is infinite, and both mean "very long".
        return Some(Duration::from_millis((seconds * 1000.0).ceil() as u64));
    }
    parse_date(value).map(|date| until(now, date))
}

fn parse_date(value: &str) -> Option<Timestamp> {
    // The format of HTTP is that of mail with `GMT` for the zone.
    let parser = jiff::fmt::rfc2822::DateTimeParser::new().relaxed_weekday(true);
    parser
        .parse_timestamp(value.trim())
        .ok()
        .or_else(|| value.trim().parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;
    use proptest::prelude::*;

    const NOW: Timestamp = Timestamp::constant(1_767_225_600, 0); // Thu, 01 Jan 2026 00:00:00 GMT

    #[test]
    fn every_form_is_parsed_or_ignored_by_rule() {
        for (value, expected) in [
            ("10", Some(10_000)),
            (" 0 ", Some(0)),
            ("1.5", Some(1_500)),
            ("0.0001", Some(1)),
            ("604800", Some(604_800_000)),
            ("1e9", Some(1_000_000_000_000)),
            ("9007199254740993", Some(9_007_199_254_740_993_000)),
            ("1e999", Some(u64::MAX)),
            ("99999999999999999999999", Some(u64::MAX)),
            ("-5", None),
            ("abc", None),
            ("", None),
            ("inf", None),
            ("NaN", None),
            ("10 seconds", None),
            ("Thu, 01 Jan 2026 00:00:30 GMT", Some(30_000)),
            ("Fri, 01 Jan 2026 00:00:30 GMT", Some(30_000)),
            ("Wed, 31 Dec 2025 23:59:00 GMT", Some(0)),
            ("2026-01-01T00:00:07Z", Some(7_000)),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, HeaderValue::from_str(value).unwrap());
            assert_eq!(read(&headers, NOW), expected.map(Duration::from_millis), "{value:?}");
        }
    }

    #[test]
    fn of_two_the_longest_counts_and_dates_are_measured_by_the_service() {
        let mut headers = HeaderMap::new();
        for value in ["5", "20", "abc"] {
            headers.append(RETRY_AFTER, HeaderValue::from_static(value));
        }
        assert_eq!(read(&headers, NOW), Some(Duration::from_secs(20)));
        headers.insert(RETRY_AFTER, HeaderValue::from_static("Thu, 01 Jan 2026 01:00:30 GMT"));
        headers.insert(DATE, HeaderValue::from_static("Thu, 01 Jan 2026 01:00:00 GMT"));
        assert_eq!(read(&headers, NOW), Some(Duration::from_secs(30)));
    }

    proptest! {
        #[test]
        fn is_never_undercut(count in any::<u64>(), thousandths in 0..1_000_000_000_000_u64) {
            for (text, least) in [
                (count.to_string(), Duration::from_secs(count)),
                (
                    format!("{}.{:03}", thousandths / 1000, thousandths % 1000),
                    Duration::from_millis(thousandths),
                ),
            ] {
                let mut headers = HeaderMap::new();
                headers.insert(RETRY_AFTER, HeaderValue::from_str(&text).unwrap());
                prop_assert!(read(&headers, NOW).unwrap() >= least.min(LONGEST));
            }
        }

        #[test]
        fn never_panics_and_can_be_added(value in "[ -~]{0,40}", number in any::<f64>()) {
            for text in [value, number.to_string()] {
                let mut headers = HeaderMap::new();
                headers.insert(RETRY_AFTER, HeaderValue::from_str(&text).unwrap());
                let wait = read(&headers, NOW).unwrap_or_default();
                prop_assert!(wait <= LONGEST && LONGEST.checked_add(wait).is_some());
            }
        }
    }
}
