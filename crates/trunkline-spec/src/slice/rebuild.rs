//! Builds the reduced model: copies the elements that stay and assigns new indices.

use std::collections::BTreeMap;

use super::reach::{Extent, Reach, lies_below};
use crate::model::{
    Callable, CallableId, EnumId, ItemType, Model, Operation, OperationKind, OperationResult, Property, StructuredType,
    TypeId, TypeReference,
};

/// New indices by old ones.
#[derive(Debug, Default)]
struct Indices {
    types: BTreeMap<TypeId, TypeId>,
    enums: BTreeMap<EnumId, EnumId>,
    callables: BTreeMap<CallableId, CallableId>,
}

impl Indices {
    fn r#type(&self, id: TypeId) -> Option<TypeId> {
        self.types.get(&id).copied()
    }

    fn item(&self, item: ItemType) -> Option<ItemType> {
        match item {
            ItemType::Primitive(_) => Some(item),
            ItemType::Enum(id) => self.enums.get(&id).copied().map(ItemType::Enum),
            ItemType::Structured(id) => self.r#type(id).map(ItemType::Structured),
        }
    }

    fn reference(&self, reference: TypeReference) -> Option<TypeReference> {
        self.item(reference.item)
            .map(|item| TypeReference { item, ..reference })
    }
}

/// Builds the reduced model.
pub(super) fn rebuild(
    model: &Model,
    reach: &Reach<'_>,
    stubs: &BTreeMap<TypeId, Option<TypeId>>,
    places: &[Vec<String>],
) -> Model {
    let mut indices = Indices::default();
    let mut old: Vec<TypeId> = reach.kept.keys().chain(stubs.keys()).copied().collect();
    old.sort();
    old.dedup();
    indices.types = old.iter().copied().zip((0..).map(TypeId)).collect();

    let cut: Vec<StructuredType> = old.iter().map(|id| cut(model, reach, stubs, *id)).collect();
    let callables: Vec<(CallableId, &Callable)> = (0..)
        .map(CallableId)
        .zip(&model.callables)
        .filter(|(_, callable)| is_kept(callable, reach))
        .collect();
    indices.callables = callables.iter().map(|(id, _)| *id).zip((0..).map(CallableId)).collect();
    indices.enums = used_enums(model, &cut, &callables);

    let mut sliced = Model {
        enums: indices.enums.keys().map(|id| model.enumeration(*id).clone()).collect(),
        types: cut.into_iter().map(|r#type| renumber_type(r#type, &indices)).collect(),
        callables: callables
            .into_iter()
            .filter_map(|(_, callable)| renumber_callable(callable, &indices))
            .collect(),
        roots: Vec::new(),
        operations: Vec::new(),
        throttling: model.throttling.clone(),
    };
    derive(&mut sliced);
    for root in model.roots.iter().filter(|root| reach.roots.contains(&root.name)) {
        if let Some(target) = indices.r#type(root.target) {
            let mut root = root.clone();
            root.target = target;
            sliced.roots.push(root);
        }
    }
    let operations = model.operations.iter();
    sliced.operations = operations
        .filter_map(|operation| renumber_operation(model, operation, places, &indices))
        .collect();
    sliced
}

/// A type less what is not kept of it, with its old indices.
fn cut(model: &Model, reach: &Reach<'_>, stubs: &BTreeMap<TypeId, Option<TypeId>>, id: TypeId) -> StructuredType {
    let mut r#type = model.structured(id).clone();
    match (reach.kept.get(&id), stubs.get(&id)) {
        (Some(Extent::Whole), _) | (None, None) => {}
        (Some(Extent::Passage(names)), _) => {
            r#type.navigation.retain(|navigation| names.contains(&navigation.name));
            r#type.partial = true;
        }
        (None, Some(base)) => {
            r#type.stub = true;
            r#type.navigation.clear();
            r#type.key_sensitivity = model.lineage(id).find_map(|id| model.structured(id).key_sensitivity);
            (r#type.key, r#type.properties) = match base {
                Some(_) => (Vec::new(), Vec::new()),
                None => key(model, id),
            };
            r#type.base = *base;
        }
    }
    r#type
}

