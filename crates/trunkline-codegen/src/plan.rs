//! The names of everything in Rust, and the module each thing stands in. Emitters read the model and this, and decide nothing.

mod calls;
mod modules;
mod places;
mod planned;
mod records;

use std::collections::BTreeSet;

use trunkline_spec::model::{EnumId, ItemType, Model, TypeId, TypeReference};

pub(crate) use modules::Module;
pub(crate) use places::{AnswerPlan, Answered, Offer, PlacePlan, Verb, content_name};
pub(crate) use planned::{
    Abilities, BodyField, BodyPlan, BodyRulesPlan, CallPlan, EnumPlan, FieldOrigin, FieldPlan, Receiver, RecordPlan,
    invokes, type_ids,
};

use crate::names::Names;

/// Names and places of everything in a model.
#[derive(Debug)]
pub(crate) struct Plan<'m> {
    /// The model that is planned.
    pub(crate) model: &'m Model,
    /// One per namespace, sorted by name.
    pub(crate) modules: Vec<Module>,
    /// One per structured type.
    pub(crate) records: Vec<RecordPlan<'m>>,
    /// One per enumeration.
    pub(crate) enums: Vec<EnumPlan>,
    /// Methods that invoke actions and functions, sorted by receiver.
    pub(crate) calls: Vec<CallPlan<'m>>,
    /// Methods of `Graph`, one per root.
    pub(crate) roots: Vec<String>,
}

impl<'m> Plan<'m> {
    /// Plans a model.
    pub(crate) fn new(model: &'m Model) -> Self {
        let used = used_types(model);
        let mut modules = modules::modules(model);
        let mut scopes: Vec<Names> = modules.iter().map(|_| Names::default()).collect();
        let mut methods = calls::Methods::new(model);
        let (enum_names, record_names) = records::type_names(model, &modules, &mut scopes);
        let enums = records::enums(model, &modules, enum_names);
        let records = records::records(model, &used, &modules, record_names, &mut methods);
        let roots: Vec<&str> = model.roots.iter().map(|root| root.name.as_str()).collect();
        let roots = methods.graph.snake_all(&roots);
        let calls = calls::calls(model, &modules, &records, &mut scopes, &mut methods);
        for (module, scope) in modules.iter_mut().zip(scopes) {
            module.names = scope;
        }
        Self {
            model,
            modules,
            records,
            enums,
            calls,
            roots,
        }
    }

    /// The plan of a structured type.
    pub(crate) fn record(&self, id: TypeId) -> &RecordPlan<'m> {
        &self.records[id.0 as usize]
    }

    /// The plan of an enumeration.
    pub(crate) fn enumeration(&self, id: EnumId) -> &EnumPlan {
        &self.enums[id.0 as usize]
    }
}

/// Types that something refers to: the only ones whose derived types can appear in their place.
fn used_types(model: &Model) -> BTreeSet<TypeId> {
    let mut used = BTreeSet::new();
    let mut refer = |reference: TypeReference| {
        if let ItemType::Structured(id) = reference.item {
            used.insert(id);
        }
    };
    for r#type in &model.types {
        r#type.properties.iter().for_each(|property| refer(property.r#type));
        for navigation in &r#type.navigation {
            refer(TypeReference {
                item: ItemType::Structured(navigation.target),
                collection: navigation.collection,
            });
        }
    }
    for callable in &model.callables {
        callable.binding.into_iter().for_each(&mut refer);
        callable.parameters.iter().for_each(|parameter| refer(parameter.r#type));
        callable.returns.iter().for_each(|returns| refer(returns.r#type));
    }
    for root in &model.roots {
        refer(TypeReference {
            item: ItemType::Structured(root.target),
            collection: false,
        });
    }
    for operation in &model.operations {
        operation.target.into_iter().for_each(&mut refer);
    }
    used
}
