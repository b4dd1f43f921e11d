//! Methods of handles: their parameters, their call and their documentation.

use trunkline_spec::model::{CallableKind, Model, Operation, TypeId};

use super::handles::{RESERVED, Writer};
use super::hints::hint;
use super::text::{docstring, item, literal, python_name, wrapped};
use crate::facts;
use crate::plan::{Answered, CallPlan, Verb};

/// Options of a list.
const LIST_OPTIONS: [&str; 8] = [
    "select: Sequence[str] | None = None",
    "filter: str | None = None",
    "top: int | None = None",
    "skip: int | None = None",
    "expand: str | Sequence[str] | None = None",
    "order_by: str | Sequence[str] | None = None",
    "count: bool = False",
    "search: str | None = None",
];
/// Options of reading one.
const GET_OPTIONS: [&str; 2] = [
    "select: Sequence[str] | None = None",
    "expand: str | Sequence[str] | None = None",
];

/// Arguments that the caller of any request may give, in the order in which handles take them.
const CALLER: &str = "headers, timeout, retry";

/// A method.
#[derive(Default)]
struct Method<'o> {
    name: String,
    positional: Vec<String>,
    keywords: Vec<String>,
    answer: String,
    operation: Option<&'o Operation>,
    documented: Vec<(String, String)>,
}

impl Writer<'_, '_> {
    pub(super) fn basic(&self, verb: Verb, id: TypeId, operation: Option<&Operation>) -> String {
        let qualified = self.plan.model.structured(id).name.to_string();
        let record = self.record(id);
        let options = |options: &[&str]| options.iter().map(|option| (*option).to_owned()).collect();
        let (name, answer, keywords) = match verb {
            Verb::Get => ("get", record, options(&GET_OPTIONS)),
            Verb::Create => ("create", record, Vec::new()),
            Verb::Update => ("update", format!("Answer[{record}]"), Vec::new()),
            Verb::Delete => ("delete", "Answer[None]".to_owned(), Vec::new()),
            Verb::List => ("list", record, Vec::new()),
        };
        let mut method = Method {
            name: name.to_owned(),
            answer,
            keywords,
            operation,
            ..Method::default()
        };
        match verb {
            Verb::Get => self.method(
                &method,
                &format!(
                    "self._request(\n            \"GET\",\n            \"\",\n            {},\n            \
                     {CALLER},\n            query=query_options(select=select, expand=expand),\n        )",
                    self.expected(verb.answered(id))
                ),
            ),
            Verb::List => self.list(method, "\"\"", id),
            Verb::Delete => {
                let expected = self.expected(verb.answered(id));
                self.method(
                    &method,
                    &format!("self._request(\"DELETE\", \"\", {expected}, {CALLER})"),
                )
            }
            Verb::Create | Verb::Update => {
                method.positional.push(format!("body: {}", self.record(id)));
                let said = "The new values; properties that are UNSET are not sent.";
                method.documented.push(("body".to_owned(), said.to_owned()));
                let names = if self.plan.record(id).abilities.names_type {
                    "\n            True,"
                } else {
                    ""
                };
                let http = if verb == Verb::Create { "POST" } else { "PATCH" };
                self.method(
                    &method,
                    &format!(
                        "self._request(\n            {},\n            \"\",\n            {},\n            {CALLER},\n            \
                         body,\n            {},{names}\n        )",
                        literal(http),
                        self.expected(verb.answered(id)),
                        literal(&qualified)
                    ),
                )
            }
        }
    }

    /// A method that begins a list. It waits for nothing, also for asynchronous callers.
    fn list(&self, mut method: Method<'_>, segment: &str, item: TypeId) -> String {
        let list = format!("{}List[{}]", self.flavour.prefix, method.answer);
        method.keywords = LIST_OPTIONS.iter().map(|option| (*option).to_owned()).collect();
        self.written(
            &method,
            &list,
            &format!(
                "options = query_options(select, filter, top, skip, expand, order_by, count, search)\n        \
                 listed: {list} = self._list({segment}, {}, options, {CALLER})\n        return listed",
                literal(&self.plan.model.structured(item).name.to_string())
            ),
        )
    }

    /// A method that sends a request. The native part checks what it reads; here its word is taken for the type.
    fn method(&self, method: &Method<'_>, request: &str) -> String {
        let answer = self.flavour.result(&method.answer);
        self.written(
            method,
            &answer,
            &format!("answer: {answer} = {request}\n        return answer"),
        )
    }

