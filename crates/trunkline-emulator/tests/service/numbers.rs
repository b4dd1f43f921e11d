//! Lists of numbers: filters, pages, keys, and the update that happens at once.

use serde_json::json;
use trunkline_emulator::{Emulator, bulk_numbers};

use crate::client::Client;

const PATH: &str = "/admin/teams/telephoneNumberManagement/numberAssignments";

async fn count(client: &Client, filter: &str) -> Result<usize, u16> {
    let encoded = filter
        .replace('%', "%25")
        .replace('+', "%2B")
        .replace(' ', "%20")
        .replace('#', "%23");
    let answer = client.get(&format!("{PATH}?$filter={encoded}")).await;
    if answer.status == 200 {
        Ok(answer.items().len())
    } else {
        Err(answer.status)
    }
}

#[tokio::test]
async fn filters_select_numbers() {
    let emulator = Emulator::start().await.unwrap();
    let client = Client::new(&emulator);
    for (filter, expected) in [
        ("telephoneNumber eq '+12061234567'", Ok(1)),
        ("telephoneNumber eq '12061234567'", Ok(0)),
        ("numberType eq 'directRouting'", Ok(5)),
        ("numberType ne 'directRouting'", Ok(15)),
        ("not (numberType eq 'directRouting')", Ok(15)),
        (
            "numberType eq 'directRouting' or numberType eq 'operatorConnect'",
            Ok(10),
        ),
        (
            "assignmentStatus eq 'unassigned' and capabilities/any(c:c eq 'userAssignment') and numberType eq 'operatorConnect'",
            Ok(3),
        ),
        ("capabilities/any(c: c eq 'teamsPhoneMobile')", Ok(0)),
        ("assignmentTargetId eq 'a0000000-0000-4000-8000-000000000002'", Ok(2)),
        ("assignmentTargetId eq null and numberSource eq 'onPremises'", Ok(1)),
        ("startswith(telephoneNumber,'+1206555011')", Ok(5)),
        ("numberType in ('directRouting','callingPlan')", Ok(15)),
        ("telephoneNumber eq 'it''s'", Ok(0)),
        // Everything but these two can be asked.
        ("id eq 'x'", Err(400)),
        ("city eq 'Seattle'", Err(400)),
        ("nonsense eq 'x'", Err(400)),
        // Members are spelled as they are, in straight quotes.
        ("numberType eq 'DirectRouting'", Err(400)),
        ("numberType eq \u{2018}directRouting\u{2019}", Err(400)),
        ("capabilities/any(c:c eq 'flying')", Err(400)),
        ("telephoneNumber eq '+1206", Err(400)),
        ("telephoneNumber eq", Err(400)),
        ("(numberType eq 'directRouting'", Err(400)),
    ] {
        assert_eq!(count(&client, filter).await, expected, "{filter}");
    }
}

#[tokio::test]
async fn a_bare_plus_is_a_space_and_finds_nothing() {
    let emulator = Emulator::start().await.unwrap();
    let client = Client::new(&emulator);
    let bare = client
        .get(&format!("{PATH}?$filter=telephoneNumber%20eq%20'+12061234567'"))
        .await;
    assert_eq!((bare.status, bare.items().len()), (200, 0));
    let form = client
        .get(&format!("{PATH}?$filter=telephoneNumber+eq+'%2B12061234567'"))
        .await;
    assert_eq!(form.items().len(), 1);
}

#[tokio::test]
async fn pages_are_cut_by_top_and_skip() {
    let emulator = Emulator::start().await.unwrap();
    emulator.seed(&bulk_numbers(1234)).unwrap();
    let client = Client::new(&emulator);
    for (query, expected) in [
        ("", 500),
        ("?$top=1000", 1000),
        ("?$top=1000&$skip=1000", 234),
        ("?$Top=10&$Skip=1230", 4),
        ("?$skip=5000", 0),
        ("?$top=0", 0),
    ] {
        let answer = client.get(&format!("{PATH}{query}")).await;
        assert_eq!(answer.items().len(), expected, "{query}");
        assert!(answer.body.get("@odata.nextLink").is_none());
    }
    for query in ["?$top=1001", "?$top=-1", "?$top=many", "?$search=x", "?$expand=user"] {
        assert_eq!(client.get(&format!("{PATH}{query}")).await.status, 400, "{query}");
    }
    let counted = client.get(&format!("{PATH}?$count=true&$top=1")).await;
    assert_eq!(counted.body["@odata.count"], 1234);
    let lenient = Emulator::builder()
        .lenient(true)
        .seed(bulk_numbers(1234))
        .start()
        .await
        .unwrap();
    let client = Client::new(&lenient);
    assert_eq!(
        client
            .get(&format!("{PATH}?$top=5000&$expand=user"))
            .await
            .items()
            .len(),
        1000
    );
}

#[tokio::test]
async fn next_links_lead_to_the_end() {
    let emulator = Emulator::builder()
        .next_links(true)
        .page_size(100)
        .seed(bulk_numbers(250))
        .start()
        .await
        .unwrap();
    let client = Client::new(&emulator);
    let mut url = client.url(&format!(
        "{PATH}?$filter=numberType%20ne%20'internalError'&$select=telephoneNumber"
    ));
    let mut seen = std::collections::BTreeSet::new();
    let mut pages = 0;
    loop {
        let page = client.get_absolute(&url).await;
        pages += 1;
        seen.extend(
            page.items()
                .iter()
                .map(|item| item["telephoneNumber"].as_str().unwrap().to_owned()),
        );
        match page.body["@odata.nextLink"].as_str() {
            Some(next) => url = next.to_owned(),
            None => break,
        }
    }
    assert_eq!((pages, seen.len()), (3, 250));
}

