//! Our own interface as data, read from `spec/trunkline`: options that callers of every language pass, and values that they
//! receive.
//!
//! The types of this module are the shape of the files; there is no second model.

mod services;
mod values;

use std::collections::HashSet;
use std::path::Path;

use serde::Deserialize;
use toml::Spanned;

pub use services::{
    Argument, Class, ClassArgument, ClassArgumentType, ClassMethod, Method, MethodKind, Raised, Reference, ReferenceRecord,
    ResultForm, Service,
};
pub use values::{
    Alias, Binding, ErrorClass, Errors, FieldItem, FieldType, Presence, Tag, Union, Value, ValueField, ValueModule,
    Variant,
};

use crate::error::Error;
use crate::place::Problem;
use crate::toml_reader::source::Source;
use crate::toml_reader::{failure, files};

/// The contents of the folder `spec/trunkline`.
#[derive(Debug, Clone, Default)]
pub struct Interface {
    /// Options, in the order of the files.
    pub records: Vec<Record>,
    /// Classes whose methods carry out intents.
    pub services: Vec<Service>,
    /// Records that may stand for texts.
    pub references: Vec<Reference>,
    /// Classes with methods of their own.
    pub classes: Vec<Class>,
    /// Values that callers receive, by module.
    pub modules: Vec<ValueModule>,
    /// The errors.
    pub errors: Option<Errors>,
    /// Features for which an application is registered.
    pub features: Vec<Feature>,
}

impl Interface {
    /// A record by its name.
    #[must_use]
    pub fn record(&self, name: &str) -> Option<&Record> {
        self.records.iter().find(|record| record.name == name)
    }

    /// The records that may stand for a text.
    #[must_use]
    pub fn reference(&self, name: Option<&Spanned<String>>) -> Option<&Reference> {
        let name = name?.get_ref();
        self.references.iter().find(|reference| reference.name == *name)
    }

    /// All options of a record, those of the records that it extends first.
    #[must_use]
    pub fn fields_of<'i>(&'i self, record: &'i Record) -> Vec<&'i Field> {
        let extended = record.extends.iter().filter_map(|name| self.record(name));
        let mut fields: Vec<&Field> = extended.flat_map(|extended| self.fields_of(extended)).collect();
        fields.extend(&record.fields);
        fields
    }
}

/// A feature: the operations that an application needs for it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Feature {
    /// Its name on the command line.
    pub name: Spanned<String>,
    /// A few words about it.
    pub title: String,
    /// Ids of the operations that it needs.
    #[serde(default)]
    pub operations: Vec<String>,
    /// Ids of the operations without which it says less.
    #[serde(default)]
    pub optional: Vec<String>,
    /// Names of earlier features whose operations it needs as well.
    #[serde(default)]
    pub includes: Vec<String>,
}

impl Feature {
    /// Adds the operations of the features that it includes.
    fn include(&mut self, source: &Source, earlier: &[Self], problems: &mut Vec<Problem>) {
        let name = self.name.get_ref().clone();
        let place = source.place(self.name.span());
        if earlier.iter().any(|other| *other.name.get_ref() == name) {
            problems.push(place.problem(format!("{name}: it is described twice")));
        }
        for included in &self.includes {
            let Some(other) = earlier.iter().find(|other| other.name.get_ref() == included) else {
                problems.push(place.problem(format!("{name}: there is no feature {included} before it")));
                continue;
            };
            let new = |own: &[String], id: &String| !own.contains(id);
            let operations: Vec<String> = other
                .operations
                .iter()
                .filter(|id| new(&self.operations, id))
                .cloned()
                .collect();
            let optional: Vec<String> = other
                .optional
                .iter()
                .filter(|id| new(&self.optional, id))
                .cloned()
                .collect();
            self.operations.extend(operations);
            self.optional.extend(optional);
        }
        if self.operations.is_empty() {
            problems.push(place.problem(format!("{name}: it needs no operation")));
        }
    }
}

