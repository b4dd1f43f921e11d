//! The names of the types of a description.

use hashbrown::HashMap;

use super::layout::{Content, ContentItem, EnumLayout, TextForm};

/// The enumerations, and the indexes of both kinds of types by name.
#[derive(Debug, Default)]
pub(super) struct Names {
    pub(super) types: HashMap<&'static str, u16>,
    pub(super) enums: Vec<EnumLayout>,
    pub(super) enum_indexes: HashMap<&'static str, u16>,
}

impl Names {
    /// The content of a type's name, in brackets when there are many.
    pub(super) fn content(&self, name: &str) -> Option<Content> {
        let (name, collection) = match name.strip_prefix('[').and_then(|name| name.strip_suffix(']')) {
            Some(name) => (name, true),
            None => (name, false),
        };
        let (item, form) = if let Some(primitive) = name.strip_prefix("Edm.") {
            Content::of_primitive(primitive)
        } else if let Some(index) = self.enum_indexes.get(name) {
            match self.enums[usize::from(*index)].is_flags {
                true => (ContentItem::Text, TextForm::Flags(*index)),
                false => (ContentItem::Enum(*index), TextForm::Plain),
            }
        } else {
            (ContentItem::Structured(*self.types.get(name)?), TextForm::Plain)
        };
        Some(Content { item, form, collection })
    }
}
