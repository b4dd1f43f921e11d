//! The public surface of the Rust crates and of the other languages' packages as text: one line for each item, read by
//! people when it changes.
//!
//! It is read from the sources; there is no nightly compiler that could tell, and it shall be checked before anything is
//! built. What a macro of Rust writes is shown as the macro's call.

mod items;
mod macros;
mod print;
mod python;
mod reach;
mod sources;
mod typescript;

use std::collections::BTreeSet;

use anyhow::{Context, Result};

use crate::Verdict;
use crate::project::Project;

/// A language's surface.
struct Language {
    /// The file it is kept in.
    file: &'static str,
    /// Of what it is the surface.
    of: &'static str,
    /// Reads its lines.
    lines: fn(&Project) -> Result<Vec<String>>,
}

/// All of them.
const LANGUAGES: &[Language] = &[
    Language {
        file: "tests/surface/rust.txt",
        of: "the Rust crates",
        lines: rust,
    },
    Language {
        file: "tests/surface/python.txt",
        of: "the Python package",
        lines: |project| {
            let packages = project.path("bindings/python/python");
            let mut lines = python::lines(&packages.join("trunkline"), PYTHON_MODULES)?;
            lines.extend(python::lines(&packages.join("trunkline_pytest"), &[])?);
            Ok(lines)
        },
    },
    Language {
        file: "tests/surface/node.txt",
        of: "the Node package",
        lines: |project| typescript::lines(&project.path("bindings/node/typescript/index.ts")),
    },
];

/// The crates people depend on, with the name they write.
const CRATES: &[(&str, &str)] = &[
    ("trunkline", "crates/trunkline/src/lib.rs"),
    ("trunkline_core", "crates/trunkline-core/src/lib.rs"),
];

/// Modules of the Python package whose public names people meet, besides those of the package itself.
const PYTHON_MODULES: &[&str] = &[
    "bulk",
    "generated.graph",
    "generated.teams_administration",
    "generated.handles",
    "generated.async_handles",
];

/// Options of `surface`.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Write nothing; show how the surface differs from the files, and fail if it does
    #[arg(long)]
    check: bool,
}

/// Writes the surfaces, or checks them.
pub(crate) fn run(arguments: &Arguments, project: &Project) -> Result<Verdict> {
    if arguments.check {
        return check(project);
    }
    for language in LANGUAGES {
        let text = surface(language, project)?;
        let path = project.path(language.file);
        if std::fs::read_to_string(&path).is_ok_and(|old| old == text) {
            println!("{} is what the sources say", language.file);
            continue;
        }
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(&path, &text).with_context(|| format!("cannot write {}", language.file))?;
        println!("{}: written, {} items", language.file, text.lines().count() - 1);
    }
    Ok(Verdict::Good)
}

/// Compares the surfaces with the files; prints what differs.
pub(crate) fn check(project: &Project) -> Result<Verdict> {
    let mut verdict = Verdict::Good;
    for language in LANGUAGES {
        let now = surface(language, project)?;
        let then = std::fs::read_to_string(project.path(language.file)).unwrap_or_default();
        if now == then {
            println!(
                "{} is what the sources say: {} items",
                language.file,
                now.lines().count() - 1
            );
            continue;
        }
        for line in difference(&then, &now) {
            println!("{line}");
        }
        println!(
            "the public surface is not what {} says; if the change is meant, run: cargo xtask surface",
            language.file
        );
        verdict = Verdict::Bad;
    }
    Ok(verdict)
}

fn surface(language: &Language, project: &Project) -> Result<String> {
    let mut text = format!(
        "# The public surface of {}, one line an item. Written by: cargo xtask surface\n",
        language.of
    );
    for line in (language.lines)(project)? {
        text.push_str(&line);
        text.push('\n');
    }
    Ok(text)
}

fn rust(project: &Project) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    for (name, root) in CRATES {
        lines.extend(reach::lines(&sources::Sources::read(name, &project.path(root))?));
    }
    Ok(lines)
}

