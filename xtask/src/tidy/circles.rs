//! The rule about circles: no files that use each other in a loop.
//!
//! An arrow leads from the file that names an item to the file that defines it, so that a facade which only hands items on is
//! part of no circle. An import for types alone (`import type`, `if TYPE_CHECKING`) and one inside a function of Python are arrows
//! as any other: a reader follows them, too. Generated files have none.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::LazyLock;

use regex::Regex;

use super::Finding;
use super::policy::Policy;
use super::text::pattern;
use super::tree::{Tree, extension, file_name, folder, is_generated};

/// The sources of the Python package.
const PYTHON: &str = "bindings/python/python/";
/// The sources of the Node package.
const TYPESCRIPT: &str = "bindings/node/typescript/";

/// A file as the rule sees it. Modules and items are paths: `crates/a/src/b/Item` is the item of `crates/a/src/b.rs`.
#[derive(Default)]
struct Source<'t> {
    file: &'t str,
    /// Names that an import brings in, with the paths they stand for.
    names: BTreeMap<String, String>,
    /// Items that it defines, where that is known; those that macros declare are not.
    defined: Option<BTreeSet<String>>,
    /// Paths of what the code uses.
    used: BTreeSet<String>,
}

/// Files by the path of their module.
type Sources<'t> = BTreeMap<String, Source<'t>>;

/// No files use each other in a loop, but for the circles that `xtask/tidy.toml` allows.
pub(super) fn circles(tree: &Tree, policy: &Policy) -> Vec<Finding> {
    let files = || {
        tree.files()
            .filter_map(|(file, text)| Some((file, text, module_of(file)?)))
    };
    let modules: BTreeSet<String> = files().map(|(.., module)| module).collect();
    let sources: Sources<'_> = files()
        .map(|(file, text, module)| {
            let mut source = match extension(file) {
                "rs" => rust(text, &module, &modules),
                "py" => python(text, &module),
                _ => typescript(text, &module),
            };
            source.file = file;
            (module, source)
        })
        .collect();
    let arrows: BTreeMap<&str, BTreeMap<&str, &str>> = sources
        .values()
        .map(|source| {
            let used = source.used.iter().filter_map(|path| definition(&sources, path, 0));
            (source.file, used.filter(|(file, _)| *file != source.file).collect())
        })
        .collect();
    let mut findings = Vec::new();
    let mut seen = BTreeSet::new();
    for file in arrows.keys() {
        let Some(circle) = shortest_circle(&arrows, file) else {
            continue;
        };
        let is_allowed = policy.circles.is_allowed(&circle);
        if is_allowed || circle.iter().any(|file| seen.contains(file)) {
            continue;
        }
        let steps = circle.iter().zip(circle.iter().cycle().skip(1));
        let steps: Vec<String> = steps
            .map(|(from, to)| format!("uses `{}` of {to}", arrows[from][to]))
            .collect();
        findings.push(Finding::in_file(
            file,
            format!("stands in a circle: it {}", steps.join(", which ")),
        ));
        seen.extend(circle);
    }
    findings
}

/// The path of the module that a file is; nothing for files that the rule does not look at.
fn module_of(file: &str) -> Option<String> {
    let is_read = match extension(file) {
        "rs" => file.contains("/src/") && !file.starts_with("tests/"),
        "py" => file.starts_with(PYTHON) && file_name(file) != "__init__.py",
        "ts" => file.starts_with(TYPESCRIPT),
        _ => false,
    };
    if !is_read || is_generated(file) {
        return None;
    }
    let is_root = matches!(file_name(file), "lib.rs" | "main.rs" | "mod.rs");
    let path = if is_root {
        folder(file)
    } else {
        file.rsplit_once('.')?.0
    };
    Some(path.to_owned())
}

/// The file that defines what a path names, and the item's name there. Nothing for modules and for what is not ours.
fn definition<'s>(sources: &'s Sources<'_>, path: &'s str, depth: usize) -> Option<(&'s str, &'s str)> {
    let mut end = path.len();
    let source = loop {
        match sources.get(&path[..end]) {
            Some(source) => break source,
            None => end = path[..end].rfind('/')?,
        }
    };
    let name = path[end..].strip_prefix('/')?.split('/').next()?;
    if source.defined.as_ref().is_none_or(|defined| defined.contains(name)) {
        return Some((source.file, name));
    }
    let elsewhere = source.names.get(name).filter(|_| depth < 8)?;
    definition(sources, elsewhere, depth + 1)
}

/// The shortest way from a file back to itself.
fn shortest_circle<'t>(arrows: &BTreeMap<&'t str, BTreeMap<&'t str, &'t str>>, start: &'t str) -> Option<Vec<&'t str>> {
    let mut reached = BTreeMap::from([(start, start)]);
    let mut queue = VecDeque::from([start]);
    while let Some(file) = queue.pop_front() {
        for next in arrows.get(file).into_iter().flat_map(BTreeMap::keys) {
            if *next == start {
                let mut circle: Vec<&str> =
                    std::iter::successors(Some(file), |file| (*file != start).then(|| reached[file])).collect();
                circle.reverse();
                return Some(circle);
            }
            if !reached.contains_key(next) {
                reached.insert(next, file);
                queue.push_back(next);
            }
        }
    }
    None
}

