//! A diagram, and the two languages it is written in.

use std::collections::{BTreeMap, BTreeSet};

/// Nodes, some in boxes, and arrows between them, all in the order in which they came.
#[derive(Debug, Default)]
pub(super) struct Diagram {
    boxes: Vec<String>,
    nodes: Vec<Node>,
    /// The position of each node, by its box and what it is known by.
    known: BTreeMap<(Option<usize>, String), usize>,
    arrows: Vec<Arrow>,
}

#[derive(Debug)]
struct Node {
    label: String,
    within: Option<usize>,
    look: Look,
}

/// How a node looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    /// What the diagram is about.
    Plain,
    /// What belongs to it.
    Round,
    /// What is named and not there, or not known.
    Dashed,
}

#[derive(Debug, PartialEq, Eq)]
struct Arrow {
    from: usize,
    to: usize,
    label: String,
    is_dotted: bool,
}

impl Diagram {
    /// Whether there is nothing in it.
    pub(super) fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// A new box.
    pub(super) fn r#box(&mut self, label: impl Into<String>) -> usize {
        self.boxes.push(label.into());
        self.boxes.len() - 1
    }

    /// The node that is known by `key` in that box, made with this label and look where there is none yet.
    pub(super) fn node(&mut self, within: Option<usize>, key: &str, label: &str, look: Look) -> usize {
        let next = self.nodes.len();
        let at = *self.known.entry((within, key.to_owned())).or_insert(next);
        if at == next {
            self.nodes.push(Node { label: label.to_owned(), within, look });
        }
        at
    }

    /// The node that is known by `key` in that box.
    pub(super) fn find(&self, within: Option<usize>, key: &str) -> Option<usize> {
        self.known.get(&(within, key.to_owned())).copied()
    }

    /// An arrow, once.
    pub(super) fn arrow(&mut self, from: usize, to: usize, label: &str, is_dotted: bool) {
        let arrow = Arrow { from, to, label: label.to_owned(), is_dotted };
        if !self.arrows.contains(&arrow) {
            self.arrows.push(arrow);
        }
    }

    /// How many arrows there are.
    pub(super) fn arrows(&self) -> usize {
        self.arrows.len()
    }

    /// Leaves out the arrows that are not dotted and that others lead around to: what waits for `b`, which waits for
    /// `a`, waits for `a` anyway.
    pub(super) fn shorten(&mut self) {
        let mut next = vec![Vec::new(); self.nodes.len()];
        self.arrows.iter().filter(|arrow| !arrow.is_dotted).for_each(|arrow| next[arrow.from].push(arrow.to));
        let reach = |from: usize, without: usize| {
            let (mut seen, mut open) = (BTreeSet::new(), vec![from]);
            while let Some(node) = open.pop() {
                let to = next[node].iter().filter(|to| node != from || **to != without);
                open.extend(to.copied().filter(|to| seen.insert(*to)));
            }
            seen
        };
        // Around a circle every arrow could be left out for the others.
        let is_needed = |arrow: &Arrow| {
            arrow.is_dotted
                || !reach(arrow.from, arrow.to).contains(&arrow.to)
                || reach(arrow.to, usize::MAX).contains(&arrow.from)
        };
        let needed: Vec<bool> = self.arrows.iter().map(is_needed).collect();
        let mut needed = needed.into_iter();
        self.arrows.retain(|_| needed.next() == Some(true));
    }

    /// In the language of mermaid.
    pub(super) fn mermaid(&self) -> String {
        let mut text = "flowchart LR\n".to_owned();
        self.each(
            |text, number, label| text.push_str(&format!("  subgraph b{number}[\"{}\"]\n", template::mermaid(label))),
            |text, number, node| {
                let (open, close) = if node.look == Look::Round { ("([", "])") } else { ("[", "]") };
                let class = if node.look == Look::Dashed { ":::dashed" } else { "" };
                let label = template::mermaid(&node.label);
                text.push_str(&format!("  n{number}{open}\"{label}\"{close}{class}\n"));
            },
            |text| text.push_str("  end\n"),
            &mut text,
        );
        for Arrow { from, to, label, is_dotted } in &self.arrows {
            let line = if *is_dotted { "-.->" } else { "-->" };
            let label = if label.is_empty() { String::new() } else { format!("|\"{}\"|", template::mermaid(label)) };
            text.push_str(&format!("  n{from} {line}{label} n{to}\n"));
        }
        if self.nodes.iter().any(|node| node.look == Look::Dashed) {
            text.push_str("  classDef dashed stroke-dasharray: 4\n");
        }
        text
    }

    /// In the language of Graphviz.
    pub(super) fn dot(&self) -> String {
        let mut text = "digraph {\n  rankdir=LR\n  node [shape=box]\n".to_owned();
        self.each(
            |text, number, label| {
                text.push_str(&format!("  subgraph cluster_{number} {{\n  label={}\n", quoted(label)));
            },
            |text, number, node| {
                let style = match node.look {
                    Look::Plain => "",
                    Look::Round => ", style=rounded",
                    Look::Dashed => ", style=dashed",
                };
                text.push_str(&format!("  n{number} [label={}{style}]\n", quoted(&node.label)));
            },
            |text| text.push_str("  }\n"),
            &mut text,
        );
        for Arrow { from, to, label, is_dotted } in &self.arrows {
            let mut words = Vec::new();
            if !label.is_empty() {
                words.push(format!("label={}", quoted(label)));
            }
            if *is_dotted {
                words.push("style=dotted".to_owned());
            }
            let words = if words.is_empty() { String::new() } else { format!(" [{}]", words.join(", ")) };
            text.push_str(&format!("  n{from} -> n{to}{words}\n"));
        }
        text + "}\n"
    }

    /// The nodes without a box, then each box with its nodes.
    fn each(
        &self,
        open: impl Fn(&mut String, usize, &str),
        node: impl Fn(&mut String, usize, &Node),
        close: impl Fn(&mut String),
        text: &mut String,
    ) {
        let nodes_of = |text: &mut String, within| {
            let inside = self.nodes.iter().enumerate().filter(|(_, node)| node.within == within);
            inside.for_each(|(number, one)| node(text, number, one));
        };
        nodes_of(text, None);
        for (number, label) in self.boxes.iter().enumerate() {
            open(text, number, label);
            nodes_of(text, Some(number));
            close(text);
        }
    }
}

