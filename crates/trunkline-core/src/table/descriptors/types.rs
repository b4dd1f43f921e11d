//! Structured types, their properties, and roots.

use super::bytes::{Record, Table};
use super::{DescriptorError, Descriptors};
use crate::codec::Sensitivity;

/// The type of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Item<'b> {
    /// A primitive type, by OData's name without the namespace.
    Primitive(&'static str),
    /// An enumeration.
    Enum(super::EnumType<'b>),
    /// An entity or complex type.
    Structured(StructuredType<'b>),
}

/// The type of a property, a parameter or a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape<'b> {
    /// The type of the value or of the items.
    pub item: Item<'b>,
    /// Whether there are many.
    pub collection: bool,
}

/// Primitive types by number.
const PRIMITIVES: [&str; 18] = [
    "Binary",
    "Boolean",
    "Byte",
    "Date",
    "DateTimeOffset",
    "Decimal",
    "Double",
    "Duration",
    "Guid",
    "Int16",
    "Int32",
    "Int64",
    "SByte",
    "Single",
    "Stream",
    "String",
    "TimeOfDay",
    "Untyped",
];

impl<'b> Item<'b> {
    pub(super) fn read(blob: Descriptors<'b>, number: u16) -> Result<Self, DescriptorError> {
        match number {
            0x8000.. => blob.type_at(number & 0x7fff).map(Self::Structured),
            0x4000.. => blob.enum_at(number & 0x3fff).map(Self::Enum),
            _ => {
                let name = PRIMITIVES
                    .get(usize::from(number))
                    .ok_or(DescriptorError::damaged("a primitive type", number))?;
                Ok(Self::Primitive(name))
            }
        }
    }

    /// The type's qualified name.
    ///
    /// # Errors
    ///
    /// When the blob is damaged.
    pub fn qualified_name(&self) -> Result<String, DescriptorError> {
        match self {
            Self::Primitive(name) => Ok(format!("Edm.{name}")),
            Self::Enum(r#enum) => r#enum.qualified_name(),
            Self::Structured(r#type) => r#type.qualified_name(),
        }
    }
}

pub(super) fn sensitivity(flags: u8) -> Sensitivity {
    match flags >> 6 {
        0 => Sensitivity::Public,
        1 => Sensitivity::Personal,
        // An unknown sensitivity is treated as the strictest.
        _ => Sensitivity::Secret,
    }
}

/// An entity or complex type.
#[derive(Clone, Copy)]
pub struct StructuredType<'b> {
    record: Record<'b>,
    index: u16,
}

impl<'b> StructuredType<'b> {
    pub(super) fn at(blob: Descriptors<'b>, index: u16) -> Result<Self, DescriptorError> {
        Ok(Self {
            record: Record::of(blob, Table::Types, index.into())?,
            index,
        })
    }

    /// Its index.
    #[must_use]
    pub fn index(&self) -> u16 {
        self.index
    }

    /// Its name without the namespace.
    ///
    /// # Errors
    ///
    /// When the blob is damaged, here and below.
    pub fn name(&self) -> Result<&'b str, DescriptorError> {
        self.record.string(0)
    }

    /// Its namespace.
    ///
    /// # Errors
    ///
    /// As [`name`](Self::name).
    pub fn namespace(&self) -> Result<&'b str, DescriptorError> {
        self.record.blob.namespace(self.record.u16(8))
    }

    /// Namespace and name.
    ///
    /// # Errors
    ///
    /// As [`name`](Self::name).
    pub fn qualified_name(&self) -> Result<String, DescriptorError> {
        Ok(format!("{}.{}", self.namespace()?, self.name()?))
    }

    /// Its own key properties.
    ///
    /// # Errors
    ///
    /// As [`name`](Self::name).
    pub fn key(&self) -> Result<Vec<&'b str>, DescriptorError> {
        self.record.strings(4)
    }

    /// The type it derives from.
    ///
    /// # Errors
    ///
    /// As [`name`](Self::name).
    pub fn base(&self) -> Result<Option<Self>, DescriptorError> {
        self.record
            .optional_index(10)
            .map(|base| self.record.blob.type_at(base))
            .transpose()
    }

    /// Whether it is an entity, with a key and an address of its own.
    #[must_use]
    pub fn is_entity(&self) -> bool {
        self.record.flag(12, 0)
    }

    /// Whether it is never an instance of its own.
    #[must_use]
    pub fn is_abstract(&self) -> bool {
        self.record.flag(12, 1)
    }

    /// Whether it may carry properties that are declared nowhere.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.record.flag(12, 2)
    }

    /// Whether it is a media entity.
    #[must_use]
    pub fn has_stream(&self) -> bool {
        self.record.flag(12, 3)
    }

    /// Whether others derive from it.
    #[must_use]
    pub fn is_base(&self) -> bool {
        self.record.flag(12, 4)
    }

    /// Whether it is a cut point of a slice.
    #[must_use]
    pub fn is_stub(&self) -> bool {
        self.record.flag(12, 5)
    }

    /// How its key may be shown, where that is not as the key property says.
    fn own_key_sensitivity(&self) -> Option<Sensitivity> {
        self.record.u8(13).checked_sub(1).map(|number| sensitivity(number << 6))
    }

    /// It and the types it derives from, nearest first.
    ///
    /// # Errors
    ///
    /// As [`name`](Self::name), and when it derives from itself.
    pub fn lineage(&self) -> Result<Vec<Self>, DescriptorError> {
        let mut lineage = vec![*self];
        while let Some(base) = lineage.last().map_or(Ok(None), Self::base)? {
            if lineage.iter().any(|known| known.index == base.index) {
                return Err(DescriptorError::damaged("a base", base.index));
            }
            lineage.push(base);
        }
        Ok(lineage)
    }

    /// Its own properties.
    pub fn own_properties(&self) -> impl Iterator<Item = Result<Property<'b>, DescriptorError>> {
        let first = u32::from(self.record.u16(14));
        let records = self.record.children(Table::Properties, 14, 16);
        (first..).zip(records).map(|(index, record)| {
            record.map(|record| Property {
                record,
                index,
                sensitivity: sensitivity(record.u8(6)),
            })
        })
    }

    /// All properties, inherited ones first: the fields of a record, in order.
    ///
    /// # Errors
    ///
    /// As [`lineage`](Self::lineage).
    pub fn properties(&self) -> Result<Vec<Property<'b>>, DescriptorError> {
        let mut lineage = self.lineage()?;
        let key_sensitivity = lineage.iter().find_map(Self::own_key_sensitivity);
        lineage.reverse();
        let mut properties = Vec::new();
        let mut keys = Vec::new();
        for r#type in &lineage {
            for property in r#type.own_properties() {
                properties.push(property?);
            }
            if key_sensitivity.is_some() {
                keys.extend(r#type.key()?);
            }
        }
        if let Some(sensitivity) = key_sensitivity {
            for property in &mut properties {
                if keys.contains(&property.name()?) {
                    property.sensitivity = sensitivity;
                }
            }
        }
        Ok(properties)
    }

    /// Its own navigation properties.
    pub fn navigation(&self) -> impl Iterator<Item = Result<Navigation<'b>, DescriptorError>> {
        self.record
            .children(Table::Navigation, 18, 20)
            .map(|record| record.map(|record| Navigation { record }))
    }
}

