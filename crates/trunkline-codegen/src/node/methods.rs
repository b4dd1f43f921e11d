//! Methods of handles: their parameters, their call and their documentation.

use trunkline_spec::interface::Reference;
use trunkline_spec::model::{Callable, CallableKind, Operation, Parameter, TypeId};

use super::hints::Hints;
use super::scope::Scope;
use super::text::{Comment, literal};
use crate::facts;
use crate::interface::reference_type;
use crate::plan::{AnswerPlan, Answered, CallPlan, PlacePlan, Plan, Verb};

const LIST_OPTIONS: &str = "What is asked for, and how the calls are made.";

/// A method that makes a call.
pub(super) struct Method {
    pub(super) comment: Comment,
    /// The type of the result.
    pub(super) answer: String,
    /// The answer that is expected: its index, by which the native part finds it in the description. Of a list, the type of the
    /// items.
    pub(super) expected: String,
    pub(super) request: Request,
}

/// The request of a method.
pub(super) enum Request {
    Get,
    List,
    Delete,
    /// Creates or updates.
    Write {
        http: &'static str,
        record: String,
        is_abstract: bool,
        /// The name of the type, as a literal.
        type_name: String,
        /// Whether the body has to name its type.
        names_type: bool,
    },
    /// Invokes an action or a function.
    Invoke {
        index: u32,
        /// The segment of the path, as a literal.
        segment: String,
        /// The interface of its parameters.
        parameters: Option<String>,
        /// Whether a call has to say one of the parameters.
        has_required: bool,
        is_list: bool,
        is_function: bool,
    },
}

/// The interface of the parameters of an action or a function.
pub(super) struct Parameters<'m> {
    pub(super) name: String,
    pub(super) callable: &'m Callable,
    /// Its parameters, whether they are optional, and their types.
    pub(super) list: Vec<(&'m Parameter, bool, String)>,
}

/// Collects methods.
pub(super) struct Methods<'p, 'm> {
    pub(super) plan: &'p Plan<'m>,
    pub(super) scope: Scope,
    hints: Hints<'p, 'm>,
    /// The records that may stand for texts.
    references: &'p [Reference],
    /// The expected answers, by their index.
    answers: Vec<AnswerPlan>,
}

impl<'p, 'm> Methods<'p, 'm> {
    pub(super) fn new(plan: &'p Plan<'m>, places: &[PlacePlan<'_>], references: &'p [Reference]) -> Self {
        Self {
            plan,
            scope: Scope::new(plan, places),
            hints: Hints { plan, own: None },
            references,
            answers: plan.answers(),
        }
    }

    /// The interface of the parameters of a call; none when there are no parameters.
    pub(super) fn parameters(&self, call: &CallPlan<'_>) -> Option<Parameters<'m>> {
        let name = self.scope.parameters(call.callable)?;
        let model = self.plan.model;
        let callable = model.callable(call.callable);
        let list = callable.parameters.iter().map(|parameter| {
            let is_optional = !call.asks_for(model, parameter);
            let mut references = self.references.iter();
            let reference = references.find(|reference| reference.parameters.contains(&parameter.name));
            let hint = reference.map_or_else(|| self.hints.argument(parameter.r#type), reference_type);
            (parameter, is_optional, hint)
        });
        Some(Parameters {
            name: name.to_owned(),
            callable,
            list: list.collect(),
        })
    }

    /// A record of a type, and the property that is its key. A key of several properties is written out.
    pub(super) fn record_with_key(&self, id: TypeId) -> Option<(String, String)> {
        let model = self.plan.model;
        let mut bases = std::iter::successors(Some(id), |id| model.structured(*id).base);
        let key = bases.find_map(|id| Some(&model.structured(id).key).filter(|key| !key.is_empty()))?;
        match key.as_slice() {
            [property] => Some((self.hints.record(id), property.clone())),
            _ => None,
        }
    }

    pub(super) fn basic(&self, verb: Verb, id: TypeId, operation: Option<&Operation>) -> Method {
        let r#type = self.plan.model.structured(id);
        let write = |http: &'static str| Request::Write {
            http,
            record: self.hints.record(id),
            is_abstract: r#type.is_abstract,
            type_name: literal(&r#type.name.to_string()),
            names_type: self.plan.record(id).abilities.names_type,
        };
        let (request, options) = match verb {
            Verb::Get => (Request::Get, "What is asked for, and how the call is made."),
            Verb::List => (Request::List, LIST_OPTIONS),
            Verb::Delete => (Request::Delete, "How the call is made."),
            Verb::Create => (write("POST"), "How the call is made."),
            Verb::Update => (write("PATCH"), "How the call is made."),
        };
        let subject = matches!(verb, Verb::Create | Verb::Update).then_some((
            "param body -",
            "The new values. Properties that are undefined are not sent; null is sent.",
        ));
        Method {
            comment: self.comment(operation, subject, options),
            answer: self.hint_of(verb.answered(id)),
            expected: self.expected(verb.answered(id)),
            request,
        }
    }

    pub(super) fn call(&self, call: &CallPlan<'_>) -> Method {
        let model = self.plan.model;
        let callable = model.callable(call.callable);
        let answered = self.plan.answered(call);
        let parameters = self.scope.parameters(call.callable);
        let subject = parameters.map(|_| ("param parameters -", "Its parameters."));
        let mut all = callable.parameters.iter();
        Method {
            comment: self.comment(self.plan.operation_of(call), subject, "How the call is made."),
            answer: self.hint_of(answered),
            expected: self.expected(answered),
            request: Request::Invoke {
                index: call.callable.0,
                segment: literal(&format!("/{}", callable.name.name)),
                parameters: parameters.map(str::to_owned),
                has_required: all.any(|parameter| call.asks_for(model, parameter)),
                is_list: matches!(answered, Answered::Records(_)),
                is_function: callable.kind == CallableKind::Function,
            },
        }
    }

    fn expected(&self, answered: Answered) -> String {
        match answered {
            Answered::Records(id) => literal(&self.plan.model.structured(id).name.to_string()),
            _ => self.plan.answer_index(&self.answers, answered).to_string(),
        }
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

    /// The documentation of a method: of its operation, of the first of two arguments, and of its options.
    fn comment(&self, operation: Option<&Operation>, subject: Option<(&str, &str)>, options: &str) -> Comment {
        let title = operation.map_or("Sends this request", |operation| &operation.title);
        let mut comment = Comment::of(&format!("{}.", title.trim_end_matches('.')));
        if let Some(operation) = operation {
            if operation.documentation != operation.title {
                comment.paragraph(&operation.documentation);
            }
            comment.heading("remarks");
            for line in facts::remarks(operation) {
                comment.paragraph(&line);
            }
        }
        if let Some((tag, says)) = subject {
            comment.tag(tag, says);
        }
        let queried = operation
            .filter(|_| options == LIST_OPTIONS)
            .map(facts::query)
            .unwrap_or_default();
        comment.tag("param options -", &format!("{options}{queried}"));
        if let Some(operation) = operation {
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
