//! The present state as rows of a file: planning it again finds nothing to do.

use std::collections::BTreeMap;

use futures_util::TryStreamExt;
use trunkline::graph::PhoneAuthenticationMethod;
use trunkline::numbers::LocationChange;
use trunkline::phones::PhoneRole;
use trunkline::teams_administration::{AssignmentStatus, NumberAssignment};
use trunkline::{PhoneMethodNumber, TelephoneNumber};

use crate::Bulk;
use crate::error::BulkError;
use crate::input::{Change, NumberChoice, Row, Target};
use crate::plan::PhoneState;
use crate::snapshot::PhoneMethods;

/// What is exported besides the numbers that people and voice applications hold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ExportOptions {
    /// The phone methods of every user, and whether they sign in with a text message.
    pub phones: bool,
}

impl ExportOptions {
    /// Exports the phone methods of every user, too.
    #[must_use]
    pub fn with_phones(mut self, phones: bool) -> Self {
        self.phones = phones;
        self
    }
}

/// The present state.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Export {
    /// As rows; write them with [`input::write_csv`](crate::input::write_csv) or
    /// [`input::write_json_lines`](crate::input::write_json_lines).
    pub rows: Vec<Row>,
    /// What no row can say, and how often: for instance numbers of conference bridges.
    pub left_out: BTreeMap<&'static str, u64>,
    /// Why numbers may be missing: the service's list did not end as a list should.
    pub doubt: Option<String>,
}

impl Bulk {
    /// Reads the present state as rows.
    ///
    /// # Errors
    ///
    /// [`BulkErrorKind::Service`](crate::BulkErrorKind::Service) when it cannot be read.
    ///
    /// ```no_run
    /// use trunkline_bulk::input::{NumberStyle, write_csv};
    /// use trunkline_bulk::{Bulk, ExportOptions};
    ///
    /// # async fn run(client: trunkline::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let export = Bulk::new(&client).export(&ExportOptions::default()).await?;
    /// write_csv(&export.rows, std::fs::File::create("now.csv")?, NumberStyle::Text)?;
    /// # Ok(()) }
    /// ```
    pub async fn export(&self, options: &ExportOptions) -> Result<Export, BulkError> {
        let mut export = Export::default();
        let mut pages = self.client.numbers().query().pages();
        while let Some(page) = pages.try_next().await? {
            export.doubt = page.doubt().map(ToString::to_string);
            for found in page.items {
                match row_of(&found) {
                    Ok(Some(change)) => export.push(change),
                    Ok(None) => {}
                    Err(reason) => *export.left_out.entry(reason).or_default() += 1,
                }
            }
        }
        if options.phones {
            self.export_phones(&mut export).await?;
        }
        Ok(export)
    }

    async fn export_phones(&self, export: &mut Export) -> Result<(), BulkError> {
        let mut ids = Vec::new();
        let mut users = self.client.graph().users().list().select(&["id"]).items();
        while let Some(user) = users.try_next().await? {
            ids.extend(user.id.into_option());
        }
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let methods = PhoneMethods::read(&self.client, &ids).await?;
        for id in ids {
            match methods.of(id) {
                Some(Ok(methods)) => export.phones(id, methods),
                _ => {
                    *export
                        .left_out
                        .entry("users whose phone methods cannot be read")
                        .or_default() += 1
                }
            }
        }
        Ok(())
    }
}

impl Export {
    fn push(&mut self, change: Change) {
        // The header is line 1.
        let line = u32::try_from(self.rows.len()).unwrap_or(u32::MAX).saturating_add(2);
        self.rows.push(Row { line, change });
    }

    fn phones(&mut self, id: &str, methods: &[PhoneAuthenticationMethod]) {
        let user = || Target::ObjectId(id.to_lowercase());
        for role in PhoneRole::ALL {
            let state = PhoneState::of(id, role, methods);
            let Some(number) = state.number else {
                continue;
            };
            match PhoneMethodNumber::parse(&number) {
                Ok(number) => self.push(Change::SetPhone {
                    user: user(),
                    role,
                    number,
                }),
                Err(_) => *self.left_out.entry("phone numbers that were read masked").or_default() += 1,
            }
            if role == PhoneRole::Mobile {
                self.push(Change::SmsSignIn {
                    user: user(),
                    enable: state.sms_sign_in.as_deref() == Some("ready"),
                });
            }
        }
    }
}

/// What a row says of a number: nothing of a free one without a location.
fn row_of(found: &NumberAssignment) -> Result<Option<Change>, &'static str> {
    let text = found.telephone_number.as_deref().unwrap_or_default();
    let number = TelephoneNumber::parse(text).map_err(|_| "numbers that cannot be read")?;
    let location = found.location().map(|id| LocationChange::Set(id.to_owned()));
    let Some(holder) = found.holder() else {
        return Ok(location.map(|location| Change::SetLocation { number, location }));
    };
    match found.assignment_status.value() {
        Some(AssignmentStatus::UserAssigned | AssignmentStatus::VoiceApplicationAssigned) => Ok(Some(Change::Assign {
            number: NumberChoice::Exact(number),
            user: Target::ObjectId(holder.to_lowercase()),
            category: found.assignment_category.value().cloned(),
            location,
            number_type: None,
        })),
        _ => Err("numbers held by what is neither a user nor a voice application"),
    }
}