/// Lines that went and lines that came, in the order of the text.
fn difference(then: &str, now: &str) -> Vec<String> {
    let (old, new): (BTreeSet<&str>, BTreeSet<&str>) = (then.lines().collect(), now.lines().collect());
    let gone = then
        .lines()
        .filter(|line| !new.contains(line))
        .map(|line| format!("- {line}"));
    let come = now
        .lines()
        .filter(|line| !old.contains(line))
        .map(|line| format!("+ {line}"));
    gone.chain(come).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The surface of a crate of one or more files.
    fn surface_of(files: &[(&str, &str)]) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        reach::lines(&sources::Sources::read("villa", &folder.path().join("lib.rs")).unwrap())
    }

    #[test]
    fn only_what_can_be_named_from_outside_is_shown() {
        let lines = surface_of(&[
            (
                "lib.rs",
                "mod hidden;\npub mod shown;\npub use hidden::{Room, deep::Cellar as Basement};\npub use other::Thing;\n\
                 #[cfg(test)]\npub mod tests { pub fn no() {} }\nfn private() {}\npub(crate) fn inside() {}\n",
            ),
            (
                "hidden.rs",
                "pub mod deep;\n/// Words.\n#[derive(Debug, Clone)]\npub struct Room { pub doors: Vec<u8>, windows: u8 }\n\
                 pub struct Unseen;\nimpl Unseen { pub fn no(&self) {} }\n\
                 impl Room {\n    pub const SIZE: usize = 1;\n    #[must_use] pub fn open(&self, mut door: usize) -> Option<&u8> { None }\n    fn no(&self) {}\n}\n\
                 impl From<u8> for Room { fn from(_: u8) -> Self { todo() } }\n",
            ),
            (
                "hidden/deep.rs",
                "pub struct Cellar;\nimpl super::Room { pub fn down(mut self) -> Cellar { Cellar } }\n",
            ),
            (
                "shown/mod.rs",
                "#[non_exhaustive]\npub enum Colour { Red, Other(String), Mixed { of: u8 } }\n\
                 pub trait Paint<T>: Send { type Error; const N: u8; fn paint(&self, with: T) -> Result<(), Self::Error>; fn twice(&self) {} }\n\
                 impl Paint<u8> for Colour { type Error = (); const N: u8 = 1; fn paint(&self, _: u8) -> Result<(), ()> { Ok(()) } }\n\
                 pub const WIDTH: u32 = 1;\npub type Pair<T> = (T, T);\n#[doc(hidden)]\npub fn secret() {}\n\
                 #[cfg(feature = \"x\")]\npub async fn wait<T>(a: &T) where T: Sized {}\npub use crate::Room;\nmake! { one two }\n\
                 make! { /// Words.\n pub enum Sky = \"sky\" { Day = \"day\" } }\nimpl Sky { pub fn is_day(self) {} }\n",
            ),
        ]);
        assert_eq!(
            lines,
            [
                "pub struct villa::Basement;",
                "pub struct villa::Room { .. }",
                "impl Clone for villa::Room",
                "impl Debug for villa::Room",
                "impl From<u8> for villa::Room",
                "pub const villa::Room::SIZE: usize",
                "pub field villa::Room::doors: Vec<u8>",
                "pub fn villa::Room::down(self) -> Cellar",
                "pub fn villa::Room::open(&self, door: usize) -> Option<&u8>",
                "pub use villa::Thing = other::Thing",
                "pub mod villa::shown",
                "macro call in villa::shown: make! { one two }",
                "#[non_exhaustive] pub enum villa::shown::Colour",
                "impl Paint<u8> for villa::shown::Colour",
                "variant villa::shown::Colour::Mixed { of: u8 }",
                "variant villa::shown::Colour::Other(String)",
                "variant villa::shown::Colour::Red",
                "pub trait villa::shown::Paint<T>: Send",
                "required type villa::shown::Paint::Error",
                "required const villa::shown::Paint::N: u8",
                "required fn villa::shown::Paint::paint(&self, with: T) -> Result<(), Self::Error>",
                "provided fn villa::shown::Paint::twice(&self)",
                "pub type villa::shown::Pair<T> = (T, T)",
                "pub use villa::shown::Room = villa::Room",
                "pub enum villa::shown::Sky = \"sky\"",
                "variant villa::shown::Sky::Day = \"day\"",
                "pub fn villa::shown::Sky::is_day(self)",
                "pub const villa::shown::WIDTH: u32",
                "#[cfg(feature = \"x\")] pub async fn villa::shown::wait<T>(a: &T) where T: Sized",
            ]
        );
    }

    #[test]
    fn globs_lead_to_what_they_bring_in() {
        let lines = surface_of(&[(
            "lib.rs",
            "mod a { pub use self::b::*; pub mod b { pub struct X(pub u8, u8); } pub(crate) struct Y; }\npub use a::*;\npub use far::*;",
        )]);
        assert_eq!(
            lines,
            [
                "pub use villa::* = far::*",
                "pub struct villa::X { .. }",
                "pub field villa::X::0: u8",
                "pub mod villa::b",
                "pub use villa::b::X = villa::X",
            ]
        );
    }

    #[test]
    fn a_type_that_a_macro_declares_is_known_by_its_methods() {
        let lines = surface_of(&[
            ("lib.rs", "pub use a::Place;\nmod a;\nmod b;"),
            ("a.rs", "make! {}\nimpl Place { pub fn up(&self) {} }"),
            ("b.rs", "use super::a::Place;\nimpl Place { pub fn down(&self) {} }"),
        ]);
        assert_eq!(
            lines,
            [
                "pub type villa::Place, declared by a macro",
                "pub fn villa::Place::down(&self)",
                "pub fn villa::Place::up(&self)",
            ]
        );
    }

    #[test]
    fn a_difference_shows_what_went_and_what_came() {
        assert_eq!(difference("a\nb\nc\n", "a\nc\nd\n"), ["- b", "+ d"]);
    }
}
