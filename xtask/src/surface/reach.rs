//! The items that can be named from outside of a crate, and their names.

use std::collections::{BTreeMap, BTreeSet};

use syn::{Item, ItemImpl, Type, UseTree};

use super::items::{self, Line};
use super::macros;
use super::print;
use super::sources::{ModulePath, Sources, attributes, name_of};

/// An item: the module it stands in, and its name there.
type Place = (ModulePath, String);

/// The item that a name stands for.
enum Target {
    Module(ModulePath),
    Item(Place),
    /// Something of another crate.
    Outside(String),
}

/// A name that a `use` brings in.
struct Import {
    /// The path it names.
    path: Vec<String>,
    /// The name it gets; `None` for a glob.
    name: Option<String>,
}

/// The items found so far.
struct Reach<'sources> {
    sources: &'sources Sources,
    /// The names each module declares.
    names: BTreeMap<&'sources ModulePath, BTreeSet<String>>,
    /// Public names of every item.
    named: BTreeMap<Place, BTreeSet<String>>,
    /// Types that nothing we can read declares, and that have methods of their own: a macro declares them.
    made: BTreeSet<Place>,
    /// Modules that were entered, by the name they were entered by.
    entered: BTreeSet<(ModulePath, String)>,
    lines: Vec<Line>,
}

/// The surface of a crate, sorted by name.
pub(super) fn lines(sources: &Sources) -> Vec<String> {
    let mut reach = Reach {
        sources,
        names: sources
            .modules
            .iter()
            .map(|(module, items)| (module, items.iter().filter_map(own_name).collect()))
            .collect(),
        named: BTreeMap::new(),
        made: BTreeSet::new(),
        entered: BTreeSet::new(),
        lines: Vec::new(),
    };
    reach.declare_by_macro();
    reach.enter(&Vec::new(), &sources.name);
    reach.print_items();
    reach.print_impls();
    let mut lines = reach.lines;
    lines.sort_by(|(left_key, left), (right_key, right)| {
        (left_key, rank(left), left).cmp(&(right_key, rank(right), right))
    });
    lines.dedup();
    lines.into_iter().map(|(_, line)| line).collect()
}

/// An item stands before what is implemented for it.
fn rank(line: &str) -> u8 {
    u8::from(
        line.starts_with("impl")
            || line.starts_with("macro call")
            || line.starts_with("#[cfg") && line.contains("] impl"),
    )
}

