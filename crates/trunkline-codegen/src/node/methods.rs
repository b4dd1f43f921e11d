//! Methods of handles: their parameters, their call and their documentation.

use trunkline_spec::model::{CallableKind, Operation, TypeId};

use super::handles::Writer;
use super::scope::Member;
use super::text::{Comment, literal};
use crate::facts;
use crate::plan::{Answered, CallPlan, Verb};

/// Options of any call.
const OPTIONS: &str = "options?: CallOptions";
/// Options of a list.
const LIST_OPTIONS: &str = "options?: CallOptions & QueryOptions";
/// Options of reading one.
const GET_OPTIONS: &str = "options?: CallOptions & Pick<QueryOptions, \"select\" | \"expand\">";

/// A method.
struct Method<'o> {
    member: &'o Member,
    /// Its arguments, as declared.
    arguments: Vec<String>,
    /// Documentation of the first of two arguments.
    subject: Option<&'static str>,
    /// Documentation of the options.
    options: &'static str,
    answer: String,
    operation: Option<&'o Operation>,
    body: String,
}

impl Writer<'_, '_> {
    pub(super) fn basic(&self, verb: Verb, id: TypeId, operation: Option<&Operation>, member: &Member) -> String {
        let qualified = self.plan.model.structured(id).name.to_string();
        let record = self.hints.record(id);
        let mut method = Method {
            member,
            arguments: Vec::new(),
            subject: None,
            options: "How the call is made.",
            answer: String::new(),
            operation,
            body: String::new(),
        };
        match verb {
            Verb::Get => {
                method.arguments.push(GET_OPTIONS.to_owned());
                method.options = "What is asked for, and how the call is made.";
                method.answer = format!("Call<{record}>");
                method.body = format!(
                    "this.request(\"GET\", this.path, {}, options)",
                    self.expected(verb.answered(id))
                );
            }
            Verb::List => {
                method.arguments.push(LIST_OPTIONS.to_owned());
                method.options = "What is asked for, and how the calls are made.";
                method.answer = format!("List<{record}>");
                method.body = format!("this.listing(this.path, {}, options)", literal(&qualified));
            }
            Verb::Delete => {
                method.arguments.push(OPTIONS.to_owned());
                method.answer = "Call<void>".to_owned();
                method.body = format!(
                    "this.request(\"DELETE\", this.path, {}, options)",
                    self.expected(verb.answered(id))
                );
            }
            Verb::Create | Verb::Update => {
                let names_type = self.plan.record(id).abilities.names_type;
                // The service wants to know which it is, and an abstract type is none.
                let named = if names_type && self.plan.model.structured(id).is_abstract {
                    " & { \"@odata.type\": string }"
                } else {
                    ""
                };
                method.arguments.push(format!("body: Written<{record}>{named}"));
                method.arguments.push(OPTIONS.to_owned());
                method.subject = Some("The new values. Properties that are undefined are not sent; null is sent.");
                let (http, answer) = if verb == Verb::Create {
                    ("POST", format!("Call<{record}>"))
                } else {
                    ("PATCH", format!("Call<{record} | undefined>"))
                };
                method.answer = answer;
                method.body = format!(
                    "this.request(\"{http}\", this.path, {}, options, {{\n      expected: {},\n      \
                     value: body,\n      namesType: {},\n    }})",
                    self.expected(verb.answered(id)),
                    literal(&qualified),
                    names_type
                );
            }
        }
        self.written(&method)
    }

    pub(super) fn call(&self, call: &CallPlan<'_>, member: &Member) -> String {
        let model = self.plan.model;
        let callable = model.callable(call.callable);
        let answered = self.plan.answered(call);
        let parameters = self.scope.parameters(call.callable);
        let required = callable
            .parameters
            .iter()
            .any(|parameter| call.asks_for(model, parameter));
        let mut arguments = Vec::new();
        if let Some(name) = parameters {
            let default = if required { "" } else { " = {}" };
            arguments.push(format!("parameters: {name}{default}"));
        }
        let index = call.callable.0;
        let is_function = callable.kind == CallableKind::Function;
        let item = match answered {
            Answered::Records(id) => Some(literal(&model.structured(id).name.to_string())),
            _ => None,
        };
        let is_list = item.is_some();
        let values = if parameters.is_some() {
            "{ ...parameters }"
        } else {
            "{}"
        };
        let body = if let Some(item) = item {
            format!("this.listing(this.called({index}, {values}), {item}, options)")
        } else if is_function {
            let expected = self.expected(answered);
            format!("this.request(\"GET\", this.called({index}, {values}), {expected}, options)")
        } else {
            let path = literal(&format!("/{}", callable.name.name));
            let sent = if parameters.is_some() {
                format!(", {{\n      action: {index},\n      parameters: {values},\n    }}")
            } else {
                String::new()
            };
            format!(
                "this.request(\"POST\", this.path + {path}, {}, options{sent})",
                self.expected(answered)
            )
        };
        arguments.push(if is_list { LIST_OPTIONS } else { OPTIONS }.to_owned());
        self.written(&Method {
            member,
            arguments,
            subject: parameters.map(|_| "Its parameters."),
            options: "How the call is made.",
            answer: self.hint_of(answered),
            operation: self.plan.operation_of(call),
            body,
        })
    }

    fn written(&self, method: &Method<'_>) -> String {
        let overrides = if method.member.overrides { "override " } else { "" };
        format!(
            "{}  {overrides}{}({}): {} {{\n    return {};\n  }}\n",
            self.comment(method).text("  "),
            method.member.name,
            method.arguments.join(", "),
            method.answer,
            method.body
        )
    }

    /// The type of a call's result.
    fn hint_of(&self, answered: Answered) -> String {
        match answered {
            Answered::Nothing => "Call<void>".to_owned(),
            Answered::Record(id) => format!("Call<{}>", self.hints.record(id)),
            Answered::Optional(id) => format!("Call<{} | undefined>", self.hints.record(id)),
            Answered::Records(id) => format!("List<{}>", self.hints.record(id)),
            Answered::Value(r#type) => format!("Call<{}>", self.hints.result(r#type)),
            Answered::Running(id) => format!("Call<LongRunning<{}>>", self.hints.record(id)),
        }
    }

    fn comment(&self, method: &Method<'_>) -> Comment {
        let title = method
            .operation
            .map_or("Sends this request", |operation| &operation.title);
        let mut comment = Comment::of(&format!("{}.", title.trim_end_matches('.')));
        if let Some(operation) = method.operation {
            if operation.documentation != operation.title {
                comment.paragraph(&operation.documentation);
            }
            comment.heading("remarks");
            for line in facts::remarks(operation) {
                comment.paragraph(&line);
            }
        }
        if let Some(subject) = method.subject {
            let name = method.arguments[0].split(':').next().unwrap_or_default();
            comment.tag(&format!("param {name} -"), subject);
        }
        comment.tag("param options -", method.options);
        if let Some(operation) = method.operation {
            comment.tag("returns", &facts::result(self.plan.model, operation));
            comment.tag(
                "throws GraphError -",
                "The service or the way to it failed; see the classes derived from it.",
            );
            if let Some(reference) = &operation.reference {
                comment.tag("see", &facts::reference(reference));
            }
            if let Some(note) = &operation.deprecated {
                comment.tag("deprecated", note);
            }
        }
        comment
    }
}
