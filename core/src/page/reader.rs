//! One pass over the tags of a page.

use std::collections::HashMap;

use memchr::memchr;
use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

use super::attributes::Attributes;
use super::elements::{self, Name, begins_line, flags, pack};
use super::open::{Element, Open};
use super::slim::{Extractor, Slim};
use super::statements::Statements;
use super::{Block, Context, Page};
use crate::markup::{Tag, Token, Tokens, decode};
use crate::unhashed::BuildUnhashed;

/// What stands between two blocks.
const BETWEEN: &str = "\n\n";
/// A longer address links to nothing that we would name.
const LONGEST_ADDRESS: usize = 2_000;
/// A block links to so many addresses at most.
const MOST_LINKS: usize = 32;
/// So many elements name a block's path: the outermost and the innermost half of them.
const MOST_NAMES: usize = 64;
/// A longer name of an element, a class or an id is cut.
const LONGEST_NAME: usize = 64;
/// So many classes and ids of one element, and of all around a block, are kept: those nearest to it first.
const MOST_CLASSES: (usize, usize) = (8, 32);

/// An element that was opened anywhere on the page.
struct Node<'a> {
    parent: Option<u32>,
    name: &'a str,
    class: &'a str,
    id: &'a str,
    role: &'a str,
    /// The hash of all that names it and what holds it, once that was asked for.
    key: Option<u64>,
}

/// The block that is being read.
#[derive(Default)]
struct Line {
    text: String,
    points: usize,
    /// White space was read since the last character.
    spaced: bool,
    /// Something in it shows.
    shows: bool,
    /// The innermost element that holds all of it.
    holder: Option<u32>,
    links: Vec<String>,
    /// Text stands in it that links to nothing.
    plain: bool,
}

impl<'a> Node<'a> {
    /// Its id, its classes and its role.
    fn labels(&self) -> impl Iterator<Item = &'a str> {
        let classes = self.class.split_ascii_whitespace();
        let others = [self.id, self.role].into_iter().flat_map(str::split_ascii_whitespace);
        others.chain(classes).map(cut).take(MOST_CLASSES.0)
    }
}

impl Line {
    fn link_to(&mut self, address: &str) {
        if self.links.len() >= MOST_LINKS {
            return;
        }
        let mut decoded = String::new();
        decode(address.trim(), true, &mut decoded);
        if self.links.last() != Some(&decoded) {
            self.links.push(decoded);
        }
    }
}

struct Reader<'a> {
    page: Page,
    open: Open,
    nodes: Vec<Node<'a>>,
    line: Line,
    contexts: HashMap<u64, u32, BuildUnhashed>,
    /// The number of the context of what holds a block, by its key: other keys may lead to the same.
    known: HashMap<u64, u32, BuildUnhashed>,
    /// The address that text links to from here on.
    link: Option<&'a str>,
    statements: Statements,
    slim: Slim,
    extractor: Extractor,
    /// What comes next is JSON-LD.
    json: bool,
    /// Points before the block that is being read.
    points: usize,
    /// How many of the open elements are not seen; are left out of what extractors get; keep their lines; are
    /// paragraphs; are SVG or MathML; are links.
    unseen: usize,
    left_out: usize,
    preformatted: usize,
    paragraphs: usize,
    foreign: usize,
    links: usize,
    depth: usize,
}

