//! The kinds of authentication methods, and the operations of each.

/// A collection of methods below `authentication`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Phone,
    Email,
    Fido2,
    MicrosoftAuthenticator,
    Password,
    PlatformCredential,
    ResourceAccountKey,
    SoftwareOath,
    TemporaryAccessPass,
    WindowsHello,
    External,
}

impl Kind {
    /// Every kind, in the order `methods` lists them.
    pub(crate) const ALL: [Self; 11] = [
        Self::Password,
        Self::Phone,
        Self::Email,
        Self::Fido2,
        Self::MicrosoftAuthenticator,
        Self::PlatformCredential,
        Self::ResourceAccountKey,
        Self::SoftwareOath,
        Self::TemporaryAccessPass,
        Self::WindowsHello,
        Self::External,
    ];

    /// The name of the collection in a path.
    pub(crate) fn segment(self) -> &'static str {
        match self {
            Self::Phone => "phoneMethods",
            Self::Email => "emailMethods",
            Self::Fido2 => "fido2Methods",
            Self::MicrosoftAuthenticator => "microsoftAuthenticatorMethods",
            Self::Password => "passwordMethods",
            Self::PlatformCredential => "platformCredentialMethods",
            Self::ResourceAccountKey => "resourceAccountKeyAuthenticationMethods",
            Self::SoftwareOath => "softwareOathMethods",
            Self::TemporaryAccessPass => "temporaryAccessPassMethods",
            Self::WindowsHello => "windowsHelloForBusinessMethods",
            Self::External => "externalAuthenticationMethods",
        }
    }

    /// The kind of a path segment, without regard to case.
    pub(crate) fn of_segment(segment: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.segment().eq_ignore_ascii_case(segment))
    }

    /// The type annotation of an entity.
    pub(crate) fn type_name(self) -> &'static str {
        match self {
            Self::Phone => "#microsoft.graph.phoneAuthenticationMethod",
            Self::Email => "#microsoft.graph.emailAuthenticationMethod",
            Self::Fido2 => "#microsoft.graph.fido2AuthenticationMethod",
            Self::MicrosoftAuthenticator => "#microsoft.graph.microsoftAuthenticatorAuthenticationMethod",
            Self::Password => "#microsoft.graph.passwordAuthenticationMethod",
            Self::PlatformCredential => "#microsoft.graph.platformCredentialAuthenticationMethod",
            Self::ResourceAccountKey => "#microsoft.graph.resourceAccountKeyAuthenticationMethod",
            Self::SoftwareOath => "#microsoft.graph.softwareOathAuthenticationMethod",
            Self::TemporaryAccessPass => "#microsoft.graph.temporaryAccessPassAuthenticationMethod",
            Self::WindowsHello => "#microsoft.graph.windowsHelloForBusinessAuthenticationMethod",
            Self::External => "#microsoft.graph.externalAuthenticationMethod",
        }
    }

    /// Whether the documented samples show the annotation in a list of this one kind.
    pub(crate) fn shows_type(self) -> bool {
        matches!(
            self,
            Self::MicrosoftAuthenticator
                | Self::PlatformCredential
                | Self::ResourceAccountKey
                | Self::SoftwareOath
                | Self::WindowsHello
                | Self::External
        )
    }

    /// Whether a method of this kind can be created through Graph.
    pub(crate) fn insertable(self) -> bool {
        matches!(
            self,
            Self::Phone | Self::Email | Self::Fido2 | Self::TemporaryAccessPass | Self::External
        )
    }

    /// Whether national clouds lack it.
    pub(crate) fn is_global_only(self) -> bool {
        matches!(self, Self::External | Self::ResourceAccountKey)
    }

    /// The HTTP methods that one method of this kind allows.
    pub(crate) fn member_methods(self) -> &'static [&'static str] {
        match self {
            Self::Phone | Self::Email => &["GET", "PATCH", "DELETE"],
            Self::Password => &["GET"],
            _ => &["GET", "DELETE"],
        }
    }

    /// The name of this kind in the registration report.
    pub(crate) fn registered_name(self, phone_type: Option<&str>) -> &'static str {
        match self {
            Self::Phone => match phone_type {
                Some("alternateMobile") => "alternateMobilePhone",
                Some("office") => "officePhone",
                _ => "mobilePhone",
            },
            Self::Email => "email",
            Self::Fido2 => "passKeyDeviceBound",
            Self::MicrosoftAuthenticator => "microsoftAuthenticatorPush",
            Self::Password => "password",
            Self::PlatformCredential => "macOsSecureEnclaveKey",
            Self::ResourceAccountKey => "resourceAccountKey",
            Self::SoftwareOath => "softwareOneTimePasscode",
            Self::TemporaryAccessPass => "temporaryAccessPass",
            Self::WindowsHello => "windowsHelloForBusiness",
            Self::External => "externalAuthMethod",
        }
    }
}
