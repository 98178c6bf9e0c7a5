//! What of a page do extractors look at? Its elements, its text, and few attributes: about a third of its bytes.
//!
//! An extractor parses the page anew, and pays for every byte and every element. It is given the page without scripts,
//! styles, drawings and comments, without addresses and whatever else only loads or names something, and with its
//! white space drawn together. What an extractor judges by differs, so each gets a page of its own.

mod named;
mod pruned;

use super::attributes::may_hide;
use super::elements::{self, Name, pack};
use crate::markup::Tag;
use named::is_telling;
use pruned::{Begun, Tally};

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

const CLASS: Name = pack("class");
const HREF: Name = pack("href");
const ID: Name = pack("id");
const ROLE: Name = pack("role");
const STYLE: Name = pack("style");
/// Attributes that are seen whatever they hold, by both and by one.
const SEEN_BY_BOTH: [Name; 8] = [
    pack("rel"),
    pack("hidden"),
    pack("data-ad"),
    pack("itemprop"),
    pack("aria-hidden"),
    pack("data-text-ad"),
    pack("aria-expanded"),
    pack("data-advertisement"),
];
const SEEN_BY_TRAFILATURA: [Name; 11] = [
    pack("type"),
    pack("lang"),
    pack("colspan"),
    pack("rowspan"),
    pack("display"),
    pack("alttext"),
    pack("encoding"),
    pack("data-testid"),
    pack("data-component"),
    pack("data-preloaded"),
    pack("data-lp-replacement-content"),
];
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
    /// Where the doctype ends.
    doctype: usize,
    /// The tag that is being written; the elements of the page, by their numbers; and what is on the page so far.
    tag: Begun,
    begun: Vec<Begun>,
    tally: Tally,
}

impl Slim {
    /// Begins a page for an extractor.
    pub fn new(extractor: Extractor) -> Self {
        Slim { extractor, ..Slim::default() }
    }

    /// Takes what is written.
    pub fn html(mut self) -> String {
        if self.extractor == Extractor::Resiliparse {
            self.spare_searches();
        }
        self.html
    }

    /// Writes a doctype: pages with and without one are parsed by other rules.
    pub fn doctype(&mut self, written: &str) {
        let is_first = self.html.trim_ascii().is_empty();
        self.html.push_str(written);
        if is_first {
            self.doctype = self.html.len();
        }
    }

    /// Begins a start tag.
    pub fn begin(&mut self, tag: Tag<'_>) {
        let start = self.html.len() as u32;
        self.tag = Begun { start, inside: start, before: self.tally, at_edge: self.at_edge, ..Begun::default() };
        (self.unnamed, self.asked_if_named) = (false, tag.name.eq_ignore_ascii_case("div"));
        self.html.push('<');
        self.html.push_str(tag.name);
    }

    /// Writes what is seen of an attribute of the tag that was begun.
    pub fn attribute(&mut self, packed: Name, name: &str, value: &str) {
        let seen = match self.extractor {
            Extractor::Trafilatura => seen_by_trafilatura(packed, value),
            Extractor::Resiliparse => self.seen_by_resiliparse(packed, value),
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
        self.tag.inside = self.html.len() as u32;
    }

    /// Takes the start tag back that was begun.
    pub fn take_back(&mut self) {
        self.html.truncate(self.tag.start as usize);
        self.tally = self.tag.before;
    }

    /// Takes note that so many bytes of text are shown, in a link or not.
    pub fn show(&mut self, bytes: usize, in_link: bool) {
        self.tally.shown += bytes as u32;
        self.tally.linked += if in_link { bytes as u32 } else { 0 };
    }

    /// Writes an end tag; says whether a line begins behind it, and which element it ends, if it ends nothing else.
    pub fn end(&mut self, name: &str, begins_line: bool, ended: Option<u32>, does: (Name, u16)) {
        if self.extractor == Extractor::Resiliparse && ended.is_some_and(|node| self.settle(node, does)) {
            return;
        }
        self.at_edge = begins_line;
        self.html.push_str("</");
        self.html.push_str(name);
        self.html.push('>');
    }

    /// Writes what an element without markup holds.
    pub fn raw(&mut self, text: &str) {
        self.html.push_str(text);
        self.tally.bound += 1;
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
        self.tally.written += (sign.len() + text.len()) as u32;
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
    fn seen_by_resiliparse(&mut self, name: Name, value: &str) -> Seen {
        self.judge(name, value);
        let whole = match name {
            ID | CLASS => {
                let telling = is_telling(value);
                self.unnamed |= !telling;
                telling
            }
            STYLE => {
                let hides = may_hide(value);
                self.asked_if_named |= hides;
                hides
            }
            ROLE => {
                self.asked_if_named = true;
                true
            }
            _ => SEEN_BY_BOTH.contains(&name),
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

/// What trafilatura sees of an attribute: it asks what names an element or hides it, and how a table or a formula is
/// laid out.
fn seen_by_trafilatura(name: Name, value: &str) -> Seen {
    match name {
        HREF => Seen::Name,
        STYLE if !may_hide(value) => Seen::Name,
        STYLE | ID | CLASS | ROLE => Seen::Whole,
        _ if SEEN_BY_BOTH.contains(&name) || SEEN_BY_TRAFILATURA.contains(&name) => Seen::Whole,
        _ => Seen::Nothing,
    }
}
