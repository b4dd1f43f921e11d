//! Types, properties, actions and functions, enumerations, roots.

use std::collections::BTreeSet;

use trunkline_spec::model::{
    CallableKind, ItemType, Model, QualifiedName, RootKind, Sensitivity, StructuredKind, TypeReference,
};

use super::pool::Pool;
use super::{ABSENT_INDEX, Table, count, index};
use crate::error::Error;
use crate::plan::{FieldOrigin, Plan, type_ids};

/// The first enumeration and the first structured type among item types.
const ENUM: u16 = 0x4000;
const STRUCTURED: u16 = 0x8000;

/// The tables.
#[derive(Default)]
pub(super) struct Schema {
    pub(super) namespaces: Table,
    pub(super) types: Table,
    pub(super) properties: Table,
    pub(super) navigation: Table,
    pub(super) callables: Table,
    pub(super) parameters: Table,
    pub(super) enums: Table,
    pub(super) members: Table,
    pub(super) roots: Table,
    pub(super) ranges: Table,
}

pub(super) fn tables(plan: &Plan<'_>, pool: &mut Pool) -> Result<Schema, Error> {
    let names = Names::of(plan.model);
    let mut schema = Schema::default();
    for namespace in &names.namespaces {
        schema.namespaces.u32(pool.string(namespace));
        schema.namespaces.end();
    }
    types(plan, pool, &names, &mut schema)?;
    callables(plan.model, pool, &names, &mut schema)?;
    enums(plan.model, pool, &names, &mut schema)?;
    for root in &plan.model.roots {
        let table = &mut schema.roots;
        table.u32(pool.string(&root.name));
        table.u32(pool.optional(root.key.as_ref()));
        table.u16(index(root.target.0 as usize)?);
        table.u16(u16::from(root.kind == RootKind::EntitySet));
        table.end();
    }
    Ok(schema)
}

