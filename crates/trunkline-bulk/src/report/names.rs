//! Writes numbers and names of a row in full, in the plan and report of its owner.
//!
//! Sentences of errors are written for logs as well, so that what they name is masked. Where their row has the same
//! number in full, a masked one hides nothing and only keeps people from searching for it.

use trunkline::Person;
use trunkline_core::mask;

use crate::plan::{Loss, PlannedRow, State, Wanted};

/// Numbers and names that the reader of a sentence knows, by their masked form, and people by their ids.
///
/// ```
/// use trunkline_bulk::report::RowNames;
///
/// let mut names = RowNames::default();
/// names.add_number("+12065550110");
/// let mut sentence = "the tenant has no number +***10".to_owned();
/// names.put_into(&mut sentence);
/// assert_eq!(sentence, "the tenant has no number +12065550110");
/// ```
#[derive(Debug, Default)]
pub struct RowNames {
    names: Vec<(String, String)>,
}

impl RowNames {
    fn add(&mut self, masked: String, name: &str) {
        let is_known = |(form, known): &(String, String)| known == name && *form == masked;
        if masked != name && !masked.is_empty() && !name.is_empty() && !self.names.iter().any(is_known) {
            self.names.push((masked, name.to_owned()));
        }
    }

    /// A telephone number.
    pub fn add_number(&mut self, number: &str) {
        if !number.is_empty() {
            self.add(mask::number(number), number);
        }
    }

    /// A principal name, or an object id.
    pub fn add_name(&mut self, name: &str) {
        self.add(mask::text(name), name);
    }

    /// Somebody's principal name, which stands for their id in sentences.
    pub fn add_holder(&mut self, id: &str, name: &str) {
        self.add_name(name);
        self.add(id.to_owned(), name);
    }

    fn add_person(&mut self, person: &Person) {
        self.add_name(&person.name);
        match (&person.id, person.label()) {
            (Some(id), label) if mask::is_guid(id) && !mask::is_guid(label) => self.add_holder(id, label),
            (_, label) => self.add_name(label),
        }
    }

    fn add_state(&mut self, state: &State) {
        match state {
            State::Number(state) => {
                self.add_number(&state.number);
                if let (Some(id), Some(name)) = (&state.holder, &state.holder_name) {
                    self.add_holder(id, name);
                }
            }
            State::Phone(state) => state.number.iter().for_each(|number| self.add_number(number)),
            State::Policy(_) => {}
        }
    }

    /// Puts the names in full where a sentence has them masked. What could be two of them stays masked.
    pub fn put_into(&self, sentence: &mut String) {
        for (masked, name) in &self.names {
            let is_one = self.names.iter().filter(|(other, _)| other == masked).count() == 1;
            if is_one && sentence.contains(masked.as_str()) {
                *sentence = sentence.replace(masked.as_str(), name);
            }
        }
    }
}

impl Wanted {
    /// The numbers and names that the row and what it takes from others have.
    #[must_use]
    pub fn names(&self, losses: &[Loss]) -> RowNames {
        let mut names = RowNames::default();
        names.add_number(self.number());
        names.add_name(self.user());
        self.person().into_iter().for_each(|person| names.add_person(person));
        for loss in losses {
            names.add_number(&loss.number);
            if let Some(name) = &loss.loser_name {
                names.add_holder(&loss.loser, name);
            }
        }
        names
    }
}

impl PlannedRow {
    /// The numbers and names of the row, of what it takes from others, and of how things are now.
    #[must_use]
    pub fn names(&self) -> RowNames {
        let mut names = self.wanted.names(&self.losses());
        self.before.iter().for_each(|before| names.add_state(before));
        for step in &self.steps {
            names.add_state(&step.expects);
        }
        names
    }
}

#[cfg(test)]
mod tests {
    use trunkline::Change;

    use super::*;

    fn wanted() -> Wanted {
        Wanted::Change(Change::Assign {
            number: "+12065550110".to_owned(),
            to: Person::named("ana@contoso.example"),
            category: None,
            location: None,
            number_type: None,
            takes: false,
            picked: false,
        })
    }

    fn loss(number: &str) -> Loss {
        Loss {
            number: number.to_owned(),
            loser: "a0000000-0000-4000-8000-000000000002".to_owned(),
            loser_name: Some("ben@contoso.example".to_owned()),
            category: None,
            to: None,
            is_replaced: false,
            ending: None,
        }
    }

    #[test]
    fn what_the_row_has_in_full_stands_in_its_sentences_in_full() {
        let mut sentence = format!(
            "{} was not assigned to {}",
            mask::number("+12065550110"),
            mask::text("ana@contoso.example")
        );
        wanted().names(&[loss("+12065550142")]).put_into(&mut sentence);
        assert_eq!(sentence, "+12065550110 was not assigned to ana@contoso.example");
    }

    #[test]
    fn people_stand_in_sentences_by_name() {
        let mut sentence = "its holder changed from a0000000-0000-4000-8000-000000000002 to nobody".to_owned();
        wanted().names(&[loss("+12065550142")]).put_into(&mut sentence);
        assert_eq!(sentence, "its holder changed from ben@contoso.example to nobody");
    }

    #[test]
    fn what_could_be_two_numbers_stays_masked() {
        let mut sentence = format!("{} was not assigned", mask::number("+12065550110"));
        wanted().names(&[loss("+12065551110")]).put_into(&mut sentence);
        assert_eq!(sentence, "+***10 was not assigned");
    }
}
