//! The public surface of the npm package: the exports of `index.ts`, read from the sources. No compiler of TypeScript is
//! needed; what is exported says its types itself.

mod lexer;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use lexer::{Token, tokens};

/// The lines of a package, from its root module.
pub(super) fn lines(root: &Path) -> Result<Vec<String>> {
    let mut modules = Modules::default();
    let mut lines = Vec::new();
    modules.export(root, "", None, &mut lines)?;
    Ok(lines)
}

/// The declaration or export of a statement.
#[derive(Debug)]
enum Statement {
    /// A declaration.
    Declaration {
        name: String,
        exported: bool,
        /// Its lines: itself, then its members.
        head: String,
        members: Vec<String>,
    },
    /// Everything of another module, with or without a name.
    All { from: String, name: Option<String> },
    /// Some of another module: what it is called there and here.
    Some {
        from: Option<String>,
        names: Vec<(String, String)>,
    },
}

#[derive(Default)]
struct Modules {
    read: BTreeMap<PathBuf, Vec<Statement>>,
}

impl Modules {
    /// Adds what a module exports, or one name of it: `(there, here)`.
    fn export(
        &mut self,
        path: &Path,
        prefix: &str,
        only: Option<(&str, &str)>,
        lines: &mut Vec<String>,
    ) -> Result<bool> {
        self.read(path)?;
        let Some(statements) = self.read.remove(path) else {
            return Ok(false);
        };
        let mut found = false;
        let wanted = |name: &str| match only {
            None => Some(name.to_owned()),
            Some((there, here)) => (there == name).then(|| here.to_owned()),
        };
        for statement in &statements {
            match statement {
                Statement::Declaration {
                    name,
                    exported: true,
                    head,
                    members,
                } => {
                    if let Some(here) = wanted(name) {
                        found = true;
                        let shown = format!("{prefix}{here}");
                        lines.push(renamed(head, name, &shown));
                        lines.extend(members.iter().map(|member| format!("{shown}: {member}")));
                    }
                }
                Statement::Declaration { .. } => {}
                Statement::All { from, name } => {
                    let target = resolved(path, from);
                    match name {
                        Some(name) if wanted(name).is_some() => {
                            found = true;
                            self.export(&target, &format!("{prefix}{name}."), None, lines)?;
                        }
                        Some(_) => {}
                        None => found |= self.export(&target, prefix, only, lines)?,
                    }
                }
                Statement::Some {
                    from: Some(from),
                    names,
                } => {
                    for (there, here) in names {
                        if let Some(here) = wanted(here) {
                            found = true;
                            let target = resolved(path, from);
                            let known = self.export(&target, prefix, Some((there, &here)), lines)?;
                            anyhow::ensure!(known, "{} exports no {there}", target.display());
                        }
                    }
                }
                // A declaration above is exported under its own name.
                Statement::Some { from: None, .. } => {}
            }
        }
        self.read.insert(path.to_path_buf(), statements);
        Ok(found)
    }

    fn read(&mut self, path: &Path) -> Result<()> {
        if !self.read.contains_key(path) {
            let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
            let statements = statements(&text).with_context(|| format!("cannot understand {}", path.display()))?;
            self.read.insert(path.to_path_buf(), statements);
        }
        Ok(())
    }
}

fn resolved(from: &Path, module: &str) -> PathBuf {
    let source = module.strip_suffix(".js").unwrap_or(module);
    let mut path = from.parent().unwrap_or(from).to_path_buf();
    for part in source.split('/').filter(|part| *part != ".") {
        if part == ".." {
            path.pop();
        } else {
            path.push(part);
        }
    }
    path.with_extension("ts")
}

/// A declaration under another name.
fn renamed(head: &str, name: &str, shown: &str) -> String {
    head.replacen(&format!(" {name}"), &format!(" {shown}"), 1)
}

/// The statements of a module that say something about what it exports.
fn statements(text: &str) -> Result<Vec<Statement>> {
    let tokens = tokens(text)?;
    let mut reader = Reader { text, tokens, at: 0 };
    let mut statements = Vec::new();
    while reader.at < reader.tokens.len() {
        if let Some(statement) = reader.statement() {
            statements.push(statement);
        }
    }
    Ok(statements)
}

struct Reader<'t> {
    text: &'t str,
    tokens: Vec<Token>,
    at: usize,
}

