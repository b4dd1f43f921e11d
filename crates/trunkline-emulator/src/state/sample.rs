//! The tenant an emulator starts with.

use serde_json::{Value, json};

use super::number_entity;

/// The id of the default tenant.
pub const DEFAULT_TENANT_ID: &str = "11111111-1111-1111-1111-111111111111";
/// A second tenant: the login endpoint signs its callers in, Graph refuses their tokens.
pub const OTHER_TENANT_ID: &str = "99999999-9999-9999-9999-999999999999";
/// Domains of the second tenant.
pub const OTHER_TENANT_DOMAINS: [&str; 2] = ["fabrikam.example", "fabrikam.onmicrosoft.com"];
/// The domain of the default tenant.
pub const DEFAULT_TENANT_DOMAIN: &str = "contoso.example";
/// A client that holds every permission.
pub const DEFAULT_CLIENT_ID: &str = "22222222-2222-2222-2222-222222222222";
/// The secret of both seeded clients.
pub const DEFAULT_CLIENT_SECRET: &str = "emulator-secret";
/// A client that may only read.
pub const READER_CLIENT_ID: &str = "33333333-3333-3333-3333-333333333333";

/// The seed of a fresh emulator.
///
/// | User | Last digit of the id | Special |
/// |---|---|---|
/// | `ana@contoso.example` | 1 | licensed, no number; a mobile phone and most other methods |
/// | `ben@contoso.example` | 2 | holds `+12065550100`; all three phones |
/// | `carla@contoso.example` | 3 | no phone licence: an `ineligibleUser` |
/// | `dev@contoso.example` | 4 | licensed, no `usageLocation` |
/// | `emil@contoso.example` | 5 | disabled |
/// | `fay_fabrikam.example#EXT#@contoso.example` | 6 | guest |
/// | `gina@contoso.example` | 7 | holds a privileged role |
/// | `reception@contoso.example` | 8 | resource account, holds `+12065550106` |
///
/// Ids are `a0000000-0000-4000-8000-00000000000N`.
#[must_use]
pub fn default_seed() -> Value {
    json!({
        "organization": {
            "id": DEFAULT_TENANT_ID,
            "displayName": "Contoso",
            "countryLetterCode": "US",
            "tenantType": "AAD",
            "verifiedDomains": [
                { "name": "contoso.onmicrosoft.com", "isDefault": false, "isInitial": true, "type": "Managed" },
                { "name": DEFAULT_TENANT_DOMAIN, "isDefault": true, "isInitial": false, "type": "Managed" },
            ],
        },
        "users": users(),
        "numbers": numbers(),
        "locations": [
            { "id": "10c00000-0000-4000-8000-000000000001", "city": "Seattle", "countryOrRegion": "US" },
            { "id": "10c00000-0000-4000-8000-000000000002", "city": "Redmond", "countryOrRegion": "US" },
        ],
        "networkSites": [{ "id": "51e00000-0000-4000-8000-000000000001", "name": "Headquarters" }],
        "teamsPolicies": super::teams_policies::samples(),
        "clients": [
            { "appId": DEFAULT_CLIENT_ID, "displayName": "Trunkline", "secret": DEFAULT_CLIENT_SECRET },
            {
                "appId": READER_CLIENT_ID,
                "displayName": "Trunkline (reading)",
                "secret": DEFAULT_CLIENT_SECRET,
                "permissions": ["TeamsTelephoneNumber.Read.All", "TeamsUserConfiguration.Read.All", "User.Read.All",
                    "UserAuthenticationMethod.Read.All", "Policy.Read.AuthenticationMethod", "AuditLog.Read.All",
                    "Organization.Read.All"],
            },
        ],
        "authenticationMethodsPolicy": crate::policy::default_policy(),
    })
}

fn id(digit: u8) -> String {
    format!("a0000000-0000-4000-8000-00000000000{digit}")
}

