//! The layout of `tofu fmt`: indentation, spaces, and equals signs and comments below each other.

use std::borrow::Cow;

use diagnostic::{Diagnostic, FileId};

use super::scan::{self, Piece, Token};
use super::{Body, Item, parse};

/// A token and the spaces before it.
struct Cell<'t> {
    token: Token,
    text: Cow<'t, str>,
    spaces: usize,
}

/// Where a line's parts start among the cells.
struct Line {
    start: usize,
    assign: Option<usize>,
    comment: Option<usize>,
    end: usize,
}

/// `text` as `tofu fmt` writes it.
///
/// # Errors
/// What is wrong with a text that can't be read; nothing is laid out then.
pub fn format(text: &str) -> Result<String, Vec<Diagnostic>> {
    let parsed = parse(FileId(0), text);
    if parsed.found.is_empty() { Ok(layout(text, &parsed.body)) } else { Err(parsed.found) }
}

/// The same for a `text` that was read already, without a fault, as `body`.
pub fn layout(text: &str, body: &Body) -> String {
    let (pieces, _) = scan::scan(text, false);
    let mut edits = Vec::new();
    edit(text, &pieces, body, &[], &mut edits);
    let mut cells = Vec::with_capacity(pieces.len());
    let mut at = 0;
    for (from, to, cell) in edits {
        cells.extend(pieces[at..from].iter().map(|piece| written(text, piece)));
        cells.extend(cell);
        at = to;
    }
    cells.extend(pieces[at..].iter().map(|piece| written(text, piece)));
    // `tofu fmt` leaves the spaces at the end of a last line that has no line break.
    if let ([.., last, end], Some(cell)) = (&pieces[..], cells.last_mut()) {
        cell.spaces = end.range.start - last.range.end;
    }
    let lines = lines(&cells);
    indent(&mut cells, &lines);
    for line in &lines {
        space(&mut cells[line.start..line.assign.unwrap_or(line.comment.unwrap_or(line.end))]);
        if let Some(assign) = line.assign {
            cells[assign].spaces = 1;
            space(&mut cells[assign..line.comment.unwrap_or(line.end)]);
        }
    }
    align(&mut cells, &lines, |line| line.assign);
    align(&mut cells, &lines, |line| line.comment);
    let mut result = String::with_capacity(text.len());
    for cell in cells {
        result.extend(std::iter::repeat_n(' ', cell.spaces));
        result.push_str(&cell.text);
    }
    result
}

fn written<'t>(text: &'t str, piece: &Piece) -> Cell<'t> {
    Cell { token: piece.token, text: Cow::Borrowed(&text[piece.range.clone()]), spaces: 0 }
}

fn new(token: Token, text: impl Into<String>) -> Cell<'static> {
    Cell { token, text: Cow::Owned(text.into()), spaces: 0 }
}

type Edit<'t> = (usize, usize, Vec<Cell<'t>>);

/// What is written in another way: `"${a}"` as `a`, an old type as a new one, a bare label in quotes.
fn edit<'t>(text: &'t str, pieces: &[Piece], body: &Body, inside: &[&str], edits: &mut Vec<Edit<'t>>) {
    let index = |offset: u32| pieces.partition_point(|piece| piece.range.start < offset as usize);
    for item in &body.items {
        match item {
            Item::Attribute(attribute) => {
                let (from, to) = (index(attribute.value.span.start), index(attribute.value.span.end));
                let value = &pieces[from..to];
                let replaced = if inside == ["variable"] && attribute.name.value == "type" {
                    old_type(text, value)
                } else {
                    unwrapped(text, value)
                };
                edits.extend(replaced.map(|cells| (from, to, cells)));
            }
            Item::Block(block) => {
                if let (Some(_), Some(last)) = (block.labels.first(), block.labels.last()) {
                    let cells = block.labels.iter().flat_map(|label| {
                        let literal = (!label.value.is_empty()).then(|| new(Token::QuotedText, escaped(&label.value)));
                        let quote = |token| new(token, "\"");
                        [Some(quote(Token::OpenQuote)), literal, Some(quote(Token::CloseQuote))].into_iter().flatten()
                    });
                    edits.push((index(block.kind.span.end), index(last.span.end), cells.collect()));
                }
                edit(text, pieces, &block.body, &[inside, &[block.kind.value.as_str()]].concat(), edits);
            }
        }
    }
}

