//! The module `dedup._core`: texts and arrays in, arrays out. Nothing is decided here.
//!
//! Every batch takes hold of its texts first and then works with the interpreter released, on all cores.

use numpy::{IntoPyArray, PyArray1, PyArray2, PyArrayMethods, PyReadonlyArray1, PyReadonlyArray2};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedStr;
use rayon::prelude::*;
use xxhash_rust::xxh3::xxh3_128;

mod patterns;
mod ranges;

use crate::{bands, blocks, keys, minhash, passages, recurrence, shingles, verify, winnow, words};
use patterns::Patterns;
use ranges::{RangeArrays, Ranges};

type Spans<'py> = (Bound<'py, PyArray1<u64>>, Bound<'py, PyArray1<u32>>, Bound<'py, PyArray1<u32>>);

/// A passage: its start and end in either text, and its words.
type AlignedRun = (u32, u32, u32, u32, u32);

/// Two columns.
type Pairs<'py, T> = (Bound<'py, PyArray1<T>>, Bound<'py, PyArray1<T>>);

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

type BlockArrays<'py> = (
    Bound<'py, PyArray1<i64>>,
    Bound<'py, PyArray1<u32>>,
    Bound<'py, PyArray1<u32>>,
    Bound<'py, PyArray1<u32>>,
    Bound<'py, PyArray1<u64>>,
);

/// Return the blocks of many texts: offsets, starts, ends, words in each, and keys (hashes with digits masked).
#[pyfunction(name = "blocks")]
fn split_blocks<'py>(py: Python<'py>, texts: Vec<PyBackedStr>) -> PyResult<BlockArrays<'py>> {
    let split = py.detach(|| {
        let one = |text: &PyBackedStr| -> Result<Vec<(u32, u32, u32, u64)>, String> {
            let bytes = blocks::split_bytes(text);
            let spans = blocks::in_code_points(text, &bytes).map_err(|error| error.to_string())?;
            let mut hashes = Vec::new();
            let measured = spans.iter().zip(bytes).map(|(&(start, end), (first, last))| {
                hashes.clear();
                let key = keys::block_key(&text[first..last], &mut hashes);
                (start, end, hashes.len() as u32, key)
            });
            Ok(measured.collect())
        };
        texts.par_iter().map(one).collect::<Result<Vec<_>, _>>()
    });
    let split = split.map_err(refused)?;
    let mut offsets = vec![0i64];
    let (mut starts, mut ends, mut counts, mut found) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for of_text in split {
        for (start, end, count, key) in of_text {
            starts.push(start);
            ends.push(end);
            counts.push(count);
            found.push(key);
        }
        offsets.push(starts.len() as i64);
    }
    Ok((
        offsets.into_pyarray(py),
        starts.into_pyarray(py),
        ends.into_pyarray(py),
        counts.into_pyarray(py),
        found.into_pyarray(py),
    ))
}

/// Return for each block how many pages of its outlet taught that it is boilerplate; 0: it is not.
#[pyfunction(name = "recurrence")]
fn learn_recurrence<'py>(
    py: Python<'py>,
    texts: Vec<PyBackedStr>,
    ranges: RangeArrays<'py>,
    keys: PyReadonlyArray1<'py, u64>,
    outlets: PyReadonlyArray1<'py, u32>,
    least_contents: usize,
) -> PyResult<Bound<'py, PyArray1<u32>>> {
    let ranges = ranges.over(texts.len())?;
    let (keys, outlets) = (keys.as_slice()?, outlets.as_slice()?);
    if outlets.len() != texts.len() || keys.len() != ranges.starts.len() {
        return Err(refused("one outlet a text and one key a block are needed"));
    }
    let learned = py.detach(|| -> Result<Vec<u32>, String> {
        let hashed = (0..texts.len()).into_par_iter().map(|i| {
            let (mut hashes, mut ends) = (Vec::new(), Vec::new());
            for (start, end) in ranges.bytes(i, &texts[i])? {
                words::word_hashes(&texts[i][start..end], &mut hashes);
                ends.push(hashes.len() as u32);
            }
            Ok((hashes, ends))
        });
        let hashed = hashed.collect::<Result<Vec<_>, String>>()?;
        let pages = hashed
            .iter()
            .enumerate()
            .map(|(i, (hashes, ends))| recurrence::Page::new(outlets[i], &keys[ranges.places(i)], ends, hashes));
        let pages = pages.collect::<Result<Vec<_>, String>>()?;
        Ok(recurrence::learned(&pages, least_contents).concat())
    });
    Ok(learned.map_err(refused)?.into_pyarray(py))
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
        let one = |(i, row): (usize, &mut [u32])| -> Result<(u32, u64, u64), String> {
            let hashes = ranges.word_hashes(i, &texts[i])?;
            let mut rolled = Vec::with_capacity(hashes.len());
            roll(&hashes, width, &mut rolled)?;
            minhash::sign(&rolled, multipliers, addends, row);
            let bytes: Vec<u8> = hashes.iter().flat_map(|hash| hash.to_le_bytes()).collect();
            let digest = xxh3_128(&bytes);
            Ok((hashes.len() as u32, (digest >> 64) as u64, digest as u64))
        };
        rows.map(one).collect::<Result<Vec<_>, _>>()
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

