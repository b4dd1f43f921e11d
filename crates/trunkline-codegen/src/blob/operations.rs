//! Operations and their paths.

use trunkline_spec::model::{
    Cloud, Idempotency, Method, Operation, OperationKind, OperationPath, OperationResult, Permissions,
};

use super::pool::Pool;
use super::schema::{bits, item, reference};
use super::{ABSENT, ABSENT_INDEX, Table, count, index};
use crate::error::Error;
use crate::plan::{Plan, invokes};

/// The tables.
#[derive(Default)]
pub(super) struct Operations {
    pub(super) operations: Table,
    pub(super) paths: Table,
}

pub(super) fn tables(plan: &Plan<'_>, pool: &mut Pool) -> Result<Operations, Error> {
    let mut tables = Operations::default();
    for operation in &plan.model.operations {
        write_operation(operation, pool, &mut tables)?;
        for path in &operation.paths {
            write_path(path, pool, &mut tables.paths);
        }
    }
    Ok(tables)
}

fn write_operation(operation: &Operation, pool: &mut Pool, tables: &mut Operations) -> Result<(), Error> {
    let (target, target_is_many) = reference(operation.target)?;
    let (result, result_item, result_is_many, optional) = match operation.result {
        OperationResult::None => (0, ABSENT_INDEX, false, false),
        OperationResult::Value { r#type, optional } => {
            let (item, many) = reference(Some(r#type))?;
            (1, item, many, optional)
        }
        OperationResult::Pages(of) => (2, item(of)?, true, false),
        OperationResult::Batch => (3, ABSENT_INDEX, false, false),
    };
    let success: Vec<u32> = operation.success.iter().map(|status| u32::from(*status)).collect();
    let (default, maximum) = operation.page_size.map_or((0, 0), |size| (size.default, size.maximum));
    let (idempotency, by, how) = match &operation.idempotency {
        Idempotency::Safe => (0, ABSENT, ABSENT),
        Idempotency::Idempotent => (1, ABSENT, ABSENT),
        Idempotency::Confirm { by, how } => (2, pool.string(by), pool.string(how)),
        Idempotency::Never { how } => (3, ABSENT, pool.string(how)),
    };
    let body = operation.body.clone().unwrap_or_default();
    let flags = [
        target_is_many,
        result_is_many,
        optional,
        operation.body.is_some(),
        body.odata_type,
    ];
    let table = &mut tables.operations;
    table.u32(pool.string(&operation.id));
    table.u32(pool.string(&operation.title));
    table.u32(pool.numbers(&success));
    table.u32(pool.list(&operation.query));
    table.u32(default);
    table.u32(maximum);
    table.u32(pool.optional(operation.throttling.as_ref()));
    table.u32(pool.list(&operation.roles));
    table.u32(pool.optional(operation.reference.as_ref()));
    table.u32(pool.list(&operation.corrections));
    table.u32(pool.optional(operation.deprecated.as_ref()));
    table.u32(by);
    table.u32(how);
    table.u32(pool.list(&body.required));
    table.u32(pool.list(&body.optional));
    match &operation.long_running {
        None => (0..5).for_each(|_| table.u32(ABSENT)),
        Some(long_running) => {
            table.u32(pool.string(&long_running.operation));
            table.u32(pool.string(&long_running.status));
            table.u32(pool.list(&long_running.succeeded));
            table.u32(pool.list(&long_running.failed));
            table.u32(pool.optional(long_running.details.as_ref()));
        }
    }
    table.u16(
        operation
            .long_running
            .as_ref()
            .map_or(Ok(ABSENT_INDEX), |long_running| index(long_running.r#type.0 as usize))?,
    );
    table.u16(target);
    table.u16(invokes(operation.kind).map_or(Ok(ABSENT_INDEX), |id| index(id.0 as usize))?);
    table.u16(result_item);
    table.u16(tables.paths.next()?);
    table.u16(count(operation.paths.len())?);
    table.u8(kind(operation.kind));
    table.u8(method(operation.method));
    table.u8(idempotency);
    table.u8(result);
    table.u16(bits(&flags));
    table.u16(0);
    table.end();
    Ok(())
}

fn write_path(path: &OperationPath, pool: &mut Pool, table: &mut Table) {
    let clouds = path.clouds.iter().fold(0, |clouds, cloud| {
        clouds
            | 1 << match cloud {
                Cloud::Global => 0,
                Cloud::UsGovL4 => 1,
                Cloud::UsGovL5 => 2,
                Cloud::China => 3,
            }
    });
    table.u32(pool.string(&path.path));
    for permissions in [&path.delegated, &path.application] {
        let Permissions { least, higher } = permissions.clone().unwrap_or_default();
        let absent = permissions.is_none();
        table.u32(if absent { ABSENT } else { pool.list(&least) });
        table.u32(if absent { ABSENT } else { pool.list(&higher) });
    }
    table.u32(clouds);
    table.end();
}

fn kind(kind: OperationKind) -> u8 {
    match kind {
        OperationKind::Get => 0,
        OperationKind::List => 1,
        OperationKind::Create => 2,
        OperationKind::Update => 3,
        OperationKind::Delete => 4,
        OperationKind::Action(_) => 5,
        OperationKind::Function(_) => 6,
        OperationKind::Batch => 7,
    }
}

fn method(method: Method) -> u8 {
    match method {
        Method::Get => 0,
        Method::Post => 1,
        Method::Patch => 2,
        Method::Put => 3,
        Method::Delete => 4,
    }
}
