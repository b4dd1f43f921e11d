//! The state of the emulated tenant.

mod additions;
mod block;
mod bulk;
mod mails;
mod orders;
mod sample;
mod seed_schema;
mod teams_policies;
mod tenants;
mod world;

pub use bulk::bulk_numbers;
pub use mails::SentMail;
pub use orders::AcceptedOrder;
pub use sample::bulk_users;
pub use sample::{
    DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET, DEFAULT_TENANT_DOMAIN, DEFAULT_TENANT_ID, OTHER_TENANT_DOMAINS,
    OTHER_TENANT_ID, READER_CLIENT_ID, default_seed,
};
pub use seed_schema::seed_schema;
pub use world::SeedError;

pub(crate) use block::{Block, BlockSetting, MEMBER as BLOCK_MEMBER};
pub(crate) use bulk::number_entity;
pub(crate) use orders::{Order, OrderKind, Reset, Stage};
pub(crate) use tenants::Tenants;
pub(crate) use world::World;
