//! The tenant's Teams policies, and whom they are assigned to: users, groups, the whole tenant.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

/// Kinds of policies and the names of one or two of each, in a fresh tenant.
const SAMPLES: [(&str, &[&str]); 41] = [
    ("OnlineVoiceRoutingPolicy", &["International"]),
    ("TenantDialPlan", &["UnitedStates", "Germany"]),
    ("TeamsCallingPolicy", &["DisallowCalling"]),
    ("CallingLineIdentity", &["Anonymous", "Reception"]),
    ("OnlineVoicemailPolicy", &["TranscriptionDisabled"]),
    ("TeamsEmergencyCallingPolicy", &["Headquarters"]),
    ("TeamsEmergencyCallRoutingPolicy", &["UnitedStates"]),
    ("TeamsSharedCallingRoutingPolicy", &["Seattle"]),
    ("TeamsCallHoldPolicy", &["Contoso"]),
    ("TeamsCallParkPolicy", &["Allowed"]),
    ("TeamsVoiceApplicationsPolicy", &["Supervisors"]),
    ("TeamsIPPhonePolicy", &["CommonArea"]),
    ("TeamsMobilityPolicy", &["WifiOnly"]),
    ("TeamsNetworkRoamingPolicy", &["Branch"]),
    ("TeamsComplianceRecordingPolicy", &["Recorded"]),
    ("TeamsAudioConferencingPolicy", &["TollFree"]),
    ("OnlineAudioConferencingRoutingPolicy", &["Direct"]),
    ("TeamsMeetingPolicy", &["Kiosk"]),
    ("TeamsMeetingBroadcastPolicy", &["Events"]),
    ("TeamsMeetingBrandingPolicy", &["Contoso"]),
    ("TeamsMeetingTemplatePermissionPolicy", &["Restricted"]),
    ("TeamsEventsPolicy", &["Webinars"]),
    ("TeamsMessagingPolicy", &["Restricted"]),
    ("TeamsChannelsPolicy", &["Restricted"]),
    ("TeamsAppSetupPolicy", &["FrontLine"]),
    ("TeamsAppPermissionPolicy", &["Restricted"]),
    ("TeamsTemplatePermissionPolicy", &["Restricted"]),
    ("TeamsUpdateManagementPolicy", &["Preview"]),
    ("TeamsUpgradePolicy", &["Islands"]),
    ("TeamsFeedbackPolicy", &["Silent"]),
    ("TeamsFilesPolicy", &["Restricted"]),
    ("TeamsShiftsPolicy", &["FrontLine"]),
    ("TeamsEducationAssignmentsAppPolicy", &["Guardians"]),
    ("TeamsVdiPolicy", &["AudioOnly"]),
    ("TeamsVideoInteropServicePolicy", &["Contoso"]),
    ("TeamsRoomVideoTeleConferencingPolicy", &["Rooms"]),
    ("TeamsEnhancedEncryptionPolicy", &["Encrypted"]),
    ("TeamsMediaLoggingPolicy", &["Enabled"]),
    ("TeamsVerticalPackagePolicy", &["Healthcare"]),
    ("ApplicationAccessPolicy", &["Transcripts"]),
    ("ExternalAccessPolicy", &["NoFederation"]),
];

/// The policies of a fresh tenant that can be assigned.
pub(super) fn samples() -> Vec<Value> {
    let mut policies = vec![
        policy(
            "TeamsMeetingPolicy",
            "AllOn",
            "VG1lZXRpbmdBbGxPbi1lbXVsYXRvci1wb2xpY3ktMDE",
        ),
        policy(
            "TeamsMeetingPolicy",
            "AllOff",
            "VG1lZXRpbmdBbGxPZmYtZW11bGF0b3ItcG9saWN5LTI",
        ),
        policy(
            "TeamsCallingPolicy",
            "AllOn",
            "VGNhbGxpbmdBbGxPbi1lbXVsYXRvci1wb2xpY3ktMDM",
        ),
        policy(
            "OnlineVoiceRoutingPolicy",
            "UnitedStates",
            "VHJvdXRpbmdVUy1lbXVsYXRvci1wb2xpY3ktMDQwNDA",
        ),
    ];
    for (policy_type, names) in SAMPLES {
        policies.extend(
            names
                .iter()
                .map(|name| policy(policy_type, name, &sample_id(policy_type, name))),
        );
    }
    policies
}

/// 43 characters of base64url, as the service's ids have.
fn sample_id(policy_type: &str, name: &str) -> String {
    let text = format!("{name:.<10.10}{policy_type:.<22.22}");
    URL_SAFE_NO_PAD.encode(text)
}

fn policy(policy_type: &str, name: &str, id: &str) -> Value {
    json!({ "policyType": policy_type, "name": format!("Tag:{name}"), "policyId": id })
}

/// A policy of a group.
#[derive(Clone, Debug)]
struct GroupPolicy {
    group: String,
    members: BTreeSet<String>,
    policy_type: String,
    policy_id: String,
}

