//! The terminal that results are shown on: its size, and what it can show.

use std::io::{self, IsTerminal};

use terminal_size::{Height, Width, terminal_size_of};
use trunkline::ErrorKind;

use crate::environment;
use crate::failure::Failure;

/// The width of a terminal that does not say its own.
const USUAL_WIDTH: usize = 80;

/// Where something is shown.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Screen {
    /// Whether it is a terminal.
    pub(crate) is_terminal: bool,
    /// How many columns a line has; none when it has no end.
    pub(crate) width: Option<usize>,
    /// How many lines it has, where that is known.
    pub(crate) height: Option<usize>,
    /// Whether it takes escape sequences.
    pub(crate) takes_escapes: bool,
}

impl Screen {
    /// Standard output. `COLUMNS` counts before what the terminal says, and also where there is none.
    ///
    /// # Errors
    ///
    /// When `COLUMNS` is no number of columns.
    pub(crate) fn of_output() -> Result<Self, Failure> {
        let size = terminal_size_of(io::stdout());
        Ok(Self::of(io::stdout().is_terminal(), size, columns()?))
    }

    /// Standard error.
    ///
    /// # Errors
    ///
    /// As [`of_output`](Self::of_output).
    pub(crate) fn of_errors() -> Result<Self, Failure> {
        let is_terminal = io::stderr().is_terminal();
        // A log has lines as they are written, whatever the width of the terminal next to it.
        let columns = if is_terminal { columns()? } else { None };
        Ok(Self::of(is_terminal, terminal_size_of(io::stderr()), columns))
    }

    fn of(is_terminal: bool, size: Option<(Width, Height)>, columns: Option<usize>) -> Self {
        let own = size.filter(|_| is_terminal);
        // A terminal that does not know its size says 0.
        let own_width = own.map(|(width, _)| usize::from(width.0)).filter(|width| *width > 0);
        let height = own
            .map(|(_, height)| usize::from(height.0))
            .filter(|height| *height > 0);
        Self {
            is_terminal,
            width: columns.or_else(|| is_terminal.then(|| own_width.unwrap_or(USUAL_WIDTH))),
            height,
            takes_escapes: is_terminal && !environment::NO_COLOR.is_set() && !environment::TERM.is("dumb"),
        }
    }
}

/// The value of `COLUMNS`. Zero, which some programs set, means that nobody knows.
fn columns() -> Result<Option<usize>, Failure> {
    let Some(text) = environment::COLUMNS.value()? else {
        return Ok(None);
    };
    match text.trim().parse::<usize>() {
        Ok(0) => Ok(None),
        Ok(columns) => Ok(Some(columns)),
        Err(_) => Err(Failure::refused(
            ErrorKind::InvalidInput,
            format!(
                "{} is {text:?}, which is no number of columns",
                environment::COLUMNS.name
            ),
            "Set it to a number such as 80, or unset it",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_terminal_has_a_width_of_its_own() {
        let size = |width, height| Some((Width(width), Height(height)));
        let of = |is_terminal, size, columns| {
            let screen = Screen::of(is_terminal, size, columns);
            (screen.width, screen.height)
        };
        assert_eq!(of(true, size(120, 40), None), (Some(120), Some(40)));
        assert_eq!(of(true, size(120, 40), Some(60)), (Some(60), Some(40)));
        assert_eq!(of(true, size(0, 0), None), (Some(USUAL_WIDTH), None));
        assert_eq!(of(true, None, None), (Some(USUAL_WIDTH), None));
        assert_eq!(of(false, None, None), (None, None));
        assert_eq!(of(false, None, Some(60)), (Some(60), None));
    }
}
