//! Describes whether an operation may be sent again.

use serde_json::{Value, json};
use trunkline::descriptor::Idempotency;

/// The rule as the JSON of `permissions` states it.
pub(super) fn of(idempotency: Idempotency) -> Value {
    match idempotency {
        Idempotency::Safe => json!({"kind": "safe"}),
        Idempotency::Idempotent => json!({"kind": "idempotent"}),
        Idempotency::Confirm { by, how } => json!({"kind": "confirm", "by": by, "how": how}),
        Idempotency::Never { how } => json!({"kind": "never", "how": how}),
    }
}
