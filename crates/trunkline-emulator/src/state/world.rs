//! The tenant: its objects, reading them from a seed and writing them as one.

use std::collections::{BTreeMap, HashMap};

use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::mails::{MAILS, MailSetting, SentMail};
use super::orders::{ORDERS, RESETS};
use super::seed_schema::wrong_member;
use super::teams_policies::TeamsPolicies;
use super::{Block, BlockSetting, Order, Reset};

/// The error of a seed that is not valid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeedError {
    /// Path to the mistake in the seed, such as `/users/3/id`.
    pub place: String,
    /// The mistake in the seed.
    pub reason: String,
}

impl SeedError {
    pub(crate) fn new(place: impl Into<String>, reason: impl Into<String>) -> Self {
        Self {
            place: place.into(),
            reason: reason.into(),
        }
    }
}

impl std::fmt::Display for SeedError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "the seed is wrong at {}: {}", self.place, self.reason)
    }
}

impl std::error::Error for SeedError {}

/// The data of a user outside of the directory object.
#[derive(Clone, Debug, Default)]
pub(crate) struct Account {
    pub(crate) licenses: Vec<Value>,
    /// Authentication methods by collection, for example `phoneMethods`.
    pub(crate) methods: BTreeMap<String, Vec<Value>>,
    pub(crate) directory_roles: Vec<String>,
    /// `accountType` and the like.
    pub(crate) teams: Map<String, Value>,
}

impl Account {
    /// Whether a service plan is switched on in any licence.
    pub(crate) fn has_plan(&self, plan: &str) -> bool {
        self.licenses
            .iter()
            .filter_map(|license| license["servicePlans"].as_array())
            .flatten()
            .any(|entry| {
                entry["servicePlanName"].as_str() == Some(plan)
                    && entry["provisioningStatus"].as_str() != Some("Disabled")
            })
    }
}

/// The whole state of one emulated tenant.
#[derive(Clone, Debug, Default)]
pub(crate) struct World {
    pub(crate) organization: Value,
    pub(crate) users: Vec<Value>,
    pub(crate) accounts: BTreeMap<String, Account>,
    pub(crate) numbers: Vec<Value>,
    by_number: HashMap<String, usize>,
    by_id: HashMap<String, usize>,
    /// Positions of the numbers of each holder, by the holder's id in lower case.
    by_holder: HashMap<String, Vec<usize>>,
    /// Positions of users by id and by principal name, in lower case.
    by_user: HashMap<String, usize>,
    pub(crate) orders: Vec<Order>,
    pub(crate) order_index: HashMap<String, usize>,
    /// Index of the first order that is not finished.
    pub(crate) settled: usize,
    pub(crate) resets: Vec<Reset>,
    pub(crate) locations: Vec<Value>,
    pub(crate) network_sites: Vec<Value>,
    pub(crate) policies: TeamsPolicies,
    pub(crate) methods_policy: Value,
    pub(crate) clients: Vec<Value>,
    /// The time that released numbers are blocked from assignment.
    pub(crate) released_numbers: Option<BlockSetting>,
    pub(crate) mail_setting: MailSetting,
    pub(crate) mails: Vec<SentMail>,
}

impl World {
    /// The tenant's id.
    pub(crate) fn tenant_id(&self) -> &str {
        self.organization["id"].as_str().unwrap_or_default()
    }