fn user(digit: u8, given: &str, surname: &str, more: Value) -> Value {
    let principal = format!("{}@{DEFAULT_TENANT_DOMAIN}", given.to_lowercase());
    let entity = json!({
        "id": id(digit),
        "userPrincipalName": principal,
        "displayName": format!("{given} {surname}"),
        "givenName": given,
        "surname": surname,
        "mail": principal,
        "mobilePhone": null,
        "businessPhones": [],
        "jobTitle": null,
        "officeLocation": null,
        "preferredLanguage": "en-US",
        "department": "Operations",
        "city": "Seattle",
        "accountEnabled": true,
        "userType": "Member",
        "usageLocation": "US",
        "createdDateTime": "2024-03-01T08:00:00Z",
        "licenseDetails": [voice_license()],
        "authentication": { "passwordMethods": [password()] },
        "directoryRoles": [],
        "teams": {
            "accountType": "user",
            "createdDateTime": "2024-03-01T08:05:00.1234567Z",
            "modifiedDateTime": "2025-06-01T12:00:00.7654321Z",
            "effectivePolicyAssignments": [{
                "policyType": "TeamsMeetingPolicy",
                "policyAssignment": {
                    "displayName": "AllOn",
                    "assignmentType": "group",
                    "policyId": "VG1lZXRpbmdBbGxPbi1lbXVsYXRvci1wb2xpY3ktMDE",
                    "groupId": "60000000-0000-4000-8000-000000000001",
                },
            }],
        },
    });
    changed(entity, more)
}

/// A licensed user of the default kind, with an id of its own.
pub(super) fn new_user(principal: &str, name: &str) -> Value {
    let more = json!({
        "id": uuid::Uuid::new_v4().to_string(),
        "userPrincipalName": principal,
        "displayName": name,
        "givenName": name,
        "surname": null,
        "mail": principal,
    });
    user(0, name, "", more)
}

fn users() -> Vec<Value> {
    let ben_phones = json!([
        phone("mobile", "+1 2065550150", "ready"),
        phone("alternateMobile", "+1 2065550151", "notSupported"),
        phone("office", "+1 2065550152x17", "notSupported"),
    ]);
    vec![
        user(1, "Ana", "Almeida", json!({ "authentication": ana_methods() })),
        user(
            2,
            "Ben",
            "Brandt",
            json!({ "authentication": { "passwordMethods": [password()], "phoneMethods": ben_phones } }),
        ),
        user(
            3,
            "Carla",
            "Costa",
            json!({ "licenseDetails": [], "teams": {
                "accountType": "ineligibleUser",
                "createdDateTime": "2024-03-01T08:05:00Z",
                "modifiedDateTime": "2024-03-01T08:05:00Z",
            } }),
        ),
        user(4, "Dev", "Desai", json!({ "usageLocation": null })),
        user(5, "Emil", "Eriksen", json!({ "accountEnabled": false })),
        user(
            6,
            "Fay",
            "Fabrikam",
            json!({
                "userPrincipalName": "fay_fabrikam.example#EXT#@contoso.example",
                "mail": "fay@fabrikam.example",
                "userType": "Guest",
                "usageLocation": null,
                "licenseDetails": [],
                "authentication": {},
                "teams": {
                    "accountType": "guest",
                    "createdDateTime": "2024-05-01T08:05:00Z",
                    "modifiedDateTime": "2024-05-01T08:05:00Z",
                },
            }),
        ),
        user(
            7,
            "Gina",
            "Garcia",
            json!({
                "directoryRoles": ["Global Administrator"],
                "authentication": {
                    "passwordMethods": [password()],
                    "phoneMethods": [phone("mobile", "+1 2065550170", "ready")],
                },
            }),
        ),
        user(
            8,
            "Reception",
            "Contoso",
            json!({
                "licenseDetails": [{
                    "id": "resource-account-license",
                    "skuId": "440eaaa8-b3e0-484b-a8be-62870b9ba70a",
                    "skuPartNumber": "PHONESYSTEM_VIRTUALUSER",
                    "servicePlans": [plan("MCOEV_VIRTUALUSER")],
                }],
                "authentication": {},
                "teams": {
                    "accountType": "resourceAccount",
                    "createdDateTime": "2024-03-01T08:05:00Z",
                    "modifiedDateTime": "2024-03-01T08:05:00Z",
                },
            }),
        ),
    ]
}

