//! A tenant, and a file of two hundred rows about it: every action, some rows already correct, some blocked.

use serde_json::{Value, json};
use trunkline_emulator::{DEFAULT_TENANT_DOMAIN, bulk_numbers, bulk_users};

use crate::rng::Rng;
use crate::truth::Intent;

/// Rows of a file.
pub(crate) const ROWS: usize = 200;
const NUMBERS: usize = 600;
const PEOPLE: usize = 500;
const LOCATIONS: [&str; 2] = [
    "10c00000-0000-4000-8000-000000000001",
    "10c00000-0000-4000-8000-000000000002",
];
/// Ids of phone methods, the same for everybody.
pub(crate) const ROLES: [(&str, &str); 3] = [
    ("mobile", "3179e48a-750b-4051-897c-87b9720928f7"),
    ("alternateMobile", "b6332ec1-7057-4abe-9331-3d72feddfe41"),
    ("office", "e37fc753-ff3b-4958-9484-eaa9425c82bc"),
];

/// The possible outcomes of a row when no answer is lost for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Prospect {
    /// The change is possible, or the state is already correct.
    Can,
    /// It cannot: the tenant, the service or another row stands in the way.
    Cannot,
}

/// A row of the file.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) line: u32,
    pub(crate) intent: Intent,
    pub(crate) prospect: Prospect,
    cells: [String; 6],
}

/// The tenant and the file.
pub(crate) struct World {
    pub(crate) seed: Value,
    pub(crate) rows: Vec<Row>,
    /// Whether the tenant keeps released numbers from being assigned.
    pub(crate) is_blocking: bool,
}

impl World {
    /// `kind` decides what the tenant is set to, `rng` everything else.
    pub(crate) fn build(rng: Rng, mut kind: Rng) -> Self {
        let mut builder = Builder {
            rng,
            is_blocking: kind.chance(250),
            numbers: bulk_numbers(NUMBERS)["numbers"].take(),
            people: bulk_users(PEOPLE)["users"].take(),
            next_number: 0,
            next_person: 0,
            next_phone: 1000,
            rows: Vec::new(),
        };
        while builder.rows.len() < ROWS {
            builder.add();
        }
        builder.rows.truncate(ROWS);
        builder.finish()
    }

    /// The file, as CSV.
    pub(crate) fn file(&self) -> String {
        let mut text = "action,number,user,location,role,smsSignIn\n".to_owned();
        for row in &self.rows {
            text.push_str(&row.cells.join(","));
            text.push('\n');
        }
        text
    }
}

struct Builder {
    rng: Rng,
    is_blocking: bool,
    numbers: Value,
    people: Value,
    next_number: usize,
    next_person: usize,
    next_phone: usize,
    rows: Vec<Row>,
}

impl Builder {
    /// Adds the rows of one matter. A matter is whole or, at the very end of the file, cut short: then what it leaves out
    /// decides what can be, which is why those that hang together put the rows that others need first.
    fn add(&mut self) {
        match self.rng.below(32) {
            0..=6 => self.assign(),
            7..=9 => self.shift(),
            10 => self.swap(),
            11..=12 => self.chain(),
            13 => self.give_up_for_another(),
            14..=16 => self.unassign(),
            17..=18 => self.locate(),
            19..=21 => self.cannot_assign(),
            22..=28 => self.phones(),
            29..=30 => self.sms(),
            _ => self.phones_that_cannot(),
        }
    }

    fn finish(mut self) -> World {
        self.rng.shuffle(&mut self.rows);
        for (row, line) in self.rows.iter_mut().zip(2..) {
            row.line = line;
        }
        let configuration = if self.is_blocking {
            json!({ "assignmentBlockedForever": true })
        } else {
            json!({})
        };
        World {
            seed: json!({
                "numbers": self.numbers, "users": self.people, "telephoneNumberConfiguration": configuration,
            }),
            is_blocking: self.is_blocking,
            rows: self.rows,
        }
    }

    // ------------------------------------------------------------------------------------ the tenant

    fn number(&mut self) -> usize {
        self.next_number += 1;
        self.next_number - 1
    }

    fn person(&mut self) -> usize {
        self.next_person += 1;
        self.next_person - 1
    }

    fn phone_number(&mut self) -> String {
        self.next_phone += 1;
        format!("+1 206555{:04}", self.next_phone)
    }

