//! The brake: how many numbers may be taken from their holders before others were given, and when no more are taken.
//!
//! A move, a swap and a replacement take a number first and give one afterwards. Where giving fails, whoever held the
//! number is left without. So a step that takes is begun only for a step that gives, and at first for one alone: each
//! number that was given in this run lets one more be on its way. A number that was nobody's and was given shows nothing of
//! numbers that were taken: those have a count of their own. After the first that cannot be given, none is taken.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::journal::{StepKind, StepSketch, StepState};
use crate::outcome::Ending;
use crate::plan::StepId;

/// Steps are named by their index in the schedule.
#[derive(Debug, Default)]
pub(super) struct Brake {
    /// Whether the caller lets the run go on although numbers cannot be given.
    is_released: bool,
    /// The step that gives and failed for good.
    pulled_by: Option<StepId>,
    takes: HashMap<u32, Take>,
    gives: HashMap<u32, Give>,
    /// Of steps that give a number which nobody had: their holders give up another one for it.
    of_free: Lane,
    /// Of steps that give a number which was taken from somebody.
    of_taken: Lane,
}

/// Steps that give, of one of the two kinds.
#[derive(Debug, Default)]
struct Lane {
    /// How many have been given in this run.
    given: usize,
    /// Those whose numbers are being taken, or were.
    under_way: HashSet<u32>,
    /// Those that need numbers which nobody has begun to take, those first that wait for the fewest.
    candidates: BTreeSet<Candidate>,
}

/// A step that takes a number which another step needs.
#[derive(Debug)]
struct Take {
    gives: Vec<u32>,
    /// Of them, those that can still end.
    open: usize,
    /// The row asks for nothing but this: it is carried out also when it makes room for nobody.
    is_wanted: bool,
    is_begun: bool,
    /// It took the number.
    is_done: bool,
}

/// A step that gives a number, and needs others that take one.
#[derive(Debug)]
struct Give {
    id: StepId,
    /// Whether the number that it gives is one that a step before it takes.
    is_of_taken: bool,
    takes: Vec<u32>,
    /// Of them, those that have not begun.
    missing: u32,
    has_begun: bool,
    /// Whether a number was taken for it.
    has_taken: bool,
    end: End,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Open,
    Good,
    /// Left to a later run.
    Stuck,
    /// The service refused it, or a step that it needs.
    Refused,
    /// It was skipped: somebody changed the number meanwhile.
    Skipped,
}

/// Steps for which a number was taken already come first: somebody is without one.
type Candidate = (bool, u32, u32);

/// Steps that take and are not needed by a step that gives any more.
#[derive(Debug, Default)]
pub(super) struct Unneeded {
    /// Completed out all the same: their rows ask for it.
    pub(super) wanted: Vec<u32>,
    /// They would leave somebody without a number for nothing.
    pub(super) pointless: Vec<u32>,
}

impl Brake {
    /// The numbers that the steps of a journal take and give. `needed` finds a step by its id.
    pub(super) fn new(steps: &[StepSketch], is_released: bool, needed: impl Fn(StepId) -> Option<usize>) -> Self {
        let mut brake = Self {
            is_released,
            ..Self::default()
        };
        let giving_lines: HashSet<u32> = steps
            .iter()
            .filter(|step| step.kind.gives())
            .map(|step| step.id.0)
            .collect();
        for (index, step) in (0_u32..).zip(steps) {
            let StepKind::Give { number } = step.kind else {
                continue;
            };
            let mut give = Give {
                id: step.id,
                is_of_taken: false,
                takes: Vec::new(),
                missing: 0,
                has_begun: false,
                has_taken: false,
                end: ended(step.state),
            };
            let is_open = give.end == End::Open;
            let mut is_take_refused = false;
            for at in step.needs.iter().filter_map(|need| needed(*need)) {
                let taking = &steps[at];
                let StepKind::Take { number: taken } = taking.kind else {
                    continue;
                };
                let take = u32::try_from(at).unwrap_or(u32::MAX);
                let is_begun = taking.state != StepState::Waiting;
                let node = brake.takes.entry(take).or_insert_with(|| Take {
                    gives: Vec::new(),
                    open: 0,
                    is_wanted: !giving_lines.contains(&taking.id.0),
                    is_begun,
                    is_done: taking.state == StepState::Ended(Ending::Done),
                });
                node.gives.push(index);
                node.open += usize::from(is_open);
                give.takes.push(take);
                give.is_of_taken |= taken == number;
                give.missing += u32::from(!is_begun);
                give.has_begun |= is_begun;
                give.has_taken |= taking.state == StepState::Ended(Ending::Done);
                is_take_refused |= taking.state == StepState::Ended(Ending::Failed);
            }
            if give.takes.is_empty() {
                continue;
            }
            if give.end == End::Skipped && is_take_refused {
                give.end = End::Refused;
            }
            brake.gives.insert(index, give);
            if is_open {
                brake.place(index);
            }
            brake.pull_for(index);
        }
        brake
    }

