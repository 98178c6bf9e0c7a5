//! What many copies changed, as Python asks for it.

use numpy::{IntoPyArray, PyArray1, PyArray2, PyArrayMethods, PyReadonlyArray1, PyReadonlyArray2};
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedStr;

use super::ranges::RangeArrays;
use super::refused;
use super::threads::released;
use crate::edits::{Edit, Passage, Place, Side, edits};
use crate::pairwise::pairwise;

/// Stands for both ends of a place that a change does not have.
const NOWHERE: u32 = u32::MAX;

/// What was done, and its start and end in either text.
type Row = [u32; 5];
/// The passages of some pairs, as `passages` returns them.
type Passages<'py> =
    (PyReadonlyArray1<'py, i64>, PyReadonlyArray2<'py, u32>, PyReadonlyArray1<'py, i64>, PyReadonlyArray2<'py, u32>);
type Rows<'py> = (Bound<'py, PyArray1<i64>>, Bound<'py, PyArray2<u32>>, Bound<'py, PyArray1<u32>>);

/// Return what the second text of each pair changed, by the passages the two share: the offsets of each pair's rows, the
/// rows (what was done, start and end in each text), at most `most` a pair, and how many there are of each pair.
#[pyfunction(name = "edits")]
pub fn told<'py>(
    py: Python<'py>,
    texts: Vec<PyBackedStr>,
    ranges: RangeArrays<'py>,
    pairs: Vec<(u32, u32)>,
    passages: Passages<'py>,
    most: usize,
) -> PyResult<Rows<'py>> {
    let ranges = ranges.over(texts.len())?;
    ranges.check_pairs(&pairs)?;
    let (offsets, run_offsets) = (passages.0.as_slice()?, passages.2.as_slice()?);
    let (rows, runs) = (passages.1.as_slice()?, passages.3.as_slice()?);
    let fit = |offsets: &[i64], of: usize, members: usize| {
        offsets.len() == of + 1 && offsets[0] == 0 && offsets.is_sorted() && offsets[of] as usize == members
    };
    let count = rows.len() / 5;
    if !fit(offsets, pairs.len(), count) || !fit(run_offsets, count, runs.len() / 4) {
        return Err(refused("the passages do not fit the pairs"));
    }
    let run = |run: &[u32]| (run[0] as usize..run[1] as usize, run[2] as usize..run[3] as usize);
    let passage = |at: usize| Passage {
        words: rows[5 * at + 4],
        runs: runs[4 * run_offsets[at] as usize..4 * run_offsets[at + 1] as usize].chunks_exact(4).map(run).collect(),
    };
    let read = |text: u32| -> Result<(Vec<char>, Vec<Place>), String> {
        let places = ranges.places(text as usize);
        let body = places.map(|place| ranges.starts[place] as usize..ranges.ends[place] as usize);
        Ok((texts[text as usize].chars().collect(), body.collect()))
    };
    let of_pair = |at: usize, source: &(Vec<char>, Vec<Place>), copy: &(Vec<char>, Vec<Place>)| {
        let [source, copy] = [source, copy].map(|(text, body)| Side { text, body });
        let shared: Vec<Passage> = (offsets[at] as usize..offsets[at + 1] as usize).map(passage).collect();
        let fits = inside(source.body, source.text)
            && inside(copy.body, copy.text)
            && shared.iter().all(|passage| {
                inside(passage.runs.iter().map(|run| &run.0), source.text)
                    && inside(passage.runs.iter().map(|run| &run.1), copy.text)
                    && !passage.runs.is_empty()
            });
        if fits { Ok(edits(&source, &copy, &shared)) } else { Err("a place is not in its text".to_owned()) }
    };
    let found: Vec<Vec<Edit>> = released(py, || pairwise(&pairs, read, of_pair)).map_err(refused)?;
    let (mut offsets, mut rows, mut counts): (_, Vec<Row>, _) = (vec![0i64], Vec::new(), Vec::new());
    for of_pair in &found {
        rows.extend(of_pair.iter().take(most).map(row));
        offsets.push(rows.len() as i64);
        counts.push(of_pair.len() as u32);
    }
    let count = rows.len();
    let rows = rows.into_flattened().into_pyarray(py).reshape([count, 5])?;
    Ok((offsets.into_pyarray(py), rows, counts.into_pyarray(py)))
}

/// Whether places ascend in a text.
fn inside<'a>(places: impl IntoIterator<Item = &'a Place>, text: &[char]) -> bool {
    let mut places = places.into_iter();
    let next = |end, place: &Place| (end <= place.start && place.start <= place.end).then_some(place.end);
    places.try_fold(0, next).is_some_and(|end| end <= text.len())
}

fn row(edit: &Edit) -> Row {
    let ends =
        |place: &Option<Place>| place.as_ref().map_or([NOWHERE; 2], |place| [place.start as u32, place.end as u32]);
    let ([start, end], [copy_start, copy_end]) = (ends(&edit.source), ends(&edit.copy));
    [edit.kind as u32, start, end, copy_start, copy_end]
}
