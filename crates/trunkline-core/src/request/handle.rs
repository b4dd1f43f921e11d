//! Handles: a client and a path. What a handle offers is decided by its type.
//!
//! A generated crate declares `Entity<T>` and `Collection<T>`, because Rust allows methods for navigation, actions and functions
//! only in the crate that declares the type. All that they do is here.

use std::fmt;

use crate::codec::{BodyRules, Decode, DerivedFrom, Model, Value, encode_body};
use crate::error::{Error, Result};
use crate::request::operation::Operation;
use crate::request::pages::ListRequest;
use crate::request::path::{self, Literal};
use crate::request::{Answer, Request};
use crate::sending::context::Client;
use http::Method;

/// A client and a path below the version, without the type of what is there.
///
/// A key that cannot be part of a path (empty, a dot segment, control characters) is remembered and refused when
/// something is sent, so that walking the graph needs no error handling at every step.
#[derive(Clone)]
pub struct Handle {
    client: Client,
    path: String,
    invalid: Option<Error>,
    /// The method of an update here, where it is not the one of the entity's type.
    update_method: Option<Method>,
}

impl Handle {
    /// The root of the graph.
    #[must_use]
    pub fn root(client: &Client) -> Self {
        Self {
            client: client.clone(),
            path: String::new(),
            invalid: None,
            update_method: None,
        }
    }

    /// The client it belongs to.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// The path, percent-encoded.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The handle one segment further: a navigation property or an entity set.
    #[must_use]
    pub fn segment(&self, name: &str) -> Self {
        let mut path = String::with_capacity(self.path.len() + name.len() + 48);
        path.push_str(&self.path);
        path.push('/');
        path.push_str(name);
        Self {
            client: self.client.clone(),
            path,
            invalid: self.invalid.clone(),
            update_method: None,
        }
    }

    /// The same entity or collection as a derived type: a type cast in the path.
    #[must_use]
    pub fn cast(&self, name: &str) -> Self {
        Self {
            update_method: self.update_method.clone(),
            ..self.segment(name)
        }
    }

    /// The same handle; its updates use this HTTP method.
    #[must_use]
    pub fn with_update_method(mut self, method: Method) -> Self {
        self.update_method = Some(method);
        self
    }

    /// The entity of this collection with a key.
    #[must_use]
    pub fn key(&self, key: &str) -> Self {
        let mut handle = Self {
            client: self.client.clone(),
            path: String::with_capacity(self.path.len() + key.len() + 48),
            invalid: self.invalid.clone(),
            update_method: self.update_method.clone(),
        };
        handle.path.push_str(&self.path);
        if let Err(error) = path::push_key(&mut handle.path, key) {
            handle.invalid.get_or_insert(error);
        }
        handle
    }

    /// Reads the entity.
    pub fn get<T: Readable>(&self) -> Request<T::Value> {
        self.request(Method::GET, None)
    }

    /// Changes the entity, with the method of this handle or of its type.
    pub fn update<T: Updatable>(&self, body: &impl DerivedFrom<T>) -> Request<Option<T::Value>> {
        let body = encode_body::<T>(body, T::NAMES_TYPE, T::BODY);
        let method = self.update_method.clone().unwrap_or(T::METHOD);
        self.request(method, Some(body))
    }

    /// Removes the entity.
    pub fn delete<T: Deletable>(&self) -> Request<()> {
        self.request(Method::DELETE, None)
    }

    /// Lists the collection.
    #[must_use]
    pub fn list<T: Listable>(&self) -> ListRequest<T::Value> {
        self.client
            .list(Operation::get(self.path.clone()), self.invalid.clone())
    }

    /// Adds an entity to the collection.
    pub fn create<T: Creatable>(&self, body: &impl DerivedFrom<T>) -> Request<T::Value> {
        let body = encode_body::<T>(body, T::NAMES_TYPE, T::BODY);
        self.request(Method::POST, Some(body))
    }

    /// Invokes an action that has no parameters.
    pub fn action<R: Answer>(&self, name: &str) -> Request<R> {
        self.send(
            Method::POST,
            format!("{}/{name}", self.path),
            None,
            self.invalid.clone(),
        )
    }

    /// Invokes an action with its parameters.
    pub fn action_with<B: Model, R: Answer>(&self, name: &str, parameters: &B) -> Request<R> {
        let body = encode_body::<B>(parameters, false, None);
        self.send(
            Method::POST,
            format!("{}/{name}", self.path),
            Some(body),
            self.invalid.clone(),
        )
    }

    /// Calls a function that returns one value. Without parameters it is written without parentheses.
    pub fn function<R: Answer>(&self, name: &str, parameters: &[(&str, Literal<'_>)]) -> Request<R> {
        let (path, invalid) = self.call_path(name, parameters);
        self.send(Method::GET, path, None, invalid)
    }

    /// Calls a function that returns a collection.
    #[must_use]
    pub fn function_many<T: Value>(&self, name: &str, parameters: &[(&str, Literal<'_>)]) -> ListRequest<T> {
        let (path, invalid) = self.call_path(name, parameters);
        self.client.list(Operation::get(path), invalid)
    }

    fn request<R: Answer>(&self, method: Method, body: Option<Result<Vec<u8>>>) -> Request<R> {
        self.send(method, self.path.clone(), body, self.invalid.clone())
    }

    fn call_path(&self, name: &str, parameters: &[(&str, Literal<'_>)]) -> (String, Option<Error>) {
        let mut path = self.path.clone();
        let mut invalid = self.invalid.clone();
        if let Err(error) = path::push_call(&mut path, name, parameters) {
            invalid.get_or_insert(error);
        }
        (path, invalid)
    }

    fn send<R: Answer>(
        &self,
        method: Method,
        path: String,
        body: Option<Result<Vec<u8>>>,
        invalid: Option<Error>,
    ) -> Request<R> {
        let operation = Operation::new(method, path);
        match body {
            None => self.client.request_or(operation, invalid),
            Some(Ok(body)) => self.client.request_or(operation.body(body), invalid),
            Some(Err(error)) => self.client.request_or(operation, invalid.or(Some(error))),
        }
    }
}

impl fmt::Debug for Handle {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_tuple("Handle")
            .field(&crate::mask::url(&self.path))
            .finish()
    }
}

/// A type that has an address of its own.
pub trait EntityType: Model {
    /// The type that is read there: the type itself, or [`Instance`](crate::codec::Instance) where the service may answer with a
    /// type that derives from it.
    type Value: Value + Decode + Send;

    /// Whether a body must name its type even where it is this very type.
    const NAMES_TYPE: bool = false;

    /// The rules for bodies of this type; without a known operation there are none, and all of it is sent.
    const BODY: Option<&'static BodyRules> = None;
}

/// The service offers to read one.
pub trait Readable: EntityType {}
/// The service offers to change one.
pub trait Updatable: EntityType {
    /// The method that does: `PATCH`, or `PUT` where the service says so.
    const METHOD: Method = Method::PATCH;
}
/// The service offers to remove one.
pub trait Deletable: EntityType {}
/// The service offers to list them.
pub trait Listable: EntityType {}
/// The service offers to add one.
pub trait Creatable: EntityType {}
