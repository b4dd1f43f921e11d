//! The one model: what every reader produces and every emitter consumes.
//!
//! A [`Model`] is built by a reader (`toml_reader`, `csdl`), resolved and checked, and then locked: emitters only see
//! `&Model`. Types refer to each other by index, never by name, so that an emitter cannot look up something that does
//! not exist. Everything is sorted by qualified name, so that the same input always gives the same output.

use std::fmt;

use serde::Deserialize;

use crate::throttling::ThrottlingGroup;

/// Index of a structured type in [`Model::types`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TypeId(pub u32);

/// Index of an enumeration in [`Model::enums`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EnumId(pub u32);

/// Index of an action or function in [`Model::callables`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CallableId(pub u32);

/// A name with its namespace, for instance `microsoft.graph` and `user`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct QualifiedName {
    /// The schema's namespace, never an alias.
    pub namespace: String,
    /// The name within it.
    pub name: String,
}

impl fmt::Display for QualifiedName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}", self.namespace, self.name)
    }
}

/// The model: all types and operations, resolved and checked.
#[derive(Debug, Clone, Default)]
pub struct Model {
    /// Enumerations, sorted by qualified name.
    pub enums: Vec<EnumType>,
    /// Entity and complex types, sorted by qualified name.
    pub types: Vec<StructuredType>,
    /// Actions and functions, sorted by qualified name, then binding, then parameters.
    pub callables: Vec<Callable>,
    /// The roots of paths, sorted by name.
    pub roots: Vec<Root>,
    /// The operations a spec lists, sorted by id. Empty for a model read from metadata alone.
    pub operations: Vec<Operation>,
    /// The groups that operations count against, in the file's order. Empty for a model read from metadata alone.
    pub throttling: Vec<ThrottlingGroup>,
}

/// An enumeration. Evolvable ones hold the member `unknownFutureValue`, a wire value like any other.
#[derive(Debug, Clone)]
pub struct EnumType {
    /// Qualified name.
    pub name: QualifiedName,
    /// Whether values combine (comma separated on the wire).
    pub flags: bool,
    /// The integer type its values have; `Edm.Int32` unless the metadata says otherwise.
    pub underlying: Primitive,
    /// Members in wire order.
    pub members: Vec<EnumMember>,
    /// Its description in our words; empty when there is none.
    pub documentation: String,
    /// Clouds whose metadata declares it.
    pub clouds: Vec<Cloud>,
}

/// A member of an enumeration.
#[derive(Debug, Clone)]
pub struct EnumMember {
    /// Wire name.
    pub name: String,
    /// Numeric value. Not always dense.
    pub value: i64,
    /// Its meaning in our words.
    pub documentation: String,
    /// Sent only when the request preferred `include-unknown-enum-members`.
    pub prefer: bool,
}

/// The kind of a structured type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StructuredKind {
    /// Has a key and an address of its own.
    Entity,
    /// A value inside something else.
    Complex,
}

/// An entity or complex type.
#[derive(Debug, Clone)]
pub struct StructuredType {
    /// Qualified name.
    pub name: QualifiedName,
    /// Entity or complex.
    pub kind: StructuredKind,
    /// The type it derives from.
    pub base: Option<TypeId>,
    /// All types that derive from it, near and far, sorted. Filled by resolving.
    pub derived: Vec<TypeId>,
    /// Never an instance of its own.
    pub is_abstract: bool,
    /// May carry properties that are declared nowhere.
    pub open: bool,
    /// Is a media entity.
    pub has_stream: bool,
    /// Names of the key properties, its own only.
    pub key: Vec<String>,
    /// How the key may be shown, in records and in paths; `None`: as the key property says.
    pub key_sensitivity: Option<Sensitivity>,
    /// Structural properties, its own only, in declared order.
    pub properties: Vec<Property>,
    /// Navigation properties, its own only, in declared order.
    pub navigation: Vec<Navigation>,
    /// Limits that its annotations state.
    pub restrictions: Restrictions,
    /// A cut point of a slice: only what identifies an entity was kept (see [`mod@crate::slice`]).
    pub stub: bool,
    /// Some of its members were left out on purpose: by the spec, so that the others are not missed when comparing, or by
    /// a slice that only passes through it.
    pub partial: bool,
    /// Its description in our words.
    pub documentation: String,
    /// Clouds whose metadata declares it.
    pub clouds: Vec<Cloud>,
}

