//! Plans structs and enumerations: names, fields and operations.

use std::collections::{BTreeMap, BTreeSet};

use trunkline_spec::model::{
    Callable, EnumId, ItemType, Model, OperationKind, QualifiedName, Restrictions, Sensitivity, StructuredKind,
    StructuredType, TypeId, TypeReference,
};

use super::calls::Methods;
use super::modules::module_of;
use super::{Abilities, BodyRulesPlan, EnumPlan, FieldOrigin, FieldPlan, Module, RecordPlan, type_ids};
use crate::names::{Names, in_order_of_spelling};

/// Fields every struct has.
const FIELDS: &[&str] = &["additional"];
/// The member every enumeration has.
const MEMBERS: &[&str] = &["Unrecognized"];

/// Names of all types: those of enumerations, and those of structured types, which share a scope in each module.
pub(super) fn type_names(model: &Model, modules: &[Module], scopes: &mut [Names]) -> (Vec<String>, Vec<String>) {
    let enums = model.enums.iter().map(|r#enum| &r#enum.name);
    let structured = model.types.iter().map(|r#type| &r#type.name);
    let names: Vec<&QualifiedName> = enums.chain(structured).collect();
    let mut idents = vec![String::new(); names.len()];
    for index in in_order_of_spelling(&names, |name| &name.name) {
        let module = module_of(modules, &names[index].namespace);
        idents[index] = scopes[module].camel(&names[index].name);
    }
    let structured = idents.split_off(model.enums.len());
    (idents, structured)
}

pub(super) fn enums(model: &Model, modules: &[Module], idents: Vec<String>) -> Vec<EnumPlan> {
    let answered: BTreeSet<EnumId> = model.callables.iter().filter_map(answered_enum).collect();
    let ids = (0..).map(EnumId);
    let plan = |((id, r#enum), ident): ((EnumId, &trunkline_spec::model::EnumType), String)| {
        let members: Vec<&str> = r#enum.members.iter().map(|member| member.name.as_str()).collect();
        EnumPlan {
            module: module_of(modules, &r#enum.name.namespace),
            ident,
            members: Names::without(MEMBERS).camel_all(&members),
            answered: answered.contains(&id),
        }
    };
    ids.zip(&model.enums).zip(idents).map(plan).collect()
}

fn answered_enum(callable: &Callable) -> Option<EnumId> {
    match callable.returns?.r#type {
        TypeReference {
            item: ItemType::Enum(id),
            collection: false,
        } => Some(id),
        _ => None,
    }
}

pub(super) fn records<'m>(
    model: &'m Model,
    used: &BTreeSet<TypeId>,
    modules: &[Module],
    idents: Vec<String>,
    methods: &mut Methods,
) -> Vec<RecordPlan<'m>> {
    let written = written(model);
    type_ids(model)
        .zip(idents)
        .map(|(id, ident)| {
            let r#type = model.structured(id);
            let module = module_of(modules, &r#type.name.namespace);
            let fields = fields(model, id, &written);
            let writes = Writes::of(model, id, &fields);
            RecordPlan {
                module,
                ident,
                polymorphic: used.contains(&id) && !r#type.derived.is_empty(),
                abilities: abilities(model, id),
                navigation: methods.navigation(id, &r#type.navigation),
                constructor: writes.constructor,
                setters: writes.setters,
                body: body(model, id),
                fields,
            }
        })
        .collect()
}

/// Contained navigation properties that operations write inside a body, by the type that declares them.
fn written(model: &Model) -> BTreeMap<TypeId, BTreeSet<&str>> {
    let mut written: BTreeMap<TypeId, BTreeSet<&str>> = BTreeMap::new();
    for operation in &model.operations {
        let (
            Some(body),
            Some(TypeReference {
                item: ItemType::Structured(target),
                ..
            }),
        ) = (&operation.body, operation.target)
        else {
            continue;
        };
        for id in model.lineage(target) {
            for navigation in &model.structured(id).navigation {
                if body.required.contains(&navigation.name) || body.optional.contains(&navigation.name) {
                    written.entry(id).or_default().insert(&navigation.name);
                }
            }
        }
    }
    written
}

fn fields<'m>(model: &'m Model, id: TypeId, written: &BTreeMap<TypeId, BTreeSet<&str>>) -> Vec<FieldPlan<'m>> {
    let mut names = Names::without(FIELDS);
    let mut seen = BTreeSet::new();
    let mut fields = Vec::new();
    let mut lineage: Vec<TypeId> = model.lineage(id).collect();
    lineage.reverse();
    let key_sensitivity = key_sensitivity(model, id);
    for ancestor in lineage {
        let r#type: &'m StructuredType = model.structured(ancestor);
        let contained = written.get(&ancestor);
        let idents = own_names(r#type, contained, &mut names);
        for property in &r#type.properties {
            if seen.insert(property.name.as_str()) {
                let key = key_sensitivity
                    .as_ref()
                    .filter(|(keys, _)| keys.contains(&property.name.as_str()));
                fields.push(FieldPlan {
                    ident: idents[property.name.as_str()].clone(),
                    wire: &property.name,
                    r#type: property.r#type,
                    sensitivity: key.map_or(property.sensitivity, |(_, sensitivity)| *sensitivity),
                    origin: FieldOrigin::Property(property),
                });
            }
        }
        for navigation in &r#type.navigation {
            if is_written(contained, &navigation.name) && seen.insert(navigation.name.as_str()) {
                fields.push(FieldPlan {
                    ident: idents[navigation.name.as_str()].clone(),
                    wire: &navigation.name,
                    r#type: TypeReference {
                        item: ItemType::Structured(navigation.target),
                        collection: navigation.collection,
                    },
                    sensitivity: Sensitivity::Public,
                    origin: FieldOrigin::Contained(&navigation.documentation),
                });
            }
        }
    }
    fields
}