/// Reads a page, to be given to an extractor too.
pub fn read(html: &str, extractor: Extractor) -> Page {
    let mut reader = Reader {
        page: Page::default(),
        open: Open::default(),
        nodes: Vec::with_capacity(1024),
        line: Line::default(),
        contexts: HashMap::default(),
        known: HashMap::default(),
        link: None,
        statements: Statements::default(),
        slim: Slim::new(extractor),
        extractor,
        json: false,
        points: 0,
        unseen: 0,
        left_out: 0,
        preformatted: 0,
        paragraphs: 0,
        foreign: 0,
        links: 0,
        depth: 0,
    };
    let mut tokens = Tokens::of(html);
    let mut decoded = String::new();
    while let Some(token) = tokens.next() {
        match token {
            Token::Text(text) => {
                if reader.left_out == 0 {
                    reader.slim.text(text, reader.preformatted == 0);
                }
                if reader.unseen > 0 {
                    continue;
                }
                if memchr(b'&', text.as_bytes()).is_none() {
                    reader.text(text);
                } else {
                    decoded.clear();
                    decode(text, false, &mut decoded);
                    reader.text(&decoded);
                }
            }
            Token::Doctype(written) => reader.slim.doctype(written),
            Token::Raw(text) => reader.raw(text),
            Token::End(name) => reader.end(name),
            Token::Start(tag) => {
                if reader.start(tag) {
                    tokens.enter(tag.name);
                }
            }
        }
    }
    reader.open.end_all();
    reader.close();
    reader.end_line();
    reader.page.statements = reader.statements.all();
    reader.page.slim = reader.slim.html();
    reader.page
}

const A: Name = pack("a");
const BR: Name = pack("br");
const P: Name = pack("p");
const PRE: Name = pack("pre");
const LISTING: Name = pack("listing");
const TITLE: Name = pack("title");
const SCRIPT: Name = pack("script");
/// The type of a script that states something.
const JSON_LD: &str = "application/ld+json";

impl<'a> Reader<'a> {
    /// Takes in a start tag. Returns whether what follows, up to its end tag, is no markup.
    fn start(&mut self, tag: Tag<'a>) -> bool {
        let name = pack(tag.name);
        let mut does = self.extractor.given(flags(name));
        self.slim.begin(tag);
        let attributes = Attributes::of(tag, |name, written, value| self.slim.attribute(name, written, value));
        let states_json = name == SCRIPT && attributes.kind.trim().eq_ignore_ascii_case(JSON_LD);
        if states_json && self.extractor.reads_data() {
            does &= !elements::LEFT_OUT;
        }
        if name == A {
            self.open.end(A, does);
        }
        let opens = self.open.make_way(name, does);
        let ended_others = self.open.has_closed();
        self.close();
        if self.left_out > 0 || does & elements::LEFT_OUT != 0 {
            self.slim.take_back();
        } else {
            self.slim.end_start(tag, opens && begins_line(does));
        }
        let block = self.page.blocks.len() as u32;
        let stating = self.statements.read(name, &attributes, block);
        if !opens {
            return false;
        }
        if does == 0 && self.paragraphs > 0 {
            does |= elements::INLINE; // an element of the site's own amid a sentence does not end it
        }
        let seen = self.unseen == 0;
        if seen && is_block(does) && !attributes.hidden || name == BR {
            self.end_line();
        }
        if name == A && seen {
            self.link = attributes.href.filter(|href| links_somewhere(href));
        }
        let in_foreign = self.foreign > 0 || does & elements::FOREIGN != 0;
        if does & elements::VOID != 0 || in_foreign && tag.closes_itself() {
            return false;
        }
        let unseen = does & elements::UNSEEN != 0 || attributes.hidden;
        let node = self.nodes.len() as u32;
        let parent = self.open.top().map(|top| top.node);
        let (class, id, role) = (attributes.class, attributes.id, attributes.role);
        self.nodes.push(Node { parent, name: tag.name, class, id, role, key: None });
        self.slim.open((name, does), self.open.depth() + 1, self.links > 0, ended_others);
        self.open.push(Element { name, flags: does, unseen, node });
        self.close();
        self.statements.begin(node, stating);
        self.json = states_json;
        self.count(&Element { name, flags: does, unseen, node }, 1);
        if does & elements::IMPLIED == 0 && does & elements::OF_TABLE == 0 {
            self.depth += 1;
            self.page.deepest = self.page.deepest.max(self.depth);
        }
        does & elements::RAW != 0
    }

