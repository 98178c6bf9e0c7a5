//! A text's blocks: its paragraph-like units, whether a line is a paragraph or only a column of one.

use memchr::{memchr2, memmem};

use crate::positions::{self, PositionError};

/// The widest column a hard-wrapped text is set in, in code points.
const WIDEST_COLUMN: usize = 100;
/// Narrower texts are lists, verse or addresses.
const NARROWEST_COLUMN: usize = 40;
/// A wrapped line stops because the next word would have come this close to the edge of the column, or past it.
const SLACK: usize = 8;
/// A word longer than this tells nothing about where a line had to stop.
const LONGEST_WORD: usize = 15;
/// White-space-separated words of a line of prose: without them (Chinese, links) a line's length means nothing.
const FEWEST_WORDS: usize = 4;
/// Blocks that most pages keep to.
const USUAL: usize = 32;
/// Lines that must be directly followed by another one before a text is judged at all.
const FEWEST_LINES: usize = 4;

/// Returns the text's blocks as byte ranges, in order: trimmed of white space, never empty, never overlapping. A block may
/// hold line breaks: in hard-wrapped text (wire copy of 60-75 columns) a paragraph is many lines.
pub fn split_bytes(text: &str) -> Vec<(usize, usize)> {
    let lines = Lines::of(text);
    let wrapped_at = column(lines.clone());
    let mut blocks: Vec<(usize, usize)> = Vec::with_capacity(USUAL);
    let mut open = false;
    for line in lines {
        let line_has_text = line.start < line.end;
        if let Some(last) = blocks.last_mut().filter(|_| open && line_has_text && !line.indented) {
            last.1 = line.end;
        } else if line_has_text {
            blocks.push((line.start, line.end));
        }
        open = line_has_text && wrapped_at.is_some_and(|column| 10 * line.columns(text) >= 6 * column);
    }
    blocks
}

/// One line: its text without the white space around it, and whether white space stood before it.
struct Line {
    begin: usize,
    start: usize,
    end: usize,
    indented: bool,
}

impl Line {
    /// Its length in code points, indentation included, since that takes room in the column.
    fn columns(&self, text: &str) -> usize {
        positions::count(&text.as_bytes()[self.begin..self.end])
    }
}

/// The lines of a text; every kind of Unicode line break ends one.
#[derive(Clone)]
struct Lines<'a> {
    text: &'a str,
    at: usize,
    /// Whether there is a break beside line feeds and carriage returns.
    has_rare_breaks: bool,
}

impl<'a> Lines<'a> {
    fn of(text: &'a str) -> Self {
        let bytes = text.as_bytes();
        let rare = ["\u{85}", "\u{2028}", "\u{2029}"];
        let has_rare_breaks = memchr2(0x0B, 0x0C, bytes).is_some()
            || !text.is_ascii() && rare.iter().any(|line_break| memmem::find(bytes, line_break.as_bytes()).is_some());
        Lines { text, at: 0, has_rare_breaks }
    }
}

impl Iterator for Lines<'_> {
    type Item = Line;

    fn next(&mut self) -> Option<Line> {
        if self.at >= self.text.len() {
            return None;
        }
        let rest = &self.text[self.at..];
        let (length, line_break) =
            if self.has_rare_breaks { line_break(rest.as_bytes()) } else { common_break(rest.as_bytes()) };
        let (line, begin) = (&rest[..length], self.at);
        self.at += length + line_break;
        let trimmed = line.trim_start();
        let start = begin + (line.len() - trimmed.len());
        let end = start + trimmed.trim_end().len();
        Some(Line { begin: begin.min(end), start, end, indented: start > begin })
    }
}

/// Where the first line feed or carriage return stands and how many bytes the break takes; none at the end of the text.
fn common_break(bytes: &[u8]) -> (usize, usize) {
    match memchr2(b'\n', b'\r', bytes) {
        Some(at) if bytes[at..].starts_with(b"\r\n") => (at, 2),
        Some(at) => (at, 1),
        None => (bytes.len(), 0),
    }
}

/// The same for every kind of break.
fn line_break(bytes: &[u8]) -> (usize, usize) {
    for (at, &byte) in bytes.iter().enumerate() {
        let taken = match (byte, bytes.get(at + 1), bytes.get(at + 2)) {
            (b'\r', Some(b'\n'), _) => 2,
            (b'\n' | b'\r' | 0x0B | 0x0C, _, _) => 1,
            (0xC2, Some(0x85), _) => 2,
            (0xE2, Some(0x80), Some(0xA8 | 0xA9)) => 3,
            _ => continue,
        };
        return (at, taken);
    }
    (bytes.len(), 0)
}

/// The width of the column a hard-wrapped text is set in, or nothing if its lines are paragraphs.
///
/// Text is hard-wrapped when nothing is wider than the column and lines stop where the next word wouldn't have fitted.
fn column(all: Lines) -> Option<usize> {
    let text = all.text;
    let mut lines = Vec::new();
    let mut widest = 0;
    for line in all {
        let columns = line.columns(text);
        widest = widest.max(columns);
        if widest > WIDEST_COLUMN {
            return None;
        }
        lines.push((line, columns));
    }
    if widest < NARROWEST_COLUMN {
        return None;
    }
    let (mut followed, mut full) = (0, 0);
    for pair in lines.windows(2) {
        let ((line, columns), (next, _)) = (&pair[0], &pair[1]);
        if line.start < line.end && next.start < next.end && !next.indented {
            followed += 1;
            let word = text[next.start..next.end]
                .split_whitespace()
                .next()
                .map_or(0, |word| positions::count(word.as_bytes()));
            let prose = text[line.start..line.end].split_whitespace().nth(FEWEST_WORDS - 1).is_some();
            full += usize::from(prose && columns + 1 + word.min(LONGEST_WORD) + SLACK > widest);
        }
    }
    (followed >= FEWEST_LINES && 10 * full >= 7 * followed).then_some(widest)
}