fn is_written(written: Option<&BTreeSet<&str>>, navigation: &str) -> bool {
    written.is_some_and(|written| written.contains(navigation))
}

/// Names of the fields that a type adds to those of the type it derives from, by wire name.
fn own_names<'m>(
    r#type: &'m StructuredType,
    written: Option<&BTreeSet<&str>>,
    names: &mut Names,
) -> BTreeMap<&'m str, String> {
    let properties = r#type.properties.iter().map(|property| property.name.as_str());
    let navigation = r#type.navigation.iter().map(|navigation| navigation.name.as_str());
    let wire: Vec<&str> = properties
        .chain(navigation.filter(|name| is_written(written, name)))
        .collect();
    let idents = names.snake_all(&wire);
    wire.into_iter().zip(idents).collect()
}

/// The keys of a type and how they may be shown, when that is said.
fn key_sensitivity(model: &Model, id: TypeId) -> Option<(Vec<&str>, Sensitivity)> {
    let sensitivity = model.lineage(id).find_map(|id| model.structured(id).key_sensitivity)?;
    let keys = model
        .lineage(id)
        .flat_map(|id| &model.structured(id).key)
        .map(String::as_str)
        .collect();
    Some((keys, sensitivity))
}

/// A model with operations offers what they say; bare metadata offers everything that no annotation denies.
fn abilities(model: &Model, id: TypeId) -> Abilities {
    let r#type = model.structured(id);
    if r#type.kind != StructuredKind::Entity {
        return Abilities::default();
    }
    if model.operations.is_empty() {
        let Restrictions {
            insertable,
            updatable,
            deletable,
            ..
        } = r#type.restrictions;
        return Abilities {
            readable: true,
            listable: true,
            creatable: insertable != Some(false),
            updatable: updatable != Some(false),
            deletable: deletable != Some(false),
            names_type: false,
        };
    }
    let mut abilities = Abilities::default();
    for operation in &model.operations {
        if operation
            .target
            .is_some_and(|target| target.item == ItemType::Structured(id))
        {
            abilities.names_type |= operation.body.as_ref().is_some_and(|body| body.odata_type);
            match operation.kind {
                OperationKind::Get => abilities.readable = true,
                OperationKind::List => abilities.listable = true,
                OperationKind::Create => abilities.creatable = true,
                OperationKind::Update => abilities.updatable = true,
                OperationKind::Delete => abilities.deletable = true,
                OperationKind::Action(_) | OperationKind::Function(_) | OperationKind::Batch => {}
            }
        }
    }
    abilities
}

