//! Handles: for each type, a class for one entity and a class for a collection, with their operations.

use std::collections::BTreeSet;

use trunkline_spec::model::TypeId;

use super::hints::Hints;
use super::scope::{Member, Scope};
use super::text::{Comment, literal, module_alias, module_file, property};
use crate::plan::{AnswerPlan, Answered, CallPlan, Offer, PlacePlan, Plan, Receiver};

/// Types that handles mention, by the module that declares them.
const MENTIONED: &[(&str, &[&str])] = &[
    (
        "../place.js",
        &["Call", "CallOptions", "List", "LongRunning", "QueryOptions"],
    ),
    ("../written.js", &["Written"]),
];

/// The module of all handles.
pub(super) fn module(plan: &Plan<'_>) -> String {
    let places = plan.places();
    let scope = Scope::new(plan, &places);
    let writer = Writer {
        plan,
        hints: Hints { plan, own: None },
        scope,
        answers: plan.answers(),
    };
    let mut body = String::new();
    let mut declared = BTreeSet::new();
    for place in &places {
        for offer in &place.offers {
            if let Offer::Call(call) = offer
                && declared.insert(call.callable)
            {
                body.push_str(&writer.parameters(call));
            }
        }
        body.push_str(&writer.class(place));
    }
    let code: Vec<&str> = body
        .lines()
        .filter(|line| !line.trim_start().starts_with(['*', '/']))
        .collect();
    let code = code.join("\n");
    let mentions = |name: &str| {
        let mut found = code.match_indices(name);
        found.any(|(at, _)| {
            let before = code[..at].chars().next_back();
            let after = code[at + name.len()..].chars().next();
            before.is_some_and(|before| " (<".contains(before)) && after.is_some_and(|after| "<,) ".contains(after))
        })
    };
    let mut text = String::new();
    for (index, (from, names)) in MENTIONED.iter().enumerate() {
        let names: Vec<String> = names
            .iter()
            .filter(|name| mentions(name))
            .map(|name| format!("type {name}"))
            .collect();
        let names: Vec<String> = if index == 0 {
            vec!["Place".to_owned()]
        } else {
            Vec::new()
        }
        .into_iter()
        .chain(names)
        .collect();
        if !names.is_empty() {
            text.push_str(&format!("import {{ {} }} from \"{from}\";\n", names.join(", ")));
        }
    }
    for module in &plan.modules {
        let (alias, file) = (module_alias(&module.name), module_file(&module.name));
        if body.contains(&format!("{alias}.")) {
            text.push_str(&format!("import type * as {alias} from \"./{file}.js\";\n"));
        }
    }
    text.push_str(&body);
    text
}

/// Writes handles.
pub(super) struct Writer<'p, 'm> {
    pub(super) plan: &'p Plan<'m>,
    pub(super) hints: Hints<'p, 'm>,
    pub(super) scope: Scope,
    /// The expected answers, by their index.
    answers: Vec<AnswerPlan>,
}

impl Writer<'_, '_> {
    /// The interface of the parameters of an action or a function; empty when there are none.
    fn parameters(&self, call: &CallPlan<'_>) -> String {
        let Some(name) = self.scope.parameters(call.callable) else {
            return String::new();
        };
        let model = self.plan.model;
        let callable = model.callable(call.callable);
        let says = Comment::of(&format!("Parameters of `{}`.", callable.name));
        let mut text = format!("\n{}export interface {name} {{\n", says.text(""));
        for parameter in &callable.parameters {
            let optional = if call.asks_for(model, parameter) { "" } else { "?" };
            let null = if parameter.nullable { " | null" } else { "" };
            text.push_str(&format!(
                "{}  {}{optional}: {}{null};\n",
                Comment::of(&parameter.documentation).text("  "),
                property(&parameter.name),
                self.hints.argument(parameter.r#type)
            ));
        }
        text.push_str("}\n");
        text
    }

    /// The index of an expected answer, by which the native part finds it in the description.
    pub(super) fn expected(&self, answered: Answered) -> usize {
        self.plan.answer_index(&self.answers, answered)
    }

    fn class(&self, place: &PlacePlan<'_>) -> String {
        let described = |id: TypeId| &self.plan.model.structured(id).name;
        let (name, base, says) = match place.receiver {
            Receiver::Graph => (
                "Graph".to_owned(),
                "Place".to_owned(),
                "Every operation, at the path where Graph documents it.".to_owned(),
            ),
            Receiver::Entity(id) => {
                let base = self.plan.model.structured(id).base;
                let base = base.map_or_else(|| "Place".to_owned(), |base| self.handle(base, false));
                (self.handle(id, false), base, format!("One `{}`.", described(id)))
            }
            Receiver::Collection(id) => (
                self.handle(id, true),
                "Place".to_owned(),
                format!("A collection of `{}`.", described(id)),
            ),
        };
        let members = self.scope.members(place.receiver);
        let offers: Vec<String> = place
            .offers
            .iter()
            .zip(members)
            .map(|(offer, member)| self.offer(place.receiver, *offer, member))
            .collect();
        format!(
            "\n{}export class {name} extends {base} {{\n{}}}\n",
            Comment::of(&says).text(""),
            offers.join("\n")
        )
    }

    fn handle(&self, id: TypeId, collection: bool) -> String {
        let suffix = if collection { "Collection" } else { "Entity" };
        format!("{}{suffix}", self.plan.qualified(id))
    }

    fn offer(&self, receiver: Receiver, offer: Offer<'_>, member: &Member) -> String {
        match (offer, receiver) {
            (
                Offer::Navigation {
                    segment,
                    documentation,
                    target,
                    collection,
                    ..
                },
                _,
            ) => {
                let handle = self.handle(target, collection);
                let said = if documentation.is_empty() {
                    format!("`{segment}`.")
                } else {
                    documentation.to_owned()
                };
                format!(
                    "{}  get {}(): {handle} {{\n    return new {handle}(this.connection, this.path + {});\n  }}\n",
                    Comment::of(&said).text("  "),
                    member.name,
                    literal(&format!("/{segment}"))
                )
            }
            (Offer::ById(id), _) => {
                let entity = self.handle(id, false);
                format!(
                    "  /** The one with this key. */\n  byId(key: string): {entity} {{\n    \
                     return new {entity}(this.connection, this.withKey(key));\n  }}\n"
                )
            }
            (Offer::Basic(verb, operation), Receiver::Entity(id) | Receiver::Collection(id)) => {
                self.basic(verb, id, operation, member)
            }
            (Offer::Basic(..), Receiver::Graph) => String::new(),
            (Offer::Call(call), _) => self.call(call, member),
        }
    }
}
