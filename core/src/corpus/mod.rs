//! A corpus while it is scanned: articles stream in, verified pairs come out, and what is asked for of the few that matched.
//!
//! What stays in memory of each article: some 100 bytes, its id, and 21 bytes for each of its blocks. Texts and all else
//! that was said of it go to the spool, keys to the index; both keep to a bound and go on in temporary files.

mod intake;
mod learning;
mod ledger;
mod lines;
mod table;
mod taught;

use std::collections::{HashMap, HashSet};
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use rayon::prelude::*;

use crate::index::Method;
use crate::jsonl::Fields;
use crate::layout::{self, BODY, Block, Cues, Hit};
use crate::pairwise::pairwise;
use crate::patterns::Candidates;
use crate::spool::Spool;
use crate::unhashed::BuildUnhashed;
use crate::verify::{Counted, Counts};
use crate::words::Words;
use crate::{blocks, chains, keys, matching};

pub use intake::Article;
use learning::ELSEWHERE;
pub use ledger::{Line, Ruling};
pub use lines::Left;
use table::Table;
pub use table::{Kept, Source};

/// How much is held in memory before temporary files are used, in bytes.
#[derive(Clone, Debug)]
pub struct Bounds {
    /// Texts and what else was read.
    pub texts: usize,
    /// Keys of bodies.
    pub keys: usize,
    /// Where temporary files are made.
    pub folder: PathBuf,
}

/// What is too long to be read.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// A line of more bytes.
    pub line: usize,
    /// A text of more bytes; a reader that counts its code points may still take it.
    pub text: usize,
}

/// Articles by the number they came as; once they are arranged, by their place in the order.
pub struct Corpus {
    cues: Arc<Cues>,
    fields: Fields,
    limits: Limits,
    bounds: Bounds,
    spool: Spool,
    table: Table,
    open: intake::Open,
    /// What was read last, and is not in the table yet.
    waiting: Vec<intake::Portion>,
    /// What was put away, to be filled again.
    spare: Vec<intake::Portion>,
    /// For each block how many pages taught that it is boilerplate.
    pages: Vec<u32>,
    /// Blocks of which only the last sentences are boilerplate: where those begin, and how many pages taught it.
    parted: HashMap<u32, (u32, u32)>,
    /// Who taught what.
    taught: taught::Taught,
    /// Blocks of which people said what they are.
    ruled: HashMap<u32, u8>,
    /// The numbers in their order.
    order: Vec<u32>,
    /// Dropped last.
    room: Room,
}

/// What a large corpus took is given back when it goes: the allocator would keep it for another one.
struct Room {
    is_large: bool,
}

impl Drop for Room {
    fn drop(&mut self) {
        #[cfg(all(target_os = "linux", target_env = "gnu"))]
        if self.is_large {
            // SAFETY: it may be called at any time.
            unsafe { libc::malloc_trim(0) };
        }
    }
}

/// A corpus of more articles is large.
const LARGE: usize = 10_000;

/// A passage is looked for where this part of the shingles it would have is shared.
const EDITED: usize = 2;
/// Two bodies that share fewer shingles share a phrase, unless that is all there is of both.
const PHRASE: u32 = 6;

/// Verified pairs.
#[derive(Default)]
pub struct Matches {
    /// For each place the first place with the same body; none for one without words.
    pub group: Vec<Option<u32>>,
    /// Pairs of places, each the first of its body.
    pub pairs: Vec<(u32, u32)>,
    /// What they share.
    pub counts: Vec<Counts>,
    /// First places of bodies that several articles have, with their distinct shingles.
    pub several: Vec<(u32, u32)>,
    /// Pairs below the threshold that share a passage, with what they share.
    pub linked: Vec<Counted>,
    /// What was left out because too many bodies hold the same.
    pub capped: u64,
}

/// What is known of one page's blocks.
pub struct Page {
    /// Its blocks.
    pub blocks: Vec<Block>,
    /// Where each stands, in code points.
    pub points: Vec<(u32, u32)>,
    /// Their kinds.
    pub kinds: Vec<u8>,
    /// How many pages of its outlet taught each.
    pub pages: Vec<u32>,
    /// How many outlets taught each.
    pub outlets: Vec<u32>,
    /// The rules that hold on them.
    pub hits: Vec<Hit>,
}

