//! A request as it came and an answer before it is written.

use bytes::Bytes;
use http::HeaderMap;
use percent_encoding::percent_decode_str;
use serde_json::Value;

/// One request, of a connection or of a batch.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) method: String,
    /// The path as sent, still encoded.
    pub(crate) path: String,
    /// The query as sent, without the question mark.
    pub(crate) query: String,
    /// The root it was sent to, as its sender names this computer: `http://localhost:8080`. With a public address, that.
    pub(crate) root: String,
    /// The name and the port it was sent to.
    pub(crate) host: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// The id of the item, when the request came inside a batch.
    pub(crate) batch_item: Option<String>,
}

impl Request {
    /// A header as text, if it is there and is text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The path with its percent-encoding taken away.
    pub(crate) fn decoded_path(&self) -> String {
        percent_decode_str(&self.path).decode_utf8_lossy().into_owned()
    }

    /// Whether a preference was stated in a `Prefer` header; several may share one header.
    pub(crate) fn prefers(&self, preference: &str) -> bool {
        self.headers
            .get_all("prefer")
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|text| text.split([',', ';']))
            .any(|part| part.trim().eq_ignore_ascii_case(preference))
    }
}

/// The content of an answer. It stays JSON as long as possible, so that a fault can change it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Content {
    Empty,
    Json(Value),
    Raw { content_type: String, bytes: Vec<u8> },
}

/// The type of an answer of Graph.
const GRAPH_JSON: &str =
    "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8";

/// An answer before it is written.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) content: Content,
}

impl Reply {
    /// An answer without a body.
    pub(crate) fn empty(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            content: Content::Empty,
        }
    }

    /// An answer with a JSON body.
    pub(crate) fn json(status: u16, body: Value) -> Self {
        Self {
            status,
            headers: Vec::new(),
            content: Content::Json(body),
        }
    }

    /// The same answer with one more header.
    pub(crate) fn with_header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// The first header of that name.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// States the type of a JSON body: errors are plain JSON, what is read is OData, and the authority knows no OData.
    pub(crate) fn state_type(&mut self, is_sign_in: bool) {
        if !matches!(self.content, Content::Json(_)) || self.header("Content-Type").is_some() {
            return;
        }
        let content_type = match (is_sign_in, self.status) {
            (true, _) => "application/json; charset=utf-8",
            (false, 400..) => "application/json",
            (false, _) => GRAPH_JSON,
        };
        self.headers.push(("Content-Type".to_owned(), content_type.to_owned()));
    }

    /// Sets a header, replacing all of that name.
    pub(crate) fn set_header(&mut self, name: &str, value: Option<String>) {
        self.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        if let Some(value) = value {
            self.headers.push((name.to_owned(), value));
        }
    }
}