/// A text between quotes, as Graphviz reads it.
fn quoted(text: &str) -> String {
    let mut out = String::from('"');
    for sign in text.chars() {
        match sign {
            '"' | '\\' => out.extend(['\\', sign]),
            sign if sign.is_control() => out.push(' '),
            sign => out.push(sign),
        }
    }
    out + "\""
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Diagram {
        let mut diagram = Diagram::default();
        let alone = diagram.node(None, "a", "a \"quoted\" [name]\n\\", Look::Round);
        let within = diagram.r#box("the box; of %% things");
        let inside = diagram.node(Some(within), "a", "end", Look::Plain);
        let missing = diagram.node(Some(within), "b", "missing", Look::Dashed);
        diagram.arrow(alone, inside, "", false);
        diagram.arrow(alone, inside, "", false);
        diagram.arrow(inside, missing, "may | so", true);
        diagram
    }

    #[test]
    fn names_keep_their_signs_in_both_languages() {
        insta::assert_snapshot!(sample().mermaid(), @r#"
        flowchart LR
          n0(["a #quot;quoted#quot; #91;name#93; #92;"])
          subgraph b0["the box#59; of #37;#37; things"]
          n1["end"]
          n2["missing"]:::dashed
          end
          n0 --> n1
          n1 -.->|"may #124; so"| n2
          classDef dashed stroke-dasharray: 4
        "#);
        insta::assert_snapshot!(sample().dot(), @r#"
        digraph {
          rankdir=LR
          node [shape=box]
          n0 [label="a \"quoted\" [name] \\", style=rounded]
          subgraph cluster_0 {
          label="the box; of %% things"
          n1 [label="end"]
          n2 [label="missing", style=dashed]
          }
          n0 -> n1
          n1 -> n2 [label="may | so", style=dotted]
        }
        "#);
    }

    #[test]
    fn a_node_is_one_by_what_it_is_known_by() {
        let mut diagram = sample();
        let count = diagram.nodes.len();
        assert_eq!(diagram.node(None, "a", "another label", Look::Plain), 0);
        assert_eq!(diagram.find(Some(0), "b"), Some(2));
        assert_eq!((diagram.nodes.len(), diagram.find(None, "c")), (count, None));
    }

    #[test]
    fn an_arrow_that_others_lead_around_to_is_left_out_but_none_of_a_circle() {
        let shortened = |arrows: &[(usize, usize)]| {
            let mut diagram = Diagram::default();
            for node in 0..4 {
                diagram.node(None, &node.to_string(), "x", Look::Plain);
            }
            arrows.iter().for_each(|(from, to)| diagram.arrow(*from, *to, "", false));
            diagram.shorten();
            diagram.arrows.iter().map(|arrow| (arrow.from, arrow.to)).collect::<Vec<_>>()
        };
        assert_eq!(shortened(&[(0, 1), (1, 2), (0, 2), (2, 3), (0, 3)]), [(0, 1), (1, 2), (2, 3)]);
        assert_eq!(shortened(&[(0, 1), (1, 2), (2, 0), (0, 2)]), [(0, 1), (1, 2), (2, 0), (0, 2)]);
        assert_eq!(shortened(&[(0, 1), (0, 2)]), [(0, 1), (0, 2)]);
    }
}
