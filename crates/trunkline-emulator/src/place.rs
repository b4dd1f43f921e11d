//! Finds the endpoint of a path. The table is the emulator's own, transcribed from the documented operations.

use crate::address::Segment;
use crate::error::Failure;
use crate::methods::Kind;
use crate::settings::CloudProfile;

/// The user whose methods a path addresses.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Owner {
    Me,
    /// An object id or a user principal name.
    User(String),
}

/// A resource the emulator serves.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Place {
    Batch,
    Numbers,
    Number(String),
    AssignNumber,
    UnassignNumber,
    UpdateNumber,
    NumberOrder(String),
    Configurations,
    Configuration(String),
    ConfigurationUser(String),
    PolicyIdentifiers(Vec<(String, String)>),
    AssignPolicies,
    UnassignPolicies,
    Methods(Owner),
    Method(Owner, String),
    ResetPassword(Owner, String),
    MethodOrder(Owner, String),
    Collection(Owner, Kind),
    Member(Owner, Kind, String),
    SmsSignIn(Owner, String, bool),
    CreationOptions(Owner),
    KeyDevice(Owner, String),
    Policy,
    PolicyConfiguration(String),
    Registrations,
    Registration(String),
    ByFeature(Vec<(String, String)>),
    ByMethod(Vec<(String, String)>),
    Users,
    User(Owner),
    Licenses(Owner),
    Organization,
    /// The number of items in a list: `$count` after its path.
    Count(Box<Place>),
}

impl Place {
    /// Finds the place of a path below `/v1.0`.
    pub(crate) fn find(steps: &[Segment]) -> Result<Self, Failure> {
        let names: Vec<String> = steps.iter().map(Segment::name).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        if let [list @ .., last] = steps
            && last.name() == "$count"
            && !list.is_empty()
        {
            let list = Self::find(list)?;
            return if list.is_list() {
                Ok(Self::Count(Box::new(list)))
            } else {
                Err(Failure::unknown_segment(&last.text))
            };
        }
        // A segment that begins with a dollar sign belongs to the protocol; such a key is written in parentheses.
        if let Some(step) = steps.iter().find(|step| step.name().starts_with('$'))
            && names.as_slice() != ["$batch"]
        {
            return Err(Failure::unknown_segment(&step.text));
        }
        let found = match names.as_slice() {
            ["$batch"] => Ok(Self::Batch),
            ["admin", "teams", ..] => teams(&steps[2..], &names[2..]),
            ["users"] => Ok(Self::Users),
            ["users", _, ..] => user(Owner::User(steps[1].text.clone()), &steps[2..], &names[2..]),
            ["me", ..] => user(Owner::Me, &steps[1..], &names[1..]),
            ["policies", "authenticationmethodspolicy"] | ["authenticationmethodspolicy"] => Ok(Self::Policy),
            [
                "policies",
                "authenticationmethodspolicy",
                "authenticationmethodconfigurations",
                _,
            ] => Ok(Self::PolicyConfiguration(steps[3].text.clone())),
            ["reports", "authenticationmethods", ..] => report(&steps[2..], &names[2..]),
            ["organization"] => Ok(Self::Organization),
            _ => Err(Nowhere),
        };
        found.map_err(|Nowhere| unknown(steps, &names))
    }

    /// Whether it is a list whose items can be counted.
    fn is_list(&self) -> bool {
        matches!(
            self,
            Self::Numbers
                | Self::Configurations
                | Self::Methods(_)
                | Self::Collection(..)
                | Self::Registrations
                | Self::Users
                | Self::Licenses(_)
                | Self::Organization
        )
    }

    /// The list that is counted; any other place is itself. Permissions and roles are those of the list.
    pub(crate) fn counted(&self) -> &Self {
        match self {
            Self::Count(list) => list,
            other => other,
        }
    }

