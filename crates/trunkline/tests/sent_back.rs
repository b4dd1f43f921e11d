//! Records that were read, changed and sent back: what the body does not take is left out, and the emulator, which refuses
//! all the rest, takes it.

use trunkline::graph::{
    AuthenticationMethodState, AuthenticationPhoneType, PhoneAuthenticationMethod, SmsAuthenticationMethodConfiguration,
};
use trunkline::{Client, Credential, ErrorKind};
use trunkline_emulator::Emulator;

const ANA: &str = "ana@contoso.example";
const MOBILE: &str = "3179e48a-750b-4051-897c-87b9720928f7";

async fn served() -> (Emulator, Client) {
    let emulator = Emulator::start().await.expect("a port is free");
    let client = Client::builder()
        .endpoint(emulator.url())
        .credential(Credential::token(emulator.token()))
        .no_proxy()
        .build()
        .expect("builds");
    (emulator, client)
}

#[tokio::test]
async fn a_phone_is_changed_and_sent_back() {
    let (emulator, client) = served().await;
    let mobile = client
        .graph()
        .users()
        .by_id(ANA)
        .authentication()
        .phone_methods()
        .by_id(MOBILE);
    let mut phone = mobile.get().await.expect("is there").into_value();
    assert!(phone.additional.raw("@odata.context").is_some() && !phone.sms_sign_in_state.is_absent());
    phone.phone_number = "+1 2065550177".into();
    mobile.update(&phone).await.expect("is taken");
    let changed = mobile.get().await.expect("is there").into_value();
    assert_eq!(changed.phone_number.as_deref(), Some("+1 2065550177"));
    assert_eq!(emulator.requests().len(), 3);
}

#[tokio::test]
async fn a_phone_without_its_type_is_not_sent() {
    let (emulator, client) = served().await;
    let mobile = client
        .graph()
        .users()
        .by_id(ANA)
        .authentication()
        .phone_methods()
        .by_id(MOBILE);
    for (phone, missing) in [
        (
            PhoneAuthenticationMethod {
                phone_number: "+1 2065550177".into(),
                ..PhoneAuthenticationMethod::default()
            },
            "phoneType",
        ),
        (
            PhoneAuthenticationMethod {
                phone_type: AuthenticationPhoneType::Mobile.into(),
                ..PhoneAuthenticationMethod::default()
            },
            "phoneNumber",
        ),
    ] {
        let error = mobile.update(&phone).await.expect_err("is refused");
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(
            error.to_string().contains(&format!("{missing} must be given")),
            "{error}"
        );
    }
    assert!(emulator.requests().is_empty());
}

#[tokio::test]
async fn policies_are_changed_and_sent_back() {
    let (emulator, client) = served().await;
    let place = client.graph().policies().authentication_methods_policy();
    let mut policy = place.get().await.expect("is there").into_value();
    assert!(policy.additional.raw("authenticationMethodConfigurations").is_some());
    policy.reconfirmation_in_days = 7.into();
    let changed = place.update(&policy).await.expect("is taken").into_value();
    assert_eq!(changed.expect("a policy").reconfirmation_in_days, Some(7));

    let sms = place.authentication_method_configurations().by_id("sms");
    let read = sms.get().await.expect("is there").into_value();
    let mut configuration = read
        .downcast::<SmsAuthenticationMethodConfiguration>()
        .expect("is of its type")
        .clone();
    configuration.state = AuthenticationMethodState::Disabled.into();
    // A body for the abstract type has what the derived one adds, such as the targets.
    sms.update(&configuration).await.expect("is taken");
    let sent = emulator.requests().pop().expect("a request").body.expect("a body");
    for (member, is_sent) in [
        ("includeTargets", true),
        ("\"id\":\"Sms\"", false),
        ("@odata.context", false),
    ] {
        assert_eq!(sent.to_string().contains(member), is_sent, "{member}: {sent}");
    }
}
