//! The documentation site: pages by MkDocs, the reference of Node by TypeDoc, that of Rust by rustdoc.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};

use crate::Verdict;
use crate::package::{copy_all, execute, fresh, npm, pip};
use crate::project::Project;

/// Options of `site`.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Document the crates as well, with rustdoc
    #[arg(long)]
    rust: bool,
}

/// Crates with a reference of their own in the site; the first one is where it opens.
const CRATES: [&str; 4] = ["trunkline", "trunkline-core", "trunkline-bulk", "trunkline-emulator"];

/// How a build ended.
pub(crate) enum Built {
    /// The site is there, and every link in it leads somewhere.
    Good(PathBuf),
    /// The faults have been printed.
    Bad,
    /// A tool is not here and cannot be installed.
    Impossible(String),
}

/// Builds the site into `target/site`.
pub(crate) fn run(arguments: &Arguments, project: &Project) -> Result<Verdict> {
    match build(project, arguments.rust)? {
        Built::Good(folder) => {
            println!("open {}", folder.join("index.html").display());
            Ok(Verdict::Good)
        }
        Built::Bad => Ok(Verdict::Bad),
        Built::Impossible(reason) => {
            println!("{reason}");
            Ok(Verdict::Bad)
        }
    }
}

/// Builds everything, and examines it.
pub(crate) fn build(project: &Project, rust: bool) -> Result<Built> {
    let tools = project.target().join("site-tools");
    fs::create_dir_all(&tools)?;
    let Some(python) = python(project, &tools)? else {
        return Ok(Built::Impossible(
            "there is no python3 with pip and venv here".to_owned(),
        ));
    };
    let Some(node) = node(project, &tools)? else {
        return Ok(Built::Impossible("there is no node with npm here".to_owned()));
    };
    let site = project.target().join("site");
    let types = fresh(&tools.join("typedoc"))?;
    let mut pages = Command::new(python.join("bin/python"));
    pages
        .args(["-m", "mkdocs", "build", "--quiet", "--strict", "--config-file"])
        .arg(project.path("docs/site/mkdocs.yml"))
        // It advertises its successor.
        .env("NO_MKDOCS_2_WARNING", "1")
        .env("PYTHONDONTWRITEBYTECODE", "1");
    if rust {
        let entry = "<a href=\"rust/reference/trunkline/index.html\">every item</a>";
        pages.env("TRUNKLINE_SITE_RUST", entry);
    }
    // The two take about as long as each other.
    let mut pages = pages.spawn().context("cannot start MkDocs")?;
    let described = describe_types(project, &node, &types);
    let documented = if rust { document(project) } else { Ok(()) };
    let is_good = pages.wait()?.success();
    described?;
    documented?;
    if !is_good {
        return Ok(Built::Bad);
    }
    copy_all(&types, &site.join("node/reference"))?;
    if rust {
        copy_all(&project.target().join("site-rust/doc"), &site.join("rust/reference"))?;
    }
    let mut check = Command::new(python.join("bin/python"));
    check
        .arg(project.path("docs/site/build/check.py"))
        .arg(&site)
        .env("PYTHONDONTWRITEBYTECODE", "1");
    Ok(match check.status().context("cannot start python")?.success() {
        true => Built::Good(site),
        false => Built::Bad,
    })
}

fn describe_types(project: &Project, node: &Path, out: &Path) -> Result<()> {
    let mut command = Command::new("node");
    command
        .arg(node.join("node_modules/typedoc/bin/typedoc"))
        .args(["--logLevel", "Warn", "--options"])
        .arg(project.path("docs/site/typedoc/typedoc.json"))
        .args([
            "--entryPoints",
            "typescript/index.ts",
            "--tsconfig",
            "tsconfig.json",
            "--out",
        ])
        .arg(out)
        .current_dir(project.path("bindings/node"));
    execute(&mut command).context("TypeDoc cannot describe the package for Node")
}

/// Runs rustdoc, in a folder of its own: what it wrote for other crates does not belong to the site.
fn document(project: &Project) -> Result<()> {
    let mut command = Command::new("cargo");
    command.args(["doc", "--no-deps", "--lib", "--quiet", "--target-dir"]);
    command.arg(project.target().join("site-rust"));
    for name in CRATES {
        command.args(["--package", name]);
    }
    execute(command.current_dir(&project.root))
}

/// An environment with what the requirements name; nothing where there is no Python.
fn python(project: &Project, tools: &Path) -> Result<Option<PathBuf>> {
    let folder = tools.join("python");
    let requirements = project.path("docs/site/requirements.txt");
    let wanted = fs::read_to_string(&requirements)?;
    if is_installed(&folder, &wanted) {
        return Ok(Some(folder));
    }
    let made = Command::new("python3").args(["-m", "venv"]).arg(&folder).status();
    if !made.is_ok_and(|status| status.success()) {
        return Ok(None);
    }
    execute(pip(&folder).arg("--requirement").arg(&requirements))?;
    installed(&folder, &wanted)?;
    Ok(Some(folder))
}

/// A folder with what the lock file names; nothing where there is no Node.
fn node(project: &Project, tools: &Path) -> Result<Option<PathBuf>> {
    let folder = tools.join("node");
    let source = project.path("docs/site/typedoc");
    let version = npm(&source).arg("--version").stdout(Stdio::null()).status();
    if version.is_err() {
        return Ok(None);
    }
    let wanted = fs::read_to_string(source.join("package-lock.json"))?;
    if is_installed(&folder, &wanted) {
        return Ok(Some(folder));
    }
    fs::create_dir_all(&folder)?;
    for name in ["package.json", "package-lock.json"] {
        fs::copy(source.join(name), folder.join(name))?;
    }
    let options = ["ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"];
    execute(npm(&folder).args(options))?;
    installed(&folder, &wanted)?;
    Ok(Some(folder))
}

/// Whether a folder holds what is wanted. The note is written when all of it has been installed, and not before.
fn is_installed(folder: &Path, wanted: &str) -> bool {
    fs::read_to_string(folder.join("installed.txt")).is_ok_and(|installed| installed == wanted)
}

fn installed(folder: &Path, wanted: &str) -> Result<()> {
    fs::write(folder.join("installed.txt"), wanted).with_context(|| format!("cannot write to {}", folder.display()))
}
