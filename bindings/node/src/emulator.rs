//! The emulator, in this process.

use std::sync::Arc;

use napi_derive::napi;
use trunkline_binding::{Arguments, RunningEmulator};

use crate::errors::{Failure, Result};
use crate::events::Payload;
use crate::work::NativeBridge;
use trunkline_binding::internal;

/// Starts an emulator from JSON; it is sent under `id`.
#[napi]
pub fn start_emulator(bridge: &NativeBridge, id: u32, options: String) -> Result<()> {
    let options = Arguments::parse(&options)?;
    bridge.queue().begin(id, async move {
        let started = tokio::task::spawn_blocking(move || RunningEmulator::start(options)).await;
        let emulator = started.map_err(|error| Failure::from(internal().with_source(error)))??;
        Ok((Payload::Instance(Box::new(NativeEmulator(Arc::new(emulator)))), None))
    })
}

/// A running emulator.
#[napi(js_name = "Emulator")]
pub struct NativeEmulator(Arc<RunningEmulator>);

#[napi]
impl NativeEmulator {
    /// Where it is.
    #[napi(getter)]
    pub fn url(&self) -> &str {
        self.0.url()
    }

    /// Calls a method of it, with the argument and the answer as JSON.
    #[napi]
    pub fn call(&self, method: String, argument: String) -> Result<String> {
        Ok(self.0.call(&method, &argument)?)
    }

    /// Stops it.
    #[napi]
    pub fn close(&self) {
        self.0.close();
    }
}
