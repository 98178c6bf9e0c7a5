//! What did a copy change? The words and sentences that the passages it shares with its source do not account for.
//!
//! Texts are code points here, and places are counted in them. What is equal but for case and signs is no change, unless
//! it was written in capitals for emphasis.

use std::ops::Range;

/// What is new, or gone, and has so many words is told as a sentence.
const SENTENCE_WORDS: usize = 4;
/// Shorter words in capitals are abbreviations as often as emphasis.
const EMPHASISED_LETTERS: usize = 3;
/// Signs that join two parts of a word.
const JOINTS: &[char] = &['-', '\'', '’', '.', ',', ':'];
/// Signs that end a sentence, and those of them that need no space after them.
const STOPS: &[char] = &['.', '!', '?', '…', '。', '！', '？'];
const WIDE_STOPS: &[char] = &['。', '！', '？'];
/// Signs that may follow a stop before the space does, and those that are kept with the sentence they end.
const CLOSERS: &[char] = &['"', '”', '’', '»', ')', ']'];
const KEPT: &[char] = &['.', '!', '?', '…', '。', '！', '？', '”', '"', '»'];
/// Signs that stand between a stop and the first word of the next sentence, and what a sentence may follow.
const OPENERS: &[char] = &[' ', '"', '“', '”', '\'', '«', '('];
const BEFORE_SENTENCE: &[char] = &['.', '!', '?', '…', ':', '\n'];
/// So many signs before a word say whether it opens a sentence.
const LOOK_BACK: usize = 4;

/// Where something stands in a text.
pub type Place = Range<usize>;

/// A text, and where its body stands in it, ascending.
pub struct Side<'a> {
    /// The text.
    pub text: &'a [char],
    /// The ranges of its body.
    pub body: &'a [Place],
}

/// What two texts share at one place: runs of equal words, ascending, by their place in either.
pub struct Passage {
    /// How many words are equal.
    pub words: u32,
    /// The runs; there is at least one.
    pub runs: Vec<(Place, Place)>,
}

impl Passage {
    fn source(&self) -> Place {
        self.runs[0].0.start..self.runs[self.runs.len() - 1].0.end
    }

    fn copy(&self) -> Place {
        self.runs[0].1.start..self.runs[self.runs.len() - 1].1.end
    }
}

/// What a copy did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Kind {
    SentenceRemoved,
    SentenceInserted,
    Moved,
    WordsRemoved,
    WordsInserted,
    WordsSubstituted,
    Number,
    Name,
    Emphasis,
}

/// One change, and where it stands in each text, if it does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What was done.
    pub kind: Kind,
    /// The words of the source.
    pub source: Option<Place>,
    /// The words of the copy, or the empty place where those of the source are missing inside a passage.
    pub copy: Option<Place>,
}

/// Returns what a copy changed, in the order of its text; what it left out between passages stands first.
pub fn edits(source: &Side, copy: &Side, passages: &[Passage]) -> Vec<Edit> {
    let removed = uncovered(source, passages.iter().map(Passage::source).collect());
    let mut found: Vec<Edit> = removed.into_iter().map(|place| lost(source.text, place, None)).collect();
    let inserted = uncovered(copy, passages.iter().map(Passage::copy).collect());
    let mut here: Vec<Edit> = inserted.into_iter().map(|place| new(copy.text, place)).collect();
    let moved = moved(passages).into_iter();
    here.extend(moved.map(|p| Edit { kind: Kind::Moved, source: Some(p.source()), copy: Some(p.copy()) }));
    passages.iter().for_each(|passage| within(source.text, copy.text, passage, &mut here));
    let order = |place: &Option<Place>| place.as_ref().map_or((0, 0), |place| (place.start, place.end));
    here.sort_by_key(|edit| (order(&edit.copy), order(&edit.source)));
    found.append(&mut here);
    found
}

fn lost(text: &[char], place: Place, copy: Option<Place>) -> Edit {
    let kind = if is_sentence(text, &place) { Kind::SentenceRemoved } else { Kind::WordsRemoved };
    Edit { kind, source: Some(place), copy }
}

fn new(text: &[char], place: Place) -> Edit {
    let kind = if is_sentence(text, &place) { Kind::SentenceInserted } else { Kind::WordsInserted };
    Edit { kind, source: None, copy: Some(place) }
}

fn is_sentence(text: &[char], place: &Place) -> bool {
    words(text, place.clone()).nth(SENTENCE_WORDS - 1).is_some()
}

/// The words of a part of a text: letters and digits, with single joints between them.
fn words(text: &[char], place: Place) -> impl Iterator<Item = Place> {
    let mut at = place.start;
    let is_letter = move |at: usize| at < place.end && text[at].is_alphanumeric();
    std::iter::from_fn(move || {
        while at < place.end && !is_letter(at) {
            at += 1;
        }
        let start = at;
        while is_letter(at) || (at > start && at < place.end && JOINTS.contains(&text[at]) && is_letter(at + 1)) {
            at += 1;
        }
        (at > start).then_some(start..at)
    })
}

