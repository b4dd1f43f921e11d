//! Writes Rust, Python, TypeScript, tables and reference pages from what `spec/` says. Nothing here knows the run-time crates:
//! what is generated is text.
//!
//! # Phases
//!
//! 1. `trunkline_spec` reads `spec/*.toml` (what Graph offers) or OData metadata into a [`Model`], checks it, and locks it. It
//!    reads `spec/trunkline` (what we offer) into an [`Interface`].
//! 2. `plan` chooses the names of everything in the model, in the spelling of Rust, and the module each thing stands
//!    in. Names that collide get different spellings here, once for all languages.
//! 3. The [`EMITTERS`] write text. Each reads model and plan, or the interface, and returns [`OutputFile`]s. None reads what
//!    another wrote.
//! 4. `output` compares the files with the folder they belong to: `cargo xtask codegen` writes those that changed
//!    and removes those that nothing writes any more, `cargo xtask codegen --check` only lists them.
//!
//! # Rules of emitters
//!
//! - An emitter decides nothing by name. A special case of Graph is data in `spec/`, which the model carries.
//! - Text of the spec gets into generated code as a literal or a comment, through the functions of the language's `text` module,
//!   which take care of quotes and control characters. `tests/golden.rs` writes with text that tries to get out.
//! - Python, TypeScript and Markdown stand in `templates/` as they will look. Rust collects what goes into them, and keeps what wraps
//!   or escapes text.
//! - The same input gives the same bytes.
//!
//! # How to add an emitter
//!
//! 1. Write a module with a function that returns the files: `rust`, `python`, `node`, `description` and `reference` write from the
//!    model, and the modules of `interface` from our own interface.
//! 2. Add it to [`EMITTERS`], with the folder that its files go to. Several emitters may write to one folder.
//! 3. Run `cargo xtask codegen`. A new folder is called `generated`, and each of its files says that this command writes it.
//! 4. Add its output for the model of `tests/golden/spec` to `tests/golden.rs`.
//!
//! # How to add a language
//!
//! Its emitter has three parts, as `python` has: `text` (quotes, comments and names of the language), `records` (the types of
//! Graph), and `handles` with `methods` (the paths of Graph, and the operations at each). They read the plan. A module of
//! `interface` writes the options of a client, and `facts` has the sentences that all languages say about an operation: its
//! limits, permissions and corrections. The binding calls operations by name, so it needs no generated Rust.

mod calls;
mod catalogue;
mod description;
mod error;
mod facts;
mod interface;
mod names;
mod node;
mod options;
mod output;
mod plan;
mod python;
mod reference;
mod rust;
mod standalone;
mod text;

/// The examples of the README compile.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}

use std::collections::BTreeMap;

pub use calls::{Example, Examples};
pub use catalogue::{call_tests, catalogue};
pub use error::Error;
pub use options::{Options, StandaloneCrate, Target};
pub(crate) use output::HEADER;
pub use output::{Difference, OutputFile, check, write};

use trunkline_spec::Model;
use trunkline_spec::interface::Interface;

/// The input of the emitters.
#[derive(Debug)]
pub struct Sources {
    /// The model of Graph.
    pub model: Model,
    /// Our own interface.
    pub interface: Interface,
}

/// Writes a part of what is generated.
pub struct Emitter {
    /// The folder of its files.
    pub folder: &'static str,
    /// Returns its files, relative to the folder.
    files: fn(&Sources) -> Result<Vec<OutputFile>, Error>,
}

const RUST: &str = "crates/trunkline/src/generated";
const PYTHON: &str = "bindings/python/python/trunkline/generated";
const NODE: &str = "bindings/node/typescript/generated";
const DOCUMENTATION: &str = "docs/generated";

/// All emitters.
pub const EMITTERS: &[Emitter] = &[
    Emitter {
        folder: RUST,
        files: |sources| generate(&sources.model, &Options { target: Target::Slice }),
    },
    Emitter {
        folder: "crates/trunkline-core/src/sending/generated",
        files: |sources| Ok(interface::core_files(&sources.interface)),
    },
    Emitter {
        folder: "crates/trunkline/src/configuration/generated",
        files: |sources| Ok(interface::builder_files(&sources.interface)),
    },
    Emitter {
        folder: "crates/trunkline/src/feature/generated",
        files: |sources| Ok(interface::feature_files(&sources.interface)),
    },
    Emitter {
        folder: "crates/trunkline-binding/src/generated",
        files: |sources| Ok(interface::binding_files(&sources.interface)),
    },
    Emitter {
        folder: PYTHON,
        files: |sources| Ok(generate_python(&sources.model, &sources.interface)),
    },
    Emitter {
        folder: PYTHON,
        files: |sources| Ok(interface::python(&sources.interface)),
    },
    Emitter {
        folder: NODE,
        files: |sources| Ok(generate_node(&sources.model, &sources.interface)),
    },
    Emitter {
        folder: NODE,
        files: |sources| Ok(interface::node(&sources.interface)),
    },
    Emitter {
        folder: DOCUMENTATION,
        files: |sources| Ok(generate_reference(&sources.model)),
    },
    Emitter {
        folder: DOCUMENTATION,
        files: |sources| Ok(interface::reference(&sources.interface)),
    },
];

/// The files of all emitters, by folder.
///
/// # Errors
///
/// As [`generate`].
pub fn emit(sources: &Sources) -> Result<BTreeMap<&'static str, Vec<OutputFile>>, Error> {
    let mut folders: BTreeMap<&str, Vec<OutputFile>> = BTreeMap::new();
    for emitter in EMITTERS {
        folders
            .entry(emitter.folder)
            .or_default()
            .extend((emitter.files)(sources)?);
    }
    Ok(folders)
}

/// Generates the Rust code of a target and its description, sorted by path.
///
/// # Errors
///
/// When an emitter produced something that is not Rust.
pub fn generate(model: &Model, options: &Options) -> Result<Vec<OutputFile>, Error> {
    let plan = plan::Plan::new(model);
    let (mut files, path) = match &options.target {
        Target::Slice => (rust::slice(&plan)?, "description.json"),
        Target::StandaloneCrate(options) => (standalone::files(&plan, options)?, "src/description.json"),
    };
    files.push(OutputFile::new(path, description::write(&plan)));
    files.sort_by(|left, right| left.path.cmp(&right.path));
    Ok(files)
}

/// Generates the modules of Python. Our own interface says which records may stand for texts.
#[must_use]
pub fn generate_python(model: &Model, interface: &Interface) -> Vec<OutputFile> {
    python::files(&plan::Plan::new(model), &interface.references)
}

/// Generates the modules of TypeScript. Our own interface says which records may stand for texts.
#[must_use]
pub fn generate_node(model: &Model, interface: &Interface) -> Vec<OutputFile> {
    node::files(&plan::Plan::new(model), &interface.references)
}

/// Generates the reference page of the operations.
#[must_use]
pub fn generate_reference(model: &Model) -> Vec<OutputFile> {
    vec![OutputFile::new("operations.md", reference::operations(model))]
}
