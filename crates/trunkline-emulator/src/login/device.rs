//! Signing in on another device: a code is shown, entered elsewhere, and asked for until it was.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::client::client_id;
use super::desk::{Desk, Form, tenant_id};
use super::refusal::{Refusal, refuse};

/// A sign-in on another device that has begun.
#[derive(Clone, Debug)]
pub(super) struct Device {
    polls: u32,
    expires: Timestamp,
    pub(super) tenant: String,
    pub(super) scope: String,
}

/// The sign-ins that have begun, by their code.
#[derive(Clone, Debug, Default)]
pub(super) struct Devices {
    begun: HashMap<String, Device>,
}

impl Devices {
    /// Begins one, and answers what to show to the user.
    pub(super) fn begin(&mut self, desk: &Desk<'_>, tenant: &str, form: &Form) -> Result<Value, Refusal> {
        let tenant = tenant_id(desk, tenant, true)?;
        client_id(form)?;
        let code = format!("emulator-device-{}", uuid::Uuid::new_v4().simple());
        let lifetime = SignedDuration::from_mins(15);
        let device = Device {
            polls: 0,
            expires: desk.now.saturating_add(lifetime).unwrap_or(desk.now),
            tenant,
            scope: form.get("scope").unwrap_or_default().to_owned(),
        };
        self.begun.insert(code.clone(), device);
        let page = format!("{}/devicelogin", desk.root);
        Ok(json!({
            "device_code": code,
            "user_code": "EMULATOR",
            "verification_uri": page,
            "expires_in": lifetime.as_secs(),
            "interval": desk.settings.device_code_interval.as_secs(),
            "message": format!("To sign in, open {page} and enter the code EMULATOR."),
        }))
    }

    /// Ends one, once it was asked for often enough.
    pub(super) fn end(&mut self, desk: &Desk<'_>, form: &Form) -> Result<Device, Refusal> {
        let code = form.get("device_code").unwrap_or_default();
        let device = self.begun.get_mut(code);
        let device = device.ok_or_else(|| refuse("bad_verification_code", 70_018, "The device code is not known."))?;
        if desk.now >= device.expires {
            return Err(refuse("expired_token", 70_019, "The device code has expired."));
        }
        device.polls += 1;
        if device.polls <= desk.settings.device_code_polls {
            return Err(refuse(
                "authorization_pending",
                70_016,
                "The user has not signed in yet.",
            ));
        }
        let device = device.clone();
        self.begun.remove(code);
        Ok(device)
    }
}