impl Corpus {
    /// Returns an empty corpus. `fields` says how lines of JSON are read.
    pub fn new(cues: Arc<Cues>, fields: Fields, limits: Limits, bounds: Bounds) -> Corpus {
        let spool = Spool::new(bounds.texts, &bounds.folder);
        let (table, open) = (Table::default(), intake::Open::default());
        Corpus {
            cues,
            fields,
            limits,
            bounds,
            spool,
            table,
            open,
            waiting: Vec::new(),
            spare: Vec::new(),
            pages: Vec::new(),
            parted: HashMap::new(),
            taught: taught::Taught::default(),
            ruled: HashMap::new(),
            order: Vec::new(),
            room: Room { is_large: false },
        }
    }

    /// How many articles came, or were kept.
    pub fn len(&self) -> usize {
        if self.order.is_empty() { self.table.len() } else { self.order.len() }
    }

    /// Whether none came.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Who published articles: each host and name that was given, by its number.
    pub fn sources(&self) -> &[Source] {
        self.table.sources.entries()
    }

    /// Puts the articles in the order of their ids; returns the runs of places that share one. Nothing may come after this.
    pub fn sort(&mut self) -> io::Result<Vec<(usize, usize)>> {
        self.settle()?;
        self.room.is_large = self.table.len() > LARGE;
        let mut order: Vec<u32> = (0..self.table.len() as u32).collect();
        order.par_sort_unstable_by_key(|&number| (self.table.id(number), number));
        let mut at = 0;
        let runs = order.chunk_by(|&a, &b| self.table.id(a) == self.table.id(b)).filter_map(|run| {
            at += run.len();
            (run.len() > 1).then_some((at - run.len(), at))
        });
        let runs = runs.collect();
        self.order = order;
        self.spool.seal()?;
        Ok(runs)
    }

    /// Whether an article has this id, while they are sorted.
    pub fn has_id(&self, id: &str) -> bool {
        self.order.binary_search_by(|&number| self.table.id(number).cmp(id.as_bytes())).is_ok()
    }

    /// Keeps only the articles at these places, in this order.
    pub fn keep(&mut self, places: &[u32]) {
        self.order = places.iter().map(|&place| self.order[place as usize]).collect();
    }

    /// Returns all pairs of which at least `threshold` of the shorter body stands in the other, if that is more than a
    /// phrase or all of both, and those that share a passage of at least `least` equal words, be it however small a part of them.
    pub fn matches(&self, method: &Method, threshold: f64, least: usize) -> io::Result<Matches> {
        // They are read in the order they came, in which they stand in the spool.
        let mut by_number: Vec<u32> = (0..self.order.len() as u32).collect();
        by_number.par_sort_unstable_by_key(|&place| self.order[place as usize]);
        let memory = matching::Memory { keys: self.bounds.keys, folder: &self.bounds.folder };
        let read = |places: &[u32], visit: &mut dyn FnMut(&[u64])| {
            let mut words = Vec::new();
            places.iter().try_for_each(|&place| {
                self.read_body(place, &mut words)?;
                visit(&words);
                Ok(())
            })
        };
        let is_match = |counts: Counts| {
            let (least, most) = (counts.left.min(counts.right), counts.left.max(counts.right));
            let is_share = f64::from(counts.shared) >= threshold * f64::from(least);
            is_share && counts.shared >= PHRASE.min(most)
        };
        // An edit spoils as many shingles as they have words, so a passage may share fewer than its words make. But those it
        // shares stand together: where characters are words, unrelated texts share as many, scattered.
        let shared = (least.saturating_sub(method.width) / EDITED).max(1) as u32;
        let is_enough = |counts: Counts| is_match(counts) || counts.together >= shared;
        let wanted = matching::Wanted { is_enough, with_itself: true };
        let found = matching::pairs(&by_number, &read, method, memory, wanted)?;
        let mut matches = Matches { group: found.group, capped: found.capped, ..Matches::default() };
        let mut partial = Vec::new();
        for ((left, right), counts) in found.pairs {
            if left == right {
                matches.several.push((left, counts.left));
            } else if is_match(counts) {
                matches.pairs.push((left, right));
                matches.counts.push(counts);
            } else {
                partial.push(((left, right), counts));
            }
        }
        matches.linked = self.with_passages(&partial, method.width, least)?;
        Ok(matches)
    }

