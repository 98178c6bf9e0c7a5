//! Which blocks of a page are the article?
//!
//! A page is read on its own first: its blocks, how many words each holds, what gives them away. What was learned from all
//! pages together comes later, and then each block's kind is settled.

use xxhash_rust::xxh3::xxh3_128_with_seed;

use crate::patterns::{Candidates, Patterns};
use crate::verdicts::Verdicts;
use crate::words::{self, Words};
use crate::{blocks, keys};

/// A title is looked for among so many blocks.
const HEADLINE_AMONG: usize = 3;
/// Where no title is known, a block of at most so many words may be one.
const MOST_HEADLINE_WORDS: u32 = 30;
/// A title over fewer words than this is the article.
const LEAST_BODY_WORDS: u32 = 20;
/// The head of an article is what stands before this number of its words, or this share of them.
const HEAD: (f64, f64) = (80.0, 0.15);
/// The tail is what stands after.
const TAIL: (f64, f64) = (350.0, 0.3);

/// Longer blocks seldom stand on two pages, so what was found on them is not remembered.
const MOST_REMEMBERED: u32 = 100;

/// The kind of what is no boilerplate.
pub const BODY: u8 = 0;

/// The rules that know boilerplate by its wording.
pub struct Cues {
    /// What they look for.
    pub patterns: Patterns,
    /// The kind each rule gives. Of two on one block the smaller kind counts.
    pub kinds: Vec<u8>,
    /// Whether a rule counts at the head and the tail of a page only.
    pub edge_only: Vec<bool>,
    /// The kinds of a byline and a date line, under which a headline stands.
    pub under_headline: [u8; 2],
    /// The kind of what no rule names.
    pub other: u8,
    /// What was found before.
    pub verdicts: Verdicts,
}

/// One block of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// Where it starts, in bytes.
    pub start: u32,
    /// Where it ends.
    pub end: u32,
    /// How many words it holds.
    pub words: u32,
    /// Blocks of the same key say the same, but for their numbers.
    pub key: u64,
    /// The kind its wording gives away, or [`BODY`].
    pub cue: u8,
}

/// A rule that holds on a block of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Which block.
    pub block: u32,
    /// Which rule.
    pub rule: u32,
}

/// Appends the blocks of a text, and all their words. `cue` is left open.
pub fn read_blocks(text: &str, read: &mut Words, out: &mut Vec<Block>) {
    for (start, end) in blocks::split_bytes(text) {
        let before = read.hashes.len();
        read.read(&text[start..end]);
        let key = keys::block_key(&text[start..end], read, before);
        let words = (read.hashes.len() - before) as u32;
        out.push(Block { start: start as u32, end: end as u32, words, key, cue: BODY });
    }
}

/// Sets what the wording of each block gives away; returns which rules hold where, by block and rule.
///
/// `main` holds the parts that an extractor took for the article, in bytes and ascending. What stands outside them is no
/// part of the body, whatever its wording. What `candidates` holds is forgotten.
pub fn read_cues(
    text: &str,
    page: &mut [Block],
    main: Option<&[(u32, u32)]>,
    cues: &Cues,
    candidates: &mut Candidates,
) -> Vec<Hit> {
    let outside = outside(page, main);
    let at_edge = at_edge(page, &outside);
    let mut hits = Vec::new();
    for (number, block) in (0..).zip(&*page) {
        let (at_edge, wording) = (at_edge[number as usize], &text[block.start as usize..block.end as usize]);
        let allowed = |rule: u32| at_edge || !cues.edge_only[rule as usize];
        cues.patterns.screen(wording, block.words, allowed, candidates);
        if candidates.is_empty() {
            continue;
        }
        let mut hit = |rule| hits.push(Hit { block: number, rule });
        // What is short may stand on many pages. Besides its wording only its place on the page decides.
        let digest =
            (block.words <= MOST_REMEMBERED).then(|| xxh3_128_with_seed(wording.as_bytes(), u64::from(at_edge)));
        if digest.is_some_and(|digest| cues.verdicts.recall(digest, &mut hit)) {
            continue;
        }
        let found: Box<[u32]> = cues.patterns.confirmed(wording, candidates).collect();
        found.iter().copied().for_each(hit);
        if let Some(digest) = digest.filter(|_| !found.is_empty()) {
            cues.verdicts.remember(digest, found);
        }
    }
    for hit in &hits {
        let (cue, kind) = (&mut page[hit.block as usize].cue, cues.kinds[hit.rule as usize]);
        *cue = if *cue == BODY { kind } else { kind.min(*cue) };
    }
    for (block, outside) in page.iter_mut().zip(outside) {
        if outside && block.cue == BODY {
            block.cue = cues.other;
        }
    }
    hits
}

