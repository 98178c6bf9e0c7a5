//! The corpus as Python holds it.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use numpy::{IntoPyArray, PyArray1, PyReadonlyArray1};
use pyo3::exceptions::{PyOSError, PyValueError};
use pyo3::prelude::*;
use pyo3::pybacked::{PyBackedBytes, PyBackedStr};
use rayon::prelude::*;

use super::refused;
use super::threads::released;
use crate::bands::Banding;
use crate::corpus::{self, Article, Bounds, Left, Limits, Ruling};
use crate::jsonl::Target;
use crate::layout;
use crate::patterns::Patterns;
use crate::verdicts::Verdicts;
use crate::verify::Counts;

/// The cue rules, compiled.
#[pyclass(frozen, module = "dedup._core")]
pub struct Cues(Arc<layout::Cues>);

#[pymethods]
impl Cues {
    /// Compile; a refused pattern raises ValueError with its index and the reason.
    #[new]
    fn new(
        py: Python<'_>,
        patterns: Vec<String>,
        kinds: Vec<u8>,
        edge_only: Vec<bool>,
        most_words: Vec<u32>,
        under_headline: [u8; 2],
        other: u8,
    ) -> PyResult<Self> {
        if [kinds.len(), edge_only.len(), most_words.len()] != [patterns.len(); 3] {
            return Err(refused("a kind, a reach and a size are needed for each pattern"));
        }
        let patterns = released(py, || Patterns::bounded(&patterns, most_words))
            .map_err(|(index, message)| refused(format!("{index}: {message}")))?;
        let verdicts = Verdicts::default();
        Ok(Cues(Arc::new(layout::Cues { patterns, kinds, edge_only, under_headline, other, verdicts })))
    }
}

/// How bodies are made into keys.
#[pyclass(frozen, module = "dedup._core")]
pub struct Method(pub(super) crate::index::Method);

#[pymethods]
impl Method {
    /// Take the scheme's width, the bands (their number, and rows in each) of all bodies and of short ones, and how far what
    /// many bodies hold is followed.
    #[new]
    #[allow(clippy::too_many_arguments)]
    fn new(
        width: usize,
        banding: (usize, usize),
        short_banding: (usize, usize),
        short_words: usize,
        fan_out: usize,
        passage_width: usize,
        window: usize,
        most_bodies: usize,
        most_partners: usize,
    ) -> PyResult<Self> {
        let method = crate::index::Method {
            width,
            banding: Banding { bands: banding.0, rows: banding.1 },
            short_banding: Banding { bands: short_banding.0, rows: short_banding.1 },
            short_words,
            fan_out,
            passage_width,
            window,
            most_bodies,
            most_partners,
        };
        method.check().map_err(refused)?;
        Ok(Method(method))
    }
}

type Given = (
    PyBackedStr,
    PyBackedStr,
    Option<PyBackedStr>,
    Option<PyBackedStr>,
    Option<PyBackedStr>,
    Option<Vec<u32>>,
    PyBackedBytes,
    PyBackedStr,
);

type Lefts<'py> = Vec<(u32, Py<PyAny>)>;

type PairArrays<'py> = (Bound<'py, PyArray1<u32>>, Bound<'py, PyArray1<u32>>);
type CountArrays<'py> = (Bound<'py, PyArray1<u32>>, Bound<'py, PyArray1<u32>>, Bound<'py, PyArray1<u32>>);

type MatchArrays<'py> = (
    Bound<'py, PyArray1<i64>>,
    PairArrays<'py>,
    CountArrays<'py>,
    PairArrays<'py>,
    PairArrays<'py>,
    CountArrays<'py>,
    u64,
);

type LayoutArrays<'py> = (
    (Bound<'py, PyArray1<i64>>, Bound<'py, PyArray1<u32>>, Bound<'py, PyArray1<u32>>),
    Bound<'py, PyArray1<u32>>,
    Bound<'py, PyArray1<u64>>,
    Bound<'py, PyArray1<u8>>,
    (Bound<'py, PyArray1<u32>>, Bound<'py, PyArray1<u32>>),
    (Bound<'py, PyArray1<i64>>, Bound<'py, PyArray1<i64>>),
);

