use proptest::prelude::*;

use super::*;
use crate::blocks;

fn read(html: &str) -> Page {
    super::read(html, Extractor::Trafilatura)
}

fn texts(html: &str) -> Vec<String> {
    let page = read(html);
    page.blocks.iter().map(|block| page.text[block.bytes.0 as usize..block.bytes.1 as usize].to_owned()).collect()
}

#[test]
fn blocks_end_where_browsers_begin_a_line() {
    let cases: &[(&str, &[&str])] = &[
        ("<p>a <b>b</b>\n c<p>d<div>e</div>f", &["a b c", "d", "e", "f"]),
        ("a<br>b<br/>c</br>d", &["a", "b", "c", "d"]),
        ("<ul><li>a<li>b<ul><li>c</ul>d</ul>", &["a", "b", "c", "d"]),
        ("<table><tr><td>a<td>b<tr><th>c</table>d", &["a", "b", "c", "d"]),
        ("<pre>a\n  b  c\n</pre>", &["a", "b c"]),
        ("<dl><dt>a<dd>b<dt>c</dl>", &["a", "b", "c"]),
        ("a<span> </span>b<i>c</i>", &["a bc"]),
        ("&lt;p&gt; a&nbsp;&amp;\u{2028}b", &["<p> a & b"]),
        ("<p>a</i></section></td>b", &["ab"]),
        ("<p>a <x-name>b</x-name> c</p><x-box>d</x-box>e", &["a b c", "d", "e"]),
        ("\u{200B}<p>&shy;</p><p>*</p>", &["*"]),
        ("<xmp><b>a</b></xmp>b<plaintext></p>", &["<b>a</b>", "b", "</p>"]),
    ];
    for (html, expected) in cases {
        assert_eq!(texts(html), *expected, "{html}");
    }
}

#[test]
fn what_is_not_seen_is_left_out() {
    let cases: &[(&str, &[&str])] = &[
        ("a<script>b</script><style>c</style><noscript>d</noscript>e", &["ae"]),
        ("<template><p>a</template><title>b</title>c<!-- d -->", &["c"]),
        ("<div hidden>a<p>b</div>c<p style='Display : None'>d</p>e", &["ce"]),
        ("<svg><title>a</title><path/><text>b</text></svg>c", &["c"]),
        ("<svg><g><p>a</p>b", &["a", "b"]),
        ("<select><option>a<option>b</select><button>c</button><textarea>d</textarea>e", &["e"]),
        ("<body hidden>a", &["a"]),
    ];
    for (html, expected) in cases {
        assert_eq!(texts(html), *expected, "{html}");
    }
}

#[test]
fn the_markup_around_a_block() {
    let page = read(
        "<body class=x><DIV id=a class='b  c' role=main><p class=b>One <a href='/u?a=1&amp;b=2'>two</a><ul><li>\
         <a href=v><span>three</span></a> <a href=w>four</a></ul><p><b>five</b> <b>six</b>",
    );
    let around = |number: usize| {
        let block = &page.blocks[number];
        let context = &page.contexts[block.context as usize];
        (context.path.as_str(), context.classes.clone(), block.links.join(" "))
    };
    assert_eq!(around(0), ("div/p", "b a main c".into(), "/u?a=1&b=2".into()));
    assert_eq!(around(1), ("div/ul/li/a", "a main b c".into(), "v w".into()));
    assert_eq!(around(2), ("div/p", "a main b c".into(), String::new()));
    assert_eq!(page.in_paragraphs(), "One two".len() + "five six".len());
}

#[test]
fn what_is_told_stands_in_paragraphs_and_is_no_comment() {
    let page = read(
        "<body class=comments-open><h1>Title</h1><p>One <i>two</i><div class='x Comment-list'><p>Three</div>\
         <div id=no-comments><p>fünf<ul><li>six</ul></div>",
    );
    assert_eq!(page.in_paragraphs(), "One two".len() + "fünf".chars().count());
}

#[test]
fn links_reach_to_their_end() {
    let page = read("<a href=x><p>a</p><p>b</p></a><p>c<p><a href=y>d<a href=z>e</a>f<table><td><a href=t>g<td>h");
    let links: Vec<String> = page.blocks.iter().map(|block| block.links.join(" ")).collect();
    assert_eq!(links, ["x", "x", "", "y z", "t", ""]);
}

