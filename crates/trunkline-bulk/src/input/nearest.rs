//! Names that are like another one.

/// How many names are suggested.
const SUGGESTIONS: usize = 3;

/// The names nearest to a text, the nearest first: those that have a word of it, and misspellings. All are in lower case.
pub(super) fn nearest<'n>(wanted: &str, names: impl Iterator<Item = &'n str>) -> Vec<&'n str> {
    let limit = 1 + wanted.chars().count() / 3;
    let has_word = |name: &str| {
        let mut words = wanted.split_whitespace().filter(|word| word.chars().count() >= 3);
        words.any(|word| {
            name.split(|letter: char| !letter.is_alphanumeric())
                .any(|own| own == word)
        })
    };
    let mut found: Vec<(usize, &str)> = names
        .filter_map(|name| {
            let distance = distance(wanted, name, limit);
            let distance = distance.or_else(|| has_word(name).then_some(limit))?;
            Some((distance, name))
        })
        .collect();
    found.sort_unstable();
    found.dedup();
    found.into_iter().take(SUGGESTIONS).map(|(_, name)| name).collect()
}

/// How many letters have to be added, removed or replaced to make one text of the other, up to a limit.
pub(super) fn distance(left: &str, right: &str, limit: usize) -> Option<usize> {
    let (left, right): (Vec<char>, Vec<char>) = (left.chars().collect(), right.chars().collect());
    if left.len().abs_diff(right.len()) > limit {
        return None;
    }
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (index, letter) in left.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = index + 1;
        for (column, other) in right.iter().enumerate() {
            let replaced = diagonal + usize::from(letter != other);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    Some(row[right.len()]).filter(|distance| *distance <= limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn misspellings_and_shared_words_are_near() {
        let names = ["seattle headquarters", "redmond", "berlin mitte", "berlin"];
        let near = |wanted| nearest(wanted, names.into_iter());
        assert_eq!(near("redmont"), ["redmond"]);
        assert_eq!(near("seattle"), ["seattle headquarters"]);
        assert_eq!(near("berlin"), ["berlin", "berlin mitte"]);
        assert!(near("tokyo").is_empty());
    }
}
