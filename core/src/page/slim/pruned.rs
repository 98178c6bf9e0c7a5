//! What can be left out of a page without a difference to what resiliparse says of it?
//!
//! Resiliparse looks at each element many times, so that each costs as much as a line of text does. An element is judged
//! where it ends, when all is known that it holds:
//!
//! - one that holds nothing shows nothing;
//! - one within a line that says nothing of itself makes no difference to the line;
//! - of what is rejected only the text and the links count, to what holds it: elements are judged by how much links;
//! - a division of so much text is never judged by its links, so its text need not be gathered for that.
//!
//! An element in which something was left open or a link ended another, or that is ended by something else than its own end
//! tag, stays.

use std::ops::Sub;

use super::super::elements::{self, Name, begins_line, pack};
use super::{NAMED, Slim};
use crate::markup::{Token, Tokens};

const ARIA_EXPANDED: Name = pack("aria-expanded");
const ARIA_HIDDEN: Name = pack("aria-hidden");
const CLASS: Name = pack("class");
const HIDDEN: Name = pack("hidden");
const ITEMPROP: Name = pack("itemprop");
const REL: Name = pack("rel");
const ROLE: Name = pack("role");

const A: Name = pack("a");
const DIV: Name = pack("div");
const FOOTER: Name = pack("footer");
const UL: Name = pack("ul");

/// A division of more bytes of text is not judged by its links; one without a name is not from fewer on.
const LONG: u32 = 1_500;
const LONG_UNNAMED: u32 = 800;
/// It is judged at this depth, and without a name deeper down only.
const DEEP: u32 = 3;
const DEEP_UNNAMED: u32 = 6;
/// Links hold so much of the text of a division that is rejected for them, and of a list or a footer, in per cent.
const MANY: u32 = 60;
const MANY_OF_LIST: u32 = 20;
/// What is rejected is written anew if it is so many elements. Of what was written anew within it none counts any more.
const MANY_ELEMENTS: u32 = 3;
/// Divisions with one of these words in their name are rejected for it, where other elements are not.
const SKIPPED: [&str; 6] = ["skip", "scroll", "next", "prev", "permalink", "pagination"];
/// What takes the place of a long division, and of what is rejected: elements that are judged by nothing but their
/// names, and by their name alone.
const SECTION: &str = "section";
const NAV: &str = "nav";
const LINK_END: &str = "</a>";

/// Elements of these names are rejected, whatever else is said of them.
const REJECTED: [Name; 5] = [pack("aside"), pack("audio"), pack("nav"), pack("time"), pack("video")];
/// And these are not rejected for their attributes.
const KEPT: [Name; 3] = [pack("footer"), pack("h1"), pack("main")];
/// Where one element of a page, and no other, is of one of these classes or of that role, it is taken for the article
/// before anything else is asked.
const CHOSEN: [Name; 8] = [
    pack("article-body"),
    pack("articlebody"),
    pack("article-text"),
    pack("contentbody"),
    pack("main-content"),
    pack("post-content"),
    pack("postcontent"),
    pack("single-post"),
];
const CHOSEN_ROLE: &str = "main";
/// Two that are chosen: no other is, and none is looked for any more.
const UNDECIDED: &str = "<p class=\"article-body\"></p><p class=\"article-body\"></p>";

/// What stands on a page, in counts.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    /// Bytes of text that are shown at least, and of these in links.
    pub shown: u32,
    pub linked: u32,
    /// Bytes of text as it is written: at most so many are shown.
    pub written: u32,
    /// Elements, and those that begin a line, or a cell.
    elements: u32,
    blocks: u32,
    /// Elements that may be chosen, or that hold no markup.
    pub bound: u32,
    footers: u32,
    /// Links that ended one they stand in.
    crossed: u32,
}

impl Sub for Tally {
    type Output = Tally;

    fn sub(self, before: Tally) -> Tally {
        Tally {
            shown: self.shown - before.shown,
            linked: self.linked - before.linked,
            written: self.written - before.written,
            elements: self.elements - before.elements,
            blocks: self.blocks - before.blocks,
            bound: self.bound - before.bound,
            footers: self.footers - before.footers,
            crossed: self.crossed - before.crossed,
        }
    }
}

/// How an element was begun.
#[derive(Clone, Copy, Debug, Default)]
pub struct Begun {
    /// Where its start tag stands, and where it ends.
    pub start: u32,
    pub inside: u32,
    /// What stood on the page before.
    pub before: Tally,
    /// Whether a line began there anyway, and whether its start ended other elements.
    pub at_edge: bool,
    pub ended_others: bool,
    pub rejected: bool,
    pub depth: u32,
    /// Whether it stands in a link.
    pub in_link: bool,
}

impl Slim {
    /// Takes note of an element that was opened, the tag of which was written last: what it does, how deep it stands,
    /// whether it does in a link, and whether it ended others.
    pub fn open(&mut self, (name, does): (Name, u16), depth: usize, in_link: bool, ended_others: bool) {
        let begun = &mut self.tag;
        begun.rejected = REJECTED.contains(&name) || begun.rejected && !KEPT.contains(&name);
        (begun.depth, begun.in_link, begun.ended_others) = (depth as u32, in_link, ended_others);
        self.tally.elements += 1;
        self.tally.blocks += u32::from(begins_line(does));
        self.tally.footers += u32::from(name == FOOTER);
        self.tally.crossed += u32::from(name == A && ended_others);
        self.begun.push(*begun);
    }

