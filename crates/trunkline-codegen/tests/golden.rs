//! Generated text, compared with `tests/golden`. After a change that is meant: `TRUNKLINE_UPDATE=1 cargo test -p
//! trunkline-codegen`, and look at the difference.

use std::path::{Path, PathBuf};

use trunkline_codegen::{
    Difference, Example, Examples, Options, OutputFile, StandaloneCrate, Target, call_tests, catalogue, check,
    generate, generate_node, generate_python, generate_reference, write,
};
use trunkline_spec::Model;
use trunkline_spec::interface::Interface;

/// Text that tries to get out of every kind of quote and comment.
const HOSTILE: &str = "a\"b'''c\"\"\"d*/e/*f\\g\n#h\r`i`\u{202e}j{k}\u{0}```rust\nl";

fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden")
}

fn spec() -> Model {
    trunkline_spec::read_spec(&golden().join("spec")).unwrap().model
}

fn metadata() -> Model {
    trunkline_spec::read_csdl(&golden().join("metadata.csdl")).unwrap()
}

fn standalone() -> Options {
    Options {
        target: Target::StandaloneCrate(StandaloneCrate {
            name: "golden".to_owned(),
            core_path: "../../../crates/trunkline-core".to_owned(),
            emulator_path: Some("../../../crates/trunkline-emulator".to_owned()),
        }),
    }
}

fn slice() -> Options {
    Options { target: Target::Slice }
}

#[track_caller]
fn compare(files: &[OutputFile], folder: &str) {
    let folder = golden().join(folder);
    if std::env::var_os("TRUNKLINE_UPDATE").is_some() {
        write(files, &folder).unwrap();
    }
    assert_eq!(
        check(files, &folder).unwrap(),
        [],
        "generated text differs from {}",
        folder.display()
    );
}

#[test]
fn a_spec_becomes_what_it_was() {
    compare(&generate(&spec(), &slice()).unwrap(), "slice");
    compare(&generate_reference(&spec()), "reference");
    compare(&generate_python(&spec(), &Interface::default()), "python/hostile");
    compare(&generate_node(&spec(), &Interface::default()), "node/hostile");
}

/// Values that try to get out of their quotes, in the calls of the reference.
#[test]
fn calls_become_what_they_were() {
    let example = |path: &str, arguments: serde_json::Value| Example {
        path: path.to_owned(),
        arguments: arguments.as_object().cloned().unwrap_or_default(),
    };
    let examples = Examples::from([
        (
            "strings.create".to_owned(),
            example("/fn/a\"b\\c/string", serde_json::json!({ "call": HOSTILE })),
        ),
        (
            "strings.list".to_owned(),
            example(
                "/fn/a'b/string/list",
                serde_json::json!({ "self": "x\"y", "send": { "value": HOSTILE } }),
            ),
        ),
    ]);
    compare(
        &[call_tests(&spec(), &examples), catalogue(&spec(), &examples)],
        "calls",
    );
}

#[test]
fn metadata_becomes_what_it_was() {
    compare(&generate(&metadata(), &standalone()).unwrap(), "standalone");
    compare(&generate_python(&metadata(), &Interface::default()), "python/metadata");
    compare(&generate_node(&metadata(), &Interface::default()), "node/metadata");
}

/// Metadata as other services and other writers of CSDL have it. `compiled.rs` compiles the generated code.
#[test]
fn what_odata_allows_becomes_what_it_was() {
    for entry in std::fs::read_dir(golden().join("odata")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "csdl") {
            let model = trunkline_spec::read_csdl(&path).unwrap();
            let name = path.file_stem().unwrap().to_str().unwrap();
            compare(&generate(&model, &slice()).unwrap(), &format!("odata/{name}"));
        }
    }
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    assert_eq!(
        generate(&spec(), &slice()).unwrap(),
        generate(&spec(), &slice()).unwrap()
    );
    assert_eq!(
        generate(&metadata(), &standalone()).unwrap(),
        generate(&metadata(), &standalone()).unwrap()
    );
    assert_eq!(
        generate_python(&metadata(), &Interface::default()),
        generate_python(&metadata(), &Interface::default())
    );
    assert_eq!(
        generate_node(&metadata(), &Interface::default()),
        generate_node(&metadata(), &Interface::default())
    );
}

