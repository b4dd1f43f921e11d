//! A small spec whose parts tests exchange.

use trunkline_spec::Spec;

/// The area.
pub(crate) const AREA: &str = r#"[area]
name = "small"
title = "Small"
namespace = "ns"
documentation = "Small."

[[root]]
name = "boxes"
kind = "entitySet"
type = ".box"
key = "box"
documentation = "Boxes."

[[root]]
name = "me"
kind = "singleton"
type = ".box"
documentation = "My box."

[[enum]]
name = ".colour"
documentation = "Colours."
source = "CSDL"
clouds = ["global", "china"]
[enum.members]
red = { value = 0, documentation = "Red." }
blue = { value = 1, prefer = true, documentation = "Blue." }

[[entity]]
name = ".entity"
abstract = true
key = ["id"]
documentation = "Anything."
source = "CSDL"
clouds = ["global"]
[entity.properties]
id = { type = "Edm.String", nullable = false, documentation = "Id." }

[[entity]]
name = ".box"
base = ".entity"
documentation = "A box."
source = "CSDL"
clouds = ["global"]
[entity.properties]
colour = { type = ".colour", corrections = ["T1"], documentation = "Colour." }
sizes = { type = "Collection(.size)", nullable = false, documentation = "Sizes." }
[entity.navigation]
things = { type = "Collection(.thing)", contained = true, key = "thing", documentation = "Things." }

[[entity]]
name = ".thing"
base = ".entity"
abstract = true
documentation = "A thing."
source = "CSDL"
clouds = ["global"]

[[entity]]
name = ".toy"
base = ".thing"
documentation = "A toy."
source = "CSDL"
clouds = ["global"]
[entity.properties]
fun = { type = "Edm.Int32", grammar = "guid", documentation = "Fun." }

[[complex]]
name = ".size"
documentation = "A size."
source = "CSDL"
clouds = ["global"]
[complex.properties]
metres = { type = "Edm.Double", documentation = "Metres." }

[[action]]
name = ".paint"
binding = "Collection(.box)"
parameters = [
  { name = "colour", type = ".colour", nullable = false, documentation = "Colour." },
]
returns = { type = "Edm.String" }
documentation = "Paints."
source = "CSDL"

[[function]]
name = ".count"
binding = ".thing"
returns = { type = "Edm.Int32", nullable = false }
documentation = "Counts."
source = "CSDL"

[[function]]
name = ".count"
binding = ".thing"
parameters = [
  { name = "of", type = "Edm.String", required = true, documentation = "Of what." },
]
returns = { type = "Collection(Edm.Int32)", nullable = false }
documentation = "Counts."
source = "CSDL"

[[operation]]
id = "boxes.list"
title = "List boxes"
kind = "list"
method = "GET"
target = "Collection(.box)"
documentation = "Lists."
success = [200]
result = "collection"
query = ["$top"]
page_size = { default = 5, maximum = 10 }
throttling = "reads"
source = "CSDL"
corrections = ["T1"]
[operation.idempotency]
kind = "safe"
[[operation.path]]
path = "/boxes"
clouds = ["global"]
[operation.path.permissions]
delegated = { least = ["Box.Read"], higher = ["Box.ReadWrite"] }
application = { least = ["Box.Read"] }

[[operation]]
id = "boxes.get"
title = "Get a box"
kind = "get"
method = "GET"
target = ".box"
documentation = "Gets."
success = [200]
result = "entity"
source = "CSDL"
[operation.idempotency]
kind = "safe"
[[operation.path]]
path = "/boxes/{box-id}"
clouds = ["global"]
[operation.path.permissions]
delegated = { least = ["Box.Read"], higher = [] }
[[operation.path]]
path = "/me"
clouds = ["global"]
[operation.path.permissions]
delegated = { least = ["Box.Read"], higher = [] }

[[operation]]
id = "boxes.paint"
title = "Paint boxes"
kind = "action"
method = "POST"
call = ".paint"
target = "Collection(.box)"
documentation = "Paints."
success = [202]
result = "body?"
source = "CSDL"
[operation.idempotency]
kind = "confirm"
by = "boxes.list"
how = "Look at them."
[operation.long_running]
location = "header"
operation = "boxes.get"
status = "colour"
succeeded = ["red"]
failed = []
details = "sizes"
[[operation.path]]
path = "/boxes/paint"
clouds = ["global"]
[operation.path.permissions]
application = { least = ["Box.ReadWrite"] }

