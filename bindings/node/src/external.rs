//! Texts that V8 reads where they are.
//!
//! A page is most of a megabyte. As a string of V8's own it fills the space for young values, whose collection then moves
//! the records of the page about; left where it is, it costs a few words there. Measured on a list of 19,980 numbers.

use std::ffi::{c_char, c_void};
use std::ptr;
use std::sync::OnceLock;

use napi::{Result, Status, sys};

/// From how many bytes on it pays.
pub(crate) const WORTHWHILE: usize = 64 * 1024;

/// `node_api_create_external_string_latin1`.
pub(crate) type Create = unsafe extern "C" fn(
    env: sys::napi_env,
    text: *mut c_char,
    length: usize,
    finalize: sys::napi_finalize,
    hint: *mut c_void,
    value: *mut sys::napi_value,
    copied: *mut bool,
) -> sys::napi_status;

/// The function, where this Node has it: it came with 20.4, and other programs that embed Node may not offer it.
pub(crate) fn create() -> Option<Create> {
    static CREATE: OnceLock<Option<Create>> = OnceLock::new();
    *CREATE.get_or_init(|| {
        #[cfg(unix)]
        let host = libloading::os::unix::Library::this();
        #[cfg(windows)]
        let host = libloading::os::windows::Library::this().ok()?;
        // SAFETY: the name is Node's own, and its signature is that of Node-API, which does not change.
        #[allow(unsafe_code, reason = "the binding declares it for newer versions of Node-API alone")]
        unsafe {
            host.get::<Create>(b"node_api_create_external_string_latin1\0")
                .ok()
                .map(|found| *found)
        }
    })
}

/// A string whose bytes stay here until V8 has no use for them.
#[allow(unsafe_code, reason = "called with the environment of the running call")]
pub(crate) unsafe fn latin(create: Create, env: sys::napi_env, text: Vec<u8>) -> Result<sys::napi_value> {
    let (mut value, mut copied) = (ptr::null_mut(), false);
    let kept = Box::into_raw(Box::new(text));
    // SAFETY: the bytes live until `forget` drops them, which is called once: by V8, or here when there is no string.
    #[allow(unsafe_code, reason = "as above")]
    unsafe {
        let (bytes, length) = ((*kept).as_mut_ptr(), (*kept).len());
        let status = create(
            env,
            bytes.cast(),
            length,
            Some(forget),
            kept.cast(),
            &raw mut value,
            &raw mut copied,
        );
        if status != sys::Status::napi_ok {
            drop(Box::from_raw(kept));
            return Err(napi::Error::new(Status::from(status), "the text cannot be handed over"));
        }
    }
    Ok(value)
}

/// V8 has no use for a text any more.
#[allow(unsafe_code, reason = "Node-API calls it so")]
unsafe extern "C" fn forget(_env: sys::napi_env, _bytes: *mut c_void, kept: *mut c_void) {
    // SAFETY: it is what `latin` gave, and this is called once.
    #[allow(unsafe_code, reason = "as above")]
    drop(unsafe { Box::from_raw(kept.cast::<Vec<u8>>()) });
}
