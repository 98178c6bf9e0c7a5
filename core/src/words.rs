//! Which words does a text hold, and where?
//!
//! # Scheme v1, step 2: words
//!
//! Walk the code points of the text in order; `table.rs` gives their classes and folds.
//!
//! * A **Letter** continues the open word if that is a run, else it closes it and opens a run.
//! * A **Base** closes the open word and opens one of its own.
//! * A **Mark** continues the open word, run or base; with none open it opens a run.
//! * An **Ignorable** changes nothing.
//! * An **Apostrophe** in an open run vanishes if the next code point that is not Ignorable is a Letter or a Mark;
//!   elsewhere it closes the open word.
//! * A **Separator** closes the open word.
//!
//! The *folded word* is the folds of its Letters, Bases and Marks, one after the other. Its *hash* is xxh3-64 (seed
//! 0) of the folded word's UTF-8. Its *span* runs from its first character to the end of its last one and of the
//! Ignorables that directly follow that, in code points: a letter is never cut from a combining accent. So the text
//! of a span splits into that same one word again.

use xxhash_rust::xxh3::xxh3_64;

use crate::table::{Class, Table};

mod alphabets;
#[cfg(target_arch = "x86_64")]
mod four;
mod han;
mod lanes;
mod narrow;
mod numbers;
mod ready;
mod side_by_side;
mod stream;
mod units;

pub use units::{CodePoint, Latin1};

/// One word of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word<'a> {
    /// The folded word, UTF-8.
    pub folded: &'a [u8],
    /// The hash of `folded`.
    pub hash: u64,
    /// Where the word starts in the text, in code points.
    pub start: u32,
    /// Where it ends: one past its last code point.
    pub end: u32,
}

/// Calls `visit` with every word of `text`, in order. Panics on a text of 4 GiB and more: positions are 32 bits wide.
#[inline]
pub fn for_each_word(text: &str, visit: impl FnMut(Word<'_>)) {
    assert!(u32::try_from(text.len()).is_ok(), "a text is shorter than 4 GiB");
    let mut splitter =
        Splitter { table: Table::get(), folded: Vec::with_capacity(64), open: Open::None, start: 0, end: 0, visit };
    splitter.split(text);
}

/// Appends the hashes of all words of `text`, in order.
pub fn word_hashes(text: &str, out: &mut Vec<u64>) {
    let before = out.len();
    if !stream::read::<_, false>(text.as_bytes(), out, &mut Vec::new()) {
        out.truncate(before);
        for_each_word(text, |word| out.push(word.hash));
    }
}

/// Appends the hashes of all words of a text that is given as code points, in order. Tells whether it could: what is no
/// character, a surrogate or above U+10FFFF, makes no text, and then it may have appended anything.
pub fn word_hashes_of<C: CodePoint>(code_points: &[C], out: &mut Vec<u64>) -> bool {
    let before = out.len();
    if stream::read::<_, false>(code_points, out, &mut Vec::new()) {
        return true;
    }
    out.truncate(before);
    let text: Option<String> = code_points.iter().map(|&code_point| char::from_u32(code_point.into())).collect();
    text.is_some_and(|text| {
        for_each_word(&text, |word| out.push(word.hash));
        true
    })
}

/// The words of texts as numbers, without their places.
#[derive(Default, Clone, Debug)]
pub struct Words {
    /// The hash of each word, in order.
    pub hashes: Vec<u64>,
    /// The words that hold digits (European, Arabic-Indic, Persian or Devanagari): which, and the hash with each run of
    /// digits masked as one `#`.
    pub numbers: Vec<(u32, u64)>,
}

impl Words {
    /// Forgets all words.
    pub fn clear(&mut self) {
        self.hashes.clear();
        self.numbers.clear();
    }

    /// Appends the words of a text.
    pub fn read(&mut self, text: &str) {
        let before = (self.hashes.len(), self.numbers.len());
        if !stream::read::<_, true>(text.as_bytes(), &mut self.hashes, &mut self.numbers) {
            self.hashes.truncate(before.0);
            self.numbers.truncate(before.1);
            for_each_word(text, |word| {
                let masked = numbers::masked_hash(word.folded);
                self.numbers.extend(masked.map(|masked| (self.hashes.len() as u32, masked)));
                self.hashes.push(word.hash);
            });
        }
    }
}

/// Tells whether the processor has what `lanes::Avx512` needs.
#[cfg(target_arch = "x86_64")]
fn has_avx512() -> bool {
    use std::arch::is_x86_feature_detected as has;
    has!("avx512f") && has!("avx512bw") && has!("avx512dq") && has!("avx512vl") && has!("avx512vbmi2") && has_avx2()
}

/// Tells whether the processor has what `lanes::Avx2` needs.
#[cfg(target_arch = "x86_64")]
fn has_avx2() -> bool {
    use std::arch::is_x86_feature_detected as has;
    has!("avx2") && has!("bmi1") && has!("bmi2") && has!("lzcnt") && has!("popcnt")
}

/// The kind of word that the next character may continue.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    None,
    Run,
    /// A run, then an apostrophe whose fate the next character decides.
    RunApostrophe,
    Base,
}

