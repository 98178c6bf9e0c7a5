//! What is a code point to a word? Its class, and what it folds to.
//!
//! # Scheme v1, step 1: code points
//!
//! Everything is read from `words.tsv`, which the example `unicode_table` writes from one version of Unicode (its
//! first line names it). Properties are those of the code point in the text, before any fold. The first rule that
//! fits decides:
//!
//! 1. **Apostrophe**: U+0027 U+2018 U+2019 U+201B U+02BC U+02BB U+FF07 U+055A U+05F3.
//! 2. **Ignorable**: Default_Ignorable_Code_Point (soft hyphen, zero-width characters, variation selectors, byte
//!    order mark, Hangul fillers), tatweel U+0640, and every *dropped mark*. That is a mark (General_Category M) whose
//!    Script_Extensions name no script but Inherited and Common, or name Latin, Greek, Cyrillic, Arabic or Hebrew and
//!    do not name Devanagari. (Script_Extensions are the Script where none are listed. So accents, harakat, niqqud
//!    and enclosing keycaps go; kana voicing marks, Indic vowels and Vedic tones stay.)
//! 3. **Mark**: every other mark.
//! 4. **Base**: a letter or decimal digit (General_Category L or Nd) whose Script or Script_Extensions name Han,
//!    Hiragana, Katakana, Thai, Lao, Khmer or Myanmar.
//! 5. **Letter**: every other letter or decimal digit.
//! 6. **Separator**: the rest, unassigned code points included.
//!
//! The **fold** of a Letter, Base or Mark: decompose it (NFKD), remove every code point that is not itself a Letter,
//! Base or Mark by these rules, fold case (full, not Turkic); repeat until nothing changes. Removing dropped marks
//! before folding case makes U+1FB3 and its decomposed form the same letter. A code point whose fold is empty (the
//! spacing harakat U+FE70) is Ignorable after all, and one whose fold is only Marks (half-width U+FF9E) is a Mark.
//! Folds are per code point: marks are not reordered across them.

use std::sync::LazyLock;

/// What a code point does to the words around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Class {
    /// Ends a word.
    Separator,
    /// Part of a run of letters, digits and marks.
    Letter,
    /// A word of its own, with the marks that follow.
    Base,
    /// Extends the word before it; begins a run where there is none.
    Mark,
    /// Vanishes.
    Ignorable,
    /// Vanishes inside a run, ends a word elsewhere.
    Apostrophe,
}

/// What the table holds of one code point: its class, and where in the pool its fold stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Entry(u32);

/// The classes and folds of all code points.
pub struct Table {
    /// For the upper bits of a code point, the number of its block.
    blocks: Vec<u16>,
    entries: Vec<Entry>,
    /// All listed folds, as UTF-8.
    pool: Vec<u8>,
}

const BLOCK_BITS: u32 = 7;
const BLOCK: usize = 1 << BLOCK_BITS;
const CODE_POINTS: usize = 0x11_0000;

/// Folds up to this length are copied as if they had it, so the pool has as many bytes to spare at its end.
const SHORT: usize = 8;

/// No fold is longer.
pub const LONGEST_FOLD: usize = (1 << (Entry::OFFSET_SHIFT - Entry::LENGTH_SHIFT)) - 1;

const SYLLABLE_FIRST: u32 = 0xAC00;
const SYLLABLE_LAST: u32 = 0xD7A3;
const VOWELS: u32 = 21;
const TRAILS: u32 = 28;

static TABLE: LazyLock<Table> = LazyLock::new(|| Table::parse(include_str!("words.tsv")));

impl Entry {
    const SEPARATOR: Entry = Entry(0);
    /// Three bits of class, six of fold length, the rest is the fold's offset in the pool. Length 0 is "itself".
    const LENGTH_SHIFT: u32 = 3;
    const OFFSET_SHIFT: u32 = 9;

    fn new(class: Class, offset: usize, length: usize) -> Entry {
        assert!(length < 1 << (Self::OFFSET_SHIFT - Self::LENGTH_SHIFT), "a fold of {length} bytes");
        assert!(offset < 1 << (u32::BITS - Self::OFFSET_SHIFT), "a pool of {offset} bytes");
        Entry((offset as u32) << Self::OFFSET_SHIFT | (length as u32) << Self::LENGTH_SHIFT | class as u32)
    }

    /// Returns the class.
    #[inline]
    pub fn class(self) -> Class {
        const CLASSES: [Class; 8] = [
            Class::Separator,
            Class::Letter,
            Class::Base,
            Class::Mark,
            Class::Ignorable,
            Class::Apostrophe,
            Class::Separator,
            Class::Separator,
        ];
        CLASSES[(self.0 & 7) as usize]
    }

