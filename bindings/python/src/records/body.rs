//! Where what came from the service is: a body, and the places of a record's properties in it.

use std::sync::Arc;

use trunkline_core::codec::{Layout, Outline, OutlinedPage};

/// The text that a record came in.
#[derive(Clone)]
pub(crate) enum Text {
    Alone(Arc<str>),
    Page(Arc<OutlinedPage>),
}

impl Text {
    pub(crate) fn as_str(&self) -> &str {
        match self {
            Self::Alone(text) => text,
            Self::Page(page) => page.text(),
        }
    }
}

/// One record in a text.
pub(super) enum Origin {
    /// It did not come from the service.
    Nowhere,
    /// By itself, or inside another record.
    Outlined(Text, Outline),
    /// The item of a page with an index.
    Item(Arc<OutlinedPage>, u32),
}

impl Origin {
    /// The type of the record; `None` when there is none.
    pub(super) fn layout(&self) -> Option<&'static Layout> {
        match self {
            Self::Nowhere => None,
            Self::Outlined(_, outline) => Some(outline.layout),
            Self::Item(page, index) => page.layout(*index as usize),
        }
    }

    /// Where the service put a property; zero for nowhere.
    #[inline]
    pub(super) fn place(&self, field: usize) -> usize {
        let place = match self {
            Self::Nowhere => 0,
            Self::Outlined(_, outline) => outline.places.get(field).copied().unwrap_or(0),
            Self::Item(page, index) => page.place(*index as usize, field),
        };
        place as usize
    }

    /// Whether it came from the service.
    pub(super) fn is_somewhere(&self) -> bool {
        !matches!(self, Self::Nowhere)
    }

    pub(super) fn text(&self) -> Option<Text> {
        match self {
            Self::Nowhere => None,
            Self::Outlined(text, _) => Some(text.clone()),
            Self::Item(page, _) => Some(Text::Page(page.clone())),
        }
    }

    /// The text, where nothing keeps it.
    #[inline]
    pub(super) fn as_str(&self) -> &str {
        match self {
            Self::Nowhere => "",
            Self::Outlined(text, _) => text.as_str(),
            Self::Item(page, _) => page.text(),
        }
    }

    /// Members that are no properties, with the places of their values.
    pub(super) fn others(&self) -> Vec<(String, usize)> {
        match self {
            Self::Nowhere => Vec::new(),
            Self::Outlined(text, outline) => outline.others(text.as_str()).collect(),
            Self::Item(page, index) => page.others(*index as usize).collect(),
        }
    }
}
