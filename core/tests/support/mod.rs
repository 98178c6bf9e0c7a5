//! Which class has a code point, and what does it fold to? The generator of `src/words.tsv`.
//!
//! The rules are those written down in `table.rs`; this file takes every property they speak of from ICU4X.
//! The example `unicode_table` prints what [`render`] returns; the test `unicode_table` compares it with the
//! committed file.

use std::fmt::Write;

use icu_casemap::CaseMapper;
use icu_normalizer::DecomposingNormalizer;
use icu_properties::props::{DefaultIgnorableCodePoint, GeneralCategory, GeneralCategoryGroup, Script};
use icu_properties::script::ScriptWithExtensions;
use icu_properties::{CodePointMapData, CodePointSetData};

/// ICU4X does not export the version of its data; its data crates name it in their documentation.
const SOURCE: &str = "Unicode 18.0.0 (ICU4X 2.4.0)";

const APOSTROPHES: [char; 9] =
    ['\u{27}', '\u{2018}', '\u{2019}', '\u{201B}', '\u{2BC}', '\u{2BB}', '\u{FF07}', '\u{55A}', '\u{5F3}'];

const TATWEEL: char = '\u{640}';

const SYLLABLES: std::ops::RangeInclusive<char> = '\u{AC00}'..='\u{D7A3}';

const UNSPACED: [Script; 7] =
    [Script::Han, Script::Hiragana, Script::Katakana, Script::Thai, Script::Lao, Script::Khmer, Script::Myanmar];

const UNMARKED: [Script; 5] = [Script::Latin, Script::Greek, Script::Cyrillic, Script::Arabic, Script::Hebrew];

/// Returns the class of a code point by its name in the table; `None` is a separator.
pub fn class(character: char) -> Option<&'static str> {
    let class = class_by_properties(character)?;
    if !is_content(class) {
        return Some(class);
    }
    let fold = fold(character);
    if fold.is_empty() {
        Some("ignorable")
    } else if fold.chars().all(|c| class_by_properties(c) == Some("mark")) {
        Some("mark")
    } else {
        Some(class)
    }
}

/// Returns what a letter, base or mark folds to; empty if nothing of it is kept.
pub fn fold(character: char) -> String {
    let nfkd = DecomposingNormalizer::new_nfkd();
    let mut folded = String::from(character);
    loop {
        let decomposed: String =
            nfkd.normalize_iter(folded.chars()).filter(|&c| class_by_properties(c).is_some_and(is_content)).collect();
        let next = CaseMapper::new().fold_string(&decomposed).into_owned();
        if next == folded {
            return folded;
        }
        folded = next;
    }
}

/// Returns the whole table as text, one line for each range or folding code point.
pub fn render() -> String {
    let mut table = format!(
        "# Classes and folds of code points, from {SOURCE}. Written by `cargo run --example unicode_table`.\n\
         # start[..end] TAB class: fold to themselves. code point TAB class TAB fold: fold to those code points.\n\
         # AC00..D7A3 fold to their jamo, by the arithmetic of the Unicode Standard 3.12. What is not listed separates words.\n"
    );
    let mut range: Option<(char, char, &str)> = None;
    for character in '\0'..=char::MAX {
        let class = class(character);
        let fold = class.and_then(|class| listed_fold(character, class));
        let continued =
            range.filter(|&(_, end, open)| fold.is_none() && class == Some(open) && end as u32 + 1 == character as u32);
        if let Some((start, _, open)) = continued {
            range = Some((start, character, open));
            continue;
        }
        write_range(&mut table, range.take());
        match (class, fold) {
            (Some(class), Some(fold)) => write_fold(&mut table, character, class, &fold),
            (class, _) => range = class.map(|class| (character, character, class)),
        }
    }
    write_range(&mut table, range);
    table
}

fn class_by_properties(character: char) -> Option<&'static str> {
    let category = CodePointMapData::<GeneralCategory>::new().get(character);
    if APOSTROPHES.contains(&character) {
        Some("apostrophe")
    } else if character == TATWEEL || CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(character) {
        Some("ignorable")
    } else if GeneralCategoryGroup::Mark.contains(category) {
        Some(if is_dropped_mark(character) { "ignorable" } else { "mark" })
    } else if GeneralCategoryGroup::Letter.contains(category) || category == GeneralCategory::DecimalNumber {
        Some(if has_script(character, &UNSPACED) { "base" } else { "letter" })
    } else {
        None
    }
}

fn is_content(class: &str) -> bool {
    matches!(class, "letter" | "base" | "mark")
}

fn is_dropped_mark(mark: char) -> bool {
    let extensions = ScriptWithExtensions::new().get_script_extensions_val(mark);
    let names_a_script = extensions.iter().any(|script| script != Script::Inherited && script != Script::Common);
    !names_a_script || (has_script(mark, &UNMARKED) && !has_script(mark, &[Script::Devanagari]))
}

fn has_script(character: char, scripts: &[Script]) -> bool {
    let known = ScriptWithExtensions::new();
    scripts.iter().any(|&script| known.get_script_val(character) == script || known.has_script(character, script))
}

/// Returns the fold that the table must spell out: none for what folds to itself, and none for the
/// syllables, which would be 11,172 lines.
fn listed_fold(character: char, class: &str) -> Option<String> {
    if !is_content(class) || SYLLABLES.contains(&character) {
        return None;
    }
    let fold = fold(character);
    (!fold.chars().eq([character])).then_some(fold)
}

fn write_range(table: &mut String, range: Option<(char, char, &str)>) {
    let Some((start, end, class)) = range else {
        return;
    };
    if start == end {
        writeln!(table, "{:04X}\t{class}", start as u32).expect("a string takes any text");
    } else {
        writeln!(table, "{:04X}..{:04X}\t{class}", start as u32, end as u32).expect("a string takes any text");
    }
}

fn write_fold(table: &mut String, character: char, class: &str, fold: &str) {
    let code_points: Vec<String> = fold.chars().map(|c| format!("{:04X}", c as u32)).collect();
    writeln!(table, "{:04X}\t{class}\t{}", character as u32, code_points.join(" ")).expect("a string takes any text");
}