/// Whether each block stands outside all main parts.
fn outside(page: &[Block], main: Option<&[(u32, u32)]>) -> Vec<bool> {
    let Some(main) = main else { return vec![false; page.len()] };
    let mut parts = main.iter().copied().peekable();
    let one = |block: &Block| {
        while parts.next_if(|part| part.1 < block.end).is_some() {}
        parts.peek().is_none_or(|part| block.start < part.0)
    };
    page.iter().map(one).collect()
}

/// Whether each block stands at the head or the tail of the article, or outside it.
fn at_edge(page: &[Block], outside: &[bool]) -> Vec<bool> {
    let inside = |(block, outside): (&Block, &bool)| if *outside { 0 } else { block.words };
    let total: u32 = page.iter().zip(outside).map(inside).sum();
    let reach = |(least, share): (f64, f64)| least.max(share * f64::from(total));
    let (head, tail) = (reach(HEAD), reach(TAIL));
    let mut before = 0;
    let one = |(block, outside): (&Block, &bool)| {
        let start = before;
        before += inside((block, outside));
        *outside || f64::from(start) <= head || f64::from(total - before) <= tail
    };
    page.iter().zip(outside).map(one).collect()
}

/// The key of a title that is one block, by which it is known on its page. `words` is forgotten.
pub fn title_key(title: &str, words: &mut Words) -> Option<u64> {
    words.clear();
    match blocks::split_bytes(title)[..] {
        [(start, end)] => {
            words.read(&title[start..end]);
            Some(keys::block_key(&title[start..end], words, 0))
        }
        _ => None,
    }
}

/// Appends the kind of each block of a page. `pages` says how many pages taught that a block is boilerplate, `title` is
/// the key of the page's title.
///
/// A title that stands over the text is no part of the body: it is what a reprint changes first.
pub fn settle(page: &[Block], pages: &[u32], title: Option<u64>, cues: &Cues, kinds: &mut Vec<u8>) {
    let first = kinds.len();
    let kind = |(block, &pages): (&Block, &u32)| if block.cue == BODY && pages > 0 { cues.other } else { block.cue };
    kinds.extend(page.iter().zip(pages).map(kind));
    let kinds = &mut kinds[first..];
    // What stands before the article, such as the menu of a web page, is no place for a title.
    let first = kinds.iter().position(|&kind| kind == BODY).unwrap_or(kinds.len());
    let (page, kinds) = (&page[first..], &mut kinds[first..]);
    let body: u32 = page.iter().zip(&*kinds).filter(|(_, kind)| **kind == BODY).map(|(block, _)| block.words).sum();
    let is_headline = |at: usize| match title {
        Some(title) => at < HEADLINE_AMONG && page[at].key == title,
        None => {
            let over_byline = page.len() > 2 && at == 0 && cues.under_headline.contains(&kinds[1]);
            over_byline && page[0].words <= MOST_HEADLINE_WORDS
        }
    };
    let stands_over_text = |at: usize| kinds[at] == BODY && body - page[at].words >= LEAST_BODY_WORDS;
    let headlines: Vec<usize> =
        (0..page.len().min(HEADLINE_AMONG)).filter(|&at| is_headline(at) && stands_over_text(at)).collect();
    headlines.into_iter().for_each(|at| kinds[at] = cues.other);
}

/// Appends the hashes of the words of a page's body, read as one run.
pub fn body_words(text: &str, page: &[Block], kinds: &[u8], hashes: &mut Vec<u64>) {
    let mut at = 0;
    while let Some(first) = kinds[at..].iter().position(|&kind| kind == BODY) {
        // Between blocks there is only white space, so neighbours are read in one go.
        let first = at + first;
        at = kinds[first..].iter().position(|&kind| kind != BODY).map_or(kinds.len(), |length| first + length);
        words::word_hashes(&text[page[first].start as usize..page[at - 1].end as usize], hashes);
    }
}
