//! Learned boilerplate: which blocks an outlet repeats under different bodies.
//!
//! A block that recurs says nothing by itself: an outlet that re-runs a story repeats all its blocks. So a block is
//! boilerplate only if it recurs under different contents, stands at an edge of the page, and leaves the page a body.

use std::collections::{HashMap, HashSet};

use rayon::prelude::*;

use crate::{shingles, verify};

/// Fewer words than this are no body: they can't tell two contents apart, and no page is left with less.
const LEAST_BODY: usize = 30;
/// Two pages are different contents only if this share of each is not shared boilerplate, in percent. Less than that is
/// a re-run with a paragraph added.
const LEAST_OWN: usize = 20;
/// And only if fewer than this share of what is left stands in the other page, in percent. More is a re-run with edits.
const MOST_COPIED: usize = 20;
/// Words of the shingles by which that is measured.
const WIDTH: usize = 5;
/// In how many percent of its pages a block must stand at an edge.
const LEAST_AT_EDGE: usize = 80;
/// Blocks of at most so many words ("Read more", "Advertisement") are boilerplate anywhere on a page.
const SHORT_BLOCK: usize = 8;
/// Pages of a block that are compared with each other, at most, after those of the same blocks are folded into one.
const MOST_WITNESSES: usize = 64;

/// One article's blocks as numbers.
#[derive(Debug, Clone, Copy)]
pub struct OldPage<'a> {
    outlet: u32,
    keys: &'a [u64],
    ends: &'a [u32],
    words: &'a [u64],
}

impl<'a> OldPage<'a> {
    /// Takes an article's word hashes, cut into blocks: block `i` ends before the word `ends[i]` and begins where the
    /// block before it ended. `keys[i]` is the hash of the block's masked words, so that "Page 3" and "Page 4" are one key.
    pub fn new(outlet: u32, keys: &'a [u64], ends: &'a [u32], words: &'a [u64]) -> Result<Self, String> {
        if keys.len() != ends.len() {
            return Err(format!("{} keys for {} blocks", keys.len(), ends.len()));
        }
        let last = ends.last().map_or(0, |&end| end as usize);
        if !ends.is_sorted() || last != words.len() {
            return Err(format!("blocks end at word {last}, not in order or not where the {} words end", words.len()));
        }
        Ok(OldPage { outlet, keys, ends, words })
    }

    /// The key, first word and end of each block.
    fn blocks(&self) -> impl DoubleEndedIterator<Item = (u64, usize, usize)> + ExactSizeIterator + '_ {
        (0..self.keys.len()).map(|i| {
            let start = if i == 0 { 0 } else { self.ends[i - 1] };
            (self.keys[i], start as usize, self.ends[i] as usize)
        })
    }

    /// The keys of the blocks that hold words, sorted, each once.
    fn key_set(&self) -> Vec<u64> {
        let mut keys = self.blocks().filter(|(_, start, end)| start < end).map(|(key, ..)| key).collect();
        verify::sorted_unique(&mut keys);
        keys
    }
}

/// Returns for each block of each page how many pages of its outlet taught that it is boilerplate; 0 says it is not.
///
/// A key is boilerplate if the pages of the outlet that have it
/// 1. hold at least `least_contents` different contents: what the pages don't share is at least 30 words and 20 % of each,
///    and hardly any of it stands in the other page;
/// 2. have it at their head or tail in 80 % of cases: fewer than 30 words between it and that edge, other than blocks which
///    recur too, since titles and credit lines stand there. Blocks of up to 8 words are free of this rule.
///
/// A page that would keep fewer than 30 words is left alone. The order of the pages changes nothing.
pub fn old_learned(pages: &[OldPage], least_contents: usize) -> Vec<Vec<u32>> {
    let mut order: Vec<(u32, u64, usize)> =
        (0..).zip(pages).map(|(at, page)| (page.outlet, content(page), at)).collect();
    order.sort_unstable();
    let outlets: Vec<&[(u32, u64, usize)]> = order.chunk_by(|a, b| a.0 == b.0).collect();
    let of_outlets: Vec<Vec<Vec<u32>>> = outlets
        .par_iter()
        .map(|outlet| Outlet::new(outlet.iter().map(|&(_, _, at)| &pages[at]).collect()).learned(least_contents))
        .collect();
    let mut learned = vec![Vec::new(); pages.len()];
    for (&(_, _, at), marks) in order.iter().zip(of_outlets.into_iter().flatten()) {
        learned[at] = marks;
    }
    learned
}

