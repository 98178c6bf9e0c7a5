//! The module `dedup._core`: texts and arrays in, arrays out. Nothing is decided here.
//!
//! Every batch takes hold of its texts first and then works with the interpreter released, on all cores.

use numpy::{IntoPyArray, PyArray1, PyArray2, PyArrayMethods, PyReadonlyArray1};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedStr;
use rayon::prelude::*;

mod corpus;
mod passages;
mod patterns;
mod ranges;

use crate::{index, matching, minhash, shingles, words};
use corpus::{Corpus, Cues, Method};
use passages::align;
use patterns::Patterns;
use ranges::RangeArrays;

type Spans<'py> = (Bound<'py, PyArray1<u64>>, Bound<'py, PyArray1<u32>>, Bound<'py, PyArray1<u32>>);

fn refused(message: impl ToString) -> PyErr {
    PyValueError::new_err(message.to_string())
}

/// Return the words of a text: their hashes, and where each starts and ends in code points.
#[pyfunction(name = "words")]
fn split_words<'py>(py: Python<'py>, text: &str) -> Spans<'py> {
    let (mut hashes, mut starts, mut ends) = (Vec::new(), Vec::new(), Vec::new());
    words::for_each_word(text, |word| {
        hashes.push(word.hash);
        starts.push(word.start);
        ends.push(word.end);
    });
    (hashes.into_pyarray(py), starts.into_pyarray(py), ends.into_pyarray(py))
}

/// Return the folded words of a text.
#[pyfunction]
fn folded(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    words::for_each_word(text, |word| found.push(String::from_utf8_lossy(word.folded).into_owned()));
    found
}

/// Return the shingles of a text: their hashes, and where the first word of each starts and the last one ends.
#[pyfunction(name = "shingles")]
fn roll_shingles<'py>(py: Python<'py>, text: &str, width: usize) -> PyResult<Spans<'py>> {
    let (mut hashes, mut starts, mut ends) = (Vec::new(), Vec::new(), Vec::new());
    words::for_each_word(text, |word| {
        hashes.push(word.hash);
        starts.push(word.start);
        ends.push(word.end);
    });
    let mut rolled = Vec::new();
    roll(&hashes, width, &mut rolled).map_err(refused)?;
    starts.truncate(rolled.len());
    let ends = ends.split_off(ends.len() - rolled.len());
    Ok((rolled.into_pyarray(py), starts.into_pyarray(py), ends.into_pyarray(py)))
}

fn roll(hashes: &[u64], width: usize, out: &mut Vec<u64>) -> Result<(), String> {
    if width == 0 {
        return Err("a shingle has at least one word".into());
    }
    shingles::roll(hashes, width, out);
    Ok(())
}

/// Return the MinHash signature of a set of shingles under the permutations h -> multiplier * h + addend.
#[pyfunction]
fn sign<'py>(
    py: Python<'py>,
    shingles: PyReadonlyArray1<'py, u64>,
    multipliers: PyReadonlyArray1<'py, u32>,
    addends: PyReadonlyArray1<'py, u32>,
) -> PyResult<Bound<'py, PyArray1<u32>>> {
    let (multipliers, addends) = (multipliers.as_slice()?, addends.as_slice()?);
    if multipliers.len() != addends.len() {
        return Err(refused("as many multipliers as addends are needed"));
    }
    let mut signature = vec![u32::MAX; multipliers.len()];
    minhash::sign(shingles.as_slice()?, multipliers, addends, &mut signature);
    Ok(signature.into_pyarray(py))
}

type FingerprintArrays<'py> = (Bound<'py, PyArray2<u32>>, Bound<'py, PyArray1<u32>>, Bound<'py, PyArray2<u64>>);

