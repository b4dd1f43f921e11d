/// The root of all paths.
#[derive(Debug, Clone)]
pub struct Graph {
    handle: Handle,
}

impl Graph {
    /// The graph of a client.
    #[must_use]
    pub fn new(client: &Client) -> Self {
        Self { handle: Handle::root(client) }
    }

    /// The client and the path.
    #[must_use]
    pub fn handle(&self) -> &Handle {
        &self.handle
    }
}

/// One entity: its client and its path. Its type decides what can be done with it.
pub struct Entity<T> {
    handle: Handle,
    r#type: PhantomData<fn() -> T>,
}

impl<T> Entity<T> {
    #[inline]
    pub(super) fn at(handle: Handle) -> Self {
        Self { handle, r#type: PhantomData }
    }

    /// The client and the path.
    #[must_use]
    pub fn handle(&self) -> &Handle {
        &self.handle
    }
}

impl<T: EntityType> Entity<T> {
    /// Reads the entity.
    ///
    /// Awaiting the request, or `send_blocking`, returns a `Response` that dereferences to the value and
    /// holds status, headers and request id. The documentation of the type lists the permissions.
    #[inline]
    pub fn get(&self) -> Request<T::Value>
    where
        T: Readable,
    {
        self.handle.get::<T>()
    }

    /// Changes the entity: sends the properties of `body` that are not absent (PATCH; PUT where the service takes only that, and
    /// then the body replaces the entity). `body` may be an entity that was read: annotations and read-only properties are
    /// left out.
    ///
    /// Returns `None` when the service answers without a body, else the changed entity. If `body` is of a type that derives
    /// from `T`, the body names that type.
    #[inline]
    pub fn update<B: DerivedFrom<T>>(&self, body: &B) -> Request<Option<T::Value>>
    where
        T: Updatable,
    {
        self.handle.update::<T>(body)
    }

    /// Removes the entity.
    #[inline]
    pub fn delete(&self) -> Request<()>
    where
        T: Deletable,
    {
        self.handle.delete::<T>()
    }

    /// The same entity as one of its base types, to reach the operations of that type.
    #[must_use]
    #[inline]
    pub fn as_base<B>(&self) -> Entity<B>
    where
        T: DerivedFrom<B>,
    {
        Entity::at(self.handle.clone())
    }

    /// The same entity as a derived type: adds a type cast to the path.
    #[must_use]
    #[inline]
    pub fn cast<D: DerivedFrom<T>>(&self) -> Entity<D> {
        Entity::at(self.handle.cast(D::DESCRIPTOR.name))
    }
}

impl<T> Clone for Entity<T> {
    fn clone(&self) -> Self {
        Self::at(self.handle.clone())
    }
}

impl<T> fmt::Debug for Entity<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Entity").field(&self.handle).finish()
    }
}

/// A collection of entities: its client and its path. The type of its items decides what can be done with it.
pub struct Collection<T> {
    handle: Handle,
    r#type: PhantomData<fn() -> T>,
}

impl<T> Collection<T> {
    #[inline]
    #[allow(dead_code, reason = "metadata need not have collections")]
    pub(super) fn at(handle: Handle) -> Self {
        Self { handle, r#type: PhantomData }
    }

    /// The client and the path.
    #[must_use]
    pub fn handle(&self) -> &Handle {
        &self.handle
    }
}

impl<T: EntityType> Collection<T> {
    /// The entity with this key. Every text is encoded; sending fails if it cannot be a key.
    #[must_use]
    #[inline]
    pub fn by_id(&self, key: impl AsRef<str>) -> Entity<T> {
        Entity::at(self.handle.key(key.as_ref()))
    }

    /// Lists the entities, page by page.
    #[must_use]
    #[inline]
    pub fn list(&self) -> ListRequest<T::Value>
    where
        T: Listable,
    {
        self.handle.list::<T>()
    }

    /// Adds an entity (POST). If `body` is of a type that derives from `T`, the body names that type.
    #[inline]
    pub fn create<B: DerivedFrom<T>>(&self, body: &B) -> Request<T::Value>
    where
        T: Creatable,
    {
        self.handle.create::<T>(body)
    }

    /// The entities of a derived type: adds a type cast to the path.
    #[must_use]
    #[inline]
    pub fn cast<D: DerivedFrom<T>>(&self) -> Collection<D> {
        Collection::at(self.handle.cast(D::DESCRIPTOR.name))
    }
}

impl<T> Clone for Collection<T> {
    fn clone(&self) -> Self {
        Self::at(self.handle.clone())
    }
}

impl<T> fmt::Debug for Collection<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Collection").field(&self.handle).finish()
    }
}

/// An action with its parameters: set the optional ones, then await it or `send_blocking`.
#[must_use = "nothing is sent until the call is awaited or sent"]
pub struct Call<B, R> {
    handle: Handle,
    action: &'static str,
    pub(super) body: B,
    answer: PhantomData<fn() -> R>,
}

impl<B: Model, R: Answer> Call<B, R> {
    #[inline]
    #[allow(dead_code, reason = "a slice need not have actions with parameters")]
    pub(super) fn new(handle: &Handle, action: &'static str, body: B) -> Self {
        Self { handle: handle.clone(), action, body, answer: PhantomData }
    }

    /// Returns the request, to set headers, a deadline or a retry policy, to add it to a batch, or to print it.
    pub fn request(self) -> Request<R> {
        self.handle.action_with(self.action, &self.body)
    }

    /// Sends the call.
    ///
    /// # Errors
    ///
    /// Any kind; the method that made this call lists them.
    pub async fn send(self) -> Result<Response<R>> {
        self.request().send().await
    }

    /// Sends the call and blocks until the service answers.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send), and when called from asynchronous code.
    pub fn send_blocking(self) -> Result<Response<R>> {
        self.request().send_blocking()
    }
}

impl<B: Model, R: Answer> IntoFuture for Call<B, R> {
    type Output = Result<Response<R>>;
    type IntoFuture = <Request<R> as IntoFuture>::IntoFuture;

    fn into_future(self) -> Self::IntoFuture {
        self.request().into_future()
    }
}

impl<B: fmt::Debug, R> fmt::Debug for Call<B, R> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Call")
            .field("handle", &self.handle)
            .field("action", &self.action)
            .field("body", &self.body)
            .finish()
    }
}
