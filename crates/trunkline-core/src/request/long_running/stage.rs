//! Reads the state of a long-running operation: not finished, finished, and the verdict of each item.

use serde_json::Value;

use crate::codec::Decode;
use crate::error::{Error, ErrorKind, Result};
use crate::sending::answer::ResponseMeta;
use crate::table::operation::LongRunningDescriptor;

/// The state of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// Not at its end; also every status that is not known, and none at all.
    Running,
    /// At its end, with success as a whole.
    Succeeded,
    /// At its end, without success.
    Failed,
}

/// The result of one item. The success of an operation is not the success of its items.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Verdict {
    /// Address of the item. Text of the service's: compare it, but send nothing there unchecked.
    pub resource_location: Option<String>,
    /// Its status, as the service wrote it.
    pub status: Option<String>,
    /// The service's own words about it.
    pub detail: Option<String>,
    /// Whether the status means success.
    pub succeeded: bool,
}

/// The state of an operation at one moment.
#[derive(Debug, Clone)]
pub struct Stage<T> {
    /// The status, as the service wrote it; empty when it wrote none.
    pub status: String,
    /// The meaning of the status.
    pub progress: Progress,
    /// The state.
    pub value: T,
    /// The results of the items so far.
    pub verdicts: Vec<Verdict>,
    /// Status, headers and ids of the answer.
    pub meta: ResponseMeta,
}

impl<T> Stage<T> {
    /// Whether the operation is at its end.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.progress != Progress::Running
    }

    /// The end of the operation, when this is it.
    #[must_use]
    pub fn into_finished(self) -> Option<Finished<T>> {
        self.is_finished().then(|| self.finish())
    }

    pub(crate) fn finish(self) -> Finished<T> {
        Finished {
            status: self.status,
            progress: self.progress,
            value: self.value,
            verdicts: self.verdicts,
            meta: self.meta,
        }
    }
}

/// An operation at its end. That it ended does not mean that it succeeded: ask [`succeeded`](Self::succeeded), or take
/// the value by [`into_success`](Self::into_success).
#[derive(Debug, Clone)]
#[must_use = "the end of an operation is not its success"]
pub struct Finished<T> {
    /// The status, as the service wrote it.
    pub status: String,
    progress: Progress,
    /// The last state.
    pub value: T,
    /// The results of the items, if the operation names them.
    pub verdicts: Vec<Verdict>,
    /// Status, headers and ids of the last answer.
    pub meta: ResponseMeta,
}

impl<T> Finished<T> {
    /// Whether the operation and every item of it succeeded.
    #[must_use]
    pub fn succeeded(&self) -> bool {
        self.progress == Progress::Succeeded && self.verdicts.iter().all(|verdict| verdict.succeeded)
    }

    /// The value of a success.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::OperationFailed`] when the operation or any item of it failed.
    pub fn into_success(self) -> Result<T> {
        if self.succeeded() {
            return Ok(self.value);
        }
        let failed = self.verdicts.iter().filter(|verdict| !verdict.succeeded).count();
        let detail = self
            .verdicts
            .iter()
            .find(|verdict| !verdict.succeeded)
            .and_then(|verdict| verdict.detail.as_deref());
        let mut message = match failed {
            0 => format!("the operation ended as {}", crate::mask::text(&self.status)),
            _ => format!(
                "the operation ended as {}, with {failed} of {} items without success",
                crate::mask::text(&self.status),
                self.verdicts.len()
            ),
        };
        if let Some(detail) = detail {
            message.push_str(": ");
            message.push_str(&crate::mask::sentence(detail));
        }
        let error = Error::new(ErrorKind::OperationFailed, message)
            .with_may_have_reached_service(true)
            .with_service_message(detail);
        Err(error.with_status(self.meta.status, self.meta.headers))
    }
}

/// A state, read generically by the names in the descriptor.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Reading {
    pub(crate) status: String,
    pub(crate) progress: Option<Progress>,
    pub(crate) verdicts: Vec<Verdict>,
    pub(crate) id: Option<String>,
}

/// Reads a state. Samples wrap it into `{"value":{…}}`.
pub(crate) fn read(text: &str, descriptor: Option<&LongRunningDescriptor>) -> Reading {
    let Ok(mut value) = Value::decode(text) else {
        return Reading::default();
    };
    if let Some(inner) = value.get_mut("value").filter(|inner| inner.is_object()) {
        value = inner.take();
    }
    let status_name = descriptor.map_or("status", |descriptor| descriptor.status);
    let status = text_of(&value, status_name).unwrap_or_default();
    let means = |status: &str| match descriptor {
        Some(known) if contains(known.succeeded, status) => Progress::Succeeded,
        Some(known) if contains(known.failed, status) => Progress::Failed,
        Some(_) => Progress::Running,
        None if contains(&["succeeded", "completed"], status) => Progress::Succeeded,
        None if contains(&["failed", "canceled", "cancelled"], status) => Progress::Failed,
        None => Progress::Running,
    };
    let items = descriptor.and_then(|descriptor| value.get(descriptor.details?)?.as_array());
    let verdicts = items.into_iter().flatten().map(|item| {
        let status = text_of(item, "status");
        Verdict {
            resource_location: text_of(item, "resourceLocation"),
            succeeded: status
                .as_deref()
                .is_some_and(|status| means(status) == Progress::Succeeded),
            detail: text_of(item, "statusDetail"),
            status,
        }
    });
    Reading {
        progress: Some(means(&status)),
        verdicts: verdicts.collect(),
        id: text_of(&value, "id"),
        status,
    }
}

fn contains(list: &[&str], status: &str) -> bool {
    list.iter().any(|known| known.eq_ignore_ascii_case(status))
}

fn text_of(value: &Value, name: &str) -> Option<String> {
    value.get(name)?.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DESCRIPTOR: LongRunningDescriptor = LongRunningDescriptor {
        operation: "operations.get",
        state: 0,
        status: "status",
        succeeded: &["succeeded"],
        failed: &["failed"],
        details: Some("numbers"),
    };

    #[test]
    fn only_known_ends_are_ends() {
        for (text, progress) in [
            (r#"{"status":"succeeded"}"#, Progress::Succeeded),
            (r#"{"status":"Succeeded"}"#, Progress::Succeeded),
            (r#"{"status":"FAILED"}"#, Progress::Failed),
            (r#"{"status":"skipped"}"#, Progress::Running),
            (r#"{"status":"paused"}"#, Progress::Running),
            (r#"{"status":null}"#, Progress::Running),
            (r#"{"status":7}"#, Progress::Running),
            ("{}", Progress::Running),
            (r#"{"value":{"status":"succeeded"}}"#, Progress::Succeeded),
        ] {
            assert_eq!(read(text, Some(&DESCRIPTOR)).progress, Some(progress), "{text}");
        }
        assert_eq!(read("<html>", Some(&DESCRIPTOR)).progress, None);
    }

    #[test]
    fn verdicts_are_read_item_by_item() {
        let text = r#"{"status":"succeeded","numbers":[
            {"resourceLocation":"https://x/1","status":"Succeeded"},
            {"status":"failed","statusDetail":"taken"},
            {"status":"skipped"},{}]}"#;
        let verdicts = read(text, Some(&DESCRIPTOR)).verdicts;
        let succeeded: Vec<_> = verdicts.iter().map(|verdict| verdict.succeeded).collect();
        assert_eq!(succeeded, [true, false, false, false]);
        assert_eq!(verdicts[1].detail.as_deref(), Some("taken"));
    }
}
