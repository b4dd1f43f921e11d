//! Records as JSON: the bodies that are sent, and copies of what came.

use pyo3::prelude::*;
use pyo3::types::PyString;
use trunkline::dynamic::Place;
use trunkline_core::codec::{BodyRules, TextForm, Writer, is_sent};

use super::Record;
use crate::errors;
use crate::values::{check_range, write_json, write_member, write_value};

impl Record {
    /// Writes it as JSON. `base`: the type that is expected in its place; its own type is named when it is another.
    /// `names`: it is named in any case. Whether texts with a grammar are checked is the writer's affair: what came from the
    /// service is copied as it is. `rules`: what a body holds; the rest is left out. `place`: where it is in the body.
    pub(crate) fn write(
        slf: &Bound<'_, Self>,
        writer: &mut Writer,
        base: Option<&str>,
        names: bool,
        rules: Option<&BodyRules>,
        place: &Place<'_>,
    ) -> PyResult<()> {
        let py = slf.py();
        let record = slf.get();
        let layout = record.layout;
        let checks = writer.checks();
        let takes = |name: &str| rules.is_none_or(|rules| rules.takes(name));
        let additional = record.has_additional().then(|| record.additional(py)).transpose()?;
        let mut others = Vec::new();
        for (name, value) in additional.iter().flatten() {
            let name = name.cast_into::<PyString>()?;
            let text = name.to_string_lossy();
            if checks && !is_sent(&text) || !takes(&text) {
                continue;
            }
            let is_control = text.starts_with('@');
            drop(text);
            others.push((is_control, name, value));
        }
        writer.begin_object();
        let mut named = false;
        for (_, name, value) in others.iter().filter(|(is_control, ..)| *is_control) {
            named |= name.to_string_lossy() == "@odata.type";
            write_member(writer, name)?;
            write_json(writer, value, 0, &place.within(&name.to_string_lossy()))?;
        }
        if !named && (names || base.is_some_and(|base| base != layout.name())) {
            writer.member("@odata.type");
            writer.string(&format!("#{}", layout.name()));
        }
        for (index, described) in layout.fields().iter().enumerate() {
            let (field, content) = (described.field, described.content);
            if record.is_absent(py, index) || !takes(field.name) {
                continue;
            }
            let is_checked = checks && (field.grammar.is_some() || field.range.is_some());
            let raw = record.raw(py, index).filter(|_| !is_checked);
            // A value that nobody changed is sent as it was received: a value of Python's may hold less of it, such as digits of a second.
            let is_verbatim = matches!(
                content.form,
                TextForm::DateTime | TextForm::Date | TextForm::TimeOfDay | TextForm::Binary
            );
            if let Some(raw) = raw.filter(|_| is_verbatim) {
                writer.member(field.name);
                writer.raw(raw);
                continue;
            }
            let value = match (record.value(py, index), raw) {
                (Ok(value), _) => value.into_bound(py),
                // It cannot be read, and is copied all the same.
                (Err(_), Some(raw)) => {
                    writer.member(field.name);
                    writer.raw(raw);
                    continue;
                }
                (Err(error), None) => return Err(error),
            };
            writer.member(field.name);
            let place = place.within(field.name);
            check_range(&value, field.range.filter(|_| checks), &place)?;
            write_value(writer, &value, content, field.grammar.filter(|_| checks), &place)?;
        }
        for (_, name, value) in others.iter().filter(|(is_control, ..)| !*is_control) {
            write_member(writer, name)?;
            write_json(writer, value, 0, &place.within(&name.to_string_lossy()))?;
        }
        writer.end_object();
        if let Some(rules) = rules {
            let has = |property: &str| match layout.find(property) {
                Some(index) => !record.is_absent(py, index),
                None => others.iter().any(|(_, name, _)| name.to_string_lossy() == property),
            };
            if let Some(missing) = rules.missing(has) {
                let refused = place.within(missing).refuse("must be given");
                return Err(errors::raised(py, &refused.with_next_step(rules.advice())));
            }
        }
        Ok(())
    }
}
