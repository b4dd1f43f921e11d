//! Names of each thing of a model, and the module it stands in.

use trunkline_spec::model::{
    CallableId, Model, OperationKind, Parameter, Property, Sensitivity, TypeId, TypeReference,
};

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
    /// Its abilities.
    pub(crate) abilities: Abilities,
    /// Methods of its navigation properties.
    pub(crate) navigation: Vec<String>,
    /// Indexes of the fields its constructor asks for, when it has one.
    pub(crate) constructor: Option<Vec<usize>>,
    /// Indexes of the fields that have a setter.
    pub(crate) setters: Vec<usize>,
    /// Rules for bodies of the type, where operations have such bodies.
    pub(crate) body: Option<BodyRulesPlan<'m>>,
}

/// Rules for the bodies of a type.
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

/// Requests that the service offers on a type.
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

/// The handle that a method belongs to.
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
    /// The action or function that it invokes.
    pub(crate) callable: CallableId,
    /// The handle that it belongs to.
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
    pub(crate) parameter: &'m Parameter,
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
