//! The public surface of the Python package, read from its modules: nothing has to be built, and no Python has to be there.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, bail};

/// The lines of a package: what its `__all__` names, then the public names of further modules.
pub(super) fn lines(package: &Path, further: &[&str]) -> Result<Vec<String>> {
    let root = read(package, "__init__")?;
    let mut modules = Modules {
        package,
        read: BTreeMap::new(),
    };
    let mut lines = Vec::new();
    for name in &root.all {
        if further.contains(&name.as_str()) || further.contains(&format!("generated.{name}").as_str()) {
            continue;
        }
        if let Some((module, there)) = root.imports.get(name) {
            let items = modules.items(module, there, &root.all)?;
            lines.extend(items.iter().map(|item| shown(item, name)));
        } else if let Some(own) = root
            .items
            .iter()
            .find(|item| item.scope.is_empty() && item.name == *name)
        {
            lines.push(own.text.clone());
        } else {
            bail!("the package exports {name}, but neither makes nor imports it");
        }
    }
    for module in further {
        let own = read(package, module)?;
        // A name that a module passes on belongs to it, whichever module declares it.
        for name in &own.all {
            if let Some((from, there)) = own.imports.get(name) {
                let items = modules.items(from, there, &[&root.all[..], &own.all].concat())?;
                lines.extend(items.iter().map(|item| shown(item, &format!("{module}.{name}"))));
            }
        }
        for item in own.items {
            let of = if item.scope.is_empty() { &item.name } else { &item.scope };
            lines.push(shown(&item, &format!("{module}.{of}")));
        }
    }
    Ok(lines)
}

struct Modules<'p> {
    package: &'p Path,
    read: BTreeMap<String, Module>,
}

impl Modules<'_> {
    /// The declaration of a name in a module: of a class also what it has from classes that nobody else sees, which are those
    /// that are not `exported`.
    fn items(&mut self, module: &str, name: &str, exported: &[String]) -> Result<Vec<Item>> {
        if !self.read.contains_key(module) {
            self.read.insert(module.to_owned(), read(self.package, module)?);
        }
        let known = &self.read[module];
        let mut items: Vec<Item> = known
            .items
            .iter()
            .filter(|item| item.scope == name || (item.scope.is_empty() && item.name == name))
            .cloned()
            .collect();
        let Some(own) = items.first() else {
            bail!("{module} has no {name}");
        };
        let mut hidden = Vec::new();
        for base in bases(&own.text) {
            if exported.contains(&base) || base == "Record" {
                continue;
            }
            if known
                .items
                .iter()
                .any(|item| item.scope.is_empty() && item.name == base)
            {
                hidden.push((module.to_owned(), base));
            } else if let Some((from, there)) = known.imports.get(&base).filter(|(from, _)| self.has(from)) {
                hidden.push((from.clone(), there.clone()));
            }
        }
        for (from, base) in hidden {
            for item in self.items(&from, &base, exported)? {
                let is_new = !item.scope.is_empty() && items.iter().all(|own| own.name != item.name);
                if is_new {
                    items.push(item);
                }
            }
        }
        Ok(items)
    }

    fn has(&self, module: &str) -> bool {
        ["py", "pyi"]
            .iter()
            .any(|extension| path(self.package, module, extension).exists())
    }
}

/// The bases of a class.
fn bases(class: &str) -> Vec<String> {
    let Some((_, bases)) = class.split_once('(') else {
        return Vec::new();
    };
    bases
        .split(',')
        .map(|base| word(base.trim()))
        .filter(|base| !base.is_empty())
        .collect()
}

/// An item under the name by which others know it or what it is in.
fn shown(item: &Item, name: &str) -> String {
    if item.scope.is_empty() {
        item.text.replacen(&item.name, name, 1)
    } else {
        format!("{name}: {}", item.text)
    }
}

fn path(package: &Path, module: &str, extension: &str) -> std::path::PathBuf {
    package.join(format!("{}.{extension}", module.replace('.', "/")))
}

fn read(package: &Path, module: &str) -> Result<Module> {
    // Native classes have a stub only.
    let stub = path(package, module, "pyi");
    let folder = path(package, &format!("{module}.__init__"), "py");
    let file = [stub, path(package, module, "py"), folder]
        .into_iter()
        .find(|path| path.exists());
    let file = file.with_context(|| format!("there is no module {module}"))?;
    let text = std::fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
    Ok(Module::of(&text))
}

/// Something that a module says.
#[derive(Debug, Clone)]
struct Item {
    /// The class it is in; empty for what stands in the module.
    scope: String,
    name: String,
    text: String,
}

