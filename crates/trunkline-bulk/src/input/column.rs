//! The columns of a file: their names, their synonyms and their values.

use std::fmt;

use serde::Serialize;
use trunkline::phones::PhoneRole;

use super::nearest::distance;

/// A column that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Column {
    /// The action: see [`Action`](trunkline::Action).
    Action,
    /// The telephone number.
    Number,
    /// The extension of the number, in a column of its own.
    Extension,
    /// The user: a user principal name or an object id.
    User,
    /// The line of the user.
    Category,
    /// Id of the emergency location, or `none`.
    Location,
    /// The provider of the number.
    NumberType,
    /// The role of the phone method.
    Role,
    /// Whether the user may sign in with a text message.
    SmsSignIn,
    /// The kind of a Teams policy.
    PolicyType,
    /// Name of a Teams policy.
    Policy,
    /// The mobile phone of a row that names each phone in a column of its own.
    Mobile,
    /// The second mobile phone of such a row.
    AlternateMobile,
    /// The office phone of such a row.
    Office,
}

/// One column as documented.
struct Described {
    column: Column,
    name: &'static str,
    synonyms: &'static [&'static str],
    holds: &'static str,
}

/// Every column, in the order in which they are documented. `docs/bulk-input.md` is checked against it.
const COLUMNS: [Described; Column::COUNT] = [
    Described {
        column: Column::Action,
        name: "action",
        synonyms: &["change", "operation", "aktion", "vorgang"],
        holds: "what shall be, one of the actions below",
    },
    Described {
        column: Column::Number,
        name: "number",
        synonyms: &[
            "telephoneNumber",
            "phoneNumber",
            "phone",
            "lineUri",
            "e164",
            "telefonnummer",
            "rufnummer",
            "telefon",
        ],
        holds: "the telephone number, with a plus and its country code",
    },
    Described {
        column: Column::Extension,
        name: "extension",
        synonyms: &["ext", "extensionNumber", "numberExtension", "durchwahl", "nebenstelle"],
        holds: "the extension of the number, as text; or write it with the number, `+12065550113x42`",
    },
    Described {
        column: Column::User,
        name: "user",
        synonyms: &[
            "upn",
            "userPrincipalName",
            "principalName",
            "userId",
            "objectId",
            "identity",
            "target",
            "assignmentTargetId",
            "assignedPstnTargetId",
            "benutzer",
            "benutzerprinzipalname",
        ],
        holds: "the user principal name or the object id",
    },
    Described {
        column: Column::Category,
        name: "category",
        synonyms: &["assignmentCategory", "kategorie"],
        holds: "which of the user's lines: `primary` (when empty), `private` or `alternate`",
    },
    Described {
        column: Column::Location,
        name: "location",
        synonyms: &[
            "locationId",
            "emergencyLocation",
            "emergencyLocationId",
            "lisLocationId",
            "notfallstandort",
            "standortId",
        ],
        holds: "the id of the emergency location; `none` takes the location away",
    },
    Described {
        column: Column::NumberType,
        name: "numberType",
        synonyms: &["phoneNumberType", "nummerntyp"],
        holds: "who provides the number: `callingPlan`, `operatorConnect` or `directRouting`",
    },
    Described {
        column: Column::Role,
        name: "role",
        synonyms: &["phoneType", "methodType", "phoneRole", "phoneMethod", "rolle"],
        holds: "which phone method: `mobile`, `alternateMobile` or `office`",
    },
    Described {
        column: Column::SmsSignIn,
        name: "smsSignIn",
        synonyms: &["smsSignInState", "enable", "enabled", "smsAnmeldung"],
        holds: "`on` or `off` (also `true`, `false`, `yes`, `no`, `enabled`, `disabled`, and what spreadsheets of other languages write for `true` and `false`, such as `WAHR` and `FALSCH`)",
    },
    Described {
        column: Column::PolicyType,
        name: "policyType",
        synonyms: &["policyKind", "kindOfPolicy", "richtlinientyp"],
        holds: "the kind of a Teams policy: `TeamsCallingPolicy`, or in short `calling`, `voice routing`, `dial plan`, …",
    },
    Described {
        column: Column::Policy,
        name: "policy",
        synonyms: &["policyName", "richtlinie"],
        holds: "the name of the policy, with or without `Tag:`",
    },
    Described {
        column: Column::Mobile,
        name: "mobile",
        synonyms: &[
            "mobilePhone",
            "mobileNumber",
            "cell",
            "cellPhone",
            "mobil",
            "mobiltelefon",
            "handy",
        ],
        holds: "the mobile phone, in a file with one row for each person; see [below](#one-row-for-each-person)",
    },
    Described {
        column: Column::AlternateMobile,
        name: "alternateMobile",
        synonyms: &[
            "alternateMobilePhone",
            "alternateMobileNumber",
            "alternatePhone",
            "alternativesMobiltelefon",
        ],
        holds: "the second mobile phone, likewise",
    },
    Described {
        column: Column::Office,
        name: "office",
        synonyms: &[
            "officePhone",
            "officeNumber",
            "businessPhone",
            "workPhone",
            "bürotelefon",
        ],
        holds: "the office phone, likewise",
    },
];

