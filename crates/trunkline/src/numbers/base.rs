//! Main numbers, of which the inventory has others with an extension: they are not taken from their holder by mistake.
//!
//! A shell ends a command at the semicolon of `+12065550113;ext=42`, and a table may have the extension in a column that
//! nobody read. What is left is a company's main number.

use futures_util::TryStreamExt;

use super::requests::possible_extensions;
use crate::generated::teams_administration::{NumberAssignment, NumberType};
use crate::refusal::Refusal;
use crate::telephone::TelephoneNumber;
use crate::{Client, Result};

/// The number without its extension; none when it has no extension.
#[must_use]
pub fn base_of_extension(number: &NumberAssignment) -> Option<TelephoneNumber> {
    // Most numbers have no extension and need not be read for it.
    let text = number
        .telephone_number
        .as_deref()
        .filter(|text| text.contains(";ext="))?;
    TelephoneNumber::from_service(text).ok().map(|number| number.base())
}

/// Whether there may be numbers with an extension of this one: numbers of calling plans and of operators have none.
#[must_use]
pub fn may_have_extensions(number: &NumberAssignment) -> bool {
    !number.telephone_number.as_deref().unwrap_or_default().contains(";ext=")
        && !matches!(
            number.number_type.value(),
            Some(NumberType::CallingPlan | NumberType::OperatorConnect)
        )
}

/// Refuses to take a number from its holder when there are numbers with an extension of it.
pub(super) async fn check_base(client: &Client, number: &TelephoneNumber, found: &NumberAssignment) -> Result<()> {
    if number.extension().is_some() || !may_have_extensions(found) {
        return Ok(());
    }
    let mut others = possible_extensions(client, Some(found)).items();
    while let Some(other) = others.try_next().await? {
        if base_of_extension(&other).as_ref() == Some(number) {
            return Err(Refusal::has_extensions(&number.to_string()).into());
        }
    }
    Ok(())
}
