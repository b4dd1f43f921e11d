//! Answers of the server: an update accepted, one phone method, an order, and 20 pages of 999 numbers.

use std::fmt::Write as _;

/// Pages of the list.
const PAGES: usize = 20;
/// Numbers on a page, the most that the service gives.
const NUMBERS: usize = 999;

/// Every answer, ready to be sent.
pub(crate) struct Answers {
    updated: Vec<u8>,
    accepted: Vec<u8>,
    phone_method: Vec<u8>,
    pages: Vec<Vec<u8>>,
}

impl Answers {
    /// The answers of a server at an address.
    pub(crate) fn new(address: &str) -> Self {
        let accepted = format!(
            "HTTP/1.1 202 Accepted\r\n{REQUEST_ID}Content-Length: 0\r\nLocation: {address}/v1.0/admin/teams/\
             telephoneNumberManagement/operations('QXNzaWdubWVudHw1')\r\n\r\n"
        );
        Self {
            updated: format!("HTTP/1.1 204 No Content\r\n{REQUEST_ID}\r\n").into_bytes(),
            accepted: accepted.into_bytes(),
            phone_method: answer(
                r#"{"id":"3179e48a-750b-4051-897c-87b9720928f7","phoneNumber":"+1 2065550100","phoneType":"mobile","smsSignInState":"ready"}"#,
            ),
            pages: (0..PAGES).map(|index| page(address, index)).collect(),
        }
    }

    /// The answer to a request, by the first line of its head.
    pub(crate) fn to(&self, head: &str) -> &[u8] {
        if head.starts_with("PATCH ") {
            return &self.updated;
        }
        if head.starts_with("POST ") {
            return &self.accepted;
        }
        let line = head.lines().next().unwrap_or("");
        if !line.contains("numberAssignments") {
            return &self.phone_method;
        }
        let wanted = line.split_once("skiptoken=").map_or("0", |(_, rest)| rest);
        let digits = wanted
            .find(|other: char| !other.is_ascii_digit())
            .unwrap_or(wanted.len());
        let index: usize = wanted[..digits].parse().unwrap_or(0);
        &self.pages[index.min(PAGES - 1)]
    }
}

const REQUEST_ID: &str = "request-id: 5e1e2f5c-0000-4000-8000-000000000001\r\n";

fn answer(json: &str) -> Vec<u8> {
    format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json;odata.metadata=minimal;odata.streaming=true;charset=utf-8\r\n\
         {REQUEST_ID}Content-Length: {}\r\n\r\n{json}",
        json.len()
    )
    .into_bytes()
}

/// One page, some 640 KB. On one of five some text is not ASCII.
fn page(address: &str, page: usize) -> Vec<u8> {
    let cities = if page % 5 == 4 {
        ["Seattle", "Zürich", "Bellevue"]
    } else {
        ["Seattle", "Tacoma", "Bellevue"]
    };
    let types = ["callingPlan", "directRouting", "operatorConnect"];
    let mut json = format!(
        r#"{{"@odata.context":"{address}/v1.0/$metadata#admin/teams/telephoneNumberManagement/numberAssignments","#
    );
    if page + 1 < PAGES {
        let _ = write!(
            json,
            r#""@odata.nextLink":"{address}/v1.0/admin/teams/telephoneNumberManagement/numberAssignments?$top={NUMBERS}&$skiptoken={}","#,
            page + 1
        );
    }
    json.push_str(r#""value":["#);
    for place in 0..NUMBERS {
        let index = page * NUMBERS + place;
        if place > 0 {
            json.push(',');
        }
        let (status, target) = match index % 4 {
            0 => ("unassigned", "null".to_owned()),
            _ => ("userAssigned", format!(r#""{index:08x}-1111-4222-8333-{index:012x}""#)),
        };
        let (number_type, city) = (types[index % 3], cities[index % 3]);
        let _ = write!(
            json,
            r#"{{"id":"{index:08x}-aaaa-4bbb-8ccc-{index:012x}","telephoneNumber":"+1206555{index:05}","operatorId":"7a205197-8e59-487d-b9fa-3fc1b108f1e5","numberType":"{number_type}","activationState":"activated","capabilities":["userAssignment","conferenceAssignment","voiceApplicationAssignment"],"locationId":"407c809b-e764-4ecc-8f45-fc3eda6a2bd1","civicAddressId":"407c809b-e764-4ecc-8f45-fc3eda6a2bd2","networkSiteId":null,"assignmentTargetId":{target},"assignmentCategory":"primary","assignmentStatus":"{status}","portInStatus":"completed","isoCountryCode":"US","city":"{city}","numberSource":"online","supportedCustomerActions":["locationUpdate","release"],"reverseNumberLookupOptions":["skipInternalVoip"]}}"#
        );
    }
    json.push_str("]}");
    answer(&json)
}
