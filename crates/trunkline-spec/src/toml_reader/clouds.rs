//! Clouds, by the names they have in the spec.

use serde::Deserialize;

use crate::model::Cloud;
use crate::place::{Place, Problem};

/// A cloud by its name in the spec.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum CloudName {
    Global,
    UsGovL4,
    UsGovL5,
    China,
}

impl From<CloudName> for Cloud {
    fn from(name: CloudName) -> Self {
        match name {
            CloudName::Global => Self::Global,
            CloudName::UsGovL4 => Self::UsGovL4,
            CloudName::UsGovL5 => Self::UsGovL5,
            CloudName::China => Self::China,
        }
    }
}

/// Clouds by name; there is at least one, and none twice.
pub(super) fn clouds(names: &[CloudName], what: &str, place: &Place, problems: &mut Vec<Problem>) -> Vec<Cloud> {
    let mut clouds: Vec<Cloud> = Vec::new();
    for cloud in names.iter().copied().map(Cloud::from) {
        if clouds.contains(&cloud) {
            problems.push(place.problem(format!("{what}: a cloud is named twice")));
        }
        clouds.push(cloud);
    }
    if clouds.is_empty() {
        problems.push(place.problem(format!("{what}: no cloud is named")));
    }
    clouds
}
