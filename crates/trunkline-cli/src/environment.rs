//! The environment variables that the command line reads: declared here, once, and documented from here.

use std::path::PathBuf;

use crate::failure::Failure;

/// A variable and what it is for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Variable {
    /// Its name.
    pub(crate) name: &'static str,
    /// Its purpose, one sentence without a full stop.
    pub(crate) purpose: &'static str,
}

impl Variable {
    const fn new(name: &'static str, purpose: &'static str) -> Self {
        Self { name, purpose }
    }

    /// Its value. One that is empty counts as absent.
    ///
    /// # Errors
    ///
    /// When it is set to something that nobody can mean: otherwise a default would be taken without a word.
    pub(crate) fn value(&self) -> Result<Option<String>, Failure> {
        let Some(value) = std::env::var_os(self.name).filter(|value| !value.is_empty()) else {
            return Ok(None);
        };
        let refused = |what: &str| {
            Failure::refused(
                trunkline::ErrorKind::InvalidInput,
                format!("{} {what}", self.name),
                "Set it to a value, or unset it",
            )
        };
        let value = value
            .into_string()
            .map_err(|_| refused("is not UTF-8 and cannot be read"))?;
        if value.trim().is_empty() {
            return Err(refused("holds nothing but white space"));
        }
        Ok(Some(value))
    }

    /// The path that it holds, which need not be UTF-8.
    pub(crate) fn path(&self) -> Option<PathBuf> {
        std::env::var_os(self.name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    }

    /// Whether it is there at all, which is what `NO_COLOR` asks for.
    pub(crate) fn is_set(&self) -> bool {
        std::env::var_os(self.name).is_some_and(|value| !value.is_empty())
    }

    /// Whether it has this value.
    pub(crate) fn is(&self, value: &str) -> bool {
        std::env::var_os(self.name).is_some_and(|own| own == value)
    }
}

pub(crate) const PROFILE: Variable = Variable::new("TRUNKLINE_PROFILE", "Profile, when `--profile` is not given");
pub(crate) const CONFIG: Variable = Variable::new(
    "TRUNKLINE_CONFIG_DIR",
    "Folder of the profiles, instead of `trunkline` in the system's folder for settings; sign-ins kept in files are then below it \
     too",
);
pub(crate) const CLOUD: Variable = Variable::new("TRUNKLINE_CLOUD", "Cloud, when `--cloud` is not given");
pub(crate) const TENANT: Variable = Variable::new("TRUNKLINE_TENANT", "Tenant, when `--tenant` is not given");
pub(crate) const ENDPOINT: Variable = Variable::new(
    "TRUNKLINE_ENDPOINT",
    "Address of an emulator, when `--endpoint` is not given",
);
pub(crate) const CREDENTIAL: Variable = Variable::new(
    "TRUNKLINE_CREDENTIAL",
    "How to sign in, when `--credential` is not given",
);
pub(crate) const TOKEN: Variable = Variable::new(
    "TRUNKLINE_TOKEN",
    "Access token for `--credential token`; setting it chooses that credential when no other is named",
);
pub(crate) const OUTPUT: Variable =
    Variable::new("TRUNKLINE_OUTPUT", "Form of the result, when `--output` is not given");
/// `FACTOR@EPOCH`: time runs faster, for campaigns against an emulator. Not among those that are documented: it is of no
/// use to anybody else, and refused for an endpoint that is not on this computer.
pub(crate) const TIME_SCALE: Variable = Variable::new("TRUNKLINE_TIME_SCALE", "Scale of time");
pub(crate) const AZURE_TENANT: Variable = Variable::new(
    "AZURE_TENANT_ID",
    "Tenant of the application, for `--credential environment`; the tenant in general when no other is named",
);
pub(crate) const AZURE_CLIENT: Variable = Variable::new(
    "AZURE_CLIENT_ID",
    "Application, for `--credential environment`, and where the profile names none for `device-code`, `certificate` and \
     `client-secret`; user-assigned identity, for `managed-identity`",
);
pub(crate) const AZURE_SECRET: Variable = Variable::new(
    "AZURE_CLIENT_SECRET",
    "Secret of the application, for `--credential environment`, and where `login` keeps none for `client-secret`",
);
pub(crate) const AZURE_CERTIFICATE: Variable = Variable::new(
    "AZURE_CLIENT_CERTIFICATE_PATH",
    "PEM file with certificate and key of the application, for `--credential environment`, and where the profile names none for \
     `certificate`",
);
pub(crate) const AZURE_FEDERATION: Variable = Variable::new(
    "AZURE_FEDERATED_TOKEN_FILE",
    "File with a token of another issuer that stands for the application, for `--credential environment`",
);
pub(crate) const STATE: Variable = Variable::new(
    "TRUNKLINE_STATE_DIR",
    "Folder in which runs of `bulk apply` claim their plan, so that no second one applies it with another journal",
);
pub(crate) const EMULATOR_SECRET: Variable = Variable::new(
    "TRUNKLINE_EMULATOR_SECRET",
    "Secret for the control endpoints of `emulator`; a random one when it listens beyond this computer and none is set",
);
pub(crate) const COLUMNS: Variable = Variable::new(
    "COLUMNS",
    "Width of tables and texts, in columns, instead of the terminal's; also where there is no terminal",
);
pub(crate) const TRUNKLINE_PAGER: Variable = Variable::new(
    "TRUNKLINE_PAGER",
    "Pager for plans that are longer than the terminal, instead of the one in PAGER; `cat`: none",
);
pub(crate) const PAGER: Variable = Variable::new("PAGER", "Pager, when TRUNKLINE_PAGER names none");
/// Options of `less`, which it reads by itself. Not among those that are documented: it is set for the pager alone.
pub(crate) const LESS: Variable = Variable::new("LESS", "Options of the pager");
pub(crate) const NO_COLOR: Variable = Variable::new("NO_COLOR", "Set to anything: no colours, no escape sequences");
pub(crate) const TERM: Variable = Variable::new("TERM", "`dumb`: no escape sequences");

/// All of them, in the order in which they are documented.
pub(crate) const ALL: [Variable; 20] = [
    PROFILE,
    CONFIG,
    CLOUD,
    TENANT,
    ENDPOINT,
    CREDENTIAL,
    TOKEN,
    OUTPUT,
    AZURE_TENANT,
    AZURE_CLIENT,
    AZURE_SECRET,
    AZURE_CERTIFICATE,
    AZURE_FEDERATION,
    STATE,
    EMULATOR_SECRET,
    COLUMNS,
    TRUNKLINE_PAGER,
    PAGER,
    NO_COLOR,
    TERM,
];

/// All of them as a section of the help.
pub(crate) fn help() -> String {
    let lines = ALL
        .iter()
        .map(|variable| format!("  {}\n          {}\n", variable.name, variable.purpose));
    format!("Environment variables:\n{}", lines.collect::<String>())
}