/// Statements of the metadata's annotations about writing; `None` where they say nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Restrictions {
    /// `Org.OData.Capabilities.V1.InsertRestrictions`.
    pub insertable: Option<bool>,
    /// `Org.OData.Capabilities.V1.UpdateRestrictions`.
    pub updatable: Option<bool>,
    /// `Org.OData.Capabilities.V1.DeleteRestrictions`.
    pub deletable: Option<bool>,
    /// `UpdateMethod` of `Org.OData.Capabilities.V1.UpdateRestrictions`: the method that updates an entity.
    pub update_method: Option<UpdateMethod>,
}

/// The HTTP method of an update.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UpdateMethod {
    /// `PATCH`: properties that are absent stay as they are. OData's default.
    Patch,
    /// `PUT`: the body replaces the entity.
    Put,
}

/// The sensitivity of a value in logs and messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Sensitivity {
    /// As it is.
    #[default]
    Public,
    /// Masked by default: telephone numbers, principal names, ids that embed a number.
    Personal,
    /// Never shown: passwords, passes, keys.
    Secret,
}

/// A structural property.
#[derive(Debug, Clone)]
pub struct Property {
    /// Wire name.
    pub name: String,
    /// Its type.
    pub r#type: TypeReference,
    /// Whether the value (the items, of a collection) may be null.
    pub nullable: bool,
    /// Its sensitivity in logs and messages.
    pub sensitivity: Sensitivity,
    /// Name of a value grammar, checked when the property is written, never when it is read.
    pub grammar: Option<String>,
    /// The least and the largest number, checked when the property is written, never when it is read.
    pub range: Option<(i64, i64)>,
    /// Since when it is deprecated, and what to use instead.
    pub deprecated: Option<String>,
    /// Filter operators the service documents.
    pub filter: Vec<String>,
    /// Whether `$orderby` is documented for it.
    pub orderby: bool,
    /// Its description in our words.
    pub documentation: String,
    /// Corrections to the documentation that apply, such as `T18`.
    pub corrections: Vec<String>,
}

/// A reference to a type, single or collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TypeReference {
    /// The type of the value or of the items.
    pub item: ItemType,
    /// Whether it is a collection.
    pub collection: bool,
}

/// A type without regard to collections.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ItemType {
    /// A primitive type.
    Primitive(Primitive),
    /// An enumeration.
    Enum(EnumId),
    /// An entity or complex type.
    Structured(TypeId),
}

/// OData's primitive types, as far as Graph uses them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names are OData's own")]
pub enum Primitive {
    Binary,
    Boolean,
    Byte,
    Date,
    DateTimeOffset,
    Decimal,
    Double,
    Duration,
    Guid,
    Int16,
    Int32,
    Int64,
    SByte,
    Single,
    Stream,
    String,
    TimeOfDay,
    /// `Edm.Untyped`, `Edm.PrimitiveType`, `Edm.ComplexType`, geography and the like: any JSON value.
    Untyped,
}

/// A navigation property.
#[derive(Debug, Clone)]
pub struct Navigation {
    /// Wire name, the path segment.
    pub name: String,
    /// The type of its target.
    pub target: TypeId,
    /// Whether it leads to many.
    pub collection: bool,
    /// Whether what it leads to lives inside this entity.
    pub contained: bool,
    /// Whether it may be absent.
    pub nullable: bool,
    /// Name of the path parameter of a collection, `id` unless the spec says otherwise.
    pub key: Option<String>,
    /// Limits that its annotations state.
    pub restrictions: Restrictions,
    /// Its description in our words.
    pub documentation: String,
}

/// Action or function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallableKind {
    /// Has effects; POST.
    Action,
    /// Has none; GET.
    Function,
}

