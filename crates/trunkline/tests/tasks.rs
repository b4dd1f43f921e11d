//! The example `tasks`, carried out.

#[path = "../examples/tasks.rs"]
#[allow(dead_code, reason = "its `main` is for people")]
mod tasks;

use trunkline::{Client, Credential};
use trunkline_emulator::Emulator;

#[tokio::test]
async fn the_tasks_of_the_example_do_what_they_say() {
    let emulator = Emulator::builder().advance_per_poll(true).start().await.unwrap();
    let client = Client::builder()
        .endpoint(emulator.url())
        .credential(Credential::token(emulator.token()))
        .build()
        .unwrap();
    let (ana, dev) = ("ana@contoso.example", "dev@contoso.example");
    tasks::assign(&client, "+12061234567", ana).await.unwrap();
    let mut file = Vec::new();
    assert_eq!(tasks::write_numbers(&client, &mut file).await.unwrap(), 20);
    let text = String::from_utf8(file).unwrap();
    assert!(
        text.starts_with("number,city,status\n") && text.contains("+12061234567,\"Seattle\",userAssigned\n"),
        "{text}"
    );
    let mobiles = tasks::mobiles(&client, &[ana, dev]).await.unwrap();
    assert_eq!(
        mobiles,
        [
            (ana.to_owned(), Some("+1 2065550142".to_owned())),
            (dev.to_owned(), None)
        ]
    );
    assert!(tasks::users_in(&client, "US").await.unwrap().contains(&ana.to_owned()));
    assert!(tasks::users_in(&client, "FR").await.unwrap().is_empty());
    let held = tasks::assign_or_explain(&client, "+12065550100", dev).await;
    assert!(held.starts_with("somebody holds +12065550100"), "{held}");
    let unknown = tasks::assign_or_explain(&client, "+12065550110", "nobody@contoso.example").await;
    assert!(unknown.starts_with("notFound "), "{unknown}");
    tasks::test_onboarding().await.unwrap();
}
