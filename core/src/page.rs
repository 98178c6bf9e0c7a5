//! What does a web page show, and what does its markup state? One pass over its tags.
//!
//! The page's text is cut into blocks wherever a browser would begin a new line: at the edges of elements that aren't
//! inline, and at `<br>`. White space is collapsed, so a block never holds a line break, and two line feeds stand between
//! blocks: splitting the text gives the same blocks back.

mod apart;
mod attributes;
mod elements;
mod located;
mod open;
mod reader;
mod shape;
mod signed;
mod slim;
mod statements;
#[cfg(test)]
mod tests;
mod traits;
mod weights;

pub use located::in_main;
pub use reader::read;
pub use slim::Extractor;
pub use traits::of as traits;
pub use weights::{Names, Weighed, Weights};

/// A page, read.
#[derive(Default)]
pub struct Page {
    /// All it shows: its blocks, with two line feeds between them.
    pub text: String,
    /// The blocks, in order.
    pub blocks: Vec<Block>,
    /// The markup around blocks: many share it.
    pub contexts: Vec<Context>,
    /// What its markup states, in order.
    pub statements: Vec<Statement>,
    /// The page as extractors get it: without what they do not look at.
    pub slim: String,
    /// How many elements were open at once, had each start tag an end tag of its own.
    pub deepest: usize,
}

/// What the name of an element that holds readers' comments begins with.
const COMMENT: &str = "comment";

impl Page {
    /// How many characters stand in paragraphs, readers' comments aside.
    pub fn in_paragraphs(&self) -> usize {
        let told: Vec<bool> = self.contexts.iter().map(Context::is_told).collect();
        let told = self.blocks.iter().filter(|block| told[block.context as usize]);
        told.map(|block| (block.points.1 - block.points.0) as usize).sum()
    }
}

/// A block of a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Block {
    /// Where it stands in the page's text, in bytes.
    pub bytes: (u32, u32),
    /// And in code points.
    pub points: (u32, u32),
    /// Which of the contexts is its own.
    pub context: u32,
    /// The addresses it links to, as written.
    pub links: Vec<String>,
}

/// The markup around a block.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Context {
    /// The elements that hold all of it, from the outermost below the body on; `a` at the end if all of it is links.
    pub path: String,
    /// Their classes, ids and roles, from the innermost on, with blanks between them.
    pub classes: String,
}

impl Context {
    /// Whether it is a paragraph, and no reader's comment.
    fn is_told(&self) -> bool {
        let begins = |name: &str| name.get(..COMMENT.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(COMMENT));
        self.path.split('/').any(|name| name == "p") && !self.classes.split(' ').any(begins)
    }
}

/// What one element states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// `meta`, `link`, `json`, `time`, `item`, `title`, `lang`, `media` or `script`.
    pub kind: &'static str,
    /// The name under which it states that, in lower case.
    pub name: String,
    /// What it states.
    pub value: String,
    /// How many blocks stand before it.
    pub block: u32,
}
