//! Converts the types of an area's TOML to drafts: enumerations, structured types, callables and roots.

use std::collections::HashSet;

use toml::Spanned;

use super::document::{AreaDocument, CallableEntry, EntityEntry, EnumEntry, NavigationEntry, PropertyEntry, RootEntry};
use super::source::Source;
use crate::draft::{CallableDraft, Draft, EnumDraft, Reference, RootDraft, TypeDraft, UNRESOLVED, UNRESOLVED_TYPE};
use crate::model::{
    Callable, CallableKind, EnumMember, EnumType, Navigation, Parameter, Primitive, Property, QualifiedName,
    Restrictions, Returns, Root, StructuredKind, StructuredType,
};
use crate::names;
use crate::place::{Place, Problem, Problems};

/// Value grammars the runtime knows.
const GRAMMARS: [&str; 3] = ["e164", "phoneMethod", "guid"];

/// Turns one area into drafts and notes what is wrong with it.
pub(super) struct Drafter<'reading> {
    pub(super) source: &'reading Source,
    /// The namespace of short names.
    pub(super) namespace: &'reading str,
    /// Ids in `corrections.toml`.
    pub(super) corrections: &'reading HashSet<String>,
    pub(super) draft: &'reading mut Draft,
    pub(super) problems: &'reading mut Vec<Problem>,
}

