//! Puts right what the service writes as another kind: `"true"` for true, `"5"` for 5. Values of Rust are read so anyway;
//! this is for bindings that pass the text on.

use trunkline_core::codec::{Content, ContentItem, Layout, Reader, Writer};

use super::description;

/// A record of a type, which was checked and found to hold such values.
#[must_use]
pub fn corrected_record(json: &str, layout: &'static Layout) -> String {
    written(|writer| record(writer, json, layout))
}

/// A page of records of a type, which was checked and found to hold such values.
#[must_use]
pub fn corrected_page(json: &str, layout: &'static Layout) -> String {
    written(|writer| {
        object(writer, json, |writer, name, raw| match name {
            "value" if raw.starts_with('{') => record(writer, raw, layout),
            "value" => list(writer, raw, |writer, raw| record(writer, raw, layout)),
            _ => writer.raw(raw),
        });
    })
}

/// Another value, which was checked.
#[must_use]
pub fn corrected_value(json: &str, content: Content) -> String {
    written(|writer| value(writer, json, content))
}

fn written(write: impl FnOnce(&mut Writer)) -> String {
    let mut writer = Writer::new();
    write(&mut writer);
    // It is put together from text.
    String::from_utf8(writer.into_bytes()).unwrap_or_default()
}

/// Writes each member of an object as `member` says. What is no object stays as it is.
fn object(writer: &mut Writer, json: &str, mut member: impl FnMut(&mut Writer, &str, &str)) {
    if !json.trim_start().starts_with('{') {
        return writer.raw(json);
    }
    writer.begin_object();
    // It was checked: an error cannot come up.
    let _ = Reader::new(json).object(|reader, name| {
        let raw = reader.raw()?;
        writer.member(name);
        member(writer, name, raw);
        Ok(())
    });
    writer.end_object();
}

/// Writes each item of a list as `item` says. What is no list stays as it is.
fn list(writer: &mut Writer, json: &str, item: impl Fn(&mut Writer, &str)) {
    if !json.starts_with('[') {
        return writer.raw(json);
    }
    writer.begin_array();
    let _ = Reader::new(json).array(|reader| {
        let raw = reader.raw()?;
        writer.separate();
        item(writer, raw);
        Ok(())
    });
    writer.end_array();
}

fn record(writer: &mut Writer, json: &str, base: &'static Layout) {
    let layout = named(json, base).unwrap_or(base);
    object(writer, json, |writer, name, raw| match layout.find(name) {
        Some(index) => value(writer, raw, layout.fields()[index].content),
        None => writer.raw(raw),
    });
}

/// The type that a record names, when it derives from what is expected.
fn named(json: &str, base: &'static Layout) -> Option<&'static Layout> {
    let mut found = None;
    let read = Reader::new(json).object(|reader, name| {
        let raw = reader.raw()?;
        if name == "@odata.type" {
            found = Reader::new(raw).string().ok().map(str::to_owned);
        }
        Ok(())
    });
    read.ok()?;
    let named = description().layout(&found?)?;
    named.is_a(base).then_some(named)
}

fn value(writer: &mut Writer, raw: &str, content: Content) {
    if content.collection {
        list(writer, raw, |writer, raw| item(writer, raw, content.item));
    } else {
        item(writer, raw, content.item);
    }
}

fn item(writer: &mut Writer, raw: &str, item: ContentItem) {
    let quoted = raw.strip_prefix('"').and_then(|raw| raw.strip_suffix('"'));
    match (item, quoted) {
        (ContentItem::Boolean, Some(text)) if text.eq_ignore_ascii_case("true") => writer.boolean(true),
        (ContentItem::Boolean, Some(text)) if text.eq_ignore_ascii_case("false") => writer.boolean(false),
        (ContentItem::Integer, Some(text)) => match text.parse() {
            Ok(value) => writer.integer(value),
            Err(_) => writer.raw(raw),
        },
        (ContentItem::Structured(index), _) => record(writer, raw, description().layout_at(index)),
        _ => writer.raw(raw),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dynamic::{description, layout};

    #[test]
    fn texts_become_what_they_mean_and_the_rest_stays() {
        let voice = layout("microsoft.graph.voiceAuthenticationMethodConfiguration").unwrap();
        let text = r#"{"isOfficePhoneAllowed": "True", "state": "enabled", "novelty": "true", "includeTargets": null}"#;
        let corrected = corrected_record(text, voice);
        let expected = r#"{"isOfficePhoneAllowed":true,"state":"enabled","novelty":"true","includeTargets":null}"#;
        assert_eq!(corrected, expected);
        let base = layout("microsoft.graph.authenticationMethodConfiguration").unwrap();
        let page = r##"{"value": [{"@odata.type": "#microsoft.graph.voiceAuthenticationMethodConfiguration", "isOfficePhoneAllowed": "false"}], "@odata.count": 1}"##;
        assert!(corrected_page(page, base).contains(r#""isOfficePhoneAllowed":false"#));
        assert_eq!(
            corrected_value(r#""12""#, description().content("Edm.Int32").unwrap()),
            "12"
        );
        assert_eq!(
            corrected_value(r#"["TRUE",false]"#, description().content("[Edm.Boolean]").unwrap()),
            "[true,false]"
        );
    }
}
