//! One record: a line for each of its values, or two where a value has no room next to its heading.

use super::measure::{say_shortened, shortened, width_of};
use super::prose::wrapped;
use super::view::View;

/// Headings and values; values that are empty are left out.
pub(super) type Fields<'f> = [(String, std::borrow::Cow<'f, str>)];

/// A record as text, with a line about values that had to be shortened.
pub(crate) fn record(fields: &Fields<'_>, view: View) -> String {
    let (mut text, mut cut) = (String::new(), 0);
    lines(fields, view, &mut text, &mut cut);
    if let Some(note) = say_shortened(cut) {
        text.push_str(&wrapped(&format!("\n{note}\n"), view.width, 0));
    }
    text
}

/// Writes the lines of a record, and counts the values that had to be shortened.
pub(super) fn lines(fields: &Fields<'_>, view: View, text: &mut String, cut: &mut usize) {
    let filled = || fields.iter().filter(|(_, value)| !value.is_empty());
    let room = filled().map(|(heading, _)| width_of(heading)).max().unwrap_or(0) + 2;
    for (heading, value) in filled() {
        let line = format!("{heading}{}{value}", " ".repeat(room - width_of(heading)));
        let Some(width) = view.width.filter(|width| width_of(&line) > *width) else {
            text.push_str(&line);
            text.push('\n');
            continue;
        };
        text.push_str(&shortened_to_fit(heading, width, cut));
        text.push('\n');
        for part in wrapped(&format!("  {value}"), Some(width), 0).lines() {
            text.push_str(&shortened_to_fit(part, width, cut));
            text.push('\n');
        }
    }
}

fn shortened_to_fit(line: &str, width: usize, cut: &mut usize) -> String {
    if width_of(line) <= width {
        return line.to_owned();
    }
    *cut += 1;
    shortened(line, width)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(width: Option<usize>) -> String {
        let fields = [
            ("NUMBER".to_owned(), "+12065550101".into()),
            ("EMPTY".to_owned(), "".into()),
            ("HOLDER".to_owned(), "ana.with.a.long.name@contoso.example".into()),
            ("CAPABILITIES".to_owned(), "userAssignment conferenceAssignment".into()),
        ];
        record(&fields, View { width, ids: false })
    }

    #[test]
    fn a_value_without_room_stands_below_its_heading() {
        assert_eq!(
            shown(None),
            "NUMBER        +12065550101\nHOLDER        ana.with.a.long.name@contoso.example\n\
             CAPABILITIES  userAssignment conferenceAssignment\n"
        );
        assert_eq!(
            shown(Some(40)),
            "NUMBER        +12065550101\nHOLDER\n  ana.with.a.long.name@contoso.example\nCAPABILITIES\n  \
             userAssignment conferenceAssignment\n"
        );
    }

    #[test]
    fn what_is_longer_than_the_terminal_is_shortened_and_said_to_be() {
        let text = shown(Some(30));
        assert!(text.contains("\nana.with.a.long.name@contoso.…\n"), "{text}");
        assert!(text.contains("  userAssignment\n"), "{text}");
        assert!(
            text.ends_with("\n1 value is longer than the\nterminal and ends in …; --wide\nor --output csv shows it\n"),
            "{text}"
        );
        assert!(text.lines().all(|line| width_of(line) <= 30), "{text}");
    }
}
