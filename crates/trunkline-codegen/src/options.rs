//! Options: for which target code is generated.

/// How to generate.
#[derive(Debug, Clone)]
pub struct Options {
    /// The target.
    pub target: Target,
}

/// The target of generated code.
#[derive(Debug, Clone)]
pub enum Target {
    /// The module `generated` of the crate `trunkline`.
    Slice,
    /// A crate of its own.
    StandaloneCrate(StandaloneCrate),
}

/// A crate of its own.
#[derive(Debug, Clone)]
pub struct StandaloneCrate {
    /// Its name.
    pub name: String,
    /// Path of `trunkline-core`, seen from the crate's folder.
    pub core_path: String,
    /// Path of `trunkline-emulator`, seen from the crate's folder; with it, the crate gets a test.
    pub emulator_path: Option<String>,
}
