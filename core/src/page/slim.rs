//! What of a page do extractors look at? Its elements, its text, and few attributes: about a third of its bytes.
//!
//! An extractor parses the page anew, and pays for every byte and every element. It is given the page without scripts,
//! styles, drawings and comments, without addresses and whatever else only loads or names something, and with its
//! white space drawn together. What an extractor judges by differs, so each gets a page of its own.

mod named;

use super::elements;
use crate::markup::Tag;
use named::is_telling;

/// Who is given the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Extractor {
    /// Looks at elements in many ways, and at the data in scripts.
    #[default]
    Trafilatura,
    /// Passes over all that is no running text, and knows an element by words in its class and id. It looks for each in
    /// turn, which takes longer than parsing does: where there are none, it does not get the class and the id.
    Resiliparse,
}

impl Extractor {
    /// What an element does, to the page that this extractor gets too.
    pub fn given(self, does: u16) -> u16 {
        let passed_over = self == Extractor::Resiliparse && does & elements::PASSED_OVER != 0;
        if passed_over { does | elements::LEFT_OUT } else { does }
    }

    /// Whether it gets the data that stand in scripts.
    pub fn reads_data(self) -> bool {
        self == Extractor::Trafilatura
    }
}

/// A style that hides its element holds one of these words.
const HIDING: [&str; 2] = ["display", "hidden"];
/// A class that says nothing.
const NAMED: &str = " class=\"x\"";

/// What an extractor sees of an attribute.
#[derive(PartialEq, Eq)]
enum Seen {
    /// All of it.
    Whole,
    /// That it is there.
    Name,
    Nothing,
}

/// The page that an extractor is given, as far as it is written.
#[derive(Default)]
pub struct Slim {
    html: String,
    extractor: Extractor,
    /// Of the tag that is being written: whether a name was left out, and whether that alone would make a difference: a
    /// role, a style and the links of a division are judged otherwise where there is a name, whatever it is.
    unnamed: bool,
    asked_if_named: bool,
    /// What was written last is a tag at which a line begins.
    at_edge: bool,
}

impl Slim {
    /// Begins a page for an extractor.
    pub fn new(extractor: Extractor) -> Self {
        Slim { extractor, ..Slim::default() }
    }

    /// Takes what is written.
    pub fn html(self) -> String {
        self.html
    }

    /// Writes a doctype: pages with and without one are parsed by other rules.
    pub fn doctype(&mut self, written: &str) {
        self.html.push_str(written);
    }

    /// Begins a start tag. Returns where it begins.
    pub fn begin(&mut self, tag: Tag<'_>) -> usize {
        let start = self.html.len();
        (self.unnamed, self.asked_if_named) = (false, tag.name.eq_ignore_ascii_case("div"));
        self.html.push('<');
        self.html.push_str(tag.name);
        start
    }

    /// Writes what is seen of an attribute of the tag that was begun.
    pub fn attribute(&mut self, name: &str, value: &str) {
        let seen = match self.extractor {
            Extractor::Trafilatura => seen_by_trafilatura(name, value),
            Extractor::Resiliparse => self.seen_by_resiliparse(name, value),
        };
        if seen == Seen::Nothing {
            return;
        }
        self.html.push(' ');
        self.html.push_str(name);
        if seen == Seen::Name || value.is_empty() {
            return;
        }
        // A value without quotes around it may hold both.
        let (quote, escaped) = if value.contains('"') { ('\'', "&#39;") } else { ('"', "") };
        self.html.extend(['=', quote]);
        for (number, part) in value.split(quote).enumerate() {
            self.html.push_str(if number > 0 { escaped } else { "" });
            self.html.push_str(part);
        }
        self.html.push(quote);
    }

    /// Ends the start tag that was begun; says whether a line begins behind it.
    pub fn end_start(&mut self, tag: Tag<'_>, begins_line: bool) {
        self.at_edge = begins_line;
        if self.unnamed && self.asked_if_named {
            self.html.push_str(NAMED);
        }
        self.html.push_str(if tag.closes_itself() { "/>" } else { ">" });
    }

