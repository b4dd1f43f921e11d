//! HTTPS: an authority that is made once and trusted once, and a certificate for each start.

mod authority;
mod private;

use std::net::IpAddr;
use std::sync::Arc;

use rcgen::{CertificateParams, DnType, ExtendedKeyUsagePurpose, KeyPair, SanType};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

pub(crate) use authority::{Authority, AuthorityError};

/// Days that the certificate of one start is valid. Some systems take none that is longer valid than 398 days.
const DAYS_OF_A_START: i64 = 90;

/// The configuration of a server that speaks TLS under the names of this computer and the allowed ones, none with a port.
pub(crate) fn server_config(authority: &Authority, names: &[String]) -> Result<Arc<ServerConfig>, AuthorityError> {
    let key = KeyPair::generate()?;
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, "Trunkline emulator");
    params.extended_key_usages.push(ExtendedKeyUsagePurpose::ServerAuth);
    params.use_authority_key_identifier_extension = true;
    authority::set_validity(&mut params, DAYS_OF_A_START);
    // Clients take no certificate for all names below one that has no dot itself.
    let own = ["localhost", "graph.localhost", "login.localhost", "127.0.0.1", "::1"];
    for name in own.into_iter().chain(names.iter().map(String::as_str)) {
        let bare = name.trim_start_matches('[').trim_end_matches(']');
        params.subject_alt_names.push(match bare.parse::<IpAddr>() {
            Ok(address) => SanType::IpAddress(address),
            Err(_) => SanType::DnsName(name.try_into()?),
        });
    }
    let certificate = authority.sign(&params, &key)?;
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}
