//! Which tags and texts does a page hold, from start to end? HTML as browsers read it, broken or not, in one pass.

mod references;

use memchr::{memchr, memchr2, memchr3, memmem};

pub use references::decode;

/// A piece of a page. Comments and the like are none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token<'a> {
    /// Text between tags, as it is written. References stay as they are.
    Text(&'a str),
    /// What stands in an element that holds no markup, such as a script. References mean nothing there.
    Raw(&'a str),
    /// A start tag.
    Start(Tag<'a>),
    /// An end tag, by its name.
    End(&'a str),
    /// A doctype, as it is written.
    Doctype(&'a str),
}

/// A start tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tag<'a> {
    /// Its name, as written.
    pub name: &'a str,
    /// All between its name and its end, as written.
    rest: &'a str,
}

impl<'a> Tag<'a> {
    /// Whether it ends in a slash, which means something only in SVG and MathML.
    pub fn closes_itself(&self) -> bool {
        self.rest.ends_with('/')
    }

    /// Its attributes as written, without the quotes. Of two of one name the first counts.
    pub fn attributes(&self) -> Attributes<'a> {
        Attributes { rest: self.rest }
    }
}

/// The attributes of a tag: name and value.
pub struct Attributes<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Attributes<'a> {
    type Item = (&'a str, &'a str);

    fn next(&mut self) -> Option<(&'a str, &'a str)> {
        let (rest, bytes) = (self.rest, self.rest.as_bytes());
        let start = bytes.iter().position(|&byte| !is_space(byte) && byte != b'/')?;
        // An equals sign where a name should begin is part of that name.
        let ends = |byte: &u8| is_space(*byte) || matches!(byte, b'/' | b'=');
        let name_end = bytes[start + 1..].iter().position(ends).map_or(bytes.len(), |length| start + 1 + length);
        let name = &rest[start..name_end];
        let equals = name_end + spaces(&bytes[name_end..]);
        if bytes.get(equals) != Some(&b'=') {
            self.rest = &rest[name_end..];
            return Some((name, ""));
        }
        let value = equals + 1 + spaces(&bytes[equals + 1..]);
        let (value, after) = match bytes.get(value) {
            Some(&quote @ (b'"' | b'\'')) => {
                let end = memchr(quote, &bytes[value + 1..]).map_or(bytes.len(), |length| value + 1 + length);
                (&rest[value + 1..end], bytes.len().min(end + 1))
            }
            _ => {
                let length = bytes[value..].iter().position(|&byte| is_space(byte)).unwrap_or(bytes.len() - value);
                (&rest[value..value + length], value + length)
            }
        };
        self.rest = &rest[after..];
        Some((name, value))
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0C)
}

fn spaces(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|&&byte| is_space(byte)).count()
}

/// The pieces of a page, in order.
pub struct Tokens<'a> {
    html: &'a str,
    at: usize,
    /// The element whose content comes next and is no markup.
    inside: Option<&'a str>,
}

impl<'a> Tokens<'a> {
    /// Reads a page.
    pub fn of(html: &'a str) -> Self {
        Tokens { html, at: 0, inside: None }
    }

    /// Says that what comes next, up to the end tag of this name, is no markup.
    pub fn enter(&mut self, name: &'a str) {
        self.inside = Some(name);
    }

