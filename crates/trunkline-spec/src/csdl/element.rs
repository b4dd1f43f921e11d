//! An XML document as a tree of elements that know their lines.

use std::sync::Arc;

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::ResolveResult;
use quick_xml::reader::NsReader;

use crate::place::{Place, Problem};

/// How deep elements may be nested; CSDL needs about ten.
const DEEPEST: usize = 100;

const TEXT: &str = "there is text where only elements are allowed";

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

/// An element.
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
    /// Elements in it, those of foreign vocabularies included.
    pub(super) all_children: Vec<Self>,
    text: String,
    /// Where text begins that is more than white space.
    text_place: Option<Place>,
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

    /// Elements in it; those of foreign vocabularies are passed over, and text is refused.
    pub(super) fn children(&self) -> Result<impl Iterator<Item = &Self>, Problem> {
        match &self.text_place {
            Some(place) => Err(place.problem(TEXT)),
            None => Ok(self
                .all_children
                .iter()
                .filter(|child| child.vocabulary != Vocabulary::Foreign)),
        }
    }

    /// Its text; elements are refused.
    pub(super) fn text(&self) -> Result<&str, Problem> {
        match self.all_children.first() {
            Some(child) => Err(child
                .place
                .problem("there is something else where only text is allowed")),
            None => Ok(self.text.trim()),
        }
    }

    /// Refuses this element as a child of another.
    pub(super) fn unexpected(&self, parent: &str) -> Problem {
        self.place
            .problem(format!("the element <{}> is not understood inside {parent}", self.name))
    }
}

/// The outermost elements of a document, and the place of its end. `check` refuses a document by its first start tag, before the
/// rest of it is read.
pub(super) fn parse(
    file: &str,
    text: &str,
    check: fn(&Element) -> Result<(), Problem>,
) -> Result<(Vec<Element>, Place), Problem> {
    let mut lines = Lines {
        text: text.as_bytes(),
        file: Arc::from(file),
        counted: 0,
        line: 1,
    };
    let mut reader = NsReader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let (mut open, mut outermost): (Vec<Element>, Vec<Element>) = (Vec::new(), Vec::new());
    loop {
        let position = lines.bounded(reader.buffer_position());
        let event = reader.read_event().map_err(|error| {
            let place = lines.place(lines.bounded(reader.error_position()).max(position));
            place.problem(format!("malformed XML: {error}"))
        })?;
        match event {
            Event::Start(start) if open.len() < DEEPEST => {
                let element = element(&reader, &start, lines.place(position))?;
                if open.is_empty() && outermost.is_empty() {
                    check(&element)?;
                }
                open.push(element);
            }
            Event::Start(_) => return Err(lines.place(position).problem("elements are nested too deeply")),
            Event::End(_) => {
                if let Some(closed) = open.pop() {
                    let parent = open.last_mut().map(|parent| &mut parent.all_children);
                    parent.unwrap_or(&mut outermost).push(closed);
                }
            }
            Event::Eof if open.is_empty() => return Ok((outermost, lines.place(position))),
            Event::Eof => {
                let place = lines.place(position);
                return Err(place.problem("malformed XML: the document ends inside an element"));
            }
            Event::Comment(_) | Event::PI(_) | Event::Decl(_) => {}
            Event::DocType(declared) => {
                let declared = declared.get(..4).unwrap_or_default();
                let reason = if declared.eq_ignore_ascii_case("html") {
                    "this is an HTML page, not OData metadata"
                } else {
                    "a document type declaration is not allowed in CSDL"
                };
                return Err(lines.place(position).problem(reason));
            }
            Event::Text(part) if part.bytes().all(|byte| byte.is_ascii_whitespace()) => {}
            Event::Text(part) => {
                let white = part.bytes().take_while(|byte| byte.is_ascii_whitespace()).count();
                add_text(&mut open, &part, lines.place(position + white))?;
            }
            Event::CData(part) => add_text(&mut open, &part, lines.place(position))?,
            // Also of characters that XML would spell so; none of them has a meaning here.
            Event::GeneralRef(_) | Event::Empty(_) => add_text(&mut open, "&", lines.place(position))?,
        }
    }
}

fn add_text(open: &mut [Element], text: &str, place: Place) -> Result<(), Problem> {
    let parent = open.last_mut().ok_or_else(|| place.problem(TEXT))?;
    parent.text.push_str(text);
    parent.text_place.get_or_insert(place);
    Ok(())
}

/// The lines of a text. Positions only grow, so that each line end is counted once.
struct Lines<'text> {
    text: &'text [u8],
    file: Arc<str>,
    counted: usize,
    line: usize,
}

impl Lines<'_> {
    fn bounded(&self, position: u64) -> usize {
        usize::try_from(position).unwrap_or(usize::MAX).min(self.text.len())
    }

    fn place(&mut self, position: usize) -> Place {
        if position > self.counted {
            let between = &self.text[self.counted..position];
            self.line += between.iter().filter(|byte| **byte == b'\n').count();
            self.counted = position;
        }
        Place {
            file: Arc::clone(&self.file),
            line: self.line,
        }
    }
}

fn element(reader: &NsReader<&[u8]>, start: &BytesStart<'_>, place: Place) -> Result<Element, Problem> {
    let (namespace, local) = reader.resolver().resolve_element(start.name());
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
        all_children: Vec::new(),
        text: String::new(),
        text_place: None,
    })
}
