//! Which elements are open at a place of a page? Of the HTML standard's tree construction what bears on text: which
//! elements end by themselves, and which end tags mean nothing.

use std::collections::VecDeque;

use super::elements::{self, Name, pack};

const P: Name = pack("p");
const LI: Name = pack("li");
const DD: Name = pack("dd");
const DT: Name = pack("dt");
const TABLE: Name = pack("table");
const TR: Name = pack("tr");
const TD: Name = pack("td");
const TH: Name = pack("th");
const BUTTON: Name = pack("button");
const OL: Name = pack("ol");
const UL: Name = pack("ul");
const OPTION: Name = pack("option");
const FORM: Name = pack("form");
const DIV: Name = pack("div");
const ADDRESS: Name = pack("address");
const HTML: Name = pack("html");
const HEAD: Name = pack("head");
const BODY: Name = pack("body");

/// Deeper elements take the place of the one above them, as they do in browsers.
const DEEPEST: usize = 512;

/// An open element.
#[derive(Clone, Copy, Debug)]
pub struct Element {
    /// Its name.
    pub name: Name,
    /// What it does.
    pub flags: u16,
    /// Whether nothing that it holds is seen.
    pub unseen: bool,
    /// Its number among all elements of the page.
    pub node: u32,
}

/// The open elements of a page, the innermost last.
#[derive(Default)]
pub struct Open {
    elements: Vec<Element>,
    /// How many of them are paragraphs.
    paragraphs: usize,
    /// Those that were closed and not yet asked for.
    closed: VecDeque<Element>,
}

impl Open {
    /// The innermost one.
    pub fn top(&self) -> Option<&Element> {
        self.elements.last()
    }

    /// How many are open.
    pub fn depth(&self) -> usize {
        self.elements.len()
    }

    /// Whether some were closed that were not yet asked for.
    pub fn has_closed(&self) -> bool {
        !self.closed.is_empty()
    }

    /// The last of them, if nothing that was above it stays open, and nothing was closed with it but what needs no end tag.
    pub fn closed_cleanly(&self, innermost: Option<u32>) -> Option<u32> {
        let (last, others) = (self.closed.back()?, self.closed.len() - 1);
        let is_clean = self.closed.front().map(|first| first.node) == innermost
            && self.closed.iter().take(others).all(|element| element.flags & elements::IMPLIED != 0);
        is_clean.then_some(last.node)
    }

    /// Whether one of this name is open.
    pub fn holds(&self, name: Name) -> bool {
        self.elements.iter().any(|element| element.name == name)
    }

    /// The next of those that were closed.
    pub fn take_closed(&mut self) -> Option<Element> {
        self.closed.pop_front()
    }

    /// Opens one.
    pub fn push(&mut self, element: Element) {
        if self.elements.len() >= DEEPEST {
            self.pop();
        }
        self.paragraphs += usize::from(element.name == P);
        self.elements.push(element);
    }

    fn pop(&mut self) {
        self.take(self.elements.len() - 1);
    }

    fn take(&mut self, at: usize) {
        let element = self.elements.remove(at);
        self.paragraphs -= usize::from(element.name == P);
        self.closed.push_back(element);
    }

    fn pop_to(&mut self, at: usize) {
        while self.elements.len() > at {
            self.pop();
        }
    }

    /// The innermost one that `wanted` holds for, not looking beyond one that `stops` holds for.
    fn innermost(&self, wanted: impl Fn(&Element) -> bool, stops: impl Fn(&Element) -> bool) -> Option<usize> {
        for (at, element) in self.elements.iter().enumerate().rev() {
            if wanted(element) {
                return Some(at);
            }
            if stops(element) {
                return None;
            }
        }
        None
    }

    fn close_innermost(&mut self, wanted: impl Fn(&Element) -> bool, stops: impl Fn(&Element) -> bool) -> bool {
        let found = self.innermost(wanted, stops);
        found.into_iter().for_each(|at| self.pop_to(at));
        found.is_some()
    }

