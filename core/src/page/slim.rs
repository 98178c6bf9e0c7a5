//! What of a page do extractors look at? Its elements, its text, and few attributes: about a third of its bytes.
//!
//! An extractor parses the page anew, and pays for every byte and every element. It is given the page without scripts,
//! styles, drawings and comments, without addresses and whatever else only loads or names something, and with its
//! white space drawn together.

use crate::markup::Tag;

/// A style that hides its element holds one of these words.
const HIDING: [&str; 2] = ["display", "hidden"];

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
}

impl Slim {
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
        self.html.push('<');
        self.html.push_str(tag.name);
        start
    }

    /// Writes what is seen of an attribute of the tag that was begun.
    pub fn attribute(&mut self, name: &str, value: &str) {
        let seen = seen_of(name, value);
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

    /// Ends the start tag that was begun.
    pub fn end_start(&mut self, tag: Tag<'_>) {
        self.html.push_str(if tag.closes_itself() { "/>" } else { ">" });
    }

    /// Takes back what was written from some place on.
    pub fn take_back(&mut self, start: usize) {
        self.html.truncate(start);
    }

    /// Writes an end tag.
    pub fn end(&mut self, name: &str) {
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

    /// Writes white space as one sign, if none was written just before.
    fn space(&mut self, space: &str) {
        if !space.is_empty() && !self.html.ends_with(|last: char| last.is_ascii_whitespace()) {
            self.html.push(if space.contains('\n') { '\n' } else { ' ' });
        }
    }
}

/// What an extractor sees of an attribute: it asks what names an element or hides it, and how a table or a formula is
/// laid out.
fn seen_of(name: &str, value: &str) -> Seen {
    let is = |known: &[&str]| known.iter().any(|known| known.eq_ignore_ascii_case(name));
    let whole = match name.len() {
        2 => is(&["id"]),
        3 => is(&["rel"]),
        4 if is(&["href"]) => return Seen::Name,
        4 => is(&["role", "type", "lang"]),
        5 if is(&["style"]) => {
            let style = value.to_ascii_lowercase();
            return if HIDING.iter().any(|word| style.contains(word)) { Seen::Whole } else { Seen::Name };
        }
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
