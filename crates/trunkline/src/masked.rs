//! Texts whose `Debug` shows no number, name or address.

use std::fmt;

/// A text whose `Debug` shows no number, name or address.
pub(crate) struct Masked<'t>(pub(crate) &'t str);

impl fmt::Debug for Masked<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&trunkline_core::mask::text(self.0), formatter)
    }
}

/// A telephone number as the caller wrote it, of which `Debug` shows the last two digits.
pub(crate) struct MaskedNumber<'t>(pub(crate) &'t str);

impl fmt::Debug for MaskedNumber<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&trunkline_core::mask::number(self.0), formatter)
    }
}
