//! On which pages does each recurring key stand, and on how many of them at an edge?

use super::{Entry, LEAST_BODY, digest};

/// In how many percent of its pages a block must stand at an edge.
const LEAST_AT_EDGE: usize = 80;
/// Blocks of at most so many words ("Read more", "Advertisement") are boilerplate anywhere on a page.
const SHORT_BLOCK: usize = 8;
/// No page.
const NONE: u32 = u32::MAX;

/// Where some keys stand among others: the first of them and what follows the last.
pub type Group = (u32, u32);

/// The pages of each recurring key of an outlet, in order.
pub struct Postings {
    pages: Vec<u32>,
    /// Where the pages of each key end; they begin where those of the key before end.
    ends: Vec<u32>,
    /// On how many of them it stands at an edge.
    at_edge: Vec<u32>,
}

impl Postings {
    /// Takes the pages, their keys numbered, and on how many pages each key stands.
    pub fn new(entries: &[Entry<'_>], counts: &[u32]) -> Self {
        let mut total = 0;
        let begin = |count: &u32| {
            total += count;
            total - count
        };
        // Where the next page of each key goes: in the end, behind its last.
        let mut ends: Vec<u32> = counts.iter().map(begin).collect();
        let mut pages = vec![NONE; total as usize];
        let mut at_edge = vec![0; counts.len()];
        // A key may stand on a page twice.
        let (mut last, mut last_at_edge) = (vec![NONE; counts.len()], vec![NONE; counts.len()]);
        for (page, entry) in (0..).zip(entries) {
            let head = reach(entry.blocks());
            let tail = entry.marks.len() - reach(entry.blocks().rev());
            for (place, (words, number)) in entry.blocks().enumerate() {
                let Some(number) = number else { continue };
                if last[number] != page {
                    last[number] = page;
                    pages[ends[number] as usize] = page;
                    ends[number] += 1;
                }
                let edge = place < head || place >= tail || words <= SHORT_BLOCK;
                if edge && last_at_edge[number] != page {
                    last_at_edge[number] = page;
                    at_edge[number] += 1;
                }
            }
        }
        Postings { pages, ends, at_edge }
    }

    /// How many keys there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// The pages a key stands on.
    pub fn of(&self, key: u32) -> &[u32] {
        let start = if key == 0 { 0 } else { self.ends[key as usize - 1] };
        &self.pages[start as usize..self.ends[key as usize] as usize]
    }

    /// The keys that stand at an edge on nearly all of their pages, those on the same pages together, and the groups of
    /// such. Blocks of one template stand on the same pages.
    pub fn grouped(&self) -> (Vec<u32>, Vec<Group>) {
        let list = |key: u32| digest(self.of(key).iter().map(|&page| u64::from(page)));
        let at_edge = (0..self.len() as u32).filter(|&key| self.is_at_edge(key));
        let mut keys: Vec<(u64, u32)> = at_edge.map(|key| (list(key), key)).collect();
        keys.sort_unstable();
        let mut end = 0;
        let group = |keys: &[(u64, u32)]| {
            let start = end;
            end += keys.len() as u32;
            (start, end)
        };
        let groups = keys.chunk_by(|a, b| self.of(a.1) == self.of(b.1)).map(group).collect();
        (keys.into_iter().map(|(_, key)| key).collect(), groups)
    }

    fn is_at_edge(&self, key: u32) -> bool {
        100 * self.at_edge[key as usize] as usize >= LEAST_AT_EDGE * self.of(key).len()
    }
}

/// How many blocks from an edge are passed before as many words as a body has, not counting blocks that recur.
fn reach(mut blocks: impl ExactSizeIterator<Item = (usize, Option<usize>)>) -> usize {
    let all = blocks.len();
    let mut passed = 0;
    let end = blocks.position(|(words, number)| {
        passed += if number.is_none() { words } else { 0 };
        passed >= LEAST_BODY
    });
    end.unwrap_or(all)
}
