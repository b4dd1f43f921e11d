//! The table of steps, in the order they run but for those that `alongside.rs` names: what is quick and often wrong comes first.

use anyhow::Result;

use super::{Context, Outcome, browser, clients, compile, demo, node, node_package, python, site, standalone};
use crate::spec_check::{self, CloudName};
use crate::{Verdict, codegen, countries, faults, surface, tidy};

/// A step of `test`.
pub(super) struct Step {
    /// The name that selects it.
    pub(super) group: &'static str,
    /// Its heading.
    pub(super) says: &'static str,
    /// Runs it.
    pub(super) run: fn(&Context<'_>) -> Result<Outcome>,
}

/// All steps.
pub(super) const STEPS: &[Step] = &[
    Step {
        group: "format",
        says: "Formatting",
        run: compile::format,
    },
    Step {
        group: "tidy",
        says: "Rules of the repository",
        run: |context| verdict(tidy::check(context.project)?, "run: cargo xtask tidy"),
    },
    Step {
        group: "codegen",
        says: "Generated code is what the spec says",
        run: |context| verdict(codegen::check(context.project)?, "run: cargo xtask codegen"),
    },
    Step {
        group: "clippy",
        says: "Lints",
        run: compile::clippy,
    },
    Step {
        group: "rust",
        says: "Tests of the workspace, those in the documentation included",
        run: compile::tests,
    },
    Step {
        group: "browser",
        says: "The pages of bulk work in a browser",
        run: browser::run,
    },
    Step {
        group: "python",
        says: "The Python package, in an environment of its own",
        run: python::run,
    },
    Step {
        group: "node",
        says: "The npm package, with tools of its own",
        run: node::run,
    },
    Step {
        group: "node-package",
        says: "The packed Node package: bundlers, Bun and Deno",
        run: node_package::run,
    },
    Step {
        group: "clients",
        says: "Clients of others, unmodified, on the emulator",
        run: clients::run,
    },
    Step {
        group: "faults",
        says: "Bulk jobs with faults, killed at random moments",
        run: |context| {
            let verdict = faults::run(&faults::Arguments::few(), context.project)?;
            Ok(Outcome::of(
                verdict == Verdict::Good,
                "the campaign found violations, see above",
            ))
        },
    },
    Step {
        group: "rustdoc",
        says: "Documentation",
        run: compile::documentation,
    },
    Step {
        group: "site",
        says: "The documentation site, built and looked at in a browser",
        run: site::run,
    },
    Step {
        group: "surface",
        says: "The public surface is the one that was reviewed",
        run: |context| match node::missing(context) {
            Some(missing) => Ok(missing),
            None => verdict(surface::check(context.project)?, "run: cargo xtask surface"),
        },
    },
    Step {
        group: "countries",
        says: "The table of countries is what libphonenumber says",
        run: |context| verdict(countries::check(context.project)?, "run: cargo xtask countries"),
    },
    Step {
        group: "spec",
        says: "The spec against Microsoft Graph's metadata",
        run: spec,
    },
    Step {
        group: "standalone",
        says: "All of v1.0 as crates of their own: global, US Government L4, China",
        run: standalone::test,
    },
    Step {
        group: "demo",
        says: "The demo, as text",
        run: demo::text,
    },
    Step {
        group: "demo",
        says: "The demo, as JSON",
        run: demo::json,
    },
];

fn verdict(verdict: Verdict, next: &str) -> Result<Outcome> {
    Ok(Outcome::of(verdict == Verdict::Good, next))
}

/// Compares the spec with the metadata of every cloud that is here.
fn spec(context: &Context<'_>) -> Result<Outcome> {
    let clouds = [
        ("v1.0-Prod.csdl", CloudName::Global),
        ("v1.0-Fairfax.csdl", CloudName::UsGovL4),
        ("v1.0-Mooncake.csdl", CloudName::China),
    ];
    let here: Vec<_> = clouds
        .into_iter()
        .map(|(file, cloud)| (context.metadata.join(file), cloud))
        .filter(|(path, _)| path.exists())
        .collect();
    if here.is_empty() {
        return Ok(Outcome::Skipped(format!("{} is not here", context.metadata.display())));
    }
    let mut good = true;
    for (path, cloud) in here {
        let arguments = spec_check::Arguments::of(path, cloud);
        good &= spec_check::run(&arguments, context.project)? == Verdict::Good;
    }
    Ok(Outcome::of(good, "the spec differs from the service, see above"))
}
