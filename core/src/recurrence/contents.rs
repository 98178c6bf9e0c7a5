//! Do the pages of a key hold enough different contents?

use std::cmp::Reverse;

use rayon::prelude::*;

use super::postings::{Group, Postings};
use super::witness::Witnesses;
use super::{Entry, WordsOf};

/// Pages of a key that are compared with each other, at most, after those of the same blocks are folded into one.
const MOST_WITNESSES: usize = 64;
/// Comparisons that an outlet has free, so that a small one never runs out of them.
const FREE_COMPARISONS: usize = MOST_WITNESSES * MOST_WITNESSES;
/// And how many it has for each of its pages.
const COMPARISONS_A_PAGE: usize = 16;
/// Lists of pages that are judged one after the other, with the same witnesses at hand.
const LISTS_AT_ONCE: usize = 32;

/// Judges the keys of one outlet.
pub struct Judge<'a> {
    /// The pages of the outlet.
    pub entries: &'a [Entry<'a>],
    /// Whether a page is the first of those with the same keys, which are one content whatever else they differ in. All
    /// of them have a key or none has, so the first is enough to stand for them wherever pages have a key in common.
    pub is_first: &'a [bool],
    /// Where the words of a page come from.
    pub words_of: &'a WordsOf<'a>,
    /// How many different contents make a key boilerplate.
    pub least_contents: usize,
}

impl Judge<'_> {
    /// Returns for each key how many pages taught it; 0 if it is no boilerplate.
    pub fn taught(&self, postings: &Postings) -> Result<Vec<u32>, String> {
        let (keys, mut groups) = postings.grouped();
        let keys_of = |group: &Group| &keys[group.0 as usize..group.1 as usize];
        let list = |group: &Group| postings.of(keys_of(group)[0]);
        // The order of the pages must not decide what is left over, so among lists of one length the key does.
        groups.sort_unstable_by_key(|group| (Reverse(list(group).len()), keys_of(group)[0]));

        let mut taught = vec![0; postings.len()];
        let mut rest = &mut groups[..];
        let mut comparisons = FREE_COMPARISONS + COMPARISONS_A_PAGE * self.entries.len();
        loop {
            let (round, later) = rest.split_at_mut(self.affordable(rest.iter().map(list), comparisons));
            rest = later;
            if round.is_empty() {
                return Ok(taught);
            }
            // Lists that begin alike ask for the same witnesses.
            round.sort_unstable_by_key(|group| (list(group)[0], *group));
            let judged = round.par_chunks(LISTS_AT_ONCE).map(|groups| self.verdicts(groups.iter().map(list)));
            for (groups, (verdicts, used)) in round.chunks(LISTS_AT_ONCE).zip(judged.collect::<Result<Vec<_>, _>>()?) {
                comparisons -= used;
                for (group, _) in groups.iter().zip(verdicts).filter(|(_, verdict)| *verdict) {
                    for &key in keys_of(group) {
                        taught[key as usize] = list(group).len() as u32;
                    }
                }
            }
        }
    }

    /// How many of the lists, from the first one on, can't take more than so many comparisons.
    fn affordable<'b>(&self, lists: impl Iterator<Item = &'b [u32]>, mut comparisons: usize) -> usize {
        let mut fits = |pages: &[u32]| {
            let most = pages.len().min(MOST_WITNESSES) * self.least_contents.min(MOST_WITNESSES);
            comparisons.checked_sub(most).map(|left| comparisons = left).is_some()
        };
        lists.take_while(|pages| fits(pages)).count()
    }

    /// For each list of pages whether it holds enough contents, and how many comparisons that took.
    fn verdicts<'b>(&self, lists: impl Iterator<Item = &'b [u32]>) -> Result<(Vec<bool>, usize), String> {
        let mut witnesses = Witnesses::new(self.entries, self.words_of);
        let verdicts = lists.map(|pages| self.holds_contents(pages, &mut witnesses)).collect::<Result<_, _>>()?;
        Ok((verdicts, witnesses.comparisons))
    }

    /// Whether pages hold so many different contents; each new one must differ from all found before it.
    fn holds_contents(&self, pages: &[u32], witnesses: &mut Witnesses<'_>) -> Result<bool, String> {
        let pages: Vec<u32> = pages.iter().copied().filter(|&page| self.is_first[page as usize]).collect();
        let count = pages.len().min(MOST_WITNESSES);
        // Spread over all of them, since neighbours in the order are as different as any. Long ones first: a page with little
        // of its own differs from none, and no other would count beside it.
        let mut chosen: Vec<u32> = (0..count).map(|witness| pages[witness * pages.len() / count]).collect();
        chosen.sort_by_key(|&page| Reverse(self.entries[page as usize].page.word_count()));
        let mut found = Vec::new();
        for (witness, page) in chosen.into_iter().enumerate() {
            if found.len() >= self.least_contents || found.len() + count - witness < self.least_contents {
                break;
            }
            if witnesses.all_differ(&found, page)? {
                found.push(page);
            }
        }
        Ok(found.len() >= self.least_contents)
    }
}