    /// Takes back what was written from some place on.
    pub fn take_back(&mut self, start: usize) {
        self.html.truncate(start);
    }

    /// Writes an end tag.
    pub fn end(&mut self, name: &str, begins_line: bool) {
        self.at_edge = begins_line;
        self.html.push_str("</");
        self.html.push_str(name);
        self.html.push('>');
    }

    /// Writes what an element without markup holds.
    pub fn raw(&mut self, text: &str) {
        self.html.push_str(text);
    }

    /// Writes text as it is written in the page; white space around it becomes a single sign if `collapses` it.
    pub fn text(&mut self, text: &str, collapses: bool) {
        let at_edge = std::mem::take(&mut self.at_edge);
        if self.extractor == Extractor::Resiliparse && at_edge && collapses && text.trim_ascii().is_empty() {
            self.at_edge = true; // it shows nothing, but is a node like any other to who walks through them
            return;
        }
        // Where a comment was left out, this sign would begin a tag.
        let (sign, text) = text.strip_prefix('<').map_or(("", text), |rest| ("&lt;", rest));
        self.html.push_str(sign);
        if !collapses {
            return self.html.push_str(text);
        }
        let bare = text.trim_ascii();
        let (before, after) = text.split_at(text.len() - text.trim_ascii_start().len());
        self.space(before);
        self.html.push_str(bare);
        self.space(&after[bare.len()..]);
    }

    /// What resiliparse sees of an attribute.
    fn seen_by_resiliparse(&mut self, name: &str, value: &str) -> Seen {
        let is = |known: &[&str]| known.iter().any(|known| known.eq_ignore_ascii_case(name));
        let whole = match name.len() {
            2 | 5 if is(&["id", "class"]) => {
                let telling = is_telling(value);
                self.unnamed |= !telling;
                telling
            }
            5 if is(&["style"]) => {
                let hides = may_hide(value);
                self.asked_if_named |= hides;
                hides
            }
            4 if is(&["role"]) => {
                self.asked_if_named = true;
                true
            }
            3 => is(&["rel"]),
            6 => is(&["hidden"]),
            7 => is(&["data-ad"]),
            8 => is(&["itemprop"]),
            11 => is(&["aria-hidden"]),
            12 => is(&["data-text-ad"]),
            13 => is(&["aria-expanded"]),
            18 => is(&["data-advertisement"]),
            _ => false,
        };
        if whole { Seen::Whole } else { Seen::Nothing }
    }

    /// Writes white space as one sign, if none was written just before.
    fn space(&mut self, space: &str) {
        if !space.is_empty() && !self.html.ends_with(|last: char| last.is_ascii_whitespace()) {
            self.html.push(if space.contains('\n') { '\n' } else { ' ' });
        }
    }
}

fn may_hide(style: &str) -> bool {
    let style = style.to_ascii_lowercase();
    HIDING.iter().any(|word| style.contains(word))
}

/// What trafilatura sees of an attribute: it asks what names an element or hides it, and how a table or a formula is
/// laid out.
fn seen_by_trafilatura(name: &str, value: &str) -> Seen {
    let is = |known: &[&str]| known.iter().any(|known| known.eq_ignore_ascii_case(name));
    let whole = match name.len() {
        2 => is(&["id"]),
        3 => is(&["rel"]),
        4 if is(&["href"]) => return Seen::Name,
        4 => is(&["role", "type", "lang"]),
        5 if is(&["style"]) => return if may_hide(value) { Seen::Whole } else { Seen::Name },
        5 => is(&["class"]),
        6 => is(&["hidden"]),
        7 => is(&["colspan", "rowspan", "display", "alttext", "data-ad"]),
        8 => is(&["encoding", "itemprop"]),
        11 => is(&["aria-hidden", "data-testid"]),
        12 => is(&["data-text-ad"]),
        13 => is(&["aria-expanded"]),
        14 => is(&["data-component", "data-preloaded"]),
        18 => is(&["data-advertisement"]),
        27 => is(&["data-lp-replacement-content"]),
        _ => false,
    };
    if whole { Seen::Whole } else { Seen::Nothing }
}
