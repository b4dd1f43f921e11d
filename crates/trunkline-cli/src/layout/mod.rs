//! Fits texts into the width of a terminal: tables, records and prose. Without a width nothing is changed.

mod measure;
mod prose;
mod record;
mod table;
mod view;

pub(crate) use prose::{fitted, wrapped};
pub(crate) use record::record;
pub(crate) use table::{Fit, Heading, Table};
pub(crate) use view::View;
