//! The pair of tokens that programs hold: what a session looks like outside of a browser.
//!
//! Both are JWTs by HS256 and name their session, which is looked up at each request: a token is never worth more than
//! its session. The access token lasts 15 minutes; the refresh token is good once, by its `jti`. Times are the injected
//! clock's, so `jsonwebtoken` checks the signature, the algorithm and the audience, and this file the times.

mod provider;
#[cfg(test)]
mod tests;

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use crate::{
    model::{SessionId, Timestamp, UserId, WireError},
    server::{
        random,
        service::{REFRESH_MS, SignedIn},
    },
};

/// How long an access token lasts: 15 minutes, in milliseconds.
const ACCESS_MS: i64 = 15 * 60 * 1000;
/// The clocks of several nodes differ by less than this, in milliseconds. For `nbf` alone: what has expired has expired.
const LEEWAY_MS: i64 = 5000;
/// For whom the tokens are: this program's own API.
const AUDIENCE: &str = "quad";
/// Longer texts are no tokens of ours.
const TOKEN_BYTES: usize = 2048;

/// What a token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TokenType {
    /// Goes with every request.
    Access,
    /// Gives a new pair, once.
    Refresh,
}

/// What a token says. Times in seconds since the epoch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Claims {
    sub: String,
    sid: i64,
    typ: TokenType,
    aud: String,
    iat: i64,
    nbf: i64,
    exp: i64,
    jti: String,
}

/// A token that holds.
#[derive(Debug)]
pub struct Token {
    /// The session that it names.
    pub session_id: SessionId,
    /// Whose it says that is.
    pub user_id: UserId,
    /// Its own id.
    pub id: SecretString,
}

/// What a program is given when it signs in.
#[derive(Debug, Serialize)]
pub struct Pair {
    /// Goes with every request for 15 minutes.
    pub access: String,
    /// Gives the next pair, once, within 14 days.
    pub refresh: String,
}

/// Makes and reads tokens.
pub struct Jwt {
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
}

impl Jwt {
    /// By this secret.
    pub fn new(secret: &SecretString) -> Self {
        provider::install();
        let secret = secret.expose_secret().as_bytes();
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "nbf", "aud", "sub"]);
        // By the injected clock, below.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        Self {
            encoding: EncodingKey::from_secret(secret),
            decoding: DecodingKey::from_secret(secret),
            validation,
        }
    }

    /// The tokens of a session that has begun or been renewed at `now`.
    pub fn pair(&self, session: &SignedIn, now: Timestamp) -> Result<Pair, WireError> {
        let token = |typ, lasts_ms: i64, jti: &str| {
            let iat = now.0.div_euclid(1000);
            let claims = Claims {
                sub: session.user_id.to_string(),
                sid: session.session_id.0,
                typ,
                aud: AUDIENCE.to_owned(),
                iat,
                nbf: iat,
                exp: iat.saturating_add(lasts_ms / 1000),
                jti: jti.to_owned(),
            };
            self.encode(&claims)
        };
        Ok(Pair {
            access: token(TokenType::Access, ACCESS_MS, &random::token())?,
            refresh: token(
                TokenType::Refresh,
                REFRESH_MS,
                session.token.expose_secret(),
            )?,
        })
    }

    fn encode(&self, claims: &Claims) -> Result<String, WireError> {
        encode(&Header::new(Algorithm::HS256), claims, &self.encoding).map_err(|error| {
            tracing::error!(%error, "a token could not be signed");
            WireError::Internal
        })
    }

    /// What a token of that type says, if it holds at `now`. Why it does not is nobody's business.
    pub fn read(&self, token: &str, typ: TokenType, now: Timestamp) -> Option<Token> {
        if token.len() > TOKEN_BYTES {
            return None;
        }
        let claims = decode::<Claims>(token, &self.decoding, &self.validation)
            .ok()?
            .claims;
        let begins = claims.nbf.checked_mul(1000)?.saturating_sub(LEEWAY_MS);
        let ends = claims.exp.checked_mul(1000)?;
        if claims.typ != typ || now.0 < begins || now.0 >= ends {
            return None;
        }
        Some(Token {
            session_id: SessionId(claims.sid),
            user_id: claims.sub.parse().ok()?,
            id: claims.jti.into(),
        })
    }
}
