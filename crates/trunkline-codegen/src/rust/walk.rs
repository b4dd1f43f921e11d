//! Finds the chain of methods for a path.

use proc_macro2::Literal;
use trunkline_spec::model::{RootKind, TypeId};

use crate::plan::{Plan, Receiver};

/// Where a path led.
pub(crate) struct Walk {
    /// The methods, beginning with a dot.
    pub(crate) chain: Vec<String>,
    /// The type they end on.
    pub(crate) receiver: Receiver,
}

impl Walk {
    /// Follows a path from the graph. Placeholders become keys; `prefix` is where the modules are. `None` when something
    /// on the way is not in the model.
    pub(crate) fn along(plan: &Plan<'_>, path: &str, prefix: &str) -> Option<Self> {
        let mut segments = path.split('/').filter(|segment| !segment.is_empty());
        let first = segments.next()?;
        let index = plan.model.roots.iter().position(|root| root.name == first)?;
        let root = plan.model.roots.get(index)?;
        let receiver = match root.kind {
            RootKind::EntitySet => Receiver::Collection(root.target),
            RootKind::Singleton => Receiver::Entity(root.target),
        };
        let mut walk = Self {
            chain: vec![format!(".{}()", plan.roots.get(index)?)],
            receiver,
        };
        for segment in segments {
            walk.step(plan, segment, prefix)?;
        }
        Some(walk)
    }

    fn step(&mut self, plan: &Plan<'_>, segment: &str, prefix: &str) -> Option<()> {
        match self.receiver {
            Receiver::Graph => None,
            Receiver::Collection(id) => {
                let key = segment
                    .strip_prefix('{')
                    .and_then(|rest| rest.strip_suffix('}'))
                    .unwrap_or(segment);
                self.chain.push(format!(".by_id({})", Literal::string(key)));
                self.receiver = Receiver::Entity(id);
                Some(())
            }
            Receiver::Entity(id) => {
                let (declaring, index) = plan.model.lineage(id).find_map(|ancestor| {
                    let navigation = &plan.model.structured(ancestor).navigation;
                    Some((
                        ancestor,
                        navigation.iter().position(|navigation| navigation.name == segment)?,
                    ))
                })?;
                self.seen_as(plan, id, declaring, prefix);
                self.chain
                    .push(format!(".{}()", plan.record(declaring).navigation.get(index)?));
                let navigation = plan.model.structured(declaring).navigation.get(index)?;
                self.receiver = match navigation.collection {
                    true => Receiver::Collection(navigation.target),
                    false => Receiver::Entity(navigation.target),
                };
                Some(())
            }
        }
    }

    /// Goes to a type that the present one derives from, which has the method, or to a derived one.
    pub(crate) fn seen_as(&mut self, plan: &Plan<'_>, id: TypeId, other: TypeId, prefix: &str) {
        if id == other {
            return;
        }
        let record = plan.record(other);
        let name = format!("{prefix}{}::{}", plan.modules[record.module].name, record.ident);
        let cast = if plan.model.is_a(id, other) { "as_base" } else { "cast" };
        self.chain.push(format!(".{cast}::<{name}>()"));
    }
}
