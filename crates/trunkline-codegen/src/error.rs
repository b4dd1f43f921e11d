//! Why nothing could be generated or written.

use std::path::PathBuf;

/// Why code could not be generated or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Tokens that Rust does not parse; a bug of an emitter.
    #[error("{path}: the generated code is not Rust: {source}")]
    Syntax {
        /// The file that was being generated.
        path: String,
        /// The message of the parser.
        #[source]
        source: syn::Error,
    },
    /// The model is larger than the descriptor blob can address.
    #[error("the descriptors need more than the format can hold: {what}")]
    TooLarge {
        /// The things of which there are too many.
        what: &'static str,
    },
    /// A file could not be read, written or removed.
    #[error("{}: {source}", path.display())]
    File {
        /// The file or folder.
        path: PathBuf,
        /// The error of the operating system.
        #[source]
        source: std::io::Error,
    },
}
