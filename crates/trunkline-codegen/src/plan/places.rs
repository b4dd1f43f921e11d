//! The offers of a handle and the results of its calls, for the languages that make a class of each kind of handle.

use std::collections::BTreeSet;

use trunkline_spec::model::{
    CallableKind, ItemType, Model, Operation, OperationKind, OperationResult, Parameter, RootKind, TypeId,
    TypeReference,
};

use super::{CallPlan, Plan, Receiver, type_ids};

/// A kind of place.
#[derive(Debug)]
pub(crate) struct PlacePlan<'p> {
    /// The type it is a handle of.
    pub(crate) receiver: Receiver,
    /// Its offers: navigation, actions and functions, then the requests that every handle of its kind may offer.
    pub(crate) offers: Vec<Offer<'p>>,
}

/// Something that a place offers.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Offer<'p> {
    /// Leads somewhere else.
    Navigation {
        /// Its name in snake case.
        method: &'p str,
        /// The segment of the path.
        segment: &'p str,
        /// Its documentation.
        documentation: &'p str,
        /// Of which type.
        target: TypeId,
        /// Whether many.
        collection: bool,
    },
    /// Leads to one of many.
    ById(TypeId),
    /// Reads, writes or removes what is there.
    Basic(Verb, Option<&'p Operation>),
    /// Invokes an action or a function.
    Call(&'p CallPlan<'p>),
}

/// Requests that many handles offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verb {
    Get,
    Update,
    Delete,
    List,
    Create,
}

/// The result of a call.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Answered {
    /// Nothing.
    Nothing,
    /// A record.
    Record(TypeId),
    /// A record, or nothing.
    Optional(TypeId),
    /// Records, page by page.
    Records(TypeId),
    /// A value that is no record.
    Value(TypeReference),
    /// Something that goes on, and is read as a record.
    Running(TypeId),
}

/// An expected answer as the description has it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct AnswerPlan {
    /// Kind of the answer, as the description spells it.
    pub(crate) kind: &'static str,
    /// The type of the record or value, as the description names it.
    pub(crate) r#type: Option<String>,
}

impl<'m> Plan<'m> {
    /// The expected answers of all methods of handles but lists, each once, sorted. Handles name them by their index.
    pub(crate) fn answers(&self) -> Vec<AnswerPlan> {
        let mut answers = BTreeSet::new();
        for place in self.places() {
            for offer in place.offers {
                let answered = match (offer, place.receiver) {
                    (Offer::Basic(verb, _), Receiver::Entity(id) | Receiver::Collection(id)) => verb.answered(id),
                    (Offer::Call(call), _) => self.answered(call),
                    _ => continue,
                };
                answers.extend(answered.plan(self.model));
            }
        }
        answers.into_iter().collect()
    }

    /// The index of an expected answer in [`Plan::answers`].
    pub(crate) fn answer_index(&self, answers: &[AnswerPlan], answered: Answered) -> usize {
        let wanted = answered.plan(self.model);
        let found = answers.iter().position(|answer| Some(answer) == wanted.as_ref());
        // Another index would have the answer read as something else.
        found.unwrap_or_else(|| unreachable!("the plan has the answer of every call: {wanted:?}"))
    }

