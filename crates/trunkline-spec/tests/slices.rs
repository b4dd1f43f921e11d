//! The types that a slice keeps, and where it cuts.

mod support;

use support::small_spec::{AREA, METADATA, read};
use support::{check_integrity, document, structured};
use trunkline_spec::{Model, slice};

const CITY: &str = r#"
  <EntityType Name="entity" Abstract="true"><Key><PropertyRef Name="id" /></Key><Property Name="id" Type="Edm.String" /></EntityType>
  <EnumType Name="used"><Member Name="a" Value="0" /></EnumType>
  <EnumType Name="unused"><Member Name="a" Value="0" /></EnumType>
  <EntityType Name="town" BaseType="self.entity">
    <Property Name="mood" Type="self.mayor" />
    <NavigationProperty Name="villas" Type="Collection(self.villa)" ContainsTarget="true" />
    <NavigationProperty Name="sister" Type="self.region" />
    <NavigationProperty Name="bank" Type="self.bank" />
    <NavigationProperty Name="hall" Type="self.hall" ContainsTarget="true" />
  </EntityType>
  <ComplexType Name="mayor"><Property Name="u" Type="Collection(self.used)" /></ComplexType>
  <EntityType Name="villa" BaseType="self.entity"><NavigationProperty Name="town" Type="self.town" /></EntityType>
  <EntityType Name="hall" BaseType="self.entity" Abstract="true" />
  <EntityType Name="oldHall" BaseType="self.hall"><Property Name="age" Type="Edm.Int32" /></EntityType>
  <EntityType Name="region" BaseType="self.entity"><Property Name="u" Type="self.unused" />
    <NavigationProperty Name="towns" Type="Collection(self.town)" ContainsTarget="true" /></EntityType>
  <EntityType Name="account"><Key><PropertyRef Name="number" /></Key><Property Name="number" Type="Edm.Int64" />
    <NavigationProperty Name="owner" Type="self.town" /></EntityType>
  <EntityType Name="bank" BaseType="self.account"><Property Name="money" Type="self.unused" /></EntityType>
  <ComplexType Name="brick" /><ComplexType Name="wall" /><ComplexType Name="sand" />
  <Action Name="build" IsBound="true"><Parameter Name="b" Type="Collection(self.villa)" />
    <Parameter Name="with" Type="Collection(self.brick)" /><ReturnType Type="self.wall" /></Action>
  <Action Name="build" IsBound="true"><Parameter Name="b" Type="self.region" /><Parameter Name="with" Type="self.sand" /></Action>
  <Action Name="free"><Parameter Name="with" Type="self.sand" /></Action>
  <EntityContainer Name="c"><EntitySet Name="towns" EntityType="self.town" />
    <Singleton Name="country" Type="self.region" /></EntityContainer>"#;

fn city() -> Model {
    trunkline_spec::read_csdl_text("city", &document(CITY)).unwrap()
}

fn cut(model: &Model, places: &[&str]) -> Model {
    let places: Vec<String> = places.iter().map(|place| (*place).to_owned()).collect();
    let sliced = slice(model, &places).unwrap();
    check_integrity(&sliced);
    sliced
}

fn names(model: &Model) -> Vec<String> {
    let mark = |r#type: &trunkline_spec::model::StructuredType| match (r#type.stub, r#type.partial) {
        (true, _) => "*",
        (_, true) => "~",
        _ => "",
    };
    model
        .types
        .iter()
        .map(|r#type| format!("{}{}", r#type.name.name, mark(r#type)))
        .collect()
}