    /// Takes note of an attribute of the tag that is being written.
    pub fn judge(&mut self, name: Name, value: &str) {
        let bare = value.trim_ascii();
        self.tag.rejected |= match name {
            HIDDEN => true,
            REL => ["author", "icon", "search", "prev", "next", "tag"].contains(&bare),
            ITEMPROP => ["datePublished", "author", "url"].contains(&bare),
            ARIA_HIDDEN => bare == "true",
            ARIA_EXPANDED => bare == "false",
            _ => false,
        };
        self.tally.bound += match name {
            ROLE => u32::from(value.eq_ignore_ascii_case(CHOSEN_ROLE)),
            CLASS => value.split_ascii_whitespace().map(|class| u32::from(CHOSEN.contains(&pack(class)))).sum(),
            _ => 0,
        };
    }

    /// Ends an element, the innermost that is open. Returns whether its end tag need not be written.
    pub fn settle(&mut self, node: u32, (name, does): (Name, u16)) -> bool {
        let begun = self.begun[node as usize];
        let (start, inside) = (begun.start as usize, begun.inside as usize);
        let holds = self.tally - begun.before;
        if holds.crossed > 0 {
            return false;
        }
        let is_inline = !begins_line(does);
        let shows_nothing = self.html[inside..].trim_ascii().is_empty() && holds.bound == 0;
        // What follows a footer tells whether it is the last that an element holds.
        let follows_footer = self.tally.footers > 0;
        let matters = begun.ended_others || follows_footer;
        if shows_nothing && !matters && (begun.at_edge || is_inline && self.html.len() == inside) {
            self.html.truncate(start);
            self.at_edge = begun.at_edge;
            return true;
        }
        if holds.bound == 0 && holds.elements >= MANY_ELEMENTS && self.is_rejected(&begun, name, holds) {
            self.flatten(&begun, is_inline);
            self.tally.elements = begun.before.elements + 1;
            return true;
        }
        let written = &self.html[start..inside];
        let says_nothing =
            !begun.rejected && does & elements::FOREIGN == 0 && name != A && !written.contains([' ', '/']);
        if is_inline && holds.blocks == 0 && says_nothing && !follows_footer {
            self.html.replace_range(start..inside, "");
            return true;
        }
        if name == DIV && holds.shown > LONG {
            let written = written.to_ascii_lowercase();
            if !SKIPPED.iter().any(|word| written.contains(word)) {
                self.html.replace_range(start + 1..start + "<div".len(), SECTION);
                self.close_as(SECTION);
                self.at_edge = true;
                return true;
            }
        }
        false
    }

    /// Whether an element that holds so much is surely rejected.
    fn is_rejected(&self, begun: &Begun, name: Name, holds: Tally) -> bool {
        let of_links = |share: u32| !begun.in_link && 100 * holds.linked > share * holds.written;
        let attributes = || self.html[begun.start as usize + "<div".len()..begun.inside as usize].trim_end_matches('>');
        let judged_by_links = match name {
            UL | FOOTER => of_links(MANY_OF_LIST),
            DIV if of_links(MANY) => match attributes() {
                "" => begun.depth >= DEEP_UNNAMED && holds.written <= LONG_UNNAMED,
                NAMED => begun.depth >= DEEP && holds.written <= LONG,
                _ => false,
            },
            _ => false,
        };
        begun.rejected || judged_by_links
    }

    /// Writes an element that is rejected anew, with nothing but its text and its links.
    fn flatten(&mut self, begun: &Begun, is_inline: bool) {
        let held = self.html.split_off(begun.inside as usize);
        let tag = self.html.split_off(begun.start as usize);
        let name = if is_inline { tag[1..].split([' ', '>', '/']).next().unwrap_or_default() } else { NAV };
        if is_inline {
            self.html.push_str(&tag);
        } else {
            self.html.extend(["<", NAV, ">"]);
        }
        let (mut begins_link, mut in_link) = (false, false);
        for token in Tokens::of(&held) {
            match token {
                Token::Text(text) => {
                    if std::mem::take(&mut begins_link) {
                        self.begin_link(text);
                        in_link = true;
                    }
                    self.html.push_str(text);
                }
                Token::Start(tag) if pack(tag.name) == A => begins_link = true,
                Token::End(name) if pack(name) == A => {
                    self.html.push_str(if in_link { LINK_END } else { "" });
                    (begins_link, in_link) = (false, false);
                }
                _ => {}
            }
        }
        self.close_as(name);
        self.at_edge = !is_inline;
    }

    /// Begins a link of this text: where another ends it goes on, unless white space of both would become one sign.
    fn begin_link(&mut self, text: &str) {
        match self.html.strip_suffix(LINK_END) {
            Some(link) if !(link.ends_with(is_space) && text.starts_with(is_space)) => self.html.truncate(link.len()),
            _ => self.html.push_str("<a>"),
        }
    }

    fn close_as(&mut self, name: &str) {
        self.html.extend(["</", name, ">"]);
    }

    /// Where no element is chosen for its class, makes that known at the first of the nine searches for one.
    pub fn spare_searches(&mut self) {
        if self.tally.bound == 0 {
            self.html.insert_str(self.doctype, UNDECIDED);
        }
    }
}

fn is_space(sign: char) -> bool {
    sign.is_ascii_whitespace()
}
