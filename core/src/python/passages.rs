//! The passages of many pairs of texts, as Python asks for them.

use std::cmp::Reverse;
use std::ops::Range;

use numpy::{IntoPyArray, PyArray1, PyArray2, PyArrayMethods};
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedStr;

use super::ranges::{RangeArrays, Ranges};
use super::refused;
use super::threads::released;
use crate::pairwise::pairwise;
use crate::passages::Run;
use crate::{chains, words};

/// A passage: its start and end in either text, and how many words are equal.
type Row = [u32; 5];
/// Equal words of a passage: their start and end in either text.
type RunRow = [u32; 4];
type Offsets<'py> = Bound<'py, PyArray1<i64>>;
type Rows<'py> = (Offsets<'py>, Bound<'py, PyArray2<u32>>, Offsets<'py>, Bound<'py, PyArray2<u32>>);

/// The hashes of some words, and their places in code points.
type PlacedWords = (Vec<u64>, Vec<(u32, u32)>);

/// Return the passages of at least `least` equal words that the ranges of two texts share, for each pair of texts, given by
/// their indices: the offsets of each pair's rows, and the rows (start and end in each text, number of equal words), those
/// of most words first; the offsets of each passage's runs of equal words, and those runs (start and end in each text).
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
    ranges.check_pairs(&pairs)?;
    let read = |text: u32| placed_words(&ranges, text as usize, &texts[text as usize]);
    let found = released(py, || pairwise(&pairs, read, |_, a, b| placed(a, b, width, least))).map_err(refused)?;
    let (mut offsets, mut run_offsets) = (vec![0i64], vec![0i64]);
    let (mut rows, mut run_rows): (Vec<Row>, Vec<RunRow>) = (Vec::new(), Vec::new());
    for passages in found {
        for (row, runs) in passages {
            rows.push(row);
            run_rows.extend(runs);
            run_offsets.push(run_rows.len() as i64);
        }
        offsets.push(rows.len() as i64);
    }
    let (count, run_count) = (rows.len(), run_rows.len());
    Ok((
        offsets.into_pyarray(py),
        rows.into_flattened().into_pyarray(py).reshape([count, 5])?,
        run_offsets.into_pyarray(py),
        run_rows.into_flattened().into_pyarray(py).reshape([run_count, 4])?,
    ))
}

/// A passage with its runs, in code points.
type Passage = (Row, Vec<RunRow>);

fn placed(a: &PlacedWords, b: &PlacedWords, width: usize, least: usize) -> Result<Vec<Passage>, String> {
    let mut passages = chains::passages(&a.0, &b.0, width, least)?;
    passages.sort_by_key(|passage| Reverse(passage.words()));
    let ends =
        |places: &[(u32, u32)], words: Range<u32>| (places[words.start as usize].0, places[words.end as usize - 1].1);
    let one = |passage: &chains::Passage| {
        let run = |run: &Run| {
            let (a_start, a_end) = ends(&a.1, run.a_start..run.a_start + run.words);
            let (b_start, b_end) = ends(&b.1, run.b_start..run.b_start + run.words);
            [a_start, a_end, b_start, b_end]
        };
        let ((a_start, a_end), (b_start, b_end)) = (ends(&a.1, passage.in_a()), ends(&b.1, passage.in_b()));
        ([a_start, a_end, b_start, b_end, passage.words()], passage.runs.iter().map(run).collect())
    };
    Ok(passages.iter().map(one).collect())
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
