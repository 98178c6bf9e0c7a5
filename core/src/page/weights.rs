//! What does each trait weigh? A linear model over the traits of blocks, learned elsewhere.

use std::collections::HashMap;

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
        let hash = |name: &str| Part::S(name).hash(START);
        Weights { bias, of: of.into_iter().map(|(name, weight)| (hash(name), weight)).collect() }
    }

    /// Weighs the blocks of an article; `main` are their numbers among all of the page.
    pub fn weigh(&self, page: &Page, main: &[usize]) -> Vec<Weighed> {
        let mut sum = Sum { weights: self, group: 0.0, block: 0.0, scores: Vec::new() };
        traits::of(page, main, &mut sum);
        let each = main.iter().zip(sum.scores);
        each.map(|(&number, (score, words))| (score, page.blocks[number].context, words)).collect()
    }
}

struct Sum<'a> {
    weights: &'a Weights,
    group: f64,
    block: f64,
    scores: Vec<(f64, usize)>,
}

impl Sink for Sum<'_> {
    fn add(&mut self, parts: &[Part<'_>]) {
        let hash = parts.iter().fold(START, |hash, part| part.hash(hash));
        self.group += self.weights.of.get(&hash).copied().unwrap_or_default();
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

/// FNV-1a (Fowler, Noll and Vo): a name is hashed part by part, and never written.
const START: u64 = 0xCBF2_9CE4_8422_2325;
const FACTOR: u64 = 0x0000_0100_0000_01B3;

impl Part<'_> {
    /// Returns the hash of a name that goes on with this part.
    #[inline]
    fn hash(&self, before: u64) -> u64 {
        let append = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(FACTOR);
        match self {
            Part::S(word) => word.bytes().fold(before, append),
            Part::N(number) => digits(*number).fold(before, append),
        }
    }

    fn write(&self, name: &mut Vec<u8>) {
        match self {
            Part::S(word) => name.extend_from_slice(word.as_bytes()),
            Part::N(number) => name.extend(digits(*number)),
        }
    }
}

/// The digits of the number of a range.
fn digits(number: usize) -> impl Iterator<Item = u8> {
    debug_assert!(number < 100, "ranges are few");
    let tens = (number >= 10).then_some(b'0' + (number / 10) as u8);
    tens.into_iter().chain([b'0' + (number % 10) as u8])
}
