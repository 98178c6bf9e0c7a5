//! Which blocks are boilerplate? All pages together teach it.
//!
//! Every look sees what the ones before it left over: blocks that an outlet repeats but for their numbers; lines near the
//! edges of its pages that it repeats but for names and addresses; last sentences of its articles, which are appeals
//! without a paragraph of their own; and at the end of any page what is known for boilerplate from another outlet.

use std::collections::HashMap;
use std::io;
use std::ops::Range;

use rayon::prelude::*;

use super::Corpus;
use super::taught::Taught;
use crate::layout::{BODY, Block};
use crate::unhashed::BuildUnhashed;
use crate::words::{self, Words};
use crate::{keys, recurrence, slots};

/// The blocks of a page that are its edges: so many at its head, so many at its tail.
const EDGES: (usize, usize) = (4, 12);
/// A line that is repeated with other names in it is not longer than this, in words.
const LONGEST_LINE: u32 = 100;
/// Last sentences of an article that are looked at, and the words that one of them must hold.
const SENTENCES: usize = 2;
const SHORTEST_SENTENCE: usize = 3;
/// Pages of an outlet from which it is seen whether a closer look is worth it.
const SAMPLE: usize = 256;
/// What is boilerplate elsewhere is so here if it holds so many words, and fewer than so many others stand behind it.
const LEAST_ELSEWHERE: u32 = 5;
const FEW_BEHIND: u32 = 30;

/// Stands for the pages that taught a block which other outlets have for boilerplate.
pub(super) const ELSEWHERE: u32 = 1 << 31;

/// What one page shows at one look: a key for each block, or for each part of the one that is parted, and their words.
#[derive(Default)]
struct View {
    keys: Vec<u64>,
    words: Vec<u32>,
    /// Which keys are new at this look.
    new: Vec<u32>,
    /// The block that was parted, and where its sentences begin in the text.
    parted: Option<(usize, Vec<usize>)>,
}

/// A look at one page of the corpus: its text, its blocks with the edge keys that they have, and how many pages taught each.
type Look = fn(&str, &[Block], &[Option<u64>], &[u32]) -> View;

impl Corpus {
    /// Learns from all pages which blocks outlets repeat under different bodies. `outlets` gives for each source the
    /// number of its outlet.
    pub fn learn(&mut self, outlets: &[u32], least_contents: usize) -> io::Result<()> {
        let outlet = |place: u32| outlets[self.table.source[self.order[place as usize] as usize] as usize];
        let all: Vec<u32> = (0..self.order.len() as u32).collect();
        self.pages = vec![0; self.table.blocks.keys.len()];
        self.parted.clear();
        let pages: Vec<recurrence::Page> = all
            .iter()
            .map(|&place| {
                let blocks = self.table.blocks_of(self.order[place as usize]);
                let (keys, words) = (&self.table.blocks.keys[blocks.clone()], &self.table.blocks.words[blocks]);
                recurrence::Page { outlet: outlet(place), keys, words, content: self.content(place) }
            })
            .collect();
        let learned = self.learned(&pages, &all, least_contents)?;
        drop(pages);
        let mut at = 0;
        for &place in &all {
            let rows = self.rows(place);
            at += rows.len();
            self.pages[rows.clone()].copy_from_slice(&learned[at - rows.len()..at]);
        }
        let outlet_of: Vec<u32> = all.iter().map(|&place| outlet(place)).collect();
        let looked_at = self.worth_a_look(&outlet_of, least_contents)?;
        self.taught = Taught::default();
        for look in [lines as Look, sentences] {
            self.look(look, &looked_at, &outlet_of, least_contents)?;
        }
        self.know_from_elsewhere(&looked_at, &outlet_of)
    }

    fn content(&self, place: u32) -> u64 {
        self.table.content[self.order[place as usize] as usize]
    }

    fn rows(&self, place: u32) -> Range<usize> {
        self.table.blocks_of(self.order[place as usize])
    }

    fn learned(&self, pages: &[recurrence::Page], places: &[u32], least_contents: usize) -> io::Result<Vec<u32>> {
        let words_of = |at: usize| -> Result<Vec<u64>, String> {
            let (mut bytes, mut hashes) = (Vec::new(), Vec::new());
            let number = self.order[places[at] as usize];
            let text = self.text(number, &mut bytes).map_err(|error| error.to_string())?;
            // Beside blocks a text holds white space only.
            words::word_hashes(text, &mut hashes);
            Ok(hashes)
        };
        recurrence::learned(pages, &words_of, least_contents).map_err(io::Error::other)
    }

