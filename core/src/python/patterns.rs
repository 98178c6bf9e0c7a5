//! Rules over blocks, as Python asks for them.

use pyo3::prelude::*;

use super::refused;
use crate::patterns;

/// A match: its pattern, its start and end, and those of the group asked for.
type Capture = (usize, i64, i64, i64, i64);

/// Regular expressions, compiled together and searched in linear time.
#[pyclass(frozen, module = "dedup._core")]
pub struct Patterns(patterns::Patterns);

#[pymethods]
impl Patterns {
    /// Compile; a refused pattern raises ValueError with its index and the reason.
    #[new]
    fn new(patterns: Vec<String>) -> PyResult<Self> {
        patterns::Patterns::new(&patterns)
            .map(Patterns)
            .map_err(|(index, message)| refused(format!("{index}: {message}")))
    }

    /// Return every match in one text as (pattern, start, end, group start, group end), in code points; the group is
    /// the one with that name, (-1, -1) where it took no part.
    fn captures(&self, text: &str, group: &str) -> PyResult<Vec<Capture>> {
        let mut found = Vec::new();
        for pattern in self.0.matches(text) {
            let mut from = 0;
            while let Some(groups) = self.0.captures(pattern, text, from) {
                let whole = &groups[0];
                let named = groups.iter().find(|part| part.name == Some(group));
                let (named_start, named_end) = match named {
                    Some(part) => (point(text, part.start), point(text, part.end)),
                    None => (-1, -1),
                };
                found.push((pattern, point(text, whole.start), point(text, whole.end), named_start, named_end));
                let next = whole.end.max(whole.start + 1);
                from = (next..=text.len()).find(|&byte| text.is_char_boundary(byte)).unwrap_or(text.len() + 1);
            }
        }
        Ok(found)
    }
}

/// The code point that starts at a byte of a text.
fn point(text: &str, byte: usize) -> i64 {
    text[..byte].chars().count() as i64
}
