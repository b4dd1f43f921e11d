//! Source files: put together from pieces, printed side by side on all cores.

use proc_macro2::TokenStream;
use quote::quote;

use crate::error::Error;
use crate::text::Documentation;
use crate::{HEADER, OutputFile};

/// A file before it is printed.
pub(crate) struct SourceFile {
    /// Path within the output.
    pub(crate) path: String,
    /// First line of its documentation.
    pub(crate) documentation: String,
    /// Attributes of the whole file, with the reason in a comment before each.
    pub(crate) attributes: Vec<(&'static str, TokenStream)>,
    /// Imports.
    pub(crate) uses: TokenStream,
    /// Its content.
    pub(crate) pieces: Vec<Piece>,
}

/// A part of a file.
pub(crate) enum Piece {
    /// Items, to be laid out.
    Items(TokenStream),
    /// A table, laid out already: names and literals only, so that nothing in it can become code.
    Table(String),
}

/// How many pieces are printed in one go: enough to make threads worth it.
const CHUNK: usize = 64;

/// Prints all files.
pub(super) fn print(files: Vec<SourceFile>) -> Result<Vec<OutputFile>, Error> {
    // Token streams do not leave their thread, so pieces travel as text and are parsed where they are laid out.
    let mut outputs = Vec::new();
    let mut chunks: Vec<Chunk> = Vec::new();
    for (index, file) in files.into_iter().enumerate() {
        let mut head = format!("{HEADER}\n\n");
        head.push_str(&Documentation::of(&file.documentation).inner_comment());
        for (reason, attribute) in &file.attributes {
            head.push_str(&format!("\n// {reason}\n{}", layout(&file.path, quote!(#attribute))?));
        }
        let uses = layout(&file.path, file.uses)?;
        if !uses.is_empty() {
            head.push('\n');
            head.push_str(&uses);
        }
        outputs.push(OutputFile::new(&file.path, head));
        for pieces in chunked(file.pieces) {
            chunks.push(Chunk {
                file: index,
                path: file.path.clone(),
                pieces,
            });
        }
    }
    for (file, text) in print_chunks(chunks)? {
        outputs[file].contents.extend_from_slice(text.as_bytes());
    }
    Ok(outputs)
}

/// Some pieces of one file.
struct Chunk {
    file: usize,
    path: String,
    pieces: Vec<Printable>,
}

/// A piece as text.
enum Printable {
    Items(String),
    Table(String),
}

fn chunked(pieces: Vec<Piece>) -> Vec<Vec<Printable>> {
    let mut chunks: Vec<Vec<Printable>> = Vec::new();
    for piece in pieces {
        let printable = match piece {
            Piece::Items(tokens) if tokens.is_empty() => continue,
            Piece::Items(tokens) => Printable::Items(tokens.to_string()),
            Piece::Table(text) => Printable::Table(text),
        };
        match chunks.last_mut() {
            Some(chunk) if chunk.len() < CHUNK => chunk.push(printable),
            _ => chunks.push(vec![printable]),
        }
    }
    chunks
}

/// Prints chunks on all cores, and hands them back in order.
fn print_chunks(chunks: Vec<Chunk>) -> Result<Vec<(usize, String)>, Error> {
    let threads = std::thread::available_parallelism()
        .map_or(1, usize::from)
        .min(chunks.len().max(1));
    let next = std::sync::atomic::AtomicUsize::new(0);
    let chunks = &chunks;
    let work = || {
        let mut printed = Vec::new();
        loop {
            let index = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            let Some(chunk) = chunks.get(index) else { return printed };
            printed.push((index, chunk.print().map(|text| (chunk.file, text))));
        }
    };
    let mut printed = std::thread::scope(|scope| {
        let handles: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        let mut printed = work();
        for handle in handles {
            match handle.join() {
                Ok(others) => printed.extend(others),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        printed
    });
    printed.sort_by_key(|(index, _)| *index);
    printed.into_iter().map(|(_, text)| text).collect()
}

impl Chunk {
    fn print(&self) -> Result<String, Error> {
        let mut text = String::new();
        for piece in &self.pieces {
            text.push('\n');
            match piece {
                Printable::Items(tokens) => {
                    let file = syn::parse_file(tokens).map_err(|source| Error::Syntax {
                        path: self.path.clone(),
                        source,
                    })?;
                    text.push_str(&prettyplease::unparse(&file));
                }
                Printable::Table(table) => text.push_str(table),
            }
        }
        Ok(text)
    }
}

fn layout(path: &str, tokens: TokenStream) -> Result<String, Error> {
    let file = syn::parse2(tokens).map_err(|source| Error::Syntax {
        path: path.to_owned(),
        source,
    })?;
    Ok(prettyplease::unparse(&file))
}
