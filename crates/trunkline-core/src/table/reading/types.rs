//! Types, actions and functions.

use super::json::{Read, choice, collect, list, members, range, required, text};
use crate::codec::{DecodeError, Reader};
use crate::table::body::BodyRules;
use crate::table::field::{FieldDescriptor, Sensitivity};
use crate::table::layout::{AnswerKind, Callable, Content, EnumLayout, ExpectedAnswer, LayoutField, Navigation};
use crate::table::names::Names;
use crate::telephone::Grammar;

const SENSITIVITIES: [(Sensitivity, &str); 3] = [
    (Sensitivity::Public, "public"),
    (Sensitivity::Personal, "personal"),
    (Sensitivity::Secret, "secret"),
];

/// A structured type before the description exists that it is part of.
#[derive(Default)]
pub(in crate::table) struct Type {
    pub(in crate::table) name: &'static str,
    pub(in crate::table) base: Option<u16>,
    /// Its own index and those of the types it derives from, nearest first.
    pub(in crate::table) lineage: Vec<u16>,
    pub(in crate::table) is_base: bool,
    pub(in crate::table) is_entity: bool,
    pub(in crate::table) is_abstract: bool,
    pub(in crate::table) fields: Vec<LayoutField>,
    pub(in crate::table) navigation: &'static [Navigation],
    pub(in crate::table) rules: Option<BodyRules>,
}

const ANSWERS: [(AnswerKind, &str); 5] = [
    (AnswerKind::Nothing, "nothing"),
    (AnswerKind::Record, "record"),
    (AnswerKind::Optional, "optional"),
    (AnswerKind::Value, "value"),
    (AnswerKind::LongRunning, "longRunning"),
];

pub(super) fn structured(reader: &mut Reader<'static>, names: &Names) -> Read<Type> {
    let mut found = Type::default();
    members!(reader {
        "name" => found.name = text(reader)?,
        "base" => found.base = Some(type_index(reader, names)?),
        "entity" => found.is_entity = reader.boolean()?,
        "abstract" => found.is_abstract = reader.boolean()?,
        "fields" => found.fields = collect(reader, |reader| field(reader, names))?,
        "navigation" => found.navigation = list(reader, |reader| navigation(reader, names))?,
        "body" => found.rules = Some(rules(reader)?),
    });
    Ok(found)
}

fn rules(reader: &mut Reader<'static>) -> Read<BodyRules> {
    let mut rules = BodyRules {
        left_out: &[],
        required: &[],
    };
    members!(reader {
        "leftOut" => rules.left_out = list(reader, text)?,
        "required" => rules.required = list(reader, text)?,
    });
    Ok(rules)
}

fn field(reader: &mut Reader<'static>, names: &Names) -> Read<LayoutField> {
    let (mut described, mut content) = (FieldDescriptor::new(""), None);
    let (mut is_nullable, mut is_required, mut is_sortable, mut is_filterable) = (false, false, false, false);
    members!(reader {
        "name" => described.name = text(reader)?,
        "type" => content = Some(content_of(reader, names)?),
        "sensitivity" => described.sensitivity = choice(reader, &SENSITIVITIES)?,
        // A grammar of another version is the service's to check.
        "grammar" => described.grammar = Grammar::from_name(text(reader)?),
        "range" => described.range = Some(range(reader)?),
        "nullable" => is_nullable = reader.boolean()?,
        "required" => is_required = reader.boolean()?,
        "sortable" => is_sortable = reader.boolean()?,
        "filterable" => is_filterable = reader.boolean()?,
    });
    Ok(LayoutField {
        field: described,
        content: required(reader, content, "type")?,
        is_nullable,
        is_required,
        is_sortable,
        is_filterable,
    })
}

pub(super) fn navigation(reader: &mut Reader<'static>, names: &Names) -> Read<Navigation> {
    let (mut name, mut target, mut collection, mut key) = ("", None, false, None);
    members!(reader {
        "name" => name = text(reader)?,
        "target" => target = Some(type_index(reader, names)?),
        "collection" => collection = reader.boolean()?,
        "key" => key = Some(text(reader)?),
    });
    Ok(Navigation {
        name,
        target: required(reader, target, "target")?,
        collection,
        key,
    })
}

pub(super) fn enumeration(reader: &mut Reader<'static>) -> Read<EnumLayout> {
    let mut found = EnumLayout {
        name: "",
        is_flags: false,
        members: &[],
    };
    members!(reader {
        "name" => found.name = text(reader)?,
        "flags" => found.is_flags = reader.boolean()?,
        "members" => found.members = list(reader, text)?,
    });
    Ok(found)
}

pub(super) fn callable(reader: &mut Reader<'static>, names: &Names) -> Read<Callable> {
    let mut found = Callable {
        name: "",
        is_function: false,
        binding: None,
        returns: None,
        parameters: &[],
    };
    members!(reader {
        "name" => found.name = text(reader)?,
        "function" => found.is_function = reader.boolean()?,
        "binding" => found.binding = Some(content_of(reader, names)?),
        "returns" => found.returns = Some(content_of(reader, names)?),
        "parameters" => found.parameters = list(reader, |reader| field(reader, names))?,
    });
    Ok(found)
}

pub(super) fn answer(reader: &mut Reader<'static>, names: &Names) -> Read<ExpectedAnswer> {
    let (mut kind, mut content) = (None, None);
    members!(reader {
        "kind" => kind = Some(choice(reader, &ANSWERS)?),
        "type" => content = Some(content_of(reader, names)?),
    });
    let kind = required(reader, kind, "kind")?;
    if kind != AnswerKind::Nothing {
        required(reader, content, "type")?;
    }
    Ok(ExpectedAnswer { kind, content })
}

pub(super) fn content_of(reader: &mut Reader<'static>, names: &Names) -> Read<Content> {
    let name = text(reader)?;
    names.content(name).ok_or_else(|| no_type(reader, name))
}

pub(super) fn type_index(reader: &mut Reader<'static>, names: &Names) -> Read<u16> {
    let name = text(reader)?;
    names.types.get(name).copied().ok_or_else(|| no_type(reader, name))
}

fn no_type(reader: &Reader<'static>, name: &str) -> DecodeError {
    reader.refuse(format!("there is no type {name}"))
}
