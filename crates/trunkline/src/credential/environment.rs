//! A credential that the environment describes, without guessing.

use trunkline_core::error::Result;

use super::azure::Federation;
use super::{Application, ClientCertificate, Credential, Kind, invalid};

const TENANT: &str = "AZURE_TENANT_ID";
const CLIENT: &str = "AZURE_CLIENT_ID";
const SECRET: &str = "AZURE_CLIENT_SECRET";
const CERTIFICATE: &str = "AZURE_CLIENT_CERTIFICATE_PATH";
const FEDERATION: &str = "AZURE_FEDERATED_TOKEN_FILE";
const PROOFS: [&str; 3] = [SECRET, CERTIFICATE, FEDERATION];

/// Reads the variables through `lookup`. One that is empty counts as absent.
pub(super) fn read(lookup: impl Fn(&str) -> Option<String>) -> Result<Credential> {
    let value = |name: &str| lookup(name).filter(|value| !value.trim().is_empty());
    let mut missing: Vec<&str> = [TENANT, CLIENT]
        .into_iter()
        .filter(|name| value(name).is_none())
        .collect();
    let given: Vec<&str> = PROOFS.into_iter().filter(|name| value(name).is_some()).collect();
    let one_of = PROOFS.join(", ");
    if given.len() > 1 {
        return Err(invalid(format!(
            "the environment describes more than one credential: {}",
            given.join(" and ")
        ))
        .with_next_step(format!("Set exactly one of {one_of}")));
    }
    let choice = format!("one of {one_of}");
    if given.is_empty() {
        missing.push(&choice);
    }
    let (Some(tenant), Some(client), [proof]) = (value(TENANT), value(CLIENT), given.as_slice()) else {
        return Err(invalid(format!(
            "the environment describes no credential; not set: {}",
            missing.join("; ")
        ))
        .with_next_step("Set these variables, or name another credential"));
    };
    let application = Application::new(tenant.trim(), client.trim());
    let value = value(proof).unwrap_or_default();
    let credential = Credential(match *proof {
        SECRET => Kind::Secret {
            application,
            secret: value.into(),
        },
        CERTIFICATE => Kind::Certificate {
            application,
            certificate: ClientCertificate::from_file(value),
        },
        _ => Kind::WorkloadIdentity(Some(Federation {
            application,
            token_file: value.into(),
        })),
    });
    credential.check()?;
    Ok(credential)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(variables: &[(&str, &str)]) -> Result<Credential> {
        read(|name| {
            variables
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn exactly_one_credential_is_taken() {
        let base = [(TENANT, "contoso.example"), (CLIENT, "app")];
        for (proof, name) in [
            (SECRET, "client secret"),
            (CERTIFICATE, "client certificate"),
            (FEDERATION, "workload identity"),
        ] {
            let credential = from(&[base[0], base[1], (proof, "canary-value")]).unwrap();
            assert_eq!(credential.name(), name);
            assert!(!format!("{credential:?}").contains("canary"), "{credential:?}");
        }
    }

    #[test]
    fn what_is_missing_or_too_much_is_named() {
        for (variables, expected) in [
            (
                &[][..],
                "not set: AZURE_TENANT_ID; AZURE_CLIENT_ID; one of AZURE_CLIENT_SECRET",
            ),
            (
                &[(TENANT, "t"), (CLIENT, " "), (SECRET, "canary")],
                "not set: AZURE_CLIENT_ID",
            ),
            (
                &[(TENANT, "t"), (CLIENT, "c")],
                "not set: one of AZURE_CLIENT_SECRET, AZURE_CLIENT_CERTIFICATE_PATH",
            ),
            (
                &[
                    (TENANT, "t"),
                    (CLIENT, "c"),
                    (SECRET, "canary"),
                    (FEDERATION, "/canary"),
                ],
                "AZURE_CLIENT_SECRET and AZURE_FEDERATED_TOKEN_FILE",
            ),
            (
                &[(TENANT, "a/b"), (CLIENT, "c"), (SECRET, "canary")],
                "neither an id nor a domain",
            ),
        ] {
            let error = from(variables).unwrap_err();
            assert_eq!(error.kind(), trunkline_core::error::ErrorKind::InvalidInput);
            assert!(error.message().contains(expected), "{error}");
            assert!(!format!("{error} {error:?}").contains("canary"), "{error:?}");
        }
    }
}
