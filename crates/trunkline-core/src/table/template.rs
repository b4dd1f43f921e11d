//! Templates of paths, and how well a path fits one.

/// A part of a path after `users('x')` was taken apart into `users` and `x`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Step<'p> {
    Name(&'p str),
    Key(&'p str),
    Placeholder(&'p str),
}

/// More steps than any template has.
const MOST_STEPS: usize = 24;

/// The steps of a path or template, without a heap: every request takes its path apart.
pub(crate) struct Steps<'p> {
    steps: [Step<'p>; MOST_STEPS],
    count: usize,
    /// There were more, so that no template is meant.
    overflow: bool,
}

impl<'p> Steps<'p> {
    /// Takes a path or template apart. A key written as a segment is a [`Step::Name`]: only a template tells them apart.
    pub(crate) fn of(path: &'p str) -> Self {
        let mut steps = Self {
            steps: [Step::Name(""); MOST_STEPS],
            count: 0,
            overflow: false,
        };
        let mut start = 0;
        for (end, _) in path.bytes().enumerate().filter(|(_, byte)| *byte == b'/') {
            steps.add_segment(&path[start..end]);
            start = end + 1;
        }
        steps.add_segment(&path[start..]);
        steps
    }

    fn add(&mut self, step: Step<'p>) {
        match self.steps.get_mut(self.count) {
            Some(free) => {
                *free = step;
                self.count += 1;
            }
            None => self.overflow = true,
        }
    }

    fn add_segment(&mut self, segment: &'p str) {
        if segment.is_empty() {
            return;
        }
        if let Some(placeholder) = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            return self.add(Step::Placeholder(placeholder));
        }
        let call = segment.strip_suffix(')').and_then(|call| call.split_once('('));
        match call {
            None => self.add(Step::Name(segment)),
            // A call: its parameters do not decide which operation it is.
            Some((name, inner)) if inner.is_empty() || is_call(inner) => self.add(Step::Name(name)),
            Some((name, inner)) => {
                let inner = inner.trim_matches('\'');
                let placeholder = inner.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
                self.add(Step::Name(name));
                self.add(placeholder.map_or(Step::Key(inner), Step::Placeholder));
            }
        }
    }

    pub(super) fn as_slice(&self) -> &[Step<'p>] {
        &self.steps[..self.count]
    }

    /// How well a path fits a template: the number of names that match, with those further left weighing more; `None`
    /// when it does not.
    pub(super) fn score(template: &[Step<'_>], path: &Steps<'_>) -> Option<u64> {
        if path.overflow || template.len() != path.count {
            return None;
        }
        // Neighbours differ in their last step.
        if let (Some(Step::Name(name)), Some(Step::Name(other))) = (template.last(), path.as_slice().last())
            && !same_name(name, other)
        {
            return None;
        }
        let mut score: u64 = 1;
        for pair in template.iter().zip(path.as_slice()) {
            match pair {
                (Step::Placeholder(_), _) => score <<= 1,
                (Step::Name(name), Step::Name(other)) if same_name(name, other) => score = (score << 1) | 1,
                _ => return None,
            }
        }
        Some(score)
    }
}

/// The steps of a path or template, one by one.
pub(crate) fn steps(path: &str) -> impl Iterator<Item = Step<'_>> {
    let Steps { steps, count, .. } = Steps::of(path);
    steps.into_iter().take(count)
}

/// `name='value'`, as opposed to the key `'value'`.
fn is_call(inner: &str) -> bool {
    inner
        .split_once('=')
        .is_some_and(|(name, _)| !name.is_empty() && !name.contains(['\'', '%']))
}

/// How well `path` fits `template`; `None` when it does not.
pub(super) fn score(template: &str, path: &str) -> Option<u64> {
    Steps::score(Steps::of(template).as_slice(), &Steps::of(path))
}

/// `assignNumber` is also `microsoft.graph.teamsAdministration.assignNumber`.
pub(crate) fn same_name(template: &str, name: &str) -> bool {
    // Mostly they are spelled alike.
    template == name
        || template.eq_ignore_ascii_case(name)
        || (name.contains('.') || template.contains('.'))
            && unqualified(template).eq_ignore_ascii_case(unqualified(name))
}

fn unqualified(name: &str) -> &str {
    let qualified = ["microsoft.graph.", "graph."].iter().any(|prefix| {
        name.get(..prefix.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    });
    if qualified {
        name.rsplit('.').next().unwrap_or(name)
    } else {
        name
    }
}
