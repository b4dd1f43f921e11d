//! The arguments of every resource handler.

use std::time::Duration;

use jiff::Timestamp;

use crate::address::Options;
use crate::error::Failure;
use crate::message::{Reply, Request};
use crate::place::{Owner, Place};
use crate::settings::Settings;
use crate::state::World;
use crate::token::Caller;
use crate::{configurations, counts, methods, numbers, policy, reports, teams_policies, users};

/// One call on its way to a handler.
pub(crate) struct Call<'a> {
    pub(crate) world: &'a mut World,
    pub(crate) settings: &'a Settings,
    pub(crate) caller: &'a Caller,
    pub(crate) request: &'a Request,
    pub(crate) options: Options,
    pub(crate) now: Timestamp,
    /// The Graph root, without `/v1.0`.
    pub(crate) root: &'a str,
}

impl Call<'_> {
    /// The context URL of an answer.
    pub(crate) fn context(&self, rest: &str) -> String {
        format!("{}/v1.0/$metadata#{rest}", self.root)
    }

    /// The context URL of a list, with the properties that were selected: `users(id,mail)`.
    pub(crate) fn list_context(&self, list: &str) -> String {
        self.selected_context(list, None)
    }

    /// The context URL of one entity of a list: `users(id,mail)/$entity`.
    pub(crate) fn entity_context(&self, list: &str) -> String {
        format!("{}/$entity", self.list_context(list))
    }

    /// The context URL of a list, with what was selected and what was expanded: `userConfigurations(id,user(mail))`.
    pub(crate) fn selected_context(&self, list: &str, expanded: Option<&str>) -> String {
        let selected = self.options.select.iter().flatten().map(String::as_str);
        let names: Vec<&str> = selected.chain(expanded).collect();
        if names.is_empty() {
            self.context(list)
        } else {
            self.context(&format!("{list}({})", names.join(",")))
        }
    }

    /// The object id of whoever a path speaks of.
    pub(crate) fn owner_id(&self, owner: &Owner) -> Result<String, Failure> {
        let key = match owner {
            Owner::User(key) => key.as_str(),
            Owner::Me => self.caller.user.as_deref().ok_or_else(|| {
                Failure::new(
                    400,
                    "BadRequest",
                    "A request to /me is valid only with a delegated sign-in; the token is an application's.",
                )
            })?,
        };
        let user = self.world.user(key).ok_or_else(|| Failure::no_such_resource(key))?;
        Ok(user["id"].as_str().unwrap_or_default().to_owned())
    }

    /// Whether the caller acts on themselves.
    pub(crate) fn is_self(&self, id: &str) -> bool {
        self.caller
            .user
            .as_deref()
            .is_some_and(|caller| caller.eq_ignore_ascii_case(id))
    }

    /// The address of the next page of a list: the same options, and a token that says where to go on.
    pub(crate) fn next_link(&self, path: &str, next: usize) -> String {
        let kept = self.request.query.split('&').filter(|pair| {
            let name = pair
                .split('=')
                .next()
                .unwrap_or_default()
                .replace("%24", "$")
                .to_ascii_lowercase();
            !pair.is_empty() && name != "$skip" && name != "$skiptoken"
        });
        let mut query = String::new();
        for pair in kept {
            query.push_str(pair);
            query.push('&');
        }
        format!("{}/v1.0/{path}?{query}$skiptoken={next}", self.root)
    }

    /// Where a list starts: at the token of a next link, else after what `$skip` leaves out.
    pub(crate) fn start(&self) -> Result<usize, Failure> {
        match &self.options.skip_token {
            Some(token) => token
                .parse()
                .map_err(|_| Failure::invalid("The value of '$skiptoken' is not one given out here.")),
            None => Ok(self.options.skip.unwrap_or(0)),
        }
    }

    /// The length of one stage of an order.
    pub(crate) fn stage(&self) -> Duration {
        self.settings.stage_duration
    }
}

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
