//! Reads path and query of a request, as OData writes them.

use percent_encoding::percent_decode_str;

use crate::error::Failure;

/// One step of a path after decoding.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Segment {
    /// The decoded text.
    pub(crate) text: String,
    /// The arguments of a function call, `None` for a plain step.
    pub(crate) arguments: Option<Vec<(String, String)>>,
    /// Whether it stood in parentheses, as a key: then it is no name, whatever it reads.
    pub(crate) key: bool,
}

impl Segment {
    fn plain(text: String) -> Self {
        Self {
            text,
            arguments: None,
            key: false,
        }
    }

    fn key(text: String) -> Self {
        Self {
            key: true,
            ..Self::plain(text)
        }
    }

    /// The name to route by: lower case, without the namespace that the official SDKs put before actions. No name is equal
    /// to that of a key.
    pub(crate) fn name(&self) -> String {
        if self.key {
            return "()".to_owned();
        }
        let lower = self.text.to_ascii_lowercase();
        match lower.strip_prefix("microsoft.graph.") {
            Some(rest) => rest.rsplit('.').next().unwrap_or(rest).to_owned(),
            None => lower,
        }
    }
}

/// Splits a path into steps. A key in parentheses becomes a step of its own, so that both key styles route alike.
pub(crate) fn segments(path: &str) -> Result<Vec<Segment>, Failure> {
    let mut steps = Vec::new();
    for raw in path.split('/').filter(|raw| !raw.is_empty()) {
        let text = percent_decode_str(raw).decode_utf8_lossy().into_owned();
        let Some((name, inside)) = parenthesised(&text) else {
            steps.push(Segment::plain(text));
            continue;
        };
        if let Some(key) = key_literal(inside)? {
            steps.push(Segment::plain(name.to_owned()));
            steps.push(Segment::key(key));
            continue;
        }
        let step = Segment {
            text: name.to_owned(),
            arguments: Some(arguments(inside)?),
            key: false,
        };
        let declared = declared_parameters(&step.name());
        match step.arguments.as_deref() {
            Some([(property, key)]) if declared.is_none() && is_key(name, property) => {
                let is_quoted = |(_, value): (&str, &str)| value.trim_start().starts_with('\'');
                if !inside.split_once('=').is_some_and(is_quoted) {
                    return Err(Failure::invalid(format!(
                        "The key '{property}' of '{name}' is a string; write it in quotes."
                    )));
                }
                if property.eq_ignore_ascii_case("userPrincipalName") && !key.contains('@') {
                    return Err(Failure::no_such_resource(key));
                }
                steps.push(Segment::plain(name.to_owned()));
                steps.push(Segment::key(key.clone()));
            }
            given => {
                check_arguments(name, declared.unwrap_or_default(), given.unwrap_or_default())?;
                steps.push(step);
            }
        }
    }
    Ok(steps)
}

/// The functions that take parameters, with their names.
fn declared_parameters(function: &str) -> Option<&'static [&'static str]> {
    match function {
        "getpolicyid" => Some(&["type", "name"]),
        "usersregisteredbyfeature" | "usersregisteredbymethod" => Some(&["includedUserTypes", "includedUserRoles"]),
        _ => None,
    }
}

/// Whether a named argument is a key: `id` of any entity, and the alternate key of users.
fn is_key(collection: &str, property: &str) -> bool {
    property.eq_ignore_ascii_case("id")
        || (collection.eq_ignore_ascii_case("users") && property.eq_ignore_ascii_case("userPrincipalName"))
}

/// Refuses arguments that nothing declares, and those that come twice.
fn check_arguments(segment: &str, declared: &[&str], given: &[(String, String)]) -> Result<(), Failure> {
    for (at, (name, _)) in given.iter().enumerate() {
        if !declared.iter().any(|known| known.eq_ignore_ascii_case(name)) {
            return Err(Failure::invalid(format!(
                "The segment '{segment}' has no parameter or key '{name}'."
            )));
        }
        if given[..at]
            .iter()
            .any(|(earlier, _)| earlier.eq_ignore_ascii_case(name))
        {
            return Err(Failure::invalid(format!(
                "The parameter '{name}' of '{segment}' is given more than once."
            )));
        }
    }
    Ok(())
}

fn parenthesised(text: &str) -> Option<(&str, &str)> {
    let inside = text.strip_suffix(')')?;
    let open = inside.find('(')?;
    (open > 0).then(|| (&inside[..open], &inside[open + 1..]))
}

/// A key written as `'text'` or bare; `None` when the parentheses hold named arguments or nothing.
fn key_literal(inside: &str) -> Result<Option<String>, Failure> {
    if inside.is_empty() {
        return Ok(None);
    }
    if inside.starts_with('\'') {
        return quoted(inside)
            .filter(|(_, rest)| rest.is_empty())
            .map(|(key, _)| Some(key))
            .ok_or_else(|| Failure::invalid("A key in parentheses is not a well-formed string literal."));
    }
    if inside.contains('=') {
        Ok(None)
    } else {
        Ok(Some(inside.to_owned()))
    }
}

/// Reads a quoted literal, in which a quote is doubled, and gives what follows it.
pub(crate) fn quoted(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut characters = text.strip_prefix('\'')?.char_indices().peekable();
    let body = &text[1..];
    while let Some((at, character)) = characters.next() {
        if character != '\'' {
            value.push(character);
        } else if matches!(characters.peek(), Some((_, '\''))) {
            value.push('\'');
            characters.next();
        } else {
            return Some((value, &body[at + 1..]));
        }
    }
    None
}

