//! Kinds of policies by the names that people write.

use trunkline_core::codec::OpenEnum;

pub use crate::generated::teams_administration::PolicyType;
use crate::refusal::{Refusal, RefusalReason};

/// Names that do not follow from the service's own.
const OTHER_NAMES: [(&str, PolicyType); 3] = [
    ("callerid", PolicyType::CallingLineIdentity),
    ("sharedcalling", PolicyType::TeamsSharedCallingRoutingPolicy),
    ("holdmusic", PolicyType::TeamsCallHoldPolicy),
];

impl PolicyType {
    /// The kind that a text means: the service's name in any case, or a short one such as `voice routing`, `dial-plan`,
    /// `CallerId` or `emergency calling`. Case, spaces and signs do not matter, nor do `Teams`, `Online` and `Tenant` in front
    /// and `Policy` at the end. Other text is a kind that this version does not know, and is sent as it is.
    ///
    /// # Errors
    ///
    /// When the text is blank.
    ///
    /// ```
    /// use trunkline::policies::PolicyType;
    ///
    /// assert_eq!(PolicyType::named("voice routing"), Ok(PolicyType::OnlineVoiceRoutingPolicy));
    /// assert_eq!(PolicyType::named("teamsCallingPolicy"), Ok(PolicyType::TeamsCallingPolicy));
    /// assert_eq!(PolicyType::named("TeamsNewerPolicy").map(|kind| kind.to_string()), Ok("TeamsNewerPolicy".to_owned()));
    /// ```
    pub fn named(text: &str) -> Result<Self, Refusal> {
        let text = text.trim();
        if text.is_empty() {
            return Err(Refusal::new(RefusalReason::PolicyTypeMissing));
        }
        let wanted = short(text);
        let known = Self::MEMBERS.iter().find(|known| short(known) == wanted);
        let other = || {
            OTHER_NAMES
                .iter()
                .find(|(name, _)| *name == wanted)
                .map(|(_, kind)| kind)
        };
        Ok(match known {
            Some(known) => Self::from_wire(known),
            None => other().cloned().unwrap_or_else(|| Self::from_wire(text)),
        })
    }
}

/// Letters and digits of a name in lower case, without the words that many names share.
fn short(name: &str) -> String {
    let letters: String = name.chars().filter(|letter| letter.is_alphanumeric()).collect();
    let name = letters.to_lowercase();
    let name = name.strip_suffix("policy").unwrap_or(&name);
    let begins = ["teams", "online", "tenant"];
    let rest = begins.iter().find_map(|begin| name.strip_prefix(begin));
    rest.filter(|rest| !rest.is_empty()).unwrap_or(name).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_people_write_are_understood() {
        for (text, expected) in [
            ("voice routing", PolicyType::OnlineVoiceRoutingPolicy),
            (" onlinevoiceroutingpolicy ", PolicyType::OnlineVoiceRoutingPolicy),
            ("VoiceRoutingPolicy", PolicyType::OnlineVoiceRoutingPolicy),
            ("dial plan", PolicyType::TenantDialPlan),
            ("Tenant-Dial-Plan", PolicyType::TenantDialPlan),
            ("calling", PolicyType::TeamsCallingPolicy),
            ("caller id", PolicyType::CallingLineIdentity),
            ("CallingLineIdentity", PolicyType::CallingLineIdentity),
            ("voicemail", PolicyType::OnlineVoicemailPolicy),
            ("emergency calling", PolicyType::TeamsEmergencyCallingPolicy),
            ("Emergency Call Routing", PolicyType::TeamsEmergencyCallRoutingPolicy),
            ("shared calling", PolicyType::TeamsSharedCallingRoutingPolicy),
            ("shared_calling_routing", PolicyType::TeamsSharedCallingRoutingPolicy),
            ("hold music", PolicyType::TeamsCallHoldPolicy),
            ("teams", PolicyType::from("teams")),
            ("policy", PolicyType::from("policy")),
            ("Teams Newer Policy", PolicyType::from("Teams Newer Policy")),
        ] {
            assert_eq!(PolicyType::named(text), Ok(expected), "{text}");
        }
        let refusal = PolicyType::named(" \t").expect_err("is blank");
        assert_eq!(refusal.reason, RefusalReason::PolicyTypeMissing);
    }

    #[test]
    fn every_kind_has_a_short_name_of_its_own() {
        let mut names: Vec<String> = PolicyType::MEMBERS.iter().map(|name| short(name)).collect();
        names.extend(OTHER_NAMES.iter().map(|(name, _)| (*name).to_owned()));
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
        for name in PolicyType::MEMBERS {
            assert_eq!(PolicyType::named(&short(name)), Ok(PolicyType::from(*name)));
        }
    }
}
