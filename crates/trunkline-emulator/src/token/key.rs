//! The key that signs tokens. Every emulator has this one, as it is part of the source: whoever has the source can write
//! such a token, and no service but an emulator takes one.

use std::sync::OnceLock;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{SHA256, digest};
use ring::rand::SystemRandom;
use ring::rsa::{KeyPair, PublicKeyComponents};
use ring::signature::{KeyPair as _, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256};
use serde_json::{Value, json};

struct SigningKey {
    pair: KeyPair,
    public: PublicKeyComponents<Vec<u8>>,
    id: String,
}

/// The key is read on first use, so that starting costs nothing.
fn signing_key() -> &'static SigningKey {
    static KEY: OnceLock<SigningKey> = OnceLock::new();
    KEY.get_or_init(|| {
        let pair = KeyPair::from_pkcs8(include_bytes!("../../data/signing-key.der"))
            .unwrap_or_else(|reason| unreachable!("the key in the source is well formed: {reason}"));
        let public = PublicKeyComponents::<Vec<u8>>::from(pair.public_key());
        let id = URL_SAFE_NO_PAD.encode(&digest(&SHA256, &public.n).as_ref()[..16]);
        SigningKey { pair, public, id }
    })
}

/// The public half, as `jwks_uri` answers it.
pub(crate) fn public_keys() -> Value {
    let key = signing_key();
    json!({ "keys": [{
        "kty": "RSA",
        "use": "sig",
        "alg": "RS256",
        "kid": key.id,
        "n": URL_SAFE_NO_PAD.encode(&key.public.n),
        "e": URL_SAFE_NO_PAD.encode(&key.public.e),
    }] })
}

/// The claims as a signed token.
pub(crate) fn sign(claims: &Value) -> String {
    let key = signing_key();
    let head = json!({ "typ": "JWT", "alg": "RS256", "kid": key.id });
    let encode = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
    let signed = format!("{}.{}", encode(&head), encode(claims));
    let mut signature = vec![0; key.pair.public().modulus_len()];
    // The only error is a system without random numbers; the token is then one that nobody accepts.
    if key
        .pair
        .sign(
            &RSA_PKCS1_SHA256,
            &SystemRandom::new(),
            signed.as_bytes(),
            &mut signature,
        )
        .is_err()
    {
        tracing::error!("a token could not be signed: the system gives no random numbers");
    }
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}

/// Whether a token's signature is of this key.
pub(crate) fn is_signed(token: &str) -> bool {
    let Some((signed, signature)) = token.rsplit_once('.') else {
        return false;
    };
    let Ok(signature) = URL_SAFE_NO_PAD.decode(signature.trim_end_matches('=')) else {
        return false;
    };
    let key = &signing_key().public;
    key.verify(&RSA_PKCS1_2048_8192_SHA256, signed.as_bytes(), &signature)
        .is_ok()
}
