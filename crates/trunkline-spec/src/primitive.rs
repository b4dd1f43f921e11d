//! OData's primitive types by name.

use crate::model::Primitive;

/// The namespace of OData's own types.
pub(crate) const EDM: &str = "Edm";

impl Primitive {
    /// The primitive behind a name of the `Edm` namespace. Types whose values Trunkline does not interpret
    /// (geography, geometry and OData's abstract types) are [`Primitive::Untyped`].
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "Binary" => Self::Binary,
            "Boolean" => Self::Boolean,
            "Byte" => Self::Byte,
            "Date" => Self::Date,
            "DateTimeOffset" => Self::DateTimeOffset,
            "Decimal" => Self::Decimal,
            "Double" => Self::Double,
            "Duration" => Self::Duration,
            "Guid" => Self::Guid,
            "Int16" => Self::Int16,
            "Int32" => Self::Int32,
            "Int64" => Self::Int64,
            "SByte" => Self::SByte,
            "Single" => Self::Single,
            "Stream" => Self::Stream,
            "String" => Self::String,
            "TimeOfDay" => Self::TimeOfDay,
            "Untyped" | "PrimitiveType" | "ComplexType" | "EntityType" => Self::Untyped,
            _ => {
                let shape = name
                    .strip_prefix("Geography")
                    .or_else(|| name.strip_prefix("Geometry"))?;
                match shape {
                    "" | "Point" | "LineString" | "Polygon" | "MultiPoint" | "MultiLineString" | "MultiPolygon"
                    | "Collection" => Self::Untyped,
                    _ => return None,
                }
            }
        })
    }

    /// OData's name without the namespace.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Binary => "Binary",
            Self::Boolean => "Boolean",
            Self::Byte => "Byte",
            Self::Date => "Date",
            Self::DateTimeOffset => "DateTimeOffset",
            Self::Decimal => "Decimal",
            Self::Double => "Double",
            Self::Duration => "Duration",
            Self::Guid => "Guid",
            Self::Int16 => "Int16",
            Self::Int32 => "Int32",
            Self::Int64 => "Int64",
            Self::SByte => "SByte",
            Self::Single => "Single",
            Self::Stream => "Stream",
            Self::String => "String",
            Self::TimeOfDay => "TimeOfDay",
            Self::Untyped => "Untyped",
        }
    }

    /// The values an enumeration with this underlying type may have; `None` when it may not be one.
    pub(crate) fn integer_range(self) -> Option<std::ops::RangeInclusive<i64>> {
        Some(match self {
            Self::SByte => i64::from(i8::MIN)..=i64::from(i8::MAX),
            Self::Byte => 0..=i64::from(u8::MAX),
            Self::Int16 => i64::from(i16::MIN)..=i64::from(i16::MAX),
            Self::Int32 => i64::from(i32::MIN)..=i64::from(i32::MAX),
            Self::Int64 => i64::MIN..=i64::MAX,
            _ => return None,
        })
    }
}
