//! Walks an XML document element by element and knows the line of each.

use std::sync::Arc;

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::ResolveResult;
use quick_xml::reader::NsReader;

use crate::place::{Place, Problem};

const EDM_NAMESPACE: &str = "http://docs.oasis-open.org/odata/ns/edm";
const EDMX_NAMESPACE: &str = "http://docs.oasis-open.org/odata/ns/edmx";

/// The vocabulary of an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Vocabulary {
    /// The schema's.
    Edm,
    /// The wrapper's.
    Edmx,
    /// Some other, or none.
    Foreign,
}

/// A start tag.
#[derive(Debug)]
pub(super) struct Element {
    /// Its vocabulary.
    pub(super) vocabulary: Vocabulary,
    /// Its name without prefix.
    pub(super) name: String,
    /// The namespace it was found in, for messages.
    pub(super) namespace: String,
    /// Attributes without a prefix, unescaped.
    attributes: Vec<(String, String)>,
    /// The position of its start.
    pub(super) place: Place,
}

impl Element {
    /// States what is wrong with this element.
    pub(super) fn problem(&self, reason: impl AsRef<str>) -> Problem {
        self.place.problem(format!("<{}>: {}", self.name, reason.as_ref()))
    }

    /// An attribute that may be absent.
    pub(super) fn optional(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// An attribute that must be present.
    pub(super) fn required(&self, name: &str) -> Result<&str, Problem> {
        self.optional(name)
            .ok_or_else(|| self.problem(format!("the attribute {name} is missing")))
    }

    /// A truth value that may be absent.
    pub(super) fn boolean(&self, name: &str, default: bool) -> Result<bool, Problem> {
        match self.optional(name) {
            None => Ok(default),
            Some("true" | "1") => Ok(true),
            Some("false" | "0") => Ok(false),
            Some(other) => Err(self.problem(format!("{name}=\"{other}\" is neither true nor false"))),
        }
    }

    /// Refuses attributes that are not understood.
    pub(super) fn only(&self, known: &[&str]) -> Result<(), Problem> {
        match self.attributes.iter().find(|(key, _)| !known.contains(&key.as_str())) {
            None => Ok(()),
            Some((key, _)) => Err(self.problem(format!("the attribute {key} is not understood"))),
        }
    }

    /// Refuses this element as a child of another.
    pub(super) fn unexpected(&self, parent: &str) -> Problem {
        self.place
            .problem(format!("the element <{}> is not understood inside {parent}", self.name))
    }
}

/// The next event.
#[derive(Debug)]
pub(super) enum Step {
    /// A start tag; its end follows, also when it was written as one tag.
    Open(Element),
    /// The end of the innermost open element.
    Close,
    /// The end of the document.
    End,
}

/// Walks an XML document element by element.
#[derive(Debug)]
pub(super) struct Cursor<'text> {
    reader: NsReader<&'text [u8]>,
    text: &'text [u8],
    file: Arc<str>,
    counted: usize,
    line: usize,
}

impl<'text> Cursor<'text> {
    /// Starts at the beginning of a text.
    pub(super) fn new(file: &str, text: &'text str) -> Self {
        let mut reader = NsReader::from_str(text);
        reader.config_mut().expand_empty_elements = true;
        Self {
            reader,
            text: text.as_bytes(),
            file: Arc::from(file),
            counted: 0,
            line: 1,
        }
    }

    /// The position of the cursor.
    pub(super) fn place(&mut self) -> Place {
        let position = self.position();
        self.place_at(position)
    }

    fn position(&self) -> usize {
        usize::try_from(self.reader.buffer_position())
            .unwrap_or(usize::MAX)
            .min(self.text.len())
    }

    /// Positions only grow, so that each line end is counted once.
    fn place_at(&mut self, position: usize) -> Place {
        let position = position.min(self.text.len());
        if position > self.counted {
            self.line += self.text[self.counted..position]
                .iter()
                .filter(|byte| **byte == b'\n')
                .count();
            self.counted = position;
        }
        Place {
            file: Arc::clone(&self.file),
            line: self.line,
        }
    }

    /// The next start or end; comments, processing instructions and white space are passed over.
    pub(super) fn step(&mut self) -> Result<Step, Problem> {
        self.next(false)
    }

    /// The next start or end; text is passed over, too.
    pub(super) fn step_over_text(&mut self) -> Result<Step, Problem> {
        self.next(true)
    }

