//! Enumerations.

use super::Comparer;
use crate::model::{Cloud, EnumType};
use crate::spec::DifferenceKind;

impl Comparer<'_> {
    /// Compares all enumerations the spec declares.
    pub(super) fn enumerations(&mut self) {
        let (ours, theirs) = (self.ours, self.theirs);
        for r#enum in &ours.enums {
            let subject = r#enum.name.to_string();
            let other = theirs.enum_named(&r#enum.name).map(|id| theirs.enumeration(id));
            match (other, self.is_here(&r#enum.clouds)) {
                (Some(other), true) => self.enumeration(r#enum, other, &subject),
                (None, true) => self.differs(
                    DifferenceKind::Enum,
                    &subject,
                    "nothing",
                    "an enumeration of this cloud",
                ),
                (Some(_), false) => {
                    let ours = "an enumeration that this cloud does not have";
                    self.differs(DifferenceKind::Enum, &subject, "the enumeration", ours);
                }
                (None, false) => {}
            }
        }
    }

    fn enumeration(&mut self, ours: &EnumType, theirs: &EnumType, subject: &str) {
        self.comparison.counts.enums += 1;
        let kind = DifferenceKind::Enum;
        self.same(kind, subject, theirs.flags, ours.flags, |flags| {
            if *flags { "flags" } else { "no flags" }.to_owned()
        });
        for member in &ours.members {
            self.comparison.counts.members += 1;
            let subject = format!("{subject}/{}", member.name);
            match theirs.members.iter().find(|other| other.name == member.name) {
                Some(other) => {
                    self.same(kind, &subject, other.value, member.value, |value| {
                        format!("the value {value}")
                    });
                }
                None if self.cloud == Cloud::Global => self.differs(kind, &subject, "nothing", "a member"),
                None => self.note(kind, &subject, "this cloud does not have the member", true),
            }
        }
        for member in &theirs.members {
            if !ours.members.iter().any(|own| own.name == member.name) {
                self.differs(kind, &format!("{subject}/{}", member.name), "a member", "nothing");
            }
        }
    }
}