impl PartialEq for StructuredType<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.index == other.index
    }
}

impl Eq for StructuredType<'_> {}

impl std::fmt::Debug for StructuredType<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.qualified_name().unwrap_or_else(|error| error.to_string()))
    }
}

/// A property of a type.
#[derive(Clone, Copy)]
pub struct Property<'b> {
    record: Record<'b>,
    index: u32,
    sensitivity: Sensitivity,
}

impl<'b> Property<'b> {
    /// The wire name.
    ///
    /// # Errors
    ///
    /// When the blob is damaged.
    pub fn name(&self) -> Result<&'b str, DescriptorError> {
        self.record.string(0)
    }

    /// Its type.
    ///
    /// # Errors
    ///
    /// When the blob is damaged.
    pub fn shape(&self) -> Result<Shape<'b>, DescriptorError> {
        Ok(Shape {
            item: Item::read(self.record.blob, self.record.u16(4))?,
            collection: self.record.flag(6, 0),
        })
    }

    /// Whether the value (the items, of a collection) may be null.
    #[must_use]
    pub fn is_nullable(&self) -> bool {
        self.record.flag(6, 1)
    }

    /// Whether the service documents `$orderby` for it.
    #[must_use]
    pub fn is_sortable(&self) -> bool {
        self.record.flag(6, 2)
    }

    /// Whether it is a contained navigation property that is written inside a body.
    #[must_use]
    pub fn is_contained(&self) -> bool {
        self.record.flag(6, 3)
    }

    /// Whether the service documents `$filter` for it.
    #[must_use]
    pub fn is_filterable(&self) -> bool {
        self.record.flag(6, 4)
    }

    /// How it may be shown.
    #[must_use]
    pub fn sensitivity(&self) -> Sensitivity {
        self.sensitivity
    }

    /// Between which whole numbers a written value must be.
    ///
    /// # Errors
    ///
    /// When the blob is damaged.
    pub fn range(&self) -> Result<Option<(i64, i64)>, DescriptorError> {
        if self.record.flag(6, 5) {
            self.record.blob.range(self.index)
        } else {
            Ok(None)
        }
    }

    /// Name of the grammar that written values follow.
    ///
    /// # Errors
    ///
    /// When the blob is damaged.
    pub fn grammar(&self) -> Result<Option<&'b str>, DescriptorError> {
        self.record.blob.grammar(self.record.u8(7))
    }
}

