//! Navigation properties as methods.

use proc_macro2::TokenStream;
use quote::quote;
use trunkline_spec::model::{TypeId, UpdateMethod};

use super::scope::Scope;
use crate::names::ident;
use crate::plan::Receiver;
use crate::text::{Documentation, code};

/// The methods of a type's own navigation properties.
pub(super) fn methods(scope: &Scope<'_, '_>, id: TypeId) -> Vec<TokenStream> {
    let r#type = scope.plan.model.structured(id);
    let methods = &scope.plan.record(id).navigation;
    r#type
        .navigation
        .iter()
        .zip(methods)
        .map(|(navigation, method)| {
            method_to(
                scope,
                method,
                &navigation.name,
                &navigation.documentation,
                navigation.target,
                navigation.collection,
                navigation.restrictions.update_method,
            )
        })
        .collect()
}

/// A method that leads one segment further.
pub(super) fn method_to(
    scope: &Scope<'_, '_>,
    method: &str,
    segment: &str,
    documentation: &str,
    target: TypeId,
    collection: bool,
    update_method: Option<UpdateMethod>,
) -> TokenStream {
    let mut text = Documentation::of(documentation);
    if documentation.is_empty() {
        let name = &scope.plan.model.structured(target).name;
        let what = if collection { "many" } else { "one" };
        text.paragraph(&format!("{}: {what} {}.", code(segment), code(&name.to_string())));
    }
    let (receiver, constructed) = if collection {
        (Receiver::Collection(target), scope.name("Collection"))
    } else {
        (Receiver::Entity(target), scope.name("Entity"))
    };
    let updated = update_method.map(|method| {
        let method = http_method(method);
        quote!(.with_update_method(#method))
    });
    let (documentation, method, handle) = (text.tokens(), ident(method), scope.handle(receiver));
    quote! {
        #documentation
        #[must_use]
        #[inline]
        pub fn #method(&self) -> #handle {
            #constructed::at(self.handle().segment(#segment)#updated)
        }
    }
}

/// The HTTP method of an update, as generated code names it.
pub(super) fn http_method(method: UpdateMethod) -> TokenStream {
    match method {
        UpdateMethod::Patch => quote!(::trunkline_core::http::Method::PATCH),
        UpdateMethod::Put => quote!(::trunkline_core::http::Method::PUT),
    }
}