#[test]
fn what_is_reached_is_kept_and_the_rest_is_cut() {
    let sliced = cut(&city(), &["towns"]);
    assert_eq!(
        names(&sliced),
        [
            "bank*", "brick", "entity", "hall", "mayor", "oldHall", "region*", "town", "villa", "wall"
        ]
    );
    let enums: Vec<&str> = sliced.enums.iter().map(|r#enum| r#enum.name.name.as_str()).collect();
    assert_eq!(enums, ["used"]);
    assert_eq!(sliced.callables.len(), 1);
    assert_eq!(sliced.roots.len(), 1);
    let town = structured(&sliced, "town");
    let targets: Vec<String> = town
        .navigation
        .iter()
        .map(|navigation| format!("{}:{}", navigation.name, sliced.structured(navigation.target).name.name))
        .collect();
    assert_eq!(targets, ["villas:villa", "sister:region", "bank:bank", "hall:hall"]);
}

#[test]
fn stubs_hold_their_key_and_nothing_else() {
    let sliced = cut(&city(), &["towns"]);
    let region = structured(&sliced, "region");
    assert!(region.properties.is_empty() && region.navigation.is_empty() && region.key.is_empty());
    assert_eq!(sliced.structured(region.base.unwrap()).name.name, "entity");
    let bank = structured(&sliced, "bank");
    assert_eq!(
        (bank.base, bank.key.as_slice()),
        (None, ["number".to_owned()].as_slice())
    );
    assert_eq!(bank.properties.len(), 1);
}

#[test]
fn a_path_keeps_what_it_passes_through() {
    let sliced = cut(&city(), &["country/towns/{town-id}/villas"]);
    assert_eq!(
        names(&sliced),
        ["brick", "entity", "mayor", "region~", "town~", "villa", "wall"]
    );
    assert_eq!(structured(&sliced, "region").navigation.len(), 1);
    assert_eq!(
        structured(&sliced, "region").properties.len(),
        1,
        "structural properties stay"
    );
}

#[test]
fn several_places_are_united_and_order_does_not_matter() {
    let both = cut(&city(), &["towns", "country"]);
    assert_eq!(names(&both), names(&cut(&city(), &["country", "towns"])));
    assert!(names(&both).contains(&"region".to_owned()));
    assert_eq!(both.roots.len(), 2);
}

#[test]
fn a_slice_of_everything_reached_is_stable() {
    let once = cut(&city(), &["towns"]);
    let twice = cut(&once, &["towns"]);
    assert_eq!(names(&once), names(&twice));
}

#[test]
fn places_that_do_not_exist_are_refused() {
    let refused = |place: &str| slice(&city(), &[place.to_owned()]).unwrap_err().to_string();
    assert_eq!(refused("gone"), "gone: there is no root gone");
    assert_eq!(
        refused("towns/gone"),
        "towns/gone: ns.town has no navigation property gone"
    );
    assert_eq!(refused(""), ": it is empty");
    assert_eq!(
        slice(&city(), &[]).unwrap_err().to_string(),
        "(none): name at least one place, such as users"
    );
}

#[test]
fn operations_below_the_places_are_kept() {
    let spec = read(AREA, "").unwrap();
    let ids = |places: &[&str]| -> Vec<String> {
        let sliced = cut(&spec.model, places);
        sliced.operations.iter().map(|operation| operation.id.clone()).collect()
    };
    assert_eq!(ids(&["me"]), ["batch.send", "boxes.get", "things.update", "toys.count"]);
    assert_eq!(ids(&["me/things"]), ["batch.send", "things.update", "toys.count"]);
    assert_eq!(cut(&spec.model, &["me"]).operations[1].paths.len(), 1);
    assert_eq!(ids(&["boxes"]).len(), 4);
    assert_eq!(ids(&["boxes", "me"]).len(), 6);
}

#[test]
fn an_operation_that_needs_one_outside_is_refused() {
    let spec = read(&AREA.replacen("operation = \"boxes.get\"", "operation = \"mine.get\"", 1).replacen(
        "[[operation.path]]\npath = \"/me\"",
        "[[operation]]\nid = \"mine.get\"\ntitle = \"T\"\nkind = \"get\"\nmethod = \"GET\"\ntarget = \".box\"\n\
         documentation = \"D\"\nsuccess = [200]\nresult = \"entity\"\nsource = \"S\"\nidempotency = { kind = \"safe\" }\n\
         [[operation.path]]\npath = \"/me\"",
        1,
    ), "")
    .unwrap();
    let error = slice(&spec.model, &["boxes".to_owned()]).unwrap_err().to_string();
    assert_eq!(error, "/boxes/paint: boxes.paint depends on mine.get, which is outside");
}

#[test]
fn metadata_of_the_small_spec_slices_like_the_spec() {
    let model = trunkline_spec::read_csdl_text("x", &document(METADATA)).unwrap();
    let spec = read(AREA, "").unwrap();
    assert_eq!(names(&cut(&model, &["boxes"])), names(&cut(&spec.model, &["boxes"])));
}
