//! One pattern as the engines that try it on a block.

use std::sync::{Mutex, OnceLock, PoisonError};

use regex_automata::hybrid::dfa;
use regex_automata::meta;
use regex_automata::nfa::thompson::{self, WhichCaptures};
use regex_automata::{Anchored, Input};
use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Capture, Class, ClassUnicode, ClassUnicodeRange, Hir, HirKind, Look};

/// What the automaton of one pattern may remember, in bytes. It takes what it needs; with less than this,
/// patterns of nested choices forget and rebuild their states all the time and run a hundred times slower.
const MOST_MEMORY: usize = 16 << 20;

/// Signs of the scripts of Europe, and of punctuation: most texts are written in these alone, and they are a tenth of
/// what large classes hold.
const USUAL: [(char, char); 2] = [('\0', '\u{52f}'), ('\u{2000}', '\u{20cf}')];
/// A class of more ranges is taken for all that is not ASCII, too, until a text is looked at again: what words are made of
/// in all scripts takes an automaton hundreds of states to spell.
const MOST_RANGES: usize = 12;

/// An automaton has states for each time something may be repeated, and for all that they may be together with. What may
/// be repeated more often than this may be so any number of times, until a text is looked at again.
const MOST_COUNTED: u32 = 6;

/// A pattern whose engines are built when they are first needed, since most never are. Until then it is kept as it was
/// written, which takes the least memory.
pub struct Rule {
    pattern: String,
    anchored: Anchored,
    loose: OnceLock<Loose>,
    /// What the automaton remembers, while no thread uses it. Threads that try a rule at the same time are few, so there
    /// are fewer of these than one for each thread.
    memories: Mutex<Vec<dfa::Cache>>,
    /// For texts of usual signs only, and for all.
    exact: [OnceLock<meta::Regex>; 2],
}

impl Rule {
    pub fn new(pattern: &str, parsed: &Hir) -> Self {
        let at_start = parsed.properties().look_set_prefix().contains(Look::Start);
        Rule {
            pattern: pattern.to_owned(),
            anchored: if at_start { Anchored::Yes } else { Anchored::No },
            loose: OnceLock::new(),
            memories: Mutex::default(),
            exact: Default::default(),
        }
    }

    /// Tells whether the pattern matches somewhere in the text.
    ///
    /// An automaton says so, for a looser pattern if that is less work. The few texts it lets pass are looked at again.
    pub fn matches(&self, text: &str) -> bool {
        let Loose { automaton, is_exact } = self.loose.get_or_init(|| Loose::new(&self.parsed()));
        let memories = || self.memories.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = memories().pop();
        let mut memory = kept.unwrap_or_else(|| automaton.create_cache());
        let input = Input::new(text).anchored(self.anchored).earliest(true);
        let found = automaton.try_search_fwd(&mut memory, &input);
        memories().push(memory);
        match found {
            Ok(None) => false,
            Ok(Some(_)) if *is_exact => true,
            _ => self.exact(is_usual(text)).is_match(text),
        }
    }

    /// The pattern as it is, to say where it matches: what is built for usual texts only is built much faster.
    pub fn exact(&self, for_usual: bool) -> &meta::Regex {
        self.exact[usize::from(for_usual)].get_or_init(|| {
            let parsed = self.parsed();
            let pattern = if for_usual { narrowed(&parsed) } else { parsed };
            let config = meta::Config::new().nfa_size_limit(None).hybrid_cache_capacity(MOST_MEMORY);
            let built = meta::Regex::builder().configure(config).build_from_hir(&pattern);
            built.expect("syntax and size were checked")
        })
    }

    fn parsed(&self) -> Hir {
        parse(&self.pattern).expect("syntax was checked")
    }
}

/// A pattern as the engines take it. They never get it printed again: the optional repetition `(?:x{1,6})?` would come out as
/// the lazy one `x{1,6}?`.
fn parse(pattern: &str) -> Result<Hir, String> {
    ParserBuilder::new().case_insensitive(true).build().parse(pattern).map_err(|error| error.to_string())
}