type CandidateArrays<'py> = (Bound<'py, PyArray1<u32>>, Bound<'py, PyArray1<u32>>, u64);

/// Return the pairs of rows (left < right) that agree on a whole band, and how many pairs full buckets kept back.
#[pyfunction]
fn candidates<'py>(
    py: Python<'py>,
    signatures: PyReadonlyArray2<'py, u32>,
    bands: usize,
    rows: usize,
    fan_out: usize,
) -> PyResult<CandidateArrays<'py>> {
    let columns = signatures.as_array().ncols();
    let signatures = signatures.as_slice()?;
    let banding = bands::Banding { bands, rows, fan_out };
    let found = py.detach(|| bands::candidates(signatures, columns, banding)).map_err(refused)?;
    Ok((found.left.into_pyarray(py), found.right.into_pyarray(py), found.capped))
}

/// Return the pairs of texts (left < right) that share a run of `window + width - 1` words inside their ranges, some
/// others, and how many shingles were not followed because more than `most_texts` texts hold them.
#[pyfunction]
fn passage_candidates<'py>(
    py: Python<'py>,
    texts: Vec<PyBackedStr>,
    ranges: RangeArrays<'py>,
    width: usize,
    window: usize,
    most_texts: usize,
) -> PyResult<CandidateArrays<'py>> {
    let ranges = ranges.over(texts.len())?;
    let found = py.detach(|| -> Result<winnow::Candidates, String> {
        let kept = (0..texts.len()).into_par_iter().map(|i| -> Result<Vec<u64>, String> {
            let (mut rolled, mut kept) = (Vec::new(), Vec::new());
            roll(&ranges.word_hashes(i, &texts[i])?, width, &mut rolled)?;
            winnow::keep(&rolled, window.max(1), &mut kept);
            Ok(kept)
        });
        Ok(winnow::candidates(&kept.collect::<Result<Vec<_>, _>>()?, most_texts))
    });
    let found = found.map_err(refused)?;
    Ok((found.left.into_pyarray(py), found.right.into_pyarray(py), found.capped))
}

/// Return how many distinct shingles each pair of texts shares inside their ranges, and how many each text has.
#[pyfunction]
fn count_shared<'py>(
    py: Python<'py>,
    texts: Vec<PyBackedStr>,
    ranges: RangeArrays<'py>,
    width: usize,
    left: PyReadonlyArray1<'py, u32>,
    right: PyReadonlyArray1<'py, u32>,
) -> PyResult<Pairs<'py, u32>> {
    let ranges = ranges.over(texts.len())?;
    let (left, right) = (left.as_slice()?, right.as_slice()?);
    let counted = py.detach(|| -> Result<(Vec<u32>, Vec<u32>), String> {
        let sets = (0..texts.len()).into_par_iter().map(|i| -> Result<Vec<u64>, String> {
            let mut rolled = Vec::new();
            roll(&ranges.word_hashes(i, &texts[i])?, width, &mut rolled)?;
            verify::sorted_unique(&mut rolled);
            Ok(rolled)
        });
        let sets = sets.collect::<Result<Vec<_>, _>>()?;
        let sizes = sets.iter().map(|set| set.len() as u32).collect();
        Ok((verify::count_pairs(&sets, left, right)?, sizes))
    });
    let (shared, sizes) = counted.map_err(refused)?;
    Ok((shared.into_pyarray(py), sizes.into_pyarray(py)))
}

/// Return the runs of at least `least` equal words that the ranges of two texts share, as (start, end) in each text
/// and the number of words.
#[pyfunction(name = "passages")]
fn align<'py>(
    py: Python<'py>,
    texts: Vec<PyBackedStr>,
    ranges: RangeArrays<'py>,
    width: usize,
    least: usize,
) -> PyResult<Vec<AlignedRun>> {
    if texts.len() != 2 {
        return Err(refused("two texts are aligned at a time"));
    }
    let ranges = ranges.over(texts.len())?;
    let found = py.detach(|| -> Result<_, String> {
        let sides = [placed_words(&ranges, 0, &texts[0])?, placed_words(&ranges, 1, &texts[1])?];
        let runs = passages::verbatim(&sides[0].0, &sides[1].0, width, least)?;
        let span = |side: usize, first: u32, count: u32| {
            let places: &[(u32, u32)] = &sides[side].1;
            (places[first as usize].0, places[(first + count - 1) as usize].1)
        };
        Ok(runs
            .iter()
            .map(|run| {
                let (a_start, a_end) = span(0, run.a_start, run.words);
                let (b_start, b_end) = span(1, run.b_start, run.words);
                (a_start, a_end, b_start, b_end, run.words)
            })
            .collect())
    });
    found.map_err(refused)
}

type PlacedWords = (Vec<u64>, Vec<(u32, u32)>);

/// The hashes of the words inside the ranges of one text, and their places in code points of the whole text.
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

/// dedup's core.
#[pymodule(gil_used = false)]
mod _core {
    #[pymodule_export]
    use super::{
        Patterns, align, candidates, count_shared, fingerprint, folded, learn_recurrence, passage_candidates,
        roll_shingles, sign, split_blocks, split_words,
    };

    /// "release" or "debug": a benchmark refuses the latter.
    #[pymodule_export]
    const BUILD: &str = if cfg!(debug_assertions) { "debug" } else { "release" };
}