/// From the first word of a part of a text to the last, if it has any.
fn trimmed(text: &[char], place: Place) -> Option<Place> {
    let mut words = words(text, place);
    let first = words.next()?;
    Some(first.start..words.last().unwrap_or(first).end)
}

/// The sentences of a body, or what is left of them, that no passage covers.
fn uncovered(side: &Side, mut covered: Vec<Place>) -> Vec<Place> {
    covered.sort_unstable_by_key(|place| (place.start, place.end));
    let mut found = Vec::new();
    let mut at = 0;
    for part in side.body {
        while covered.get(at).is_some_and(|place| place.end <= part.start) {
            at += 1;
        }
        let mut start = part.start;
        for place in covered[at..].iter().take_while(|place| place.start < part.end) {
            sentences(side.text, start..place.start.max(start), &mut found);
            start = start.max(place.end);
        }
        sentences(side.text, start..part.end.max(start), &mut found);
    }
    found
}

/// Appends the sentences of a part of a text, without what stands around their words.
fn sentences(text: &[char], place: Place, found: &mut Vec<Place>) {
    let mut start = place.start;
    while start < place.end {
        let end = sentence_end(text, start, place.end);
        if let Some(mut sentence) = trimmed(text, start..end) {
            while sentence.end < end && KEPT.contains(&text[sentence.end]) {
                sentence.end += 1;
            }
            found.push(sentence);
        }
        start = end;
    }
}

/// Where the sentence ends that begins here, with the space after it: at a stop, or at an empty line.
fn sentence_end(text: &[char], start: usize, end: usize) -> usize {
    let past = |at: usize, is: &dyn Fn(char) -> bool| (at..end).find(|&at| !is(text[at])).unwrap_or(end);
    for at in start..end {
        if at > 0 && STOPS.contains(&text[at - 1]) {
            let closed = past(at, &|sign| CLOSERS.contains(&sign));
            let after = past(closed, &char::is_whitespace);
            if after > closed {
                return after;
            }
        }
        if WIDE_STOPS.contains(&text[at]) {
            return at + 1;
        }
        if text[at] == '\n' {
            let after = past(at, &char::is_whitespace);
            if text[at + 1..after].contains(&'\n') {
                return after;
            }
        }
    }
    end
}

/// The passages that stand in another order in the copy: all but those of most words that keep theirs.
fn moved(passages: &[Passage]) -> Vec<&Passage> {
    let mut ordered: Vec<&Passage> = passages.iter().collect();
    ordered.sort_by_key(|passage| (passage.source().start, passage.copy().start));
    let mut before = vec![None; ordered.len()];
    // Of the passages so far those that end a chain: place in the copy and words of the chain both ascend.
    let mut chains: Vec<(usize, u32, usize)> = Vec::new();
    for (at, passage) in ordered.iter().enumerate() {
        let start = passage.copy().start;
        let place = chains.partition_point(|chain| chain.0 < start);
        let last = place.checked_sub(1).map(|last| chains[last]);
        before[at] = last.map(|chain| chain.2);
        let words = passage.words + last.map_or(0, |chain| chain.1);
        let beaten = chains[place..].iter().take_while(|chain| chain.1 <= words).count();
        chains.splice(place..place + beaten, [(start, words, at)]);
    }
    let mut stays = vec![false; ordered.len()];
    let mut last = chains.last().map(|chain| chain.2);
    while let Some(at) = last {
        stays[at] = true;
        last = before[at];
    }
    ordered.into_iter().zip(stays).filter(|(_, stays)| !stays).map(|(passage, _)| passage).collect()
}

/// Appends the changes inside one passage.
fn within(source: &[char], copy: &[char], passage: &Passage, found: &mut Vec<Edit>) {
    for pair in passage.runs.windows(2) {
        let gone = trimmed(source, pair[0].0.end..pair[1].0.start);
        let added = trimmed(copy, pair[0].1.end..pair[1].1.start);
        match (gone, added) {
            (None, None) => {}
            (None, Some(added)) => found.push(new(copy, added)),
            (Some(gone), None) => found.push(lost(source, gone, Some(pair[0].1.end..pair[0].1.end))),
            (Some(gone), Some(added)) => {
                let kind = substituted(source, &gone, copy, &added);
                found.push(Edit { kind, source: Some(gone), copy: Some(added) });
            }
        }
    }
    for (here, there) in &passage.runs {
        if source[here.clone()] != copy[there.clone()] {
            emphasised(source, here.clone(), copy, there.clone(), found);
        }
    }
}

