//! The parts that every page has.

use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

const STYLE: &str = include_str!("../../templates/page/style.css");

/// The one script of a page.
pub(crate) const SCRIPT: &str = include_str!("../../templates/page/script.js");

static DIGESTS: LazyLock<(String, String)> = LazyLock::new(|| (digest(STYLE), digest(SCRIPT)));

fn digest(text: &str) -> String {
    STANDARD.encode(Sha256::digest(text))
}

/// The head of a page, for its template.
pub(crate) struct Shell {
    pub(crate) title: &'static str,
    pub(crate) style: &'static str,
    pub(crate) style_digest: &'static str,
    pub(crate) script_digest: &'static str,
}

impl Shell {
    pub(crate) fn new(title: &'static str) -> Self {
        let (style, script) = &*DIGESTS;
        Self {
            title,
            style: STYLE,
            style_digest: style,
            script_digest: script,
        }
    }
}
