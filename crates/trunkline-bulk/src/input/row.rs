//! A row of a file, and the actions that rows may have.

use trunkline::{Action, Change};

use super::column::{Column, same_word};
use super::problem_kind::ProblemKind;
use crate::action::{described, needs};

/// How else an action may be written. The second half of what `docs/bulk-input.md` is checked with.
#[must_use]
pub fn synonyms(action: Action) -> &'static [&'static str] {
    described(action).synonyms
}

/// The action of that name, or of a synonym. Case, spaces, `_` and `-` do not matter.
#[must_use]
pub fn action_from_name(text: &str) -> Option<Action> {
    Action::ALL
        .into_iter()
        .find(|action| same_word(action.name(), text) || synonyms(*action).iter().any(|other| same_word(other, text)))
}

/// The columns that an action reads besides its own, and whether it needs them.
pub fn columns_of(action: Action) -> impl Iterator<Item = (Column, bool)> {
    let read = move |column| Some((column, needs(action, column, false)?));
    Column::ALL.into_iter().filter_map(read)
}

/// One row of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Which row, counted from one as a spreadsheet counts. In JSONL, the line; in an array of JSON, the place of the element. In a
    /// file with a column for each phone of a person, the phones of the second column have a thousand more (or ten thousand, …).
    pub row: u32,
    /// The change that it asks for.
    pub change: Change,
}

/// A row that cannot be read: it has an error, or contradicts another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadableRow {
    /// The row, as [`Row::row`] counts.
    pub row: u32,
    /// The value of its cell for the number, shortened; `None` when that is empty or no text.
    pub number: Option<String>,
    /// The value of its cell for the user, shortened.
    pub user: Option<String>,
    /// Its first error; [`Input::problems`](super::Input::problems) has all of them.
    pub kind: ProblemKind,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_means_two_actions() {
        for action in Action::ALL {
            for text in synonyms(action).iter().chain([&action.name()]) {
                assert_eq!(action_from_name(text), Some(action), "{text}");
            }
        }
        assert_eq!(action_from_name("Set-Location"), Some(Action::SetLocation));
        assert_eq!(action_from_name("delete"), None);
    }
}
