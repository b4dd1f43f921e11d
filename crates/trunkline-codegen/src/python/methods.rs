//! Methods of handles: their parameters, their requests and the facts of their operations.

use trunkline_spec::model::{CallableKind, Operation, TypeId};

use super::handles::{Facts, Method, Parameter, RESERVED, Request, Writer};
use super::hints::{hint, parameter_hint};
use super::text::{described, literal, prose, python_name};
use crate::facts;
use crate::plan::{Answered, CallPlan, Verb};

/// Before the lines of a method's docstring.
const INDENT: &str = "        ";
/// Before the further lines of an item in a section of a method's docstring.
const INDENT_OF_ITEM: &str = "                ";

impl Writer<'_, '_> {
    pub(super) fn basic(&self, verb: Verb, id: TypeId, operation: Option<&Operation>) -> Method {
        let item = self.plan.model.structured(id).name.to_string();
        let answered = verb.answered(id);
        let expected = || self.expected(answered);
        let (name, request) = match verb {
            Verb::Get => ("get", Request::Get { expected: expected() }),
            Verb::List => {
                let segment = literal("");
                ("list", Request::List { segment, item })
            }
            Verb::Delete => ("delete", Request::Delete { expected: expected() }),
            Verb::Create | Verb::Update => {
                let (name, http) = if verb == Verb::Create {
                    ("create", "POST")
                } else {
                    ("update", "PATCH")
                };
                let request = Request::Body {
                    http,
                    record: self.record(id),
                    expected: expected(),
                    item,
                    names_type: self.plan.record(id).abilities.names_type,
                };
                (name, request)
            }
        };
        let answer = match verb {
            Verb::Update => format!("Answer[{}]", self.record(id)),
            _ => self.hint_of(answered),
        };
        self.method(name.to_owned(), Vec::new(), &answer, request, operation)
    }

    pub(super) fn call(&self, call: &CallPlan<'_>) -> Method {
        let model = self.plan.model;
        let callable = model.callable(call.callable);
        let answered = self.plan.answered(call);
        let (mut parameters, mut pairs) = (Vec::new(), Vec::new());
        for (parameter, argument) in callable.parameters.iter().zip(&call.arguments) {
            let name = python_name(argument, &["headers", "timeout", "retry"]);
            let is_positional = call.asks_for(model, parameter);
            let null = if is_positional && parameter.nullable {
                " | None"
            } else {
                ""
            };
            let documentation = described(&name, &parameter.documentation);
            let mut references = self.references.iter();
            let reference = references.find(|reference| reference.parameters.contains(&parameter.name));
            let value = match reference {
                Some(reference) => format!("identifier({}, {name}, {})", literal(&name), literal(&reference.name)),
                None => name.clone(),
            };
            pairs.push(format!("{}: {value}", literal(&parameter.name)));
            parameters.push(Parameter {
                hint: format!("{}{null}", parameter_hint(self.plan, parameter.r#type, reference)),
                name,
                is_positional,
                documentation: prose(&documentation, INDENT_OF_ITEM.len(), INDENT_OF_ITEM),
            });
        }
        let invoked = format!("({}, {{{}}})", call.callable.0, pairs.join(", "));
        let request = match (callable.kind, answered) {
            (CallableKind::Function, Answered::Records(item)) => Request::List {
                segment: format!("called{invoked}"),
                item: model.structured(item).name.to_string(),
            },
            (CallableKind::Function, _) => Request::Function {
                segment: format!("called{invoked}"),
                expected: self.expected(answered),
            },
            (CallableKind::Action, _) => Request::Action {
                path: format!("/{}", callable.name.name),
                expected: self.expected(answered),
                sent: if pairs.is_empty() { "None".to_owned() } else { invoked },
            },
        };
        let name = python_name(&call.method, RESERVED);
        let operation = self.plan.operation_of(call);
        self.method(name, parameters, &self.hint_of(answered), request, operation)
    }

    fn method(
        &self,
        name: String,
        parameters: Vec<Parameter>,
        answer: &str,
        request: Request,
        operation: Option<&Operation>,
    ) -> Method {
        Method {
            name,
            parameters,
            answer: match request {
                // Beginning a list waits for nothing, also for asynchronous callers.
                Request::List { .. } => format!("{}List[{answer}]", self.flavour.prefix),
                _ => self.flavour.result(answer),
            },
            request,
            is_override: operation.is_some_and(|operation| self.is_override(operation)),
            facts: operation.map(|operation| self.facts(operation)),
        }
    }

    fn facts(&self, operation: &Operation) -> Facts {
        let Operation {
            title, documentation, ..
        } = operation;
        let remarks = facts::remarks(operation);
        let remarks: Vec<String> = remarks.iter().map(|line| prose(line, INDENT.len(), INDENT)).collect();
        let result = facts::result(self.plan.model, operation);
        let options = query_arguments(operation).into_iter();
        Facts {
            title: prose(&format!("{}.", title.trim_end_matches('.')), INDENT.len() + 3, INDENT),
            documentation: (!documentation.is_empty() && documentation != title)
                .then(|| prose(documentation, INDENT.len(), INDENT)),
            options: options
                .map(|option| prose(&option, INDENT_OF_ITEM.len(), INDENT_OF_ITEM))
                .collect(),
            result: prose(&result, INDENT_OF_ITEM.len(), INDENT_OF_ITEM),
            remarks: remarks.join(&format!("\n{INDENT}")),
            reference: operation.reference.as_deref().map(facts::reference),
        }
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

/// The arguments of the query options that the service documents for a read or a list.
fn query_arguments(operation: &Operation) -> Vec<String> {
    let size = operation.page_size.as_ref().map_or_else(String::new, |size| {
        format!("; {} unless set, {} at most", size.default, size.maximum)
    });
    let arguments = [
        (
            "$select",
            "select: Properties to read, by their wire names (`$select`).".to_owned(),
        ),
        (
            "$filter",
            "filter: A condition in OData's words (`$filter`).".to_owned(),
        ),
        ("$top", format!("top: Items on a page (`$top`){size}.")),
        ("$skip", "skip: Items to leave out at the start (`$skip`).".to_owned()),
        (
            "$expand",
            "expand: Related records to read as well (`$expand`).".to_owned(),
        ),
        (
            "$orderby",
            "order_by: The order, such as `displayName desc` (`$orderby`).".to_owned(),
        ),
        ("$count", "count: Whether all items are counted (`$count`).".to_owned()),
        ("$search", "search: Words to search for (`$search`).".to_owned()),
    ];
    let is_documented = |(option, _): &(&str, String)| operation.query.iter().any(|known| known == option);
    arguments
        .into_iter()
        .filter(is_documented)
        .map(|(_, argument)| argument)
        .collect()
}
