//! The words of a text as numbers, fast.
//!
//! The text is folded into a page of memory, sixty-four bytes at a time where that is plain (ASCII, dashes, quotes) or of one
//! alphabet (Cyrillic, Greek, Arabic), four characters at a time where it is Han, else character by character; where words begin
//! and end is noted beside it. When the page is full its words are hashed.
//! Nearly nothing branches on what the text says: a branch foretold wrongly costs as much as a word should.

use std::cell::Cell;

use apart::Apart;

use super::alphabets;
use super::lanes::{Anywhere, Kinds, Lanes, WIDTH};
#[cfg(target_arch = "x86_64")]
use super::lanes::{Avx2, Avx512};
use super::side_by_side::{BEFORE, LANES, Memory, PLACES};
use super::units::{Character, Unit};
use super::{han, numbers, ready};
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
/// whether it could: words as long as half a page it cannot read, nor what is no character, and then it may have appended
/// anything.
pub fn read<U: Unit, const NUMBERS: bool>(text: &[U], hashes: &mut Vec<u64>, masked: &mut Vec<(u32, u64)>) -> bool {
    #[cfg(target_arch = "x86_64")]
    if super::has_avx512() {
        // SAFETY: this processor has AVX-512.
        return unsafe { read_avx512::<U, NUMBERS>(text, hashes, masked) };
    } else if super::has_avx2() {
        // SAFETY: this processor has AVX2.
        return unsafe { read_avx2::<U, NUMBERS>(text, hashes, masked) };
    }
    // SAFETY: any processor will do.
    unsafe { read_as::<Anywhere, U, NUMBERS>(text, hashes, masked) }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi2,avx2,bmi1,bmi2,lzcnt,popcnt")]
unsafe fn read_avx512<U: Unit, const NUMBERS: bool>(
    text: &[U],
    hashes: &mut Vec<u64>,
    masked: &mut Vec<(u32, u64)>,
) -> bool {
    // SAFETY: the caller vouches for the processor.
    unsafe { read_as::<Avx512, U, NUMBERS>(text, hashes, masked) }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
unsafe fn read_avx2<U: Unit, const NUMBERS: bool>(
    text: &[U],
    hashes: &mut Vec<u64>,
    masked: &mut Vec<(u32, u64)>,
) -> bool {
    // SAFETY: the caller vouches for the processor.
    unsafe { read_as::<Avx2, U, NUMBERS>(text, hashes, masked) }
}

/// # Safety
///
/// The processor is of this kind.
#[inline(always)]
unsafe fn read_as<L: Apart, U: Unit, const NUMBERS: bool>(
    text: &[U],
    hashes: &mut Vec<u64>,
    masked: &mut Vec<(u32, u64)>,
) -> bool {
    let mut page = PAGE.take().unwrap_or_else(|| Box::new(Page::new()));
    page.clear();
    let mut tail = [U::default(); 2 * WIDTH];
    let mut at = 0;
    // A block may be read from wherever a character of the text begins; for those near its end, zeros follow a copy.
    for last in [false, true] {
        let (units, end) = if last {
            let rest = text.len() - at;
            tail[..rest].copy_from_slice(&text[at..]);
            at = 0;
            (&tail[..], rest)
        } else {
            (text, text.len().saturating_sub(WIDTH))
        };
        while at < end {
            // SAFETY: the caller vouches for the processor.
            at = unsafe { page.fill::<L, U, NUMBERS>(units, at, end) };
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
    PAGE.set(Some(page));
    true
}

thread_local! {
    /// The page of each thread: to make one anew for each text would take longer than to read a short one.
    static PAGE: Cell<Option<Box<Page>>> = const { Cell::new(None) };
}

/// How far ahead a text is fetched, in bytes.
#[cfg(target_arch = "x86_64")]
const AHEAD: usize = 1024;

/// Has the processor fetch as much as a block from where the text will be read soon. By itself it looks ahead to the end of
/// a page of its memory, and few texts are longer than two or three.
#[inline(always)]
fn fetch_ahead<U: Unit>(block: &[U; WIDTH]) {
    #[cfg(target_arch = "x86_64")]
    for line in (0..size_of_val(block)).step_by(64) {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        // SAFETY: nothing is read; where there is no memory, nothing is fetched.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(block.as_ptr().cast::<i8>().wrapping_add(AHEAD + line)) };
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = block;
}

/// Folded text whose words are not hashed yet.
struct Page {
    folded: Memory,
    /// Where in `folded` words begin and end, by turns.
    borders: [u16; FULL_OF_BORDERS + SPARE],
    /// Where in `folded` digits stand, ascending; some of a number suffice.
    digits: Vec<u16>,
    place: Place,
    all_are_characters: bool,
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

const START: Place = Place { at: 0, length: BEFORE, count: 0, open: NONE };

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
            place: START,
            all_are_characters: true,
        }
    }

    /// Forgets all words; what else is written means nothing.
    fn clear(&mut self) {
        self.digits.clear();
        self.place = START;
        self.all_are_characters = true;
    }

    #[inline(always)]
    fn close(&mut self, place: &mut Place) {
        if place.open != NONE {
            self.borders[place.count] = place.length as u16;
            place.count += 1;
            place.open = NONE;
        }
    }

    /// Folds `text` from `at` on until the page is full, or to `end` and perhaps a little further. Returns how far.
    /// After `end` come at least 64 units more.
    ///
    /// # Safety
    ///
    /// The processor is of this kind.
    #[inline(always)]
    unsafe fn fill<L: Apart, U: Unit, const NUMBERS: bool>(&mut self, text: &[U], at: usize, end: usize) -> usize {
        let (table, ready, alphabets) = (Table::get(), ready::all(), alphabets::all());
        let mut place = Place { at, ..self.place };
        while place.goes_on(end) {
            if place.open != BASE {
                // SAFETY: the caller vouches for the processor.
                let all_plain = unsafe { self.plain::<L, U, NUMBERS>(text, &mut place) };
                if all_plain {
                    continue;
                }
            }
            // What is not plain, and on until what follows is ASCII.
            while place.goes_on(end) {
                if place.open != BASE
                    && let Some(bytes) = U::bytes(text)
                    && let Some(alphabet) = alphabets::of(alphabets, bytes[place.at])
                {
                    // SAFETY: the caller vouches for the processor.
                    place = unsafe { L::alphabetic::<NUMBERS>(self, bytes, place, end, alphabet) };
                    if !place.goes_on(end) {
                        break;
                    }
                }
                let mut apostrophe = self.near::<U, NUMBERS>(ready, U::window(text, place.at), &mut place);
                while place.goes_on(end) {
                    let window = U::window(text, place.at);
                    if !U::is_far(window) {
                        break;
                    }
                    if place.open != RUN
                        && let Some(bytes) = U::bytes(text)
                        && han::is_next(&bytes[place.at..])
                    {
                        place = self.han(table, bytes, place, end);
                        continue;
                    }
                    if self.far::<NUMBERS>(table, ready, U::first(window), &mut place) {
                        apostrophe = true;
                        break;
                    }
                }
                if apostrophe {
                    self.apostrophe(table, text, &mut place);
                }
                if place.open != BASE && place.at < end && U::is_ascii(U::window(text, place.at)) {
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
    unsafe fn plain<L: Lanes, U: Unit, const NUMBERS: bool>(&mut self, text: &[U], place: &mut Place) -> bool {
        let block = text[place.at..].first_chunk().expect("64 units follow");
        fetch_ahead(block);
        let folded = self.folded[place.length..].first_chunk_mut().expect("the page has bytes to spare");
        // SAFETY: the caller vouches for the processor.
        let kinds = unsafe { U::look::<L>(block, folded) };
        // SAFETY: the caller vouches for the processor.
        unsafe { self.take::<L, U, NUMBERS>(&kinds, place) == WIDTH }
    }

    /// Takes what is plain of a block that was folded, and returns how many units that is.
    ///
    /// # Safety
    ///
    /// The processor is of this kind.
    #[inline(always)]
    unsafe fn take<L: Lanes, U: Unit, const NUMBERS: bool>(&mut self, kinds: &Kinds, place: &mut Place) -> usize {
        let in_run = (place.open == RUN) as u64;
        let plain = U::plain(kinds, in_run);
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
        plain
    }

    /// Folds up to four characters that are near. Tells whether an apostrophe follows.
    #[inline(always)]
    fn near<U: Unit, const NUMBERS: bool>(
        &mut self,
        ready: &ready::All,
        mut window: U::Window,
        place: &mut Place,
    ) -> bool {
        let folded: &mut [u8; 32] = self.folded[place.length..].first_chunk_mut().expect("bytes to spare");
        let borders: &mut [u16; 16] = self.borders[place.count..].first_chunk_mut().expect("borders to spare");
        let (mut size, mut found, mut apostrophe) = (0, 0, false);
        for _ in 0..4 {
            let (code_point, units) = U::near(window);
            let near = ready.of_near(code_point);
            if near.is_apostrophe | U::is_far(window) {
                apostrophe = !U::is_far(window);
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
            place.at += units;
            window = U::later(window, units);
        }
        place.length += size;
        place.count += found;
        apostrophe
    }

    /// Folds one character that is far, unless it is an apostrophe: then it says so.
    #[inline(always)]
    fn far<const NUMBERS: bool>(
        &mut self,
        table: &Table,
        ready: &ready::All,
        character: Character,
        place: &mut Place,
    ) -> bool {
        let Character { code_point, units, utf8, length } = character;
        self.all_are_characters &= length > 0;
        let (ready, is_han) = ready.of_any(code_point);
        let out = &mut self.folded[place.length..];
        let (is_apostrophe, is_digit, moves, size);
        if !ready.is_missing {
            (is_apostrophe, is_digit) = (ready.is_apostrophe, ready.is_digit);
            (moves, size) = (ready.moves, ready.length as usize);
            let fold = if is_han { utf8 } else { ready.fold };
            *out.first_chunk_mut().expect("bytes to spare") = fold.to_le_bytes();
        } else {
            let class;
            (class, size) = table.write_fold(code_point, utf8 as u32, length, out);
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
        place.at += units;
        false
    }

    /// Passes an apostrophe and the ignorables after it.
    fn apostrophe<U: Unit>(&mut self, table: &Table, text: &[U], place: &mut Place) {
        let character = |at: usize| {
            // Past the end of the text there are separators.
            let window: [U; 8] = std::array::from_fn(|ahead| text.get(at + ahead).copied().unwrap_or_default());
            let first = U::first(U::window(&window, 0));
            (table.entry_of(first.code_point).class(), first.units)
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

    /// Appends the hashes of the words that are closed, and keeps the open one alone. Refuses if that is too long,
    /// or if the text held what is no character.
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
            // All are appended, needed or not: a copy of known length takes no call.
            hashes.extend_from_slice(&unsafe { L::hash_all(folded, words, count) });
        }
        hashes.truncate(first + closed.len());
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
        self.place.length <= FULL / 2 && self.all_are_characters
    }
}

mod apart;
#[cfg(test)]
mod tests;
