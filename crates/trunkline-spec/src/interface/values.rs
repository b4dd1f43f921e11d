//! Values that callers receive: records, unions of them, words, and the errors.

use std::collections::HashSet;

use serde::Deserialize;
use toml::Spanned;

use crate::place::Problem;
use crate::toml_reader::source::Source;

/// The values of one file, which become one module of each language.
#[derive(Debug, Clone)]
pub struct ValueModule {
    /// Its name in snake case.
    pub name: String,
    /// One paragraph for users.
    pub documentation: String,
    /// The type of lists in Python: `list` or `tuple`.
    pub python_lists: String,
    /// Words and pairs that have a name.
    pub aliases: Vec<Alias>,
    /// Records, in the order of the file.
    pub values: Vec<Value>,
    /// Unions of records.
    pub unions: Vec<Union>,
}

/// A name for some words, or for a pair of numbers.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Alias {
    /// Its name.
    pub name: String,
    /// One paragraph for users.
    pub documentation: String,
    /// The words; none for a pair.
    #[serde(default)]
    pub words: Vec<String>,
    /// Whether the service may know more words than these.
    #[serde(default)]
    pub open: bool,
    /// Whether it is a pair of a line and a position.
    #[serde(default)]
    pub pair: bool,
    /// Its name in Python, where it differs.
    pub python: Option<String>,
}

/// A union of the records that name it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Union {
    /// Its name.
    pub name: String,
    /// The same in Node, where it differs.
    pub node: Option<String>,
    /// One paragraph for users.
    pub documentation: String,
}

/// A language with a binding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Binding {
    /// Python.
    Python,
    /// Node.
    Node,
}

/// A record that callers receive.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Value {
    /// Its name.
    pub name: Spanned<String>,
    /// The same in Node, where it differs.
    pub node: Option<String>,
    /// One paragraph for users.
    pub documentation: String,
    /// A second one for Python.
    pub python_details: Option<String>,
    /// The only language that has it.
    pub only: Option<Binding>,
    /// An earlier record whose variants and fields it has, too.
    pub extends: Option<String>,
    /// Whether its text is its field `text`.
    #[serde(default)]
    pub is_text: bool,
    /// Whether it is a named tuple in Python.
    #[serde(default)]
    pub is_tuple: bool,
    /// Whether it has a type parameter.
    #[serde(default)]
    pub has_parameter: bool,
    /// Union that it is a member of; its field `kind` then says which.
    pub union: Option<String>,
    /// Value of that field.
    pub kind: Option<String>,
    /// Whether JSON holds the members of its only field in place of the field.
    #[serde(default)]
    pub is_flat: bool,
    /// Whether a member of a union has an interface of its own in TypeScript.
    #[serde(default)]
    pub has_interface: bool,
    /// Field that says which variant it is.
    pub tag: Option<Tag>,
    /// The variants.
    #[serde(default)]
    pub variants: Vec<Variant>,
    /// The fields, in the order of Python's constructor.
    pub fields: Vec<ValueField>,
    /// Class of Python that has the fields as properties, which it reads from JSON.
    pub python_properties: Option<String>,
    /// Further members of the class in Python, as they will stand there.
    pub python_members: Option<String>,
}

impl Value {
    /// Whether a language has it.
    #[must_use]
    pub fn is_in(&self, binding: Binding) -> bool {
        self.only.is_none_or(|only| only == binding)
    }
}

/// The field that says which variant a record is.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tag {
    /// Its name.
    pub name: String,
    /// One paragraph for users.
    pub documentation: String,
}

/// A variant of a record.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variant {
    /// Its word.
    pub name: String,
    /// One paragraph for users, where the word does not say enough.
    #[serde(default)]
    pub documentation: String,
    /// The only language that has it.
    pub only: Option<Binding>,
}

/// A field of a record or of the errors.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ValueField {
    /// Name in snake case.
    pub name: Spanned<String>,
    /// The same in Node, where it differs; snake case, too.
    pub node: Option<String>,
    /// Type of its value.
    pub r#type: FieldType,
    /// The words of type `word`.
    #[serde(default)]
    pub words: Vec<String>,
    /// Common values of type `text`, which editors suggest.
    #[serde(default)]
    pub suggestions: Vec<String>,
    /// Records that may stand for a value of type `text` that callers pass: the name of a `Reference`.
    pub reference: Option<Spanned<String>>,
    /// Variants that have it; all of them when there are none.
    #[serde(default)]
    pub of: Vec<String>,
    /// The only language that has it.
    pub only: Option<Binding>,
    /// Whether it may hold personal data: then it is not shown with the record.
    #[serde(default)]
    pub personal: bool,
    /// Value in Python where it is absent, if not `None`, nothing, or an empty list.
    pub python_default: Option<String>,
    /// Rust expression of the field of an `error`, where it is not the accessor of the same name.
    pub rust: Option<String>,
    /// One paragraph for users; `{none}` stands for the word for a missing value.
    pub documentation: String,
}

