//! A cursor over JSON text.

use std::ptr;

use jiter::{Jiter, JiterError, NumberInt, Peek};

use super::{DecodeError, Descriptor};

/// How deep values may nest. Graph's own go to about ten; the limit keeps hostile text from using up the stack.
const MAXIMUM_DEPTH: u16 = 64;

/// Reads JSON text from front to back, one value at a time.
pub struct Reader<'j> {
    pub(super) jiter: Jiter<'j>,
    text: &'j str,
    depth: u16,
    /// Set when a value was read leniently, so that its original text has to be kept as well.
    pub(super) lossy: bool,
    /// For each record type met: which field came at which position in the previous record of that type. Services
    /// write records of a page in one order, so this turns finding a field into one comparison.
    orders: Vec<FieldOrder>,
}

struct FieldOrder {
    descriptor: &'static Descriptor,
    fields: Vec<u16>,
}

impl<'j> Reader<'j> {
    /// Starts at the beginning of a text.
    #[must_use]
    pub fn new(text: &'j str) -> Self {
        Self { jiter: Jiter::new(text.as_bytes()), text, depth: 0, lossy: false, orders: Vec::new() }
    }

    pub(super) fn error(&self, error: JiterError) -> DecodeError {
        DecodeError::new(error.error_type.to_string(), error.index)
    }

    pub(super) fn refuse(&self, reason: impl Into<String>) -> DecodeError {
        DecodeError::new(reason, self.jiter.current_index())
    }

    #[inline]
    pub(super) fn peek(&mut self) -> Result<Peek, DecodeError> {
        match self.jiter.peek() {
            Ok(peek) => Ok(peek),
            Err(error) => Err(self.error(error)),
        }
    }

    /// Consumes `null` when it is next.
    ///
    /// # Errors
    ///
    /// When the text is not JSON.
    #[inline]
    pub fn null(&mut self) -> Result<bool, DecodeError> {
        if self.peek()? == Peek::Null {
            self.jiter.known_null().map_err(|error| self.error(error))?;
            return Ok(true);
        }
        Ok(false)
    }

    /// Reads a string.
    ///
    /// # Errors
    ///
    /// When something else is next.
    #[inline]
    pub fn string(&mut self) -> Result<&str, DecodeError> {
        // The two-step form keeps the borrow of the success path apart from the error path.
        let peek = self.peek()?;
        if peek != Peek::String {
            return Err(self.expected("a string", peek));
        }
        self.jiter.known_str().map_err(|error| DecodeError::new(error.error_type.to_string(), error.index))
    }

    /// Reads a boolean; `"true"` and `"false"` in quotes are understood, because documented samples hold them (T26).
    ///
    /// # Errors
    ///
    /// When something else is next.
    pub fn boolean(&mut self) -> Result<bool, DecodeError> {
        let peek = self.peek()?;
        match peek {
            Peek::True | Peek::False => self.jiter.known_bool(peek).map_err(|error| self.error(error)),
            Peek::String => {
                let value = match self.string()? {
                    text if text.eq_ignore_ascii_case("true") => Some(true),
                    text if text.eq_ignore_ascii_case("false") => Some(false),
                    _ => None,
                };
                self.lossy = true;
                value.ok_or_else(|| self.refuse("expected true or false but found another string"))
            }
            _ => Err(self.expected("true or false", peek)),
        }
    }

    /// Reads a whole number; one in quotes is understood (`IEEE754Compatible` answers write 64-bit numbers so).
    ///
    /// # Errors
    ///
    /// When something else is next, or it is out of range.
    pub fn integer(&mut self) -> Result<i64, DecodeError> {
        let peek = self.peek()?;
        if peek == Peek::String {
            let value = self.string()?.parse::<i64>().ok();
            self.lossy = true;
            return value.ok_or_else(|| self.refuse("expected a whole number but found another string"));
        }
        if !peek.is_num() {
            return Err(self.expected("a whole number", peek));
        }
        match self.jiter.known_int(peek) {
            Ok(NumberInt::Int(value)) => Ok(value),
            #[allow(unreachable_patterns, reason = "whether big integers exist is a feature of the parser")]
            Ok(_) => Err(self.refuse("the number is out of range")),
            Err(error) => Err(self.error(error)),
        }
    }

