//! Types as one Rust file writes them: a name of the runtime that a type of Graph shadows is written with its path.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::quote;
use trunkline_spec::model::{EnumId, ItemType, Primitive, TypeId, TypeReference};

use crate::names::ident;
use crate::plan::{Plan, Receiver};

/// Where names of the runtime are from.
const RUNTIME: &[(&[&str], &str)] = &[
    (&["super", "handles"], "Call Collection Entity Graph"),
    (&["trunkline_core", "client"], "Client"),
    (
        &["trunkline_core", "codec"],
        "Additional Binary Date DateTimeOffset Decimal Decode DecodeError Derived DerivedFrom Duration Flags \
         Guid Instance Json Model Nested OpenEnum Page Polymorphic Property TimeOfDay",
    ),
    (
        &["trunkline_core", "handle"],
        "Creatable Deletable EntityType Handle Listable Readable Updatable",
    ),
    (&["trunkline_core", "long_running"], "LongRunning"),
    (&["trunkline_core", "pages"], "ListRequest"),
    (&["trunkline_core", "path"], "Literal"),
    (&["trunkline_core", "request"], "Answer RawBody Request Response"),
];

/// Names of the prelude and where they are from.
const PRELUDE: &[(&str, &[&str])] = &[
    ("Default", &["core", "default"]),
    ("Into", &["core", "convert"]),
    ("IntoIterator", &["core", "iter"]),
    ("Option", &["core", "option"]),
    ("Result", &["core", "result"]),
    ("String", &["std", "string"]),
    ("Vec", &["std", "vec"]),
];

/// Where a name of the runtime is from.
fn runtime_path(name: &str) -> Option<&'static [&'static str]> {
    let found = RUNTIME
        .iter()
        .find(|(_, names)| names.split(' ').any(|known| known == name));
    found.map(|(path, _)| *path)
}

/// The file being written.
pub(super) struct Scope<'p, 'm> {
    pub(super) plan: &'p Plan<'m>,
    module: Option<usize>,
    used: RefCell<BTreeSet<&'static str>>,
}

impl<'p, 'm> Scope<'p, 'm> {
    /// The file of a module.
    pub(super) fn new(plan: &'p Plan<'m>, module: usize) -> Self {
        Self {
            plan,
            module: Some(module),
            used: RefCell::default(),
        }
    }

    /// The file that declares the handles.
    pub(super) fn handles(plan: &'p Plan<'m>) -> Self {
        Self {
            plan,
            module: None,
            used: RefCell::default(),
        }
    }

    fn is_shadowed(&self, name: &str) -> bool {
        self.module
            .is_some_and(|module| self.plan.modules[module].names.has(name))
    }

