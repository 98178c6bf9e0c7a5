//! Web pages, as Python asks for them.

use pyo3::prelude::*;
use pyo3::types::{PyString, PyTuple};

use std::collections::HashMap;

use super::refused;
use super::threads::released;
use crate::page;

/// Start, end, path, classes, links.
type Row<'py> = (u32, u32, Bound<'py, PyString>, Bound<'py, PyString>, Bound<'py, PyTuple>);
/// Kind, name, value, number of blocks before it.
type Statement = (&'static str, String, String, u32);

/// A web page, read: what it shows, and what its markup states.
#[pyclass(frozen, module = "dedup._core")]
pub struct Page(page::Page);

#[pymethods]
impl Page {
    /// Read the markup of a page, to be given to the extractor of this name.
    #[new]
    #[pyo3(signature = (html, extractor="trafilatura"))]
    fn new(py: Python<'_>, html: &str, extractor: &str) -> PyResult<Self> {
        let extractor = match extractor {
            "trafilatura" => page::Extractor::Trafilatura,
            "resiliparse" => page::Extractor::Resiliparse,
            other => return Err(refused(format!("there is no extractor {other:?}"))),
        };
        Ok(Page(released(py, || page::read(html, extractor))))
    }

    /// All it shows: its blocks with two line feeds between them.
    #[getter]
    fn text<'py>(&self, py: Python<'py>) -> Bound<'py, PyString> {
        PyString::new(py, &self.0.text)
    }

    /// The page without what the extractor does not look at.
    #[getter]
    fn slim<'py>(&self, py: Python<'py>) -> Bound<'py, PyString> {
        PyString::new(py, &self.0.slim)
    }

    /// Of each block: where it starts and ends in the text, its path, its classes with blanks between them, and
    /// the addresses it links to.
    #[getter]
    fn rows<'py>(&self, py: Python<'py>) -> PyResult<Vec<Row<'py>>> {
        let context = |c: &page::Context| (PyString::new(py, &c.path), PyString::new(py, &c.classes));
        let contexts: Vec<_> = self.0.contexts.iter().map(context).collect();
        let no_links = PyTuple::empty(py);
        let row = |block: &page::Block| {
            let (path, classes) = contexts[block.context as usize].clone();
            let links = if block.links.is_empty() { no_links.clone() } else { PyTuple::new(py, &block.links)? };
            Ok((block.points.0, block.points.1, path, classes, links))
        };
        self.0.blocks.iter().map(row).collect()
    }

    /// What the markup states: kind, name, value, and how many blocks stand before it.
    #[getter]
    fn statements(&self) -> Vec<Statement> {
        let one = |s: &page::Statement| (s.kind, s.name.clone(), s.value.clone(), s.block);
        self.0.statements.iter().map(one).collect()
    }

    /// How many characters stand in paragraphs, readers' comments aside.
    #[getter]
    fn in_paragraphs(&self) -> usize {
        self.0.in_paragraphs()
    }

    /// How many elements are open at once.
    #[getter]
    fn deepest(&self) -> usize {
        self.0.deepest
    }

    /// Return the numbers of the blocks that stand in an extract of the page, and how many of the letters of the extract
    /// stand in blocks, of how many.
    fn main(&self, py: Python<'_>, extract: &str) -> (Vec<usize>, usize, usize) {
        released(py, || {
            let text = &self.0.text;
            let blocks: Vec<&str> =
                self.0.blocks.iter().map(|block| &text[block.bytes.0 as usize..block.bytes.1 as usize]).collect();
            let (main, told, all) = page::in_main(&blocks, extract);
            let numbers = main.iter().enumerate().filter(|(_, in_main)| **in_main).map(|(number, _)| number).collect();
            (numbers, told, all)
        })
    }

    /// Return of each block of an article, by its number, what it weighs, the number of its place in the markup, and how
    /// many words it holds.
    fn weighed(&self, py: Python<'_>, main: Vec<usize>, weights: &Weights) -> PyResult<Vec<page::Weighed>> {
        self.refuse_unknown(&main)?;
        Ok(released(py, || weights.0.weigh(&self.0, &main)))
    }

    /// Return the traits of each block of an article, by its number.
    fn traits(&self, main: Vec<usize>) -> PyResult<Vec<Vec<String>>> {
        self.refuse_unknown(&main)?;
        let mut names = page::Names::default();
        page::traits(&self.0, &main, &mut names);
        Ok(names.blocks)
    }
}

impl Page {
    fn refuse_unknown(&self, main: &[usize]) -> PyResult<()> {
        let blocks = self.0.blocks.len();
        match main.iter().find(|&&number| number >= blocks) {
            Some(number) => Err(refused(format!("there is no block {number}: the page has {blocks}"))),
            None => Ok(()),
        }
    }
}

/// What each trait of a block weighs.
#[pyclass(frozen, module = "dedup._core")]
pub struct Weights(page::Weights);

#[pymethods]
impl Weights {
    /// Take the weights of traits, by their names.
    #[new]
    fn new(bias: f64, of: HashMap<String, f64>) -> Self {
        Weights(page::Weights::new(bias, of.iter().map(|(name, weight)| (name.as_str(), *weight))))
    }
}
