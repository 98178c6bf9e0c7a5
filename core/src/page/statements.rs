//! What do the tags of a page state?

use super::Statement;
use super::attributes::Attributes;
use super::elements::{Name, pack};
use crate::markup::decode;

const A: Name = pack("a");
const AUDIO: Name = pack("audio");
const HTML: Name = pack("html");
const IFRAME: Name = pack("iframe");
const IMG: Name = pack("img");
const LINK: Name = pack("link");
const META: Name = pack("meta");
const SCRIPT: Name = pack("script");
const SOURCE: Name = pack("source");
const TIME: Name = pack("time");
const VIDEO: Name = pack("video");

/// So many statements of a page are taken down.
const MOST: usize = 5_000;
/// And so many that give no more than an address.
const MOST_ADDRESSES: usize = 500;
/// A longer value is no statement.
const LONGEST: usize = 4_000;
/// All scripts of JSON-LD together.
const MOST_JSON: usize = 4_000_000;
/// The text of an element that states something is cut here.
const LONGEST_HEARD: usize = 300;

/// The relations that say something of a page as a whole; the others name what it loads, and where its links lead.
const OF_NOTE: [&str; 5] = ["alternate", "amphtml", "canonical", "license", "syndication"];

/// The statements read so far.
#[derive(Default)]
pub struct Statements {
    all: Vec<Statement>,
    addresses: usize,
    json: usize,
    open: Option<Open>,
}

/// An element whose own text is what it states.
pub struct Open {
    node: u32,
    kind: &'static str,
    name: String,
    text: String,
    block: u32,
}

impl Statements {
    /// Takes down what a start tag states. Returns the beginning of what its text will.
    pub fn read(&mut self, tag: Name, attributes: &Attributes<'_>, block: u32) -> Option<Open> {
        match tag {
            HTML => self.add_given("lang", "", attributes.lang, block),
            META => {
                let name = attributes.property.or(attributes.name).or(attributes.item);
                // Some tools that save pages write the content as a value.
                let content = attributes.content.or(attributes.value);
                self.add_given("meta", name.unwrap_or_default(), content, block);
            }
            LINK | A if is_of_note(attributes.rel) => {
                let name = format!("{} {}", attributes.rel, attributes.kind);
                self.add_given("link", &name, attributes.href, block);
            }
            IMG | VIDEO | SOURCE | AUDIO | IFRAME => self.add_address("media", "", attributes.src, block),
            SCRIPT => self.add_address("script", "", attributes.src, block),
            TIME => {
                let name = attributes.item.unwrap_or(if attributes.published { "pubdate" } else { "" });
                return self.add_or_open("time", name, attributes.moment, block);
            }
            _ => {
                if let Some(name) = attributes.item.filter(|name| name.to_ascii_lowercase().contains("date")) {
                    return self.add_or_open("item", name, attributes.content.or(attributes.moment), block);
                }
            }
        }
        None
    }

    fn add_or_open(&mut self, kind: &'static str, name: &str, given: Option<&str>, block: u32) -> Option<Open> {
        if given.is_some() {
            self.add_given(kind, name, given, block);
            return None;
        }
        Some(Open { node: 0, kind, name: name.to_owned(), text: String::new(), block })
    }

    fn add_address(&mut self, kind: &'static str, name: &str, given: Option<&str>, block: u32) {
        if self.addresses < MOST_ADDRESSES {
            self.addresses += 1;
            self.add_given(kind, name, given, block);
        }
    }

    fn add_given(&mut self, kind: &'static str, name: &str, given: Option<&str>, block: u32) {
        given.into_iter().for_each(|value| self.add(kind, name, value, block));
    }

    /// Takes down one statement, with references in its value; one that says nothing is left out.
    pub fn add(&mut self, kind: &'static str, name: &str, value: &str, block: u32) {
        if self.all.len() >= MOST || value.len() > LONGEST {
            return;
        }
        let mut decoded = String::with_capacity(value.len());
        decode(value, true, &mut decoded);
        let value = decoded.split_whitespace().collect::<Vec<_>>().join(" ");
        if !value.is_empty() {
            let name = name.trim().to_lowercase();
            self.all.push(Statement { kind, name, value, block });
        }
    }

    /// Takes down a script of JSON-LD as it stands.
    pub fn add_json(&mut self, script: &str, block: u32) {
        self.json += script.len();
        if self.json <= MOST_JSON && self.all.len() < MOST {
            self.all.push(Statement { kind: "json", name: String::new(), value: script.to_owned(), block });
        }
    }

    /// Begins to listen to the text of an element, unless it stands in one that is listened to.
    pub fn begin(&mut self, node: u32, open: Option<Open>) {
        if self.open.is_none() {
            self.open = open.map(|open| Open { node, ..open });
        }
    }

    /// Takes in text.
    pub fn hear(&mut self, text: &str) {
        if let Some(open) = self.open.as_mut().filter(|open| open.text.len() < LONGEST_HEARD) {
            open.text.push_str(text);
        }
    }

    /// Takes note that an element was closed.
    pub fn close(&mut self, node: u32) {
        if let Some(open) = self.open.take_if(|open| open.node == node) {
            self.add(open.kind, &open.name, &open.text, open.block);
        }
    }

    /// All of them, in order.
    pub fn all(self) -> Vec<Statement> {
        self.all
    }
}

fn is_of_note(relation: &str) -> bool {
    relation.split_ascii_whitespace().any(|word| OF_NOTE.iter().any(|known| known.eq_ignore_ascii_case(word)))
}
