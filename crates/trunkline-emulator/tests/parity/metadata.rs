//! Graph's metadata (CSDL), read as far as the shapes of answers need it. The reader is the emulator's own, as is
//! everything by which it is judged.

use std::collections::BTreeMap;
use std::path::PathBuf;

/// A type with its properties.
#[derive(Clone, Debug, Default)]
pub(crate) struct Type {
    pub(crate) base: Option<String>,
    pub(crate) is_open: bool,
    pub(crate) properties: BTreeMap<String, Property>,
}

#[derive(Clone, Debug)]
pub(crate) struct Property {
    /// The full name of the type, with `Collection(…)` around that of a list.
    pub(crate) r#type: String,
    pub(crate) is_nullable: bool,
}

/// The types, enumerations and entry points of the service.
#[derive(Clone, Debug, Default)]
pub(crate) struct Metadata {
    pub(crate) types: BTreeMap<String, Type>,
    pub(crate) enums: BTreeMap<String, Vec<String>>,
    /// Entity sets and singletons, with the type of one entity.
    pub(crate) roots: BTreeMap<String, String>,
}

/// A file in the folder that `TRUNKLINE_METADATA` names; without the variable the test that asks is skipped.
pub(crate) fn file(name: &str) -> Option<String> {
    let Some(folder) = std::env::var_os("TRUNKLINE_METADATA") else {
        #[expect(clippy::print_stderr, reason = "a test that skips says so")]
        {
            eprintln!("skipped: TRUNKLINE_METADATA does not name the folder of {name}");
        }
        return None;
    };
    let path = PathBuf::from(folder).join(name);
    Some(std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
}

/// One tag of an XML text: its name with its attributes, or the name of what ends.
enum Tag<'t> {
    Start {
        name: &'t str,
        rest: &'t str,
        is_empty: bool,
    },
    End(&'t str),
}

fn tags(text: &str) -> impl Iterator<Item = Tag<'_>> {
    text.split('<').skip(1).filter_map(|part| {
        let inside = part.split_once('>')?.0;
        if inside.starts_with(['?', '!']) {
            return None;
        }
        if let Some(name) = inside.strip_prefix('/') {
            return Some(Tag::End(name.trim()));
        }
        let is_empty = inside.ends_with('/');
        let inside = inside.trim_end_matches('/');
        let (name, rest) = inside.split_once(char::is_whitespace).unwrap_or((inside, ""));
        Some(Tag::Start { name, rest, is_empty })
    })
}

fn attribute<'t>(rest: &'t str, name: &str) -> Option<&'t str> {
    let start = format!("{name}=\"");
    let at = rest.match_indices(&start).map(|(at, _)| at).find(|at| {
        // `Type="…"` is not the end of `EntityType="…"`.
        *at == 0 || rest.as_bytes()[at - 1].is_ascii_whitespace()
    })?;
    rest[at + start.len()..].split_once('"').map(|(value, _)| value)
}

impl Metadata {
    pub(crate) fn read(text: &str) -> Self {
        let mut aliases: BTreeMap<String, String> = BTreeMap::new();
        for tag in tags(text) {
            if let Tag::Start {
                name: "Schema", rest, ..
            } = tag
                && let (Some(alias), Some(namespace)) = (attribute(rest, "Alias"), attribute(rest, "Namespace"))
            {
                aliases.insert(alias.to_owned(), namespace.to_owned());
            }
        }
        let mut all = Self::default();
        let (mut namespace, mut of_type, mut of_enum) = (String::new(), None::<String>, None::<String>);
        for tag in tags(text) {
            match tag {
                Tag::Start { name, rest, is_empty } => {
                    let named = attribute(rest, "Name").unwrap_or_default();
                    let full = || format!("{namespace}.{named}");
                    match name {
                        "Schema" => attribute(rest, "Namespace")
                            .unwrap_or_default()
                            .clone_into(&mut namespace),
                        "EntityType" | "ComplexType" => {
                            let entry = Type {
                                base: attribute(rest, "BaseType").map(|base| resolve(base, &aliases)),
                                is_open: attribute(rest, "OpenType") == Some("true"),
                                properties: BTreeMap::new(),
                            };
                            all.types.insert(full(), entry);
                            of_type = (!is_empty).then(full);
                        }
                        "EnumType" => {
                            all.enums.insert(full(), Vec::new());
                            of_enum = (!is_empty).then(full);
                        }
                        "Member" => {
                            if let Some(members) = of_enum.as_ref().and_then(|name| all.enums.get_mut(name)) {
                                members.push(named.to_owned());
                            }
                        }
                        "Property" | "NavigationProperty" => {
                            let property = Property {
                                r#type: resolve(attribute(rest, "Type").unwrap_or_default(), &aliases),
                                is_nullable: attribute(rest, "Nullable") != Some("false"),
                            };
                            if let Some(owner) = of_type.as_ref().and_then(|name| all.types.get_mut(name)) {
                                owner.properties.insert(named.to_owned(), property);
                            }
                        }
                        "EntitySet" | "Singleton" => {
                            let of = attribute(rest, "EntityType").or(attribute(rest, "Type"));
                            all.roots
                                .insert(named.to_owned(), resolve(of.unwrap_or_default(), &aliases));
                        }
                        _ => {}
                    }
                }
                Tag::End("EntityType" | "ComplexType") => of_type = None,
                Tag::End("EnumType") => of_enum = None,
                Tag::End(_) => {}
            }
        }
        all
    }

    /// A property of a type or of what it derives from.
    pub(crate) fn property(&self, r#type: &str, name: &str) -> Option<&Property> {
        let known = self.types.get(r#type)?;
        known
            .properties
            .get(name)
            .or_else(|| self.property(known.base.as_deref()?, name))
    }

    /// Whether a type is another one or derives from it.
    pub(crate) fn is_a(&self, r#type: &str, ancestor: &str) -> bool {
        r#type == ancestor
            || self
                .types
                .get(r#type)
                .and_then(|known| known.base.as_deref())
                .is_some_and(|base| self.is_a(base, ancestor))
    }
}

/// The full name of a type, for the alias of its namespace.
fn resolve(name: &str, aliases: &BTreeMap<String, String>) -> String {
    if let Some(inside) = element(name) {
        return format!("Collection({})", resolve(inside, aliases));
    }
    match name.rsplit_once('.') {
        Some((alias, short)) => format!("{}.{short}", aliases.get(alias).map_or(alias, String::as_str)),
        None => name.to_owned(),
    }
}

/// The type of the items of a list.
pub(crate) fn element(r#type: &str) -> Option<&str> {
    r#type.strip_prefix("Collection(")?.strip_suffix(')')
}
