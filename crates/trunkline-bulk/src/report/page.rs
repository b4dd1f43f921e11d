//! One self-contained page: totals, what happened over time, failures by cause, every row.
//!
//! It loads nothing and sends nothing: a content security policy forbids both, and its one script is named by its digest.

use std::fmt::Write as _;
use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::cause::{Cause, Causes};
use super::timeline::{Span, spans};
use super::{Privacy, Report, ReportRow, line};
use crate::error::BulkError;
use crate::file::unwritten;
use crate::outcome::Ending;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// How many bars the timeline has at most.
const BARS: usize = 160;

/// The endings in the order in which they are shown, with what each means.
const ENDINGS: [(Ending, &str); 7] = [
    (Ending::Done, "Done: changed and read back"),
    (Ending::NotSeen, "Accepted, not seen yet: run it again"),
    (Ending::Already, "Unchanged: already correct"),
    (Ending::Failed, "Failed"),
    (Ending::Skipped, "Skipped: nothing sent"),
    (Ending::Pending, "Pending: in progress"),
    (Ending::Unknown, "Unknown: check by hand"),
];

/// Writes the page. The rows go to the page as they come; nothing of them is kept but the causes of failures.
///
/// # Errors
///
/// When a row cannot be read or the text cannot be written.
pub fn write_page(
    report: &Report,
    rows: impl IntoIterator<Item = Result<ReportRow, BulkError>>,
    mut to: impl Write,
) -> Result<(), BulkError> {
    to.write_all(head(report).as_bytes()).map_err(unwritten)?;
    to.write_all(TABLE.as_bytes()).map_err(unwritten)?;
    to.write_all(b"<script type=\"application/json\" id=\"rows\">[")
        .map_err(unwritten)?;
    let mut causes = Causes::default();
    for (index, row) in rows.into_iter().enumerate() {
        let row = row?.shown(report.privacy);
        causes.count(&row);
        let comma = if index == 0 { "\n" } else { ",\n" };
        to.write_all(comma.as_bytes()).map_err(unwritten)?;
        to.write_all(data(&row).as_bytes()).map_err(unwritten)?;
    }
    let mut rest = String::from("]</script>\n");
    rest.push_str(&failures(&causes.into_sorted()));
    let _ = writeln!(rest, "</main>\n<script>{SCRIPT}</script>\n</body>\n</html>");
    to.write_all(rest.as_bytes())
        .and_then(|()| to.flush())
        .map_err(unwritten)
}

fn head(report: &Report) -> String {
    let header = &report.header;
    let digest = STANDARD.encode(Sha256::digest(SCRIPT));
    let mut text = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; \
         script-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n<title>Trunkline: bulk run</title>\n<style>{STYLE}</style>\n\
         </head>\n<body>\n<main>\n<h1>Bulk run</h1>\n"
    );
    let _ = writeln!(
        text,
        "<p class=\"run\">Tenant {} in cloud {}, plan {}. {}{}</p>",
        escaped(&header.tenant),
        escaped(&header.cloud),
        escaped(header.plan_digest.get(..12).unwrap_or(&header.plan_digest)),
        period(header.started.as_deref(), header.ended.as_deref()),
        match report.privacy {
            Privacy::Full => " Holds telephone numbers and names: not for sharing.",
            Privacy::Masked => " Numbers and names are masked.",
        }
    );
    if let Some(source) = &header.source {
        let _ = writeln!(text, "<p class=\"run\">File: {}.</p>", escaped(&source.to_string()));
    }
    text.push_str("<ul class=\"totals\">\n");
    let summary = &header.summary;
    for (ending, says) in ENDINGS {
        let count = match ending {
            Ending::Done => summary.done,
            Ending::NotSeen => summary.not_seen,
            Ending::Already => summary.already,
            Ending::Failed => summary.failed,
            Ending::Skipped => summary.skipped,
            Ending::Pending => summary.pending,
            Ending::Unknown => summary.unknown,
        };
        let name = line::ending(ending);
        let _ = writeln!(
            text,
            "<li><b class=\"{name}\" id=\"total-{name}\">{count}</b>{says}</li>"
        );
    }
    if header.open > 0 {
        let _ = writeln!(
            text,
            "<li><b id=\"total-open\">{}</b>open: run it again to go on</li>",
            header.open
        );
    }
    if header.losses > 0 {
        let _ = writeln!(
            text,
            "<li><b id=\"total-lost\">{}</b>numbers taken from their holders</li>",
            header.losses
        );
    }
    text.push_str("</ul>\n");
    text.push_str(&timeline(&spans(&report.intervals, BARS)));
    text
}

fn period(started: Option<&str>, ended: Option<&str>) -> String {
    match (started, ended) {
        (Some(started), Some(ended)) => format!("From {} to {}.", escaped(started), escaped(ended)),
        (Some(started), None) => format!("Begun {}, not ended.", escaped(started)),
        _ => "Not begun.".to_owned(),
    }
}

