//! Every property of every answered entity exists in the metadata's type, with a value that fits.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::entries;
use crate::exchange::{Answer, Exchange};
use crate::metadata::{Metadata, Property, element, file};

/// Answers that the metadata contradicts: property, value (a star for any), and the reason.
const EXCEPTIONS: &[(&str, &str, &str)] = &[(
    "userPreferredMethodForSecondaryAuthentication",
    "",
    "the sample of the report has an empty text, which is no member of the enumeration",
)];

/// Walks through an answer and notes what the metadata does not know.
struct Walk<'m> {
    metadata: &'m Metadata,
    findings: BTreeSet<String>,
    entities: usize,
    types: BTreeSet<String>,
}

impl<'m> Walk<'m> {
    fn new(metadata: &'m Metadata) -> Self {
        Self {
            metadata,
            findings: BTreeSet::new(),
            entities: 0,
            types: BTreeSet::new(),
        }
    }

    /// The body of an answer, by its context.
    fn body(&mut self, id: &str, body: &Value) {
        for item in body["responses"].as_array().into_iter().flatten() {
            self.body(id, &item["body"]);
        }
        let Some((_, context)) = body["@odata.context"]
            .as_str()
            .and_then(|text| text.split_once("$metadata#"))
        else {
            return;
        };
        let Some(r#type) = self.of_context(context) else {
            self.findings
                .insert(format!("{id}: the context '{context}' names no type"));
            return;
        };
        match body.get("value").and_then(Value::as_array) {
            Some(items) => items.iter().for_each(|item| self.entity(id, &r#type, item)),
            None => self.entity(id, &r#type, body),
        }
    }

    /// The type of one entity that a context is about.
    fn of_context(&self, context: &str) -> Option<String> {
        if let Some(inside) = element(context) {
            return Some(inside.to_owned());
        }
        if self.metadata.types.contains_key(context) {
            return Some(context.to_owned());
        }
        let mut current: Option<String> = None;
        for segment in outside_parentheses(context) {
            if segment == "$entity" {
                break;
            }
            let found = match &current {
                None => self.metadata.roots.get(&segment).cloned(),
                Some(r#type) => self
                    .metadata
                    .property(r#type, &segment)
                    .map(|property| property.r#type.clone()),
            };
            // Contained entities of a policy go by their last segment alone.
            let found = found?;
            current = Some(element(&found).unwrap_or(&found).to_owned());
        }
        current
    }

    fn entity(&mut self, id: &str, declared: &str, value: &Value) {
        let Some(members) = value.as_object() else {
            self.findings.insert(format!("{id}: {value} is no {declared}"));
            return;
        };
        let stated = members.get("@odata.type").and_then(Value::as_str);
        let r#type = stated.map_or(declared, |text| text.trim_start_matches('#')).to_owned();
        if !self.metadata.is_a(&r#type, declared) || !self.metadata.types.contains_key(&r#type) {
            self.findings.insert(format!("{id}: '{}' is no {declared}", r#type));
            return;
        }
        self.entities += 1;
        self.types.insert(r#type.clone());
        for (name, member) in members.iter().filter(|(name, _)| !name.contains('@')) {
            match self.metadata.property(&r#type, name).cloned() {
                Some(property) => self.member(id, &r#type, name, &property, member),
                None if self.metadata.types[&r#type].is_open => {}
                None => {
                    self.findings.insert(format!("{id}: {} has no property {name}", r#type));
                }
            }
        }
    }

    fn member(&mut self, id: &str, owner: &str, name: &str, property: &Property, value: &Value) {
        let is_excepted = EXCEPTIONS
            .iter()
            .any(|(known, text, _)| *known == name && value.as_str() == Some(*text));
        if is_excepted {
            return;
        }
        let place = format!("{owner}/{name}");
        match (element(&property.r#type), value) {
            (Some(inside), Value::Array(items)) => items.iter().for_each(|item| self.value(id, &place, inside, item)),
            (Some(_), _) => {
                self.findings
                    .insert(format!("{id}: {place} is a list, and not {value}"));
            }
            (None, Value::Null) if property.is_nullable => {}
            (None, _) => self.value(id, &place, &property.r#type, value),
        }
    }

    fn value(&mut self, id: &str, place: &str, r#type: &str, value: &Value) {
        if self.metadata.types.contains_key(r#type) {
            self.entity(id, r#type, value);
            return;
        }
        let text = value.as_str();
        let fits = if let Some(members) = self.metadata.enums.get(r#type) {
            text.is_some_and(|text| members.iter().any(|member| member == text))
        } else {
            match r#type {
                "Edm.String" | "Edm.Binary" | "Edm.Duration" => text.is_some(),
                "Edm.Boolean" => value.is_boolean(),
                "Edm.Int16" | "Edm.Int32" | "Edm.Int64" => value.is_i64(),
                "Edm.Double" | "Edm.Single" | "Edm.Decimal" => value.is_number(),
                "Edm.Guid" => text.is_some_and(|text| text.len() == 36),
                "Edm.DateTimeOffset" => text.is_some_and(|text| text.len() >= 19 && text.as_bytes()[10] == b'T'),
                "graph.Json" | "microsoft.graph.Json" => true,
                _ => false,
            }
        };
        if !fits {
            self.findings
                .insert(format!("{id}: {place} of the type {} is {value}", r#type));
        }
    }
}

/// The segments of a context without what stands in their parentheses.
fn outside_parentheses(context: &str) -> Vec<String> {
    let (mut segments, mut depth) = (vec![String::new()], 0_usize);
    for character in context.chars() {
        match character {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            '/' if depth == 0 => segments.push(String::new()),
            _ if depth == 0 => segments.last_mut().unwrap().push(character),
            _ => {}
        }
    }
    segments
}

#[tokio::test]
async fn answers_have_the_shapes_of_the_metadata() {
    let Some(text) = file("v1.0-Prod.csdl") else { return };
    let metadata = Metadata::read(&text);
    let exchange = Exchange::new();
    let mut walk = Walk::new(&metadata);
    for entry in entries::all() {
        if entry.emulator.as_ref().is_some_and(|setup| setup.fault.is_some()) {
            continue;
        }
        let answers: Vec<Answer> = exchange.answers(&entry).await;
        for answer in answers.iter().filter(|answer| answer.status < 300) {
            walk.body(&entry.id, &answer.body);
        }
    }
    let findings: Vec<&String> = walk.findings.iter().collect();
    assert!(findings.is_empty(), "{} findings:\n{findings:#?}", findings.len());
    assert!(walk.entities >= 400, "{} entities", walk.entities);
    assert!(walk.types.len() >= 30, "{} types: {:?}", walk.types.len(), walk.types);
}

const SMALL: &str = r#"<Schema Namespace="villa" Alias="v">
    <EnumType Name="colour"><Member Name="red" Value="0" /></EnumType>
    <EntityType Name="room"><Property Name="id" Type="Edm.String" Nullable="false" />
        <Property Name="colour" Type="v.colour" /><Property Name="doors" Type="Collection(v.door)" Nullable="false" /></EntityType>
    <ComplexType Name="door"><Property Name="width" Type="Edm.Int32" /></ComplexType>
    <EntityType Name="hall" BaseType="v.room"><Property Name="isOpen" Type="Edm.Boolean" /></EntityType>
    <EntityContainer Name="c"><EntitySet Name="rooms" EntityType="v.room" /></EntityContainer></Schema>"#;

#[test]
fn a_wrong_shape_is_noticed() {
    let metadata = Metadata::read(SMALL);
    let body = |member: &str| -> Value {
        serde_json::from_str(&format!(
            "{{\"@odata.context\":\"x/$metadata#rooms(id)/$entity\",\"id\":\"1\"{member}}}"
        ))
        .unwrap()
    };
    for (member, is_right) in [
        ("", true),
        (",\"colour\":\"red\"", true),
        (",\"colour\":null", true),
        (",\"doors\":[{\"width\":1}]", true),
        (",\"@odata.type\":\"#villa.hall\",\"isOpen\":true", true),
        (",\"colour\":\"blue\"", false),
        (",\"size\":1", false),
        (",\"isOpen\":true", false),
        (",\"doors\":{}", false),
        (",\"doors\":[{\"width\":\"1\"}]", false),
        (",\"doors\":[{\"height\":1}]", false),
        (",\"@odata.type\":\"#villa.door\"", false),
    ] {
        let mut walk = Walk::new(&metadata);
        walk.body("entry", &body(member));
        assert_eq!(walk.findings.is_empty(), is_right, "{member}: {:?}", walk.findings);
        assert!(walk.entities > 0 || !is_right);
    }
}