/// A set of named options that a call or a constructor takes.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// Its name in every language, such as `ClientOptions`.
    pub name: String,
    /// One paragraph for users.
    pub documentation: String,
    /// Class whose constructor takes the options, where they are no value of their own.
    pub constructor: Option<String>,
    /// First sentence about that constructor.
    pub constructor_documentation: Option<String>,
    /// Records whose options it has, too.
    #[serde(default)]
    pub extends: Vec<String>,
    /// Rust type whose methods set the options; none for a record that is only part of others.
    pub rust: Option<String>,
    /// Whether they are fields of a struct instead.
    #[serde(default)]
    pub sets_fields: bool,
    /// Prefix of these methods: `with_`, or nothing.
    #[serde(default)]
    pub rust_prefix: String,
    /// The options, in the order of signatures and tables.
    #[serde(rename = "field", default)]
    pub fields: Vec<Field>,
    /// Ready-made values.
    #[serde(rename = "preset", default)]
    pub presets: Vec<Preset>,
}

/// A ready-made value of a record.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preset {
    /// Name of the function that returns it.
    pub name: String,
    /// Arguments of the constructor in Python.
    pub python: String,
    /// One paragraph for users.
    pub documentation: String,
}

/// One option.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Name in snake case, as Rust and Python spell it.
    pub name: Spanned<String>,
    /// Type of its value.
    pub r#type: ValueType,
    /// A second type that is accepted as well.
    pub or: Option<ValueType>,
    /// Function that turns a value of the second type into the Rust value.
    pub or_rust: Option<String>,
    /// Accepted words, of type `word`.
    #[serde(default)]
    pub words: Vec<Word>,
    /// Common values of type `text`, which editors suggest.
    #[serde(default)]
    pub suggestions: Vec<String>,
    /// Records that may stand for a value of type `text`: the name of a [`Reference`].
    pub reference: Option<Spanned<String>>,
    /// Record of type `record`.
    pub record: Option<String>,
    /// Field of that record which a bare number stands for.
    pub shorthand: Option<String>,
    /// Smallest accepted value of type `count`.
    #[serde(default)]
    pub minimum: u64,
    /// Value when the option is absent, as documentation shows it.
    pub default: Option<String>,
    /// Function of `trunkline_binding::setters` that sets the option where one method cannot.
    pub with: Option<String>,
    /// Whether that function can fail.
    #[serde(default)]
    pub can_fail: bool,
    /// Method that sets the option, where it has another name.
    pub method: Option<String>,
    /// Rust expression of the method's argument, where it is not `value` itself.
    pub value: Option<String>,
    /// Qualified name of the records of type `model` and `models`.
    pub model: Option<String>,
    /// Whether it belongs to the HTTP connections: the core's `HttpOptions` and its methods in Rust are then generated too.
    #[serde(default)]
    pub http: bool,
    /// The only language that has it.
    pub only: Option<Binding>,
    /// Name in Python, where it differs. A leading underscore keeps it out of the documentation.
    pub python: Option<String>,
    /// One paragraph for users.
    pub documentation: String,
    /// The same for Python, where the languages differ.
    pub python_documentation: Option<String>,
    /// The same for Node, where the languages differ.
    pub node_documentation: Option<String>,
}

/// A word that an option accepts.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Word {
    /// The word, equal in all languages.
    pub word: String,
    /// Rust expression of its value.
    pub rust: String,
}

/// Type of an option's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ValueType {
    /// A string.
    Text,
    /// A list of strings.
    Texts,
    /// Paths of files.
    Paths,
    /// `true` or `false`.
    Boolean,
    /// A duration in seconds, fractions included.
    Seconds,
    /// A whole number that is not negative.
    Count,
    /// Any finite number.
    Number,
    /// One of some words.
    Word,
    /// Certificates as PEM text.
    Pem,
    /// Another record.
    Record,
    /// A JSON object.
    Json,
    /// Any JSON.
    Any,
    /// Texts by name.
    Pairs,
    /// The path of a file.
    Path,
    /// A record of Graph.
    Model,
    /// A list of records of Graph.
    Models,
    /// A function that gets the progress of a change, of the record `record`; each binding calls it by itself.
    Watcher,
    /// The signal that stops a call in Node.
    Signal,
    /// Anything that gives tokens; each binding reads it by itself.
    Credential,
}

