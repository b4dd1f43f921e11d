//! The map of an inventory as a page.

use std::io::Write;

use askama::Template;

use super::Fact;
use super::map_view::{Subject, map_html};
use super::shell::{SCRIPT, Shell};
use crate::error::BulkError;
use crate::file::unwritten;
use crate::map::NumberMap;

#[derive(Template)]
#[template(path = "map/page.html")]
struct MapPage {
    shell: Shell,
    facts: Vec<Fact>,
    map: String,
    script: &'static str,
}

/// Writes a map of numbers as a page. `facts` say what it is of: each has a name and a value.
///
/// # Errors
///
/// When the text cannot be written.
///
/// ```
/// use trunkline_bulk::map::{Arrangement, MapNumber, NumberMap, NumberUse};
///
/// let numbers = [MapNumber::new("+12065550100", NumberUse::InUse)];
/// let map = NumberMap::of(numbers, Arrangement::Hundreds);
/// let mut page = Vec::new();
/// trunkline_bulk::pages::write_map(&map, vec![("tenant", "contoso".to_owned())], &mut page)?;
/// assert!(String::from_utf8(page)?.contains("+120655501xx"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn write_map(map: &NumberMap, facts: Vec<(&'static str, String)>, mut to: impl Write) -> Result<(), BulkError> {
    let page = MapPage {
        shell: Shell::new("telephone numbers"),
        facts,
        map: map_html(map, Subject::Inventory),
        script: SCRIPT,
    };
    page.write_into(&mut to).and_then(|()| to.flush()).map_err(unwritten)
}