/// Whose line, how it reads, its kind, on how many pages it stands, how many outlets taught it.
type LearnedLine = (u32, String, u8, u32, u32);

type HolderArrays<'py> = (Bound<'py, PyArray1<u32>>, Bound<'py, PyArray1<u32>>, Bound<'py, PyArray1<bool>>);

/// Articles while they are scanned: by the place they have once they are sorted.
#[pyclass(module = "dedup._core")]
pub struct Corpus(corpus::Corpus);

fn failed(error: std::io::Error) -> PyErr {
    PyOSError::new_err(error.to_string())
}

#[pymethods]
impl Corpus {
    /// Return an empty corpus. `fields` gives (name, target, rank) for lines of JSON, `limits` the longest line and text
    /// in bytes, `bounds` how many bytes of texts and of keys are held in memory before files in `folder` are used.
    #[new]
    fn new(
        cues: &Cues,
        fields: Vec<(String, String, u32)>,
        limits: (usize, usize),
        bounds: (usize, usize),
        folder: PathBuf,
    ) -> PyResult<Self> {
        let mut table: HashMap<String, Vec<(Target, u32)>> = HashMap::new();
        for (name, target, rank) in fields {
            let target = match target.as_str() {
                "id" => Target::Id,
                "text" => Target::Text,
                "url" => Target::Url,
                "outlet" => Target::Outlet,
                "title" => Target::Title,
                "container" => Target::Container,
                other => return Err(refused(format!("there is no target {other:?}"))),
            };
            table.entry(name).or_default().push((target, rank));
        }
        let limits = Limits { line: limits.0, text: limits.1 };
        let bounds = Bounds { texts: bounds.0, keys: bounds.1, folder };
        Ok(Corpus(corpus::Corpus::new(cues.0.clone(), table, limits, bounds)))
    }

    fn __len__(&self) -> usize {
        self.0.len()
    }

    /// Begin a file of JSON Lines.
    fn open(&mut self, path: &str) {
        self.0.open(path);
    }