fn arguments(inside: &str) -> Result<Vec<(String, String)>, Failure> {
    let malformed = || Failure::invalid("The parameters of the function are not well formed.");
    let mut list = Vec::new();
    let mut rest = inside.trim();
    while !rest.is_empty() {
        let (name, after) = rest.split_once('=').ok_or_else(malformed)?;
        let after = after.trim_start();
        let (value, tail) = if after.starts_with('\'') {
            quoted(after).ok_or_else(malformed)?
        } else {
            let end = after.find(',').unwrap_or(after.len());
            (after[..end].trim().to_owned(), &after[end..])
        };
        list.push((name.trim().to_owned(), value));
        let tail = tail.trim_start();
        rest = match tail.strip_prefix(',') {
            Some(more) => more.trim_start(),
            None if tail.is_empty() => "",
            None => return Err(malformed()),
        };
    }
    Ok(list)
}

/// Splits a query the way forms are decoded: a plus sign is a space, which is why an unencoded `+` finds no number.
pub(crate) fn query_pairs(query: &str) -> Vec<(String, String)> {
    let decode = |text: &str| {
        percent_decode_str(&text.replace('+', " "))
            .decode_utf8_lossy()
            .into_owned()
    };
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(name), decode(value))
        })
        .collect()
}

/// The system query options of a request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Options {
    pub(crate) filter: Option<String>,
    pub(crate) select: Option<Vec<String>>,
    pub(crate) order_by: Option<String>,
    pub(crate) expand: Option<Vec<String>>,
    pub(crate) top: Option<usize>,
    pub(crate) skip: Option<usize>,
    pub(crate) skip_token: Option<String>,
    pub(crate) count: bool,
    /// The names that were given, lower case with the dollar sign.
    pub(crate) given: Vec<String>,
}

impl Options {
    /// Reads the query. Names are matched without regard to case; parameters without a dollar sign are not ours.
    pub(crate) fn parse(query: &str) -> Result<Self, Failure> {
        let mut options = Self::default();
        for (name, value) in query_pairs(query) {
            let name = name.to_ascii_lowercase();
            if !name.starts_with('$') {
                continue;
            }
            // JSON is the format anyway.
            if name == "$format" && ["json", "application/json"].contains(&value.to_ascii_lowercase().as_str()) {
                continue;
            }
            if options.given.contains(&name) {
                return Err(Failure::invalid(format!(
                    "The query option '{name}' is given more than once."
                )));
            }
            let list = || {
                split_outside(&value, ',')
                    .into_iter()
                    .map(|part| part.trim().to_owned())
                    .filter(|part| !part.is_empty())
                    .collect()
            };
            match name.as_str() {
                "$filter" => options.filter = Some(value),
                "$select" => options.select = Some(list()),
                "$orderby" => options.order_by = Some(value),
                "$expand" => options.expand = Some(list()),
                "$top" => options.top = Some(whole_number(&name, &value)?),
                "$skip" => options.skip = Some(whole_number(&name, &value)?),
                "$skiptoken" => options.skip_token = Some(value),
                "$count" => options.count = value.eq_ignore_ascii_case("true"),
                "$search" | "$format" => {}
                _ => return Err(Failure::invalid(format!("The query option '{name}' is not known."))),
            }
            options.given.push(name);
        }
        Ok(options)
    }

    /// Refuses options a resource does not offer. A lenient emulator ignores them, as parts of the service do.
    pub(crate) fn only(&self, strict: bool, offered: &[&str]) -> Result<(), Failure> {
        match self.given.iter().find(|name| !offered.contains(&name.as_str())) {
            Some(name) if strict => Err(Failure::invalid(format!(
                "The query option '{name}' is not supported by this resource."
            ))),
            _ => Ok(()),
        }
    }
}

/// Splits at a separator, but not within parentheses: `user($select=id,mail),other` has two parts.
pub(crate) fn split_outside(text: &str, separator: char) -> Vec<&str> {
    let (mut parts, mut start, mut depth) = (Vec::new(), 0, 0_usize);
    for (at, character) in text.char_indices() {
        match character {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if character == separator && depth == 0 => {
                parts.push(&text[start..at]);
                start = at + character.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

fn whole_number(name: &str, value: &str) -> Result<usize, Failure> {
    value
        .trim()
        .parse()
        .map_err(|_| Failure::invalid(format!("The value '{value}' of '{name}' is not a whole number.")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_key_styles_give_the_same_steps() {
        let texts = |path| {
            let steps = segments(path).unwrap();
            steps.into_iter().map(|step| step.text).collect::<Vec<_>>()
        };
        let one = texts("/users('o''brien%40contoso.example')/authentication");
        assert_eq!(one, texts("/users/o'brien@contoso.example/authentication"));
    }

    #[test]
    fn a_key_in_parentheses_is_no_name() {
        assert_eq!(segments("/users/$count").unwrap()[1].name(), "$count");
        assert_ne!(segments("/users('$count')").unwrap()[1].name(), "$count");
    }

    #[test]
    fn functions_keep_their_arguments() {
        let steps =
            segments("/policy/microsoft.graph.teamsAdministration.getPolicyId(type='A',name='it''s, ok')").unwrap();
        assert_eq!(steps[1].name(), "getpolicyid");
        let expected = vec![
            ("type".to_owned(), "A".to_owned()),
            ("name".to_owned(), "it's, ok".to_owned()),
        ];
        assert_eq!(steps[1].arguments, Some(expected));
    }

    #[test]
    fn a_plus_in_a_query_is_a_space() {
        assert_eq!(
            query_pairs("a=+1&b=%2B1"),
            [("a".into(), " 1".into()), ("b".into(), "+1".into())]
        );
    }
}
