//! The service itself: from a request to an answer, without any network.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};

use crate::address::{Options, segments};
use crate::call::Call;
use crate::clock::{Clock, header_text};
use crate::error::{Failure, Identity};
use crate::fault::{self, Chosen, Delivery, Fault, FaultBook, Former, Outcome};
use crate::graph::dispatch;
use crate::login::{self, Desk, Login};
use crate::message::{Content, Reply, Request};
use crate::permission::{self, Caller};
use crate::place::{Owner, Place};
use crate::record::{LoggedRequest, Note, Record};
use crate::replicas::Replicas;
use crate::settings::Settings;
use crate::state::{AcceptedOrder, BLOCK_MEMBER, BlockSetting, SeedError, SentMail, Tenants, World};
use crate::throttle::{self, Limits};
use crate::token::{self, Rejection, TokenRequest};
use crate::{batch, fulfilment, schema};

/// The state that requests change.
#[derive(Debug)]
pub(crate) struct Core {
    pub(crate) tenants: Tenants,
    pub(crate) login: Login,
    pub(crate) faults: FaultBook,
    pub(crate) record: Record,
    former: Former,
    limits: Limits,
    replicas: Replicas,
}

/// A running service.
#[derive(Debug)]
pub(crate) struct Service {
    pub(crate) root: String,
    pub(crate) settings: Settings,
    pub(crate) clock: Clock,
    start: Tenants,
    core: Mutex<Core>,
    /// Whether something may have changed since the state was last written.
    has_changed: AtomicBool,
}

impl Service {
    pub(crate) fn new(root: String, settings: Settings, clock: Clock, start: Tenants) -> Self {
        let core = Core {
            tenants: start.clone(),
            login: Login::default(),
            faults: FaultBook::default(),
            record: Record::default(),
            former: Former::default(),
            limits: Limits::default(),
            replicas: Replicas::new(settings.replica_seed),
        };
        // A file that is not there yet gets the state with which the emulator starts.
        let is_unwritten = settings.state_file.as_ref().is_some_and(|file| !file.exists());
        Self {
            root,
            settings,
            clock,
            start,
            core: Mutex::new(core),
            has_changed: AtomicBool::new(is_unwritten),
        }
    }

