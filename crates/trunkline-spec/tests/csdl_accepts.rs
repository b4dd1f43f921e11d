//! Well-formed CSDL is read.

mod support;

use support::{callables, check_integrity, document, enumeration, id, read, structured};
use trunkline_spec::model::{CallableKind, ItemType, Primitive, Restrictions, RootKind, StructuredKind};

#[test]
fn types_with_inheritance_are_linked() {
    let model = read(
        r#"<EntityType Name="leaf" BaseType="self.middle" />
           <EntityType Name="middle" BaseType="ns.entity" OpenType="true" HasStream="true">
             <Property Name="size" Type="Edm.Int64" Nullable="false" />
           </EntityType>
           <EntityType Name="entity" Abstract="true">
             <Key><PropertyRef Name="id" /></Key>
             <Property Name="id" Type="Edm.String" Nullable="false" />
           </EntityType>"#,
    );
    check_integrity(&model);
    let entity = structured(&model, "entity");
    assert_eq!(entity.key, ["id"]);
    assert!(entity.is_abstract);
    assert_eq!(entity.derived, [id(&model, "leaf"), id(&model, "middle")]);
    let middle = structured(&model, "middle");
    assert!(middle.open && middle.has_stream && !middle.is_abstract);
    assert_eq!(structured(&model, "leaf").base, Some(id(&model, "middle")));
    let names: Vec<&str> = model
        .all_properties(id(&model, "leaf"))
        .iter()
        .map(|p| p.name.as_str())
        .collect();
    assert_eq!(names, ["id", "size"]);
}

