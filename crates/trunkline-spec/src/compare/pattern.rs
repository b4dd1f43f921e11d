//! Subjects with wildcards.

/// Whether a subject fits a pattern, in which `*` stands for any text. Case does not matter, and neither does what path
/// parameters are called.
pub(crate) fn matches(pattern: &str, subject: &str) -> bool {
    let pattern = normal(pattern);
    let subject = normal(subject);
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = subject.strip_prefix(first) else {
        return false;
    };
    let Some(last) = parts.next_back() else {
        return rest.is_empty();
    };
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

/// Small letters, and every path parameter under one name.
pub(crate) fn normal(text: &str) -> String {
    let mut normal = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((_, after)) = after.split_once('}') else { break };
        normal.push_str(before);
        normal.push_str("{}");
        rest = after;
    }
    normal.push_str(rest);
    normal.to_lowercase()
}
