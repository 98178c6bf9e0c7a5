//! Outlets of a size at which anything but a nearly linear way would not end.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::{Page, digest, learned, prose};

/// Ten times what a slow machine takes without optimisation, and far less than the square of so many pages.
const LONG: Duration = Duration::from_secs(60);

/// Learns from pages given as (key, words) of their blocks, where one key is one text unless all are the same story.
/// Returns the marks of each page, and how often words were asked for.
fn learn(pages: &[Vec<(u64, u32)>], outlet: impl Fn(usize) -> u32, one_story: bool) -> (Vec<Vec<u32>>, usize) {
    let keys: Vec<Vec<u64>> = pages.iter().map(|page| page.iter().map(|(key, _)| *key).collect()).collect();
    let counts: Vec<Vec<u32>> = pages.iter().map(|page| page.iter().map(|(_, words)| *words).collect()).collect();
    let numbered: Vec<Page<'_>> = (0..pages.len())
        .map(|i| {
            let content = digest(keys[i].iter().copied());
            Page { outlet: outlet(i), keys: &keys[i], words: &counts[i], content }
        })
        .collect();
    let asked = AtomicUsize::new(0);
    let words_of = |page: usize| {
        asked.fetch_add(1, Ordering::Relaxed);
        let text = |key: u64| if one_story { 0 } else { key };
        Ok(pages[page].iter().flat_map(|&(key, words)| prose(text(key), words as usize)).collect())
    };
    let start = Instant::now();
    let mut marks = learned(&numbered, &words_of, 3).unwrap().into_iter();
    assert!(start.elapsed() < LONG, "{:?}", start.elapsed());
    (pages.iter().map(|page| marks.by_ref().take(page.len()).collect()).collect(), asked.into_inner())
}

fn hash(values: [u64; 2]) -> u64 {
    digest(values.into_iter())
}

/// Blocks of 45 words that stand on this page only.
fn body(page: u64, blocks: u64) -> impl Iterator<Item = (u64, u32)> {
    (0..blocks).map(move |block| (hash([page + 1, block]), 45))
}

#[test]
fn fifty_thousand_pages_of_one_outlet() {
    let footer: Vec<(u64, u32)> = (0..5).map(|block| (hash([u64::MAX, block]), 40)).collect();
    let pages: Vec<Vec<(u64, u32)>> = (0..50_000).map(|page| body(page, 7).chain(footer.clone()).collect()).collect();
    let (marks, asked) = learn(&pages, |_| 1, false);
    let expected = [[0; 7].as_slice(), &[50_000; 5]].concat();
    assert!(marks.iter().all(|marks| *marks == expected));
    assert_eq!(asked, 3);
}

#[test]
fn twenty_thousand_outlets_of_a_few_pages() {
    let footer = |outlet: usize| (hash([u64::MAX, outlet as u64]), 30);
    let pages: Vec<Vec<(u64, u32)>> =
        (0..80_000).map(|page| body(page, 3).chain([footer(page as usize % 20_000)]).collect()).collect();
    let (marks, asked) = learn(&pages, |page| (page % 20_000) as u32, false);
    assert!(marks.iter().all(|marks| *marks == [0, 0, 0, 4]));
    assert_eq!(asked, 60_000);
}

#[test]
fn lists_of_ever_other_pages_are_compared_so_often_and_no_more() {
    // One story run again and again under other keys, and short blocks that each stand on some of the pages.
    let short = |page: u64| (0..400).filter(move |&key| hash([page, key]) >> 62 == 0).map(|key| (key, 3));
    let page = |page: u64| [(hash([page, u64::MAX]), 600)].into_iter().chain(short(page)).collect();
    let pages: Vec<Vec<(u64, u32)>> = (0..300).map(page).collect();
    let (marks, asked) = learn(&pages, |_| 1, true);
    assert!(marks.concat().iter().all(|&mark| mark == 0));
    let comparisons = 4096 + 16 * 300;
    assert!(comparisons / 2 < asked && asked < 2 * comparisons, "{asked}");
}
