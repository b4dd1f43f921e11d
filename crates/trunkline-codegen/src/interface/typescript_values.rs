//! TypeScript: a module for each file of values, with an interface for each record.

use trunkline_spec::interface::{Binding, FieldItem, Interface, Presence, Union, Value, ValueField, ValueModule};

use super::values::{alias, common_fields, fields_of, graph_class, missing, respelled, uses};
use crate::node::text::{Comment, camel, literal};
use crate::output::OutputFile;

/// The modules below `generated`.
pub(crate) fn files(interface: &Interface) -> Vec<OutputFile> {
    let file = |module: &ValueModule| {
        let path = format!("{}.ts", module.name.replace('_', "-"));
        OutputFile::new(path, Emitter { interface, module }.text())
    };
    interface.modules.iter().map(file).collect()
}

struct Emitter<'i> {
    interface: &'i Interface,
    module: &'i ValueModule,
}

impl<'i> Emitter<'i> {
    fn text(&self) -> String {
        let header = crate::HEADER;
        let (imports, body) = (self.imports(), self.body());
        format!("{header}\n{imports}{body}")
    }

    fn values(&self) -> impl Iterator<Item = &'i Value> {
        self.module.values.iter().filter(|value| value.is_in(Binding::Node))
    }

    fn imports(&self) -> String {
        let mut namespaces: Vec<&str> = Vec::new();
        for field in self.values().flat_map(|value| &value.fields) {
            if let FieldItem::Graph(name) = &field.r#type.item {
                namespaces.push(graph_class(name).0);
            }
        }
        namespaces.sort_unstable();
        namespaces.dedup();
        let mut imports = String::new();
        if uses(self.values(), |item| *item == FieldItem::Error) {
            imports.push_str("import type { GraphError } from \"../graph-error.js\";\n");
        }
        if uses(self.values(), |item| *item == FieldItem::Meta) {
            imports.push_str("import type { Meta } from \"../meta.js\";\n");
        }
        if !namespaces.is_empty() {
            imports.push_str(&format!(
                "import type {{ {} }} from \"./index.js\";\n",
                namespaces.join(", ")
            ));
        }
        if imports.is_empty() {
            imports
        } else {
            format!("\n{imports}")
        }
    }

    fn body(&self) -> String {
        let mut body = String::new();
        for alias in &self.module.aliases {
            let comment = self.comment(&alias.documentation, "null", "");
            let name = &alias.name;
            let meaning = if alias.pair {
                "readonly [line: number, position: number]".to_owned()
            } else {
                words(&alias.words)
            };
            body.push_str(&format!("\n{comment}export type {name} = {meaning};\n"));
        }
        for value in self
            .values()
            .filter(|value| value.union.is_none() || value.has_interface)
        {
            body.push_str(&self.definition(value));
        }
        for union in &self.module.unions {
            body.push_str(&self.union(union));
        }
        body
    }

    fn comment(&self, documentation: &str, none: &str, indent: &str) -> String {
        if documentation.is_empty() {
            return String::new();
        }
        let text = respelled(self.interface, documentation).replace("{none}", none);
        Comment::of(&text).text(indent)
    }

    fn definition(&self, value: &Value) -> String {
        let comment = self.comment(&value.documentation, "null", "");
        let name = value.node.as_ref().unwrap_or(value.name.get_ref());
        let parameter = if value.has_parameter { "<T>" } else { "" };
        let Some(tag) = &value.tag else {
            let members = self.members(common_fields(value), "  ");
            return format!("\n{comment}export interface {name}{parameter} {{\n{members}}}\n");
        };
        let mut variants = String::new();
        for variant in value
            .variants
            .iter()
            .filter(|variant| variant.only != Some(Binding::Python))
        {
            let comment = self.comment(&variant.documentation, "null", "  ");
            let tag = format!("readonly {}: {}", tag.name, literal(&variant.name));
            let members = self.members(fields_of(value, &variant.name), "      ");
            variants.push_str(&format!("{comment}  | {}\n", object(&tag, &members)));
        }
        let variants = variants.trim_end();
        let common = self.members(common_fields(value), "  ");
        if common.is_empty() {
            format!("\n{comment}export type {name} =\n{variants};\n")
        } else {
            format!("\n{comment}export type {name} = {{\n{common}}} & (\n{variants}\n);\n")
        }
    }

    fn members<'f>(&self, fields: impl Iterator<Item = &'f ValueField>, indent: &str) -> String {
        fields
            .filter(|field| field.only != Some(Binding::Python))
            .map(|field| {
                let comment = self.comment(&field.documentation, missing(&field.r#type.presence), indent);
                let name = camel(field.node.as_ref().unwrap_or(field.name.get_ref()));
                let hint = hint(self.module, field);
                let (mark, end) = match field.r#type.presence {
                    Presence::Optional => ("?", ""),
                    Presence::Nullable => ("", " | null"),
                    Presence::Undefined => ("", " | undefined"),
                    Presence::Required | Presence::Default(_) => ("", ""),
                };
                format!("{comment}{indent}readonly {name}{mark}: {hint}{end};\n")
            })
            .collect()
    }

    fn union(&self, union: &Union) -> String {
        let name = union.node.as_ref().unwrap_or(&union.name);
        let comment = self.comment(&union.documentation, "null", "");
        let mut members = String::new();
        for member in self.values().filter(|value| value.union.as_ref() == Some(&union.name)) {
            let comment = self.comment(&member.documentation, "null", "  ");
            let tag = format!("readonly kind: {}", literal(member.kind.as_deref().unwrap_or_default()));
            let of = match member.fields.first().map(|field| &field.r#type.item) {
                Some(FieldItem::Named(inner)) if member.is_flat => format!("({{ {tag} }} & {inner})"),
                _ if member.has_interface => format!("({{ {tag} }} & {})", member.name.get_ref()),
                _ => object(&tag, &self.members(member.fields.iter(), "      ")),
            };
            members.push_str(&format!("{comment}  | {of}\n"));
        }
        format!("\n{comment}export type {name} =\n{};\n", members.trim_end())
    }
}

/// The type of objects with a tag and further members.
fn object(tag: &str, members: &str) -> String {
    if members.is_empty() {
        format!("{{ {tag} }}")
    } else {
        format!("{{\n      {tag};\n{members}    }}")
    }
}

fn words(words: &[String]) -> String {
    let words: Vec<String> = words.iter().map(|word| literal(word)).collect();
    words.join(" | ")
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