impl Reach<'_> {
    /// Finds the types that macros declare: only the crate that declares a type can give it methods.
    fn declare_by_macro(&mut self) {
        let mut made = BTreeSet::new();
        for (module, items) in &self.sources.modules {
            for item in items {
                if let Item::Impl(item) = item
                    && item.trait_.is_none()
                    && let Type::Path(named) = &*item.self_ty
                {
                    made.extend(self.made_by_macro(module, &segments(&named.path)));
                }
            }
        }
        for (module, name) in &made {
            if let Some((module, _)) = self.sources.modules.get_key_value(module) {
                self.names.entry(module).or_default().insert(name.clone());
            }
        }
        self.made = made;
    }

    /// Where a type has to be that a path names and nothing declares.
    fn made_by_macro(&self, module: &ModulePath, path: &[String]) -> Option<Place> {
        if !matches!(self.resolve(module, path, 0), Target::Outside(_)) {
            return None;
        }
        let imported = match path {
            [name] => self.imported(module, name).map(|import| import.path),
            _ => None,
        };
        let (name, before) = imported.as_deref().unwrap_or(path).split_last()?;
        match self.resolve(module, before, 0) {
            Target::Module(module) => Some((module, name.clone())),
            _ => None,
        }
    }

    /// Notes what is public in a module that can be named `name`.
    fn enter(&mut self, module: &ModulePath, name: &str) {
        if !self.entered.insert((module.clone(), name.to_owned())) {
            return;
        }
        let sources = self.sources;
        for item in sources.modules.get(module).into_iter().flatten() {
            if print::is_hidden(attributes(item)) {
                continue;
            }
            if let Item::Use(item) = item {
                if print::is_public(&item.vis) {
                    for import in imports(&item.tree) {
                        self.import(module, &import, name);
                    }
                }
                continue;
            }
            if let Item::Macro(call) = item
                && own_name(item).is_none()
            {
                self.macro_item(module, call);
                continue;
            }
            let Some(own) = public_name(item) else { continue };
            self.found(&Target::of(sources, module, &own), &format!("{name}::{own}"));
        }
        let made: Vec<Place> = self.made.iter().filter(|(place, _)| place == module).cloned().collect();
        for place in made {
            let name = format!("{name}::{}", place.1);
            self.found(&Target::Item(place), &name);
        }
    }

    /// Notes a name for a target.
    fn found(&mut self, target: &Target, name: &str) {
        match target {
            Target::Module(module) => {
                self.lines.push((name.to_owned(), format!("pub mod {name}")));
                self.enter(module, name);
            }
            Target::Item(place) => {
                self.named.entry(place.clone()).or_default().insert(name.to_owned());
            }
            Target::Outside(path) => self.lines.push((name.to_owned(), format!("pub use {name} = {path}"))),
        }
    }

    fn import(&mut self, module: &ModulePath, import: &Import, name: &str) {
        let target = self.resolve(module, &import.path, 0);
        match (&import.name, &target) {
            (Some(own), target) => self.found(target, &format!("{name}::{own}")),
            (None, Target::Module(module)) => {
                let module = module.clone();
                self.enter(&module, name);
            }
            (None, Target::Outside(path)) => {
                self.lines
                    .push((format!("{name}::*"), format!("pub use {name}::* = {path}::*")));
            }
            // The variants of an enumeration.
            (None, Target::Item((module, own))) => {
                let path = format!("{}::{own}::*", self.inner_name(module));
                self.lines
                    .push((format!("{name}::*"), format!("pub use {name}::* = {path}")));
            }
        }
    }

    /// Notes an exported macro, or the call of one that declares nothing we know of.
    fn macro_item(&mut self, module: &ModulePath, item: &syn::ItemMacro) {
        if let Some(own) = &item.ident {
            if item
                .attrs
                .iter()
                .any(|attribute| attribute.path().is_ident("macro_export"))
            {
                let path = format!("{}::{}", self.sources.name, name_of(own));
                self.lines.push((path.clone(), format!("macro {path}!")));
            }
            return;
        }
        if item.mac.path.is_ident("thread_local") {
            return;
        }
        let name = self.inner_name(module);
        let text = format!(
            "macro call in {name}: {}! {{ {} }}",
            print::path(&item.mac.path),
            macros::call(&item.mac.tokens)
        );
        self.lines.push((name, text));
    }

    /// The item that a path stands for, seen from a module.
    fn resolve(&self, from: &ModulePath, path: &[String], depth: usize) -> Target {
        let outside = || Target::Outside(path.join("::"));
        // Imports that lead in a circle do not compile; a limit is enough.
        if depth > 32 {
            return outside();
        }
        let Some((first, rest)) = path.split_first() else {
            return Target::Module(from.clone());
        };
        let (mut target, mut rest) = match first.as_str() {
            "crate" => (Target::Module(Vec::new()), rest),
            "self" => (Target::Module(from.clone()), rest),
            "super" => {
                let parent = from[..from.len().saturating_sub(1)].to_vec();
                (Target::Module(parent), rest)
            }
            first if self.knows(from, first, depth) => (self.look_up(from, first, depth), rest),
            _ => return outside(),
        };
        while let Some((next, after)) = rest.split_first() {
            target = match target {
                Target::Module(module) if next == "super" => {
                    Target::Module(module[..module.len().saturating_sub(1)].to_vec())
                }
                Target::Module(module) => self.look_up(&module, next, depth),
                Target::Outside(path) => Target::Outside(format!("{path}::{next}")),
                // A variant or an associated item: the item itself is what is public.
                Target::Item(place) => Target::Item(place),
            };
            rest = after;
        }
        target
    }

    /// Whether a name is declared in, or imported into, a module.
    fn knows(&self, module: &ModulePath, name: &str, depth: usize) -> bool {
        match self.look_up(module, name, depth) {
            Target::Module(_) => true,
            Target::Item((found, own)) => self.declares(&found, &own),
            Target::Outside(_) => self.imported(module, name).is_some(),
        }
    }

    fn declares(&self, module: &ModulePath, name: &str) -> bool {
        self.names.get(module).is_some_and(|names| names.contains(name))
    }

    /// The item that a name stands for in a module.
    fn look_up(&self, module: &ModulePath, name: &str, depth: usize) -> Target {
        if self.declares(module, name) {
            return Target::of(self.sources, module, name);
        }
        if let Some(import) = self.imported(module, name) {
            return self.resolve(module, &import.path, depth + 1);
        }
        for import in self.imports_of(module).filter(|import| import.name.is_none()) {
            if let Target::Module(from) = self.resolve(module, &import.path, depth + 1)
                && &from != module
                && self.knows(&from, name, depth + 1)
            {
                return self.look_up(&from, name, depth + 1);
            }
        }
        Target::Outside(name.to_owned())
    }

    fn imports_of(&self, module: &ModulePath) -> impl Iterator<Item = Import> {
        let items = self.sources.modules.get(module).into_iter().flatten();
        items.flat_map(|item| match item {
            Item::Use(item) => imports(&item.tree),
            _ => Vec::new(),
        })
    }

    fn imported(&self, module: &ModulePath, name: &str) -> Option<Import> {
        self.imports_of(module)
            .find(|import| import.name.as_deref() == Some(name))
    }

    /// The shortest public name of an item, of several the first.
    fn canonical(&self, place: &Place) -> Option<&String> {
        let names = self.named.get(place)?;
        names.iter().min_by_key(|name| (name.matches("::").count(), *name))
    }

    fn inner_name(&self, module: &ModulePath) -> String {
        let mut name = self.sources.name.clone();
        for part in module {
            name.push_str("::");
            name.push_str(part);
        }
        name
    }

    /// The lines of every item that has a public name.
    fn print_items(&mut self) {
        let mut lines = Vec::new();
        for (place, names) in &self.named {
            let Some(canonical) = self.canonical(place) else {
                continue;
            };
            if self.made.contains(place) {
                lines.push((canonical.clone(), format!("pub type {canonical}, declared by a macro")));
            }
            let items = self.sources.modules.get(&place.0).into_iter().flatten();
            // A function and a type, or a struct under different conditions, may share a name.
            for item in items.filter(|item| own_name(item).as_deref() == Some(&place.1)) {
                lines.extend(items::lines(item, canonical));
            }
            for name in names.iter().filter(|name| *name != canonical) {
                lines.push((name.clone(), format!("pub use {name} = {canonical}")));
            }
        }
        self.lines.extend(lines);
    }

    /// The lines of every implementation that users can reach.
    fn print_impls(&mut self) {
        let mut lines = Vec::new();
        for (module, items) in &self.sources.modules {
            for item in items {
                if let Item::Impl(item) = item
                    && !print::is_hidden(&item.attrs)
                    && !self.is_of_private_trait(module, item)
                {
                    lines.extend(self.impl_lines(module, item));
                }
            }
        }
        self.lines.extend(lines);
    }

    fn impl_lines(&self, module: &ModulePath, item: &ItemImpl) -> Vec<Line> {
        let Type::Path(named) = &*item.self_ty else {
            return self.foreign_impl(item);
        };
        match self.resolve(module, &segments(&named.path), 0) {
            Target::Item(place) => match self.canonical(&place) {
                Some(name) => items::of_impl(item, name),
                None => Vec::new(),
            },
            _ => self.foreign_impl(item),
        }
    }

    /// A trait implemented for a type that is not ours, or for every type.
    fn foreign_impl(&self, item: &ItemImpl) -> Vec<Line> {
        if item.trait_.is_none() {
            return Vec::new();
        }
        let Some((_, line)) = items::of_impl(item, "").into_iter().next() else {
            return Vec::new();
        };
        let own = print::r#type(&item.self_ty);
        let head = line.split(" for ").next().unwrap_or_default().to_owned();
        vec![(
            self.sources.name.clone(),
            format!("{head} for {own}{}", print::conditions(&item.generics)),
        )]
    }

    /// Whether an implementation is of a trait of this crate that nobody outside can name.
    fn is_of_private_trait(&self, module: &ModulePath, item: &ItemImpl) -> bool {
        let Some((_, path, _)) = &item.trait_ else { return false };
        match self.resolve(module, &segments(path), 0) {
            Target::Item(place) => !self.named.contains_key(&place),
            _ => false,
        }
    }
}

