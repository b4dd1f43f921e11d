//! TypeScript: a module for each file of values, with an interface for each record. The text stands in `templates/typescript`.

use std::collections::BTreeSet;

use askama::Template;
use trunkline_spec::interface::{
    Alias, Binding, FieldItem, Interface, Presence, Union, Value, ValueField, ValueModule, Variant,
};

use super::typescript_references::reference_type;
use super::values::{alias, comment, common_fields, fields_of, graph_class, missing, node_field_name, uses};
use crate::node::text::literal;
use crate::output::OutputFile;
use crate::text::rendered;

#[derive(Template)]
#[template(path = "typescript/values.ts.jinja", escape = "none")]
struct Module<'i> {
    interface: &'i Interface,
    module: &'i ValueModule,
}

/// An interface, or a type with alternatives and the members that all of them have.
struct Definition<'i> {
    name: &'i str,
    comment: String,
    has_parameter: bool,
    members: Vec<Member>,
    alternatives: Vec<Alternative<'i>>,
}

/// A variant of a record, or a record of a union: with the members of an interface, or with its own.
struct Alternative<'i> {
    comment: String,
    tag: &'i str,
    word: String,
    interface: Option<&'i String>,
    members: Vec<Member>,
}

struct Member {
    comment: String,
    name: String,
    mark: &'static str,
    hint: String,
}

/// The modules below `generated`.
pub(crate) fn files(interface: &Interface) -> Vec<OutputFile> {
    let file = |module: &ValueModule| {
        let path = format!("{}.ts", module.name.replace('_', "-"));
        OutputFile::new(path, rendered(&Module { interface, module }))
    };
    interface.modules.iter().map(file).collect()
}

impl<'i> Module<'i> {
    fn values(&self) -> impl Iterator<Item = &'i Value> + use<'i> {
        self.module.values.iter().filter(|value| value.is_in(Binding::Node))
    }

    fn uses_error(&self) -> bool {
        uses(self.values(), |item| *item == FieldItem::Error)
    }

    fn uses_meta(&self) -> bool {
        uses(self.values(), |item| *item == FieldItem::Meta)
    }

