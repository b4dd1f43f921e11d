//! Goes from page to page, and notices when that leads nowhere.

use std::collections::{HashSet, VecDeque};
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use http::header::HeaderName;
use http::{HeaderValue, Method};

use crate::codec::page_body::PageBody;
use crate::codec::{self, DecodeError, Value};
use crate::error::{Error, ErrorKind, Result};
use crate::excerpt;
use crate::request::continuation::{Continuation, Next};
use crate::request::list_end::{Keys, ListDoubt, ListPosition};
use crate::request::operation::Operation;
use crate::request::page::Page;
use crate::sending::answer::{RawAnswer, Response};
use crate::sending::context::Client;
use crate::sending::options::Options;

/// Number of links and pages that are remembered. A longer loop is found in a later round.
const REMEMBERED: usize = 4096;

/// Maximum number of equal pages in a row, for items that need not differ.
const EQUAL_PAGES: u32 = 100;

/// Maximum number of empty pages in a row.
const EMPTY_PAGES: u32 = 1000;

/// Reads one page after the other.
pub struct Cursor<P> {
    client: Client,
    first: Operation,
    options: Options,
    invalid: Option<Error>,
    state: State,
    /// Items before the next page, by the count of `$skip`.
    passed: u64,
    /// Whether earlier pages were read by somebody else.
    resumed: bool,
    /// Whether the service ever gave a link. Then it also says by giving none where the list ends.
    linked: bool,
    /// Whether the next page is only asked for because the one before could be the last: it was short and had no link.
    looking_behind: bool,
    keys: Keys,
    keeps_repeated: bool,
    /// Number of repeated items on the last page, and on all pages.
    repeated: u64,
    all_repeated: u64,
    doubt: Option<ListDoubt>,
    seen: Seen,
    empty: u32,
    equal: u32,
    read: ReadPage<P>,
}

/// Reads a page from its text.
pub(crate) type ReadPage<P> = Arc<dyn Fn(String) -> std::result::Result<P, DecodeError> + Send + Sync>;

enum State {
    Start,
    Next(Next),
    End,
}

/// The first request of a list, or where an earlier reading stopped.
#[derive(Clone)]
pub(crate) struct ListStart {
    pub(crate) client: Client,
    pub(crate) operation: Operation,
    pub(crate) options: Options,
    pub(crate) invalid: Option<Error>,
    pub(crate) resumed: Option<Continuation>,
    pub(crate) keeps_repeated: bool,
}

impl<P: PageBody> Cursor<P> {
    pub(crate) fn new(list: ListStart, read: ReadPage<P>) -> Self {
        let state = match list.resumed {
            Some(continuation) => State::Next(continuation.next),
            None => State::Start,
        };
        let skipped = list.operation.query_option("$skip").and_then(|skip| skip.parse().ok());
        let passed = match &state {
            State::Next(Next::Skip(skip)) => *skip,
            _ => skipped.unwrap_or(0),
        };
        Self {
            linked: matches!(state, State::Next(Next::Link(_))),
            resumed: matches!(state, State::Next(_)),
            client: list.client,
            first: list.operation,
            options: list.options,
            invalid: list.invalid,
            state,
            passed,
            looking_behind: false,
            keys: Keys::default(),
            keeps_repeated: list.keeps_repeated,
            repeated: 0,
            all_repeated: 0,
            doubt: None,
            seen: Seen::default(),
            empty: 0,
            equal: 0,
            read,
        }
    }

    /// The next page; `None` after the last. After an error, the same page is asked for again.
    ///
    /// # Errors
    ///
    /// All errors of a request, [`ErrorKind::UntrustedLink`] when the link to the next page
    /// leads elsewhere, [`ErrorKind::UnexpectedBody`] when pages repeat.
    pub async fn next(&mut self) -> Result<Option<Response<P>>> {
        if let Some(error) = &self.invalid {
            return Err(error.clone());
        }
        let operation = match &self.state {
            State::End => return Ok(None),
            State::Start => self.first.clone(),
            State::Next(Next::Link(link)) => {
                let url = self
                    .client
                    .context
                    .root
                    .check(link)
                    .map_err(|error| self.first.name_in(error))?;
                self.first.following(Method::GET, url)
            }
            State::Next(Next::Skip(skip)) => self.first.clone().query("$skip", skip.to_string()),
        };
        let raw = self.client.send(&operation, &self.options).await?;
        let is_look = self.looking_behind;
        let page = self.advance(raw).map_err(|error| self.first.name_in(error))?;
        // Nothing is behind the page that was the last.
        let is_nothing =
            is_look && page.value.length() == 0 && self.doubt.is_none() && matches!(self.state, State::End);
        Ok((!is_nothing).then_some(page))
    }

