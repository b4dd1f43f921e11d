//! A description and its structured types, which know one another.

use std::fmt;
use std::sync::OnceLock;

use hashbrown::HashMap;

use super::body::BodyRules;
use super::field::KEY;
use super::layout::{Callable, Content, ContentItem, EnumLayout, ExpectedAnswer, LayoutField, Navigation, TextForm};
use super::limit::LimitTable;
use super::names::Names;
use super::operation::OperationTable;
use super::reading;
use crate::codec::DecodeError;

/// Types and operations of a part of Graph.
pub struct Description {
    pub(super) names: Names,
    /// Filled when the description has its place, because each type knows its description.
    layouts: OnceLock<Vec<Layout>>,
    callables: Vec<Callable>,
    answers: Vec<ExpectedAnswer>,
    roots: Vec<Navigation>,
    operations: OperationTable,
    limits: LimitTable,
}

/// A structured type.
pub struct Layout {
    pub(crate) description: &'static Description,
    pub(crate) index: u16,
    pub(super) name: &'static str,
    /// The type itself and those it derives from, nearest first.
    pub(super) lineage: Vec<u16>,
    pub(crate) is_base: bool,
    pub(super) is_entity: bool,
    pub(super) is_abstract: bool,
    pub(crate) fields: Vec<LayoutField>,
    pub(crate) by_name: HashMap<&'static str, u16>,
    /// The property that is the key of an entity.
    pub(crate) key: Option<u16>,
    pub(super) navigation: &'static [Navigation],
    pub(super) rules: Option<BodyRules>,
}

impl Layout {
    fn new(read: reading::Type, description: &'static Description) -> Self {
        let by_name = read
            .fields
            .iter()
            .zip(0..)
            .map(|(field, index)| (field.field.name, index));
        let by_name: HashMap<_, _> = by_name.collect();
        Self {
            description,
            index: read.lineage[0],
            name: read.name,
            lineage: read.lineage,
            is_base: read.is_base,
            is_entity: read.is_entity,
            is_abstract: read.is_abstract,
            key: by_name.get(KEY).copied(),
            by_name,
            fields: read.fields,
            navigation: read.navigation,
            rules: read.rules,
        }
    }

    /// Its index in the description.
    #[must_use]
    pub fn index(&self) -> u16 {
        self.index
    }

    /// Namespace and name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Its properties, inherited ones first.
    #[must_use]
    pub fn fields(&self) -> &[LayoutField] {
        &self.fields
    }

    /// The index of the property with a wire name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).copied().map(usize::from)
    }

    /// Its own navigation properties.
    #[must_use]
    pub fn navigation(&self) -> &'static [Navigation] {
        self.navigation
    }

    /// The properties that a request body of this type may hold and must hold, where operations have such bodies.
    #[must_use]
    pub fn body_rules(&self) -> Option<&BodyRules> {
        self.rules.as_ref()
    }

    /// The description it is in.
    #[must_use]
    pub fn description(&self) -> &'static Description {
        self.description
    }

    /// Whether it is an entity, with a key and an address of its own.
    #[must_use]
    pub fn is_entity(&self) -> bool {
        self.is_entity
    }

    /// The index of the property that is the key of an entity.
    #[must_use]
    pub fn key(&self) -> Option<usize> {
        self.key.map(usize::from)
    }

    /// Whether it is never an instance of its own.
    #[must_use]
    pub fn is_abstract(&self) -> bool {
        self.is_abstract
    }

    /// Whether others derive from it.
    #[must_use]
    pub fn is_base(&self) -> bool {
        self.is_base
    }

    /// Whether it is `other` or derives from it.
    #[must_use]
    pub fn is_a(&self, other: &Self) -> bool {
        self.lineage.contains(&other.index)
    }
}

impl fmt::Debug for Layout {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Layout({})", self.name)
    }
}