/// The pattern that minds case, of the same syntax.
pub fn parse_as_written(pattern: &str) -> Result<Hir, String> {
    ParserBuilder::new().build().parse(pattern).map_err(|error| error.to_string())
}

/// A pattern that matches wherever another one does.
struct Loose {
    automaton: dfa::DFA,
    /// And nowhere else.
    is_exact: bool,
}

impl Loose {
    fn new(pattern: &Hir) -> Self {
        let mut is_exact = true;
        let loosened = loosened(pattern, &mut is_exact);
        let config = thompson::Config::new().which_captures(WhichCaptures::None);
        let states = thompson::Compiler::new().configure(config).build_from_hir(&loosened);
        let config = dfa::Config::new().cache_capacity(MOST_MEMORY).skip_cache_capacity_check(true);
        let states = states.expect("syntax and size were checked");
        let automaton = dfa::Builder::new().configure(config).build_from_nfa(states);
        Loose { automaton: automaton.expect("there is nothing it can't read"), is_exact }
    }
}

/// The pattern with wider classes, with repetitions that aren't counted, and without word boundaries: with them an automaton
/// couldn't read text that isn't ASCII. Where that makes a difference it isn't exact any more.
fn loosened(pattern: &Hir, is_exact: &mut bool) -> Hir {
    let mut all = |parts: &[Hir]| parts.iter().map(|part| loosened(part, is_exact)).collect();
    match pattern.kind() {
        HirKind::Look(Look::Start | Look::End | Look::StartLF | Look::EndLF | Look::StartCRLF | Look::EndCRLF) => {
            pattern.clone()
        }
        HirKind::Look(_) => {
            *is_exact = false;
            Hir::empty()
        }
        HirKind::Class(Class::Unicode(class)) if class.ranges().len() > MOST_RANGES => {
            *is_exact = false;
            let mut wider = class.clone();
            wider.push(ClassUnicodeRange::new('\u{80}', char::MAX));
            Hir::class(Class::Unicode(wider))
        }
        HirKind::Repetition(repetition) => {
            let mut looser = repetition.with(loosened(&repetition.sub, is_exact));
            if repetition.max.is_some_and(|max| max > MOST_COUNTED) {
                *is_exact = false;
                (looser.min, looser.max) = (looser.min.min(1), None);
            }
            Hir::repetition(looser)
        }
        HirKind::Capture(capture) => loosened(&capture.sub, is_exact),
        HirKind::Concat(parts) => Hir::concat(all(parts)),
        HirKind::Alternation(parts) => Hir::alternation(all(parts)),
        HirKind::Empty | HirKind::Literal(_) | HirKind::Class(_) => pattern.clone(),
    }
}

/// Whether a text holds usual signs only.
pub fn is_usual(text: &str) -> bool {
    text.chars().all(|sign| USUAL.iter().any(|&(first, last)| (first..=last).contains(&sign)))
}

/// The pattern that matches the same in usual texts, and need not be able to match others.
fn narrowed(pattern: &Hir) -> Hir {
    let all = |parts: &[Hir]| parts.iter().map(narrowed).collect();
    match pattern.kind() {
        HirKind::Class(Class::Unicode(class)) => {
            let mut usual = ClassUnicode::new(USUAL.map(|(first, last)| ClassUnicodeRange::new(first, last)));
            usual.intersect(class);
            Hir::class(Class::Unicode(usual))
        }
        HirKind::Repetition(repetition) => Hir::repetition(repetition.with(narrowed(&repetition.sub))),
        HirKind::Capture(capture) => Hir::capture(Capture { sub: Box::new(narrowed(&capture.sub)), ..capture.clone() }),
        HirKind::Concat(parts) => Hir::concat(all(parts)),
        HirKind::Alternation(parts) => Hir::alternation(all(parts)),
        HirKind::Look(_) | HirKind::Empty | HirKind::Literal(_) | HirKind::Class(_) => pattern.clone(),
    }
}
