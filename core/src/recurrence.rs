//! Learned boilerplate: which blocks an outlet repeats under different bodies.
//!
//! A block that recurs says nothing by itself: an outlet that re-runs a story repeats all its blocks. So a block is
//! boilerplate only if it recurs under different contents, stands at an edge of the page, and leaves the page a body.
//!
//! Nearly all blocks stand on one page only, and they cost no more than being counted. Words are asked for only of the
//! few pages that are compared, and each thread keeps at most 64 of those at hand. Beside its input, the answer (4 bytes a
//! block) and those, this takes 40 bytes a page and, for the outlets being worked on, about 16 more a page and at most 16
//! bytes a block: 8 while the keys of an outlet are counted, then 4 for each place of a key that recurs and up to 36 for
//! each such key.

use std::cmp::Ordering;

use rayon::prelude::*;

mod contents;
mod keys;
mod postings;
#[cfg(test)]
mod tests;
mod witness;

use contents::Judge;
use keys::Recurring;
use postings::Postings;

/// Fewer words than this are no body: they can't tell two contents apart, and no page is left with less.
pub const LEAST_BODY: usize = 30;
/// Pages of a large outlet that one thread takes on at a time.
const PAGES_AT_ONCE: usize = 1024;

/// Gives all word hashes of a page, in order, by the page's place among those given to [`learned`].
pub type WordsOf<'a> = dyn Fn(usize) -> Result<Vec<u64>, String> + Sync + 'a;

/// One article's blocks as numbers.
#[derive(Debug, Clone, Copy)]
pub struct Page<'a> {
    /// Whose page it is: blocks are learned from pages of the same outlet only.
    pub outlet: u32,
    /// For each block the hash of its masked words, so that "Page 3" and "Page 4" are one key.
    pub keys: &'a [u64],
    /// For each block how many words it holds.
    pub words: &'a [u32],
    /// A digest of the page's words, by which pages are put in an order of their own.
    pub content: u64,
}

impl Page<'_> {
    /// The keys of the blocks that hold words, sorted, each once.
    fn key_set(&self, keys: &mut Vec<u64>) {
        keys.clear();
        keys.extend(self.keys.iter().zip(self.words).filter(|&(_, &words)| words > 0).map(|(&key, _)| key));
        keys.sort_unstable();
        keys.dedup();
    }

    fn word_count(&self) -> usize {
        self.words.iter().map(|&words| words as usize).sum()
    }
}

