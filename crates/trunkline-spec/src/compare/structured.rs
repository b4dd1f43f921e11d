//! Entity and complex types with their members.

use super::Comparer;
use crate::model::{ItemType, Model, Navigation, Property, StructuredKind, StructuredType};
use crate::spec::DifferenceKind;

impl Comparer<'_> {
    /// Compares all structured types the spec declares.
    pub(super) fn structured_types(&mut self) {
        let (ours, theirs) = (self.ours, self.theirs);
        for r#type in &ours.types {
            let subject = r#type.name.to_string();
            let other = theirs.type_named(&r#type.name).map(|id| theirs.structured(id));
            match (other, self.is_here(&r#type.clouds)) {
                (Some(other), true) => self.structured(r#type, other, &subject),
                (None, true) => self.differs(DifferenceKind::Type, &subject, "nothing", "a type of this cloud"),
                (Some(_), false) => {
                    self.differs(
                        DifferenceKind::Type,
                        &subject,
                        "the type",
                        "a type that this cloud does not have",
                    );
                }
                (None, false) => {}
            }
        }
    }

    fn structured(&mut self, ours: &StructuredType, theirs: &StructuredType, subject: &str) {
        self.comparison.counts.types += 1;
        let kind = DifferenceKind::Type;
        self.same(kind, subject, theirs.kind, ours.kind, |kind| {
            match kind {
                StructuredKind::Entity => "an entity type",
                StructuredKind::Complex => "a complex type",
            }
            .to_owned()
        });
        let base = |model: &Model, r#type: &StructuredType| r#type.base.map(|id| model.structured(id).name.to_string());
        self.same(
            kind,
            subject,
            base(self.theirs, theirs),
            base(self.ours, ours),
            |base| match base {
                Some(base) => format!("the base {base}"),
                None => "no base".to_owned(),
            },
        );
        let is = |what: &'static str| move |is: &bool| if *is { what.to_owned() } else { format!("not {what}") };
        self.same(kind, subject, theirs.is_abstract, ours.is_abstract, is("abstract"));
        self.same(kind, subject, theirs.open, ours.open, is("open"));
        self.same(kind, subject, theirs.has_stream, ours.has_stream, is("with a stream"));
        self.same(kind, subject, &theirs.key, &ours.key, |key| format!("the key {key:?}"));
        for property in &ours.properties {
            self.comparison.counts.properties += 1;
            self.property(property, theirs, &format!("{subject}/{}", property.name));
        }
        for navigation in &ours.navigation {
            self.comparison.counts.navigation += 1;
            self.navigation(navigation, theirs, &format!("{subject}/{}", navigation.name));
        }
        for property in &theirs.properties {
            if !ours.properties.iter().any(|own| own.name == property.name) {
                let subject = format!("{subject}/{}", property.name);
                self.note(
                    DifferenceKind::Property,
                    &subject,
                    "the spec does not declare it",
                    !ours.partial,
                );
            }
        }
        for navigation in &theirs.navigation {
            if !ours.navigation.iter().any(|own| own.name == navigation.name) {
                let subject = format!("{subject}/{}", navigation.name);
                self.note(
                    DifferenceKind::Navigation,
                    &subject,
                    "the spec does not declare it",
                    !ours.partial,
                );
            }
        }
    }

    fn property(&mut self, ours: &Property, parent: &StructuredType, subject: &str) {
        let kind = DifferenceKind::Property;
        let Some(theirs) = parent.properties.iter().find(|property| property.name == ours.name) else {
            if self.is_type_here(ours.r#type.item) {
                self.differs(kind, subject, "nothing", "a property");
            }
            return;
        };
        let found = self.theirs.type_name(theirs.r#type);
        let own = self.ours.type_name(ours.r#type);
        self.same(kind, subject, found, own, |name| format!("the type {name}"));
        self.same(kind, subject, theirs.nullable, ours.nullable, nullable);
    }

    fn navigation(&mut self, ours: &Navigation, parent: &StructuredType, subject: &str) {
        let kind = DifferenceKind::Navigation;
        let Some(theirs) = parent.navigation.iter().find(|navigation| navigation.name == ours.name) else {
            if self.is_type_here(ItemType::Structured(ours.target)) {
                self.differs(kind, subject, "nothing", "a navigation property");
            }
            return;
        };
        let target = |model: &Model, navigation: &Navigation| {
            let name = &model.structured(navigation.target).name;
            if navigation.collection {
                format!("Collection({name})")
            } else {
                name.to_string()
            }
        };
        let found = target(self.theirs, theirs);
        let own = target(self.ours, ours);
        self.same(kind, subject, found, own, |target| format!("the target {target}"));
        self.same(kind, subject, theirs.contained, ours.contained, |contained| {
            if *contained { "contained" } else { "not contained" }.to_owned()
        });
        if !ours.collection && !theirs.collection {
            self.same(kind, subject, theirs.nullable, ours.nullable, nullable);
        }
    }
}

/// Whether something may be null, in words.
pub(super) fn nullable(nullable: &bool) -> String {
    if *nullable { "nullable" } else { "not nullable" }.to_owned()
}