/// What kind of words took the place of others: numbers, names, or any.
fn substituted(source: &[char], gone: &Place, copy: &[char], added: &Place) -> Kind {
    let before: Vec<&[char]> = words(source, gone.clone()).map(|word| &source[word]).collect();
    let after: Vec<&[char]> = words(copy, added.clone()).map(|word| &copy[word]).collect();
    let is_number = |word: &&&[char]| word.iter().any(|sign| sign.is_numeric());
    let differ = before.iter().filter(is_number).ne(after.iter().filter(is_number));
    let are_names = before.iter().chain(&after).all(|word| word[0].is_uppercase());
    match () {
        () if differ => Kind::Number,
        () if are_names && !(opens(source, gone) && opens(copy, added)) => Kind::Name,
        () => Kind::WordsSubstituted,
    }
}

/// Whether a sentence opens here, where any word has a capital.
fn opens(text: &[char], place: &Place) -> bool {
    let before = &text[place.start.saturating_sub(LOOK_BACK)..place.start];
    before.iter().rev().find(|sign| !OPENERS.contains(sign)).is_none_or(|sign| BEFORE_SENTENCE.contains(sign))
}

/// Appends the words that only the copy writes in capitals.
fn emphasised(source: &[char], here: Place, copy: &[char], there: Place, found: &mut Vec<Edit>) {
    let (before, after): (Vec<Place>, Vec<Place>) = (words(source, here).collect(), words(copy, there).collect());
    if before.len() != after.len() {
        return;
    }
    for (one, other) in before.into_iter().zip(after) {
        if other.len() >= EMPHASISED_LETTERS && in_capitals(&copy[other.clone()]) && !in_capitals(&source[one.clone()])
        {
            found.push(Edit { kind: Kind::Emphasis, source: Some(one), copy: Some(other) });
        }
    }
}

fn in_capitals(word: &[char]) -> bool {
    word.iter().any(|sign| sign.is_uppercase()) && !word.iter().any(|sign| sign.is_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn chars(text: &str) -> Vec<char> {
        text.chars().collect()
    }

    #[test]
    fn sentences_end_at_stops_and_empty_lines() {
        let text = chars("It rained. “All night?” he asked\n\n1.5 m of it…  Yes! 雨。雪");
        let mut found = Vec::new();
        sentences(&text, 0..text.len(), &mut found);
        let told: Vec<String> = found.into_iter().map(|place| text[place].iter().collect()).collect();
        assert_eq!(told, ["It rained.", "All night?”", "he asked", "1.5 m of it…", "Yes!", "雨。", "雪"]);
    }

    #[test]
    fn words_keep_what_joins_their_parts() {
        let text = chars("O'Neill’s 1,500-ton _ship_: -- no.");
        let found: Vec<String> = words(&text, 0..text.len()).map(|place| text[place].iter().collect()).collect();
        assert_eq!(found, ["O'Neill’s", "1,500-ton", "ship", "no"]);
    }

    /// A passage of one run.
    fn run(words: u32, source: usize, copy: usize) -> Passage {
        let end = |start: usize| start..start + 1;
        Passage { words, runs: vec![(end(source), end(copy))] }
    }

    proptest! {
        #[test]
        fn what_stays_in_order_has_the_most_words(
            order in Just((0..7usize).collect::<Vec<_>>()).prop_shuffle(),
            words in prop::collection::vec(1u32..9, 7),
        ) {
            let passages: Vec<Passage> = (0..7).map(|at| run(words[at], 2 * at, 2 * order[at])).collect();
            let gone: u32 = moved(&passages).iter().map(|passage| passage.words).sum();
            let ascends = |kept: &u32| {
                let kept: Vec<usize> = (0..7).filter(|at| kept >> at & 1 == 1).map(|at| order[at]).collect();
                kept.is_sorted()
            };
            let best = (0..1u32 << 7).filter(ascends);
            let most = best.map(|kept| (0..7).filter(|at| kept >> at & 1 == 1).map(|at| words[at]).sum::<u32>()).max();
            prop_assert_eq!(words.iter().sum::<u32>() - gone, most.unwrap());
        }

        #[test]
        fn places_lie_in_their_texts_and_hold_words(text in "[aB1 .,!?\n”。]{0,60}", cut in 0usize..60) {
            let text = chars(&text);
            let cut = cut.min(text.len());
            let mut found = Vec::new();
            sentences(&text, cut..text.len(), &mut found);
            let mut last = cut;
            for place in found {
                prop_assert!(last <= place.start && place.end <= text.len());
                prop_assert!(text[place.start].is_alphanumeric());
                last = place.end;
            }
            let inside = |found: &[Place]| found.iter().map(|place| place.len()).sum::<usize>();
            let letters = text[cut..].iter().filter(|sign| sign.is_alphanumeric()).count();
            let mut all = Vec::new();
            sentences(&text, cut..text.len(), &mut all);
            prop_assert!(inside(&all) >= letters);
        }
    }
}