/// Type of a field: `text`, `[Order]` for a list, with a [`Presence`] behind it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct FieldType {
    /// Type of the value, or of the items of a list.
    pub item: FieldItem,
    /// Whether it is a list.
    pub list: bool,
    /// Whether it can be missing.
    pub presence: Presence,
}

/// Type of one value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldItem {
    /// `text`
    Text,
    /// `boolean`
    Boolean,
    /// `count`: a whole number.
    Count,
    /// `number`
    Number,
    /// `word`: one of the field's words.
    Word,
    /// `json`: any object.
    Json,
    /// `headers`: texts by name.
    Headers,
    /// `meta`: status, headers and ids of an answer.
    Meta,
    /// `error`
    Error,
    /// `parameter`: the type parameter of the record.
    Parameter,
    /// A record or an alias of the same file, or an alias of another one.
    Named(String),
    /// A record of Graph, by its qualified name.
    Graph(String),
}

/// The ways in which a field can be missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Presence {
    /// Never.
    Required,
    /// `?`: it is left out.
    Optional,
    /// `|null`
    Nullable,
    /// `|undefined`: there, and undefined in Node.
    Undefined,
    /// `=0`: Rust always writes it; Python's constructor has this default. Nothing behind `=` is an empty text or list.
    Default(String),
}

impl TryFrom<String> for FieldType {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let (rest, presence) = if let Some(rest) = text.strip_suffix('?') {
            (rest, Presence::Optional)
        } else if let Some(rest) = text.strip_suffix("|null") {
            (rest, Presence::Nullable)
        } else if let Some(rest) = text.strip_suffix("|undefined") {
            (rest, Presence::Undefined)
        } else if let Some((rest, default)) = text.split_once('=') {
            (rest, Presence::Default(default.to_owned()))
        } else {
            (text.as_str(), Presence::Required)
        };
        let inner = rest.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        let name = inner.unwrap_or(rest);
        let item = match name {
            "text" => FieldItem::Text,
            "boolean" => FieldItem::Boolean,
            "count" => FieldItem::Count,
            "number" => FieldItem::Number,
            "word" => FieldItem::Word,
            "json" => FieldItem::Json,
            "headers" => FieldItem::Headers,
            "meta" => FieldItem::Meta,
            "error" => FieldItem::Error,
            "parameter" => FieldItem::Parameter,
            graph if graph.starts_with("microsoft.graph.") => FieldItem::Graph(graph.to_owned()),
            named if named.starts_with(|first: char| first.is_ascii_uppercase()) => FieldItem::Named(named.to_owned()),
            other => return Err(format!("there is no type {other:?}")),
        };
        Ok(Self {
            item,
            list: inner.is_some(),
            presence,
        })
    }
}

/// The errors of every call.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Errors {
    /// One paragraph for users.
    pub documentation: String,
    /// A second one for Python.
    pub python_details: String,
    /// The fields of each error.
    pub fields: Vec<ValueField>,
    /// The classes, one for each kind.
    #[serde(rename = "class")]
    pub classes: Vec<ErrorClass>,
}

/// A class of errors.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ErrorClass {
    /// The kind, as `trunkline::ErrorKind` names it.
    pub kind: String,
    /// Name of the class.
    pub name: String,
    /// One paragraph for users.
    pub documentation: String,
    /// A second base class in Python.
    pub python_base: Option<String>,
    /// Whether its errors have kinds of their own.
    #[serde(default)]
    pub has_own_kinds: bool,
}

impl ValueModule {
    /// Copies the fields of a record to the records that extend it.
    pub(super) fn extend(&mut self, source: &Source, problems: &mut Vec<Problem>) {
        for index in 0..self.values.len() {
            let (earlier, rest) = self.values.split_at_mut(index);
            let Some(value) = rest.first_mut() else { continue };
            let Some(name) = &value.extends else { continue };
            let Some(base) = earlier.iter().find(|base| base.name.get_ref() == name) else {
                let place = source.place(value.name.span());
                problems.push(place.problem(format!("there is no record {name} before {}", value.name.get_ref())));
                continue;
            };
            value.tag = value.tag.take().or_else(|| base.tag.clone());
            value.variants.splice(0..0, base.variants.iter().cloned());
            value.fields.extend(base.fields.iter().cloned());
        }
    }