#[derive(Debug, Default)]
struct Module {
    items: Vec<Item>,
    /// Modules and names there, by names here.
    imports: BTreeMap<String, (String, String)>,
    /// The names in `__all__`.
    all: Vec<String>,
}

/// A block that lines stand in.
enum Block {
    Class(String),
    /// A condition: what is in it belongs to what is around it.
    Condition,
    /// Nobody's business.
    Body,
}

impl Module {
    fn of(text: &str) -> Self {
        let mut module = Self::default();
        let mut blocks: Vec<(usize, Block)> = Vec::new();
        let mut decorators: Vec<String> = Vec::new();
        for (indent, line) in logical_lines(text) {
            while blocks.last().is_some_and(|(inside, _)| indent < *inside) {
                blocks.pop();
            }
            if blocks.iter().any(|(_, block)| matches!(block, Block::Body)) {
                continue;
            }
            let scope = blocks.iter().rev().find_map(|(_, block)| match block {
                Block::Class(name) => Some(name.clone()),
                _ => None,
            });
            let scope = scope.unwrap_or_default();
            if line.starts_with('@') {
                decorators.push(line);
                continue;
            }
            let decorated: Vec<String> = std::mem::take(&mut decorators);
            let inner = indent + 1;
            if let Some(rest) = line.strip_prefix("class ") {
                let name = word(rest);
                let hidden = is_hidden(&name);
                let text = line.trim_end_matches("...").trim_end().trim_end_matches(':').to_owned();
                if !hidden {
                    module.items.push(Item {
                        scope: String::new(),
                        name: name.clone(),
                        text,
                    });
                }
                blocks.push((inner, if hidden { Block::Body } else { Block::Class(name) }));
            } else if let Some(rest) = line.strip_prefix("async def ").or_else(|| line.strip_prefix("def ")) {
                let name = word(rest);
                if !is_hidden(&name) {
                    let text = signature(&decorated, &line);
                    module.items.push(Item { scope, name, text });
                }
                blocks.push((inner, Block::Body));
            } else if line.starts_with("from ") {
                module.import(&line);
            } else if let Some(rest) = line.strip_prefix("__all__ = ") {
                module.all = names_in(rest);
            } else if ["if ", "else:", "elif ", "try:", "except", "with "]
                .iter()
                .any(|start| line.starts_with(start))
            {
                blocks.push((inner, Block::Condition));
            } else {
                module.value(scope, &line);
            }
        }
        module
    }

    fn import(&mut self, line: &str) {
        let Some((from, names)) = line["from ".len()..].split_once(" import ") else {
            return;
        };
        let module = from.trim_start_matches("trunkline").trim_start_matches('.');
        for name in names
            .trim_matches(['(', ')', ' '])
            .split(',')
            .map(str::trim)
            .filter(|name| !name.is_empty())
        {
            let (there, here) = name.split_once(" as ").unwrap_or((name, name));
            self.imports
                .insert(here.to_owned(), (module.to_owned(), there.to_owned()));
        }
    }

    /// An attribute or a constant.
    fn value(&mut self, scope: String, line: &str) {
        let name = word(line);
        let rest = line[name.len()..].trim_start();
        if name.is_empty() || is_hidden(&name) || (name.starts_with("__") && name != "__version__") {
            return;
        }
        let text = if rest.starts_with(':') {
            line.split(" = ").next().unwrap_or(line).to_owned()
        } else if rest.starts_with("= ") {
            line.to_owned()
        } else {
            return;
        };
        self.items.push(Item { scope, name, text });
    }
}

/// A function as others see it.
fn signature(decorators: &[String], line: &str) -> String {
    let mut text = String::new();
    for decorator in decorators {
        if ["@property", "@classmethod", "@staticmethod", "@overload"].contains(&decorator.as_str())
            || decorator.ends_with(".setter")
        {
            text.push_str(decorator);
            text.push(' ');
        }
    }
    // The colon behind the arguments and the answer ends it; one within brackets or a text does not.
    let (mut depth, mut quote, mut end) = (0, None, line.len());
    for (at, found) in line.char_indices() {
        match (found, quote) {
            ('"' | '\'', None) => quote = Some(found),
            (_, Some(open)) if found == open => quote = None,
            (_, Some(_)) => {}
            ('(' | '[' | '{', None) => depth += 1,
            (')' | ']' | '}', None) => depth -= 1,
            (':', None) if depth == 0 => {
                end = at;
                break;
            }
            _ => {}
        }
    }
    text.push_str(&line[..end]);
    text.replace("( ", "(").replace(", )", ")").replace(" )", ")")
}

fn word(text: &str) -> String {
    text.chars()
        .take_while(|found| found.is_alphanumeric() || *found == '_')
        .collect()
}