fn types(plan: &Plan<'_>, pool: &mut Pool, names: &Names<'_>, schema: &mut Schema) -> Result<(), Error> {
    for id in type_ids(plan.model) {
        let r#type = plan.model.structured(id);
        let inherited = r#type.base.map_or(0, |base| plan.record(base).fields.len());
        let own = plan.record(id).fields.get(inherited..).unwrap_or_default();
        let flags = [
            r#type.kind == StructuredKind::Entity,
            r#type.is_abstract,
            r#type.open,
            r#type.has_stream,
            !r#type.derived.is_empty(),
            r#type.stub,
        ];
        let table = &mut schema.types;
        table.u32(pool.string(&r#type.name.name));
        table.u32(pool.list(&r#type.key));
        table.u16(names.namespace(&r#type.name)?);
        table.u16(r#type.base.map_or(Ok(ABSENT_INDEX), |base| index(base.0 as usize))?);
        let key = r#type.key_sensitivity.map_or(0, |key| u16::from(sensitivity(key)) + 1);
        table.u16(bits(&flags) | key << 8);
        table.u16(schema.properties.next()?);
        table.u16(count(own.len())?);
        table.u16(schema.navigation.next()?);
        table.u16(count(r#type.navigation.len())?);
        table.u16(0);
        table.end();
        for field in own {
            let (nullable, orderby, grammar, range, filter, contained) = match field.origin {
                FieldOrigin::Property(property) => (
                    property.nullable,
                    property.orderby,
                    property.grammar.as_ref(),
                    property.range,
                    property.filter.as_slice(),
                    false,
                ),
                FieldOrigin::Contained(_) => (false, false, None, None, &[][..], true),
            };
            if let Some((least, largest)) = range {
                schema.ranges.u32(schema.properties.next()?.into());
                schema.ranges.i64(least);
                schema.ranges.i64(largest);
                schema.ranges.end();
            }
            let table = &mut schema.properties;
            table.u32(pool.string(field.wire));
            table.u16(item(field.r#type.item)?);
            table.u8(bits(&[
                field.r#type.collection,
                nullable,
                orderby,
                contained,
                !filter.is_empty(),
                range.is_some(),
            ]) as u8
                | sensitivity(field.sensitivity) << 6);
            table.u8(pool.grammar(grammar)?);
            table.end();
        }
        for navigation in &r#type.navigation {
            let table = &mut schema.navigation;
            table.u32(pool.string(&navigation.name));
            table.u32(pool.optional(navigation.key.as_ref()));
            table.u16(index(navigation.target.0 as usize)?);
            table.u16(bits(&[
                navigation.collection,
                navigation.nullable,
                navigation.contained,
            ]));
            table.end();
        }
    }
    Ok(())
}

fn callables(model: &Model, pool: &mut Pool, names: &Names<'_>, schema: &mut Schema) -> Result<(), Error> {
    for callable in &model.callables {
        let (binding, bound_to_many) = reference(callable.binding)?;
        let (returns, returns_many) = reference(callable.returns.map(|returns| returns.r#type))?;
        let flags = [
            callable.kind == CallableKind::Function,
            callable.composable,
            bound_to_many,
            returns_many,
            callable.returns.is_some_and(|returns| returns.nullable),
        ];
        let table = &mut schema.callables;
        table.u32(pool.string(&callable.name.name));
        table.u16(names.namespace(&callable.name)?);
        table.u16(bits(&flags));
        table.u16(binding);
        table.u16(returns);
        table.u16(schema.parameters.next()?);
        table.u16(count(callable.parameters.len())?);
        table.end();
        for parameter in &callable.parameters {
            let table = &mut schema.parameters;
            table.u32(pool.string(&parameter.name));
            table.u16(item(parameter.r#type.item)?);
            table.u8(
                bits(&[parameter.r#type.collection, parameter.nullable, parameter.required]) as u8
                    | sensitivity(parameter.sensitivity) << 6,
            );
            table.u8(pool.grammar(parameter.grammar.as_ref())?);
            table.end();
        }
    }
    Ok(())
}

fn enums(model: &Model, pool: &mut Pool, names: &Names<'_>, schema: &mut Schema) -> Result<(), Error> {
    for r#enum in &model.enums {
        let table = &mut schema.enums;
        table.u32(pool.string(&r#enum.name.name));
        table.u16(names.namespace(&r#enum.name)?);
        table.u16(u16::from(r#enum.flags));
        table.u16(schema.members.next()?);
        table.u16(count(r#enum.members.len())?);
        table.end();
        for member in &r#enum.members {
            let table = &mut schema.members;
            table.u32(pool.string(&member.name) | u32::from(member.prefer) << 31);
            table.i64(member.value);
            table.end();
        }
    }
    Ok(())
}

/// Namespaces by number.
struct Names<'m> {
    namespaces: Vec<&'m str>,
}

impl<'m> Names<'m> {
    fn of(model: &'m Model) -> Self {
        let names = model.types.iter().map(|r#type| &r#type.name);
        let names = names.chain(model.enums.iter().map(|r#enum| &r#enum.name));
        let names = names.chain(model.callables.iter().map(|callable| &callable.name));
        let namespaces: BTreeSet<&str> = names.map(|name| name.namespace.as_str()).collect();
        Self {
            namespaces: namespaces.into_iter().collect(),
        }
    }

    fn namespace(&self, name: &QualifiedName) -> Result<u16, Error> {
        index(
            self.namespaces
                .binary_search(&name.namespace.as_str())
                .unwrap_or_default(),
        )
    }
}

/// An item type as a number.
pub(super) fn item(item: ItemType) -> Result<u16, Error> {
    let within = |first: u16, index: u32| match u16::try_from(index) {
        // The last number of all means that there is no type.
        Ok(index) if index < 0x3fff => Ok(first | index),
        _ => Err(Error::TooLarge { what: "types" }),
    };
    match item {
        ItemType::Primitive(primitive) => Ok(primitive as u16),
        ItemType::Enum(id) => within(ENUM, id.0),
        ItemType::Structured(id) => within(STRUCTURED, id.0),
    }
}

/// A type that may be absent, and whether it is a collection.
pub(super) fn reference(reference: Option<TypeReference>) -> Result<(u16, bool), Error> {
    match reference {
        Some(reference) => Ok((item(reference.item)?, reference.collection)),
        None => Ok((ABSENT_INDEX, false)),
    }
}

/// Flags from the lowest bit up.
pub(super) fn bits(flags: &[bool]) -> u16 {
    flags
        .iter()
        .enumerate()
        .fold(0, |bits, (place, flag)| bits | u16::from(*flag) << place)
}

fn sensitivity(sensitivity: Sensitivity) -> u8 {
    match sensitivity {
        Sensitivity::Public => 0,
        Sensitivity::Personal => 1,
        Sensitivity::Secret => 2,
    }
}
