//! The faults in force, and the choice of those a request meets.

use jiff::Timestamp;

use super::{Effect, Fault};
use crate::login;
use crate::message::Request;
use crate::random::random;
use crate::token;

/// A fault that strikes the request at hand.
#[derive(Clone, Debug)]
pub(crate) struct Chosen {
    pub(crate) label: String,
    pub(crate) effect: Effect,
    /// Whether the request is carried out all the same.
    pub(crate) executes: bool,
}

#[derive(Clone, Debug)]
struct Page {
    fault: Fault,
    seen: u32,
    struck: u32,
    draws: u64,
    /// The token a claims challenge was first given to.
    challenged: Option<String>,
}

/// The faults in force.
#[derive(Clone, Debug, Default)]
pub(crate) struct FaultBook {
    pages: Vec<Page>,
}

impl FaultBook {
    pub(crate) fn add(&mut self, fault: Fault) {
        let random = fault.seed ^ 0x9e37_79b9_7f4a_7c15;
        self.pages.push(Page {
            fault,
            seen: 0,
            struck: 0,
            draws: random,
            challenged: None,
        });
    }

    pub(crate) fn clear(&mut self) {
        self.pages.clear();
    }

    pub(crate) fn list(&self) -> Vec<Fault> {
        self.pages.iter().map(|page| page.fault.clone()).collect()
    }

    /// Whether answers are stored, for a fault that repeats an earlier one.
    pub(crate) fn keeps_answers(&self) -> bool {
        self.pages.iter().any(|page| page.fault.effect.behind().is_some())
    }

    /// The faults a request meets, in the order they were added.
    pub(crate) fn choose(&mut self, request: &Request, now: Timestamp) -> Vec<Chosen> {
        if self.pages.is_empty() {
            return Vec::new();
        }
        let path = request.decoded_path();
        self.pages
            .iter_mut()
            .filter_map(|page| page.choose(request, &path, now))
            .collect()
    }
}

impl Page {
    fn choose(&mut self, request: &Request, path: &str, now: Timestamp) -> Option<Chosen> {
        let fault = &self.fault;
        if fault
            .method
            .as_ref()
            .is_some_and(|method| !method.eq_ignore_ascii_case(&request.method))
        {
            return None;
        }
        if let Some(pattern) = &fault.path {
            let fits = if pattern.contains('?') {
                matches_path(pattern, &format!("{path}?{}", request.query))
            } else {
                matches_path(pattern, path)
            };
            if !fits {
                return None;
            }
        }
        let token = request.header("authorization").unwrap_or_default();
        if matches!(fault.effect, Effect::StaleSignIn { .. }) && !token::is_stale(token, now) {
            return None;
        }
        let signs_in = || login::endpoint(&request.path).is_some_and(|(_, endpoint)| endpoint.signs_in());
        if fault.effect.is_of_sign_in() && !signs_in() {
            return None;
        }
        self.seen += 1;
        let limit = fault.times.or(fault.nth.map(|_| 1));
        if self.seen < fault.nth.unwrap_or(1) || limit.is_some_and(|limit| self.struck >= limit) {
            return None;
        }
        if let Some(probability) = fault.probability
            && random(&mut self.draws) >= probability
        {
            return None;
        }
        if matches!(fault.effect, Effect::Claims { .. }) {
            let token = token.to_owned();
            match &self.challenged {
                None => self.challenged = Some(token),
                // Another token has come: the challenge is met.
                Some(first) if *first != token => return None,
                Some(_) => {}
            }
        }
        self.struck += 1;
        let executes = self.fault.commit || !self.fault.effect.replaces();
        Some(Chosen {
            label: self.fault.label(),
            effect: self.fault.effect.clone(),
            executes,
        })
    }
}

/// A part of the path, or a pattern for all of it.
fn matches_path(pattern: &str, path: &str) -> bool {
    let (pattern, path) = (pattern.to_lowercase(), path.to_lowercase());
    if !pattern.contains('*') {
        return path.contains(&pattern);
    }
    let mut pieces = pattern.split('*');
    let Some(mut rest) = path.strip_prefix(pieces.next().unwrap_or_default()) else {
        return false;
    };
    let pieces: Vec<&str> = pieces.collect();
    for (at, piece) in pieces.iter().enumerate() {
        if at + 1 == pieces.len() {
            return rest.ends_with(piece);
        }
        match rest.find(piece) {
            Some(found) => rest = &rest[found + piece.len()..],
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_whole_paths_and_parts() {
        assert!(matches_path("assignnumber", "/v1.0/x/assignNumber"));
        assert!(matches_path(
            "/v1.0/users/*/authentication",
            "/v1.0/users/a/authentication"
        ));
        assert!(!matches_path(
            "/v1.0/users/*/authentication",
            "/v1.0/users/a/authentication/methods"
        ));
        assert!(matches_path(
            "*/authentication/*",
            "/v1.0/users/a/authentication/methods"
        ));
    }

    #[test]
    fn random_numbers_repeat() {
        let (mut one, mut two) = (7, 7);
        for _ in 0..100 {
            let number = random(&mut one);
            assert!((0.0..1.0).contains(&number));
            assert!((number - random(&mut two)).abs() < f64::EPSILON);
        }
    }
}
