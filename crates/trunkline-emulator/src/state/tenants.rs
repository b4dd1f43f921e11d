//! The tenants of one emulator.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::sample::default_seed;
use super::seed_schema::TENANTS;
use super::world::{SeedError, World, list};

/// The tenant that is meant where none is named, and further ones.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tenants {
    first: World,
    others: Vec<World>,
}

impl Tenants {
    /// The tenant that is meant where none is named.
    pub(crate) fn first(&self) -> &World {
        &self.first
    }

    /// The tenant with this id or domain.
    pub(crate) fn of(&self, name: &str) -> Option<&World> {
        self.all().find(|tenant| tenant.is_tenant(name))
    }

    /// The tenant that has a user, by object id or principal name.
    pub(crate) fn of_user(&self, key: &str) -> Option<&World> {
        self.all().find(|tenant| tenant.user(key).is_some())
    }

    /// The tenant that a value names by id or domain, to change it; null means the first.
    pub(crate) fn named_mut(&mut self, name: &Value) -> Result<&mut World, String> {
        if name.is_null() {
            return Ok(&mut self.first);
        }
        let named = name
            .as_str()
            .and_then(|name| self.all_mut().find(|tenant| tenant.is_tenant(name)));
        named.ok_or_else(|| format!("there is no tenant {name}"))
    }

    /// All of them, the first one first.
    pub(crate) fn all(&self) -> impl Iterator<Item = &World> {
        std::iter::once(&self.first).chain(&self.others)
    }

    /// All of them, to change them.
    pub(crate) fn all_mut(&mut self) -> impl Iterator<Item = &mut World> {
        std::iter::once(&mut self.first).chain(&mut self.others)
    }

    /// Replaces the parts that a seed contains and keeps the others. An invalid seed changes nothing.
    pub(crate) fn seed(&mut self, seed: &Value) -> Result<(), SeedError> {
        let Some(further) = seed.get(TENANTS) else {
            return self.first.seed(seed);
        };
        let mut own = seed.as_object().cloned().unwrap_or_default();
        own.remove(TENANTS);
        let mut first = self.first.clone();
        first.seed(&Value::Object(own))?;
        let mut others: Vec<World> = Vec::new();
        for (index, entry) in list(TENANTS, further)?.iter().enumerate() {
            let within = |error: SeedError| SeedError::new(format!("/{TENANTS}/{index}{}", error.place), error.reason);
            let tenant = further_tenant(entry).map_err(within)?;
            let earlier = std::iter::once(&first).chain(&others);
            if let Some(name) = earlier.flat_map(World::names).find(|name| tenant.is_tenant(name)) {
                let reason = format!("another tenant has the id or the domain '{name}'");
                return Err(SeedError::new(format!("/{TENANTS}/{index}/organization"), reason));
            }
            others.push(tenant);
        }
        *self = Self { first, others };
        Ok(())
    }

    /// The whole state as JSON, in the shape of a seed.
    pub(crate) fn state(&self, root: &str, now: Timestamp) -> Value {
        let mut state = self.first.state(root, now);
        if !self.others.is_empty() {
            let others = self.others.iter().map(|tenant| tenant.state(root, now));
            state[TENANTS] = json!(others.collect::<Vec<_>>());
        }
        state
    }
}

/// A tenant of a seed. What an entry leaves out is that of the sample, but for users and numbers: of those it has none.
fn further_tenant(entry: &Value) -> Result<World, SeedError> {
    if !entry["organization"]["id"].is_string() {
        return Err(SeedError::new("/organization/id", "the tenant needs an id"));
    }
    let mut parts = match default_seed() {
        Value::Object(parts) => parts,
        _ => Map::new(),
    };
    for part in ["organization", "users", "numbers"] {
        parts.remove(part);
    }
    let mut tenant = World::default();
    tenant.seed(&Value::Object(parts))?;
    tenant.seed(entry)?;
    Ok(tenant)
}