    /// Returns those of the pairs that share a passage of at least `least` equal words.
    fn with_passages(&self, pairs: &[Counted], width: usize, least: usize) -> io::Result<Vec<Counted>> {
        let places: Vec<(u32, u32)> = pairs.iter().map(|&(pair, _)| pair).collect();
        let read = |place: u32| {
            let mut words = Vec::new();
            self.read_body(place, &mut words).map(|()| words)
        };
        let share = |_, left: &Vec<u64>, right: &Vec<u64>| {
            let passages = chains::passages(left, right, width, least).map_err(io::Error::other)?;
            Ok(!passages.is_empty())
        };
        let found = pairwise(&places, read, share)?;
        Ok(pairs.iter().zip(found).filter(|&(_, shares)| shares).map(|(&pair, _)| pair).collect())
    }

    /// Returns one page's blocks with all that is known of them, by its place.
    pub fn page(&self, place: u32) -> io::Result<Page> {
        let number = self.order[place as usize];
        let (mut bytes, mut kinds) = (Vec::new(), Vec::new());
        let text = self.text(number, &mut bytes)?;
        let mut blocks = Vec::new();
        let (mut pages, parted) = self.lay_out(number, text, &mut blocks);
        let mut hits =
            layout::read_cues(text, &mut blocks, self.table.main(number), &self.cues, &mut Candidates::default());
        if let Some(parted) = parted {
            // What was read as one block is body up to where it was parted, whatever that would say by itself.
            blocks[parted].cue = BODY;
            hits.retain(|hit| hit.block as usize != parted);
        }
        self.obey(number, parted, &mut blocks, &mut pages);
        hits.retain(|hit| blocks[hit.block as usize].cue != BODY);
        layout::settle(&blocks, &pages, self.table.title(number), &self.cues, &mut kinds);
        let parted_off = parted.map(|parted| parted + 1);
        let outlets = blocks.iter().zip(&pages).enumerate().map(|(at, (block, &pages))| {
            if pages > 0 { self.outlets_that_taught(text, block, parted_off == Some(at)) } else { 0 }
        });
        let outlets = outlets.collect();
        pages.iter_mut().filter(|pages| **pages == ELSEWHERE).for_each(|pages| *pages = 0);
        let spans: Vec<(usize, usize)> =
            blocks.iter().map(|block| (block.start as usize, block.end as usize)).collect();
        let points = blocks::in_code_points(text, &spans).map_err(io::Error::other)?;
        Ok(Page { blocks, points, kinds, pages, outlets, hits })
    }

    /// Returns the id of the article at a place, and what was read of it.
    pub fn kept(&self, place: u32) -> io::Result<(&str, Kept)> {
        let number = self.order[place as usize];
        let id = std::str::from_utf8(self.table.id(number)).map_err(io::Error::other)?;
        Ok((id, self.table.kept(number, &self.spool)?))
    }

    /// The source of each article, by place.
    pub fn sources_in_order(&self) -> impl Iterator<Item = u32> {
        self.order.iter().map(|&number| self.table.source[number as usize])
    }

    /// How many of the arranged articles came by each path.
    pub fn articles_by_path(&self) -> Vec<(&str, usize)> {
        let mut counts = vec![0; self.table.paths.len()];
        self.order.iter().for_each(|&number| counts[self.table.path[number as usize] as usize] += 1);
        self.table.paths.iter().map(String::as_str).zip(counts).collect()
    }

