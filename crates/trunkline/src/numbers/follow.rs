//! Follows an order from its token or its id.

use std::fmt;
use std::future::IntoFuture;
use std::time::Duration;

use serde::Serialize;
use trunkline_core::clock::BoxFuture;
use trunkline_core::long_running::{LongRunning, is_operation_token};
use trunkline_core::mask;
use url::Url;

use super::order::{Order, OrderedChange, Running, Verb, accepted_progress, see_through};
use super::read_back::Shows;
use super::record::is_free;
use crate::generated::teams_administration::{NumberAssignment, TelephoneNumberLongRunningOperation};
use crate::masked::Masked;
use crate::options::ChangeOptions;
use crate::progress::{ChangeProgress, ProgressResult, Watcher};
use crate::read_back::settle;
use crate::refusal::{ASSIGN, UNASSIGN};
use crate::{Client, Error, Result};

/// An order to be followed to its end. Returned by [`Numbers::follow`](super::Numbers::follow); await it, or
/// [`send_blocking`](Self::send_blocking).
#[derive(Clone)]
#[must_use = "nothing is sent until it is awaited or sent"]
pub struct Follow {
    client: Client,
    /// The token of the order, or its id.
    order: String,
    options: ChangeOptions,
}

impl IntoFuture for Follow {
    type Output = Result<OrderOutcome>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.execute())
    }
}

impl fmt::Debug for Follow {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Follow")
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

/// The end of an order that was followed and went well.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct OrderOutcome {
    /// The order.
    pub order: Order,
    /// The number as it was read back; absent when the order does not say which one it is.
    pub after: Option<NumberAssignment>,
    /// Warnings for an administrator about an order that succeeded.
    pub warnings: Vec<String>,
}

impl fmt::Debug for OrderOutcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("OrderOutcome")
            .field("order", &self.order)
            .field("after", &self.after)
            .field(
                "warnings",
                &self.warnings.iter().map(|warning| Masked(warning)).collect::<Vec<_>>(),
            )
            .finish()
    }
}

impl fmt::Display for OrderOutcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(after) = &self.after else {
            return formatter.write_str("the order succeeded; its number was not read back");
        };
        let number = after.telephone_number.as_deref().unwrap_or("the number");
        match after.holder() {
            Some(holder) => write!(formatter, "{number} is assigned to {holder}"),
            None => write!(formatter, "{number} is now unassigned"),
        }
    }
}

impl Follow {
    pub(super) fn new(client: &Client, order: String) -> Self {
        Self {
            client: client.clone(),
            order,
            options: ChangeOptions::default(),
        }
    }

