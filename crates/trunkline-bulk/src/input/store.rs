//! Rows in little memory: texts in one arena, a row in 32 bytes. A row becomes a [`Row`] when it is looked at.

use std::hash::{BuildHasher, Hasher};

use hashbrown::{DefaultHashBuilder, HashTable};
use trunkline::numbers::LocationChange;
use trunkline::phones::PhoneRole;
use trunkline::teams_administration::{AssignmentCategory, NumberType};
use trunkline::{PhoneMethodNumber, TelephoneNumber};

use super::problem::ProblemKind;
use super::row::{Change, NumberChoice, Row, Target, UnreadableRow};

/// A text of the arena. Texts that differ only in case are the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Text(u32);

impl Text {
    /// None.
    pub(super) const NONE: Self = Self(u32::MAX);
    /// A location that is taken away.
    pub(super) const CLEAR: Self = Self(u32::MAX - 1);

    pub(super) fn number(self) -> u32 {
        self.0
    }
}

/// The longest text that is kept.
pub(super) const LONGEST_TEXT: usize = 256;

/// The change that a row asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verb {
    Assign,
    Move,
    Unassign,
    SetLocation,
    SetPhone,
    RemovePhone,
    SignInOn,
    SignInOff,
}

/// A row as it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Packed {
    /// The digits of the number, country code first; 0: none.
    pub(super) digits: u64,
    pub(super) extension: Text,
    pub(super) user: Text,
    pub(super) location: Text,
    pub(super) line: u32,
    pub(super) verb: Verb,
    pub(super) category: Option<Category>,
    pub(super) number_type: Option<Provider>,
    pub(super) role: Option<PhoneRole>,
}

impl Packed {
    pub(super) fn new(line: u32, verb: Verb) -> Self {
        Self {
            digits: 0,
            extension: Text::NONE,
            user: Text::NONE,
            location: Text::NONE,
            line,
            verb,
            category: None,
            number_type: None,
            role: None,
        }
    }

    /// Whether both ask for the same.
    pub(super) fn says_the_same(&self, other: &Self) -> bool {
        Self { line: 0, ..*self } == Self { line: 0, ..*other }
    }
}

/// A row that cannot be read, as it is kept.
#[derive(Debug, Clone, Copy)]
pub(super) struct PackedUnreadable {
    pub(super) line: u32,
    /// The name of the row for people, as far as it can be read.
    pub(super) number: Text,
    pub(super) user: Text,
    /// Its first error.
    pub(super) kind: ProblemKind,
}

/// Categories that can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Category {
    Primary,
    Private,
    Alternate,
}

impl Category {
    pub(super) const ALL: [(&'static str, Self); 3] = [
        ("primary", Self::Primary),
        ("private", Self::Private),
        ("alternate", Self::Alternate),
    ];
}

/// Number types that can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Provider {
    CallingPlan,
    OperatorConnect,
    DirectRouting,
}

impl Provider {
    pub(super) const ALL: [(&'static str, Self); 3] = [
        ("callingPlan", Self::CallingPlan),
        ("operatorConnect", Self::OperatorConnect),
        ("directRouting", Self::DirectRouting),
    ];
}

/// The rows of a file.
#[derive(Debug, Clone, Default)]
pub(super) struct Store {
    texts: String,
    /// Where each text ends; it begins where the one before it ends.
    ends: Vec<u32>,
    pub(super) rows: Vec<Packed>,
    pub(super) unreadable: Vec<PackedUnreadable>,
}

impl Store {
    pub(super) fn text(&self, text: Text) -> &str {
        let index = text.0 as usize;
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.texts[start as usize..self.ends[index] as usize]
    }

    /// Bytes of memory that the rows take.
    pub(super) fn memory(&self) -> usize {
        self.texts.capacity()
            + self.ends.capacity() * 4
            + self.rows.capacity() * size_of::<Packed>()
            + self.unreadable.capacity() * size_of::<PackedUnreadable>()
    }

    pub(super) fn shrink(&mut self) {
        self.texts.shrink_to_fit();
        self.ends.shrink_to_fit();
        self.rows.shrink_to_fit();
        self.unreadable.shrink_to_fit();
    }

    /// A row, as the rest of the program reads it. None: there is no such row.
    pub(super) fn row(&self, index: usize) -> Option<Row> {
        let packed = self.rows.get(index)?;
        let change = match packed.verb {
            Verb::Assign => Change::Assign {
                number: match packed.digits {
                    0 => NumberChoice::Pick,
                    _ => NumberChoice::Exact(self.telephone_number(packed)?),
                },
                user: self.target(packed.user)?,
                category: packed.category.map(AssignmentCategory::from),
                location: self.location(packed.location),
                number_type: packed.number_type.map(NumberType::from),
            },
            Verb::Move => Change::Move {
                number: self.telephone_number(packed)?,
                user: self.target(packed.user)?,
                category: packed.category.map(AssignmentCategory::from),
                location: self.location(packed.location),
                number_type: packed.number_type.map(NumberType::from),
            },
            Verb::Unassign => Change::Unassign {
                number: self.telephone_number(packed)?,
                holder: self.target(packed.user),
            },
            Verb::SetLocation => Change::SetLocation {
                number: self.telephone_number(packed)?,
                location: self.location(packed.location)?,
            },
            Verb::SetPhone => Change::SetPhone {
                user: self.target(packed.user)?,
                role: packed.role?,
                number: PhoneMethodNumber::from_service(&self.number(packed)).ok()?,
            },
            Verb::RemovePhone => Change::RemovePhone {
                user: self.target(packed.user)?,
                role: packed.role?,
            },
            Verb::SignInOn | Verb::SignInOff => Change::SmsSignIn {
                user: self.target(packed.user)?,
                enable: packed.verb == Verb::SignInOn,
            },
        };
        Some(Row {
            line: packed.line,
            change,
        })
    }

