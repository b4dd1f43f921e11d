//! Rules about packages: who depends on whom, and what a manifest has to say.

use super::Finding;
use super::policy::Policy;
use super::tree::Tree;

/// Our crates depend on each other as the policy says, and in no other way.
pub(super) fn directions(tree: &Tree, policy: &Policy) -> Vec<Finding> {
    let mut findings = Vec::new();
    let ours = |name: &str| tree.packages.iter().any(|package| package.name == name);
    for package in &tree.packages {
        let Some(directions) = policy.depends.get(package.role()) else {
            findings.push(Finding::in_file(
                &package.manifest_path,
                format!(
                    "nobody has decided what `{}` may depend on; add [depends.{0}] to xtask/tidy.toml",
                    package.role()
                ),
            ));
            continue;
        };
        for dependency in package.dependencies.iter().filter(|dependency| ours(&dependency.name)) {
            let allowed = directions.uses.contains(&dependency.name)
                || dependency.is_dev() && directions.tests.contains(&dependency.name);
            if !allowed {
                findings.push(Finding::in_file(
                    &package.manifest_path,
                    format!(
                        "`{}` may not depend on `{}`{}; the directions are stated in xtask/tidy.toml",
                        package.name,
                        dependency.name,
                        if dependency.is_dev() { ", not even in tests" } else { "" }
                    ),
                ));
            }
        }
    }
    findings
}

/// Some libraries are used by their owner alone.
pub(super) fn owners(tree: &Tree, policy: &Policy) -> Vec<Finding> {
    let mut findings = Vec::new();
    for package in &tree.packages {
        for dependency in &package.dependencies {
            for owner in &policy.owner {
                let role = package.role().to_owned();
                let allowed = !owner.libraries.contains(&dependency.name)
                    || owner.crates.contains(&role)
                    || dependency.is_dev() && owner.tests.contains(&role);
                if !allowed {
                    findings.push(Finding::in_file(
                        &package.manifest_path,
                        format!(
                            "`{}` may not use {}, only {} may: {}",
                            package.name,
                            dependency.name,
                            owner.crates.join(" and "),
                            owner.reason
                        ),
                    ));
                }
            }
        }
    }
    findings
}

/// Every manifest describes its crate, names a licence, and takes the lints of the workspace.
pub(super) fn described(tree: &Tree, _policy: &Policy) -> Vec<Finding> {
    let mut findings = Vec::new();
    for package in &tree.packages {
        let mut missing = |what: &str| {
            findings.push(Finding::in_file(
                &package.manifest_path,
                format!("`{}` {what}", package.name),
            ));
        };
        if package.description.as_deref().unwrap_or_default().trim().is_empty() {
            missing("has no `description`");
        }
        if package.license.as_deref().unwrap_or_default().trim().is_empty() {
            missing("has no `license`; write: license.workspace = true");
        }
        // Bindings state their own lints: only they may hold unsafe code. Fuzz targets are a workspace of their own.
        let lints = tree
            .text(&package.manifest_path)
            .and_then(|text| toml::from_str::<toml::Table>(text).ok())
            .and_then(|manifest| manifest.get("lints")?.get("workspace")?.as_bool());
        let on_its_own = package.role() == "bindings" || package.manifest_path.starts_with("fuzz/");
        if !on_its_own && lints != Some(true) {
            missing("does not take the lints of the workspace; write: [lints] workspace = true");
        }
    }
    findings
}
