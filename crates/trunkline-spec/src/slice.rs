//! Cuts a model down to what can be reached from some places.
//!
//! A place is a path of navigation, such as `users` or `admin/teams` (keys may be left out or written in braces).
//! The slice of some places holds
//!
//! 1. their roots, and the types the paths **pass through**, with their structural properties and, of their navigation,
//!    only what the paths use;
//! 2. the types the paths end at and everything **reached** from them, again and again: the types they derive from, the
//!    types of their structural properties, the targets of contained navigation, the parameters and results of the
//!    actions and functions bound to them or to a collection of them, and, where an abstract type is reached, the types
//!    that derive from it (an abstract type is never a value itself). The one exception is an abstract entity type that
//!    derives from nothing: everything derives from `microsoft.graph.entity`;
//! 3. the enumerations of all those;
//! 4. a **stub** for every other target of their navigation, a cut point: an entity type of that name that holds its key
//!    and nothing else, marked `stub`. It derives from the type at the far end of its lineage when that one holds little
//!    more than the key, as `microsoft.graph.entity` does; otherwise it holds the key itself;
//! 5. of a spec, the operations at paths below those places, and `$batch`.
//!
//! Unbound actions and functions are left out: no place leads to them.

mod rebuild;

use std::collections::{BTreeMap, BTreeSet};

use crate::error::Error;
use crate::model::{Idempotency, ItemType, Model, RootKind, StructuredKind, TypeId, TypeReference};

/// Why a slice cannot be cut.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {reason}")]
pub struct SliceError {
    /// The place, as it was asked for.
    pub place: String,
    /// Why it cannot be cut.
    pub reason: String,
}

/// Cuts a model down to what can be reached from some places.
///
/// # Errors
///
/// When no place is given, when one leads nowhere, or when an operation of the slice depends on one outside of it.
pub fn slice(model: &Model, roots: &[String]) -> Result<Model, Error> {
    if roots.is_empty() {
        return Err(refuse("(none)", "name at least one place, such as users").into());
    }
    let mut reach = Reach {
        model,
        kept: BTreeMap::new(),
        pending: Vec::new(),
        roots: BTreeSet::new(),
    };
    let mut places = Vec::new();
    for place in roots {
        places.push(reach.place(place)?);
    }
    reach.follow();
    let stubs = reach.stubs();
    reach.follow();
    let sliced = rebuild::rebuild(model, &reach, &stubs, &places);
    dependencies(&sliced)?;
    Ok(sliced)
}

/// How much of a type is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Kept {
    /// All of it.
    Whole,
    /// Its structural properties, and this navigation.
    Passage(BTreeSet<String>),
}

/// What has been reached so far.
#[derive(Debug)]
struct Reach<'model> {
    model: &'model Model,
    kept: BTreeMap<TypeId, Kept>,
    pending: Vec<TypeId>,
    roots: BTreeSet<String>,
}

