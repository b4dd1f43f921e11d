//! A test of a generated crate: the first of these tries that the metadata has.

use trunkline_spec::model::CallableKind;

use crate::OutputFile;
use crate::plan::{CallPlan, Plan, Receiver};
use crate::rust::Walk;

/// A try against the emulator.
struct Try {
    /// Name of the file and of the test.
    name: &'static str,
    /// Its request.
    about: &'static str,
    /// The place it happens at.
    path: &'static str,
    /// The action, with the values of its required parameters; none: the collection is listed.
    action: Option<(&'static str, &'static [(&'static str, &'static str)])>,
}

/// Requests that the emulator's sample data makes possible, those that show most first.
const TRIES: &[Try] = &[
    Try {
        name: "assign",
        about: "Assigns a telephone number",
        path: "/admin/teams/telephoneNumberManagement/numberAssignments",
        action: Some((
            "assignNumber",
            &[
                ("telephoneNumber", "+12061234567"),
                ("assignmentTargetId", "a0000000-0000-4000-8000-000000000001"),
                ("numberType", "callingPlan"),
            ],
        )),
    },
    Try {
        name: "phone_methods",
        about: "Lists the phone methods of a user",
        path: "/users/ana@contoso.example/authentication/phoneMethods",
        action: None,
    },
];

/// The test; nothing when the metadata has none of what the emulator offers.
pub(super) fn test(plan: &Plan<'_>, crate_name: &str) -> Option<OutputFile> {
    TRIES.iter().find_map(|attempt| {
        let walk = Walk::along(plan, attempt.path, "")?;
        let module = crate_name.replace('-', "_");
        let place = walk.chain.join("\n        ");
        let body = match attempt.action {
            Some((action, values)) => {
                let call = call_of(plan, walk.receiver, action)?;
                let arguments = arguments(plan, call, values)?;
                format!(
                    "    let answer = graph\n        {place}\n        .{}({arguments})\n        .await?;\n\
                     \x20   assert_eq!(answer.status().as_u16(), 202);\n\
                     \x20   assert!(answer.headers().contains_key(\"location\"));\n",
                    call.method
                )
            }
            None => format!(
                "    let items = graph\n        {place}\n        .list()\n        .all()\n        .await?;\n\
                 \x20   assert!(items.iter().all(|item| item.id.is_value()));\n\
                 \x20   assert!(!items.is_empty());\n"
            ),
        };
        let text = format!(
            "{}\n\n//! {} through the generated code, on the emulator.\n\n\
             use {module}::Graph;\n\
             use trunkline_core::Client;\n\
             use trunkline_core::token::StaticToken;\n\
             use trunkline_emulator::Emulator;\n\n\
             #[tokio::test]\n\
             async fn {}() -> Result<(), Box<dyn std::error::Error>> {{\n\
             \x20   let emulator = Emulator::start().await?;\n\
             \x20   let client = Client::builder()\n\
             \x20       .set_root(emulator.url().parse()?)\n\
             \x20       .with_token_source(StaticToken::new(emulator.token()))\n\
             \x20       .build()?;\n\
             \x20   let graph = Graph::new(&client);\n{body}    Ok(())\n}}\n",
            crate::HEADER,
            attempt.about,
            attempt.name
        );
        Some(OutputFile::new(format!("tests/{}.rs", attempt.name), text))
    })
}

fn call_of<'p, 'm>(plan: &'p Plan<'m>, receiver: Receiver, action: &str) -> Option<&'p CallPlan<'m>> {
    plan.calls.iter().find(|call| {
        let callable = plan.model.callable(call.callable);
        call.receiver == receiver && callable.kind == CallableKind::Action && callable.name.name == action
    })
}

/// The values in the order of the required parameters; nothing when one of those has no value here.
fn arguments(plan: &Plan<'_>, call: &CallPlan<'_>, values: &[(&str, &str)]) -> Option<String> {
    let required = plan
        .model
        .callable(call.callable)
        .parameters
        .iter()
        .filter(|parameter| parameter.required);
    let arguments: Option<Vec<String>> = required
        .map(|parameter| {
            let (_, value) = values.iter().find(|(name, _)| *name == parameter.name)?;
            Some(proc_macro2::Literal::string(value).to_string())
        })
        .collect();
    arguments.map(|arguments| arguments.join(", "))
}
