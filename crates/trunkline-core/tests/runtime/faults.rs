//! A service that fails at random and records the requests that it executed.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use proptest::prelude::*;
use serde_json::Value;
use trunkline_core::transport::TransportFault;

use crate::scripted::*;

/// The fate of one request: whether it is carried out, and the answer.
fn fault(choice: u8, done: &AtomicU32, success: u16) -> Act {
    let carry_out = || done.fetch_add(1, Ordering::SeqCst);
    match choice % 14 {
        0 => Act::Fault(TransportFault::NotConnected),
        1 => answer(429, ""),
        2 => with(answer(429, ""), "retry-after", "3"),
        3 => lost(),
        4 => {
            carry_out();
            lost()
        }
        5 => answer(503, ""),
        6 => {
            carry_out();
            answer(503, "")
        }
        7 => {
            carry_out();
            with(answer(504, "<html>"), "retry-after", "1")
        }
        8 => {
            carry_out();
            Act::Fault(TransportFault::TimedOut)
        }
        9 => {
            carry_out();
            Act::Cut(200, vec![])
        }
        10 => answer(409, "{}"),
        11 => {
            carry_out();
            answer(500, "{}")
        }
        12 => answer(401, ""),
        _ => {
            carry_out();
            answer(success, "{}")
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn nothing_is_done_twice_lost_or_reported_wrongly(choices in proptest::collection::vec(any::<u8>(), 0..8), is_write in any::<bool>()) {
        let done = Arc::new(AtomicU32::new(0));
        let (count, mut next) = (done.clone(), choices.into_iter());
        let rig = rig_thinking(move |_| Some(fault(next.next().unwrap_or(13), &count, 200)));
        let operation = if is_write { assign() } else { update() };
        let result = rig.client.request::<Option<Value>>(operation).send_blocking();
        let done = done.load(Ordering::SeqCst);
        if is_write {
            prop_assert!(done <= 1, "carried out {done} times: {result:?}");
        }
        match result {
            Ok(_) => prop_assert!(done >= 1),
            Err(error) if !error.may_have_reached_service() => prop_assert_eq!(done, 0, "{:?}", error),
            Err(error) => prop_assert!(!error.to_string().is_empty()),
        }
        prop_assert!(rig.service.sent() <= 5);
    }
}
