//! `$count` behind the path of a list: a number as text.

use crate::call::Call;
use crate::error::Failure;
use crate::message::{Content, Reply};
use crate::place::Place;
use crate::{configurations, methods, numbers, reports, users};

/// Counts what a list has, or what of it satisfies `$filter` where the list takes one.
pub(crate) fn answer(call: &mut Call<'_>, list: &Place) -> Result<Reply, Failure> {
    let filtered = matches!(
        list,
        Place::Users | Place::Numbers | Place::Configurations | Place::Registrations
    );
    let offered: &[&str] = if filtered { &["$filter"] } else { &[] };
    call.options.only(!call.settings.lenient, offered)?;
    // A lenient emulator passes over whatever else was asked; none of it changes a count.
    call.options.select = None;
    call.options.order_by = None;
    let total = match list {
        Place::Users => users::count(call)?,
        Place::Numbers => numbers::count(call)?,
        Place::Configurations => configurations::count(call)?,
        Place::Registrations => reports::count(call)?,
        Place::Methods(owner) => methods::count(call, owner, None)?,
        Place::Collection(owner, kind) => methods::count(call, owner, Some(*kind))?,
        Place::Licenses(owner) => users::count_licenses(call, owner)?,
        _ => 1,
    };
    Ok(Reply {
        content: Content::Raw {
            content_type: "text/plain".to_owned(),
            bytes: total.to_string().into_bytes(),
        },
        ..Reply::empty(200)
    })
}
