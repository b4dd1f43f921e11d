//! The command that signs in again, at the place that this command is for.

use crate::failure::Failure;
use crate::profiles::{Key, Profile};
use crate::settings::{Origin, Settings};

/// The command to copy: it names the profile, and whatever options or variables name instead of what the profile says.
pub(super) fn command(settings: &Settings<'_>) -> Result<String, Failure> {
    let profile = settings.profile();
    let mut place = Vec::new();
    for key in [Key::Tenant, Key::Cloud, Key::Endpoint] {
        if let Some(setting) = settings.get(key)?.filter(|setting| setting.origin != Origin::Default) {
            place.push((key, setting));
        }
    }
    let is_of_profile = place.iter().all(|(key, setting)| {
        let own = profile.and_then(|profile| profile.get(*key));
        setting.origin == Origin::Profile || own == Some(setting.value.as_str())
    });
    let is_chosen = settings.chosen_by() != Origin::Profile;
    let named = profile.filter(|_| is_chosen || is_of_profile);
    let mut words = vec!["trunkline login".to_owned()];
    words.extend(named.map(|Profile { name, .. }| format!("--profile {name}")));
    for (key, setting) in place {
        // The profile says it again, where it is named.
        if named.is_none() || setting.origin != Origin::Profile && !is_of_profile {
            words.push(format!("--{} {}", key.name(), quoted(&setting.value)));
        }
    }
    if settings.global().allow_endpoint {
        words.push("--allow-endpoint".to_owned());
    }
    Ok(words.join(" "))
}

/// A value as a word of a command: between quotation marks, when a shell would read more than a word in it.
fn quoted(value: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b':' | b'/');
    match value.bytes().all(is_plain) {
        true => value.to_owned(),
        false => format!("'{}'", value.replace('\'', r"'\''")),
    }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_value_is_one_word_for_a_shell() {
        assert_eq!(quoted("http://127.0.0.1:8080"), "http://127.0.0.1:8080");
        assert_eq!(quoted("http://[::1]:8080"), "'http://[::1]:8080'");
        assert_eq!(quoted("http://x;'y"), r"'http://x;'\''y'");
    }
}
