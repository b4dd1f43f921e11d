//! Handles: a class per type for one entity and for a collection of them, with what the service offers on each.

use std::collections::BTreeSet;

use trunkline_spec::model::{
    CallableKind, ItemType, Model, Operation, OperationKind, OperationResult, RootKind, TypeId, TypeReference,
};

use super::hint;
use super::text::{docstring, item, literal, python_name};
use crate::facts;
use crate::plan::{CallPlan, Plan, Receiver, type_ids};

/// For whom handles are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Flavour {
    Synchronous,
    Asynchronous,
}

impl Flavour {
    fn prefix(self) -> &'static str {
        match self {
            Self::Synchronous => "",
            Self::Asynchronous => "Async",
        }
    }

    /// What a call gives.
    fn given(self, value: &str) -> String {
        match self {
            Self::Synchronous => value.to_owned(),
            Self::Asynchronous => format!("Coroutine[Any, Any, {value}]"),
        }
    }
}

/// Names that handles have anyway.
const TAKEN: &[&str] = &["path"];

/// The module of a flavour.
pub(super) fn module(plan: &Plan<'_>, flavour: Flavour) -> String {
    let place = format!("{}Place", flavour.prefix());
    let list = format!("{}List", flavour.prefix());
    let running = format!("{}LongRunning", flavour.prefix());
    let mut text = docstring("Where things are in the graph, and what can be done there.", &[], "");
    text.push_str(&format!(
        "\nfrom __future__ import annotations\n\nfrom typing import TYPE_CHECKING, Any\n\n\
         from .._native import called, keyed\nfrom .._place import {place}, _pairs, _query\n\
         from .._unset import UNSET\n\nif TYPE_CHECKING:\n    from collections.abc import Coroutine, Sequence\n    \
         from datetime import date, datetime, time\n    from decimal import Decimal\n    from uuid import UUID\n\n    \
         from .._native import Answer\n    from .._place import Headers, {list}\n    from .._running import {running}\n    \
         from .._unset import Unset\n    from . import {}\n",
        plan.modules.iter().map(|module| module.name.as_str()).collect::<Vec<_>>().join(", ")
    ));
    let writer = Writer { plan, flavour };
    text.push_str(&writer.graph(&place));
    let (entities, collections) = reached(plan);
    for id in type_ids(plan.model) {
        if entities.contains(&id) {
            text.push_str(&writer.entity(id, &place));
        }
        if collections.contains(&id) {
            text.push_str(&writer.collection(id, &place));
        }
    }
    text
}

