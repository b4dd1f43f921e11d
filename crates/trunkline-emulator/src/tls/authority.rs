//! The authority that signs the emulator's certificates, kept in a folder that only its owner can read.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp, tz};
use rcgen::{BasicConstraints, Certificate, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use rustls::pki_types::CertificateDer;

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
    /// The folder or a file in it cannot be read or written.
    #[error("{} cannot be used for the certificates of the emulator: {reason}", path.display())]
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
    /// A certificate cannot be made, for example for a name that cannot be one.
    #[error("no certificate could be made: {0}")]
    Certificate(#[from] rcgen::Error),
    /// TLS does not take the certificate.
    #[error("the certificate could not be used: {0}")]
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
        check_private(&folder, FOLDER_MODE)?;
        let path = folder.join(KEY_FILE);
        check_private(&path, FILE_MODE)?;
        let text = fs::read_to_string(&path).map_err(|reason| AuthorityError::Folder {
            path: path.clone(),
            reason,
        })?;
        let key = KeyPair::from_pem(&text).map_err(|_| AuthorityError::WrongKey { path })?;
        let certificate = folder.join(CERTIFICATE_FILE);
        if !certificate.exists() {
            let text = certificate_of(&key)?;
            fs::write(&certificate, text).map_err(|reason| AuthorityError::Folder {
                path: certificate,
                reason,
            })?;
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

/// Makes an authority. Another program may do so at the same time: the files are written into a folder of their own, and
/// the first whose folder gets the name has made the one that all use.
fn make(folder: &Path) -> Result<(), AuthorityError> {
    let wrong = |path: &Path| {
        let path = path.to_owned();
        move |reason| AuthorityError::Folder { path, reason }
    };
    let key = KeyPair::generate()?;
    let certificate = certificate_of(&key)?;
    let parent = folder.parent().unwrap_or(folder);
    fs::create_dir_all(parent).map_err(wrong(parent))?;
    let own = parent.join(format!(".emulator-authority-{}", uuid::Uuid::new_v4().simple()));
    create_private_folder(&own).map_err(wrong(&own))?;
    let written = write_private(&own.join(KEY_FILE), &key.serialize_pem())
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

const FOLDER_MODE: u32 = 0o700;
const FILE_MODE: u32 = 0o600;

#[cfg(unix)]
fn check_private(path: &Path, mode: u32) -> Result<(), AuthorityError> {
    use std::os::unix::fs::MetadataExt as _;

    let found = fs::metadata(path).map_err(|reason| AuthorityError::Folder {
        path: path.to_owned(),
        reason,
    })?;
    if found.mode() & 0o077 == 0 {
        return Ok(());
    }
    Err(AuthorityError::NotPrivate {
        path: path.to_owned(),
        mode: if mode == FOLDER_MODE { "700" } else { "600" },
    })
}

/// The folder of a user's data is private on Windows, by the rights that it passes on.
#[cfg(not(unix))]
#[allow(clippy::unnecessary_wraps)]
fn check_private(_: &Path, _: u32) -> Result<(), AuthorityError> {
    Ok(())
}

fn create_private_folder(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, FOLDER_MODE);
    builder.create(path)
}

fn write_private(path: &Path, text: &str) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, FILE_MODE);
    options.open(path)?.write_all(text.as_bytes())
}
