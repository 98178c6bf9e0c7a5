//! A rough fold of text and patterns alike, under which a pattern's strings can be looked for.
//!
//! It may merge too much and never too little: what it merges is only tried more often than needed.

use std::sync::LazyLock;

use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, HirKind};

/// Code points below this fold, all others stay: white space, digits and letters with case are all below.
const END: u32 = 0x2_0000;
/// The letters that have cases.
const CASED: &str = r"[\p{Cased}\p{Changes_When_Casemapped}]";
/// Bytes that are folded in one go where they are ASCII.
const STRIDE: usize = 32;
/// ASCII that is written as more than one sign, because it is rare enough to be looked for alone.
const MARKS: [u8; 5] = *b"@#]{$";

/// What each code point folds to: one case, one digit, one kind of white space, apostrophe, quotation mark and dash.
pub struct Fold {
    folded: Vec<char>,
    /// The sign of each code point of at most two bytes that has one sign; none is zero.
    signs: Vec<u8>,
}

impl Fold {
    /// The fold that all patterns share.
    pub fn shared() -> &'static Fold {
        static SHARED: LazyLock<Fold> = LazyLock::new(Fold::new);
        &SHARED
    }

    fn new() -> Self {
        let folded: Vec<char> = (0..END).map(|at| char::from_u32(at).unwrap_or('\0')).collect();
        let mut fold = Fold { folded, signs: vec![0; 0x800] };
        (0..0x800).filter_map(char::from_u32).for_each(|letter| fold.set(letter, letter));
        fold.merge_cases();
        for (class, to) in [("'’‘ʼ`´′", '\''), ("\"“”„‟«»″", '"'), ("-‐‑‒–—", '-')] {
            class.chars().for_each(|from| fold.set(from, to));
        }
        for (class, to) in [(r"\s", ' '), (r"\d", '0'), ("[a-z]", 'A')] {
            let class = engine_class(class);
            let members = class.iter().flat_map(|range| range.start()..=range.end());
            for (at, member) in members.enumerate().filter(|(_, member)| (*member as u32) < END) {
                fold.set(member, if to == 'A' { (b'A' + at as u8) as char } else { to });
            }
        }
        fold
    }

    /// Makes all cases of a letter fold to the first of them. The engine that matches the patterns is asked: its idea of
    /// case counts.
    fn merge_cases(&mut self) {
        for letter in engine_class(CASED).iter().flat_map(|range| range.start()..=range.end()) {
            let mut cases = ClassUnicode::new([ClassUnicodeRange::new(letter, letter)]);
            cases.case_fold_simple();
            let first = cases.ranges()[0].start();
            if first < letter && (letter as u32) < END {
                self.set(letter, first);
            }
        }
    }

    fn set(&mut self, letter: char, to: char) {
        self.folded[letter as usize] = to;
        if let Some(sign) = self.signs.get_mut(letter as usize) {
            let signs = signs(to.encode_utf8(&mut [0; 4]));
            *sign = if signs.len() == 1 { signs[0] } else { 0 };
        }
    }

    pub fn letter(&self, letter: char) -> char {
        self.folded.get(letter as usize).copied().unwrap_or(letter)
    }

    /// Returns the folded text, where any run of white space is one space.
    pub fn text(&self, text: &str) -> String {
        let mut folded = String::new();
        for letter in text.chars().map(|letter| self.letter(letter)) {
            if letter != ' ' || !folded.ends_with(' ') {
                folded.push(letter);
            }
        }
        folded
    }

    /// Appends the fold of a text as signs, where any run of white space is one space, within the text and with what stands
    /// before it.
    pub fn append(&self, text: &str, out: &mut Vec<u8>) {
        #[cfg(target_arch = "x86_64")]
        if has_avx512() {
            // SAFETY: this processor has what it takes.
            return unsafe { self.append_avx512(text, out) };
        } else if has_avx2() {
            // SAFETY: this processor has what it takes.
            return unsafe { self.append_avx2(text, out) };
        }
        self.append_as(text, out, append_ascii);
    }

    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx512f,avx512bw,avx512vbmi,bmi1")]
    pub(super) unsafe fn append_avx512(&self, text: &str, out: &mut Vec<u8>) {
        self.append_as(text, out, |bytes, out| append_ascii_avx512(bytes, out));
    }

    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2,bmi1")]
    pub(super) unsafe fn append_avx2(&self, text: &str, out: &mut Vec<u8>) {
        self.append_as(text, out, |bytes, out| append_ascii_avx2(bytes, out));
    }

    #[inline(always)]
    pub(super) fn append_as(&self, text: &str, out: &mut Vec<u8>, ascii: impl Fn(&[u8], &mut Vec<u8>) -> usize) {
        let bytes = text.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            at += match bytes[at] {
                // A lone space between words of other letters isn't worth a stride.
                0..0x80 if bytes.get(at + 1).is_some_and(|&next| next >= 0x80) => self.push(char::from(bytes[at]), out),
                0..0x80 => match ascii(&bytes[at..], out) {
                    0 => self.push(char::from(bytes[at]), out),
                    taken => taken,
                },
                // A letter of two bytes, most letters of many languages: one table says it all.
                lead @ 0xC3..0xE0 => {
                    let letter = usize::from(lead & 0x1F) << 6 | usize::from(bytes[at + 1] & 0x3F);
                    match self.signs[letter] {
                        0 => self.push(char::from_u32(letter as u32).unwrap_or('\0'), out),
                        sign => {
                            out.push(sign);
                            2
                        }
                    }
                }
                _ => self.push(text[at..].chars().next().unwrap_or('\0'), out),
            }
        }
    }

    /// Appends the signs of one code point and returns how many bytes of text it took.
    fn push(&self, letter: char, out: &mut Vec<u8>) -> usize {
        match self.letter(letter) {
            ' ' => push_sign(b' ', out),
            folded => append_signs(folded, out),
        }
        letter.len_utf8()
    }
}

