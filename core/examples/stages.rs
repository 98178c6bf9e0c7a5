//! Times each stage of a scan on one file of JSON Lines: `stages CORPUS CUES`.
//!
//! `benchmarks/speed.py` runs it, since nothing else can stop between the stages. CUES is what the Python side hands to the
//! core, as JSON: patterns, kinds, edge_only, most_words. Prints one JSON object: seconds by stage, and what was counted.

use std::collections::HashMap;
use std::fs;
use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

use dedup_core::bands::{self, Banding};
use dedup_core::corpus::{Bounds, Corpus, Limits};
use dedup_core::index::Method;
use dedup_core::jsonl::{self, Target};
use dedup_core::layout::{self, Block, Cues};
use dedup_core::patterns::{Candidates, Patterns};
use dedup_core::verdicts::Verdicts;
use dedup_core::verify::Counts;
use dedup_core::{blocks, matching, minhash, shingles, winnow, words};

const WIDTH: usize = 5;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let data = fs::read(&arguments[1]).expect("the corpus");
    let lines: Vec<&[u8]> = data.split(|&byte| byte == b'\n').filter(|line| !line.is_empty()).collect();
    let mut cues = Arc::new(cues(&arguments[2]));
    let mut clock = Clock::default();

    let mut texts = vec![String::new(); lines.len()];
    let fields = fields();
    clock.time("read", || {
        for (line, text) in lines.iter().zip(&mut texts) {
            black_box(jsonl::read_line(line, &fields, text));
        }
    });
    clock.time("blocks", || texts.iter().map(|text| blocks::split_bytes(text).len()).sum::<usize>());
    let mut hashes = Vec::new();
    let counted = clock.time("words", || {
        let one = |text: &String| {
            hashes.clear();
            words::word_hashes(text, &mut hashes);
            hashes.len()
        };
        texts.iter().map(one).sum::<usize>()
    });
    let mut pages: Vec<Vec<Block>> = vec![Vec::new(); texts.len()];
    let mut read = words::Words::default();
    clock.time("blocks, words and keys", || {
        for (text, page) in texts.iter().zip(&mut pages) {
            read.clear();
            layout::read_blocks(text, &mut read, page);
        }
    });
    let mut candidates = Candidates::default();
    clock.time("cues (first page)", || layout::read_cues(&texts[0], &mut pages[0], None, &cues, &mut candidates));
    clock.time("cues", || {
        let one = |(text, page): (&String, &mut Vec<Block>)| {
            layout::read_cues(text, page, None, &cues, &mut candidates).len()
        };
        texts.iter().zip(&mut pages).map(one).sum::<usize>()
    });
    let method = method();
    let every: Vec<Vec<u64>> = texts
        .iter()
        .map(|text| {
            let mut hashes = Vec::new();
            words::word_hashes(text, &mut hashes);
            hashes
        })
        .collect();
    let mut rolled = Vec::new();
    clock.time("shingles", || {
        for hashes in &every {
            rolled.clear();
            shingles::roll(hashes, WIDTH, &mut rolled);
            black_box(&rolled);
        }
    });
    let permutations: [Vec<u32>; 2] = [1..=128, 129..=256].map(|range| range.map(odd).collect());
    let mut signature = vec![0; 128];
    clock.time("shingles and signature", || {
        for hashes in &every {
            rolled.clear();
            shingles::roll(hashes, WIDTH, &mut rolled);
            minhash::sign(&rolled, &permutations[0], &permutations[1], &mut signature);
            black_box(bands::keys(&signature, method.banding).count());
        }
    });
    let mut kept = Vec::new();
    clock.time("shingles and winnowing", || {
        for hashes in &every {
            rolled.clear();
            kept.clear();
            shingles::roll(hashes, WIDTH, &mut rolled);
            winnow::keep(&rolled, method.window, &mut kept);
            black_box(&kept);
        }
    });
    drop(every);
    let order: Vec<u32> = (0..texts.len() as u32).collect();
    let read = |places: &[u32], visit: &mut dyn FnMut(&[u64])| {
        let mut hashes = Vec::new();
        for &place in places {
            hashes.clear();
            words::word_hashes(&texts[place as usize], &mut hashes);
            visit(&hashes);
        }
        Ok(())
    };
    let folder = std::env::temp_dir();
    let memory = matching::Memory { keys: usize::MAX, folder: &folder };
    let only_bands = Method { window: 0, ..method.clone() };
    clock.time("text to verified pairs", || {
        let is_enough = |counts: Counts| {
            let of_both = counts.left + counts.right - counts.shared;
            f64::from(counts.shared) >= 0.7 * f64::from(of_both)
        };
        let wanted = matching::Wanted { is_enough, with_itself: false };
        matching::pairs(&order, &read, &only_bands, memory, wanted).expect("in memory").pairs.len()
    });

    // The scan must judge for itself what was judged above.
    Arc::get_mut(&mut cues).expect("held nowhere else").verdicts = Verdicts::default();
    let limits = Limits { line: 64 << 20, text: 10_000_000 };
    let bounds = Bounds { texts: 1 << 30, keys: 1 << 30, folder: folder.clone() };
    let mut corpus = Corpus::new(cues, fields, limits, bounds);
    corpus.open("corpus.jsonl");
    clock.time("scan: read and lay out", || {
        for piece in data.chunks(4 << 20) {
            assert!(corpus.feed(piece).expect("in memory").is_empty(), "only plain lines are timed");
        }
        corpus.close(true).expect("in memory");
    });
    clock.time("scan: sort", || corpus.sort().expect("in memory"));
    let outlets: Vec<u32> = (0..corpus.sources().len() as u32).collect();
    clock.time("scan: learn", || corpus.learn(&outlets, 3).expect("in memory"));
    let matches = clock.time("scan: match", || corpus.matches(&method, 0.5, 25).expect("in memory"));
    clock.counted.extend([("words", counted), ("articles", corpus.len()), ("pairs", matches.pairs.len())]);
    println!("{}", clock.as_json(data.len()));
}

