//! Resolves names to indices: sorts everything, replaces references, finds cycles and computes derived values.

use std::collections::{HashMap, HashSet};

use crate::draft::{CallableDraft, Draft, Reference, RootDraft, TypeDraft};
use crate::model::{EnumId, ItemType, Model, Primitive, QualifiedName, StructuredKind, TypeId, TypeReference};
use crate::place::{Place, Problem, Problems};
use crate::primitive::EDM;

/// Makes the model, or returns all problems of the draft.
pub(crate) fn resolve(mut draft: Draft) -> Result<Model, Vec<Problem>> {
    draft.enums.sort_by(|a, b| a.value.name.cmp(&b.value.name));
    draft.types.sort_by(|a, b| a.value.name.cmp(&b.value.name));
    draft.roots.sort_by(|a, b| a.value.name.cmp(&b.value.name));
    let mut resolver = Resolver::new(&draft);
    let mut model = Model {
        enums: draft.enums.into_iter().map(|draft| draft.value).collect(),
        ..Model::default()
    };
    let places: Vec<Place> = draft.types.iter().map(|draft| draft.place.clone()).collect();
    let kinds: Vec<StructuredKind> = draft.types.iter().map(|draft| draft.value.kind).collect();
    for r#type in draft.types {
        let r#type = resolver.structured(r#type, &kinds);
        model.types.push(r#type);
    }
    resolver.lineages(&mut model, &places);
    resolver.callables(&mut model, draft.callables);
    resolver.roots(&mut model, draft.roots, &kinds);
    if resolver.problems.is_empty() {
        Ok(model)
    } else {
        Err(resolver.problems)
    }
}

/// How many types one may derive from. In Graph nothing derives from more than four; the limit keeps the lists of derived types small.
const LONGEST_LINEAGE: usize = 100;

struct Resolver {
    items: HashMap<QualifiedName, (ItemType, Place)>,
    problems: Vec<Problem>,
}

impl Resolver {
    /// Assigns an index to every name. Names are unique over all kinds of types.
    fn new(draft: &Draft) -> Self {
        let mut resolver = Self {
            items: HashMap::new(),
            problems: Vec::new(),
        };
        for (item, draft) in (0..).map(EnumId).map(ItemType::Enum).zip(&draft.enums) {
            resolver.name(&draft.value.name, item, &draft.place);
        }
        for (item, draft) in (0..).map(TypeId).map(ItemType::Structured).zip(&draft.types) {
            resolver.name(&draft.value.name, item, &draft.place);
        }
        for draft in &draft.definitions {
            resolver.name(&draft.name, ItemType::Primitive(draft.primitive), &draft.place);
        }
        resolver
    }

    fn name(&mut self, name: &QualifiedName, item: ItemType, place: &Place) {
        let Some((_, other)) = self.items.insert(name.clone(), (item, place.clone())) else {
            return;
        };
        let (first, second) = if other < *place {
            (&other, place)
        } else {
            (place, &other)
        };
        let reason = format!("{name} is declared already at {}:{}", first.file, first.line);
        self.problems.add(second, reason);
    }

    fn reference(&mut self, reference: &Reference, what: impl Fn() -> String) -> Option<TypeReference> {
        let item = if reference.name.namespace == EDM {
            Primitive::from_name(&reference.name.name).map(ItemType::Primitive)
        } else {
            self.items.get(&reference.name).map(|(item, _)| *item)
        };
        if item.is_none() {
            self.problems.add(
                &reference.place,
                format!("{}: the type {} is unknown", what(), reference.name),
            );
        }
        item.map(|item| TypeReference {
            item,
            collection: reference.collection,
        })
    }

    /// The entity type a navigation property or a root leads to.
    fn entity(&mut self, reference: &Reference, kinds: &[StructuredKind], what: impl Fn() -> String) -> Option<TypeId> {
        match self.reference(reference, &what)?.item {
            ItemType::Structured(id) if kinds.get(id.0 as usize) == Some(&StructuredKind::Entity) => Some(id),
            _ => {
                let name = &reference.name;
                self.problems
                    .add(&reference.place, format!("{}: {name} is not an entity type", what()));
                None
            }
        }
    }

    fn structured(&mut self, draft: TypeDraft, kinds: &[StructuredKind]) -> crate::model::StructuredType {
        let TypeDraft {
            mut value,
            base,
            properties,
            navigation,
            ..
        } = draft;
        let name = value.name.clone();
        if let Some(base) = base {
            match self
                .reference(&base, || format!("{name}: base"))
                .map(|reference| reference.item)
            {
                Some(ItemType::Structured(id)) if kinds.get(id.0 as usize) == Some(&value.kind) => {
                    value.base = Some(id)
                }
                Some(_) => self.problems.add(
                    &base.place,
                    format!("{name}: base: {} is not a type of the same kind", base.name),
                ),
                None => {}
            }
        }
        let mut seen = HashSet::new();
        for (mut property, reference) in properties {
            if !seen.insert(property.name.clone()) {
                self.problems
                    .add(&reference.place, format!("{name}: {} is declared twice", property.name));
            }
            if let Some(r#type) = self.reference(&reference, || format!("{name}/{}", property.name)) {
                property.r#type = r#type;
            }
            value.properties.push(property);
        }
        for (mut navigation, reference) in navigation {
            if !seen.insert(navigation.name.clone()) {
                self.problems.add(
                    &reference.place,
                    format!("{name}: {} is declared twice", navigation.name),
                );
            }
            if let Some(target) = self.entity(&reference, kinds, || format!("{name}/{}", navigation.name)) {
                navigation.target = target;
            }
            value.navigation.push(navigation);
        }
        value
    }

