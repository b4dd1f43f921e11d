//! Swaps, chains, and what a journal holds of them.

use super::*;
use crate::journal::{NumberKey, StepKind};

fn row(line: u32) -> RowSketch {
    RowSketch {
        row: line,
        verdict: Verdict::Change,
        ending: None,
    }
}

fn step(line: u32, position: u16, needs: &[(u32, u16)], state: StepState) -> StepSketch {
    StepSketch {
        id: StepId(line, position),
        state,
        needs: needs.iter().map(|need| StepId(need.0, need.1)).collect(),
        kind: StepKind::Other,
    }
}

fn of_kind(kind: StepKind, step: StepSketch) -> StepSketch {
    StepSketch { kind, ..step }
}

/// Takes the number of its row.
fn take(line: u32, position: u16, state: StepState) -> StepSketch {
    of_kind(
        StepKind::Take { number: number(line) },
        step(line, position, &[], state),
    )
}

/// Gives the number of its row.
fn give(line: u32, position: u16, needs: &[(u32, u16)], state: StepState) -> StepSketch {
    of_kind(
        StepKind::Give { number: number(line) },
        step(line, position, needs, state),
    )
}

fn number(line: u32) -> NumberKey {
    NumberKey::of(&format!("+1206555{line:04}"))
}

fn schedule(steps: &[StepSketch]) -> Schedule {
    schedule_of(steps, false)
}

fn schedule_of(steps: &[StepSketch], is_released: bool) -> Schedule {
    let mut lines: Vec<u32> = steps.iter().map(|step| step.id.0).collect();
    lines.dedup();
    let rows: Vec<_> = lines.into_iter().map(row).collect();
    Schedule::new(&rows, steps, is_released).expect("is a plan")
}

/// Everything that may begin now.
fn begun(schedule: &mut Schedule) -> Vec<(u32, u16)> {
    std::iter::from_fn(|| schedule.begin()).map(|id| (id.0, id.1)).collect()
}

fn done(schedule: &mut Schedule, step: (u32, u16)) {
    let step = StepId(step.0, step.1);
    assert_eq!(schedule.end(step, Ending::Done), []);
    schedule.release(step);
}

fn swap() -> Vec<StepSketch> {
    use StepState::Waiting;
    vec![
        take(2, 0, Waiting),
        give(2, 1, &[(2, 0), (3, 0)], Waiting),
        take(3, 0, Waiting),
        give(3, 1, &[(3, 0), (2, 0)], Waiting),
    ]
}

#[test]
fn a_swap_releases_both_numbers_before_it_gives_them() {
    let mut schedule = Schedule::new(&[row(2), row(3)], &swap(), false).expect("is a plan");
    assert_eq!(schedule.begin(), Some(StepId(2, 0)));
    assert_eq!(schedule.begin(), Some(StepId(3, 0)));
    assert_eq!(schedule.begin(), None);
    assert!(schedule.end(StepId(2, 0), Ending::Done).is_empty());
    schedule.release(StepId(2, 0));
    assert!(!schedule.has_ready(), "one half is not enough");
    schedule.end(StepId(3, 0), Ending::Done);
    schedule.release(StepId(3, 0));
    assert_eq!(
        (schedule.begin(), schedule.begin()),
        (Some(StepId(2, 1)), Some(StepId(3, 1)))
    );
    assert!(!schedule.is_over(2));
    schedule.end(StepId(2, 1), Ending::Done);
    assert!(schedule.is_over(2) && !schedule.is_over(3));
}

#[test]
fn what_needs_a_step_that_failed_never_begins() {
    let mut schedule = Schedule::new(&[row(2), row(3)], &swap(), false).expect("is a plan");
    schedule.begin();
    schedule.begin();
    let mut held = schedule.end(StepId(3, 0), Ending::Failed);
    held.sort_by_key(|held| held.step);
    let by = StepId(3, 0);
    let held: Vec<_> = held.iter().map(|held| (held.step, held.by, held.why)).collect();
    assert_eq!(held, [(StepId(2, 1), by, Why::Needs), (StepId(3, 1), by, Why::Needs)]);
    assert!(
        schedule.is_over(3) && !schedule.is_over(2),
        "row 2 still releases its number"
    );
    assert!(schedule.end(StepId(2, 0), Ending::Done).is_empty());
    schedule.release(StepId(2, 0));
    assert_eq!(schedule.begin(), None);
    assert!(schedule.is_over(2));
}

