//! Methods that invoke actions and functions, and the bodies they send.

use std::collections::{BTreeMap, BTreeSet};

use trunkline_spec::model::{Callable, CallableId, CallableKind, ItemType, Model, Navigation, TypeId, TypeReference};

use super::modules::module_of;
use super::{BodyField, BodyPlan, CallPlan, Module, Receiver, RecordPlan, invokes};
use crate::names::{Names, in_order_of_spelling, snake_case, upper_camel_case};

/// Methods that handles have anyway; the same list for all three.
const HANDLE: &[&str] = &[
    "new",
    "at",
    "handle",
    "get",
    "list",
    "create",
    "update",
    "delete",
    "by_id",
    "cast",
    "as_base",
    "clone",
    "fmt",
    "borrow",
    "borrow_mut",
    "into",
    "try_into",
    "from",
    "try_from",
    "to_owned",
    "type_id",
    "clone_into",
    "clone_from",
];
/// Methods that a call has anyway.
const CALL: &[&str] = &[
    "request",
    "send",
    "send_blocking",
    "into_future",
    "fmt",
    "borrow",
    "into",
    "type_id",
];
/// Fields a body has anyway.
const FIELDS: &[&str] = &["additional"];

/// Method names that are given, by receiver.
pub(super) struct Methods {
    entity: Vec<Names>,
    collection: Vec<Names>,
    pub(super) graph: Names,
}

impl Methods {
    pub(super) fn new(model: &Model) -> Self {
        let scopes = || model.types.iter().map(|_| Names::without(HANDLE)).collect();
        Self {
            entity: scopes(),
            collection: scopes(),
            graph: Names::without(HANDLE),
        }
    }

    fn of(&mut self, receiver: Receiver) -> &mut Names {
        match receiver {
            Receiver::Entity(id) => &mut self.entity[id.0 as usize],
            Receiver::Collection(id) => &mut self.collection[id.0 as usize],
            Receiver::Graph => &mut self.graph,
        }
    }

    /// Names of the methods that lead along a type's navigation properties.
    pub(super) fn navigation(&mut self, id: TypeId, navigation: &[Navigation]) -> Vec<String> {
        let names = self.of(Receiver::Entity(id));
        let mut methods = vec![String::new(); navigation.len()];
        for index in in_order_of_spelling(navigation, |navigation| &navigation.name) {
            let plain = snake_case(&navigation[index].name);
            let suffixed = format!("{plain}_navigation");
            methods[index] = names.claim(&[plain, suffixed], "_");
        }
        methods
    }
}

/// The receiver of what is bound to a type; only structured types have places.
fn receiver(binding: Option<TypeReference>) -> Option<Receiver> {
    match binding {
        None => Some(Receiver::Graph),
        Some(TypeReference {
            item: ItemType::Structured(id),
            collection: false,
        }) => Some(Receiver::Entity(id)),
        Some(TypeReference {
            item: ItemType::Structured(id),
            collection: true,
        }) => Some(Receiver::Collection(id)),
        Some(_) => None,
    }
}

pub(super) fn calls<'m>(
    model: &'m Model,
    modules: &[Module],
    records: &[RecordPlan<'m>],
    scopes: &mut [Names],
    methods: &mut Methods,
) -> Vec<CallPlan<'m>> {
    // All that is invoked where: where it is bound, and on the derived types that operations name.
    let mut places: BTreeMap<(Receiver, &str), BTreeMap<CallableId, Vec<usize>>> = BTreeMap::new();
    for (id, callable) in (0..).map(CallableId).zip(&model.callables) {
        if let Some(receiver) = receiver(callable.binding) {
            places
                .entry((receiver, &callable.name.name))
                .or_default()
                .entry(id)
                .or_default();
        }
    }
    for (index, operation) in model.operations.iter().enumerate() {
        if let (Some(id), Some(receiver)) = (invokes(operation.kind), receiver(operation.target)) {
            let name = &model.callable(id).name.name;
            places
                .entry((receiver, name))
                .or_default()
                .entry(id)
                .or_default()
                .push(index);
        }
    }
    let mut declared = BTreeSet::new();
    let idents = body_idents(model, modules, records, scopes);
    let mut calls = Vec::new();
    for ((receiver, _), mut overloads) in places {
        let mut order: Vec<CallableId> = overloads.keys().copied().collect();
        order.sort_by_key(|id| (model.callable(*id).parameters.len(), *id));
        for (rank, id) in order.into_iter().enumerate() {
            let callable = model.callable(id);
            let method = methods.of(receiver).claim(&method_names(callable, rank), "_");
            let parameters: Vec<&str> = callable
                .parameters
                .iter()
                .map(|parameter| parameter.name.as_str())
                .collect();
            let body = idents.get(&id).map(|(module, ident)| {
                let declared = declared.insert(id);
                BodyPlan {
                    module: *module,
                    ident: ident.clone(),
                    fields: body_fields(callable),
                    declared,
                }
            });
            calls.push(CallPlan {
                callable: id,
                receiver,
                method,
                arguments: Names::default().snake_all(&parameters),
                body,
                operations: overloads.remove(&id).unwrap_or_default(),
            });
        }
    }
    calls
}