    /// Closes what the start tag of an element ends. Returns false for one that means nothing here.
    pub fn make_way(&mut self, name: Name, flags: u16) -> bool {
        if flags & elements::BREAKS_OUT != 0 {
            self.close_foreign();
        }
        if flags & elements::ENDS_P != 0 && self.paragraphs > 0 {
            self.close_innermost(|element| element.name == P, |element| is_barrier(element) || element.name == BUTTON);
        }
        if flags & elements::HEADING != 0 && self.top().is_some_and(|top| top.flags & elements::HEADING != 0) {
            self.pop();
        }
        match name {
            HTML | HEAD | BODY => return false,
            FORM => return !self.holds(FORM),
            LI => self.close_item(&[LI]),
            DD | DT => self.close_item(&[DD, DT]),
            OPTION if self.top().is_some_and(|top| top.name == OPTION) => self.pop(),
            BUTTON => {
                self.close_innermost(|element| element.name == BUTTON, is_barrier);
            }
            _ if flags & elements::OF_TABLE != 0 => return self.close_cells(name),
            // A table directly in the rows of another ends it.
            TABLE if self.top().is_some_and(is_row) => {
                self.close_innermost(|element| element.name == TABLE, |_| false);
            }
            _ => {}
        }
        true
    }

    /// Ends SVG and MathML, unless what stands in them is HTML again.
    fn close_foreign(&mut self) {
        let is_html = [pack("foreignobject"), pack("desc"), pack("title"), pack("annotation-xml")];
        self.close_innermost(
            |element| element.flags & elements::FOREIGN != 0,
            |element| is_html.contains(&element.name),
        );
    }

    /// Ends an item of a list where the next one begins.
    fn close_item(&mut self, names: &[Name]) {
        let passes = [ADDRESS, DIV, P];
        self.close_innermost(
            |element| names.contains(&element.name),
            |element| element.flags & elements::SPECIAL != 0 && !passes.contains(&element.name),
        );
    }

    /// Ends the cell or the row before a part of a table. Outside of tables such parts mean nothing.
    fn close_cells(&mut self, name: Name) -> bool {
        let Some(table) = self.innermost(|element| element.name == TABLE, |element| element.name == pack("template"))
        else {
            return false;
        };
        let keeps: &[Name] = match name {
            TD | TH => &[TR],
            TR => &[pack("tbody"), pack("thead"), pack("tfoot")],
            _ => &[],
        };
        let row = self.elements[table + 1..].iter().position(|element| keeps.contains(&element.name));
        self.pop_to(row.map_or(table, |row| table + 1 + row) + 1);
        true
    }

    /// Closes what an end tag ends. Returns whether it ended anything.
    pub fn end(&mut self, name: Name, flags: u16) -> bool {
        match name {
            HTML | HEAD | BODY => false,
            FORM => self.remove(name),
            LI => self.close_innermost(
                |element| element.name == LI,
                |element| is_barrier(element) || element.name == OL || element.name == UL,
            ),
            P => self
                .close_innermost(|element| element.name == P, |element| is_barrier(element) || element.name == BUTTON),
            _ if flags & elements::FORMATTING != 0 => self.remove(name),
            _ if flags & elements::HEADING != 0 => {
                self.close_innermost(|element| element.flags & elements::HEADING != 0, is_barrier)
            }
            _ if flags & elements::OF_TABLE != 0 || name == TABLE => {
                self.close_innermost(|element| element.name == name, |element| element.name == TABLE)
            }
            _ if flags & elements::SPECIAL != 0 => self.close_innermost(|element| element.name == name, is_barrier),
            _ => self.close_innermost(|element| element.name == name, |element| element.flags & elements::SPECIAL != 0),
        }
    }

    /// Takes one element out from among those above it.
    fn remove(&mut self, name: Name) -> bool {
        let found = self.innermost(|element| element.name == name, is_barrier);
        if let Some(at) = found {
            self.take(at);
        }
        found.is_some()
    }

    /// Closes all.
    pub fn end_all(&mut self) {
        self.pop_to(0);
    }
}

fn is_barrier(element: &Element) -> bool {
    element.flags & elements::BARRIER != 0
}

/// Whether it is a table, or a part of one that holds no text.
fn is_row(element: &Element) -> bool {
    element.name == TABLE || element.flags & elements::OF_TABLE != 0 && !is_barrier(element)
}
