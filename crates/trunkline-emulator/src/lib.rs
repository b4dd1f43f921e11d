//! Microsoft Graph for phone numbers, in memory: Teams telephone numbers, authentication methods, their policy and
//! their reports, with a login authority of its own.
//!
//! ```
//! let emulator = trunkline_emulator::Emulator::start_blocking()?;
//! let graph_root = emulator.url(); // add /v1.0
//! let token = emulator.token();
//! # assert!(graph_root.starts_with("http://127.0.0.1:") && token.contains('.'));
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! It works on raw JSON and knows nothing of the client's code or of its generated types, so that one wrong name cannot
//! cancel out on both sides. What it does rests on the documentation alone; nothing was compared with the live service.
//! `docs/generated/parity.md` states it behaviour by behaviour, with the sources; the entries are in `parity/`, and all are tests.
//! Where the documentation is silent, the emulator decides, and the decisions are these:
//!
//! - Orders (`assignNumber`, `unassignNumber`) are accepted whenever the body is well formed; what stands in the way
//!   makes the operation fail. [`EmulatorBuilder::immediate_checks`] refuses at once instead.
//! - Assigning a number to the target it already has, and unassigning a free number, succeed without effect. Another
//!   number of the same category for the same target fails.
//! - `PATCH` of a phone takes the number and the type together; what is left out would be recalculated.
//! - Users who add a phone of their own, or change a phone or an email method of their own, are refused with 403.
//! - A delegated permission without `.All` (`User.Read`, `UserAuthMethod-Phone.Read`) reaches the signed-in user alone.
//! - Annotations (`@odata.context` and the like) in a body are passed over; a property that the request does not take, such
//!   as `createdDateTime`, is refused by name (`docs/decisions/064-record-sent-back.md`).
//! - `$count` behind a list answers a number as text. Users are counted, and filtered by `ne`, `not` and `endswith` or sorted
//!   after a filter, only with the header `ConsistencyLevel: eventual`; a `$count=true` without it is passed over.
//! - A body that states another `@odata.type` than its path takes is refused, the parameters of an action with any.
//! - Links carry the `Host` that was asked. A `Host` or an `Origin` that is neither this computer nor allowed by
//!   [`EmulatorBuilder::allow_host`] is refused with 403, at the control endpoints too.
//! - A number in a seed may carry `"@emulator.outcome": {"status": "failed", "statusDetail": "…"}` or
//!   `{"activationState": "assignmentFailed"}` to script how an order ends, and `"@emulator.requiresLocation": true`.
//!   A method may carry `"@emulator.default": true` to be the one that cannot be deleted. Answers leave such members out.
//! - A seed's `"tenants"` holds further tenants, each a seed with an `"organization"` of its own. A token is of one tenant and sees that
//!   one; where no tenant is named, the first is meant.
//! - Teams policies have three levels: a policy of the user wins over that of a group, and that of the first group over the tenant's.
//!   Answers show the first two and leave out a kind for which the tenant's counts. A seed's `"policyAssignments"` holds all of
//!   them: `{"policyType": "…", "policyId": "…"}` with `"userId"`, with `"groupId"` and its `"members"`, or with neither, for the
//!   tenant; groups in the order of their rank. The policies themselves are `"teamsPolicies"`. A user's
//!   `"effectivePolicyAssignments"` in the form of an answer are taken too.
//! - Assignment blocks are those of Teams, which Graph does not show. A seed's `"telephoneNumberConfiguration"` is the
//!   tenant's setting: `{"assignmentBlockedForever": true}` or `{"assignmentBlockedDays": 30}` blocks every number that is
//!   released. A number's own block is `"@emulator.assignmentBlock"`: `"forever"`, or the moment when it ends. An order that
//!   assigns a blocked number fails; the clock ends blocks.
//! - `"assignmentEmailEnabled": true` and `"unassignmentEmailEnabled": true` in that setting let Teams send mails to people whose number
//!   changes: [`Emulator::mails`] shows them.
//!
//! The control endpoints below `/__emulator` offer to other languages what [`Emulator`] offers to Rust: `GET` and `PUT
//! state`, `POST state` (adds users and numbers), `GET seed-schema`, `PUT service-plans` with `{"user": "…", "servicePlan": "MCOEV", "enabled":
//! false}`, `POST reset`, `GET clock`, `POST clock/advance` with `{"seconds": n}`, `POST`, `GET` and `DELETE faults`
//! (`{"preset": "documentedShapes"}` adds those of [`documented_shapes`]),
//! `PUT assignment-blocks` (the tenant's setting, or with `"number"` the block of that number; without a setting there is no
//! block), `POST policy-in-force` with `{"userId": "…", "policyType": "…"}` (answers `level`: `direct`, `group` or `tenant`, `name` and
//! `policyId`), `GET` and `DELETE log`, `POST tokens` with a [`TokenRequest`], `GET mails`, `GET health` and `POST shutdown`.

mod address;
mod batch;
mod body;
mod builder;
mod call;
mod clock;
mod configurations;
mod control;
mod counts;
mod emulator;
mod error;
mod fault;
mod fulfilment;
mod graph;
mod hosts;
mod json;
mod login;
mod mask;
mod message;
mod methods;
mod numbers;
mod odata;
mod permission;
mod place;
mod policy;
mod random;
mod record;
mod replicas;
mod reports;
mod schema;
mod server;
mod service;
mod settings;
mod state;
mod state_file;
mod teams_policies;
mod throttle;
mod tls;
mod token;
mod users;

/// The examples of the README work.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}

pub use builder::EmulatorBuilder;
pub use clock::{Clock, ClockMode};
pub use emulator::Emulator;
pub use fault::{Effect, Fault, documented_shapes};
pub use login::SignInError;
pub use record::LoggedRequest;
pub use settings::{CloudProfile, ErrorStyle};
pub use state::{
    AcceptedOrder, DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET, DEFAULT_TENANT_DOMAIN, DEFAULT_TENANT_ID,
    OTHER_TENANT_DOMAINS, OTHER_TENANT_ID, READER_CLIENT_ID, SeedError, SentMail, bulk_numbers, bulk_users,
    default_seed, seed_schema,
};
pub use token::TokenRequest;
