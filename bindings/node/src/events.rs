//! Events for the program: the ends of calls, and questions in the meantime.

use std::{fmt, ptr};

use napi::bindgen_prelude::ToNapiValue;
use napi::{Result, Status, sys};

use crate::table::Table;

/// Text as JavaScript holds it in one byte a character.
///
/// JSON may spell any character as `\uXXXX`, so whatever is beyond Latin-1 is spelled so: a few names in other scripts do
/// not make a page twice as large, and need no decoding of UTF-8 on the program's thread.
pub(crate) struct JsonText(Vec<u8>);

impl JsonText {
    pub(crate) fn new(text: String) -> Self {
        if text.is_ascii() {
            return Self(text.into_bytes());
        }
        let mut latin = Vec::with_capacity(text.len() + 64);
        let mut units = [0; 2];
        for character in text.chars() {
            match u8::try_from(u32::from(character)) {
                Ok(byte) => latin.push(byte),
                Err(_) => {
                    for unit in character.encode_utf16(&mut units) {
                        latin.extend_from_slice(format!("\\u{unit:04x}").as_bytes());
                    }
                }
            }
        }
        Self(latin)
    }
}

/// An object of a class of this module.
pub(crate) trait Instance: Send {
    /// The object in JavaScript.
    ///
    /// # Safety
    ///
    /// `env` is the environment of the running call.
    #[allow(unsafe_code, reason = "called from `to_napi_value` with its environment")]
    unsafe fn into_value(self: Box<Self>, env: sys::napi_env) -> Result<sys::napi_value>;
}

impl<T: ToNapiValue + Send> Instance for T {
    #[allow(unsafe_code, reason = "called from `to_napi_value` with its environment")]
    unsafe fn into_value(self: Box<Self>, env: sys::napi_env) -> Result<sys::napi_value> {
        // SAFETY: `env` is the caller's.
        unsafe { T::to_napi_value(env, *self) }
    }
}

/// The answer of the program when one of its functions is called.
pub(crate) enum Reply {
    Token {
        token: String,
        expires: Option<f64>,
    },
    /// The function has ended.
    GoOn,
    /// A transport has answered. The headers are names and values, one after the other.
    Response {
        status: u16,
        headers: Vec<String>,
        body: Vec<u8>,
    },
    /// A transport has thrown something of that name, which stands for a fault of the network.
    Fault {
        asked: u32,
        reason: String,
        fault: String,
    },
    /// It has thrown something of that name, which the program keeps under the number of the question.
    Failed {
        asked: u32,
        reason: String,
    },
}

/// The number under which the program keeps what its credential or its transport threw.
#[derive(Debug)]
pub(crate) struct Cause(pub(crate) u32);

impl fmt::Display for Cause {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("what a function of the program threw")
    }
}

impl std::error::Error for Cause {}

/// The value of an event.
pub(crate) enum Payload {
    /// Nothing came back, or null.
    Nothing,
    /// JSON text.
    Text(JsonText),
    /// The records of a page.
    Table(Box<Table>),
    /// An object of the native part.
    Instance(Box<dyn Instance>),
    /// It failed: JSON about it.
    Failed(JsonText),
    /// A credential is asked for a token.
    Token(JsonText),
    /// How far it has come, as JSON.
    Progress(JsonText),
    /// The instructions for a user who signs in by a code, as JSON.
    Prompt(JsonText),
    /// An event of a call, as JSON, for whoever observes the client.
    Observed(JsonText),
    /// A transport is asked to answer a request, as JSON.
    Request(JsonText),
    /// A function of the program will not be called again.
    Unused,
}

/// Something to tell.
pub(crate) struct Event {
    /// The call it is about, or the question.
    pub(crate) id: u32,
    /// Its value.
    pub(crate) payload: Payload,
    /// Its metadata, as JSON.
    pub(crate) metadata: Option<JsonText>,
}

/// Events as the program takes them: four elements each.
pub struct Events(pub(crate) Vec<Event>);

/// The elements of one event.
const WIDTH: u32 = 4;

