//! What does each trait weigh? A linear model over the traits of blocks, learned elsewhere.

use std::collections::HashMap;

use xxhash_rust::xxh3::xxh3_64;

use super::Page;
use super::traits::{self, Part, Sink};
use crate::unhashed::BuildUnhashed;

/// The weights, by trait.
pub struct Weights {
    bias: f64,
    of: HashMap<u64, f64, BuildUnhashed>,
}

/// What was found of one block: the logarithm of the odds that it is boilerplate, its place in the markup, its words.
pub type Weighed = (f64, u32, usize);

impl Weights {
    /// Takes the weight of each trait. Those that are not named weigh nothing.
    pub fn new<'a>(bias: f64, of: impl IntoIterator<Item = (&'a str, f64)>) -> Self {
        Weights { bias, of: of.into_iter().map(|(name, weight)| (xxh3_64(name.as_bytes()), weight)).collect() }
    }

    /// Weighs the blocks of an article; `main` are their numbers among all of the page.
    pub fn weigh(&self, page: &Page, main: &[usize]) -> Vec<Weighed> {
        let mut sum = Sum { weights: self, name: Vec::with_capacity(64), group: 0.0, block: 0.0, scores: Vec::new() };
        traits::of(page, main, &mut sum);
        let each = main.iter().zip(sum.scores);
        each.map(|(&number, (score, words))| (score, page.blocks[number].context, words)).collect()
    }
}

struct Sum<'a> {
    weights: &'a Weights,
    name: Vec<u8>,
    group: f64,
    block: f64,
    scores: Vec<(f64, usize)>,
}

impl Sink for Sum<'_> {
    fn add(&mut self, parts: &[Part<'_>]) {
        self.name.clear();
        parts.iter().for_each(|part| part.write(&mut self.name));
        self.group += self.weights.of.get(&xxh3_64(&self.name)).copied().unwrap_or_default();
    }

    fn end_group(&mut self) {
        self.block += std::mem::take(&mut self.group);
    }

    fn end_block(&mut self, words: usize) {
        self.scores.push((self.weights.bias + std::mem::take(&mut self.block), words));
    }
}

/// The names of the traits of each block.
#[derive(Default)]
pub struct Names {
    /// Those of the blocks that are complete.
    pub blocks: Vec<Vec<String>>,
    open: Vec<String>,
}

impl Sink for Names {
    fn add(&mut self, parts: &[Part<'_>]) {
        let mut name = Vec::new();
        parts.iter().for_each(|part| part.write(&mut name));
        self.open.push(String::from_utf8_lossy(&name).into_owned());
    }

    fn end_group(&mut self) {}

    fn end_block(&mut self, _: usize) {
        self.blocks.push(std::mem::take(&mut self.open));
    }
}

impl Part<'_> {
    fn write(&self, name: &mut Vec<u8>) {
        match self {
            Part::S(word) => name.extend_from_slice(word.as_bytes()),
            Part::N(number) => {
                debug_assert!(*number < 100, "ranges are few");
                if *number >= 10 {
                    name.push(b'0' + (number / 10) as u8);
                }
                name.push(b'0' + (number % 10) as u8);
            }
        }
    }
}
