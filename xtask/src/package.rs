//! Packages as they would be published: built small, installed where nothing else is, and tested there.

use std::env::consts::{ARCH, DLL_PREFIX, DLL_SUFFIX, OS};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::Verdict;
use crate::project::Project;

/// How packages are built: see Cargo.toml.
const PROFILE: &str = "compact";

/// The builder of the Python package.
const MATURIN: &str = "maturin==1.16.*";

/// The packages that the tests of the Python package import.
pub(crate) const PYTHON_TEST_TOOLS: &[&str] = &["jsonschema==4.26.0", "pytest==9.2.0"];

/// Platforms that the npm package has a native part for, each a package of its own. The release workflow builds these.
const PLATFORMS: &[&str] = &[
    "darwin-arm64",
    "darwin-x64",
    "linux-arm64-gnu",
    "linux-arm64-musl",
    "linux-x64-gnu",
    "linux-x64-musl",
    "win32-arm64-msvc",
    "win32-x64-msvc",
];

/// Options of `package`.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Packages to build; both by default
    #[arg(value_parser = ["python", "node"])]
    packages: Vec<String>,
    /// Only build, without installing and testing: for platforms that cannot run what they build
    #[arg(long)]
    build: bool,
    /// The Rust target of the native part, for npm; this machine's by default
    #[arg(long, requires = "platform")]
    target: Option<String>,
    /// npm's name of that target's platform; this machine's by default
    #[arg(long, requires = "target", value_parser = clap::builder::PossibleValuesParser::new(PLATFORMS))]
    platform: Option<String>,
}

/// Builds packages into `target/packages` and tests them.
pub(crate) fn run(arguments: &Arguments, project: &Project) -> Result<Verdict> {
    let wanted = |name: &str| arguments.packages.is_empty() || arguments.packages.iter().any(|one| one == name);
    if wanted("python") {
        let wheel = wheel(project)?;
        println!("built {}", wheel.display());
        if !arguments.build {
            test_wheel(project, &wheel)?;
        }
    }
    if wanted("node") {
        let other = arguments.target.as_deref().zip(arguments.platform.as_deref());
        let (package, native) = npm_packages(project, other)?;
        println!("built {}\nbuilt {}", package.display(), native.display());
        if !arguments.build {
            test_npm_packages(project, &package, &native)?;
        }
    }
    Ok(Verdict::Good)
}

/// Where packages are put.
pub(crate) fn packages(project: &Project) -> PathBuf {
    project.target().join("packages")
}

/// Builds the wheel of the Python package, and tells where it is.
pub(crate) fn wheel(project: &Project) -> Result<PathBuf> {
    let tools = project.target().join("package-tools");
    if !tools.join("bin/maturin").exists() {
        execute(Command::new("python3").args(["-m", "venv"]).arg(&tools))?;
        execute(pip(&tools).arg(MATURIN))?;
    }
    let target = host()?;
    let mut build = Command::new(tools.join("bin/maturin"));
    build
        .args(["build", "--profile", PROFILE, "--quiet", "--target", &target, "--out"])
        .arg(packages(project))
        .current_dir(project.path("bindings/python"));
    execute(compiled(project, &mut build, None)?)?;
    newest(&packages(project), "whl")
}

/// Has the compiler leave out where this machine keeps the sources: panics name the file they come from, so a library would tell
/// its users about the machine that built it, in a few hundred places.
pub(crate) fn compiled<'c>(
    project: &Project,
    build: &'c mut Command,
    library_of_c: Option<&str>,
) -> Result<&'c mut Command> {
    let cargo = std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::home_dir().map(|home| home.join(".cargo")));
    let sources = cargo.map(|cargo| cargo.join("registry/src"));
    let flags: Vec<String> = sources
        .iter()
        .chain([&project.root])
        .map(|folder| format!("--remap-path-prefix={}=.", folder.display()))
        .chain(library_of_c.map(str::to_owned))
        // The variable is split at spaces.
        .filter(|flag| !flag.contains(char::is_whitespace))
        .collect();
    // Flags of a target, which the environment may set, are stronger than these: then the names stay, and the build works.
    Ok(build
        .env("CARGO_BUILD_RUSTFLAGS", flags.join(" "))
        .env("CARGO_TARGET_DIR", project.target()))
}

/// Installs a wheel where nothing else is, and runs the package's tests against it.
fn test_wheel(project: &Project, wheel: &Path) -> Result<()> {
    let environment = project.target().join("package-test/python");
    test_plain_installation(project, &environment, wheel)?;
    execute(pip(&environment).args(PYTHON_TEST_TOOLS))?;
    execute(
        Command::new(environment.join("bin/python"))
            .args(["-m", "pytest", "-q", "tests"])
            .current_dir(project.path("bindings/python")),
    )
}