    /// Take the next piece of the open file. Return (number, line) for each line that is no plain record, and
    /// (number, length) for each that is too long.
    fn feed<'py>(&mut self, py: Python<'py>, piece: PyBackedBytes) -> PyResult<Lefts<'py>> {
        let left = released(py, || self.0.feed(&piece)).map_err(failed)?;
        lefts(py, left)
    }

    /// End the open file. Return what `feed` returns for its last line, which counts only if the file is whole, and the
    /// number of its lines.
    fn close<'py>(&mut self, py: Python<'py>, whole: bool) -> PyResult<(Lefts<'py>, u32)> {
        let (left, count) = released(py, || self.0.close(whole)).map_err(failed)?;
        Ok((lefts(py, left)?, count))
    }

    /// Take articles: (id, text, host, outlet, title, edges of the main parts in code points, all else, path).
    fn push(&mut self, py: Python<'_>, articles: Vec<Given>) -> PyResult<()> {
        let given: Vec<Article> = articles
            .iter()
            .map(|(id, text, host, outlet, title, main, rest, path)| Article {
                id,
                text,
                host: host.as_deref(),
                outlet: outlet.as_deref(),
                title: title.as_deref(),
                main: main.as_deref(),
                rest,
                path,
            })
            .collect();
        released(py, || self.0.push(&given)).map_err(failed)
    }

    /// Return every (host, outlet) that articles gave, by its number.
    fn sources(&self) -> Vec<(Option<String>, Option<String>)> {
        self.0.sources().iter().map(|source| (source.host.clone(), source.outlet.clone())).collect()
    }

    /// Sort by id; return the runs of places (first, end) that share one.
    fn sort(&mut self, py: Python<'_>) -> PyResult<Vec<(usize, usize)>> {
        released(py, || self.0.sort()).map_err(failed)
    }

    /// Say whether an article has this id.
    fn has_id(&self, name: &str) -> bool {
        self.0.has_id(name)
    }

    /// Keep only the articles at these places, in this order.
    fn keep(&mut self, places: PyReadonlyArray1<'_, u32>) -> PyResult<()> {
        let places = places.as_slice()?;
        self.check(places)?;
        self.0.keep(places);
        Ok(())
    }

    /// Return an article's (id, text, all else, whether that is its line of JSON with an empty text, path, line).
    fn article(&self, place: u32) -> PyResult<(String, String, Vec<u8>, bool, String, u32)> {
        self.check(&[place])?;
        let (id, kept) = self.0.kept(place).map_err(failed)?;
        Ok((id.to_owned(), kept.text, kept.rest, kept.is_line, kept.place.0, kept.place.1))
    }

    /// Return the number of the source of each article.
    fn source_numbers<'py>(&self, py: Python<'py>) -> Bound<'py, PyArray1<u32>> {
        self.0.sources_in_order().collect::<Vec<_>>().into_pyarray(py)
    }

    /// Return (path, number of articles) for each path.
    fn paths(&self) -> Vec<(String, usize)> {
        self.0.articles_by_path().into_iter().map(|(path, count)| (path.to_owned(), count)).collect()
    }

    /// Learn which blocks each outlet repeats under different bodies; `outlets` gives each source's outlet.
    fn learn(&mut self, py: Python<'_>, outlets: PyReadonlyArray1<'_, u32>, least_contents: usize) -> PyResult<()> {
        let outlets = outlets.as_slice()?;
        if outlets.len() != self.0.sources().len() {
            return Err(refused("one outlet a source is needed"));
        }
        released(py, || self.0.learn(outlets, least_contents)).map_err(failed)
    }

    /// Return the lines that were learned: (outlet, text, kind, pages, outlets that taught it), by outlet, those on most pages first.
    fn learned_lines(&self, py: Python<'_>, outlets: PyReadonlyArray1<'_, u32>) -> PyResult<Vec<LearnedLine>> {
        let outlets = outlets.as_slice()?;
        let lines = released(py, || self.0.learned_lines(outlets)).map_err(failed)?;
        Ok(lines.into_iter().map(|line| (line.outlet, line.text, line.kind, line.pages, line.outlets)).collect())
    }

    /// Have (outlet, text, kind) go before what was learned; return on how many pages each holds.
    fn rule(
        &mut self,
        py: Python<'_>,
        outlets: PyReadonlyArray1<'_, u32>,
        rulings: Vec<(u32, PyBackedStr, u8)>,
    ) -> PyResult<Vec<u32>> {
        let outlets = outlets.as_slice()?;
        let rulings: Vec<Ruling> =
            rulings.iter().map(|(outlet, text, kind)| Ruling { outlet: *outlet, text, kind: *kind }).collect();
        released(py, || self.0.rule(outlets, &rulings)).map_err(failed)
    }

    /// Return for each article the first with its body (-1: no words); the matching pairs; their shared and own distinct
    /// shingles; the first places of bodies that several have with their sizes; the pairs below the threshold that share a
    /// passage of at least `least` words, with the same counts; and how much was left out.
    fn matches<'py>(
        &self,
        py: Python<'py>,
        method: &Method,
        threshold: f64,
        least: usize,
    ) -> PyResult<MatchArrays<'py>> {
        let found = released(py, || self.0.matches(&method.0, threshold, least)).map_err(failed)?;
        let group: Vec<i64> = found.group.iter().map(|first| first.map_or(-1, i64::from)).collect();
        let (linked, link_counts): (Vec<(u32, u32)>, Vec<Counts>) = found.linked.into_iter().unzip();
        Ok((
            group.into_pyarray(py),
            in_columns(py, found.pairs),
            counts_in_columns(py, &found.counts),
            in_columns(py, found.several),
            in_columns(py, linked),
            counts_in_columns(py, &link_counts),
            found.capped,
        ))
    }

    /// Return the blocks of the articles at these places: (offsets, starts, ends), words, keys, kinds, (pages, outlets) that
    /// taught each, and (block, rule) of the cues that hold.
    fn layout<'py>(&self, py: Python<'py>, places: PyReadonlyArray1<'py, u32>) -> PyResult<LayoutArrays<'py>> {
        let places = places.as_slice()?;
        self.check(places)?;
        let one = |&place: &u32| self.0.page(place);
        let pages = released(py, || places.par_iter().map(one).collect::<std::io::Result<Vec<_>>>()).map_err(failed)?;
        let mut offsets = vec![0i64];
        let (mut starts, mut ends, mut words, mut keys) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let (mut kinds, mut taught, mut teachers) = (Vec::new(), Vec::new(), Vec::new());
        let (mut cue_block, mut cue_rule) = (Vec::new(), Vec::new());
        for page in pages {
            let first = starts.len() as i64;
            for (block, (start, end)) in page.blocks.iter().zip(page.points) {
                starts.push(start);
                ends.push(end);
                words.push(block.words);
                keys.push(block.key);
            }
            kinds.extend(page.kinds);
            taught.extend(page.pages);
            teachers.extend(page.outlets);
            for hit in page.hits {
                cue_block.push(first + i64::from(hit.block));
                cue_rule.push(i64::from(hit.rule));
            }
            offsets.push(starts.len() as i64);
        }
        Ok((
            (offsets.into_pyarray(py), starts.into_pyarray(py), ends.into_pyarray(py)),
            words.into_pyarray(py),
            keys.into_pyarray(py),
            kinds.into_pyarray(py),
            (taught.into_pyarray(py), teachers.into_pyarray(py)),
            (cue_block.into_pyarray(py), cue_rule.into_pyarray(py)),
        ))
    }

    /// Return who has blocks of these keys with at least so many words: indices of keys, places of articles, and whether the
    /// block was learned there; one for each key, source and answer. Sources marked in `nobody` are each article on its own; of
    /// those `most` are enough for a key.
    fn holders<'py>(
        &self,
        py: Python<'py>,
        keys: PyReadonlyArray1<'_, u64>,
        least_words: u32,
        nobody: PyReadonlyArray1<'_, bool>,
        most: usize,
    ) -> PyResult<HolderArrays<'py>> {
        let (keys, nobody) = (keys.as_slice()?, nobody.as_slice()?);
        if nobody.len() != self.0.sources().len() {
            return Err(refused("one mark a source is needed"));
        }
        let found = released(py, || self.0.holders(keys, least_words, |source| nobody[source as usize], most));
        let at: Vec<u32> = found.iter().map(|&(at, ..)| at).collect();
        let places: Vec<u32> = found.iter().map(|&(_, place, _)| place).collect();
        let learned: Vec<bool> = found.iter().map(|&(.., learned)| learned).collect();
        Ok((at.into_pyarray(py), places.into_pyarray(py), learned.into_pyarray(py)))
    }
}

