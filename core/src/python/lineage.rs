//! What is worked out for families of articles, as Python asks for it.

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};
use rayon::prelude::*;

use super::ranges::RangeArrays;
use super::texts::Texts;
use super::threads::released;
use super::{refused, roll};
use crate::agreements::{Agreement, MOST, agreements};
use crate::arborescences::{self, Ways};

/// The places of two texts, and on how many shingles either two of three agree.
type Agreed = (u32, u32, [u32; 3]);

/// Return the probability of each edge over all trees, by child and parent, of scores given so.
#[pyfunction]
pub fn marginals<'py>(scores: &Bound<'py, PyList>) -> PyResult<Vec<Bound<'py, PyDict>>> {
    let ways = ways(scores)?;
    let shares = released(scores.py(), || arborescences::marginals(&ways));
    let one = |(into, shares): (&Ways, Vec<f64>)| {
        let told = PyDict::new(scores.py());
        into.iter().zip(shares).try_for_each(|(&(parent, _), share)| told.set_item(parent, share))?;
        Ok(told)
    };
    ways.iter().zip(shares).map(one).collect()
}

/// Return the groups of nodes that can all be each other's ancestors, each ascending; node 0 is in none.
#[pyfunction]
pub fn groups(scores: &Bound<'_, PyList>) -> PyResult<Vec<Vec<u32>>> {
    Ok(arborescences::groups(&ways(scores)?))
}

/// The parents of each node and their scores, all of which are nodes.
fn ways(scores: &Bound<'_, PyList>) -> PyResult<Vec<Ways>> {
    let of_child = |into: Bound<'_, PyAny>| -> PyResult<Ways> {
        into.cast::<PyDict>()?.iter().map(|(parent, score)| Ok((parent.extract()?, score.extract()?))).collect()
    };
    let ways: Vec<Ways> = scores.iter().map(of_child).collect::<PyResult<_>>()?;
    match ways.iter().flatten().any(|&(parent, _)| parent as usize >= ways.len()) {
        true => Err(refused("a parent is no node")),
        false => Ok(ways),
    }
}

/// Return for each group of texts, of which the first is compared with the others, the pairs of those that agree by twos with
/// it and each other: their places in the group, and the number of shingles on which either two of the three agree.
#[pyfunction(name = "agreements")]
pub fn agreed(
    py: Python<'_>,
    texts: Texts,
    ranges: RangeArrays<'_>,
    groups: Vec<Vec<usize>>,
    width: usize,
    least: u32,
) -> PyResult<Vec<Vec<Agreed>>> {
    let ranges = ranges.over(texts.len())?;
    if groups.iter().any(|group| group.len() > MOST || group.iter().any(|&text| text >= texts.len())) {
        return Err(refused("a group has too many texts, or one that was not given"));
    }
    released(py, || {
        let one = |hashes: &mut Vec<u64>, group: &Vec<usize>| {
            let shingles = |&place: &usize| -> PyResult<Vec<u64>> {
                if !ranges.word_hashes(place, texts.get(place), hashes).map_err(refused)? {
                    return Err(texts.refused(place));
                }
                let mut rolled = Vec::new();
                roll(hashes, width, &mut rolled).map_err(refused)?;
                Ok(rolled)
            };
            let bodies = group.iter().map(shingles).collect::<PyResult<Vec<_>>>()?;
            let told = |found: Agreement| (found.one, found.other, found.shingles);
            Ok(agreements(&bodies, least).into_iter().map(told).collect())
        };
        groups.par_iter().map_init(Default::default, one).collect()
    })
}
