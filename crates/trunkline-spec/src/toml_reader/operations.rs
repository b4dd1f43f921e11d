//! Converts the operations of an area's TOML, once all types are known.

use std::collections::{BTreeSet, HashMap, HashSet};

use toml::Spanned;

use super::operation_checks;
use super::operation_document::{IdempotencyEntry, IdempotencyName, KindName, LongRunningEntry, OperationEntry};
use super::source::Source;
use crate::model::{
    CallableId, CallableKind, Idempotency, ItemType, LongRunning, Model, Operation, OperationKind, OperationResult,
    TypeReference,
};
use crate::names;
use crate::place::{Place, Problem, Problems};

/// Reads operations of all areas, then checks what they say of each other.
pub(super) struct Operations<'reading> {
    pub(super) model: &'reading Model,
    corrections: &'reading HashSet<String>,
    throttling: &'reading BTreeSet<&'reading str>,
    read: Vec<(Operation, Place)>,
    pub(super) addresses: HashMap<(&'static str, String), String>,
    pub(super) problems: Vec<Problem>,
}

/// The operation being read.
pub(super) struct Reading<'area> {
    pub(super) source: &'area Source,
    namespace: &'area str,
    pub(super) place: Place,
    pub(super) id: String,
}

impl<'reading> Operations<'reading> {
    /// Starts with a resolved model.
    pub(super) fn new(
        model: &'reading Model,
        corrections: &'reading HashSet<String>,
        throttling: &'reading BTreeSet<&'reading str>,
    ) -> Self {
        Self {
            model,
            corrections,
            throttling,
            read: Vec::new(),
            addresses: HashMap::new(),
            problems: Vec::new(),
        }
    }

    /// Reads the operations of one area.
    pub(super) fn read(&mut self, source: &Source, namespace: &str, entries: Vec<Spanned<OperationEntry>>) {
        for entry in entries {
            let place = source.place(entry.span());
            let entry = entry.into_inner();
            let reading = Reading {
                source,
                namespace,
                place,
                id: entry.id.clone(),
            };
            self.operation(&reading, entry);
        }
    }

    /// All operations, sorted by id, and all problems.
    pub(super) fn finish(mut self) -> (Vec<Operation>, Vec<Problem>) {
        self.read.sort_by(|(a, _), (b, _)| a.id.cmp(&b.id));
        operation_checks::check(self.model, &self.read, &mut self.problems);
        let mut operations: Vec<Operation> = self.read.into_iter().map(|(operation, _)| operation).collect();
        operation_checks::link_long_running(&mut operations);
        (operations, self.problems)
    }

    fn problem(&mut self, reading: &Reading<'_>, reason: &str) {
        self.problems.add(&reading.place, format!("{}: {reason}", reading.id));
    }

    pub(super) fn problem_at(&mut self, reading: &Reading<'_>, span: std::ops::Range<usize>, reason: &str) {
        self.problems
            .add(&reading.source.place(span), format!("{}: {reason}", reading.id));
    }