    /// The namespaces of Graph whose records are values of fields.
    fn namespaces(&self) -> BTreeSet<&'i str> {
        let fields = self.values().flat_map(|value| &value.fields);
        let namespace = |field: &'i ValueField| match &field.r#type.item {
            FieldItem::Graph(name) => Some(graph_class(name).0),
            _ => None,
        };
        fields.filter_map(namespace).collect()
    }

    /// The types of texts for which records may stand.
    fn references(&self) -> BTreeSet<String> {
        let fields = self.values().flat_map(|value| &value.fields);
        let references = fields.filter_map(|field| self.interface.reference(field.reference.as_ref()));
        references.map(reference_type).collect()
    }

    fn comment(&self, documentation: &str, none: &str, indent: &str) -> String {
        if documentation.is_empty() {
            return String::new();
        }
        comment(self.interface, &documentation.replace("{none}", none), indent)
    }

    fn definitions(&self) -> impl Iterator<Item = Definition<'i>> {
        let values = self
            .values()
            .filter(|value| value.union.is_none() || value.has_interface);
        let unions = self.module.unions.iter().map(|union| self.union(union));
        values.map(|value| self.definition(value)).chain(unions)
    }

    fn definition(&self, value: &'i Value) -> Definition<'i> {
        let variants = value
            .variants
            .iter()
            .filter(|variant| variant.only != Some(Binding::Python));
        let alternative = |variant: &'i Variant| Alternative {
            comment: self.comment(&variant.documentation, "null", "  "),
            tag: value.tag.as_ref().map_or("", |tag| &tag.name),
            word: literal(&variant.name),
            interface: None,
            members: self.members(fields_of(value, &variant.name), "      "),
        };
        Definition {
            name: value.node.as_ref().unwrap_or(value.name.get_ref()),
            comment: self.comment(&value.documentation, "null", ""),
            has_parameter: value.has_parameter,
            members: self.members(common_fields(value), "  "),
            alternatives: variants.map(alternative).collect(),
        }
    }

    fn union(&self, union: &'i Union) -> Definition<'i> {
        let values = self.values().filter(|value| value.union.as_ref() == Some(&union.name));
        let alternative = |value: &'i Value| Alternative {
            comment: self.comment(&value.documentation, "null", "  "),
            tag: "kind",
            word: literal(value.kind.as_deref().unwrap_or_default()),
            interface: match value.fields.first().map(|field| &field.r#type.item) {
                Some(FieldItem::Named(inner)) if value.is_flat => Some(inner),
                _ => value.has_interface.then_some(value.name.get_ref()),
            },
            members: self.members(value.fields.iter(), "      "),
        };
        Definition {
            name: union.node.as_ref().unwrap_or(&union.name),
            comment: self.comment(&union.documentation, "null", ""),
            has_parameter: false,
            members: Vec::new(),
            alternatives: values.map(alternative).collect(),
        }
    }

    /// The type of a field: of a text also the common values and the records that callers may pass.
    fn hint(&self, field: &ValueField) -> String {
        let hint = match field.suggestions.as_slice() {
            [] => hint(self.module, field),
            suggestions => open(suggestions),
        };
        match self.interface.reference(field.reference.as_ref()) {
            Some(reference) => reference_type(reference),
            None => hint,
        }
    }

    fn alias(&self, alias: &Alias) -> String {
        match (alias.pair, alias.open) {
            (true, _) => "readonly [line: number, position: number]".to_owned(),
            (false, true) => open(&alias.words),
            (false, false) => words(&alias.words),
        }
    }

    fn members<'f>(&self, fields: impl Iterator<Item = &'f ValueField>, indent: &str) -> Vec<Member> {
        let member = |field: &ValueField| {
            let (mark, end) = match field.r#type.presence {
                Presence::Optional => ("?", ""),
                Presence::Nullable => ("", " | null"),
                Presence::Undefined => ("", " | undefined"),
                Presence::Required | Presence::Default(_) => ("", ""),
            };
            Member {
                comment: self.comment(&field.documentation, missing(&field.r#type.presence), indent),
                name: node_field_name(field),
                mark,
                hint: format!("{}{end}", self.hint(field)),
            }
        };
        let fields = fields.filter(|field| field.only != Some(Binding::Python));
        fields.map(member).collect()
    }
}

fn words(words: &[String]) -> String {
    let words: Vec<String> = words.iter().map(|word| literal(word)).collect();
    words.join(" | ")
}

/// Words that editors suggest, and any other text.
pub(super) fn open(known: &[String]) -> String {
    format!("{} | (string & {{}})", words(known))
}

/// The type of a field that is there.
pub(super) fn hint(module: &ValueModule, field: &ValueField) -> String {
    let item = match &field.r#type.item {
        FieldItem::Text => "string".to_owned(),
        FieldItem::Boolean => "boolean".to_owned(),
        FieldItem::Count | FieldItem::Number => "number".to_owned(),
        FieldItem::Word => words(&field.words),
        FieldItem::Json => "Readonly<Record<string, unknown>>".to_owned(),
        FieldItem::Headers => "Readonly<Record<string, string>>".to_owned(),
        FieldItem::Meta => "Meta".to_owned(),
        FieldItem::Error => "GraphError".to_owned(),
        FieldItem::Parameter => "T".to_owned(),
        FieldItem::Graph(name) => {
            let (namespace, class) = graph_class(name);
            format!("{namespace}.{class}")
        }
        FieldItem::Named(name) if alias(module, name).is_some() => name.clone(),
        FieldItem::Named(name) => {
            let named = module.values.iter().find(|value| value.name.get_ref() == name);
            named
                .and_then(|value| value.node.clone())
                .unwrap_or_else(|| name.clone())
        }
    };
    if field.r#type.list {
        format!("readonly {item}[]")
    } else {
        item
    }
}