/// Installs a wheel with `pip install` into an environment that has nothing else, and lists numbers by a credential of
/// asyncio: what the package needs must be in it.
pub(crate) fn test_plain_installation(project: &Project, environment: &Path, wheel: &Path) -> Result<()> {
    if environment.exists() {
        fs::remove_dir_all(environment)?;
    }
    execute(Command::new("python3").args(["-m", "venv"]).arg(environment))?;
    execute(pip(environment).args(["--no-index"]).arg(wheel))?;
    for program in ["first_list.py", "cutover.py"] {
        let mut first = Command::new(environment.join("bin/python"));
        // The sources must not be found in its place.
        first
            .arg(project.path("bindings/python/tests/plain").join(program))
            .current_dir(environment)
            .env_remove("PYTHONPATH");
        execute(&mut first)?;
    }
    Ok(())
}

/// Builds the npm package and the one with the native part of this machine's platform, or of a target and what npm calls it.
pub(crate) fn npm_packages(project: &Project, other: Option<(&str, &str)>) -> Result<(PathBuf, PathBuf)> {
    let source = project.path("bindings/node");
    let (target, platform) = match other {
        Some((target, platform)) => (target.to_owned(), platform.to_owned()),
        None => (host()?, this_platform()),
    };
    let mut build = Command::new("cargo");
    build
        .args(["build", "--quiet", "--profile", PROFILE, "--package", "trunkline-node"])
        .args(["--target", &target])
        .current_dir(&project.root);
    execute(compiled(project, &mut build, library_of_c(&target))?)?;
    let (prefix, suffix) = match platform.split('-').next() {
        Some("win32") => ("", ".dll"),
        Some("darwin") => ("lib", ".dylib"),
        Some("linux") => ("lib", ".so"),
        _ => (DLL_PREFIX, DLL_SUFFIX),
    };
    let library = project
        .target()
        .join(format!("{target}/{PROFILE}/{prefix}trunkline_node{suffix}"));

    compile_node(project)?;
    let manifest = npm_manifest(project)?;
    let main = main_package(&packages(project), &source, &manifest)?;
    let native = platform_package(&packages(project), &manifest, &platform, &library)?;
    Ok((main, native))
}

/// Installs the tools of the Node package and compiles its TypeScript, once in a run of this program.
pub(crate) fn compile_node(project: &Project) -> Result<()> {
    static IS_COMPILED: AtomicBool = AtomicBool::new(false);
    let folder = project.path("bindings/node");
    if !IS_COMPILED.load(Ordering::Relaxed) {
        execute(npm(&folder).args(["ci", "--silent"])).context("the tools of the Node package cannot be installed")?;
        execute(npm(&folder).args(["run", "--silent", "compile"])).context("the Node package does not compile")?;
        IS_COMPILED.store(true, Ordering::Relaxed);
    }
    Ok(())
}

/// How the native part for Node has its C library. Windows need not have Visual C++'s, which Node brings for itself only; on
/// musl the one of the process has to serve, as there is no library that holds its own.
fn library_of_c(target: &str) -> Option<&'static str> {
    if target.ends_with("-windows-msvc") {
        Some("-Ctarget-feature=+crt-static")
    } else if target.ends_with("-musl") {
        Some("-Ctarget-feature=-crt-static")
    } else {
        None
    }
}

/// `package.json`, with the links that follow from the project's address. npm publishes with provenance only what names its
/// repository.
pub(crate) fn npm_manifest(project: &Project) -> Result<Value> {
    let mut manifest: Value = serde_json::from_str(&fs::read_to_string(project.path("bindings/node/package.json"))?)?;
    let workspace: toml::Table = fs::read_to_string(project.path("Cargo.toml"))?.parse()?;
    let address = workspace["workspace"]["package"]["repository"].as_str();
    let address = address.context("Cargo.toml names no repository")?.trim_end_matches('/');
    manifest["homepage"] = format!("{address}#readme").into();
    manifest["repository"] =
        json!({ "type": "git", "url": format!("git+{address}.git"), "directory": "bindings/node" });
    manifest["bugs"] = json!({ "url": format!("{address}/issues") });
    Ok(manifest)
}

