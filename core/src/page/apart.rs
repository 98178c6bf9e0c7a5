//! How far from the lead of an article does a block stand in the markup?
//!
//! The lead is its first paragraph. What is not the article, comments and second articles foremost, may hold most of a
//! page's words; it seldom comes before the lead, and mostly stands in elements of its own.

use std::collections::HashMap;

use xxhash_rust::xxh3::xxh3_64;

use super::Context;
use super::shape::{COUNTS, SHARES, range};
use super::traits::{
    Part::{N, S},
    Sink,
};
use crate::unhashed::BuildUnhashed;

/// What was found of one context: names of traits, each with a range.
pub type Distances = Vec<(&'static str, usize)>;

/// The markup of an article's blocks, to be compared with that around the lead.
pub struct Lead<'a> {
    contexts: &'a [Context],
    /// The labels of each context of the article, as hashes, from the outermost on; numbers in them do not count.
    labels: Vec<Vec<u64>>,
    /// How many of the article's words stand in each.
    held: HashMap<u64, usize, BuildUnhashed>,
    all: usize,
    /// The context of the lead.
    at: usize,
}

impl<'a> Lead<'a> {
    /// Lays out the contexts of an article, that hold so many of its words each; `at` is that of the lead.
    pub fn of(contexts: &'a [Context], words: &[usize], at: usize) -> Self {
        let is_used = |&(context, &words): &(&Context, &usize)| words > 0 || *context == contexts[at];
        let labels_of_used = |pair| if is_used(&pair) { labels_of(pair.0) } else { Vec::new() };
        let labels: Vec<Vec<u64>> = contexts.iter().zip(words).map(labels_of_used).collect();
        let mut held: HashMap<u64, usize, BuildUnhashed> = HashMap::default();
        for (own, words) in labels.iter().zip(words) {
            for label in each_once(own) {
                *held.entry(label).or_default() += words;
            }
        }
        Lead { contexts, labels, held, all: words.iter().sum(), at }
    }

    /// Measures how far a context of the article is from the lead's.
    pub fn distances(&self, context: usize) -> Distances {
        let (list, lead) = (&self.labels[context], &self.labels[self.at]);
        let (own, wanted) = (each_once(list), each_once(lead));
        let shared = own.iter().filter(|label| wanted.binary_search(label).is_ok()).count();
        let missing = (wanted.len() - shared) as f64 / wanted.len().max(1) as f64;
        let (above, own_below, lead_below) = common(list, lead);
        let path_of = |at: usize| self.contexts[at].path.split('/').collect::<Vec<_>>();
        let (path, own_path, lead_path) = common(&path_of(context), &path_of(self.at));
        let least = own.iter().filter_map(|label| self.held.get(label)).min().copied().unwrap_or(self.all);
        let count = |figure: usize| range(&COUNTS, figure as f64);
        let share = |part: usize, rest: usize| range(&SHARES, part as f64 / (part + rest).max(1) as f64);
        vec![
            ("labels missing ", range(&SHARES, missing)),
            ("labels more ", count(own.len() - shared)),
            ("labels above ", share(above, lead_below)),
            ("labels below ", count(own_below)),
            ("labels aside ", count(lead_below)),
            ("path above ", share(path, lead_path)),
            ("path below ", count(own_path)),
            ("path aside ", count(lead_path)),
            ("label holds ", range(&SHARES, least as f64 / self.all as f64)),
            ("with lead ", usize::from(context == self.at)),
        ]
    }
}

/// Gives the traits of a block of a range of sizes, in a context so far from the lead.
pub fn tell(distances: &Distances, breadth: usize, sink: &mut impl Sink) {
    for &(name, range) in distances {
        sink.add(&[S(name), N(range), S(" "), N(breadth)]);
    }
    sink.end_group();
}

/// The labels of a context without their numbers, from the outermost on.
fn labels_of(context: &Context) -> Vec<u64> {
    let mut bare = Vec::new();
    let labels = context.classes.rsplit(' ').filter(|label| !label.is_empty());
    let hash = |label: &str| {
        bare.clear();
        bare.extend(label.bytes().filter(|byte| !byte.is_ascii_digit()));
        xxh3_64(&bare)
    };
    labels.map(hash).collect()
}

/// The labels of a list, sorted.
fn each_once(labels: &[u64]) -> Vec<u64> {
    let mut labels = labels.to_vec();
    labels.sort_unstable();
    labels.dedup();
    labels
}

/// How many items two lists begin with in common, and how many more each has.
fn common<T: PartialEq>(one: &[T], other: &[T]) -> (usize, usize, usize) {
    let shared = one.iter().zip(other).take_while(|(one, other)| one == other).count();
    (shared, one.len() - shared, other.len() - shared)
}

#[cfg(test)]
mod tests {
    use super::{Context, Lead};

    fn context(path: &str, classes: &str) -> Context {
        Context { path: path.into(), classes: classes.into() }
    }

    #[test]
    fn a_comment_is_apart_from_the_lead() {
        let contexts = [
            context("div/div/p", "body1 post page"),
            context("div/div/div/p", "c17 comments post page"),
            context("div/div/p", "body2 post page"),
        ];
        let lead = Lead::of(&contexts, &[40, 5, 55], 0);
        // Of the lead's three labels one is missing (.33, the second range), two are shared; the comment has two more,
        // which hold a twentieth of the words.
        let expected = [
            ("labels missing ", 2),
            ("labels more ", 2),
            ("labels above ", 4),
            ("labels below ", 2),
            ("labels aside ", 1),
            ("path above ", 4),
            ("path below ", 2),
            ("path aside ", 1),
            ("label holds ", 1),
            ("with lead ", 0),
        ];
        assert_eq!(lead.distances(1), expected);
        // Numbers in labels tell nothing.
        let other = lead.distances(2);
        assert_eq!((other[0].1, other[1].1, other[3].1, other[8].1, other[9].1), (0, 0, 0, 5, 0));
        assert_eq!(lead.distances(0)[9].1, 1);
    }
}