/// Returns byte ranges of a text, such as its blocks, in code points.
pub fn in_code_points(text: &str, blocks: &[(usize, usize)]) -> Result<Vec<(u32, u32)>, PositionError> {
    let ends: Vec<usize> = blocks.iter().flat_map(|&(start, end)| [start, end]).collect();
    let ends = positions::to_code_points(text, &ends)?;
    Ok(ends.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<(u32, u32)> {
        in_code_points(text, &split_bytes(text)).unwrap()
    }
    use proptest::prelude::*;

    fn texts(text: &str) -> Vec<&str> {
        split_bytes(text).into_iter().map(|(start, end)| &text[start..end]).collect()
    }

    const WIRE: &str = "\
The council of Harbour Bay voted on Tuesday to close the old
ferry terminal, a decision that had been put off four times
since the spring, when the operator gave up its licence.
    Residents of the island said they had not been asked. The
mayor promised a hearing before the end of the month, and
a bus.
    Fares stay as they are, the operator said in a statement
to this newspaper, and tickets already sold remain good for
the whole of next year.
 Reuter
";

    #[test]
    fn every_line_break_ends_a_block() {
        assert_eq!(
            texts("a\nb\r\nc\rd\u{2028}e\u{2029}f\u{85}g\u{b}h\u{c}i"),
            ["a", "b", "c", "d", "e", "f", "g", "h", "i"]
        );
        assert_eq!(texts("“quoted” café\u{2014}one line"), ["“quoted” café\u{2014}one line"]);
    }

    #[test]
    fn blocks_are_trimmed_and_never_empty() {
        assert_eq!(texts(" \n\u{a0}\n\t first \u{3000}\n\n second\r\n\r\n"), ["first", "second"]);
        assert!(texts("").is_empty());
        assert!(texts(" \n\r\n").is_empty());
    }

    #[test]
    fn positions_are_code_points() {
        assert_eq!(split("été\n\n Идлиб "), [(0, 3), (6, 11)]);
    }

    #[test]
    fn wire_copy_is_joined_into_paragraphs() {
        let blocks = texts(WIRE);
        assert_eq!(blocks.len(), 4);
        assert!(blocks[0].starts_with("The council") && blocks[0].ends_with("its licence."));
        assert!(blocks[1].starts_with("Residents") && blocks[1].ends_with("a bus."));
        assert_eq!(blocks[3], "Reuter");
        assert_eq!(texts(&WIRE.replace('\n', "\r\n")).len(), 4);
    }

    #[test]
    fn a_short_line_ends_a_wrapped_paragraph() {
        let flush = WIRE.replace("    ", "").replace(" Reuter", "Reuter");
        let blocks = texts(&flush);
        assert!(blocks.iter().any(|block| block.ends_with("a bus.")), "{blocks:?}");
        assert_eq!(*blocks.last().unwrap(), "Reuter");
    }

    #[test]
    fn one_line_paragraphs_stay_apart() {
        let pages = [
            "Council closes ferry\nBy Ann Example\nTuesday\nResidents had not been asked about the closure, they said.\nA hearing follows.\nShare this",
            "Home\nWorld\nBusiness\nSport\nOpinion\nArts and culture\nTravel and leisure in the region",
            "市议会周二投票决定关闭旧渡轮码头，这一决定自春季以来已四次推迟，当时运营商放弃了许可证\n岛上的居民表示没有人征求过他们的意见，市长承诺在本月底之前举行听证会，并提供巴士服务\n票价保持不变，运营商在给本报的声明中表示，已售出的车票在明年全年仍然有效，不会有变化\n市长办公室周三没有回应置评请求，听证会的日期将在下周公布，届时居民可以提出自己的意见\n渡轮码头建于一九五二年，曾经每天运送超过三千名乘客往返于岛屿与大陆之间，直到去年春天",
        ];
        for page in pages {
            assert_eq!(texts(page).len(), page.lines().count());
        }
        let wide = WIRE.to_owned() + &"word ".repeat(30);
        assert_eq!(texts(&wide).len(), wide.lines().count());
    }

    proptest! {
        #[test]
        fn breaks_are_the_same_with_and_without_rare_ones(text in "[ab\r\n\u{e9} ]{0,60}") {
            prop_assert_eq!(common_break(text.as_bytes()), line_break(text.as_bytes()));
        }

        #[test]
        fn nothing_but_white_space_is_left_out(text in "([ab\u{e9}\u{4e00}]{1,9}[ \u{a0}]|\n|\r\n|\u{2028}|    ){0,120}") {
            let mut at = 0;
            for (start, end) in split_bytes(&text) {
                prop_assert!(text[at..start].trim().is_empty());
                prop_assert!(!text[start..end].is_empty());
                prop_assert_eq!(text[start..end].trim(), &text[start..end]);
                at = end;
            }
            prop_assert!(text[at..].trim().is_empty());
            prop_assert_eq!(split(&text).len(), split_bytes(&text).len());
        }
    }
}
