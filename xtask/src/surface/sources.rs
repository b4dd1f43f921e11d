//! A crate's modules, parsed from its files.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use syn::{Attribute, Expr, Item, ItemMod, Lit, Meta};

/// Where a module is: its names from the root of the crate, which is empty.
pub(super) type ModulePath = Vec<String>;

/// A crate's modules.
pub(super) struct Sources {
    /// The name others write.
    pub(super) name: String,
    /// The items of each module.
    pub(super) modules: BTreeMap<ModulePath, Vec<Item>>,
}

impl Sources {
    /// Parses a crate, from its root file on.
    pub(super) fn read(name: &str, root: &Path) -> Result<Self> {
        let mut sources = Self {
            name: name.to_owned(),
            modules: BTreeMap::new(),
        };
        let folder = root.parent().unwrap_or(Path::new("")).to_path_buf();
        sources.file(root, folder, Vec::new())?;
        Ok(sources)
    }

    /// Parses a file; `folder` is where its modules are.
    fn file(&mut self, file: &Path, folder: PathBuf, path: ModulePath) -> Result<()> {
        let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
        let parsed = syn::parse_file(&text).with_context(|| format!("{} is not Rust", file.display()))?;
        self.items(parsed.items, file, &folder, path)
    }

    fn items(&mut self, items: Vec<Item>, file: &Path, folder: &Path, path: ModulePath) -> Result<()> {
        let items: Vec<Item> = items.into_iter().filter(|item| !is_test(attributes(item))).collect();
        for item in &items {
            if let Item::Mod(module) = item {
                self.module(module, file, folder, &path)?;
            }
        }
        self.modules.insert(path, items);
        Ok(())
    }

    fn module(&mut self, module: &ItemMod, file: &Path, folder: &Path, path: &ModulePath) -> Result<()> {
        let name = name_of(&module.ident);
        let mut inner = path.clone();
        inner.push(name.clone());
        let inner_folder = folder.join(&name);
        if let Some((_, items)) = &module.content {
            return self.items(items.clone(), file, &inner_folder, inner);
        }
        if let Some(given) = given_path(&module.attrs) {
            let place = file.parent().unwrap_or(Path::new("")).join(given);
            let inner_folder = place.parent().unwrap_or(Path::new("")).to_path_buf();
            return self.file(&place, inner_folder, inner);
        }
        let sibling = folder.join(format!("{name}.rs"));
        let below = inner_folder.join("mod.rs");
        match (sibling.exists(), below.exists()) {
            (true, _) => self.file(&sibling, inner_folder, inner),
            (_, true) => self.file(&below, inner_folder, inner),
            _ => bail!(
                "{} declares the module `{name}`, and there is no file for it",
                file.display()
            ),
        }
    }
}

/// A name without the mark of raw identifiers.
pub(super) fn name_of(identifier: &syn::Ident) -> String {
    let name = identifier.to_string();
    name.strip_prefix("r#").map(str::to_owned).unwrap_or(name)
}

/// `#[path = "…"]`.
fn given_path(attributes: &[Attribute]) -> Option<String> {
    attributes.iter().find_map(|attribute| match &attribute.meta {
        Meta::NameValue(pair) if pair.path.is_ident("path") => match &pair.value {
            Expr::Lit(literal) => match &literal.lit {
                Lit::Str(text) => Some(text.value()),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    })
}

/// `#[cfg(test)]` and `#[cfg(all(test, …))]`.
fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        Meta::List(list) if list.path.is_ident("cfg") => {
            let condition = list.tokens.to_string().replace(' ', "");
            condition == "test" || condition.starts_with("all(test,")
        }
        _ => false,
    })
}

/// The attributes of an item.
pub(super) fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Union(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}