#[test]
fn statements() {
    let page = read(
        "<html lang=de><head><title>A &amp; B</title><meta property=OG:URL content=u><link rel=canonical href='a b'>\
         <script type='application/LD+json'>{\"a\": \"&amp;</b>\"}</script><body><p>x<time pubdate> 3 May <b>2020</b></time>\
         <span itemprop=datePublished content=d>y</span><img src=i><script src=s></script>",
    );
    let all: Vec<(&str, &str, &str, u32)> =
        page.statements.iter().map(|s| (s.kind, s.name.as_str(), s.value.as_str(), s.block)).collect();
    assert_eq!(
        all,
        [
            ("lang", "", "de", 0),
            ("title", "", "A & B", 0),
            ("meta", "og:url", "u", 0),
            ("link", "canonical", "a b", 0),
            ("json", "", "{\"a\": \"&amp;</b>\"}", 0),
            ("time", "pubdate", "3 May 2020", 0),
            ("item", "datepublished", "d", 0),
            ("media", "", "i", 0),
            ("script", "", "s", 0),
        ]
    );
}

#[test]
fn extractors_get_what_they_look_at() {
    let cases: &[(&str, &str)] = &[
        (
            "<!DOCTYPE html>\n<?xml x?><HTML lang=de><head><meta charset=x><title>a</title><link rel=x href=y></head>",
            "<!DOCTYPE html>\n<HTML lang=\"de\"><head><meta><title>a</title><link rel=\"x\" href></head>",
        ),
        ("a<script>b</script>c<style>d</style><!-- e -->f<svg><path d=g/><text>h</text></svg>i", "acfi"),
        ("<div><svg><g>a<p>b</p></svg>c</div>", "<div><p>b</p>c</div>"),
        ("<template><p>a</p></template><noscript><p>b</p></noscript>", "<noscript><p>b</p></noscript>"),
        (
            "<script type=application/ld+json>{\"a\": \"<b>\"}</script></script>",
            "<script type=\"application/ld+json\">{\"a\": \"<b>\"}</script></script>",
        ),
        ("<p class='a \"b' onclick=c data-x=d ID=e hidden>f</P>", "<p class='a \"b' ID=\"e\" hidden>f</P>"),
        ("<p class=a'\"b>c", "<p class='a&#39;\"b'>c"),
        ("<p style='DISPLAY: none'>a<p style=color:red>b", "<p style=\"DISPLAY: none\">a<p style>b"),
        ("<br/><img src=a alt=b><a href=c/>d", "<br/><img><a href/>d"),
        (" a\n  b \n\t<p>  c</p>\n\n<pre>  d\n </pre>", " a\n  b\n<p> c</p>\n<pre>  d\n </pre>"),
        ("<<!-- x -->b>c", "&lt;b>c"),
        ("<select><option>a</select><textarea><b></textarea>", "<select><option>a</select><textarea><b></textarea>"),
    ];
    for (html, expected) in cases {
        assert_eq!(read(html).slim, *expected, "{html}");
    }
}

#[test]
fn resiliparse_gets_running_text_and_the_names_that_it_knows() {
    let cases: &[(&str, &str)] = &[
        (
            "<div class='col x'><p class=mb-4 id=main-content title=a>b</p> <p class=q>c <b>d</b> </p></div>",
            "<div class=\"x\"><p id=\"main-content\">b</p><p>c d </p></div>",
        ),
        (
            "<ul class=a role=menu><li class=b style='display:none'>c<li id=d style=color:red>e",
            "<ul role=\"menu\" class=\"x\"><li style=\"display:none\" class=\"x\">c<li>e",
        ),
        ("<img src=a>b<button><b>c</b></button>d<figure><p>e</figure><noscript>f</noscript>g", "bdg"),
        ("<script type=application/ld+json>{}</script>a<label>b<input></label><a href=c>d</a>", "a<a>d</a>"),
        ("<pre> <p> a</pre> <p> </p>", "<pre> <p> a</pre>"),
        ("a</div> <td> <b>b", "a</div> <td> <b>b"),
        ("<title>a</title><main><h1>b", "<main><h1>b"),
    ];
    for (html, expected) in cases {
        let page = super::read(html, Extractor::Resiliparse);
        assert_eq!(without_searches(&page.slim), *expected, "{html}");
        assert_eq!(page.text, read(html).text);
    }
}

