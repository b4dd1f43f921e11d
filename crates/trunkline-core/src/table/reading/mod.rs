//! Reads the JSON of a description. Members that this version does not know are left out.

mod json;
mod operations;
mod types;

use hashbrown::HashMap;

use super::layout::{Callable, ExpectedAnswer, LayoutField, Navigation};
use super::limit::LimitGroup;
use super::names::Names;
use super::operation::OperationDescriptor;
use crate::codec::{DecodeError, Reader};
use json::{Read, collect, list, members, text};
pub(super) use types::Type;

/// The parts of a description before it exists.
pub(super) struct Parts {
    pub(super) names: Names,
    pub(super) types: Vec<Type>,
    pub(super) callables: Vec<Callable>,
    pub(super) answers: Vec<ExpectedAnswer>,
    pub(super) roots: Vec<Navigation>,
    pub(super) operations: &'static [OperationDescriptor],
    pub(super) limits: &'static [LimitGroup],
}

/// Reads the whole document. Names come first, so that a type can refer to any other.
pub(super) fn parts(text: &'static str) -> Read<Parts> {
    let mut names = Names::default();
    let mut first = Reader::new(text);
    members!(first {
        "types" => first.array(|reader| {
            let name = name_of(reader)?;
            add_name(reader, &mut names.types, name)
        })?,
        "enums" => first.array(|reader| {
            let found = types::enumeration(reader)?;
            names.enums.push(found);
            add_name(reader, &mut names.enum_indexes, found.name)
        })?,
    });
    first.finish()?;

    let mut parts = Parts {
        names,
        types: Vec::new(),
        callables: Vec::new(),
        answers: Vec::new(),
        roots: Vec::new(),
        operations: &[],
        limits: &[],
    };
    let names = &parts.names;
    let mut second = Reader::new(text);
    members!(second {
        "types" => parts.types = collect(second, |reader| types::structured(reader, names))?,
        "callables" => parts.callables = collect(second, |reader| types::callable(reader, names))?,
        "answers" => parts.answers = collect(second, |reader| types::answer(reader, names))?,
        "roots" => parts.roots = collect(second, |reader| types::navigation(reader, names))?,
        "operations" => parts.operations = list(second, |reader| operations::operation(reader, names))?,
        "limits" => parts.limits = list(second, operations::limit)?,
    });
    inherit(&mut parts.types)?;
    Ok(parts)
}

/// Gives each type the fields of the types it derives from, and puts them first.
fn inherit(types: &mut [Type]) -> Read<()> {
    for index in 0..types.len() {
        // Each has a name with an index, so there are no more than fit.
        let mut lineage = vec![index as u16];
        while let Some(base) = lineage.last().and_then(|last| types[usize::from(*last)].base) {
            if lineage.contains(&base) {
                let message = format!("{} derives from itself", types[index].name);
                return Err(DecodeError::syntax(message).at(index).within("types"));
            }
            types[usize::from(base)].is_base = true;
            lineage.push(base);
        }
        types[index].lineage = lineage;
    }
    let own: Vec<Vec<LayoutField>> = types
        .iter_mut()
        .map(|r#type| std::mem::take(&mut r#type.fields))
        .collect();
    for r#type in types {
        for field in r#type
            .lineage
            .iter()
            .rev()
            .flat_map(|ancestor| &own[usize::from(*ancestor)])
        {
            // A type may say of a property that it inherits how it is shown.
            match r#type
                .fields
                .iter_mut()
                .find(|known| known.field.name == field.field.name)
            {
                Some(known) => *known = *field,
                None => r#type.fields.push(*field),
            }
        }
    }
    Ok(())
}

fn name_of(reader: &mut Reader<'static>) -> Read<&'static str> {
    let mut name = "";
    members!(reader {
        "name" => name = text(reader)?,
    });
    Ok(name)
}

/// Gives a name the next index.
fn add_name(reader: &Reader<'static>, names: &mut HashMap<&'static str, u16>, name: &'static str) -> Read<()> {
    let Ok(index) = u16::try_from(names.len()) else {
        return Err(reader.refuse("more than a description can hold"));
    };
    match names.insert(name, index) {
        None if !name.is_empty() => Ok(()),
        _ => Err(reader.refuse(format!("'{name}' is no name of its own"))),
    }
}
