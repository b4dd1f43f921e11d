//! The intents of the crate below, with their outcomes as values of Python.

use std::time::Duration;

use pyo3::prelude::*;
use trunkline::numbers::{LocationChange, NumberOutcome, Numbers, OrderOutcome};
use trunkline::phones::{PhoneOutcome, PhoneRole};
use trunkline::teams_administration::{AssignmentCategory, NumberCapability, NumberType};
use trunkline_core::codec::{Decode, Encode, Model};

use crate::client::{NativeClient, duration};
use crate::decisions::WantedArgument;
use crate::inventory::NativeQuery;
use crate::progress::{NativeChange, Watcher};
use crate::records::Record;
use crate::values;
use crate::work::{Bridge, Finish, Work, execute};
use crate::{decisions, errors, progress, records};

/// A record of the crate as a record of Python.
pub(crate) fn record<T: Model + Encode>(py: Python<'_>, record: &T) -> PyResult<Py<PyAny>> {
    let text = String::from_utf8(record.encode()).map_err(errors::system)?;
    Ok(records::decode(py, T::DESCRIPTOR.name, &text)?.unbind())
}

/// The outcome of a change to a number: `(change, seen, number, before, after, orders, warnings, text)`.
fn number_outcome(outcome: NumberOutcome) -> Finish {
    Box::new(move |py| {
        let json = serde_json::to_value(&outcome).map_err(errors::system)?;
        let orders = values::loads(py, &json["orders"].to_string())?;
        let parts = (
            json["change"].as_str().unwrap_or_default(),
            outcome.seen,
            outcome.number.to_string(),
            record(py, &outcome.before)?,
            record(py, &outcome.after)?,
            orders,
            outcome.warnings.clone(),
            outcome.to_string(),
        );
        Ok(parts.into_pyobject(py)?.into_any().unbind())
    })
}

/// The outcome of an order that was followed: `(order, after, warnings, text)`.
fn order_outcome(outcome: OrderOutcome) -> Finish {
    Box::new(move |py| {
        let order = serde_json::to_string(&outcome.order).map_err(errors::system)?;
        let after = outcome.after.as_ref().map(|after| record(py, after)).transpose()?;
        let parts = (
            values::loads(py, &order)?,
            after,
            outcome.warnings.clone(),
            outcome.to_string(),
        );
        Ok(parts.into_pyobject(py)?.into_any().unbind())
    })
}

/// The outcome of a change to a phone method: `(change, seen, user, role, before, after, warnings, text)`.
fn phone_outcome(outcome: PhoneOutcome) -> Finish {
    Box::new(move |py| {
        let json = serde_json::to_value(&outcome).map_err(errors::system)?;
        let before = outcome.before.as_ref().map(|before| record(py, before)).transpose()?;
        let after = outcome.after.as_ref().map(|after| record(py, after)).transpose()?;
        let parts = (
            json["change"].as_str().unwrap_or_default(),
            outcome.seen,
            outcome.user.clone(),
            outcome.role.name(),
            before,
            after,
            outcome.warnings.clone(),
            outcome.to_string(),
        );
        Ok(parts.into_pyobject(py)?.into_any().unbind())
    })
}

/// A builder with what the caller gave of its options: the builders below have the same methods, but no type in common.
macro_rules! with_options {
    ($builder:expr, $($method:ident: $value:expr,)+) => {{
        let mut builder = $builder;
        $(if let Some(value) = $value {
            builder = builder.$method(value);
        })+
        builder
    }};
}

/// The state that the caller has read already, as the crate below has it.
fn known<T: Decode>(record: &Bound<'_, PyAny>) -> PyResult<T> {
    let text: String = record.cast::<Record>()?.call_method0("to_json")?.extract()?;
    T::decode(&text).map_err(|error| errors::decoding(record.py(), &error))
}

/// The same of a user's phone methods.
fn methods<T: Decode>(known: Option<Vec<Bound<'_, PyAny>>>) -> PyResult<Option<Vec<T>>> {
    known
        .map(|methods| methods.iter().map(self::known).collect())
        .transpose()
}

