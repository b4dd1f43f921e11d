//! The arguments of a call: a JSON object whose members are read, checked and removed one by one.

use std::borrow::Cow;
use std::time::Duration;

use serde_json::{Map, Value};
use trunkline::Pem;
use trunkline_core::codec::Decode;
use trunkline_core::language::{self, Language};

use crate::error::ArgumentError;

type Result<T, E = ArgumentError> = std::result::Result<T, E>;

/// The arguments of a call that have not been read yet.
#[derive(Debug)]
pub struct Arguments {
    /// Prefix of names in messages: `retry.` for the members of the argument `retry`.
    prefix: String,
    values: Map<String, Value>,
}

/// An argument that is either a switch or a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BooleanOrText {
    /// A switch.
    Boolean(bool),
    /// A text.
    Text(String),
}

impl Arguments {
    /// Parses the JSON object that a binding wrote.
    ///
    /// # Errors
    ///
    /// When the text is no JSON object.
    pub fn parse(json: &str) -> Result<Self> {
        match serde_json::from_str(json) {
            Ok(Value::Object(values)) => Ok(Self::new(values)),
            _ => Err(ArgumentError::wrong_type("the options must be an object".to_owned())),
        }
    }

    /// Arguments by name, spelled as the caller's language spells them.
    #[must_use]
    pub fn new(values: Map<String, Value>) -> Self {
        Self {
            prefix: String::new(),
            values,
        }
    }

    /// Removes an argument. Null and absent are the same.
    pub fn value(&mut self, name: &str) -> Option<Value> {
        self.values.remove(&*spelled(name)).filter(|value| !value.is_null())
    }

    /// A string.
    ///
    /// # Errors
    ///
    /// When the argument is no string.
    pub fn text(&mut self, name: &str) -> Result<Option<String>> {
        self.read(name, "a string", |value| match value {
            Value::String(text) => Ok(text),
            other => Err(other),
        })
    }

    /// A string that must be there.
    ///
    /// # Errors
    ///
    /// When the argument is no string.
    pub fn required(&mut self, name: &str) -> Result<String> {
        let text = self.text(name)?;
        text.ok_or_else(|| ArgumentError::wrong_type(format!("{} must be a string, not nothing", self.name(name))))
    }

    /// A record of Graph, given as JSON.
    ///
    /// # Errors
    ///
    /// When the argument is no such record.
    pub fn model<T: Decode>(&mut self, name: &str) -> Result<Option<T>> {
        let record = self.read(name, "a record of the graph", |value| match value {
            Value::Object(_) => Ok(value),
            other => Err(other),
        })?;
        record.map(|record| self.decoded(name, &record)).transpose()
    }

    /// A record of Graph that must be there.
    ///
    /// # Errors
    ///
    /// When the argument is no such record.
    pub fn required_model<T: Decode>(&mut self, name: &str) -> Result<T> {
        let record = self.model(name)?;
        record.ok_or_else(|| {
            ArgumentError::wrong_type(format!(
                "{} must be a record of the graph, not nothing",
                self.name(name)
            ))
        })
    }

    /// A list of records of Graph.
    ///
    /// # Errors
    ///
    /// When the argument is no list of such records.
    pub fn models<T: Decode>(&mut self, name: &str) -> Result<Option<Vec<T>>> {
        let records = self.read(name, "a list of records of the graph", |value| match value {
            Value::Array(records) if records.iter().all(Value::is_object) => Ok(records),
            other => Err(other),
        })?;
        let decoded = records.map(|records| records.iter().map(|record| self.decoded(name, record)).collect());
        decoded.transpose()
    }

    fn decoded<T: Decode>(&self, name: &str, record: &Value) -> Result<T> {
        T::decode(&record.to_string()).map_err(|error| {
            let message = format!("{} is not of the expected shape at {}", self.name(name), error.path());
            ArgumentError::wrong_value(message)
        })
    }

    /// Strings by name.
    ///
    /// # Errors
    ///
    /// When the argument is no object, or something in it is no string.
    pub fn pairs(&mut self, name: &str) -> Result<Option<Vec<(String, String)>>> {
        self.read(name, "an object of strings", |value| match value {
            Value::Object(members) if members.values().all(Value::is_string) => {
                let text = |value: Value| value.as_str().map(str::to_owned).unwrap_or_default();
                Ok(members.into_iter().map(|(name, value)| (name, text(value))).collect())
            }
            other => Err(other),
        })
    }

