//! The passages of many pairs of texts, as Python asks for them.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use numpy::{IntoPyArray, PyArray1, PyArray2, PyArrayMethods};
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedStr;
use rayon::prelude::*;

use super::ranges::{RangeArrays, Ranges};
use super::refused;
use crate::{passages, words};

/// Pairs that one thread takes at a time. Neighbours share texts, of which each is read once for all of them.
const TOGETHER: usize = 32;

/// A passage: its start and end in either text, and its words.
type Row = [u32; 5];
type Rows<'py> = (Bound<'py, PyArray1<i64>>, Bound<'py, PyArray2<u32>>);

/// The hashes of some words, and their places in code points.
type PlacedWords = (Vec<u64>, Vec<(u32, u32)>);

/// Return the runs of at least `least` equal words that the ranges of two texts share, for each pair of texts, given by
/// their indices: the offsets of each pair's rows, and the rows (start and end in each text, number of words), longest first.
#[pyfunction(name = "passages")]
pub fn align<'py>(
    py: Python<'py>,
    texts: Vec<PyBackedStr>,
    ranges: RangeArrays<'py>,
    pairs: Vec<(u32, u32)>,
    width: usize,
    least: usize,
) -> PyResult<Rows<'py>> {
    let ranges = ranges.over(texts.len())?;
    if pairs.iter().any(|&(a, b)| a.max(b) as usize >= texts.len()) {
        return Err(refused("a pair names a text that was not given"));
    }
    let some = |pairs: &[(u32, u32)]| -> Result<Vec<Vec<Row>>, String> {
        let mut read: HashMap<u32, PlacedWords> = HashMap::new();
        let one = |&(a, b): &(u32, u32)| {
            for text in [a, b] {
                if let Entry::Vacant(vacant) = read.entry(text) {
                    vacant.insert(placed_words(&ranges, text as usize, &texts[text as usize])?);
                }
            }
            rows(&read[&a], &read[&b], width, least)
        };
        pairs.iter().map(one).collect()
    };
    let found = py.detach(|| pairs.par_chunks(TOGETHER).map(some).collect::<Result<Vec<_>, _>>()).map_err(refused)?;
    let mut offsets = vec![0i64];
    let mut flat = Vec::new();
    for rows in found.iter().flatten() {
        flat.extend_from_slice(rows.as_flattened());
        offsets.push((flat.len() / 5) as i64);
    }
    let count = flat.len() / 5;
    Ok((offsets.into_pyarray(py), flat.into_pyarray(py).reshape([count, 5])?))
}

fn rows(a: &PlacedWords, b: &PlacedWords, width: usize, least: usize) -> Result<Vec<Row>, String> {
    let mut runs = passages::verbatim(&a.0, &b.0, width, least)?;
    runs.sort_by_key(|run| std::cmp::Reverse(run.words));
    let ends = |places: &[(u32, u32)], first: u32, count: u32| {
        (places[first as usize].0, places[(first + count - 1) as usize].1)
    };
    let row = |run: &passages::Run| {
        let (a_start, a_end) = ends(&a.1, run.a_start, run.words);
        let (b_start, b_end) = ends(&b.1, run.b_start, run.words);
        [a_start, a_end, b_start, b_end, run.words]
    };
    Ok(runs.iter().map(row).collect())
}

/// The words inside the ranges of one text, placed in the whole text.
fn placed_words(ranges: &Ranges<'_>, text: usize, content: &str) -> Result<PlacedWords, String> {
    let (mut hashes, mut places) = (Vec::new(), Vec::new());
    for (place, (start, end)) in ranges.places(text).zip(ranges.bytes(text, content)?) {
        let shift = ranges.starts[place];
        words::for_each_word(&content[start..end], |word| {
            hashes.push(word.hash);
            places.push((shift + word.start, shift + word.end));
        });
    }
    Ok((hashes, places))
}
