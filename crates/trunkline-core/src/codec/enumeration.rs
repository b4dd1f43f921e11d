//! Enumerations that stay open.

use std::fmt;

use super::{DecodeError, Reader, Value, Writer};

/// An enumeration of Graph. A member this version does not know keeps its text and is written back unchanged.
pub trait OpenEnum: Clone + PartialEq + fmt::Debug + Send + Sync + 'static {
    /// Qualified name, for instance `microsoft.graph.teamsAdministration.numberType`.
    const NAME: &'static str;
    /// Known members as spelled on the wire.
    const MEMBERS: &'static [&'static str];
    /// The member spelled so, or the unknown one that keeps the text.
    fn from_wire(text: &str) -> Self;
    /// The spelling on the wire.
    fn as_str(&self) -> &str;
}

/// Values of an enumeration whose members combine; on the wire one text, separated by commas.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Flags<E>(pub Vec<E>);

impl<E: OpenEnum> Flags<E> {
    /// Whether a member is set.
    #[must_use]
    pub fn contains(&self, member: &E) -> bool {
        self.0.contains(member)
    }

    /// The text on the wire.
    #[must_use]
    pub fn to_wire(&self) -> String {
        self.0.iter().map(OpenEnum::as_str).collect::<Vec<_>>().join(",")
    }
}

impl<E> From<Vec<E>> for Flags<E> {
    fn from(members: Vec<E>) -> Self {
        Self(members)
    }
}

impl<E: OpenEnum> Value for Flags<E> {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let text = reader.string()?;
        Ok(Self(
            text.split(',')
                .map(str::trim)
                .filter(|part| !part.is_empty())
                .map(E::from_wire)
                .collect(),
        ))
    }

    fn write(&self, writer: &mut Writer) {
        writer.string(&self.to_wire());
    }
}

/// Declares an open enumeration.
///
/// ```
/// use trunkline_core::codec::OpenEnum;
///
/// trunkline_core::open_enum! {
///     /// A colour.
///     pub enum Colour = "example.colour" {
///         /// Like the sky.
///         Blue = "blue",
///         /// Like a fire engine.
///         Red = "red",
///     }
/// }
///
/// assert_eq!(Colour::from("red"), Colour::Red);
/// assert_eq!(Colour::from("mauve").as_str(), "mauve");
/// ```
#[macro_export]
macro_rules! open_enum {
    ($(#[$attribute:meta])* pub enum $type:ident = $name:literal {
        $($(#[$member_attribute:meta])* $member:ident = $wire:literal,)*
    }) => {
        $(#[$attribute])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $type {
            $($(#[$member_attribute])* $member,)*
            /// A member this version does not know, as the service spelled it.
            Unrecognized(::std::boxed::Box<str>),
        }
        impl $crate::codec::OpenEnum for $type {
            const NAME: &'static str = $name;
            const MEMBERS: &'static [&'static str] = &[$($wire),*];
            #[inline]
            fn from_wire(text: &str) -> Self {
                match text {
                    $($wire => Self::$member,)*
                    _ => Self::Unrecognized(text.into()),
                }
            }
            #[inline]
            fn as_str(&self) -> &str {
                match self {
                    $(Self::$member => $wire,)*
                    Self::Unrecognized(text) => text,
                }
            }
        }
        impl ::core::convert::From<&str> for $type {
            #[inline]
            fn from(text: &str) -> Self {
                <Self as $crate::codec::OpenEnum>::from_wire(text)
            }
        }
        impl ::core::fmt::Display for $type {
            #[inline]
            fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                formatter.write_str($crate::codec::OpenEnum::as_str(self))
            }
        }
        impl $crate::codec::Value for $type {
            #[inline]
            fn read(reader: &mut $crate::codec::Reader<'_>) -> ::core::result::Result<Self, $crate::codec::DecodeError> {
                reader.string().map(<Self as $crate::codec::OpenEnum>::from_wire)
            }
            #[inline]
            fn write(&self, writer: &mut $crate::codec::Writer) {
                writer.string($crate::codec::OpenEnum::as_str(self));
            }
        }
    };
}