#[test]
fn a_journal_is_taken_up_where_it_stands() {
    use StepState::{Accepted, Ended, Waiting};
    let steps = [
        step(2, 0, &[], Ended(Ending::Done)),
        step(2, 1, &[(2, 0)], Waiting),
        step(3, 0, &[], Accepted),
        step(4, 0, &[(3, 0)], Waiting),
        step(5, 0, &[], Ended(Ending::Failed)),
        step(6, 0, &[], Ended(Ending::Unknown)),
    ];
    let rows: Vec<_> = (2..=6).map(row).collect();
    let mut schedule = Schedule::new(&rows, &steps, false).expect("is a plan");
    let begun: Vec<_> = std::iter::from_fn(|| schedule.begin()).collect();
    assert_eq!(begun, [StepId(2, 1), StepId(3, 0), StepId(6, 0)]);
    assert!(schedule.is_over(5) && !schedule.is_over(6));
    assert!(schedule.has_remains(2) && schedule.has_remains(5) && !schedule.has_remains(6));
}

#[test]
fn steps_that_need_each_other_are_refused() {
    use StepState::Waiting;
    let circle = [step(2, 0, &[(3, 0)], Waiting), step(3, 0, &[(2, 0)], Waiting)];
    let error = Schedule::new(&[row(2), row(3)], &circle, false).expect_err("is a circle");
    assert_eq!(error.kind(), BulkErrorKind::Plan);
    let missing = [step(2, 0, &[(9, 0)], Waiting)];
    assert!(Schedule::new(&[row(2)], &missing, false).is_err());
}

/// Moves of single numbers, one a row, from row 2 on.
fn moves(count: u32) -> Vec<StepSketch> {
    let lines = 2..2 + count;
    lines
        .flat_map(|line| {
            [
                take(line, 0, StepState::Waiting),
                give(line, 1, &[(line, 0)], StepState::Waiting),
            ]
        })
        .collect()
}

/// Everybody gives a number to the next, the last to the first.
fn rotation(count: u32) -> Vec<StepSketch> {
    let lines = 2..2 + count;
    lines
        .flat_map(|line| {
            let next = 2 + (line - 1) % count;
            [
                take(line, 0, StepState::Waiting),
                give(line, 1, &[(line, 0), (next, 0)], StepState::Waiting),
            ]
        })
        .collect()
}

#[test]
fn one_number_is_taken_until_it_is_given_then_more_and_more() {
    let mut schedule = schedule(&moves(20));
    assert_eq!(begun(&mut schedule), [(2, 0)]);
    done(&mut schedule, (2, 0));
    assert_eq!(
        begun(&mut schedule),
        [(2, 1)],
        "nothing more is taken before it is given"
    );
    done(&mut schedule, (2, 1));
    assert_eq!(begun(&mut schedule), [(3, 0), (4, 0)]);
    for line in [3, 4] {
        done(&mut schedule, (line, 0));
    }
    assert_eq!(begun(&mut schedule), [(3, 1), (4, 1)]);
    for line in [3, 4] {
        done(&mut schedule, (line, 1));
    }
    assert_eq!(begun(&mut schedule), [(5, 0), (6, 0), (7, 0), (8, 0)]);
}

#[test]
fn after_the_first_that_cannot_be_given_none_is_taken() {
    let mut plan = moves(20);
    plan.push(take(50, 0, StepState::Waiting));
    plan.push(give(51, 0, &[], StepState::Waiting));
    let mut schedule = schedule(&plan);
    assert_eq!(
        begun(&mut schedule),
        [(2, 0), (50, 0), (51, 0)],
        "what takes for nobody, and what takes nothing, does not wait"
    );
    done(&mut schedule, (2, 0));
    assert_eq!(begun(&mut schedule), [(2, 1)]);
    assert_eq!(schedule.end(StepId(2, 1), Ending::Failed), []);
    assert_eq!(begun(&mut schedule), []);
    assert_eq!((schedule.pulled_by(), schedule.held_back()), (Some(StepId(2, 1)), 19));
    assert_eq!(schedule.lost_by(2), [StepId(2, 0)]);
}

#[test]
fn a_released_brake_goes_on_one_by_one() {
    let mut schedule = schedule_of(&moves(3), true);
    for line in 2..5 {
        assert_eq!(begun(&mut schedule), [(line, 0)]);
        done(&mut schedule, (line, 0));
        assert_eq!(begun(&mut schedule), [(line, 1)]);
        schedule.end(StepId(line, 1), Ending::Failed);
    }
    assert_eq!((schedule.pulled_by(), schedule.held_back()), (None, 0));
}

