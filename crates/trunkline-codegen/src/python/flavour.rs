//! The two kinds of callers, for which the emitters write the same class: those that block, and those that await on asyncio.

/// The differences between the two in the text of a class.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Flavour {
    /// Whether callers await.
    pub(crate) awaits: bool,
    /// Before the names of classes.
    pub(crate) prefix: &'static str,
    /// Before the names of modules.
    pub(crate) module: &'static str,
    /// Begins a function that waits.
    pub(crate) define: &'static str,
    /// Before a call that waits.
    pub(crate) wait: &'static str,
    /// Begins a loop that waits.
    pub(crate) each: &'static str,
    /// The letter in `__aenter__`, `__aexit__` and `__aiter__`.
    pub(crate) a: &'static str,
    /// The type of iterators that wait.
    pub(crate) iterator: &'static str,
}

/// Callers that block.
pub(crate) const BLOCKING: Flavour = Flavour {
    awaits: false,
    prefix: "",
    module: "",
    define: "def",
    wait: "",
    each: "for",
    a: "",
    iterator: "Iterator",
};

/// Callers that await.
pub(crate) const AWAITING: Flavour = Flavour {
    awaits: true,
    prefix: "Async",
    module: "async_",
    define: "async def",
    wait: "await ",
    each: "async for",
    a: "a",
    iterator: "AsyncIterator",
};

impl Flavour {
    /// The hint of the result of a native method that waits.
    pub(crate) fn result(self, value: &str) -> String {
        if self.awaits {
            format!("Coroutine[Any, Any, {value}]")
        } else {
            value.to_owned()
        }
    }
}