/// The package that users name: JavaScript and types, and the platforms' packages as what it may need.
pub(crate) fn main_package(packages: &Path, source: &Path, manifest: &Value) -> Result<PathBuf> {
    let stage = fresh(&packages.join("trunkline"))?;
    fs::copy(source.join("package.json"), stage.join("package.json"))?;
    // By npm, which leaves everything else in its order: of two conditions in `exports`, the first that holds is taken.
    execute(npm(&stage).args(["pkg", "delete", "devDependencies", "scripts"]))?;
    let version = manifest["version"].as_str().context("package.json has no version")?;
    let natives = PLATFORMS
        .iter()
        .map(|platform| format!("optionalDependencies[@trunkline/{platform}]={version}"));
    execute(npm(&stage).args(["pkg", "set"]).args(natives))?;
    let links = ["homepage", "repository", "bugs"].map(|name| format!("{name}={}", manifest[name]));
    execute(npm(&stage).args(["pkg", "set", "--json"]).args(links))?;
    fs::copy(source.join("README.md"), stage.join("README.md"))?;
    copy_all(&source.join("dist"), &stage.join("dist"))?;
    packed(packages, &stage)
}

/// The package of one platform: the native part alone.
pub(crate) fn platform_package(packages: &Path, manifest: &Value, platform: &str, library: &Path) -> Result<PathBuf> {
    let stage = fresh(&packages.join(format!("trunkline-{platform}")))?;
    let file = format!("trunkline.{platform}.node");
    fs::copy(library, stage.join(&file)).with_context(|| format!("cannot copy {}", library.display()))?;
    let mut parts = platform.split('-');
    let (os, cpu, libc) = (parts.next(), parts.next(), parts.next());
    let mut described = json!({
        "name": format!("@trunkline/{platform}"),
        "version": manifest["version"],
        "description": format!("The native part of trunkline for {platform}"),
        "license": manifest["license"],
        "homepage": manifest["homepage"],
        "repository": manifest["repository"],
        "bugs": manifest["bugs"],
        "main": file,
        "files": [file],
        "os": [os],
        "cpu": [cpu],
        "engines": manifest["engines"],
    });
    if os == Some("linux") {
        described["libc"] = json!([if libc == Some("musl") { "musl" } else { "glibc" }]);
    }
    fs::write(stage.join("package.json"), serde_json::to_string_pretty(&described)?)?;
    packed(packages, &stage)
}

/// Installs both packages where nothing else is, and uses them from both kinds of modules.
fn test_npm_packages(project: &Project, package: &Path, native: &Path) -> Result<()> {
    let work = project.target().join("package-test/node");
    let folder = fresh(&work.join("program"))?;
    install_npm_packages(&folder, package, native)?;
    let uses = "const emulator = await Emulator.start(); \
                const numbers = emulator.client().graph.admin.teams.telephoneNumberManagement.numberAssignments; \
                let seen = 0; for await (const number of numbers.list()) seen += number.telephoneNumber ? 1 : 0; \
                emulator.close(); if (seen === 0) throw new Error('no numbers');";
    let module = format!("import {{ Emulator }} from 'trunkline'; {uses}");
    let common = format!("const {{ Emulator }} = require('trunkline'); (async () => {{ {uses} }})();");
    for (kind, text) in [("module", module), ("commonjs", common)] {
        let kind = format!("--input-type={kind}");
        execute(Command::new("node").args([&kind, "-e", &text]).current_dir(&folder))?;
    }
    // The command as well, from a workbook to a verified end.
    execute(
        Command::new("node")
            .args(["--test", "packaged/cutover.test.mjs"])
            .current_dir(project.path("bindings/node"))
            .env("TRUNKLINE_PACKAGED", work),
    )
}

/// Installs the two packages into a folder; packages of other platforms are not asked for.
pub(crate) fn install_npm_packages(folder: &Path, package: &Path, native: &Path) -> Result<()> {
    fs::write(folder.join("package.json"), "{ \"private\": true }\n")?;
    execute(
        npm(folder)
            .args([
                "install",
                "--no-audit",
                "--no-fund",
                "--loglevel=error",
                "--omit=optional",
            ])
            .args([package, native]),
    )
}

/// Node's name of this machine, in the form that the package uses.
pub(crate) fn this_platform() -> String {
    let arch = match ARCH {
        "x86_64" => "x64",
        "aarch64" => "arm64",
        other => other,
    };
    match OS {
        "linux" if cfg!(target_env = "musl") => format!("linux-{arch}-musl"),
        "linux" => format!("linux-{arch}-gnu"),
        "windows" => format!("win32-{arch}-msvc"),
        "macos" => format!("darwin-{arch}"),
        other => format!("{other}-{arch}"),
    }
}

/// The compiler's name of this machine.
pub(crate) fn host() -> Result<String> {
    let output = Command::new("rustc")
        .args(["--print", "host-tuple"])
        .output()
        .context("cannot start rustc")?;
    ensure!(output.status.success(), "rustc does not say what machine this is");
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

/// An empty folder.
pub(crate) fn fresh(folder: &Path) -> Result<PathBuf> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(folder)?;
    Ok(folder.to_path_buf())
}

