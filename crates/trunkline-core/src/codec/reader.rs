//! Typed reading of JSON text, one value at a time.

use std::borrow::Cow;

use super::DecodeError;
use super::cursor::{Cursor, Kind, Malformed, Member};
use super::names::{Names, TWICE};

/// Reads JSON text from front to back, one value at a time.
pub struct Reader<'j> {
    pub(super) cursor: Cursor<'j>,
    /// Set when a value was read leniently, so that its original text has to be kept as well.
    pub(super) lossy: bool,
    /// For each record type met: which field came at which position in the previous record of that type. Services
    /// write records of a page in one order, so this turns finding a field into one comparison.
    orders: Vec<FieldOrder>,
}

struct FieldOrder {
    table: usize,
    /// Nothing where a member was that the table does not know.
    fields: Vec<Option<u16>>,
}

impl From<Malformed> for DecodeError {
    #[cold]
    fn from(malformed: Malformed) -> Self {
        Self::new(malformed.reason, malformed.at)
    }
}

impl<'j> Reader<'j> {
    /// Starts at the beginning of a text.
    #[must_use]
    pub fn new(text: &'j str) -> Self {
        Self {
            cursor: Cursor::new(text),
            lossy: false,
            orders: Vec::new(),
        }
    }

    #[cold]
    pub(crate) fn refuse(&self, reason: impl Into<String>) -> DecodeError {
        DecodeError::new(reason, self.cursor.position())
    }

    #[cold]
    pub(super) fn expected(&self, what: &str, found: Kind) -> DecodeError {
        let found = match found {
            Kind::Null => "null",
            Kind::Boolean => "a boolean",
            Kind::String => "a string",
            Kind::Array => "a list",
            Kind::Object => "an object",
            Kind::Number => "a number",
        };
        self.refuse(format!("expected {what} but found {found}"))
    }

    #[inline]
    pub(super) fn peek(&mut self) -> Result<Kind, DecodeError> {
        Ok(self.cursor.peek()?)
    }

    /// Consumes `null` when it is next.
    ///
    /// # Errors
    ///
    /// When the text is not JSON.
    #[inline]
    pub fn null(&mut self) -> Result<bool, DecodeError> {
        if self.peek()? == Kind::Null {
            self.cursor.null()?;
            return Ok(true);
        }
        Ok(false)
    }

    /// Reads a string. Half of a surrogate pair, which text cannot hold, is read as U+FFFD.
    ///
    /// # Errors
    ///
    /// When something else is next.
    #[inline]
    pub fn string(&mut self) -> Result<&str, DecodeError> {
        let kind = self.peek()?;
        if kind != Kind::String {
            return Err(self.expected("a string", kind));
        }
        Ok(self.cursor.string()?)
    }

    /// Reads a boolean; `"true"` and `"false"` in quotes are understood, because documented samples hold them (T26).
    ///
    /// # Errors
    ///
    /// When something else is next.
    pub fn boolean(&mut self) -> Result<bool, DecodeError> {
        match self.peek()? {
            Kind::Boolean => Ok(self.cursor.boolean()?),
            Kind::String => {
                let value = match self.string()? {
                    text if text.eq_ignore_ascii_case("true") => Some(true),
                    text if text.eq_ignore_ascii_case("false") => Some(false),
                    _ => None,
                };
                self.lossy = true;
                value.ok_or_else(|| self.refuse("expected true or false but found another string"))
            }
            kind => Err(self.expected("true or false", kind)),
        }
    }

    /// Reads a whole number; one in quotes is understood (`IEEE754Compatible` answers write 64-bit numbers so).
    ///
    /// # Errors
    ///
    /// When something else is next, or it is out of range.
    pub fn integer(&mut self) -> Result<i64, DecodeError> {
        let value = match self.peek()? {
            Kind::Number => self.cursor.number()?.parse().ok(),
            Kind::String => {
                let value = self.string()?.parse().ok();
                self.lossy = true;
                value
            }
            kind => return Err(self.expected("a whole number", kind)),
        };
        value.ok_or_else(|| self.refuse("expected a whole number of at most 64 bits"))
    }

    /// Reads a number; `"NaN"`, `"INF"` and `"-INF"` are OData's spellings for what JSON cannot write.
    ///
    /// # Errors
    ///
    /// When something else is next.
    pub fn number(&mut self) -> Result<f64, DecodeError> {
        let value = match self.peek()? {
            Kind::Number => self.cursor.number()?.parse().ok(),
            Kind::String => match self.string()? {
                "NaN" => Some(f64::NAN),
                "INF" => Some(f64::INFINITY),
                "-INF" => Some(f64::NEG_INFINITY),
                text => text.parse().ok(),
            },
            kind => return Err(self.expected("a number", kind)),
        };
        value.ok_or_else(|| self.refuse("expected a number but found another string"))
    }