    /// Returns who has blocks of the given keys with at least `least_words` words: (key's index, place of an article,
    /// whether it was learned there), one for each key, source and answer. Of articles whose source is `nobody`'s each is
    /// somebody else, and `most` of them are enough.
    pub fn holders(
        &self,
        keys: &[u64],
        least_words: u32,
        is_nobody: impl Fn(u32) -> bool,
        most: usize,
    ) -> Vec<(u32, u32, bool)> {
        let wanted: HashMap<u64, u32, BuildUnhashed> = keys.iter().copied().zip(0..).collect();
        let mut seen = HashSet::new();
        let mut anonymous: HashMap<u32, usize> = HashMap::new();
        let mut found = Vec::new();
        for (place, &number) in (0u32..).zip(&self.order) {
            let source = self.table.source[number as usize];
            for block in self.table.blocks_of(number) {
                if self.table.blocks.words[block] < least_words {
                    continue;
                }
                let pages = self.pages[block] & !ELSEWHERE;
                let Some(&key) = wanted.get(&self.table.blocks.keys[block]) else { continue };
                if is_nobody(source) {
                    let count = anonymous.entry(key).or_default();
                    *count += 1;
                    if *count <= most {
                        found.push((key, place, false));
                    }
                } else if seen.insert((key, source, pages > 0)) {
                    found.push((key, place, pages > 0));
                }
            }
        }
        found
    }

    /// Sets `page` to the blocks of an article; returns how many pages taught each, and which of them was parted: what
    /// was learned of its last sentences is the block behind it.
    fn lay_out(&self, number: u32, text: &str, page: &mut Vec<Block>) -> (Vec<u32>, Option<usize>) {
        let rows = self.table.blocks_of(number);
        self.table.blocks.of(rows.clone(), text, page);
        let mut pages = self.pages[rows.clone()].to_vec();
        if self.parted.is_empty() {
            return (pages, None);
        }
        let parted = rows.clone().rev().find_map(|row| Some((row - rows.start, self.parted.get(&(row as u32))?)));
        let Some((at, &(start, taught))) = parted else { return (pages, None) };
        let end = std::mem::replace(&mut page[at].end, text[..start as usize].trim_end().len() as u32);
        let mut words = Words::default();
        let sentences = &text[start as usize..end as usize];
        words.read(sentences);
        let count = words.hashes.len() as u32;
        page[at].words -= count;
        let key = keys::block_key(sentences, &words, 0);
        page.insert(at + 1, Block { start, end, words: count, key, cue: BODY });
        pages.insert(at + 1, taught);
        (pages, Some(at))
    }

    /// Sets blocks to what people said of them.
    fn obey(&self, number: u32, parted: Option<usize>, page: &mut [Block], pages: &mut [u32]) {
        if self.ruled.is_empty() {
            return;
        }
        for (at, row) in self.table.blocks_of(number).enumerate() {
            if let Some(&kind) = self.ruled.get(&(row as u32)) {
                let at = at + usize::from(parted.is_some_and(|parted| at > parted));
                page[at].cue = kind;
                pages[at] = if kind == BODY { 0 } else { pages[at] };
            }
        }
    }

    fn pages_of(&self, number: u32) -> &[u32] {
        &self.pages[self.table.blocks_of(number)]
    }

    fn text<'a>(&'a self, number: u32, bytes: &'a mut Vec<u8>) -> io::Result<&'a str> {
        self.table.text(number, &self.spool, bytes)
    }

    /// Sets `words` to the word hashes of the body at a place.
    fn read_body(&self, place: u32, words: &mut Vec<u64>) -> io::Result<()> {
        let number = self.order[place as usize];
        let (mut bytes, mut kinds, mut blocks) = (Vec::new(), Vec::new(), Vec::new());
        let text = self.text(number, &mut bytes)?;
        let (mut pages, parted) = self.lay_out(number, text, &mut blocks);
        self.obey(number, parted, &mut blocks, &mut pages);
        layout::settle(&blocks, &pages, self.table.title(number), &self.cues, &mut kinds);
        words.clear();
        layout::body_words(text, &blocks, &kinds, words);
        Ok(())
    }
}