[[operation]]
id = "toys.count"
title = "Count"
kind = "function"
method = "GET"
call = ".count"
call_parameters = ["of"]
target = ".thing"
documentation = "Counts."
success = [200]
result = "collection"
source = "CSDL"
[operation.idempotency]
kind = "safe"
[[operation.path]]
path = "/me/things/{thing-id}/count(of='{of}')"
clouds = ["global"]
[operation.path.permissions]
delegated = { least = ["Box.Read"], higher = [] }

[[operation]]
id = "things.update"
title = "Update"
kind = "update"
method = "PATCH"
target = ".toy"
documentation = "Updates."
success = [204, 200]
result = "entity?"
source = "CSDL"
[operation.idempotency]
kind = "idempotent"
[operation.body]
required = ["fun"]
odata_type = true
[[operation.path]]
path = "/me/things/teddy"
clouds = ["global"]
[operation.path.permissions]
delegated = { least = ["Box.ReadWrite"], higher = [] }

[[operation]]
id = "batch.send"
title = "Batch"
kind = "batch"
method = "POST"
documentation = "Sends."
success = [200]
result = "batch"
source = "protocol"
[operation.idempotency]
kind = "never"
how = "Each by itself."
[[operation.path]]
path = "/$batch"
clouds = ["global"]
[operation.path.permissions]
delegated = { least = [], higher = [] }
"#;

/// Its corrections.
pub(crate) const CORRECTIONS: &str = r#"[[correction]]
id = "T1"
subject = "boxes"
says = "This."
contradicts = "That."
ours = "Ours."
where = ["client"]
"#;

/// Its throttling groups.
pub(crate) const THROTTLING: &str = r#"[[group]]
name = "reads"
documentation = "Reads."
source = "page"
windows = [{ scope = "app", unit = "request", count = 1, seconds = 2, tenant = "small" }]
tenants = { small = "few users" }
"#;

/// Reads a spec of an area and differences; errors name files without their folder.
pub(crate) fn read(area: &str, differences: &str) -> Result<Spec, String> {
    read_files(&[
        ("area.toml", area),
        ("corrections.toml", CORRECTIONS),
        ("throttling.toml", THROTTLING),
        ("differences.toml", differences),
    ])
}

/// Reads a spec of these files; errors name files without their folder.
pub(crate) fn read_files(files: &[(&str, &str)]) -> Result<Spec, String> {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    trunkline_spec::read_spec(folder.path()).map_err(|error| {
        let folder = format!("{}{}", folder.path().display(), std::path::MAIN_SEPARATOR);
        error.to_string().replace(&folder, "")
    })
}

/// Metadata that the small spec agrees with.
pub(crate) const METADATA: &str = r#"
  <EnumType Name="colour"><Member Name="red" Value="0" /><Member Name="blue" Value="1" /></EnumType>
  <EntityType Name="entity" Abstract="true"><Key><PropertyRef Name="id" /></Key>
    <Property Name="id" Type="Edm.String" Nullable="false" /></EntityType>
  <EntityType Name="box" BaseType="self.entity">
    <Property Name="colour" Type="self.colour" />
    <Property Name="sizes" Type="Collection(self.size)" Nullable="false" />
    <NavigationProperty Name="things" Type="Collection(self.thing)" ContainsTarget="true" />
  </EntityType>
  <EntityType Name="thing" BaseType="self.entity" Abstract="true" />
  <EntityType Name="toy" BaseType="self.thing"><Property Name="fun" Type="Edm.Int32" /></EntityType>
  <ComplexType Name="size"><Property Name="metres" Type="Edm.Double" /></ComplexType>
  <Action Name="paint" IsBound="true"><Parameter Name="b" Type="Collection(self.box)" />
    <Parameter Name="colour" Type="self.colour" Nullable="false" /><ReturnType Type="Edm.String" /></Action>
  <Function Name="count" IsBound="true"><Parameter Name="b" Type="self.thing" />
    <ReturnType Type="Edm.Int32" Nullable="false" /></Function>
  <Function Name="count" IsBound="true"><Parameter Name="b" Type="self.thing" />
    <Parameter Name="of" Type="Edm.String" /><ReturnType Type="Collection(Edm.Int32)" Nullable="false" /></Function>
  <EntityContainer Name="Service">
    <EntitySet Name="boxes" EntityType="self.box" /><Singleton Name="me" Type="self.box" />
  </EntityContainer>"#;

/// Where something stands, for tests of lines.
pub(crate) fn line_of(text: &str, wanted: &str) -> usize {
    1 + text.lines().position(|line| line.contains(wanted)).unwrap()
}
