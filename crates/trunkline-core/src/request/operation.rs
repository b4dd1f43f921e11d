//! An operation as a value: sent, sent blocking, batched, planned, printed by a dry run or replayed by a test.

use std::borrow::Cow;
use std::fmt;

use bytes::Bytes;
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use serde::ser::{Serialize, SerializeStruct, Serializer};
use url::Url;

use crate::error::{Error, ErrorKind, Result};
use crate::table::operation::{Idempotency, OperationDescriptor};
use crate::{mask, path};

/// One request to the service, before it knows a client: method, path below the version, query, headers and body.
///
/// Serialises to what would be sent, without an authorization header; `Debug` masks personal data and tells
/// of the body how long it is.
#[derive(Clone)]
pub struct Operation {
    descriptor: Option<&'static OperationDescriptor>,
    method: Method,
    path: String,
    query: Vec<(Cow<'static, str>, String)>,
    headers: HeaderMap,
    body: Option<Bytes>,
    /// Stands instead of what the descriptor or the method says.
    idempotency: Option<Idempotency>,
    /// A link of the service's, followed as it is. Its path and query stand instead of ours.
    link: Option<Box<Url>>,
}

impl Operation {
    /// `method` of `path`, which is below the version, percent-encoded, and begins with a slash.
    pub fn new(method: Method, path: impl Into<String>) -> Self {
        let path = path.into();
        Self {
            descriptor: None,
            method,
            path,
            query: Vec::new(),
            headers: HeaderMap::new(),
            body: None,
            idempotency: None,
            link: None,
        }
    }

    /// An operation of the table at `path`.
    pub fn of(descriptor: &'static OperationDescriptor, path: impl Into<String>) -> Self {
        Self {
            descriptor: Some(descriptor),
            ..Self::new(descriptor.method.clone(), path)
        }
    }

    /// A read of `path`.
    pub fn get(path: impl Into<String>) -> Self {
        Self::new(Method::GET, path)
    }

    /// A POST to `path`.
    pub fn post(path: impl Into<String>) -> Self {
        Self::new(Method::POST, path)
    }

    /// Sets the operation's entry in the table.
    #[must_use]
    pub fn with_descriptor(mut self, descriptor: &'static OperationDescriptor) -> Self {
        self.descriptor = Some(descriptor);
        self
    }

    /// Says whether it may be sent again, instead of what its descriptor or method says. Only who knows more than the
    /// documentation should.
    #[must_use]
    pub fn with_idempotency(mut self, idempotency: Idempotency) -> Self {
        self.idempotency = Some(idempotency);
        self
    }

    /// Sets a query option; a value that was there is replaced. Neither is encoded: that happens when it is sent.
    pub fn set_query(&mut self, name: impl Into<Cow<'static, str>>, value: impl Into<String>) {
        let name = name.into();
        match self
            .query
            .iter_mut()
            .find(|(known, _)| known.eq_ignore_ascii_case(&name))
        {
            Some((_, known)) => *known = value.into(),
            None => self.query.push((name, value.into())),
        }
    }

    /// Adds a query option. See [`set_query`](Self::set_query).
    #[must_use]
    pub fn query(mut self, name: impl Into<Cow<'static, str>>, value: impl Into<String>) -> Self {
        self.set_query(name, value);
        self
    }

    /// Sets a header; a value that was there is replaced.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`] when the name or value cannot be a header's, or is one that the client answers for:
    /// `Authorization`, `Host`, `Content-Length`.
    pub fn set_header(&mut self, name: &str, value: &str) -> Result<()> {
        let invalid = |what: &str| Error::new(ErrorKind::InvalidInput, format!("{what} of a header is not valid"));
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| invalid("the name"))?;
        if matches!(
            name.as_str(),
            "authorization" | "host" | "content-length" | "transfer-encoding" | "connection"
        ) {
            let message = format!("the header {name} is set by the client");
            return Err(Error::new(ErrorKind::InvalidInput, message).with_next_step("Remove it"));
        }
        let value = HeaderValue::from_str(value).map_err(|_| invalid("the value"))?;
        self.headers.insert(name, value);
        Ok(())
    }

