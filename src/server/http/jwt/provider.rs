//! HS256 for `jsonwebtoken`, by the `hmac` and `sha2` that are here already.
//!
//! Its own two providers bring RSA and elliptic curves along: one in C with a licence of its own, the other with an RSA
//! that has an open advisory. What is not there cannot be confused with what is.

use hmac::{Hmac, Mac};
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey,
    crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils},
    errors::{ErrorKind, Result},
    signature::{self, Signer, Verifier},
};
use sha2::Sha256;

static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: |algorithm, key| Ok(Box::new(signer(*algorithm, key)?)),
    verifier_factory: |algorithm, key| Ok(Box::new(verifier(*algorithm, key)?)),
    // For keys as JSON, which are not spoken.
    key_utils: KeyUtils::new_unimplemented(),
};

/// Makes this the provider of the process; again is nothing.
pub(super) fn install() {
    // An error says that it is there already.
    let _ = PROVIDER.install_default();
}

struct Hs256(Hmac<Sha256>);

fn hs256(algorithm: Algorithm, key: &[u8]) -> Result<Hs256> {
    if algorithm != Algorithm::HS256 {
        return Err(ErrorKind::InvalidAlgorithm.into());
    }
    let mac = Hmac::new_from_slice(key).map_err(|_| ErrorKind::InvalidKeyFormat)?;
    Ok(Hs256(mac))
}

fn signer(algorithm: Algorithm, key: &EncodingKey) -> Result<Hs256> {
    hs256(algorithm, key.as_bytes())
}

fn verifier(algorithm: Algorithm, key: &DecodingKey) -> Result<Hs256> {
    hs256(algorithm, key.try_get_as_bytes()?)
}

impl Signer<Vec<u8>> for Hs256 {
    fn try_sign(&self, message: &[u8]) -> std::result::Result<Vec<u8>, signature::Error> {
        let mac = self.0.clone().chain_update(message);
        Ok(mac.finalize().into_bytes().to_vec())
    }
}

impl Verifier<Vec<u8>> for Hs256 {
    fn verify(
        &self,
        message: &[u8],
        signature: &Vec<u8>,
    ) -> std::result::Result<(), signature::Error> {
        // In constant time.
        let mac = self.0.clone().chain_update(message);
        mac.verify_slice(signature)
            .map_err(|_| signature::Error::new())
    }
}

impl JwtSigner for Hs256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}

impl JwtVerifier for Hs256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}