    /// Whether a step takes a number for others and has to wait until it is admitted.
    pub(super) fn holds(&self, index: u32) -> bool {
        self.takes
            .get(&index)
            .is_some_and(|take| !take.is_begun && take.open > 0)
    }

    /// Steps that take and that nobody needs, from the start: an earlier run ended between.
    pub(super) fn unneeded(&self) -> Unneeded {
        let mut unneeded = Unneeded::default();
        for (index, take) in &self.takes {
            if !take.is_begun && take.open == 0 {
                unneeded.add(*index, take.is_wanted);
            }
        }
        unneeded
    }

    /// Whether a number may be taken now.
    pub(super) fn can_admit(&self) -> bool {
        self.next().is_some()
    }

    /// The step that gives and whose numbers are taken next. A number that was taken and given shows that any can be given;
    /// one that was free shows it only of those that are free.
    fn next(&self) -> Option<u32> {
        if self.pulled_by.is_some() {
            return None;
        }
        let (free, taken) = (&self.of_free, &self.of_taken);
        let may_begin = free.under_way.len() + taken.under_way.len() <= free.given + taken.given;
        let of_taken = taken
            .candidates
            .first()
            .filter(|_| taken.under_way.len() <= taken.given);
        let next = [of_taken, free.candidates.first()].into_iter().flatten().min()?;
        may_begin.then_some(next.2)
    }

    /// Lets the next numbers be taken, as many as may be on their way. Answers the steps that take them.
    pub(super) fn admit(&mut self) -> Vec<u32> {
        let mut admitted = Vec::new();
        while let Some(index) = self.next() {
            let takes = self
                .gives
                .get(&index)
                .map(|give| give.takes.clone())
                .unwrap_or_default();
            for take in takes {
                if self.begin(take) {
                    admitted.push(take);
                }
            }
        }
        admitted
    }

    fn lane(&mut self, index: u32) -> &mut Lane {
        if self.gives.get(&index).is_some_and(|give| give.is_of_taken) {
            &mut self.of_taken
        } else {
            &mut self.of_free
        }
    }

    /// Marks a step that takes as begun, and says so to those that need it.
    fn begin(&mut self, index: u32) -> bool {
        let Some(take) = self.takes.get_mut(&index).filter(|take| !take.is_begun) else {
            return false;
        };
        take.is_begun = true;
        for give in take.gives.clone() {
            self.displace(give);
            if let Some(give) = self.gives.get_mut(&give) {
                give.missing -= 1;
                give.has_begun = true;
            }
            self.place(give);
        }
        true
    }

    fn key(&self, index: u32) -> Option<Candidate> {
        let give = self.gives.get(&index)?;
        Some((!give.has_begun, give.missing, index))
    }

    fn displace(&mut self, index: u32) {
        if let Some(key) = self.key(index) {
            self.lane(index).candidates.remove(&key);
        }
    }

    fn place(&mut self, index: u32) {
        let Some(give) = self.gives.get(&index).filter(|give| give.end == End::Open) else {
            return;
        };
        if give.missing == 0 {
            self.lane(index).under_way.insert(index);
        } else if let Some(key) = self.key(index) {
            self.lane(index).candidates.insert(key);
        }
    }