    fn operation(&mut self, reading: &Reading<'_>, entry: OperationEntry) {
        for (what, text) in [
            ("id", &entry.id),
            ("title", &entry.title),
            ("documentation", &entry.documentation),
            ("source", &entry.source),
        ] {
            self.problems
                .filled(&reading.place, format_args!("{}: {what}", reading.id), text);
        }
        if let Some(group) = entry
            .throttling
            .as_ref()
            .filter(|group| !self.throttling.contains(group.as_ref().as_str()))
        {
            self.problem_at(
                reading,
                group.span(),
                &format!("there is no throttling group {}", group.as_ref()),
            );
        }
        for id in entry.corrections.iter().filter(|id| !self.corrections.contains(*id)) {
            self.problem(reading, &format!("there is no correction {id}"));
        }
        for option in entry.query.iter().filter(|option| !option.as_ref().starts_with('$')) {
            self.problem_at(
                reading,
                option.span(),
                &format!("the query option {} lacks its dollar", option.as_ref()),
            );
        }
        if !entry.success.as_ref().iter().all(|status| (200..300).contains(status)) || entry.success.as_ref().is_empty()
        {
            self.problem_at(reading, entry.success.span(), "success lists statuses from 200 to 299");
        }
        if let Some(size) = &entry.page_size {
            let fits = size.as_ref().default <= size.as_ref().maximum && size.as_ref().default > 0;
            if entry.kind != KindName::List || !fits {
                self.problem_at(
                    reading,
                    size.span(),
                    "page_size is for lists, and the default is within the maximum",
                );
            }
        }
        let target = entry.target.as_ref().and_then(|target| self.target(reading, target));
        let Some(kind) = self.kind(reading, &entry, target) else {
            return;
        };
        let Some(result) = self.result(reading, &entry.result, kind, target) else {
            return;
        };
        let Some(idempotency) = self.idempotency(reading, entry.idempotency) else {
            return;
        };
        let long_running = entry.long_running.map(|entry| {
            let span = entry.span();
            let LongRunningEntry {
                location,
                operation,
                status,
                succeeded,
                failed,
                details,
            } = entry.into_inner();
            if location != "header" {
                self.problem_at(reading, span, "long_running: location must be \"header\"");
            }
            let r#type = crate::draft::UNRESOLVED;
            LongRunning {
                operation,
                r#type,
                status,
                succeeded,
                failed,
                details,
            }
        });
        if entry.paths.is_empty() {
            self.problem(reading, "there is no path");
        }
        let method = entry.method;
        let paths = entry
            .paths
            .into_iter()
            .map(|path| self.path(reading, path, kind, target, method))
            .collect();
        let operation = Operation {
            id: entry.id,
            title: entry.title,
            documentation: entry.documentation,
            kind,
            method,
            target,
            success: entry.success.into_inner(),
            result,
            query: entry.query.into_iter().map(Spanned::into_inner).collect(),
            page_size: entry.page_size.map(Spanned::into_inner),
            throttling: entry.throttling.map(Spanned::into_inner),
            roles: entry.roles,
            recent_sign_in: entry.recent_sign_in,
            reference: entry.reference,
            source: entry.source,
            corrections: entry.corrections,
            deprecated: entry.deprecated,
            idempotency,
            long_running,
            body: entry.body,
            paths,
        };
        self.read.push((operation, reading.place.clone()));
    }

    fn type_reference(&mut self, reading: &Reading<'_>, text: &Spanned<String>) -> Option<TypeReference> {
        let place = reading.source.place(text.span());
        match names::short_reference(text.as_ref(), reading.namespace, &place) {
            Err(problem) => {
                self.problem_at(reading, text.span(), &problem.reason);
                None
            }
            Ok(reference) => match self.model.item_named(&reference.name) {
                Some(item) => Some(TypeReference {
                    item,
                    collection: reference.collection,
                }),
                None => {
                    self.problem_at(reading, text.span(), &format!("the type {} is unknown", reference.name));
                    None
                }
            },
        }
    }

    fn target(&mut self, reading: &Reading<'_>, text: &Spanned<String>) -> Option<TypeReference> {
        let reference = self.type_reference(reading, text)?;
        if operation_checks::entity(self.model, reference).is_none() {
            self.problem_at(
                reading,
                text.span(),
                &format!("the target {} is not an entity type", text.as_ref()),
            );
            return None;
        }
        Some(reference)
    }

    /// The kind of the operation; for actions and functions with the overload it invokes.
    fn kind(
        &mut self,
        reading: &Reading<'_>,
        entry: &OperationEntry,
        target: Option<TypeReference>,
    ) -> Option<OperationKind> {
        let calls = matches!(entry.kind, KindName::Action | KindName::Function);
        if target.is_none() != (entry.kind == KindName::Batch) {
            if entry.target.is_none() {
                self.problem(reading, "the target is missing");
            } else if entry.kind == KindName::Batch {
                self.problem(reading, "a batch has no target");
            }
            return None;
        }
        if calls != entry.call.is_some() {
            self.problem(reading, "call is for actions and functions, and they need it");
            return None;
        }
        if let Some(parameters) = entry.call_parameters.as_ref().filter(|_| !calls) {
            self.problem_at(
                reading,
                parameters.span(),
                "call_parameters are for actions and functions",
            );
        }
        Some(match entry.kind {
            KindName::Get => OperationKind::Get,
            KindName::List => OperationKind::List,
            KindName::Create => OperationKind::Create,
            KindName::Update => OperationKind::Update,
            KindName::Delete => OperationKind::Delete,
            KindName::Batch => OperationKind::Batch,
            KindName::Action => OperationKind::Action(self.overload(reading, entry, CallableKind::Action, target?)?),
            KindName::Function => {
                OperationKind::Function(self.overload(reading, entry, CallableKind::Function, target?)?)
            }
        })
    }

