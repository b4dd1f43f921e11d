//! Compares roots, paths of operations and annotations with operations.

use super::Comparer;
use crate::model::{Model, Operation, OperationKind, Restrictions, RootKind, TypeReference};
use crate::spec::DifferenceKind;
use crate::walk::{End, walk};

impl Comparer<'_> {
    /// Compares roots and paths.
    pub(super) fn operations(&mut self) {
        let (ours, theirs) = (self.ours, self.theirs);
        for root in &ours.roots {
            self.comparison.counts.roots += 1;
            let kind = DifferenceKind::Operation;
            let Some(other) = theirs.root_named(&root.name) else {
                self.differs(kind, &root.name, "no such root", "a root");
                continue;
            };
            self.same(kind, &root.name, other.kind, root.kind, |kind| {
                match kind {
                    RootKind::EntitySet => "an entity set",
                    RootKind::Singleton => "a singleton",
                }
                .to_owned()
            });
            let found = theirs.structured(other.target).name.to_string();
            let own = ours.structured(root.target).name.to_string();
            self.same(kind, &root.name, found, own, |name| format!("the type {name}"));
        }
        for operation in &ours.operations {
            self.comparison.counts.operations += 1;
            for path in &operation.paths {
                self.comparison.counts.paths += 1;
                self.path(operation, &path.path, self.is_here(&path.clouds));
            }
        }
    }

    fn path(&mut self, operation: &Operation, path: &str, offered: bool) {
        let kind = DifferenceKind::Operation;
        let subject = format!("{} {path}", operation.method.name());
        match (self.leads_to(operation, path), offered) {
            (Ok(()), true) => self.restrictions(operation, path),
            (Ok(()), false) => self.note(
                kind,
                &subject,
                "this cloud has the path, the spec does not offer it",
                true,
            ),
            (Err(reason), true) => self.differs(kind, &subject, reason, operation.id.clone()),
            (Err(_), false) => {}
        }
    }

    /// Whether a path leads to the target of an operation in the metadata, too.
    fn leads_to(&self, operation: &Operation, path: &str) -> Result<(), String> {
        let Some(target) = operation.target else {
            return Err("a path of the protocol, not of the service".to_owned());
        };
        let end = walk(self.theirs, path)?;
        let wanted = self.ours.type_name(target);
        let called = match operation.kind {
            OperationKind::Action(id) | OperationKind::Function(id) => Some(&self.ours.callable(id).name),
            _ => None,
        };
        let fits = match (&end, called) {
            (End::Call(overloads, on), Some(name)) => {
                let is_named = |id: &crate::model::CallableId| self.theirs.callable(*id).name == *name;
                overloads.iter().any(is_named) && self.theirs.type_name(*on) == wanted
            }
            (End::Literal(id), None) => {
                let mut lineage = self.target_lineage(target);
                lineage.any(|name| name == self.theirs.structured(*id).name.to_string())
            }
            (End::Entity(_) | End::Collection(_), None) => self.theirs.type_name(end.reference()) == wanted,
            _ => false,
        };
        if fits {
            Ok(())
        } else {
            Err(format!("a path to {}", self.theirs.type_name(end.reference())))
        }
    }

    fn target_lineage(&self, target: TypeReference) -> impl Iterator<Item = String> {
        let names = match target.item {
            crate::model::ItemType::Structured(id) => self
                .ours
                .lineage(id)
                .map(|id| self.ours.structured(id).name.to_string())
                .collect(),
            _ => Vec::new(),
        };
        names.into_iter()
    }

    fn restrictions(&mut self, operation: &Operation, path: &str) {
        let Some(target) = operation.target else { return };
        let stated = restrictions(self.theirs, path);
        let (stated, what) = match operation.kind {
            OperationKind::Create => (stated.insertable, "inserted"),
            OperationKind::Update => (stated.updatable, "updated"),
            OperationKind::Delete => (stated.deletable, "deleted"),
            _ => return,
        };
        if stated == Some(false) {
            let subject = self.ours.item_name(target.item);
            let found = format!("an annotation that nothing can be {what}");
            self.differs(DifferenceKind::Restriction, &subject, found, operation.id.clone());
        }
    }
}

/// Restrictions of the navigation property or root that a path ends with, its key aside.
fn restrictions(model: &Model, path: &str) -> Restrictions {
    let mut path = path;
    while let Some((before, last)) = path.rsplit_once('/') {
        if before.is_empty() {
            return model.root_named(last).map(|root| root.restrictions).unwrap_or_default();
        }
        if let Ok(End::Entity(id) | End::Literal(id)) = walk(model, before) {
            let mut lineage = model.lineage(id).map(|id| model.structured(id));
            let found = lineage.find_map(|r#type| r#type.navigation.iter().find(|navigation| navigation.name == last));
            if let Some(navigation) = found {
                return navigation.restrictions;
            }
        }
        path = before;
    }
    Restrictions::default()
}
