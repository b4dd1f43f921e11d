//! Writes numbers and names of a row in full, in the plan and report of its owner.
//!
//! Sentences of errors are written for logs as well, so that what they name is masked. Where their row has the same
//! number in full, a masked one hides nothing and only keeps people from searching for it.

use trunkline::Person;
use trunkline_core::mask;

use crate::plan::{Loss, Wanted};

/// The names of a row, by their masked form.
#[derive(Debug, Default)]
pub struct RowNames {
    names: Vec<(String, String)>,
}

impl RowNames {
    fn add(&mut self, masked: String, name: &str) {
        if masked != name && !name.is_empty() && !self.names.iter().any(|(_, known)| known == name) {
            self.names.push((masked, name.to_owned()));
        }
    }

    fn add_number(&mut self, number: &str) {
        self.add(mask::number(number), number);
    }

    fn add_person(&mut self, person: &Person) {
        for name in [Some(&person.name), person.principal_name.as_ref()]
            .into_iter()
            .flatten()
        {
            self.add(mask::text(name), name);
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
        names.add(mask::text(self.user()), self.user());
        self.person().into_iter().for_each(|person| names.add_person(person));
        for loss in losses {
            names.add_number(&loss.number);
            if let Some(name) = &loss.loser_name {
                names.add(mask::text(name), name);
            }
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
    fn what_could_be_two_numbers_stays_masked() {
        let mut sentence = format!("{} was not assigned", mask::number("+12065550110"));
        wanted().names(&[loss("+12065551110")]).put_into(&mut sentence);
        assert_eq!(sentence, "+***10 was not assigned");
    }
}
