//! Places in the graph: a client and a path. What a place offers is decided by its type.
//!
//! Two generic handles, one for an entity and one for a collection, carry `get`, `list`, `create`, `update` and
//! `delete` once. Navigation, actions and functions are methods that the generator adds for a type. Rust allows those
//! only in the crate that declares the handles, so [`places!`](crate::places) declares them there; what they do is here.

use std::borrow::Cow;
use std::fmt;

use crate::codec::{Model, Value};
use crate::error::{Error, Result};
use crate::request::operation::Operation;
use crate::request::pages::ListRequest;
use crate::request::path::{self, Literal};
use crate::request::{Answer, Request};
use crate::sending::context::Client;
use http::Method;

/// A client and a path below the version.
///
/// A key that cannot be part of a path (empty, a dot segment, control characters) is remembered and refused when
/// something is sent, so that walking the graph needs no error handling at every step.
#[derive(Clone)]
pub struct Place {
    client: Client,
    path: String,
    invalid: Option<Error>,
    /// The method of an update here, where it is not the one of the entity's type.
    update_method: Option<Method>,
}

impl Place {
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

    /// The place one segment further: a navigation property, an entity set, a type cast.
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

    /// The same place seen as a derived type: a type cast in the path.
    #[must_use]
    pub fn cast(&self, name: &str) -> Self {
        Self {
            update_method: self.update_method.clone(),
            ..self.segment(name)
        }
    }

    /// The same place, where an update is sent with this method.
    #[must_use]
    pub fn with_update_method(mut self, method: Method) -> Self {
        self.update_method = Some(method);
        self
    }

    /// The method of an update: the one stated for this place, or else the one of the type.
    #[must_use]
    pub fn update_method(&self, of_type: Method) -> Method {
        self.update_method.clone().unwrap_or(of_type)
    }

    /// The entity of this collection with a key.
    #[must_use]
    pub fn key(&self, key: &str) -> Self {
        let mut place = Self {
            client: self.client.clone(),
            path: String::with_capacity(self.path.len() + key.len() + 48),
            invalid: self.invalid.clone(),
            update_method: self.update_method.clone(),
        };
        place.path.push_str(&self.path);
        if let Err(error) = path::push_key(&mut place.path, key) {
            place.invalid.get_or_insert(error);
        }
        place
    }

    /// A request to this very place.
    pub fn request<R: Answer>(&self, method: Method, body: Option<Result<Vec<u8>>>) -> Request<R> {
        self.send(method, self.path.clone(), body, self.invalid.clone())
    }

    /// The list at this very place.
    #[must_use]
    pub fn list<T: Value>(&self) -> ListRequest<T> {
        self.client
            .list(Operation::get(self.path.clone()), self.invalid.clone())
    }

    /// An action below this place; `None` sends no body at all.
    pub fn action<R: Answer>(&self, name: &str, body: Option<Result<Vec<u8>>>) -> Request<R> {
        self.send(
            Method::POST,
            format!("{}/{name}", self.path),
            body,
            self.invalid.clone(),
        )
    }