/// A number for a page's content, by which pages are put in an order of their own.
fn content(page: &OldPage) -> u64 {
    digest(page.words.iter().chain(page.keys).copied().chain(page.ends.iter().map(|&end| u64::from(end))))
}

fn digest(values: impl Iterator<Item = u64>) -> u64 {
    values.fold(0, |digest: u64, value| {
        let mixed = (digest ^ value).wrapping_mul(0x9E37_79B1_85EB_CA87);
        mixed ^ mixed >> 32
    })
}

/// One outlet's pages, in an order that their contents decide.
struct Outlet<'a> {
    pages: Vec<&'a OldPage<'a>>,
    key_sets: Vec<Vec<u64>>,
    /// Pages of the same key set are one content, whatever else they differ in.
    key_set_digests: Vec<u64>,
    /// Whether two pages are different contents, as far as that is known.
    differ: HashMap<(u32, u32), bool>,
}

impl<'a> Outlet<'a> {
    fn new(pages: Vec<&'a OldPage<'a>>) -> Self {
        let key_sets: Vec<Vec<u64>> = pages.iter().map(|page| page.key_set()).collect();
        let key_set_digests = key_sets.iter().map(|keys| digest(keys.iter().copied())).collect();
        Outlet { pages, key_sets, key_set_digests, differ: HashMap::new() }
    }

    fn learned(mut self, least_contents: usize) -> Vec<Vec<u32>> {
        let mut postings: Vec<(u64, u32)> =
            (0..).zip(&self.key_sets).flat_map(|(page, keys)| keys.iter().map(move |&key| (key, page))).collect();
        postings.sort_unstable();
        let recurring: Vec<&[(u64, u32)]> =
            postings.chunk_by(|a, b| a.0 == b.0).filter(|pages| pages.len() >= least_contents.max(1)).collect();
        let at_edge = self.at_edge(&recurring);
        let mut verdicts: HashMap<u64, bool> = HashMap::new();
        let mut taught: HashMap<u64, u32> = HashMap::new();
        for pages in recurring {
            let (key, count) = (pages[0].0, pages.len());
            if 100 * at_edge[&key].pages >= LEAST_AT_EDGE * count {
                // Blocks of one template stand on the same pages, which are judged once.
                let verdict = verdicts
                    .entry(digest(pages.iter().map(|&(_, page)| u64::from(page))))
                    .or_insert_with(|| self.holds_contents(pages, least_contents));
                if *verdict {
                    taught.insert(key, count as u32);
                }
            }
        }
        self.pages.iter().map(|page| marks(page, &taught)).collect()
    }

    /// On how many pages each recurring key stands at an edge.
    fn at_edge(&self, recurring: &[&[(u64, u32)]]) -> HashMap<u64, AtEdge> {
        let mut at_edge: HashMap<u64, AtEdge> =
            recurring.iter().map(|pages| (pages[0].0, AtEdge { pages: 0, last: None })).collect();
        for (number, page) in self.pages.iter().enumerate() {
            let mut reached = Vec::new();
            reach(page.blocks(), &at_edge, &mut reached);
            reach(page.blocks().rev(), &at_edge, &mut reached);
            reached.extend(page.blocks().filter(|(_, start, end)| end - start <= SHORT_BLOCK).map(|(key, ..)| key));
            for key in reached {
                if let Some(seen) = at_edge.get_mut(&key).filter(|seen| seen.last != Some(number)) {
                    seen.pages += 1;
                    seen.last = Some(number);
                }
            }
        }
        at_edge
    }

    /// Whether pages hold so many different contents; each new one must differ from all found before it.
    fn holds_contents(&mut self, postings: &[(u64, u32)], least_contents: usize) -> bool {
        let mut seen = HashSet::new();
        let pages: Vec<u32> = postings
            .iter()
            .map(|&(_, page)| page)
            .filter(|&page| seen.insert(self.key_set_digests[page as usize]))
            .collect();
        let witnesses = pages.len().min(MOST_WITNESSES);
        let mut found: Vec<u32> = Vec::with_capacity(least_contents);
        for witness in 0..witnesses {
            // Spread over all of them, since neighbours in the order are as different as any.
            let page = pages[witness * pages.len() / witnesses];
            if found.len() < least_contents && found.iter().all(|&other| self.differ(other, page)) {
                found.push(page);
            }
        }
        found.len() >= least_contents
    }

