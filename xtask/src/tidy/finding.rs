//! Something that breaks a rule.

use std::fmt;

/// Something that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Finding {
    /// The file it is in.
    pub(super) file: String,
    /// The line there, where it is one line's fault.
    pub(super) line: Option<usize>,
    /// The mistake and the next step.
    pub(super) message: String,
    /// Worth a look, but no failure.
    pub(super) warning: bool,
}

impl Finding {
    pub(super) fn in_file(file: &str, message: impl Into<String>) -> Self {
        Self {
            file: file.to_owned(),
            line: None,
            message: message.into(),
            warning: false,
        }
    }

    pub(super) fn at(file: &str, line: usize, message: impl Into<String>) -> Self {
        Self {
            line: Some(line),
            ..Self::in_file(file, message)
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(formatter, ":{line}")?;
        }
        write!(formatter, ": {}", self.message)
    }
}