/// How long it may take, of seconds.
fn deadline(timeout: Option<f64>) -> PyResult<Option<Duration>> {
    timeout.map(|seconds| duration("timeout", seconds)).transpose()
}

fn role(py: Python<'_>, name: &str) -> PyResult<PhoneRole> {
    let spelled: String = name.chars().filter(|character| *character != '_').collect();
    spelled.parse().map_err(|error| errors::raised(py, &error))
}

/// The intents on one client.
#[pyclass(frozen, name = "Intents", module = "trunkline._native")]
pub(crate) struct NativeIntents {
    client: Py<NativeClient>,
}

impl NativeIntents {
    fn client(&self, py: Python<'_>) -> PyResult<trunkline::Client> {
        self.client.get().usable(py)
    }

    /// The methods for numbers, which read those without a plus in this country.
    fn numbers(&self, py: Python<'_>, country: Option<&str>) -> PyResult<Numbers> {
        let numbers = self.client(py)?.numbers();
        Ok(match country {
            Some(country) => numbers.country(country),
            None => numbers,
        })
    }
}

#[pymethods]
impl NativeIntents {
    #[new]
    fn new(client: Py<NativeClient>) -> Self {
        Self { client }
    }

    #[pyo3(signature = (number, to, *, moves, category=None, location=None, number_type=None, country=None,
        base=false, repeat=false, known=None, timeout=None, watched=false))]
    #[allow(clippy::too_many_arguments, reason = "they are Python's keyword arguments")]
    fn assign(
        &self,
        py: Python<'_>,
        number: &str,
        to: &str,
        moves: bool,
        category: Option<&str>,
        location: Option<&str>,
        number_type: Option<&str>,
        country: Option<&str>,
        base: bool,
        repeat: bool,
        known: Option<&Bound<'_, PyAny>>,
        timeout: Option<f64>,
        watched: bool,
    ) -> PyResult<NativeChange> {
        let (watcher, steps) = progress::watching(watched);
        let numbers = self.numbers(py, country)?;
        let intent = if moves {
            numbers.move_to(number, to)
        } else {
            numbers.assign(number, to)
        };
        let intent = with_options!(
            intent.base(base).with_repeat_after_read_back(repeat),
            category: category.map(AssignmentCategory::from),
            location: location,
            number_type: number_type.map(NumberType::from),
            known: known.map(self::known).transpose()?,
            with_deadline: deadline(timeout)?,
            with_progress: watcher.map(Watcher::of_number),
        );
        let work: Work = Box::pin(async move { intent.send().await.map(number_outcome) });
        Ok(NativeChange::new(work, steps))
    }

    #[pyo3(signature = (number, *, country=None, base=false, known=None, timeout=None, watched=false))]
    #[allow(clippy::too_many_arguments, reason = "they are Python's keyword arguments")]
    fn unassign(
        &self,
        py: Python<'_>,
        number: &str,
        country: Option<&str>,
        base: bool,
        known: Option<&Bound<'_, PyAny>>,
        timeout: Option<f64>,
        watched: bool,
    ) -> PyResult<NativeChange> {
        let (watcher, steps) = progress::watching(watched);
        let intent = with_options!(
            self.numbers(py, country)?.unassign(number).base(base),
            known: known.map(self::known).transpose()?,
            with_deadline: deadline(timeout)?,
            with_progress: watcher.map(Watcher::of_number),
        );
        let work: Work = Box::pin(async move { intent.send().await.map(number_outcome) });
        Ok(NativeChange::new(work, steps))
    }

    /// `location`: its id, or `None` to clear it.
    #[pyo3(signature = (number, location, *, country=None, known=None, timeout=None, watched=false))]
    #[allow(clippy::too_many_arguments, reason = "they are Python's keyword arguments")]
    fn set_location(
        &self,
        py: Python<'_>,
        number: &str,
        location: Option<String>,
        country: Option<&str>,
        known: Option<&Bound<'_, PyAny>>,
        timeout: Option<f64>,
        watched: bool,
    ) -> PyResult<NativeChange> {
        let (watcher, steps) = progress::watching(watched);
        let location = location.map_or(LocationChange::Clear, LocationChange::Set);
        let intent = with_options!(
            self.numbers(py, country)?.set_location(number, location),
            known: known.map(self::known).transpose()?,
            with_deadline: deadline(timeout)?,
            with_progress: watcher.map(Watcher::of_number),
        );
        let work: Work = Box::pin(async move { intent.send().await.map(number_outcome) });
        Ok(NativeChange::new(work, steps))
    }

    /// Takes up an order from its token, or from its id.
    #[pyo3(signature = (token, *, is_id=false, timeout=None, watched=false))]
    fn follow(
        &self,
        py: Python<'_>,
        token: &str,
        is_id: bool,
        timeout: Option<f64>,
        watched: bool,
    ) -> PyResult<NativeChange> {
        let (watcher, steps) = progress::watching(watched);
        let numbers = self.client(py)?.numbers();
        let intent = if is_id {
            numbers.follow_operation(token)
        } else {
            numbers.follow(token)
        };
        let intent = with_options!(
            intent,
            with_deadline: deadline(timeout)?,
            with_progress: watcher.map(Watcher::of_number),
        );
        let work: Work = Box::pin(async move { intent.send().await.map(order_outcome) });
        Ok(NativeChange::new(work, steps))
    }

    /// The decision from a state; nothing is read or sent.
    fn decide(&self, py: Python<'_>, found: &Bound<'_, PyAny>, wanted: WantedArgument) -> PyResult<Py<PyAny>> {
        let numbers = self.client(py)?.numbers();
        decisions::decided(py, &numbers, &known(found)?, &wanted.wanted()?)
    }

    /// Reads a number, and compares.
    #[pyo3(signature = (bridge, number, wanted, *, country=None))]
    fn verify(
        &self,
        py: Python<'_>,
        bridge: Option<&Bound<'_, Bridge>>,
        number: String,
        wanted: WantedArgument,
        country: Option<&str>,
    ) -> PyResult<Py<PyAny>> {
        let (numbers, wanted) = (self.numbers(py, country)?, wanted.wanted()?);
        execute(
            py,
            bridge,
            Box::pin(async move {
                let verified = numbers.verify(&number, &wanted).await?;
                Ok(decisions::verified(numbers, verified))
            }),
        )
    }

    #[pyo3(signature = (bridge, number, *, country=None))]
    fn find(
        &self,
        py: Python<'_>,
        bridge: Option<&Bound<'_, Bridge>>,
        number: String,
        country: Option<&str>,
    ) -> PyResult<Py<PyAny>> {
        let numbers = self.numbers(py, country)?;
        execute(
            py,
            bridge,
            Box::pin(async move { numbers.find(&number).await.map(optional) }),
        )
    }

    /// A query on the inventory.
    #[pyo3(signature = (*, number=None, unassigned=false, for_users=false, held_by=None, number_type=None, capability=None, country=None,
        city=None, prefix=None, filter=None))]
    #[allow(clippy::too_many_arguments, reason = "they are Python's keyword arguments")]
    fn query(
        &self,
        py: Python<'_>,
        number: Option<&str>,
        unassigned: bool,
        for_users: bool,
        held_by: Option<&str>,
        number_type: Option<&str>,
        capability: Option<&str>,
        country: Option<&str>,
        city: Option<&str>,
        prefix: Option<&str>,
        filter: Option<&str>,
    ) -> PyResult<NativeQuery> {
        let query = with_options!(
            self.client(py)?.numbers().query(),
            held_by: held_by,
            number_type: number_type.map(NumberType::from).as_ref(),
            capability: capability.map(NumberCapability::from).as_ref(),
            country: country,
            city: city,
            prefix: prefix,
            filter: filter,
        );
        let query = match number {
            Some(number) => query
                .number_as_written(number)
                .map_err(|error| errors::raised(py, &error))?,
            None => query,
        };
        let query = if unassigned { query.unassigned() } else { query };
        let query = if for_users { query.for_users() } else { query };
        Ok(NativeQuery { query })
    }

    fn phones_list(&self, py: Python<'_>, bridge: Option<&Bound<'_, Bridge>>, user: String) -> PyResult<Py<PyAny>> {
        let phones = self.client(py)?.phones(user);
        let work: Work = Box::pin(async move {
            let methods = phones.list().await?;
            let finish: Finish = Box::new(move |py| {
                let methods = methods
                    .iter()
                    .map(|method| record(py, method))
                    .collect::<PyResult<Vec<_>>>()?;
                Ok(methods.into_pyobject(py)?.into_any().unbind())
            });
            Ok(finish)
        });
        execute(py, bridge, work)
    }

    fn phones_find(
        &self,
        py: Python<'_>,
        bridge: Option<&Bound<'_, Bridge>>,
        user: String,
        role: &str,
    ) -> PyResult<Py<PyAny>> {
        let (phones, role) = (self.client(py)?.phones(user), self::role(py, role)?);
        execute(
            py,
            bridge,
            Box::pin(async move { phones.find(role).await.map(optional) }),
        )
    }

    #[pyo3(signature = (user, role, number, *, country=None, known=None, timeout=None, watched=false))]
    #[allow(clippy::too_many_arguments, reason = "they are Python's keyword arguments")]
    fn phones_set(
        &self,
        py: Python<'_>,
        user: String,
        role: &str,
        number: String,
        country: Option<&str>,
        known: Option<Vec<Bound<'_, PyAny>>>,
        timeout: Option<f64>,
        watched: bool,
    ) -> PyResult<NativeChange> {
        let (watcher, steps) = progress::watching(watched);
        let intent = with_options!(
            self.client(py)?.phones(user).set(self::role(py, role)?, number),
            country: country,
            known: methods(known)?,
            with_deadline: deadline(timeout)?,
            with_progress: watcher.map(Watcher::of_phone),
        );
        let work: Work = Box::pin(async move { intent.send().await.map(phone_outcome) });
        Ok(NativeChange::new(work, steps))
    }

    #[pyo3(signature = (user, role, *, known=None, timeout=None, watched=false))]
    #[allow(clippy::too_many_arguments, reason = "they are Python's keyword arguments")]
    fn phones_remove(
        &self,
        py: Python<'_>,
        user: String,
        role: &str,
        known: Option<Vec<Bound<'_, PyAny>>>,
        timeout: Option<f64>,
        watched: bool,
    ) -> PyResult<NativeChange> {
        let (watcher, steps) = progress::watching(watched);
        let intent = with_options!(
            self.client(py)?.phones(user).remove(self::role(py, role)?),
            known: methods(known)?,
            with_deadline: deadline(timeout)?,
            with_progress: watcher.map(Watcher::of_phone),
        );
        let work: Work = Box::pin(async move { intent.send().await.map(phone_outcome) });
        Ok(NativeChange::new(work, steps))
    }

    #[pyo3(signature = (user, enable, *, known=None, timeout=None, watched=false))]
    #[allow(clippy::too_many_arguments, reason = "they are Python's keyword arguments")]
    fn phones_sms(
        &self,
        py: Python<'_>,
        user: String,
        enable: bool,
        known: Option<Vec<Bound<'_, PyAny>>>,
        timeout: Option<f64>,
        watched: bool,
    ) -> PyResult<NativeChange> {
        let (watcher, steps) = progress::watching(watched);
        let phones = self.client(py)?.phones(user);
        let intent = if enable {
            phones.enable_sms_sign_in()
        } else {
            phones.disable_sms_sign_in()
        };
        let intent = with_options!(
            intent,
            known: methods(known)?,
            with_deadline: deadline(timeout)?,
            with_progress: watcher.map(Watcher::of_phone),
        );
        let work: Work = Box::pin(async move { intent.send().await.map(phone_outcome) });
        Ok(NativeChange::new(work, steps))
    }
}

/// A record, or `None`.
pub(crate) fn optional<T: Model + Encode + Send + 'static>(found: Option<T>) -> Finish {
    Box::new(move |py| match found {
        Some(found) => record(py, &found),
        None => Ok(py.None()),
    })
}
