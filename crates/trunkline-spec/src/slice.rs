//! Reduces a model to the elements that can be reached from some paths.
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

mod reach;
mod rebuild;

use std::collections::{BTreeMap, BTreeSet};

use crate::error::{Error, SliceError};
use crate::model::{Idempotency, Model};
use reach::{Reach, refuse};

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
