//! Rules over blocks, as Python asks for them.

use pyo3::prelude::*;
use pyo3::pybacked::PyBackedStr;
use rayon::prelude::*;

use super::refused;
use super::threads::released;
use crate::patterns;
use crate::positions::{PositionError, to_code_points};

/// A match: its text, its pattern, its start and end, and those of the group asked for.
type Capture = (usize, usize, i64, i64, i64, i64);

/// To wake other threads takes longer than to look at fewer bytes.
const WORTH_SHARING: usize = 1 << 14;

/// Regular expressions, compiled together and searched in linear time.
#[pyclass(frozen, module = "dedup._core")]
pub struct Patterns(patterns::Patterns);

#[pymethods]
impl Patterns {
    /// Compile; a refused pattern raises ValueError with its index and the reason.
    #[new]
    fn new(py: Python<'_>, patterns: Vec<String>) -> PyResult<Self> {
        released(py, || patterns::Patterns::new(&patterns))
            .map(Patterns)
            .map_err(|(index, message)| refused(format!("{index}: {message}")))
    }

    /// Return every match in every text as (text, pattern, start, end, group start, group end), by text and then by
    /// pattern, in code points; the group is the one with that name, (-1, -1) where it took no part.
    fn captures(&self, py: Python<'_>, texts: Vec<PyBackedStr>, group: &str) -> PyResult<Vec<Capture>> {
        let found = released(py, || {
            let one = |(place, text): (usize, &PyBackedStr)| self.captures_in(place, text, group);
            if texts.iter().map(|text| text.len()).sum::<usize>() < WORTH_SHARING {
                texts.iter().enumerate().map(one).collect::<Result<Vec<_>, _>>()
            } else {
                texts.par_iter().enumerate().map(one).collect()
            }
        });
        Ok(found.map_err(refused)?.concat())
    }
}

impl Patterns {
    fn captures_in(&self, place: usize, text: &str, group: &str) -> Result<Vec<Capture>, PositionError> {
        let mut found = Vec::new();
        for pattern in self.0.matches(text) {
            // Start, group and end of one match after the other: they never descend.
            let (mut bytes, mut with_group) = (Vec::new(), Vec::new());
            for groups in self.0.captures(pattern, text) {
                let whole = &groups[0];
                let named = groups.iter().find(|part| part.name == Some(group));
                bytes.push(whole.start);
                bytes.extend(named.iter().flat_map(|part| [part.start, part.end]));
                bytes.push(whole.end);
                with_group.push(named.is_some());
            }
            let mut points = to_code_points(text, &bytes)?.into_iter().map(i64::from);
            let mut next = || points.next().expect("as many positions as were put in");
            found.extend(with_group.into_iter().map(|grouped| {
                let start = next();
                let named = if grouped { (next(), next()) } else { (-1, -1) };
                (place, pattern, start, next(), named.0, named.1)
            }));
        }
        Ok(found)
    }
}