    /// The state behind its lock. A panic elsewhere does not make it unusable.
    fn core(&self) -> MutexGuard<'_, Core> {
        let mut core = self.core.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.clock.now();
        for tenant in core.tenants.all_mut() {
            if fulfilment::settle(tenant, &self.settings, now) {
                self.note_change();
            }
        }
        core
    }

    pub(crate) fn issue(&self, request: &TokenRequest) -> String {
        let core = self.core();
        let named = request.tenant.as_deref().and_then(|name| core.tenants.of(name));
        let of_user = || core.tenants.of_user(request.user.as_deref()?);
        let tenant = named.or_else(of_user).unwrap_or_else(|| core.tenants.first());
        token::issue(request, tenant, &self.root, self.clock.now())
    }

    /// The default domain of the first tenant, or its id.
    pub(crate) fn tenant(&self) -> String {
        let core = self.core();
        let tenant = core.tenants.first();
        let domains = tenant.organization["verifiedDomains"].as_array();
        let default = domains.and_then(|domains| domains.iter().find(|domain| domain["isDefault"] == json!(true)));
        let name = default.and_then(|domain| domain["name"].as_str());
        name.unwrap_or_else(|| tenant.tenant_id()).to_owned()
    }

    pub(crate) fn state(&self) -> Value {
        self.core().tenants.state(&self.root, self.clock.now())
    }

    /// The state, if something may have changed since it was last asked for.
    pub(crate) fn changed_state(&self) -> Option<Value> {
        self.has_changed.swap(false, Ordering::AcqRel).then(|| self.state())
    }

    /// Notes that something may change.
    pub(crate) fn note_change(&self) {
        self.has_changed.store(true, Ordering::Release);
    }

    pub(crate) fn policy_in_force(&self, user: &str, policy_type: &str) -> Value {
        let core = self.core();
        let tenant = core.tenants.of_user(user).unwrap_or_else(|| core.tenants.first());
        tenant.policies.in_force(user, policy_type)
    }

    pub(crate) fn seed(&self, seed: &Value) -> Result<(), SeedError> {
        self.note_change();
        self.core().tenants.seed(seed)
    }

    pub(crate) fn add(&self, additions: &Value) -> Result<Value, SeedError> {
        self.note_change();
        let mut core = self.core();
        let named = core.tenants.named_mut(&additions["tenant"]);
        let tenant = named.map_err(|reason| SeedError::new("/tenant", reason))?;
        tenant.add(additions)
    }

    /// Switches a service plan of a user on or off.
    pub(crate) fn set_plan(&self, user: &str, service_plan: &str, enabled: bool) -> Result<(), SeedError> {
        self.note_change();
        let mut core = self.core();
        let tenant = core.tenants.all_mut().find(|tenant| tenant.user(user).is_some());
        let tenant = tenant.ok_or_else(|| SeedError::new("/users", format!("there is no user '{user}'")))?;
        tenant.set_plan(user, service_plan, enabled);
        Ok(())
    }

    /// Sets the block of one number, or how long the tenant keeps released numbers from being assigned.
    pub(crate) fn block(&self, wish: &Value) -> Result<(), String> {
        let setting = BlockSetting::read(wish, &["number", "tenant"])?;
        self.note_change();
        let mut core = self.core();
        let Some(number) = wish.get("number") else {
            core.tenants.named_mut(&wish["tenant"])?.released_numbers = setting;
            return Ok(());
        };
        let number = number.as_str().ok_or("'number' is a text")?;
        let mut tenants = core.tenants.all_mut();
        let entity = tenants.find_map(|tenant| tenant.number_mut(number));
        let entity = entity.ok_or("the tenant has no such number")?;
        entity[BLOCK_MEMBER] = setting.map_or(Value::Null, |setting| setting.begin(self.clock.now()).json());
        Ok(())
    }

    pub(crate) fn reset(&self) {
        self.note_change();
        let mut core = self.core();
        core.tenants = self.start.clone();
        core.login = Login::default();
        core.faults.clear();
        core.record.clear();
        core.former.clear();
        core.limits = Limits::default();
        core.replicas = Replicas::new(self.settings.replica_seed);
    }

    pub(crate) fn add_fault(&self, fault: Fault) {
        self.core().faults.add(fault);
    }

    pub(crate) fn clear_faults(&self) {
        self.core().faults.clear();
    }

    pub(crate) fn faults(&self) -> Vec<Fault> {
        self.core().faults.list()
    }

    pub(crate) fn log(&self) -> Vec<LoggedRequest> {
        self.core().record.masked()
    }

    pub(crate) fn requests(&self) -> Vec<LoggedRequest> {
        self.core().record.plain()
    }

    pub(crate) fn orders(&self) -> Vec<AcceptedOrder> {
        let core = self.core();
        let orders = core.tenants.all().flat_map(|tenant| &tenant.orders);
        orders.map(AcceptedOrder::of).collect()
    }

    pub(crate) fn mails(&self) -> Vec<SentMail> {
        let core = self.core();
        core.tenants.all().flat_map(|tenant| &tenant.mails).cloned().collect()
    }

    pub(crate) fn clear_log(&self) {
        self.core().record.clear();
    }

    /// Answers one request of a connection.
    pub(crate) fn answer(&self, request: &Request) -> Outcome {
        if let Some(reply) = self.stranger(request) {
            return Outcome::whole(reply);
        }
        let mut core = self.core();
        let mut outcome = self.exchange(&mut core, request);
        // Counted polls move orders on, and are part of the state.
        if request.method != "GET" || self.settings.advance_per_poll {
            self.note_change();
        }
        if outcome.reply.header("Date").is_none() {
            outcome
                .reply
                .headers
                .push(("Date".to_owned(), header_text(self.clock.now())));
        }
        outcome
    }

    /// The refusal of a request that was sent to a name, or by a page, which is neither of this computer nor allowed.
    pub(crate) fn stranger(&self, request: &Request) -> Option<Reply> {
        let host = &request.host;
        let origins = request.headers.get_all("origin").iter();
        let wrong = if self.settings.hosts.permits(host) {
            let texts = origins.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
            let origin = texts
                .into_iter()
                .find(|origin| !self.settings.hosts.permits_origin(origin))?;
            format!("The request comes from a page of '{origin}'")
        } else {
            format!("The request was sent to '{host}'")
        };
        let message = format!("{wrong}, which this emulator does not answer to. Allow the name when it is started.");
        let error = json!({ "error": { "code": "HostNotAllowed", "message": message } });
        Some(Reply::json(403, error))
    }

    /// One request with its faults and its place in the record; items of a batch come through here as well.
    fn exchange(&self, core: &mut Core, request: &Request) -> Outcome {
        let request_id = uuid::Uuid::new_v4().to_string();
        let client = request
            .header("client-request-id")
            .map_or_else(|| request_id.clone(), str::to_owned);
        let identity = Identity {
            request_id,
            client_request_id: client,
            at: self.clock.now(),
        };
        let chosen = core.faults.choose(request, identity.at);
        let (reply, carried_out) = if chosen.iter().all(|fault| fault.executes) {
            let reply = self.execute(core, request, &identity);
            let status = reply.status;
            (former_or_now(core, request, reply, &chosen, identity.at), status)
        } else {
            (Reply::empty(200), 0)
        };
        let outcome = self.finish(Outcome::whole(reply), request, &chosen, &identity);
        let error_code = match &outcome.reply.content {
            Content::Json(body) => body["error"]["code"]
                .as_str()
                .or_else(|| body["error"].as_str())
                .map(str::to_owned),
            _ => None,
        };
        core.record.note(Note {
            request,
            reply: &outcome.reply,
            dropped: outcome.delivery == Delivery::Drop,
            carried_out,
            at: identity.at,
            request_id: &identity.request_id,
            faults: chosen.into_iter().map(|fault| fault.label).collect(),
            error_code,
        });
        outcome
    }

    /// Faults and the headers every answer has.
    fn finish(&self, mut outcome: Outcome, request: &Request, chosen: &[Chosen], identity: &Identity) -> Outcome {
        let mut address = format!("{}{}", request.root, request.path);
        if !request.query.is_empty() {
            address.push('?');
            address.push_str(&request.query);
        }
        let diagnostic = json!({ "ServerInfo": {
            "DataCenter": "Emulator", "Slice": "E", "Ring": "0", "ScaleUnit": "000", "RoleInstance": "EMULATOR",
        } });
        // Before the faults, so that a fault can take a header away.
        if chosen.iter().all(|fault| fault.executes) {
            self.add_headers(&mut outcome.reply, identity, &diagnostic);
        }
        for fault in chosen {
            fault::apply(&fault.effect, &mut outcome, &request.root, &address, identity);
        }
        // A proxy between service and caller does not send the service's headers.
        if !chosen.iter().any(|fault| fault.effect.is_foreign()) {
            self.add_headers(&mut outcome.reply, identity, &diagnostic);
        }
        outcome.reply.state_type(login::endpoint(&request.path).is_some());
        outcome
    }

    fn add_headers(&self, reply: &mut Reply, identity: &Identity, diagnostic: &Value) {
        if reply.header("request-id").is_some() {
            return;
        }
        for (name, value) in [
            ("request-id", identity.request_id.clone()),
            ("client-request-id", identity.client_request_id.clone()),
            ("x-ms-ags-diagnostic", diagnostic.to_string()),
        ] {
            reply.headers.push((name.to_owned(), value));
        }
    }

    fn execute(&self, core: &mut Core, request: &Request, identity: &Identity) -> Reply {
        if let Some((tenant, endpoint)) = login::endpoint(&request.path) {
            let Core { tenants, login, .. } = core;
            let desk = Desk {
                world: tenants.of(&tenant).unwrap_or_else(|| tenants.first()),
                settings: &self.settings,
                root: &request.root,
                now: identity.at,
            };
            return login.answer(&desk, (&tenant, endpoint), request, identity);
        }
        let reply = self
            .graph(core, request, identity)
            .map(|reply| match reply.content {
                Content::Empty => reply,
                _ => reply.with_header("OData-Version", "4.0"),
            })
            .unwrap_or_else(|failure| failure.into_reply(self.settings.error_style, identity))
            .with_header("Cache-Control", "no-cache");
        match throttle::resource_units(request) {
            Some(units) => reply.with_header("x-ms-resource-unit", units.to_string()),
            None => reply,
        }
    }

    fn graph(&self, core: &mut Core, request: &Request, identity: &Identity) -> Result<Reply, Failure> {
        if let Err(seconds) = core.limits.admit(&self.settings, request, identity.at) {
            let mut failure = Failure::new(429, "TooManyRequests", "There were too many requests. Try again later.");
            failure.headers.push(("Retry-After".to_owned(), seconds.to_string()));
            return Err(failure);
        }
        let caller = self.caller(core, request, identity)?;
        let path = request
            .path
            .strip_prefix("/v1.0")
            .filter(|rest| rest.is_empty() || rest.starts_with('/'));
        let Some(path) = path else {
            let version = request
                .path
                .trim_start_matches('/')
                .split('/')
                .next()
                .unwrap_or_default();
            return Err(Failure::not_found(format!(
                "The version '{version}' is not served here."
            )));
        };
        let steps = segments(path)?;
        let place = Place::find(&steps)?;
        if !place.exists_in(self.settings.cloud) {
            return Err(Failure::absent_here(steps.last().map_or("", |step| step.text.as_str())));
        }
        let allowed = place.allowed();
        if !allowed.contains(&request.method.as_str()) {
            let mut failure = Failure::new(405, "Request_BadRequest", "The resource does not support this method.");
            failure.headers.push(("Allow".to_owned(), allowed.join(", ")));
            return Err(failure);
        }
        if place == Place::Batch && request.batch_item.is_none() {
            return self.batch(core, request);
        }
        let Core { tenants, replicas, .. } = core;
        let named = tenants.named_mut(&json!(caller.tenant));
        let world = named.map_err(|_| Failure::unauthorized(Rejection::Tenant.message(), &request.root))?;
        self.check_privileges(world, request, place.counted(), &caller)?;
        let lags = !self.settings.replica_lag.is_zero() && place.is_of_directory();
        let is_reading = request.method == "GET";
        // The state that a replica shows is dropped after the reading; the state before a change is kept for the replicas.
        let mut other = match (lags, is_reading) {
            (false, _) => None,
            (true, true) => replicas.ask(world.tenant_id(), identity.at),
            (true, false) => Some(world.clone()),
        };
        let shown = other.as_mut().filter(|_| is_reading);
        let mut call = Call {
            world: shown.unwrap_or(world),
            settings: &self.settings,
            caller: &caller,
            request,
            options: Options::parse(&request.query)?,
            now: identity.at,
            root: &request.root,
        };
        let mut reply = dispatch(&mut call, &place)?;
        if let Some(before) = other.filter(|_| !is_reading && reply.status < 400) {
            replicas.note(before, identity.at, self.settings.replica_lag);
        }
        if !request.prefers("include-unknown-enum-members")
            && let Content::Json(body) = &mut reply.content
            && matches!(
                place,
                Place::Configurations | Place::Configuration(_) | Place::Policy | Place::PolicyConfiguration(_)
            )
        {
            hide_unknown_members(body);
        }
        Ok(reply)
    }

    fn caller(&self, core: &Core, request: &Request, identity: &Identity) -> Result<Caller, Failure> {
        let Some(header) = request.header("authorization") else {
            return if self.settings.require_token {
                Err(Failure::without_token("The access token is empty.", &request.root))
            } else {
                Ok(Caller::unrestricted())
            };
        };
        let token = header
            .split_once(' ')
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
        let Some((_, token)) = token else {
            return Err(Failure::unauthorized(
                "The authorization scheme is not Bearer.",
                &request.root,
            ));
        };
        if token.trim().is_empty() {
            return Err(Failure::without_token("The access token is empty.", &request.root));
        }
        let accepts =
            |audience: &str| self.settings.hosts.is_root(audience) || audience == self.settings.cloud.graph_root();
        let is_served = |tenant: &str| core.tenants.of(tenant).is_some();
        token::verify(token.trim(), is_served, accepts, identity.at)
            .map_err(|rejection| Failure::unauthorized(rejection.message(), &request.root))
    }

    fn check_privileges(
        &self,
        world: &World,
        request: &Request,
        place: &Place,
        caller: &Caller,
    ) -> Result<(), Failure> {
        if !self.settings.permission_checks {
            return Ok(());
        }
        // An application has no "me"; that is a bad request rather than a missing permission.
        if place.owner() == Some(&Owner::Me) && caller.user.is_none() {
            return Ok(());
        }
        let id_of = |key: &str| world.user(key).and_then(|user| user["id"].as_str());
        let is_about_another = caller.user.is_some()
            && matches!(place.owner(), Some(Owner::User(key)) if id_of(key) != caller.user.as_deref());
        if !permission::permits(caller, &request.method, place, is_about_another) {
            return Err(Failure::forbidden());
        }
        let target = match place.owner() {
            Some(Owner::User(key)) => id_of(key).filter(|id| caller.user.as_deref() != Some(*id)).map(|id| {
                let account = world.account(id);
                account
                    .map(|account| account.directory_roles.clone())
                    .unwrap_or_default()
            }),
            _ => None,
        };
        if permission::role_permits(caller, &request.method, place, target.as_deref()) {
            Ok(())
        } else {
            Err(Failure::forbidden())
        }
    }

    fn batch(&self, core: &mut Core, request: &Request) -> Result<Reply, Failure> {
        let items = batch::read(request)?;
        let mut statuses = Vec::with_capacity(items.len());
        let mut answers = Vec::with_capacity(items.len());
        for item in &items {
            let carried_out = match &item.request {
                Ok(request) if batch::may_run(item, &statuses) => Ok(self.exchange(core, request)),
                Err(failure) if batch::may_run(item, &statuses) => Err(failure.clone()),
                _ => Err(batch::failed_dependency()),
            };
            let reply = match carried_out {
                // A connection cannot be dropped for one item; its fault is seen as a gateway's time-out.
                Ok(outcome) if outcome.delivery == Delivery::Drop => Reply::empty(504),
                Ok(outcome) => outcome.reply,
                Err(failure) => {
                    let id = uuid::Uuid::new_v4().to_string();
                    let identity = Identity {
                        client_request_id: id.clone(),
                        request_id: id,
                        at: self.clock.now(),
                    };
                    failure.into_reply(self.settings.error_style, &identity)
                }
            };
            statuses.push(reply.status);
            answers.push(batch::entry(&item.id, &reply));
        }
        // The service promises no order. Reversing it keeps clients from relying on one.
        answers.reverse();
        Ok(Reply::json(200, json!({ "responses": answers })))
    }
}

/// Members behind the sentinel are shown as the sentinel to callers who did not ask for them.
fn hide_unknown_members(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, member) in members.iter_mut() {
                let hidden = schema::BEHIND_SENTINEL
                    .iter()
                    .any(|(property, known)| property == name && member.as_str() == Some(known));
                if hidden {
                    *member = json!("unknownFutureValue");
                } else {
                    hide_unknown_members(member);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(hide_unknown_members),
        _ => {}
    }
}

/// The answer to a reading, or the one before it where a fault says so.
fn former_or_now(core: &mut Core, request: &Request, reply: Reply, chosen: &[Chosen], now: jiff::Timestamp) -> Reply {
    if request.method != "GET" || !core.faults.keeps_answers() {
        return reply;
    }
    let tenant = token::tenant_of(request).unwrap_or_default();
    let address = format!("{tenant} {}?{}", request.path, request.query);
    core.former.note(&address, &reply, now);
    let behind = chosen.iter().find_map(|fault| fault.effect.behind());
    behind
        .and_then(|seconds| core.former.within(&address, seconds, now))
        .unwrap_or(reply)
}
