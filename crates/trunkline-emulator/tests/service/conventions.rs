//! Conventions that hold for every path, as in the service: keys and arguments, bodies, headers, and which segment is blamed.

use serde_json::json;
use trunkline_emulator::Emulator;

use crate::client::Client;

const ANA: &str = "a0000000-0000-4000-8000-000000000001";
const MOBILE: &str = "3179e48a-750b-4051-897c-87b9720928f7";

#[tokio::test]
async fn named_keys_are_read_and_undeclared_arguments_refused() {
    let emulator = Emulator::start().await.unwrap();
    let client = Client::new(&emulator);
    for path in [
        "/users(userPrincipalName='ana@contoso.example')",
        "/users(userPrincipalName=%27ana%40contoso.example%27)",
        "/users(id='a0000000-0000-4000-8000-000000000001')",
    ] {
        assert_eq!(client.get(path).await.body["id"], ANA, "{path}");
        let phones = client.get(&format!("{path}/authentication/phoneMethods")).await;
        assert_eq!(phones.items()[0]["id"], MOBILE, "{path}");
    }
    for (path, status) in [
        ("/users(userPrincipalName='nobody@contoso.example')", 404),
        ("/users(userPrincipalName='a0000000-0000-4000-8000-000000000001')", 404),
        ("/users(mail='ana@contoso.example')", 400),
        ("/users(userPrincipalName='ana@contoso.example'", 400),
        ("/users(userPrincipalName=ana@contoso.example)", 400),
        ("/users(userPrincipalName='')", 404),
        ("/me(userPrincipalName='ana@contoso.example')", 400),
        ("/organization(id='72f988bf-0000-4000-8000-000000000001')", 400),
        (
            "/admin/teams/userConfigurations(userPrincipalName='ana@contoso.example')",
            400,
        ),
        (
            "/admin/teams/telephoneNumberManagement/numberAssignments(telephoneNumber='%2B12065550101')",
            400,
        ),
        (
            "/admin/teams/telephoneNumberManagement/numberAssignments('assignNumber')",
            404,
        ),
        ("/users(userPrincipalName='ana@contoso.example',id='x')", 400),
        ("/organization(x='1')", 400),
        ("/users/ana@contoso.example/authentication/phoneMethods(x='1')", 400),
        (
            "/users/ana@contoso.example/authentication/fido2Methods/creationOptions(challengeTimeoutInMinutes=5)",
            400,
        ),
        (
            "/admin/teams/policy/getPolicyId(type='TeamsMeetingPolicy',name='AllOn',x='1')",
            400,
        ),
        ("/admin/teams/policy/getPolicyId(type='A',name='B',name='AllOn')", 400),
    ] {
        let answer = client.get(path).await;
        assert_eq!(answer.status, status, "{path}: {}", answer.text);
    }
    let update = "/admin/teams/telephoneNumberManagement/numberAssignments/updateNumber(a='b')";
    let body = json!({ "telephoneNumber": "+12065550101" });
    assert_eq!(client.post(update, &body).await.status, 400);
}

#[tokio::test]
async fn the_segment_that_leads_nowhere_is_blamed() {
    let emulator = Emulator::start().await.unwrap();
    let client = Client::new(&emulator);
    for (path, blamed) in [
        ("/nowhere/else", "nowhere"),
        ("/organization/x", "x"),
        ("/policies/nothing", "nothing"),
        ("/users/ana@contoso.example/colours/red", "colours"),
        ("/users/ana@contoso.example/authentication/faxMethods/1", "faxMethods"),
        ("/me/authentication/faxMethods/1/2", "faxMethods"),
        ("/admin/teams/phones/1/2", "phones"),
        ("/reports/authenticationMethods/nothing/1", "nothing"),
    ] {
        let answer = client.get(path).await;
        let message = answer.body["error"]["message"].as_str().unwrap_or_default();
        assert!(
            answer.status == 400 && message.contains(&format!("'{blamed}'")),
            "{path}: {message}"
        );
    }
}

#[tokio::test]
async fn bodies_say_things_once_and_state_their_own_type() {
    let emulator = Emulator::start().await.unwrap();
    let client = Client::new(&emulator);
    let path = format!("/users/{ANA}/authentication/phoneMethods/{MOBILE}");
    let send = async |text: &str| {
        client
            .send("PATCH", &client.url(&path), &[], Some(text.as_bytes().to_vec()))
            .await
    };
    let good = r##"{"@odata.type":"#microsoft.graph.phoneAuthenticationMethod","phoneNumber":"+1 2065550143","phoneType":"mobile"}"##;
    for (body, status) in [
        (good.to_owned(), 204),
        (format!("\u{feff}{good}"), 204),
        (good.replace("phoneAuthentication", "emailAuthentication"), 400),
        (good.replace("{\"@", "{\"phoneType\":\"mobile\",\"@"), 400),
        (good.replace("{\"@", "{\"@odata.context\":\"x\",\"@"), 204),
        (good.replace("{\"@", "{\"createdDateTime\":null,\"@"), 400),
    ] {
        let answer = send(&body).await;
        assert_eq!(answer.status, status, "{body}: {}", answer.text);
    }
}