/// The types that something leads to: one of them, and many. With a type come those it derives from.
fn reached(plan: &Plan<'_>) -> (BTreeSet<TypeId>, BTreeSet<TypeId>) {
    let model = plan.model;
    let roots = model
        .roots
        .iter()
        .map(|root| (root.target, root.kind == RootKind::EntitySet));
    let navigation = model.types.iter().flat_map(|r#type| &r#type.navigation);
    let targets = roots.chain(navigation.map(|navigation| (navigation.target, navigation.collection)));
    let (mut entities, mut collections) = (BTreeSet::new(), BTreeSet::new());
    for (id, collection) in targets {
        if collection {
            collections.insert(id);
        }
        entities.extend(model.lineage(id));
    }
    (entities, collections)
}

struct Writer<'p, 'm> {
    plan: &'p Plan<'m>,
    flavour: Flavour,
}

impl Writer<'_, '_> {
    fn handle(&self, id: TypeId, suffix: &str) -> String {
        format!("{}{}{suffix}", self.flavour.prefix(), self.qualified(id))
    }

    /// A name that is unique across namespaces: the plain one where only one namespace has it.
    fn qualified(&self, id: TypeId) -> String {
        let own = self.plan.record(id);
        let is_shared = |other: &crate::plan::RecordPlan<'_>| other.ident == own.ident && other.module != own.module;
        if self.plan.records.iter().any(is_shared) {
            format!(
                "{}{}",
                crate::names::upper_camel_case(&self.plan.modules[own.module].name),
                own.ident
            )
        } else {
            own.ident.clone()
        }
    }

    fn graph(&self, place: &str) -> String {
        let mut text = format!("\n\nclass {}Graph({place}):\n", self.flavour.prefix());
        text.push_str(&docstring(
            "Every operation, at the path where Graph documents it.",
            &[],
            "    ",
        ));
        text.push_str("\n    __slots__ = ()\n");
        for (root, method) in self.plan.model.roots.iter().zip(&self.plan.roots) {
            let collection = root.kind == RootKind::EntitySet;
            text.push_str(&self.navigation(method, &root.name, &root.documentation, root.target, collection));
        }
        text.push_str(&self.calls(Receiver::Graph));
        text
    }

    fn entity(&self, id: TypeId, place: &str) -> String {
        let (described, planned) = (self.plan.model.structured(id), self.plan.record(id));
        let base = described
            .base
            .map_or_else(|| place.to_owned(), |base| self.handle(base, "Entity"));
        // A base that comes later in the module is named by what it stands on.
        let base = if described.base.is_some_and(|base| base > id) {
            place.to_owned()
        } else {
            base
        };
        let late = base == place && described.base.is_some();
        let mut text = format!("\n\nclass {}({base}):\n", self.handle(id, "Entity"));
        text.push_str(&docstring(&format!("One `{}`.", described.name), &[], "    "));
        text.push_str("\n    __slots__ = ()\n");
        let mut navigating = vec![id];
        if late {
            navigating = self.plan.model.lineage(id).collect();
        }
        for declaring in navigating {
            let described = self.plan.model.structured(declaring);
            for (navigation, method) in described.navigation.iter().zip(&self.plan.record(declaring).navigation) {
                text.push_str(&self.navigation(
                    method,
                    &navigation.name,
                    &navigation.documentation,
                    navigation.target,
                    navigation.collection,
                ));
            }
            text.push_str(&self.calls(Receiver::Entity(declaring)));
        }
        let name = described.name.to_string();
        let record = self.record(id);
        if planned.abilities.readable {
            text.push_str(&self.method(
                "get",
                &["select: Sequence[str] | None = None", "expand: str | Sequence[str] | None = None"],
                &record,
                self.operation(id, OperationKind::Get),
                &[],
                &format!(
                    "return self._request(\n            \"GET\",\n            self._path,\n            {},\n            \
                     query=_query(select=select, expand=expand),\n            headers=_pairs(headers),\n            \
                     timeout=timeout,\n        )",
                    literal(&name)
                ),
            ));
        }
        if planned.abilities.updatable {
            text.push_str(&self.body_method(
                "update",
                "PATCH",
                id,
                &format!("Answer[{record}]"),
                &format!("?{name}"),
                OperationKind::Update,
            ));
        }
        if planned.abilities.deletable {
            text.push_str(&self.method(
                "delete",
                &[],
                "Answer[None]",
                self.operation(id, OperationKind::Delete),
                &[],
                "return self._request(\n            \"DELETE\", self._path, \"\", headers=_pairs(headers), timeout=timeout\n        )",
            ));
        }
        text
    }

    fn collection(&self, id: TypeId, place: &str) -> String {
        let (described, planned) = (self.plan.model.structured(id), self.plan.record(id));
        let (handle, entity) = (self.handle(id, "Collection"), self.handle(id, "Entity"));
        let mut text = format!("\n\nclass {handle}({place}):\n");
        text.push_str(&docstring(
            &format!("A collection of `{}`.", described.name),
            &[],
            "    ",
        ));
        text.push_str(&format!(
            "\n    __slots__ = ()\n\n    def by_id(self, key: str) -> {entity}:\n        \
             \"\"\"The one with this key.\"\"\"\n        return {entity}(self._client, keyed(self._path, key))\n"
        ));
        let name = described.name.to_string();
        let record = self.record(id);
        if planned.abilities.listable {
            text.push_str(&self.list_method(
                "list",
                &[],
                &[],
                &record,
                self.operation(id, OperationKind::List),
                "self._path",
                &name,
            ));
        }
        if planned.abilities.creatable {
            text.push_str(&self.body_method("create", "POST", id, &record, &name, OperationKind::Create));
        }
        text.push_str(&self.calls(Receiver::Collection(id)));
        text
    }

    /// Whether it changes a type whose base can be changed too.
    fn is_override(&self, operation: &Operation) -> bool {
        let Some(TypeReference {
            item: ItemType::Structured(id),
            ..
        }) = operation.target
        else {
            return false;
        };
        operation.kind == OperationKind::Update
            && self
                .plan
                .model
                .lineage(id)
                .skip(1)
                .any(|base| self.plan.record(base).abilities.updatable)
    }

    fn record(&self, id: TypeId) -> String {
        hint(
            self.plan,
            TypeReference {
                item: ItemType::Structured(id),
                collection: false,
            },
            None,
            false,
        )
    }

    fn operation(&self, id: TypeId, kind: OperationKind) -> Option<&Operation> {
        self.plan.model.operations.iter().find(|operation| {
            operation.kind == kind
                && operation
                    .target
                    .is_some_and(|target| target.item == ItemType::Structured(id))
        })
    }

    fn navigation(&self, method: &str, segment: &str, documentation: &str, target: TypeId, collection: bool) -> String {
        let handle = self.handle(target, if collection { "Collection" } else { "Entity" });
        let method = python_name(method, TAKEN);
        let said = if documentation.is_empty() {
            format!("`{segment}`.")
        } else {
            documentation.to_owned()
        };
        format!(
            "\n    @property\n    def {method}(self) -> {handle}:\n{}        return {handle}(self._client, self._path + {})\n",
            docstring(&said, &[], "        "),
            literal(&format!("/{segment}"))
        )
    }

    fn body_method(
        &self,
        name: &str,
        verb: &str,
        id: TypeId,
        answer: &str,
        result: &str,
        kind: OperationKind,
    ) -> String {
        let abilities = self.plan.record(id).abilities;
        let names = if abilities.names_type {
            "\n            names_type=True,"
        } else {
            ""
        };
        let expected = self.plan.model.structured(id).name.to_string();
        self.method_with(
            name,
            &[format!("body: {}", self.record(id))],
            &[],
            answer,
            self.operation(id, kind),
            &[("body".to_owned(), "What is to be; properties that are UNSET are not sent.".to_owned())],
            &format!(
                "return self._request(\n            {},\n            self._path,\n            {},\n            body=body,\n            \
                 expected={},{names}\n            headers=_pairs(headers),\n            timeout=timeout,\n        )",
                literal(verb),
                literal(result),
                literal(&expected)
            ),
        )
    }

    #[expect(clippy::too_many_arguments, reason = "each is a part of the method")]
    fn list_method(
        &self,
        name: &str,
        positional: &[String],
        documented: &[(String, String)],
        record: &str,
        operation: Option<&Operation>,
        path: &str,
        item: &str,
    ) -> String {
        const OPTIONS: [&str; 8] = [
            "select: Sequence[str] | None = None",
            "filter: str | None = None",
            "top: int | None = None",
            "skip: int | None = None",
            "expand: str | Sequence[str] | None = None",
            "order_by: str | Sequence[str] | None = None",
            "count: bool = False",
            "search: str | None = None",
        ];
        let writer = Writer {
            plan: self.plan,
            flavour: Flavour::Synchronous,
        };
        let options: Vec<String> = OPTIONS.iter().map(|option| (*option).to_owned()).collect();
        // A list is begun without waiting, also by asynchronous callers.
        writer.method_with(
            name,
            positional,
            &options,
            &format!("{}List[{record}]", self.flavour.prefix()),
            operation,
            documented,
            &format!(
                "options = _query(select, filter, top, skip, expand, order_by, count, search)\n        \
                 listed: {}List[{record}] = self._list({path}, {}, options, headers, timeout)\n        return listed",
                self.flavour.prefix(),
                literal(item)
            ),
        )
    }

    fn method(
        &self,
        name: &str,
        keywords: &[&str],
        answer: &str,
        operation: Option<&Operation>,
        documented: &[(String, String)],
        body: &str,
    ) -> String {
        let keywords: Vec<String> = keywords.iter().map(|keyword| (*keyword).to_owned()).collect();
        self.method_with(name, &[], &keywords, answer, operation, documented, body)
    }

    #[expect(clippy::too_many_arguments, reason = "each is a part of the method")]
    fn method_with(
        &self,
        name: &str,
        positional: &[String],
        keywords: &[String],
        answer: &str,
        operation: Option<&Operation>,
        documented: &[(String, String)],
        body: &str,
    ) -> String {
        let mut text = format!("\n    def {name}(\n        self,\n");
        let overrides = operation.is_some_and(|operation| self.is_override(operation));
        for argument in positional {
            text.push_str(&format!("        {argument},\n"));
        }
        text.push_str("        *,\n");
        for argument in keywords {
            text.push_str(&format!("        {argument},\n"));
        }
        text.push_str("        headers: Headers | None = None,\n        timeout: float | None = None,\n");
        text.push_str(&format!("    ) -> {}:\n", self.flavour.given(answer)));
        // Which records a place takes depends on its type, as in every language.
        if overrides {
            text = text.replacen(
                &format!("    def {name}(\n"),
                &format!("    def {name}(  # type: ignore[override]\n"),
                1,
            );
        }
        text.push_str(&documentation(self.plan.model, operation, documented));
        // The native part checks what it reads; here its word is taken for the type.
        let body = match body.strip_prefix("return self._request(") {
            Some(rest) => format!(
                "answer: {} = self._request({rest}\n        return answer",
                self.flavour.given(answer)
            ),
            None => body.to_owned(),
        };
        text.push_str(&format!("        {body}\n"));
        text
    }

    fn calls(&self, receiver: Receiver) -> String {
        self.plan
            .calls
            .iter()
            .filter(|call| call.receiver == receiver)
            .map(|call| self.call(call))
            .collect()
    }

    fn call(&self, call: &CallPlan<'_>) -> String {
        let model = self.plan.model;
        let callable = model.callable(call.callable);
        let operation = call.operations.first().and_then(|index| model.operations.get(*index));
        let name = python_name(&call.method, TAKEN);
        let (mut positional, mut keywords, mut documented, mut pairs) =
            (Vec::new(), Vec::new(), Vec::new(), String::new());
        for (parameter, argument) in callable.parameters.iter().zip(&call.arguments) {
            let argument = python_name(argument, &["headers", "timeout"]);
            let null = if parameter.nullable { " | None" } else { "" };
            let r#type = hint(self.plan, parameter.r#type, None, true);
            if parameter.required || callable.kind == CallableKind::Function {
                positional.push(format!("{argument}: {}{null}", r#type));
            } else {
                keywords.push(format!("{argument}: {} | None | Unset = UNSET", r#type));
            }
            documented.push((argument.clone(), parameter.documentation.clone()));
            pairs.push_str(&format!("{}: {argument}, ", literal(&parameter.name)));
        }
        let pairs = format!("{{{}}}", pairs.trim_end_matches(", "));
        let index = call.callable.0;
        let (answer, result) = self.answer(call, operation);
        if callable.kind == CallableKind::Function {
            let path = format!("called(self._path, {index}, {pairs})");
            if let Some(item) = result.strip_prefix('*') {
                return self.list_method(&name, &positional, &documented, &answer, operation, &path, item);
            }
            let body = format!(
                "return self._request(\n            \"GET\", {path}, {}, headers=_pairs(headers), timeout=timeout\n        )",
                literal(&result)
            );
            return self.method_with(&name, &positional, &keywords, &answer, operation, &documented, &body);
        }
        let sent = if callable.parameters.is_empty() {
            "None".to_owned()
        } else {
            format!("({index}, {pairs})")
        };
        let body = format!(
            "return self._request(\n            \"POST\",\n            self._path + {},\n            {},\n            body={sent},\n            \
             headers=_pairs(headers),\n            timeout=timeout,\n        )",
            literal(&format!("/{}", callable.name.name)),
            literal(result.trim_start_matches('*'))
        );
        self.method_with(&name, &positional, &keywords, &answer, operation, &documented, &body)
    }

    /// The hint of what a call answers, and how the native part is told of it.
    fn answer(&self, call: &CallPlan<'_>, operation: Option<&Operation>) -> (String, String) {
        let model = self.plan.model;
        let of = |r#type: TypeReference, optional: bool| {
            let hint = hint(self.plan, r#type, None, false);
            match r#type.item {
                ItemType::Structured(id) => {
                    let name = model.structured(id).name.to_string();
                    match (r#type.collection, optional) {
                        (true, _) => (self.record(id), format!("*{name}")),
                        (false, true) => (format!("Answer[{hint} | None]"), format!("?{name}")),
                        (false, false) => (hint, name),
                    }
                }
                ItemType::Enum(id) => (
                    format!("Answer[{hint}]"),
                    valued(&model.enumeration(id).name.to_string(), r#type.collection),
                ),
                ItemType::Primitive(primitive) => (
                    format!("Answer[{hint}]"),
                    valued(&format!("Edm.{}", primitive.name()), r#type.collection),
                ),
            }
        };
        let nothing = || ("Answer[None]".to_owned(), String::new());
        let Some(operation) = operation else {
            return model
                .callable(call.callable)
                .returns
                .map_or_else(nothing, |returns| of(returns.r#type, false));
        };
        if let Some(running) = &operation.long_running {
            let record = self.record(running.r#type);
            let name = model.structured(running.r#type).name.to_string();
            return (
                format!("{}LongRunning[{record}]", self.flavour.prefix()),
                format!("!{name}"),
            );
        }
        match operation.result {
            OperationResult::None | OperationResult::Batch => nothing(),
            OperationResult::Value { r#type, optional } => of(r#type, optional),
            OperationResult::Pages(item) => of(TypeReference { item, collection: true }, false),
        }
    }
}

fn valued(name: &str, collection: bool) -> String {
    if collection {
        format!("=[{name}]")
    } else {
        format!("={name}")
    }
}

/// The docstring of a method.
fn documentation(model: &Model, operation: Option<&Operation>, arguments: &[(String, String)]) -> String {
    let mut further = Vec::new();
    if let Some(operation) = operation
        && !operation.documentation.is_empty()
        && operation.documentation != operation.title
    {
        further.push(String::new());
        further.extend(super::text::wrapped(&operation.documentation, 8, 8));
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
            further.extend(super::text::wrapped(&facts::repetition(operation), 8, 8));
            if let Some(path) = operation.paths.first() {
                for line in facts::permissions(path) {
                    further.extend(super::text::wrapped(&line, 8, 8));
                }
            }
            further.extend(super::text::wrapped(
                &format!("Clouds: {}.", facts::clouds(&operation.paths)),
                8,
                8,
            ));
            if let Some(reference) = &operation.reference {
                further.push(format!("Source: {}", facts::reference(reference)));
            }
            format!("{}.", operation.title.trim_end_matches('.'))
        }
    };
    docstring(&title, &further, "        ")
}