    /// Reads any value and hands back its text as the service wrote it.
    ///
    /// # Errors
    ///
    /// When the text is not JSON.
    pub fn raw(&mut self) -> Result<&'j str, DecodeError> {
        self.peek()?;
        let start = self.cursor.position();
        self.cursor.skip()?;
        Ok(self.cursor.since(start))
    }

    /// Checks that nothing but white space follows.
    ///
    /// # Errors
    ///
    /// When something does.
    pub fn finish(&mut self) -> Result<(), DecodeError> {
        Ok(self.cursor.finish()?)
    }

    /// Reads an array, one call of `item` per element.
    ///
    /// # Errors
    ///
    /// When something else is next, or an element cannot be read; the error names its index.
    #[inline]
    pub fn array(&mut self, mut item: impl FnMut(&mut Self) -> Result<(), DecodeError>) -> Result<(), DecodeError> {
        let kind = self.peek()?;
        if kind != Kind::Array {
            return Err(self.expected("a list", kind));
        }
        self.cursor.enter()?;
        let mut index = 0;
        while self.cursor.element(index == 0)? {
            if let Err(error) = item(self) {
                return Err(error.at(index));
            }
            index += 1;
        }
        Ok(())
    }

    /// Reads an object, one call of `member` per member with its name.
    ///
    /// # Errors
    ///
    /// When something else is next, a member cannot be read or is there twice; the error names it.
    pub fn object(
        &mut self,
        mut member: impl FnMut(&mut Self, &str) -> Result<(), DecodeError>,
    ) -> Result<(), DecodeError> {
        self.enter_object()?;
        let mut first = true;
        let mut names = Names::default();
        loop {
            let start = self.cursor.position();
            let name = match self.cursor.member(first, "")? {
                Member::Other(name) => name.to_owned(),
                Member::Expected | Member::End => return Ok(()),
            };
            if !names.add(&name) {
                return Err(DecodeError::new(TWICE, start).within(&name));
            }
            if let Err(error) = member(self, &name) {
                return Err(error.within(&name));
            }
            first = false;
        }
    }

    /// Takes the start of the object that is next; its members are gone through by [`next_name`](Self::next_name).
    ///
    /// # Errors
    ///
    /// When something else is next.
    pub fn enter_object(&mut self) -> Result<(), DecodeError> {
        let kind = self.peek()?;
        if kind != Kind::Object {
            return Err(self.expected("an object", kind));
        }
        Ok(self.cursor.enter()?)
    }

    /// Takes the name of the next member of an object, whose value has to be taken before the next. A name that was
    /// `expected` is not copied. After the last member there is nothing.
    ///
    /// # Errors
    ///
    /// When no member is next.
    pub fn next_name<'n>(&mut self, first: bool, expected: &'n str) -> Result<Option<Cow<'n, str>>, DecodeError> {
        Ok(match self.cursor.member(first, expected)? {
            Member::End => None,
            Member::Expected => Some(Cow::Borrowed(expected)),
            Member::Other(name) => Some(Cow::Owned(name.to_owned())),
        })
    }

    /// The number of the remembered order for a table, which is known by its address.
    pub(super) fn order(&mut self, table: usize) -> usize {
        match self.orders.iter().position(|order| order.table == table) {
            Some(position) => position,
            None => {
                let fields = Vec::new();
                self.orders.push(FieldOrder { table, fields });
                self.orders.len() - 1
            }
        }
    }

    /// The field that was at `position` in the previous record.
    #[inline]
    pub(super) fn expected_field(&self, order: usize, position: usize) -> Option<u16> {
        self.orders[order].fields.get(position).copied().flatten()
    }

    pub(super) fn remember_field(&mut self, order: usize, position: usize, field: Option<u16>) {
        let fields = &mut self.orders[order].fields;
        if position < fields.len() {
            fields[position] = field;
        } else if position == fields.len() {
            fields.push(field);
        }
    }
}

/// The text of a member of the object that `text` is, as it stands; a string without its quotes.
pub(super) fn member<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let mut reader = Reader::new(text);
    reader.enter_object().ok()?;
    let mut first = true;
    loop {
        let is_it = match reader.cursor.member(first, name).ok()? {
            Member::End => return None,
            Member::Expected => true,
            Member::Other(_) => false,
        };
        let raw = reader.raw().ok()?;
        if is_it {
            return Some(plain(raw));
        }
        first = false;
    }
}

/// A string without its quotes, anything else as it stands.
pub(super) fn plain(raw: &str) -> &str {
    raw.strip_prefix('"')
        .and_then(|raw| raw.strip_suffix('"'))
        .unwrap_or(raw)
}
