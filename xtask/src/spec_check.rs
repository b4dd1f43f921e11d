//! Compares the spec with Microsoft Graph's own metadata and table of permissions.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use trunkline_spec::model::Cloud;
use trunkline_spec::{Comparison, Spec};

use crate::Verdict;
use crate::project::Project;

/// Options of `spec check`.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Graph's metadata of one cloud (OData CSDL)
    #[arg(long, value_name = "FILE")]
    metadata: PathBuf,
    /// Graph's table of permissions; by default permissions.json in the folder of the metadata, if there is one
    #[arg(long, value_name = "FILE")]
    permissions: Option<PathBuf>,
    /// The cloud the metadata is of
    #[arg(long, value_enum, default_value_t = CloudName::Global)]
    cloud: CloudName,
    /// List the recorded differences and the notes too
    #[arg(long)]
    all: bool,
}

/// Clouds that publish metadata.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CloudName {
    /// The global service
    Global,
    /// US Government L4
    #[value(name = "us-gov-l4")]
    UsGovL4,
    /// US Government L5
    #[value(name = "us-gov-l5")]
    UsGovL5,
    /// China
    China,
}

impl From<CloudName> for Cloud {
    fn from(name: CloudName) -> Self {
        match name {
            CloudName::Global => Self::Global,
            CloudName::UsGovL4 => Self::UsGovL4,
            CloudName::UsGovL5 => Self::UsGovL5,
            CloudName::China => Self::China,
        }
    }
}

impl Arguments {
    /// The check that `test` runs: one cloud, with the permissions in the folder of its metadata.
    pub(crate) fn of(metadata: PathBuf, cloud: CloudName) -> Self {
        Self {
            metadata,
            permissions: None,
            cloud,
            all: false,
        }
    }
}

/// Compares, prints what was found, and fails on what nobody recorded.
pub(crate) fn run(arguments: &Arguments, project: &Project) -> Result<Verdict> {
    let spec = trunkline_spec::read_spec(&project.path("spec"))?;
    let metadata = trunkline_spec::read_csdl(&arguments.metadata)?;
    let types = trunkline_spec::compare_cloud(&spec, &metadata, arguments.cloud.into());
    println!("{}", heading(&arguments.metadata));
    let mut clean = report("metadata", &types, arguments.all);
    match table(arguments)? {
        Some(path) => {
            println!("{}", heading(&path));
            clean &= permissions(&spec, &path, arguments.all)?;
        }
        None => println!("permissions were not compared: {}", why_no_table(arguments)),
    }
    if !clean {
        println!(
            "the spec differs from the service. Where the service is right, mend spec/*.toml and run: cargo xtask codegen. \
             Where the spec is, record the difference with its reason in spec/differences.toml"
        );
    }
    Ok(if clean { Verdict::Good } else { Verdict::Bad })
}

fn heading(path: &Path) -> String {
    format!("the spec against {}", path.display())
}

fn permissions(spec: &Spec, path: &Path, all: bool) -> Result<bool> {
    let table = trunkline_spec::read_permissions(path)
        .with_context(|| format!("cannot read the table of permissions {}", path.display()))?;
    Ok(report(
        "permissions",
        &trunkline_spec::compare_permissions(spec, &table),
        all,
    ))
}

/// The table of permissions to compare with. There is one, and it describes the global service.
fn table(arguments: &Arguments) -> Result<Option<PathBuf>> {
    if let Some(given) = &arguments.permissions {
        if !given.exists() {
            bail!("there is no file {}", given.display());
        }
        return Ok(Some(given.clone()));
    }
    let path = arguments.metadata.with_file_name("permissions.json");
    Ok(Some(path).filter(|path| arguments.cloud == CloudName::Global && path.exists()))
}

fn why_no_table(arguments: &Arguments) -> &'static str {
    if arguments.cloud == CloudName::Global {
        "there is no permissions.json in the folder of the metadata; give one with --permissions FILE"
    } else {
        "Graph's table describes the global service; give one with --permissions FILE to compare anyway"
    }
}

/// Prints a comparison and says whether it is clean.
fn report(what: &str, comparison: &Comparison, all: bool) -> bool {
    for difference in &comparison.differences {
        println!("  {what}: {difference}");
    }
    for record in &comparison.outdated {
        println!("  outdated record, nothing differs there any more; remove it: {record}");
    }
    if all {
        for (difference, record) in &comparison.recorded {
            println!("  recorded ({}): {difference}", record.reason);
        }
        for note in comparison.news() {
            println!("  note: {note}");
        }
    }
    println!("  {}", comparison.summary());
    comparison.is_clean()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_permissions_is_in_the_folder_of_the_global_metadata() {
        let folder = tempfile::tempdir().unwrap();
        let mut arguments = Arguments::of(folder.path().join("v1.0.csdl"), CloudName::Global);
        assert_eq!(table(&arguments).unwrap(), None);
        let path = folder.path().join("permissions.json");
        std::fs::write(&path, "{}").unwrap();
        assert_eq!(table(&arguments).unwrap(), Some(path.clone()));
        arguments.cloud = CloudName::China;
        assert_eq!(table(&arguments).unwrap(), None);
        arguments.permissions = Some(path.clone());
        assert_eq!(table(&arguments).unwrap(), Some(path));
        arguments.permissions = Some(folder.path().join("nothing.json"));
        assert!(table(&arguments).is_err());
    }

    #[test]
    fn a_spec_that_differs_is_not_clean() {
        let model = trunkline_spec::read_csdl_text(
            "empty.csdl",
            r#"<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
            <Schema Namespace="villa" xmlns="http://docs.oasis-open.org/odata/ns/edm"/></edmx:DataServices></edmx:Edmx>"#,
        )
        .unwrap();
        let project = Project::find().unwrap();
        let spec = trunkline_spec::read_spec(&project.path("spec")).unwrap();
        assert!(!report("metadata", &trunkline_spec::compare(&spec, &model), true));
        assert!(report(
            "metadata",
            &trunkline_spec::compare(&Spec::default(), &model),
            true
        ));
    }
}