impl Description {
    /// Reads a description.
    ///
    /// # Errors
    ///
    /// When the text is not JSON, or something in it does not fit; the error names its JSON path.
    pub fn read(text: &'static str) -> Result<&'static Self, DecodeError> {
        let reading::Parts {
            names,
            types,
            callables,
            answers,
            roots,
            operations,
            limits,
        } = reading::parts(text)?;
        let description: &Self = Box::leak(Box::new(Self {
            names,
            layouts: OnceLock::new(),
            callables,
            answers,
            roots,
            operations: OperationTable(operations),
            limits: LimitTable(limits),
        }));
        description.layouts.get_or_init(|| {
            types
                .into_iter()
                .map(|r#type| Layout::new(r#type, description))
                .collect()
        });
        Ok(description)
    }

    /// The structured types, sorted by namespace and name.
    #[must_use]
    pub fn layouts(&self) -> &[Layout] {
        self.layouts.get().map_or(&[], Vec::as_slice)
    }

    /// The type with an index that something in this description has.
    ///
    /// # Panics
    ///
    /// When there is none.
    #[must_use]
    pub fn layout_at(&self, index: u16) -> &Layout {
        &self.layouts()[usize::from(index)]
    }

    /// The type of a qualified name, with or without the `#` of `@odata.type`.
    #[must_use]
    pub fn layout(&self, name: &str) -> Option<&Layout> {
        let name = name.strip_prefix('#').unwrap_or(name);
        self.names.types.get(name).map(|index| self.layout_at(*index))
    }

    /// The enumerations, sorted by namespace and name.
    #[must_use]
    pub fn enums(&self) -> &[EnumLayout] {
        &self.names.enums
    }

    /// The index of the enumeration of a qualified name.
    #[must_use]
    pub fn enum_index(&self, name: &str) -> Option<u16> {
        self.names.enum_indexes.get(name).copied()
    }

    /// The content of a type's name: `Edm.String`, `microsoft.graph.user`, or in brackets when there are many.
    #[must_use]
    pub fn content(&self, name: &str) -> Option<Content> {
        self.names.content(name)
    }

    /// The qualified name of the enumeration or structured type of a content.
    #[must_use]
    pub fn item_name(&self, content: Content) -> Option<&'static str> {
        match (content.item, content.form) {
            (ContentItem::Structured(index), _) => Some(self.layout_at(index).name()),
            (ContentItem::Enum(index), _) | (_, TextForm::Flags(index)) => Some(self.enums()[usize::from(index)].name),
            _ => None,
        }
    }

    /// The actions and functions, in the order of the generated indexes.
    #[must_use]
    pub fn callables(&self) -> &[Callable] {
        &self.callables
    }

    /// The expected answers of the methods of handles, in the order of the generated indexes.
    #[must_use]
    pub fn answers(&self) -> &[ExpectedAnswer] {
        &self.answers
    }

    /// Where paths begin.
    #[must_use]
    pub fn roots(&self) -> &[Navigation] {
        &self.roots
    }

    /// The operations of a spec, sorted by id.
    #[must_use]
    pub fn operations(&self) -> OperationTable {
        self.operations
    }

    /// The groups of operations with limits of their own.
    #[must_use]
    pub fn limits(&self) -> LimitTable {
        self.limits
    }
}

impl fmt::Debug for Description {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "Description({} types, {} enumerations, {} operations)",
            self.layouts().len(),
            self.enums().len(),
            self.operations.0.len()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::layout::AnswerKind;