impl ToNapiValue for Events {
    #[allow(unsafe_code, reason = "the trait is declared so")]
    unsafe fn to_napi_value(env: sys::napi_env, events: Self) -> Result<sys::napi_value> {
        let mut array = ptr::null_mut();
        #[allow(
            unsafe_code,
            reason = "an array that is filled element by element has no safe interface as cheap"
        )]
        // SAFETY: `env` is the one of the running call, and every pointer is to a local.
        unsafe {
            check(sys::napi_create_array_with_length(
                env,
                events.0.len() * WIDTH as usize,
                &raw mut array,
            ))?;
            let mut place = 0;
            for event in events.0 {
                let (kind, value) = match event.payload {
                    Payload::Nothing => (0, undefined(env)?),
                    Payload::Text(text) => (1, latin(env, text)?),
                    Payload::Instance(instance) => (2, instance.into_value(env)?),
                    Payload::Failed(text) => (3, latin(env, text)?),
                    Payload::Token(text) => (4, latin(env, text)?),
                    Payload::Progress(text) => (5, latin(env, text)?),
                    Payload::Prompt(text) => (7, latin(env, text)?),
                    Payload::Table(table) => (8, self::table(env, *table)?),
                    Payload::Unused => (11, undefined(env)?),
                    Payload::Observed(text) => (12, latin(env, text)?),
                    Payload::Request(text) => (13, latin(env, text)?),
                };
                let metadata = event.metadata.map_or_else(|| undefined(env), |text| latin(env, text))?;
                let elements = [
                    u32::to_napi_value(env, event.id)?,
                    u32::to_napi_value(env, kind)?,
                    value,
                    metadata,
                ];
                for element in elements {
                    check(sys::napi_set_element(env, array, place, element))?;
                    place += 1;
                }
            }
        }
        Ok(array)
    }
}

#[allow(unsafe_code, reason = "called from `to_napi_value` with its environment")]
unsafe fn latin(env: sys::napi_env, text: JsonText) -> Result<sys::napi_value> {
    let mut value = ptr::null_mut();
    let length = isize::try_from(text.0.len()).unwrap_or(isize::MAX);
    // SAFETY: `env` is the caller's; the bytes live during the call, which copies them.
    check(unsafe { sys::napi_create_string_latin1(env, text.0.as_ptr().cast(), length, &raw mut value) })?;
    Ok(value)
}

/// A table as three elements: its values, its cells and its shapes.
#[allow(unsafe_code, reason = "called from `to_napi_value` with its environment")]
unsafe fn table(env: sys::napi_env, table: Table) -> Result<sys::napi_value> {
    let (mut array, mut cells, mut bytes) = (ptr::null_mut(), ptr::null_mut(), ptr::null_mut());
    let size = size_of_val(table.cells.as_slice());
    // SAFETY: `env` is the caller's, every pointer is to a local, and the buffer that is made has the bytes that are copied.
    unsafe {
        check(sys::napi_create_arraybuffer(env, size, &raw mut bytes, &raw mut cells))?;
        ptr::copy_nonoverlapping(table.cells.as_ptr().cast::<u8>(), bytes.cast::<u8>(), size);
        check(sys::napi_create_array_with_length(env, 3, &raw mut array))?;
        let values = latin(env, JsonText::new(table.values))?;
        let shapes = latin(env, JsonText::new(table.shapes))?;
        for (place, element) in (0..).zip([values, cells, shapes]) {
            check(sys::napi_set_element(env, array, place, element))?;
        }
    }
    Ok(array)
}

#[allow(unsafe_code, reason = "called from `to_napi_value` with its environment")]
unsafe fn undefined(env: sys::napi_env) -> Result<sys::napi_value> {
    let mut value = ptr::null_mut();
    // SAFETY: `env` is the caller's.
    check(unsafe { sys::napi_get_undefined(env, &raw mut value) })?;
    Ok(value)
}

fn check(status: sys::napi_status) -> Result<()> {
    if status == sys::Status::napi_ok {
        return Ok(());
    }
    Err(napi::Error::new(Status::from(status), "the value cannot be made"))
}
