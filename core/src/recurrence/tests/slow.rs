//! The same rules without any haste, as an oracle.

use std::cmp::Reverse;
use std::collections::HashSet;

use proptest::collection::vec;
use proptest::prelude::*;

use super::{Blocks, digest, learn_keyed, prose, words};

/// What [`super::learned`] should say of a few pages. In an outlet of more than 64 pages it may say something else.
fn slowly_learned(pages: &[Blocks], outlets: &[u32], least_contents: usize) -> Vec<Vec<u32>> {
    let one = |i: usize| {
        let mut outlet: Vec<&Blocks> =
            (0..pages.len()).filter(|&j| outlets[j] == outlets[i]).map(|j| &pages[j]).collect();
        outlet.sort_by_key(|page| (digest(words(page).into_iter()), (*page).clone()));
        let taught = |(key, words): &(u64, Vec<u64>)| {
            let on = holders(*key, &outlet);
            let learned = !words.is_empty()
                && on.len() >= least_contents
                && 10 * on.iter().filter(|page| at_edge(*key, page, &outlet, least_contents)).count() >= 8 * on.len()
                && holds_contents(&on, least_contents);
            if learned { on.len() as u32 } else { 0 }
        };
        let marks: Vec<u32> = pages[i].iter().map(taught).collect();
        let kept: usize =
            pages[i].iter().zip(&marks).filter(|(_, mark)| **mark == 0).map(|(block, _)| block.1.len()).sum();
        if kept < 30 { vec![0; marks.len()] } else { marks }
    };
    (0..pages.len()).map(one).collect()
}

fn key_set(page: &Blocks) -> HashSet<u64> {
    page.iter().filter(|(_, words)| !words.is_empty()).map(|(key, _)| *key).collect()
}

fn holders<'a>(key: u64, outlet: &[&'a Blocks]) -> Vec<&'a Blocks> {
    outlet.iter().copied().filter(|page| key_set(page).contains(&key)).collect()
}

fn at_edge(key: u64, page: &Blocks, outlet: &[&Blocks], least_contents: usize) -> bool {
    let own_words = |blocks: &[(u64, Vec<u64>)]| -> usize {
        let own = blocks.iter().filter(|(key, _)| holders(*key, outlet).len() < least_contents);
        own.map(|(_, words)| words.len()).sum()
    };
    let near = |i: usize| page[i].1.len() <= 8 || own_words(&page[..i]) < 30 || own_words(&page[i + 1..]) < 30;
    (0..page.len()).any(|i| page[i].0 == key && !page[i].1.is_empty() && near(i))
}

fn holds_contents(pages: &[&Blocks], least_contents: usize) -> bool {
    let is_first = |i: usize| !pages[..i].iter().any(|earlier| key_set(earlier) == key_set(pages[i]));
    let mut firsts: Vec<&Blocks> = (0..pages.len()).filter(|&i| is_first(i)).map(|i| pages[i]).collect();
    firsts.sort_by_key(|page| Reverse(words(page).len()));
    let mut found: Vec<&Blocks> = Vec::new();
    for page in firsts {
        if found.iter().all(|other| is_new(page, other) && is_new(other, page)) {
            found.push(page);
        }
    }
    found.len() >= least_contents
}

fn is_new(page: &Blocks, other: &Blocks) -> bool {
    let shared = key_set(other);
    let flagged: Vec<(u64, bool)> =
        page.iter().flat_map(|(key, words)| words.iter().map(|&word| (word, !shared.contains(key)))).collect();
    let own = flagged.iter().filter(|(_, own)| *own).count();
    let windows = flagged.windows(5).filter(|window| window.iter().all(|(_, own)| *own));
    let windows: HashSet<Vec<u64>> = windows.map(|window| window.iter().map(|(word, _)| *word).collect()).collect();
    let others: HashSet<Vec<u64>> = words(other).windows(5).map(<[u64]>::to_vec).collect();
    own >= 30 && 5 * own >= flagged.len() && 5 * windows.intersection(&others).count() < windows.len()
}

/// A block of one of a few keys and lengths; another version has another last word, as behind a mask. From 32 on, a block
/// says what one of those before says, but for its first word.
fn block(id: u64, version: u64) -> (u64, Vec<u64>) {
    let mut words = prose(id % 32, [0, 3, 8, 9, 20, 30, 40, 60][id as usize % 8]);
    if let Some(last) = words.last_mut() {
        *last += version;
    }
    if id >= 32 && !words.is_empty() {
        words[0] = id;
    }
    // Keys in all groups of leading bits.
    (digest([id].into_iter()).wrapping_mul(0x9E37_79B1_85EB_CA87), words)
}

fn blocks(ids: std::ops::Range<u64>, most: usize) -> impl Strategy<Value = Blocks> {
    vec((ids, 0u64..2), 0..most).prop_map(|ids| ids.into_iter().map(|(id, version)| block(id, version)).collect())
}

fn page() -> impl Strategy<Value = (u32, Blocks)> {
    (0u32..2, blocks(1..7, 3), blocks(8..56, 5), blocks(1..7, 3))
        .prop_map(|(outlet, head, body, foot)| (outlet, [head, body, foot].concat()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]
    #[test]
    fn the_slow_way_agrees(pages in vec(page(), 0..16), least_contents in 1usize..5) {
        let (mut outlets, mut pages): (Vec<u32>, Vec<Blocks>) = pages.into_iter().unzip();
        let mut expected = slowly_learned(&pages, &outlets, least_contents);
        prop_assert_eq!(&learn_keyed(&pages, &outlets, least_contents), &expected);
        outlets.reverse();
        pages.reverse();
        expected.reverse();
        prop_assert_eq!(learn_keyed(&pages, &outlets, least_contents), expected);
    }
}
