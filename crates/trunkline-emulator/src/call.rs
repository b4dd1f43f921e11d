//! The arguments of every resource handler.

use std::time::Duration;

use jiff::Timestamp;

use crate::address::Options;
use crate::error::Failure;
use crate::message::Request;
use crate::permission::Caller;
use crate::place::Owner;
use crate::settings::Settings;
use crate::state::World;

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

    /// The start of a list: the token of a next link, else the number of `$skip`.
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
