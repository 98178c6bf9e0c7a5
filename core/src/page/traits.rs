//! What do blocks of an article look like, and what stands around them?
//!
//! A trait holds on a block or does not, whatever its language: `links 2 under`, `class related`. Figures count by the
//! range they fall into. Traits come in groups, one for each question; which of them give a block away was learned.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap, HashSet};

use xxhash_rust::xxh3::xxh3_64;

use super::apart::{self, Lead};
use super::shape::{BREADTHS, COUNTS, LARGE, RESTS, SHARES, SIZES, Shape, range};
use super::{Context, Page, signed};
use crate::unhashed::BuildUnhashed;

/// The hashes of labels.
type Hashes = HashSet<u64, BuildUnhashed>;

/// How far around a block is looked at.
const REACHES: [usize; 2] = [3, 8];

/// A part of a trait's name.
pub enum Part<'a> {
    /// A word of it.
    S(&'a str),
    /// The number of a range.
    N(usize),
}

use Part::{N, S};

/// Takes the traits of one block after the other.
pub trait Sink {
    /// Takes one trait.
    fn add(&mut self, parts: &[Part<'_>]);
    /// A group of them is complete.
    fn end_group(&mut self);
    /// A block of so many words is complete.
    fn end_block(&mut self, words: usize);
}

/// The blocks of an article that stand in the same place of the markup, in figures.
#[derive(Clone, Default)]
struct Kin {
    words: usize,
    blocks: usize,
    linked: usize,
    long: usize,
    /// How many blocks there are in and outside the article.
    everywhere: usize,
}

/// The article of a page, laid out to be looked at.
struct Article<'a> {
    contexts: &'a [Context],
    shapes: Vec<Shape>,
    /// The context of each block, and its number on the page.
    places: Vec<u32>,
    numbers: &'a [usize],
    /// By context.
    kin: Vec<Kin>,
    /// Words before each block, and how many blocks before it link.
    words: Vec<usize>,
    linked: Vec<usize>,
}

/// Gives the traits of the blocks of an article; `main` are their numbers among all of the page.
pub fn of(page: &Page, main: &[usize], sink: &mut impl Sink) {
    if main.is_empty() {
        return;
    }
    let article = Article::of(page, main);
    let common = article.common();
    let words: Vec<usize> = article.kin.iter().map(|kin| kin.words).collect();
    let lead = Lead::of(&page.contexts, &words, article.lead());
    let lines = signed::lines_of(page, main, &article.shapes);
    let mut distances: Vec<Option<apart::Distances>> = vec![None; page.contexts.len()];
    let mut labels: Vec<Option<Vec<Label>>> = vec![None; page.contexts.len()];
    for (at, &(zone, far)) in article.zones().iter().enumerate() {
        let (shape, place) = (&article.shapes[at], article.places[at] as usize);
        looks(shape, zone, sink);
        article.position(at, zone, far, sink);
        article.likeness(at, sink);
        let labels = labels[place].get_or_insert_with(|| names_of(&page.contexts[place], &common));
        labels.iter().for_each(|(kind, name)| sink.add(&[S(kind), S(name)]));
        sink.end_group();
        article.surroundings(at, sink);
        article.beside("previous", at.checked_sub(1), at, sink);
        article.beside("next", Some(at + 1), at, sink);
        let breadth = range(&BREADTHS, shape.words as f64);
        let far = distances[place].get_or_insert_with(|| lead.distances(place));
        apart::tell(far, breadth, sink);
        lines.iter().for_each(|of| of.tell(at, breadth, sink));
        sink.end_block(shape.words);
    }
}

fn looks(shape: &Shape, zone: &str, sink: &mut impl Sink) {
    let least = shape.size.min(LARGE);
    sink.add(&[S("size "), N(shape.size), S(" "), S(zone)]);
    sink.add(&[S("end "), S(shape.end), S(" "), N(shape.size)]);
    sink.add(&[S("end "), S(shape.end), S(" "), S(zone)]);
    sink.add(&[S("start "), S(shape.start)]);
    sink.add(&[S("titled "), N(shape.titled), S(" "), N(least)]);
    sink.add(&[S("digits "), N(shape.digits)]);
    sink.add(&[S("links "), N(shape.links), S(" "), N(least)]);
    sink.add(&[S("links "), N(shape.links), S(" "), S(zone)]);
    sink.end_group();
}

impl<'a> Article<'a> {
    fn of(page: &'a Page, main: &'a [usize]) -> Self {
        let shapes: Vec<Shape> = main.iter().map(|&number| page.shape(number)).collect();
        let places: Vec<u32> = main.iter().map(|&number| page.blocks[number].context).collect();
        let mut kin = vec![Kin::default(); page.contexts.len()];
        page.blocks.iter().for_each(|block| kin[block.context as usize].everywhere += 1);
        let (mut words, mut linked) = (vec![0], vec![0]);
        for (shape, place) in shapes.iter().zip(&places) {
            let own = &mut kin[*place as usize];
            own.words += shape.words;
            own.blocks += 1;
            own.linked += usize::from(shape.links > 0);
            own.long += usize::from(shape.is_long());
            words.push(words[words.len() - 1] + shape.words);
            linked.push(linked[linked.len() - 1] + usize::from(shape.links > 0));
        }
        Article { contexts: &page.contexts, shapes, places, numbers: main, kin, words, linked }
    }