impl Reach<'_> {
    /// Walks to a place, keeps what it passes through and reaches its end. Gives the segments without keys.
    fn place(&mut self, place: &str) -> Result<Vec<String>, SliceError> {
        let segments: Vec<String> = segments(place);
        let mut rest = segments.iter();
        let first = rest.next().ok_or_else(|| refuse(place, "it is empty"))?;
        let root = self
            .model
            .root_named(first)
            .ok_or_else(|| refuse(place, &format!("there is no root {first}")))?;
        self.roots.insert(root.name.clone());
        let mut here = root.target;
        for segment in rest {
            let found = self.model.lineage(here).find_map(|id| {
                let mut navigation = self.model.structured(id).navigation.iter();
                navigation
                    .find(|navigation| navigation.name == *segment)
                    .map(|navigation| (id, navigation.target))
            });
            let Some((owner, target)) = found else {
                let name = &self.model.structured(here).name;
                return Err(refuse(place, &format!("{name} has no navigation property {segment}")));
            };
            let lineage: Vec<TypeId> = self.model.lineage(here).collect();
            for id in lineage {
                self.pass(id, (id == owner).then_some(segment));
            }
            here = target;
        }
        self.reach_item(ItemType::Structured(here));
        Ok(segments)
    }

    fn pass(&mut self, id: TypeId, navigation: Option<&String>) {
        let kept = self.kept.entry(id).or_insert_with(|| Kept::Passage(BTreeSet::new()));
        if let Kept::Passage(names) = kept {
            names.extend(navigation.cloned());
        }
        for property in &self.model.structured(id).properties {
            self.reach(property.r#type);
        }
    }

    fn reach(&mut self, reference: TypeReference) {
        self.reach_item(reference.item);
    }

    /// Reaches a type as something there can be values of.
    fn reach_item(&mut self, item: ItemType) {
        let ItemType::Structured(id) = item else { return };
        self.whole(id);
        let r#type = self.model.structured(id);
        let everything = r#type.kind == StructuredKind::Entity && r#type.base.is_none();
        if r#type.is_abstract && !everything {
            for derived in &r#type.derived {
                self.whole(*derived);
            }
        }
    }

    fn whole(&mut self, id: TypeId) {
        if self.kept.insert(id, Kept::Whole) != Some(Kept::Whole) {
            self.pending.push(id);
        }
    }

    /// Reaches everything that what was reached leads to.
    fn follow(&mut self) {
        while let Some(id) = self.pending.pop() {
            let model = self.model;
            let r#type = model.structured(id);
            if let Some(base) = r#type.base {
                self.whole(base);
            }
            for property in &r#type.properties {
                self.reach(property.r#type);
            }
            for navigation in r#type.navigation.iter().filter(|navigation| navigation.contained) {
                self.reach_item(ItemType::Structured(navigation.target));
            }
            for callable in &model.callables {
                if callable
                    .binding
                    .is_some_and(|binding| binding.item == ItemType::Structured(id))
                {
                    for parameter in &callable.parameters {
                        self.reach(parameter.r#type);
                    }
                    if let Some(returns) = callable.returns {
                        self.reach(returns.r#type);
                    }
                }
            }
        }
    }

    /// The cut points: targets of navigation that were not reached. For each, the type its stub derives from, which is
    /// reached by that.
    fn stubs(&mut self) -> BTreeMap<TypeId, Option<TypeId>> {
        let model = self.model;
        let mut stubs = BTreeMap::new();
        for (id, kept) in &self.kept {
            for navigation in &model.structured(*id).navigation {
                let used = match kept {
                    Kept::Whole => true,
                    Kept::Passage(names) => names.contains(&navigation.name),
                };
                if used && !self.kept.contains_key(&navigation.target) {
                    stubs.insert(navigation.target, self.stub_base(navigation.target));
                }
            }
        }
        for base in stubs.values().flatten() {
            self.whole(*base);
        }
        stubs
    }

    fn stub_base(&self, id: TypeId) -> Option<TypeId> {
        let far = self.model.lineage(id).last().filter(|far| *far != id)?;
        let r#type = self.model.structured(far);
        let light = r#type.navigation.is_empty()
            && r#type
                .properties
                .iter()
                .all(|property| matches!(property.r#type.item, ItemType::Primitive(_)))
            && !self.model.callables.iter().any(|callable| {
                callable
                    .binding
                    .is_some_and(|binding| binding.item == ItemType::Structured(far))
            });
        (!r#type.key.is_empty() && light).then_some(far)
    }
}

/// The segments of a path without its keys.
fn segments(path: &str) -> Vec<String> {
    path.split('/')
        .filter(|segment| !segment.is_empty() && !segment.starts_with('{'))
        .map(str::to_owned)
        .collect()
}

fn refuse(place: &str, reason: &str) -> SliceError {
    SliceError {
        place: place.to_owned(),
        reason: reason.to_owned(),
    }
}

/// Refuses operations that depend on others that were cut off.
fn dependencies(model: &Model) -> Result<(), SliceError> {
    for operation in &model.operations {
        let confirmed = match &operation.idempotency {
            Idempotency::Confirm { by, .. } => Some(by),
            _ => None,
        };
        let polled = operation
            .long_running
            .as_ref()
            .map(|long_running| &long_running.operation);
        for needed in confirmed.into_iter().chain(polled) {
            if !model.operations.iter().any(|other| other.id == *needed) {
                let place = operation.paths.first().map_or("", |path| path.path.as_str());
                return Err(refuse(
                    place,
                    &format!("{} depends on {needed}, which is outside", operation.id),
                ));
            }
        }
    }
    Ok(())
}

/// Whether the path of an operation lies at or below a place.
fn lies_below(path: &str, place: &[String], model: &Model) -> bool {
    let mut path = path.split('/').filter(|segment| !segment.is_empty());
    let mut place = place.iter();
    let Some(first) = place.next() else { return false };
    if path.next() != Some(first.as_str()) {
        return false;
    }
    let Some(root) = model.root_named(first) else {
        return false;
    };
    let mut collection = root.kind == RootKind::EntitySet;
    let mut here = root.target;
    for wanted in place {
        let mut segment = path.next();
        if collection {
            segment = path.next();
        }
        if segment != Some(wanted.as_str()) {
            return false;
        }
        let mut lineage = model.lineage(here).map(|id| model.structured(id));
        let found = lineage.find_map(|r#type| r#type.navigation.iter().find(|navigation| navigation.name == *wanted));
        let Some(navigation) = found else { return false };
        collection = navigation.collection;
        here = navigation.target;
    }
    true
}