    /// The methods a place answers to.
    pub(crate) fn allowed(&self) -> &'static [&'static str] {
        match self {
            Self::Batch
            | Self::AssignNumber
            | Self::UnassignNumber
            | Self::UpdateNumber
            | Self::AssignPolicies
            | Self::UnassignPolicies
            | Self::ResetPassword(..)
            | Self::SmsSignIn(..) => &["POST"],
            Self::Collection(_, kind) if kind.insertable() => &["GET", "POST"],
            Self::Member(_, kind, _) => kind.member_methods(),
            Self::Policy => &["GET", "PATCH"],
            Self::PolicyConfiguration(_) => &["GET", "PATCH", "DELETE"],
            _ => &["GET"],
        }
    }

    /// The path under which the permission table knows this place; `None` when nothing but a token is asked for.
    pub(crate) fn pattern(&self) -> Option<String> {
        const NUMBERS: &str = "/admin/teams/telephoneNumberManagement/numberAssignments";
        let text = match self {
            Self::Batch => return None,
            Self::Numbers => NUMBERS.to_owned(),
            Self::Number(_) => format!("{NUMBERS}/{{id}}"),
            Self::AssignNumber => format!("{NUMBERS}/assignNumber"),
            Self::UnassignNumber => format!("{NUMBERS}/unassignNumber"),
            Self::UpdateNumber => format!("{NUMBERS}/updateNumber"),
            Self::NumberOrder(_) => "/admin/teams/telephoneNumberManagement/operations/{id}".to_owned(),
            Self::Configurations => "/admin/teams/userConfigurations".to_owned(),
            Self::Configuration(_) => "/admin/teams/userConfigurations/{id}".to_owned(),
            Self::ConfigurationUser(_) => "/admin/teams/userConfigurations/{id}/user".to_owned(),
            Self::PolicyIdentifiers(_) => "/admin/teams/policy/getPolicyId".to_owned(),
            Self::AssignPolicies => "/admin/teams/policy/userAssignments/assign".to_owned(),
            Self::UnassignPolicies => "/admin/teams/policy/userAssignments/unassign".to_owned(),
            Self::Methods(owner) => format!("{}/authentication/methods", owner.pattern()),
            Self::Method(owner, _) => format!("{}/authentication/methods/{{id}}", owner.pattern()),
            Self::ResetPassword(owner, _) => {
                format!("{}/authentication/methods/{{id}}/resetPassword", owner.pattern())
            }
            Self::MethodOrder(owner, _) => format!("{}/authentication/operations/{{id}}", owner.pattern()),
            Self::Collection(owner, kind) => format!("{}/authentication/{}", owner.pattern(), kind.segment()),
            Self::Member(owner, kind, _) => format!("{}/authentication/{}/{{id}}", owner.pattern(), kind.segment()),
            Self::SmsSignIn(owner, _, enable) => format!(
                "{}/authentication/phoneMethods/{{id}}/{}ableSmsSignIn",
                owner.pattern(),
                if *enable { "en" } else { "dis" }
            ),
            Self::CreationOptions(owner) => format!("{}/authentication/fido2Methods/creationOptions", owner.pattern()),
            Self::KeyDevice(owner, _) => format!(
                "{}/authentication/{}/{{id}}/device",
                owner.pattern(),
                Kind::ResourceAccountKey.segment()
            ),
            Self::Policy => "/policies/authenticationMethodsPolicy".to_owned(),
            Self::PolicyConfiguration(id) => {
                let id = id.to_ascii_lowercase();
                let id = if id == "sms" || id == "voice" {
                    id.as_str()
                } else {
                    "{id}"
                };
                format!("/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/{id}")
            }
            Self::Registrations => "/reports/authenticationMethods/userRegistrationDetails".to_owned(),
            Self::Registration(_) => "/reports/authenticationMethods/userRegistrationDetails/{id}".to_owned(),
            Self::ByFeature(_) => "/reports/authenticationMethods/usersRegisteredByFeature".to_owned(),
            Self::ByMethod(_) => "/reports/authenticationMethods/usersRegisteredByMethod".to_owned(),
            Self::Users => "/users".to_owned(),
            Self::User(owner) => owner.pattern().to_owned(),
            Self::Licenses(owner) => format!("{}/licenseDetails", owner.pattern()),
            Self::Organization => "/organization".to_owned(),
            Self::Count(list) => return list.pattern(),
        };
        Some(text)
    }

    /// The user whose methods are addressed, for the checks on roles.
    pub(crate) fn owner(&self) -> Option<&Owner> {
        match self {
            Self::Methods(owner)
            | Self::Method(owner, _)
            | Self::ResetPassword(owner, _)
            | Self::MethodOrder(owner, _)
            | Self::Collection(owner, _)
            | Self::Member(owner, ..)
            | Self::SmsSignIn(owner, ..)
            | Self::CreationOptions(owner)
            | Self::KeyDevice(owner, _)
            | Self::User(owner)
            | Self::Licenses(owner) => Some(owner),
            Self::Count(list) => list.owner(),
            _ => None,
        }
    }

    /// Whether the place is part of the directory, whose replicas may be behind: users, and what belongs to each.
    pub(crate) fn is_of_directory(&self) -> bool {
        self.counted().owner().is_some() || matches!(self.counted(), Self::Users)
    }

    /// Whether the place belongs to someone's authentication methods.
    pub(crate) fn is_authentication(&self) -> bool {
        self.owner().is_some() && !matches!(self, Self::User(_) | Self::Licenses(_))
    }

    /// Whether a national cloud has this place at all.
    pub(crate) fn exists_in(&self, cloud: CloudProfile) -> bool {
        if cloud == CloudProfile::Global {
            return true;
        }
        let china = cloud == CloudProfile::China;
        match self.counted() {
            Self::Numbers
            | Self::Number(_)
            | Self::AssignNumber
            | Self::UnassignNumber
            | Self::UpdateNumber
            | Self::NumberOrder(_)
            | Self::Configurations
            | Self::Configuration(_)
            | Self::ConfigurationUser(_)
            | Self::PolicyIdentifiers(_)
            | Self::AssignPolicies
            | Self::UnassignPolicies
            | Self::CreationOptions(_)
            | Self::KeyDevice(..) => false,
            Self::Methods(_) | Self::Method(..) | Self::ResetPassword(..) | Self::MethodOrder(..) => !china,
            Self::SmsSignIn(..) | Self::Policy | Self::PolicyConfiguration(_) => !china,
            Self::Collection(_, kind) | Self::Member(_, kind, _) => {
                if china {
                    matches!(
                        kind,
                        Kind::Phone | Kind::MicrosoftAuthenticator | Kind::PlatformCredential
                    )
                } else {
                    !kind.is_global_only()
                }
            }
            _ => true,
        }
    }
}