/// Names that a method may have, best first.
fn method_names(callable: &Callable, rank: usize) -> Vec<String> {
    let plain = snake_case(&callable.name.name);
    let suffix = match callable.kind {
        CallableKind::Action => "action",
        CallableKind::Function => "function",
    };
    if rank == 0 {
        return vec![plain.clone(), format!("{}_{suffix}", plain.trim_end_matches('_'))];
    }
    // Behind a keyword stands an underscore, which is of no use within a name.
    let bare = |name: &str| snake_case(name).trim_end_matches('_').to_owned();
    let parameters: Vec<String> = callable
        .parameters
        .iter()
        .map(|parameter| bare(&parameter.name))
        .collect();
    vec![format!("{}_by_{}", bare(&callable.name.name), parameters.join("_and_"))]
}

/// Module and name of each action's body: the name of the action; where several ask for one name, what they are bound
/// to is put behind it, and their parameters where even that is not enough.
fn body_idents(
    model: &Model,
    modules: &[Module],
    records: &[RecordPlan<'_>],
    scopes: &mut [Names],
) -> BTreeMap<CallableId, (usize, String)> {
    let mut wanted: BTreeMap<(usize, String), Vec<(CallableId, &Callable)>> = BTreeMap::new();
    for (id, callable) in (0..).map(CallableId).zip(&model.callables) {
        if callable.kind == CallableKind::Action
            && !callable.parameters.is_empty()
            && receiver(callable.binding).is_some()
        {
            let module = match callable.binding {
                Some(TypeReference {
                    item: ItemType::Structured(id),
                    ..
                }) => records[id.0 as usize].module,
                _ => module_of(modules, &callable.name.namespace),
            };
            wanted
                .entry((module, upper_camel_case(&callable.name.name)))
                .or_default()
                .push((id, callable));
        }
    }
    let mut idents = BTreeMap::new();
    for ((module, plain), callables) in wanted {
        let names = &mut scopes[module];
        let alone = callables.len() == 1 && !names.has(&plain);
        for (id, callable) in callables {
            let bound = match callable.binding {
                Some(TypeReference {
                    item: ItemType::Structured(id),
                    ..
                }) => records[id.0 as usize].ident.as_str(),
                _ => "Body",
            };
            let parameters: Vec<String> = callable
                .parameters
                .iter()
                .map(|parameter| upper_camel_case(&parameter.name))
                .collect();
            let mut candidates = vec![
                format!("{plain}{bound}"),
                format!("{plain}{bound}By{}", parameters.join("And")),
            ];
            if alone {
                candidates.insert(0, plain.clone());
            }
            idents.insert(id, (module, names.claim_camel(&candidates)));
        }
    }
    idents
}

fn body_fields(callable: &Callable) -> Vec<BodyField<'_>> {
    let parameters: Vec<&str> = callable
        .parameters
        .iter()
        .map(|parameter| parameter.name.as_str())
        .collect();
    let fields = Names::without(FIELDS).snake_all(&parameters);
    let optional = callable.parameters.iter().filter(|parameter| !parameter.required);
    let optional: Vec<&str> = optional.map(|parameter| parameter.name.as_str()).collect();
    let mut setters = Names::without(CALL).snake_all(&optional).into_iter();
    let mut planned = Vec::new();
    for (parameter, ident) in callable.parameters.iter().zip(fields) {
        let setter = if parameter.required { None } else { setters.next() };
        planned.push(BodyField {
            ident,
            setter,
            parameter,
        });
    }
    planned
}