    /// Refuses types that derive from themselves, then fills the lists of derived types and checks what a type may not
    /// declare because of the ones it derives from.
    fn lineages(&mut self, model: &mut Model, places: &[Place]) {
        let count = model.types.len();
        let mut derived: Vec<Vec<TypeId>> = vec![Vec::new(); count];
        let mut cyclic = false;
        let mut long = None;
        for (index, place) in places.iter().enumerate() {
            let mut base = model.types.get(index).and_then(|r#type| r#type.base);
            let mut steps = 0_usize;
            while let Some(id) = base {
                steps += 1;
                if id.0 as usize == index {
                    cyclic = true;
                    let name = &model.types[index].name;
                    self.problems.add(place, format!("{name} derives from itself"));
                    break;
                }
                // It derives from a type in a cycle, which reports itself, or from very many.
                if steps > LONGEST_LINEAGE {
                    long.get_or_insert_with(|| {
                        let name = &model.types[index].name;
                        place.problem(format!("{name} derives from more than {LONGEST_LINEAGE} types"))
                    });
                    break;
                }
                derived[id.0 as usize].push(type_id(index));
                base = model.types[id.0 as usize].base;
            }
        }
        if !cyclic {
            self.problems.extend(long.clone());
        }
        if cyclic || long.is_some() {
            return;
        }
        for (r#type, derived) in model.types.iter_mut().zip(derived) {
            r#type.derived = derived;
        }
        for (index, place) in places.iter().enumerate() {
            self.inherited(model, type_id(index), place);
        }
    }

    fn inherited(&mut self, model: &Model, id: TypeId, place: &Place) {
        let r#type = model.structured(id);
        let name = &r#type.name;
        let own = || {
            let properties = r#type.properties.iter().map(|property| property.name.as_str());
            properties.chain(r#type.navigation.iter().map(|navigation| navigation.name.as_str()))
        };
        for ancestor in model.lineage(id).skip(1).map(|id| model.structured(id)) {
            let taken: HashSet<&str> = ancestor
                .properties
                .iter()
                .map(|property| property.name.as_str())
                .chain(ancestor.navigation.iter().map(|navigation| navigation.name.as_str()))
                .collect();
            for member in own().filter(|member| taken.contains(member)) {
                let reason = format!(
                    "{name}: {member} is declared already by {}, which it derives from",
                    ancestor.name
                );
                self.problems.add(place, reason);
            }
        }
        for key in &r#type.key {
            let first = key.split('/').next().unwrap_or_default();
            let mut lineage = model.lineage(id).map(|id| model.structured(id));
            if !lineage.any(|r#type| r#type.properties.iter().any(|property| property.name == first)) {
                self.problems
                    .add(place, format!("{name}: the key names {key}, which is not a property"));
            }
        }
    }

    fn callables(&mut self, model: &mut Model, drafts: Vec<CallableDraft>) {
        let mut callables = Vec::with_capacity(drafts.len());
        for draft in drafts {
            let CallableDraft {
                mut value,
                binding,
                parameters,
                returns,
                place,
            } = draft;
            let name = value.name.clone();
            if let Some(binding) = binding {
                value.binding = self.reference(&binding, || format!("{name}: binding parameter"));
            }
            let mut seen = HashSet::new();
            for (mut parameter, reference) in parameters {
                if !seen.insert(parameter.name.clone()) {
                    let reason = format!("{name}: the parameter {} is declared twice", parameter.name);
                    self.problems.add(&reference.place, reason);
                }
                if let Some(r#type) = self.reference(&reference, || format!("{name}: parameter {}", parameter.name)) {
                    parameter.r#type = r#type;
                }
                value.parameters.push(parameter);
            }
            if let Some((mut returns, reference)) = returns {
                if let Some(r#type) = self.reference(&reference, || format!("{name}: return type")) {
                    returns.r#type = r#type;
                }
                value.returns = Some(returns);
            }
            callables.push((value, place));
        }
        callables.sort_by(|(a, _), (b, _)| signature(a).cmp(&signature(b)));
        for pair in callables.windows(2) {
            if let [(first, _), (second, place)] = pair
                && signature(first) == signature(second)
            {
                let reason = format!("{} is declared twice with the same binding and parameters", second.name);
                self.problems.add(place, reason);
            }
        }
        model.callables = callables.into_iter().map(|(value, _)| value).collect();
    }

    fn roots(&mut self, model: &mut Model, drafts: Vec<RootDraft>, kinds: &[StructuredKind]) {
        let mut seen = HashSet::new();
        for RootDraft {
            mut value,
            target,
            place,
        } in drafts
        {
            if !seen.insert(value.name.clone()) {
                self.problems
                    .add(&place, format!("the root {} is declared twice", value.name));
            }
            if let Some(target) = self.entity(&target, kinds, || format!("root {}", value.name)) {
                value.target = target;
            }
            model.roots.push(value);
        }
    }
}

/// The difference between overloads, by which they are ordered.
type Signature<'a> = (&'a QualifiedName, Option<TypeReference>, Vec<(&'a str, TypeReference)>);

/// The difference between overloads, by which they are ordered.
pub(crate) fn signature(callable: &crate::model::Callable) -> Signature<'_> {
    let parameters = callable
        .parameters
        .iter()
        .map(|parameter| (parameter.name.as_str(), parameter.r#type))
        .collect();
    (&callable.name, callable.binding, parameters)
}

/// Indices fit: a document of four thousand million types cannot be read in the first place.
fn type_id(index: usize) -> TypeId {
    TypeId(u32::try_from(index).unwrap_or(u32::MAX))
}
