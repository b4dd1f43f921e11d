//! Filter expressions: reading them and asking them of a JSON object.

use serde_json::Value;

use super::lexer::{Token, syntax, tokens};
use crate::error::Failure;

/// A filter expression.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Filter {
    And(Box<Filter>, Box<Filter>),
    Or(Box<Filter>, Box<Filter>),
    Not(Box<Filter>),
    Compare {
        path: String,
        operator: Operator,
        literal: Value,
    },
    /// `startswith`, `endswith` or `contains`.
    Text {
        function: TextFunction,
        path: String,
        literal: String,
    },
    In {
        path: String,
        literals: Vec<Value>,
    },
    /// `path/any(x:…)`; without a condition it asks whether the list holds anything.
    Any {
        path: String,
        variable: String,
        condition: Option<Box<Filter>>,
    },
    /// A bare Boolean property.
    Truth(String),
}

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    Equal,
    NotEqual,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
}

/// A function on text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TextFunction {
    StartsWith,
    EndsWith,
    Contains,
}

impl Filter {
    /// Reads an expression.
    pub(crate) fn parse(expression: &str) -> Result<Self, Failure> {
        let mut reader = Reader {
            words: tokens(expression)?,
            at: 0,
            depth: 0,
        };
        let filter = reader.disjunction()?;
        if reader.at < reader.words.len() {
            return Err(syntax("something follows the end of the expression"));
        }
        Ok(filter)
    }

    /// The text that a property has in every object that satisfies the expression, when it demands one: an index can
    /// then find them.
    pub(crate) fn demanded(&self, property: &str) -> Option<&str> {
        match self {
            Self::Compare {
                path,
                operator: Operator::Equal,
                literal,
            } if path == property => literal.as_str(),
            Self::And(first, second) => first.demanded(property).or_else(|| second.demanded(property)),
            _ => None,
        }
    }

    /// Whether an object satisfies the expression.
    pub(crate) fn holds(&self, object: &Value) -> bool {
        self.holds_with(object, None)
    }

    fn holds_with(&self, object: &Value, variable: Option<(&str, &Value)>) -> bool {
        match self {
            Self::And(left, right) => left.holds_with(object, variable) && right.holds_with(object, variable),
            Self::Or(left, right) => left.holds_with(object, variable) || right.holds_with(object, variable),
            Self::Not(inner) => !inner.holds_with(object, variable),
            Self::Compare {
                path,
                operator,
                literal,
            } => match path.strip_suffix(COUNT) {
                // A list that is not there is empty.
                Some(list) => {
                    let length = value_at(object, list, variable).as_array().map_or(0, Vec::len);
                    compare(&Value::from(length), *operator, literal)
                }
                None => compare(value_at(object, path, variable), *operator, literal),
            },
            Self::Text {
                function,
                path,
                literal,
            } => {
                let Some(text) = value_at(object, path, variable).as_str() else {
                    return false;
                };
                let (text, literal) = (text.to_lowercase(), literal.to_lowercase());
                match function {
                    TextFunction::StartsWith => text.starts_with(&literal),
                    TextFunction::EndsWith => text.ends_with(&literal),
                    TextFunction::Contains => text.contains(&literal),
                }
            }
            Self::In { path, literals } => {
                let value = value_at(object, path, variable);
                literals.iter().any(|literal| compare(value, Operator::Equal, literal))
            }
            Self::Any {
                path,
                variable: name,
                condition,
            } => match value_at(object, path, variable).as_array() {
                None => false,
                Some(items) => match condition {
                    None => !items.is_empty(),
                    Some(condition) => items
                        .iter()
                        .any(|item| condition.holds_with(object, Some((name, item)))),
                },
            },
            Self::Truth(path) => value_at(object, path, variable) == &Value::Bool(true),
        }
    }

    /// The first operator that only the index of the directory answers: `ne`, `not`, `endswith`, `$count`.
    pub(crate) fn first_of_index(&self) -> Option<&'static str> {
        match self {
            Self::And(left, right) | Self::Or(left, right) => left.first_of_index().or_else(|| right.first_of_index()),
            Self::Not(_) => Some("not"),
            Self::Compare { path, .. } if path.ends_with(COUNT) => Some("$count"),
            Self::Compare {
                operator: Operator::NotEqual,
                ..
            } => Some("ne"),
            Self::Text {
                function: TextFunction::EndsWith,
                ..
            } => Some("endswith"),
            Self::Any { condition, .. } => condition.as_ref().and_then(|condition| condition.first_of_index()),
            _ => None,
        }
    }

    /// Calls `visit` with every property path asked about and the part of the expression that asks.
    pub(crate) fn visit(&self, visit: &mut dyn FnMut(&str, &Filter) -> Result<(), Failure>) -> Result<(), Failure> {
        match self {
            Self::And(left, right) | Self::Or(left, right) => {
                left.visit(visit)?;
                right.visit(visit)
            }
            Self::Not(inner) => inner.visit(visit),
            Self::Compare { path, .. } | Self::Text { path, .. } | Self::In { path, .. } | Self::Truth(path) => {
                visit(path, self)
            }
            Self::Any { path, .. } => visit(path, self),
        }
    }
}

