//! Are two pages different contents?

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::{Entry, LEAST_BODY, Page, WordsOf};
use crate::shingles;
use crate::unhashed::BuildUnhashed;

/// Two pages are different contents only if this share of each is not shared boilerplate, in percent. Less than that is
/// a re-run with a paragraph added.
const LEAST_OWN: usize = 20;
/// And only if fewer than this share of what is left stands in the other page, in percent. More is a re-run with edits.
const MOST_COPIED: usize = 20;
/// Words of the shingles by which that is measured.
const WIDTH: usize = 5;
/// Pages that are kept at hand with their shingles.
const MOST_KEPT: usize = 64;

/// Pages of an outlet, compared with each other.
pub struct Witnesses<'a> {
    entries: &'a [Entry<'a>],
    words_of: &'a WordsOf<'a>,
    kept: HashMap<u32, Rc<Witness<'a>>>,
    /// How many comparisons were made.
    pub comparisons: usize,
}

/// A page while it is compared.
struct Witness<'a> {
    page: &'a Page<'a>,
    at: usize,
    keys: Vec<u64>,
    /// Asked for only when its blocks alone don't tell it from another page.
    text: OnceCell<Text>,
}

/// The shingles of a page: one from each word on, but for the last few.
struct Text {
    shingles: Vec<u64>,
    distinct: Shingles,
    /// Those that stand on the page more than once: hardly any.
    repeated: Shingles,
}

/// A set of shingles, which are as good as random and need no hash of their own.
type Shingles = HashSet<u64, BuildUnhashed>;

impl<'a> Witnesses<'a> {
    pub fn new(entries: &'a [Entry<'a>], words_of: &'a WordsOf<'a>) -> Self {
        Witnesses { entries, words_of, kept: HashMap::new(), comparisons: 0 }
    }

    /// Whether a page is another content than each of the others.
    pub fn all_differ(&mut self, others: &[u32], page: u32) -> Result<bool, String> {
        for &other in others {
            self.comparisons += 1;
            let (left, right) = (self.witness(other), self.witness(page));
            if !self.differ(&left, &right)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn witness(&mut self, number: u32) -> Rc<Witness<'a>> {
        if self.kept.len() >= MOST_KEPT && !self.kept.contains_key(&number) {
            self.kept.clear();
        }
        let entry = &self.entries[number as usize];
        let new = || {
            let mut keys = Vec::new();
            entry.page.key_set(&mut keys);
            Rc::new(Witness { page: entry.page, at: entry.at as usize, keys, text: OnceCell::new() })
        };
        Rc::clone(self.kept.entry(number).or_insert_with(new))
    }

    fn differ(&self, left: &Witness<'_>, right: &Witness<'_>) -> Result<bool, String> {
        let (of_left, of_right) = (left.own(right), right.own(left));
        if !left.has_body(&of_left) || !right.has_body(&of_right) {
            return Ok(false);
        }
        let (left, right) = (left.text(self.words_of)?, right.text(self.words_of)?);
        Ok(left.is_new(&of_left, right) && right.is_new(&of_right, left))
    }
}

impl Witness<'_> {
    /// The runs of words, by first and end, in blocks whose keys the other page doesn't have.
    fn own(&self, other: &Self) -> Vec<(usize, usize)> {
        let mut runs: Vec<(usize, usize)> = Vec::new();
        let mut start = 0;
        for (key, &words) in self.page.keys.iter().zip(self.page.words) {
            let end = start + words as usize;
            if other.keys.binary_search(key).is_err() {
                match runs.last_mut() {
                    Some(run) if run.1 == start => run.1 = end,
                    _ => runs.push((start, end)),
                }
            }
            start = end;
        }
        runs
    }

    fn has_body(&self, own: &[(usize, usize)]) -> bool {
        let words: usize = own.iter().map(|(start, end)| end - start).sum();
        words >= LEAST_BODY && 100 * words >= LEAST_OWN * self.page.word_count()
    }

    fn text(&self, words_of: &WordsOf<'_>) -> Result<&Text, String> {
        if let Some(text) = self.text.get() {
            return Ok(text);
        }
        let (words, expected) = (words_of(self.at)?, self.page.word_count());
        if words.len() != expected {
            return Err(format!("page {}: {} words, but its blocks hold {expected}", self.at, words.len()));
        }
        Ok(self.text.get_or_init(|| Text::new(&words)))
    }
}

impl Text {
    fn new(words: &[u64]) -> Self {
        let mut shingles = Vec::new();
        shingles::roll(words, WIDTH, &mut shingles);
        let mut distinct = Shingles::with_capacity_and_hasher(shingles.len(), BuildUnhashed::default());
        let repeated = shingles.iter().copied().filter(|&shingle| !distinct.insert(shingle)).collect();
        Text { shingles, distinct, repeated }
    }

    /// Whether hardly any of these own words stand in the other page. Words too scattered to be measured don't count as new.
    fn is_new(&self, own: &[(usize, usize)], other: &Self) -> bool {
        let (mut all, mut shared) = (0, 0);
        let mut seen = Shingles::default();
        for &(start, end) in own.iter().filter(|(start, end)| end - start >= WIDTH) {
            for shingle in &self.shingles[start..=end - WIDTH] {
                if self.repeated.contains(shingle) && !seen.insert(*shingle) {
                    continue;
                }
                all += 1;
                shared += usize::from(other.distinct.contains(shingle));
            }
        }
        100 * shared < MOST_COPIED * all
    }
}
