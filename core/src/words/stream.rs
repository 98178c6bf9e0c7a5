//! The words of a text as numbers, fast.
//!
//! The text is folded into a page of memory, sixty-four bytes at a time where that is plain (ASCII, dashes, quotes), else
//! character by character; where words begin and end is noted beside it. When the page is full its words are hashed.
//! Nearly nothing branches on what the text says: a branch foretold wrongly costs as much as a word should.

use super::lanes::{Anywhere, Kinds, Lanes, WIDTH};
#[cfg(target_arch = "x86_64")]
use super::lanes::{Avx2, Avx512};
use super::side_by_side::{BEFORE, LANES, Memory, PLACES};
use super::{numbers, ready};
use crate::table::{Class, LONGEST_FOLD, Table};

/// Folded bytes and borders of words at which a page is full.
const FULL: usize = PLACES - SPARE;
const FULL_OF_BORDERS: usize = 1280;
/// What is written at once may stand past the end, and so may what is read.
const SPARE: usize = 2 * WIDTH;

const _: () = assert!(LONGEST_FOLD + 8 <= SPARE);

/// Which word the next character may continue: none, a run, or a base. Times eight, as a place in `MOVES`.
const NONE: u32 = 0;
const RUN: u32 = 8;
const BASE: u32 = 16;

/// For a class one byte for each kind of open word: the kind open after it, and how many borders lie before it.
pub const MOVES: [u32; 6] = {
    let mut moves = [0; 6];
    moves[Class::Separator as usize] = (NONE) | (NONE | 1) << RUN | (NONE | 1) << BASE;
    moves[Class::Letter as usize] = (RUN | 1) | RUN << RUN | (RUN | 2) << BASE;
    moves[Class::Base as usize] = (BASE | 1) | (BASE | 2) << RUN | (BASE | 2) << BASE;
    moves[Class::Mark as usize] = (RUN | 1) | RUN << RUN | BASE << BASE;
    moves[Class::Ignorable as usize] = NONE | RUN << RUN | BASE << BASE;
    // One that does not vanish.
    moves[Class::Apostrophe as usize] = moves[Class::Separator as usize];
    moves
};

