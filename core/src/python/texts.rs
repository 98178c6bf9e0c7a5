//! Texts as Python holds them, read where they stand.
//!
//! Python would keep the UTF-8 of every text it is asked for as long as the text lives, and that is the slower way, too. So
//! would be copies of them; only an interpreter that the module was compiled for shows where they stand.

use pyo3::prelude::*;
use pyo3::types::PyString;
use pyo3::types::string::PyStringData;

use crate::words::{self, Latin1};

/// Texts that one thread takes in one go.
pub const PORTION: usize = 64;

/// Strings that stay alive, and unchanged, while they are read.
pub struct Texts {
    /// In truth they live as long as the strings do.
    texts: Vec<Text<'static>>,
    strings: Vec<Py<PyString>>,
}

/// One text.
#[derive(Clone, Copy)]
pub enum Text<'a> {
    /// ASCII is its own UTF-8.
    Ascii(&'a str),
    /// Code points below U+0100.
    Latin1(&'a [Latin1]),
    /// Code points below U+10000.
    Ucs2(&'a [u16]),
    /// Any.
    Ucs4(&'a [u32]),
}

impl<'py> FromPyObject<'_, 'py> for Texts {
    type Error = PyErr;

    fn extract(list: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        let strings: Vec<Bound<'py, PyString>> = list.extract()?;
        // SAFETY: `Texts` holds the strings as long as it holds what is made of them, and strings never change.
        let texts = strings.iter().map(|string| unsafe { standing(string) }).collect::<PyResult<_>>()?;
        Ok(Texts { texts, strings: strings.into_iter().map(Bound::unbind).collect() })
    }
}

/// Returns a string's text where it stands.
///
/// # Safety
///
/// The string lives as long as its text is read.
unsafe fn standing(string: &Bound<'_, PyString>) -> PyResult<Text<'static>> {
    // SAFETY: the caller vouches for the lives; `Latin1` is a byte in another's clothes, and ASCII is UTF-8. How wide its
    // code points are is read as it is laid out where the lowest bits come first.
    const { assert!(cfg!(target_endian = "little"), "Python's strings are laid out otherwise here") };
    unsafe {
        Ok(match string.data()? {
            PyStringData::Ucs1(bytes) if bytes.is_ascii() => Text::Ascii(str::from_utf8_unchecked(lasting(bytes))),
            PyStringData::Ucs1(bytes) => Text::Latin1(std::slice::from_raw_parts(bytes.as_ptr().cast(), bytes.len())),
            PyStringData::Ucs2(code_points) => Text::Ucs2(lasting(code_points)),
            PyStringData::Ucs4(code_points) => Text::Ucs4(lasting(code_points)),
        })
    }
}

/// # Safety
///
/// What is returned is not used after what was given is gone.
unsafe fn lasting<T>(slice: &[T]) -> &'static [T] {
    // SAFETY: it is the same slice.
    unsafe { std::slice::from_raw_parts(slice.as_ptr(), slice.len()) }
}

impl Texts {
    /// How many they are.
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// The text at a place.
    pub fn get(&self, place: usize) -> Text<'_> {
        self.texts[place]
    }

    /// Returns what Python says of a text that has no UTF-8. Takes hold of the interpreter: whoever waits for this thread
    /// may not have it.
    pub fn refused(&self, place: usize) -> PyErr {
        Python::attach(|py| match self.strings[place].bind(py).to_str() {
            Ok(_) => super::refused("a text has no UTF-8"),
            Err(error) => error,
        })
    }
}

impl Text<'_> {
    /// How many code points it has.
    pub fn len(self) -> usize {
        match self {
            Text::Ascii(text) => text.len(),
            Text::Latin1(code_points) => code_points.len(),
            Text::Ucs2(code_points) => code_points.len(),
            Text::Ucs4(code_points) => code_points.len(),
        }
    }

    /// Returns a part of it, which it has.
    pub fn part(self, range: std::ops::Range<usize>) -> Self {
        match self {
            Text::Ascii(text) => Text::Ascii(&text[range]),
            Text::Latin1(code_points) => Text::Latin1(&code_points[range]),
            Text::Ucs2(code_points) => Text::Ucs2(&code_points[range]),
            Text::Ucs4(code_points) => Text::Ucs4(&code_points[range]),
        }
    }

    /// Appends the hashes of all its words, in order. Tells whether it could: lone surrogates make no text.
    pub fn word_hashes(self, out: &mut Vec<u64>) -> bool {
        match self {
            Text::Ascii(text) => {
                words::word_hashes(text, out);
                true
            }
            Text::Latin1(code_points) => words::word_hashes_of(code_points, out),
            Text::Ucs2(code_points) => words::word_hashes_of(code_points, out),
            Text::Ucs4(code_points) => words::word_hashes_of(code_points, out),
        }
    }
}