#[tokio::test]
async fn twenty_thousand_rows_are_paged() {
    let emulator = Emulator::builder().seed(bulk_numbers(19_980)).start().await.unwrap();
    let client = Client::new(&emulator);
    let mut seen = std::collections::HashSet::new();
    for page in 0..20 {
        let answer = client.get(&format!("{PATH}?$top=999&$skip={}", page * 999)).await;
        seen.extend(
            answer
                .items()
                .iter()
                .map(|item| item["telephoneNumber"].as_str().unwrap().to_owned()),
        );
    }
    assert_eq!(seen.len(), 19_980);
}

#[tokio::test]
async fn selection_and_order() {
    let emulator = Emulator::start().await.unwrap();
    let client = Client::new(&emulator);
    let answer = client
        .get(&format!(
            "{PATH}?$select=telephoneNumber,city&$orderby=telephoneNumber desc&$top=2"
        ))
        .await;
    assert_eq!(answer.items()[0]["telephoneNumber"], "+12065550124");
    let mut members: Vec<&str> = answer.items()[0]
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    members.sort_unstable();
    assert_eq!(members, ["@odata.type", "city", "telephoneNumber"]);
    for query in [
        "?$select=colour",
        "?$orderby=colour",
        "?$orderby=telephoneNumber sideways",
    ] {
        assert_eq!(client.get(&format!("{PATH}{query}")).await.status, 400, "{query}");
    }
}

#[tokio::test]
async fn one_number_by_its_opaque_id() {
    let emulator = Emulator::start().await.unwrap();
    let client = Client::new(&emulator);
    let all = client.get(PATH).await;
    let id = all.items()[0]["id"].as_str().unwrap();
    assert!(!id.contains('=') && !id.contains('+'));
    for path in [format!("{PATH}/{id}"), format!("{PATH}('{id}')")] {
        let one = client.get(&path).await;
        assert_eq!(one.body["telephoneNumber"], "+12061234567");
        assert_eq!(
            one.body["@odata.type"],
            "#microsoft.graph.teamsAdministration.numberAssignment"
        );
    }
}

/// A location of the sample data.
const LOCATION: &str = "10c00000-0000-4000-8000-000000000001";

#[tokio::test]
async fn updates_are_tri_state_and_at_once() {
    let emulator = Emulator::start().await.unwrap();
    let client = Client::new(&emulator);
    let path = format!("{PATH}/updateNumber");
    let shown = async || {
        let answer = client
            .get(&format!("{PATH}?$filter=telephoneNumber%20eq%20'%2B12065550101'"))
            .await;
        let item = &answer.items()[0];
        (
            item["locationId"].clone(),
            item["networkSiteId"].clone(),
            item["reverseNumberLookupOptions"].clone(),
        )
    };
    for (body, expected) in [
        (
            json!({ "locationId": LOCATION }),
            (json!(LOCATION), json!(null), json!([])),
        ),
        (
            json!({ "networkSiteId": "N" }),
            (json!(LOCATION), json!("N"), json!([])),
        ),
        (
            json!({ "locationId": null, "reverseNumberLookupOptions": ["skipInternalVoip"] }),
            (json!(LOCATION), json!("N"), json!(["skipInternalVoip"])),
        ),
        (
            json!({ "locationId": "" }),
            (json!(null), json!("N"), json!(["skipInternalVoip"])),
        ),
        (
            json!({ "networkSiteId": "", "reverseNumberLookupOptions": [] }),
            (json!(null), json!(null), json!([])),
        ),
    ] {
        let mut body = body;
        body["telephoneNumber"] = json!("+12065550101");
        let answer = client.post(&path, &body).await;
        assert_eq!(
            (answer.status, answer.text.as_str(), answer.header("location")),
            (200, "", None),
            "{body}"
        );
        assert_eq!(shown().await, expected, "{body}");
    }
    for (body, status) in [
        (json!({ "locationId": LOCATION }), 400),
        (
            json!({ "telephoneNumber": "+12065550199", "locationId": LOCATION }),
            404,
        ),
        (json!({ "telephoneNumber": "+12065550101", "locationId": 1 }), 400),
        (json!({ "telephoneNumber": "+12065550101", "location": LOCATION }), 400),
        (
            json!({ "telephoneNumber": "+12065550101", "reverseNumberLookupOptions": "skipInternalVoip" }),
            400,
        ),
        (
            json!({ "telephoneNumber": "+12065550101", "reverseNumberLookupOptions": ["other"] }),
            400,
        ),
        // No location of the tenant's.
        (json!({ "telephoneNumber": "+12065550101", "locationId": "L" }), 400),
        // The operator alone sets the location of this one.
        (
            json!({ "telephoneNumber": "+12065550122", "locationId": LOCATION }),
            400,
        ),
    ] {
        assert_eq!(client.post(&path, &body).await.status, status, "{body}");
    }
}
