//! In which modules the types of a namespace stand. Making a class is what importing costs, so that what a program does
//! not come near is left alone: what builds on one another or holds one another stands together, the rest apart.

use std::collections::BTreeMap;

use trunkline_spec::model::{EnumId, ItemType, TypeId};

use crate::names::{Names, snake_case};
use crate::plan::{Plan, type_ids};

/// Fewer types than this get no module of their own: finding and reading one costs as much as making some classes.
const FEW: usize = 5;

/// Letters of a module's name at most, so that no path in the installed package is longer than 80, which Windows needs:
/// before it stands `trunkline/generated/__pycache__/`, behind it `.cpython-311.pyc`.
const LONGEST_NAME: usize = 32;

/// A module with classes.
pub(super) struct File {
    /// Its name.
    pub(super) name: String,
    /// The namespace's module, by which everybody knows the types.
    pub(super) module: usize,
    /// Its enumerations.
    pub(super) enums: Vec<EnumId>,
    /// Its types, bases before what derives from them.
    pub(super) types: Vec<TypeId>,
}

/// The modules with classes of all namespaces, and who stands where.
pub(super) struct Layout {
    /// By namespace, then by name.
    pub(super) all: Vec<File>,
    of_type: Vec<usize>,
}

impl Layout {
    pub(super) fn new(plan: &Plan<'_>) -> Self {
        let mut names = Names::default();
        let mut all = Vec::new();
        for module in 0..plan.modules.len() {
            let mut files = Groups::of(plan, module).files(plan, &mut names);
            files.sort_by(|left, right| left.name.cmp(&right.name));
            all.extend(files);
        }
        let mut of_type = vec![0; plan.records.len()];
        for (index, file) in all.iter().enumerate() {
            for id in &file.types {
                of_type[id.0 as usize] = index;
            }
        }
        Self { all, of_type }
    }

    /// Those of a namespace's module.
    pub(super) fn of_module(&self, module: usize) -> impl Iterator<Item = &File> {
        self.all.iter().filter(move |file| file.module == module)
    }

    /// That of a type.
    pub(super) fn of_type(&self, id: TypeId) -> &File {
        &self.all[self.of_type[id.0 as usize]]
    }
}

/// Puts bases before what derives from them.
pub(super) fn bases_first(plan: &Plan<'_>, types: &mut [TypeId]) {
    types.sort_by_key(|id| (plan.model.lineage(*id).count(), *id));
}

/// The types and enumerations of a namespace, by what they belong to.
struct Groups {
    module: usize,
    /// On what other namespaces build.
    shared: Vec<TypeId>,
    related: Vec<(Vec<EnumId>, Vec<TypeId>)>,
}

impl Groups {
    fn of(plan: &Plan<'_>, module: usize) -> Self {
        let is_own = |id: &TypeId| plan.record(*id).module == module;
        let mut is_shared = vec![false; plan.records.len()];
        for id in type_ids(plan.model).filter(|id| !is_own(id)) {
            for base in plan.model.lineage(id).filter(is_own) {
                is_shared[base.0 as usize] = true;
            }
        }
        let mut own: Vec<TypeId> = type_ids(plan.model).filter(is_own).collect();
        bases_first(plan, &mut own);
        let (shared, own): (Vec<TypeId>, Vec<TypeId>) = own.into_iter().partition(|id| is_shared[id.0 as usize]);
        let count = plan.records.len();
        let mut sets = Sets((0..count + plan.enums.len()).collect());
        for id in &own {
            let at = id.0 as usize;
            let base = plan.model.structured(*id).base;
            let inherited = base.map_or(0, |base| plan.record(base).fields.len());
            let held = plan.record(*id).fields[inherited..].iter();
            let held = held.map(|field| field.r#type.item);
            for item in held.chain(base.map(ItemType::Structured)) {
                match item {
                    ItemType::Structured(other) if is_own(&other) && !is_shared[other.0 as usize] => {
                        sets.join(at, other.0 as usize);
                    }
                    ItemType::Enum(other) if plan.enumeration(other).module == module => {
                        sets.join(at, count + other.0 as usize);
                    }
                    _ => {}
                }
            }
        }
        let mut related: BTreeMap<usize, (Vec<EnumId>, Vec<TypeId>)> = BTreeMap::new();
        for (id, planned) in (0..).map(EnumId).zip(&plan.enums) {
            if planned.module == module {
                related.entry(sets.find(count + id.0 as usize)).or_default().0.push(id);
            }
        }
        for id in own {
            related.entry(sets.find(id.0 as usize)).or_default().1.push(id);
        }
        Self {
            module,
            shared,
            related: related.into_values().collect(),
        }
    }

    /// A module for what is shared, one for each large group, and one for what is left. A namespace with no more than
    /// one of them needs no other module than its own.
    fn files(self, plan: &Plan<'_>, names: &mut Names) -> Vec<File> {
        let mut groups: Vec<(String, Vec<EnumId>, Vec<TypeId>)> = Vec::new();
        let (mut other_enums, mut other_types) = (Vec::new(), Vec::new());
        for (enums, types) in self.related {
            if enums.len() + types.len() >= FEW {
                groups.push((snake_case(head(plan, &types)), enums, types));
            } else {
                other_enums.extend(enums);
                other_types.extend(types);
            }
        }
        other_enums.sort_unstable();
        bases_first(plan, &mut other_types);
        groups.push(("shared".to_owned(), Vec::new(), self.shared));
        groups.push(("others".to_owned(), other_enums, other_types));
        groups.retain(|(_, enums, types)| !enums.is_empty() || !types.is_empty());
        let own = &plan.modules[self.module].name;
        let is_one = groups.len() == 1;
        let files = groups.into_iter().map(|(group, enums, types)| File {
            name: if is_one {
                own.clone()
            } else {
                names.claim(&[short(own, &group)], "_")
            },
            module: self.module,
            enums,
            types,
        });
        files.collect()
    }
}

/// The name of a group's module: the last of the group's words when there is no room for all.
fn short(module: &str, group: &str) -> String {
    let room = LONGEST_NAME.saturating_sub(module.len() + 2);
    let mut words = group;
    while words.len() > room
        && let Some((_, rest)) = words.split_once('_')
    {
        words = rest;
    }
    format!("_{module}_{words}")
}

/// The wire name of the type that a group is known by: on which most of it builds, and which the others hold least.
fn head<'p>(plan: &'p Plan<'_>, types: &[TypeId]) -> &'p str {
    let built = |id: TypeId| {
        let on_it = types
            .iter()
            .filter(|other| plan.model.lineage(**other).any(|base| base == id));
        on_it.count()
    };
    let holding = |id: TypeId| {
        let fields = types
            .iter()
            .filter(|other| **other != id)
            .flat_map(|other| &plan.record(*other).fields);
        fields
            .filter(|field| field.r#type.item == ItemType::Structured(id))
            .count()
    };
    let head = types
        .iter()
        .min_by_key(|id| (std::cmp::Reverse(built(**id)), holding(**id), **id));
    head.map_or("enumerations", |id| plan.model.structured(*id).name.name.as_str())
}

/// Disjoint sets of numbers: of each, a number that is nearer to the one that stands for its set.
struct Sets(Vec<usize>);

impl Sets {
    fn find(&self, of: usize) -> usize {
        let mut at = of;
        while self.0[at] != at {
            at = self.0[at];
        }
        at
    }

    fn join(&mut self, left: usize, right: usize) {
        let (left, right) = (self.find(left), self.find(right));
        // The smaller number stands for both, so that the order of sets is that of their first numbers.
        self.0[left.max(right)] = left.min(right);
    }
}
