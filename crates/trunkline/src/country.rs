//! The country of numbers that are written without a plus: of a client, of the methods for numbers, of one intent.

use crate::telephone::{Country, NumberError, PhoneMethodNumber, TelephoneNumber};
use crate::{Error, ErrorKind, Result};

/// A country, by value or by its two letters.
///
/// Implemented for [`Country`] and for text such as `"US"`.
pub trait IntoCountry: sealed::Sealed {
    /// The country.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`] when no country has these letters.
    fn into_country(self) -> Result<Country>;
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for crate::telephone::Country {}
    impl Sealed for &str {}
    impl Sealed for &String {}
    impl Sealed for String {}
}

impl IntoCountry for Country {
    fn into_country(self) -> Result<Country> {
        Ok(self)
    }
}

impl IntoCountry for &str {
    fn into_country(self) -> Result<Country> {
        self.parse().map_err(refused)
    }
}

impl IntoCountry for &String {
    fn into_country(self) -> Result<Country> {
        self.as_str().into_country()
    }
}

impl IntoCountry for String {
    fn into_country(self) -> Result<Country> {
        self.as_str().into_country()
    }
}

/// Reads what people write as a number. A country that is none is said when the first number is read.
#[derive(Debug, Clone, Default)]
pub(crate) struct NumberReader(Option<Result<Country>>);

impl NumberReader {
    pub(crate) fn new(country: Option<Country>) -> Self {
        Self(country.map(Ok))
    }

    pub(crate) fn set(&mut self, country: impl IntoCountry) {
        self.0 = Some(country.into_country());
    }

    fn country(&self) -> Result<Option<Country>> {
        self.0.clone().transpose()
    }

    pub(crate) fn telephone_number(&self, text: &str) -> Result<TelephoneNumber> {
        TelephoneNumber::read(text, self.country()?).map_err(refused)
    }

    pub(crate) fn phone_method_number(&self, text: &str) -> Result<PhoneMethodNumber> {
        PhoneMethodNumber::read(text, self.country()?).map_err(refused)
    }
}

/// A text that is no number, as an error.
fn refused(error: NumberError) -> Error {
    Error::new(ErrorKind::InvalidInput, error.what())
        .with_next_step(error.advice())
        .with_source(error)
}