/// Return the signature, the number of words, and a digest of the words inside the ranges of each text.
#[pyfunction]
fn fingerprint<'py>(
    py: Python<'py>,
    texts: Vec<PyBackedStr>,
    ranges: RangeArrays<'py>,
    width: usize,
    multipliers: PyReadonlyArray1<'py, u32>,
    addends: PyReadonlyArray1<'py, u32>,
) -> PyResult<FingerprintArrays<'py>> {
    let ranges = ranges.over(texts.len())?;
    let (multipliers, addends) = (multipliers.as_slice()?, addends.as_slice()?);
    let columns = multipliers.len();
    if columns == 0 || columns != addends.len() {
        return Err(refused("as many multipliers as addends are needed, and at least one"));
    }
    let mut signatures = vec![u32::MAX; texts.len() * columns];
    let measured = py.detach(|| {
        let rows = signatures.par_chunks_mut(columns).enumerate();
        type Scratch = (Vec<u64>, Vec<u64>);
        let one = |(hashes, rolled): &mut Scratch, (i, row): (usize, &mut [u32])| -> Result<(u32, u64, u64), String> {
            ranges.word_hashes(i, &texts[i], hashes)?;
            rolled.clear();
            roll(hashes, width, rolled)?;
            minhash::sign(rolled, multipliers, addends, row);
            let digest = index::digest(hashes);
            Ok((hashes.len() as u32, (digest >> 64) as u64, digest as u64))
        };
        rows.map_init(Scratch::default, one).collect::<Result<Vec<_>, _>>()
    });
    let measured = measured.map_err(refused)?;
    let counts: Vec<u32> = measured.iter().map(|&(count, ..)| count).collect();
    let digests: Vec<u64> = measured.iter().flat_map(|&(_, high, low)| [high, low]).collect();
    Ok((
        signatures.into_pyarray(py).reshape([texts.len(), columns])?,
        counts.into_pyarray(py),
        digests.into_pyarray(py).reshape([texts.len(), 2])?,
    ))
}

type Resembling<'py> = (
    Bound<'py, PyArray1<i64>>,
    (Bound<'py, PyArray1<u32>>, Bound<'py, PyArray1<u32>>),
    (Bound<'py, PyArray1<u32>>, Bound<'py, PyArray1<u32>>),
    u64,
);

/// Return for each text the first with the same words (-1: it has none); the pairs of such first texts of which at least
/// the share `least` of all their distinct shingles stands in both; how many do and how many there are; and how much was
/// left out where too many texts hold the same.
#[pyfunction]
fn resembling<'py>(py: Python<'py>, texts: Vec<PyBackedStr>, method: &Method, least: f64) -> PyResult<Resembling<'py>> {
    let method = &method.0;
    let read = |text: u32, words: &mut Vec<u64>| -> std::io::Result<()> {
        words.clear();
        words::word_hashes(&texts[text as usize], words);
        Ok(())
    };
    let found = py.detach(|| {
        let memory = matching::Memory { keys: usize::MAX, folder: &std::env::temp_dir() };
        let order: Vec<u32> = (0..texts.len() as u32).collect();
        matching::pairs(&order, &read, method, memory, false)
    });
    let (candidates, counts) = found.map_err(refused)?;
    let group: Vec<i64> = candidates.group.iter().map(|first| first.map_or(-1, i64::from)).collect();
    let (mut left, mut right, mut shared, mut all) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (&(one, other), counts) in candidates.pairs.iter().zip(&counts) {
        let of_both = counts.left + counts.right - counts.shared;
        if f64::from(counts.shared) >= least * f64::from(of_both) {
            left.push(one);
            right.push(other);
            shared.push(counts.shared);
            all.push(of_both);
        }
    }
    Ok((
        group.into_pyarray(py),
        (left.into_pyarray(py), right.into_pyarray(py)),
        (shared.into_pyarray(py), all.into_pyarray(py)),
        candidates.capped,
    ))
}

/// dedup's core.
#[pymodule(gil_used = false)]
mod _core {
    #[pymodule_export]
    use super::{
        Corpus, Cues, Method, Patterns, align, fingerprint, folded, resembling, roll_shingles, sign, split_words,
    };

    /// "release" or "debug": a benchmark refuses the latter.
    #[pymodule_export]
    const BUILD: &str = if cfg!(debug_assertions) { "debug" } else { "release" };
}
