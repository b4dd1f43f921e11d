//! From the spec to generated code and documentation, and from OData metadata to a crate of its own.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use trunkline_codegen::{Difference, Options, OutputFile, Sources, StandaloneCrate, Target};
use trunkline_spec::Model;

use crate::Verdict;
use crate::project::Project;

/// The mark in a manifest that this task wrote.
const MARK: &str = "cargo xtask codegen";

/// Options of `codegen`.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Write nothing; list the files that are not what the spec says, and fail if there are any
    #[arg(long, conflicts_with = "metadata")]
    check: bool,
    /// Generate a crate of its own from OData metadata (CSDL) instead
    #[arg(long, value_name = "FILE", requires = "out")]
    metadata: Option<PathBuf>,
    /// With --metadata: everything in it
    #[arg(long, requires = "metadata", conflicts_with = "include")]
    all: bool,
    /// With --metadata: what can be reached from these places, for instance users,admin/teams
    #[arg(long, value_name = "PLACE", value_delimiter = ',', requires = "metadata")]
    include: Vec<String>,
    /// With --metadata: the folder of the crate; everything else in it is removed
    #[arg(long, value_name = "FOLDER", requires = "metadata")]
    out: Option<PathBuf>,
}

/// How much of the metadata a crate of its own holds.
pub(crate) enum Part {
    /// All of it.
    All,
    /// The types that can be reached from some paths.
    Places(Vec<String>),
}

/// Writes, checks, or writes a crate of its own.
pub(crate) fn run(arguments: &Arguments, project: &Project) -> Result<Verdict> {
    let (Some(metadata), Some(out)) = (&arguments.metadata, &arguments.out) else {
        return if arguments.check {
            check(project)
        } else {
            write(project)
        };
    };
    let part = if arguments.all {
        Part::All
    } else if arguments.include.is_empty() {
        bail!("say how much of the metadata: --all, or --include with places such as users,admin/teams");
    } else {
        Part::Places(arguments.include.clone())
    };
    standalone(metadata, &part, out, project)?;
    Ok(Verdict::Good)
}

/// Whether all generated files are what the spec says; lists those that are not.
pub(crate) fn check(project: &Project) -> Result<Verdict> {
    let mut stale = 0;
    for (folder, files) in outputs(project)? {
        for difference in trunkline_codegen::check(&files, &project.path(folder))? {
            println!("{folder}/{difference}");
            stale += 1;
        }
    }
    if stale == 0 {
        println!("all generated files are what the spec says");
        return Ok(Verdict::Good);
    }
    println!("{stale} generated files are not what the spec says; run: cargo xtask codegen");
    Ok(Verdict::Bad)
}

fn write(project: &Project) -> Result<Verdict> {
    let mut all = 0;
    let mut written = 0;
    for (folder, files) in outputs(project)? {
        all += files.len();
        for difference in trunkline_codegen::write(&files, &project.path(folder))? {
            println!("{folder}/{}", did(&difference));
            written += 1;
        }
    }
    println!("{all} generated files, {written} of them written or removed");
    Ok(Verdict::Good)
}

fn did(difference: &Difference) -> String {
    match difference {
        Difference::Missing(path) => format!("{path}: added"),
        Difference::Changed(path) => format!("{path}: written"),
        Difference::Stale(path) => format!("{path}: removed"),
    }
}

/// Everything that is generated from the spec, its cases included, and the page from the emulator's entries, by folder.
fn outputs(project: &Project) -> Result<BTreeMap<&'static str, Vec<OutputFile>>> {
    let sources = Sources {
        model: trunkline_spec::read_spec(&project.path("spec"))?.model,
        interface: trunkline_spec::read_interface(&project.path("spec/trunkline"))?,
    };
    let mut outputs = trunkline_codegen::emit(&sources)?;
    let examples = crate::examples::read(project)?;
    let documentation = outputs.entry("docs/generated").or_default();
    documentation.push(crate::parity::page(project)?);
    documentation.push(trunkline_codegen::catalogue(&sources.model, &examples));
    outputs
        .entry("tests/contract/tests/generated")
        .or_default()
        .push(trunkline_codegen::call_tests(&sources.model, &examples));
    Ok(outputs)
}

/// Generates a crate of its own.
pub(crate) fn standalone(metadata: &Path, part: &Part, out: &Path, project: &Project) -> Result<()> {
    may_be_emptied(out)?;
    let all = trunkline_spec::read_csdl(metadata)?;
    let model: Model = match part {
        Part::All => all,
        Part::Places(places) => trunkline_spec::slice(&all, places)?,
    };
    std::fs::create_dir_all(out).with_context(|| format!("cannot make the folder {}", out.display()))?;
    let place = out.canonicalize()?;
    let options = Options {
        target: Target::StandaloneCrate(StandaloneCrate {
            name: crate_name(&place),
            core_path: relative(&place, &project.path("crates/trunkline-core").canonicalize()?)?,
            emulator_path: Some(relative(
                &place,
                &project.path("crates/trunkline-emulator").canonicalize()?,
            )?),
        }),
    };
    let files = trunkline_codegen::generate(&model, &options)?;
    let written = trunkline_codegen::write(&files, out)?.len();
    println!(
        "{}: {} types, {} enums, {} actions and functions in {} files, {written} of them written or removed",
        out.display(),
        model.types.len(),
        model.enums.len(),
        model.callables.len(),
        files.len()
    );
    Ok(())
}

