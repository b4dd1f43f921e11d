//! The command as an archive for one platform: the program with its manual, completions and licences, and a checksum next to it.

use std::env::consts::EXE_SUFFIX;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use sha2::{Digest, Sha256};

use crate::Verdict;
use crate::package::{compiled, execute, fresh, host, packages};
use crate::project::Project;

/// The files of the repository that go into the archive.
const FILES: [&str; 4] = ["README.md", "CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT"];

/// Scripts for shells: the shell, and the name that it looks for.
const COMPLETIONS: [(&str, &str); 4] = [
    ("bash", "trunkline.bash"),
    ("zsh", "_trunkline"),
    ("fish", "trunkline.fish"),
    ("powershell", "_trunkline.ps1"),
];

/// Options of `archive`.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The Rust target of the command; this machine's by default
    #[arg(long)]
    target: Option<String>,
}

/// Builds the archive into `target/packages`, and tests it.
pub(crate) fn run(arguments: &Arguments, project: &Project) -> Result<Verdict> {
    let archive = build(project, arguments.target.as_deref())?;
    println!("built {}", archive.display());
    test(project, &archive)?;
    Ok(Verdict::Good)
}

/// Builds the archive of a target, this machine's by default, and returns its path. The machine has to be able to run what it
/// builds, because the program itself writes its manual.
fn build(project: &Project, target: Option<&str>) -> Result<PathBuf> {
    let target = target.map_or_else(host, |target| Ok(target.to_owned()))?;
    let mut cargo = Command::new("cargo");
    cargo
        .args([
            "build",
            "--quiet",
            "--release",
            "--locked",
            "--package",
            "trunkline-cli",
            "--bin",
            "trunkline",
        ])
        .args(["--target", &target])
        .current_dir(&project.root);
    execute(compiled(project, &mut cargo, library_of_c(&target))?)?;
    let program = format!("trunkline{EXE_SUFFIX}");
    let name = format!("trunkline-{}-{target}", env!("CARGO_PKG_VERSION"));
    let stage = fresh(&packages(project).join(&name))?;
    fs::copy(
        project.target().join(&target).join("release").join(&program),
        stage.join(&program),
    )?;
    for file in FILES {
        fs::copy(project.path(file), stage.join(file))?;
    }
    describe(&stage.join(&program), &stage)?;
    let archive = packed(&stage, &name)?;
    write_checksum(&archive)?;
    Ok(archive)
}

/// How the program has its C library: in itself, so that it starts on every machine of its kind. On musl that is the default.
fn library_of_c(target: &str) -> Option<&'static str> {
    target
        .ends_with("-windows-msvc")
        .then_some("-Ctarget-feature=+crt-static")
}

/// Has the program write its manual pages and the scripts for shells.
fn describe(program: &Path, stage: &Path) -> Result<()> {
    execute(
        Command::new(program)
            .args(["manual", "--quiet"])
            .arg(stage.join("man1")),
    )?;
    let folder = stage.join("completions");
    fs::create_dir_all(&folder)?;
    for (shell, name) in COMPLETIONS {
        let output = Command::new(program).args(["completions", shell]).output()?;
        ensure!(output.status.success(), "the program writes no script for {shell}");
        fs::write(folder.join(name), output.stdout)?;
    }
    Ok(())
}

/// Packs the folder with the `tar` of the system. That of Windows writes zip files as well.
fn packed(stage: &Path, name: &str) -> Result<PathBuf> {
    let (ending, options) = if cfg!(windows) {
        ("zip", "-acf")
    } else {
        ("tar.gz", "-czf")
    };
    let parent = stage.parent().context("the stage has a parent")?;
    let archive = parent.join(format!("{name}.{ending}"));
    execute(
        Command::new("tar")
            .arg(options)
            .arg(&archive)
            .arg("-C")
            .arg(parent)
            .arg(name),
    )?;
    Ok(archive)
}

/// Writes the checksum in the form that `sha256sum --check` reads.
fn write_checksum(archive: &Path) -> Result<()> {
    let name = archive.file_name().context("an archive has a name")?.to_string_lossy();
    let line = format!("{:x}  {name}\n", Sha256::digest(fs::read(archive)?));
    fs::write(archive.with_file_name(format!("{name}.sha256")), line)?;
    Ok(())
}

/// Unpacks an archive where nothing else is, and uses the program.
fn test(project: &Project, archive: &Path) -> Result<()> {
    let folder = fresh(&project.target().join("package-test/command"))?;
    execute(Command::new("tar").arg("-xf").arg(archive).arg("-C").arg(&folder))?;
    let unpacked = fs::read_dir(&folder)?.next().context("the archive is empty")??.path();
    for file in ["completions/trunkline.bash", "man1/trunkline.1", "LICENSE-MIT"] {
        ensure!(unpacked.join(file).is_file(), "{file} is not in the archive");
    }
    let program = unpacked.join(format!("trunkline{EXE_SUFFIX}"));
    execute(Command::new(&program).arg("--version"))?;
    execute(Command::new(&program).args(["numbers", "check", "+12065550100"]))
}
