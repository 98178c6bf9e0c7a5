//! Texts as Python holds them, read as UTF-8 one at a time.
//!
//! Python would keep the UTF-8 of every text it is asked for as long as the text lives, and that is the slower way, too.

use std::io;

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyString;
use pyo3::types::string::PyStringData;

use crate::utf8;

/// Strings that stay alive while they are read.
pub struct Texts {
    held: Vec<Py<PyString>>,
    /// Where each has its code points: only as long as it is held.
    data: Vec<PyStringData<'static>>,
}

impl FromPyObject<'_, '_> for Texts {
    type Error = PyErr;

    fn extract(texts: Borrowed<'_, '_, PyAny>) -> PyResult<Texts> {
        let py = texts.py();
        let held: Vec<Py<PyString>> = texts.extract()?;
        // SAFETY: strings never change, and these are held as long as their data is.
        let data_of = |text: &Py<PyString>| unsafe {
            Ok(std::mem::transmute::<PyStringData<'_>, PyStringData<'static>>(text.bind(py).data()?))
        };
        let data = held.iter().map(data_of).collect::<PyResult<_>>()?;
        Ok(Texts { held, data })
    }
}

impl Texts {
    /// How many they are.
    pub fn len(&self) -> usize {
        self.held.len()
    }

    /// Returns the text at a place: Python's own memory if it is ASCII, else `memory`, whose contents do not matter. Refuses a
    /// text with lone surrogates, which has no UTF-8; only then it asks for the interpreter.
    pub fn read<'a>(&'a self, place: usize, memory: &'a mut Vec<u8>) -> io::Result<&'a str> {
        let encoded = match self.data[place] {
            // SAFETY: ASCII is its own UTF-8.
            PyStringData::Ucs1(bytes) if bytes.is_ascii() => Some(unsafe { str::from_utf8_unchecked(bytes) }),
            PyStringData::Ucs1(code_points) => utf8::encode(code_points, memory),
            PyStringData::Ucs2(code_points) => utf8::encode(code_points, memory),
            PyStringData::Ucs4(code_points) => utf8::encode(code_points, memory),
        };
        encoded.ok_or_else(|| {
            let refusal = Python::attach(|py| self.held[place].bind(py).to_str().err());
            refusal.unwrap_or_else(|| PyValueError::new_err("a text has no UTF-8")).into()
        })
    }
}
