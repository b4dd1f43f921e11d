//! The command line, for the program of the package.

use std::ffi::OsString;

use napi_derive::napi;

/// Runs the command line and returns the exit code. `args` begins with the name of the program.
#[napi]
pub fn run_command(args: Vec<String>) -> u32 {
    #[cfg(unix)]
    forget_handlers();
    u32::from(trunkline_cli::run(args.into_iter().map(OsString::from)))
}

/// Takes Node's handlers of Ctrl-C and of requests to terminate away. They raise the signal again and rely on being called once,
/// which does not hold when the command's own handler, which replaces them, passes the signal on.
#[cfg(unix)]
#[expect(unsafe_code, reason = "no library resets a handler without it")]
fn forget_handlers() {
    for signal in [libc::SIGINT, libc::SIGTERM] {
        // SAFETY: the default action is valid for both signals, and no code of ours depends on Node's handlers.
        unsafe { libc::signal(signal, libc::SIG_DFL) };
    }
}
