//! Runs of some rows of a plan: what is left out stays open, what waits for it too, and what was begun goes on.

use std::sync::Arc;

use trunkline::Action;
use trunkline_bulk::plan::{Plan, StepId, Verdict};
use trunkline_bulk::{ApplyOptions, BulkErrorKind, Ending, Event, Journal, Narrowed, RowRanges, Summary};

use crate::fixture::{Fixture, Plans, Setup, options, person};

fn rows(text: &str) -> ApplyOptions {
    options().rows(text.parse::<RowRanges>().expect("rows"))
}

fn held(count: usize) -> Setup {
    Setup {
        held: (0..count).map(|index| (index, index)).collect(),
        ..Setup::default()
    }
}

/// Runs, and returns what the run said of the rows that it leaves out.
async fn run(fixture: &Fixture, plan: &Arc<Plan>, options: &ApplyOptions) -> (Summary, Narrowed) {
    let mut narrowed = Narrowed::default();
    let summary = fixture
        .apply(plan, options)
        .run(|event| {
            if let Event::Narrowed(rows) = event {
                narrowed = *rows;
            }
        })
        .await
        .expect("runs");
    assert_eq!(summary.left_out, narrowed.total());
    fixture.agrees(plan);
    (summary, narrowed)
}

/// Two people swap their numbers: rows 2 and 3. Row 4 gives a free number, row 5 releases one.
fn swap() -> Plans {
    Plans::new(&held(3))
        .assign_after(0, 1, &[StepId(3, 0)])
        .assign_after(1, 0, &[StepId(2, 0)])
        .assign(10, 20)
        .unassign(2)
}

#[tokio::test]
async fn a_wave_is_as_asked_and_the_next_one_goes_on() {
    let fixture = Fixture::build(held(3)).await;
    let plan = swap().plan();
    let (summary, narrowed) = run(&fixture, &plan, &rows("4")).await;
    assert_eq!((summary.done, summary.open, narrowed.by_rows), (1, 3, 3));
    assert!(summary.is_as_asked() && !summary.is_good() && summary.can_go_on());
    assert_eq!(fixture.read().values().filter(|row| row.is_none()).count(), 3);
    let (summary, narrowed) = run(&fixture, &plan, &options().only([Action::Unassign])).await;
    assert_eq!((summary.done, narrowed.by_only), (2, 2));
    let (summary, narrowed) = run(&fixture, &plan, &options()).await;
    assert!(summary.is_good() && summary.is_as_asked() && narrowed.total() == 0);
    assert_eq!(
        (fixture.holder(0), fixture.holder(1)),
        (Some(person(1)), Some(person(0)))
    );
}

#[tokio::test]
async fn half_of_a_swap_is_left_out() {
    let fixture = Fixture::build(held(3)).await;
    let plan = swap().plan();
    let (summary, narrowed) = run(&fixture, &plan, &rows("2,4")).await;
    assert_eq!((summary.done, narrowed.by_rows, narrowed.waiting), (1, 2, 1));
    assert_eq!((fixture.holder(0), fixture.orders(0)), (Some(person(0)), 0));
    // A limit of one row takes none of the two; a limit of two takes both.
    let (summary, narrowed) = run(&fixture, &plan, &options().limit(1)).await;
    assert_eq!((summary.done, narrowed.by_limit), (2, 2), "the release came instead");
    let (summary, _) = run(&fixture, &plan, &options().limit(2)).await;
    assert!(summary.is_good());
}

#[tokio::test]
async fn a_release_that_makes_room_for_a_row_left_out_is_carried_out_by_itself() {
    let fixture = Fixture::build(held(2)).await;
    // Row 3 gives person 0 another number, for which row 2 releases theirs.
    let plan = Plans::new(&held(2))
        .unassign(0)
        .assign_after(10, 0, &[StepId(2, 0)])
        .plan();
    let (summary, _) = run(&fixture, &plan, &rows("2")).await;
    assert_eq!((summary.done, summary.open, fixture.holder(0)), (1, 1, None));
    let (summary, _) = run(&fixture, &plan, &rows("3")).await;
    assert!(summary.is_good() && fixture.holder(10) == Some(person(0)));
}