#[tokio::test]
async fn a_byte_order_mark_and_a_number_of_seconds_are_read() {
    let emulator = Emulator::start().await.unwrap();
    let client = Client::new(&emulator);
    let control = |path: &str| format!("{}/__emulator/{path}", emulator.url());
    let seed = "\u{feff}{\"users\":[]}";
    let answer = client.send("PUT", &control("state"), &[], Some(seed.into())).await;
    assert_eq!(answer.status, 204, "{}", answer.text);
    let fault = "\u{feff}{\"effect\":{\"kind\":\"status\",\"status\":429,\"retryAfter\":7}}";
    let answer = client.send("POST", &control("faults"), &[], Some(fault.into())).await;
    assert_eq!(answer.status, 204, "{}", answer.text);
    assert_eq!(client.get("/organization").await.header("retry-after"), Some("7"));
}

#[tokio::test]
async fn answers_say_their_version_and_challenges_only_what_is_known() {
    let emulator = Emulator::start().await.unwrap();
    let client = Client::new(&emulator);
    assert_eq!(client.get("/organization").await.header("odata-version"), Some("4.0"));
    for (token, names_error) in [(None, false), (Some("wrong".to_owned()), true)] {
        let other = Client {
            token,
            ..client.clone()
        };
        let answer = other.get("/organization").await;
        let challenge = answer.header("www-authenticate").unwrap();
        assert_eq!((answer.status, challenge.contains("invalid_token")), (401, names_error));
    }
}

#[tokio::test]
async fn an_expanded_user_takes_a_selection() {
    let emulator = Emulator::start().await.unwrap();
    let client = Client::new(&emulator);
    let path = "/admin/teams/userConfigurations";
    for url in [
        format!("{path}/{ANA}?$expand=user($select=id,mail)"),
        format!("{path}?$filter=id eq '{ANA}'&$expand=user($select=id,mail)"),
    ] {
        let answer = client.get(&url).await;
        let row = answer.body["value"].get(0).unwrap_or(&answer.body);
        let mut names: Vec<&String> = row["user"]
            .as_object()
            .unwrap_or_else(|| panic!("{}", answer.text))
            .keys()
            .collect();
        names.sort();
        assert_eq!(names, ["id", "mail"], "{url}");
    }
    for wrong in ["user($select=colour)", "user($top=1)", "user($select=id", "manager"] {
        assert_eq!(
            client.get(&format!("{path}/{ANA}?$expand={wrong}")).await.status,
            400,
            "{wrong}"
        );
    }
}

#[tokio::test]
async fn contexts_name_what_was_selected_and_expanded() {
    let emulator = Emulator::start().await.unwrap();
    let client = Client::new(&emulator);
    let teams = "/admin/teams";
    let numbers = "/admin/teams/telephoneNumberManagement/numberAssignments";
    for (path, context) in [
        ("/users?$top=1".to_owned(), "users"),
        ("/users?$top=1&$select=id,mail".to_owned(), "users(id,mail)"),
        (
            format!("/users/{ANA}?$select=displayName"),
            "users(displayName)/$entity",
        ),
        (format!("/users/{ANA}"), "users/$entity"),
        ("/organization?$select=id".to_owned(), "organization(id)"),
        (
            format!("{numbers}?$top=1&$select=id,city"),
            "admin/teams/telephoneNumberManagement/numberAssignments(id,city)",
        ),
        (
            format!("{teams}/userConfigurations/{ANA}?$expand=user"),
            "admin/teams/userConfigurations(user())/$entity",
        ),
        (
            format!("{teams}/userConfigurations?$select=id,accountType&$expand=user($select=id,mail)"),
            "admin/teams/userConfigurations(id,accountType,user(id,mail))",
        ),
        (
            format!("{teams}/userConfigurations/{ANA}/user?$select=mail"),
            "users(mail)/$entity",
        ),
    ] {
        let answer = client.get(&path).await;
        let expected = format!("{}/v1.0/$metadata#{context}", emulator.url());
        assert_eq!(answer.body["@odata.context"], expected, "{path}: {}", answer.text);
    }
    for path in [
        "/organization?$select=colour".to_owned(),
        format!("/users/{ANA}/licenseDetails?$select=colour"),
        format!("{teams}/userConfigurations/{ANA}/user?$select=colour"),
    ] {
        assert_eq!(client.get(&path).await.status, 400, "{path}");
    }
}