/// Appends the hashes of the words of `text`, and with `NUMBERS` those that hold digits as `Words` has them. Tells
/// whether it could: words as long as half a page it cannot read, and then it may have appended anything.
pub fn read<const NUMBERS: bool>(text: &str, hashes: &mut Vec<u64>, masked: &mut Vec<(u32, u64)>) -> bool {
    #[cfg(target_arch = "x86_64")]
    if super::has_avx512() {
        // SAFETY: this processor has AVX-512.
        return unsafe { read_avx512::<NUMBERS>(text, hashes, masked) };
    } else if super::has_avx2() {
        // SAFETY: this processor has AVX2.
        return unsafe { read_avx2::<NUMBERS>(text, hashes, masked) };
    }
    // SAFETY: any processor will do.
    unsafe { read_as::<Anywhere, NUMBERS>(text, hashes, masked) }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi2,avx2,bmi1,bmi2,lzcnt,popcnt")]
unsafe fn read_avx512<const NUMBERS: bool>(text: &str, hashes: &mut Vec<u64>, masked: &mut Vec<(u32, u64)>) -> bool {
    // SAFETY: the caller vouches for the processor.
    unsafe { read_as::<Avx512, NUMBERS>(text, hashes, masked) }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
unsafe fn read_avx2<const NUMBERS: bool>(text: &str, hashes: &mut Vec<u64>, masked: &mut Vec<(u32, u64)>) -> bool {
    // SAFETY: the caller vouches for the processor.
    unsafe { read_as::<Avx2, NUMBERS>(text, hashes, masked) }
}

/// # Safety
///
/// The processor is of this kind.
#[inline(always)]
unsafe fn read_as<L: Lanes, const NUMBERS: bool>(
    text: &str,
    hashes: &mut Vec<u64>,
    masked: &mut Vec<(u32, u64)>,
) -> bool {
    let text = text.as_bytes();
    let mut page = Page::new();
    let mut tail = [0; 2 * WIDTH];
    let mut at = 0;
    // A block may be read from wherever a character of the text begins; for those near its end, zeros follow a copy.
    for last in [false, true] {
        let (bytes, end) = if last {
            let rest = text.len() - at;
            tail[..rest].copy_from_slice(&text[at..]);
            at = 0;
            (&tail[..], rest)
        } else {
            (text, text.len().saturating_sub(WIDTH))
        };
        while at < end {
            // SAFETY: the caller vouches for the processor.
            at = unsafe { page.fill::<L, NUMBERS>(bytes, at, end) };
            if last && at >= end {
                let mut place = page.place;
                page.close(&mut place);
                page.place = place;
            }
            // SAFETY: the caller vouches for the processor.
            if !unsafe { page.empty::<L>(hashes, masked) } {
                return false;
            }
        }
    }
    true
}

/// Folded text whose words are not hashed yet.
struct Page {
    folded: Memory,
    /// Where in `folded` words begin and end, by turns.
    borders: [u16; FULL_OF_BORDERS + SPARE],
    /// Where in `folded` digits stand, ascending; some of a number suffice.
    digits: Vec<u16>,
    place: Place,
}

/// How far a page is filled. A copy of it can be held in registers.
#[derive(Clone, Copy)]
struct Place {
    /// Where in the text the next character is.
    at: usize,
    /// How much of `folded` is written.
    length: usize,
    /// How many borders there are.
    count: usize,
    /// The kind of the open word.
    open: u32,
}

impl Place {
    #[inline(always)]
    fn goes_on(&self, end: usize) -> bool {
        self.at < end && self.length <= FULL && self.count <= FULL_OF_BORDERS
    }

    /// Opens and closes words as a character does, and returns how many borders lie before it.
    #[inline(always)]
    fn move_on(&mut self, moves: u32) -> usize {
        let moves = moves >> self.open;
        self.open = moves & (RUN | BASE);
        moves as usize & 3
    }
}

impl Page {
    #[inline(always)]
    fn new() -> Page {
        Page {
            folded: [0; PLACES + 16],
            borders: [0; FULL_OF_BORDERS + SPARE],
            digits: Vec::new(),
            place: Place { at: 0, length: BEFORE, count: 0, open: NONE },
        }
    }

    #[inline(always)]
    fn close(&mut self, place: &mut Place) {
        if place.open != NONE {
            self.borders[place.count] = place.length as u16;
            place.count += 1;
            place.open = NONE;
        }
    }

    /// Folds `bytes` from `at` on until the page is full, or to `end` and perhaps a little further. Returns how far.
    /// After `end` come at least 64 bytes more.
    ///
    /// # Safety
    ///
    /// The processor is of this kind.
    #[inline(always)]
    unsafe fn fill<L: Lanes, const NUMBERS: bool>(&mut self, bytes: &[u8], at: usize, end: usize) -> usize {
        let (table, ready) = (Table::get(), ready::all());
        let mut place = Place { at, ..self.place };
        while place.goes_on(end) {
            if place.open != BASE {
                // SAFETY: the caller vouches for the processor.
                let all_plain = unsafe { self.plain::<L, NUMBERS>(bytes, &mut place) };
                if all_plain {
                    continue;
                }
            }
            // What is not plain, and on until what follows is ASCII.
            while place.goes_on(end) {
                let mut apostrophe = self.near::<NUMBERS>(ready, eight_bytes(bytes, place.at), &mut place);
                while place.goes_on(end) {
                    let eight = eight_bytes(bytes, place.at);
                    if !is_far(eight) {
                        break;
                    }
                    if self.far::<NUMBERS>(table, ready, eight, &mut place) {
                        apostrophe = true;
                        break;
                    }
                }
                if apostrophe {
                    self.apostrophe(table, bytes, &mut place);
                }
                if place.open != BASE && place.at < end && is_ascii(eight_bytes(bytes, place.at)) {
                    break;
                }
            }
        }
        self.place = place;
        place.at
    }

    /// Folds what is plain of the next block, and tells whether that is all of it.
    ///
    /// # Safety
    ///
    /// The processor is of this kind.
    #[inline(always)]
    unsafe fn plain<L: Lanes, const NUMBERS: bool>(&mut self, bytes: &[u8], place: &mut Place) -> bool {
        let block = bytes[place.at..].first_chunk().expect("64 bytes follow");
        let folded = self.folded[place.length..].first_chunk_mut().expect("the page has bytes to spare");
        // SAFETY: the caller vouches for the processor.
        let kinds = unsafe { L::look(block, folded) };
        let in_run = (place.open == RUN) as u64;
        let plain = plain_bytes(&kinds, in_run);
        let until = if plain < WIDTH { (1 << plain) - 1 } else { u64::MAX };
        let letters = kinds.letters & until;
        let before = letters << 1 | in_run;
        let borders = (letters ^ before) & until;
        let room = self.borders[place.count..].first_chunk_mut().expect("the page has borders to spare");
        // SAFETY: the caller vouches for the processor.
        unsafe { L::places(borders, place.length as u16, room) };
        place.count += borders.count_ones() as usize;
        if NUMBERS {
            let mut digits = kinds.digits & until;
            digits &= !(digits << 1);
            while digits != 0 {
                self.digits.push(place.length as u16 + digits.trailing_zeros() as u16);
                digits &= digits - 1;
            }
        }
        // Where the next block begins must not wait for what this one holds.
        if plain == WIDTH {
            place.length += WIDTH;
            place.at += WIDTH;
            place.open = (letters >> (WIDTH - 1)) as u32 * RUN;
        } else {
            place.length += plain;
            place.at += plain;
            place.open = (before >> plain & 1) as u32 * RUN;
        }
        plain == WIDTH
    }

    /// Folds up to four characters that are near, which have eight bytes at most. Tells whether an apostrophe follows.
    #[inline(always)]
    fn near<const NUMBERS: bool>(&mut self, ready: &ready::All, mut eight: u64, place: &mut Place) -> bool {
        let folded: &mut [u8; 32] = self.folded[place.length..].first_chunk_mut().expect("bytes to spare");
        let borders: &mut [u16; 16] = self.borders[place.count..].first_chunk_mut().expect("borders to spare");
        let (mut size, mut found, mut apostrophe) = (0, 0, false);
        for _ in 0..4 {
            let two = eight >> 7 & 1;
            let code_point = (eight & 0x7F) << (6 * two) & 0x7FF | eight >> 8 & 0x3F & two.wrapping_neg();
            let near = ready.of_near(code_point as u32);
            if near.is_apostrophe | is_far(eight) {
                apostrophe = !is_far(eight);
                break;
            }
            if NUMBERS && near.is_digit {
                self.digits.push((place.length + size) as u16);
            }
            // The masks change nothing and spare a check.
            folded[size & 15..][..4].copy_from_slice(&(near.fold as u32).to_le_bytes());
            let border = (place.length + size) as u16;
            (borders[found & 7], borders[(found & 7) + 1]) = (border, border);
            found += place.move_on(near.moves);
            size += near.length as usize;
            place.at += 1 + two as usize;
            eight >>= 8 << two;
        }
        place.length += size;
        place.count += found;
        apostrophe
    }

    /// Folds one character that is far, unless it is an apostrophe: then it says so.
    #[inline(always)]
    fn far<const NUMBERS: bool>(&mut self, table: &Table, ready: &ready::All, eight: u64, place: &mut Place) -> bool {
        let (code_point, width) = decode(eight);
        let (ready, is_han) = ready.of_any(code_point);
        let out = &mut self.folded[place.length..];
        let (is_apostrophe, is_digit, moves, size);
        if !ready.is_missing {
            (is_apostrophe, is_digit) = (ready.is_apostrophe, ready.is_digit);
            (moves, size) = (ready.moves, ready.length as usize);
            let fold = if is_han { eight } else { ready.fold };
            *out.first_chunk_mut().expect("bytes to spare") = fold.to_le_bytes();
        } else {
            let class;
            (class, size) = table.write_fold(code_point, eight as u32, width, out);
            let fold = out.first_chunk().expect("bytes to spare");
            is_digit = NUMBERS && size > 0 && numbers::is_digit(u32::from_le_bytes(*fold));
            (is_apostrophe, moves) = (class == Class::Apostrophe, MOVES[class as usize]);
        }
        if is_apostrophe {
            return true;
        }
        if NUMBERS && is_digit {
            self.digits.push(place.length as u16);
        }
        // A word that ends and one that begins have their border in the same place.
        let borders = self.borders[place.count..].first_chunk_mut().expect("borders to spare");
        *borders = [place.length as u16; 2];
        place.count += place.move_on(moves);
        place.length += size;
        place.at += width;
        false
    }

    /// Passes an apostrophe and the ignorables after it.
    fn apostrophe(&mut self, table: &Table, bytes: &[u8], place: &mut Place) {
        let character = |at: usize| {
            // Past the end of the text there are separators.
            let byte = |ahead: usize| bytes.get(at + ahead).copied().unwrap_or(0);
            let (code_point, width) = decode(u32::from_le_bytes([byte(0), byte(1), byte(2), byte(3)]) as u64);
            (table.entry_of(code_point).class(), width)
        };
        place.at += character(place.at).1;
        let mut next = character(place.at);
        while next.0 == Class::Ignorable {
            place.at += next.1;
            next = character(place.at);
        }
        if place.open != RUN || !matches!(next.0, Class::Letter | Class::Mark) {
            self.close(place);
        }
    }

    /// Appends the hashes of the words that are closed, and keeps the open one alone. Refuses if that is too long.
    ///
    /// # Safety
    ///
    /// The processor is of this kind.
    #[inline(always)]
    unsafe fn empty<L: Lanes>(&mut self, hashes: &mut Vec<u64>, masked: &mut Vec<(u32, u64)>) -> bool {
        let folded = &self.folded;
        let (closed, open) = self.borders[..self.place.count].as_chunks::<2>();
        let first = hashes.len();
        for done in (0..closed.len()).step_by(LANES) {
            let words = self.borders[2 * done..].as_chunks().0.first_chunk().expect("borders to spare");
            let count = LANES.min(closed.len() - done);
            // SAFETY: the caller vouches for the processor.
            hashes.extend_from_slice(&unsafe { L::hash_all(folded, words, count) }[..count]);
        }
        let mut rest = closed.iter().zip(first as u32..);
        let mut done = 0;
        let mut kept = 0;
        for at in 0..self.digits.len() {
            let place = self.digits[at];
            if place < done {
                continue;
            }
            match rest.find(|(word, _)| place < word[1]) {
                Some((&[start, end], index)) => {
                    masked
                        .extend(numbers::masked_hash(&folded[start as usize..end as usize]).map(|hash| (index, hash)));
                    done = end;
                }
                None => {
                    self.digits[kept] = place - open[0] + BEFORE as u16;
                    kept += 1;
                }
            }
        }
        self.digits.truncate(kept);
        let length = self.place.length;
        let start = open.first().map_or(length, |&start| start as usize);
        self.folded.copy_within(start..length, BEFORE);
        self.place = Place { length: BEFORE + length - start, count: open.len(), ..self.place };
        self.borders[0] = BEFORE as u16;
        self.place.length <= FULL / 2
    }
}

/// Returns how many bytes of a block, from the first on, are letters or separate words; what else there may be, such
/// as an apostrophe that may vanish, comes after.
#[inline(always)]
fn plain_bytes(kinds: &Kinds, in_run: u64) -> usize {
    let separators = !(kinds.letters | kinds.apostrophes | kinds.high);
    let after_letter = kinds.letters << 1 | in_run;
    // Where one of U+2010..U+2027 begins.
    let marks = kinds.e2 & kinds.x80 >> 1 & kinds.marks >> 2;
    let curly = marks & kinds.curly >> 2;
    // An apostrophe separates where no run is open and where a separator follows.
    let undecided = after_letter & (kinds.apostrophes & !(separators >> 1) | curly & !(separators >> 3));
    let marks = marks & !undecided;
    let plain = !(kinds.high | undecided) | marks | marks << 1 | marks << 2;
    plain.trailing_ones() as usize
}

#[inline(always)]
fn eight_bytes(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(*bytes[at..].first_chunk().expect("64 bytes follow"))
}

/// Tells whether the first of these characters has three or four bytes.
#[inline(always)]
fn is_far(eight: u64) -> bool {
    eight & 0xE0 == 0xE0
}

#[inline(always)]
fn is_ascii(eight: u64) -> bool {
    eight & 0x8080_8080_8080_8080 == 0
}

/// Returns the code point that the lowest of these bytes encode, and its length.
#[inline(always)]
fn decode(eight: u64) -> (u32, usize) {
    let first = eight as u32 & 0xFF;
    let six = |place: u32| (eight >> (8 * place)) as u32 & 0x3F;
    match first {
        0xE0..0xF0 => ((first & 0xF) << 12 | six(1) << 6 | six(2), 3),
        0x00..0x80 => (first, 1),
        0x80..0xE0 => ((first & 0x1F) << 6 | six(1), 2),
        0xF0.. => ((first & 0x7) << 18 | six(1) << 12 | six(2) << 6 | six(3), 4),
    }
}

#[cfg(test)]
mod tests;
