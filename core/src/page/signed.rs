//! Where among the entries of a list does a block stand, and are they signed?
//!
//! Comments and posts are parted by short lines that stand in the same place of the markup each time: who wrote it, and
//! when. Numbers in the names of a place tell its entries apart, so they do not count.

use std::collections::HashMap;

use super::shape::{COUNTS, Shape, range};
use super::traits::{
    Part::{N, S},
    Sink,
};
use super::{Context, Page};

/// So many lines of a place part entries, none of them with more words.
const LEAST: usize = 3;
const SHORT: usize = 25;
/// A date or a time of day has so many numbers, at least where it stands together with the other.
const NUMBERS: usize = 3;
/// A place is known by its headings to this depth.
const INMOST: usize = 3;

/// Where lines of one kind stand in an article.
pub struct Lines {
    kind: &'static str,
    /// Whether each block is one, and how many there are before it.
    is_one: Vec<bool>,
    before: Vec<usize>,
}

/// Finds the lines that part entries, and those of them that are dated; `main` are the numbers of the blocks.
pub fn lines_of(page: &Page, main: &[usize], shapes: &[Shape]) -> [Lines; 2] {
    let places = places_of(page, main);
    let mut stands: Vec<Vec<usize>> = vec![Vec::new(); main.len()];
    places.iter().enumerate().for_each(|(at, &place)| stands[place].push(at));
    let (mut parting, mut dated) = (vec![false; main.len()], vec![false; main.len()]);
    for own in stands.iter().filter(|own| parts_entries(own, shapes)) {
        let dates: Vec<usize> =
            own.iter().copied().filter(|&at| numbers(page.block_text(main[at])) >= NUMBERS).collect();
        if dates.len() >= LEAST {
            dates.iter().for_each(|&at| dated[at] = true);
        }
        if !is_heading(&page.contexts[page.blocks[main[own[0]]].context as usize]) {
            own.iter().for_each(|&at| parting[at] = true);
        }
    }
    [Lines::of("parted", parting), Lines::of("dated", dated)]
}

impl Lines {
    fn of(kind: &'static str, is_one: Vec<bool>) -> Self {
        let mut before = vec![0];
        is_one.iter().for_each(|&one| before.push(before[before.len() - 1] + usize::from(one)));
        Lines { kind, is_one, before }
    }

    /// Gives the traits of a block of a range of sizes: how many such lines stand before and behind it, and how near.
    pub fn tell(&self, at: usize, breadth: usize, sink: &mut impl Sink) {
        let count = |figure: usize| range(&COUNTS, figure as f64);
        let (before, behind) = (self.before[at], self.before[self.is_one.len()] - self.before[at + 1]);
        let since = self.is_one[..at].iter().rev().take_while(|one| !**one).count();
        let until = self.is_one[at + 1..].iter().take_while(|one| !**one).count();
        let far = COUNTS.len();
        let since = if before > 0 { count(since) } else { far };
        let until = if behind > 0 { count(until) } else { far };
        for (name, figure) in
            [(" before ", count(before)), (" behind ", count(behind)), (" since ", since), (" until ", until)]
        {
            sink.add(&[S(self.kind), S(name), N(figure), S(" "), N(breadth)]);
        }
        sink.add(&[S(self.kind), S(" "), N(count(before)), S(" "), N(count(behind)), S(" "), N(breadth)]);
        sink.end_group();
    }
}

/// The place of each block, as the number of a block that stands there; numbers in its names do not count.
fn places_of(page: &Page, main: &[usize]) -> Vec<usize> {
    let mut known: Vec<Option<usize>> = vec![None; page.contexts.len()];
    let mut named: HashMap<String, usize> = HashMap::new();
    let place = |(at, &number): (usize, &usize)| {
        let context = page.blocks[number].context as usize;
        *known[context].get_or_insert_with(|| {
            let Context { path, classes } = &page.contexts[context];
            *named.entry(format!("{path} {}", without_numbers(classes))).or_insert(at)
        })
    };
    main.iter().enumerate().map(place).collect()
}

fn parts_entries(own: &[usize], shapes: &[Shape]) -> bool {
    let apart = own.windows(2).filter(|pair| pair[1] > pair[0] + 1).count();
    own.len() >= LEAST && apart + 1 >= LEAST && own.iter().all(|&at| shapes[at].words <= SHORT)
}

fn is_heading(context: &Context) -> bool {
    context.path.rsplit('/').take(INMOST).any(|name| matches!(name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6"))
}

fn without_numbers(name: &str) -> String {
    name.chars().filter(|character| !character.is_ascii_digit()).collect()
}

/// How many numbers stand in a text.
fn numbers(text: &str) -> usize {
    text.split(|character: char| !character.is_numeric()).filter(|run| !run.is_empty()).count()
}

#[cfg(test)]
mod tests {
    use super::{Lines, numbers, parts_entries, without_numbers};
    use crate::page::shape::Shape;

    #[test]
    fn dates_hold_numbers() {
        assert_eq!(numbers("Posted by: Ann | 26.3.2007 14:00"), 5);
        assert_eq!(numbers("٢٦ مارس ٢٠٠٧"), 2);
        assert_eq!(without_numbers("comment-17 c2"), "comment- c");
    }

    #[test]
    fn entries_are_parted_by_short_lines_that_recur_apart() {
        let shapes = vec![Shape::of("by Ann", 0); 9];
        assert!(parts_entries(&[0, 2, 5], &shapes));
        assert!(!parts_entries(&[0, 1, 2, 3], &shapes));
        assert!(!parts_entries(&[0, 5], &shapes));
    }

    #[test]
    fn lines_before_and_behind_are_counted() {
        let lines = Lines::of("dated", vec![false, true, false, true]);
        assert_eq!((lines.before[2], lines.before[4]), (1, 2));
    }
}
