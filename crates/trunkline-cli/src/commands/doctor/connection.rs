//! Checks of the connection to the service: proxy, answer, certificate, clock.

use trunkline::{Client, ErrorKind, ProxyRoute, Timestamp};

use super::Check;

/// Sets this computer's clock by NTP.
const SET_CLOCK: &str = if cfg!(windows) {
    "w32tm /resync"
} else if cfg!(target_os = "macos") {
    "sudo sntp -sS time.apple.com"
} else {
    "sudo timedatectl set-ntp true"
};

/// Difference of the clocks, in seconds, that is worth a warning.
const SKEW_WARNING: i64 = 30;

/// Difference of the clocks, in seconds, from which the service refuses tokens.
const SKEW_FAILURE: i64 = 300;

/// The proxy that the environment names, without its user name and password.
pub(super) fn proxy(base: Option<&str>) -> Check {
    let root = base.unwrap_or("https://graph.microsoft.com");
    // The check of the settings reports an invalid address.
    let Ok(root) = root.parse() else {
        return Check::ok("proxy", "not checked");
    };
    match ProxyRoute::of(&root) {
        Err(error) => Check::of_error("proxy", &error),
        Ok(route) if route.not_understood().is_empty() => Check::ok("proxy", route.to_string()),
        Ok(route) => Check::warning(
            "proxy",
            format!(
                "{route}; NO_PROXY has entries that are not valid: {}",
                route.not_understood().join(", ")
            ),
            "Write names, .domains, *.domains, addresses, networks such as 10.0.0.0/8, or * alone",
        ),
    }
}

/// Sends the smallest request to the service. Every answer proves the connection, even a refusal.
pub(super) async fn service(client: &Client) -> Vec<Check> {
    let base = client.core().base().to_owned();
    let request = client.graph().organization().list().select(&["id"]);
    let asked = client.core().clock().now();
    // Commands do not need the permission of this request, so a 403 is no problem.
    let (headers, refused) = match request.first_page().await {
        Ok(page) => (Some(page.meta.headers().clone()), None),
        Err(error) => match error.headers() {
            // A proxy or gateway answered, not the service.
            Some(_) if error.is_foreign_answer() => return vec![unreached(&base, &error)],
            Some(headers) => (Some(headers.clone()), Some(error)),
            None => return vec![unreached(&base, &error)],
        },
    };
    let mut checks = vec![Check::ok("service", format!("{base} answers"))];
    if let Some(error) = refused.filter(is_token_refused) {
        checks.push(Check::of_error("sign-in", &error));
    }
    if base.starts_with("https:") {
        checks.push(Check::ok("certificate", format!("trusted by {}", authorities())));
    }
    let shown = headers.and_then(|headers| {
        let text = headers.get("date")?.to_str().ok()?;
        http_date(text)
    });
    checks.push(clocks(shown, asked, client.core().clock().now()));
    checks
}

/// The authorities that were trusted: those of these variables where one is set, else the system's.
fn authorities() -> String {
    let names = ["SSL_CERT_FILE", "SSL_CERT_DIR"].into_iter();
    let set: Vec<&str> = names.filter(|name| std::env::var_os(name).is_some()).collect();
    if set.is_empty() {
        return "this system's authorities".to_owned();
    }
    format!("the authorities of {}", set.join(" and "))
}

/// Whether the service refuses the token itself, not only this request.
fn is_token_refused(error: &trunkline::Error) -> bool {
    matches!(error.kind(), ErrorKind::Authentication | ErrorKind::WrongTenant)
}

fn unreached(base: &str, error: &trunkline::Error) -> Check {
    let mut check = Check::of_error("service", error);
    check.what = format!("{base}: {}", check.what);
    check
}

/// Parses the header `Date`, such as `Sun, 06 Nov 1994 08:49:37 GMT`.
fn http_date(text: &str) -> Option<Timestamp> {
    let parser = jiff::fmt::rfc2822::DateTimeParser::new().relaxed_weekday(true);
    parser.parse_timestamp(text).ok()
}

/// Compares the service's clock with this computer's, which was read before and after the request.
fn clocks(shown: Option<Timestamp>, before: Timestamp, after: Timestamp) -> Check {
    let Some(shown) = shown else {
        return Check::warning(
            "clock",
            "the service sent no time to compare with",
            "Compare the computer's clock with another clock",
        );
    };
    // The service's time is in whole seconds and lies between the two; anything outside of them is skew.
    let early = before.duration_since(shown).as_secs() - 1;
    let late = shown.duration_since(after).as_secs();
    let skew = early.max(late).max(0);
    let what = format!(
        "{skew} seconds {}",
        if late > 0 {
            "behind the service"
        } else {
            "ahead of the service"
        }
    );
    let next_step = "Set the computer's clock, for instance by NTP";
    if skew > SKEW_FAILURE {
        Check::failed("clock", what, next_step).with_command(SET_CLOCK)
    } else if skew > SKEW_WARNING {
        Check::warning("clock", what, next_step).with_command(SET_CLOCK)
    } else {
        Check::ok("clock", "agrees with the service")
    }
}

#[cfg(test)]
mod tests {
    use super::super::Standing;
    use super::*;

    #[test]
    fn clocks_are_compared_with_room_for_the_duration_of_the_request() {
        let at = |second: i64| Timestamp::from_second(1_768_467_600 + second).expect("a moment");
        for (shown, standing, words) in [
            (0, Standing::Ok, "agrees with the service"),
            (-1, Standing::Ok, "agrees with the service"),
            (-60, Standing::Warning, "59 seconds ahead"),
            (100, Standing::Warning, "98 seconds behind"),
            (-3600, Standing::Failed, "3599 seconds ahead"),
            (3600, Standing::Failed, "3598 seconds behind"),
        ] {
            let check = clocks(Some(at(shown)), at(0), at(2));
            assert_eq!(check.standing, standing, "{shown}: {check:?}");
            assert!(check.what.starts_with(words), "{shown}: {check:?}");
        }
        assert_eq!(clocks(None, at(0), at(0)).standing, Standing::Warning);
    }

    #[test]
    fn dates_of_http_are_read() {
        let read = http_date("Thu, 15 Jan 2026 09:00:00 GMT");
        assert_eq!(read.map(|moment| moment.as_second()), Some(1_768_467_600));
        assert_eq!(http_date("yesterday"), None);
    }
}
