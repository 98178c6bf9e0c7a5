use proptest::prelude::*;

use super::*;

mod large;
mod slow;

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
    let paragraph = |(i, block): (u64, &Vec<u64>)| (0..).zip(block).map(|(at, &word)| change(i, at, word)).collect();
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
    let with_keys = |blocks: &Vec<Vec<u64>>| blocks.iter().map(|block| (key(block), block.clone())).collect();
    let pages: Vec<Blocks> = pages.iter().map(with_keys).collect();
    learn_keyed(&pages, outlets, 3)
}

/// A page as the keys and words of its blocks.
type Blocks = Vec<(u64, Vec<u64>)>;

fn words(page: &Blocks) -> Vec<u64> {
    page.iter().flat_map(|(_, words)| words).copied().collect()
}

fn learn_keyed(pages: &[Blocks], outlets: &[u32], least_contents: usize) -> Vec<Vec<u32>> {
    let keys: Vec<Vec<u64>> = pages.iter().map(|page| page.iter().map(|(key, _)| *key).collect()).collect();
    let counts: Vec<Vec<u32>> =
        pages.iter().map(|page| page.iter().map(|(_, words)| words.len() as u32).collect()).collect();
    let numbered: Vec<Page<'_>> = (0..pages.len())
        .map(|i| {
            let content = digest(words(&pages[i]).into_iter());
            Page { outlet: outlets[i], keys: &keys[i], words: &counts[i], content }
        })
        .collect();
    let marks = learned(&numbered, &|page| Ok(words(&pages[page])), least_contents).unwrap();
    let mut marks = marks.into_iter();
    pages.iter().map(|page| marks.by_ref().take(page.len()).collect()).collect()
}

fn marked(marks: &[u32]) -> Vec<bool> {
    marks.iter().map(|&mark| mark > 0).collect()
}

/// One story run again and again by `rerun`, and three other stories, all over one footer.
fn reruns(rerun: impl Fn(u64) -> Vec<Vec<u64>>) -> (Vec<Vec<u32>>, u32) {
    let footer = [prose(1, 25), prose(2, 15)];
    let pages: Vec<_> =
        (0..50).map(rerun).chain((0..3).map(|i| story(500 + i, 8))).map(|body| page_of(&[&body, &footer])).collect();
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
fn however_often_it_is_run_it_is_one_content() {
    let footer = [prose(1, 25)];
    let bodies = std::iter::repeat_n(story(7, 8), 500).chain((0..2).map(|i| story(500 + i, 8)));
    let pages: Vec<_> = bodies.map(|body| page_of(&[&body, &footer])).collect();
    assert!(learn(&pages).iter().all(|marks| *marks == [0, 0, 0, 0, 0, 0, 0, 0, 502]));
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
    let pages: Vec<_> = (0..4).map(|i| page_of(&[&header, &[prose(50 + i, 60), prose(60 + i, 40)], &footer])).collect();
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
fn pages_of_little_else_hide_no_boilerplate() {
    let gallery = story(1, 20);
    for seed in 0..8 {
        let news = |i: u64, paragraphs: u64| page_of(&[&story(1000 * (seed + 1) + i, paragraphs), &gallery]);
        let pages: Vec<_> = (0..6).map(|i| news(i, 2)).chain((6..9).map(|i| news(i, 10))).collect();
        assert!(learn(&pages).iter().all(|marks| marks[marks.len() - 20..].iter().all(|&pages| pages == 9)));
    }
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
    let of_nothing = |_: usize| -> Result<Vec<u64>, String> { Ok(Vec::new()) };
    let page = |keys: &'static [u64], words: &'static [u32]| Page { outlet: 1, keys, words, content: 0 };
    assert!(learned(&[], &of_nothing, 3).unwrap().is_empty());
    assert_eq!(learned(&[page(&[8, 8], &[0, 0]); 4], &of_nothing, 3).unwrap(), [0; 8]);
    let refused = learned(&[page(&[], &[]), page(&[5], &[])], &of_nothing, 3).unwrap_err();
    assert!(refused.contains("page 1: 1 keys for 0 blocks"), "{refused}");
    let bodies: [&[u64]; 3] = [&[1, 9], &[2, 9], &[3, 9]];
    let pages = bodies.map(|keys| page(keys, &[40, 5]));
    let refused = learned(&pages, &of_nothing, 3).unwrap_err();
    assert!(refused.contains("0 words, but its blocks hold 45"), "{refused}");
    assert_eq!(learned(&pages, &|_| Err("the disk is gone".into()), 3).unwrap_err(), "the disk is gone");
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