/// A folder is overwritten only if it is empty or holds a generated crate: what is not generated is removed.
fn may_be_emptied(out: &Path) -> Result<()> {
    let empty = match std::fs::read_dir(out) {
        Ok(mut entries) => entries.next().is_none(),
        Err(_) => !out.exists(),
    };
    let generated = std::fs::read_to_string(out.join("Cargo.toml")).is_ok_and(|manifest| manifest.contains(MARK));
    ensure!(
        empty || generated,
        "{} holds something that was not generated, and would be removed; give another folder or empty it",
        out.display()
    );
    Ok(())
}

/// A name for the crate in a folder: lower case, words joined by hyphens, a letter first.
fn crate_name(folder: &Path) -> String {
    let name = folder.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    let words: Vec<&str> = name
        .split(|character: char| !character.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let name = words.join("-");
    match name.chars().next() {
        None => "graph".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("graph-{name}"),
        Some(_) => name,
    }
}

/// The path from one folder to another one, with slashes. Both are absolute and without links.
fn relative(from: &Path, to: &Path) -> Result<String> {
    let from: Vec<Component<'_>> = from.components().collect();
    let to: Vec<Component<'_>> = to.components().collect();
    let same = from.iter().zip(&to).take_while(|(left, right)| left == right).count();
    ensure!(same > 0, "the crate has to be on the same drive as this checkout");
    let up = std::iter::repeat_n("..".to_owned(), from.len() - same);
    let down = to[same..]
        .iter()
        .map(|component| component.as_os_str().to_string_lossy().into_owned());
    Ok(up.chain(down).collect::<Vec<_>>().join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const METADATA: &str = r#"<?xml version="1.0"?>
        <edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
        <Schema Namespace="villa" xmlns="http://docs.oasis-open.org/odata/ns/edm">
            <EntityType Name="room"><Key><PropertyRef Name="id"/></Key>
                <Property Name="id" Type="Edm.String" Nullable="false"/></EntityType>
            <EntityType Name="garden"><Key><PropertyRef Name="id"/></Key>
                <Property Name="id" Type="Edm.String" Nullable="false"/></EntityType>
            <EntityContainer Name="service">
                <EntitySet Name="rooms" EntityType="villa.room"/>
                <EntitySet Name="gardens" EntityType="villa.garden"/></EntityContainer>
        </Schema></edmx:DataServices></edmx:Edmx>"#;

    #[test]
    fn a_crate_of_its_own_holds_what_was_asked_for_and_finds_the_core() {
        let project = Project::find().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let metadata = folder.path().join("villa.csdl");
        std::fs::write(&metadata, METADATA).unwrap();
        let out = folder.path().join("My Villa");
        let mut arguments = Arguments {
            check: false,
            metadata: Some(metadata),
            all: false,
            include: Vec::new(),
            out: Some(out.clone()),
        };
        let error = run(&arguments, &project).unwrap_err().to_string();
        assert!(error.contains("--include"), "{error}");

        let text = |name: &str| std::fs::read_to_string(out.join(name)).unwrap();
        arguments.include = vec!["rooms".to_owned()];
        run(&arguments, &project).unwrap();
        assert!(text("Cargo.toml").contains("name = \"my-villa\""));
        let core = text("Cargo.toml").lines().find_map(|line| {
            let path = line.strip_prefix("trunkline-core = { path = \"")?;
            Some(path.split('"').next()?.to_owned())
        });
        assert!(out.join(core.unwrap()).join("Cargo.toml").exists());
        assert!(text("src/villa.rs").contains("struct Room"));
        assert!(!text("src/villa.rs").contains("Garden"));

        arguments.include = Vec::new();
        arguments.all = true;
        run(&arguments, &project).unwrap();
        assert!(text("src/villa.rs").contains("struct Garden"));
    }

    #[test]
    fn paths_lead_from_one_folder_to_the_other() {
        let path = |from: &str, to: &str| relative(Path::new(from), Path::new(to)).unwrap();
        assert_eq!(path("/a/out", "/a/b/core"), "../b/core");
        assert_eq!(path("/a/b/target/x/y", "/a/b/crates/core"), "../../../crates/core");
        assert_eq!(path("/x", "/a"), "../a");
    }

    #[test]
    fn crates_are_named_after_their_folder() {
        for (folder, name) in [
            ("/out/v1.0-Prod", "v1-0-prod"),
            ("/out/My Graph", "my-graph"),
            ("/out/365", "graph-365"),
            ("/", "graph"),
        ] {
            assert_eq!(crate_name(Path::new(folder)), name);
        }
    }

    #[test]
    fn only_a_generated_crate_is_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        assert!(may_be_emptied(folder.path()).is_ok());
        assert!(may_be_emptied(&folder.path().join("new")).is_ok());
        let manifest = folder.path().join("Cargo.toml");
        std::fs::write(&manifest, "[package]\n").unwrap();
        let error = may_be_emptied(folder.path()).unwrap_err().to_string();
        assert!(error.contains("was not generated"), "{error}");
        std::fs::write(&manifest, format!("# Written by {MARK}.\n[package]\n")).unwrap();
        assert!(may_be_emptied(folder.path()).is_ok());
    }
}
