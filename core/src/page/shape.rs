//! What does one block look like by itself?

use super::Page;
use crate::signs::Sign;
use crate::table::{Class, Table};

/// Figures count by the range they fall into; each list holds where the next range begins.
pub const SIZES: [f64; 10] = [2.0, 3.0, 4.0, 6.0, 9.0, 13.0, 20.0, 35.0, 60.0, 100.0];
/// The same, for what is told together with more than its size.
pub const BREADTHS: [f64; 3] = [4.0, 13.0, 35.0];
/// Of shares.
pub const SHARES: [f64; 6] = [0.01, 0.2, 0.4, 0.6, 0.8, 0.99];
/// Of what is left before or behind.
pub const RESTS: [f64; 7] = [0.001, 0.02, 0.05, 0.1, 0.2, 0.4, 0.7];
/// Of small counts.
pub const COUNTS: [f64; 5] = [1.0, 2.0, 3.0, 5.0, 8.0];
/// From this range of sizes on, sizes are told apart no more where they are told together with something else.
pub const LARGE: usize = 6;

/// A block of as many words that ends as sentences do is likely to be a paragraph of the article.
const LONG: usize = 20;
/// How a block is written shows in so many of its words.
const SEEN: usize = 30;
/// Words of more letters are of a script that does not part words; there so many letters make one.
const LONGEST_WORD: usize = 16;
const LETTERS: usize = 2;
/// By what signs blocks end.
const ENDS: [(&str, &str); 6] = [
    (".!?…。！？؟।", "stop"),
    ("\"'”’»“›」』", "quote"),
    (":：", "colon"),
    (",;、，؛،", "comma"),
    (")]）", "bracket"),
    (">→|", "arrow"),
];

/// What one block looks like by itself. But for its words, figures are numbers of ranges.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape {
    /// How many words it holds, 1 or more.
    pub words: usize,
    /// The range of that.
    pub size: usize,
    /// With what sort of sign it begins, and ends.
    pub start: &'static str,
    pub end: &'static str,
    /// How many of its words begin with a capital, and with a digit.
    pub titled: usize,
    pub digits: usize,
    /// How much it links.
    pub links: usize,
}

impl Shape {
    /// Whether it looks like a paragraph of the article.
    pub fn is_long(&self) -> bool {
        self.words >= LONG && matches!(self.end, "stop" | "quote")
    }

    /// What a block looks like that links to so many places. Between its words stand single blanks.
    pub fn of(text: &str, links: usize) -> Self {
        let (mut count, mut seen, mut titled, mut digits) = (0, 0, 0, 0);
        for word in text.split(' ') {
            count += 1;
            if let Some(initial) = word.chars().next().filter(|_| seen < SEEN) {
                seen += 1;
                let sign = Sign::of(initial);
                titled += usize::from(sign.is_uppercase());
                digits += usize::from(sign.is_numeric());
            }
        }
        let letters = text.chars().count();
        let words = if letters <= LONGEST_WORD * count { count } else { letters / LETTERS }.max(1);
        let of_seen = |part: usize| range(&SHARES, part as f64 / seen.max(1) as f64);
        let last = text.chars().next_back();
        Shape {
            words,
            size: range(&SIZES, words as f64),
            start: text.chars().next().map_or("sign", sort_of),
            end: last.map_or("sign", |last| {
                ENDS.iter().find(|(signs, _)| signs.contains(last)).map_or_else(|| sort_of(last), |(_, name)| name)
            }),
            titled: of_seen(titled),
            digits: of_seen(digits),
            links: if links > 0 { range(&SHARES, links as f64 / words as f64) + 1 } else { 0 },
        }
    }
}

impl Page {
    /// What a block of the page looks like.
    pub fn shape(&self, number: usize) -> Shape {
        Shape::of(self.block_text(number), self.blocks[number].links.len())
    }

    /// What a block of the page says.
    pub fn block_text(&self, number: usize) -> &str {
        let (start, end) = self.blocks[number].bytes;
        &self.text[start as usize..end as usize]
    }
}

/// The number of the range that a figure falls into.
pub fn range(starts: &[f64], figure: f64) -> usize {
    starts.iter().take_while(|start| **start <= figure).count()
}

fn sort_of(character: char) -> &'static str {
    let sign = Sign::of(character);
    match Table::get().class(character) {
        _ if sign.is_numeric() => "digit",
        Class::Letter | Class::Base if sign.is_uppercase() => "upper",
        Class::Letter | Class::Base => "letter",
        _ => "sign",
    }
}

#[cfg(test)]
mod tests {
    use super::Shape;

    #[test]
    fn a_block_by_itself() {
        let shape = Shape::of("The Ferry of 1912 sank, \u{201C}they\u{201D} say.", 2);
        assert_eq!((shape.words, shape.size, shape.start, shape.end), (7, 4, "upper", "stop"));
        // Two of seven words are titled, one is a number; there are two links.
        assert_eq!((shape.titled, shape.digits, shape.links), (2, 1, 3));
        let list = Shape::of("42 →", 0);
        assert_eq!((list.start, list.end, list.links), ("digit", "arrow", 0));
    }

    #[test]
    fn scripts_that_do_not_part_words() {
        let japanese = Shape::of(&"港湾委員会は月曜日に再び開かれた。".repeat(3), 0);
        assert_eq!((japanese.words, japanese.end, japanese.is_long()), (25, "stop", true));
    }

    #[test]
    fn vowel_signs_are_no_letters() {
        assert_eq!(Shape::of("नदी", 0).end, "sign");
    }
}