fn escaped(label: &str) -> String {
    let mut text = String::new();
    for (at, character) in label.char_indices() {
        match character {
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            '"' | '\\' => text.extend(['\\', character]),
            '$' | '%' if label[at + 1..].starts_with('{') => text.extend([character, character]),
            _ if character.is_control() => text.push_str(&format!("\\u{:04x}", u32::from(character))),
            _ => text.push(character),
        }
    }
    text
}

/// `list` as `list(any)`, `"list"` as `list(string)`.
fn old_type<'t>(text: &'t str, value: &[Piece]) -> Option<Vec<Cell<'t>>> {
    let (name, element) = match value {
        [word] if word.token == Token::Word => (word, "any"),
        [open, name, _] if open.token == Token::OpenQuote && name.token == Token::QuotedText => (name, "string"),
        _ => return None,
    };
    let word = new(Token::Word, &text[name.range.clone()]);
    match (&*word.text, element) {
        ("string", "string") => Some(vec![word]),
        ("list" | "map", _) | ("set", "any") => {
            Some(vec![word, new(Token::Sign("("), "("), new(Token::Word, element), new(Token::Sign(")"), ")")])
        }
        _ => None,
    }
}

/// What stands in `"${…}"`, if that is all there is; in parentheses if it has several lines.
fn unwrapped<'t>(text: &'t str, value: &[Piece]) -> Option<Vec<Cell<'t>>> {
    let [quote, open, inner @ .., end, close] = value else { return None };
    let whole = (quote.token, open.token, end.token, close.token)
        == (Token::OpenQuote, Token::Interpolation, Token::SequenceEnd, Token::CloseQuote);
    if !whole || inner.is_empty() {
        return None;
    }
    let mut quotes = 0;
    for piece in inner {
        match piece.token {
            Token::OpenQuote => quotes += 1,
            Token::CloseQuote => quotes -= 1,
            Token::Interpolation | Token::SequenceEnd | Token::QuotedText if quotes <= 0 => return None,
            _ => {}
        }
    }
    let solid = |piece: &Piece| piece.token != Token::Newline;
    let inner = &inner[inner.iter().position(solid)?..=inner.iter().rposition(solid)?];
    let mut cells: Vec<_> = inner.iter().map(|piece| written(text, piece)).collect();
    let several_lines = inner.iter().any(|piece| piece.token == Token::Newline);
    let parentheses = inner.first()?.token == Token::Sign("(") && inner.last()?.token == Token::Sign(")");
    if several_lines && !parentheses {
        cells.insert(0, new(Token::Sign("("), "("));
        cells.push(new(Token::Sign(")"), ")"));
    }
    Some(cells)
}

fn brackets(cell: &Cell<'_>) -> isize {
    match cell.token {
        Token::Sign("{" | "[" | "(") | Token::Interpolation | Token::Directive => 1,
        Token::Sign("}" | "]" | ")") | Token::SequenceEnd => -1,
        _ => 0,
    }
}

fn lines(cells: &[Cell<'_>]) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut start = 0;
    while start < cells.len() && cells[start].token != Token::End {
        let ends = |cell: &Cell<'_>| {
            cell.token == Token::Newline || (cell.token == Token::Comment && cell.text.ends_with('\n'))
        };
        let stop = |cell: &Cell<'_>| ends(cell) || cell.token == Token::End;
        let last = start + cells[start..].iter().position(stop).expect("the last cell is the end");
        let end = if ends(&cells[last]) { last + 1 } else { last };
        let comment = (end - start > 1 && cells[end - 1].token == Token::Comment).then(|| end - 1);
        let code = comment.unwrap_or(end);
        let equals = (start + 1..code).find(|at| cells[*at].token == Token::Sign("="));
        let assign = equals.filter(|at| cells[*at..code].iter().map(brackets).sum::<isize>() == 0);
        lines.push(Line { start, assign, comment, end });
        start = end;
    }
    lines
}

