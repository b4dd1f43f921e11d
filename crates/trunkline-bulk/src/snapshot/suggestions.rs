//! Which numbers of the tenant have the digits of cells that lack their plus.

use std::collections::{BTreeSet, HashMap};

use futures_util::TryStreamExt;
use trunkline::{Client, TelephoneNumber};

use crate::error::BulkError;
use crate::input::Suggestion;

/// The numbers of the inventory with the digits of a cell.
#[derive(Debug, Default)]
struct Matches {
    /// A number with exactly these digits.
    is_there: bool,
    /// Whether another number has these digits, or ends with them: then nobody can tell which one is meant.
    has_others: bool,
}

/// The digits of a number, with those of its extension.
fn digits(number: &str) -> Option<String> {
    let number = TelephoneNumber::from_service(number).ok()?;
    Some(format!("{}{}", number.digits(), number.extension().unwrap_or_default()))
}

/// Leaves the suggestions whose number is the only one of the tenant with its digits. The inventory is listed as a whole.
pub(crate) async fn known(client: &Client, possible: Vec<Suggestion>) -> Result<Vec<Suggestion>, BulkError> {
    let mut wanted: HashMap<String, (String, Matches)> = HashMap::new();
    for suggestion in &possible {
        if let Some(digits) = digits(&suggestion.number) {
            wanted.insert(digits, (suggestion.number.clone(), Matches::default()));
        }
    }
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let lengths: BTreeSet<usize> = wanted.keys().map(String::len).collect();
    let mut items = client.numbers().list().items();
    while let Some(found) = items.try_next().await? {
        let Some(number) = found.telephone_number.as_deref() else {
            continue;
        };
        let Some(own) = digits(number) else { continue };
        for start in lengths.iter().filter_map(|length| own.len().checked_sub(*length)) {
            if let Some((suggested, matches)) = wanted.get_mut(&own[start..]) {
                matches.is_there |= number == suggested;
                matches.has_others |= number != suggested;
            }
        }
    }
    let is_certain = |suggestion: &Suggestion| {
        let matches = digits(&suggestion.number).and_then(|digits| wanted.get(&digits));
        matches.is_some_and(|(_, matches)| matches.is_there && !matches.has_others)
    };
    Ok(possible.into_iter().filter(is_certain).collect())
}