    fn differ(&mut self, a: u32, b: u32) -> bool {
        if let Some(&known) = self.differ.get(&(a, b)) {
            return known;
        }
        let (left, right) = (a as usize, b as usize);
        let own_left = own(self.pages[left], &self.key_sets[right]);
        let own_right = own(self.pages[right], &self.key_sets[left]);
        let differ = has_body(self.pages[left], &own_left)
            && has_body(self.pages[right], &own_right)
            && is_new(self.pages[left], &own_left, self.pages[right])
            && is_new(self.pages[right], &own_right, self.pages[left]);
        self.differ.insert((a, b), differ);
        differ
    }
}

/// How many pages have a key at their edge, and the last of them.
struct AtEdge {
    pages: usize,
    last: Option<usize>,
}

/// Walks a page from one edge, collecting keys until more than titles and credit lines were passed that don't recur.
fn reach(blocks: impl Iterator<Item = (u64, usize, usize)>, recurring: &HashMap<u64, AtEdge>, reached: &mut Vec<u64>) {
    let mut passed = 0;
    for (key, start, end) in blocks {
        if recurring.contains_key(&key) {
            reached.push(key);
        } else {
            passed += end - start;
        }
        if passed >= LEAST_BODY {
            return;
        }
    }
}

/// The runs of words of a page that lie in blocks whose keys the other page doesn't have.
fn own(page: &OldPage, other: &[u64]) -> Vec<(usize, usize)> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for (_, start, end) in page.blocks().filter(|(key, ..)| other.binary_search(key).is_err()) {
        match runs.last_mut() {
            Some(run) if run.1 == start => run.1 = end,
            _ => runs.push((start, end)),
        }
    }
    runs
}

fn has_body(page: &OldPage, own: &[(usize, usize)]) -> bool {
    let words: usize = own.iter().map(|(start, end)| end - start).sum();
    words >= LEAST_BODY && 100 * words >= LEAST_OWN * page.words.len()
}

/// Whether hardly any of a page's own words stand in the other page. Words too scattered to be measured don't count as new.
fn is_new(page: &OldPage, own: &[(usize, usize)], other: &OldPage) -> bool {
    let (mut of_own, mut of_other) = (Vec::new(), Vec::new());
    for &(start, end) in own.iter().filter(|(start, end)| end - start >= WIDTH) {
        shingles::roll(&page.words[start..end], WIDTH, &mut of_own);
    }
    shingles::roll(other.words, WIDTH, &mut of_other);
    verify::sorted_unique(&mut of_own);
    verify::sorted_unique(&mut of_other);
    100 * (verify::shared(&of_own, &of_other) as usize) < MOST_COPIED * of_own.len()
}