#[derive(Default)]
struct Clock {
    seconds: Vec<(&'static str, f64)>,
    counted: Vec<(&'static str, usize)>,
}

impl Clock {
    fn time<T>(&mut self, stage: &'static str, work: impl FnOnce() -> T) -> T {
        let started = Instant::now();
        let result = black_box(work());
        self.seconds.push((stage, started.elapsed().as_secs_f64()));
        result
    }

    fn as_json(&self, bytes: usize) -> String {
        let seconds: HashMap<_, _> = self.seconds.iter().copied().collect();
        let counted: HashMap<_, _> = self.counted.iter().copied().collect();
        serde_json::json!({"bytes": bytes, "seconds": seconds, "counted": counted}).to_string()
    }
}

fn fields() -> jsonl::Fields {
    let names = [("id", Target::Id), ("text", Target::Text), ("url", Target::Url), ("outlet", Target::Outlet)];
    let names = names.into_iter().chain([("title", Target::Title)]);
    names.map(|(name, target)| (name.to_owned(), vec![(target, 0)])).collect()
}

fn odd(at: u32) -> u32 {
    at.wrapping_mul(0x9E37_79B1) | 1
}

fn method() -> Method {
    Method {
        width: WIDTH,
        banding: Banding { bands: 25, rows: 5 },
        short_banding: Banding { bands: 42, rows: 3 },
        short_words: 120,
        fan_out: 64,
        passage_width: 9,
        window: 17,
        most_bodies: 64,
        most_partners: 64,
    }
}

fn cues(path: &str) -> Cues {
    let json: serde_json::Value = serde_json::from_slice(&fs::read(path).expect("the cues")).expect("JSON");
    let numbers = |name: &str| -> Vec<u64> {
        json[name].as_array().expect(name).iter().map(|value| value.as_u64().expect(name)).collect()
    };
    let patterns = json["patterns"].as_array().expect("patterns").iter();
    let patterns: Vec<String> = patterns.map(|pattern| pattern.as_str().expect("a pattern").to_owned()).collect();
    let under = numbers("under_headline");
    let most_words = numbers("most_words").into_iter().map(|words| words as u32).collect();
    Cues {
        patterns: Patterns::bounded(&patterns, most_words).unwrap_or_else(|(at, why)| panic!("pattern {at}: {why}")),
        kinds: numbers("kinds").into_iter().map(|kind| kind as u8).collect(),
        edge_only: numbers("edge_only").into_iter().map(|edge| edge == 1).collect(),
        under_headline: [under[0] as u8, under[1] as u8],
        other: json["other"].as_u64().expect("other") as u8,
        verdicts: Verdicts::default(),
    }
}
