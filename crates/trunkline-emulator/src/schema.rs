//! The properties and enumerations of the served types, as far as queries and bodies need them.

use crate::odata::Resource;

/// Values `numberType` may have in a request. The others exist only in answers.
pub(crate) const NUMBER_TYPES_ACCEPTED: &[&str] = &["directRouting", "callingPlan", "operatorConnect"];
const NUMBER_TYPES: &[&str] = &[
    "internalError",
    "directRouting",
    "callingPlan",
    "operatorConnect",
    "unknownFutureValue",
];
/// Values of `assignmentCategory`.
pub(crate) const ASSIGNMENT_CATEGORIES: &[&str] = &["primary", "private", "alternate"];
const ASSIGNMENT_CATEGORIES_ASKED: &[&str] = &["primary", "private", "alternate", "unknownFutureValue"];
/// Values of `reverseNumberLookupOptions`.
pub(crate) const LOOKUP_OPTIONS: &[&str] = &["skipInternalVoip"];
/// Values of `phoneType`.
pub(crate) const PHONE_TYPES: &[&str] = &["mobile", "alternateMobile", "office"];
/// Values of `state` in a method configuration.
pub(crate) const METHOD_STATES: &[&str] = &["enabled", "disabled"];
/// Values of the reports' `includedUserTypes`.
pub(crate) const INCLUDED_TYPES: &[&str] = &["all", "member", "guest"];
/// Values of the reports' `includedUserRoles`.
pub(crate) const INCLUDED_ROLES: &[&str] = &["all", "privilegedAdmin", "admin", "user"];
/// Values of `policyMigrationState`.
pub(crate) const MIGRATION_STATES: &[&str] = &["preMigration", "migrationInProgress", "migrationComplete"];

/// Enumerations with members behind the sentinel: property, member. The service shows such a member only to callers
/// who ask for unknown members.
pub(crate) const BEHIND_SENTINEL: &[(&str, &str)] = &[
    ("accountType", "ineligibleUser"),
    ("x509CertificateRuleType", "issuerSubjectAndPolicyOID"),
];

/// `numberAssignments`: everything but `id` and `city` can be asked.
pub(crate) const NUMBERS: Resource = Resource {
    properties: &[
        "id",
        "telephoneNumber",
        "operatorId",
        "numberType",
        "activationState",
        "capabilities",
        "locationId",
        "civicAddressId",
        "networkSiteId",
        "assignmentTargetId",
        "assignmentCategory",
        "portInStatus",
        "assignmentStatus",
        "isoCountryCode",
        "city",
        "numberSource",
        "supportedCustomerActions",
        "reverseNumberLookupOptions",
    ],
    filterable: &[
        "telephoneNumber",
        "operatorId",
        "numberType",
        "activationState",
        "capabilities",
        "locationId",
        "civicAddressId",
        "networkSiteId",
        "assignmentTargetId",
        "assignmentCategory",
        "portInStatus",
        "assignmentStatus",
        "isoCountryCode",
        "numberSource",
        "supportedCustomerActions",
        "reverseNumberLookupOptions",
    ],
    equal_only: &[],
    sortable: &[
        "telephoneNumber",
        "numberType",
        "assignmentStatus",
        "isoCountryCode",
        "city",
    ],
    members: &[
        ("numberType", NUMBER_TYPES),
        ("assignmentCategory", ASSIGNMENT_CATEGORIES_ASKED),
        (
            "activationState",
            &[
                "activated",
                "assignmentPending",
                "assignmentFailed",
                "updatePending",
                "updateFailed",
                "unknownFutureValue",
            ],
        ),
        (
            "assignmentStatus",
            &[
                "unassigned",
                "internalError",
                "userAssigned",
                "conferenceAssigned",
                "voiceApplicationAssigned",
                "thirdPartyAppAssigned",
                "policyAssigned",
                "unknownFutureValue",
            ],
        ),
        (
            "capabilities",
            &[
                "conferenceAssignment",
                "voiceApplicationAssignment",
                "userAssignment",
                "teamsPhoneMobile",
                "unknownFutureValue",
            ],
        ),
        ("numberSource", &["online", "onPremises", "unknownFutureValue"]),
        (
            "portInStatus",
            &["completed", "firmOrderCommitmentAccepted", "unknownFutureValue"],
        ),
        (
            "supportedCustomerActions",
            &["locationUpdate", "release", "unknownFutureValue"],
        ),
        (
            "reverseNumberLookupOptions",
            &["skipInternalVoip", "unknownFutureValue"],
        ),
    ],
    unsupported: "BadRequest",
};