    /// A step ended, or cannot begin because of one that ended so.
    pub(super) fn close(&mut self, index: u32, ending: Ending, is_cause: bool) -> Unneeded {
        if let Some(take) = self.takes.get_mut(&index) {
            if ending == Ending::Done && is_cause {
                take.is_done = true;
                for give in take.gives.clone() {
                    if let Some(give) = self.gives.get_mut(&give) {
                        give.has_taken = true;
                    }
                    self.pull_for(give);
                }
            }
            return Unneeded::default();
        }
        self.displace(index);
        // One that had ended in an earlier run was taken into account from the start.
        let Some(give) = self.gives.get_mut(&index).filter(|give| give.end == End::Open) else {
            return Unneeded::default();
        };
        give.end = match ending {
            Ending::Done | Ending::Already => End::Good,
            Ending::Failed => End::Refused,
            Ending::Skipped => End::Skipped,
            Ending::Pending | Ending::Unknown | Ending::NotSeen => End::Stuck,
        };
        match give.end {
            // No later run may learn more of it. Whoever releases the brake has looked at it: it holds nobody back, and what
            // would be taken for it alone is not taken.
            End::Stuck if self.is_released && ending == Ending::Unknown => {}
            // Its number is on its way, or its state is unknown: this run does not see the outcome.
            End::Stuck => {
                if give.has_begun {
                    self.lane(index).under_way.insert(index);
                }
                return Unneeded::default();
            }
            // It makes room when that is durable.
            End::Good => return Unneeded::default(),
            _ => {}
        }
        let takes = give.takes.clone();
        self.lane(index).under_way.remove(&index);
        self.pull_for(index);
        let mut unneeded = Unneeded::default();
        for index in takes {
            if let Some(take) = self.takes.get_mut(&index) {
                take.open = take.open.saturating_sub(1);
                if take.open == 0 && !take.is_begun {
                    take.is_begun = true;
                    unneeded.add(index, take.is_wanted);
                }
            }
        }
        unneeded
    }

    /// A number was given, and the journal has it: one more may be on its way.
    pub(super) fn succeed(&mut self, index: u32) {
        let lane = self.lane(index);
        if lane.under_way.remove(&index) {
            lane.given += 1;
        }
    }

    /// Pulls the brake when a number was taken for a step that the service refused.
    fn pull_for(&mut self, index: u32) {
        if let Some(give) = self.gives.get(&index)
            && give.end == End::Refused
            && give.has_taken
            && !self.is_released
        {
            self.pulled_by.get_or_insert(give.id);
        }
    }

    /// The step whose number was taken and not given, after which no more are taken.
    pub(super) fn pulled_by(&self) -> Option<StepId> {
        self.pulled_by
    }

    /// Whether numbers were taken for a step that failed.
    pub(super) fn is_lost(&self, index: u32) -> bool {
        self.gives
            .get(&index)
            .is_some_and(|give| give.has_taken && matches!(give.end, End::Refused | End::Skipped))
    }

    /// Steps that took a number for a step that gives, and whether their rows ask for nothing else.
    pub(super) fn taken_for(&self, index: u32) -> impl Iterator<Item = (u32, bool)> + '_ {
        let takes = self.gives.get(&index).map_or(&[][..], |give| give.takes.as_slice());
        takes.iter().filter_map(|index| {
            let take = self.takes.get(index)?;
            take.is_done.then_some((*index, take.is_wanted))
        })
    }

    /// How many steps that give are held back.
    pub(super) fn held_back(&self) -> u64 {
        (self.of_free.candidates.len() + self.of_taken.candidates.len()) as u64
    }

    /// The first step whose number was taken and that has not ended.
    pub(super) fn first_under_way(&self) -> Option<StepId> {
        let under_way = self.of_free.under_way.iter().chain(&self.of_taken.under_way);
        let ids = under_way.filter_map(|index| self.gives.get(index));
        ids.map(|give| give.id).min()
    }
}

impl Unneeded {
    fn add(&mut self, index: u32, is_wanted: bool) {
        if is_wanted {
            self.wanted.push(index);
        } else {
            self.pointless.push(index);
        }
    }
}

fn ended(state: StepState) -> End {
    match state {
        StepState::Ended(Ending::Done | Ending::Already) => End::Good,
        StepState::Ended(Ending::Failed) => End::Refused,
        StepState::Ended(Ending::Skipped) => End::Skipped,
        _ => End::Open,
    }
}