    const TEXT: &str = r#"{"enums":[
{"name":"example.colour","members":["red","blue"]},
{"name":"example.uses","flags":true,"members":["indoors","outdoors"]}],
"types":[
{"name":"example.thing","entity":true,"abstract":true,"fields":[{"name":"id","type":"Edm.String"},{"name":"made","type":"Edm.Date"}]},
{"name":"example.chair","base":"example.thing","entity":true,"fields":[
{"name":"id","type":"Edm.String","sensitivity":"personal"},
{"name":"legs","type":"Edm.Int32","range":[1,8]},
{"name":"colour","type":"example.colour","nullable":true},
{"name":"uses","type":"example.uses"},
{"name":"parts","type":"[example.thing]"},
{"name":"say \"chair\"","type":"Edm.String","grammar":"e164","novelty":1}],
"body":{"leftOut":["made"],"required":["legs"]}}],
"roots":[{"name":"chairs","target":"example.chair","collection":true}],
"callables":[{"name":"example.paint","binding":"example.chair","parameters":[{"name":"colour","type":"example.colour","required":true}]}],
"answers":[{"kind":"nothing"},{"kind":"optional","type":"example.chair"}],
"operations":[{"id":"chairs.paint","title":"Paint","method":"POST","kind":"action","callable":0,"success":[202],
"paths":[{"template":"/chairs/{id}/paint","clouds":["global","china"],"delegated":{"least":["Chair.Paint"]}}],
"idempotency":{"kind":"never","how":"Look at the chair"},
"longRunning":{"operation":"paints.get","state":"example.thing","status":"state","succeeded":["dry"],"failed":["wet"]}}],
"limits":[{"name":"chairs","windows":[{"scope":"app","unit":"request","count":5,"seconds":1}],"cost":[{"name":"read","units":2}]}]}"#;

    #[test]
    fn types_know_their_fields_and_those_they_inherit() {
        let description = Description::read(TEXT).unwrap();
        let (thing, chair) = (
            description.layout("example.thing").unwrap(),
            description.layout("#example.chair").unwrap(),
        );
        let names: Vec<&str> = chair.fields().iter().map(|field| field.field.name).collect();
        assert_eq!(
            names,
            ["id", "made", "legs", "colour", "uses", "parts", "say \"chair\""]
        );
        assert_eq!(chair.fields()[0].field.sensitivity, crate::codec::Sensitivity::Personal);
        assert_eq!(chair.fields()[2].field.range, Some((1, 8)));
        assert_eq!(chair.fields()[4].content.form, TextForm::Flags(1));
        assert_eq!(
            chair.fields()[5].content,
            description.content("[example.thing]").unwrap()
        );
        assert!(chair.is_a(thing) && !thing.is_a(chair) && thing.is_base() && !chair.is_base());
        assert_eq!(chair.body_rules().unwrap().required, ["legs"]);
        let operation = description.operations().get("chairs.paint").unwrap();
        assert_eq!(
            description.layout_at(operation.long_running.unwrap().state).name(),
            "example.thing"
        );
        assert_eq!(operation.paths[0].clouds.iter().count(), 2);
        assert_eq!(description.limits().0[0].cost, [("read", 2)]);
        let answer = description.answers()[1];
        assert_eq!(
            (answer.kind, answer.content),
            (AnswerKind::Optional, description.content("example.chair"))
        );
    }

    #[test]
    fn what_does_not_fit_is_refused_with_its_path() {
        for (right, wrong, path) in [
            (
                "\"type\":\"Edm.Date\"",
                "\"type\":\"example.day\"",
                "$.types[0].fields[1].type",
            ),
            ("\"base\":\"example.thing\"", "\"base\":\"example.chair\"", "$.types[1]"),
            ("\"name\":\"example.chair\"", "\"name\":\"example.thing\"", "$.types[1]"),
            ("[1,8]", "[1]", "$.types[1].fields[1].range"),
            ("\"personal\"", "\"private\"", "$.types[1].fields[0].sensitivity"),
            ("\"target\":\"example.chair\",", "", "$.roots[0].target"),
            ("{\"kind\":\"nothing\"}", "{\"kind\":\"record\"}", "$.answers[0].type"),
            ("\"kind\":\"optional\"", "\"kind\":\"maybe\"", "$.answers[1].kind"),
            ("\"kind\":\"never\"", "\"kind\":\"ever\"", "$.operations[0].idempotency"),
            ("[202]", "[70000]", "$.operations[0].success[0]"),
            ("\"POST\"", "\"P T\"", "$.operations[0].method"),
            ("\"china\"", "\"moon\"", "$.operations[0].paths[0].clouds[1]"),
        ] {
            let text = TEXT.replacen(right, wrong, 1);
            assert_ne!(text, TEXT, "{right}");
            let error = Description::read(text.leak()).unwrap_err();
            assert_eq!(error.path(), path, "{error}");
        }
    }

    #[test]
    fn no_text_makes_the_reader_panic() {
        for end in (0..TEXT.len()).filter(|end| TEXT.is_char_boundary(*end)) {
            assert!(Description::read(&TEXT[..end]).is_err(), "{end}");
        }
    }
}
