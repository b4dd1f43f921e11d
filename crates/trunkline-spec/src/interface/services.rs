//! Classes whose methods are intents, such as `Numbers` with `assign`.

use serde::Deserialize;
use toml::Spanned;

use super::values::FieldType;
use crate::place::Problem;
use crate::toml_reader::source::Source;

/// A class with methods.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// Its name; Python's asynchronous class has `Async` before it.
    pub name: String,
    /// Part of the names of its calls before the dot.
    pub prefix: String,
    /// Module of the values that its methods take and return.
    pub module: String,
    /// Argument of its constructor, which is passed to every call.
    pub key: Option<String>,
    /// A sentence for users about that argument.
    pub key_documentation: Option<String>,
    /// The records that may stand for that argument: the name of a [`Reference`].
    pub key_reference: Option<Spanned<String>>,
    /// One paragraph for users.
    pub documentation: String,
    /// Further paragraphs.
    #[serde(default)]
    pub details: Vec<String>,
    /// Its methods.
    #[serde(rename = "method")]
    pub methods: Vec<Method>,
}

/// A method.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Method {
    /// Name in snake case.
    pub name: String,
    /// How the method runs.
    pub kind: MethodKind,
    /// One paragraph for users.
    pub documentation: String,
    /// Its positional arguments.
    #[serde(default)]
    pub arguments: Vec<Argument>,
    /// Record of conditions: keywords in Python, the first argument in Node.
    pub conditions: Option<String>,
    /// Records of its options.
    #[serde(default)]
    pub options: Vec<String>,
    /// Its result: a type of a field of a value, or the class of a `list`.
    pub returns: FieldType,
    /// Errors to document.
    #[serde(default)]
    pub raises: Vec<Raised>,
    /// Rust expression of the intent, or of the value whose method `call` is called. It can use `client`, `arguments` and each
    /// argument by its name.
    pub target: String,
    /// Method of `target` that returns the result, for the kinds `read` and `now`.
    pub call: Option<String>,
}

/// How a method runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MethodKind {
    /// It changes something and has progress.
    Change,
    /// It reads.
    Read,
    /// It returns at once, without a request.
    Now,
    /// It returns a list that reads later.
    List,
}

/// A class of Python whose methods are native. Others stand in a template of the emitter.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Class {
    /// Its name; Python's asynchronous class has `Async` before it.
    pub name: String,
    /// Its module.
    pub module: String,
    /// One paragraph for users.
    pub documentation: String,
    /// Further ones.
    #[serde(default)]
    pub details: Vec<String>,
    /// Its methods.
    #[serde(rename = "method")]
    pub methods: Vec<ClassMethod>,
}

/// A method of a class.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassMethod {
    /// Name in snake case.
    pub name: String,
    /// Whether it waits for something.
    #[serde(default)]
    pub waits: bool,
    /// One paragraph for users.
    pub documentation: String,
    /// Its positional arguments.
    pub arguments: Vec<ClassArgument>,
    /// Records of its options.
    #[serde(default)]
    pub options: Vec<String>,
    /// Class of its result, in brackets for a list; none when it returns nothing.
    pub returns: Option<String>,
    /// The form in which the native method returns it.
    #[serde(default)]
    pub form: ResultForm,
    /// Errors that are worth knowing.
    #[serde(default)]
    pub raises: Vec<Raised>,
}

/// The form in which a native method returns its result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ResultForm {
    /// JSON text.
    #[default]
    Json,
    /// A native object that the class wraps.
    Native,
    /// A native run, which one class wraps for callers that block and one for those that await, with the watcher of its events.
    Run,
}

/// Type of a positional argument of a method of a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ClassArgumentType {
    /// A path.
    Path,
    /// A file of rows or its bytes.
    Source,
    /// A source, or rows that were read.
    Rows,
    /// A plan or its path.
    Plan,
}

/// A positional argument of a method of a class.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassArgument {
    /// Name in snake case.
    pub name: String,
    /// Its type.
    pub r#type: ClassArgumentType,
    /// One paragraph for users.
    pub documentation: String,
}

/// A positional argument.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Argument {
    /// Name in snake case.
    pub name: String,
    /// Its type.
    pub r#type: FieldType,
    /// The records that may stand for it: the name of a [`Reference`].
    pub reference: Option<Spanned<String>>,
    /// Rust function that converts the value that was read.
    pub convert: Option<String>,
    /// One paragraph for users.
    pub documentation: String,
}

/// Records that callers may pass where a text that names the same thing is expected: a user in place of its id.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    /// Its name, by which arguments and options refer to it.
    pub name: String,
    /// The records.
    pub records: Vec<ReferenceRecord>,
    /// Parameters of Graph's actions and functions that take them as well.
    #[serde(default)]
    pub parameters: Vec<String>,
}

/// A type of records, and the property that is sent in place of one.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReferenceRecord {
    /// Qualified name of the type.
    pub r#type: String,
    /// Name of the property.
    pub property: String,
}

impl Service {
    /// Checks that what it refers to exists.
    pub(super) fn check(&self, source: &Source, references: &[&Reference], problems: &mut Vec<Problem>) {
        let arguments = self.methods.iter().flat_map(|method| &method.arguments);
        let named = arguments.filter_map(|argument| argument.reference.as_ref());
        for name in named.chain(&self.key_reference) {
            if references.iter().all(|reference| reference.name != *name.get_ref()) {
                let place = source.place(name.span());
                problems.push(place.problem(format!("{}: there is no such reference", self.name)));
            }
        }
    }
}

/// An error that a method can end with.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Raised {
    /// Its class.
    pub name: String,
    /// The condition.
    pub documentation: String,
}