    /// What each of some looks at one page shows.
    fn views<const LOOKS: usize>(&self, place: u32, looks: [Look; LOOKS]) -> io::Result<[View; LOOKS]> {
        let number = self.order[place as usize];
        let (mut bytes, mut blocks) = (Vec::new(), Vec::new());
        let text = self.text(number, &mut bytes)?;
        self.table.blocks.of(self.table.blocks_of(number), text, &mut blocks);
        let loose: Vec<Option<u64>> = (0..blocks.len()).map(|at| edge_key(text, &blocks, at)).collect();
        Ok(looks.map(|look| look(text, &blocks, &loose, self.pages_of(number))))
    }

    /// The pages of those outlets of which a sample shows that a closer look will find something.
    fn worth_a_look(&self, outlet_of: &[u32], least_contents: usize) -> io::Result<Vec<u32>> {
        let mut by_outlet: Vec<u32> = (0..outlet_of.len() as u32).collect();
        // By content and not by place, which need not be the same in another corpus of the same pages.
        by_outlet.par_sort_unstable_by_key(|&place| (outlet_of[place as usize], self.content(place), place));
        let outlets: Vec<&[u32]> =
            by_outlet.chunk_by(|&a, &b| outlet_of[a as usize] == outlet_of[b as usize]).collect();
        let is_worth = |pages: &[u32]| -> io::Result<bool> {
            let mut counts: HashMap<u64, usize, BuildUnhashed> = HashMap::default();
            let count = pages.len().min(SAMPLE);
            for at in 0..if pages.len() < least_contents { 0 } else { count } {
                let mut new = Vec::new();
                for view in self.views(pages[at * pages.len() / count], [lines as Look, sentences])? {
                    new.extend(view.new.iter().map(|&at| view.keys[at as usize]));
                }
                new.sort_unstable();
                new.dedup();
                new.into_iter().for_each(|key| *counts.entry(key).or_default() += 1);
            }
            Ok(counts.into_values().any(|count| count >= least_contents))
        };
        let worth = outlets.par_iter().map(|pages| is_worth(pages)).collect::<io::Result<Vec<bool>>>()?;
        let worth = outlets.into_iter().zip(worth).filter(|&(_, worth)| worth);
        let mut places: Vec<u32> = worth.flat_map(|(pages, _)| pages.iter().copied()).collect();
        places.sort_unstable();
        Ok(places)
    }

    /// Learns from a closer look at these pages.
    fn look(&mut self, look: Look, places: &[u32], outlet_of: &[u32], least_contents: usize) -> io::Result<()> {
        let one = |&place: &u32| self.views(place, [look]).map(|[view]| view);
        let views: Vec<View> = places.par_iter().map(one).collect::<io::Result<Vec<View>>>()?;
        let pages: Vec<recurrence::Page> = places
            .iter()
            .zip(&views)
            .map(|(&place, view)| recurrence::Page {
                outlet: outlet_of[place as usize],
                keys: &view.keys,
                words: &view.words,
                content: self.content(place),
            })
            .collect();
        let learned = self.learned(&pages, places, least_contents)?;
        let mut at = 0;
        for (&place, view) in places.iter().zip(&views) {
            let taught = &learned[at..at + view.keys.len()];
            at += taught.len();
            let rows = self.rows(place);
            for &new in &view.new {
                let new = new as usize;
                if taught[new] == 0 {
                    continue;
                }
                self.taught.add(view.keys[new], outlet_of[place as usize]);
                if view.parted.is_none() {
                    self.pages[rows.start + new] = taught[new];
                }
            }
            if let Some((block, starts)) = &view.parted {
                // What is left of the block must end where the first sentence begins that was learned and all after it.
                let parts = &taught[block + 1..=block + starts.len()];
                let last: Vec<u32> = parts.iter().rev().take_while(|&&pages| pages > 0).copied().collect();
                if let Some(&pages) = last.iter().min() {
                    let start = starts[starts.len() - last.len()];
                    self.parted.insert((rows.start + block) as u32, (start as u32, pages));
                }
            }
        }
        Ok(())
    }

