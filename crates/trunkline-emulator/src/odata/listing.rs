//! Applying query options to a list.

use serde_json::{Map, Value, json};

use super::filter::{Filter, Operator};
use crate::address::Options;
use crate::error::Failure;

/// The properties of a list, and which of them can be filtered and sorted by.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Resource {
    pub(crate) properties: &'static [&'static str],
    pub(crate) filterable: &'static [&'static str],
    /// Properties that take `eq` alone; the documentation states no more for them.
    pub(crate) equal_only: &'static [&'static str],
    pub(crate) sortable: &'static [&'static str],
    /// Properties that are enumerations, with their members.
    pub(crate) members: &'static [(&'static str, &'static [&'static str])],
    /// The code of the error about a property that supports no filter or no order.
    pub(crate) unsupported: &'static str,
}

/// A list after filtering, sorting and cutting.
#[derive(Clone, Debug)]
pub(crate) struct Listing {
    pub(crate) items: Vec<Value>,
    /// Number of items that satisfied the filter, before paging.
    pub(crate) total: usize,
    /// The start of the next page.
    pub(crate) next: Option<usize>,
}

impl Resource {
    /// Filters, sorts and cuts. The source gets the filter, so that it can use an index.
    pub(crate) fn list<'a, Source: Iterator<Item = &'a Value>>(
        &self,
        source: impl FnOnce(Option<&Filter>) -> Source,
        options: &Options,
        from: usize,
        page: usize,
        strict: bool,
    ) -> Result<Listing, Failure> {
        let filter = options.filter.as_deref().map(Filter::parse).transpose()?;
        if let Some(filter) = &filter {
            self.check_filter(filter, strict)?;
        }
        self.check_select(options, strict)?;
        let mut matching: Vec<&Value> = source(filter.as_ref())
            .filter(|item| filter.as_ref().is_none_or(|filter| filter.holds(item)))
            .collect();
        self.sort(&mut matching, options, strict)?;
        let total = matching.len();
        let items: Vec<Value> = matching
            .into_iter()
            .skip(from)
            .take(page)
            .map(|item| project(item, options.select.as_deref()))
            .collect();
        let end = from + items.len();
        Ok(Listing {
            next: (end < total && !items.is_empty()).then_some(end),
            items,
            total,
        })
    }

    fn unsupported(&self, message: String) -> Failure {
        Failure::new(400, self.unsupported, message)
    }

    fn check_filter(&self, filter: &Filter, strict: bool) -> Result<(), Failure> {
        filter.visit(&mut |path, part| {
            let root = path.split('/').next().unwrap_or_default();
            if !self.properties.contains(&root) {
                return Err(Failure::invalid(format!(
                    "No property named '{root}' exists on this type."
                )));
            }
            if !self.filterable.contains(&root) {
                return Err(self.unsupported(format!("The property '{root}' is not supported in $filter.")));
            }
            if !strict {
                return Ok(());
            }
            let plain_equal = matches!(
                part,
                Filter::Compare {
                    operator: Operator::Equal,
                    ..
                } | Filter::Truth(_)
            );
            if self.equal_only.contains(&root) && !plain_equal {
                return Err(Failure::invalid(format!("The property '{root}' supports 'eq' only.")));
            }
            self.check_members(root, part)
        })
    }

    /// A literal that is not a member of the enumeration is an error, not an empty answer.
    fn check_members(&self, root: &str, part: &Filter) -> Result<(), Failure> {
        let Some((_, members)) = self.members.iter().find(|(name, _)| *name == root) else {
            return Ok(());
        };
        let check = |literal: &Value| match literal.as_str() {
            Some(text) if !members.contains(&text) => Err(Failure::invalid(format!(
                "'{text}' is not a member of the enumeration of '{root}'."
            ))),
            _ => Ok(()),
        };
        match part {
            Filter::Compare { literal, .. } => check(literal),
            Filter::In { literals, .. } => literals.iter().try_for_each(check),
            Filter::Any {
                condition: Some(condition),
                ..
            } => condition.visit(&mut |_, inner| match inner {
                Filter::Compare { literal, .. } => check(literal),
                _ => Ok(()),
            }),
            _ => Ok(()),
        }
    }

    /// Refuses selected properties the type does not have.
    pub(crate) fn check_select(&self, options: &Options, strict: bool) -> Result<(), Failure> {
        check_select(self.properties, options, strict)
    }

    fn sort(&self, items: &mut [&Value], options: &Options, strict: bool) -> Result<(), Failure> {
        let Some(order) = &options.order_by else { return Ok(()) };
        // Sorting by the last key first, stably, leaves the first key in command.
        for key in order.rsplit(',') {
            let mut words = key.split_whitespace();
            let name = words.next().unwrap_or_default();
            let descending = match words.next() {
                None | Some("asc") => false,
                Some("desc") => true,
                Some(_) => {
                    return Err(Failure::invalid(
                        "A key of $orderby ends in something else than asc or desc.",
                    ));
                }
            };
            if !self.properties.contains(&name) {
                return Err(Failure::invalid(format!(
                    "No property named '{name}' exists on this type."
                )));
            }
            if strict && !self.sortable.contains(&name) {
                return Err(self.unsupported(format!("The property '{name}' is not supported in $orderby.")));
            }
            items.sort_by(|left, right| {
                let (left, right) = (sort_text(left.get(name)), sort_text(right.get(name)));
                if descending { right.cmp(&left) } else { left.cmp(&right) }
            });
        }
        Ok(())
    }
}

/// Refuses selected properties that are none of these.
pub(crate) fn check_select(properties: &[&str], options: &Options, strict: bool) -> Result<(), Failure> {
    let unknown = options.select.iter().flatten().find(|name| {
        let root = name.split('/').next().unwrap_or_default();
        root != "*" && !properties.contains(&root)
    });
    match unknown {
        Some(name) if strict => Err(Failure::invalid(format!(
            "No property named '{name}' exists on this type."
        ))),
        _ => Ok(()),
    }
}

fn sort_text(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.to_lowercase(),
        Some(other) => other.to_string(),
    }
}

/// A copy of an entity without the emulator's own members, cut down to what was selected.
pub(crate) fn project(item: &Value, select: Option<&[String]>) -> Value {
    let Some(members) = item.as_object() else {
        return item.clone();
    };
    let wanted = |name: &str| match select {
        None => true,
        Some(_) if name.contains("@odata.") => true,
        Some(list) => list.iter().any(|chosen| chosen == name || chosen == "*"),
    };
    let kept: Map<String, Value> = members
        .iter()
        .filter(|(name, _)| !name.starts_with("@emulator") && wanted(name))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    Value::Object(kept)
}

/// The body of a list.
pub(crate) fn present(context: String, items: Vec<Value>, count: Option<usize>, next: Option<String>) -> Value {
    let mut body = Map::new();
    body.insert("@odata.context".to_owned(), json!(context));
    if let Some(count) = count {
        body.insert("@odata.count".to_owned(), json!(count));
    }
    if let Some(next) = next {
        body.insert("@odata.nextLink".to_owned(), json!(next));
    }
    body.insert("value".to_owned(), Value::Array(items));
    Value::Object(body)
}