/// Names with an underscore are nobody's business; those with two at both ends are Python's.
fn is_hidden(name: &str) -> bool {
    name.starts_with('_') && !(name.starts_with("__") && name.ends_with("__"))
}

fn names_in(list: &str) -> Vec<String> {
    list.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

/// Lines with what is in brackets joined, without comments and texts that stand alone; with their indentation.
fn logical_lines(text: &str) -> Vec<(usize, String)> {
    let mut lines = Vec::new();
    let (mut line, mut indent, mut depth) = (String::new(), 0, 0i32);
    let mut rest = text;
    let mut begins = true;
    while let Some(first) = rest.chars().next() {
        if begins {
            indent = rest.len() - rest.trim_start_matches(' ').len();
            rest = &rest[indent..];
            begins = false;
            continue;
        }
        if first == '#' {
            rest = &rest[rest.find('\n').unwrap_or(rest.len())..];
            continue;
        }
        if first == '"' || first == '\'' {
            let length = string_length(rest);
            line.push_str(&rest[..length].split_whitespace().collect::<Vec<_>>().join(" "));
            rest = &rest[length..];
            continue;
        }
        rest = &rest[first.len_utf8()..];
        match first {
            '\n' if depth > 0 => line.push(' '),
            '\n' => {
                let whole = line.split_whitespace().collect::<Vec<_>>().join(" ");
                if !whole.is_empty() && !whole.starts_with(['"', '\'']) {
                    lines.push((indent, whole));
                }
                line.clear();
                begins = true;
            }
            _ => {
                depth += i32::from("([{".contains(first)) - i32::from(")]}".contains(first));
                line.push(first);
            }
        }
    }
    lines
}

/// The length of a text, with its quotes.
fn string_length(rest: &str) -> usize {
    let quote = ["\"\"\"", "'''", "\"", "'"]
        .into_iter()
        .find(|quote| rest.starts_with(quote))
        .unwrap_or("\"");
    let mut at = quote.len();
    while at < rest.len() {
        if rest[at..].starts_with('\\') {
            at += 1 + rest[at + 1..].chars().next().map_or(0, char::len_utf8);
        } else if rest[at..].starts_with(quote) {
            return at + quote.len();
        } else {
            at += rest[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_package_exports_is_shown() {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in [
            (
                "__init__.py",
                "\"\"\"A villa: with \\\"quotes\\\".\"\"\"\nfrom ._villa import (\n    Room,  # the room\n    Door as Gate,\n)\nif TYPE_CHECKING:\n    from ._native import Wall\nSIZE: int = 1\n__all__ = [\n    \"SIZE\",\n    \"Room\",\n    \"Gate\",\n    \"Wall\",\n]\n",
            ),
            (
                "_villa.py",
                "class Hidden:\n    def old(self) -> int: ...\n    def open(self) -> int: ...\nclass Room(Hidden, Generic[T]):\n    \"\"\"Says\n\n    def no(self): ...\n    \"\"\"\n\n    __slots__ = ()\n    size: int | None = None\n    _secret: str\n\n    def __init__(\n        self,\n        size: dict[str, int] = {\":\": 1},  # why\n        *,\n        door: str = \"a: b\",\n    ) -> None:\n        self.x: int = 1\n        def inner() -> None: ...\n\n    @property\n    def open(self) -> bool:\n        \"\"\"Whether.\"\"\"\n        return True\n\n    async def enter(self) -> None: ...\n    def _hidden(self) -> None: ...\n    if TYPE_CHECKING:\n        wide: ClassVar[int]\n\n\nclass Door: ...\nclass Unseen:\n    def no(self) -> None: ...\n",
            ),
            (
                "_native.pyi",
                "class Wall:\n    def paint(self, colour: str = ...) -> None: ...\n",
            ),
            (
                "more.py",
                "def fixture() -> int:\n    x = 1\n    return x\nclass Thing:\n    LIMIT = 3\n",
            ),
        ] {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        assert_eq!(
            lines(folder.path(), &["more"]).unwrap(),
            [
                "SIZE: int",
                "class Room(Hidden, Generic[T])",
                "Room: size: int | None",
                "Room: def __init__(self, size: dict[str, int] = {\":\": 1}, *, door: str = \"a: b\") -> None",
                "Room: @property def open(self) -> bool",
                "Room: async def enter(self) -> None",
                "Room: wide: ClassVar[int]",
                "Room: def old(self) -> int",
                "class Gate",
                "class Wall",
                "Wall: def paint(self, colour: str = ...) -> None",
                "def more.fixture() -> int",
                "class more.Thing",
                "more.Thing: LIMIT = 3",
            ]
        );
    }
}
