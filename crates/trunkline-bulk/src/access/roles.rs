//! Directory roles: what people call them, and the template ids by which tokens name them. The ids are the same in every
//! tenant and cloud.

/// From the directory's documentation of its built-in roles.
const ROLES: [(&str, &str); 9] = [
    ("Global Administrator", "62e90394-69f5-4237-9190-012177145e10"),
    ("Global Reader", "f2ef992c-3afb-46b9-b7cf-a126ee74c451"),
    ("Authentication Administrator", "c4e39bd9-1100-46d3-8c65-fb160da0071f"),
    (
        "Privileged Authentication Administrator",
        "7be44c8a-adaf-4e2a-84d6-ab2649e08a13",
    ),
    (
        "Authentication Policy Administrator",
        "0526716b-113d-4c15-b2c8-68e3c22b9f80",
    ),
    ("Reports Reader", "4a5d8f65-41da-4de4-8968-e035b65339cf"),
    ("Security Reader", "5d6b6bb7-de71-4623-b4af-96380a352509"),
    ("Security Administrator", "194ae4cb-b126-40b2-bd5b-6091b380977d"),
    ("Teams Administrator", "69091246-20e8-4a56-aa4d-066075b2a7a8"),
];

/// The role that includes all others.
pub(super) const ABOVE_ALL: [&str; 1] = ["Global Administrator"];

/// The template id of a role.
pub(super) fn id(name: &str) -> Option<&'static str> {
    ROLES.iter().find(|(known, _)| *known == name).map(|(_, id)| *id)
}

/// The name of a role by its template id, for the roles that operations ask for and those above them.
///
/// ```
/// assert_eq!(trunkline_bulk::access::role_name("69091246-20e8-4a56-aa4d-066075b2a7a8"), Some("Teams Administrator"));
/// ```
#[must_use]
pub fn role_name(id: &str) -> Option<&'static str> {
    ROLES
        .iter()
        .find(|(_, known)| known.eq_ignore_ascii_case(id))
        .map(|(name, _)| *name)
}