/// A page without what makes known that no element of it is chosen.
fn without_searches(slim: &str) -> String {
    slim.replace("<p class=\"article-body\"></p>", "")
}

#[test]
fn resiliparse_gets_each_element_only_where_it_makes_a_difference() {
    let link = "<a href=/a>Read more of it</a>";
    let cases = [
        // What holds nothing, what says nothing, and what an end tag ends with something else.
        ("<div><div class=article><i class=icon></i> </div>a<b></b></div>", "<div>a</div>"),
        ("a<div></div>b<p>c<p></p>d", "a<div></div>b<p>c<p></p>d"),
        ("<span>a <x-b><em>b</em></x-b></span> <span class=author>c</span>", "a b <span class=\"author\">c</span>"),
        ("<span><div>a</div></span><b><i>c</b>d</i>", "<span><div>a</div></span><b>c</b>d"),
        // What is rejected.
        ("<aside><h2>a</h2><p>b <a><b>c</b></a></p></aside>", "<nav>ab <a>c</a></nav>"),
        ("<p rel=author>a<p aria-hidden=true><q>b</q><q>c</q></p>", "<p rel=\"author\">a<nav>bc</nav>"),
        ("<p hidden>a <q>b</q></p>", "<p hidden>a b</p>"),
        ("<time class=x>a <s>b</s></time><time>a<s>b</time>", "<time>a b</time><time>a<s>b</time>"),
        ("<h1 hidden>a</h1><footer hidden>b</footer>", "<h1 hidden>a</h1><footer hidden>b</footer>"),
        ("<nav><a>a</a> <a>b</a><a>c </a><a> d</a><a></a></nav>", "<nav><a>a</a> <a>bc </a><a> d</a></nav>"),
        ("<nav><div class=post-content>a</div></nav>", "<nav><div class=\"post-content\">a</div></nav>"),
    ];
    for (html, expected) in cases {
        let page = super::read(html, Extractor::Resiliparse);
        assert_eq!(without_searches(&page.slim), expected, "{html}");
    }
    let slim_of = |html: &str| without_searches(&super::read(html, Extractor::Resiliparse).slim);
    let flat = "<a>Read more of it</a>";
    assert_eq!(slim_of(&format!("<ul><li>{link}<li>b</ul>")), format!("<nav>{flat}b</nav>"));
    assert_eq!(slim_of(&format!("<ul><li>{link}<li>{}</ul>", "b".repeat(80))).matches("<li>").count(), 2);
    // A division is judged by its links at some depth, up to some length.
    let nested = |depth: usize, held: &str| "<div class=a>b".repeat(depth) + held;
    assert!(slim_of(&nested(2, &format!("<div class=c><p>{link}</p></div>"))).ends_with(&format!("<nav>{flat}</nav>")));
    assert!(slim_of(&nested(1, &format!("<div class=c><p>{link}</p></div>"))).ends_with("</p></div>"));
    assert!(slim_of(&nested(2, &format!("<div class=post><p>{link}</p></div>"))).ends_with("</p></div>"));
    assert_eq!(slim_of(&format!("<div>{}</div>", "b".repeat(1_501))).matches("section").count(), 2);
    assert_eq!(slim_of(&format!("<div>{}</div>", "b".repeat(1_500))).matches("section").count(), 0);
    assert_eq!(slim_of(&format!("<div class=next>{}</div>", "b".repeat(1_501))).matches("section").count(), 0);
}

#[test]
fn searches_are_spared_where_nothing_is_chosen() {
    let slim_of = |html: &str| super::read(html, Extractor::Resiliparse).slim;
    assert!(slim_of("<!doctype html><body>a").starts_with("<!doctype html><p class=\"article-body\"></p><p class"));
    assert_eq!(slim_of("<div class='x Article-Body'>a</div>"), "<div class=\"x Article-Body\">a</div>");
    assert_eq!(slim_of("<div role=main>a</div>"), "<div role=\"main\">a</div>");
}