    #[inline]
    fn fold(self) -> std::ops::Range<usize> {
        let offset = (self.0 >> Self::OFFSET_SHIFT) as usize;
        let length = (self.0 >> Self::LENGTH_SHIFT & 63) as usize;
        offset..offset + length
    }
}

impl Table {
    /// Returns the one table, built on first use.
    pub fn get() -> &'static Table {
        &TABLE
    }

    /// Returns what is known of a code point.
    #[inline]
    pub fn entry(&self, character: char) -> Entry {
        self.entry_of(character as u32)
    }

    /// Returns what is known of a code point, given as a number.
    #[inline(always)]
    pub fn entry_of(&self, code_point: u32) -> Entry {
        let block = self.blocks[code_point as usize >> BLOCK_BITS] as usize;
        self.entries[block << BLOCK_BITS | code_point as usize & (BLOCK - 1)]
    }

    /// Returns the class of a code point.
    #[inline]
    pub fn class(&self, character: char) -> Class {
        self.entry(character).class()
    }

    /// Appends the fold of the code point that `utf8` encodes, given its entry.
    #[inline]
    pub fn push_fold(&self, entry: Entry, utf8: &[u8], out: &mut Vec<u8>) {
        let fold = entry.fold();
        if fold.is_empty() {
            // Copies of known length are instructions, of any length calls.
            match *utf8 {
                [a, b] => out.extend_from_slice(&[a, b]),
                [a, b, c] => match syllable(a, b, c) {
                    Some(number) => {
                        let (jamo, length) = jamo(number);
                        out.extend_from_slice(&jamo[..length]);
                    }
                    None => out.extend_from_slice(&[a, b, c]),
                },
                _ => out.extend_from_slice(utf8),
            }
        } else if fold.len() <= SHORT {
            let end = out.len() + fold.len();
            out.extend_from_slice(&self.pool[fold.start..fold.start + SHORT]);
            out.truncate(end);
        } else {
            out.extend_from_slice(&self.pool[fold]);
        }
    }

    /// Writes the fold of a code point, of which `utf8` holds the bytes, `width` of them, the first in the lowest place.
    /// `out` has room for `LONGEST_FOLD` and eight more. Returns the class, and the length of the fold: 0 if it is no part
    /// of a word.
    #[inline(always)]
    pub fn write_fold(&self, code_point: u32, utf8: u32, width: usize, out: &mut [u8]) -> (Class, usize) {
        if (SYLLABLE_FIRST..=SYLLABLE_LAST).contains(&code_point) {
            let (jamo, length) = jamo(code_point - SYLLABLE_FIRST);
            out[..jamo.len()].copy_from_slice(&jamo);
            return (Class::Letter, length);
        }
        let entry = self.entry_of(code_point);
        let class = entry.class();
        let fold = entry.fold();
        if fold.len() > SHORT {
            out[..fold.len()].copy_from_slice(&self.pool[fold.clone()]);
            return (class, fold.len());
        }
        // Whether a character folds to itself cannot be foretold: both are read, and one is chosen.
        let listed = u64::from_le_bytes(*self.pool[fold.start..].first_chunk().expect("the pool has bytes to spare"));
        let (bytes, length) = if fold.is_empty() { (utf8 as u64, width) } else { (listed, fold.len()) };
        out[..SHORT].copy_from_slice(&bytes.to_le_bytes());
        let in_word = matches!(class, Class::Letter | Class::Base | Class::Mark);
        (class, if in_word { length } else { 0 })
    }

    /// Returns the fold of a code point. That of a separator, an ignorable or an apostrophe means nothing.
    pub fn fold(&self, character: char) -> String {
        let mut fold = Vec::new();
        self.push_fold(self.entry(character), character.encode_utf8(&mut [0; 4]).as_bytes(), &mut fold);
        String::from_utf8(fold).expect("folds are UTF-8")
    }

    /// Reads the lines, whose ranges ascend.
    fn parse(text: &str) -> Table {
        let mut table = Table { blocks: Vec::new(), entries: Vec::new(), pool: Vec::new() };
        let mut open = [Entry::SEPARATOR; BLOCK];
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let mut fields = line.split('\t');
            let (start, end) = range_of(fields.next().expect("a line has a range"));
            let class = class_of(fields.next().expect("a line has a class"));
            let offset = table.pool.len();
            for code_point in fields.next().unwrap_or_default().split_ascii_whitespace() {
                let character = char::from_u32(hexadecimal(code_point)).expect("a fold holds characters");
                table.pool.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
            }
            let length = table.pool.len() - offset;
            let entry = Entry::new(class, if length == 0 { 0 } else { offset }, length);
            for block in start / BLOCK..=end / BLOCK {
                table.close_blocks(&mut open, block);
                let first = block * BLOCK;
                open[start.max(first) - first..=end.min(first + BLOCK - 1) - first].fill(entry);
            }
        }
        table.close_blocks(&mut open, CODE_POINTS / BLOCK);
        table.pool.extend_from_slice(&[0; SHORT]);
        table
    }

    /// Stores the open block and the empty ones after it, up to the block `next`, which is open then. One that is the same as the
    /// one before it is stored once: that is nearly all of Han, Hangul and the unassigned.
    fn close_blocks(&mut self, open: &mut [Entry; BLOCK], next: usize) {
        while self.blocks.len() < next {
            if !self.entries.ends_with(open) {
                self.entries.extend_from_slice(open);
            }
            self.blocks.push((self.entries.len() / BLOCK - 1) as u16);
            *open = [Entry::SEPARATOR; BLOCK];
        }
    }
}