    /// A name of the runtime or the prelude.
    pub(super) fn name(&self, name: &'static str) -> TokenStream {
        let identifier = ident(name);
        if let Some((_, path)) = PRELUDE.iter().find(|(known, _)| *known == name) {
            if self.is_shadowed(name) {
                let path = path.iter().map(|part| ident(part));
                return quote!(#(::#path)*::#identifier);
            }
            return quote!(#identifier);
        }
        let path = runtime_path(name).unwrap_or_default();
        if !self.is_shadowed(name) {
            if !(self.module.is_none() && path.contains(&"handles")) {
                self.used.borrow_mut().insert(name);
            }
            return quote!(#identifier);
        }
        let absolute = path.first() != Some(&"super");
        let path = path.iter().map(|part| ident(part));
        if absolute {
            quote!(#(::#path)*::#identifier)
        } else {
            quote!(#(#path::)*#identifier)
        }
    }

    /// Imports a name or a macro of the runtime, which text that is laid out already calls by its name alone.
    pub(super) fn import(&self, name: &'static str) {
        self.used.borrow_mut().insert(name);
    }

    /// The imports of what was used.
    pub(super) fn uses(&self) -> TokenStream {
        let used = self.used.borrow();
        let mut by_path: BTreeMap<&[&str], Vec<proc_macro2::Ident>> = BTreeMap::new();
        for name in used.iter() {
            let path = runtime_path(name).unwrap_or(&["trunkline_core"]);
            by_path.entry(path).or_default().push(ident(name));
        }
        let uses = by_path.iter().map(|(path, names)| {
            let path = path.iter().map(|part| ident(part));
            match names.as_slice() {
                [name] => quote!(use #(#path::)*#name;),
                names => quote!(use #(#path::)*{#(#names),*};),
            }
        });
        quote!(#(#uses)*)
    }

    fn in_module(&self, module: usize, name: &str) -> TokenStream {
        let name = ident(name);
        if self.module == Some(module) {
            quote!(#name)
        } else {
            let module = ident(&self.plan.modules[module].name);
            quote!(super::#module::#name)
        }
    }

    /// The struct of a type.
    pub(super) fn record(&self, id: TypeId) -> TokenStream {
        let plan = self.plan.record(id);
        self.in_module(plan.module, &plan.ident)
    }

    /// The struct of a body.
    pub(super) fn body(&self, body: &crate::plan::BodyPlan<'_>) -> TokenStream {
        self.in_module(body.module, &body.ident)
    }

    /// An enumeration, without regard to flags.
    pub(super) fn plain_enum(&self, id: EnumId) -> TokenStream {
        let plan = self.plan.enumeration(id);
        self.in_module(plan.module, &plan.ident)
    }

    /// A value of a structured type: of exactly that type, or of any that derives from it.
    pub(super) fn instance(&self, id: TypeId) -> TokenStream {
        let record = self.record(id);
        if self.plan.record(id).polymorphic {
            let instance = self.name("Instance");
            quote!(#instance<#record>)
        } else {
            record
        }
    }

    /// A single value or an item of a list, as it is answered.
    pub(super) fn item(&self, item: ItemType) -> TokenStream {
        match item {
            ItemType::Primitive(primitive) => self.primitive(primitive),
            ItemType::Enum(id) => {
                let name = self.plain_enum(id);
                if self.plan.model.enumeration(id).flags {
                    let flags = self.name("Flags");
                    quote!(#flags<#name>)
                } else {
                    name
                }
            }
            ItemType::Structured(id) => self.instance(id),
        }
    }

    /// The type of a property: single structured values are nested on the heap, because types may hold themselves.
    pub(super) fn property(&self, r#type: TypeReference) -> TokenStream {
        let item = self.item(r#type.item);
        match (r#type.collection, r#type.item) {
            (true, _) => {
                let vec = self.name("Vec");
                quote!(#vec<#item>)
            }
            (false, ItemType::Structured(_)) => {
                let nested = self.name("Nested");
                quote!(#nested<#item>)
            }
            (false, _) => item,
        }
    }

    fn primitive(&self, primitive: Primitive) -> TokenStream {
        let name = match primitive {
            Primitive::Boolean => return quote!(bool),
            Primitive::Byte => return quote!(u8),
            Primitive::SByte => return quote!(i8),
            Primitive::Int16 => return quote!(i16),
            Primitive::Int32 => return quote!(i32),
            Primitive::Int64 => return quote!(i64),
            Primitive::Single => return quote!(f32),
            Primitive::Double => return quote!(f64),
            Primitive::Binary | Primitive::Stream => "Binary",
            Primitive::Date => "Date",
            Primitive::DateTimeOffset => "DateTimeOffset",
            Primitive::Decimal => "Decimal",
            Primitive::Duration => "Duration",
            Primitive::Guid => "Guid",
            Primitive::String => "String",
            Primitive::TimeOfDay => "TimeOfDay",
            Primitive::Untyped => "Json",
        };
        self.name(name)
    }

    /// A handle of a type, for instance `Entity<User>`.
    pub(super) fn handle(&self, receiver: Receiver) -> TokenStream {
        let (handle, id) = match receiver {
            Receiver::Entity(id) => ("Entity", id),
            Receiver::Collection(id) => ("Collection", id),
            Receiver::Graph => return self.name("Graph"),
        };
        let (handle, record) = (self.name(handle), self.record(id));
        quote!(#handle<#record>)
    }

    /// The path of a method, for links in documentation.
    pub(super) fn method_link(&self, receiver: Receiver, method: &str) -> String {
        let handle = match receiver {
            Receiver::Entity(_) => "Entity",
            Receiver::Collection(_) => "Collection",
            Receiver::Graph => "Graph",
        };
        format!("[`{method}`](super::handles::{handle}::{method})")
    }
}
