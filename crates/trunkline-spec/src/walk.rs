//! Walks a path template through roots, navigation, keys, actions and functions.

use crate::model::{CallableId, CallableKind, ItemType, Model, QualifiedName, RootKind, TypeId, TypeReference};

/// The target of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum End {
    /// A collection of entities.
    Collection(TypeId),
    /// One entity.
    Entity(TypeId),
    /// The entity of a collection that a literal names; it may be of a derived type.
    Literal(TypeId),
    /// Actions or functions: the overloads that fit, and what they are called on.
    Call(Vec<CallableId>, TypeReference),
}

impl End {
    /// The target of this segment, unless it is a call.
    pub(crate) fn reference(&self) -> TypeReference {
        match self {
            Self::Collection(id) => TypeReference {
                item: ItemType::Structured(*id),
                collection: true,
            },
            Self::Entity(id) | Self::Literal(id) => TypeReference {
                item: ItemType::Structured(*id),
                collection: false,
            },
            Self::Call(_, reference) => *reference,
        }
    }
}

/// Follows a path; says which segment leads nowhere, and why.
pub(crate) fn walk(model: &Model, path: &str) -> Result<End, String> {
    let mut segments = path
        .strip_prefix('/')
        .ok_or_else(|| format!("{path} does not begin with a slash"))?
        .split('/');
    let first = segments.next().unwrap_or_default();
    let root = model
        .root_named(first)
        .ok_or_else(|| format!("{path}: there is no root {first:?}"))?;
    let mut end = match root.kind {
        RootKind::EntitySet => End::Collection(root.target),
        RootKind::Singleton => End::Entity(root.target),
    };
    for segment in segments {
        end = step(model, &end, segment).map_err(|reason| format!("{path}: {reason}"))?;
    }
    Ok(end)
}

fn step(model: &Model, end: &End, segment: &str) -> Result<End, String> {
    if segment.is_empty() {
        return Err("a segment is empty".to_owned());
    }
    let (here, collection) = match end {
        End::Call(..) => return Err(format!("nothing may follow a call, but {segment:?} does")),
        End::Collection(id) => (*id, true),
        End::Entity(id) | End::Literal(id) => (*id, false),
    };
    if let Some(parameter) = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
        return match (collection, is_parameter(parameter)) {
            (true, true) => Ok(End::Entity(here)),
            (true, false) => Err(format!("{segment:?} is not a path parameter")),
            (false, _) => Err(format!(
                "{segment} is a key, but {} is one entity",
                model.structured(here).name
            )),
        };
    }
    if !collection {
        let mut lineage = model.lineage(here).map(|id| model.structured(id));
        let found = lineage.find_map(|r#type| r#type.navigation.iter().find(|navigation| navigation.name == segment));
        if let Some(navigation) = found {
            return Ok(if navigation.collection {
                End::Collection(navigation.target)
            } else {
                End::Entity(navigation.target)
            });
        }
    }
    if let Some(call) = call(model, here, collection, segment)? {
        return Ok(call);
    }
    if let Some((namespace, name)) = segment.rsplit_once('.') {
        let name = QualifiedName {
            namespace: namespace.to_owned(),
            name: name.to_owned(),
        };
        return match model.type_named(&name) {
            Some(id) if model.is_a(id, here) && collection => Ok(End::Collection(id)),
            Some(id) if model.is_a(id, here) => Ok(End::Entity(id)),
            _ => Err(format!(
                "{name} is no type derived from {}",
                model.structured(here).name
            )),
        };
    }
    if collection
        && segment
            .chars()
            .all(|character| character.is_ascii_alphanumeric() || "-_".contains(character))
    {
        return Ok(End::Literal(here));
    }
    let what = if collection { "a collection of " } else { "" };
    Err(format!(
        "{segment:?} is nothing that {what}{} has",
        model.structured(here).name
    ))
}

/// The actions and functions a segment names, bound to where it stands or to what that derives from.
fn call(model: &Model, here: TypeId, collection: bool, segment: &str) -> Result<Option<End>, String> {
    let (name, arguments) = match segment.split_once('(') {
        Some((name, rest)) => {
            let inner = rest
                .strip_suffix(')')
                .ok_or_else(|| format!("{segment:?} lacks its closing parenthesis"))?;
            (name, Some(arguments(inner)?))
        }
        None => (segment, None),
    };
    let qualified = name.rsplit_once('.');
    let named = |callable: &QualifiedName| {
        callable.name == name || qualified == Some((callable.namespace.as_str(), callable.name.as_str()))
    };
    let mut fitting = Vec::new();
    for (index, callable) in (0..).map(CallableId).zip(&model.callables) {
        let Some(TypeReference {
            item: ItemType::Structured(bound),
            collection: bound_collection,
        }) = callable.binding
        else {
            continue;
        };
        if !named(&callable.name) || bound_collection != collection || !model.is_a(here, bound) {
            continue;
        }
        let parameters = callable.parameters.iter().map(|parameter| parameter.name.as_str());
        let fits = match (callable.kind, &arguments) {
            (CallableKind::Action, arguments) => arguments.is_none(),
            (CallableKind::Function, None) => callable.parameters.is_empty(),
            (CallableKind::Function, Some(arguments)) => parameters.eq(arguments.iter().copied()),
        };
        if fits {
            fitting.push(index);
        }
    }
    if fitting.is_empty() {
        return match arguments {
            Some(_) => Err(format!(
                "{segment:?} fits no function of {}",
                model.structured(here).name
            )),
            None => Ok(None),
        };
    }
    Ok(Some(End::Call(
        fitting,
        TypeReference {
            item: ItemType::Structured(here),
            collection,
        },
    )))
}

/// The names of a function's arguments, each given as `name='{name}'` or `name={name}`.
fn arguments(text: &str) -> Result<Vec<&str>, String> {
    if text.is_empty() {
        return Ok(Vec::new());
    }
    text.split(',')
        .map(|argument| {
            let (name, value) = argument
                .split_once('=')
                .ok_or_else(|| format!("the argument {argument:?} lacks its value"))?;
            let value = value
                .strip_prefix('\'')
                .and_then(|rest| rest.strip_suffix('\''))
                .unwrap_or(value);
            match value.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
                Some(parameter) if parameter == name => Ok(name),
                _ => Err(format!("the argument {argument:?} must be {name}='{{{name}}}'")),
            }
        })
        .collect()
}

/// Whether a text may stand in braces.
fn is_parameter(text: &str) -> bool {
    !text.is_empty()
        && text
            .chars()
            .all(|character| character.is_alphanumeric() || "-_".contains(character))
}
