//! The model as one JSON document: what the client knows of operations at run time, and what Python and Node decode, name and check
//! records from.
//!
//! A member that is null, false or empty is left out. Types are named as OData names them, in brackets when there are many. A type
//! lists its own properties, and an inherited one when it is shown otherwise than in the type it is from.

use trunkline_spec::model::{
    Callable, CallableKind, EnumType, Idempotency, LongRunning, Model, Operation, OperationKind, OperationPath,
    OperationResult, Permissions, RootKind, Sensitivity, StructuredKind, TypeId, TypeReference,
};
use trunkline_spec::throttling::{ThrottlingGroup, ThrottlingScope, ThrottlingUnit, ThrottlingWindow};

use crate::plan::{AnswerPlan, FieldOrigin, FieldPlan, Plan, content_name, invokes, type_ids};
use crate::text::is_hidden;

/// The document, one line for each type, action, function or operation.
pub(crate) fn write(plan: &Plan<'_>) -> String {
    let model = plan.model;
    let sections: [(&str, Vec<String>); 7] = [
        ("enums", model.enums.iter().map(enumeration).collect()),
        ("types", type_ids(model).map(|id| structured(plan, id)).collect()),
        (
            "callables",
            model.callables.iter().map(|found| callable(model, found)).collect(),
        ),
        ("answers", plan.answers().iter().map(answer).collect()),
        ("roots", roots(model)),
        (
            "operations",
            model.operations.iter().map(|found| operation(model, found)).collect(),
        ),
        ("limits", model.throttling.iter().map(limit).collect()),
    ];
    let sections = sections.map(|(name, entries)| {
        let lines = entries.iter().map(|entry| format!("\n{entry}")).collect::<Vec<_>>();
        format!("\"{name}\":[{}]", lines.join(","))
    });
    format!("{{{}}}\n", sections.join(",\n"))
}

fn enumeration(found: &EnumType) -> String {
    let members = found.members.iter().map(|member| text(&member.name));
    object([
        ("name", text(&found.name.to_string())),
        ("flags", flag(found.flags)),
        ("members", list(members)),
    ])
}

fn structured(plan: &Plan<'_>, id: TypeId) -> String {
    let model = plan.model;
    let found = model.structured(id);
    let name = |id: TypeId| text(&model.structured(id).name.to_string());
    let inherited = found.base.map_or(&[][..], |base| &plan.record(base).fields);
    let fields = plan.record(id).fields.iter().enumerate();
    let own = fields.filter(|(index, field)| {
        inherited
            .get(*index)
            .is_none_or(|known| known.sensitivity != field.sensitivity)
    });
    let navigation = found.navigation.iter().map(|found| {
        object([
            ("name", text(&found.name)),
            ("target", name(found.target)),
            ("collection", flag(found.collection)),
            ("key", optional(found.key.as_deref())),
        ])
    });
    let body = plan
        .record(id)
        .body
        .as_ref()
        .map(|body| object([("leftOut", texts(&body.left_out)), ("required", texts(&body.required))]));
    object([
        ("name", name(id)),
        ("base", found.base.map(name).unwrap_or_default()),
        ("entity", flag(found.kind == StructuredKind::Entity)),
        ("abstract", flag(found.is_abstract)),
        ("fields", list(own.map(|(_, own)| field(model, own)))),
        ("navigation", list(navigation)),
        ("body", body.unwrap_or_default()),
    ])
}