    /// Reads what begins with `<`; nothing if it is no piece of its own.
    fn markup(&mut self) -> Option<Token<'a>> {
        let rest = &self.html[self.at..];
        match rest.as_bytes().get(1) {
            Some(byte) if byte.is_ascii_alphabetic() => self.tag(1).map(Token::Start),
            Some(b'/') if rest.as_bytes().get(2).is_some_and(u8::is_ascii_alphabetic) => {
                self.tag(2).map(|tag| Token::End(tag.name))
            }
            Some(b'!' | b'?' | b'/') => {
                let length = comment(rest);
                self.at += length;
                is_doctype(rest).then_some(Token::Doctype(&rest[..length]))
            }
            _ => {
                let length = memchr(b'<', &rest.as_bytes()[1..]).map_or(rest.len(), |length| 1 + length);
                self.at += length;
                Some(Token::Text(&rest[..length]))
            }
        }
    }

    /// Reads a tag whose name starts `ahead` bytes from here. One that never ends is dropped, with all behind it.
    fn tag(&mut self, ahead: usize) -> Option<Tag<'a>> {
        let start = self.at + ahead;
        let bytes = self.html.as_bytes();
        let is_end = |byte: &u8| is_space(*byte) || matches!(byte, b'/' | b'>');
        let Some(length) = bytes[start..].iter().position(is_end) else {
            self.at = bytes.len();
            return None;
        };
        let name_end = start + length;
        let end = tag_end(bytes, name_end);
        self.at = bytes.len().min(end + 1);
        (end < bytes.len()).then(|| Tag { name: &self.html[start..name_end], rest: &self.html[name_end..end] })
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        if let Some(name) = self.inside.take() {
            let rest = &self.html[self.at..];
            let length = raw_end(rest.as_bytes(), name.as_bytes());
            self.at += length;
            if length > 0 {
                return Some(Token::Raw(&rest[..length]));
            }
        }
        while self.at < self.html.len() {
            let rest = &self.html[self.at..];
            let length = memchr(b'<', rest.as_bytes()).unwrap_or(rest.len());
            if length > 0 {
                self.at += length;
                return Some(Token::Text(&rest[..length]));
            }
            if let Some(token) = self.markup() {
                return Some(token);
            }
        }
        None
    }
}

/// Where the tag ends whose name ends at `from`: at the first `>` outside the quotes of a value.
fn tag_end(bytes: &[u8], from: usize) -> usize {
    let mut at = from;
    while let Some(length) = memchr3(b'>', b'"', b'\'', &bytes[at..]) {
        at += length;
        if bytes[at] == b'>' {
            return at;
        }
        // Quotes open a value only behind an equals sign; elsewhere they are part of a name or a value.
        let before = bytes[from..at].iter().rev().find(|&&byte| !is_space(byte));
        at += 1;
        if before == Some(&b'=') {
            match memchr(bytes[at - 1], &bytes[at..]) {
                Some(length) => at += length + 1,
                None => return bytes.len(),
            }
        }
    }
    bytes.len()
}

fn is_doctype(text: &str) -> bool {
    text.as_bytes().get(..9).is_some_and(|start| start.eq_ignore_ascii_case(b"<!doctype"))
}

/// How many bytes a comment, a doctype or the like takes.
fn comment(text: &str) -> usize {
    let bytes = text.as_bytes();
    if !bytes.starts_with(b"<!--") {
        return memchr(b'>', bytes).map_or(bytes.len(), |length| length + 1);
    }
    if let Some(empty) = [&b"<!-->"[..], b"<!--->"].iter().find(|empty| bytes.starts_with(empty)) {
        return empty.len();
    }
    let mut at = 4;
    while let Some(length) = memmem::find(&bytes[at..], b"--") {
        at += length;
        if let Some(end) = [&b"-->"[..], b"--!>"].iter().find(|end| bytes[at..].starts_with(end)) {
            return at + end.len();
        }
        at += 1;
    }
    bytes.len()
}

/// How many bytes stand before the end tag of an element that holds no markup.
fn raw_end(bytes: &[u8], name: &[u8]) -> usize {
    if name.eq_ignore_ascii_case(b"plaintext") {
        return bytes.len();
    }
    let is_script = name.eq_ignore_ascii_case(b"script");
    // In a script, `<!-- <script>` opens an inner one, whose end tag is not that of the outer.
    let (mut in_comment, mut inner) = (false, false);
    let mut at = 0;
    loop {
        let rest = &bytes[at..];
        let Some(length) = (if in_comment { memchr2(b'<', b'-', rest) } else { memchr(b'<', rest) }) else { break };
        at += length;
        let rest = &bytes[at..];
        if rest[0] == b'<' && starts_tag(&rest[1..], b"/", name) {
            if !inner {
                return at;
            }
            inner = false;
        } else if is_script && in_comment && rest[0] == b'<' && starts_tag(&rest[1..], b"", name) {
            inner = true;
        } else if is_script && rest.starts_with(b"<!--") {
            in_comment = true;
        } else if in_comment && rest.starts_with(b"-->") {
            (in_comment, inner) = (false, false);
        }
        at += 1;
    }
    bytes.len()
}

