//! CSDL that the reader refuses, and the words of each error.

mod support;

use support::{document, refusal};

/// Cases with content of a schema, which begins in line 4.
const SCHEMAS: &[(&str, &str)] = &[
    (
        "unknown type",
        "\n<ComplexType Name=\"c\">\n<Property Name=\"p\" Type=\"self.gone\" /></ComplexType>",
    ),
    (
        "unknown edm type",
        "<ComplexType Name=\"c\"><Property Name=\"p\" Type=\"Edm.Strong\" /></ComplexType>",
    ),
    (
        "unknown namespace",
        "<ComplexType Name=\"c\"><Property Name=\"p\" Type=\"Org.OData.X\" /></ComplexType>",
    ),
    (
        "type without namespace",
        "<ComplexType Name=\"c\"><Property Name=\"p\" Type=\"String\" /></ComplexType>",
    ),
    (
        "open collection",
        "<ComplexType Name=\"c\"><Property Name=\"p\" Type=\"Collection(Edm.Int32\" /></ComplexType>",
    ),
    (
        "nested collection",
        "<ComplexType Name=\"c\"><Property Name=\"p\" Type=\"Collection(Collection(Edm.Int32))\" /></ComplexType>",
    ),
    (
        "empty type",
        "<ComplexType Name=\"c\"><Property Name=\"p\" Type=\"\" /></ComplexType>",
    ),
    (
        "missing type",
        "<ComplexType Name=\"c\"><Property Name=\"p\" /></ComplexType>",
    ),
    ("missing name", "<ComplexType />"),
    ("own base", "<EntityType Name=\"a\" BaseType=\"self.a\" />"),
    (
        "cycle",
        "<EntityType Name=\"a\" BaseType=\"self.b\" />\n<EntityType Name=\"b\" BaseType=\"self.c\" />\n<EntityType Name=\"c\" BaseType=\"self.b\" />",
    ),
    ("unresolved base", "<EntityType Name=\"a\" BaseType=\"self.gone\" />"),
    (
        "base of another kind",
        "<EntityType Name=\"a\" BaseType=\"self.c\" /><ComplexType Name=\"c\" />",
    ),
    (
        "base is an enum",
        "<EntityType Name=\"a\" BaseType=\"self.e\" /><EnumType Name=\"e\" />",
    ),
    (
        "base is a collection",
        "<EntityType Name=\"a\" BaseType=\"Collection(self.b)\" /><EntityType Name=\"b\" />",
    ),
    (
        "same name twice",
        "<EntityType Name=\"a\" />\n<EntityType Name=\"a\" />",
    ),
    (
        "same name, other kind",
        "<EntityType Name=\"a\" />\n<EnumType Name=\"a\" />",
    ),
    (
        "same name, definition",
        "<EntityType Name=\"a\" />\n<TypeDefinition Name=\"a\" UnderlyingType=\"Edm.String\" />",
    ),
    (
        "same property twice",
        "<ComplexType Name=\"c\"><Property Name=\"p\" Type=\"Edm.Int32\" />\n<Property Name=\"p\" Type=\"Edm.Int32\" /></ComplexType>",
    ),
    (
        "property and navigation",
        "<EntityType Name=\"c\"><Property Name=\"p\" Type=\"Edm.Int32\" />\n<NavigationProperty Name=\"p\" Type=\"self.c\" /></EntityType>",
    ),
    (
        "inherited property",
        "<ComplexType Name=\"a\"><Property Name=\"p\" Type=\"Edm.Int32\" /></ComplexType>\n<ComplexType Name=\"b\" BaseType=\"self.a\"><Property Name=\"p\" Type=\"Edm.Int32\" /></ComplexType>",
    ),
    (
        "key that is no property",
        "<EntityType Name=\"a\"><Key><PropertyRef Name=\"id\" /></Key></EntityType>",
    ),
    ("empty key", "<EntityType Name=\"a\"><Key /></EntityType>"),
    ("key of a complex type", "<ComplexType Name=\"a\"><Key /></ComplexType>"),
    (
        "navigation to a complex type",
        "<EntityType Name=\"a\"><NavigationProperty Name=\"n\" Type=\"self.c\" /></EntityType><ComplexType Name=\"c\" />",
    ),
    (
        "same member twice",
        "<EnumType Name=\"e\"><Member Name=\"a\" Value=\"0\" />\n<Member Name=\"a\" Value=\"1\" /></EnumType>",
    ),
    (
        "value too large",
        "<EnumType Name=\"e\" UnderlyingType=\"Edm.Byte\"><Member Name=\"a\" Value=\"256\" /></EnumType>",
    ),
    (
        "value not a number",
        "<EnumType Name=\"e\"><Member Name=\"a\" Value=\"0x1\" /></EnumType>",
    ),
    (
        "value beyond 64 bits",
        "<EnumType Name=\"e\"><Member Name=\"a\" Value=\"9223372036854775808\" /></EnumType>",
    ),
    (
        "counted beyond the type",
        "<EnumType Name=\"e\" UnderlyingType=\"Edm.Byte\"><Member Name=\"a\" Value=\"255\" />\n<Member Name=\"b\" /></EnumType>",
    ),
    (
        "concurrency mode",
        "<ComplexType Name=\"c\"><Property Name=\"p\" Type=\"Edm.String\" ConcurrencyMode=\"Loose\" /></ComplexType>",
    ),
    (
        "update method",
        "<EntityType Name=\"e\"><Annotation Term=\"Org.OData.Capabilities.V1.UpdateRestrictions\"><Record>\n<PropertyValue Property=\"UpdateMethod\" EnumMember=\"Org.OData.Capabilities.V1.HttpMethod/DELETE\" /></Record></Annotation></EntityType>",
    ),
    (
        "hyphens",
        "<ComplexType Name=\"c\"><Property Name=\"a--b\" Type=\"Edm.String\" /></ComplexType>",
    ),
    (
        "flags without values",
        "<EnumType Name=\"e\" IsFlags=\"true\"><Member Name=\"a\" /></EnumType>",
    ),
    (
        "underlying type",
        "<EnumType Name=\"e\" UnderlyingType=\"Edm.String\" />",
    ),
    (
        "definition of a definition",
        "<TypeDefinition Name=\"t\" UnderlyingType=\"self.u\" />",
    ),
    ("bound to nothing", "<Action Name=\"a\" IsBound=\"true\" />"),
    ("function without result", "<Function Name=\"f\" />"),
    (
        "two results",
        "<Action Name=\"a\"><ReturnType Type=\"Edm.Int32\" /><ReturnType Type=\"Edm.Int32\" /></Action>",
    ),
    (
        "same parameter twice",
        "<Action Name=\"a\"><Parameter Name=\"p\" Type=\"Edm.Int32\" />\n<Parameter Name=\"p\" Type=\"Edm.Int32\" /></Action>",
    ),
    ("same overload twice", "<Action Name=\"a\" />\n<Action Name=\"a\" />"),
    (
        "two containers",
        "<EntityContainer Name=\"a\" />\n<EntityContainer Name=\"b\" />",
    ),
    ("extended container", "<EntityContainer Name=\"a\" Extends=\"b.c\" />"),
    (
        "container that extends itself",
        "<EntityContainer Name=\"a\" Extends=\"ns.a\" />",
    ),
    (
        "containers that extend one another",
        "<EntityContainer Name=\"a\" />\n<EntityContainer Name=\"b\" Extends=\"self.c\" />\n<EntityContainer Name=\"c\" Extends=\"self.b\" />",
    ),
    (
        "root of the extended container again",
        "<EntityType Name=\"e\" /><EntityContainer Name=\"a\"><Singleton Name=\"s\" Type=\"self.e\" /></EntityContainer>\n<EntityContainer Name=\"b\" Extends=\"self.a\"><Singleton Name=\"s\" Type=\"self.e\" /></EntityContainer>",
    ),
    (
        "same root twice",
        "<EntityType Name=\"e\" /><EntityContainer Name=\"a\"><EntitySet Name=\"s\" EntityType=\"self.e\" />\n<Singleton Name=\"s\" Type=\"self.e\" /></EntityContainer>",
    ),
    (
        "root of a complex type",
        "<ComplexType Name=\"c\" /><EntityContainer Name=\"a\"><Singleton Name=\"s\" Type=\"self.c\" /></EntityContainer>",
    ),
    (
        "unknown element",
        "<EntityType Name=\"e\">\n<Properties /></EntityType>",
    ),
    (
        "element in the wrong place",
        "<Property Name=\"p\" Type=\"Edm.String\" />",
    ),
    ("unknown attribute", "<EntityType Name=\"e\" Colour=\"red\" />"),
    ("neither true nor false", "<EntityType Name=\"e\" Abstract=\"yes\" />"),
    ("text", "<EntityType Name=\"e\">text</EntityType>"),
    ("character data", "<EntityType Name=\"e\"><![CDATA[x]]></EntityType>"),
    ("unknown entity", "<EntityType Name=\"&evil;\" />"),
    ("attribute twice", "<EntityType Name=\"e\" Name=\"f\" />"),
    ("undeclared prefix", "<y:EntityType Name=\"e\" />"),
    ("wrong end", "<EntityType Name=\"e\"></ComplexType>"),
    (
        "annotation without term",
        "<Annotations Target=\"x\"><Annotation /></Annotations>",
    ),
    ("name with a quote", "<EntityType Name=\"a&quot;b\" />"),
    ("name with a line end", "<EntityType Name=\"a&#10;b\" />"),
    ("name that closes a comment", "<EntityType Name=\"a*/b\" />"),
    ("name with a right-to-left mark", "<EntityType Name=\"a\u{202e}b\" />"),
    (
        "name that begins with a digit",
        "<EnumType Name=\"e\"><Member Name=\"1a\" /></EnumType>",
    ),
    (
        "name with a backslash",
        "<EnumType Name=\"e\"><Member Name=\"a\\b\" /></EnumType>",
    ),
    (
        "name with a hyphen",
        "<Action Name=\"a\"><Parameter Name=\"p-q\" Type=\"Edm.String\" /></Action>",
    ),
    ("empty name", "<EntityType Name=\"\" />"),
];