fn field(model: &Model, field: &FieldPlan<'_>) -> String {
    let property = match field.origin {
        FieldOrigin::Property(property) => Some(property),
        FieldOrigin::Contained(_) => None,
    };
    let range = property.and_then(|property| property.range);
    object([
        ("name", text(field.wire)),
        ("type", text(&content_name(model, field.r#type))),
        ("sensitivity", sensitivity(field.sensitivity)),
        (
            "grammar",
            optional(property.and_then(|property| property.grammar.as_deref())),
        ),
        (
            "range",
            range.map_or_else(String::new, |(least, largest)| format!("[{least},{largest}]")),
        ),
        ("nullable", flag(property.is_some_and(|property| property.nullable))),
        ("sortable", flag(property.is_some_and(|property| property.orderby))),
        (
            "filterable",
            flag(property.is_some_and(|property| !property.filter.is_empty())),
        ),
    ])
}

fn callable(model: &Model, found: &Callable) -> String {
    let content = |reference: Option<TypeReference>| {
        reference.map_or_else(String::new, |reference| text(&content_name(model, reference)))
    };
    let parameters = found.parameters.iter().map(|parameter| {
        object([
            ("name", text(&parameter.name)),
            ("type", text(&content_name(model, parameter.r#type))),
            ("sensitivity", sensitivity(parameter.sensitivity)),
            ("grammar", optional(parameter.grammar.as_deref())),
            ("nullable", flag(parameter.nullable)),
            ("required", flag(parameter.required)),
        ])
    });
    object([
        ("name", text(&found.name.to_string())),
        ("function", flag(found.kind == CallableKind::Function)),
        ("binding", content(found.binding)),
        ("returns", content(found.returns.map(|returns| returns.r#type))),
        ("parameters", list(parameters)),
    ])
}

fn answer(found: &AnswerPlan) -> String {
    object([("kind", text(found.kind)), ("type", optional(found.r#type.as_deref()))])
}

fn roots(model: &Model) -> Vec<String> {
    let root = |root: &trunkline_spec::model::Root| {
        object([
            ("name", text(&root.name)),
            ("target", text(&model.structured(root.target).name.to_string())),
            ("collection", flag(root.kind == RootKind::EntitySet)),
            ("key", optional(root.key.as_deref())),
        ])
    };
    model.roots.iter().map(root).collect()
}

fn operation(model: &Model, found: &Operation) -> String {
    let content = |reference: TypeReference| text(&content_name(model, reference));
    let (result, is_optional) = match found.result {
        OperationResult::None | OperationResult::Batch => (String::new(), false),
        OperationResult::Value { r#type, optional } => (content(r#type), optional),
        OperationResult::Pages(item) => (content(TypeReference { item, collection: true }), false),
    };
    let kind = match found.kind {
        OperationKind::Get => "get",
        OperationKind::List => "list",
        OperationKind::Create => "create",
        OperationKind::Update => "update",
        OperationKind::Delete => "delete",
        OperationKind::Action(_) => "action",
        OperationKind::Function(_) => "function",
        OperationKind::Batch => "batch",
    };
    object([
        ("id", text(&found.id)),
        ("title", text(&found.title)),
        ("method", text(found.method.name())),
        ("kind", text(kind)),
        ("target", found.target.map(content).unwrap_or_default()),
        ("callable", number(invokes(found.kind).map(|id| id.0))),
        ("paths", list(found.paths.iter().map(path))),
        ("success", list(found.success.iter().map(u16::to_string))),
        ("result", result),
        ("optional", flag(is_optional)),
        ("idempotency", idempotency(&found.idempotency)),
        (
            "longRunning",
            found
                .long_running
                .as_ref()
                .map_or_else(String::new, |found| long_running(model, found)),
        ),
        ("query", texts(&found.query)),
        (
            "pageSize",
            found
                .page_size
                .map_or_else(String::new, |size| format!("[{},{}]", size.default, size.maximum)),
        ),
        ("throttling", optional(found.throttling.as_deref())),
        ("roles", texts(&found.roles)),
        ("recentSignIn", flag(found.recent_sign_in)),
        ("reference", optional(found.reference.as_deref())),
        ("corrections", texts(&found.corrections)),
        ("deprecated", optional(found.deprecated.as_deref())),
    ])
}

fn path(path: &OperationPath) -> String {
    let permissions = |permissions: Option<&Permissions>| match permissions {
        Some(Permissions { least, higher }) => object([("least", texts(least)), ("higher", texts(higher))]),
        None => String::new(),
    };
    object([
        ("template", text(&path.path)),
        ("clouds", list(path.clouds.iter().map(|cloud| text(cloud.name())))),
        ("delegated", permissions(path.delegated.as_ref())),
        ("application", permissions(path.application.as_ref())),
    ])
}

fn idempotency(idempotency: &Idempotency) -> String {
    let (kind, by, how) = match idempotency {
        Idempotency::Safe => ("safe", None, None),
        Idempotency::Idempotent => ("idempotent", None, None),
        Idempotency::Confirm { by, how } => ("confirm", Some(by.as_str()), Some(how.as_str())),
        Idempotency::Never { how } => ("never", None, Some(how.as_str())),
    };
    object([("kind", text(kind)), ("by", optional(by)), ("how", optional(how))])
}

fn long_running(model: &Model, found: &LongRunning) -> String {
    object([
        ("operation", text(&found.operation)),
        ("state", text(&model.structured(found.r#type).name.to_string())),
        ("status", text(&found.status)),
        ("succeeded", texts(&found.succeeded)),
        ("failed", texts(&found.failed)),
        ("details", optional(found.details.as_deref())),
    ])
}

fn limit(group: &ThrottlingGroup) -> String {
    let cost = group
        .cost
        .iter()
        .map(|(name, units)| object([("name", text(name)), ("units", units.to_string())]));
    object([
        ("name", text(&group.name)),
        ("windows", list(group.windows.iter().map(window))),
        ("cost", list(cost)),
    ])
}

fn window(window: &ThrottlingWindow) -> String {
    let scope = match window.scope {
        ThrottlingScope::AppTenant => "app-tenant",
        ThrottlingScope::App => "app",
        ThrottlingScope::Tenant => "tenant",
    };
    let unit = match window.unit {
        ThrottlingUnit::Request => "request",
        ThrottlingUnit::ResourceUnit => "resource-unit",
        ThrottlingUnit::Write => "write",
    };
    object([
        ("scope", text(scope)),
        ("unit", text(unit)),
        ("count", window.count.to_string()),
        ("seconds", window.seconds.to_string()),
        ("tenant", optional(window.tenant.as_deref())),
    ])
}

fn sensitivity(sensitivity: Sensitivity) -> String {
    match sensitivity {
        Sensitivity::Public => String::new(),
        Sensitivity::Personal => text("personal"),
        Sensitivity::Secret => text("secret"),
    }
}

/// An object of JSON texts. An empty text stands for no member.
fn object<const N: usize>(members: [(&str, String); N]) -> String {
    let present = members.iter().filter(|(_, value)| !value.is_empty());
    let members: Vec<String> = present.map(|(name, value)| format!("\"{name}\":{value}")).collect();
    format!("{{{}}}", members.join(","))
}

fn list(items: impl Iterator<Item = String>) -> String {
    let items: Vec<String> = items.collect();
    if items.is_empty() {
        return String::new();
    }
    format!("[{}]", items.join(","))
}

fn texts(items: &[impl AsRef<str>]) -> String {
    list(items.iter().map(|item| text(item.as_ref())))
}

fn text(text: &str) -> String {
    let mut written = String::new();
    for character in serde_json::Value::from(text).to_string().chars() {
        // Characters that are not seen are spelled out, as in every generated file.
        if is_hidden(character) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                written.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            written.push(character);
        }
    }
    written
}

fn optional(value: Option<&str>) -> String {
    value.map(text).unwrap_or_default()
}

fn number(value: Option<u32>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

fn flag(flag: bool) -> String {
    if flag { "true".to_owned() } else { String::new() }
}