impl Reader<'_> {
    fn word(&self, at: usize) -> &str {
        self.tokens
            .get(at)
            .map_or("", |token| &self.text[token.start..token.end])
    }

    fn statement(&mut self) -> Option<Statement> {
        let hidden = self.tokens[self.at].internal;
        let mut at = self.at;
        let exported = self.word(at) == "export";
        if exported {
            at += 1;
        }
        let is_type = self.word(at) == "type";
        let next = at + usize::from(is_type);
        if exported && self.word(next) == "*" {
            let end = self.end_of_statement();
            let name = (self.word(next + 1) == "as").then(|| self.word(next + 2).to_owned());
            let from = unquoted(self.word(end - 2));
            return Some(Statement::All { from, name });
        }
        if exported && self.word(next) == "{" {
            let close = self.after_group(next) - 1;
            let names = self.names(next + 1, close);
            let from = (self.word(close + 1) == "from").then(|| unquoted(self.word(close + 2)));
            self.end_of_statement();
            return Some(Statement::Some { from, names });
        }
        let begin = at;
        while matches!(self.word(at), "declare" | "abstract" | "async" | "default") {
            at += 1;
        }
        let kind = self.word(at).to_owned();
        let named = if kind == "const" && self.word(at + 1) == "enum" {
            at + 2
        } else {
            at + 1
        };
        let name = self.word(named).to_owned();
        let (head, members) = match kind.as_str() {
            "class" | "interface" => {
                let open = self.open_brace(named);
                let head = self.slice(begin, open);
                let close = self.after_group(open) - 1;
                let members = self.members(open + 1, close);
                self.at = close + 1;
                (head, members)
            }
            "function" => {
                let open = self.open_brace(named);
                let head = self.slice(begin, open);
                self.at = self.after_group(open);
                (head, Vec::new())
            }
            "type" | "const" | "let" | "enum" => {
                let end = self.end_of_statement();
                (self.slice(begin, end - 1), Vec::new())
            }
            _ => {
                self.end_of_statement();
                return None;
            }
        };
        Some(Statement::Declaration {
            name,
            exported: exported && !hidden,
            head,
            members,
        })
    }

    /// Goes behind the statement's end: a semicolon, or the brace that closes a body nothing follows.
    fn end_of_statement(&mut self) -> usize {
        let mut at = self.at;
        while at < self.tokens.len() {
            match self.word(at) {
                ";" => {
                    at += 1;
                    break;
                }
                "(" | "[" | "{" => at = self.after_group(at),
                _ => at += 1,
            }
        }
        self.at = at;
        at
    }

    /// The index behind the bracket that closes the one at `at`.
    fn after_group(&self, at: usize) -> usize {
        let mut depth = 0usize;
        for index in at..self.tokens.len() {
            match self.word(index) {
                "(" | "[" | "{" => depth += 1,
                ")" | "]" | "}" => {
                    depth -= 1;
                    if depth == 0 {
                        return index + 1;
                    }
                }
                _ => {}
            }
        }
        self.tokens.len()
    }

    /// The brace that opens a body: one that cannot begin a type.
    fn open_brace(&self, from: usize) -> usize {
        let mut at = from;
        while at < self.tokens.len() {
            match self.word(at) {
                "{" if !matches!(self.word(at - 1), ":" | "|" | "&" | "<" | "," | "=>" | "=" | "is") => return at,
                "(" | "[" | "{" => at = self.after_group(at),
                _ => at += 1,
            }
        }
        at
    }

    /// The public members of a class or an interface.
    fn members(&self, from: usize, to: usize) -> Vec<String> {
        let mut members = Vec::new();
        let mut at = from;
        while at < to {
            if self.word(at) == ";" {
                at += 1;
                continue;
            }
            let begin = at;
            let mut shown = None;
            while at < to {
                match self.word(at) {
                    ";" => break,
                    "{" if !matches!(self.word(at - 1), ":" | "|" | "&" | "<" | "," | "=>" | "=" | "is") => {
                        shown.get_or_insert(at);
                        at = self.after_group(at);
                        break;
                    }
                    // The initial value of a property is not part of the surface.
                    "=" => {
                        shown.get_or_insert(at);
                        at += 1;
                    }
                    "(" | "[" | "{" => at = self.after_group(at),
                    _ => at += 1,
                }
            }
            let end = shown.unwrap_or(at);
            let modifiers: Vec<&str> = (begin..end.min(begin + 4)).map(|index| self.word(index)).collect();
            let is_hidden = self.tokens[begin].internal
                || modifiers[0].starts_with('#')
                || modifiers.iter().any(|word| matches!(*word, "private" | "protected"))
                || (modifiers.contains(&"readonly") && modifiers.iter().any(|word| word.starts_with('#')));
            let text = self.slice(begin, end);
            if !is_hidden && text != "static" {
                members.push(text);
            }
        }
        members
    }

    /// Names in an export: `a`, `type a`, `a as b`.
    fn names(&self, from: usize, to: usize) -> Vec<(String, String)> {
        let words: Vec<&str> = (from..to).map(|at| self.word(at)).collect();
        words
            .split(|word| *word == ",")
            .filter_map(|name| {
                let name = name.strip_prefix(&["type"]).unwrap_or(name);
                Some(((*name.first()?).to_owned(), (*name.last()?).to_owned()))
            })
            .collect()
    }

    /// Source text between two tokens, without comments, on one line.
    fn slice(&self, from: usize, to: usize) -> String {
        let mut text = String::new();
        for at in from..to.min(self.tokens.len()) {
            let token = &self.tokens[at];
            let apart = at > from
                && self.text.as_bytes()[self.tokens[at - 1].end..token.start]
                    .iter()
                    .any(u8::is_ascii_whitespace);
            if apart && !text.ends_with(['(', '[', '<']) {
                text.push(' ');
            }
            text.push_str(self.word(at));
        }
        for (wide, narrow) in [
            (", )", ")"),
            (" )", ")"),
            (", ]", "]"),
            (" ]", "]"),
            (" ;", ";"),
            ("= | ", "= "),
        ] {
            text = text.replace(wide, narrow);
        }
        text
    }
}