    /// The places that something leads to, the graph first, bases before what derives from them, one before many.
    pub(crate) fn places(&self) -> Vec<PlacePlan<'_>> {
        let (entities, collections) = self.reached();
        let mut places = vec![self.graph()];
        let mut order: Vec<TypeId> = type_ids(self.model).collect();
        order.sort_by_key(|id| (self.model.lineage(*id).count(), *id));
        for id in order {
            if entities.contains(&id) {
                places.push(self.entity(id));
            }
            if collections.contains(&id) {
                places.push(self.collection(id));
            }
        }
        places
    }

    /// The types that something leads to: one of them, and many. With a type come those it derives from.
    fn reached(&self) -> (BTreeSet<TypeId>, BTreeSet<TypeId>) {
        let roots = self.model.roots.iter();
        let roots = roots.map(|root| (root.target, root.kind == RootKind::EntitySet));
        let navigation = self.model.types.iter().flat_map(|r#type| &r#type.navigation);
        let targets = roots.chain(navigation.map(|navigation| (navigation.target, navigation.collection)));
        let (mut entities, mut collections) = (BTreeSet::new(), BTreeSet::new());
        for (id, collection) in targets {
            if collection {
                collections.insert(id);
            }
            entities.extend(self.model.lineage(id));
        }
        (entities, collections)
    }

    fn graph(&self) -> PlacePlan<'_> {
        let roots = self.model.roots.iter().zip(&self.roots);
        let mut offers: Vec<Offer<'_>> = roots
            .map(|(root, method)| Offer::Navigation {
                method,
                segment: &root.name,
                documentation: &root.documentation,
                target: root.target,
                collection: root.kind == RootKind::EntitySet,
            })
            .collect();
        offers.extend(self.calls_of(Receiver::Graph));
        PlacePlan {
            receiver: Receiver::Graph,
            offers,
        }
    }

    fn entity(&self, id: TypeId) -> PlacePlan<'_> {
        let (described, planned) = (self.model.structured(id), self.record(id));
        let navigation = described.navigation.iter().zip(&planned.navigation);
        let mut offers: Vec<Offer<'_>> = navigation
            .map(|(navigation, method)| Offer::Navigation {
                method,
                segment: &navigation.name,
                documentation: &navigation.documentation,
                target: navigation.target,
                collection: navigation.collection,
            })
            .collect();
        offers.extend(self.calls_of(Receiver::Entity(id)));
        for (offered, verb) in [
            (planned.abilities.readable, Verb::Get),
            (planned.abilities.updatable, Verb::Update),
            (planned.abilities.deletable, Verb::Delete),
        ] {
            if offered {
                offers.push(Offer::Basic(verb, self.operation(id, verb)));
            }
        }
        PlacePlan {
            receiver: Receiver::Entity(id),
            offers,
        }
    }

    fn collection(&self, id: TypeId) -> PlacePlan<'_> {
        let abilities = self.record(id).abilities;
        let mut offers = vec![Offer::ById(id)];
        for (offered, verb) in [(abilities.listable, Verb::List), (abilities.creatable, Verb::Create)] {
            if offered {
                offers.push(Offer::Basic(verb, self.operation(id, verb)));
            }
        }
        offers.extend(self.calls_of(Receiver::Collection(id)));
        PlacePlan {
            receiver: Receiver::Collection(id),
            offers,
        }
    }

    fn calls_of(&self, receiver: Receiver) -> impl Iterator<Item = Offer<'_>> {
        let calls = self.calls.iter();
        calls.filter(move |call| call.receiver == receiver).map(Offer::Call)
    }

    fn operation(&self, id: TypeId, verb: Verb) -> Option<&Operation> {
        let kind = match verb {
            Verb::Get => OperationKind::Get,
            Verb::Update => OperationKind::Update,
            Verb::Delete => OperationKind::Delete,
            Verb::List => OperationKind::List,
            Verb::Create => OperationKind::Create,
        };
        self.model.operations.iter().find(|operation| {
            operation.kind == kind
                && operation
                    .target
                    .is_some_and(|target| target.item == ItemType::Structured(id))
        })
    }

    /// The operation that a call is, in the first place where it is one.
    pub(crate) fn operation_of(&self, call: &CallPlan<'_>) -> Option<&Operation> {
        let index = call.operations.first()?;
        self.model.operations.get(*index)
    }

    /// The result of a call.
    pub(crate) fn answered(&self, call: &CallPlan<'_>) -> Answered {
        // Only what is asked for with GET comes page by page.
        let paged = self.model.callable(call.callable).kind == CallableKind::Function;
        let of = |r#type: TypeReference, optional: bool| match (r#type.item, r#type.collection, optional) {
            (ItemType::Structured(id), true, _) if paged => Answered::Records(id),
            (ItemType::Structured(id), false, true) => Answered::Optional(id),
            (ItemType::Structured(id), false, false) => Answered::Record(id),
            _ => Answered::Value(r#type),
        };
        let Some(operation) = self.operation_of(call) else {
            let returns = self.model.callable(call.callable).returns;
            return returns.map_or(Answered::Nothing, |returns| of(returns.r#type, false));
        };
        if let Some(running) = &operation.long_running {
            return Answered::Running(running.r#type);
        }
        match operation.result {
            OperationResult::None | OperationResult::Batch => Answered::Nothing,
            OperationResult::Value { r#type, optional } => of(r#type, optional),
            OperationResult::Pages(item) => of(TypeReference { item, collection: true }, false),
        }
    }

    /// A name of a type that is unique across namespaces: the plain one where only one namespace has it.
    pub(crate) fn qualified(&self, id: TypeId) -> String {
        let own = self.record(id);
        let is_shared = |other: &super::RecordPlan<'_>| other.ident == own.ident && other.module != own.module;
        if self.records.iter().any(is_shared) {
            let module = crate::names::upper_camel_case(&self.modules[own.module].name);
            format!("{module}{}", own.ident)
        } else {
            own.ident.clone()
        }
    }
}

impl CallPlan<'_> {
    /// Whether a call has to say a parameter: a function's path has no gaps.
    pub(crate) fn asks_for(&self, model: &Model, parameter: &Parameter) -> bool {
        parameter.required || model.callable(self.callable).kind == CallableKind::Function
    }
}

impl Verb {
    /// The result for a type.
    pub(crate) fn answered(self, id: TypeId) -> Answered {
        match self {
            Self::Get | Self::Create => Answered::Record(id),
            Self::List => Answered::Records(id),
            Self::Update => Answered::Optional(id),
            Self::Delete => Answered::Nothing,
        }
    }
}

impl Answered {
    /// The result as the description has it; none for a list, which is read page by page.
    pub(crate) fn plan(self, model: &Model) -> Option<AnswerPlan> {
        let (kind, r#type) = match self {
            Self::Records(_) => return None,
            Self::Nothing => ("nothing", None),
            Self::Record(id) => ("record", Some(model.structured(id).name.to_string())),
            Self::Optional(id) => ("optional", Some(model.structured(id).name.to_string())),
            Self::Running(id) => ("longRunning", Some(model.structured(id).name.to_string())),
            Self::Value(r#type) => ("value", Some(content_name(model, r#type))),
        };
        Some(AnswerPlan { kind, r#type })
    }
}

/// A type as a description names it: `Edm.String`, `microsoft.graph.user`, in brackets when there are many.
pub(crate) fn content_name(model: &Model, r#type: TypeReference) -> String {
    let name = match r#type.item {
        ItemType::Structured(id) => model.structured(id).name.to_string(),
        ItemType::Enum(id) => model.enumeration(id).name.to_string(),
        ItemType::Primitive(primitive) => format!("Edm.{}", primitive.name()),
    };
    if r#type.collection { format!("[{name}]") } else { name }
}
