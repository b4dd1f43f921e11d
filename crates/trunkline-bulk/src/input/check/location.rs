//! The emergency location of a row: an id, or a name of the file of locations.

use std::borrow::Cow;

use trunkline::Action;
use trunkline::mask::is_guid;

use super::{Checked, Checker, Values};
use crate::input::Column;
use crate::input::locations::FoundLocation;
use crate::input::problem_kind::ProblemKind;

/// How exports of the service write that there is no location.
const ZEROS: &str = "00000000-0000-0000-0000-000000000000";

impl Checker<'_> {
    pub(super) fn location(&mut self, line: u32, action: Action, text: &str, values: &mut Values) -> Checked<()> {
        values.location = match text {
            ZEROS if action != Action::SetLocation => None,
            _ if text.eq_ignore_ascii_case("none") && action == Action::SetLocation => Some(None),
            _ if text.eq_ignore_ascii_case("none") => {
                return Err(self.wrong(ProblemKind::LocationOfAssignment, line, Column::Location, text));
            }
            ZEROS => return Err(self.wrong(ProblemKind::BadLocation, line, Column::Location, text)),
            id if is_guid(id) => Some(Some(id.to_ascii_lowercase())),
            name => Some(Some(self.location_named(line, name)?)),
        };
        Ok(())
    }

    /// The id of the one location of a name.
    fn location_named(&mut self, line: u32, name: &str) -> Checked<String> {
        let Some(locations) = self.locations else {
            return Err(self.wrong(ProblemKind::BadLocation, line, Column::Location, name));
        };
        let (kind, what) = match locations.find(name) {
            FoundLocation::One(location) => return Ok(location.id.clone()),
            FoundLocation::Several(found) => {
                let named: Vec<String> = found.iter().map(ToString::to_string).collect();
                let what = format!("several emergency locations are named {name:?}: {}", named.join("; "));
                (ProblemKind::AmbiguousLocation, what)
            }
            FoundLocation::Missing(nearest) => {
                let mut what = format!("no emergency location is named {name:?}");
                if !nearest.is_empty() {
                    what.push_str(&format!("; the nearest names are {}", nearest.join(", ")));
                }
                (ProblemKind::UnknownLocation, what)
            }
        };
        let problem = self.of_cell(kind, line, Column::Location);
        Err(self.report(problem.saying(Cow::Owned(what))))
    }
}