/// A seed of `count` licensed users without numbers, `user00000@contoso.example` and so on. They replace the default
/// users. Ids are `b0000000-0000-4000-8000-` and the index in twelve decimal digits.
#[must_use]
pub fn bulk_users(count: usize) -> Value {
    let users: Vec<Value> = (0..count)
        .map(|index| {
            user(
                0,
                "User",
                &format!("{index:05}"),
                json!({
                    "id": format!("b0000000-0000-4000-8000-{index:012}"),
                    "userPrincipalName": format!("user{index:05}@{DEFAULT_TENANT_DOMAIN}"),
                    "mail": format!("user{index:05}@{DEFAULT_TENANT_DOMAIN}"),
                }),
            )
        })
        .collect();
    json!({ "users": users })
}

fn plan(name: &str) -> Value {
    json!({
        "servicePlanId": "4828c8ec-dc2e-4779-b502-87ac9ce28ab7",
        "servicePlanName": name,
        "provisioningStatus": "Success",
        "appliesTo": "User",
    })
}

fn voice_license() -> Value {
    json!({
        "id": "voice-license",
        "skuId": "06ebc4ee-1bb5-47dd-8120-11324bc54e06",
        "skuPartNumber": "SPE_E5",
        "servicePlans": [plan("TEAMS1"), plan("MCOEV"), plan("MCOMEETADV")],
    })
}

/// A licence with one service plan.
pub(super) fn license_with(name: &str) -> Value {
    json!({
        "id": uuid::Uuid::new_v4().to_string(),
        "skuId": uuid::Uuid::new_v4().to_string(),
        "skuPartNumber": name,
        "servicePlans": [plan(name)],
    })
}

fn password() -> Value {
    json!({
        "@odata.type": "#microsoft.graph.passwordAuthenticationMethod",
        "id": "28c10230-6103-485e-b985-444c60001490",
        "password": null,
        "createdDateTime": "2024-03-01T08:00:00Z",
    })
}

fn phone(phone_type: &str, number: &str, state: &str) -> Value {
    json!({
        "@odata.type": "#microsoft.graph.phoneAuthenticationMethod",
        "id": crate::methods::phone::id_of_type(phone_type),
        "phoneNumber": number,
        "phoneType": phone_type,
        "smsSignInState": state,
        "createdDateTime": null,
    })
}

fn ana_methods() -> Value {
    json!({
        "passwordMethods": [password()],
        "phoneMethods": [phone("mobile", "+1 2065550142", "ready")],
        "emailMethods": [{
            "@odata.type": "#microsoft.graph.emailAuthenticationMethod",
            "id": "3ddfcfc8-9383-446f-83cc-3ab9be4be18f",
            "emailAddress": "ana.private@fabrikam.example",
            "createdDateTime": null,
        }],
        "fido2Methods": [{
            "@odata.type": "#microsoft.graph.fido2AuthenticationMethod",
            "id": "-2_GRUg2-HYz6_1YG4YRAQ2",
            "displayName": "Red key",
            "createdDateTime": "2024-08-10T06:44:09Z",
            "aaGuid": "2fc0579f-8113-47ea-b116-555a8db9202a",
            "model": "NFC key",
            "attestationCertificates": ["dbe793efdf1945e2df25d93653a1e8a3268a9075"],
            "attestationLevel": "attested",
            "passkeyType": "deviceBound",
        }],
        "microsoftAuthenticatorMethods": [{
            "@odata.type": "#microsoft.graph.microsoftAuthenticatorAuthenticationMethod",
            "id": "6803c096-c096-6803-96c0-036896c00368",
            "displayName": "Test phone",
            "deviceTag": "",
            "phoneAppVersion": "6.5.4",
            "createdDateTime": "2024-12-03T23:16:12Z",
        }],
        "platformCredentialMethods": [{
            "@odata.type": "#microsoft.graph.platformCredentialAuthenticationMethod",
            "id": "R18B3t8Ogh9XIOGmPt81d6p_KXJs1YTxfGgGqeVFJSM1",
            "displayName": "Test computer",
            "createdDateTime": "2024-09-02T04:16:49Z",
            "keyStrength": "normal",
            "platform": "macOS",
        }],
        "softwareOathMethods": [{
            "@odata.type": "#microsoft.graph.softwareOathAuthenticationMethod",
            "id": "b172893e-893e-b172-3e89-72b13e8972b1",
            "secretKey": null,
            "createdDateTime": "2024-09-02T04:16:49Z",
        }],
        "windowsHelloForBusinessMethods": [{
            "@odata.type": "#microsoft.graph.windowsHelloForBusinessAuthenticationMethod",
            "id": "b5e01f81-1f81-b5e0-811f-e0b5811fe0b5",
            "displayName": "Test laptop",
            "createdDateTime": "2024-11-27T23:12:49Z",
            "keyStrength": "normal",
        }],
    })
}

