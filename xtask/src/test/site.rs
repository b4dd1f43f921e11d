//! The documentation site: built strictly, and looked at in a browser.

use anyhow::Result;

use super::browser::Browser;
use super::tally::Tally;
use super::{Context, Outcome};
use crate::site::{self, Built};

/// Builds the site; where there is a browser, runs `tests/browser/site.test.mjs` on it.
pub(super) fn run(context: &Context<'_>) -> Result<Outcome> {
    let folder = match site::build(context.project, false)? {
        Built::Good(folder) => folder,
        Built::Bad => {
            let reason = "the site cannot be built, or has broken links, see above";
            return Ok(Outcome::of(false, reason));
        }
        Built::Impossible(reason) => return Ok(Outcome::Skipped(reason)),
    };
    let browser = match Browser::prepare(context)? {
        Ok(browser) => browser,
        // The site itself is good.
        Err(Outcome::Skipped(reason)) => {
            println!("not looked at: {reason}");
            return Ok(Outcome::Passed(Tally::default()));
        }
        Err(outcome) => return Ok(outcome),
    };
    let (good, tally) = browser.look(context, "site.test.mjs", &folder)?;
    Ok(if good {
        Outcome::Passed(tally)
    } else {
        let reason = "a browser does not show the site correctly, see above";
        Outcome::Failed(tally, reason.to_owned())
    })
}