/// Reads a file of Rust; tests in it are left out.
fn rust<'t>(text: &str, module: &str, modules: &BTreeSet<String>) -> Source<'t> {
    static APART: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r##"(?mx) //.*$ | r\#"(?s:.*?)"\# | '\\?.' | "(?:\\(?s:.)|[^"\\])*"
            | ^\#\[cfg\(test\)\]\n(?: .*;\n | .*\{\n(?:(?:[\ \t].*)?\n)*\}\n )"##,
        )
    });
    static IMPORT: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b(pub(?:\([^)]*\))? )?use ([^;]+);"));
    static DEFINED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?m)^(?:pub(?:\(.*\))? )?(?:async |const )*(?:fn|struct|enum|trait|type|const|static|macro_rules!) (\w+)",
        )
    });
    static PATH: LazyLock<Regex> = LazyLock::new(|| pattern(r"\w+(?:::\w+)*"));
    let text = APART.replace_all(text, "");
    let code = IMPORT.replace_all(&text, "");
    let defined = DEFINED.captures_iter(&code).map(|found| found[1].to_owned());
    let mut source = Source {
        defined: Some(defined.collect()),
        ..Source::default()
    };
    let paths: BTreeSet<String> = PATH
        .find_iter(&code)
        .map(|path| path.as_str().replace("::", "/"))
        .flat_map(|path| [path.split('/').next().unwrap_or_default().to_owned(), path])
        .collect();
    let absolute = |names: &BTreeMap<String, String>, path: &str| {
        let (first, rest) = path.split_once('/').unwrap_or((path, ""));
        let (mut place, mut rest) = match first {
            "crate" => (&module[..module.find("/src").map_or(0, |start| start + 4)], rest),
            "self" => (module, rest),
            "super" => (folder(module), rest),
            child if modules.contains(&format!("{module}/{child}")) => (module, path),
            name => (names.get(name)?.as_str(), rest),
        };
        while let Some(above) = rest.strip_prefix("super/") {
            (place, rest) = (folder(place), above);
        }
        Some(format!("{place}/{rest}"))
    };
    for import in IMPORT.captures_iter(&text) {
        let is_private = import.get(1).is_none();
        for (path, name) in leaves(&import[2].replace("::", "/").replace(char::is_whitespace, " ")) {
            let Some(path) = absolute(&source.names, &path) else {
                continue;
            };
            if is_private || paths.contains(&name) {
                source.used.insert(path.clone());
            }
            source.names.insert(name, path);
        }
    }
    let named = paths.iter().filter(|path| path.contains('/'));
    let used: Vec<String> = named.filter_map(|path| absolute(&source.names, path)).collect();
    source.used.extend(used);
    source
}

/// The paths of an import, which may stand in braces, and what each is called here.
fn leaves(tree: &str) -> Vec<(String, String)> {
    let mut depth = 0;
    let parts = tree.split(|mark| {
        depth += i32::from(mark == '{') - i32::from(mark == '}');
        mark == ',' && depth == 0
    });
    let mut leaves = Vec::new();
    for part in parts.map(str::trim).filter(|part| !part.is_empty()) {
        if let Some((above, below)) = part.split_once('{') {
            let below = self::leaves(below.trim_end().trim_end_matches('}'));
            leaves.extend(below.into_iter().map(|(path, name)| match path.as_str() {
                "self" => (
                    above.trim_end_matches('/').to_owned(),
                    file_name(above.trim_end_matches('/')).to_owned(),
                ),
                _ => (format!("{above}{path}"), name),
            }));
        } else {
            let (path, name) = part.split_once(" as ").unwrap_or((part, file_name(part)));
            leaves.push((path.to_owned(), name.to_owned()));
        }
    }
    leaves
}

/// Reads a module of Python. `__init__.py` only hands on.
fn python<'t>(text: &str, module: &str) -> Source<'t> {
    static COMMENT: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?m)#.*$"));
    static IMPORT: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?m)^[ \t]*from (\.*)([\w.]*) import (?:\(([^)]*)\)|(.*))"));
    let mut source = Source::default();
    for import in IMPORT.captures_iter(&COMMENT.replace_all(text, "")) {
        let place = match import[1].len() {
            0 => PYTHON.trim_end_matches('/'),
            dots => module.rsplitn(dots + 1, '/').last().unwrap_or(module),
        };
        let place = [place, &import[2].replace('.', "/")].join("/");
        let names = import.get(3).or(import.get(4)).map_or("", |names| names.as_str());
        source.uses(place.trim_end_matches('/'), names);
    }
    source
}

/// Reads a module of TypeScript.
fn typescript<'t>(text: &str, module: &str) -> Source<'t> {
    static IMPORT: LazyLock<Regex> =
        LazyLock::new(|| pattern(r#"(?m)^import (?:type )?(?:\{([^}]*)\}|(\*).*) from "\./([\w/.-]+)\.js""#));
    let mut source = Source::default();
    for import in IMPORT.captures_iter(text) {
        let names = import.get(1).or(import.get(2)).map_or("", |names| names.as_str());
        source.uses(&format!("{}/{}", folder(module), &import[3]), names);
    }
    source
}

impl Source<'_> {
    /// Adds the names in the list of an import.
    fn uses(&mut self, place: &str, names: &str) {
        let names = names.split(',').map(|name| name.trim().trim_start_matches("type "));
        let names = names
            .filter_map(|name| name.split(' ').next())
            .filter(|name| !name.is_empty());
        self.used.extend(names.map(|name| format!("{place}/{name}")));
    }
}
