//! Every way to read a text finds the words that `for_each_word` finds.

use proptest::prelude::*;

use super::*;
use crate::words::{CodePoint, Latin1, Words, for_each_word, word_hashes_of};

/// Hashes, masked hashes, and whether they could be read.
type Answer = (Vec<u64>, Vec<(u32, u64)>, bool);

fn answer(read: impl Fn(&str, &mut Vec<u64>, &mut Vec<(u32, u64)>) -> bool, text: &str) -> Answer {
    let (mut hashes, mut masked) = (Vec::new(), Vec::new());
    let done = read(text, &mut hashes, &mut masked);
    (hashes, masked, done)
}

/// What every way to read it has of a text, with numbers and without.
fn answers(text: &str) -> Vec<[Answer; 2]> {
    // SAFETY: any processor will do.
    let anywhere = |text: &str, hashes: &mut _, masked: &mut _| unsafe {
        read_as::<Anywhere, _, true>(text.as_bytes(), hashes, masked)
    };
    // SAFETY: any processor will do.
    let plain = |text: &str, hashes: &mut _, masked: &mut _| unsafe {
        read_as::<Anywhere, _, false>(text.as_bytes(), hashes, masked)
    };
    let mut all = vec![[answer(anywhere, text), answer(plain, text)]];
    #[cfg(target_arch = "x86_64")]
    {
        // SAFETY: this processor has AVX2.
        if crate::words::has_avx2() {
            let numbers = |text: &str, hashes: &mut _, masked: &mut _| unsafe {
                read_avx2::<_, true>(text.as_bytes(), hashes, masked)
            };
            let plain = |text: &str, hashes: &mut _, masked: &mut _| unsafe {
                read_avx2::<_, false>(text.as_bytes(), hashes, masked)
            };
            all.push([answer(numbers, text), answer(plain, text)]);
        }
        // SAFETY: this processor has AVX-512.
        if crate::words::has_avx512() {
            let numbers = |text: &str, hashes: &mut _, masked: &mut _| unsafe {
                read_avx512::<_, true>(text.as_bytes(), hashes, masked)
            };
            let plain = |text: &str, hashes: &mut _, masked: &mut _| unsafe {
                read_avx512::<_, false>(text.as_bytes(), hashes, masked)
            };
            all.push([answer(numbers, text), answer(plain, text)]);
        }
    }
    all
}

/// What every way to read it has of a text as code points.
fn answers_of<C: CodePoint>(code_points: &[C]) -> Vec<(Vec<u64>, bool)> {
    type Way<C> = unsafe fn(&[C], &mut Vec<u64>, &mut Vec<(u32, u64)>) -> bool;
    #[allow(unused_mut)]
    let mut ways: Vec<Way<C>> = vec![read_as::<Anywhere, _, false>];
    #[cfg(target_arch = "x86_64")]
    {
        if crate::words::has_avx2() {
            ways.push(read_avx2::<_, false>);
        }
        if crate::words::has_avx512() {
            ways.push(read_avx512::<_, false>);
        }
    }
    let answer = |way: Way<C>| {
        let mut hashes = Vec::new();
        // SAFETY: the processor is of this kind, as was asked above.
        let done = unsafe { way(code_points, &mut hashes, &mut Vec::new()) };
        (hashes, done)
    };
    ways.into_iter().map(answer).collect()
}

fn slowly(text: &str) -> Words {
    let mut words = Words::default();
    for_each_word(text, |word| {
        let masked = numbers::masked_hash(word.folded);
        words.numbers.extend(masked.map(|masked| (words.hashes.len() as u32, masked)));
        words.hashes.push(word.hash);
    });
    words
}

fn check_code_points<C: CodePoint>(text: &str, code_points: &[C], expected: &[u64]) {
    for (hashes, done) in answers_of(code_points) {
        assert!(!done || hashes == expected, "{text:?}");
        assert!(done || text.len() >= FULL / 40);
    }
    let mut hashes = vec![7];
    assert!(word_hashes_of(code_points, &mut hashes));
    assert_eq!((hashes[0], &hashes[1..]), (7, expected));
}

fn check(text: &str) {
    let slow = slowly(text);
    for [(hashes, masked, done), (plain, none, plainly_done)] in answers(text) {
        if done {
            assert_eq!((&hashes, &masked), (&slow.hashes, &slow.numbers), "{text:?}");
            assert_eq!((&plain, &none[..]), (&slow.hashes, &[][..]), "{text:?}");
        }
        assert_eq!(done, plainly_done);
        assert!(done || text.len() >= FULL / 40);
    }
    let code_points: Vec<u32> = text.chars().map(u32::from).collect();
    check_code_points(text, &code_points, &slow.hashes);
    // In fewer bytes, as far as they go into them.
    let narrower: Result<Vec<u16>, _> = code_points.iter().map(|&code_point| code_point.try_into()).collect();
    let narrowest: Result<Vec<u8>, _> = code_points.iter().map(|&code_point| code_point.try_into()).collect();
    narrower.iter().for_each(|code_points| check_code_points(text, code_points, &slow.hashes));
    for code_points in narrowest.iter().map(|bytes| bytes.iter().map(|&byte| Latin1(byte)).collect::<Vec<_>>()) {
        check_code_points(text, &code_points, &slow.hashes);
    }
    let mut words = Words { hashes: vec![7], numbers: vec![(0, 7)] };
    words.read(text);
    assert_eq!((words.hashes[0], &words.hashes[1..]), (7, &slow.hashes[..]));
    let moved: Vec<_> = slow.numbers.iter().map(|&(index, hash)| (index + 1, hash)).collect();
    assert_eq!((words.numbers[0], &words.numbers[1..]), ((0, 7), &moved[..]));
}

