//! A credential that the environment describes, without guessing.

use std::ffi::OsString;

use trunkline_core::error::Result;

use super::application::{Application, Federation, invalid};
use super::{ClientCertificate, Credential, Kind};

const TENANT: &str = "AZURE_TENANT_ID";
const CLIENT: &str = "AZURE_CLIENT_ID";
const SECRET: &str = "AZURE_CLIENT_SECRET";
const CERTIFICATE: &str = "AZURE_CLIENT_CERTIFICATE_PATH";
const FEDERATION: &str = "AZURE_FEDERATED_TOKEN_FILE";
const PROOFS: [&str; 3] = [SECRET, CERTIFICATE, FEDERATION];

impl Credential {
    /// The application that the environment describes.
    ///
    /// `AZURE_TENANT_ID` and `AZURE_CLIENT_ID` must be set, and exactly one of `AZURE_CLIENT_SECRET`,
    /// `AZURE_CLIENT_CERTIFICATE_PATH` (a PEM file) and `AZURE_FEDERATED_TOKEN_FILE`. Nothing else is looked at;
    /// the authority is that of the client's cloud.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput), which names the variables that are missing, too
    /// many, or no UTF-8.
    pub fn from_environment() -> Result<Self> {
        read(None, |name| std::env::var_os(name))
    }

    /// The application that the environment describes, in this tenant instead of that of `AZURE_TENANT_ID`, which need not
    /// be set.
    ///
    /// # Errors
    ///
    /// As [`from_environment`](Self::from_environment).
    pub fn from_environment_in(tenant: impl Into<String>) -> Result<Self> {
        read(Some(tenant.into()), |name| std::env::var_os(name))
    }
}

/// Reads the variables through `lookup`. One that is empty counts as absent. A tenant that is given stands for its variable.
pub(super) fn read(tenant: Option<String>, lookup: impl Fn(&str) -> Option<OsString>) -> Result<Credential> {
    let is_blank = |value: &OsString| value.to_str().is_some_and(|text| text.trim().is_empty());
    let path = |name: &str| lookup(name).filter(|value| !is_blank(value));
    let value = |name: &str| path(name).map(|value| text(name, value)).transpose();
    let (tenant, client) = match tenant {
        Some(tenant) => (Some(tenant), value(CLIENT)?),
        None => (value(TENANT)?, value(CLIENT)?),
    };
    let mut missing: Vec<&str> = [(TENANT, &tenant), (CLIENT, &client)]
        .into_iter()
        .filter_map(|(name, value)| value.is_none().then_some(name))
        .collect();
    let given: Vec<&str> = PROOFS.into_iter().filter(|name| path(name).is_some()).collect();
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
    let (Some(tenant), Some(client), [proof]) = (tenant, client, given.as_slice()) else {
        return Err(invalid(format!(
            "not signed in: these variables are not set: {}",
            missing.join("; ")
        ))
        .with_next_step("Set these variables, or choose another credential, for instance device-code"));
    };
    let application = Application::new(tenant.trim(), client.trim());
    let credential = Credential(match *proof {
        SECRET => Kind::Secret {
            application,
            secret: value(SECRET)?.unwrap_or_default().into(),
        },
        // Paths need not be UTF-8.
        CERTIFICATE => Kind::Certificate {
            application,
            certificate: ClientCertificate::from_file(path(CERTIFICATE).unwrap_or_default()),
        },
        _ => Kind::WorkloadIdentity(Some(Federation {
            application,
            token_file: path(FEDERATION).unwrap_or_default().into(),
        })),
    });
    credential.check()?;
    Ok(credential)
}

fn text(name: &str, value: OsString) -> Result<String> {
    value.into_string().map_err(|_| {
        invalid(format!("{name} is not UTF-8 and cannot be read")).with_next_step("Set it to a value, or unset it")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(variables: &[(&str, &str)]) -> Result<Credential> {
        from_in(None, variables)
    }

    fn from_in(tenant: Option<&str>, variables: &[(&str, &str)]) -> Result<Credential> {
        read(tenant.map(str::to_owned), |name| {
            variables
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, value)| OsString::from(value))
        })
    }

    #[test]
    fn a_tenant_that_is_given_stands_for_its_variable() {
        for variables in [
            &[(CLIENT, "app"), (SECRET, "canary")][..],
            &[(TENANT, "fabrikam.example"), (CLIENT, "app"), (SECRET, "canary")],
        ] {
            let credential = from_in(Some("contoso.example"), variables).unwrap();
            assert_eq!(credential.application().unwrap().tenant, "contoso.example");
        }
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_utf_8_is_refused_and_not_ignored() {
        use std::os::unix::ffi::OsStringExt;
        let unreadable = || OsString::from_vec(b"canary-\xff".to_vec());
        for bad in [TENANT, CLIENT, SECRET] {
            let refused = read(None, |name| match name {
                name if name == bad => Some(unreadable()),
                TENANT | CLIENT | SECRET => Some("plain".into()),
                _ => None,
            });
            let error = refused.unwrap_err();
            assert!(
                error.message().contains(bad) && error.message().contains("UTF-8"),
                "{error}"
            );
            assert!(!format!("{error} {error:?}").contains("canary"), "{error:?}");
        }
        let path = read(None, |name| match name {
            CERTIFICATE => Some(unreadable()),
            TENANT | CLIENT => Some("plain".into()),
            _ => None,
        });
        assert_eq!(path.unwrap().name(), "client certificate");
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
