//! Features for which an application is registered, and the permissions that follow.

#[rustfmt::skip]
mod generated;

use trunkline_core::Cloud;
use trunkline_core::descriptor::{OperationDescriptor, PermissionSet};
use trunkline_core::token_view::TokenKind;

use crate::generated::OPERATIONS;

/// A part of Trunkline, by the operations that it needs.
///
/// ```
/// use trunkline::{Cloud, Feature, TokenKind};
///
/// let numbers = Feature::named("numbers").expect("a feature");
/// let needs = Feature::permissions(&[numbers], TokenKind::Application, Cloud::Global);
/// assert!(needs.permissions.iter().any(|needed| needed.name == "TeamsTelephoneNumber.ReadWrite.All"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Feature {
    /// Its name on the command line.
    pub name: &'static str,
    /// A few words about it.
    pub title: &'static str,
    /// Ids of the operations that it needs.
    pub operations: &'static [&'static str],
    /// Ids of the operations without which it says less.
    pub optional: &'static [&'static str],
}

/// The permissions of features.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct FeatureNeeds {
    /// The permissions without which they do not work, by name.
    pub permissions: Vec<NeededPermission>,
    /// Further permissions with which they say more.
    pub optional: Vec<NeededPermission>,
    /// Directory roles of which the signed-in user needs one, for each operation that asks for one.
    pub roles: Vec<&'static [&'static str]>,
    /// Operations that are not offered to this kind of token, or in this cloud.
    pub not_offered: Vec<&'static OperationDescriptor>,
}

/// A permission and its reasons.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct NeededPermission {
    /// Its name.
    pub name: &'static str,
    /// Ids of the operations that it serves.
    pub operations: Vec<&'static str>,
}

impl Feature {
    /// All features.
    pub const ALL: &'static [Self] = generated::ALL;

    /// The feature of a name, in any case.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        Self::ALL.iter().find(|feature| feature.name.eq_ignore_ascii_case(name))
    }

    /// The narrowest permissions that suffice for all these features, with which a token reaches other users than the one who
    /// signed in. A permission that another one covers is left out.
    #[must_use]
    pub fn permissions(features: &[&Self], kind: TokenKind, cloud: Cloud) -> FeatureNeeds {
        let needed = operations(features.iter().flat_map(|feature| feature.operations));
        let optional = operations(features.iter().flat_map(|feature| feature.optional));
        let mut needs = FeatureNeeds::default();
        let mut accepted: Vec<(&str, Vec<&'static str>, Option<&'static str>)> = Vec::new();
        for operation in needed {
            if !operation.roles.is_empty() && kind == TokenKind::Delegated && !needs.roles.contains(&operation.roles) {
                needs.roles.push(operation.roles);
            }
            match set(operation, kind, cloud) {
                Some(set) => accepted.push((operation.id, set.for_others(), narrowest(set))),
                None => needs.not_offered.push(operation),
            }
        }
        // Whoever has a role of a smaller set has one of the larger.
        let sets = needs.roles.clone();
        needs.roles.retain(|set| {
            let is_smaller = |other: &&[&str]| other.len() < set.len() && other.iter().all(|role| set.contains(role));
            !sets.iter().any(is_smaller)
        });
        needs.permissions = cover(&accepted, &[]);
        let chosen: Vec<&str> = needs.permissions.iter().map(|needed| needed.name).collect();
        let further = optional.into_iter().filter_map(|operation| {
            let set = set(operation, kind, cloud)?;
            Some((operation.id, set.for_others(), narrowest(set)))
        });
        needs.optional = cover(&further.collect::<Vec<_>>(), &chosen);
        needs
    }
}

fn operations<'f>(ids: impl Iterator<Item = &'f &'static str>) -> Vec<&'static OperationDescriptor> {
    let mut found: Vec<&OperationDescriptor> = Vec::new();
    for id in ids {
        let operation = OPERATIONS.0.iter().find(|operation| operation.id == *id);
        found.extend(operation.filter(|operation| !found.iter().any(|known| known.id == operation.id)));
    }
    found
}

/// The permissions of an operation for other users than oneself.
fn set(operation: &OperationDescriptor, kind: TokenKind, cloud: Cloud) -> Option<PermissionSet> {
    let mut paths = operation.paths.iter().filter(|path| !path.template.starts_with("/me"));
    let path = paths.find(|path| path.clouds.contains(cloud))?;
    match kind {
        TokenKind::Application => path.application,
        TokenKind::Delegated | TokenKind::Unknown => path.delegated,
    }
}