#[test]
fn every_edm_type_has_a_primitive() {
    let names = [
        ("Binary", Primitive::Binary),
        ("Boolean", Primitive::Boolean),
        ("Byte", Primitive::Byte),
        ("Date", Primitive::Date),
        ("DateTimeOffset", Primitive::DateTimeOffset),
        ("Decimal", Primitive::Decimal),
        ("Double", Primitive::Double),
        ("Duration", Primitive::Duration),
        ("Guid", Primitive::Guid),
        ("Int16", Primitive::Int16),
        ("Int32", Primitive::Int32),
        ("Int64", Primitive::Int64),
        ("SByte", Primitive::SByte),
        ("Single", Primitive::Single),
        ("Stream", Primitive::Stream),
        ("String", Primitive::String),
        ("TimeOfDay", Primitive::TimeOfDay),
        ("Untyped", Primitive::Untyped),
        ("PrimitiveType", Primitive::Untyped),
        ("ComplexType", Primitive::Untyped),
        ("GeographyPoint", Primitive::Untyped),
        ("GeometryCollection", Primitive::Untyped),
    ];
    let properties: String = names
        .iter()
        .enumerate()
        .map(|(index, (name, _))| format!("<Property Name=\"p{index}\" Type=\"Edm.{name}\" />"))
        .collect();
    let model = read(&format!("<ComplexType Name=\"c\">{properties}</ComplexType>"));
    for (property, (name, primitive)) in structured(&model, "c").properties.iter().zip(names) {
        assert_eq!(property.r#type.item, ItemType::Primitive(primitive), "{name}");
        assert!(property.nullable, "nullable is the default");
    }
}

#[test]
fn facets_are_passed_over_and_collections_kept() {
    let model = read(
        r#"<ComplexType Name="c">
             <Property Name="a" Type="Collection(Edm.String)" Nullable="false" MaxLength="max" Unicode="false" />
             <Property Name="b" Type="Edm.Decimal" Precision="5" Scale="variable" DefaultValue="1" />
             <Property Name="c" Type="Collection(self.c)" />
           </ComplexType>"#,
    );
    let [a, _, c] = structured(&model, "c").properties.as_slice() else {
        panic!()
    };
    assert!(a.r#type.collection && !a.nullable);
    assert_eq!(c.r#type.item, ItemType::Structured(id(&model, "c")));
}

#[test]
fn enumerations_keep_their_values() {
    let model = read(
        r#"<EnumType Name="sparse"><Member Name="b" Value="-3" /><Member Name="a" Value="7" /></EnumType>
           <EnumType Name="implied"><Member Name="x" /><Member Name="y" /></EnumType>
           <EnumType Name="flags" IsFlags="true" UnderlyingType="Edm.Int64">
             <Member Name="all" Value="9223372036854775807"><Annotation Term="t.d" String="&lt;all&gt;" /></Member>
           </EnumType>"#,
    );
    let values = |name| -> Vec<(String, i64)> {
        enumeration(&model, name)
            .members
            .iter()
            .map(|member| (member.name.clone(), member.value))
            .collect()
    };
    assert_eq!(values("sparse"), [("b".to_owned(), -3), ("a".to_owned(), 7)]);
    assert_eq!(values("implied"), [("x".to_owned(), 0), ("y".to_owned(), 1)]);
    assert_eq!(values("flags"), [("all".to_owned(), i64::MAX)]);
    assert!(enumeration(&model, "flags").flags);
    assert_eq!(enumeration(&model, "flags").underlying, Primitive::Int64);
    assert_eq!(enumeration(&model, "sparse").underlying, Primitive::Int32);
}

#[test]
fn callables_keep_overloads_and_bindings() {
    let model = read(
        r#"<EntityType Name="e" />
           <Action Name="act" IsBound="true">
             <Parameter Name="bindingParameter" Type="Collection(self.e)" />
             <Parameter Name="text" Type="Edm.String" Nullable="false" Unicode="false" />
             <Parameter Name="more" Type="Edm.Int32" />
           </Action>
           <Action Name="free"><ReturnType Type="self.e" Nullable="false" /></Action>
           <Function Name="count" IsBound="true" IsComposable="true" EntitySetPath="e/x">
             <Parameter Name="e" Type="self.e" /><Parameter Name="of" Type="Edm.String" />
             <ReturnType Type="Collection(Edm.Int32)" />
           </Function>
           <Function Name="count" IsBound="true">
             <Parameter Name="e" Type="self.e" /><ReturnType Type="Edm.Int32" />
           </Function>"#,
    );
    check_integrity(&model);
    let [act] = callables(&model, "act")[..] else { panic!() };
    assert!(act.binding.unwrap().collection);
    let parameters: Vec<_> = act
        .parameters
        .iter()
        .map(|parameter| (parameter.name.as_str(), parameter.nullable, parameter.required))
        .collect();
    assert_eq!(parameters, [("text", false, true), ("more", true, false)]);
    let [free] = callables(&model, "free")[..] else {
        panic!()
    };
    assert!(free.binding.is_none() && !free.returns.unwrap().nullable);
    let [short, long] = callables(&model, "count")[..] else {
        panic!()
    };
    assert_eq!((short.parameters.len(), long.parameters.len()), (0, 1));
    assert!(long.composable && long.kind == CallableKind::Function);
    assert_eq!(long.entity_set_path.as_deref(), Some("e/x"));
    assert!(long.returns.unwrap().r#type.collection && long.returns.unwrap().nullable);
}

#[test]
fn the_container_gives_roots() {
    let model = read(
        r#"<EntityType Name="e"><NavigationProperty Name="next" Type="Collection(self.e)" ContainsTarget="true" Partner="x">
             <ReferentialConstraint Property="a" ReferencedProperty="b" /><OnDelete Action="Cascade" />
           </NavigationProperty></EntityType>
           <EntityContainer Name="Service">
             <Singleton Name="me" Type="self.e" />
             <EntitySet Name="es" EntityType="ns.e"><NavigationPropertyBinding Path="next" Target="es" /></EntitySet>
             <ActionImport Name="free" Action="self.free" />
           </EntityContainer>"#,
    );
    let roots: Vec<_> = model.roots.iter().map(|root| (root.name.as_str(), root.kind)).collect();
    assert_eq!(roots, [("es", RootKind::EntitySet), ("me", RootKind::Singleton)]);
    let navigation = &structured(&model, "e").navigation[0];
    assert!(navigation.collection && navigation.contained && navigation.nullable);
}

#[test]
fn restrictions_reach_types_navigation_and_roots() {
    let restricted = |term: &str, property: &str| {
        format!(
            "<Annotation Term=\"Org.OData.Capabilities.V1.{term}\"><Record>\
             <PropertyValue Property=\"{property}\" Bool=\"false\" />\
             <PropertyValue Property=\"Other\"><Record><PropertyValue Property=\"{property}\" Bool=\"true\" /></Record>\
             </PropertyValue></Record></Annotation>"
        )
    };
    let model = read(&format!(
        "<EntityType Name=\"e\"><NavigationProperty Name=\"n\" Type=\"self.e\" />{}</EntityType>\
         <EntityContainer Name=\"Service\"><Singleton Name=\"r\" Type=\"self.e\" /></EntityContainer>\
         <Annotations Target=\"self.e/n\">{}{}</Annotations>\
         <Annotations Target=\"ns.Service/r\">{}</Annotations>\
         <Annotations Target=\"ns.gone\">{}</Annotations>",
        restricted("DeleteRestrictions", "Deletable"),
        restricted("InsertRestrictions", "Insertable"),
        "<Annotation Term=\"Org.OData.Core.V1.Description\"><String>text &amp; more</String></Annotation>",
        restricted("UpdateRestrictions", "Updatable"),
        restricted("UpdateRestrictions", "Updatable"),
    ));
    let e = structured(&model, "e");
    assert_eq!(
        e.restrictions,
        Restrictions {
            deletable: Some(false),
            ..Restrictions::default()
        }
    );
    assert_eq!(
        e.navigation[0].restrictions,
        Restrictions {
            insertable: Some(false),
            ..Restrictions::default()
        }
    );
    assert_eq!(
        model.roots[0].restrictions,
        Restrictions {
            updatable: Some(false),
            ..Restrictions::default()
        }
    );
}

#[test]
fn type_definitions_stand_for_their_primitive() {
    let model = read(
        r#"<TypeDefinition Name="length" UnderlyingType="Edm.Int32" />
           <ComplexType Name="c"><Property Name="l" Type="Collection(self.length)" /></ComplexType>"#,
    );
    let property = &structured(&model, "c").properties[0];
    assert_eq!(property.r#type.item, ItemType::Primitive(Primitive::Int32));
    assert!(property.r#type.collection);
}

#[test]
fn schemas_refer_to_each_other_by_alias_and_namespace() {
    let text = r#"<edmx:Edmx Version="4.01" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx">
        <edmx:Reference Uri="https://x"><edmx:Include Namespace="Org.OData.Core.V1" Alias="Core" /></edmx:Reference>
        <edmx:DataServices>
          <Schema Namespace="a.b" Alias="first" xmlns="http://docs.oasis-open.org/odata/ns/edm">
            <ComplexType Name="same" BaseType="second.same" />
          </Schema>
          <Schema Namespace="a" Alias="second" xmlns="http://docs.oasis-open.org/odata/ns/edm">
            <ComplexType Name="same"><Property Name="p" Type="a.b.same" /><Property Name="q" Type="first.same" /></ComplexType>
          </Schema>
        </edmx:DataServices></edmx:Edmx>"#;
    let model = trunkline_spec::read_csdl_text("two.csdl", text).unwrap();
    check_integrity(&model);
    assert_eq!(model.types[1].name.to_string(), "a.b.same");
    assert_eq!(model.types[1].base.unwrap().0, 0);
    let [p, q] = model.types[0].properties.as_slice() else {
        panic!()
    };
    assert_eq!(p.r#type, q.r#type);
    assert_eq!(model.types[0].kind, StructuredKind::Complex);
}

#[test]
fn foreign_vocabularies_comments_and_entities_are_no_trouble() {
    let text = document(
        r#"<!-- <EntityType Name="not" /> --><?pi x?>
           <EntityType Name="e" x:hint="1" xmlns:x="urn:x"><x:extra><x:deep>text</x:deep></x:extra>
             <Property Name="p&#49;" Type="Edm.String" /></EntityType>"#,
    );
    let model = trunkline_spec::read_csdl_text("x", &format!("\u{feff}{text}")).unwrap();
    assert_eq!(model.types.len(), 1);
    assert_eq!(model.types[0].properties[0].name, "p1");
}

#[test]
fn letters_of_every_script_may_form_names() {
    let model = read("<EntityType Name=\"größe_Ж名\" /><EntityType Name=\"_a1\" /><EntityType Name=\"type\" />");
    assert_eq!(model.types.len(), 3);
}

#[test]
fn members_without_a_value_count_on() {
    let model = read(
        r#"<EnumType Name="e"><Member Name="a" Value="4" /><Member Name="b" /><Member Name="c" Value="-2" /><Member Name="d" />
           </EnumType>"#,
    );
    let values: Vec<i64> = enumeration(&model, "e")
        .members
        .iter()
        .map(|member| member.value)
        .collect();
    assert_eq!(values, [4, 5, -2, -1]);
}

#[test]
fn a_container_extends_another_whatever_comes_first() {
    let model = read(
        r#"<EntityType Name="e" />
           <EntityContainer Name="last" Extends="self.middle"><Singleton Name="c" Type="self.e" /></EntityContainer>
           <EntityContainer Name="first"><Singleton Name="a" Type="self.e" /></EntityContainer>
           <EntityContainer Name="middle" Extends="ns.first"><EntitySet Name="b" EntityType="self.e" /></EntityContainer>
           <Annotations Target="self.first/a"><Annotation Term="Org.OData.Capabilities.V1.DeleteRestrictions"><Record>
           <PropertyValue Property="Deletable"><Bool>false</Bool></PropertyValue></Record></Annotation></Annotations>"#,
    );
    let roots: Vec<&str> = model.roots.iter().map(|root| root.name.as_str()).collect();
    assert_eq!(roots, ["a", "b", "c"]);
    assert_eq!(model.roots[0].restrictions.deletable, Some(false));
}