/// The end of a path that asks for the number of items in a list.
const COUNT: &str = "/$count";

static NULL: Value = Value::Null;

fn value_at<'a>(object: &'a Value, path: &str, variable: Option<(&str, &'a Value)>) -> &'a Value {
    let mut steps = path.split('/');
    let first = steps.next().unwrap_or_default();
    let start = match variable {
        Some((name, value)) if name == first => value,
        _ => object.get(first).unwrap_or(&NULL),
    };
    steps.fold(start, |value, step| value.get(step).unwrap_or(&NULL))
}

fn compare(value: &Value, operator: Operator, literal: &Value) -> bool {
    use std::cmp::Ordering;
    let ordering = match (value, literal) {
        (Value::String(a), Value::String(b)) => Some(a.to_lowercase().cmp(&b.to_lowercase())),
        (Value::Number(a), Value::Number(b)) => a.as_f64().partial_cmp(&b.as_f64()),
        (Value::Bool(a), Value::Bool(b)) => Some(a.cmp(b)),
        (Value::Null, Value::Null) => Some(Ordering::Equal),
        _ => None,
    };
    match operator {
        Operator::Equal => ordering == Some(Ordering::Equal),
        Operator::NotEqual => ordering != Some(Ordering::Equal),
        Operator::Greater => ordering == Some(Ordering::Greater),
        Operator::GreaterOrEqual => matches!(ordering, Some(Ordering::Greater | Ordering::Equal)),
        Operator::Less => ordering == Some(Ordering::Less),
        Operator::LessOrEqual => matches!(ordering, Some(Ordering::Less | Ordering::Equal)),
    }
}

/// A chain becomes a tree as deep as it is long.
fn check_length(length: usize) -> Result<(), Failure> {
    if length > MAXIMUM_LENGTH {
        Err(syntax("it has too many terms"))
    } else {
        Ok(())
    }
}

struct Reader {
    words: Vec<Token>,
    at: usize,
    depth: usize,
}

/// Maximum depth of an expression; deeper ones would exhaust the stack.
const MAXIMUM_DEPTH: usize = 100;
/// Maximum number of terms that `and` or `or` may join.
const MAXIMUM_LENGTH: usize = 1000;

impl Reader {
    fn peek(&self) -> Option<&Token> {
        self.words.get(self.at)
    }

    fn next(&mut self) -> Option<Token> {
        let token = self.words.get(self.at).cloned();
        self.at += 1;
        token
    }

    fn takes_keyword(&mut self, keyword: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Word(word)) if word == keyword);
        if found {
            self.at += 1;
        }
        found
    }

    fn expect(&mut self, token: &Token, reason: &str) -> Result<(), Failure> {
        if self.next().as_ref() == Some(token) {
            Ok(())
        } else {
            Err(syntax(reason))
        }
    }

    fn disjunction(&mut self) -> Result<Filter, Failure> {
        let mut left = self.conjunction()?;
        let mut length = 0;
        while self.takes_keyword("or") {
            length += 1;
            check_length(length)?;
            left = Filter::Or(Box::new(left), Box::new(self.conjunction()?));
        }
        Ok(left)
    }

    fn conjunction(&mut self) -> Result<Filter, Failure> {
        let mut left = self.term()?;
        let mut length = 0;
        while self.takes_keyword("and") {
            length += 1;
            check_length(length)?;
            left = Filter::And(Box::new(left), Box::new(self.term()?));
        }
        Ok(left)
    }

    fn term(&mut self) -> Result<Filter, Failure> {
        self.depth += 1;
        if self.depth > MAXIMUM_DEPTH {
            return Err(syntax("it is nested too deeply"));
        }
        let term = self.nested_term();
        self.depth -= 1;
        term
    }

    fn nested_term(&mut self) -> Result<Filter, Failure> {
        if self.takes_keyword("not") {
            return Ok(Filter::Not(Box::new(self.term()?)));
        }
        if self.peek() == Some(&Token::Open) {
            self.at += 1;
            let inner = self.disjunction()?;
            self.expect(&Token::Close, "a parenthesis is not closed")?;
            return Ok(inner);
        }
        let Some(Token::Word(word)) = self.next() else {
            return Err(syntax("a property name is missing"));
        };
        if self.peek() == Some(&Token::Open) {
            self.at += 1;
            return self.call(&word);
        }
        self.comparison(word)
    }

    fn call(&mut self, name: &str) -> Result<Filter, Failure> {
        if let Some(path) = name.strip_suffix("/any") {
            return self.any(path);
        }
        let function = match name.to_ascii_lowercase().as_str() {
            "startswith" => TextFunction::StartsWith,
            "endswith" => TextFunction::EndsWith,
            "contains" => TextFunction::Contains,
            _ => return Err(syntax(&format!("the function '{name}' is not known"))),
        };
        let Some(Token::Word(path)) = self.next() else {
            return Err(syntax("a function lacks its property"));
        };
        self.expect(&Token::Comma, "a function lacks its second argument")?;
        let Some(Token::Text(literal)) = self.next() else {
            return Err(syntax("a function lacks its literal"));
        };
        self.expect(&Token::Close, "a parenthesis is not closed")?;
        // `startswith(a,'b') eq true` is the same question.
        if self.takes_keyword("eq") {
            let truth = self.takes_keyword("true");
            if !truth && !self.takes_keyword("false") {
                return Err(syntax("a function can only be compared with true or false"));
            }
            let filter = Filter::Text {
                function,
                path,
                literal,
            };
            return Ok(if truth { filter } else { Filter::Not(Box::new(filter)) });
        }
        Ok(Filter::Text {
            function,
            path,
            literal,
        })
    }

    fn any(&mut self, path: &str) -> Result<Filter, Failure> {
        let path = path.to_owned();
        if self.peek() == Some(&Token::Close) {
            self.at += 1;
            return Ok(Filter::Any {
                path,
                variable: String::new(),
                condition: None,
            });
        }
        let Some(Token::Word(variable)) = self.next() else {
            return Err(syntax("'any' lacks its variable"));
        };
        self.expect(&Token::Colon, "'any' lacks the colon after its variable")?;
        let condition = Some(Box::new(self.disjunction()?));
        self.expect(&Token::Close, "a parenthesis is not closed")?;
        Ok(Filter::Any {
            path,
            variable,
            condition,
        })
    }

    fn comparison(&mut self, path: String) -> Result<Filter, Failure> {
        let operator = match self.peek() {
            Some(Token::Word(word)) => match word.as_str() {
                "eq" => Operator::Equal,
                "ne" => Operator::NotEqual,
                "gt" => Operator::Greater,
                "ge" => Operator::GreaterOrEqual,
                "lt" => Operator::Less,
                "le" => Operator::LessOrEqual,
                "in" => {
                    self.at += 1;
                    return self.membership(path);
                }
                "and" | "or" => return Ok(Filter::Truth(path)),
                other => return Err(syntax(&format!("'{other}' is not an operator"))),
            },
            None | Some(Token::Close) => return Ok(Filter::Truth(path)),
            Some(_) => return Err(syntax("an operator is missing")),
        };
        self.at += 1;
        Ok(Filter::Compare {
            path,
            operator,
            literal: self.literal()?,
        })
    }

    fn membership(&mut self, path: String) -> Result<Filter, Failure> {
        self.expect(&Token::Open, "'in' lacks its list")?;
        let mut literals = vec![self.literal()?];
        loop {
            match self.next() {
                Some(Token::Comma) => literals.push(self.literal()?),
                Some(Token::Close) => return Ok(Filter::In { path, literals }),
                _ => return Err(syntax("the list of 'in' does not end")),
            }
        }
    }

    fn literal(&mut self) -> Result<Value, Failure> {
        match self.next() {
            Some(Token::Text(text)) => Ok(Value::String(text)),
            Some(Token::Number(number)) => serde_json::Number::from_f64(number)
                .map(Value::Number)
                .ok_or_else(|| syntax("a number is not finite")),
            Some(Token::Word(word)) => match word.as_str() {
                "null" => Ok(Value::Null),
                "true" => Ok(Value::Bool(true)),
                "false" => Ok(Value::Bool(false)),
                other => Err(syntax(&format!("'{other}' is not a literal"))),
            },
            _ => Err(syntax("a literal is missing")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn ask(expression: &str) -> bool {
        let object = json!({"a": "x", "b": true, "n": 3, "list": ["p", "q"], "none": null});
        Filter::parse(expression).unwrap().holds(&object)
    }

    #[test]
    fn expressions_hold_or_not() {
        for expression in [
            "a eq 'x'",
            "a ne 'y' and b eq true",
            "not (a eq 'y')",
            "not a eq 'y'",
            "a eq 'y' or n ge 3",
            "list/any(c:c eq 'q')",
            "list/any()",
            "startswith(a,'X')",
            "startswith(a,'x') eq true",
            "none eq null",
            "a in ('w','x')",
            "b",
            "a eq 'y' and a eq 'y' or b",
        ] {
            assert!(ask(expression), "{expression}");
        }
        for expression in [
            "a eq 'y'",
            "list/any(c:c eq 'z')",
            "contains(a,'y')",
            "missing eq 'x'",
            "n lt 3",
        ] {
            assert!(!ask(expression), "{expression}");
        }
    }

    #[test]
    fn malformed_expressions_are_refused() {
        for expression in [
            "",
            "a",
            "a eq",
            "a eq 'x",
            "(a eq 'x'",
            "a like 'x'",
            "a eq 'x' 'y'",
            "a eq \u{2018}x\u{2019}",
            "f(a)",
        ] {
            let parsed = Filter::parse(expression);
            assert!(parsed.is_err() || expression == "a", "{expression}: {parsed:?}");
        }
    }
}
