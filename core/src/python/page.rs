//! Web pages, as Python asks for them.

use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::page;

/// Start, end, context, links.
type Block = (u32, u32, u32, Vec<String>);
/// Path and classes.
type Context = (String, Vec<String>);
/// Kind, name, value, number of blocks before it.
type Statement = (&'static str, String, String, u32);

/// A web page, read: what it shows, and what its markup states.
#[pyclass(frozen, module = "dedup._core")]
pub struct Page(page::Page);

#[pymethods]
impl Page {
    /// Read the markup of a page.
    #[new]
    fn new(py: Python<'_>, html: &str) -> Self {
        Page(py.detach(|| page::read(html)))
    }

    /// All it shows: its blocks with two line feeds between them.
    #[getter]
    fn text<'py>(&self, py: Python<'py>) -> Bound<'py, PyString> {
        PyString::new(py, &self.0.text)
    }

    /// Where each block stands in the text, the number of its context, and the addresses it links to.
    #[getter]
    fn blocks(&self) -> Vec<Block> {
        self.0.blocks.iter().map(|block| (block.points.0, block.points.1, block.context, block.links.clone())).collect()
    }

    /// The path and the classes of each context.
    #[getter]
    fn contexts(&self) -> Vec<Context> {
        self.0.contexts.iter().map(|context| (context.path.clone(), context.classes.clone())).collect()
    }

    /// What the markup states: kind, name, value, and how many blocks stand before it.
    #[getter]
    fn statements(&self) -> Vec<Statement> {
        let one = |s: &page::Statement| (s.kind, s.name.clone(), s.value.clone(), s.block);
        self.0.statements.iter().map(one).collect()
    }

    /// How many characters stand in paragraphs.
    #[getter]
    fn in_paragraphs(&self) -> usize {
        self.0.in_paragraphs
    }

    /// How many elements are open at once.
    #[getter]
    fn deepest(&self) -> usize {
        self.0.deepest
    }

    /// Return the numbers of the blocks that stand in an extract of the page, and how many of the letters of the extract
    /// stand in blocks, of how many.
    fn main(&self, py: Python<'_>, extract: &str) -> (Vec<usize>, usize, usize) {
        py.detach(|| {
            let text = &self.0.text;
            let blocks: Vec<&str> =
                self.0.blocks.iter().map(|block| &text[block.bytes.0 as usize..block.bytes.1 as usize]).collect();
            let (main, told, all) = page::in_main(&blocks, extract);
            let numbers = main.iter().enumerate().filter(|(_, in_main)| **in_main).map(|(number, _)| number).collect();
            (numbers, told, all)
        })
    }
}
