//! trunkline