/// An action or a function; overloads are separate entries.
#[derive(Debug, Clone)]
pub struct Callable {
    /// Action or function.
    pub kind: CallableKind,
    /// Qualified name.
    pub name: QualifiedName,
    /// The type it is bound to; `None` for an unbound one.
    pub binding: Option<TypeReference>,
    /// Parameters without the binding parameter, in declared order.
    pub parameters: Vec<Parameter>,
    /// Its result.
    pub returns: Option<Returns>,
    /// Whether its result may be addressed further (functions).
    pub composable: bool,
    /// `EntitySetPath`: where a returned entity lives, seen from the binding parameter.
    pub entity_set_path: Option<String>,
    /// Its effect in our words.
    pub documentation: String,
}

/// A parameter of an action or function.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// Wire name.
    pub name: String,
    /// Its type.
    pub r#type: TypeReference,
    /// Whether the metadata allows null.
    pub nullable: bool,
    /// Whether callers must give it: a positional argument. Readers of bare metadata set it to `!nullable`.
    pub required: bool,
    /// Name of a value grammar that is checked before sending (`e164`, `phoneMethod`, `guid`).
    pub grammar: Option<String>,
    /// Its sensitivity in logs and messages.
    pub sensitivity: Sensitivity,
    /// Its description in our words.
    pub documentation: String,
}

/// The result of an action or function.
#[derive(Debug, Clone, Copy)]
pub struct Returns {
    /// The type.
    pub r#type: TypeReference,
    /// Whether it may be null.
    pub nullable: bool,
}

/// Kind of a root.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum RootKind {
    /// A collection.
    EntitySet,
    /// One entity.
    Singleton,
}

/// A root of paths.
#[derive(Debug, Clone)]
pub struct Root {
    /// First path segment.
    pub name: String,
    /// Set or singleton.
    pub kind: RootKind,
    /// The entity type.
    pub target: TypeId,
    /// Name of the path parameter of a set, `id` unless the spec says otherwise.
    pub key: Option<String>,
    /// Limits that its annotations state.
    pub restrictions: Restrictions,
    /// Its description in our words.
    pub documentation: String,
}

/// A national deployment of Graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Cloud {
    /// The global service.
    Global,
    /// US Government L4 (GCC High).
    UsGovL4,
    /// US Government L5 (DoD).
    UsGovL5,
    /// China, operated by 21Vianet.
    China,
}

/// The effect of an operation on its target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OperationKind {
    /// Reads one entity.
    Get,
    /// Reads a collection.
    List,
    /// Adds to a collection.
    Create,
    /// Changes one entity (PATCH).
    Update,
    /// Removes one entity.
    Delete,
    /// Invokes an action.
    Action(CallableId),
    /// Invokes a function.
    Function(CallableId),
    /// `$batch`.
    Batch,
}

/// HTTP methods Graph uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[expect(missing_docs, reason = "the names are HTTP's own")]
pub enum Method {
    Get,
    Post,
    Patch,
    Put,
    Delete,
}

/// An operation of the spec: one method of one type, at one or more places.
#[derive(Debug, Clone)]
pub struct Operation {
    /// Unique id, for instance `numberAssignments.assignNumber`.
    pub id: String,
    /// First line of its documentation.
    pub title: String,
    /// Its effect in our words.
    pub documentation: String,
    /// Kind, with the action or function it invokes.
    pub kind: OperationKind,
    /// HTTP method.
    pub method: Method,
    /// The type whose method this is; `None` for `$batch`.
    pub target: Option<TypeReference>,
    /// Statuses that mean success; the first is the documented one.
    pub success: Vec<u16>,
    /// The content of a successful response.
    pub result: OperationResult,
    /// Query options the service documents.
    pub query: Vec<String>,
    /// Default and maximum page size.
    pub page_size: Option<PageSize>,
    /// Group whose limit it counts against.
    pub throttling: Option<String>,
    /// Least privileged directory roles for delegated use.
    pub roles: Vec<String>,
    /// Whether the service may refuse a signed-in user whose multifactor sign-in is older than ten minutes.
    pub recent_sign_in: bool,
    /// Last part of the reference page's address.
    pub reference: Option<String>,
    /// The source of the facts.
    pub source: String,
    /// Corrections to the documentation that apply.
    pub corrections: Vec<String>,
    /// Since when and what instead.
    pub deprecated: Option<String>,
    /// Whether it may be repeated.
    pub idempotency: Idempotency,
    /// How its end is found, when the answer is not final.
    pub long_running: Option<LongRunning>,
    /// The properties that a create or update writes.
    pub body: Option<Body>,
    /// The paths of the operation, in the spec's order.
    pub paths: Vec<OperationPath>,
}

