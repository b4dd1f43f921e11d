//! The features whose permissions a token lacks.

use trunkline::{Cloud, Feature, TokenKind};
use trunkline_bulk::access::Need;

/// The names of the features that cover the `missing` operations with the fewest permissions: above all, with the fewest that serve
/// none of `all` operations. Operations that no feature has are left out.
pub(super) fn narrowest(missing: &[&Need], all: &[Need], kind: TokenKind, cloud: Cloud) -> Vec<&'static str> {
    let has = |feature: &Feature, need: &Need| {
        let id = need.operation.id;
        feature.operations.contains(&id) || need.is_optional && feature.optional.contains(&id)
    };
    let missing: Vec<&Need> = missing
        .iter()
        .copied()
        .filter(|need| Feature::ALL.iter().any(|feature| has(feature, need)))
        .collect();
    let covers = |features: &Vec<&Feature>| {
        let mut missing = missing.iter();
        missing.all(|need| features.iter().any(|feature| has(feature, need)))
    };
    let cost = |features: &Vec<&Feature>| {
        let permissions = Feature::permissions(features, kind, cloud).permissions;
        let serves = |ids: &[&str]| all.iter().any(|need| ids.contains(&need.operation.id));
        let spare = permissions.iter().filter(|needed| !serves(&needed.operations)).count();
        (spare, permissions.len(), features.len())
    };
    // There are so few features that every set of them can be looked at.
    let sets = (0..1_u64 << Feature::ALL.len()).map(|set| {
        let chosen = Feature::ALL.iter().enumerate();
        let chosen = chosen.filter(|(index, _)| set >> index & 1 == 1);
        chosen.map(|(_, feature)| feature).collect::<Vec<&Feature>>()
    });
    let best = sets.filter(covers).min_by_key(cost).unwrap_or_default();
    best.iter().map(|feature| feature.name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The features that are suggested to a command about `all` operations whose token lacks the `missing` ones.
    fn suggested(missing: &[&str], all: &[&str]) -> Vec<&'static str> {
        let is_in = |ids: &[&str], need: &Need| ids.contains(&need.operation.id);
        let everything = Need::of_everything();
        let all: Vec<Need> = everything.into_iter().filter(|need| is_in(all, need)).collect();
        let missing: Vec<&Need> = all.iter().filter(|need| is_in(missing, need)).collect();
        narrowest(&missing, &all, TokenKind::Application, Cloud::Global)
    }

    #[test]
    fn no_feature_is_suggested_that_nothing_needs() {
        let numbers = ["users.get", "numberAssignments.list", "numberAssignments.assignNumber"];
        let phones = ["users.get", "phoneMethods.list", "phoneMethods.create"];
        assert_eq!(suggested(&phones[1..], &phones), ["phones"]);
        assert_eq!(suggested(&numbers[1..2], &numbers), ["inventory"]);
        assert_eq!(suggested(&numbers[1..], &numbers), ["numbers"]);
        // Every feature reads users. The one that the rest of the rows needs is meant.
        assert_eq!(suggested(&["users.get"], &numbers), ["numbers"]);
        assert_eq!(suggested(&["users.get"], &phones), ["phones"]);
        let both = [&numbers[..], &phones].concat();
        assert_eq!(suggested(&both, &both), ["numbers", "phones"]);
        assert!(suggested(&[], &both).is_empty());
    }
}