    fn end(&mut self, written: &'a str) {
        let name = pack(written);
        let does = self.extractor.given(flags(name));
        if name == A {
            self.link = None;
        }
        if does & (elements::VOID | elements::IMPLIED | elements::OF_TABLE) == 0 {
            self.depth = self.depth.saturating_sub(1);
        }
        let was_left_out = self.left_out > 0;
        let innermost = self.open.top().map(|top| top.node);
        let ended = self.open.end(name, does);
        let ended_cleanly = self.open.closed_cleanly(innermost).filter(|_| ended);
        self.close();
        let is_written = does & elements::LEFT_OUT == 0 || name == SCRIPT && !was_left_out;
        if is_written && self.left_out == 0 {
            self.slim.end(written, ended && begins_line(does), ended_cleanly, (name, does));
        }
        // These two are read as elements of their own where nothing is open that they could end.
        if !ended && self.unseen == 0 && (name == P || name == BR) {
            self.end_line();
        }
    }

    /// Takes note of the elements that were closed.
    fn close(&mut self) {
        while let Some(element) = self.open.take_closed() {
            self.count(&element, -1);
            if self.unseen == 0 && !element.unseen && is_block(element.flags) {
                self.end_line();
            }
            if self.line.holder == Some(element.node) {
                self.line.holder = self.nodes[element.node as usize].parent;
            }
            if element.flags & elements::BARRIER != 0 {
                self.link = None;
            }
            self.statements.close(element.node);
        }
    }

    fn count(&mut self, element: &Element, change: isize) {
        let counters = [
            (element.unseen, &mut self.unseen),
            (element.flags & elements::LEFT_OUT != 0, &mut self.left_out),
            (element.name == PRE || element.name == LISTING, &mut self.preformatted),
            (element.name == P, &mut self.paragraphs),
            (element.flags & elements::FOREIGN != 0, &mut self.foreign),
            (element.name == A, &mut self.links),
        ];
        for (counts, counter) in counters {
            if counts {
                *counter = counter.checked_add_signed(change).expect("an element is closed once");
            }
        }
    }

    /// Takes in what an element without markup holds.
    fn raw(&mut self, text: &'a str) {
        let Some(top) = self.open.top() else { return };
        let block = self.page.blocks.len() as u32;
        if self.left_out == 0 {
            self.slim.raw(text);
        }
        if top.name == TITLE && self.foreign == 0 {
            self.statements.add("title", "", text, block);
        } else if self.json {
            self.statements.add_json(text, block);
        } else if !top.unseen {
            self.text(text);
        }
    }

    fn text(&mut self, text: &str) {
        if self.unseen > 0 {
            return;
        }
        self.statements.hear(text);
        if self.preformatted == 0 {
            return self.show(text);
        }
        for (number, line) in text.split('\n').enumerate() {
            if number > 0 {
                self.end_line();
            }
            self.show(line);
        }
    }

    /// Adds text to the block that is being read.
    fn show(&mut self, text: &str) {
        let (before, length) = (self.line.points, self.line.text.len());
        let mut rest = text;
        while let Some(character) = rest.chars().next() {
            let plain = rest.bytes().position(|byte| !byte.is_ascii_graphic()).unwrap_or(rest.len());
            let (word, points) = if plain > 0 { (plain, plain) } else { (character.len_utf8(), 1) };
            if character.is_whitespace() {
                self.line.spaced = true;
            } else if character != '\0' {
                if self.line.spaced && !self.line.text.is_empty() {
                    self.line.text.push(' ');
                    self.line.points += 1;
                }
                self.line.spaced = false;
                self.line.shows = self.line.shows || !is_invisible(character);
                self.line.text.push_str(&rest[..word]);
                self.line.points += points;
            }
            rest = &rest[word..];
        }
        let added = self.line.points - before;
        if added == 0 {
            return;
        }
        if self.left_out == 0 {
            let joint = usize::from(self.line.text.as_bytes()[length] == b' ');
            self.slim.show(self.line.text.len() - length - joint, self.links > 0);
        }
        let here = self.open.top().map(|top| top.node);
        if before == 0 {
            self.line.holder = here;
        }
        match self.link {
            None => self.line.plain = true,
            Some(address) => self.line.link_to(address),
        }
    }

    /// Ends the block that is being read.
    fn end_line(&mut self) {
        let mut line = std::mem::take(&mut self.line);
        if line.shows {
            self.add_block(&mut line);
        }
        line.text.clear();
        self.line.text = line.text;
    }

