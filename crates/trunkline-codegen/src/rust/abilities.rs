//! The abilities of a type.

use proc_macro2::TokenStream;
use quote::quote;
use trunkline_spec::model::TypeId;

use super::navigation::http_method;
use super::scope::Scope;

/// The traits of a type that say what the service offers.
pub(super) fn abilities(scope: &Scope<'_, '_>, id: TypeId) -> TokenStream {
    let (record, value, entity_type) = (scope.record(id), scope.instance(id), scope.name("EntityType"));
    let abilities = scope.plan.record(id).abilities;
    let names_type = abilities.names_type.then(|| {
        quote!(
            const NAMES_TYPE: bool = true;
        )
    });
    let body = scope.plan.record(id).body.as_ref().map(|body| {
        let (left_out, required) = (&body.left_out, &body.required);
        quote! {
            const BODY: ::core::option::Option<&'static ::trunkline_core::codec::BodyRules> =
                ::core::option::Option::Some(&::trunkline_core::codec::BodyRules {
                    left_out: &[#(#left_out),*],
                    required: &[#(#required),*],
                });
        }
    });
    let offered = [
        ("Readable", abilities.readable),
        ("Updatable", abilities.updatable),
        ("Deletable", abilities.deletable),
        ("Listable", abilities.listable),
        ("Creatable", abilities.creatable),
    ];
    let update_method = scope.plan.model.structured(id).restrictions.update_method;
    let offered = offered.into_iter().filter(|(_, offered)| *offered).map(|(name, _)| {
        let offered = scope.name(name);
        match update_method.filter(|_| name == "Updatable").map(http_method) {
            Some(method) => quote! {
                impl #offered for #record {
                    const METHOD: ::trunkline_core::http::Method = #method;
                }
            },
            None => quote!(impl #offered for #record {}),
        }
    });
    quote! {
        impl #entity_type for #record {
            type Value = #value;
            #names_type
            #body
        }
        #(#offered)*
    }
}
