//! Comments of the profile file, where an entry comes or goes. A comment belongs to the entry right below it; one with an empty
//! line below it belongs to the file.

use toml_edit::{Decor, DocumentMut, Item, RawString, Table};

use super::check::PROFILES;

/// Puts a new first entry below the comments at the top of the file.
pub(super) fn begin_with(document: &mut DocumentMut, key: &str) {
    let is_alone = document
        .iter()
        .filter(|(name, item)| *name != key && !item.is_table())
        .count()
        == 0;
    if !is_alone {
        return;
    }
    let mut top = String::new();
    if let Some((_, table)) = tables(document).next() {
        let (of_file, own) = split(&prefix(table.decor()));
        table.decor_mut().set_prefix(format!("\n{own}"));
        top = of_file;
    }
    if let Some(mut key) = document.key_mut(key) {
        key.leaf_decor_mut().set_prefix(top);
    }
}

/// Puts a new last profile below the comments at the end of the file.
pub(super) fn end_with(document: &mut DocumentMut, profile: &str) {
    let end = document.trailing().as_str().unwrap_or_default().to_owned();
    let is_only = document.iter().count() == 1 && tables(document).count() == 1;
    let gap = if is_only && end.is_empty() { "" } else { "\n" };
    let new = tables(document).find(|(name, _)| *name == profile);
    let Some((_, table)) = new else { return };
    table.decor_mut().set_prefix(format!("{end}{gap}"));
    document.set_trailing("");
}

/// Moves the comments of the file that stand above a profile to the entry that follows.
pub(super) fn leave(document: &mut DocumentMut, profile: &str) {
    let mut of_file = None;
    for (name, table) in tables(document) {
        match of_file.take() {
            None if name == profile => of_file = Some(split(&prefix(table.decor())).0),
            None => {}
            Some(text) => {
                let text = format!("{text}{}", prefix(table.decor()).trim_start_matches('\n'));
                table.decor_mut().set_prefix(text);
            }
        }
    }
    if let Some(text) = of_file {
        let end = document.trailing().as_str().unwrap_or_default();
        document.set_trailing(format!("{text}{end}"));
    }
}

/// The same for an entry at the top of the file.
pub(super) fn leave_use(document: &mut DocumentMut, key: &str) {
    let above = document
        .key(key)
        .map(|key| prefix(key.leaf_decor()))
        .unwrap_or_default();
    let above = split(&above).0;
    let next = tables(document).next();
    match next {
        Some((_, table)) => {
            let text = format!("{above}{}", prefix(table.decor()).trim_start_matches('\n'));
            table.decor_mut().set_prefix(text);
        }
        None => {
            let end = document.trailing().as_str().unwrap_or_default().to_owned();
            document.set_trailing(format!("{above}{end}"));
        }
    }
}

/// The profiles that are tables, in the order of the file.
fn tables(document: &mut DocumentMut) -> impl Iterator<Item = (String, &mut Table)> {
    let profiles = document.get_mut(PROFILES).and_then(Item::as_table_mut);
    let all = profiles.into_iter().flat_map(Table::iter_mut);
    all.filter_map(|(key, item)| Some((key.get().to_owned(), item.as_table_mut()?)))
}

fn prefix(decor: &Decor) -> String {
    let text = decor.prefix().and_then(RawString::as_str);
    text.unwrap_or_default().to_owned()
}

/// The comments of the file, and those of the entry below them.
fn split(text: &str) -> (String, String) {
    match text.rfind("\n\n") {
        Some(at) => (text[..at + 2].to_owned(), text[at + 2..].to_owned()),
        None if text.starts_with('\n') => (String::new(), text[1..].to_owned()),
        None => (String::new(), text.to_owned()),
    }
}
