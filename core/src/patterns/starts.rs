//! With which strings can a text begin that a pattern matches?
//!
//! Most rules are held to the beginning of a block. For those it is enough to look there: at what stands behind the
//! white space, bullets, brackets, digits and other signs in front of the first letter.

use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, Hir, HirKind, Look, Repetition};

use super::fold::{self, Fold};

/// Letters after which a beginning is told well enough from others.
const LONGEST: usize = 8;
/// Beginnings that a pattern may be spelt out into; beyond that they are cut.
const MOST_STARTS: usize = 400;
/// Members of a class that are looked at; there are some 700 digits.
const MOST_MEMBERS: usize = 1000;

/// Which folded signs may stand in front of the first letter: all that are none.
pub struct Leading {
    class: ClassUnicode,
}

impl Leading {
    pub fn new() -> Self {
        let mut class = fold::engine_class(r"\P{L}");
        // A modifier letter that folds to the apostrophe.
        class.push(ClassUnicodeRange::new('ʼ', 'ʼ'));
        Leading { class }
    }

    /// Tells whether a folded sign is one.
    pub fn holds(&self, sign: char) -> bool {
        if sign.is_ascii() {
            return !sign.is_ascii_alphabetic();
        }
        let ranges = self.class.ranges();
        let at = ranges.partition_point(|range| range.end() < sign);
        ranges.get(at).is_some_and(|range| range.start() <= sign)
    }

    fn holds_all(&self, class: &ClassUnicode) -> bool {
        let known = self.class.ranges();
        class.ranges().iter().all(|range| {
            let at = known.partition_point(|known| known.end() < range.end());
            known.get(at).is_some_and(|known| known.start() <= range.start())
        })
    }

    /// The folded text without the signs in front of its first letter.
    fn strip<'a>(&self, folded: &'a str) -> &'a str {
        folded.trim_start_matches(|sign| self.holds(sign))
    }
}

/// Returns folded strings of which one begins every text that `pattern` matches, signs in front aside. Nothing comes back
/// if the pattern may match elsewhere than at the beginning, or begin with anything.
pub fn starts(pattern: &Hir, fold: &Fold, leading: &Leading) -> Option<Vec<String>> {
    if !pattern.properties().look_set_prefix().contains(Look::Start) {
        return None;
    }
    let read = Reader { fold, leading };
    let mut found: Vec<String> =
        read.extend(vec![Start::default()], pattern).iter().map(|start| start.text().iter().collect()).collect();
    found.sort_unstable();
    // Who asks for "SHARE" needn't ask for "SHARE THIS".
    found.dedup_by(|longer, shorter| longer.starts_with(shorter.as_str()));
    found.iter().all(|text| !text.is_empty()).then_some(found)
}

/// One way in which a text may begin.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Start {
    letters: [char; LONGEST],
    length: u8,
    /// Anything may follow; otherwise what follows in the pattern does.
    open: bool,
}

impl Start {
    fn text(&self) -> &[char] {
        &self.letters[..usize::from(self.length)]
    }

    fn with(mut self, more: &str) -> Start {
        let is_spaced = self.text().ends_with(&[' ']);
        for letter in if is_spaced { more.trim_start_matches(' ') } else { more }.chars() {
            if usize::from(self.length) == LONGEST {
                return Start { open: true, ..self };
            }
            self.letters[usize::from(self.length)] = letter;
            self.length += 1;
        }
        self
    }
}

struct Reader<'a> {
    fold: &'a Fold,
    leading: &'a Leading,
}

impl Reader<'_> {
    /// The beginnings that come about where the pattern goes on with `part`.
    fn extend(&self, starts: Vec<Start>, part: &Hir) -> Vec<Start> {
        if starts.iter().all(|start| start.open) {
            return starts;
        }
        let before = starts.len();
        let (mut done, going): (Vec<_>, Vec<_>) = starts.into_iter().partition(|start| start.open);
        match part.kind() {
            HirKind::Empty | HirKind::Look(_) => done.extend(going),
            HirKind::Literal(literal) => {
                let text = std::str::from_utf8(&literal.0).ok().map(|text| self.fold.text(text));
                done.extend(going.into_iter().map(|start| match &text {
                    Some(text) => self.followed(start, text),
                    None => Start { open: true, ..start },
                }));
            }
            HirKind::Class(Class::Unicode(class)) => {
                let in_front = going.iter().any(|start| start.length == 0) && self.leading.holds_all(class);
                let is_read = going.iter().any(|start| start.length > 0) || !in_front;
                let members = if is_read { fold::members(class, MOST_MEMBERS) } else { None };
                let members = members.map(|members| self.folded(&members));
                for start in going {
                    if start.length == 0 && in_front {
                        done.push(start);
                    } else if let Some(members) = &members {
                        done.extend(members.iter().map(|member| self.followed(start, member.encode_utf8(&mut [0; 4]))));
                    } else {
                        done.push(Start { open: true, ..start });
                    }
                }
            }
            HirKind::Class(Class::Bytes(_)) => {
                done.extend(going.into_iter().map(|start| Start { open: true, ..start }))
            }
            HirKind::Repetition(repetition) => done.extend(self.repeated(going, repetition)),
            HirKind::Capture(capture) => done.extend(self.extend(going, &capture.sub)),
            HirKind::Concat(parts) => done.extend(parts.iter().fold(going, |starts, part| self.extend(starts, part))),
            HirKind::Alternation(parts) => {
                done.extend(parts.iter().flat_map(|part| self.extend(going.clone(), part)));
            }
        }
        if done.len() > before {
            done.sort_unstable();
            done.dedup();
        }
        if done.len() > MOST_STARTS {
            done.iter_mut().for_each(|start| start.open = true);
        }
        done
    }

    fn repeated(&self, starts: Vec<Start>, repetition: &Repetition) -> Vec<Start> {
        let once = self.extend(starts.clone(), &repetition.sub);
        let more = repetition.max.is_none_or(|max| max > 1);
        let is_space = more && self.is_space(&repetition.sub);
        // The second time adds nothing to signs in front, and nothing to a space.
        let adds = |text: &[char]| more && !text.is_empty() && !(is_space && text.ends_with(&[' ']));
        let again = |start: Start| Start { open: start.open || adds(start.text()), ..start };
        let mut all: Vec<Start> = once.into_iter().map(again).collect();
        if repetition.min == 0 {
            all.extend(starts);
        }
        all
    }

    fn is_space(&self, part: &Hir) -> bool {
        match part.kind() {
            HirKind::Class(Class::Unicode(class)) => {
                fold::members(class, MOST_MEMBERS).is_some_and(|members| self.folded(&members) == [' '])
            }
            HirKind::Literal(literal) => literal.0.as_ref() == b" ",
            _ => false,
        }
    }

    fn followed(&self, start: Start, text: &str) -> Start {
        start.with(if start.length == 0 { self.leading.strip(text) } else { text })
    }

    fn folded(&self, members: &[char]) -> Vec<char> {
        let mut folded: Vec<char> = members.iter().map(|&member| self.fold.letter(member)).collect();
        folded.sort_unstable();
        folded.dedup();
        folded
    }
}