fn starts_tag(bytes: &[u8], slash: &[u8], name: &[u8]) -> bool {
    let Some(rest) = bytes.strip_prefix(slash) else { return false };
    rest.len() >= name.len()
        && rest[..name.len()].eq_ignore_ascii_case(name)
        && rest.get(name.len()).is_some_and(|&byte| is_space(byte) || matches!(byte, b'/' | b'>'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Writes the pieces of a page out: `T:text`, `+name name=value`, `-name`.
    fn pieces(html: &str) -> Vec<String> {
        let mut tokens = Tokens::of(html);
        let mut out = Vec::new();
        while let Some(token) = tokens.next() {
            out.push(match token {
                Token::Text(text) => format!("T:{text}"),
                Token::Raw(text) => format!("R:{text}"),
                Token::End(name) => format!("-{name}"),
                Token::Doctype(written) => format!("D:{written}"),
                Token::Start(tag) => {
                    if ["script", "title", "plaintext"].contains(&tag.name) {
                        tokens.enter(tag.name);
                    }
                    let attributes: Vec<String> =
                        tag.attributes().map(|(name, value)| format!(" {name}={value}")).collect();
                    format!("+{}{}", tag.name, attributes.concat())
                }
            });
        }
        out
    }

    #[test]
    fn tags_and_attributes() {
        let cases: &[(&str, &[&str])] = &[
            ("<a href=x class='b c'>t</a >", &["+a href=x class=b c", "T:t", "-a"]),
            ("<a b = \"1>2\" c d=e/>", &["+a b=1>2 c= d=e/"]),
            ("<br/><p it's>x", &["+br", "+p it's=", "T:x"]),
            ("1 < 2 <3> <", &["T:1 ", "T:< 2 ", "T:<3> ", "T:<"]),
            ("<!-- <p> --><!doctype html><?x ?></3>a<![CDATA[b]]>", &["D:<!doctype html>", "T:a"]),
            ("<!-->a<!--->b<!--x--!>c<!-- d", &["T:a", "T:b", "T:c"]),
            ("a<b c=\"d>", &["T:a"]),
        ];
        for (html, expected) in cases {
            assert_eq!(pieces(html), *expected, "{html}");
        }
    }

    #[test]
    fn elements_without_markup() {
        let cases: &[(&str, &[&str])] = &[
            ("<script>a</scripty></SCRIPT >b", &["+script", "R:a</scripty>", "-SCRIPT", "T:b"]),
            (
                "<script><!--<script></script>--></script>b",
                &["+script", "R:<!--<script></script>-->", "-script", "T:b"],
            ),
            ("<script><!--</script>b", &["+script", "R:<!--", "-script", "T:b"]),
            ("<title><b>a", &["+title", "R:<b>a"]),
            ("<title></title>a", &["+title", "-title", "T:a"]),
            ("<plaintext></plaintext>", &["+plaintext", "R:</plaintext>"]),
        ];
        for (html, expected) in cases {
            assert_eq!(pieces(html), *expected, "{html}");
        }
    }

    proptest! {
        #[test]
        fn any_text_has_an_end(html in "(<|</|<!--|-->|>|\"|'|=|/| |a|é|script|&amp;|\\PC){0,60}") {
            for token in pieces(&html) {
                prop_assert!(!token.is_empty());
            }
        }
    }
}