    fn overload(
        &mut self,
        reading: &Reading<'_>,
        entry: &OperationEntry,
        kind: CallableKind,
        target: TypeReference,
    ) -> Option<CallableId> {
        let call = entry.call.as_ref()?;
        let place = reading.source.place(call.span());
        let name = match names::short_reference(call.as_ref(), reading.namespace, &place) {
            Ok(reference) if !reference.collection => reference.name,
            _ => {
                self.problem_at(
                    reading,
                    call.span(),
                    &format!("{} is not the name of a call", call.as_ref()),
                );
                return None;
            }
        };
        let model = self.model;
        let here = operation_checks::entity(model, target)?;
        let fitting: Vec<CallableId> = model
            .callables_named(&name)
            .filter(|(_, callable)| callable.kind == kind)
            .filter(|(_, callable)| match callable.binding {
                Some(TypeReference {
                    item: ItemType::Structured(bound),
                    collection,
                }) => collection == target.collection && model.is_a(here, bound),
                _ => false,
            })
            .filter(|(_, callable)| match &entry.call_parameters {
                None => true,
                Some(wanted) => callable
                    .parameters
                    .iter()
                    .map(|parameter| &parameter.name)
                    .eq(wanted.as_ref().iter()),
            })
            .map(|(id, _)| id)
            .collect();
        match fitting.as_slice() {
            [id] => Some(*id),
            [] => {
                let reason = format!(
                    "there is no such {} {name} for {}",
                    kind_name(kind),
                    model.type_name(target)
                );
                self.problem_at(reading, call.span(), &reason);
                None
            }
            _ => {
                let reason = format!("{name} has several overloads: call_parameters must say which is meant");
                self.problem_at(reading, call.span(), &reason);
                None
            }
        }
    }

    fn result(
        &mut self,
        reading: &Reading<'_>,
        text: &Spanned<String>,
        kind: OperationKind,
        target: Option<TypeReference>,
    ) -> Option<OperationResult> {
        let (word, optional) = match text.as_ref().strip_suffix('?') {
            Some(word) => (word, true),
            None => (text.as_ref().as_str(), false),
        };
        let returned = match kind {
            OperationKind::Action(id) | OperationKind::Function(id) => self.model.callable(id).returns,
            _ => None,
        };
        let refused = |operations: &mut Self, reason: &str| {
            operations.problem_at(reading, text.span(), &format!("result {word}: {reason}"));
            None
        };
        match word {
            "none" | "batch" | "collection" if optional => refused(self, "cannot be optional"),
            "none" => Some(OperationResult::None),
            "batch" if kind == OperationKind::Batch => Some(OperationResult::Batch),
            "batch" => refused(self, "only a batch answers so"),
            "entity" => match target.and_then(|target| operation_checks::entity(self.model, target)) {
                Some(id) => {
                    let r#type = TypeReference {
                        item: ItemType::Structured(id),
                        collection: false,
                    };
                    Some(OperationResult::Value { r#type, optional })
                }
                None => refused(self, "there is no target"),
            },
            "collection" => match (kind, returned, target) {
                (OperationKind::Action(_) | OperationKind::Function(_), Some(returns), _)
                    if returns.r#type.collection =>
                {
                    Some(OperationResult::Pages(returns.r#type.item))
                }
                (OperationKind::List, _, Some(target)) => Some(OperationResult::Pages(target.item)),
                _ => refused(self, "nothing here returns a collection"),
            },
            "body" => match returned {
                Some(returns) => Some(OperationResult::Value {
                    r#type: returns.r#type,
                    optional,
                }),
                None => refused(self, "nothing is returned by what is called"),
            },
            _ => {
                let name = Spanned::new(text.span(), word.to_owned());
                let r#type = self.type_reference(reading, &name)?;
                if returned.is_some_and(|returns| returns.r#type != r#type) {
                    return refused(self, "what is called returns something else");
                }
                Some(OperationResult::Value { r#type, optional })
            }
        }
    }

    fn idempotency(&mut self, reading: &Reading<'_>, entry: Spanned<IdempotencyEntry>) -> Option<Idempotency> {
        let span = entry.span();
        let IdempotencyEntry { kind, by, how } = entry.into_inner();
        let how = how.filter(|how| !how.trim().is_empty());
        match (kind, by, how) {
            (IdempotencyName::Safe, None, None) => Some(Idempotency::Safe),
            (IdempotencyName::Idempotent, None, None) => Some(Idempotency::Idempotent),
            (IdempotencyName::Confirm, Some(by), Some(how)) => Some(Idempotency::Confirm {
                by: by.into_inner(),
                how,
            }),
            (IdempotencyName::Never, None, Some(how)) => Some(Idempotency::Never { how }),
            _ => {
                let reason = "idempotency: confirm needs by and how, never needs how, the others have neither";
                self.problem_at(reading, span, reason);
                None
            }
        }
    }
}

fn kind_name(kind: CallableKind) -> &'static str {
    match kind {
        CallableKind::Action => "action",
        CallableKind::Function => "function",
    }
}
