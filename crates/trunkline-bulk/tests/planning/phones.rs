//! Rows about phone methods.

use serde_json::json;
use trunkline_bulk::plan::{StepId, Verdict};
use trunkline_bulk::{ApplyOptions, Bulk};

use crate::{Fixture, row, summary_of};

#[tokio::test]
async fn changes_of_one_user_get_the_order_that_the_service_wants() {
    let fixture = Fixture::build().await;
    // ben has all three phones; the file has them in an order that cannot work.
    let file = "action,user,role,number\nremovePhone,ben@contoso.example,mobile,\n\
                removePhone,ben@contoso.example,alternateMobile,\n";
    let plan = fixture.plan(file).await;
    assert_eq!(summary_of(row(&plan, 2)), (Verdict::Change, "", vec!["remove"]));
    assert_eq!(row(&plan, 3).steps[0].needs, []);
    assert_eq!(
        row(&plan, 2).steps[0].needs,
        [StepId(3, 0)],
        "the mobile number goes last"
    );
}

#[tokio::test]
async fn an_alternate_number_waits_for_the_mobile_one() {
    let fixture = Fixture::build().await;
    let file = "action,user,role,number,smsSignIn\nsetPhone,carla@contoso.example,alternateMobile,+12065550151,\n\
                setPhone,carla@contoso.example,mobile,+12065550150,\nsmsSignIn,carla@contoso.example,,,on\n";
    let plan = fixture.plan(file).await;
    for row in &plan.rows {
        assert_eq!(row.verdict, Verdict::Change, "{row:?}");
    }
    assert_eq!(row(&plan, 3).steps[0].needs, []);
    assert_eq!(row(&plan, 2).steps[0].needs, [StepId(3, 0)]);
    assert_eq!(row(&plan, 4).steps[0].needs, [StepId(2, 0)]);
}

#[tokio::test]
async fn whoever_gets_another_mobile_number_is_kept_from_signing_in_with_it_afterwards() {
    let fixture = Fixture::build().await;
    // The service registers a new mobile number for signing in: ben's is ready, carla has none.
    let file = "action,user,role,number,smsSignIn\nsmsSignIn,ben@contoso.example,,,off\n\
                setPhone,ben@contoso.example,mobile,+12065550159,\nsmsSignIn,carla@contoso.example,,,off\n\
                setPhone,carla@contoso.example,mobile,+12065550158,\n";
    let plan = fixture.plan(file).await;
    for line in [2, 4] {
        assert_eq!(summary_of(row(&plan, line)), (Verdict::Change, "", vec!["off"]));
        assert_eq!(row(&plan, line).steps[0].needs, [StepId(line + 1, 0)]);
    }
    let folder = tempfile::tempdir().expect("a folder");
    let apply = Bulk::new(&fixture.client).apply(plan, folder.path().join("run.journal"), &ApplyOptions::new());
    let summary = apply.run(|_| {}).await.expect("runs");
    assert_eq!(summary.done, 4);
    let state = fixture.emulator.state();
    for user in state["users"].as_array().expect("users") {
        for method in user["authentication"]["phoneMethods"].as_array().into_iter().flatten() {
            let number = method["phoneNumber"].as_str().unwrap_or_default();
            if ["+1 2065550159", "+1 2065550158"].contains(&number) {
                assert_eq!(method["smsSignInState"], "notEnabled", "{number}");
            }
        }
    }
}

#[tokio::test]
async fn what_cannot_be_is_refused_with_its_cause() {
    let fixture = Fixture::build().await;
    let cases = [
        ("removePhone,ben@contoso.example,mobile,,", "alternateRemains"),
        (
            "setPhone,carla@contoso.example,alternateMobile,+12065550151,",
            "mobileMissing",
        ),
        ("smsSignIn,carla@contoso.example,,,on", "noMobile"),
        ("setPhone,nobody@contoso.example,mobile,+12065550151,", "unknownUser"),
    ];
    for (line, code) in cases {
        let plan = fixture
            .plan(&format!("action,user,role,number,smsSignIn\n{line}\n"))
            .await;
        let (verdict, found, _) = summary_of(row(&plan, 2));
        assert_eq!(
            (verdict, found),
            (Verdict::Refused, code),
            "{line}: {:?}",
            row(&plan, 2).findings
        );
    }
}

#[tokio::test]
async fn the_tenants_policy_is_asked_first() {
    let fixture = Fixture::build().await;
    let policy = |state: &str| {
        let mut policy = fixture.emulator.state()["authenticationMethodsPolicy"].clone();
        for configuration in policy["authenticationMethodConfigurations"]
            .as_array_mut()
            .expect("configurations")
        {
            if configuration["id"] == json!("Sms") {
                configuration["state"] = json!(state);
            }
        }
        json!({ "authenticationMethodsPolicy": policy })
    };
    fixture.emulator.seed(&policy("disabled")).expect("a seed");
    let file = "action,user,role,number,smsSignIn\nsetPhone,carla@contoso.example,mobile,+12065550150,\n\
                smsSignIn,carla@contoso.example,,,on\n";
    let plan = fixture.plan(file).await;
    assert_eq!(summary_of(row(&plan, 2)).0, Verdict::Change);
    assert_eq!(summary_of(row(&plan, 3)).1, "smsPolicyOff", "{:?}", row(&plan, 3));
}
