"""Scheme v1 once more, slowly and from other sources, for the tests to compare the core with.

The recipe is that of the Rust documentation (`table.rs`, `words.rs`, `shingles.rs`, `minhash.rs`). Here general
categories and decompositions come from `unicodedata2`, scripts and ignorables from `regex`, case folding from Python,
hashes from `xxhash` and signatures from `datasketch`. Nothing is imported from dedup.

Run it to print the known answers: `python tests/oracle.py > tests/golden/scheme_v1.json`, once for each new scheme.
"""

import json
import sys
import unicodedata
from functools import cache

import numpy as np
import regex
import unicodedata2
import xxhash
from datasketch import MinHash

UNICODE = unicodedata2.unidata_version

APOSTROPHES = "'\u2018\u2019\u201b\u02bc\u02bb\uff07\u055a\u05f3"
TATWEEL = "\u0640"
IGNORABLE = regex.compile(r"\p{Default_Ignorable_Code_Point}")
UNSPACED = regex.compile(
    "|".join(rf"[\p{{sc={s}}}\p{{scx={s}}}]" for s in ("Han", "Hira", "Kana", "Thai", "Lao", "Khmr", "Mymr"))
)
UNMARKED = regex.compile("|".join(rf"\p{{scx={s}}}" for s in ("Latn", "Grek", "Cyrl", "Arab", "Hebr")))
DEVANAGARI = regex.compile(r"\p{scx=Deva}")
NO_SCRIPT = regex.compile(r"\p{scx=Zinh}|\p{scx=Zyyy}")

# One letter for each code point's class: Letter, Base, Mark, Ignorable, Apostrophe, Separator.
WORD = regex.compile("B[MI]*|[LM](?:[LMI]|AI*(?=[LM]))*")

K = 0x9E3779B185EBCA87
FINAL = 0x165667919E3779F9
U64 = 2**64 - 1


def properties(character: str) -> str:
    """Return the class of a code point by its properties alone, as one letter of those in WORD or S."""
    category = unicodedata2.category(character)
    if character in APOSTROPHES:
        return "A"
    if character == TATWEEL or IGNORABLE.match(character):
        return "I"
    if category.startswith("M"):
        dropped = NO_SCRIPT.match(character) or (UNMARKED.match(character) and not DEVANAGARI.match(character))
        return "I" if dropped else "M"
    if category.startswith("L") or category == "Nd":
        return "B" if UNSPACED.match(character) else "L"
    return "S"


def fold_case(character: str) -> str:
    """Return the full case folding, also of letters that are younger than the interpreter's Unicode."""
    if unicodedata.category(character) == "Cn":
        # The one place where a Python package exposes case folding of a newer Unicode; it has no public name.
        return regex._regex.fold_case(int(regex.IGNORECASE | regex.FULLCASE | regex.UNICODE), character)
    return character.casefold()


@cache
def fold(character: str) -> str:
    """Return what one code point folds to; empty if it is no Letter, Base or Mark."""
    if properties(character) not in "LBM":
        return ""
    before, after = None, character
    while before != after:
        before = after
        kept = "".join(c for c in unicodedata2.normalize("NFKD", before) if properties(c) in "LBM")
        after = "".join(map(fold_case, kept))
    return after


@cache
def classify(character: str) -> str:
    """Return the class of a code point, its fold considered."""
    letter = properties(character)
    if letter not in "LBM":
        return letter
    if not fold(character):
        return "I"
    return "M" if all(properties(c) == "M" for c in fold(character)) else letter


def words(text: str) -> list[tuple[str, int, int]]:
    """Return the words of a text in order, folded, each with its span."""
    classes = "".join(map(classify, text))
    spans = (match.span() for match in WORD.finditer(classes))
    return [("".join(map(fold, text[start:end])), start, end) for start, end in spans]


def word_hash(folded: str) -> int:
    """Return the 64-bit hash of a folded word."""
    return xxhash.xxh3_64_intdigest(folded.encode())


def mix(word_hashes: list[int]) -> int:
    """Return the shingle of these word hashes."""
    width = len(word_hashes)
    value = sum(h * K ** (width - 1 - i) for i, h in enumerate(word_hashes)) & U64
    value ^= value >> 37
    value = value * FINAL & U64
    return value ^ value >> 32


def shingles(text: str, width: int = 5) -> list[tuple[int, int, int]]:
    """Return the shingles of a text in order, each with its span: from its first word to its last."""
    found = words(text)
    width = min(width, len(found))
    if not width:
        return []
    windows = (found[i : i + width] for i in range(len(found) - width + 1))
    return [(mix([word_hash(word) for word, _, _ in w]), w[0][1], w[-1][2]) for w in windows]


def empty_sketch() -> MinHash:
    """Return the datasketch object that scheme v1 is: fresh, with its permutations."""
    return MinHash(num_perm=128, seed=1, scheme="affine32", hashfunc=lambda value: value)


def signature(shingle_hashes: list[int]) -> np.ndarray:
    """Return the 128 minima of a set of shingles as uint32."""
    sketch = empty_sketch()
    if shingle_hashes:
        sketch.update_batch([h & 0xFFFFFFFF for h in shingle_hashes])
    return sketch.hashvalues