/// Policies that can be assigned, and assignments of all three levels.
#[derive(Clone, Debug, Default)]
pub(crate) struct TeamsPolicies {
    /// Every policy of the tenant: `policyType`, `name`, `policyId`.
    known: Vec<Value>,
    /// Ids of policies by user and kind.
    direct: BTreeMap<String, BTreeMap<String, String>>,
    /// In the order of their rank: of two groups, the first counts.
    groups: Vec<GroupPolicy>,
    /// Ids of policies by kind. Graph never shows them: it leaves out a kind for which neither the user nor a group has a policy.
    /// `assignmentType` has no member for the tenant, and the page of `Get-CsUserPolicyAssignment`, which reads the same effective
    /// assignments, says that a kind that is not returned is that of the global default.
    tenant: BTreeMap<String, String>,
}

impl TeamsPolicies {
    /// Replaces the policies of the tenant.
    pub(super) fn set_known(&mut self, known: Vec<Value>) {
        self.known = known;
    }

    /// Removes what is assigned to users and groups, because the users are replaced.
    pub(super) fn forget_users(&mut self) {
        self.direct.clear();
        self.groups.clear();
    }

    /// Replaces all assignments by those of a seed: of a user (`userId`), a group (`groupId`, `members`), or the tenant.
    pub(super) fn set_assignments(&mut self, assignments: &[Value]) -> Result<(), (usize, String)> {
        self.forget_users();
        self.tenant.clear();
        for (index, assignment) in assignments.iter().enumerate() {
            self.add(assignment).map_err(|reason| (index, reason))?;
        }
        Ok(())
    }

    fn add(&mut self, assignment: &Value) -> Result<(), String> {
        let members = assignment.as_object().ok_or("an assignment is an object")?;
        let offered = ["policyType", "policyId", "userId", "groupId", "members"];
        if let Some(name) = members.keys().find(|name| !offered.contains(&name.as_str())) {
            return Err(format!(
                "an assignment has no member '{name}'; there are {}",
                offered.join(", ")
            ));
        }
        let text = |name: &str| members.get(name).and_then(Value::as_str).map(str::to_owned);
        let needed = |name: &str| text(name).ok_or_else(|| format!("an assignment needs '{name}'"));
        let (policy_type, policy_id) = (needed("policyType")?, needed("policyId")?);
        match (text("userId"), text("groupId")) {
            (Some(_), Some(_)) => return Err("'userId' and 'groupId' exclude each other".to_owned()),
            (Some(user), None) => self.assign(&user, policy_type, policy_id),
            (None, Some(group)) => {
                let users = members.get("members").and_then(Value::as_array);
                let users = users.ok_or("the policy of a group needs its 'members', a list of ids")?;
                self.groups.push(GroupPolicy {
                    group,
                    members: users.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
                    policy_type,
                    policy_id,
                });
            }
            (None, None) => {
                self.tenant.insert(policy_type, policy_id);
            }
        }
        Ok(())
    }

    /// Takes the assignments of one user in the form in which Graph shows them.
    pub(super) fn add_effective(&mut self, user: &str, entries: &Value) {
        for entry in entries.as_array().into_iter().flatten() {
            let text = |pointer: &str| entry.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
            let (Some(policy_type), Some(id)) = (text("/policyType"), text("/policyAssignment/policyId")) else {
                continue;
            };
            if self.with_id(&policy_type, &id).is_none() {
                let name = text("/policyAssignment/displayName").unwrap_or_default();
                self.known.push(policy(&policy_type, &name, &id));
            }
            let is_direct = entry["policyAssignment"]["assignmentType"] == "direct";
            let Some(group) = text("/policyAssignment/groupId").filter(|_| !is_direct) else {
                self.assign(user, policy_type, id);
                continue;
            };
            let same = |known: &&mut GroupPolicy| {
                (&known.group, &known.policy_type, &known.policy_id) == (&group, &policy_type, &id)
            };
            match self.groups.iter_mut().find(same) {
                Some(known) => {
                    known.members.insert(user.to_owned());
                }
                None => self.groups.push(GroupPolicy {
                    group,
                    members: BTreeSet::from([user.to_owned()]),
                    policy_type,
                    policy_id: id,
                }),
            }
        }
    }

    /// The first assignment whose policy the tenant does not have.
    pub(super) fn unknown(&self) -> Option<String> {
        let all = self.assignments();
        let unknown = all.iter().find(|assignment| {
            let text = |name: &str| assignment[name].as_str().unwrap_or_default();
            self.with_id(text("policyType"), text("policyId")).is_none()
        })?;
        Some(format!(
            "the tenant has no {} with the id {}",
            unknown["policyType"], unknown["policyId"]
        ))
    }

