//! Additions to a tenant that is in use: users, numbers, licences.

use serde_json::{Map, Value};

use super::World;
use super::sample::{changed, license_with, new_user};
use super::world::{SeedError, assigned, list};

impl World {
    /// Adds users and numbers to those that are there, in the shape of a seed; what an entry leaves out is filled in. Answers
    /// the entries as they are then. One wrong entry keeps out all. The member `tenant` is the caller's, who chose this tenant by it.
    pub(crate) fn add(&mut self, additions: &Value) -> Result<Value, SeedError> {
        let members = additions
            .as_object()
            .ok_or_else(|| SeedError::new("/", "additions are an object"))?;
        let mut next = self.clone();
        let mut added = Map::new();
        for (name, value) in members.iter().filter(|(name, _)| *name != "tenant") {
            let add = match name.as_str() {
                "users" => Self::add_user,
                "numbers" => Self::add_number,
                _ => {
                    return Err(SeedError::new(
                        format!("/{name}"),
                        "only users and numbers can be added",
                    ));
                }
            };
            let mut whole = Vec::new();
            for (index, entry) in list(name, value)?.into_iter().enumerate() {
                whole.push(add(&mut next, &format!("/{name}/{index}"), entry)?);
            }
            added.insert(name.clone(), Value::Array(whole));
        }
        next.resolve_policies(false)?;
        *self = next;
        Ok(Value::Object(added))
    }

    fn add_user(&mut self, place: &str, entry: Value) -> Result<Value, SeedError> {
        let principal = entry["userPrincipalName"].as_str().unwrap_or_default();
        let Some((name, domain)) = principal.split_once('@') else {
            let reason = "a user needs a principal name, such as dana@contoso.example";
            return Err(SeedError::new(format!("{place}/userPrincipalName"), reason));
        };
        if !self.is_tenant(domain) {
            let reason = format!("the tenant has no domain '{domain}'");
            return Err(SeedError::new(format!("{place}/userPrincipalName"), reason));
        }
        let whole = changed(new_user(principal, name), entry);
        for member in ["id", "userPrincipalName"] {
            if whole[member].as_str().is_some_and(|key| self.user(key).is_some()) {
                return Err(SeedError::new(
                    format!("{place}/{member}"),
                    "there is such a user already",
                ));
            }
        }
        self.push_user(place, whole.clone())?;
        Ok(whole)
    }

    fn add_number(&mut self, place: &str, entry: Value) -> Result<Value, SeedError> {
        let number = entry["telephoneNumber"].as_str().map(str::to_owned);
        if number.as_deref().is_some_and(|number| self.number(number).is_some()) {
            let reason = "the tenant has this number already";
            return Err(SeedError::new(format!("{place}/telephoneNumber"), reason));
        }
        let at = self.numbers.len();
        self.numbers.push(entry);
        self.index_number(at, place)?;
        Ok(self.numbers[at].clone())
    }

    /// Adds a licence with a service plan to a user, or takes away all licences that have it.
    pub(crate) fn set_plan(&mut self, user: &str, service_plan: &str, enabled: bool) {
        let Some(id) = self.user(user).and_then(|user| user["id"].as_str()).map(str::to_owned) else {
            return;
        };
        let account = self.accounts.entry(id.clone()).or_default();
        if !enabled {
            let has_plan = |license: &Value| {
                let plans = license["servicePlans"].as_array();
                plans.is_some_and(|plans| plans.iter().any(|plan| plan["servicePlanName"] == service_plan))
            };
            account.licenses.retain(|license| !has_plan(license));
        } else if !account.has_plan(service_plan) {
            account.licenses.push(license_with(service_plan));
        }
        let shown = assigned(&account.licenses);
        if let Some(user) = self.user_mut(&id) {
            user["assignedLicenses"] = shown;
        }
    }
}