impl Column {
    pub(super) const COUNT: usize = 14;

    /// All columns, in the order in which they are documented.
    pub const ALL: [Self; Self::COUNT] = [
        Self::Action,
        Self::Number,
        Self::Extension,
        Self::User,
        Self::Category,
        Self::Location,
        Self::NumberType,
        Self::Role,
        Self::SmsSignIn,
        Self::PolicyType,
        Self::Policy,
        Self::Mobile,
        Self::AlternateMobile,
        Self::Office,
    ];

    /// The columns of files we write, in their order: the extension is written with its number, and a phone with its role.
    pub(crate) const WRITTEN: [Self; 10] = [
        Self::Action,
        Self::Number,
        Self::User,
        Self::Category,
        Self::Location,
        Self::NumberType,
        Self::Role,
        Self::SmsSignIn,
        Self::PolicyType,
        Self::Policy,
    ];

    fn described(self) -> &'static Described {
        &COLUMNS[self as usize]
    }

    /// Its heading in files we write, and its key in JSONL.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.described().name
    }

    /// Other headings of the column. As with its name, case, spaces, `_` and `-` do not matter.
    #[must_use]
    pub fn synonyms(self) -> &'static [&'static str] {
        self.described().synonyms
    }

    /// Its contents, for documentation.
    #[must_use]
    pub fn holds(self) -> &'static str {
        self.described().holds
    }

    /// The column with that heading.
    ///
    /// ```
    /// use trunkline_bulk::input::Column;
    ///
    /// assert_eq!(Column::from_heading("User Principal-Name"), Some(Column::User));
    /// assert_eq!(Column::from_heading("city"), None);
    /// ```
    #[must_use]
    pub fn from_heading(heading: &str) -> Option<Self> {
        COLUMNS
            .iter()
            .find(|described| {
                same_word(described.name, heading) || described.synonyms.iter().any(|other| same_word(other, heading))
            })
            .map(|described| described.column)
    }
}

impl Column {
    /// The column of that name.
    ///
    /// ```
    /// use trunkline_bulk::input::Column;
    ///
    /// assert_eq!(Column::from_name("Number-Type"), Some(Column::NumberType));
    /// assert_eq!(Column::from_name("upn"), None, "another heading of `user`, and no name");
    /// ```
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|column| same_word(column.name(), name))
    }

    /// The phone method that a column holds, of files with one row for each person.
    #[must_use]
    pub fn role(self) -> Option<PhoneRole> {
        match self {
            Self::Mobile => Some(PhoneRole::Mobile),
            Self::AlternateMobile => Some(PhoneRole::AlternateMobile),
            Self::Office => Some(PhoneRole::Office),
            _ => None,
        }
    }
}

impl fmt::Display for Column {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// Whether a text is that name when case, spaces, `_` and `-` do not matter.
pub(super) fn same_word(name: &str, text: &str) -> bool {
    letters(name).eq(letters(text))
}

/// The letters of a heading that count, in lower case.
fn letters(text: &str) -> impl Iterator<Item = char> {
    let letters = text
        .chars()
        .filter(|letter| !matches!(letter, ' ' | '_' | '-' | '\u{a0}'));
    letters.map(|letter| match letter {
        ascii if ascii.is_ascii() => ascii.to_ascii_lowercase(),
        // Of the letters that headings have, each is one in lower case, too.
        other => other.to_lowercase().next().unwrap_or(other),
    })
}

/// The column that a heading seems to mean, which misspells one of its names.
pub(super) fn near_heading(heading: &str) -> Option<Column> {
    let wanted: String = letters(heading).collect();
    let length = wanted.chars().count();
    // In short words, another letter makes another word.
    let limit = if length < 4 { return None } else { 1 + length / 7 };
    let names = COLUMNS.iter().flat_map(|described| {
        let names = std::iter::once(described.name).chain(described.synonyms.iter().copied());
        names.map(|name| (described.column, name))
    });
    names
        .filter_map(|(column, name)| {
            let name: String = letters(name).collect();
            Some((distance(&wanted, &name, limit)?, column))
        })
        .min()
        .map(|(_, column)| column)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_order_and_no_heading_means_two_columns() {
        for (index, described) in COLUMNS.iter().enumerate() {
            assert_eq!(described.column as usize, index);
            assert_eq!(Column::ALL[index], described.column);
            for heading in described.synonyms.iter().chain([&described.name]) {
                assert_eq!(Column::from_heading(heading), Some(described.column), "{heading}");
            }
        }
    }

    #[test]
    fn headings_are_read_forgivingly() {
        for (heading, column) in [
            ("NUMBER", Some(Column::Number)),
            (" Phone Number ", Some(Column::Number)),
            ("phone_number", Some(Column::Number)),
            ("User-Principal-Name", Some(Column::User)),
            ("UPN", Some(Column::User)),
            ("Lis\u{a0}Location Id", Some(Column::Location)),
            ("", None),
            ("numbers", None),
            ("type", None),
            ("BÜROTELEFON", Some(Column::Office)),
            ("numbernumbernumbernumbernumbernumbernumber", None),
        ] {
            assert_eq!(Column::from_heading(heading), column, "{heading}");
        }
    }
}