/// The narrowest permission of a set that reaches others: the least one, or its like for all users.
fn narrowest(set: PermissionSet) -> Option<&'static str> {
    let for_others = set.for_others();
    let reaching = |least: &&'static str| {
        let all = format!("{least}.All");
        for_others.iter().find(|name| *name == least || **name == all)
    };
    set.least.iter().find_map(reaching).or(for_others.first()).copied()
}

/// Chooses permissions so that each operation accepts one of them, or one of those that are `chosen` already.
fn cover(
    accepted: &[(&'static str, Vec<&'static str>, Option<&'static str>)],
    chosen: &[&str],
) -> Vec<NeededPermission> {
    let mut names: Vec<&str> = accepted
        .iter()
        .filter(|(_, all, _)| !all.iter().any(|name| chosen.contains(name)))
        .filter_map(|(.., narrowest)| *narrowest)
        .collect();
    names.sort_unstable();
    names.dedup();
    // A reading permission is covered by the writing one of the same things, if that is among them.
    let covered = |name: &str, others: &[&str]| {
        let mut served = accepted.iter().filter(|(.., narrowest)| *narrowest == Some(name));
        served.all(|(_, all, _)| all.iter().any(|other| *other != name && others.contains(other)))
    };
    let mut index = 0;
    while index < names.len() {
        if covered(names[index], &names) {
            names.remove(index);
        } else {
            index += 1;
        }
    }
    let reasons = |name: &str| {
        let served = accepted.iter().filter(|(_, all, _)| all.contains(&name));
        served.map(|(id, ..)| *id).collect()
    };
    names
        .into_iter()
        .map(|name| NeededPermission {
            name,
            operations: reasons(name),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(features: &[&str], kind: TokenKind) -> Vec<&'static str> {
        let features: Vec<&Feature> = features.iter().map(|name| Feature::named(name).unwrap()).collect();
        let needs = Feature::permissions(&features, kind, Cloud::Global);
        needs.permissions.iter().map(|needed| needed.name).collect()
    }

    #[test]
    fn features_name_operations_that_exist() {
        for feature in Feature::ALL {
            let ids = [feature.operations, feature.optional].concat();
            assert_eq!(operations(ids.iter()).len(), ids.len(), "{feature:?}");
        }
        assert!(Feature::named("BULK").is_some());
        assert!(Feature::named("nothing").is_none());
    }

    #[test]
    fn permissions_suffice_for_every_operation_and_none_is_spare() {
        for kind in [TokenKind::Application, TokenKind::Delegated] {
            for feature in Feature::ALL {
                let needs = Feature::permissions(&[feature], kind, Cloud::Global);
                let chosen: Vec<&str> = needs.permissions.iter().map(|needed| needed.name).collect();
                let all: Vec<PermissionSet> = operations(feature.operations.iter())
                    .into_iter()
                    .filter_map(|operation| set(operation, kind, Cloud::Global))
                    .collect();
                let suffices = |names: &[&str]| {
                    all.iter()
                        .all(|set| set.for_others().iter().any(|name| names.contains(name)))
                };
                assert!(suffices(&chosen), "{feature:?} {chosen:?}");
                for left_out in &chosen {
                    let fewer: Vec<&str> = chosen.iter().filter(|name| *name != left_out).copied().collect();
                    assert!(!suffices(&fewer), "{feature:?}: {left_out} is spare in {chosen:?}");
                }
                assert!(!chosen.iter().any(|name| name.starts_with("Directory.")), "{chosen:?}");
            }
        }
    }

    #[test]
    fn the_narrowest_are_chosen() {
        assert_eq!(
            names(&["numbers"], TokenKind::Application),
            ["TeamsTelephoneNumber.ReadWrite.All", "User.ReadBasic.All"]
        );
        assert_eq!(
            names(&["inventory"], TokenKind::Delegated),
            ["TeamsTelephoneNumber.Read.All"]
        );
        let phones = names(&["phones"], TokenKind::Delegated);
        assert_eq!(phones, ["User.ReadBasic.All", "UserAuthMethod-Phone.ReadWrite.All"]);
        let bulk = names(&["bulk"], TokenKind::Application);
        assert_eq!(bulk, names(&["numbers", "phones", "policies"], TokenKind::Application));
        let reports = Feature::permissions(
            &[Feature::named("reports").unwrap()],
            TokenKind::Application,
            Cloud::Global,
        );
        assert!(
            reports
                .not_offered
                .iter()
                .any(|operation| operation.id == "reports.usersRegisteredByFeature")
        );
    }
}
