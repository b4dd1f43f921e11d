//! The national deployments of Microsoft Graph.

use std::fmt;

/// A national deployment of Microsoft Graph. Tokens, tenants and operations of one are unknown to the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Cloud {
    /// The global service, which also serves GCC.
    Global,
    /// US Government L4, also called GCC High.
    UsGovL4,
    /// US Government L5, also called DoD.
    UsGovL5,
    /// China, operated by 21Vianet.
    China,
}

impl Cloud {
    /// Every cloud, in the order of Microsoft's documentation.
    pub const ALL: [Self; 4] = [Self::Global, Self::UsGovL4, Self::UsGovL5, Self::China];

    /// Scheme and host of its Graph, without a version.
    #[must_use]
    pub const fn root(self) -> &'static str {
        match self {
            Self::Global => "https://graph.microsoft.com",
            Self::UsGovL4 => "https://graph.microsoft.us",
            Self::UsGovL5 => "https://dod-graph.microsoft.us",
            Self::China => "https://microsoftgraph.chinacloudapi.cn",
        }
    }

    /// Scheme and host of the authority that signs its users in.
    #[must_use]
    pub const fn authority(self) -> &'static str {
        match self {
            Self::Global => "https://login.microsoftonline.com",
            Self::UsGovL4 | Self::UsGovL5 => "https://login.microsoftonline.us",
            Self::China => "https://login.chinacloudapi.cn",
        }
    }

    /// The name used in configuration, the command line and errors.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Global => "global",
            Self::UsGovL4 => "us-gov-l4",
            Self::UsGovL5 => "us-gov-l5",
            Self::China => "china",
        }
    }

    /// The cloud of that [`name`](Self::name), in any case; `None` when there is none.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|cloud| cloud.name().eq_ignore_ascii_case(name))
    }

    const fn bit(self) -> u8 {
        1 << self as u8
    }
}

impl fmt::Display for Cloud {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// The clouds that offer something. Built in constants, hence by `const` functions.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct CloudSet(u8);

impl CloudSet {
    /// No cloud.
    pub const EMPTY: Self = Self(0);
    /// Every cloud.
    pub const ALL: Self = Self(0b1111);

    /// The set of these clouds.
    #[must_use]
    pub const fn of(clouds: &[Cloud]) -> Self {
        let mut bits = 0;
        let mut index = 0;
        while index < clouds.len() {
            bits |= clouds[index].bit();
            index += 1;
        }
        Self(bits)
    }

    /// Whether `cloud` is one of them.
    #[must_use]
    pub const fn contains(self, cloud: Cloud) -> bool {
        self.0 & cloud.bit() != 0
    }

    /// Both sets together.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The clouds in it, in the order of [`Cloud::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Cloud> {
        Cloud::ALL.into_iter().filter(move |cloud| self.contains(*cloud))
    }
}

impl fmt::Debug for CloudSet {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_set().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_holds_what_it_was_made_of() {
        const SET: CloudSet = CloudSet::of(&[Cloud::Global, Cloud::China]);
        assert!(SET.contains(Cloud::China) && !SET.contains(Cloud::UsGovL4));
        assert_eq!(SET.iter().collect::<Vec<_>>(), [Cloud::Global, Cloud::China]);
        assert_eq!(CloudSet::of(&Cloud::ALL), CloudSet::ALL);
        assert_eq!(Cloud::from_name("US-gov-l5"), Some(Cloud::UsGovL5));
    }
}