#[test]
fn a_number_is_not_taken_for_a_step_that_needs_one_whose_fate_stays_unknown() {
    use StepState::{Ended, Waiting};
    // Three rows need a number of which nobody knows whether it was taken: one takes another first, one waits for a row that
    // asks for nothing but a release.
    let plan = [
        take(2, 0, Ended(Ending::Unknown)),
        give(2, 1, &[(2, 0)], Waiting),
        take(3, 0, Waiting),
        give(3, 1, &[(3, 0), (2, 0)], Waiting),
        take(4, 0, Waiting),
        give(5, 0, &[(4, 0), (2, 0)], Waiting),
    ];
    let mut schedule = schedule_of(&plan, true);
    assert_eq!(begun(&mut schedule), [(2, 0)], "it is read again");
    schedule.end(StepId(2, 0), Ending::Unknown);
    assert_eq!(begun(&mut schedule), [(4, 0)], "its row asks for it");
    assert!(
        [2, 3, 5].iter().all(|line| schedule.is_over(*line)),
        "until a later run reads again"
    );
}

#[test]
fn what_stays_unknown_holds_the_others_back_until_the_brake_is_released() {
    use StepState::Ended;
    // Nothing is sent again, so that each run ends it as unknown anew.
    for unknown in [0, 1] {
        let mut plan = moves(3);
        plan[0].state = Ended(Ending::Done);
        plan[unknown].state = Ended(Ending::Unknown);
        for (is_released, then) in [(false, vec![]), (true, vec![(3, 0)])] {
            let mut schedule = schedule_of(&plan, is_released);
            let first = StepId(2, u16::try_from(unknown).expect("is small"));
            assert_eq!(begun(&mut schedule), [(first.0, first.1)]);
            schedule.end(first, Ending::Unknown);
            assert_eq!(begun(&mut schedule), then);
        }
    }
}

#[test]
fn a_rotation_takes_two_numbers_before_it_gives_one() {
    let mut schedule = schedule(&rotation(9));
    assert_eq!(begun(&mut schedule), [(2, 0), (3, 0)]);
    done(&mut schedule, (2, 0));
    done(&mut schedule, (3, 0));
    assert_eq!(begun(&mut schedule), [(2, 1)]);
    done(&mut schedule, (2, 1));
    let next = begun(&mut schedule);
    assert_eq!(next, [(4, 0), (5, 0)], "two may be on their way");
    let mut left = 200;
    let mut running: std::collections::VecDeque<_> = next.into();
    while let Some(step) = running.pop_front() {
        done(&mut schedule, step);
        running.extend(begun(&mut schedule));
        left -= 1;
        assert!(left > 0);
    }
    assert!((2..11).all(|line| schedule.is_over(line)));
}

#[test]
fn a_chain_is_begun_at_its_free_end() {
    // 2 goes to the holder of 3, 3 to the holder of 4, 4 to somebody without a number.
    let plan = [
        take(2, 0, StepState::Waiting),
        give(2, 1, &[(2, 0), (3, 0)], StepState::Waiting),
        take(3, 0, StepState::Waiting),
        give(3, 1, &[(3, 0), (4, 0)], StepState::Waiting),
        take(4, 0, StepState::Waiting),
        give(4, 1, &[(4, 0)], StepState::Waiting),
    ];
    let mut schedule = schedule(&plan);
    assert_eq!(begun(&mut schedule), [(4, 0)]);
    done(&mut schedule, (4, 0));
    assert_eq!(begun(&mut schedule), [(4, 1)]);
    schedule.end(StepId(4, 1), Ending::Failed);
    assert_eq!(begun(&mut schedule), [], "the two others keep their numbers");
}

#[test]
fn a_number_is_not_taken_for_a_row_that_cannot_be() {
    let mut schedule = schedule(&swap());
    assert_eq!(schedule.begin(), Some(StepId(2, 0)));
    let held = schedule.end(StepId(2, 0), Ending::Failed);
    let steps: Vec<_> = held.iter().map(|held| (held.step, held.why)).collect();
    assert!(steps.contains(&(StepId(3, 0), Why::Needs)) || steps.contains(&(StepId(2, 1), Why::Needs)));
    assert_eq!(schedule.lost_by(3), []);
    assert_eq!(schedule.pulled_by(), None, "nobody lost a number");
}

#[test]
fn a_row_says_what_it_took_and_not_what_another_row_of_the_swap_took() {
    let mut schedule = schedule(&swap());
    assert_eq!(begun(&mut schedule), [(2, 0), (3, 0)]);
    done(&mut schedule, (2, 0));
    schedule.end(StepId(3, 0), Ending::Failed);
    assert_eq!((schedule.lost_by(2), schedule.lost_by(3)), (vec![StepId(2, 0)], vec![]));
    assert_eq!(schedule.pulled_by(), Some(StepId(2, 1)), "one lost theirs");
}