/// The shape of a file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    module: Option<String>,
    #[serde(default)]
    documentation: String,
    python_lists: Option<String>,
    #[serde(rename = "record", default)]
    records: Vec<Record>,
    #[serde(rename = "service", default)]
    services: Vec<Service>,
    #[serde(rename = "reference", default)]
    references: Vec<Reference>,
    #[serde(rename = "class", default)]
    classes: Vec<Class>,
    #[serde(rename = "alias", default)]
    aliases: Vec<Alias>,
    #[serde(rename = "union", default)]
    unions: Vec<Union>,
    #[serde(rename = "value", default)]
    values: Vec<Value>,
    error: Option<Errors>,
    #[serde(rename = "feature", default)]
    features: Vec<Feature>,
}

impl Document {
    /// The parts of the file that are checked: options, values, errors.
    fn into_parts(self) -> (Vec<Record>, Option<ValueModule>, Option<Errors>) {
        let module = self.module.map(|name| ValueModule {
            name,
            documentation: self.documentation,
            python_lists: self.python_lists.unwrap_or_else(|| "tuple".to_owned()),
            aliases: self.aliases,
            values: self.values,
            unions: self.unions,
        });
        (self.records, module, self.error)
    }
}

/// Reads the folder `spec/trunkline`.
///
/// # Errors
///
/// When a file cannot be read or is malformed, or when a field contradicts itself or names a record that does not exist. All
/// problems that could be found are in the error, each with its file and line.
pub fn read_interface(folder: &Path) -> Result<Interface, Error> {
    let mut sources = Vec::new();
    for path in files(folder)? {
        sources.push(Source::open(&path)?);
    }
    read(&sources)
}

fn read(sources: &[Source]) -> Result<Interface, Error> {
    let mut problems = Vec::new();
    let mut documents = Vec::new();
    for source in sources {
        match source.parse::<Document>() {
            Ok(document) => documents.push((source, document)),
            Err(problem) => problems.push(problem),
        }
    }
    let mut interface = Interface::default();
    let mut records: Vec<(&Source, Record)> = Vec::new();
    let references = || documents.iter().flat_map(|(_, document)| &document.references);
    let named: Vec<&Reference> = references().collect();
    for (source, document) in &documents {
        for service in &document.services {
            service.check(source, &named, &mut problems);
        }
    }
    interface.references = references().cloned().collect();
    for (source, document) in documents {
        interface.services.extend(document.services.iter().cloned());
        interface.classes.extend(document.classes.iter().cloned());
        for mut feature in document.features.iter().cloned() {
            feature.include(source, &interface.features, &mut problems);
            interface.features.push(feature);
        }
        let (options, module, errors) = document.into_parts();
        records.extend(options.into_iter().map(|record| (source, record)));
        if let Some(mut module) = module {
            module.extend(source, &mut problems);
            module.check(source, &mut problems);
            interface.modules.push(module);
        }
        interface.errors = interface.errors.or(errors);
    }
    let all: Vec<&Record> = records.iter().map(|(_, record)| record).collect();
    for (source, record) in &records {
        check(source, record, &all, &interface.references, &mut problems);
    }
    if !problems.is_empty() {
        return Err(failure(problems));
    }
    interface.records = records.into_iter().map(|(_, record)| record).collect();
    Ok(interface)
}

