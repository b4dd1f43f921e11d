//! The numbers and people that a command line names.

use trunkline::{Country, TelephoneNumber};

use super::{Command, Dialled, Numbers, Phones, Policies};

/// A number or a person on the command line.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Typed {
    /// A number, as the service writes it.
    Number(String),
    /// A principal name.
    Name(String),
}

impl Command {
    /// The numbers and people that it names, as far as they can be read. Commands about files name none.
    pub(crate) fn typed(&self) -> Vec<Typed> {
        let found = match self {
            Self::Numbers(numbers) => of_numbers(numbers),
            Self::Phones(phones) => of_phones(phones),
            Self::Policies(policies) => vec![name(match policies {
                Policies::List { user } => user,
                Policies::Get { of } => &of.user,
                Policies::Set(set) => &set.of.user,
                Policies::Clear(clear) => &clear.of.user,
            })],
            _ => Vec::new(),
        };
        found.into_iter().flatten().collect()
    }
}

fn of_numbers(numbers: &Numbers) -> Vec<Option<Typed>> {
    match numbers {
        Numbers::List(list) => vec![list.held_by.as_deref().and_then(name)],
        Numbers::Get(get) => vec![number(&get.number, get.dialled)],
        Numbers::Assign(assign) => vec![number(&assign.number, assign.dialled), name(&assign.user)],
        Numbers::Unassign(unassign) => vec![number(&unassign.number, unassign.dialled)],
        Numbers::SetLocation(set) => vec![number(&set.number, set.dialled)],
        Numbers::Update(update) => vec![number(&update.number, update.dialled)],
        Numbers::Follow(_) | Numbers::NextFree(_) | Numbers::Check(_) | Numbers::Map(_) => Vec::new(),
    }
}

fn of_phones(phones: &Phones) -> Vec<Option<Typed>> {
    match phones {
        Phones::List { user } => vec![name(user)],
        Phones::Set(set) => vec![name(&set.user), number(&set.number, set.dialled)],
        Phones::Remove(remove) => vec![name(&remove.user)],
        Phones::SmsSignIn(switch) => vec![name(&switch.user)],
    }
}

fn name(text: &str) -> Option<Typed> {
    text.contains('@').then(|| Typed::Name(text.to_owned()))
}

fn number(text: &str, dialled: Dialled) -> Option<Typed> {
    let read = |country: Option<Country>| TelephoneNumber::read(text, country).ok();
    read(dialled.country).map(|number| Typed::Number(number.to_string()))
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::arguments::Arguments;

    #[test]
    fn numbers_are_read_as_the_command_reads_them() {
        let typed = |words: &str| Arguments::parse_from(words.split_whitespace()).command.typed();
        let number = || Typed::Number("+12065550101".to_owned());
        let ana = || Typed::Name("ana@contoso.example".to_owned());
        assert_eq!(
            typed("trunkline numbers assign 2065550101 ana@contoso.example --country US"),
            [number(), ana()]
        );
        assert_eq!(
            typed("trunkline phones set ana@contoso.example mobile +12065550101"),
            [ana(), number()]
        );
        assert_eq!(typed("trunkline policies list ana@contoso.example"), [ana()]);
        assert_eq!(typed("trunkline numbers get nonsense"), []);
        assert_eq!(typed("trunkline bulk status people.journal"), []);
    }
}
