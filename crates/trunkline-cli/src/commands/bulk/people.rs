//! The people of a plan, by their names, and on demand with their ids.

use std::collections::HashMap;

use trunkline_bulk::plan::{Loss, Plan, PlannedRow, State, Wanted};

use crate::names::shown_name;

/// Object ids, and what people are called: the principal name, or what the file has for it.
pub(super) struct People {
    names: HashMap<String, String>,
    ids: bool,
}

impl People {
    /// The people of a plan. `ids`: their ids stand behind their names.
    pub(super) fn of(plan: &Plan, ids: bool) -> Self {
        let mut people = Self {
            names: HashMap::new(),
            ids,
        };
        for row in &plan.rows {
            let states = row.before.iter().chain(row.steps.iter().map(|step| &step.expects));
            people.add(&row.wanted, states);
        }
        people
    }

    /// The people of one row: whom it names, and who stands in these states.
    pub(super) fn of_row<'s>(wanted: &Wanted, states: impl IntoIterator<Item = &'s State>, ids: bool) -> Self {
        let mut people = Self {
            names: HashMap::new(),
            ids,
        };
        people.add(wanted, states);
        people
    }

    fn add<'s>(&mut self, wanted: &Wanted, states: impl IntoIterator<Item = &'s State>) {
        if let Some(person) = wanted.person()
            && let Some(id) = &person.id
        {
            self.know(id, person.label());
        }
        for state in states {
            if let State::Number(state) = state
                && let (Some(id), Some(name)) = (&state.holder, &state.holder_name)
            {
                self.know(id, name);
            }
        }
    }

    fn know(&mut self, id: &str, name: &str) {
        let shown = shown_name(name, id, self.ids);
        self.names.insert(id.to_owned(), shown);
    }

    /// Somebody by id.
    pub(super) fn name<'p>(&'p self, id: &'p str) -> &'p str {
        self.names.get(id).map_or(id, String::as_str)
    }

    /// Whom a row is about; empty when it names nobody.
    pub(super) fn user<'p>(&'p self, wanted: &'p Wanted) -> &'p str {
        let id = wanted.person().and_then(|person| person.id.as_deref());
        id.map_or_else(|| wanted.user_label(), |id| self.name(id))
    }

    /// Whoever loses a number.
    pub(super) fn loser(&self, loss: &Loss) -> String {
        shown_name(loss.loser(), &loss.loser, self.ids)
    }

    /// How that is which a row is about; empty when it was not found.
    pub(super) fn now(&self, row: &PlannedRow) -> String {
        let before = row.before.as_ref();
        before.map_or_else(String::new, |state| self.words(state))
    }

    /// A state in words.
    pub(super) fn words(&self, state: &State) -> String {
        state.words(|id| self.name(id))
    }

    /// A row in one line: `assign +12065550100 ana@contoso.example`.
    pub(super) fn about(&self, wanted: &Wanted) -> String {
        let mut text = wanted.label();
        for part in [wanted.number(), self.user(wanted)] {
            if !part.is_empty() {
                text.push(' ');
                text.push_str(part);
            }
        }
        text
    }
}