impl Owner {
    fn pattern(&self) -> &'static str {
        match self {
            Self::Me => "/me",
            Self::User(_) => "/users/{id}",
        }
    }
}

/// Every way through the tree, in lower case. A star is a key; `{kind}` is a collection of methods.
const WAYS: &[&str] = &[
    "$batch",
    "admin/teams/telephonenumbermanagement/numberassignments/*",
    "admin/teams/telephonenumbermanagement/operations/*",
    "admin/teams/userconfigurations/*/user",
    "admin/teams/policy/getpolicyid",
    "admin/teams/policy/userassignments/assign",
    "admin/teams/policy/userassignments/unassign",
    "users/*/licensedetails",
    "users/*/authentication/methods/*/resetpassword",
    "users/*/authentication/operations/*",
    "users/*/authentication/{kind}/*",
    "users/*/authentication/phonemethods/*/enablesmssignin",
    "users/*/authentication/phonemethods/*/disablesmssignin",
    "users/*/authentication/resourceaccountkeyauthenticationmethods/*/device",
    "policies/authenticationmethodspolicy/authenticationmethodconfigurations/*",
    "authenticationmethodspolicy",
    "reports/authenticationmethods/userregistrationdetails/*",
    "reports/authenticationmethods/usersregisteredbyfeature",
    "reports/authenticationmethods/usersregisteredbymethod",
    "organization",
];

