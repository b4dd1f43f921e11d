//! The error of the generator.

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