/// Packs a folder as npm would publish it.
fn packed(packages: &Path, stage: &Path) -> Result<PathBuf> {
    let output = npm(stage)
        .args(["pack", "--silent", "--pack-destination"])
        .arg(packages)
        .output()
        .context("cannot start npm")?;
    ensure!(output.status.success(), "npm pack failed");
    let name = String::from_utf8(output.stdout)?;
    Ok(packages.join(name.trim()))
}

pub(crate) fn copy_all(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_all(&entry.path(), &target)?;
        } else if entry.path().extension().is_none_or(|extension| extension != "node") {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

pub(crate) fn pip(environment: &Path) -> Command {
    let mut command = Command::new(environment.join("bin/pip"));
    // Compiled modules are what an installation has.
    command
        .args(["install", "--quiet", "--disable-pip-version-check"])
        .env_remove("PYTHONDONTWRITEBYTECODE");
    command
}

pub(crate) fn npm(folder: &Path) -> Command {
    let mut command = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    command.current_dir(folder);
    command
}

/// The folder of a Python package of PyPI, installed where nothing else is; it is added to `PYTHONPATH`.
pub(crate) fn python_library(project: &Project, requirement: &str) -> Result<PathBuf> {
    let folder = project.target().join("python-libraries").join(requirement);
    if !folder.exists() {
        let mut install = Command::new("python3");
        install.args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--target",
        ]);
        execute(install.arg(&folder).arg(requirement))?;
    }
    Ok(folder)
}

/// The output of a command that has to succeed.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let shown = command.get_program().display().to_string();
    let output = command.output().with_context(|| format!("cannot start {shown}"))?;
    let errors = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{shown} failed: {errors}");
    Ok(String::from_utf8(output.stdout)?)
}

/// The file of a kind that was written last.
pub(crate) fn newest(folder: &Path, extension: &str) -> Result<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)?.flatten() {
        let path = entry.path();
        if path.extension().is_some_and(|found| found == extension) {
            found.push((entry.metadata()?.modified()?, path));
        }
    }
    let newest = found.into_iter().max_by_key(|(written, _)| *written);
    newest
        .map(|(_, path)| path)
        .with_context(|| format!("{} holds no .{extension}", folder.display()))
}

/// Runs a command that has to succeed.
pub(crate) fn execute(command: &mut Command) -> Result<()> {
    let shown = command.get_program().display().to_string();
    let status = command.status().with_context(|| format!("cannot start {shown}"))?;
    ensure!(status.success(), "{shown} failed");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_is_one_of_the_platforms_that_are_published() {
        let published = PLATFORMS.contains(&this_platform().as_str());
        assert!(
            published || !matches!(OS, "linux" | "macos" | "windows"),
            "{}",
            this_platform()
        );
    }

    #[test]
    fn the_package_looks_for_the_platforms_that_are_published() {
        let package = concat!(env!("CARGO_MANIFEST_DIR"), "/../bindings/node/typescript/");
        let list: String = PLATFORMS
            .iter()
            .map(|platform| format!("  \"{platform}\",\n"))
            .collect();
        for file in ["platforms.ts", "platforms-bundled.mts"] {
            let text = fs::read_to_string(format!("{package}{file}")).unwrap();
            assert!(
                text.contains(&format!("PLATFORMS: readonly string[] = [\n{list}];")),
                "{file}"
            );
        }
        let text = fs::read_to_string(format!("{package}platforms.ts")).unwrap();
        for platform in PLATFORMS {
            assert!(
                text.contains(&format!("require(\"@trunkline/{platform}\")")),
                "{platform}"
            );
        }
        let release = include_str!("../../.github/workflows/release.yml");
        for platform in PLATFORMS {
            assert!(release.contains(&format!("{{ platform: {platform}, ")), "{platform}");
        }
    }

    #[test]
    fn a_native_part_brings_the_library_that_its_platform_may_lack() {
        let flag = |target| library_of_c(target).unwrap_or_default();
        assert_eq!(flag("x86_64-pc-windows-msvc"), "-Ctarget-feature=+crt-static");
        assert_eq!(flag("aarch64-unknown-linux-musl"), "-Ctarget-feature=-crt-static");
        assert_eq!(flag("x86_64-unknown-linux-gnu"), "");
    }

    #[test]
    fn what_fails_is_said() {
        let error = execute(Command::new("false").arg("quietly")).unwrap_err().to_string();
        assert_eq!(error, "false failed");
        assert!(newest(Path::new("src"), "whl").is_err());
    }
}