    /// Sets the body, which is JSON unless a `Content-Type` header says otherwise.
    #[must_use]
    pub fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = Some(body.into());
        self
    }

    /// The operation that follows a link of the service: same method, headers and descriptor, no body.
    pub(crate) fn following(&self, method: Method, link: Url) -> Self {
        Self {
            descriptor: self.descriptor,
            method,
            path: link.path().to_owned(),
            query: Vec::new(),
            headers: self.headers.clone(),
            body: None,
            idempotency: None,
            link: Some(Box::new(link)),
        }
    }

    /// The same operation with a path in place of the link that it follows.
    pub(crate) fn unlinked(&self, path: String) -> Self {
        Self {
            path,
            link: None,
            ..self.clone()
        }
    }

    /// The group of operations whose limits it counts against.
    pub(crate) fn group(&self) -> Option<&'static str> {
        self.descriptor.and_then(|descriptor| descriptor.throttling)
    }

    /// The path, when it is a path of the table as it stands there: one without a key, and without a query.
    pub(crate) fn fixed_path(&self) -> Option<&'static str> {
        if !self.query.is_empty() {
            return None;
        }
        let places = self.descriptor?.paths.iter();
        places
            .map(|place| place.template)
            .find(|template| *template == self.path)
    }

    pub(crate) fn link(&self) -> Option<&Url> {
        self.link.as_deref()
    }

    /// Its descriptor, when a table knows it.
    #[must_use]
    pub fn descriptor(&self) -> Option<&'static OperationDescriptor> {
        self.descriptor
    }

    /// Its id, when it is one of a table.
    #[must_use]
    pub fn id(&self) -> Option<&'static str> {
        self.descriptor.map(|descriptor| descriptor.id)
    }

    /// The HTTP method.
    #[must_use]
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// The path below the version.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The query options, not encoded.
    pub fn query_options(&self) -> impl Iterator<Item = (&str, &str)> {
        self.query.iter().map(|(name, value)| (name.as_ref(), value.as_str()))
    }

    /// The value of a query option.
    #[must_use]
    pub fn query_option(&self, name: &str) -> Option<&str> {
        self.query_options()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }

    /// The headers of the operation's own.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    pub(crate) fn headers_mut(&mut self) -> &mut HeaderMap {
        &mut self.headers
    }

    /// The body.
    #[must_use]
    pub fn body_bytes(&self) -> Option<&Bytes> {
        self.body.as_ref()
    }

    /// Whether it may be sent again when nobody knows whether it happened.
    #[must_use]
    pub fn idempotency(&self) -> Idempotency {
        if let Some(idempotency) = self.idempotency {
            return idempotency;
        }
        match self.descriptor {
            // The descriptor of a link may be that of the operation which gave it.
            Some(descriptor) if descriptor.method == self.method => descriptor.idempotency,
            _ => Idempotency::of_method(&self.method),
        }
    }

    /// Path and query, encoded, below the version: what a batch names.
    #[must_use]
    pub fn relative_url(&self) -> String {
        let mut url = self.path.clone();
        path::push_query(&mut url, self.query_options());
        url
    }

    /// The path with personal data masked.
    #[must_use]
    pub fn masked_path(&self) -> String {
        mask::url(&self.path)
    }

    /// The request as JSON: `operation`, `method`, `url` (below the version), `headers`, `body`. Holds the
    /// caller's data in full.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        serde_json::to_value(self).unwrap_or_default()
    }

    /// Adds the operation to an error.
    pub(crate) fn name_in(&self, error: Error) -> Error {
        let error = match self.id() {
            Some(id) => error.with_operation(id),
            None => error,
        };
        error.with_target(self.method.clone(), self.masked_path())
    }

    /// Adds the operation to an error of the batch that contained it.
    pub(crate) fn rename_in(&self, error: Error) -> Error {
        self.name_in(error.without_target())
    }

    fn shown_url(&self) -> String {
        self.link
            .as_ref()
            .map_or_else(|| self.relative_url(), |link| link.to_string())
    }
}

impl Serialize for Operation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let headers: serde_json::Map<String, serde_json::Value> = self
            .headers
            .iter()
            .filter(|(name, value)| *name != AUTHORIZATION && !value.is_sensitive())
            .map(|(name, value)| {
                (
                    name.as_str().to_owned(),
                    String::from_utf8_lossy(value.as_bytes()).into(),
                )
            })
            .collect();
        let body = self.body.as_ref().map(|body| {
            serde_json::from_slice::<serde_json::Value>(body)
                .unwrap_or_else(|_| String::from_utf8_lossy(body).into_owned().into())
        });
        let mut structure = serializer.serialize_struct("Operation", 5)?;
        structure.serialize_field("operation", &self.id())?;
        structure.serialize_field("method", self.method.as_str())?;
        structure.serialize_field("url", &self.shown_url())?;
        structure.serialize_field("headers", &headers)?;
        structure.serialize_field("body", &body)?;
        structure.end()
    }
}

impl fmt::Debug for Operation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Operation")
            .field("id", &self.id())
            .field("method", &self.method)
            .field("url", &mask::url(&self.shown_url()))
            .field(
                "headers",
                &self.headers.keys().map(HeaderName::as_str).collect::<Vec<_>>(),
            )
            // It may hold a password, and nobody here knows which member is one.
            .field("body_length", &self.body.as_ref().map(Bytes::len))
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serialises_what_is_sent_and_debugs_masked() {
        let mut operation = Operation::post("/users/ana@contoso.example/x")
            .query("$top", "5")
            .body(r#"{"phoneNumber":"+1 2055550123"}"#);
        operation.set_header("Prefer", "return=minimal").unwrap();
        assert_eq!(
            operation.to_json(),
            serde_json::json!({
                "operation": null,
                "method": "POST",
                "url": "/users/ana@contoso.example/x?$top=5",
                "headers": {"prefer": "return=minimal"},
                "body": {"phoneNumber": "+1 2055550123"},
            })
        );
        let debug = format!("{operation:?}");
        assert!(!debug.contains("ana@") && !debug.contains("2055550123"), "{debug}");
    }

    #[test]
    fn headers_of_the_client_cannot_be_set() {
        let mut operation = Operation::get("/x");
        for (name, value) in [
            ("Authorization", "Bearer x"),
            ("Host", "evil"),
            ("a b", "c"),
            ("a", "b\r\nc: d"),
        ] {
            assert_eq!(
                operation.set_header(name, value).unwrap_err().kind(),
                ErrorKind::InvalidInput
            );
        }
    }
}
