//! Finds elements of a model by name.

use crate::model::{
    Callable, CallableId, EnumId, ItemType, Model, Primitive, QualifiedName, Root, TypeId, TypeReference,
};
use crate::primitive::EDM;

impl Model {
    /// The structured type of a name.
    #[must_use]
    pub fn type_named(&self, name: &QualifiedName) -> Option<TypeId> {
        let index = self.types.binary_search_by(|r#type| r#type.name.cmp(name)).ok()?;
        u32::try_from(index).ok().map(TypeId)
    }

    /// The enumeration of a name.
    #[must_use]
    pub fn enum_named(&self, name: &QualifiedName) -> Option<EnumId> {
        let index = self.enums.binary_search_by(|r#enum| r#enum.name.cmp(name)).ok()?;
        u32::try_from(index).ok().map(EnumId)
    }

    /// The type of a name, whatever its kind.
    #[must_use]
    pub fn item_named(&self, name: &QualifiedName) -> Option<ItemType> {
        if name.namespace == EDM {
            return Primitive::from_name(&name.name).map(ItemType::Primitive);
        }
        self.type_named(name)
            .map(ItemType::Structured)
            .or_else(|| self.enum_named(name).map(ItemType::Enum))
    }

    /// The root of a name.
    #[must_use]
    pub fn root_named(&self, name: &str) -> Option<&Root> {
        let index = self.roots.binary_search_by(|root| root.name.as_str().cmp(name)).ok()?;
        self.roots.get(index)
    }

    /// All actions and functions of a name, with their ids.
    pub fn callables_named<'model>(
        &'model self,
        name: &QualifiedName,
    ) -> impl Iterator<Item = (CallableId, &'model Callable)> + 'model {
        let start = self.callables.partition_point(|callable| callable.name < *name);
        let end = self.callables.partition_point(|callable| callable.name <= *name);
        (start..end).filter_map(|index| Some((CallableId(u32::try_from(index).ok()?), self.callables.get(index)?)))
    }

    /// Whether a type is another one or derives from it.
    #[must_use]
    pub fn is_a(&self, id: TypeId, ancestor: TypeId) -> bool {
        self.lineage(id).any(|id| id == ancestor)
    }

    /// The name of a type, as the spec writes it in full.
    #[must_use]
    pub fn item_name(&self, item: ItemType) -> String {
        match item {
            ItemType::Primitive(primitive) => format!("{EDM}.{}", primitive.name()),
            ItemType::Enum(id) => self.enumeration(id).name.to_string(),
            ItemType::Structured(id) => self.structured(id).name.to_string(),
        }
    }

    /// The name of a type or of a collection of it, as the spec writes it in full.
    #[must_use]
    pub fn type_name(&self, reference: TypeReference) -> String {
        let item = self.item_name(reference.item);
        if reference.collection {
            format!("Collection({item})")
        } else {
            item
        }
    }
}

impl crate::model::Method {
    /// HTTP's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Patch => "PATCH",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }
}

impl crate::model::Cloud {
    /// All clouds.
    pub const ALL: [Self; 4] = [Self::Global, Self::UsGovL4, Self::UsGovL5, Self::China];

    /// The name the spec uses.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Global => "global",
            Self::UsGovL4 => "usGovL4",
            Self::UsGovL5 => "usGovL5",
            Self::China => "china",
        }
    }

    /// The cloud of a name the spec uses.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|cloud| cloud.name() == name)
    }
}
