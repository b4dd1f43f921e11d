//! The answer of each address before its last change, which a stale replica still gives.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};

use crate::message::Reply;

/// The answers of one address.
#[derive(Clone, Debug)]
struct Answers {
    last: Reply,
    /// The answer before the last, and when the last one was first given.
    before: Option<(Reply, Timestamp)>,
}

/// The last two answers of each address that was read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Former(HashMap<String, Answers>);

impl Former {
    /// Notes what an address answers.
    pub(crate) fn note(&mut self, address: &str, reply: &Reply, now: Timestamp) {
        let Some(answers) = self.0.get_mut(address) else {
            let answers = Answers {
                last: reply.clone(),
                before: None,
            };
            self.0.insert(address.to_owned(), answers);
            return;
        };
        if (reply.status, &reply.content) != (answers.last.status, &answers.last.content) {
            let last = std::mem::replace(&mut answers.last, reply.clone());
            answers.before = Some((last, now));
        }
    }

    /// The earlier answer of the address, if it is at most so many seconds old.
    pub(crate) fn within(&self, address: &str, seconds: u64, now: Timestamp) -> Option<Reply> {
        let (before, until) = self.0.get(address)?.before.as_ref()?;
        let limit = SignedDuration::from_secs(i64::try_from(seconds).unwrap_or(i64::MAX));
        (now.duration_since(*until) <= limit).then(|| before.clone())
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }
}