    /// A list of strings.
    ///
    /// # Errors
    ///
    /// When the argument is no list, or something in it is no string.
    pub fn texts(&mut self, name: &str) -> Result<Option<Vec<String>>> {
        self.read(name, "a list of strings", |value| match value {
            Value::Array(items) if items.iter().all(Value::is_string) => {
                let texts = items.iter().filter_map(Value::as_str).map(str::to_owned);
                Ok(texts.collect())
            }
            other => Err(other),
        })
    }

    /// A switch.
    ///
    /// # Errors
    ///
    /// When the argument is neither true nor false.
    pub fn boolean(&mut self, name: &str) -> Result<Option<bool>> {
        self.read(name, "true or false", |value| value.as_bool().ok_or(value))
    }

    /// A switch or a text.
    ///
    /// # Errors
    ///
    /// When the argument is neither.
    pub fn boolean_or_text(&mut self, name: &str) -> Result<Option<BooleanOrText>> {
        self.read(name, "true, false or a string", |value| match value {
            Value::Bool(value) => Ok(BooleanOrText::Boolean(value)),
            Value::String(text) => Ok(BooleanOrText::Text(text)),
            other => Err(other),
        })
    }

    /// PEM: a string with its text or the path of a file, or an object that says which of them it is by `text` or `path`.
    ///
    /// # Errors
    ///
    /// When the argument is neither.
    pub fn pem(&mut self, name: &str) -> Result<Option<Pem>> {
        self.read(name, "PEM text or the path of a file", |value| match value {
            Value::String(text) => Ok(Pem::text_or_file(text)),
            Value::Object(members) => match (members.get("text"), members.get("path")) {
                (Some(Value::String(text)), None) => Ok(Pem::text(text)),
                (None, Some(Value::String(path))) => Ok(Pem::file(path)),
                _ => Err(Value::Object(members)),
            },
            other => Err(other),
        })
    }

    /// A duration in seconds.
    ///
    /// # Errors
    ///
    /// When the argument is no number, or a negative or an enormous one.
    pub fn seconds(&mut self, name: &str) -> Result<Option<Duration>> {
        let Some(seconds) = self.number(name)? else {
            return Ok(None);
        };
        let seconds = Duration::try_from_secs_f64(seconds);
        seconds.map(Some).map_err(|_| {
            let name = self.name(name);
            ArgumentError::wrong_value(format!("{name} must be a number of seconds that is not negative"))
        })
    }

    /// A number.
    ///
    /// # Errors
    ///
    /// When the argument is no finite number.
    pub fn number(&mut self, name: &str) -> Result<Option<f64>> {
        // JSON has no other numbers; what writes it spells these as text.
        let not_finite = |value: &Value| matches!(value.as_str(), Some("NaN" | "INF" | "-INF"));
        if self.values.get(&*spelled(name)).is_some_and(not_finite) {
            let message = format!("{} must be a finite number", self.name(name));
            return Err(ArgumentError::wrong_value(message));
        }
        self.read(name, "a number", |value| value.as_f64().ok_or(value))
    }

    /// A whole number that is at least `minimum`.
    ///
    /// # Errors
    ///
    /// When the argument is no whole number, or is too small or too large.
    pub fn count<T: TryFrom<u64>>(&mut self, name: &str, minimum: u64) -> Result<Option<T>> {
        let value = self.read(name, "a whole number", |value| match value {
            Value::Number(number) if !number.is_f64() => Ok(number),
            other => Err(other),
        })?;
        let Some(number) = value else { return Ok(None) };
        let whole = number.as_u64().filter(|number| *number >= minimum);
        match whole.and_then(|number| T::try_from(number).ok()) {
            Some(count) => Ok(Some(count)),
            None => {
                let name = self.name(name);
                let message = format!("{name} must be a whole number of at least {minimum}, not {number}");
                Err(ArgumentError::wrong_value(message))
            }
        }
    }

    /// One of some words, as the value that belongs to it.
    ///
    /// # Errors
    ///
    /// When the argument is none of the words.
    pub fn word<T: Clone>(&mut self, name: &str, words: &[(&str, T)]) -> Result<Option<T>> {
        let Some(value) = self.value(name) else { return Ok(None) };
        self.word_of(name, &value, words, "").map(Some)
    }

