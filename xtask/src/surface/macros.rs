//! Calls of macros that declare something: `open_enum! { pub enum Colour = "colour" { Red = "red" } }`.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use super::items::Line;
use super::print;
use super::sources::name_of;

/// The items that the call of a macro declares.
pub(super) struct Declared {
    /// Its name.
    pub(super) name: String,
    /// Whether it can be named from everywhere.
    pub(super) public: bool,
    /// `enum` or `struct`.
    kind: String,
    /// The tokens between its name and its members.
    rest: String,
    /// Its members.
    members: Vec<String>,
}

/// Reads the call of a macro; `None` if it declares neither an enumeration nor a struct, and is not given just a name.
pub(super) fn declared(call: &syn::Macro) -> Option<Declared> {
    let mut tokens = without_attributes(call.tokens.clone()).into_iter().peekable();
    if let Some(name) = only_name(&tokens) {
        return Some(Declared {
            name,
            public: true,
            kind: format!("{}!", print::path(&call.path)),
            rest: String::new(),
            members: Vec::new(),
        });
    }
    let public = is_word(tokens.peek(), "pub");
    if public {
        tokens.next();
    }
    let kind = match tokens.next()? {
        TokenTree::Ident(word) if word == "enum" || word == "struct" => word.to_string(),
        _ => return None,
    };
    let TokenTree::Ident(name) = tokens.next()? else {
        return None;
    };
    let mut rest = TokenStream::new();
    let mut members = Vec::new();
    for token in tokens {
        match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => members = split(group.stream()),
            token => rest.extend([token]),
        }
    }
    let rest = print::tokens(&rest);
    Some(Declared {
        name: name_of(&name),
        public,
        kind,
        rest: if rest.is_empty() { rest } else { format!(" {rest}") },
        members,
    })
}

impl Declared {
    /// The lines of it.
    pub(super) fn lines(&self, path: &str) -> Vec<Line> {
        let Self { kind, rest, .. } = self;
        let member = if kind == "enum" { "variant" } else { "member" };
        let mut lines = vec![(path.to_owned(), format!("pub {kind} {path}{rest}"))];
        for text in &self.members {
            let name = format!("{path}::{text}");
            lines.push((name.clone(), format!("{member} {name}")));
        }
        lines
    }
}

/// The tokens of a call, without its documentation.
pub(super) fn call(tokens: &TokenStream) -> String {
    print::tokens(&without_attributes(tokens.clone()))
}

/// The name, if there is nothing else.
fn only_name(tokens: &(impl Iterator<Item = TokenTree> + Clone)) -> Option<String> {
    let mut tokens = tokens.clone();
    match (tokens.next(), tokens.next()) {
        (Some(TokenTree::Ident(name)), None) => Some(name_of(&name)),
        _ => None,
    }
}

fn is_word(token: Option<&TokenTree>, word: &str) -> bool {
    matches!(token, Some(TokenTree::Ident(own)) if own == word)
}

/// The parts between commas.
fn split(tokens: TokenStream) -> Vec<String> {
    let mut parts = vec![TokenStream::new()];
    for token in without_attributes(tokens) {
        match (&token, parts.last_mut()) {
            (TokenTree::Punct(mark), _) if mark.as_char() == ',' => parts.push(TokenStream::new()),
            (_, Some(part)) => part.extend([token]),
            (_, None) => {}
        }
    }
    parts
        .iter()
        .map(print::tokens)
        .filter(|part| !part.is_empty())
        .collect()
}

/// Takes out `#[…]`, at every depth.
fn without_attributes(tokens: TokenStream) -> TokenStream {
    let mut kept = TokenStream::new();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        let is_attribute = matches!(&token, TokenTree::Punct(mark) if mark.as_char() == '#')
            && matches!(tokens.peek(), Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Bracket);
        if is_attribute {
            tokens.next();
            continue;
        }
        kept.extend([match token {
            TokenTree::Group(group) => TokenTree::Group(proc_macro2::Group::new(
                group.delimiter(),
                without_attributes(group.stream()),
            )),
            token => token,
        }]);
    }
    kept
}

#[cfg(test)]
mod tests {
    use syn::parse_quote;

    use super::*;

    #[test]
    fn an_enumeration_is_declared_by_a_macro() {
        let call = parse_quote! { open_enum! {
            /// Words.
            pub enum Colour = "villa.colour" {
                /// Red.
                Red = "red",
                Blue = "blue",
            }
        } };
        let declared = declared(&call).unwrap();
        assert!(declared.public);
        let lines: Vec<String> = declared.lines("a::Colour").into_iter().map(|(_, line)| line).collect();
        assert_eq!(
            lines,
            [
                "pub enum a::Colour = \"villa.colour\"",
                "variant a::Colour::Red = \"red\"",
                "variant a::Colour::Blue = \"blue\"",
            ]
        );
    }

    #[test]
    fn a_name_alone_is_declared() {
        let declared = declared(&parse_quote!(text! { /** Words. */ Duration })).unwrap();
        assert_eq!(
            declared.lines("a::Duration"),
            [("a::Duration".to_owned(), "pub text! a::Duration".to_owned())]
        );
    }

    #[test]
    fn other_calls_declare_nothing() {
        let macro_call: syn::Macro = parse_quote!(record! { Room = "villa.room" { 0 doors = "doors" } });
        assert!(declared(&macro_call).is_none());
        assert_eq!(
            call(&macro_call.tokens),
            "Room = \"villa.room\" { 0 doors = \"doors\" }"
        );
    }
}
