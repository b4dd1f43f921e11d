//! The result of a reader, for [`crate::resolve`]: parts of the model whose references are still names.
//!
//! Each draft holds the finished value, except for the ids in it, which are placeholders until resolved.

use crate::model::{
    Callable, EnumType, ItemType, Navigation, Parameter, Primitive, Property, QualifiedName, Returns, Root,
    StructuredType, TypeId, TypeReference,
};
use crate::place::Place;

/// Stands in for the id of a structured type.
pub(crate) const UNRESOLVED: TypeId = TypeId(u32::MAX);

/// Stands in for a reference to a type.
pub(crate) const UNRESOLVED_TYPE: TypeReference = TypeReference {
    item: ItemType::Primitive(Primitive::Untyped),
    collection: false,
};

/// The name of a type, with its namespace, never an alias.
#[derive(Debug, Clone)]
pub(crate) struct Reference {
    /// The name of the value's or the items' type.
    pub(crate) name: QualifiedName,
    /// Whether it is a collection.
    pub(crate) collection: bool,
    /// Position in the source.
    pub(crate) place: Place,
}

/// All elements that a reader has read.
#[derive(Debug, Default)]
pub(crate) struct Draft {
    /// Enumerations.
    pub(crate) enums: Vec<EnumDraft>,
    /// Entity and complex types.
    pub(crate) types: Vec<TypeDraft>,
    /// Names for primitive types.
    pub(crate) definitions: Vec<DefinitionDraft>,
    /// Actions and functions.
    pub(crate) callables: Vec<CallableDraft>,
    /// Roots.
    pub(crate) roots: Vec<RootDraft>,
}

/// An enumeration.
#[derive(Debug)]
pub(crate) struct EnumDraft {
    /// The value; nothing in it needs resolving.
    pub(crate) value: EnumType,
    /// Position of the declaration.
    pub(crate) place: Place,
}

/// An entity or complex type.
#[derive(Debug)]
pub(crate) struct TypeDraft {
    /// The value without its base, properties and navigation.
    pub(crate) value: StructuredType,
    /// The type it derives from.
    pub(crate) base: Option<Reference>,
    /// Structural properties.
    pub(crate) properties: Vec<(Property, Reference)>,
    /// Navigation properties.
    pub(crate) navigation: Vec<(Navigation, Reference)>,
    /// Position of the declaration.
    pub(crate) place: Place,
}

/// A name for a primitive type.
#[derive(Debug)]
pub(crate) struct DefinitionDraft {
    /// The name.
    pub(crate) name: QualifiedName,
    /// The primitive type it stands for.
    pub(crate) primitive: Primitive,
    /// Position of the declaration.
    pub(crate) place: Place,
}

/// An action or function.
#[derive(Debug)]
pub(crate) struct CallableDraft {
    /// The value without its binding, parameters and result.
    pub(crate) value: Callable,
    /// The type it is bound to.
    pub(crate) binding: Option<Reference>,
    /// Parameters without the binding parameter.
    pub(crate) parameters: Vec<(Parameter, Reference)>,
    /// The type it returns.
    pub(crate) returns: Option<(Returns, Reference)>,
    /// Position of the declaration.
    pub(crate) place: Place,
}

/// A root.
#[derive(Debug)]
pub(crate) struct RootDraft {
    /// The value without its type.
    pub(crate) value: Root,
    /// Its type.
    pub(crate) target: Reference,
    /// Position of the declaration.
    pub(crate) place: Place,
}