/// `userConfigurations`.
pub(crate) const CONFIGURATIONS: Resource = Resource {
    properties: &[
        "id",
        "userPrincipalName",
        "tenantId",
        "effectivePolicyAssignments",
        "telephoneNumbers",
        "isEnterpriseVoiceEnabled",
        "featureTypes",
        "accountType",
        "createdDateTime",
        "modifiedDateTime",
        "user",
    ],
    filterable: &[
        "id",
        "userPrincipalName",
        "telephoneNumbers",
        "isEnterpriseVoiceEnabled",
        "featureTypes",
        "accountType",
        "createdDateTime",
        "modifiedDateTime",
    ],
    equal_only: &[],
    sortable: &["id", "userPrincipalName", "createdDateTime", "modifiedDateTime"],
    members: &[(
        "accountType",
        &[
            "user",
            "resourceAccount",
            "guest",
            "sfbOnPremUser",
            "unknown",
            "unknownFutureValue",
            "ineligibleUser",
        ],
    )],
    unsupported: "BadRequest",
};

/// `userRegistrationDetails`.
pub(crate) const REGISTRATIONS: Resource = Resource {
    properties: &[
        "id",
        "userPrincipalName",
        "userDisplayName",
        "isAdmin",
        "isSsprRegistered",
        "isSsprEnabled",
        "isSsprCapable",
        "isMfaRegistered",
        "isMfaCapable",
        "isPasswordlessCapable",
        "lastUpdatedDateTime",
        "methodsRegistered",
        "isSystemPreferredAuthenticationMethodEnabled",
        "systemPreferredAuthenticationMethods",
        "userPreferredMethodForSecondaryAuthentication",
        "userType",
    ],
    filterable: &[
        "userPrincipalName",
        "userDisplayName",
        "isSsprRegistered",
        "isSsprEnabled",
        "isSsprCapable",
        "isMfaRegistered",
        "isMfaCapable",
        "isPasswordlessCapable",
        "methodsRegistered",
        "isSystemPreferredAuthenticationMethodEnabled",
        "systemPreferredAuthenticationMethods",
        "userPreferredMethodForSecondaryAuthentication",
    ],
    equal_only: &[
        "isSsprRegistered",
        "isSsprEnabled",
        "isSsprCapable",
        "isMfaRegistered",
        "isMfaCapable",
        "isPasswordlessCapable",
        "isSystemPreferredAuthenticationMethodEnabled",
    ],
    sortable: &["userDisplayName", "userPrincipalName"],
    members: &[],
    unsupported: "BadRequest",
};

/// `users`, as far as phone administration reads them.
pub(crate) const USERS: Resource = Resource {
    properties: &[
        "id",
        "accountEnabled",
        "businessPhones",
        "city",
        "companyName",
        "country",
        "createdDateTime",
        "department",
        "displayName",
        "givenName",
        "assignedLicenses",
        "assignedPlans",
        "jobTitle",
        "mail",
        "mobilePhone",
        "officeLocation",
        "onPremisesSyncEnabled",
        "preferredLanguage",
        "surname",
        "usageLocation",
        "userPrincipalName",
        "userType",
        "licenseDetails",
    ],
    filterable: &[
        "id",
        "accountEnabled",
        "businessPhones",
        "city",
        "companyName",
        "country",
        "createdDateTime",
        "department",
        "displayName",
        "givenName",
        "assignedLicenses",
        "assignedPlans",
        "jobTitle",
        "mail",
        "mobilePhone",
        "officeLocation",
        "onPremisesSyncEnabled",
        "surname",
        "usageLocation",
        "userPrincipalName",
        "userType",
    ],
    equal_only: &[],
    sortable: &["displayName", "userPrincipalName"],
    members: &[],
    unsupported: "Request_UnsupportedQuery",
};

/// The properties of a user without `$select`.
pub(crate) const USER_DEFAULT: &[&str] = &[
    "businessPhones",
    "displayName",
    "givenName",
    "id",
    "jobTitle",
    "mail",
    "mobilePhone",
    "officeLocation",
    "preferredLanguage",
    "surname",
    "userPrincipalName",
];

/// The properties of an organization.
pub(crate) const ORGANIZATION: &[&str] = &[
    "id",
    "deletedDateTime",
    "assignedPlans",
    "businessPhones",
    "city",
    "country",
    "countryLetterCode",
    "defaultUsageLocation",
    "displayName",
    "onPremisesSyncEnabled",
    "preferredLanguage",
    "tenantType",
    "verifiedDomains",
];

/// The properties of a licence of a user.
pub(crate) const LICENSE_DETAILS: &[&str] = &["id", "servicePlans", "skuId", "skuPartNumber"];

/// The properties of an order.
pub(crate) const ORDER: &[&str] = &["id", "createdDateTime", "numbers", "status"];