/// The failure that blames the first segment with which a path leaves every way; the last one if the path stops short.
fn unknown(steps: &[Segment], names: &[&str]) -> Failure {
    let me = names.first() == Some(&"me");
    // `me` stands for a user and that user's key.
    let path: Vec<&str> = if me {
        ["users", "me"].into_iter().chain(names[1..].iter().copied()).collect()
    } else {
        names.to_vec()
    };
    let shared = |way: &&str| {
        way.split('/')
            .zip(&path)
            .take_while(|(known, name)| match *known {
                "*" => true,
                "{kind}" => Kind::of_segment(name).is_some(),
                known => known == **name,
            })
            .count()
    };
    let depth = WAYS.iter().map(shared).max().unwrap_or(0) - usize::from(me);
    let step = steps.get(depth).or(steps.last());
    Failure::unknown_segment(step.map_or("", |step| step.text.as_str()))
}

/// A path that leads to nothing; [`unknown`] finds the segment to blame.
struct Nowhere;

fn teams(steps: &[Segment], names: &[&str]) -> Result<Place, Nowhere> {
    Ok(match names {
        ["telephonenumbermanagement", "numberassignments"] => Place::Numbers,
        ["telephonenumbermanagement", "numberassignments", "assignnumber"] => Place::AssignNumber,
        ["telephonenumbermanagement", "numberassignments", "unassignnumber"] => Place::UnassignNumber,
        ["telephonenumbermanagement", "numberassignments", "updatenumber"] => Place::UpdateNumber,
        ["telephonenumbermanagement", "numberassignments", _] => Place::Number(steps[2].text.clone()),
        ["telephonenumbermanagement", "operations", _] => Place::NumberOrder(steps[2].text.clone()),
        ["userconfigurations"] => Place::Configurations,
        ["userconfigurations", _] => Place::Configuration(steps[1].text.clone()),
        ["userconfigurations", _, "user"] => Place::ConfigurationUser(steps[1].text.clone()),
        ["policy", "getpolicyid"] => Place::PolicyIdentifiers(steps[1].arguments.clone().unwrap_or_default()),
        ["policy", "userassignments", "assign"] => Place::AssignPolicies,
        ["policy", "userassignments", "unassign"] => Place::UnassignPolicies,
        _ => return Err(Nowhere),
    })
}

fn user(owner: Owner, steps: &[Segment], names: &[&str]) -> Result<Place, Nowhere> {
    Ok(match names {
        [] => Place::User(owner),
        ["licensedetails"] => Place::Licenses(owner),
        ["authentication", "methods"] => Place::Methods(owner),
        ["authentication", "methods", _] => Place::Method(owner, steps[2].text.clone()),
        ["authentication", "methods", _, "resetpassword"] => Place::ResetPassword(owner, steps[2].text.clone()),
        ["authentication", "operations", _] => Place::MethodOrder(owner, steps[2].text.clone()),
        ["authentication", "phonemethods", _, "enablesmssignin"] => {
            Place::SmsSignIn(owner, steps[2].text.clone(), true)
        }
        ["authentication", "phonemethods", _, "disablesmssignin"] => {
            Place::SmsSignIn(owner, steps[2].text.clone(), false)
        }
        ["authentication", "fido2methods", "creationoptions"] => Place::CreationOptions(owner),
        ["authentication", "resourceaccountkeyauthenticationmethods", _, "device"] => {
            Place::KeyDevice(owner, steps[2].text.clone())
        }
        ["authentication", collection] => match Kind::of_segment(collection) {
            Some(kind) => Place::Collection(owner, kind),
            None => return Err(Nowhere),
        },
        ["authentication", collection, _] => match Kind::of_segment(collection) {
            Some(kind) => Place::Member(owner, kind, steps[2].text.clone()),
            None => return Err(Nowhere),
        },
        _ => return Err(Nowhere),
    })
}

fn report(steps: &[Segment], names: &[&str]) -> Result<Place, Nowhere> {
    Ok(match names {
        ["userregistrationdetails"] => Place::Registrations,
        ["userregistrationdetails", _] => Place::Registration(steps[1].text.clone()),
        ["usersregisteredbyfeature"] => Place::ByFeature(steps[0].arguments.clone().unwrap_or_default()),
        ["usersregisteredbymethod"] => Place::ByMethod(steps[0].arguments.clone().unwrap_or_default()),
        _ => return Err(Nowhere),
    })
}