impl Drafter<'_> {
    /// Takes everything but the operations out of a document.
    pub(super) fn take(&mut self, document: &mut AreaDocument) {
        for entry in std::mem::take(&mut document.enums) {
            self.enumeration(entry);
        }
        for entry in std::mem::take(&mut document.entities) {
            let place = self.source.place(entry.span());
            self.structured(entry.into_inner(), StructuredKind::Entity, place);
        }
        for entry in std::mem::take(&mut document.complexes) {
            let place = self.source.place(entry.span());
            self.structured(entry.into_inner(), StructuredKind::Complex, place);
        }
        for entry in std::mem::take(&mut document.actions) {
            self.callable(entry, CallableKind::Action);
        }
        for entry in std::mem::take(&mut document.functions) {
            self.callable(entry, CallableKind::Function);
        }
        for entry in std::mem::take(&mut document.roots) {
            self.root(entry);
        }
    }

    fn enumeration(&mut self, entry: Spanned<EnumEntry>) {
        let place = self.source.place(entry.span());
        let entry = entry.into_inner();
        let Some(name) = self.declared(&entry.name, &place) else {
            return;
        };
        self.problems
            .filled(&place, format_args!("{name}: documentation"), &entry.documentation);
        self.problems
            .filled(&place, format_args!("{name}: source"), &entry.source);
        let mut members = Vec::new();
        let mut seen = HashSet::new();
        for (key, member) in entry.members.0 {
            let place = self.source.place(key.span());
            let key = key.into_inner();
            if !names::is_identifier(&key) {
                self.problems
                    .add(&place, format!("{name}: the member {key:?} is not an OData identifier"));
            }
            self.problems.filled(
                &place,
                format_args!("{name}/{key}: documentation"),
                &member.documentation,
            );
            if !entry.flags && !seen.insert(member.value) {
                self.problems
                    .add(&place, format!("{name}: two members have the value {}", member.value));
            }
            members.push(EnumMember {
                name: key,
                value: member.value,
                documentation: member.documentation,
                prefer: member.prefer,
            });
        }
        if members.is_empty() {
            self.problems.add(&place, format!("{name} has no members"));
        }
        self.problems.clouds(&place, &name, &entry.clouds);
        let value = EnumType {
            flags: entry.flags,
            underlying: Primitive::Int32,
            members,
            documentation: entry.documentation,
            clouds: entry.clouds,
            name,
        };
        self.draft.enums.push(EnumDraft { value, place });
    }

    fn structured(&mut self, entry: EntityEntry, kind: StructuredKind, place: Place) {
        let Some(name) = self.declared(&entry.name, &place) else {
            return;
        };
        self.problems
            .filled(&place, format_args!("{name}: documentation"), &entry.documentation);
        self.problems
            .filled(&place, format_args!("{name}: source"), &entry.source);
        let has_key = entry.has_stream || !entry.key.is_empty() || entry.key_sensitivity.is_some();
        if kind == StructuredKind::Complex && has_key {
            self.problems
                .add(&place, format!("{name}: only an entity has a key or a stream"));
        }
        let base = entry.base.as_deref().and_then(|base| self.reference(base, &place));
        if base.as_ref().is_some_and(|base| base.collection) {
            self.problems
                .add(&place, format!("{name}: the base may not be a collection"));
        }
        let properties = entry.properties.0.into_iter();
        let properties = properties
            .filter_map(|(key, entry)| self.property(&name, &key, entry))
            .collect();
        let navigation = entry.navigation.0.into_iter();
        let navigation = navigation
            .filter_map(|(key, entry)| self.navigation(&name, &key, entry))
            .collect();
        self.problems.clouds(&place, &name, &entry.clouds);
        let value = StructuredType {
            kind,
            base: None,
            derived: Vec::new(),
            is_abstract: entry.r#abstract,
            open: entry.open,
            has_stream: entry.has_stream,
            key: entry.key,
            key_sensitivity: entry.key_sensitivity,
            properties: Vec::new(),
            navigation: Vec::new(),
            restrictions: Restrictions::default(),
            stub: false,
            partial: entry.partial,
            documentation: entry.documentation,
            clouds: entry.clouds,
            name,
        };
        self.draft.types.push(TypeDraft {
            value,
            base,
            properties,
            navigation,
            place,
        });
    }

    fn property(
        &mut self,
        parent: &QualifiedName,
        key: &Spanned<String>,
        entry: PropertyEntry,
    ) -> Option<(Property, Reference)> {
        let (name, place) = self.member(parent, key);
        let what = format!("{parent}/{name}");
        self.problems
            .filled(&place, format_args!("{what}: documentation"), &entry.documentation);
        self.grammar(entry.grammar.as_deref(), &what, &place);
        self.range(entry.range, &entry.r#type, &what, &place);
        self.corrections(&entry.corrections, &what, &place);
        let reference = self.reference(&entry.r#type, &place)?;
        let property = Property {
            name,
            r#type: UNRESOLVED_TYPE,
            nullable: entry.nullable,
            sensitivity: entry.sensitivity,
            grammar: entry.grammar,
            range: entry.range,
            deprecated: entry.deprecated,
            filter: entry.filter,
            orderby: entry.orderby,
            documentation: entry.documentation,
            corrections: entry.corrections,
        };
        Some((property, reference))
    }

    fn navigation(
        &mut self,
        parent: &QualifiedName,
        key: &Spanned<String>,
        entry: NavigationEntry,
    ) -> Option<(Navigation, Reference)> {
        let (name, place) = self.member(parent, key);
        self.problems.filled(
            &place,
            format_args!("{parent}/{name}: documentation"),
            &entry.documentation,
        );
        let reference = self.reference(&entry.r#type, &place)?;
        if entry.key.is_some() && !reference.collection {
            self.problems
                .add(&place, format!("{parent}/{name}: only a collection has a key"));
        }
        let navigation = Navigation {
            name,
            target: UNRESOLVED,
            collection: reference.collection,
            contained: entry.contained,
            nullable: entry.nullable,
            key: entry.key,
            restrictions: Restrictions::default(),
            documentation: entry.documentation,
        };
        Some((navigation, reference))
    }

    fn callable(&mut self, entry: Spanned<CallableEntry>, kind: CallableKind) {
        let place = self.source.place(entry.span());
        let entry = entry.into_inner();
        let Some(name) = self.declared(&entry.name, &place) else {
            return;
        };
        self.problems
            .filled(&place, format_args!("{name}: documentation"), &entry.documentation);
        self.problems
            .filled(&place, format_args!("{name}: source"), &entry.source);
        if kind == CallableKind::Action && entry.composable.is_some() {
            self.problems
                .add(&place, format!("{name}: only functions are composable"));
        }
        if kind == CallableKind::Function && entry.returns.is_none() {
            self.problems
                .add(&place, format!("the function {name} returns nothing"));
        }
        let binding = entry
            .binding
            .as_deref()
            .and_then(|binding| self.reference(binding, &place));
        let mut parameters = Vec::new();
        for parameter in entry.parameters {
            let place = self.source.place(parameter.span());
            let parameter = parameter.into_inner();
            let what = format!("{name}: parameter {}", parameter.name);
            if !names::is_identifier(&parameter.name) {
                self.problems
                    .add(&place, format!("{what}: the name is not an OData identifier"));
            }
            self.problems
                .filled(&place, format_args!("{what}: documentation"), &parameter.documentation);
            self.grammar(parameter.grammar.as_deref(), &what, &place);
            let Some(reference) = self.reference(&parameter.r#type, &place) else {
                continue;
            };
            let value = Parameter {
                name: parameter.name,
                r#type: UNRESOLVED_TYPE,
                nullable: parameter.nullable,
                required: parameter.required.unwrap_or(!parameter.nullable),
                grammar: parameter.grammar,
                sensitivity: parameter.sensitivity,
                documentation: parameter.documentation,
            };
            parameters.push((value, reference));
        }
        let returns = entry.returns.and_then(|returns| {
            let reference = self.reference(&returns.r#type, &place)?;
            Some((
                Returns {
                    r#type: UNRESOLVED_TYPE,
                    nullable: returns.nullable,
                },
                reference,
            ))
        });
        let value = Callable {
            kind,
            name,
            binding: None,
            parameters: Vec::new(),
            returns: None,
            composable: entry.composable.unwrap_or(false),
            entity_set_path: None,
            documentation: entry.documentation,
        };
        self.draft.callables.push(CallableDraft {
            value,
            binding,
            parameters,
            returns,
            place,
        });
    }

    fn root(&mut self, entry: Spanned<RootEntry>) {
        let place = self.source.place(entry.span());
        let entry = entry.into_inner();
        let what = format!("root {}", entry.name);
        if !names::is_identifier(&entry.name) {
            self.problems
                .add(&place, format!("{what}: the name is not an OData identifier"));
        }
        self.problems
            .filled(&place, format_args!("{what}: documentation"), &entry.documentation);
        let Some(target) = self.reference(&entry.r#type, &place) else {
            return;
        };
        if target.collection {
            self.problems.add(
                &place,
                format!("{what}: the type is that of one entity, not a collection"),
            );
        }
        let kind = entry.kind;
        if entry.key.is_some() && kind == crate::model::RootKind::Singleton {
            self.problems
                .add(&place, format!("{what}: only an entity set has a key"));
        }
        let value = Root {
            name: entry.name,
            kind,
            target: UNRESOLVED,
            key: entry.key,
            restrictions: Restrictions::default(),
            documentation: entry.documentation,
        };
        self.draft.roots.push(RootDraft { value, target, place });
    }

    /// The name something is declared by.
    fn declared(&mut self, text: &str, place: &Place) -> Option<QualifiedName> {
        let reference = self.reference(text, place)?;
        if reference.collection {
            self.problems.add(place, format!("{text:?} is not a name"));
            return None;
        }
        Some(reference.name)
    }

    fn member(&mut self, parent: &QualifiedName, key: &Spanned<String>) -> (String, Place) {
        let place = self.source.place(key.span());
        let name = key.get_ref().clone();
        if !names::is_identifier(&name) {
            self.problems
                .add(&place, format!("{parent}: {name:?} is not an OData identifier"));
        }
        (name, place)
    }

    /// A type by its full or short name.
    fn reference(&mut self, text: &str, place: &Place) -> Option<Reference> {
        match names::short_reference(text, self.namespace, place) {
            Ok(reference) => Some(reference),
            Err(problem) => {
                self.problems.push(problem);
                None
            }
        }
    }

    fn grammar(&mut self, grammar: Option<&str>, what: &str, place: &Place) {
        if let Some(unknown) = grammar.filter(|grammar| !GRAMMARS.contains(grammar)) {
            let known = GRAMMARS.join(", ");
            self.problems.add(
                place,
                format!("{what}: the grammar {unknown} is unknown, known are {known}"),
            );
        }
    }

    fn range(&mut self, range: Option<(i64, i64)>, r#type: &str, what: &str, place: &Place) {
        let Some((least, largest)) = range else { return };
        if least > largest {
            self.problems
                .add(place, format!("{what}: the range from {least} to {largest} is empty"));
        }
        if !matches!(
            r#type,
            "Edm.Byte" | "Edm.SByte" | "Edm.Int16" | "Edm.Int32" | "Edm.Int64"
        ) {
            self.problems.add(
                place,
                format!("{what}: only a whole number can have a range, not {}", r#type),
            );
        }
    }

    fn corrections(&mut self, ids: &[String], what: &str, place: &Place) {
        for id in ids.iter().filter(|id| !self.corrections.contains(*id)) {
            self.problems.add(place, format!("{what}: there is no correction {id}"));
        }
    }
}
