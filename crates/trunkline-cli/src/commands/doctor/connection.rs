//! Checks of the way to the service: proxy, connection, certificates, clocks.

use trunkline::{Client, ErrorKind, ProxyRoute, Timestamp};

use super::Check;

/// How far apart the clocks may be: tokens are refused from five minutes on.
const SKEW: (i64, i64) = (30, 300);

/// The proxy that the environment names, without its user name and password.
pub(super) fn proxy(base: Option<&str>) -> Check {
    let root = base.unwrap_or("https://graph.microsoft.com");
    // A text that is no address is reported with the settings.
    let Ok(root) = root.parse() else {
        return Check::ok("proxy", "not looked for");
    };
    match ProxyRoute::of(&root) {
        Err(error) => Check::of_error("proxy", &error),
        Ok(route) if route.not_understood().is_empty() => Check::ok("proxy", route.to_string()),
        Ok(route) => Check::warning(
            "proxy",
            format!(
                "{route}; NO_PROXY holds what means nothing: {}",
                route.not_understood().join(", ")
            ),
            "Write names, .domains, *.domains, addresses, networks such as 10.0.0.0/8, or * alone",
        ),
    }
}

/// Reaches the service with the smallest request there is. Any answer will do, also a refusal.
pub(super) async fn service(client: &Client) -> Vec<Check> {
    let base = client.core().base().to_owned();
    let request = client.graph().organization().list().select(&["id"]);
    let asked = client.core().clock().now();
    // Its own permission is not among those that work needs: being refused it is an answer too.
    let (headers, refused) = match request.first_page().await {
        Ok(page) => (Some(page.meta.headers().clone()), None),
        Err(error) => match error.headers() {
            // Something in between answered: that says nothing of the service.
            Some(_) if error.is_foreign_answer() => return vec![unreached(&base, &error)],
            Some(headers) => (Some(headers.clone()), Some(error)),
            None => return vec![unreached(&base, &error)],
        },
    };
    let mut checks = vec![Check::ok("service", format!("{base} answers"))];
    if let Some(error) = refused.filter(is_of_the_token) {
        checks.push(Check::of_error("sign-in", &error));
    }
    if base.starts_with("https:") {
        checks.push(Check::ok("certificate", "trusted by this system's authorities"));
    }
    let shown = headers.and_then(|headers| {
        let text = headers.get("date")?.to_str().ok()?;
        moment(text)
    });
    checks.push(clocks(shown, asked, client.core().clock().now()));
    checks
}

/// Whether the service does not take the token at all.
fn is_of_the_token(error: &trunkline::Error) -> bool {
    matches!(error.kind(), ErrorKind::Authentication | ErrorKind::WrongTenant)
}

fn unreached(base: &str, error: &trunkline::Error) -> Check {
    let mut check = Check::of_error("service", error);
    check.what = format!("{base}: {}", check.what);
    check
}

/// A moment as HTTP writes it, `Sun, 06 Nov 1994 08:49:37 GMT`.
fn moment(text: &str) -> Option<Timestamp> {
    let parser = jiff::fmt::rfc2822::DateTimeParser::new().relaxed_weekday(true);
    parser.parse_timestamp(text).ok()
}

/// The service's clock against ours, which was read before and after.
fn clocks(shown: Option<Timestamp>, before: Timestamp, after: Timestamp) -> Check {
    let Some(shown) = shown else {
        return Check::warning(
            "clock",
            "the service did not say what time it is",
            "Check the computer's clock by other means",
        );
    };
    // The service's moment has no fractions, and lies between the two: what is outside of them is skew.
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
    if skew > SKEW.1 {
        Check::failed("clock", what, next_step)
    } else if skew > SKEW.0 {
        Check::warning("clock", what, next_step)
    } else {
        Check::ok("clock", "as the service's")
    }
}

#[cfg(test)]
mod tests {
    use super::super::Standing;
    use super::*;

    #[test]
    fn clocks_are_compared_with_room_for_the_way() {
        let at = |second: i64| Timestamp::from_second(1_768_467_600 + second).expect("a moment");
        for (shown, standing, words) in [
            (0, Standing::Ok, "as the service's"),
            (-1, Standing::Ok, "as the service's"),
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
    fn moments_of_http_are_read() {
        let read = moment("Thu, 15 Jan 2026 09:00:00 GMT");
        assert_eq!(read.map(|moment| moment.as_second()), Some(1_768_467_600));
        assert_eq!(moment("yesterday"), None);
    }
}