    pub(crate) fn advance(&mut self, mut raw: RawAnswer) -> Result<Response<P>> {
        let sample = Sample::of(&raw.body);
        let body = std::mem::take(&mut raw.body);
        // On the rare failure the text is wanted for the error, but reading may have consumed it.
        let mut page = match (self.read)(body) {
            Ok(page) => page,
            Err(cause) => return Err(raw.unreadable(cause, sample.start)),
        };
        let length = page.length();
        let link = page
            .next_link()
            .filter(|link| !link.trim().is_empty())
            .map(str::to_owned);
        let compared = self.has_keys().then(|| self.keys.add(&page));
        let mut nothing_new = compared.as_ref().is_some_and(|compared| compared.nothing_new);
        if length > 0 {
            self.empty = 0;
            let is_last = self.looking_behind && link.is_none();
            if !compared.as_ref().is_some_and(|compared| compared.has_keys) {
                let is_equal = !self.seen.is_new(sample.hash);
                // Items without ids can be equal by right: a thousand users of whom only the city was asked for.
                self.equal += u32::from(is_equal);
                nothing_new |= is_equal && is_last;
            }
            if self.equal > EQUAL_PAGES || nothing_new && !is_last {
                return Err(repeats("the service returned a page without a new item"));
            }
        } else {
            self.empty += 1;
            if self.empty > EMPTY_PAGES {
                return Err(repeats("the service returned too many empty pages in a row"));
            }
        }
        self.passed = self.passed.saturating_add(length as u64);
        if let Some(link) = &link
            && !self.seen.is_new(hash(link.as_bytes()))
        {
            return Err(repeats("the links between the service's pages form a circle"));
        }
        let repeated = match compared {
            _ if nothing_new => (0..length).collect(),
            Some(compared) => compared.repeated,
            None => Vec::new(),
        };
        self.repeated = repeated.len() as u64;
        // As many as came in all: nothing was left out at the start. Fewer: the pages overlap.
        let is_no_skip = nothing_new && self.passed <= 2 * length as u64;
        if !is_no_skip {
            self.all_repeated += self.repeated;
        }
        if nothing_new || !self.keeps_repeated && !repeated.is_empty() {
            page.leave_out(&repeated);
        }
        self.linked |= link.is_some();
        let next = match link {
            Some(link) => Some(Next::Link(link)),
            None => (length > 0 && !nothing_new && self.may_skip()).then_some(Next::Skip(self.passed)),
        };
        self.looking_behind = matches!(next, Some(Next::Skip(_))) && !self.is_full(length);
        if next.is_none() {
            self.doubt = self.end(is_no_skip, page.count());
            if let Some(doubt) = &self.doubt {
                tracing::warn!(target: "trunkline", operation = self.first.id(), "the list may lack items: {doubt}");
            }
        }
        self.state = next.map_or(State::End, State::Next);
        Ok(Response {
            value: page,
            meta: raw.meta,
        })
    }

    /// The doubt at the end of the list: a reason why items may be missing.
    fn end(&self, is_no_skip: bool, announced: Option<i64>) -> Option<ListDoubt> {
        if self.all_repeated > 0 {
            return Some(ListDoubt::Repeated(self.all_repeated));
        }
        if is_no_skip {
            return Some(ListDoubt::NoSkip);
        }
        let announced = u64::try_from(announced?).ok()?;
        (announced > self.passed && !self.resumed).then_some(ListDoubt::Counted {
            announced,
            came: self.passed,
        })
    }

    /// Whether the keys of its items are unique in the list. A list of changes can hold one item twice.
    fn has_keys(&self) -> bool {
        let last = self.first.path().rsplit('/').next().unwrap_or_default();
        let name = last.split('(').next().unwrap_or_default();
        !name
            .rsplit('.')
            .next()
            .unwrap_or_default()
            .eq_ignore_ascii_case("delta")
    }