    fn text(&self, number: usize) -> String {
        self.numbers[number]["telephoneNumber"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    /// As the emulator numbers its people.
    #[allow(clippy::unused_self, reason = "stands with the others")]
    fn id(&self, person: usize) -> String {
        format!("b0000000-0000-4000-8000-{person:012}")
    }

    fn hold(&mut self, number: usize, person: usize) {
        let id = self.id(person);
        let entity = &mut self.numbers[number];
        entity["assignmentTargetId"] = json!(id);
        entity["assignmentStatus"] = json!("userAssigned");
        entity["assignmentCategory"] = json!("primary");
    }

    /// A number whose orders fail, now and then.
    fn may_fail(&mut self, number: usize) -> Prospect {
        if !self.rng.chance(40) {
            return Prospect::Can;
        }
        self.numbers[number]["@emulator.outcome"] =
            json!({ "status": "failed", "statusDetail": "The number is being ported." });
        Prospect::Cannot
    }

    fn phone(&mut self, person: usize, role: &str, on: bool) -> String {
        let number = self.phone_number();
        let id = ROLES.iter().find(|known| known.0 == role).map_or("", |known| known.1);
        let state = match (role, on) {
            ("mobile", true) => "ready",
            ("mobile", false) => "notEnabled",
            _ => "notSupported",
        };
        let methods = &mut self.people[person]["authentication"]["phoneMethods"];
        if methods.is_null() {
            *methods = json!([]);
        }
        if let Some(methods) = methods.as_array_mut() {
            methods.push(json!({
                "@odata.type": "#microsoft.graph.phoneAuthenticationMethod", "id": id, "phoneNumber": number,
                "phoneType": role, "smsSignInState": state, "createdDateTime": null,
            }));
        }
        number
    }

    // ------------------------------------------------------------------------------------ rows

    fn row(&mut self, action: &str, intent: Intent, prospect: Prospect, user: Option<usize>, number: &str) {
        let user = match user {
            None => String::new(),
            Some(person) if self.rng.chance(200) => self.id(person),
            Some(person) => format!("user{person:05}@{DEFAULT_TENANT_DOMAIN}"),
        };
        let (mut location, mut role, mut sms) = (String::new(), String::new(), String::new());
        match &intent {
            Intent::Assign { location: at, .. } => location = at.clone().unwrap_or_default(),
            Intent::Locate { location: at, .. } => location = at.clone().unwrap_or_else(|| "none".to_owned()),
            Intent::SetPhone { role: of, .. } | Intent::RemovePhone { role: of, .. } => role = (*of).to_owned(),
            Intent::Sms { on, .. } => sms = if *on { "on" } else { "off" }.to_owned(),
            Intent::Unassign { .. } => {}
        }
        self.rows.push(Row {
            line: 0,
            intent,
            prospect,
            cells: [action.to_owned(), number.to_owned(), user, location, role, sms],
        });
    }

    fn assign_row(&mut self, number: usize, person: usize, takes: bool, prospect: Prospect) {
        // Such a tenant does not let a released number be assigned.
        let prospect = if takes && self.is_blocking {
            Prospect::Cannot
        } else {
            prospect
        };
        let location = self.rng.chance(200).then(|| (*self.rng.pick(&LOCATIONS)).to_owned());
        let intent = Intent::Assign {
            number: self.text(number),
            user: self.id(person),
            location,
            takes,
        };
        let (action, text) = (if takes { "move" } else { "assign" }, self.text(number));
        self.row(action, intent, prospect, Some(person), &text);
    }

    fn assign(&mut self) {
        let (number, person) = (self.number(), self.person());
        if self.rng.chance(120) {
            self.hold(number, person);
            let intent = Intent::Assign {
                number: self.text(number),
                user: self.id(person),
                location: None,
                takes: false,
            };
            let text = self.text(number);
            return self.row("assign", intent, Prospect::Can, Some(person), &text);
        }
        let mut prospect = self.may_fail(number);
        if prospect == Prospect::Can && self.rng.chance(30) {
            self.numbers[number]["@emulator.outcome"] = json!({ "activationState": "assignmentFailed" });
            prospect = Prospect::Cannot;
        }
        self.assign_row(number, person, false, prospect);
    }

    fn shift(&mut self) {
        let (number, from, to) = (self.number(), self.person(), self.person());
        self.hold(number, from);
        let prospect = self.may_fail(number);
        self.assign_row(number, to, true, prospect);
    }

    /// Two people exchange their numbers: neither can, when one of them cannot.
    fn swap(&mut self) {
        if self.rows.len() + 2 > ROWS {
            return;
        }
        let (one, other) = (self.number(), self.number());
        let (ana, bo) = (self.person(), self.person());
        self.hold(one, ana);
        self.hold(other, bo);
        let mut prospect = self.may_fail(one);
        if self.may_fail(other) == Prospect::Cannot {
            prospect = Prospect::Cannot;
        }
        self.assign_row(one, bo, true, prospect);
        self.assign_row(other, ana, true, prospect);
    }

    /// Everybody gets the number of the next, the last one's goes to somebody who has none. A number that cannot be
    /// released stops its own row and the next, which waits for it; whoever waits for that one's number gets it.
    fn chain(&mut self) {
        let length = usize::try_from(self.rng.between(3, 5)).unwrap_or(3);
        if self.rows.len() + length > ROWS {
            return;
        }
        let mut to = self.person();
        let mut before = Prospect::Can;
        for _ in 0..length {
            let (number, from) = (self.number(), self.person());
            self.hold(number, from);
            let own = self.may_fail(number);
            let prospect = if before == Prospect::Cannot { before } else { own };
            self.assign_row(number, to, true, prospect);
            (to, before) = (from, own);
        }
    }

    fn give_up_for_another(&mut self) {
        if self.rows.len() + 2 > ROWS {
            return;
        }
        let (old, new, person) = (self.number(), self.number(), self.person());
        self.hold(old, person);
        let mut prospect = self.may_fail(old);
        let (text, intent) = (self.text(old), Intent::Unassign { number: self.text(old) });
        self.row("unassign", intent, prospect, None, &text);
        if self.may_fail(new) == Prospect::Cannot {
            prospect = Prospect::Cannot;
        }
        self.assign_row(new, person, false, prospect);
    }

    fn unassign(&mut self) {
        let (number, person) = (self.number(), self.person());
        let (text, intent) = (
            self.text(number),
            Intent::Unassign {
                number: self.text(number),
            },
        );
        match self.rng.below(8) {
            // Free already.
            0 => self.row("unassign", intent, Prospect::Can, None, &text),
            // Somebody else's.
            1 => {
                self.hold(number, person);
                let other = self.person();
                self.row("unassign", intent, Prospect::Cannot, Some(other), &text);
            }
            2 => {
                self.hold(number, person);
                self.numbers[number]["numberSource"] = json!("onPremises");
                self.row("unassign", intent, Prospect::Cannot, None, &text);
            }
            named => {
                self.hold(number, person);
                let prospect = self.may_fail(number);
                self.row("unassign", intent, prospect, (named == 3).then_some(person), &text);
            }
        }
    }

    fn locate(&mut self) {
        let number = self.number();
        let mut location = Some((*self.rng.pick(&LOCATIONS)).to_owned());
        let mut prospect = Prospect::Can;
        match self.rng.below(6) {
            0 => self.numbers[number]["locationId"] = json!(location),
            1 => {
                self.numbers[number]["locationId"] = json!(location);
                location = None;
            }
            // The service does not know the place.
            2 => {
                location = Some("10c00000-0000-4000-8000-00000000dead".to_owned());
                prospect = Prospect::Cannot;
            }
            _ => {}
        }
        let (text, number) = (self.text(number), self.text(number));
        self.row(
            "setLocation",
            Intent::Locate { number, location },
            prospect,
            None,
            &text,
        );
    }

    fn cannot_assign(&mut self) {
        let (number, person) = (self.number(), self.person());
        match self.rng.below(6) {
            0 => self.people[person]["licenseDetails"] = json!([]),
            1 => self.people[person]["accountEnabled"] = json!(false),
            2 => {
                let holder = self.person();
                self.hold(number, holder);
            }
            3 => {
                let other = self.number();
                self.hold(other, person);
            }
            4 => {
                let text = self.text(number);
                let intent = Intent::Assign {
                    number: text.clone(),
                    user: String::new(),
                    location: None,
                    takes: false,
                };
                // Beyond the people there are.
                return self.row("assign", intent, Prospect::Cannot, Some(PEOPLE + number), &text);
            }
            _ => {
                let text = format!("+1206555{}", 9000 + number);
                let intent = Intent::Assign {
                    number: text.clone(),
                    user: self.id(person),
                    location: None,
                    takes: false,
                };
                return self.row("assign", intent, Prospect::Cannot, Some(person), &text);
            }
        }
        self.assign_row(number, person, false, Prospect::Cannot);
    }

    fn set_phone(&mut self, person: usize, role: &'static str, number: &str, prospect: Prospect) {
        let intent = Intent::SetPhone {
            user: self.id(person),
            role,
            number: number.to_owned(),
        };
        self.row("setPhone", intent, prospect, Some(person), number);
    }

    fn remove_phone(&mut self, person: usize, role: &'static str, prospect: Prospect) {
        let user = self.id(person);
        self.row(
            "removePhone",
            Intent::RemovePhone { user, role },
            prospect,
            Some(person),
            "",
        );
    }

    fn sms_row(&mut self, person: usize, on: bool, prospect: Prospect) {
        let user = self.id(person);
        self.row("smsSignIn", Intent::Sms { user, on }, prospect, Some(person), "");
    }

    fn phones(&mut self) {
        if self.rows.len() + 3 > ROWS {
            return;
        }
        let (person, number) = (self.person(), self.phone_number());
        match self.rng.below(10) {
            0 => self.set_phone(person, "mobile", &number, Prospect::Can),
            1 => {
                let was_on = self.rng.chance(500);
                self.phone(person, "mobile", was_on);
                self.set_phone(person, "mobile", &number, Prospect::Can);
            }
            2 => {
                let own = self.phone(person, "mobile", true);
                self.set_phone(person, "mobile", &own, Prospect::Can);
            }
            3 => {
                let another = self.phone_number();
                self.set_phone(person, "alternateMobile", &another, Prospect::Can);
                self.set_phone(person, "mobile", &number, Prospect::Can);
            }
            4 => self.set_phone(person, "office", &number, Prospect::Can),
            5 => {
                self.phone(person, "mobile", false);
                self.phone(person, "office", false);
                self.set_phone(person, "office", &number, Prospect::Can);
                self.set_phone(
                    person,
                    "alternateMobile",
                    &number.replace("+1 206", "+1 207"),
                    Prospect::Can,
                );
            }
            6 => {
                self.phone(person, "office", false);
                self.remove_phone(person, "office", Prospect::Can);
            }
            7 => {
                self.phone(person, "mobile", true);
                self.phone(person, "alternateMobile", false);
                self.remove_phone(person, "mobile", Prospect::Can);
                self.remove_phone(person, "alternateMobile", Prospect::Can);
            }
            8 => self.remove_phone(person, "office", Prospect::Can),
            _ => {
                self.phone(person, "mobile", true);
                self.phone(person, "alternateMobile", false);
                self.remove_phone(person, "alternateMobile", Prospect::Can);
                self.set_phone(person, "mobile", &number, Prospect::Can);
                let on = self.rng.chance(500);
                self.sms_row(person, on, Prospect::Can);
            }
        }
    }

    fn sms(&mut self) {
        let person = self.person();
        let (was, on) = (self.rng.chance(400), self.rng.chance(500));
        self.phone(person, "mobile", was);
        self.sms_row(person, on, Prospect::Can);
    }

    fn phones_that_cannot(&mut self) {
        let (person, number) = (self.person(), self.phone_number());
        match self.rng.below(4) {
            0 => self.set_phone(person, "alternateMobile", &number, Prospect::Cannot),
            1 => self.sms_row(person, true, Prospect::Cannot),
            2 => {
                self.phone(person, "mobile", true);
                self.phone(person, "alternateMobile", false);
                self.remove_phone(person, "mobile", Prospect::Cannot);
            }
            // Somebody else signs in with the number.
            _ => {
                let taken = self.phone(person, "mobile", true);
                let other = self.person();
                self.phone(other, "mobile", false);
                if let Some(methods) = self.people[other]["authentication"]["phoneMethods"].as_array_mut() {
                    methods[0]["phoneNumber"] = json!(taken);
                    methods[0]["smsSignInState"] = json!("phoneNumberNotUnique");
                }
                self.sms_row(other, true, Prospect::Cannot);
            }
        }
    }
}