const TABLE: &str = "<section class=\"rows\"><h2>Rows</h2>\n<div class=\"controls\"><input id=\"search\" type=\"search\" aria-label=\"Search\" \
placeholder=\"number, user, reason, request id\">\
<select id=\"ending\" aria-label=\"Ending\"><option value=\"\">all endings</option><option>done</option><option>notSeen</option><option>already\
</option><option>failed</option><option>skipped</option><option>pending</option><option>unknown</option><option>open</option></select>\
<button id=\"earlier\" type=\"button\">earlier</button><button id=\"later\" type=\"button\">later</button>\
<span id=\"shown\" role=\"status\"></span></div>\n<div class=\"scroll\"><table><thead><tr><th>Line</th><th>Action</th>\
<th>User</th><th>Number</th><th>Ending</th><th>What, and what to do</th><th>Request ids</th></tr></thead>\
<tbody id=\"table-body\"></tbody></table></div></section>\n";

/// A row for the page's script: an array of texts, as JSON in which no `<` ends the script.
fn data(row: &ReportRow) -> String {
    let outcome = row.outcome.shown();
    let (what, step) = match &outcome.failure {
        Some(failure) => (
            match &failure.service_message {
                Some(words) => format!("{} (the service says: {words})", failure.what),
                None => failure.what.clone(),
            },
            failure.next_step.as_str(),
        ),
        None => (outcome.warnings.join("; "), ""),
    };
    let mut what = what;
    for loss in &row.losses {
        if !what.is_empty() {
            what.push_str("; ");
        }
        what.push_str(&loss.to_string());
    }
    let action = row.wanted.label();
    let values = serde_json::json!([
        outcome.line,
        action,
        row.wanted.user_label(),
        row.wanted.number(),
        row.outcome.word(),
        what,
        step,
        outcome.request_ids.join(" "),
    ]);
    values
        .to_string()
        .replace('<', "\\u003c")
        .replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029")
}

fn failures(causes: &[Cause]) -> String {
    let mut text = String::from("<section class=\"causes\"><h2>Problems by cause</h2>\n");
    if causes.is_empty() {
        text.push_str("<p class=\"card\">Nothing.</p>\n");
    }
    for cause in causes {
        let name = line::ending(cause.ending);
        let code = cause.code.as_deref().map(|code| format!(" / {}", escaped(code)));
        let lines: Vec<_> = cause.lines.iter().map(u32::to_string).collect();
        let more = if cause.count > cause.lines.len() as u64 {
            ", …"
        } else {
            ""
        };
        let _ = writeln!(
            text,
            "<div class=\"card cause\"><p><b>{}</b> × {}{} <button type=\"button\" class=\"tag {name}\" \
             data-ending=\"{name}\">{name}</button></p>\n<p>{}</p>\n<p class=\"step\">{}</p>\n<p>Lines {}{more}</p></div>",
            cause.count,
            escaped(&cause.kind),
            code.unwrap_or_default(),
            escaped(&cause.what),
            escaped(&cause.next_step),
            lines.join(", "),
        );
    }
    text.push_str("</section>\n");
    text
}

/// Rows per second as bars, and marks where the service said to wait.
fn timeline(spans: &[Span]) -> String {
    let mut text = String::from("<h2>Over time</h2>\n");
    let highest = spans.iter().map(|span| span.rows).fold(0.0, f64::max);
    if highest <= 0.0 {
        text.push_str("<p class=\"card\">Nothing was changed.</p>\n");
        return text;
    }
    let (width, height, base) = (1000.0, 170.0, 140.0);
    let step = width / spans.len() as f64;
    let throttled: u64 = spans.iter().map(|span| span.throttled).sum();
    let seconds = spans.last().map_or(0.0, |span| span.from + span.seconds);
    let _ = writeln!(
        text,
        "<div class=\"card\"><svg id=\"timeline\" viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"Rows per \
         second over {seconds:.0} seconds, at most {highest:.1}; {throttled} answers 429\">\n\
         <line class=\"axis\" x1=\"0\" y1=\"{base}\" x2=\"{width}\" y2=\"{base}\"/>"
    );
    for (place, span) in spans.iter().enumerate() {
        let x = place as f64 * step;
        let tall = span.rows / highest * (base - 20.0);
        if tall > 0.0 {
            let _ = writeln!(
                text,
                "<rect class=\"bar\" x=\"{x:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{tall:.1}\"><title>{:.0} s: {:.1} rows \
                 and {:.1} requests a second</title></rect>",
                base - tall,
                (step * 0.9).max(0.5),
                span.from,
                span.rows,
                span.sent
            );
        }
        if span.throttled > 0 {
            let _ = writeln!(
                text,
                "<rect class=\"wait\" x=\"{x:.1}\" y=\"{base}\" width=\"{:.1}\" height=\"8\"><title>{:.0} s: {} answers \
                 429</title></rect>",
                (step * 0.9).max(0.5),
                span.from,
                span.throttled
            );
        }
    }
    let _ = writeln!(
        text,
        "<text x=\"0\" y=\"12\">{highest:.1} rows a second at most</text>\n<text x=\"0\" y=\"{height}\">0 s</text>\n\
         <text x=\"{width}\" y=\"{height}\" text-anchor=\"end\">{seconds:.0} s; {throttled} × 429 (marked below the \
         line)</text>\n</svg></div>"
    );
    text
}

/// A text between tags or in quotes.
fn escaped(text: &str) -> String {
    let mut output = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => output.push_str("&amp;"),
            '<' => output.push_str("&lt;"),
            '>' => output.push_str("&gt;"),
            '"' => output.push_str("&quot;"),
            '\'' => output.push_str("&#39;"),
            other => output.push(other),
        }
    }
    output
}