#[test]
fn a_row_that_asks_for_a_release_gets_it_whatever_becomes_of_the_other() {
    let plan = [
        take(2, 0, StepState::Waiting),
        take(3, 0, StepState::Waiting),
        give(3, 1, &[(3, 0), (2, 0)], StepState::Ended(Ending::Skipped)),
    ];
    let mut schedule = schedule(&plan);
    let held = schedule.close_overdue(&plan);
    assert_eq!(held.iter().map(|held| held.step).collect::<Vec<_>>(), [StepId(3, 0)]);
    assert_eq!(begun(&mut schedule), [(2, 0)]);
}

#[test]
fn a_number_that_was_free_shows_nothing_of_numbers_that_were_taken() {
    use StepState::Waiting;
    let replacement = |line| {
        let free = StepKind::Give {
            number: number(line + 1000),
        };
        [
            take(line, 0, Waiting),
            of_kind(free, give(line, 1, &[(line, 0)], Waiting)),
        ]
    };
    let mut plan: Vec<_> = (2..5).flat_map(replacement).collect();
    plan.extend((12..16).flat_map(|line| [take(line, 0, Waiting), give(line, 1, &[(line, 0)], Waiting)]));
    let mut schedule = schedule(&plan);
    let mut give_all = |taken: &[(u32, u16)]| {
        assert_eq!(begun(&mut schedule), taken);
        taken.iter().for_each(|step| done(&mut schedule, *step));
        let given: Vec<_> = taken.iter().map(|step| (step.0, 1)).collect();
        assert_eq!(begun(&mut schedule), given);
        given.iter().for_each(|step| done(&mut schedule, *step));
    };
    give_all(&[(2, 0)]);
    give_all(&[(3, 0), (4, 0)]);
    // Three numbers were given, and none that was somebody's: one of those goes first.
    give_all(&[(12, 0)]);
    give_all(&[(13, 0), (14, 0)]);
}

#[test]
fn a_row_whose_steps_have_ended_ends_as_they_did_and_not_as_one_that_has_none() {
    use StepState::{Ended, Waiting};
    // The run was killed after the number was refused to row 3 and before the row's release, which is of no use, was skipped.
    let overdue = [
        take(2, 0, Ended(Ending::Failed)),
        take(3, 0, Waiting),
        give(3, 1, &[(3, 0), (2, 0)], Ended(Ending::Skipped)),
    ];
    let mut schedule = schedule(&overdue);
    assert_eq!(schedule.rows_without_an_end(), [2]);
    let held = schedule.close_overdue(&overdue);
    assert_eq!(held.iter().map(|held| held.step).collect::<Vec<_>>(), [StepId(3, 0)]);
    assert!(schedule.is_over(3));
    assert_eq!(schedule.plain_rows().collect::<Vec<_>>(), [], "both have steps");
}

#[test]
fn a_number_that_is_on_its_way_holds_the_others_back_and_a_later_run_widens() {
    use StepState::{Ended, Waiting};
    let mut schedule = schedule(&moves(3));
    begun(&mut schedule);
    done(&mut schedule, (2, 0));
    begun(&mut schedule);
    schedule.end(StepId(2, 1), Ending::Pending);
    assert_eq!(begun(&mut schedule), []);
    assert_eq!(
        (schedule.held_back(), schedule.first_under_way()),
        (2, Some(StepId(2, 1)))
    );
    let mut plan = moves(3);
    plan[0].state = Ended(Ending::Done);
    plan[1].state = Ended(Ending::Pending);
    let mut schedule = schedule_of(&plan, false);
    assert_eq!(begun(&mut schedule), [(2, 1)]);
    done(&mut schedule, (2, 1));
    assert_eq!(begun(&mut schedule), [(3, 0), (4, 0)]);
    // The brake of an earlier run stays pulled.
    plan[1].state = Ended(Ending::Failed);
    let mut schedule = schedule_of(&plan, false);
    assert_eq!(
        (begun(&mut schedule), schedule.pulled_by()),
        (vec![], Some(StepId(2, 1)))
    );
    plan[0].state = Waiting;
    let mut schedule = schedule_of(&plan, false);
    assert_eq!(schedule.pulled_by(), None, "nothing was taken for it");
    assert!(
        schedule
            .close_overdue(&plan)
            .iter()
            .any(|held| held.step == StepId(2, 0))
    );
}