/// Pieces that are hard beside each other.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[a-zA-Z0-9]{1,18}",
        4 => "[ .,\n]{1,3}",
        2 => "['’‘‛ʼ＇]{1,2}",
        2 => "[“”–—…‐ ]{1,2}",
        2 => "[\u{AD}\u{301}\u{200B}\u{FEFF}\u{640}\u{FE0F}]{1,3}",
        2 => "[а-яА-ЯёЁйЙ]{1,12}",
        1 => "[\u{620}-\u{64F}٠-٩۰-۹]{1,12}",
        1 => "[ά-ώΆ-ΏѐЀґא-תְ-ִա-ֆ]{1,12}",
        1 => "[а-яА-Я «»—.,]{40,200}",
        2 => "[中文字人们。，、]{1,9}",
        1 => "[中文字人们一鿿㐀䷿ꀀ。，、“”]{20,70}",
        1 => "[かがカガｶﾞﾟー\u{3099}]{1,6}",
        1 => "[한글가각힣\u{1112}\u{1161}]{1,5}",
        1 => "[कखिी्१२०\u{951}]{1,6}",
        1 => "[กำลัง\u{E31}]{1,6}",
        1 => "[éÉßÀñŉΐǆſ½２３ﷺﬃ𝐁𝟗😀Ａ]{1,5}",
        1 => any::<char>().prop_map(String::from),
        1 => "[a-z]{60,70}",
        1 => "[a-zé]{200,300}",
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

#[test]
fn every_character_among_others() {
    for character in '\0'..=char::MAX {
        let text = format!("a{character}b {character} '{character}9 中{character}'{character}д");
        let slow = slowly(&text);
        for [(hashes, masked, done), _] in answers(&text) {
            assert!(done && (&hashes, &masked) == (&slow.hashes, &slow.numbers), "{character:?}");
        }
    }
}

#[test]
fn everything_in_every_place_of_a_block() {
    for middle in
        ["don't", "don’t", "’a", "a’", "a’ ", "a–b", "“a”", "a'\u{AD}b", "é", "中", "1x2", "٣", "٣٤x", "", "'"]
    {
        for before in 0..140 {
            for after in [0, 1, 2, 3, 60, 61, 62, 63, 64, 65] {
                check(&("x".repeat(before) + middle + &"Y".repeat(after)));
                check(&(" ".repeat(before) + middle + &" ".repeat(after)));
                check(&("ж".repeat(before / 2) + middle + &"Й".repeat(after)));
                check(&("中".repeat(before / 3) + middle + &"文".repeat(after)));
            }
        }
    }
}

#[test]
fn words_of_any_length() {
    for length in (0..300).chain([FULL / 2 - 1, FULL / 2, FULL - 1, FULL, 3 * FULL, 10 * FULL]) {
        for letter in ["a", "Ж", "7", "한", "a'", "ﷺ", "中", "a "] {
            check(&letter.repeat(length));
            check(&format!("many words {} and 12 more", letter.repeat(length)));
        }
    }
}

#[test]
fn long_texts_fill_many_pages() {
    let sentence = "“It’s 24 km–or 15 miles,” said Zoë’s 3rd дядя Ваня; 中文字 don't, ";
    check(&sentence.repeat(500));
    for sentence in [
        "Ещё «вчера» дядя Ваня купил 3 ёлки — и т. д. ",
        "قال الوزير، أمس: «لن نعود» في ٣ مايو. ",
        "中文字，人们说：“不去。”3月",
    ] {
        check(&sentence.repeat(700));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]
    #[test]
    fn what_is_no_character_is_refused(
        text in hostile(), at in 0usize..200, wrong in prop_oneof![0xD800u32..0xE000, 0x11_0000..=u32::MAX],
    ) {
        let mut code_points: Vec<u32> = text.chars().map(u32::from).collect();
        code_points.insert(at.min(code_points.len()), wrong);
        prop_assert!(answers_of(&code_points).into_iter().all(|(_, done)| !done));
        prop_assert!(!word_hashes_of(&code_points, &mut Vec::new()));
    }

    #[test]
    fn a_lone_surrogate_is_no_character(text in hostile(), at in 0usize..200, wrong in 0xD800u16..0xE000) {
        let mut code_points: Vec<u16> = text.chars().filter_map(|character| u32::from(character).try_into().ok()).collect();
        code_points.insert(at.min(code_points.len()), wrong);
        prop_assert!(answers_of(&code_points).into_iter().all(|(_, done)| !done));
        prop_assert!(!word_hashes_of(&code_points, &mut Vec::new()));
    }

    #[test]
    fn of_latin_letters(text in "[a-z \u{80}-\u{FF}'.0-9-]{0,300}") {
        check(&text);
    }

    #[test]
    fn every_way_reads_the_same_words(text in hostile()) {
        check(&text);
    }

    #[test]
    fn of_any_text(text in any::<String>()) {
        check(&text);
    }
}
