//! Choosing free numbers for rows that leave theirs open.

use std::collections::HashSet;

use trunkline::teams_administration::NumberAssignment;
use trunkline::{Change, Country, Current, OpenEnum, TelephoneNumber, Timestamp, decide};

use super::Pool;
use super::draft::Draft;
use crate::error::{BulkError, BulkErrorKind};
use crate::journal::Journal;
use crate::snapshot::Snapshot;

/// Gives every row that left its number open the next free one of the pool, in order of digits and rows.
///
/// # Errors
///
/// When a journal of the options cannot be read.
pub(super) fn pick(
    drafts: &mut [Draft],
    snapshot: &Snapshot,
    pool: Option<&Pool>,
    country: Option<Country>,
    now: Timestamp,
) -> Result<(), BulkError> {
    let is_open = |draft: &Draft| matches!(draft.wanted.change(), Some(Change::Assign { picked: true, number, .. }) if number.is_empty());
    if !drafts.iter().any(is_open) {
        return Ok(());
    }
    let Some(pool) = pool else {
        for draft in drafts.iter_mut().filter(|draft| is_open(draft)) {
            draft.refuse(
                "noNumber",
                "the row names no number",
                "Add a number, or plan with --pick (Python: pool=Pool(), Node: pool: {})",
            );
        }
        return Ok(());
    };
    let pool = &pool.read(country)?;
    let mut taken = pool.reserved(now)?;
    taken.extend(
        drafts
            .iter()
            .filter_map(|draft| draft.wanted.teams_number().map(str::to_owned)),
    );
    let mut free: Vec<&NumberAssignment> = snapshot.inventory.all().filter(|found| pool.holds(found)).collect();
    free.sort_by_key(|found| {
        let text = found.telephone_number.as_deref().unwrap_or_default();
        (text.len(), text)
    });
    let mut free = free.into_iter();
    for draft in drafts.iter_mut().filter(|draft| is_open(draft) && !draft.is_refused()) {
        let Some(mut wanted) = draft.wanted.change().cloned() else {
            continue;
        };
        // Only a free number is picked, also for rows that move.
        if let Change::Assign { takes, .. } = &mut wanted {
            *takes = false;
        }
        let next = free.by_ref().find_map(|found| {
            let own = found.telephone_number.as_deref()?;
            let is_free = !taken.contains(own)
                && decide(&wanted, &Current::from(found.clone())).is_ok_and(|decision| !decision.steps().is_empty());
            is_free.then(|| own.to_owned())
        });
        let number = draft.wanted.change_mut().and_then(Change::number_mut);
        match (next, number) {
            (Some(next), Some(number)) => *number = next,
            _ => draft.refuse(
                "poolEmpty",
                "no free number of the pool is left",
                "Widen the pool, acquire numbers, or wait until reservations and quarantine end",
            ),
        }
    }
    Ok(())
}

impl Pool {
    /// The pool with the ends of its range as the inventory writes numbers.
    fn read(&self, country: Option<Country>) -> Result<Self, BulkError> {
        let end = |end: &Option<String>| {
            let read = |text: &String| TelephoneNumber::read(text, country).map(|number| number.to_string());
            end.as_ref().map(read).transpose().map_err(|error| {
                let what = format!("the first or last number of the range to pick from cannot be read: {error}");
                BulkError::new(BulkErrorKind::Input, what, error.advice())
            })
        };
        Ok(Self {
            from: end(&self.from)?,
            to: end(&self.to)?,
            ..self.clone()
        })
    }

    /// Numbers that other journals keep: reserved for their rows, or in quarantine.
    fn reserved(&self, now: Timestamp) -> Result<HashSet<String>, BulkError> {
        let mut kept = HashSet::new();
        for path in &self.respects {
            let journal = Journal::open(path)?;
            let all = journal.reservations()?.into_iter().chain(journal.quarantine()?);
            kept.extend(all.filter(|kept| kept.until > now).map(|kept| kept.number));
        }
        Ok(kept)
    }

    /// Whether a number is of the pool.
    fn holds(&self, found: &NumberAssignment) -> bool {
        let same = |wanted: &Option<String>, own: Option<&str>| {
            let wanted = wanted.as_deref().map(str::to_lowercase);
            wanted.is_none_or(|wanted| own.is_some_and(|own| own.to_lowercase() == wanted))
        };
        let number = found.telephone_number.as_deref().unwrap_or_default();
        if !is_canonical(number) {
            return false;
        }
        let kind = found.number_type.value().map(OpenEnum::as_str);
        let capability = self.capability.as_deref().unwrap_or("userAssignment");
        let capabilities = found.capabilities.value().into_iter().flatten();
        // Of two numbers that are equally long, the larger one comes later as text.
        let from = |from: &String| (number.len(), number) >= (from.len(), from.as_str());
        let to = |to: &String| (number.len(), number) <= (to.len(), to.as_str());
        same(&self.country, found.iso_country_code.as_deref())
            && same(&self.city, found.city.as_deref())
            && same(&self.number_type, kind)
            && self
                .prefix
                .as_ref()
                .is_none_or(|prefix| number.starts_with(prefix.as_str()))
            && self.from.as_ref().is_none_or(from)
            && self.to.as_ref().is_none_or(to)
            && capabilities
                .map(OpenEnum::as_str)
                .any(|own| own.eq_ignore_ascii_case(capability))
    }
}

/// Whether a number of the inventory is written as numbers are: another one can be neither looked up nor assigned by its text.
pub(crate) fn is_canonical(number: &str) -> bool {
    TelephoneNumber::parse(number).is_ok_and(|parsed| parsed.to_string() == number)
}
