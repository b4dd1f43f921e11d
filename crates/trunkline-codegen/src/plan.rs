//! What everything will be called in Rust, and where it will stand. Emitters read the model and this, and decide nothing.

mod calls;
mod modules;
mod places;
mod records;

use std::collections::BTreeSet;

use trunkline_spec::model::{
    CallableId, EnumId, ItemType, Model, OperationKind, Property, Sensitivity, TypeId, TypeReference,
};

pub(crate) use modules::Module;
pub(crate) use places::{Answered, Offer, PlacePlan, Verb};

use crate::names::Names;

/// Names and places of everything in a model.
#[derive(Debug)]
pub(crate) struct Plan<'m> {
    /// What is planned.
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

/// A struct.
#[derive(Debug)]
pub(crate) struct RecordPlan<'m> {
    /// Index of its module.
    pub(crate) module: usize,
    /// Its name.
    pub(crate) ident: String,
    /// Its fields, inherited ones first.
    pub(crate) fields: Vec<FieldPlan<'m>>,
    /// Whether a value of it may be of a derived type.
    pub(crate) polymorphic: bool,
    /// What the service offers on it.
    pub(crate) abilities: Abilities,
    /// Methods of its navigation properties.
    pub(crate) navigation: Vec<String>,
    /// Indexes of the fields its constructor asks for, when it has one.
    pub(crate) constructor: Option<Vec<usize>>,
    /// Indexes of the fields that have a setter.
    pub(crate) setters: Vec<usize>,
    /// What bodies of the type hold, where operations have such bodies.
    pub(crate) body: Option<BodyRulesPlan<'m>>,
}

/// What the bodies of a type hold.
#[derive(Debug)]
pub(crate) struct BodyRulesPlan<'m> {
    /// Properties and navigation properties that no operation takes, in order of spelling.
    pub(crate) left_out: Vec<&'m str>,
    /// Properties that all operations require, as the spec lists them.
    pub(crate) required: Vec<&'m str>,
}

/// A field of a struct.
#[derive(Debug)]
pub(crate) struct FieldPlan<'m> {
    /// Its name.
    pub(crate) ident: String,
    /// The wire name.
    pub(crate) wire: &'m str,
    /// The type on the wire.
    pub(crate) r#type: TypeReference,
    /// How it may be shown.
    pub(crate) sensitivity: Sensitivity,
    /// Where it comes from.
    pub(crate) origin: FieldOrigin<'m>,
}

/// Where a field comes from.
#[derive(Debug, Clone, Copy)]
pub(crate) enum FieldOrigin<'m> {
    /// A structural property.
    Property(&'m Property),
    /// A contained navigation property that an operation writes inside the body.
    Contained(&'m str),
}

/// What the service offers on a type.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Abilities {
    pub(crate) readable: bool,
    pub(crate) updatable: bool,
    pub(crate) deletable: bool,
    pub(crate) listable: bool,
    pub(crate) creatable: bool,
    /// Bodies must name their type.
    pub(crate) names_type: bool,
}

/// An enumeration.
#[derive(Debug)]
pub(crate) struct EnumPlan {
    /// Index of its module.
    pub(crate) module: usize,
    /// Its name.
    pub(crate) ident: String,
    /// Names of its members.
    pub(crate) members: Vec<String>,
    /// Whether a function answers with one.
    pub(crate) answered: bool,
}

/// What a method is a method of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Receiver {
    /// One entity.
    Entity(TypeId),
    /// A collection of them.
    Collection(TypeId),
    /// The graph itself.
    Graph,
}

/// A method that invokes an action or a function.
#[derive(Debug)]
pub(crate) struct CallPlan<'m> {
    /// What it invokes.
    pub(crate) callable: CallableId,
    /// What it is a method of.
    pub(crate) receiver: Receiver,
    /// Its name.
    pub(crate) method: String,
    /// Names of the arguments, one per parameter.
    pub(crate) arguments: Vec<String>,
    /// The struct that is sent.
    pub(crate) body: Option<BodyPlan<'m>>,
    /// Indexes of the operations that are this call, in the order of the model.
    pub(crate) operations: Vec<usize>,
}

/// The body of an action.
#[derive(Debug)]
pub(crate) struct BodyPlan<'m> {
    /// Index of its module.
    pub(crate) module: usize,
    /// Name of the struct.
    pub(crate) ident: String,
    /// Its fields, one per parameter.
    pub(crate) fields: Vec<BodyField<'m>>,
    /// Whether it is declared with this call; else with another on the same action.
    pub(crate) declared: bool,
}

/// A field of a body.
#[derive(Debug, Clone)]
pub(crate) struct BodyField<'m> {
    /// Name of the field.
    pub(crate) ident: String,
    /// Name of the method that sets it, for one that is not required.
    pub(crate) setter: Option<String>,
    /// The parameter.
    pub(crate) parameter: &'m trunkline_spec::model::Parameter,
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

/// The ids of a list.
pub(crate) fn type_ids(model: &Model) -> impl Iterator<Item = TypeId> + '_ {
    (0..).map(TypeId).take(model.types.len())
}

/// The operations of a call.
pub(crate) fn invokes(kind: OperationKind) -> Option<CallableId> {
    match kind {
        OperationKind::Action(id) | OperationKind::Function(id) => Some(id),
        _ => None,
    }
}
