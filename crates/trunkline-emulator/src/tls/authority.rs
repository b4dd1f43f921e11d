//! The authority that signs the emulator's certificates, kept in a folder that only its owner can read.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp, tz};
use rcgen::{BasicConstraints, Certificate, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use rustls::pki_types::CertificateDer;

use super::private;

const CERTIFICATE_FILE: &str = "authority.pem";
const KEY_FILE: &str = "authority-key.pem";

/// Days that an authority is valid.
const DAYS: i64 = 3650;

/// An authority of certificates, for emulators alone: whoever trusts its file believes any emulator of this folder.
#[derive(Debug)]
pub(crate) struct Authority {
    folder: PathBuf,
    issuer: Issuer<'static, KeyPair>,
}

/// The reason why there is no authority, or no certificate of it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AuthorityError {
    /// The system does not let the folder or a file in it be read or written.
    #[error("the certificates of the emulator need {}, but: {reason}", path.display())]
    Folder {
        /// The folder or the file.
        path: PathBuf,
        /// The system's own words.
        reason: io::Error,
    },
    /// Others than its owner can read the folder or change it. Whoever has the key in it can pretend to be any site to
    /// those who trust the authority.
    #[error(
        "others can read or change {}, which holds the key of the emulator's authority; make it private (chmod {mode} {}), \
         or, if others may have seen the key, delete the folder and trust the new authority",
        path.display(), path.display()
    )]
    NotPrivate {
        /// The folder or the file.
        path: PathBuf,
        /// The mode that it should have.
        mode: &'static str,
    },
    /// A file is none that was written here.
    #[error("{} is not the key of an authority; delete its folder to make a new one", path.display())]
    WrongKey {
        /// The file.
        path: PathBuf,
    },
    /// There is no folder for data of this user.
    #[error("this user has no folder for data; name a folder for the certificates of the emulator")]
    NoFolder,
    /// No certificate was made, for example because a name has characters that no name has.
    #[error("no certificate was made: {0}")]
    Certificate(#[from] rcgen::Error),
    /// TLS refuses the certificate.
    #[error("TLS refuses the certificate: {0}")]
    Tls(#[from] rustls::Error),
}

impl Authority {
    /// The folder for the data of this user and program.
    pub(crate) fn default_folder() -> Result<PathBuf, AuthorityError> {
        let data = dirs::data_local_dir().ok_or(AuthorityError::NoFolder)?;
        Ok(data.join("trunkline").join("emulator-authority"))
    }

    /// Opens the authority of a folder, or makes one there if it has none.
    pub(crate) fn open(folder: impl Into<PathBuf>) -> Result<Self, AuthorityError> {
        let folder = folder.into();
        if !folder.join(KEY_FILE).exists() {
            make(&folder)?;
        }
        let path = folder.join(KEY_FILE);
        for (path, mode) in [(&folder, "700"), (&path, "600")] {
            let is_private = private::is_private(path).map_err(wrong(path))?;
            if !is_private {
                let path = path.clone();
                return Err(AuthorityError::NotPrivate { path, mode });
            }
        }
        let text = fs::read_to_string(&path).map_err(wrong(&path))?;
        let key = KeyPair::from_pem(&text).map_err(|_| AuthorityError::WrongKey { path })?;
        let certificate = folder.join(CERTIFICATE_FILE);
        if !certificate.exists() {
            let text = certificate_of(&key)?;
            fs::write(&certificate, text).map_err(wrong(&certificate))?;
        }
        Ok(Self {
            issuer: Issuer::new(params(), key),
            folder,
        })
    }

    /// The file with the certificate of the authority, in PEM: what clients have to trust.
    pub(crate) fn certificate_file(&self) -> PathBuf {
        self.folder.join(CERTIFICATE_FILE)
    }

    pub(super) fn sign(
        &self,
        params: &CertificateParams,
        key: &KeyPair,
    ) -> Result<CertificateDer<'static>, AuthorityError> {
        Ok(params.signed_by(key, &self.issuer).map(Certificate::into)?)
    }
}

/// The name and the rights of an authority. Certificates belong to the authority with this name and their signer's key.
fn params() -> CertificateParams {
    let mut params = CertificateParams::default();
    params
        .distinguished_name
        .push(DnType::CommonName, "Trunkline emulator: authority of this computer");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

/// The certificate of the authority that has a key, in PEM.
fn certificate_of(key: &KeyPair) -> Result<String, AuthorityError> {
    let mut params = params();
    set_validity(&mut params, DAYS);
    Ok(params.self_signed(key)?.pem())
}

/// From yesterday, as clocks differ, for so many days.
pub(super) fn set_validity(params: &mut CertificateParams, days: i64) {
    let day = |offset: i64| {
        let at = Timestamp::now().saturating_add(SignedDuration::from_hours(24 * offset));
        let date = at.unwrap_or(Timestamp::MAX).to_zoned(tz::TimeZone::UTC).date();
        rcgen::date_time_ymd(
            date.year().into(),
            date.month().unsigned_abs(),
            date.day().unsigned_abs(),
        )
    };
    params.not_before = day(-1);
    params.not_after = day(days);
}

fn wrong(path: &Path) -> impl FnOnce(io::Error) -> AuthorityError {
    let path = path.to_owned();
    move |reason| AuthorityError::Folder { path, reason }
}

/// Makes an authority. Another program may do so at the same time: the files are written into a folder of their own, and
/// the first whose folder gets the name has made the one that all use.
fn make(folder: &Path) -> Result<(), AuthorityError> {
    let key = KeyPair::generate()?;
    let certificate = certificate_of(&key)?;
    let parent = folder.parent().unwrap_or(folder);
    fs::create_dir_all(parent).map_err(wrong(parent))?;
    let own = parent.join(format!(".emulator-authority-{}", uuid::Uuid::new_v4().simple()));
    private::create_folder(&own).map_err(wrong(&own))?;
    let written = private::write(&own.join(KEY_FILE), &key.serialize_pem())
        .and_then(|()| fs::write(own.join(CERTIFICATE_FILE), certificate))
        .and_then(|()| fs::rename(&own, folder));
    if let Err(reason) = written {
        let _ = fs::remove_dir_all(&own);
        if !folder.join(KEY_FILE).exists() {
            return Err(wrong(folder)(reason));
        }
    }
    Ok(())
}