/// Checks the fields of a record.
fn check(
    source: &Source,
    record: &Record,
    all: &[&Record],
    references: &[Reference],
    problems: &mut Vec<Problem>,
) {
    let mut names = HashSet::new();
    for field in &record.fields {
        let name = field.name.get_ref().as_str();
        let place = source.place(field.name.span());
        let mut refuse = |reason: &str| problems.push(place.problem(format!("{}.{name}: {reason}", record.name)));
        if !names.insert(name) {
            refuse("it is described twice");
        }
        let word = |part: &str| part.starts_with(|first: char| first.is_ascii_lowercase());
        let plain = |character: char| character.is_ascii_lowercase() || character.is_ascii_digit() || character == '_';
        if !name.chars().all(plain) || !name.split('_').all(word) {
            refuse("the name is not in snake case");
        }
        if !field.documentation.ends_with('.') {
            refuse("the documentation is no sentence");
        }
        if (field.r#type == ValueType::Word) == field.words.is_empty() {
            refuse("`words` belongs to the type `word`");
        }
        if record.rust.is_some() && field.or.is_some() && field.or_rust.is_none() && field.with.is_none() {
            refuse("`or` needs `or_rust` or `with`");
        }
        if matches!(field.r#type, ValueType::Model | ValueType::Models) != field.model.is_some() {
            refuse("`model` belongs to the types `model` and `models`");
        }
        if let Some(reference) = &field.reference
            && (field.r#type != ValueType::Text || references.iter().all(|found| found.name != *reference.get_ref()))
        {
            refuse("`reference` belongs to the type `text`, and names one that is described");
        }
        if field.r#type == ValueType::Watcher {
            continue;
        }
        let target = field
            .record
            .as_ref()
            .map(|name| all.iter().find(|record| record.name == *name));
        match (field.r#type == ValueType::Record, target) {
            (true, Some(Some(target))) => {
                let has = |name: &String| target.fields.iter().any(|field| field.name.get_ref() == name);
                if !field.shorthand.as_ref().is_none_or(has) {
                    refuse("the record has no field that `shorthand` names");
                }
            }
            (true, _) => refuse("there is no such record"),
            (false, Some(_)) => refuse("`record` belongs to the type `record`"),
            (false, None) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::SpecErrors;

    fn problems(text: &str) -> String {
        let document =
            format!("[[record]]\nname = \"R\"\ndocumentation = \"D.\"\nrust = \"T\"\n[[record.field]]\n{text}");
        match read(&[Source::new("client.toml", document)]) {
            Ok(_) => String::new(),
            Err(Error::Spec(SpecErrors(errors))) => errors[0].to_string(),
            Err(error) => panic!("{error}"),
        }
    }

    #[test]
    fn fields_that_contradict_themselves_are_refused_with_their_line() {
        let field = |rest: &str| problems(&format!("name = \"a_b\"\ndocumentation = \"D.\"\n{rest}"));
        assert_eq!(field("type = \"seconds\""), "");
        for (text, reason) in [
            ("type = \"minutes\"", "unknown variant"),
            ("type = \"text\"\ncolour = 1", "unknown field"),
            ("type = \"word\"", "`words` belongs"),
            (
                "type = \"text\"\nwords = [{ word = \"a\", rust = \"A\" }]",
                "`words` belongs",
            ),
            ("type = \"record\"\nrecord = \"S\"", "no such record"),
            (
                "type = \"record\"\nrecord = \"R\"\nshorthand = \"c\"",
                "`shorthand` names",
            ),
            ("type = \"text\"\nrecord = \"R\"", "`record` belongs"),
            ("type = \"text\"\nreference = \"user\"", "`reference` belongs"),
            (
                "type = \"word\"\nwords = [{ word = \"a\", rust = \"A\" }]\nor = \"number\"",
                "`or` needs",
            ),
        ] {
            let problem = field(text);
            assert!(
                problem.starts_with("client.toml:") && problem.contains(reason),
                "{text}: {problem}"
            );
        }
        for name in ["aB", "a__b", "_a", "1a", ""] {
            let problem = problems(&format!("name = \"{name}\"\ntype = \"text\"\ndocumentation = \"D.\""));
            assert!(
                problem.starts_with("client.toml:6: ") && problem.contains("snake case"),
                "{name}: {problem}"
            );
        }
        assert!(problems("name = \"a\"\ntype = \"text\"\ndocumentation = \"D\"").contains("no sentence"));
        let twice = "name = \"a\"\ntype = \"text\"\ndocumentation = \"D.\"\n[[record.field]]\n";
        assert!(problems(&format!("{twice}{}", twice.replace("[[record.field]]\n", ""))).contains("described twice"));
    }
}