    fn next(&mut self, over_text: bool) -> Result<Step, Problem> {
        loop {
            let position = self.position();
            let event = match self.reader.read_event() {
                Ok(event) => event,
                Err(error) => {
                    let at = usize::try_from(self.reader.error_position()).unwrap_or(position);
                    return Err(self
                        .place_at(at.max(position))
                        .problem(format!("malformed XML: {error}")));
                }
            };
            match event {
                Event::Start(start) => {
                    let place = self.place_at(position);
                    return self.element(&start, place).map(Step::Open);
                }
                Event::End(_) => return Ok(Step::Close),
                Event::Eof => return Ok(Step::End),
                Event::Text(text) if text.bytes().all(|byte| byte.is_ascii_whitespace()) => {}
                Event::Text(_) | Event::CData(_) | Event::GeneralRef(_) if over_text => {}
                Event::Comment(_) | Event::PI(_) | Event::Decl(_) => {}
                Event::DocType(declared) => {
                    let declared = declared.get(..4).unwrap_or_default();
                    let reason = if declared.eq_ignore_ascii_case("html") {
                        "this is an HTML page, not OData metadata"
                    } else {
                        "a document type declaration is not allowed in CSDL"
                    };
                    return Err(self.place_at(position).problem(reason));
                }
                Event::Text(text) => {
                    let white = text.bytes().take_while(|byte| byte.is_ascii_whitespace()).count();
                    return Err(self
                        .place_at(position + white)
                        .problem("there is text where only elements are allowed"));
                }
                Event::CData(_) | Event::GeneralRef(_) | Event::Empty(_) => {
                    return Err(self
                        .place_at(position)
                        .problem("there is text where only elements are allowed"));
                }
            }
        }
    }

    /// Passes over the rest of an element whose start was just read.
    pub(super) fn skip(&mut self) -> Result<(), Problem> {
        let mut depth = 1_usize;
        while depth > 0 {
            let position = self.position();
            match self.reader.read_event() {
                Ok(Event::Start(_)) => depth += 1,
                Ok(Event::End(_)) => depth -= 1,
                Ok(Event::Eof) => return Err(self.unfinished()),
                Ok(_) => {}
                Err(error) => {
                    let at = usize::try_from(self.reader.error_position()).unwrap_or(position);
                    return Err(self
                        .place_at(at.max(position))
                        .problem(format!("malformed XML: {error}")));
                }
            }
        }
        Ok(())
    }

    /// The text of an element whose start was just read, to its end; children are not allowed in it.
    pub(super) fn text(&mut self) -> Result<String, Problem> {
        let mut text = String::new();
        loop {
            let position = self.position();
            match self.reader.read_event() {
                Ok(Event::Text(part)) => text.push_str(&part),
                Ok(Event::CData(part)) => text.push_str(&part),
                Ok(Event::Comment(_) | Event::PI(_)) => {}
                Ok(Event::End(_)) => return Ok(text.trim().to_owned()),
                Ok(Event::Eof) => return Err(self.unfinished()),
                Ok(_) => {
                    return Err(self
                        .place_at(position)
                        .problem("there is something else where only text is allowed"));
                }
                Err(error) => {
                    let at = usize::try_from(self.reader.error_position()).unwrap_or(position);
                    return Err(self
                        .place_at(at.max(position))
                        .problem(format!("malformed XML: {error}")));
                }
            }
        }
    }

    /// The next child of an element, or `None` at its end. Children of foreign vocabularies are passed over.
    pub(super) fn child(&mut self) -> Result<Option<Element>, Problem> {
        loop {
            match self.step()? {
                Step::Open(element) if element.vocabulary == Vocabulary::Foreign => self.skip()?,
                Step::Open(element) => return Ok(Some(element)),
                Step::Close => return Ok(None),
                Step::End => return Err(self.unfinished()),
            }
        }
    }

    /// The document ended inside an element.
    pub(super) fn unfinished(&mut self) -> Problem {
        self.place()
            .problem("malformed XML: the document ends inside an element")
    }

    fn element(&self, start: &BytesStart<'_>, place: Place) -> Result<Element, Problem> {
        let (namespace, local) = self.reader.resolver().resolve_element(start.name());
        let (vocabulary, namespace) = match namespace {
            ResolveResult::Bound(namespace) => {
                let vocabulary = match namespace.as_ref() {
                    EDM_NAMESPACE => Vocabulary::Edm,
                    EDMX_NAMESPACE => Vocabulary::Edmx,
                    _ => Vocabulary::Foreign,
                };
                (vocabulary, namespace.as_ref().to_owned())
            }
            ResolveResult::Unbound => (Vocabulary::Foreign, String::new()),
            ResolveResult::Unknown(prefix) => {
                return Err(place.problem(format!("malformed XML: the prefix {prefix} is not declared")));
            }
        };
        let name = local.as_ref().to_owned();
        let mut attributes = Vec::new();
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|error| place.problem(format!("malformed XML: <{name}>: {error}")))?;
            if attribute.key.as_namespace_binding().is_some() || attribute.key.prefix().is_some() {
                continue;
            }
            let value = attribute
                .normalized_value(XmlVersion::Implicit1_0)
                .map_err(|error| place.problem(format!("malformed XML: <{name}>: {error}")))?;
            attributes.push((attribute.key.as_ref().to_owned(), value.into_owned()));
        }
        Ok(Element {
            vocabulary,
            name,
            namespace,
            attributes,
            place,
        })
    }
}