/// Returns the number of a Hangul syllable among them, given as UTF-8; none for anything else.
#[inline]
fn syllable(a: u8, b: u8, c: u8) -> Option<u32> {
    let code_point = (a as u32 & 0xF) << 12 | (b as u32 & 0x3F) << 6 | (c as u32 & 0x3F);
    (SYLLABLE_FIRST..=SYLLABLE_LAST).contains(&code_point).then(|| code_point - SYLLABLE_FIRST)
}

/// Decomposes a Hangul syllable, given by its number (The Unicode Standard, 3.12): the jamo, and how many bytes count.
#[inline(always)]
fn jamo(syllable: u32) -> ([u8; 9], usize) {
    let lead = 0x1100 + syllable / (VOWELS * TRAILS);
    let vowel = 0x1161 + syllable / TRAILS % VOWELS;
    let trail = 0x11A7 + syllable % TRAILS;
    let length = 9 - 3 * syllable.is_multiple_of(TRAILS) as usize;
    // All jamo lie in U+1100..U+11FF: three bytes each.
    let [lead, vowel, trail] =
        [lead, vowel, trail].map(|jamo| (0x80 | (jamo >> 6 & 63) as u8, 0x80 | (jamo & 63) as u8));
    ([0xE1, lead.0, lead.1, 0xE1, vowel.0, vowel.1, 0xE1, trail.0, trail.1], length)
}

fn range_of(field: &str) -> (usize, usize) {
    let (start, end) = field.split_once("..").unwrap_or((field, field));
    (hexadecimal(start) as usize, hexadecimal(end) as usize)
}

fn hexadecimal(digits: &str) -> u32 {
    u32::from_str_radix(digits, 16).unwrap_or_else(|error| panic!("words.tsv: {digits:?}: {error}"))
}

fn class_of(name: &str) -> Class {
    match name {
        "letter" => Class::Letter,
        "base" => Class::Base,
        "mark" => Class::Mark,
        "ignorable" => Class::Ignorable,
        "apostrophe" => Class::Apostrophe,
        other => panic!("words.tsv: no class is named {other:?}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes() {
        let cases = [
            ('a', Class::Letter),
            ('7', Class::Letter),
            (' ', Class::Separator),
            ('_', Class::Separator),
            ('\'', Class::Apostrophe),
            ('\u{2BC}', Class::Apostrophe),
            ('\u{AD}', Class::Ignorable),
            ('\u{640}', Class::Ignorable),
            ('\u{301}', Class::Ignorable),
            ('\u{64B}', Class::Ignorable),
            ('\u{20E3}', Class::Ignorable),
            ('\u{3099}', Class::Mark),
            ('\u{FF9E}', Class::Mark),
            ('\u{93F}', Class::Mark),
            ('\u{951}', Class::Mark),
            ('\u{E31}', Class::Mark),
            ('\u{E01}', Class::Base),
            ('\u{4E2D}', Class::Base),
            ('\u{3005}', Class::Base),
            ('\u{30FC}', Class::Base),
            ('\u{D55C}', Class::Letter),
            ('\u{FE70}', Class::Ignorable),
            ('\u{10FFFF}', Class::Separator),
        ];
        for (character, class) in cases {
            assert_eq!(Table::get().class(character), class, "{character:?}");
        }
    }

    #[test]
    fn folds() {
        let cases = [
            ('A', "a"),
            ('ğ', "g"),
            ('İ', "i"),
            ('ß', "ss"),
            ('ŉ', "n"),
            ('ᾳ', "α"),
            ('ς', "σ"),
            ('ﬃ', "ffi"),
            ('Ａ', "a"),
            ('ｶ', "カ"),
            ('が', "か\u{3099}"),
            ('한', "\u{1112}\u{1161}\u{11AB}"),
            ('하', "\u{1112}\u{1161}"),
            ('ⅷ', "ⅷ"),
        ];
        for (character, fold) in cases {
            assert_eq!(Table::get().fold(character), fold, "{character:?}");
        }
    }
}