/// The key of a type and its properties, wherever in the lineage they are declared.
fn key(model: &Model, id: TypeId) -> (Vec<String>, Vec<Property>) {
    let declared = model
        .lineage(id)
        .map(|id| &model.structured(id).key)
        .find(|key| !key.is_empty());
    let key: Vec<String> = declared.cloned().unwrap_or_default();
    let properties = model.all_properties(id).into_iter();
    let properties = properties
        .filter(|property| key.contains(&property.name))
        .cloned()
        .collect();
    (key, properties)
}

fn is_kept(callable: &Callable, reach: &Reach<'_>) -> bool {
    match callable.binding.map(|binding| binding.item) {
        Some(ItemType::Structured(id)) => reach.kept.get(&id) == Some(&Extent::Whole),
        _ => false,
    }
}

fn used_enums(
    model: &Model,
    types: &[StructuredType],
    callables: &[(CallableId, &Callable)],
) -> BTreeMap<EnumId, EnumId> {
    let mut used = vec![false; model.enums.len()];
    let mut mark = |item: ItemType| {
        if let ItemType::Enum(id) = item
            && let Some(used) = used.get_mut(id.0 as usize)
        {
            *used = true;
        }
    };
    types
        .iter()
        .flat_map(|r#type| &r#type.properties)
        .for_each(|property| mark(property.r#type.item));
    for (_, callable) in callables {
        callable
            .parameters
            .iter()
            .for_each(|parameter| mark(parameter.r#type.item));
        if let Some(returns) = callable.returns {
            mark(returns.r#type.item);
        }
    }
    let old = (0..).map(EnumId).zip(used).filter(|(_, used)| *used).map(|(id, _)| id);
    old.zip((0..).map(EnumId)).collect()
}

fn renumber_type(mut r#type: StructuredType, indices: &Indices) -> StructuredType {
    r#type.base = r#type.base.and_then(|base| indices.r#type(base));
    r#type.derived.clear();
    r#type
        .properties
        .retain_mut(|property| match indices.reference(property.r#type) {
            Some(reference) => {
                property.r#type = reference;
                true
            }
            None => false,
        });
    r#type
        .navigation
        .retain_mut(|navigation| match indices.r#type(navigation.target) {
            Some(target) => {
                navigation.target = target;
                true
            }
            None => false,
        });
    r#type
}

fn renumber_callable(callable: &Callable, indices: &Indices) -> Option<Callable> {
    let mut callable = callable.clone();
    callable.binding = match callable.binding {
        Some(binding) => Some(indices.reference(binding)?),
        None => None,
    };
    for parameter in &mut callable.parameters {
        parameter.r#type = indices.reference(parameter.r#type)?;
    }
    if let Some(returns) = &mut callable.returns {
        returns.r#type = indices.reference(returns.r#type)?;
    }
    Some(callable)
}

/// Fills in the lists of derived types.
fn derive(model: &mut Model) {
    let mut derived = vec![Vec::new(); model.types.len()];
    for id in (0..).map(TypeId).take(model.types.len()) {
        for ancestor in model.lineage(id).skip(1) {
            derived[ancestor.0 as usize].push(id);
        }
    }
    for (r#type, derived) in model.types.iter_mut().zip(derived) {
        r#type.derived = derived;
    }
}

fn renumber_operation(
    model: &Model,
    operation: &Operation,
    places: &[Vec<String>],
    indices: &Indices,
) -> Option<Operation> {
    let mut operation = operation.clone();
    if operation.kind != OperationKind::Batch {
        operation
            .paths
            .retain(|path| places.iter().any(|place| lies_below(&path.path, place, model)));
        if operation.paths.is_empty() {
            return None;
        }
    }
    operation.target = match operation.target {
        Some(target) => Some(indices.reference(target)?),
        None => None,
    };
    operation.kind = match operation.kind {
        OperationKind::Action(id) => OperationKind::Action(*indices.callables.get(&id)?),
        OperationKind::Function(id) => OperationKind::Function(*indices.callables.get(&id)?),
        other => other,
    };
    operation.result = match operation.result {
        OperationResult::Value { r#type, optional } => OperationResult::Value {
            r#type: indices.reference(r#type)?,
            optional,
        },
        OperationResult::Pages(item) => OperationResult::Pages(indices.item(item)?),
        other => other,
    };
    if let Some(long_running) = &mut operation.long_running {
        long_running.r#type = indices.r#type(long_running.r#type)?;
    }
    Some(operation)
}
