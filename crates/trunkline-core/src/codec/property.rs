//! Absent, null and a value are three things.

use std::any::Any;
use std::fmt;

use super::{DecodeError, Reader, Sensitivity, Writer};

/// A property of a record or a parameter of an action.
///
/// In an answer, [`Absent`](Self::Absent) means the service did not send it. In a body, it means that it is not sent:
/// the service keeps what it has, where [`Null`](Self::Null) asks it to clear it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Property<T> {
    /// Not there.
    #[default]
    Absent,
    /// There, and `null`.
    Null,
    /// There, with a value.
    Value(T),
}

impl<T> Property<T> {
    /// The value, if there is one.
    #[inline]
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            _ => None,
        }
    }

    /// The value to change, if there is one.
    #[inline]
    pub fn value_mut(&mut self) -> Option<&mut T> {
        match self {
            Self::Value(value) => Some(value),
            _ => None,
        }
    }

    /// The value, if there is one.
    #[inline]
    pub fn into_option(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            _ => None,
        }
    }

    /// The value borrowed in its natural form: `&str` of a `String`, `&[T]` of a `Vec<T>`.
    #[inline]
    pub fn as_deref(&self) -> Option<&T::Target>
    where
        T: std::ops::Deref,
    {
        self.value().map(std::ops::Deref::deref)
    }

    /// Whether it is not there at all.
    #[inline]
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// Whether it is there and null.
    #[inline]
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Whether there is a value.
    #[inline]
    pub fn is_value(&self) -> bool {
        matches!(self, Self::Value(_))
    }

    /// Whether there is a value that `test` accepts.
    pub fn is_value_and(&self, test: impl FnOnce(&T) -> bool) -> bool {
        self.value().is_some_and(test)
    }

    /// Takes it out and leaves it absent.
    pub fn take(&mut self) -> Self {
        std::mem::take(self)
    }
}

impl<T> From<T> for Property<T> {
    #[inline]
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

impl<T> From<Option<T>> for Property<T> {
    /// `None` is absent; say [`Property::Null`] to clear something.
    #[inline]
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Absent, Self::Value)
    }
}

impl From<&str> for Property<String> {
    #[inline]
    fn from(value: &str) -> Self {
        Self::Value(value.to_owned())
    }
}

impl<T: PartialEq<U>, U> PartialEq<Option<U>> for Property<T> {
    fn eq(&self, other: &Option<U>) -> bool {
        match (self.value(), other) {
            (Some(value), Some(other)) => value == other,
            (None, None) => true,
            _ => false,
        }
    }
}

/// A type that a property can hold.
pub trait Value: Sized + Clone + PartialEq + fmt::Debug + Send + Sync + 'static {
    /// Reads one; `null` was dealt with before.
    ///
    /// # Errors
    ///
    /// When something else is next.
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError>;

    /// Writes it.
    fn write(&self, writer: &mut Writer);

    /// Calls `found` with the text of the member that is the key of every entity, `id`, when there is one. Pages of a list
    /// are compared by it.
    fn with_key(&self, found: &mut dyn FnMut(&str)) {
        let _ = found;
    }
}

/// A property without its type: how the one decoder and encoder reach any of them.
pub trait Slot: Any + Send + Sync {
    /// Reads what is next into it.
    ///
    /// # Errors
    ///
    /// When what is next is of another type.
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), DecodeError>;
    /// Writes it; nothing when absent.
    fn write(&self, writer: &mut Writer);
    /// Whether it is not there.
    fn is_absent(&self) -> bool;
    /// Takes over the other's state if it is of the same type.
    fn copy_from(&mut self, other: &dyn Slot) -> bool;
    /// Whether both are of one type and state.
    fn equals(&self, other: &dyn Slot) -> bool;
    /// Shows it, masked as its sensitivity asks.
    fn show(&self, sensitivity: Sensitivity) -> String;
}

impl<T: Value> Slot for Property<T> {
    #[inline]
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), DecodeError> {
        *self = if reader.null()? {
            Self::Null
        } else {
            Self::Value(T::read(reader)?)
        };
        Ok(())
    }

    fn write(&self, writer: &mut Writer) {
        match self {
            Self::Absent => {}
            Self::Null => writer.null(),
            Self::Value(value) => value.write(writer),
        }
    }

    #[inline]
    fn is_absent(&self) -> bool {
        Property::is_absent(self)
    }

    fn copy_from(&mut self, other: &dyn Slot) -> bool {
        let other: &dyn Any = other;
        match other.downcast_ref::<Self>() {
            Some(other) => {
                self.clone_from(other);
                true
            }
            None => false,
        }
    }

    fn equals(&self, other: &dyn Slot) -> bool {
        let other: &dyn Any = other;
        other.downcast_ref::<Self>() == Some(self)
    }

    fn show(&self, sensitivity: Sensitivity) -> String {
        match (self, sensitivity) {
            (Self::Absent, _) => "absent".to_owned(),
            (Self::Null, _) => "null".to_owned(),
            (Self::Value(_), Sensitivity::Secret) => "\"…\"".to_owned(),
            (Self::Value(value), Sensitivity::Personal) => mask(&format!("{value:?}")),
            (Self::Value(value), Sensitivity::Public) => format!("{value:?}"),
        }
    }
}

/// Keeps the last two characters, enough to tell two numbers apart in a log, and hides the rest.
fn mask(text: &str) -> String {
    let inner = text.trim_matches('"');
    let kept: String = inner
        .chars()
        .rev()
        .take(2)
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .collect();
    if inner.chars().count() <= 4 {
        "\"…\"".to_owned()
    } else {
        format!("\"…{kept}\"")
    }
}
