//! Chooses the handler of a request.

use crate::call::Call;
use crate::error::Failure;
use crate::message::Reply;
use crate::place::Place;
use crate::{configurations, counts, methods, numbers, policy, reports, teams_policies, users};

/// Hands a call to the handler of its place.
pub(crate) fn dispatch(call: &mut Call<'_>, place: &Place) -> Result<Reply, Failure> {
    let method = call.request.method.as_str();
    match place {
        // Batches are taken apart before this point; an item that is a batch itself ends here.
        Place::Batch => Err(Failure::invalid("A batch cannot contain a batch.")),
        Place::Numbers => numbers::list(call),
        Place::Number(id) => numbers::get(call, id),
        Place::AssignNumber => numbers::assign(call),
        Place::UnassignNumber => numbers::unassign(call),
        Place::UpdateNumber => numbers::update(call),
        Place::NumberOrder(id) => numbers::order(call, id),
        Place::Configurations => configurations::list(call),
        Place::Configuration(id) => configurations::get(call, id),
        Place::ConfigurationUser(id) => configurations::user(call, id),
        Place::PolicyIdentifiers(arguments) => teams_policies::policy_identifiers(call, arguments),
        Place::AssignPolicies => teams_policies::change_policies(call, true),
        Place::UnassignPolicies => teams_policies::change_policies(call, false),
        Place::Methods(owner) => methods::list_all(call, owner),
        Place::Method(owner, id) => methods::get_any(call, owner, id),
        Place::ResetPassword(owner, id) => methods::password::reset(call, owner, id),
        Place::MethodOrder(owner, id) => methods::password::order(call, owner, id),
        Place::Collection(owner, kind) if method == "POST" => methods::create(call, owner, *kind),
        Place::Collection(owner, kind) => methods::list(call, owner, *kind),
        Place::Member(owner, kind, id) => match method {
            "PATCH" => methods::update(call, owner, *kind, id),
            "DELETE" => methods::delete(call, owner, *kind, id),
            _ => methods::get(call, owner, *kind, id),
        },
        Place::SmsSignIn(owner, id, enable) => methods::phone::sms_sign_in(call, owner, id, *enable),
        Place::CreationOptions(owner) => methods::passkey::creation_options(call, owner),
        Place::KeyDevice(owner, key) => methods::get_device(call, owner, key),
        Place::Policy if method == "PATCH" => policy::update(call),
        Place::Policy => policy::get(call),
        Place::PolicyConfiguration(id) => match method {
            "PATCH" => policy::update_configuration(call, id),
            "DELETE" => policy::reset_configuration(call, id),
            _ => policy::get_configuration(call, id),
        },
        Place::Registrations => reports::list(call),
        Place::Registration(id) => reports::get(call, id),
        Place::ByFeature(arguments) => reports::by_feature(call, arguments),
        Place::ByMethod(arguments) => reports::by_method(call, arguments),
        Place::Users => users::list(call),
        Place::User(owner) => users::get(call, owner),
        Place::Licenses(owner) => users::licenses(call, owner),
        Place::Organization => users::organization(call),
        Place::Count(list) => counts::answer(call, list),
    }
}