    /// The elements and the labels that hold most of the article's words: they tell none of its blocks apart.
    fn common(&self) -> Hashes {
        let mut held: HashMap<u64, usize, BuildUnhashed> = HashMap::default();
        let mut labels = Vec::new();
        for (context, known) in self.contexts.iter().zip(&self.kin).filter(|(_, known)| known.blocks > 0) {
            labels.clear();
            // Bytes and no characters: these are short, and searching for a sign is made for long ones.
            let classes = context.classes.as_bytes().split(|&byte| byte == b' ');
            labels.extend(classes.chain(context.path.as_bytes().split(|&byte| byte == b'/')).map(xxh3_64));
            labels.sort_unstable();
            labels.dedup();
            labels.iter().for_each(|label| *held.entry(*label).or_default() += known.words);
        }
        let all = self.words[self.shapes.len()];
        held.into_iter().filter(|(_, words)| 2 * words > all).map(|(label, _)| label).collect()
    }

    /// The context of the first paragraph, or around the longest block.
    fn lead(&self) -> usize {
        let first = self.shapes.iter().position(Shape::is_long);
        let longest = || (0..self.shapes.len()).max_by_key(|&at| (self.shapes[at].words, Reverse(at)));
        let at = first.or_else(longest).unwrap_or_default();
        self.places[at] as usize
    }

    /// Whether each block stands over, in or under the paragraphs, and how far from them.
    fn zones(&self) -> Vec<(&'static str, usize)> {
        let long = |shape: &Shape| shape.is_long();
        let first = self.shapes.iter().position(long).unwrap_or(self.shapes.len());
        let last = self.shapes.iter().rposition(long).unwrap_or(0);
        let zone = |at| match at {
            at if at < first => ("over", first - at),
            at if at > last => ("under", at - last),
            _ => ("in", 0),
        };
        (0..self.shapes.len()).map(zone).collect()
    }

    fn position(&self, at: usize, zone: &str, far: usize, sink: &mut impl Sink) {
        let (blocks, all) = (self.shapes.len(), self.words[self.shapes.len()] as f64);
        sink.add(&[S("at "), N(range(&COUNTS, at as f64))]);
        sink.add(&[S("from end "), N(range(&COUNTS, (blocks - 1 - at) as f64))]);
        sink.add(&[S("before "), N(range(&RESTS, self.words[at] as f64 / all))]);
        sink.add(&[S("behind "), N(range(&RESTS, 1.0 - self.words[at + 1] as f64 / all))]);
        sink.add(&[S("blocks "), N(range(&COUNTS, blocks as f64))]);
        sink.add(&[S("far "), S(zone), S(" "), N(range(&COUNTS, far as f64))]);
        sink.end_group();
    }

    /// What it says of a block that others are made like it, here and outside the article.
    fn likeness(&self, at: usize, sink: &mut impl Sink) {
        let kin = &self.kin[self.places[at] as usize];
        let (size, blocks) = (self.shapes[at].size.min(LARGE), kin.blocks as f64);
        let all = self.words[self.shapes.len()] as f64;
        sink.add(&[S("like "), N(range(&SHARES, kin.words as f64 / all)), S(" "), N(size)]);
        sink.add(&[S("kin size "), N(range(&SIZES, kin.words as f64 / blocks)), S(" "), N(size)]);
        sink.add(&[S("kin "), N(range(&COUNTS, blocks)), S(" "), N(size)]);
        sink.add(&[S("kin links "), N(range(&SHARES, kin.linked as f64 / blocks))]);
        sink.add(&[S("kin long "), N(range(&SHARES, kin.long as f64 / blocks)), S(" "), N(size)]);
        let elsewhere = (kin.everywhere - kin.blocks) as f64 / kin.everywhere as f64;
        sink.add(&[S("kin elsewhere "), N(range(&SHARES, elsewhere)), S(" "), N(size)]);
        sink.end_group();
    }