    /// Checks that names are known and said once, and that what belongs together is there.
    pub(super) fn check(&self, source: &Source, references: &[&str], problems: &mut Vec<Problem>) {
        let values = self.values.iter().map(|value| value.name.get_ref());
        let mut known: HashSet<&String> = self.aliases.iter().map(|alias| &alias.name).collect();
        known.extend(values);
        let mut names = HashSet::new();
        for value in &self.values {
            let name = value.name.get_ref();
            let place = source.place(value.name.span());
            let mut refuse = |reason: String| problems.push(place.problem(format!("{name}: {reason}")));
            if !names.insert(name) {
                refuse("it is described twice".to_owned());
            }
            if value.tag.is_some() == value.variants.is_empty() {
                refuse("`tag` and `variants` belong together".to_owned());
            }
            if value.union.is_some() != value.kind.is_some() {
                refuse("`union` and `kind` belong together".to_owned());
            }
            if let Some(union) = &value.union
                && !self.unions.iter().any(|known| known.name == *union)
            {
                refuse(format!("there is no union {union}"));
            }
            for field in &value.fields {
                if let Err(reason) = check_field(field, value, &known, references) {
                    let place = source.place(field.name.span());
                    problems.push(place.problem(format!("{name}.{}: {reason}", field.name.get_ref())));
                }
            }
        }
    }
}

fn check_field(field: &ValueField, value: &Value, known: &HashSet<&String>, references: &[&str]) -> Result<(), String> {
    if let FieldItem::Named(name) = &field.r#type.item
        && !known.contains(name)
    {
        return Err(format!("there is no record {name}"));
    }
    if let Some(variant) = field
        .of
        .iter()
        .find(|name| !value.variants.iter().any(|variant| variant.name == **name))
    {
        return Err(format!("there is no variant {variant}"));
    }
    if (field.r#type.item == FieldItem::Word) == field.words.is_empty() {
        return Err("`words` belongs to the type `word`".to_owned());
    }
    if (field.reference.is_some() || !field.suggestions.is_empty()) && field.r#type.item != FieldItem::Text {
        return Err("`reference` and `suggestions` belong to the type `text`".to_owned());
    }
    if let Some(name) = &field.reference
        && !references.contains(&name.get_ref().as_str())
    {
        return Err(format!("there is no reference {}", name.get_ref()));
    }
    if !field.documentation.ends_with(['.', '…']) {
        return Err("the documentation is no sentence".to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_say_item_list_and_presence() {
        let read = |text: &str| FieldType::try_from(text.to_owned());
        for (text, item, list, presence) in [
            ("text", FieldItem::Text, false, Presence::Required),
            ("[Step]?", FieldItem::Named("Step".to_owned()), true, Presence::Optional),
            ("number|null", FieldItem::Number, false, Presence::Nullable),
            ("error|undefined", FieldItem::Error, false, Presence::Undefined),
            ("count=0", FieldItem::Count, false, Presence::Default("0".to_owned())),
            ("[text]=", FieldItem::Text, true, Presence::Default(String::new())),
            (
                "microsoft.graph.user",
                FieldItem::Graph("microsoft.graph.user".to_owned()),
                false,
                Presence::Required,
            ),
        ] {
            assert_eq!(read(text), Ok(FieldType { item, list, presence }), "{text}");
        }
        for text in ["", "texts", "[text", "graph.user", "?"] {
            assert!(
                read(text).is_err_and(|reason| reason.contains("there is no type")),
                "{text}"
            );
        }
    }

    #[test]
    fn values_that_contradict_themselves_are_refused_with_their_line() {
        let problems = |value: &str| {
            let text = format!("module = \"m\"\n[[value]]\nname = \"V\"\ndocumentation = \"D.\"\n{value}");
            match super::super::read(&[Source::new("values.toml", text)]) {
                Ok(_) => String::new(),
                Err(error) => error.to_string(),
            }
        };
        let field = |rest: &str| {
            problems(&format!(
                "fields = [{{ name = \"a\", documentation = \"D.\", {rest} }}]\n"
            ))
        };
        assert_eq!(field("type = \"text\""), "");
        for (text, reason) in [
            (field("type = \"Other\""), "there is no record Other"),
            (field("type = \"text\", of = [\"b\"]"), "there is no variant b"),
            (field("type = \"word\""), "`words` belongs"),
            (field("type = \"texts\""), "there is no type"),
            (
                field("type = \"count\", reference = \"user\""),
                "belong to the type `text`",
            ),
            (
                field("type = \"count\", suggestions = [\"1\"]"),
                "belong to the type `text`",
            ),
            (
                field("type = \"text\", reference = \"user\""),
                "there is no reference user",
            ),
            (
                problems("tag = { name = \"t\", documentation = \"D.\" }\nfields = []\n"),
                "belong together",
            ),
            (
                problems("union = \"U\"\nkind = \"k\"\nfields = []\n"),
                "there is no union U",
            ),
            (problems("kind = \"k\"\nfields = []\n"), "belong together"),
            (
                problems("extends = \"W\"\nfields = []\n"),
                "there is no record W before V",
            ),
            (
                problems("fields = []\n[[value]]\nname = \"V\"\ndocumentation = \"D.\"\nfields = []\n"),
                "described twice",
            ),
        ] {
            assert!(
                text.contains("values.toml:") && text.contains(reason),
                "{reason}: {text}"
            );
        }
    }
}