impl Target {
    /// The item that a module declares by a name.
    fn of(sources: &Sources, module: &ModulePath, name: &str) -> Self {
        let mut inner = module.clone();
        inner.push(name.to_owned());
        let is_module = sources
            .modules
            .get(module)
            .into_iter()
            .flatten()
            .any(|item| match item {
                Item::Mod(item) => name_of(&item.ident) == name,
                _ => false,
            });
        if is_module && sources.modules.contains_key(&inner) {
            Self::Module(inner)
        } else {
            Self::Item((module.clone(), name.to_owned()))
        }
    }
}

fn segments(path: &syn::Path) -> Vec<String> {
    path.segments.iter().map(|segment| name_of(&segment.ident)).collect()
}

/// The name of an item, if it has one and can be named from everywhere.
fn public_name(item: &Item) -> Option<String> {
    let visibility = match item {
        Item::Const(item) => &item.vis,
        Item::Enum(item) => &item.vis,
        Item::Fn(item) => &item.vis,
        Item::Mod(item) => &item.vis,
        Item::Static(item) => &item.vis,
        Item::Struct(item) => &item.vis,
        Item::Trait(item) => &item.vis,
        Item::Type(item) => &item.vis,
        Item::Union(item) => &item.vis,
        Item::Macro(call) => {
            let declared = macros::declared(&call.mac)?;
            return declared.public.then_some(declared.name);
        }
        _ => return None,
    };
    print::is_public(visibility).then(|| own_name(item)).flatten()
}