/// The properties that the operations on a type put into their bodies. A type that derives from it may hold more.
fn body<'m>(model: &'m Model, id: TypeId) -> Option<BodyRulesPlan<'m>> {
    let on_type = |target: Option<TypeReference>| target.is_some_and(|target| target.item == ItemType::Structured(id));
    let bodies: Vec<_> = model
        .operations
        .iter()
        .filter(|operation| on_type(operation.target))
        .filter_map(|operation| operation.body.as_ref())
        .collect();
    let (first, others) = bodies.split_first()?;
    let required = first
        .required
        .iter()
        .filter(|name| others.iter().all(|body| body.required.contains(name)));
    let taken = |name: &str| {
        let mut all = bodies
            .iter()
            .flat_map(|body| body.required.iter().chain(&body.optional));
        all.any(|known| known == name)
    };
    let declared = model.lineage(id).flat_map(|id| {
        let r#type = model.structured(id);
        let properties = r#type.properties.iter().map(|property| property.name.as_str());
        properties.chain(r#type.navigation.iter().map(|navigation| navigation.name.as_str()))
    });
    let left_out: BTreeSet<&str> = declared.filter(|name| !taken(name)).collect();
    Some(BodyRulesPlan {
        left_out: left_out.into_iter().collect(),
        required: required.map(String::as_str).collect(),
    })
}

/// Which fields are written, as indexes.
struct Writes {
    constructor: Option<Vec<usize>>,
    setters: Vec<usize>,
}

impl Writes {
    /// The properties that the operations on a type, or on a type it derives from, write. A body for an abstract type holds a
    /// value of a derived one, with all that has been added to it.
    fn of(model: &Model, id: TypeId, fields: &[FieldPlan<'_>]) -> Self {
        let mut required: Option<Vec<&str>> = None;
        let mut optional: Vec<&str> = Vec::new();
        for operation in &model.operations {
            let (
                Some(body),
                Some(TypeReference {
                    item: ItemType::Structured(target),
                    ..
                }),
            ) = (&operation.body, operation.target)
            else {
                continue;
            };
            if !model.is_a(id, target) {
                continue;
            }
            // The constructor is that of creating; of changing where nothing is created.
            if target == id && (required.is_none() || operation.kind == OperationKind::Create) {
                required = Some(body.required.iter().map(String::as_str).collect());
            }
            optional.extend(body.required.iter().chain(&body.optional).map(String::as_str));
            if target != id && model.structured(target).is_abstract {
                let added = model.lineage(id).take_while(|ancestor| *ancestor != target);
                optional.extend(
                    added
                        .flat_map(|id| &model.structured(id).properties)
                        .map(|property| property.name.as_str()),
                );
            }
        }
        let index = |wire: &&str| fields.iter().position(|field| field.wire == *wire);
        let constructor: Option<Vec<usize>> = required
            .map(|required| required.iter().filter_map(index).collect())
            .filter(|fields: &Vec<usize>| !fields.is_empty());
        let mut setters: BTreeSet<usize> = optional.iter().filter_map(index).collect();
        for asked in constructor.iter().flatten() {
            setters.remove(asked);
        }
        Self {
            constructor,
            setters: setters.into_iter().collect(),
        }
    }
}
