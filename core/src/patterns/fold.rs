//! A rough fold of text and patterns alike, under which a pattern's strings can be looked for.
//!
//! It may merge too much and never too little: what it merges is only tried more often than needed.

use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, HirKind};

/// Code points below this fold, all others stay: white space, digits and letters with case are all below.
const END: u32 = 0x2_0000;

/// What each code point folds to: one case, one digit, one kind of white space, apostrophe, quotation mark and dash.
pub struct Fold {
    folded: Vec<char>,
}

impl Fold {
    pub fn new() -> Self {
        let mut folded: Vec<char> = (0..END).map(|at| char::from_u32(at).unwrap_or('\0')).collect();
        for (class, to) in [("'’‘ʼ`´′", '\''), ("\"“”„‟«»″", '"'), ("-‐‑‒–—", '-')] {
            class.chars().for_each(|from| folded[from as usize] = to);
        }
        for (class, to) in [(r"\s", ' '), (r"\d", '0'), ("[a-z]", 'A')] {
            for (at, member) in engine_class(class).enumerate().filter(|(_, member)| (*member as u32) < END) {
                folded[member as usize] = if to == 'A' { (b'A' + at as u8) as char } else { to };
            }
        }
        Fold { folded }
    }

    /// Makes the cases of the letters that a pattern takes for the same fold to the same.
    ///
    /// Only the letters of the patterns are needed, and the engine that will match them is asked: its idea of case counts.
    pub fn learn(&mut self, class: &ClassUnicode) {
        for letter in members(class, MOST_CASES).unwrap_or_default() {
            let mut cases = ClassUnicode::new([ClassUnicodeRange::new(letter, letter)]);
            cases.case_fold_simple();
            let cases = members(&cases, MOST_CASES).unwrap_or_default();
            for case in cases.iter().filter(|&&case| cases.len() > 1 && (case as u32) < END) {
                self.folded[*case as usize] = cases[0];
            }
        }
    }

    pub fn letter(&self, letter: char) -> char {
        self.folded.get(letter as usize).copied().unwrap_or(letter)
    }

    /// Appends the folded text, where any run of white space is one space.
    pub fn append(&self, text: &str, out: &mut String) {
        let mut last = '\0';
        for letter in text.chars() {
            let letter = self.letter(letter);
            if letter != ' ' || last != ' ' {
                out.push(letter);
            }
            last = letter;
        }
    }
}

/// Letters that a class may have to be one letter in its cases.
const MOST_CASES: usize = 8;

/// The code points of a class, or nothing if there are too many.
pub fn members(class: &ClassUnicode, most: usize) -> Option<Vec<char>> {
    let members: Vec<char> = class.iter().flat_map(|range| range.start()..=range.end()).take(most + 1).collect();
    (members.len() <= most).then_some(members)
}

/// The members of a class as the engine that matches the patterns sees it.
fn engine_class(class: &str) -> impl Iterator<Item = char> {
    let parsed = regex_syntax::parse(class).expect("a class of this file is well-formed");
    let ranges = match parsed.into_kind() {
        HirKind::Class(Class::Unicode(class)) => class.ranges().to_vec(),
        kind => unreachable!("{class} is a class of code points, not {kind:?}"),
    };
    ranges.into_iter().flat_map(|range| range.start()..=range.end())
}
