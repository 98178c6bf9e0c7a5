//! The module `dedup._core`: texts and arrays in, arrays out. Nothing is decided here.
//!
//! Every batch takes hold of its texts first and then works with the interpreter released, on all cores.

use std::sync::Mutex;

use numpy::{IntoPyArray, PyArray1, PyArray2, PyArrayMethods, PyReadonlyArray1};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use rayon::prelude::*;

mod corpus;
mod edits;
mod lineage;
mod page;
mod passages;
mod patterns;
mod ranges;
mod texts;
mod threads;

use crate::verify::Counts;
use crate::{index, matching, minhash, shingles, words};
use corpus::{Corpus, Cues, Method};
use edits::told;
use lineage::{agreed, groups, marginals};
use page::{Page, Weights};
use passages::align;
use patterns::Patterns;
use ranges::RangeArrays;
use texts::Texts;
use threads::released;

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

/// Return a TOML document as JSON.
#[pyfunction]
fn toml_as_json(toml: &str) -> PyResult<Vec<u8>> {
    let document: serde_json::Value = basic_toml::from_str(toml).map_err(|error| refused(error.to_string()))?;
    Ok(document.to_string().into_bytes())
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
    texts: Texts,
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
    let measured = released(py, || {
        let portions = signatures.par_chunks_mut(columns * texts::PORTION).enumerate();
        let some = |(hashes, rolled): &mut (Vec<u64>, Vec<u64>), (i, rows): (usize, &mut [u32])| {
            let one = |(row, place): (&mut [u32], usize)| -> PyResult<(u32, u64, u64)> {
                if !ranges.word_hashes(place, texts.get(place), hashes).map_err(refused)? {
                    return Err(texts.refused(place));
                }
                rolled.clear();
                roll(hashes, width, rolled).map_err(refused)?;
                minhash::sign(rolled, multipliers, addends, row);
                let digest = index::digest(hashes);
                Ok((hashes.len() as u32, (digest >> 64) as u64, digest as u64))
            };
            rows.chunks_mut(columns).zip(i * texts::PORTION..).map(one).collect()
        };
        portions.map_init(Default::default, some).collect::<PyResult<Vec<Vec<_>>>>()
    });
    let measured = measured?;
    let counts: Vec<u32> = measured.iter().flatten().map(|&(count, ..)| count).collect();
    let digests: Vec<u64> = measured.iter().flatten().flat_map(|&(_, high, low)| [high, low]).collect();
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
fn resembling<'py>(py: Python<'py>, texts: Texts, method: &Method, least: f64) -> PyResult<Resembling<'py>> {
    // Memory that is used again: as much as there are threads.
    let spare: Mutex<Vec<Vec<u64>>> = Mutex::default();
    let read = |places: &[u32], visit: &mut dyn FnMut(&[u64])| -> std::io::Result<()> {
        let mut hashes = spare.lock().expect("held for a moment").pop().unwrap_or_default();
        for place in places.iter().map(|&place| place as usize) {
            hashes.clear();
            if !texts.get(place).word_hashes(&mut hashes) {
                return Err(texts.refused(place).into());
            }
            visit(&hashes);
        }
        spare.lock().expect("held for a moment").push(hashes);
        Ok(())
    };
    let of_both = |counts: Counts| counts.left + counts.right - counts.shared;
    let is_enough = |counts: Counts| f64::from(counts.shared) >= least * f64::from(of_both(counts));
    let found = released(py, || {
        let memory = matching::Memory { keys: usize::MAX, folder: &std::env::temp_dir() };
        let order: Vec<u32> = (0..texts.len() as u32).collect();
        let wanted = matching::Wanted { is_enough, with_itself: false };
        matching::pairs(&order, &read, &method.0, memory, wanted)
    })?;
    let group: Vec<i64> = found.group.iter().map(|first| first.map_or(-1, i64::from)).collect();
    let (mut left, mut right, mut shared, mut all) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for ((one, other), counts) in found.pairs {
        left.push(one);
        right.push(other);
        shared.push(counts.shared);
        all.push(of_both(counts));
    }
    Ok((
        group.into_pyarray(py),
        (left.into_pyarray(py), right.into_pyarray(py)),
        (shared.into_pyarray(py), all.into_pyarray(py)),
        found.capped,
    ))
}

/// dedup's core.
#[pymodule(gil_used = false)]
mod _core {
    #[pymodule_export]
    use super::{
        Corpus, Cues, Method, Page, Patterns, Weights, agreed, align, fingerprint, folded, groups, marginals,
        resembling, roll_shingles, sign, split_words, told, toml_as_json,
    };

    /// "release" or "debug": a benchmark refuses the latter.
    #[pymodule_export]
    const BUILD: &str = if cfg!(debug_assertions) { "debug" } else { "release" };

    #[pymodule_init]
    fn init(_module: &pyo3::Bound<'_, pyo3::types::PyModule>) -> pyo3::PyResult<()> {
        super::threads::loaded();
        Ok(())
    }
}