    /// The rows that cannot be read.
    pub(super) fn unreadable(&self) -> impl ExactSizeIterator<Item = UnreadableRow> + '_ {
        let text = |text: Text| (text != Text::NONE).then(|| self.text(text).to_owned());
        self.unreadable.iter().map(move |row| UnreadableRow {
            line: row.line,
            number: text(row.number),
            user: text(row.user),
            kind: row.kind,
        })
    }

    pub(super) fn number(&self, packed: &Packed) -> String {
        match packed.extension {
            Text::NONE => format!("+{}", packed.digits),
            extension => format!("+{};ext={}", packed.digits, self.text(extension)),
        }
    }

    fn telephone_number(&self, packed: &Packed) -> Option<TelephoneNumber> {
        TelephoneNumber::from_service(&self.number(packed)).ok()
    }

    fn target(&self, user: Text) -> Option<Target> {
        if user == Text::NONE {
            return None;
        }
        let text = self.text(user);
        Some(if text.contains('@') {
            Target::PrincipalName(text.to_owned())
        } else {
            Target::ObjectId(text.to_ascii_lowercase())
        })
    }

    fn location(&self, location: Text) -> Option<LocationChange> {
        match location {
            Text::NONE => None,
            Text::CLEAR => Some(LocationChange::Clear),
            id => Some(LocationChange::Set(self.text(id).to_ascii_lowercase())),
        }
    }
}

impl From<Category> for AssignmentCategory {
    fn from(category: Category) -> Self {
        match category {
            Category::Primary => Self::Primary,
            Category::Private => Self::Private,
            Category::Alternate => Self::Alternate,
        }
    }
}

impl From<Provider> for NumberType {
    fn from(provider: Provider) -> Self {
        match provider {
            Provider::CallingPlan => Self::CallingPlan,
            Provider::OperatorConnect => Self::OperatorConnect,
            Provider::DirectRouting => Self::DirectRouting,
        }
    }
}

/// Finds the texts that are in the arena already. Needed while reading only.
#[derive(Debug, Default)]
pub(super) struct Interner {
    known: HashTable<Hashed>,
    hasher: DefaultHashBuilder,
}

impl Interner {
    /// The text in the arena, put there if it is new. None: the arena is full.
    pub(super) fn intern(&mut self, store: &mut Store, text: &str) -> Option<Text> {
        debug_assert!(text.len() <= LONGEST_TEXT);
        let hash = folded_hash(&self.hasher, text);
        let same = |known: &Hashed| known.hash == hash && store.text(Text(known.index)).eq_ignore_ascii_case(text);
        if let Some(known) = self.known.find(spread(hash), same) {
            return Some(Text(known.index));
        }
        let end = u32::try_from(store.texts.len() + text.len()).ok()?;
        let index = u32::try_from(store.ends.len())
            .ok()
            .filter(|&index| index < Text::CLEAR.0)?;
        store.texts.push_str(text);
        store.ends.push(end);
        self.known
            .insert_unique(spread(hash), Hashed { index, hash }, |known| spread(known.hash));
        Some(Text(index))
    }
}

/// An entry of a table that knows its hash, so that the table grows without looking at what is behind its entries.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hashed {
    pub(super) index: u32,
    pub(super) hash: u32,
}

/// A hash as tables want it: they look at the lowest bits and the highest ones.
pub(super) fn spread(hash: u32) -> u64 {
    u64::from(hash).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// The hash of a text when case does not matter.
fn folded_hash(hasher: &DefaultHashBuilder, text: &str) -> u32 {
    let mut hasher = hasher.build_hasher();
    let (words, rest) = text.as_bytes().as_chunks::<16>();
    for word in words {
        hasher.write_u128(u128::from_ne_bytes(word.map(|byte| byte.to_ascii_lowercase())));
    }
    let mut last = [0; 16];
    last[..rest.len()].copy_from_slice(rest);
    hasher.write_u128(u128::from_ne_bytes(last.map(|byte| byte.to_ascii_lowercase())));
    // A zero within a text is refused before, but lengths tell texts apart whatever is in them.
    hasher.write_usize(text.len());
    hasher.finish() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_small_and_texts_are_kept_once() {
        assert_eq!(size_of::<Packed>(), 32);
        let (mut store, mut interner) = (Store::default(), Interner::default());
        let first = interner.intern(&mut store, "Ana@contoso.example").unwrap();
        let other = interner.intern(&mut store, "bo@contoso.example").unwrap();
        assert_eq!(interner.intern(&mut store, "ana@CONTOSO.example"), Some(first));
        assert_ne!(first, other);
        assert_eq!(store.text(first), "Ana@contoso.example");
        assert_eq!(store.text(other), "bo@contoso.example");
    }
}