impl Corpus {
    fn check(&self, places: &[u32]) -> PyResult<()> {
        match places.iter().find(|&&place| place as usize >= self.0.len()) {
            Some(place) => Err(PyValueError::new_err(format!("place {place}, but only {} articles", self.0.len()))),
            None => Ok(()),
        }
    }
}

fn in_columns(py: Python<'_>, pairs: Vec<(u32, u32)>) -> PairArrays<'_> {
    let (left, right): (Vec<u32>, Vec<u32>) = pairs.into_iter().unzip();
    (left.into_pyarray(py), right.into_pyarray(py))
}

fn counts_in_columns<'py>(py: Python<'py>, counts: &[Counts]) -> CountArrays<'py> {
    let column = |of: fn(&Counts) -> u32| counts.iter().map(of).collect::<Vec<u32>>().into_pyarray(py);
    (column(|counts| counts.shared), column(|counts| counts.left), column(|counts| counts.right))
}

fn lefts(py: Python<'_>, left: Vec<Left>) -> PyResult<Lefts<'_>> {
    let one = |left| match left {
        Left::NotPlain(number, line) => Ok((number, pyo3::types::PyBytes::new(py, &line).into_any().unbind())),
        Left::TooLong(number, length) => Ok((number, length.into_pyobject(py)?.into_any().unbind())),
    };
    left.into_iter().map(one).collect()
}