    /// Removes assignments whose policy the tenant no longer has.
    pub(super) fn forget_unknown(&mut self) {
        let Self {
            known,
            direct,
            groups,
            tenant,
        } = self;
        let is_known = |policy_type: &str, id: &str| find(known, policy_type, id).is_some();
        for policies in direct.values_mut() {
            policies.retain(|policy_type, id| is_known(policy_type, id));
        }
        groups.retain(|group| is_known(&group.policy_type, &group.policy_id));
        tenant.retain(|policy_type, id| is_known(policy_type, id));
    }

    /// The policies of the tenant, as a seed has them.
    pub(crate) fn known(&self) -> &[Value] {
        &self.known
    }

    /// The policy of this kind and id.
    pub(crate) fn with_id(&self, policy_type: &str, id: &str) -> Option<&Value> {
        find(&self.known, policy_type, id)
    }

    /// The kind as the tenant spells it, when it has a policy of it.
    pub(crate) fn kind(&self, policy_type: &str) -> Option<&str> {
        let mut kinds = self.known.iter().filter_map(|policy| policy["policyType"].as_str());
        kinds.find(|known| known.eq_ignore_ascii_case(policy_type))
    }

    /// Assigns a policy to a user, in place of an earlier one of its kind.
    pub(crate) fn assign(&mut self, user: &str, policy_type: String, policy_id: String) {
        self.direct
            .entry(user.to_owned())
            .or_default()
            .insert(policy_type, policy_id);
    }

    /// Removes the direct assignment of a kind. Those of groups stay.
    pub(crate) fn unassign(&mut self, user: &str, policy_type: &str) {
        if let Some(policies) = self.direct.get_mut(user) {
            policies.remove(policy_type);
        }
    }

    /// The policies in force for a user as Graph shows them: of each kind the one of the user, else that of the first group. A
    /// direct one has no `groupId`, as in the documented sample.
    pub(crate) fn effective(&self, user: &str) -> Vec<Value> {
        let mut found: BTreeMap<&str, Value> = BTreeMap::new();
        for (policy_type, id) in self.direct.get(user).into_iter().flatten() {
            found.insert(policy_type, json!({ "assignmentType": "direct", "policyId": id }));
        }
        for group in self.groups.iter().filter(|group| group.members.contains(user)) {
            found.entry(&group.policy_type).or_insert_with(
                || json!({ "assignmentType": "group", "policyId": group.policy_id, "groupId": group.group }),
            );
        }
        let shown = found.into_iter().map(|(policy_type, mut assignment)| {
            let id = assignment["policyId"].as_str().unwrap_or_default();
            let name = self
                .with_id(policy_type, id)
                .and_then(|policy| policy["name"].as_str())
                .unwrap_or_default();
            assignment["displayName"] = json!(name.strip_prefix("Tag:").unwrap_or(name));
            json!({ "policyType": policy_type, "policyAssignment": assignment })
        });
        shown.collect()
    }

    /// The policy of a kind that counts for a user, as none but Teams itself knows: `level`, `policyId`, `name`. A kind without
    /// any assignment has the policy `Global`.
    pub(crate) fn in_force(&self, user: &str, policy_type: &str) -> Value {
        let effective = self.effective(user);
        let of_kind = |entry: &&Value| entry["policyType"].as_str() == Some(policy_type);
        if let Some(entry) = effective.iter().find(of_kind) {
            let assignment = &entry["policyAssignment"];
            return json!({ "level": assignment["assignmentType"], "policyId": assignment["policyId"],
                "name": assignment["displayName"] });
        }
        let id = self.tenant.get(policy_type);
        let policy = id
            .and_then(|id| self.with_id(policy_type, id))
            .and_then(|policy| policy["name"].as_str());
        let name = policy.map_or("Global", |name| name.strip_prefix("Tag:").unwrap_or(name));
        json!({ "level": "tenant", "policyId": id, "name": name })
    }

    /// All assignments, as a seed has them.
    pub(crate) fn assignments(&self) -> Vec<Value> {
        let entry = |policy_type: &str, policy_id: &str, more: Value| {
            let mut entry = Map::from_iter([
                ("policyType".to_owned(), json!(policy_type)),
                ("policyId".to_owned(), json!(policy_id)),
            ]);
            if let Value::Object(more) = more {
                entry.extend(more);
            }
            Value::Object(entry)
        };
        let direct = self.direct.iter().flat_map(|(user, policies)| {
            policies
                .iter()
                .map(move |(policy_type, id)| entry(policy_type, id, json!({ "userId": user })))
        });
        let groups = self.groups.iter().map(|group| {
            let members = json!({ "groupId": group.group, "members": group.members });
            entry(&group.policy_type, &group.policy_id, members)
        });
        let tenant = self
            .tenant
            .iter()
            .map(|(policy_type, id)| entry(policy_type, id, Value::Null));
        direct.chain(groups).chain(tenant).collect()
    }
}

fn find<'k>(known: &'k [Value], policy_type: &str, id: &str) -> Option<&'k Value> {
    known.iter().find(|policy| {
        policy["policyId"].as_str() == Some(id)
            && policy["policyType"]
                .as_str()
                .is_some_and(|own| own.eq_ignore_ascii_case(policy_type))
    })
}
