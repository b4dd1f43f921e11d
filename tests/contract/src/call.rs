//! One call of a case: a client, a place and arguments.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use trunkline::graph::{Authentication, AuthenticationMethodConfiguration, User};
use trunkline::teams_administration::{NumberAssignment, TelephoneNumberManagementRoot};
use trunkline::{Client, Collection, Entity, Graph, OpenEnum, Property};

use crate::case::Options;

/// A call to make. What a case gives must be used: see [`Call::unused`].
pub struct Call<'c> {
    /// The client.
    pub client: &'c Client,
    /// Query options.
    pub options: &'c Options,
    /// Headers.
    pub headers: &'c BTreeMap<String, String>,
    place: &'c BTreeMap<String, String>,
    arguments: &'c Map<String, Value>,
    used: RefCell<BTreeSet<String>>,
}

impl<'c> Call<'c> {
    /// A call.
    #[must_use]
    pub fn new(
        client: &'c Client,
        place: &'c BTreeMap<String, String>,
        arguments: &'c Map<String, Value>,
        options: &'c Options,
        headers: &'c BTreeMap<String, String>,
    ) -> Self {
        Self {
            client,
            options,
            headers,
            place,
            arguments,
            used: RefCell::default(),
        }
    }

    /// Path keys and arguments that the call made no use of.
    #[must_use]
    pub fn unused(&self) -> Vec<String> {
        let used = self.used.borrow();
        let given = self.place.keys().chain(self.arguments.keys());
        given.filter(|name| !used.contains(*name)).cloned().collect()
    }

    fn take(&self, name: &str) {
        self.used.borrow_mut().insert(name.to_owned());
    }

    /// The graph.
    #[must_use]
    pub fn graph(&self) -> Graph {
        self.client.graph()
    }

    /// The graph, once it is sure that the path begins so.
    ///
    /// # Errors
    ///
    /// When it begins otherwise.
    pub fn graph_at(&self, root: &str) -> Result<Graph, String> {
        match self.key("root")? {
            found if found == root => Ok(self.graph()),
            found => Err(format!("the root is {found}, but the call begins at {root}")),
        }
    }

    /// A path key.
    ///
    /// # Errors
    ///
    /// When there is none of the name.
    pub fn key(&self, name: &str) -> Result<&'c str, String> {
        self.take(name);
        let key = self.place.get(name).map(String::as_str);
        key.ok_or_else(|| format!("the place has no key {name}"))
    }

    /// The key `id`.
    ///
    /// # Errors
    ///
    /// When there is none.
    pub fn id(&self) -> Result<&'c str, String> {
        self.key("id")
    }

    /// The user a path begins with: one of the set, or the one who signed in.
    ///
    /// # Errors
    ///
    /// When it begins with something else.
    pub fn user(&self) -> Result<Entity<User>, String> {
        match self.key("root")? {
            "users" => Ok(self.graph().users().by_id(self.key("user")?)),
            "me" => Ok(self.graph().me()),
            root => Err(format!("no user is found at {root}")),
        }
    }

    /// The authentication methods of that user.
    ///
    /// # Errors
    ///
    /// When the path does not begin with a user.
    pub fn authentication(&self) -> Result<Entity<Authentication>, String> {
        Ok(self.user()?.authentication())
    }

    /// The Teams telephone numbers.
    ///
    /// # Errors
    ///
    /// When the path begins elsewhere.
    pub fn numbers(&self) -> Result<Collection<NumberAssignment>, String> {
        Ok(self.number_management()?.number_assignments())
    }

    /// Where Teams telephone numbers are managed.
    ///
    /// # Errors
    ///
    /// When the path begins elsewhere.
    pub fn number_management(&self) -> Result<Entity<TelephoneNumberManagementRoot>, String> {
        Ok(self.graph_at("admin")?.admin().teams().telephone_number_management())
    }

    /// The configurations of authentication methods.
    ///
    /// # Errors
    ///
    /// When the path begins elsewhere.
    pub fn configurations(&self) -> Result<Collection<AuthenticationMethodConfiguration>, String> {
        let policy = self.graph_at("policies")?.policies().authentication_methods_policy();
        Ok(policy.authentication_method_configurations())
    }

    /// An argument as it stands.
    #[must_use]
    pub fn argument(&self, name: &str) -> Option<&'c Value> {
        self.take(name);
        self.arguments.get(name)
    }

    /// An argument that must be a text.
    ///
    /// # Errors
    ///
    /// When it is none.
    pub fn text(&self, name: &str) -> Result<&'c str, String> {
        let text = self.argument(name).and_then(Value::as_str);
        text.ok_or_else(|| format!("the argument {name} is no text"))
    }

    /// An argument of a type.
    ///
    /// # Errors
    ///
    /// When it is absent or of another type.
    pub fn value<T: DeserializeOwned>(&self, name: &str) -> Result<T, String> {
        let value = self.argument(name).cloned().unwrap_or_default();
        serde_json::from_value(value).map_err(|error| format!("the argument {name}: {error}"))
    }

    /// A property: absent, null or a value.
    ///
    /// # Errors
    ///
    /// When the value is of another type.
    pub fn property<T: DeserializeOwned>(&self, name: &str) -> Result<Property<T>, String> {
        match self.argument(name) {
            None => Ok(Property::Absent),
            Some(Value::Null) => Ok(Property::Null),
            Some(_) => Ok(Property::Value(self.value(name)?)),
        }
    }

    /// A property that holds a record of the type, in what the enclosing one keeps it in.
    ///
    /// # Errors
    ///
    /// When the value is of another type.
    pub fn nested<T: DeserializeOwned, N: From<T>>(&self, name: &str) -> Result<Property<N>, String> {
        Ok(match self.property::<T>(name)? {
            Property::Absent => Property::Absent,
            Property::Null => Property::Null,
            Property::Value(value) => Property::Value(value.into()),
        })
    }

    /// A property whose text stands for something: a member of an enumeration, a moment.
    ///
    /// # Errors
    ///
    /// When it is no text.
    pub fn member<E: OpenEnum>(&self, name: &str) -> Result<Property<E>, String> {
        Ok(match self.property::<String>(name)? {
            Property::Absent => Property::Absent,
            Property::Null => Property::Null,
            Property::Value(text) => Property::Value(E::from_wire(&text)),
        })
    }

    /// All arguments as one record: the body of a create or update.
    ///
    /// # Errors
    ///
    /// When they are not of that type.
    pub fn record<T: DeserializeOwned>(&self) -> Result<T, String> {
        for name in self.arguments.keys() {
            self.take(name);
        }
        serde_json::from_value(Value::Object(self.arguments.clone())).map_err(|error| format!("the arguments: {error}"))
    }
}
