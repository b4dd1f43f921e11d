//! What every intent has in common: it is described first, then awaited or sent blocking.

use std::fmt;

/// A text whose `Debug` shows no number, name or address.
pub(crate) struct Masked<'t>(pub(crate) &'t str);

impl fmt::Debug for Masked<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&trunkline_core::mask::text(self.0), formatter)
    }
}

/// A telephone number as it was given, of which `Debug` shows the last two digits.
pub(crate) struct MaskedNumber<'t>(pub(crate) &'t str);

impl fmt::Debug for MaskedNumber<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&trunkline_core::mask::number(self.0), formatter)
    }
}

/// Gives an intent its two ways of being carried out, over its `async fn carry_out(self) -> Result<Outcome>`.
macro_rules! intent {
    ($intent:ident => $outcome:ty) => {
        impl $intent {
            /// Carries it out.
            ///
            /// # Errors
            ///
            /// See the method that made it.
            pub async fn send(self) -> $crate::Result<$outcome> {
                self.carry_out().await
            }

            /// Carries it out and blocks until it is done.
            ///
            /// # Errors
            ///
            /// See the method that made it; also when called from asynchronous code.
            pub fn send_blocking(self) -> $crate::Result<$outcome> {
                trunkline_core::blocking::block_on(self.carry_out())?
            }
        }

        impl ::std::future::IntoFuture for $intent {
            type Output = $crate::Result<$outcome>;
            type IntoFuture = trunkline_core::clock::BoxFuture<'static, Self::Output>;

            fn into_future(self) -> Self::IntoFuture {
                Box::pin(self.carry_out())
            }
        }
    };
}
pub(crate) use intent;