    /// How long the blocks near it are, and how many of them link.
    fn surroundings(&self, at: usize, sink: &mut impl Sink) {
        let size = self.shapes[at].size.min(LARGE);
        for reach in REACHES {
            let (start, end) = (at.saturating_sub(reach), self.shapes.len().min(at + reach + 1));
            let blocks = (end - start) as f64;
            let words = (self.words[end] - self.words[start] - self.shapes[at].words) as f64;
            let linked = (self.linked[end] - self.linked[start]) as f64;
            sink.add(&[S("around "), N(reach), S(" "), N(range(&SIZES, words / blocks)), S(" "), N(size)]);
            sink.add(&[S("around links "), N(reach), S(" "), N(range(&SHARES, linked / blocks))]);
        }
        sink.end_group();
    }

    /// What a neighbour in the article, if there is one, says of a block.
    fn beside(&self, side: &str, near: Option<usize>, at: usize, sink: &mut impl Sink) {
        let Some((near, shape)) = near.and_then(|near| Some((near, self.shapes.get(near)?))) else {
            sink.add(&[S(side), S(" none")]);
            return sink.end_group();
        };
        let gap = self.numbers[near].abs_diff(self.numbers[at]) - 1;
        sink.add(&[S(side), S(" size "), N(shape.size)]);
        sink.add(&[S(side), S(" links "), N(shape.links)]);
        sink.add(&[S(side), S(" end "), S(shape.end)]);
        sink.add(&[S(side), S(" gap "), N(range(&COUNTS, gap as f64))]);
        if self.places[near] == self.places[at] {
            let size = shape.size.min(self.shapes[at].size).min(LARGE);
            sink.add(&[S(side), S(" alike "), N(size)]);
        }
        sink.end_group();
    }
}

fn hash(label: &str) -> u64 {
    xxh3_64(label.as_bytes())
}

/// A kind of label, and the label.
type Label = (&'static str, String);

/// The traits of the markup around a block.
fn names_of(context: &Context, common: &Hashes) -> Vec<Label> {
    let (outer, inmost) = context.path.rsplit_once('/').unwrap_or(("", &context.path));
    let is_uncommon = |name: &&str| !common.contains(&hash(name));
    let inside: BTreeSet<&str> = outer.split('/').filter(|_| !outer.is_empty()).filter(is_uncommon).collect();
    let labels = context.classes.split(' ').filter(is_uncommon);
    let pieces: BTreeSet<String> = labels.flat_map(pieces_of).collect();
    let mut names = vec![("tag ", inmost.to_owned())];
    names.extend(inside.into_iter().map(|name| ("in ", name.to_owned())));
    names.extend(pieces.into_iter().map(|piece| ("class ", piece)));
    names
}

/// The words of which the name of a class is made: `related`, `posts` of `relatedPosts-2`. None has but one letter.
fn pieces_of(label: &str) -> Vec<String> {
    let bytes = label.as_bytes();
    let mut pieces = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let small = |from: usize| bytes[from..].iter().take_while(|byte| byte.is_ascii_lowercase()).count();
        let capital = usize::from(bytes[at].is_ascii_uppercase());
        let smalls = small(at + capital);
        let capitals = bytes[at..].iter().take_while(|byte| byte.is_ascii_uppercase()).count();
        let length = if smalls >= 2 { capital + smalls } else { capitals };
        if length >= 2 {
            pieces.push(label[at..at + length].to_ascii_lowercase());
        }
        at += length.max(1);
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::pieces_of;

    #[test]
    fn classes_are_made_of_words() {
        let cases: &[(&str, &[&str])] = &[
            ("relatedPosts--small2", &["related", "posts", "small"]),
            ("TOPNews", &["topn", "ews"]),
            ("aBox", &["box"]),
            ("x-1", &[]),
            ("ADs", &["ad"]),
            ("à-côté", &[]),
        ];
        for (label, pieces) in cases {
            assert_eq!(pieces_of(label), *pieces, "{label}");
        }
    }
}