    fn add_block(&mut self, line: &mut Line) {
        if !self.page.text.is_empty() {
            self.page.text.push_str(BETWEEN);
            self.points += BETWEEN.len();
        }
        let start = (self.page.text.len(), self.points);
        self.page.text.push_str(&line.text);
        self.points += line.points;
        let context = self.context(line.holder, !line.plain);
        self.page.blocks.push(Block {
            bytes: (start.0 as u32, self.page.text.len() as u32),
            points: (start.1 as u32, self.points as u32),
            context,
            links: std::mem::take(&mut line.links),
        });
    }

    /// The number of the markup around a block that this element holds.
    fn context(&mut self, holder: Option<u32>, linked: bool) -> u32 {
        let key = self.key(holder).wrapping_add(u64::from(linked));
        if let Some(&number) = self.known.get(&key) {
            return number;
        }
        let number = self.new_context(holder, linked);
        self.known.insert(key, number);
        number
    }

    /// The hash of an element and of all that hold it.
    fn key(&mut self, holder: Option<u32>) -> u64 {
        let (mut key, mut unknown, mut at) = (0, Vec::new(), holder);
        while let Some(number) = at {
            let node = &self.nodes[number as usize];
            if let Some(known) = node.key {
                key = known;
                break;
            }
            unknown.push(number);
            at = node.parent;
        }
        for number in unknown.into_iter().rev() {
            let node = &mut self.nodes[number as usize];
            for part in [node.name, node.class, node.id, node.role] {
                key = xxh3_64_with_seed(part.as_bytes(), key);
            }
            node.key = Some(key);
        }
        key
    }

    fn new_context(&mut self, holder: Option<u32>, linked: bool) -> u32 {
        let (mut names, mut classes) = (Vec::new(), Vec::new());
        let (mut at, mut seen) = (holder, 0_u64);
        while let Some(node) = at.map(|node| &self.nodes[node as usize]) {
            names.push(cut(node.name));
            if classes.len() < MOST_CLASSES.1 {
                for label in node.labels() {
                    let mark = mark_of(label);
                    if seen & mark == 0 || !classes.contains(&label) {
                        classes.push(label);
                        seen |= mark;
                    }
                }
                classes.truncate(MOST_CLASSES.1);
            }
            at = node.parent;
        }
        if names.len() > MOST_NAMES {
            names.drain(MOST_NAMES / 2..names.len() - MOST_NAMES / 2);
        }
        names.reverse();
        names.extend(linked.then_some("a"));
        let mut path = names.join("/");
        path.make_ascii_lowercase();
        let key = xxh3_64_with_seed(classes.join(" ").as_bytes(), xxh3_64(path.as_bytes()));
        let next = self.page.contexts.len() as u32;
        let number = *self.contexts.entry(key).or_insert(next);
        if number == next {
            let classes = classes.join(" ");
            self.page.contexts.push(Context { path, classes });
        }
        number
    }
}

fn is_block(does: u16) -> bool {
    does & (elements::INLINE | elements::UNSEEN) == 0
}

/// One of 64 bits: of two labels that differ in it neither is the other.
fn mark_of(label: &str) -> u64 {
    let ends = label.as_bytes().first().zip(label.as_bytes().last());
    1 << (ends.map_or(0, |(first, last)| 7 * label.len() + 3 * usize::from(*first) + usize::from(*last)) % 64)
}

fn links_somewhere(address: &str) -> bool {
    let address = address.trim();
    let script = address.as_bytes().get(..11).is_some_and(|start| start.eq_ignore_ascii_case(b"javascript:"));
    !address.is_empty() && address.len() <= LONGEST_ADDRESS && !address.starts_with('#') && !script
}

/// A block of nothing but such characters shows nothing.
fn is_invisible(character: char) -> bool {
    matches!(character, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}') || character.is_control()
}

fn cut(name: &str) -> &str {
    let end = name.char_indices().nth(LONGEST_NAME).map_or(name.len(), |(at, _)| at);
    &name[..end]
}