#[test]
fn depth_is_bounded_and_told() {
    let page = read(&("<div>".repeat(20_000) + "a</div>b"));
    assert_eq!((page.deepest, page.blocks.len()), (20_000, 2));
    assert_eq!(page.contexts[0].path.split('/').count(), 64);
}

fn main_of(blocks: &[&str], extract: &str) -> Vec<usize> {
    let (main, ..) = in_main(blocks, extract);
    (0..blocks.len()).filter(|&block| main[block]).collect()
}

#[test]
fn an_extract_is_found_in_its_blocks() {
    let page = [
        "Home",
        "Rain on the ferry",
        "By Ann",
        "The ferry left at six.",
        "Tickets",
        "Adult",
        "four crowns and a half",
        "It came back at nine in the evening.",
        "Home",
        "The ferry left at six.",
        "© Ferry",
    ];
    assert_eq!(main_of(&page, "The ferry left at six.\nIt came back at nine in the evening."), [3, 7]);
    assert_eq!(
        main_of(&page, "Rain on the ferry\nThe ferry left at six.\n| Adult | four crowns and a half |\n"),
        [1, 3, 5, 6]
    );
    // A line joins blocks, or is a part of one.
    assert_eq!(main_of(&page, "The ferry left at six. It came back at nine in the evening."), [3, 7]);
    assert_eq!(main_of(&page, "ferry left at six\nIt came back at nine in the eve"), [3, 7]);
    assert_eq!(main_of(&page, "Nothing of this stands there, not one word of it."), Vec::<usize>::new());
    assert_eq!(in_main(&["a b", "c"], "A-B\nd"), (vec![true, false], 2, 3));
}

const PIECES: &str = "(<p>|</p>|<div>|</div>|<a href=x>|</a>|<b>|</b>|<li>|<ul>|</ul>|<table>|<tr>|<td>|</table>|<br>\
    |<div hidden>|<svg>|</svg>|<script>|</script>|<!--|-->|<time>|</time>|<pre>|\n| |é|word|&amp;|&#10;|\\PC){0,80}";

proptest! {
    #[test]
    fn blocks_are_those_of_the_text(html in PIECES) {
        let page = read(&html);
        let spans: Vec<(usize, usize)> =
            page.blocks.iter().map(|block| (block.bytes.0 as usize, block.bytes.1 as usize)).collect();
        prop_assert_eq!(&blocks::split_bytes(&page.text), &spans);
        let points: Vec<(u32, u32)> = page.blocks.iter().map(|block| block.points).collect();
        prop_assert_eq!(blocks::in_code_points(&page.text, &spans).unwrap(), points);
        prop_assert!(page.blocks.iter().all(|block| (block.context as usize) < page.contexts.len()));
    }

    #[test]
    fn what_extractors_get_shows_the_same(html in PIECES) {
        let page = read(&html);
        let again = read(&page.slim);
        prop_assert_eq!(&again.text, &page.text);
        prop_assert_eq!(&again.slim, &page.slim);
        let other = super::read(&html, Extractor::Resiliparse);
        prop_assert_eq!((&other.text, &other.blocks, &other.statements), (&page.text, &page.blocks, &page.statements));
        // Resiliparse rejects what is hidden, and what it rejects is one line.
        let other = super::read(&html.replace(" hidden", ""), Extractor::Resiliparse);
        let letters = |text: &str| text.split_whitespace().collect::<String>();
        prop_assert_eq!(letters(&read(&other.slim).text), letters(&other.text));
    }

    #[test]
    fn any_blocks_and_extract_agree_in_number(blocks in prop::collection::vec("[ab |é]{0,20}", 0..20), extract in "[ab |é\n]{0,80}") {
        let blocks: Vec<&str> = blocks.iter().map(String::as_str).collect();
        let (main, told, all) = in_main(&blocks, &extract);
        prop_assert_eq!(main.len(), blocks.len());
        prop_assert!(told <= all);
    }

    #[test]
    fn a_page_is_found_in_itself(blocks in prop::collection::vec("[a-z]{4,9}( [a-z]{4,9}){2,9}", 1..20)) {
        let blocks: Vec<&str> = blocks.iter().map(String::as_str).collect();
        let (main, told, all) = in_main(&blocks, &blocks.join("\n"));
        prop_assert!(main.into_iter().all(|in_main| in_main));
        prop_assert_eq!(told, all);
    }
}