/// Returns for each block of each page, page by page, how many pages of its outlet taught that it is boilerplate; 0 says
/// it is not.
///
/// A key is boilerplate if the pages of the outlet that have it
/// 1. hold at least `least_contents` different contents: what the pages don't share is at least 30 words and 20 % of each,
///    and hardly any of it stands in the other page;
/// 2. have it at their head or tail in 80 % of cases: fewer than 30 words between it and that edge, other than blocks which
///    recur too, since titles and credit lines stand there. Blocks of up to 8 words are free of this rule.
///
/// A page that would keep fewer than 30 words is left alone. The order of the pages changes nothing.
///
/// An outlet's pages are compared 4096 times and 16 times a page at most. Keys on many pages come first; keys that are
/// left over when this is used up are not learned. Only an outlet of very many keys, each on other pages, gets there.
pub fn learned(pages: &[Page<'_>], words_of: &WordsOf<'_>, least_contents: usize) -> Result<Vec<u32>, String> {
    if let Some(at) = pages.iter().position(|page| page.keys.len() != page.words.len()) {
        return Err(format!("page {at}: {} keys for {} blocks", pages[at].keys.len(), pages[at].words.len()));
    }
    let blocks = pages.iter().map(|page| page.keys.len()).sum();
    if u32::try_from(pages.len().max(blocks)).is_err() {
        return Err(format!("{} pages of {blocks} blocks are more than can be numbered", pages.len()));
    }
    let mut marks = vec![0; blocks];
    let mut entries = entries(pages, &mut marks);
    entries.par_sort_unstable_by(Entry::order);
    let outlets: Vec<&mut [Entry<'_>]> = entries.chunk_by_mut(|a, b| a.outlet == b.outlet).collect();
    outlets.into_par_iter().try_for_each(|outlet| mark(outlet, words_of, least_contents))?;
    drop(entries);
    Ok(marks)
}

/// A page on its way through its outlet.
struct Entry<'a> {
    // The first two are the page's own, kept here since sorting looks at nothing else.
    content: u64,
    outlet: u32,
    /// The place of the page in the input.
    at: u32,
    page: &'a Page<'a>,
    /// For each block the number of its key among the outlet's recurring ones, from 1; 0 if its key doesn't recur. In the
    /// end, how many pages taught it.
    marks: &'a mut [u32],
}

impl Entry<'_> {
    /// Pages that are equal by this are equal in all that counts, since equal contents are equal words.
    fn order(&self, other: &Self) -> Ordering {
        let blocks = |entry: &Self| (entry.page.keys, entry.page.words);
        (self.outlet, self.content).cmp(&(other.outlet, other.content)).then_with(|| blocks(self).cmp(&blocks(other)))
    }

    /// For each block its words and the number of its key, if that recurs.
    fn blocks(&self) -> impl DoubleEndedIterator<Item = (usize, Option<usize>)> + ExactSizeIterator + '_ {
        let numbered = self.page.words.iter().zip(self.marks.iter());
        numbered.map(|(&words, &mark)| (words as usize, (mark as usize).checked_sub(1)))
    }

    fn number(&mut self, recurring: &Recurring) {
        for ((mark, &key), &words) in self.marks.iter_mut().zip(self.page.keys).zip(self.page.words) {
            if words > 0 {
                *mark = recurring.number(key).map_or(0, |number| number + 1);
            }
        }
    }

    /// Marks the blocks with the pages that taught them, unless too little of the page would stay.
    fn mark(&mut self, taught: &[u32]) {
        let taught_by = |number: Option<usize>| number.map_or(0, |number| taught[number]);
        let kept: usize = self.blocks().filter(|&(_, number)| taught_by(number) == 0).map(|(words, _)| words).sum();
        for mark in self.marks.iter_mut() {
            *mark = if kept < LEAST_BODY { 0 } else { taught_by((*mark as usize).checked_sub(1)) };
        }
    }
}

/// The pages, each with its part of the marks.
fn entries<'a>(pages: &'a [Page<'a>], mut marks: &'a mut [u32]) -> Vec<Entry<'a>> {
    let one = |(at, page): (u32, &'a Page<'a>)| {
        let (own, rest) = std::mem::take(&mut marks).split_at_mut(page.keys.len());
        marks = rest;
        Entry { content: page.content, outlet: page.outlet, at, page, marks: own }
    };
    (0..).zip(pages).map(one).collect()
}

/// Marks the boilerplate on the pages of one outlet, which are in their own order.
fn mark(entries: &mut [Entry<'_>], words_of: &WordsOf<'_>, least_contents: usize) -> Result<(), String> {
    let least_pages = least_contents.max(1);
    if entries.len() < least_pages {
        return Ok(());
    }
    let (recurring, is_first) = keys::recurring(entries, least_pages);
    if recurring.is_empty() {
        return Ok(());
    }
    entries.par_iter_mut().with_min_len(PAGES_AT_ONCE).for_each(|entry| entry.number(&recurring));
    let postings = Postings::new(entries, &recurring.into_counts());
    let judge = Judge { entries, is_first: &is_first, words_of, least_contents };
    let taught = judge.taught(&postings)?;
    entries.par_iter_mut().with_min_len(PAGES_AT_ONCE).for_each(|entry| entry.mark(&taught));
    Ok(())
}

/// A number for some values; others have another one.
fn digest(values: impl Iterator<Item = u64>) -> u64 {
    values.fold(0, |digest: u64, value| {
        let mixed = (digest ^ value).wrapping_mul(0x9E37_79B1_85EB_CA87);
        mixed ^ mixed >> 32
    })
}