fn unquoted(text: &str) -> String {
    text.trim_matches(['"', '\'']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_root_exports_is_shown() {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in [
            (
                "index.ts",
                "export { Room, type Door as Gate } from \"./villa.js\";\nexport type * from \"./garden.js\";\nexport * as sky from \"./sky.js\";\n",
            ),
            (
                "villa.ts",
                "import { x } from \"./x.js\";\nconst pattern = /[{\"]/g;\nfunction inside() { return `}${ `{` }`; }\n\
                 /** A room; { is no brace. */\nexport class Room<T> extends Base {\n  readonly #secret: string;\n  /** The size. */\n  readonly size: number = 1;\n\
                 \n  /** @internal */\n  constructor(size: number) { super(); }\n  protected hidden(): void {}\n  private also = 1;\n  static make(): Room<string> { return { a: 1 } as never; }\n\
                 \n  get door(): { open: boolean } { return { open: true }; }\n  async enter(\n    who: string, // somebody\n    options?: Door,\n  ): Promise<void> { await who; }\n  *walk(): Iterable<T> {}\n}\n\
                 export interface Door { open?: boolean | undefined; swing(at: { speed: number }): void; }\nexport class Unseen {}\n",
            ),
            (
                "garden.ts",
                "export type Plant =\n  | \"tree\"\n  | \"bush\";\ntype Hidden = 1;\n/** @internal */\nexport interface Roots {}\n",
            ),
            (
                "sky.ts",
                "export const Colour = Object.freeze({ Blue: \"blue\" } as const);\nexport function look(up: boolean): void {}\n",
            ),
        ] {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        assert_eq!(
            lines(&folder.path().join("index.ts")).unwrap(),
            [
                "class Room<T> extends Base",
                "Room: readonly size: number",
                "Room: static make(): Room<string>",
                "Room: get door(): { open: boolean }",
                "Room: async enter(who: string, options?: Door): Promise<void>",
                "Room: *walk(): Iterable<T>",
                "interface Gate",
                "Gate: open?: boolean | undefined",
                "Gate: swing(at: { speed: number }): void",
                "type Plant = \"tree\" | \"bush\"",
                "const sky.Colour = Object.freeze({ Blue: \"blue\" } as const)",
                "function sky.look(up: boolean): void",
            ]
        );
    }

    #[test]
    fn an_export_of_nothing_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("index.ts"), "export { Gone } from \"./a.js\";\n").unwrap();
        std::fs::write(folder.path().join("a.ts"), "export class Other {}\n").unwrap();
        let error = lines(&folder.path().join("index.ts")).unwrap_err().to_string();
        assert!(error.contains("exports no Gone"), "{error}");
    }
}