    /// Reads a number; `"NaN"`, `"INF"` and `"-INF"` are OData's spellings for what JSON cannot write.
    ///
    /// # Errors
    ///
    /// When something else is next.
    pub fn number(&mut self) -> Result<f64, DecodeError> {
        let peek = self.peek()?;
        if peek == Peek::String {
            let value = match self.string()? {
                "NaN" => Some(f64::NAN),
                "INF" => Some(f64::INFINITY),
                "-INF" => Some(f64::NEG_INFINITY),
                text => text.parse::<f64>().ok(),
            };
            return value.ok_or_else(|| self.refuse("expected a number but found another string"));
        }
        if !peek.is_num() {
            return Err(self.expected("a number", peek));
        }
        self.jiter.known_float(peek).map_err(|error| self.error(error))
    }

    /// Reads any value and hands back its text as the service wrote it.
    ///
    /// # Errors
    ///
    /// When the text is not JSON.
    pub fn raw(&mut self) -> Result<&'j str, DecodeError> {
        let start = self.start()?;
        self.jiter.next_skip().map_err(|error| self.error(error))?;
        Ok(self.since(start))
    }

    /// Where the next value starts.
    pub(super) fn start(&mut self) -> Result<usize, DecodeError> {
        self.peek()?;
        Ok(self.jiter.current_index())
    }

    /// The text from `start` to here.
    pub(super) fn since(&self, start: usize) -> &'j str {
        self.text.get(start..self.jiter.current_index()).unwrap_or_default()
    }

    /// Checks that nothing but white space follows.
    ///
    /// # Errors
    ///
    /// When something does.
    pub fn finish(&mut self) -> Result<(), DecodeError> {
        self.jiter.finish().map_err(|error| self.error(error))
    }

    /// Reads an array, one call of `item` per element.
    ///
    /// # Errors
    ///
    /// When something else is next, or an element cannot be read; the error names its index.
    pub fn array(
        &mut self,
        mut item: impl FnMut(&mut Self) -> Result<(), DecodeError>,
    ) -> Result<(), DecodeError> {
        let peek = self.peek()?;
        if peek != Peek::Array {
            return Err(self.expected("a list", peek));
        }
        self.enter()?;
        let mut more = self.jiter.known_array().map_err(|error| self.error(error))?.is_some();
        let mut index = 0;
        while more {
            item(self).map_err(|error| error.at(index))?;
            index += 1;
            more = self.jiter.array_step().map_err(|error| self.error(error))?.is_some();
        }
        self.leave();
        Ok(())
    }

    pub(super) fn enter(&mut self) -> Result<(), DecodeError> {
        self.depth += 1;
        if self.depth > MAXIMUM_DEPTH {
            return Err(self.refuse(format!("values nest deeper than {MAXIMUM_DEPTH} levels")));
        }
        Ok(())
    }

    pub(super) fn leave(&mut self) {
        self.depth -= 1;
    }

    #[cold]
    pub(super) fn expected(&self, what: &str, found: Peek) -> DecodeError {
        let found = match found {
            Peek::Null => "null",
            Peek::True | Peek::False => "a boolean",
            Peek::String => "a string",
            Peek::Array => "a list",
            Peek::Object => "an object",
            _ => "a number",
        };
        self.refuse(format!("expected {what} but found {found}"))
    }

    /// Slot of the remembered order for a type.
    pub(super) fn order(&mut self, descriptor: &'static Descriptor) -> usize {
        match self.orders.iter().position(|order| ptr::eq(order.descriptor, descriptor)) {
            Some(position) => position,
            None => {
                self.orders.push(FieldOrder { descriptor, fields: Vec::with_capacity(descriptor.fields.len()) });
                self.orders.len() - 1
            }
        }
    }

    /// The field that was at `position` in the previous record.
    #[inline]
    pub(super) fn expected_field(&self, order: usize, position: usize) -> Option<u16> {
        self.orders[order].fields.get(position).copied()
    }

    pub(super) fn remember_field(&mut self, order: usize, position: usize, field: u16) {
        let fields = &mut self.orders[order].fields;
        if position < fields.len() {
            fields[position] = field;
        } else if position == fields.len() {
            fields.push(field);
        }
    }
}
