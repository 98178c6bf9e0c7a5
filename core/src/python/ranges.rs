//! Parts of many texts, as Python gives them: arrays of code points.

use numpy::PyReadonlyArray1;
use pyo3::prelude::*;

use super::refused;
use super::texts::Text;
use crate::positions::{self, PositionError};

/// The arrays of a Python `Ranges`, by its attributes.
#[derive(FromPyObject)]
pub struct RangeArrays<'py> {
    offsets: PyReadonlyArray1<'py, i64>,
    starts: PyReadonlyArray1<'py, u32>,
    ends: PyReadonlyArray1<'py, u32>,
}

impl RangeArrays<'_> {
    /// The ranges, if they fit so many texts.
    pub fn over(&self, texts: usize) -> PyResult<Ranges<'_>> {
        Ranges::new(texts, self.offsets.as_slice()?, self.starts.as_slice()?, self.ends.as_slice()?)
    }
}

/// Ranges of many texts: those of text `i` are `starts[offsets[i]..offsets[i + 1]]` and the same of `ends`.
pub struct Ranges<'a> {
    pub offsets: &'a [i64],
    pub starts: &'a [u32],
    pub ends: &'a [u32],
}

impl<'a> Ranges<'a> {
    fn new(texts: usize, offsets: &'a [i64], starts: &'a [u32], ends: &'a [u32]) -> PyResult<Self> {
        let total = offsets.last().copied().unwrap_or(0);
        let ascending = offsets.first() == Some(&0) && offsets.is_sorted();
        if offsets.len() != texts + 1 || !ascending || total as usize != starts.len() || starts.len() != ends.len() {
            return Err(refused("the offsets do not fit the texts and ranges"));
        }
        Ok(Ranges { offsets, starts, ends })
    }

    /// Refuses pairs of which one names a text that is not there.
    pub fn check_pairs(&self, pairs: &[(u32, u32)]) -> PyResult<()> {
        match pairs.iter().any(|&(a, b)| a.max(b) as usize + 1 >= self.offsets.len()) {
            true => Err(refused("a pair names a text that was not given")),
            false => Ok(()),
        }
    }

    pub fn places(&self, text: usize) -> std::ops::Range<usize> {
        self.offsets[text] as usize..self.offsets[text + 1] as usize
    }

    /// The ranges of one text in bytes.
    pub fn bytes(&self, text: usize, content: &str) -> Result<Vec<(usize, usize)>, String> {
        let places = self.places(text);
        let mut points = Vec::with_capacity(places.len() * 2);
        for place in places {
            points.extend([self.starts[place], self.ends[place]]);
        }
        let bytes = positions::to_bytes(content, &points).map_err(|error| error.to_string())?;
        Ok(bytes.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect())
    }

    /// Sets `hashes` to those of all words inside the ranges of one text. Tells whether it could: lone surrogates make no text.
    pub fn word_hashes(&self, text: usize, content: Text, hashes: &mut Vec<u64>) -> Result<bool, PositionError> {
        hashes.clear();
        let (mut previous, mut all_are_read) = (0, true);
        for place in self.places(text) {
            let range = self.starts[place] as usize..self.ends[place] as usize;
            for position in [range.start, range.end] {
                if position < previous {
                    return Err(PositionError::Descending { position, previous });
                }
                previous = position;
            }
            if previous > content.len() {
                return Err(PositionError::PastEnd { position: previous, length: content.len() });
            }
            all_are_read &= content.part(range).word_hashes(hashes);
        }
        Ok(all_are_read)
    }
}