#[test]
fn hostile_text_stays_text() {
    let hostile = |text: &mut String| text.push_str(HOSTILE);
    let mut model = spec();
    for r#type in &mut model.types {
        hostile(&mut r#type.name.name);
        hostile(&mut r#type.documentation);
        for property in &mut r#type.properties {
            hostile(&mut property.name);
            hostile(&mut property.documentation);
        }
        for navigation in &mut r#type.navigation {
            hostile(&mut navigation.name);
            hostile(&mut navigation.documentation);
        }
    }
    for r#enum in &mut model.enums {
        hostile(&mut r#enum.name.name);
        r#enum.members.iter_mut().for_each(|member| hostile(&mut member.name));
    }
    for callable in &mut model.callables {
        hostile(&mut callable.name.name);
        callable
            .parameters
            .iter_mut()
            .for_each(|parameter| hostile(&mut parameter.name));
    }
    for operation in &mut model.operations {
        for text in [&mut operation.id, &mut operation.title, &mut operation.documentation] {
            hostile(text);
        }
        operation.paths.iter_mut().for_each(|path| hostile(&mut path.path));
        if let Some(body) = &mut operation.body {
            body.required.iter_mut().chain(&mut body.optional).for_each(hostile);
        }
    }
    for root in &mut model.roots {
        hostile(&mut root.name);
    }
    let plain = count_items(&generate(&spec(), &slice()).unwrap());
    let files = generate(&model, &slice()).unwrap();
    // As many items as without: nothing was added by what the names say.
    assert_eq!(count_items(&files), plain);
    for file in generate(&model, &standalone())
        .unwrap()
        .iter()
        .chain(&generate_reference(&model))
    {
        let text = std::str::from_utf8(&file.contents).unwrap();
        assert!(
            !text.contains('\u{202e}') && !text.contains('\0') && !text.contains('\r'),
            "{}",
            file.path
        );
    }
    let languages = [
        (
            generate_node(&model, &Interface::default()),
            generate_node(&spec(), &Interface::default()),
            [("/*", "*/"), ("//", "\n")],
        ),
        (
            generate_python(&model, &Interface::default()),
            generate_python(&spec(), &Interface::default()),
            [("\"\"\"", "\"\"\""), ("#", "\n")],
        ),
    ];
    for (files, plain, comments) in languages {
        for (file, plain) in files.iter().zip(&plain) {
            let [bare, plain] =
                [file, plain].map(|file| without(std::str::from_utf8(&file.contents).unwrap(), comments));
            let strange = bare.find(|found: char| !found.is_ascii() || "`'\"#\\\r\0".contains(found));
            assert_eq!(strange.map(|at| &bare[at.saturating_sub(80)..]), None, "{}", file.path);
            // Longer names need no more statements.
            assert_eq!(
                bare.lines().filter(declares).count(),
                plain.lines().filter(declares).count()
            );
        }
    }
}

/// Whether a line of TypeScript or Python begins a declaration that others see.
fn declares(line: &&str) -> bool {
    line.starts_with("export ") || line.starts_with("class ") || line.starts_with("import ")
}

/// A text of TypeScript or Python without its comments, and with empty strings.
fn without(text: &str, comments: [(&str, &str); 2]) -> String {
    let (mut bare, mut rest) = (String::new(), text);
    while let Some(first) = rest.chars().next() {
        if let Some((open, close)) = comments.iter().find(|(open, _)| rest.starts_with(open)) {
            let end = rest[open.len()..].find(close).expect("comments end");
            rest = &rest[open.len() + end + if *close == "\n" { 0 } else { close.len() }..];
        } else if first == '"' {
            let mut escaped = false;
            let end = rest[1..].find(|found: char| {
                let ends = found == '"' && !escaped;
                escaped = found == '\\' && !escaped;
                ends
            });
            rest = &rest[end.expect("strings end") + 2..];
        } else {
            bare.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    bare
}

/// How many items each file has. Imports do not count: they follow from which names are free.
fn count_items(files: &[OutputFile]) -> Vec<(String, usize)> {
    let sources = files.iter().filter(|file| file.path.ends_with(".rs"));
    sources
        .map(|file| {
            let parsed = syn::parse_file(std::str::from_utf8(&file.contents).unwrap()).unwrap();
            let items = parsed.items.iter().filter(|item| !matches!(item, syn::Item::Use(_)));
            (file.path.clone(), items.count())
        })
        .collect()
}

#[test]
fn only_what_changed_is_written_and_what_is_stale_goes() {
    let folder = tempfile::tempdir().unwrap();
    let file = |path: &str, text: &str| OutputFile {
        path: path.to_owned(),
        contents: text.into(),
    };
    let files = [file("a.rs", "one"), file("sub/b.rs", "two")];
    let missing = [
        Difference::Missing("a.rs".to_owned()),
        Difference::Missing("sub/b.rs".to_owned()),
    ];
    assert_eq!(check(&files, folder.path()).unwrap(), missing);
    assert!(!folder.path().join("a.rs").exists(), "check writes nothing");
    assert_eq!(write(&files, folder.path()).unwrap(), missing);
    let before = std::fs::metadata(folder.path().join("a.rs"))
        .unwrap()
        .modified()
        .unwrap();
    assert_eq!(write(&files, folder.path()).unwrap(), []);
    assert_eq!(
        std::fs::metadata(folder.path().join("a.rs"))
            .unwrap()
            .modified()
            .unwrap(),
        before
    );
    let files = [file("a.rs", "other")];
    let changed = [
        Difference::Changed("a.rs".to_owned()),
        Difference::Stale("sub/b.rs".to_owned()),
    ];
    assert_eq!(write(&files, folder.path()).unwrap(), changed);
    assert!(!folder.path().join("sub/b.rs").exists());
}
