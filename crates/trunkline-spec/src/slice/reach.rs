//! The part of a model that can be reached from the places of a slice.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::SliceError;
use crate::model::{ItemType, Model, RootKind, StructuredKind, TypeId, TypeReference};

/// The part of a type that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Extent {
    /// All of it.
    Whole,
    /// Its structural properties, and this navigation.
    Passage(BTreeSet<String>),
}

/// The part that has been reached so far.
#[derive(Debug)]
pub(super) struct Reach<'model> {
    pub(super) model: &'model Model,
    pub(super) kept: BTreeMap<TypeId, Extent>,
    pub(super) pending: Vec<TypeId>,
    pub(super) roots: BTreeSet<String>,
}

impl Reach<'_> {
    /// Walks to a place, keeps what it passes through and reaches its end. Gives the segments without keys.
    pub(super) fn place(&mut self, place: &str) -> Result<Vec<String>, SliceError> {
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

    pub(super) fn pass(&mut self, id: TypeId, navigation: Option<&String>) {
        let kept = self.kept.entry(id).or_insert_with(|| Extent::Passage(BTreeSet::new()));
        if let Extent::Passage(names) = kept {
            names.extend(navigation.cloned());
        }
        for property in &self.model.structured(id).properties {
            self.reach(property.r#type);
        }
    }

    pub(super) fn reach(&mut self, reference: TypeReference) {
        self.reach_item(reference.item);
    }

    /// Reaches a type as something there can be values of.
    pub(super) fn reach_item(&mut self, item: ItemType) {
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

    pub(super) fn whole(&mut self, id: TypeId) {
        if self.kept.insert(id, Extent::Whole) != Some(Extent::Whole) {
            self.pending.push(id);
        }
    }

    /// Reaches everything that what was reached leads to.
    pub(super) fn follow(&mut self) {
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
    pub(super) fn stubs(&mut self) -> BTreeMap<TypeId, Option<TypeId>> {
        let model = self.model;
        let mut stubs = BTreeMap::new();
        for (id, kept) in &self.kept {
            for navigation in &model.structured(*id).navigation {
                let used = match kept {
                    Extent::Whole => true,
                    Extent::Passage(names) => names.contains(&navigation.name),
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

    pub(super) fn stub_base(&self, id: TypeId) -> Option<TypeId> {
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
pub(super) fn segments(path: &str) -> Vec<String> {
    path.split('/')
        .filter(|segment| !segment.is_empty() && !segment.starts_with('{'))
        .map(str::to_owned)
        .collect()
}

pub(super) fn refuse(place: &str, reason: &str) -> SliceError {
    SliceError {
        place: place.to_owned(),
        reason: reason.to_owned(),
    }
}

/// Whether the path of an operation lies at or below a place.
pub(super) fn lies_below(path: &str, place: &[String], model: &Model) -> bool {
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