    /// How long the order and reading the number back may take from now on. Default: ten minutes.
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.options.timeout = Some(timeout);
        self
    }

    /// Calls `watch` with the progress of the order.
    pub fn with_progress<H: ProgressResult>(
        mut self,
        watch: impl Fn(&ChangeProgress) -> H + Send + Sync + 'static,
    ) -> Self {
        self.options.watcher = Watcher::new(watch);
        self
    }

    /// Carries it out.
    ///
    /// # Errors
    ///
    /// See [`Numbers::follow`](super::Numbers::follow).
    pub async fn send(self) -> Result<OrderOutcome> {
        self.execute().await
    }

    /// [`send`](Self::send), blocking.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send), and when called from asynchronous code.
    pub fn send_blocking(self) -> Result<OrderOutcome> {
        trunkline_core::blocking::block_on(self.execute())?
    }

    /// The order itself, to be read once instead of followed to its end. Sends nothing.
    ///
    /// # Errors
    ///
    /// `InvalidInput`: the text is neither a token nor an id.
    ///
    /// ```no_run
    /// # async fn run(client: trunkline::Client, token: &str) -> trunkline::Result<()> {
    /// let now = client.numbers().follow(token).operation()?.poll().await?;
    /// println!("{:?}", now.value.status);
    /// # Ok(()) }
    /// ```
    pub fn operation(&self) -> Result<LongRunning<TelephoneNumberLongRunningOperation>> {
        Self::operation_of(&self.client, &self.order)
    }

    fn operation_of(client: &Client, order: &str) -> Result<Running> {
        let order = order.trim();
        if is_operation_token(order) {
            return client.follow(order);
        }
        let management = client.graph().admin().teams().telephone_number_management();
        Running::of(management.operations().by_id(order).get(), ASSIGN, order)
    }

    async fn execute(self) -> Result<OrderOutcome> {
        let (client, deadline) = self.options.start(&self.client, 1);
        let running = Self::operation_of(&client, &self.order)?;
        let watcher = &self.options.watcher;
        watcher.tell_after_sending(&accepted_progress(&running)).await?;
        let verb = match running.started_by() {
            Some(UNASSIGN) => Verb::Unassign,
            Some(ASSIGN) => Verb::Assign,
            _ => Verb::Change,
        };
        let ordered = OrderedChange {
            number: "the number".to_owned(),
            verb,
        };
        let until = deadline.until;
        let order = see_through(&client, &running, None, until, watcher, &ordered).await?;
        let located = order
            .verdicts
            .iter()
            .find_map(|verdict| verdict.resource_location.as_deref());
        let Some(id) = located.and_then(number_id) else {
            let warning = "the order does not name its number, so the number was not read back";
            return Ok(OrderOutcome {
                order,
                after: None,
                warnings: vec![warning.to_owned()],
            });
        };
        let management = client.graph().admin().teams().telephone_number_management();
        let entity = management.number_assignments().by_id(&id);
        let read = || async {
            let found = entity.get().await?.into_value();
            match found.id.as_deref() {
                Some(own) if own.eq_ignore_ascii_case(&id) => Ok(found),
                own => Err(Error::key_mismatch(
                    format!("the number with id {}", mask::text(&id)),
                    own.map_or_else(|| "a number without an id".to_owned(), mask::text),
                )
                .with_operation("numberAssignments.get")),
            }
        };
        let shows = |found: &NumberAssignment| match verb {
            Verb::Assign => Shows::of(found, !is_free(found)),
            Verb::Unassign => Shows::of(found, is_free(found)),
            Verb::Change => Shows::of(found, true),
        };
        match settle(client.core().clock(), until, watcher, read, shows).await {
            Ok(after) => Ok(OrderOutcome {
                order,
                after: Some(after),
                warnings: Vec::new(),
            }),
            Err(unsettled) => Err(unsettled.after_success(&order, &ordered.number, running.token())),
        }
    }
}

/// The id in the address of a number. Only the id is taken from the address, and it is read below the client's own root,
/// so it does not matter what else the address says.
fn number_id(address: &str) -> Option<String> {
    let base = Url::parse("https://graph.invalid/").ok()?;
    let url = base.join(address.trim()).ok()?;
    let mut segments: Vec<&str> = url.path_segments()?.filter(|segment| !segment.is_empty()).collect();
    let last = segments.pop()?;
    let id = match last.strip_prefix("numberAssignments(") {
        Some(key) => key.strip_suffix(')')?.replace("%27", "'").trim_matches('\'').to_owned(),
        None if segments.pop() == Some("numberAssignments") => last.to_owned(),
        None => return None,
    };
    let is_plain = !id.is_empty()
        && id
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_=.~".contains(&byte));
    is_plain.then_some(id)
}

#[cfg(test)]
mod tests {
    use super::number_id;

    #[test]
    fn the_id_is_the_last_key_of_the_address() {
        for (address, id) in [
            (
                "https://graph.microsoft.com/v1.0/admin/teams/telephoneNumberManagement/numberAssignments/a-1_",
                Some("a-1_"),
            ),
            (
                "/admin/teams/telephoneNumberManagement/numberAssignments('a1')",
                Some("a1"),
            ),
            ("numberAssignments/a1?x=y", Some("a1")),
            ("https://evil.example/numberAssignments/..%2f..%2fusers", None),
            ("https://graph.microsoft.com/v1.0/users/a1", None),
            ("", None),
            ("numberAssignments/", None),
        ] {
            assert_eq!(number_id(address).as_deref(), id, "{address}");
        }
    }
}