    fn written(&self, method: &Method<'_>, answer: &str, body: &str) -> String {
        let mut text = format!("\n    def {}(", method.name);
        // Which records a place takes depends on its type, as in every language.
        if method.operation.is_some_and(|operation| self.is_override(operation)) {
            text.push_str("  # type: ignore[override]");
        }
        text.push_str("\n        self,\n");
        for argument in &method.positional {
            text.push_str(&format!("        {argument},\n"));
        }
        text.push_str("        *,\n");
        for argument in &method.keywords {
            text.push_str(&format!("        {argument},\n"));
        }
        text.push_str("        headers: Headers | None = None,\n        timeout: float | None = None,\n");
        text.push_str("        retry: Retry | None = None,\n");
        text.push_str(&format!("    ) -> {answer}:\n"));
        text.push_str(&documentation(self.plan.model, method.operation, &method.documented));
        text.push_str(&format!("        {body}\n"));
        text
    }

    pub(super) fn call(&self, call: &CallPlan<'_>) -> String {
        let model = self.plan.model;
        let callable = model.callable(call.callable);
        let answered = self.plan.answered(call);
        let mut method = Method {
            name: python_name(&call.method, RESERVED),
            answer: self.hint_of(answered),
            operation: self.plan.operation_of(call),
            ..Method::default()
        };
        let mut pairs = Vec::new();
        for (parameter, argument) in callable.parameters.iter().zip(&call.arguments) {
            let argument = python_name(argument, &["headers", "timeout", "retry"]);
            let null = if parameter.nullable { " | None" } else { "" };
            let r#type = hint(self.plan, parameter.r#type, None, true);
            if call.asks_for(model, parameter) {
                method.positional.push(format!("{argument}: {}{null}", r#type));
            } else {
                method
                    .keywords
                    .push(format!("{argument}: {} | None | Unset = UNSET", r#type));
            }
            pairs.push(format!("{}: {argument}", literal(&parameter.name)));
            method.documented.push((argument, parameter.documentation.clone()));
        }
        let pairs = format!("{{{}}}", pairs.join(", "));
        let index = call.callable.0;
        if callable.kind == CallableKind::Function {
            let segment = format!("called({index}, {pairs})");
            if let Answered::Records(item) = answered {
                return self.list(method, &segment, item);
            }
            return self.method(
                &method,
                &format!(
                    "self._request(\n            \"GET\", {segment}, {}, {CALLER}\n        )",
                    self.expected(answered)
                ),
            );
        }
        let sent = if callable.parameters.is_empty() {
            "None".to_owned()
        } else {
            format!("({index}, {pairs})")
        };
        self.method(
            &method,
            &format!(
                "self._request(\n            \"POST\",\n            {},\n            {},\n            {CALLER},\n            \
                 {sent},\n        )",
                literal(&format!("/{}", callable.name.name)),
                self.expected(answered)
            ),
        )
    }

    /// The hint of a call's result.
    fn hint_of(&self, answered: Answered) -> String {
        match answered {
            Answered::Nothing => "Answer[None]".to_owned(),
            Answered::Record(id) | Answered::Records(id) => self.record(id),
            Answered::Optional(id) => format!("Answer[{} | None]", self.record(id)),
            Answered::Value(r#type) => format!("Answer[{}]", hint(self.plan, r#type, None, false)),
            Answered::Running(id) => format!("{}LongRunning[{}]", self.flavour.prefix, self.record(id)),
        }
    }
}

/// The docstring of a method.
fn documentation(model: &Model, operation: Option<&Operation>, arguments: &[(String, String)]) -> String {
    let prose = |text: &str| wrapped(text, 8, 8);
    let mut further = Vec::new();
    if let Some(operation) = operation
        && !operation.documentation.is_empty()
        && operation.documentation != operation.title
    {
        further.push(String::new());
        further.extend(prose(&operation.documentation));
    }
    further.extend([String::new(), "Args:".to_owned()]);
    for (name, said) in arguments {
        further.extend(item(name, said, 8));
    }
    further.extend(item("headers", "Further headers of this request.", 8));
    further.extend(item(
        "timeout",
        "Seconds that it may take in all, waits and repetitions included.",
        8,
    ));
    further.extend(item(
        "retry",
        "How this request is sent again; as of the client unless set.",
        8,
    ));
    let title = match operation {
        None => "Sends this request.".to_owned(),
        Some(operation) => {
            further.extend([String::new(), "Returns:".to_owned()]);
            further.extend(item(&facts::result(model, operation), "", 8));
            further.extend([String::new(), "Raises:".to_owned()]);
            further.extend(item(
                "GraphError",
                "The service or the way to it failed; see the classes below it.",
                8,
            ));
            further.push(String::new());
            further.extend(facts::remarks(operation).iter().flat_map(|line| prose(line)));
            if let Some(reference) = &operation.reference {
                further.push(format!("Source: {}", facts::reference(reference)));
            }
            format!("{}.", operation.title.trim_end_matches('.'))
        }
    };
    docstring(&title, &further, "        ")
}