/// The content of a successful response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OperationResult {
    /// Nothing.
    None,
    /// One value of this type. `optional`: the documentation contradicts itself, it may be absent.
    Value {
        /// The type.
        r#type: TypeReference,
        /// May be absent from a success.
        optional: bool,
    },
    /// A collection of this item type, in pages.
    Pages(ItemType),
    /// Answers to a batch.
    Batch,
}

/// Page sizes of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PageSize {
    /// When `$top` is absent.
    pub default: u32,
    /// The largest `$top`.
    pub maximum: u32,
}

/// Whether an operation may be repeated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Idempotency {
    /// A read.
    Safe,
    /// A write that ends in the same state when repeated.
    Idempotent,
    /// Must not be repeated blindly; a read settles whether it happened.
    Confirm {
        /// Id of the operation that reads.
        by: String,
        /// How, in our words.
        how: String,
    },
    /// Not to be repeated after an unknown outcome.
    Never {
        /// Why, in our words.
        how: String,
    },
}

/// The way to find the end of a 202.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LongRunning {
    /// Id of the operation that reads its state.
    pub operation: String,
    /// The entity that holds its state.
    pub r#type: TypeId,
    /// Property that holds the state.
    pub status: String,
    /// States that mean success.
    pub succeeded: Vec<String>,
    /// States that mean failure.
    pub failed: Vec<String>,
    /// Property with a verdict per item.
    pub details: Option<String>,
}

/// The properties that a create or update writes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Body {
    /// Properties that must be present.
    pub required: Vec<String>,
    /// Properties that may be.
    pub optional: Vec<String>,
    /// Whether the body must name its type.
    pub odata_type: bool,
}

/// One place where an operation can be called.
#[derive(Debug, Clone)]
pub struct OperationPath {
    /// Template, for instance `/users/{user-id}/authentication/phoneMethods`.
    pub path: String,
    /// Clouds that offer it.
    pub clouds: Vec<Cloud>,
    /// For a signed-in user; `None`: not offered.
    pub delegated: Option<Permissions>,
    /// For an application; `None`: not offered.
    pub application: Option<Permissions>,
}

/// Permissions, any one of which suffices.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Permissions {
    /// The narrowest.
    pub least: Vec<String>,
    /// Others that do.
    #[serde(default)]
    pub higher: Vec<String>,
}

impl Model {
    /// The structured type behind an id.
    #[must_use]
    pub fn structured(&self, id: TypeId) -> &StructuredType {
        &self.types[id.0 as usize]
    }

    /// The enumeration behind an id.
    #[must_use]
    pub fn enumeration(&self, id: EnumId) -> &EnumType {
        &self.enums[id.0 as usize]
    }

    /// The action or function behind an id.
    #[must_use]
    pub fn callable(&self, id: CallableId) -> &Callable {
        &self.callables[id.0 as usize]
    }

    /// A type and the types it derives from, nearest first.
    pub fn lineage(&self, id: TypeId) -> impl Iterator<Item = TypeId> + '_ {
        std::iter::successors(Some(id), |id| self.structured(*id).base)
    }

    /// All structural properties of a type, inherited ones first, in declared order.
    #[must_use]
    pub fn all_properties(&self, id: TypeId) -> Vec<&Property> {
        let mut lineage: Vec<TypeId> = self.lineage(id).collect();
        lineage.reverse();
        lineage
            .into_iter()
            .flat_map(|id| &self.structured(id).properties)
            .collect()
    }
}
