//! One pattern as the engines that try it on a block.

use std::sync::{Mutex, OnceLock, PoisonError};

use regex_automata::hybrid::dfa;
use regex_automata::meta;
use regex_automata::nfa::thompson::{self, WhichCaptures};
use regex_automata::{Anchored, Input};
use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Hir, HirKind, Look};

/// What the automaton of one pattern may remember, in bytes. It takes what it needs; with less than this,
/// patterns of nested choices forget and rebuild their states all the time and run a hundred times slower.
const MOST_MEMORY: usize = 16 << 20;

/// A pattern whose engines are built when they are first needed, since most never are. Until then it is kept as it was
/// written, which takes the least memory.
pub struct Rule {
    pattern: String,
    anchored: Anchored,
    bounded: bool,
    loose: OnceLock<dfa::DFA>,
    /// What the automaton remembers, while no thread uses it. Threads that try a rule at the same time are few, so there
    /// are fewer of these than one for each thread.
    memories: Mutex<Vec<dfa::Cache>>,
    exact: OnceLock<meta::Regex>,
}

impl Rule {
    pub fn new(pattern: &str, parsed: &Hir) -> Self {
        let at_start = parsed.properties().look_set_prefix().contains(Look::Start);
        Rule {
            pattern: pattern.to_owned(),
            anchored: if at_start { Anchored::Yes } else { Anchored::No },
            bounded: parsed.properties().look_set().contains_word(),
            loose: OnceLock::new(),
            memories: Mutex::default(),
            exact: OnceLock::new(),
        }
    }

    /// Tells whether the pattern matches somewhere in the text.
    ///
    /// An automaton says so, for the pattern without its word boundaries: with them it couldn't read text that isn't ASCII.
    /// The few texts it lets pass are looked at again.
    pub fn matches(&self, text: &str) -> bool {
        let loose = self.loose.get_or_init(|| automaton(&self.parsed()));
        let memories = || self.memories.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = memories().pop();
        let mut memory = kept.unwrap_or_else(|| loose.create_cache());
        let input = Input::new(text).anchored(self.anchored).earliest(true);
        let found = loose.try_search_fwd(&mut memory, &input);
        memories().push(memory);
        match found {
            Ok(None) => false,
            Ok(Some(_)) if !self.bounded => true,
            _ => self.exact().is_match(text),
        }
    }

    /// The pattern as it is, to say where it matches.
    pub fn exact(&self) -> &meta::Regex {
        self.exact.get_or_init(|| {
            let config = meta::Config::new().nfa_size_limit(None).hybrid_cache_capacity(MOST_MEMORY);
            let built = meta::Regex::builder().configure(config).build_from_hir(&self.parsed());
            built.expect("syntax and size were checked")
        })
    }

    fn parsed(&self) -> Hir {
        parse(&self.pattern).expect("syntax was checked")
    }
}

/// A pattern as the engines take it. They never get it printed again: the optional repetition `(?:x{1,6})?` would come out as
/// the lazy one `x{1,6}?`.
pub fn parse(pattern: &str) -> Result<Hir, String> {
    ParserBuilder::new().case_insensitive(true).build().parse(pattern).map_err(|error| error.to_string())
}

fn automaton(pattern: &Hir) -> dfa::DFA {
    let config = thompson::Config::new().which_captures(WhichCaptures::None);
    let states = thompson::Compiler::new().configure(config).build_from_hir(&without_word_bounds(pattern));
    let config = dfa::Config::new().cache_capacity(MOST_MEMORY).skip_cache_capacity_check(true);
    let states = states.expect("syntax and size were checked");
    dfa::Builder::new().configure(config).build_from_nfa(states).expect("there is nothing it can't read")
}

/// The pattern that asks for no word boundary and is the same otherwise; it matches wherever the pattern does.
fn without_word_bounds(pattern: &Hir) -> Hir {
    let all = |parts: &[Hir]| parts.iter().map(without_word_bounds).collect();
    match pattern.kind() {
        HirKind::Look(Look::Start | Look::End | Look::StartLF | Look::EndLF | Look::StartCRLF | Look::EndCRLF) => {
            pattern.clone()
        }
        HirKind::Look(_) => Hir::empty(),
        HirKind::Repetition(repetition) => Hir::repetition(repetition.with(without_word_bounds(&repetition.sub))),
        HirKind::Capture(capture) => without_word_bounds(&capture.sub),
        HirKind::Concat(parts) => Hir::concat(all(parts)),
        HirKind::Alternation(parts) => Hir::alternation(all(parts)),
        HirKind::Empty | HirKind::Literal(_) | HirKind::Class(_) => pattern.clone(),
    }
}