/// Returns a folded string as signs.
pub fn signs(folded: &str) -> Vec<u8> {
    let mut signs = Vec::new();
    folded.chars().for_each(|letter| append_signs(letter, &mut signs));
    signs
}

/// Appends what a folded code point is written as, so that strings can be told apart by few bytes: ASCII and most letters
/// of alphabets are one, and a mark rare enough to be looked for alone is four.
fn append_signs(letter: char, out: &mut Vec<u8>) {
    match letter {
        '@' | '#' | ']' | '{' | '$' => out.extend_from_slice(&[letter as u8; 4]),
        '\0'..='\x7f' => out.push(letter as u8),
        '\u{80}'..='\u{bf}' => out.extend_from_slice(&[letter as u8; 4]),
        '\u{c0}'..='\u{7ff}' => out.push(letter as u8 | 0x80),
        _ => out.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes()),
    }
}

fn push_sign(sign: u8, out: &mut Vec<u8>) {
    if sign != b' ' || out.last() != Some(&b' ') {
        out.push(sign);
    }
}

/// Appends the signs of what `bytes` begin with, up to a stride of it, and returns how much that was. It stops before
/// what isn't ASCII, a second white space and a mark of more than one sign.
///
/// Written so that it compiles to instructions over whole strides.
#[inline(always)]
pub(super) fn append_ascii(bytes: &[u8], out: &mut Vec<u8>) -> usize {
    let (mut stride, length) = ([0; STRIDE], bytes.len().min(STRIDE));
    match bytes.first_chunk::<STRIDE>() {
        Some(whole) => stride = *whole,
        None => stride[..length].copy_from_slice(bytes),
    }
    let (mut stops, mut spaces) = ([0; STRIDE], [0; STRIDE]);
    for byte in &mut stride {
        *byte = ascii(*byte);
    }
    for (stop, &byte) in stops.iter_mut().zip(&stride) {
        *stop = (byte & 0x80) | MARKS.iter().fold(0, |stop, &mark| stop | flag(byte == mark));
    }
    for (space, &byte) in spaces.iter_mut().zip(&stride) {
        *space = flag(byte == b' ');
    }
    stops[0] |= if out.last() == Some(&b' ') { spaces[0] } else { 0 };
    for (stop, (space, before)) in stops[1..].iter_mut().zip(spaces[1..].iter().zip(&spaces)) {
        *stop |= space & before;
    }
    let (words, _) = stops.as_chunks::<8>();
    let clear = |word: &[u8; 8]| u64::from_le_bytes(*word).trailing_zeros() as usize / 8;
    let stopped = words.iter().position(|word| clear(word) < 8);
    let taken = stopped.map_or(STRIDE, |at| 8 * at + clear(&words[at])).min(length);
    out.extend_from_slice(&stride);
    out.truncate(out.len() - STRIDE + taken);
    taken
}

#[cfg(target_arch = "x86_64")]
pub(super) fn has_avx512() -> bool {
    use std::arch::is_x86_feature_detected as has;
    has!("avx512f") && has!("avx512bw") && has!("avx512vbmi") && has!("bmi1")
}

#[cfg(target_arch = "x86_64")]
pub(super) fn has_avx2() -> bool {
    std::arch::is_x86_feature_detected!("avx2") && std::arch::is_x86_feature_detected!("bmi1")
}