#[tokio::test]
async fn no_body_may_state_another_type() {
    let emulator = Emulator::start().await.unwrap();
    let client = Client::new(&emulator);
    let user = "/users/dev@contoso.example/authentication";
    let policy = "/policies/authenticationMethodsPolicy";
    let numbers = "/admin/teams/telephoneNumberManagement/numberAssignments";
    let credential = json!({ "id": "key", "response": { "clientDataJSON": "e30", "attestationObject": "e30" } });
    let assignment = json!({ "userId": ANA, "policyType": "TeamsMeetingPolicy",
        "policyId": "VG1lZXRpbmdBbGxPbi1lbXVsYXRvci1wb2xpY3ktMDE" });
    let with = |mut body: serde_json::Value, stated: &str| {
        body["@odata.type"] = json!(stated);
        body
    };
    for (method, path, body, own) in [
        (
            "POST",
            format!("{user}/emailMethods"),
            json!({ "emailAddress": "dev@fabrikam.example" }),
            "emailAuthenticationMethod",
        ),
        (
            "POST",
            format!("{user}/phoneMethods"),
            json!({ "phoneNumber": "+1 2065550177", "phoneType": "office" }),
            "phoneAuthenticationMethod",
        ),
        (
            "POST",
            format!("{user}/fido2Methods"),
            json!({ "publicKeyCredential": credential }),
            "fido2AuthenticationMethod",
        ),
        (
            "POST",
            format!("{user}/temporaryAccessPassMethods"),
            json!({}),
            "temporaryAccessPassAuthenticationMethod",
        ),
        (
            "POST",
            format!("{user}/externalAuthenticationMethods"),
            json!({ "configurationId": "c", "displayName": "d" }),
            "externalAuthenticationMethod",
        ),
        (
            "PATCH",
            policy.to_owned(),
            json!({ "description": "Ours." }),
            "authenticationMethodsPolicy",
        ),
        (
            "PATCH",
            format!("{policy}/authenticationMethodConfigurations/sms"),
            json!({ "state": "enabled" }),
            "smsAuthenticationMethodConfiguration",
        ),
    ] {
        let wrong = client
            .call(method, &path, Some(&with(body.clone(), "#microsoft.graph.user")))
            .await;
        assert_eq!(
            (wrong.status, &wrong.body["error"]["target"]),
            (400, &json!("@odata.type")),
            "{path}: {}",
            wrong.text
        );
        for stated in [format!("#microsoft.graph.{own}"), format!("microsoft.graph.{own}")] {
            // A user has one method of a kind; what is tested is that the type is not in the way.
            let right = client.call(method, &path, Some(&with(body.clone(), &stated))).await;
            assert_ne!(right.body["error"]["target"], "@odata.type", "{path}: {}", right.text);
        }
    }
    for (path, body) in [
        (
            format!("{numbers}/updateNumber"),
            with(
                json!({ "telephoneNumber": "+12065550101" }),
                "#microsoft.graph.teamsAdministration.numberAssignment",
            ),
        ),
        (
            "/admin/teams/policy/userAssignments/assign".to_owned(),
            json!({ "value": [with(assignment.clone(), "#microsoft.graph.user")] }),
        ),
        (
            format!("{user}/fido2Methods"),
            json!({ "publicKeyCredential": with(credential.clone(), "#microsoft.graph.user") }),
        ),
    ] {
        let answer = client.post(&path, &body).await;
        assert_eq!(
            (answer.status, &answer.body["error"]["target"]),
            (400, &json!("@odata.type")),
            "{path}: {}",
            answer.text
        );
    }
    let target = json!({ "id": "all_users", "targetType": "group", "@odata.type": "#microsoft.graph.excludeTarget" });
    let body =
        json!({ "@odata.type": "#microsoft.graph.smsAuthenticationMethodConfiguration", "includeTargets": [target] });
    let path = format!("{policy}/authenticationMethodConfigurations/sms");
    assert_eq!(client.patch(&path, &body).await.status, 400);
}

#[tokio::test]
async fn an_absolute_url_fails_its_item_alone() {
    let emulator = Emulator::start().await.unwrap();
    let client = Client::new(&emulator);
    let batch = json!({ "requests": [
        { "id": "far", "method": "GET", "url": "https://graph.microsoft.com/v1.0/organization" },
        { "id": "near", "method": "GET", "url": "/organization" },
        { "id": "after", "method": "GET", "url": "/organization", "dependsOn": ["far"] },
    ] });
    let answer = client.post("/$batch", &batch).await;
    let responses = answer.body["responses"]
        .as_array()
        .unwrap_or_else(|| panic!("{}", answer.text));
    for (id, status) in [("far", 400), ("near", 200), ("after", 424)] {
        let found = responses.iter().find(|response| response["id"] == id).unwrap();
        assert_eq!(found["status"], status, "{id}");
    }
}
