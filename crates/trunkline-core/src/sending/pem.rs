//! PEM that a program hands over: certificates and keys, at hand or in a file.

use std::borrow::Cow;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use crate::error::language;
use crate::error::{Error, ErrorKind, Result};
use crate::signing::secret::Secret;

/// How every part of PEM begins.
const BEGIN: &str = "-----BEGIN";

/// PEM: text, or the file that holds it. A file is read when the client is built. It may hold a key, so `Debug` shows nothing of
/// the text.
///
/// ```
/// use trunkline_core::Pem;
///
/// let text = Pem::from("-----BEGIN CERTIFICATE-----\n…");
/// let file = Pem::from(std::path::Path::new("authority.pem"));
/// # let _ = (text, file);
/// ```
#[derive(Clone)]
pub struct Pem(Place);

#[derive(Clone)]
enum Place {
    Text(Secret),
    /// Copies share the text, which is read once: of a client and of those that sign in for it.
    File(PathBuf, Arc<OnceLock<Secret>>),
}

impl Pem {
    /// PEM text. What is not UTF-8 can only be a comment.
    pub fn text(text: impl AsRef<[u8]>) -> Self {
        Self(Place::Text(Secret::new(String::from_utf8_lossy(text.as_ref()))))
    }

    /// A file with PEM text.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self(Place::File(path.into(), Arc::default()))
    }

    /// For languages in which both are text: one line without `-----BEGIN` is the path of a file.
    pub fn text_or_file(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.contains(BEGIN) || text.contains('\n') || text.trim().is_empty() {
            Self::text(text)
        } else {
            Self::file(text)
        }
    }

    /// Reads the text, for the option of this name.
    pub(crate) fn read(&self, option: &'static str) -> Result<PemText> {
        let option = language::current().option(option);
        let (source, text) = match &self.0 {
            Place::Text(text) => (option.into_owned(), text.clone()),
            Place::File(path, known) => {
                let source = format!("{option} names {}", path.display());
                let text = match known.get() {
                    Some(text) => text.clone(),
                    None => match std::fs::read(path) {
                        Ok(bytes) => known
                            .get_or_init(|| Secret::new(String::from_utf8_lossy(&bytes)))
                            .clone(),
                        Err(error) => {
                            let message = format!("{source}, which cannot be read: {error}");
                            return Err(Error::new(ErrorKind::InvalidInput, message)
                                .with_next_step("Name a PEM file that this process may read, or give its text")
                                .with_source(error));
                        }
                    },
                };
                (source, text)
            }
        };
        Ok(PemText {
            source,
            is_file: matches!(self.0, Place::File(..)),
            text,
        })
    }
}

impl fmt::Debug for Pem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Place::Text(_) => formatter.write_str("Pem(***)"),
            Place::File(path, _) => formatter.debug_tuple("Pem").field(path).finish(),
        }
    }
}

impl From<&str> for Pem {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

impl From<String> for Pem {
    fn from(text: String) -> Self {
        Self(Place::Text(Secret::new(text)))
    }
}

impl From<&[u8]> for Pem {
    fn from(text: &[u8]) -> Self {
        Self::text(text)
    }
}

impl From<Vec<u8>> for Pem {
    fn from(text: Vec<u8>) -> Self {
        Self::text(text)
    }
}

impl From<&Path> for Pem {
    fn from(path: &Path) -> Self {
        Self::file(path)
    }
}

impl From<PathBuf> for Pem {
    fn from(path: PathBuf) -> Self {
        Self::file(path)
    }
}

/// The text of PEM, and where it came from.
pub(crate) struct PemText {
    /// The option, with the file that it names.
    source: String,
    is_file: bool,
    text: Secret,
}

impl PemText {
    pub(crate) fn bytes(&self) -> &[u8] {
        self.text.expose().as_bytes()
    }

    /// Whether it has a part that begins with these words.
    pub(crate) fn contains(&self, words: &str) -> bool {
        self.text.expose().contains(words)
    }

    /// The error that it lacks something, or holds what cannot be used; `what` is a predicate of the text or file.
    pub(crate) fn error(&self, what: impl fmt::Display, next_step: impl Into<Cow<'static, str>>) -> Error {
        let Self { source, .. } = self;
        let message = if self.is_file {
            format!("{source}, which {what}")
        } else {
            format!("{source} {what}")
        };
        Error::new(ErrorKind::InvalidInput, message).with_next_step(next_step)
    }

    /// The error when it is no PEM at all.
    pub(crate) fn check(&self) -> Result<()> {
        if self.contains(BEGIN) {
            return Ok(());
        }
        let next_step = "Give PEM. Of a PKCS #12 file, `openssl pkcs12 -in FILE.pfx -out FILE.pem -nodes` makes it";
        Err(self.error("is not PEM: nothing in it begins with -----BEGIN", next_step))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_without_a_beginning_is_a_path() {
        for (text, is_file) in [
            ("ca.pem", true),
            ("/etc/ssl/ca.pem", true),
            (r"C:\certificates\ca.pem", true),
            ("-----BEGIN CERTIFICATE-----", false),
            ("MII\nAAA", false),
            ("", false),
            (" ", false),
        ] {
            assert_eq!(
                matches!(Pem::text_or_file(text).0, Place::File(..)),
                is_file,
                "{text:?}"
            );
        }
    }

    #[test]
    fn text_is_not_shown_and_a_file_is() {
        assert_eq!(format!("{:?}", Pem::from("canary")), "Pem(***)");
        assert_eq!(format!("{:?}", Pem::file("ca.pem")), "Pem(\"ca.pem\")");
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let error = Pem::file("/nowhere/ca.pem")
            .read("certificate_authorities")
            .err()
            .unwrap();
        let words = "certificate_authorities names /nowhere/ca.pem, which cannot be read";
        assert!(error.message().starts_with(words), "{error}");
        let text = Pem::text("AAAA").read("client_certificate").unwrap();
        let error = text.check().unwrap_err();
        assert!(error.message().starts_with("client_certificate is not PEM"), "{error}");
    }
}