/// A navigation property.
#[derive(Clone, Copy)]
pub struct Navigation<'b> {
    record: Record<'b>,
}

impl<'b> Navigation<'b> {
    /// The wire name, which is the path segment.
    ///
    /// # Errors
    ///
    /// When the blob is damaged.
    pub fn name(&self) -> Result<&'b str, DescriptorError> {
        self.record.string(0)
    }

    /// Name of the path parameter of a collection, where it is not `id`.
    ///
    /// # Errors
    ///
    /// When the blob is damaged.
    pub fn key(&self) -> Result<Option<&'b str>, DescriptorError> {
        self.record.optional_string(4)
    }

    /// Where it leads.
    ///
    /// # Errors
    ///
    /// When the blob is damaged.
    pub fn target(&self) -> Result<StructuredType<'b>, DescriptorError> {
        self.record.blob.type_at(self.record.u16(8))
    }

    /// Whether it leads to many.
    #[must_use]
    pub fn is_collection(&self) -> bool {
        self.record.flag(10, 0)
    }

    /// Whether it may be absent.
    #[must_use]
    pub fn is_nullable(&self) -> bool {
        self.record.flag(10, 1)
    }

    /// Whether what it leads to lives inside this entity.
    #[must_use]
    pub fn is_contained(&self) -> bool {
        self.record.flag(10, 2)
    }
}

/// Where a path may begin.
#[derive(Clone, Copy)]
pub struct Root<'b> {
    record: Record<'b>,
}

impl<'b> Root<'b> {
    pub(super) fn at(blob: Descriptors<'b>, index: u16) -> Result<Self, DescriptorError> {
        Ok(Self {
            record: Record::of(blob, Table::Roots, index.into())?,
        })
    }

    /// The first segment of a path.
    ///
    /// # Errors
    ///
    /// When the blob is damaged.
    pub fn name(&self) -> Result<&'b str, DescriptorError> {
        self.record.string(0)
    }

    /// Name of the path parameter of a set, where it is not `id`.
    ///
    /// # Errors
    ///
    /// When the blob is damaged.
    pub fn key(&self) -> Result<Option<&'b str>, DescriptorError> {
        self.record.optional_string(4)
    }

    /// The entity type.
    ///
    /// # Errors
    ///
    /// When the blob is damaged.
    pub fn target(&self) -> Result<StructuredType<'b>, DescriptorError> {
        self.record.blob.type_at(self.record.u16(8))
    }

    /// Whether it is a set, not a single entity.
    #[must_use]
    pub fn is_set(&self) -> bool {
        self.record.flag(10, 0)
    }
}