fn numbers() -> Vec<Value> {
    let calling =
        |number: &str, city: &str, more: Value| changed(number_entity(number, "callingPlan", Some(city)), more);
    let direct = |number: &str, more: Value| changed(number_entity(number, "directRouting", None), more);
    let operator =
        |number: &str, more: Value| changed(number_entity(number, "operatorConnect", Some("Bellevue")), more);
    let none = || json!({});
    vec![
        calling("+12061234567", "Seattle", none()),
        calling("+12065550100", "Seattle", assigned(2, "primary", "userAssigned")),
        calling("+12065550101", "Seattle", none()),
        calling("+12065550102", "Seattle", none()),
        calling(
            "+12065550103",
            "Redmond",
            json!({ "locationId": "10c00000-0000-4000-8000-000000000002" }),
        ),
        calling(
            "+12065550104",
            "Redmond",
            json!({
                "assignmentStatus": "conferenceAssigned",
                "capabilities": ["conferenceAssignment"],
                "assignmentTargetId": "c0000000-0000-4000-8000-000000000001",
                "assignmentCategory": "primary",
            }),
        ),
        calling(
            "+12065550105",
            "Tacoma",
            json!({ "capabilities": ["voiceApplicationAssignment"] }),
        ),
        calling(
            "+12065550106",
            "Tacoma",
            assigned(8, "primary", "voiceApplicationAssigned"),
        ),
        calling(
            "+12065550107",
            "Tacoma",
            json!({ "portInStatus": "firmOrderCommitmentAccepted" }),
        ),
        calling(
            "+12065550108",
            "Spokane",
            json!({ "activationState": "assignmentFailed" }),
        ),
        direct("+12065550110", none()),
        direct("+12065550111", none()),
        direct("+12065550112", json!({ "numberSource": "onPremises" })),
        direct("+12065550113;ext=42", none()),
        direct("+12065550114", assigned(7, "primary", "userAssigned")),
        operator("+12065550120", none()),
        operator("+12065550121", none()),
        operator("+12065550122", json!({ "supportedCustomerActions": ["release"] })),
        operator("+12065550123", assigned(2, "private", "userAssigned")),
        operator(
            "+12065550124",
            json!({ "assignmentStatus": "policyAssigned", "assignmentTargetId": "90000000-0000-4000-8000-000000000001" }),
        ),
    ]
}

fn assigned(digit: u8, category: &str, status: &str) -> Value {
    json!({ "assignmentTargetId": id(digit), "assignmentCategory": category, "assignmentStatus": status })
}

pub(super) fn changed(mut entity: Value, more: Value) -> Value {
    if let (Value::Object(entity), Value::Object(more)) = (&mut entity, more) {
        entity.extend(more);
    }
    entity
}