    /// Marks what stands at the end of a page and is boilerplate of another outlet.
    ///
    /// What its own outlet taught and left on a page is what the page has for an article.
    fn know_from_elsewhere(&mut self, looked_at: &[u32], outlet_of: &[u32]) -> io::Result<()> {
        let any_loose = !self.taught.is_empty();
        for (&number, &outlet) in self.order.iter().zip(outlet_of) {
            for row in self.table.blocks_of(number).filter(|&row| self.pages[row] > 0) {
                self.taught.add(self.table.blocks.keys[row], outlet);
            }
        }
        if self.taught.is_empty() {
            return Ok(());
        }
        let blocks = &self.table.blocks;
        let one = |place: u32| -> io::Result<Vec<usize>> {
            let (number, outlet) = (self.order[place as usize], outlet_of[place as usize]);
            let (rows, mut found, mut behind) = (self.table.blocks_of(number), Vec::new(), 0);
            let is_left = |row: usize| self.pages[row] == 0 && blocks.cue(row) == BODY;
            let mut left: u32 = rows.clone().filter(|&row| is_left(row)).map(|row| blocks.words[row]).sum();
            let closer = any_loose && looked_at.binary_search(&place).is_err();
            let (mut bytes, mut page) = (Vec::new(), Vec::new());
            let text = if closer { self.text(number, &mut bytes)? } else { "" };
            if closer {
                blocks.of(rows.clone(), text, &mut page);
            }
            for row in rows.clone().rev().take(EDGES.1).filter(|&row| is_left(row)) {
                let long_enough = blocks.words[row] >= LEAST_ELSEWHERE;
                let mut is_known = long_enough && self.taught.elsewhere(blocks.keys[row], outlet);
                if !is_known && long_enough && closer && blocks.words[row] <= LONGEST_LINE {
                    let key = loose_key(text, &page[row - rows.start]);
                    is_known = key.is_some_and(|key| self.taught.elsewhere(key, outlet));
                }
                if is_known && left - blocks.words[row] >= recurrence::LEAST_BODY as u32 {
                    left -= blocks.words[row];
                    found.push(row);
                } else {
                    behind += blocks.words[row];
                    if behind >= FEW_BEHIND {
                        break;
                    }
                }
            }
            Ok(found)
        };
        let found: Vec<Vec<usize>> =
            (0..self.order.len() as u32).into_par_iter().map(one).collect::<io::Result<_>>()?;
        found.into_iter().flatten().for_each(|row| self.pages[row] = ELSEWHERE);
        Ok(())
    }
}

impl Corpus {
    /// How many outlets taught a block of a page, or the last sentence of one that was parted off; 0 if none did.
    pub(super) fn outlets_that_taught(&self, text: &str, block: &Block, is_parted_off: bool) -> u32 {
        let exact = self.taught.outlets(block.key);
        let block = &text[block.start as usize..block.end as usize];
        let last = if is_parted_off { slots::last_sentences(block, 1).first().copied() } else { None };
        let line = &block[last.unwrap_or(0)..];
        let key = slots::loose_key(line).unwrap_or_else(|| {
            let mut words = Words::default();
            words.read(line);
            keys::block_key(line, &words, 0)
        });
        exact.max(self.taught.outlets(key))
    }
}

fn loose_key(text: &str, block: &Block) -> Option<u64> {
    slots::loose_key(&text[block.start as usize..block.end as usize])
}

/// The loose key of a line that stands near an edge of its page.
fn edge_key(text: &str, blocks: &[Block], at: usize) -> Option<u64> {
    let is_edge = at < EDGES.0 || at + EDGES.1 >= blocks.len();
    if is_edge && blocks[at].words <= LONGEST_LINE { loose_key(text, &blocks[at]) } else { None }
}

/// Lines near the edges of a page, without names and addresses.
fn lines(_: &str, blocks: &[Block], loose: &[Option<u64>], pages: &[u32]) -> View {
    let mut view = View::default();
    for (at, block) in blocks.iter().enumerate() {
        let is_open = pages[at] == 0 && block.cue == BODY;
        let loose = loose[at].filter(|_| is_open);
        if loose.is_some() {
            view.new.push(at as u32);
        }
        view.keys.push(loose.unwrap_or(block.key));
        view.words.push(block.words);
    }
    view
}

/// The last sentences of the last block that is not known for boilerplate.
fn sentences(text: &str, blocks: &[Block], loose: &[Option<u64>], pages: &[u32]) -> View {
    let mut view = View::default();
    let last = (0..blocks.len()).rev().find(|&at| pages[at] == 0 && blocks[at].cue == BODY);
    let mut words = Words::default();
    for (at, block) in blocks.iter().enumerate() {
        let (from, to) = (block.start as usize, block.end as usize);
        let starts = if Some(at) == last { slots::last_sentences(&text[from..to], SENTENCES) } else { vec![] };
        if starts.is_empty() {
            // What stands behind the article is the same on all pages but for what changes.
            let loose = loose[at].filter(|_| Some(at) != last);
            view.keys.push(loose.unwrap_or(block.key));
            view.words.push(block.words);
            continue;
        }
        let starts: Vec<usize> = starts.into_iter().rev().map(|start| from + start).collect();
        let edges: Vec<usize> = [from].into_iter().chain(starts.iter().copied()).chain([to]).collect();
        for (part, edge) in edges.windows(2).enumerate() {
            let sentence = text[edge[0]..edge[1]].trim_end();
            words.clear();
            words.read(sentence);
            let count = words.hashes.len();
            if part > 0 && count >= SHORTEST_SENTENCE {
                view.new.push(view.keys.len() as u32);
            }
            let key = keys::block_key(sentence, &words, 0);
            view.keys.push(if part > 0 { slots::loose_key(sentence).unwrap_or(key) } else { key });
            view.words.push(count as u32);
        }
        view.parted = Some((at, starts));
    }
    view
}
