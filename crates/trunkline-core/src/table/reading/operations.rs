//! Operations and limits.

use http::Method;

use super::json::{Read, choice, collect, list, members, number, range, text};
use super::types::{content_of, type_index};
use crate::cloud::{Cloud, CloudSet};
use crate::codec::Reader;
use crate::table::limit::{LimitGroup, LimitScope, LimitUnit, LimitWindow};
use crate::table::names::Names;
use crate::table::operation::{
    Idempotency, LongRunningDescriptor, OperationDescriptor, OperationKind, PageSize, PathDescriptor, PermissionSet,
    ResultShape,
};

const CLOUDS: [(Cloud, &str); 4] = [
    (Cloud::Global, "global"),
    (Cloud::UsGovL4, "usGovL4"),
    (Cloud::UsGovL5, "usGovL5"),
    (Cloud::China, "china"),
];

pub(super) fn operation(reader: &mut Reader<'static>, names: &Names) -> Read<OperationDescriptor> {
    let mut found = OperationDescriptor::UNKNOWN;
    let (mut result, mut optional) = (None, false);
    members!(reader {
        "id" => found.id = text(reader)?,
        "title" => found.title = text(reader)?,
        "method" => found.method = method(reader)?,
        "kind" => found.kind = Some(choice(reader, &OperationKind::ALL)?),
        "target" => found.target = Some(content_of(reader, names)?),
        "callable" => found.callable = Some(number(reader)?),
        "paths" => found.paths = list(reader, path)?,
        "success" => found.success = list(reader, number)?,
        "result" => result = Some(content_of(reader, names)?),
        "optional" => optional = reader.boolean()?,
        "idempotency" => found.idempotency = idempotency(reader)?,
        "longRunning" => found.long_running = Some(long_running(reader, names)?),
        "query" => found.query = list(reader, text)?,
        "pageSize" => {
            let (default, maximum) = range(reader)?;
            found.page_size = Some(PageSize { default, maximum });
        },
        "throttling" => found.throttling = Some(text(reader)?),
        "roles" => found.roles = list(reader, text)?,
        "recentSignIn" => found.recent_sign_in = reader.boolean()?,
        "reference" => found.reference = Some(text(reader)?),
        "corrections" => found.corrections = list(reader, text)?,
        "deprecated" => found.deprecated = Some(text(reader)?),
    });
    if let Some(content) = result {
        found.result = ResultShape::Value { content, optional };
    }
    Ok(found)
}

fn method(reader: &mut Reader<'static>) -> Read<Method> {
    let name = text(reader)?;
    Method::from_bytes(name.as_bytes()).map_err(|_| reader.refuse(format!("{name} is no method of HTTP")))
}

fn path(reader: &mut Reader<'static>) -> Read<PathDescriptor> {
    let mut found = PathDescriptor {
        template: "",
        clouds: CloudSet::EMPTY,
        delegated: None,
        application: None,
    };
    members!(reader {
        "template" => found.template = text(reader)?,
        "clouds" => found.clouds = CloudSet::of(&collect(reader, |reader| choice(reader, &CLOUDS))?),
        "delegated" => found.delegated = Some(permissions(reader)?),
        "application" => found.application = Some(permissions(reader)?),
    });
    Ok(found)
}

fn permissions(reader: &mut Reader<'static>) -> Read<PermissionSet> {
    let mut found = PermissionSet {
        least: &[],
        higher: &[],
    };
    members!(reader {
        "least" => found.least = list(reader, text)?,
        "higher" => found.higher = list(reader, text)?,
    });
    Ok(found)
}

fn idempotency(reader: &mut Reader<'static>) -> Read<Idempotency> {
    let (mut kind, mut by, mut how) = ("", "", "");
    members!(reader {
        "kind" => kind = text(reader)?,
        "by" => by = text(reader)?,
        "how" => how = text(reader)?,
    });
    match kind {
        "safe" => Ok(Idempotency::Safe),
        "idempotent" => Ok(Idempotency::Idempotent),
        "confirm" => Ok(Idempotency::Confirm { by, how }),
        "never" => Ok(Idempotency::Never { how }),
        _ => Err(reader.refuse("no kind of idempotency")),
    }
}

fn long_running(reader: &mut Reader<'static>, names: &Names) -> Read<LongRunningDescriptor> {
    let mut found = LongRunningDescriptor {
        operation: "",
        state: 0,
        status: "",
        succeeded: &[],
        failed: &[],
        details: None,
    };
    members!(reader {
        "operation" => found.operation = text(reader)?,
        "state" => found.state = type_index(reader, names)?,
        "status" => found.status = text(reader)?,
        "succeeded" => found.succeeded = list(reader, text)?,
        "failed" => found.failed = list(reader, text)?,
        "details" => found.details = Some(text(reader)?),
    });
    Ok(found)
}

const SCOPES: [(LimitScope, &str); 3] = [
    (LimitScope::AppTenant, "app-tenant"),
    (LimitScope::App, "app"),
    (LimitScope::Tenant, "tenant"),
];

const UNITS: [(LimitUnit, &str); 3] = [
    (LimitUnit::Request, "request"),
    (LimitUnit::ResourceUnit, "resource-unit"),
    (LimitUnit::Write, "write"),
];

pub(super) fn limit(reader: &mut Reader<'static>) -> Read<LimitGroup> {
    let mut found = LimitGroup {
        name: "",
        windows: &[],
        cost: &[],
    };
    members!(reader {
        "name" => found.name = text(reader)?,
        "windows" => found.windows = list(reader, window)?,
        "cost" => found.cost = list(reader, price)?,
    });
    Ok(found)
}

fn price(reader: &mut Reader<'static>) -> Read<(&'static str, i64)> {
    let (mut name, mut units) = ("", 0);
    members!(reader {
        "name" => name = text(reader)?,
        "units" => units = reader.integer()?,
    });
    Ok((name, units))
}

fn window(reader: &mut Reader<'static>) -> Read<LimitWindow> {
    let mut found = LimitWindow {
        scope: LimitScope::AppTenant,
        unit: LimitUnit::Request,
        count: 0,
        seconds: 0,
        tenant: None,
    };
    members!(reader {
        "scope" => found.scope = choice(reader, &SCOPES)?,
        "unit" => found.unit = choice(reader, &UNITS)?,
        "count" => found.count = number(reader)?,
        "seconds" => found.seconds = number(reader)?,
        "tenant" => found.tenant = Some(text(reader)?),
    });
    Ok(found)
}
