//! Texts as Python holds them, read a few at a time.
//!
//! Python would keep the UTF-8 of every text it is asked for as long as the text lives, and that is the slower way, too.

use std::io;

use pyo3::prelude::*;
use pyo3::types::PyString;
use pyo3::{ffi, intern};

use crate::words;

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
    /// it.
    pub fn read(&self, mut places: impl Iterator<Item = usize> + Send, portion: &mut Portion) -> io::Result<()> {
        portion.ascii.clear();
        portion.code_points.clear();
        portion.ends.clear();
        Python::attach(|py| places.try_for_each(|place| portion.push(self.0[place].bind(py))))?;
        Ok(())
    }

    /// Returns what Python says of a text that has no UTF-8.
    pub fn refused(&self, place: usize) -> PyErr {
        Python::attach(|py| match self.0[place].bind(py).to_str() {
            Ok(_) => super::refused("a text has no UTF-8"),
            Err(error) => error,
        })
    }
}

/// A few texts, one after the other.
#[derive(Default)]
pub struct Portion {
    ascii: Vec<u8>,
    code_points: Vec<u32>,
    /// Whether a text is ASCII, and where among those or the others it ends.
    ends: Vec<(bool, usize)>,
}

/// One text.
#[derive(Clone, Copy)]
pub enum Text<'a> {
    /// Nothing is made for it: ASCII is its own UTF-8.
    Ascii(&'a str),
    /// Any other.
    CodePoints(&'a [u32]),
}

impl Text<'_> {
    /// How many code points it has.
    pub fn len(self) -> usize {
        match self {
            Text::Ascii(text) => text.len(),
            Text::CodePoints(code_points) => code_points.len(),
        }
    }

    /// Returns a part of it, which it has.
    pub fn part(self, range: std::ops::Range<usize>) -> Self {
        match self {
            Text::Ascii(text) => Text::Ascii(&text[range]),
            Text::CodePoints(code_points) => Text::CodePoints(&code_points[range]),
        }
    }

    /// Appends the hashes of all its words, in order. Tells whether it could: lone surrogates make no text.
    pub fn word_hashes(self, out: &mut Vec<u64>) -> bool {
        match self {
            Text::Ascii(text) => {
                words::word_hashes(text, out);
                true
            }
            Text::CodePoints(code_points) => words::word_hashes_of(code_points, out),
        }
    }
}

impl Portion {
    /// The texts, in the order they were asked for.
    pub fn texts(&self) -> impl Iterator<Item = Text<'_>> {
        let (mut ascii, mut others) = (0, 0);
        self.ends.iter().map(move |&(is_ascii, end)| {
            if is_ascii {
                let start = std::mem::replace(&mut ascii, end);
                // SAFETY: `push` appends ASCII only.
                Text::Ascii(unsafe { str::from_utf8_unchecked(&self.ascii[start..end]) })
            } else {
                let start = std::mem::replace(&mut others, end);
                Text::CodePoints(&self.code_points[start..end])
            }
        })
    }

    fn push(&mut self, text: &Bound<'_, PyString>) -> PyResult<()> {
        let py = text.py();
        if text.call_method0(intern!(py, "isascii"))?.is_truthy()? {
            self.ascii.extend_from_slice(text.to_str()?.as_bytes());
            self.ends.push((true, self.ascii.len()));
            return Ok(());
        }
        let length = text.len()?;
        self.code_points.reserve(length);
        let end = self.code_points.len() + length;
        // SAFETY: there is room for `length` code points more, which is all that are written.
        unsafe {
            let room = self.code_points.spare_capacity_mut().as_mut_ptr().cast();
            if ffi::PyUnicode_AsUCS4(text.as_ptr(), room, length as ffi::Py_ssize_t, 0).is_null() {
                return Err(PyErr::fetch(py));
            }
            self.code_points.set_len(end);
        }
        self.ends.push((false, end));
        Ok(())
    }
}