/// The name an item declares.
fn own_name(item: &Item) -> Option<String> {
    let identifier = match item {
        Item::Const(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Fn(item) => &item.sig.ident,
        Item::Mod(item) => &item.ident,
        Item::Static(item) => &item.ident,
        Item::Struct(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::Type(item) => &item.ident,
        Item::Union(item) => &item.ident,
        Item::Macro(call) if call.ident.is_none() => return Some(macros::declared(&call.mac)?.name),
        _ => return None,
    };
    Some(name_of(identifier))
}

/// The names a `use` brings in.
fn imports(tree: &UseTree) -> Vec<Import> {
    let mut found = Vec::new();
    collect(tree, &mut Vec::new(), &mut found);
    found
}

fn collect(tree: &UseTree, before: &mut Vec<String>, found: &mut Vec<Import>) {
    match tree {
        UseTree::Path(path) => {
            before.push(name_of(&path.ident));
            collect(&path.tree, before, found);
            before.pop();
        }
        UseTree::Name(name) => {
            let own = name_of(&name.ident);
            let mut path = before.clone();
            // `use a::{self}` brings in `a`.
            if own != "self" {
                path.push(own);
            }
            let name = path.last().cloned();
            found.push(Import { path, name });
        }
        UseTree::Rename(rename) => {
            let own = name_of(&rename.ident);
            let mut path = before.clone();
            if own != "self" {
                path.push(own);
            }
            let name = Some(name_of(&rename.rename)).filter(|name| name != "_");
            if let Some(name) = name {
                found.push(Import { path, name: Some(name) });
            }
        }
        UseTree::Glob(_) => found.push(Import {
            path: before.clone(),
            name: None,
        }),
        UseTree::Group(group) => {
            for tree in &group.items {
                collect(tree, before, found);
            }
        }
    }
}
