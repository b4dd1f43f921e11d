//! The methods of a handle.

use proc_macro2::TokenStream;
use quote::quote;

use super::calls;
use super::file::Piece;
use super::scope::Scope;
use crate::plan::{CallPlan, Receiver};

/// The methods of a type's handle; nothing when there are none.
pub(super) fn handle_impl(
    scope: &Scope<'_, '_>,
    receiver: Receiver,
    navigation: Vec<TokenStream>,
    calls: &[&CallPlan<'_>],
) -> Option<Piece> {
    if navigation.is_empty() && calls.is_empty() {
        return None;
    }
    let handle = scope.handle(receiver);
    let calls = calls.iter().map(|call| calls::method(scope, call));
    Some(Piece::Items(quote! {
        impl #handle {
            #(#navigation)*
            #(#calls)*
        }
    }))
}