/// The same for strides of 32 bytes.
#[cfg(target_arch = "x86_64")]
#[inline]
#[target_feature(enable = "avx2,bmi1")]
fn append_ascii_avx2(bytes: &[u8], out: &mut Vec<u8>) -> usize {
    use std::arch::x86_64::*;
    let mut short = [0; STRIDE];
    let stride = bytes.first_chunk().unwrap_or_else(|| {
        short[..bytes.len()].copy_from_slice(bytes);
        &short
    });
    let all = |sign: u8| _mm256_set1_epi8(sign as i8);
    let within = |signs: __m256i, first: u8, last: u8| {
        let from_first = _mm256_sub_epi8(signs, all(first));
        _mm256_cmpeq_epi8(_mm256_min_epu8(from_first, all(last - first)), from_first)
    };
    // SAFETY: the stride has 32 bytes.
    let signs = unsafe { _mm256_loadu_si256(stride.as_ptr().cast()) };
    let is_small = within(signs, b'a', b'z');
    let mut folded = _mm256_sub_epi8(signs, _mm256_and_si256(is_small, all(b'a' - b'A')));
    for (first, last, to) in [(b'0', b'9', b'0'), (b'\t', b'\r', b' '), (b'`', b'`', b'\'')] {
        folded = _mm256_blendv_epi8(folded, all(to), within(signs, first, last));
    }
    let is = |sign: u8| _mm256_cmpeq_epi8(folded, all(sign));
    let marks = MARKS.iter().fold(signs, |stops, &mark| _mm256_or_si256(stops, is(mark)));
    let spaces = _mm256_movemask_epi8(is(b' ')) as u32;
    let before = spaces << 1 | u32::from(out.last() == Some(&b' '));
    let stops = _mm256_movemask_epi8(marks) as u32 | spaces & before;
    let taken = (stops.trailing_zeros() as usize).min(bytes.len().min(STRIDE));
    out.reserve(STRIDE);
    // SAFETY: there is room for what is written, and it is written before it is counted.
    unsafe {
        _mm256_storeu_si256(out.as_mut_ptr().add(out.len()).cast(), folded);
        out.set_len(out.len() + taken);
    }
    taken
}

/// What each sign of ASCII folds to, with the highest bit set for a mark that is written as more than one.
#[cfg(target_arch = "x86_64")]
static FOLDED: [u8; 128] = {
    let (mut folded, mut sign) = ([0; 128], 0);
    while sign < folded.len() {
        folded[sign] = ascii(sign as u8);
        sign += 1;
    }
    let mut mark = 0;
    while mark < MARKS.len() {
        folded[MARKS[mark] as usize] |= 0x80;
        mark += 1;
    }
    folded
};

/// The same for strides of 64 bytes: one look into a table for all of them.
#[cfg(target_arch = "x86_64")]
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi,bmi1")]
fn append_ascii_avx512(bytes: &[u8], out: &mut Vec<u8>) -> usize {
    use std::arch::x86_64::*;
    const WIDE: usize = 64;
    let length = bytes.len().min(WIDE);
    out.reserve(WIDE);
    // SAFETY: what lies behind the bytes is not read, the table has 128, and there is room for what is written.
    unsafe {
        let read = u64::MAX.checked_shr((WIDE - length) as u32).unwrap_or(0);
        let signs = _mm512_maskz_loadu_epi8(read, bytes.as_ptr().cast());
        let [first, second] = [0, WIDE].map(|half| _mm512_loadu_si512(FOLDED.as_ptr().add(half).cast()));
        let folded = _mm512_permutex2var_epi8(first, signs, second);
        let spaces = _mm512_cmpeq_epi8_mask(folded, _mm512_set1_epi8(b' ' as i8));
        let before = spaces << 1 | u64::from(out.last() == Some(&b' '));
        let stops = _mm512_movepi8_mask(_mm512_or_si512(signs, folded)) | spaces & before;
        let taken = (stops.trailing_zeros() as usize).min(length);
        _mm512_storeu_si512(out.as_mut_ptr().add(out.len()).cast(), folded);
        out.set_len(out.len() + taken);
        taken
    }
}

/// The highest bit, if so.
#[inline(always)]
fn flag(so: bool) -> u8 {
    u8::from(so) << 7
}

/// What an ASCII code point folds to; other bytes stay.
#[inline(always)]
const fn ascii(byte: u8) -> u8 {
    let byte = byte.to_ascii_uppercase();
    let byte = if byte.wrapping_sub(b'0') < 10 { b'0' } else { byte };
    let byte = if byte.wrapping_sub(b'\t') < 5 { b' ' } else { byte };
    if byte == b'`' { b'\'' } else { byte }
}

/// The code points of a class, or nothing if there are too many.
pub fn members(class: &ClassUnicode, most: usize) -> Option<Vec<char>> {
    let mut left = most;
    for range in class.iter() {
        left = left.checked_sub(range.end() as usize - range.start() as usize + 1)?;
    }
    Some(class.iter().flat_map(|range| range.start()..=range.end()).collect())
}

/// A class as the engine that matches the patterns sees it.
pub fn engine_class(class: &str) -> ClassUnicode {
    let parsed = regex_syntax::parse(class).expect("a class of this file is well-formed");
    match parsed.into_kind() {
        HirKind::Class(Class::Unicode(class)) => class,
        kind => unreachable!("{class} is a class of code points, not {kind:?}"),
    }
}
