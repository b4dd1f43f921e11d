//! `Retry-After`: how long the service asks to wait.

use std::time::Duration;

use http::HeaderMap;
use http::header::{DATE, RETRY_AFTER};
use jiff::tz::TimeZone;

use crate::clock::{Timestamp, until};

/// The longest wait: half a billion years. Longer and infinite ones are cut to it, so that it can be added to any time
/// without overflow.
const LONGEST: Duration = Duration::from_millis(u64::MAX);

/// Milliseconds, as services of Azure write them.
const MILLISECONDS: [&str; 2] = ["retry-after-ms", "x-ms-retry-after-ms"];

/// How long the headers ask to wait from `now` on, or `None` when nothing usable is there.
///
/// Seconds, whole or with a fraction (rounded up to a millisecond), and dates in the three forms of HTTP are understood, and
/// milliseconds where they are announced. Of several the longest counts. A date that is past means no wait; negative numbers
/// and anything else are ignored. A date is measured against the service's own `Date`, where there is one, because this
/// computer's clock may be wrong.
pub(crate) fn read(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let milliseconds = MILLISECONDS
        .iter()
        .flat_map(|name| headers.get_all(*name))
        .filter_map(|value| value.to_str().ok())
        .filter_map(|value| number(value.trim(), Duration::from_millis, 1.0));
    let seconds = headers.get_all(RETRY_AFTER).iter();
    let seconds = seconds.filter_map(|value| value.to_str().ok()).filter_map(|value| {
        let served = headers.get(DATE).and_then(|date| parse_date(date.to_str().ok()?, now));
        parse(value, served.unwrap_or(now))
    });
    seconds.chain(milliseconds).max().map(|wait| wait.min(LONGEST))
}

/// Reads one value, relative to `now`.
pub(crate) fn parse(value: &str, now: Timestamp) -> Option<Duration> {
    let value = value.trim();
    number(value, Duration::from_secs, 1000.0).or_else(|| parse_date(value, now).map(|date| until(now, date)))
}

/// A number of a unit, which has so many milliseconds.
fn number(value: &str, whole: fn(u64) -> Duration, milliseconds: f64) -> Option<Duration> {
    let is_number = value
        .bytes()
        .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+'));
    if !is_number || !value.starts_with(|first: char| first.is_ascii_digit() || first == '.') {
        return None;
    }
    if let Ok(count) = value.parse() {
        return Some(whole(count));
    }
    let count: f64 = value.parse().ok()?;
    // Conversion saturates: `1e400` is infinite, and both mean "very long".
    Some(Duration::from_millis((count * milliseconds).ceil() as u64))
}

fn parse_date(value: &str, now: Timestamp) -> Option<Timestamp> {
    // The format of HTTP is that of mail with `GMT` for the zone.
    let parser = jiff::fmt::rfc2822::DateTimeParser::new().relaxed_weekday(true);
    let value = value.trim();
    parser
        .parse_timestamp(value)
        .ok()
        .or_else(|| value.parse().ok())
        .or_else(|| parse_old_date(value, now))
}

/// The two older forms of HTTP's dates: `Sunday, 06-Nov-94 08:49:37 GMT` and `Sun Nov  6 08:49:37 1994`.
fn parse_old_date(value: &str, now: Timestamp) -> Option<Timestamp> {
    const MONTHS: [&str; 12] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ];
    let is_between = |character: char| character.is_whitespace() || matches!(character, ',' | '-');
    let parts: Vec<&str> = value.split(is_between).filter(|part| !part.is_empty()).collect();
    let (day, month, year, time) = match parts[..] {
        [_, day, month, year, time, "GMT" | "UTC" | "gmt" | "utc"] => (day, month, year, time),
        [_, month, day, time, year] => (day, month, year, time),
        _ => return None,
    };
    let month = MONTHS.iter().position(|name| month.eq_ignore_ascii_case(name))?;
    let mut full_year: i16 = year.parse().ok()?;
    if year.len() == 2 {
        // The year nearest to now.
        let this_year = now.to_zoned(TimeZone::UTC).year();
        full_year += this_year - this_year % 100;
        if full_year > this_year + 50 {
            full_year -= 100;
        } else if full_year < this_year - 50 {
            full_year += 100;
        }
    }
    let time: jiff::civil::Time = time.parse().ok()?;
    let date = jiff::civil::Date::new(full_year, i8::try_from(month).ok()? + 1, day.parse().ok()?).ok()?;
    Some(date.to_datetime(time).to_zoned(TimeZone::UTC).ok()?.timestamp())
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
            ("Thursday, 01-Jan-26 00:00:30 GMT", Some(30_000)),
            ("Wednesday, 31-Dec-25 23:59:00 GMT", Some(0)),
            ("Thu, 01-Jan-2026 00:00:30 GMT", Some(30_000)),
            ("Thu Jan  1 00:00:30 2026", Some(30_000)),
            ("Sat Jan 10 00:00:00 2026", Some(9 * 86_400_000)),
            ("Thursday, 01-Jan-76 00:00:00 GMT", Some(1_577_836_800_000)),
            ("Saturday, 01-Jan-77 00:00:00 GMT", Some(0)),
            ("Thu Jan 32 00:00:30 2026", None),
            ("Thursday, 01-Foo-26 00:00:30 GMT", None),
            ("0.249", Some(249)),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, HeaderValue::from_str(value).unwrap());
            assert_eq!(read(&headers, NOW), expected.map(Duration::from_millis), "{value:?}");
        }
    }

    #[test]
    fn milliseconds_are_kept_where_they_are_announced() {
        for name in ["retry-after-ms", "x-ms-retry-after-ms"] {
            for (value, expected) in [("1500", Some(1_500)), (" 0.4 ", Some(1)), ("-1", None), ("soon", None)] {
                let mut headers = HeaderMap::new();
                headers.insert(name, HeaderValue::from_static(value));
                assert_eq!(
                    read(&headers, NOW),
                    expected.map(Duration::from_millis),
                    "{name} {value}"
                );
                headers.insert(RETRY_AFTER, HeaderValue::from_static("60"));
                assert_eq!(read(&headers, NOW), Some(Duration::from_secs(60)), "the longest counts");
            }
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