/// The pages that taught each block of a page, unless too little of the page would stay.
fn marks(page: &OldPage, taught: &HashMap<u64, u32>) -> Vec<u32> {
    let mut kept = 0;
    let marks: Vec<u32> = page
        .blocks()
        .map(|(key, start, end)| {
            let mark = if start < end { taught.get(&key).copied().unwrap_or(0) } else { 0 };
            kept += if mark == 0 { end - start } else { 0 };
            mark
        })
        .collect();
    if kept < LEAST_BODY { vec![0; marks.len()] } else { marks }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The words of a text, drawn from a number: another number, other words.
    fn prose(seed: u64, words: usize) -> Vec<u64> {
        (0..words as u64).map(|i| digest([seed, i].into_iter())).collect()
    }

    /// A story of so many 40-word paragraphs.
    fn story(seed: u64, paragraphs: u64) -> Vec<Vec<u64>> {
        (0..paragraphs).map(|i| prose(1000 * seed + i, 40)).collect()
    }

    /// The same with every 33rd word changed, others each time, in all paragraphs but some, others each time.
    fn edited(story: &[Vec<u64>], run: u64) -> Vec<Vec<u64>> {
        let change = |paragraph: u64, at: u64, word: u64| {
            let left_alone = (paragraph + run).is_multiple_of(4);
            let chosen = (40 * paragraph + at + 7 * run).is_multiple_of(33);
            if chosen && !left_alone { digest([word, run].into_iter()) } else { word }
        };
        let paragraph =
            |(i, block): (u64, &Vec<u64>)| (0..).zip(block).map(|(at, &word)| change(i, at, word)).collect();
        (0..).zip(story).map(paragraph).collect()
    }

    fn page_of(parts: &[&[Vec<u64>]]) -> Vec<Vec<u64>> {
        parts.concat()
    }

    /// Learns from pages given as blocks; a block's key is its words, as if nothing needed a mask.
    fn learn(pages: &[Vec<Vec<u64>>]) -> Vec<Vec<u32>> {
        let outlets = vec![1; pages.len()];
        learn_from(pages, &outlets, |block| digest(block.iter().copied()))
    }

    fn learn_from(pages: &[Vec<Vec<u64>>], outlets: &[u32], key: impl Fn(&[u64]) -> u64) -> Vec<Vec<u32>> {
        let arrays: Vec<(Vec<u64>, Vec<u32>, Vec<u64>)> = pages
            .iter()
            .map(|blocks| {
                let mut end = 0;
                let ends = blocks.iter().map(|block| {
                    end += block.len() as u32;
                    end
                });
                (blocks.iter().map(|block| key(block)).collect(), ends.collect(), blocks.concat())
            })
            .collect();
        let pages: Vec<OldPage> = arrays
            .iter()
            .zip(outlets)
            .map(|((keys, ends, words), &outlet)| OldPage::new(outlet, keys, ends, words).unwrap())
            .collect();
        old_learned(&pages, 3)
    }

    fn marked(marks: &[u32]) -> Vec<bool> {
        marks.iter().map(|&mark| mark > 0).collect()
    }

    /// One story run again and again by `rerun`, and three other stories, all over one footer.
    fn reruns(rerun: impl Fn(u64) -> Vec<Vec<u64>>) -> (Vec<Vec<u32>>, u32) {
        let footer = [prose(1, 25), prose(2, 15)];
        let pages: Vec<_> = (0..50)
            .map(rerun)
            .chain((0..3).map(|i| story(500 + i, 8)))
            .map(|body| page_of(&[&body, &footer]))
            .collect();
        (learn(&pages), pages.len() as u32)
    }

    fn assert_only_the_footer_is_learned((pages, count): (Vec<Vec<u32>>, u32)) {
        for marks in pages {
            let (footer, body) = (&marks[marks.len() - 2..], &marks[..marks.len() - 2]);
            assert_eq!(footer, [count, count]);
            assert!(body.iter().all(|&mark| mark == 0), "{body:?}");
        }
    }

    #[test]
    fn a_story_run_again_is_no_boilerplate() {
        assert_only_the_footer_is_learned(reruns(|_| story(7, 8)));
    }

    #[test]
    fn nor_is_it_with_edits() {
        assert_only_the_footer_is_learned(reruns(|run| edited(&story(7, 8), run)));
    }

    #[test]
    fn nor_with_a_new_paragraph_each_time() {
        for place in [0, 3, 8] {
            assert_only_the_footer_is_learned(reruns(|run| {
                let mut body = story(7, 8);
                body.insert(place, prose(90_000 + run, 40));
                body
            }));
        }
    }

    #[test]
    fn short_bodies_under_a_large_template_come_clean() {
        let header = [prose(1, 60), prose(2, 80)];
        let footer = [prose(3, 120), prose(4, 80)];
        let pages: Vec<_> =
            (0..4).map(|i| page_of(&[&header, &[prose(50 + i, 60), prose(60 + i, 40)], &footer])).collect();
        for marks in learn(&pages) {
            assert_eq!(marks, [4, 4, 0, 0, 4, 4]);
        }
        // Two contents are not enough to learn from.
        assert!(learn(&pages[..2]).concat().iter().all(|&mark| mark == 0));
    }

    #[test]
    fn a_statement_that_many_articles_quote_is_theirs() {
        let statement = [prose(1, 50)];
        let pages: Vec<_> = (0..20).map(|i| page_of(&[&story(100 + i, 3), &statement, &story(200 + i, 3)])).collect();
        assert!(learn(&pages).concat().iter().all(|&mark| mark == 0));
    }

    #[test]
    fn a_short_block_is_learned_anywhere() {
        let more = [prose(1, 2)];
        let pages: Vec<_> = (0..3).map(|i| page_of(&[&story(100 + i, 3), &more, &story(200 + i, 3)])).collect();
        for marks in learn(&pages) {
            assert_eq!(marked(&marks), [false, false, false, true, false, false, false]);
        }
    }

    #[test]
    fn titles_and_credit_lines_do_not_hide_the_edge() {
        let (appeal, footer) = ([prose(1, 50)], [prose(2, 30)]);
        let pages: Vec<_> = (0..3)
            .map(|i| page_of(&[&[prose(10 + i, 12)], &appeal, &story(20 + i, 4), &footer, &[prose(30 + i, 9)]]))
            .collect();
        for marks in learn(&pages) {
            assert_eq!(marked(&marks), [false, true, false, false, false, false, true, false]);
        }
    }

    #[test]
    fn a_page_of_little_else_is_left_alone() {
        let footer = [prose(1, 25)];
        let mut pages: Vec<_> = (0..3).map(|i| page_of(&[&story(100 + i, 3), &footer])).collect();
        pages.push(page_of(&[&[prose(9, 29)], &footer]));
        pages.push(page_of(&[&[prose(9, 30)], &footer]));
        let marks = learn(&pages);
        assert_eq!(marks[0], [0, 0, 0, 5]);
        assert_eq!(marks[3], [0, 0]);
        assert_eq!(marks[4], [0, 5]);
    }

    #[test]
    fn one_key_is_one_block_whatever_its_words() {
        let footer = |year| vec![[prose(1, 20), vec![year]].concat()];
        let pages: Vec<_> = (0..3).map(|i| page_of(&[&story(100 + i, 3), &footer(2000 + i)])).collect();
        let masked = learn_from(&pages, &[1; 3], |block| digest(block.iter().copied().filter(|word| *word > 3000)));
        assert_eq!(masked[0], [0, 0, 0, 3]);
        assert_eq!(learn(&pages)[0], [0, 0, 0, 0]);
    }

    #[test]
    fn outlets_learn_from_their_own_pages_only() {
        let footer = [prose(1, 25)];
        let pages: Vec<_> = (0..5).map(|i| page_of(&[&story(100 + i, 3), &footer])).collect();
        let marks = learn_from(&pages, &[4, 4, 9, 4, 9], |block| digest(block.iter().copied()));
        assert_eq!(marks.iter().map(|marks| marks[3]).collect::<Vec<_>>(), [3, 3, 0, 3, 0]);
    }

    #[test]
    fn blocks_that_do_not_fit_their_words_are_refused() {
        assert!(OldPage::new(1, &[5], &[], &[]).unwrap_err().contains("1 keys for 0 blocks"));
        assert!(OldPage::new(1, &[5, 6], &[2, 1], &[1]).is_err());
        assert!(OldPage::new(1, &[5], &[2], &[1]).unwrap_err().contains("word 2"));
        assert!(old_learned(&[], 3).is_empty());
        let empty = OldPage::new(1, &[8, 8], &[0, 0], &[]).unwrap();
        assert_eq!(old_learned(&[empty; 4], 3)[0], [0, 0]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn the_order_of_the_pages_changes_nothing(
            shapes in prop::collection::vec(prop::collection::vec(0u64..12, 0..8), 0..12), turn in 0usize..12,
        ) {
            let pages: Vec<Vec<Vec<u64>>> = shapes
                .iter()
                .map(|shape| shape.iter().map(|&block| prose(block, 5 * block as usize)).collect())
                .collect();
            let mut turned = pages.clone();
            turned.rotate_left(turn.min(pages.len()));
            turned.reverse();
            let mut expected = learn(&turned);
            expected.reverse();
            expected.rotate_right(turn.min(pages.len()));
            prop_assert_eq!(learn(&pages), expected);
        }
    }
}

#[allow(missing_docs)]
pub struct Page<'a> {
    pub outlet: u32,
    pub keys: &'a [u64],
    pub words: &'a [u32],
    pub content: u64,
}
#[allow(missing_docs)]
pub fn learned<E: Send>(
    pages: &[Page<'_>],
    words_of: &(dyn Fn(usize) -> Result<Vec<u64>, E> + Sync),
    least: usize,
) -> Result<Vec<u32>, E> {
    let words: Vec<Vec<u64>> = (0..pages.len()).into_par_iter().map(|i| words_of(i)).collect::<Result<_, E>>()?;
    let ends: Vec<Vec<u32>> = pages
        .iter()
        .map(|p| {
            let mut e = 0;
            p.words
                .iter()
                .map(|w| {
                    e += w;
                    e
                })
                .collect()
        })
        .collect();
    let old: Vec<OldPage> =
        pages.iter().enumerate().map(|(i, p)| OldPage::new(p.outlet, p.keys, &ends[i], &words[i]).unwrap()).collect();
    Ok(old_learned(&old, least).concat())
}
