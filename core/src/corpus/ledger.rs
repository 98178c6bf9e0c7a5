//! What was learned, for people to read; and what people say of it, which goes before what was learned.

use std::collections::HashMap;
use std::io;

use rayon::prelude::*;

use super::Corpus;
use super::learning::ELSEWHERE;
use crate::layout::BODY;
use crate::words::Words;
use crate::{keys, slots};

/// One line that was learned of an outlet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Whose line it is.
    pub outlet: u32,
    /// How it reads where it first stands.
    pub text: String,
    /// Its kind.
    pub kind: u8,
    /// On how many pages it stands.
    pub pages: u32,
    /// How many outlets taught it.
    pub outlets: u32,
}

/// What people say of a line: that it is boilerplate of a kind, or the article's own.
#[derive(Clone, Debug)]
pub struct Ruling<'a> {
    /// Whose line it is.
    pub outlet: u32,
    /// How it reads, but for numbers, names and addresses.
    pub text: &'a str,
    /// Its kind, or [`BODY`].
    pub kind: u8,
}

/// By what a line is known again: two that are told apart by no more than slots are one.
fn known_by(text: &str) -> u64 {
    slots::loose_key(text).unwrap_or_else(|| {
        let mut words = Words::default();
        words.read(text);
        keys::block_key(text, &words, 0)
    })
}

impl Corpus {
    /// Returns the lines that were learned, by outlet; those on most pages first. `outlets` gives for each source the
    /// number of its outlet.
    pub fn learned_lines(&self, outlets: &[u32]) -> io::Result<Vec<Line>> {
        let of_page = |place: u32| -> io::Result<Vec<(u64, Line)>> {
            let number = self.order[place as usize];
            let (mut bytes, mut blocks) = (Vec::new(), Vec::new());
            let text = self.text(number, &mut bytes)?;
            let (pages, parted) = self.lay_out(number, text, &mut blocks);
            let outlet = outlets[self.table.source[number as usize] as usize];
            let learned = blocks.iter().zip(pages).enumerate();
            let learned = learned.filter(|&(_, (_, pages))| pages > 0 && pages != ELSEWHERE);
            Ok(learned
                .map(|(at, (block, _))| {
                    let outlets = self.outlets_that_taught(text, block, parted.is_some_and(|parted| at == parted + 1));
                    let text = &text[block.start as usize..block.end as usize];
                    let kind = if block.cue == BODY { self.cues.other } else { block.cue };
                    (known_by(text), Line { outlet, text: text.to_owned(), kind, pages: 1, outlets })
                })
                .collect())
        };
        let places = 0..self.order.len() as u32;
        let all: Vec<Vec<(u64, Line)>> = places.into_par_iter().map(of_page).collect::<io::Result<_>>()?;
        let mut found: HashMap<(u32, u64), Line> = HashMap::new();
        for (key, line) in all.into_iter().flatten() {
            found.entry((line.outlet, key)).and_modify(|known| known.pages += 1).or_insert(line);
        }
        let mut lines: Vec<Line> = found.into_values().collect();
        lines.sort_unstable_by(|a, b| (a.outlet, b.pages, &a.text).cmp(&(b.outlet, a.pages, &b.text)));
        Ok(lines)
    }

    /// Has rulings go before what was learned and what wording gives away. Returns on how many pages each holds.
    pub fn rule(&mut self, outlets: &[u32], rulings: &[Ruling]) -> io::Result<Vec<u32>> {
        let known: HashMap<(u32, u64), usize> =
            rulings.iter().enumerate().map(|(at, ruling)| ((ruling.outlet, known_by(ruling.text)), at)).collect();
        let of_page = |place: u32| -> io::Result<Vec<(usize, bool, usize)>> {
            let number = self.order[place as usize];
            let outlet = outlets[self.table.source[number as usize] as usize];
            let (mut bytes, mut blocks) = (Vec::new(), Vec::new());
            let text = self.text(number, &mut bytes)?;
            let (_, parted) = self.lay_out(number, text, &mut blocks);
            let first = self.table.blocks_of(number).start;
            let ruled = blocks.iter().enumerate().filter_map(|(at, block)| {
                let key = known_by(&text[block.start as usize..block.end as usize]);
                let ruling = *known.get(&(outlet, key))?;
                // What was parted off is no row of its own, and those behind it are one further.
                let behind = parted.is_some_and(|parted| at > parted);
                Some((first + at - usize::from(behind), parted.is_some_and(|parted| at == parted + 1), ruling))
            });
            Ok(ruled.collect())
        };
        let places = 0..self.order.len() as u32;
        let ruled: Vec<Vec<(usize, bool, usize)>> =
            if known.is_empty() { vec![] } else { places.into_par_iter().map(of_page).collect::<io::Result<_>>()? };
        let mut pages = vec![0; rulings.len()];
        for (row, is_parted_off, ruling) in ruled.into_iter().flatten() {
            pages[ruling] += 1;
            if !is_parted_off {
                self.ruled.insert(row as u32, rulings[ruling].kind);
            } else if rulings[ruling].kind == BODY {
                self.parted.remove(&(row as u32));
            }
        }
        Ok(pages)
    }
}