def shared_runs(a: list[str], b: list[str], least: int) -> list[tuple[int, int, int]]:
    """Return each run of at least `least` words that stands in both texts and cannot grow: where in each, how long."""
    runs = []
    for i in range(len(a)):
        for j in range(len(b)):
            if a[i] != b[j] or (i and j and a[i - 1] == b[j - 1]):
                continue
            length = 1
            while i + length < len(a) and j + length < len(b) and a[i + length] == b[j + length]:
                length += 1
            if length >= least:
                runs.append((i, j, length))
    return runs


def jaccard(a: set[int], b: set[int]) -> float:
    """Return the resemblance of two sets of shingles; that of two empty sets is 0."""
    return len(a & b) / len(a | b) if a | b else 0.0


def containment(a: set[int], b: set[int]) -> float:
    """Return the share of a that is in b; that of an empty set is 0."""
    return len(a & b) / len(a) if a else 0.0


KNOWN = [
    "",
    " -- …!? ",
    "One",
    "Three small words",
    "The ferry to Lindholm was cancelled on Tuesday because of high winds.",
    "“Don’t wait,” said the mayor's office; 'rock 'n' roll' isn\u02bct dead.",
    "So\u00adft hyp\u00adhens, zero\u200bwidth spaces and a\ufeff mark vanish from the text.",
    "Cafe\u0301 and Café, Zoe\u0308 and Zoë, naïve and nai\u0308ve are the same words.",
    "Straße und STRASSE heißen gleich, Grüße aus Köln im Jahr 2024.",
    "İstanbul'da Erdoğan'ın konuşması Diyarbakır'da da dinlendi, ışık söndü.",
    "Ｆｕｌｌ ｗｉｄｔｈ ﬁnal oﬃce Ⅷ ① ² 𝐁𝐨𝐥𝐝 letters and 1234 digits.",
    "Ὁ πρωθυπουργὸς μίλησε στοὺς δημοσιογράφους τῇ Δευτέρᾳ ΤΟΥΣ ΕΙΠΕ.",
    "Ёлки стояли у реки, ещё не замёрзшей; мэр подъехал к мосту в 10:30.",
    "قَالَ الوزيرُ إنّ الجســـر سيُفتح غدًا أمام المارّة ﻻ السيارات.",
    "شָלוֹם לכולם: צה״ל וחז׳ל נפגשו ב־12 במאי בתל אביב.",
    "नदी के किनारे की सड़क सोमवार को फिर खुल गई, मंत्री ने कहा।",
    "সেতুটি সোমবার আবার খুলে দেওয়া হয়েছে, মেয়র বলেন।",
    "ஆற்றுப் பாலம் திங்கட்கிழமை மீண்டும் திறக்கப்பட்டது.",
    "เรือข้ามฟากหยุดให้บริการเพราะลมแรงในวันอังคาร",
    "ເຮືອຂ້າມຟາກຢຸດໃຫ້ບໍລິການ ແລະ ສາລາສາ ໝູ່ບ້ານ",
    "សាឡាងឈប់ដំណើរការដោយសារខ្យល់ខ្លាំង។",
    "ကူးတို့သင်္ဘောသည် လေပြင်းကြောင့် ၁၂ ရက် ရပ်နားသည်။",
    "渡轮因大风于星期二停航，市长说第3座桥2024年开放。人々",
    "フェリーは強風のため火曜日に欠航しました。ｶﾞｿﾘﾝとか\u3099すの値段。",
    "연락선은 강풍 때문에 화요일에 운항을 멈췄다. 한글과 \u1112\u1161\u11ab글.",
    "Նավը կանգ առավ ուժեղ քամու պատճառով՝ երեքշաբթի օրը։",
    "ბორანი სამშაბათს ქარის გამო გაჩერდა. ᲑᲝᲠᲐᲜᲘ",
    "ጀልባው በኃይለኛ ንፋስ ምክንያት ማክሰኞ ቆመ።",
    "Emoji 👩‍👩‍👧 keep 3️⃣ words apart 🇺🇦 or not; a\u0300\u0327b x^2 e-mail snake_case 3.14",
]


def answer(text: str) -> dict:
    """Return what is known of one text, hashes in hexadecimal."""
    found = shingles(text)
    return {
        "text": text,
        "words": words(text),
        "word_hashes": [f"{word_hash(word):016x}" for word, _, _ in words(text)],
        "shingles": [(f"{h:016x}", start, end) for h, start, end in found],
        "signature": "".join(f"{value:08x}" for value in signature([h for h, _, _ in found])),
    }


def known_answers() -> str:
    """Return the known answers as JSON, one text a line."""
    lines = (json.dumps(answer(text), ensure_ascii=False) for text in KNOWN)
    head = json.dumps({"scheme": "v1", "unicode": UNICODE, "width": 5, "permutations": 128, "seed": 1})
    return head[:-1] + ', "answers": [\n' + ",\n".join(lines) + "\n]}\n"


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")
    sys.stdout.write(known_answers())
