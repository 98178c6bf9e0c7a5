//! Texts as Python holds them, read as UTF-8 a few at a time.
//!
//! Python would keep the UTF-8 of every text it is asked for as long as the text lives, and that is the slower way, too.

use std::io;

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyString;
use pyo3::{ffi, intern};

use crate::utf8;

/// Texts that one thread takes in one go: few enough to stay in its cache until they are read.
pub const PORTION: usize = 64;

/// Strings that stay alive while they are read.
#[derive(FromPyObject)]
#[pyo3(transparent)]
pub struct Texts(Vec<Py<PyString>>);

impl Texts {
    /// How many they are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Sets `portion` to the texts at these places. Takes hold of the interpreter: whoever waits for this thread may not have
    /// it. Refuses a text with lone surrogates, which has no UTF-8.
    pub fn read(&self, mut places: impl Iterator<Item = usize> + Send, portion: &mut Portion) -> io::Result<()> {
        portion.bytes.clear();
        portion.ends.clear();
        Python::attach(|py| places.try_for_each(|place| portion.push(self.0[place].bind(py))))?;
        Ok(())
    }
}

/// A few texts, one after the other.
#[derive(Default)]
pub struct Portion {
    bytes: Vec<u8>,
    ends: Vec<usize>,
    code_points: Vec<u32>,
}

impl Portion {
    /// The texts, in the order they were asked for.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        // SAFETY: `push` appends whole characters only.
        starts.zip(&self.ends).map(|(start, &end)| unsafe { str::from_utf8_unchecked(&self.bytes[start..end]) })
    }

    fn push(&mut self, text: &Bound<'_, PyString>) -> PyResult<()> {
        let py = text.py();
        if text.call_method0(intern!(py, "isascii"))?.is_truthy()? {
            // Nothing is made and kept: ASCII is its own UTF-8.
            self.bytes.extend_from_slice(text.to_str()?.as_bytes());
        } else {
            let length = text.len()?;
            self.code_points.resize(self.code_points.len().max(length), 0);
            // SAFETY: there is room for `length` code points, which is all that are written.
            let copied = unsafe {
                ffi::PyUnicode_AsUCS4(text.as_ptr(), self.code_points.as_mut_ptr(), length as ffi::Py_ssize_t, 0)
            };
            if copied.is_null() {
                return Err(PyErr::fetch(py));
            }
            if !utf8::encode(&self.code_points[..length], &mut self.bytes) {
                text.to_str()?;
                return Err(PyValueError::new_err("a text has no UTF-8"));
            }
        }
        self.ends.push(self.bytes.len());
        Ok(())
    }
}