    /// Whether the service documents `$skip`, and has given no link: then a page without a link need not be the last,
    /// and only an empty one is.
    fn may_skip(&self) -> bool {
        !self.linked
            && self
                .first
                .descriptor()
                .is_some_and(|descriptor| descriptor.page_size.is_some() && descriptor.has_query("$skip"))
    }

    /// The position in the list after the last page that was read.
    #[must_use]
    pub fn position(&self) -> ListPosition {
        ListPosition {
            continuation: self.continuation(),
            repeated: self.repeated,
            doubt: self.doubt.clone(),
        }
    }

    /// Number of repeated items on the last page.
    #[must_use]
    pub fn repeated(&self) -> u64 {
        self.repeated
    }

    /// The reason why items may be missing, once the list has ended.
    #[must_use]
    pub fn doubt(&self) -> Option<&ListDoubt> {
        self.doubt.as_ref()
    }

    /// Whether the last page could be the last of all, so that the next is only asked for to be sure: it had fewer items
    /// than a page can have, and no link.
    #[must_use]
    pub fn is_looking_behind(&self) -> bool {
        self.looking_behind
    }

    /// Whether a page has as many items as a page can have.
    fn is_full(&self, length: usize) -> bool {
        let size = self.first.descriptor().and_then(|descriptor| descriptor.page_size);
        let asked: Option<u32> = self.first.query_option("$top").and_then(|top| top.parse().ok());
        size.is_none_or(|size| {
            let full = asked.map_or(size.default, |top| top.min(size.maximum)).max(1);
            length as u64 >= u64::from(full)
        })
    }

    /// The continuation after the last page that was read; `None` at the end.
    #[must_use]
    pub fn continuation(&self) -> Option<Continuation> {
        let State::Next(next) = &self.state else { return None };
        let text = |(name, value): (&HeaderName, &HeaderValue)| {
            Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
        };
        Some(Continuation {
            format: 1,
            base: self.client.base().to_owned(),
            path: self.first.path().to_owned(),
            query: self
                .first
                .query_options()
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
            headers: self
                .first
                .headers()
                .iter()
                .filter(|(_, value)| !value.is_sensitive())
                .filter_map(text)
                .collect(),
            next: next.clone(),
        })
    }
}

impl<T: Value> Cursor<codec::Page<T>> {
    /// The next page with its continuation.
    ///
    /// # Errors
    ///
    /// The errors of [`next`](Self::next).
    pub async fn next_page(&mut self) -> Result<Option<Page<T>>> {
        let response = self.next().await?;
        Ok(response.map(|response| Page::new(response, self.position())))
    }
}

impl<P> fmt::Debug for Cursor<P> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Cursor")
            .field("first", &self.first)
            .finish_non_exhaustive()
    }
}

fn repeats(message: &'static str) -> Error {
    Error::new(ErrorKind::UnexpectedBody, message)
        .with_next_step("Treat the items so far as incomplete, and report the request id to Microsoft")
}

/// Hashes of earlier pages and links, of bounded number.
#[derive(Default)]
struct Seen {
    hashes: HashSet<u64>,
    order: VecDeque<u64>,
}

impl Seen {
    fn is_new(&mut self, hash: u64) -> bool {
        if !self.hashes.insert(hash) {
            return false;
        }
        self.order.push_back(hash);
        if self.order.len() > REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.hashes.remove(&oldest);
        }
        true
    }
}

/// Enough of a page to know it again, whatever its link says: how long its list is, how it begins and how it ends.
struct Sample {
    hash: u64,
    start: String,
}

impl Sample {
    /// Hashing all of a large page would cost as much as reading it.
    const PART: usize = 2048;
    /// How far from the end a link is looked for. Looking through all of a large page would cost too much as well.
    const LINK: usize = 16 * 1024;

    fn of(text: &str) -> Self {
        let list = text.find("\"value\"").map_or(text, |start| &text[start..]);
        // The link may stand before or behind the list.
        let last = list.len() - excerpt::end(list, Self::LINK).len();
        let list = match list[last..].rfind("\"@odata.nextLink\"") {
            Some(link) => &list[..last + link],
            None => list,
        };
        let head = excerpt::start(list, Self::PART);
        let tail = excerpt::end(list, Self::PART);
        let mut hasher = DefaultHasher::new();
        (list.len(), head, tail).hash(&mut hasher);
        Self {
            hash: hasher.finish(),
            start: crate::error::start_of(text).to_owned(),
        }
    }
}

fn hash(bytes: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    hasher.finish()
}
