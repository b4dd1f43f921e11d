//! A call, ready to be sent by itself or as part of a batch.

use std::any::Any;
use std::future::Future;
use std::pin::Pin;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use trunkline::{Batch, ListRequest};

use crate::ending::Observed;
use crate::json;

/// How a call ends, in the future.
pub type Sending = Pin<Box<dyn Future<Output = Observed>>>;

/// Takes the outcome of one request out of those of a batch, whose type has no name outside: see [`answers_of`].
pub type Taking = Box<dyn FnOnce(&mut dyn Any) -> Observed>;

/// The answers of a batch, under the name that the macros use. `_send` is [`Batch::send`].
///
/// # Panics
///
/// When it is something else.
pub fn answers_of<F: Future<Output: 'static>>(_send: fn(Batch) -> F, answers: &mut dyn Any) -> &mut F::Output {
    answers.downcast_mut().expect("these are the answers of a batch")
}

/// A call that is ready to be made. It is made one way or the other, not both.
pub struct Planned {
    /// Sends it by itself.
    pub sending: Sending,
    /// Adds it to a batch.
    pub adding: Box<dyn FnOnce(&mut Batch) -> Taking>,
}

/// A planned call, or the mistake in the case.
pub type Planning = Result<Planned, String>;

/// The items of a list that was read as plain JSON, read again as what the list holds.
pub fn items_of<T: DeserializeOwned + Serialize>(_list: &ListRequest<T>, body: &Value) -> Vec<Value> {
    let items = body["value"].as_array().into_iter().flatten();
    items
        .map(|item| match serde_json::from_value::<T>(item.clone()) {
            Ok(item) => json::of(&item),
            Err(error) => Value::String(format!("cannot be read: {error}")),
        })
        .collect()
}

/// Plans a request; the last argument reads its answer. A macro, as the crate's traits for what an answer can be
/// have no names outside.
macro_rules! single {
    ($call:expr, $request:expr, $tell:expr) => {{
        let mut request = $request;
        for (name, value) in $call.options.pairs() {
            request = request.with_query(name, value);
        }
        for (name, value) in $call.headers {
            request = request.with_header(name, value);
        }
        let batched = request.clone();
        Ok($crate::plan::Planned {
            sending: Box::pin(async move { $crate::ending::Observed::of(request.await, $tell) }),
            adding: Box::new(move |batch| {
                let handle = batch.add(batched);
                Box::new(move |answers| {
                    $crate::ending::Observed::of(
                        $crate::plan::answers_of(trunkline::Batch::send, answers).take(handle),
                        $tell,
                    )
                })
            }),
        })
    }};
}

/// A request that is answered with a value.
macro_rules! value {
    ($call:expr, $request:expr) => {
        $crate::plan::single!($call, $request, |value| $crate::ending::Ending::Value(
            $crate::json::of(&value)
        ))
    };
}

/// A request that may be answered with a value.
macro_rules! optional {
    ($call:expr, $request:expr) => {
        $crate::plan::single!($call, $request, |value| match value {
            Some(value) => $crate::ending::Ending::Value($crate::json::of(&value)),
            None => $crate::ending::Ending::Nothing,
        })
    };
}

/// A request that is answered with nothing.
macro_rules! nothing {
    ($call:expr, $request:expr) => {
        $crate::plan::single!($call, $request, |()| $crate::ending::Ending::Nothing)
    };
}

/// A request that starts a long-running operation; its acceptance may carry a value of the type.
macro_rules! started {
    ($call:expr, $request:expr, $accepted:ty) => {
        $crate::plan::single!($call, $request, |running| match running.accepted::<$accepted>() {
            Ok(value) => $crate::ending::Ending::LongRunning {
                id: running.id().to_owned(),
                value: value.as_ref().map($crate::json::of),
            },
            Err(error) => $crate::ending::Ending::Failed(error),
        })
    };
}

/// A list: every page of it.
macro_rules! list {
    ($call:expr, $request:expr) => {{
        use $crate::ending::{Ending, Observed};
        let options = $call.options;
        let mut request = $request;
        if let Some(names) = &options.select {
            request = request.select(&names.iter().map(String::as_str).collect::<Vec<_>>());
        }
        if let Some(expression) = &options.filter {
            request = request.filter(expression);
        }
        if let Some(items) = options.top {
            request = request.top(items);
        }
        if let Some(items) = options.skip {
            request = request.skip(items);
        }
        if let Some(expression) = &options.expand {
            request = request.expand(expression.joined());
        }
        if let Some(expression) = &options.orderby {
            request = request.order_by(expression.joined());
        }
        if options.count {
            request = request.count();
        }
        if let Some(expression) = &options.search {
            request = request.search(expression);
        }
        for (name, value) in $call.headers {
            request = request.with_header(name, value);
        }
        let listed = request.clone();
        let batched = $call
            .client
            .core()
            .request::<serde_json::Value>(request.clone().into_operation());
        Ok($crate::plan::Planned {
            sending: Box::pin(async move {
                let mut pages = request.pages();
                let (mut items, mut status) = (Vec::new(), None);
                while let Some(page) = futures_util::StreamExt::next(&mut pages).await {
                    match page {
                        Ok(page) => {
                            status = Some(page.meta.status().as_u16());
                            items.extend(page.items.iter().map($crate::json::of));
                        }
                        Err(error) => return Observed::failed(error),
                    }
                }
                Observed {
                    ending: Ending::Items(items),
                    status,
                }
            }),
            adding: Box::new(move |batch| {
                let handle = batch.add(batched);
                Box::new(move |answers| {
                    Observed::of(
                        $crate::plan::answers_of(trunkline::Batch::send, answers).take(handle),
                        |body| Ending::Items($crate::plan::items_of(&listed, &body)),
                    )
                })
            }),
        })
    }};
}

pub(crate) use {list, nothing, optional, single, started, value};