    /// One of some words, or a number that `from_number` turns into the same type.
    ///
    /// # Errors
    ///
    /// When the argument is neither.
    pub fn word_or_number<T: Clone>(
        &mut self,
        name: &str,
        words: &[(&str, T)],
        from_number: impl FnOnce(f64) -> T,
    ) -> Result<Option<T>> {
        let Some(value) = self.value(name) else { return Ok(None) };
        match value.as_f64() {
            Some(number) => Ok(Some(from_number(number))),
            None => self.word_of(name, &value, words, " or a number").map(Some),
        }
    }

    fn word_of<T: Clone>(&self, name: &str, value: &Value, words: &[(&str, T)], otherwise: &str) -> Result<T> {
        if let Some((_, meaning)) = words.iter().find(|(word, _)| value == *word) {
            return Ok(meaning.clone());
        }
        let quoted: Vec<String> = words.iter().map(|(word, _)| format!("{word:?}")).collect();
        let message = format!("{} must be {}{otherwise}", self.name(name), quoted.join(" or "));
        Err(match value {
            Value::String(_) => ArgumentError::wrong_value(message),
            other => ArgumentError::wrong_type(format!("{message}, not {}", kind(other))),
        })
    }

    /// A record of the type `record`. A bare number stands for its member `shorthand`.
    ///
    /// # Errors
    ///
    /// When the argument is no record.
    pub fn record(&mut self, name: &str, record: &str, shorthand: Option<&str>) -> Result<Option<Self>> {
        let expected = match shorthand {
            Some(_) => format!("a {record} or a number"),
            None => format!("a {record}"),
        };
        let values = self.read(name, &expected, |value| match (value, shorthand) {
            (Value::Object(values), _) => Ok(values),
            (number @ Value::Number(_), Some(shorthand)) => {
                Ok(Map::from_iter([(spelled(shorthand).into_owned(), number)]))
            }
            (other, _) => Err(other),
        })?;
        Ok(values.map(|values| Self {
            prefix: format!("{}.", self.name(name)),
            values,
        }))
    }

    /// A record that must be there.
    ///
    /// # Errors
    ///
    /// When the argument is no record.
    pub fn required_record(&mut self, name: &str, record: &str) -> Result<Self> {
        let fields = self.record(name, record, None)?;
        fields.ok_or_else(|| ArgumentError::wrong_type(format!("{} must be a {record}, not nothing", self.name(name))))
    }

    /// Ends the reading.
    ///
    /// # Errors
    ///
    /// When arguments are left, which nobody knows.
    pub fn finish(self) -> Result<()> {
        let mut left = self.values.iter().filter(|(_, value)| !value.is_null());
        match left.next() {
            None => Ok(()),
            Some((unknown, _)) => {
                let message = format!("there is no option {}{unknown}", self.prefix);
                Err(ArgumentError::wrong_type(message))
            }
        }
    }

    fn read<T>(
        &mut self,
        name: &str,
        expected: &str,
        convert: impl FnOnce(Value) -> Result<T, Value>,
    ) -> Result<Option<T>> {
        let Some(value) = self.value(name) else { return Ok(None) };
        convert(value).map(Some).map_err(|other| {
            let name = self.name(name);
            ArgumentError::wrong_type(format!("{name} must be {expected}, not {}", kind(&other)))
        })
    }

    /// The name of an argument in messages.
    fn name(&self, name: &str) -> String {
        format!("{}{}", self.prefix, spelled(name))
    }
}

/// A name in snake case as the caller's language spells it.
fn spelled(name: &str) -> Cow<'_, str> {
    if language::current() != Language::Node || !name.contains('_') {
        return Cow::Borrowed(name);
    }
    let mut camel = String::with_capacity(name.len());
    for (index, word) in name.split('_').enumerate() {
        match word.chars().next().filter(|_| index > 0) {
            Some(first) => {
                camel.push(first.to_ascii_uppercase());
                camel.push_str(&word[first.len_utf8()..]);
            }
            None => camel.push_str(word),
        }
    }
    Cow::Owned(camel)
}

/// The type of a JSON value, for messages.
fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "true or false",
        Value::Number(number) if number.as_f64().is_some_and(|number| number.fract() != 0.0) => "a fraction",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