fn indent(cells: &mut [Cell<'_>], lines: &[Line]) {
    let mut levels: Vec<usize> = Vec::new();
    for line in lines {
        if cells[line.start].token == Token::Newline {
            continue;
        }
        let code = line.comment.unwrap_or(line.end);
        let lead = &cells[line.start..line.assign.unwrap_or(code)];
        let heredoc = lead.iter().position(|cell| cell.token == Token::OpenHeredoc).unwrap_or(lead.len());
        let assign = line.assign.map_or(&[][..], |assign| &cells[assign..code]);
        let net = lead[..heredoc].iter().chain(assign).map(brackets).sum::<isize>();
        let mut closed = usize::try_from(-net).unwrap_or(0);
        while closed > 0
            && let Some(level) = levels.last_mut()
        {
            if closed < *level {
                *level -= closed;
                break;
            }
            closed -= *level;
            levels.pop();
        }
        cells[line.start].spaces = 2 * levels.len();
        if net > 0 {
            levels.push(net.unsigned_abs());
        }
    }
}

fn space(cells: &mut [Cell<'_>]) {
    for at in 0..cells.len().saturating_sub(1) {
        let before = if at > 0 { Some(cells[at - 1].token) } else { None };
        cells[at + 1].spaces = usize::from(wants_space(before, &cells[at], &cells[at + 1]));
    }
}

/// Whether a space stands between `cell` and `after`.
fn wants_space(before: Option<Token>, cell: &Cell<'_>, after: &Cell<'_>) -> bool {
    use Token::{
        CloseHeredoc, CloseQuote, Directive, Interpolation, Newline, Number, OpenHeredoc, OpenQuote, PlainText,
        QuotedText, SequenceEnd, Sign, Word,
    };
    match (cell.token, after.token) {
        (_, Newline) | (Word, Sign("(" | "::")) | (Sign("::"), Word) => false,
        (Sign("."), _) | (_, Sign("." | "," | "...")) => false,
        (Sign(","), _) => true,
        (QuotedText | PlainText | OpenQuote | OpenHeredoc, _) => false,
        (_, QuotedText | PlainText | CloseQuote | CloseHeredoc) => false,
        (Word, _) if cell.text == "in" && before == Some(Word) => true,
        (Word | Number, Sign("[")) => false,
        (_, Sign("[")) if brackets(cell) < 0 => false,
        (Sign("!"), _) => false,
        (Sign("-"), _) => !matches!(
            before,
            None | Some(Sign(
                "(" | "{"
                    | "["
                    | "="
                    | ":"
                    | ","
                    | "?"
                    | "+"
                    | "*"
                    | "/"
                    | "%"
                    | "-"
                    | "=="
                    | "!="
                    | ">"
                    | ">="
                    | "<"
                    | "<="
                    | "&&"
                    | "||"
                    | "!"
            ))
        ),
        (Sign("{"), Sign("}")) => false,
        (Sign("{"), _) | (_, Sign("}")) => true,
        (Interpolation | Directive, Sign("{")) | (Sign("}"), SequenceEnd) => true,
        (SequenceEnd, Interpolation | Directive) => false,
        _ => brackets(cell) <= 0 && brackets(after) >= 0,
    }
}

/// Puts what `part` finds in lines that follow each other below each other.
fn align(cells: &mut [Cell<'_>], lines: &[Line], part: impl Fn(&Line) -> Option<usize>) {
    for chain in lines.chunk_by(|one, next| part(one).is_some() == part(next).is_some()) {
        let width = |cell: &Cell<'_>| cell.spaces + cell.text.chars().count();
        let columns: Vec<(usize, usize)> = chain
            .iter()
            .filter_map(|line| Some((part(line)?, cells[line.start..part(line)?].iter().map(width).sum())))
            .collect();
        let widest = columns.iter().map(|(_, column)| *column).max().unwrap_or(0);
        for (at, column) in columns {
            cells[at].spaces = widest - column + 1;
        }
    }
}