    /// The id of the tenant, and its domains.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        let domains = self.organization["verifiedDomains"].as_array().into_iter().flatten();
        std::iter::once(self.tenant_id()).chain(domains.filter_map(|domain| domain["name"].as_str()))
    }

    /// Whether the tenant's id or domain in a path means this tenant.
    pub(crate) fn is_tenant(&self, name: &str) -> bool {
        self.names().any(|known| known.eq_ignore_ascii_case(name))
    }

    /// A user by object id or user principal name.
    pub(crate) fn user(&self, key: &str) -> Option<&Value> {
        self.by_user.get(&key.to_lowercase()).and_then(|at| self.users.get(*at))
    }

    /// A user by object id, to change it.
    pub(super) fn user_mut(&mut self, id: &str) -> Option<&mut Value> {
        let at = *self.by_user.get(&id.to_lowercase())?;
        self.users.get_mut(at)
    }

    /// The data of a user outside of the directory, by object id.
    pub(crate) fn account(&self, id: &str) -> Option<&Account> {
        self.accounts.get(id)
    }

    /// A number by its text, with the plus.
    pub(crate) fn number(&self, number: &str) -> Option<&Value> {
        self.by_number.get(number).and_then(|at| self.numbers.get(*at))
    }

    /// A number by its text, to change it.
    pub(crate) fn number_mut(&mut self, number: &str) -> Option<&mut Value> {
        let at = *self.by_number.get(number)?;
        self.numbers.get_mut(at)
    }

    /// A number by its opaque id.
    pub(crate) fn number_by_id(&self, id: &str) -> Option<&Value> {
        self.by_id.get(id).and_then(|at| self.numbers.get(*at))
    }

    /// The numbers of a holder.
    pub(crate) fn numbers_of<'w>(&'w self, target: &str) -> impl Iterator<Item = &'w Value> + use<'w> {
        let positions = self.by_holder.get(&target.to_lowercase());
        positions.into_iter().flatten().filter_map(|at| self.numbers.get(*at))
    }

    /// Sets or removes the holder of a number.
    pub(crate) fn set_holder(&mut self, number: &str, target: Option<&str>) {
        let Some(at) = self.by_number.get(number).copied() else {
            return;
        };
        if let Some(former) = self.numbers[at]["assignmentTargetId"].as_str()
            && let Some(held) = self.by_holder.get_mut(&former.to_lowercase())
        {
            held.retain(|position| *position != at);
        }
        self.numbers[at]["assignmentTargetId"] = json!(target);
        if let Some(target) = target {
            self.by_holder.entry(target.to_lowercase()).or_default().push(at);
        }
    }

    /// Replaces the parts that a seed contains and keeps the others. An invalid seed changes nothing.
    pub(crate) fn seed(&mut self, seed: &Value) -> Result<(), SeedError> {
        let members = seed
            .as_object()
            .ok_or_else(|| SeedError::new("/", "a seed is an object"))?;
        let mut next = self.clone();
        if members.contains_key("users") {
            next.policies.forget_users();
        }
        for (name, value) in members {
            next.seed_part(name, value)?;
        }
        next.index_numbers()?;
        next.resolve_policies(members.contains_key("policyAssignments"))?;
        *self = next;
        Ok(())
    }

    fn seed_part(&mut self, name: &str, value: &Value) -> Result<(), SeedError> {
        match name {
            "organization" => {
                if !value["id"].is_string() {
                    return Err(SeedError::new("/organization/id", "the tenant needs an id"));
                }
                self.organization = value.clone();
            }
            "users" => self.seed_users(value)?,
            "numbers" => self.numbers = list(name, value)?,
            "locations" => self.locations = list(name, value)?,
            "networkSites" => self.network_sites = list(name, value)?,
            "teamsPolicies" => self.policies.set_known(list(name, value)?),
            "policyAssignments" => {
                let assignments = list(name, value)?;
                let wrong = |(index, reason)| SeedError::new(format!("/policyAssignments/{index}"), reason);
                self.policies.set_assignments(&assignments).map_err(wrong)?;
            }
            "clients" => self.clients = list(name, value)?,
            "authenticationMethodsPolicy" => self.methods_policy = value.clone(),
            "telephoneNumberConfiguration" => {
                let wrong = |reason| SeedError::new("/telephoneNumberConfiguration", reason);
                self.released_numbers = BlockSetting::read(value, &MailSetting::MEMBERS).map_err(wrong)?;
                self.mail_setting = MailSetting::read(value).map_err(wrong)?;
            }
            ORDERS => {
                self.orders = read_back(name, value)?;
                let ids = self.orders.iter().enumerate().map(|(at, order)| (order.id.clone(), at));
                self.order_index = ids.collect();
                self.settled = 0;
            }
            RESETS => self.resets = read_back(name, value)?,
            MAILS => self.mails = read_back(name, value)?,
            // Written by `state` for people to read; the parts above are what comes back.
            "operations" | "passwordOperations" | "clock" => {}
            // Names the schema from which an editor completed the seed.
            "$schema" => {}
            _ => return Err(SeedError::new(format!("/{name}"), "the tenant has no such part")),
        }
        Ok(())
    }

    fn seed_users(&mut self, value: &Value) -> Result<(), SeedError> {
        self.users = Vec::new();
        self.accounts = BTreeMap::new();
        self.by_user.clear();
        for (index, entry) in list("users", value)?.into_iter().enumerate() {
            self.push_user(&format!("/users/{index}"), entry)?;
        }
        Ok(())
    }

    pub(super) fn push_user(&mut self, place: &str, entry: Value) -> Result<(), SeedError> {
        check_members("users", place, &entry)?;
        let Value::Object(mut members) = entry else {
            return Err(SeedError::new(place, "a user is an object"));
        };
        let id = members.get("id").and_then(Value::as_str).map(str::to_owned);
        let id = id.ok_or_else(|| SeedError::new(format!("{place}/id"), "a user needs an id"))?;
        if !members.get("userPrincipalName").is_some_and(Value::is_string) {
            return Err(SeedError::new(
                format!("{place}/userPrincipalName"),
                "a user needs a principal name",
            ));
        }
        let licenses = members
            .remove("licenseDetails")
            .map_or_else(|| Ok(Vec::new()), |licenses| list(place, &licenses))?;
        members.insert("assignedLicenses".to_owned(), assigned(&licenses));
        let account = Account {
            licenses,
            methods: match members.remove("authentication") {
                Some(Value::Object(methods)) => methods
                    .into_iter()
                    .map(|(name, items)| list(place, &items).map(|items| (name, items)))
                    .collect::<Result<_, _>>()?,
                None => BTreeMap::new(),
                Some(_) => return Err(SeedError::new(format!("{place}/authentication"), "not an object")),
            },
            directory_roles: members
                .remove("directoryRoles")
                .as_ref()
                .and_then(Value::as_array)
                .map(|roles| roles.iter().filter_map(Value::as_str).map(str::to_owned).collect())
                .unwrap_or_default(),
            teams: match members.remove("teams") {
                Some(Value::Object(teams)) => teams,
                _ => Map::new(),
            },
        };
        for name in ["id", "userPrincipalName"] {
            let key = members[name].as_str().unwrap_or_default().to_lowercase();
            self.by_user.insert(key, self.users.len());
        }
        self.accounts.insert(id, account);
        self.users.push(Value::Object(members));
        Ok(())
    }

    /// Moves the policies of seeded users to the assignments, and checks that every policy exists. An unknown policy is an error
    /// if the seed contains the assignments; otherwise its former assignments are removed.
    pub(super) fn resolve_policies(&mut self, are_of_seed: bool) -> Result<(), SeedError> {
        for (user, account) in &mut self.accounts {
            if let Some(entries) = account.teams.remove("effectivePolicyAssignments") {
                self.policies.add_effective(user, &entries);
            }
        }
        match self.policies.unknown() {
            Some(reason) if are_of_seed => return Err(SeedError::new("/policyAssignments", reason)),
            Some(_) => self.policies.forget_unknown(),
            None => {}
        }
        Ok(())
    }

    fn index_numbers(&mut self) -> Result<(), SeedError> {
        self.by_number.clear();
        self.by_id.clear();
        self.by_holder.clear();
        for index in 0..self.numbers.len() {
            self.index_number(index, &format!("/numbers/{index}"))?;
        }
        Ok(())
    }

    pub(super) fn index_number(&mut self, index: usize, place: &str) -> Result<(), SeedError> {
        let entry = &mut self.numbers[index];
        check_members("numbers", place, entry)?;
        let number = entry["telephoneNumber"].as_str().map(str::to_owned);
        let number = number.ok_or_else(|| SeedError::new(place, "a number needs a telephoneNumber"))?;
        if !number.starts_with('+') {
            return Err(SeedError::new(place, "a telephoneNumber starts with a plus"));
        }
        Block::of(entry).map_err(|reason| SeedError::new(place, reason))?;
        // Members that the seed leaves out get default values.
        let number_type = entry["numberType"].as_str().unwrap_or("callingPlan").to_owned();
        let whole = super::number_entity(&number, &number_type, None);
        if let (Some(known), Value::Object(defaults)) = (entry.as_object_mut(), whole) {
            for (name, value) in defaults {
                known.entry(name).or_insert(value);
            }
        }
        let id = entry["id"].as_str().unwrap_or_default().to_owned();
        if self.by_number.insert(number, index).is_some() {
            return Err(SeedError::new(place, "the same number twice"));
        }
        self.by_id.insert(id, index);
        if let Some(holder) = entry["assignmentTargetId"].as_str() {
            self.by_holder.entry(holder.to_lowercase()).or_default().push(index);
        }
        Ok(())
    }

    /// The whole state as JSON, in the shape of a seed.
    pub(crate) fn state(&self, root: &str, now: jiff::Timestamp) -> Value {
        let users: Vec<Value> = self
            .users
            .iter()
            .map(|user| {
                let mut members = user.as_object().cloned().unwrap_or_default();
                let id = user["id"].as_str().unwrap_or_default();
                if let Some(account) = self.accounts.get(id) {
                    members.insert("licenseDetails".to_owned(), json!(account.licenses));
                    members.insert("authentication".to_owned(), json!(account.methods));
                    members.insert("directoryRoles".to_owned(), json!(account.directory_roles));
                    members.insert("teams".to_owned(), Value::Object(account.teams.clone()));
                }
                Value::Object(members)
            })
            .collect();
        let mut number_setting = BlockSetting::json(self.released_numbers);
        self.mail_setting.write(&mut number_setting);
        json!({
            "organization": self.organization,
            "users": users,
            "numbers": self.numbers,
            "locations": self.locations,
            "networkSites": self.network_sites,
            "teamsPolicies": self.policies.known(),
            "policyAssignments": self.policies.assignments(),
            "clients": self.clients,
            "authenticationMethodsPolicy": self.methods_policy,
            "telephoneNumberConfiguration": number_setting,
            "operations": self.orders.iter().map(|order| order.entity(root)).collect::<Vec<_>>(),
            "passwordOperations": self.resets.iter().map(|reset| json!({"id": reset.id, "user": reset.user}))
                .collect::<Vec<_>>(),
            ORDERS: self.orders,
            RESETS: self.resets,
            MAILS: self.mails,
            "clock": now.to_string(),
        })
    }
}

fn read_back<T: DeserializeOwned>(name: &str, value: &Value) -> Result<T, SeedError> {
    let wrong = |error: serde_json::Error| SeedError::new(format!("/{name}"), error.to_string());
    serde_json::from_value(value.clone()).map_err(wrong)
}

fn check_members(list: &str, place: &str, entry: &Value) -> Result<(), SeedError> {
    match wrong_member(list, entry) {
        Some((member, reason)) => Err(SeedError::new(format!("{place}/{member}"), reason)),
        None => Ok(()),
    }
}

/// The licences of a user as the directory object shows them.
pub(super) fn assigned(licenses: &[Value]) -> Value {
    let assigned = |license: &Value| json!({ "skuId": license["skuId"], "disabledPlans": [] });
    Value::Array(licenses.iter().map(assigned).collect())
}

pub(super) fn list(place: &str, value: &Value) -> Result<Vec<Value>, SeedError> {
    value
        .as_array()
        .cloned()
        .ok_or_else(|| SeedError::new(format!("/{place}"), "a list is expected"))
}