const EDMX: &str = "<edmx:Edmx Version=\"4.0\" xmlns:edmx=\"http://docs.oasis-open.org/odata/ns/edmx\">";

#[test]
fn documents_that_are_wrong_are_refused_with_their_line() {
    let mut report = String::new();
    for (name, content) in SCHEMAS {
        report.push_str(&format!("{name}\n  {}\n", refusal(&document(content))));
    }
    let long = "n".repeat(129);
    report.push_str(&format!(
        "name too long\n  {}\n",
        refusal(&document(&format!("<EntityType Name=\"{long}\" />"))).replace(&long, "n…")
    ));
    let chain = |length: usize| -> String {
        let types =
            (1..=length).map(|index| format!("<EntityType Name=\"t{index}\" BaseType=\"self.t{}\" />", index - 1));
        refusal(&document(&format!(
            "<EntityType Name=\"t0\" />{}",
            types.collect::<String>()
        )))
    };
    report.push_str(&format!("100 bases\n  {}\n101 bases\n  {}\n", chain(100), chain(101)));
    insta::assert_snapshot!(report);
}

#[test]
fn what_is_no_metadata_is_refused() {
    let schema = |attributes: &str| {
        format!(
            "{EDMX}<edmx:DataServices>\n<Schema {attributes} xmlns=\"http://docs.oasis-open.org/odata/ns/edm\">\
             </Schema></edmx:DataServices></edmx:Edmx>"
        )
    };
    let cases: Vec<(&str, String)> =
        vec![
        ("nothing", String::new()),
        ("white space", "\n\n".to_owned()),
        ("text", "nothing here".to_owned()),
        ("a page", "<!DOCTYPE html>\n<html><body>Sign in</body></html>".to_owned()),
        ("a page without type", "\n<html lang=\"en\"><body><br></body></html>".to_owned()),
        ("JSON", "{\"error\": {\"code\": \"Unauthorized\"}}".to_owned()),
        ("another root", "<root />".to_owned()),
        ("entities", "<!DOCTYPE x [<!ENTITY a \"b\">]><x>&a;</x>".to_owned()),
        (
            "OData 3",
            "<edmx:Edmx Version=\"1.0\" xmlns:edmx=\"http://schemas.microsoft.com/ado/2007/06/edmx\" />".to_owned(),
        ),
        ("version 5", EDMX.replace("4.0", "5.0") + "</edmx:Edmx>"),
        ("no version", "<e:Edmx xmlns:e=\"http://docs.oasis-open.org/odata/ns/edmx\" />".to_owned()),
        ("no services", format!("{EDMX}</edmx:Edmx>")),
        ("services twice", format!("{EDMX}<edmx:DataServices />\n<edmx:DataServices /></edmx:Edmx>")),
        ("a second root", format!("{EDMX}<edmx:DataServices /></edmx:Edmx>\n<more />")),
        ("text after the end", format!("{EDMX}<edmx:DataServices /></edmx:Edmx>\nmore")),
        ("cut short", document("<EntityType Name=\"e\">").split("</Schema>").next().unwrap_or_default().to_owned()),
        ("cut inside a tag", format!("{EDMX}<edmx:DataServ")),
        ("no namespace", schema("")),
        ("namespace Edm", schema("Namespace=\"Edm\"")),
        ("hostile namespace", schema("Namespace=\"a..b\"")),
        ("reserved alias", schema("Namespace=\"a\" Alias=\"Edm\"")),
        ("hostile alias", schema("Namespace=\"a\" Alias=\"a b\"")),
        (
            "one alias for two",
            schema("Namespace=\"a\" Alias=\"x\"").replace(
                "</edmx:DataServices>",
                "\n<Schema Namespace=\"b\" Alias=\"x\" xmlns=\"http://docs.oasis-open.org/odata/ns/edm\" />\
                 </edmx:DataServices>",
            ),
        ),
        (
            "one namespace twice",
            schema("Namespace=\"a\"").replace(
                "</edmx:DataServices>",
                "\n<Schema Namespace=\"a\" xmlns=\"http://docs.oasis-open.org/odata/ns/edm\" /></edmx:DataServices>",
            ),
        ),
    ];
    let report: String = cases
        .iter()
        .map(|(name, text)| format!("{name}\n  {}\n", refusal(text)))
        .collect();
    insta::assert_snapshot!(report);
}

#[test]
fn files_that_cannot_be_read_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let missing = trunkline_spec::read_csdl(&folder.path().join("missing.csdl"))
        .unwrap_err()
        .to_string();
    assert!(missing.contains("missing.csdl: cannot read the file"), "{missing}");
    let path = folder.path().join("latin.csdl");
    std::fs::write(&path, b"<a>\n\xff\xfe</a>").unwrap();
    let latin = trunkline_spec::read_csdl(&path).unwrap_err().to_string();
    assert!(latin.ends_with("latin.csdl:2: the document is not UTF-8"), "{latin}");
}
