//! One person under two names, found after the directory was read.

use trunkline_bulk::Bulk;
use trunkline_bulk::input::{self, InputOptions};
use trunkline_bulk::plan::{PlanOptions, Pool, Verdict};

use crate::{Fixture, row, summary_of};

const ANA: &str = "a0000000-0000-4000-8000-000000000001";
const BEN: &str = "a0000000-0000-4000-8000-000000000002";

#[tokio::test]
async fn two_numbers_for_one_person_by_name_and_by_id_are_refused() {
    let fixture = Fixture::build().await;
    let file = format!("action,number,user\nassign,+12065550101,ana@contoso.example\nassign,+12065550102,{ANA}\n");
    let plan = fixture.plan(&file).await;
    for (line, other) in [(2, 3), (3, 2)] {
        assert_eq!(summary_of(row(&plan, line)), (Verdict::Refused, "userTwice", vec![]));
        let what = &row(&plan, line).findings[0].what;
        assert!(what.contains(&format!("row {other} ")), "{what}");
    }
    // In upper and lower case, by moves as well, and among rows of other people.
    let file = format!(
        "action,number,user\nmove,+12065550101,{}\nassign,+12065550110,gina@contoso.example\n\
         assign,+12065550102,ANA@contoso.example\n",
        ANA.to_uppercase()
    );
    let plan = fixture.plan(&file).await;
    assert_eq!(summary_of(row(&plan, 2)).1, "userTwice");
    assert_eq!(summary_of(row(&plan, 4)).1, "userTwice");
    assert_ne!(summary_of(row(&plan, 3)).1, "userTwice");
}

#[tokio::test]
async fn two_lines_of_one_person_are_none_of_it() {
    let fixture = Fixture::build().await;
    let file = format!(
        "action,number,user,category\nassign,+12065550110,ana@contoso.example,primary\nassign,+12065550111,{ANA},private\n"
    );
    let plan = fixture.plan(&file).await;
    for row in &plan.rows {
        assert_eq!(row.verdict, Verdict::Change, "{row:?}");
    }
}

#[tokio::test]
async fn phones_of_one_person_by_name_and_by_id_are_refused_unless_they_agree() {
    let fixture = Fixture::build().await;
    let file = format!(
        "action,user,role,number,smsSignIn\n\
         setPhone,ben@contoso.example,mobile,+12065550151,\nremovePhone,{BEN},mobile,,\n\
         smsSignIn,ana@contoso.example,,,on\nsmsSignIn,{ANA},,,off\n\
         setPhone,carla@contoso.example,mobile,+12065550150,\n\
         setPhone,a0000000-0000-4000-8000-000000000003,mobile,+1 206 555 0150,\n\
         setPhone,ben@contoso.example,office,+12065550152,\n"
    );
    let plan = fixture.plan(&file).await;
    let codes: Vec<_> = (2..=8).map(|line| summary_of(row(&plan, line)).1).collect();
    assert_eq!(
        codes,
        ["phoneTwice", "phoneTwice", "signInTwice", "signInTwice", "", "", ""],
        "{:?}",
        plan.rows
    );
    assert_eq!(row(&plan, 6).verdict, Verdict::Change);
    assert_eq!(row(&plan, 7).verdict, Verdict::Already, "it says the same");
}

#[tokio::test]
async fn two_numbers_to_be_picked_for_one_person_are_refused() {
    let fixture = Fixture::build().await;
    let options = InputOptions {
        pick: true,
        ..InputOptions::default()
    };
    let file = format!("number,user\n,ana@contoso.example\n,{ANA}\n");
    let rows = input::read(file.as_bytes(), &options).expect("a file");
    let options = PlanOptions::default().pool(Pool::default());
    let plan = Bulk::new(&fixture.client).plan(&rows, &options).await;
    let plan = plan.expect("a plan");
    for line in [2, 3] {
        assert_eq!(summary_of(row(&plan, line)), (Verdict::Refused, "userTwice", vec![]));
    }
}