struct Splitter<V> {
    table: &'static Table,
    folded: Vec<u8>,
    open: Open,
    start: usize,
    end: usize,
    visit: V,
}

impl<V: FnMut(Word<'_>)> Splitter<V> {
    #[inline]
    fn split(&mut self, text: &str) {
        let bytes = text.as_bytes();
        let mut at = 0;
        // Bytes passed that do not start a code point: `at - continuations` is the position in code points.
        let mut continuations = 0;
        while at < bytes.len() {
            if bytes[at].is_ascii_alphanumeric() {
                at = self.letters(bytes, at, continuations);
            } else if bytes[at].is_ascii() {
                // Of these the apostrophe alone does not separate.
                if bytes[at] == b'\'' {
                    self.apostrophe()
                } else {
                    self.close()
                }
                at += 1;
            } else {
                let character = text[at..].chars().next().expect("a character starts here");
                let length = character.len_utf8();
                self.character(character, &bytes[at..at + length], at - continuations);
                at += length;
                continuations += length - 1;
            }
        }
        self.close();
    }

    /// Takes the ASCII letters and digits from `at` on; returns where they end.
    #[inline]
    fn letters(&mut self, bytes: &[u8], mut at: usize, continuations: usize) -> usize {
        self.continue_run(at - continuations);
        while let Some(eight) = bytes.get(at..at + 8) {
            let eight = u64::from_le_bytes(eight.try_into().expect("eight bytes"));
            let count = leading_letters(eight);
            let length = self.folded.len() + count;
            self.folded.extend_from_slice(&(eight | LOWER).to_le_bytes());
            self.folded.truncate(length);
            at += count;
            if count < 8 {
                self.end = at - continuations;
                return at;
            }
        }
        while at < bytes.len() && bytes[at].is_ascii_alphanumeric() {
            self.folded.push(bytes[at].to_ascii_lowercase());
            at += 1;
        }
        self.end = at - continuations;
        at
    }

    #[inline]
    fn character(&mut self, character: char, utf8: &[u8], position: usize) {
        let entry = self.table.entry(character);
        match entry.class() {
            Class::Separator => return self.close(),
            Class::Apostrophe => return self.apostrophe(),
            Class::Ignorable => {
                if self.open != Open::RunApostrophe {
                    self.end = position + 1;
                }
                return;
            }
            Class::Letter => self.continue_run(position),
            Class::Mark if self.open == Open::Base => {}
            Class::Mark => self.continue_run(position),
            Class::Base => {
                self.close();
                self.open = Open::Base;
                self.start = position;
            }
        }
        self.table.push_fold(entry, utf8, &mut self.folded);
        self.end = position + 1;
    }

    #[inline]
    fn continue_run(&mut self, position: usize) {
        if matches!(self.open, Open::None | Open::Base) {
            self.close();
            self.start = position;
        }
        self.open = Open::Run;
    }

    #[inline]
    fn apostrophe(&mut self) {
        if self.open == Open::Run {
            self.open = Open::RunApostrophe;
        } else {
            self.close();
        }
    }

    #[inline]
    fn close(&mut self) {
        if self.open == Open::None {
            return;
        }
        (self.visit)(Word {
            folded: &self.folded,
            hash: xxh3_64(&self.folded),
            start: self.start as u32,
            end: self.end as u32,
        });
        self.folded.clear();
        self.open = Open::None;
    }
}

/// The bit that turns ASCII capitals into small letters, and that small letters and digits have already.
const LOWER: u64 = every_byte(0x20);

const fn every_byte(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}

/// Returns how many of eight bytes, from the lowest on, are ASCII letters and digits before the first that is not.
#[inline]
fn leading_letters(eight: u64) -> usize {
    // With the top bits cleared no sum carries into the next byte: its top bit then says "at least".
    let low = eight & every_byte(0x7F);
    let small = low | LOWER;
    let at_least = |bytes: u64, least: u8| bytes.wrapping_add(every_byte(0x80 - least));
    let letter = at_least(small, b'a') & !at_least(small, b'z' + 1);
    let digit = at_least(low, b'0') & !at_least(low, b'9' + 1);
    let other = !((letter | digit) & !eight) & every_byte(0x80);
    (other.trailing_zeros() / 8) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ascii_shortcuts_agree_with_the_table() {
        for character in '\0'..='\x7F' {
            let class = match character {
                '\'' => Class::Apostrophe,
                _ if character.is_ascii_alphanumeric() => Class::Letter,
                _ => Class::Separator,
            };
            assert_eq!(Table::get().class(character), class, "{character:?}");
            if class == Class::Letter {
                assert_eq!(Table::get().fold(character), character.to_ascii_lowercase().to_string());
                assert_eq!(character as u64 | LOWER & 0xFF, character.to_ascii_lowercase() as u64);
            }
        }
    }

    #[test]
    fn ascii_eight_at_a_time() {
        for byte in 0..=u8::MAX {
            for place in 0..8 {
                let mut eight = *b"aZ09zA5m";
                eight[place] = byte;
                let expected = if byte.is_ascii_alphanumeric() { 8 } else { place };
                assert_eq!(leading_letters(u64::from_le_bytes(eight)), expected, "{byte:#x} at {place}");
            }
        }
    }
}
