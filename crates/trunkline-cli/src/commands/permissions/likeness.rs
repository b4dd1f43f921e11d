//! Suggests operations with similar names.

/// How many names to suggest.
const SUGGESTIONS: usize = 3;

/// The names that are like `text`, the likest first. Names of which it is a part come before misspellings.
pub(super) fn nearest<'n>(text: &str, names: impl Iterator<Item = &'n str>) -> Vec<&'n str> {
    let wanted = text.to_lowercase();
    let limit = 1 + wanted.chars().count() / 4;
    let mut found: Vec<(usize, &str)> = names
        .filter_map(|name| {
            let known = name.to_lowercase();
            if wanted.len() >= 3 && known.contains(&wanted) {
                return Some((0, name));
            }
            // The argument may be the whole name, or its last part.
            let last = known.rsplit('.').next().unwrap_or(&known);
            let distance = distance(&wanted, &known).min(distance(&wanted, last));
            (distance <= limit).then_some((distance, name))
        })
        .collect();
    found.sort_by_key(|(distance, _)| *distance);
    found.into_iter().take(SUGGESTIONS).map(|(_, name)| name).collect()
}

/// How many letters have to be added, removed or replaced to make one text of the other.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (index, letter) in left.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = index + 1;
        for (column, other) in right.iter().enumerate() {
            let replaced = diagonal + usize::from(letter != *other);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_meant_is_found() {
        const NAMES: [&str; 4] = [
            "numberAssignments.assignNumber",
            "numberAssignments.unassignNumber",
            "users.get",
            "users.list",
        ];
        for (text, expected) in [
            ("numberAssignments.asignNumber", "numberAssignments.assignNumber"),
            ("assignNumber", "numberAssignments.assignNumber"),
            ("user.get", "users.get"),
            ("USERS.GTE", "users.get"),
        ] {
            assert_eq!(nearest(text, NAMES.into_iter()).first(), Some(&expected), "{text}");
        }
        assert!(nearest("completely different", NAMES.into_iter()).is_empty());
        assert!(nearest("", NAMES.into_iter()).is_empty());
        assert_eq!(distance("kitten", "sitting"), 3);
    }
}
