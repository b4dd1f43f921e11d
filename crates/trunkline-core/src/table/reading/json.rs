//! Values of the JSON of a description.

use crate::codec::{DecodeError, Reader};

/// The result of reading a part of a description.
pub(super) type Read<T> = Result<T, DecodeError>;

/// Reads the members of an object that are named, and leaves out the others.
macro_rules! members {
    ($reader:ident { $($name:literal => $read:expr,)* }) => {
        $reader.object(|$reader, member| {
            match member {
                $($name => $read,)*
                _ => drop($reader.raw()?),
            }
            Ok(())
        })?
    };
}

pub(super) use members;

/// A text. One with escapes is copied, and kept for as long as the description.
pub(super) fn text(reader: &mut Reader<'static>) -> Read<&'static str> {
    let raw = reader.raw()?;
    match raw.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(plain) if !plain.contains('\\') => Ok(plain),
        Some(_) => Ok(Box::leak(Reader::new(raw).string()?.into())),
        None => Err(reader.refuse("expected a string")),
    }
}

/// One of several values, by name.
pub(super) fn choice<T: Copy>(reader: &mut Reader<'static>, known: &[(T, &str)]) -> Read<T> {
    let name = text(reader)?;
    let found = known.iter().find(|(_, known)| *known == name);
    found
        .map(|(value, _)| *value)
        .ok_or_else(|| reader.refuse(format!("{name} is not known here")))
}

pub(super) fn number<T: TryFrom<i64>>(reader: &mut Reader<'static>) -> Read<T> {
    T::try_from(reader.integer()?).map_err(|_| reader.refuse("the number does not fit"))
}

/// Two numbers, as a list.
pub(super) fn range<T: TryFrom<i64> + Copy>(reader: &mut Reader<'static>) -> Read<(T, T)> {
    match *collect(reader, number)?.as_slice() {
        [first, second] => Ok((first, second)),
        _ => Err(reader.refuse("expected two numbers")),
    }
}

pub(super) fn collect<T>(
    reader: &mut Reader<'static>,
    mut item: impl FnMut(&mut Reader<'static>) -> Read<T>,
) -> Read<Vec<T>> {
    let mut items = Vec::new();
    reader.array(|reader| {
        items.push(item(reader)?);
        Ok(())
    })?;
    Ok(items)
}

/// A list that is kept for as long as the description.
pub(super) fn list<T>(
    reader: &mut Reader<'static>,
    item: impl FnMut(&mut Reader<'static>) -> Read<T>,
) -> Read<&'static [T]> {
    Ok(Box::leak(collect(reader, item)?.into_boxed_slice()))
}

pub(super) fn required<T>(reader: &Reader<'static>, value: Option<T>, member: &str) -> Read<T> {
    value.ok_or_else(|| reader.refuse("this must be given").within(member))
}