    /// A function below this place that answers one value. Without parameters it is written without parentheses.
    pub fn function<R: Answer>(&self, name: &str, parameters: &[(&str, Literal<'_>)]) -> Request<R> {
        let (path, invalid) = self.call_path(name, parameters);
        self.send(Method::GET, path, None, invalid)
    }

    /// A function below this place that answers a collection.
    #[must_use]
    pub fn function_many<T: Value>(&self, name: &str, parameters: &[(&str, Literal<'_>)]) -> ListRequest<T> {
        let (path, invalid) = self.call_path(name, parameters);
        self.client.list(Operation::get(path), invalid)
    }

    fn call_path(&self, name: &str, parameters: &[(&str, Literal<'_>)]) -> (String, Option<Error>) {
        let mut path = self.path.clone();
        let mut invalid = self.invalid.clone();
        if parameters.is_empty() {
            path.push('/');
            path.push_str(name);
        } else if let Err(error) = path::push_call(&mut path, name, parameters) {
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

impl fmt::Debug for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_tuple("Place")
            .field(&crate::mask::url(&self.path))
            .finish()
    }
}

/// A type that has a place of its own.
pub trait EntityType: Model {
    /// The type that is read there: the type itself, or [`Instance`](crate::codec::Instance) where the service may answer with a
    /// type that derives from it.
    type Value: Value + crate::codec::Decode + Send;

    /// Whether a body must name its type even where it is this very type.
    const NAMES_TYPE: bool = false;

    /// The rules for bodies of this type; without a known operation there are none, and all of it is sent.
    const BODY: Option<&'static crate::codec::BodyRules> = None;
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

/// Text or number of a function's parameter.
pub type Argument<'a> = Literal<'a>;

impl<'a> From<Cow<'a, str>> for Literal<'a> {
    fn from(text: Cow<'a, str>) -> Self {
        Self::Text(text)
    }
}

/// Declares the handles of a generated crate: `Graph`, `Entity<T>`, `Collection<T>` and `Call<B, R>`.
#[macro_export]
macro_rules! places {
    () => {
        /// Where every path begins.
        #[derive(Debug, Clone)]
        pub struct Graph {
            place: $crate::place::Place,
        }

        impl Graph {
            /// The graph of a client.
            #[must_use]
            pub fn new(client: &$crate::client::Client) -> Self {
                Self { place: $crate::place::Place::root(client) }
            }

            /// The place.
            #[must_use]
            pub fn place(&self) -> &$crate::place::Place {
                &self.place
            }

            #[allow(dead_code, reason = "a slice need not have roots of both kinds")]
            #[inline]
            pub(crate) fn navigate<U>(&self, segment: &'static str) -> Entity<U> {
                Entity::at(self.place.segment(segment))
            }

            #[allow(dead_code, reason = "a slice need not have roots of both kinds")]
            #[inline]
            pub(crate) fn navigate_many<U>(&self, segment: &'static str) -> Collection<U> {
                Collection::at(self.place.segment(segment))
            }
        }

        $crate::places!(@handle
            /// One entity: where it is. Its type decides what can be done there.
            Entity
        );
        $crate::places!(@handle
            /// A collection of entities: where it is. The type of its items decides what can be done there.
            Collection
        );

        impl<T: $crate::place::EntityType> Entity<T> {
            /// Reads it.
            ///
            /// Awaiting the request, or `send_blocking`, returns a `Response` that dereferences to the value and
            /// holds status, headers and request id. The documentation of the type lists the permissions.
            #[inline]
            pub fn get(&self) -> $crate::request::Request<T::Value>
            where
                T: $crate::place::Readable,
            {
                self.place.request($crate::http::Method::GET, ::core::option::Option::None)
            }

            /// Changes it: sends the properties of `body` that are not absent (PATCH; PUT where the service takes only that, and
            /// then the body replaces the entity). `body` may be what was read: annotations, and properties that the service
            /// works out itself, are left out.
            ///
            /// The service answers with nothing or with the changed entity, hence the `Option`. `body` may be of a type
            /// that derives from `T`; its type is then named in the body.
            #[inline]
            pub fn update<B: $crate::codec::DerivedFrom<T>>(
                &self,
                body: &B,
            ) -> $crate::request::Request<::core::option::Option<T::Value>>
            where
                T: $crate::place::Updatable,
            {
                let body = $crate::codec::encode_body::<T>(body, T::NAMES_TYPE, T::BODY);
                let method = self.place.update_method(<T as $crate::place::Updatable>::METHOD);
                self.place.request(method, ::core::option::Option::Some(body))
            }

            /// Removes it.
            #[inline]
            pub fn delete(&self) -> $crate::request::Request<()>
            where
                T: $crate::place::Deletable,
            {
                self.place.request($crate::http::Method::DELETE, ::core::option::Option::None)
            }

            /// The same place seen as a type it derives from, to reach what that type offers.
            #[must_use]
            #[inline]
            pub fn as_base<B>(&self) -> Entity<B>
            where
                T: $crate::codec::DerivedFrom<B>,
            {
                Entity::at(self.place.clone())
            }

            /// The same entity asked to be of a derived type: adds a type cast to the path.
            #[must_use]
            #[inline]
            pub fn cast<D: $crate::codec::DerivedFrom<T>>(&self) -> Entity<D> {
                Entity::at(self.place.cast(D::DESCRIPTOR.name))
            }
        }

        impl<T: $crate::place::EntityType> Collection<T> {
            /// The entity with this key. Any text will do: it is encoded, and refused when sent if it cannot be a key.
            #[must_use]
            #[inline]
            pub fn by_id(&self, key: impl ::core::convert::AsRef<str>) -> Entity<T> {
                Entity::at(self.place.key(key.as_ref()))
            }

            /// Lists them, page by page.
            #[must_use]
            #[inline]
            pub fn list(&self) -> $crate::pages::ListRequest<T::Value>
            where
                T: $crate::place::Listable,
            {
                self.place.list()
            }

            /// Adds one (POST). `body` may be of a type that derives from `T`; its type is then named in the body.
            #[inline]
            pub fn create<B: $crate::codec::DerivedFrom<T>>(&self, body: &B) -> $crate::request::Request<T::Value>
            where
                T: $crate::place::Creatable,
            {
                let body = $crate::codec::encode_body::<T>(body, T::NAMES_TYPE, T::BODY);
                self.place.request($crate::http::Method::POST, ::core::option::Option::Some(body))
            }

            /// Those of a derived type: adds a type cast to the path.
            #[must_use]
            #[inline]
            pub fn cast<D: $crate::codec::DerivedFrom<T>>(&self) -> Collection<D> {
                Collection::at(self.place.cast(D::DESCRIPTOR.name))
            }
        }

        /// An action with its parameters: set the optional ones, then await it or `send_blocking`.
        #[must_use = "nothing is sent until the call is awaited or sent"]
        pub struct Call<B, R> {
            place: $crate::place::Place,
            action: &'static str,
            #[allow(dead_code, reason = "methods for optional parameters write to it")]
            pub(crate) body: B,
            answer: ::core::marker::PhantomData<fn() -> R>,
        }

        impl<B: $crate::codec::Model, R: $crate::request::Answer> Call<B, R> {
            /// The request, to set headers, a deadline or a retry policy, to batch it, or to see what would be sent.
            pub fn request(self) -> $crate::request::Request<R> {
                self.place.action(self.action, ::core::option::Option::Some($crate::codec::encode_body::<B>(&self.body, false, ::core::option::Option::None)))
            }

            /// Sends it.
            ///
            /// # Errors
            ///
            /// Any kind; the method that made this call lists them.
            pub async fn send(self) -> $crate::error::Result<$crate::request::Response<R>> {
                self.request().send().await
            }

            /// Sends it and blocks until the answer is there.
            ///
            /// # Errors
            ///
            /// As [`send`](Self::send), and when called from asynchronous code.
            pub fn send_blocking(self) -> $crate::error::Result<$crate::request::Response<R>> {
                self.request().send_blocking()
            }
        }

        impl<B, R> ::core::future::IntoFuture for Call<B, R>
        where
            B: $crate::codec::Model,
            R: $crate::request::Answer,
        {
            type Output = $crate::error::Result<$crate::request::Response<R>>;
            type IntoFuture = <$crate::request::Request<R> as ::core::future::IntoFuture>::IntoFuture;

            fn into_future(self) -> Self::IntoFuture {
                ::core::future::IntoFuture::into_future(self.request())
            }
        }

        impl<B: ::core::fmt::Debug, R> ::core::fmt::Debug for Call<B, R> {
            fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                formatter
                    .debug_struct("Call")
                    .field("place", &self.place)
                    .field("action", &self.action)
                    .field("body", &self.body)
                    .finish()
            }
        }
    };
    (@handle $(#[$attribute:meta])* $handle:ident) => {
        $(#[$attribute])*
        pub struct $handle<T> {
            place: $crate::place::Place,
            entity: ::core::marker::PhantomData<fn() -> T>,
        }

        #[allow(dead_code, reason = "which of these a generated crate uses depends on its slice")]
        impl<T> $handle<T> {
            #[inline]
            pub(crate) fn at(place: $crate::place::Place) -> Self {
                Self { place, entity: ::core::marker::PhantomData }
            }

            #[inline]
            pub(crate) fn updated_with(self, method: $crate::http::Method) -> Self {
                Self::at(self.place.with_update_method(method))
            }

            /// The place: its client and its path.
            #[must_use]
            pub fn place(&self) -> &$crate::place::Place {
                &self.place
            }

            #[inline]
            pub(crate) fn navigate<U>(&self, segment: &'static str) -> Entity<U> {
                Entity::at(self.place.segment(segment))
            }

            #[inline]
            pub(crate) fn navigate_many<U>(&self, segment: &'static str) -> Collection<U> {
                Collection::at(self.place.segment(segment))
            }

            #[inline]
            pub(crate) fn call<B, R>(&self, action: &'static str, body: B) -> Call<B, R> {
                Call { place: self.place.clone(), action, body, answer: ::core::marker::PhantomData }
            }

            #[inline]
            pub(crate) fn invoke<R: $crate::request::Answer>(&self, action: &'static str) -> $crate::request::Request<R> {
                self.place.action(action, ::core::option::Option::None)
            }

            #[inline]
            pub(crate) fn function<R: $crate::request::Answer>(
                &self,
                name: &'static str,
                parameters: &[(&'static str, $crate::place::Argument<'_>)],
            ) -> $crate::request::Request<R> {
                self.place.function(name, parameters)
            }

            #[inline]
            pub(crate) fn function_many<U: $crate::codec::Value>(
                &self,
                name: &'static str,
                parameters: &[(&'static str, $crate::place::Argument<'_>)],
            ) -> $crate::pages::ListRequest<U> {
                self.place.function_many(name, parameters)
            }
        }

        impl<T> ::core::clone::Clone for $handle<T> {
            fn clone(&self) -> Self {
                Self::at(self.place.clone())
            }
        }

        impl<T> ::core::fmt::Debug for $handle<T> {
            fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                formatter.debug_tuple(stringify!($handle)).field(&self.place).finish()
            }
        }
    };
}