#[tokio::test]
async fn what_was_begun_goes_on_whatever_the_options_say() {
    // Killed at every moment of the first wave, then resumed with rows that do not name it.
    for events in 0.. {
        let fixture = Fixture::build(held(3)).await;
        let plan = swap().plan();
        let was_killed = fixture.run_until(&plan, &rows("2-3"), events).await;
        if !fixture.journal().exists() {
            continue;
        }
        let (summary, _) = run(&fixture, &plan, &rows("4")).await;
        let (first, second) = (fixture.holder(0), fixture.holder(1));
        let is_untouched = (&first, &second) == (&Some(person(0)), &Some(person(1)));
        let is_swapped = (&first, &second) == (&Some(person(1)), &Some(person(0)));
        assert!(
            is_untouched || is_swapped,
            "half a swap after {events}: {first:?} {second:?}"
        );
        assert_eq!(fixture.ending(4), Ending::Done);
        assert_eq!(summary.open, if is_swapped { 1 } else { 3 }, "{events}");
        if !was_killed {
            assert!(is_swapped);
            break;
        }
    }
}

#[tokio::test]
async fn rows_that_every_run_left_out_are_known_and_no_others() {
    // Killed at every moment of the first wave, before anything and behind it.
    for events in 0.. {
        let fixture = Fixture::build(held(3)).await;
        let plan = swap().plan();
        let was_killed = fixture.run_until(&plan, &rows("4"), events).await;
        if !fixture.journal().exists() {
            continue;
        }
        let journal = || Journal::open(fixture.journal()).expect("opens");
        let left_out = || journal().left_out().expect("reads").to_string();
        let further = |options: &ApplyOptions| {
            let (wave, _) = options.further_wave(&journal()).expect("a wave");
            wave.rows.iter().map(|row| row.row).collect::<Vec<_>>()
        };
        assert!(
            ["2, 3, 5", "2-5"].contains(&left_out().as_str()),
            "{events}: {}",
            left_out()
        );
        assert!(further(&options()).starts_with(&[2, 3]) && further(&options()).ends_with(&[5]));
        run(&fixture, &plan, &rows("4-5")).await;
        assert_eq!(
            (left_out().as_str(), further(&rows("3"))),
            ("2, 3", vec![]),
            "a swap comes whole"
        );
        assert_eq!(further(&rows("2-3")), [2, 3]);
        // A run that has them all to carry out leaves nothing out, wherever it is killed.
        fixture.run_until(&plan, &options(), 6).await;
        assert_eq!((left_out().as_str(), further(&options())), ("", vec![]));
        if !was_killed {
            break;
        }
    }
}

#[tokio::test]
async fn rows_without_steps_are_of_the_wave_that_names_them() {
    let fixture = Fixture::build(held(2)).await;
    let plan = Plans::new(&held(2))
        .unassign(0)
        .unassign(1)
        .verdict(Verdict::Refused)
        .assign(10, 20)
        .assign(11, 21)
        .plan();
    let (summary, _) = run(&fixture, &plan, &rows("2,4")).await;
    assert_eq!((summary.done, summary.skipped, summary.open), (2, 0, 2));
    let (summary, _) = run(&fixture, &plan, &options().limit(1)).await;
    assert_eq!((summary.done, summary.skipped, summary.open), (3, 1, 0));
    assert!(!summary.is_as_asked());
}

#[tokio::test]
async fn options_that_mean_no_row_make_no_journal() {
    let fixture = Fixture::build(held(3)).await;
    let plan = swap().plan();
    for options in [rows("90-99"), options().only([Action::SetPhone]), options().limit(0)] {
        let error = fixture.run_with(&plan, &options).await.expect_err("is refused");
        assert_eq!(error.kind(), BulkErrorKind::Option, "{error}");
        assert!(!fixture.journal().exists());
    }
    let (wave, narrowed) = rows("3-4").wave(&plan).expect("a wave");
    let lines: Vec<u32> = wave.rows.iter().map(|row| row.row).collect();
    assert_eq!((lines, narrowed.by_rows, narrowed.waiting), (vec![4], 2, 1));
}
