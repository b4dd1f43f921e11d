"""Prints the table of how numbers are written within each country, derived from libphonenumber's metadata (`phonenumbers`)."""

import re._parser as grammar

import phonenumbers
from phonenumbers import PhoneMetadata

# Kinds of numbers that people and services have. The others (premium rates, pagers, …) are neither assigned nor dialled by us.
KINDS = ("fixed_line", "mobile", "toll_free", "voip", "uan")
# Countries where some kinds of numbers only are written with the trunk prefix.
OFTEN_WITHOUT_TRUNK = {"BR", "CN", "KZ", "RU"}
# Digits of an international number at most, its calling code included (E.164).
LONGEST = 15


def first_digits(pattern):
    """The digits that a text of a pattern may begin with, and whether it may be empty."""
    found = set()
    for kind, value in pattern:
        match str(kind):
            case "LITERAL":
                here, is_empty = {chr(value)}, False
            case "IN":
                here, is_empty = set().union(*map(digits_of, value)), False
            case "BRANCH":
                parts = [first_digits(branch) for branch in value[1]]
                here, is_empty = set().union(*(part[0] for part in parts)), any(part[1] for part in parts)
            case "SUBPATTERN":
                here, is_empty = first_digits(value[-1])
            case "MAX_REPEAT":
                here, is_empty = first_digits(value[2])
                is_empty = is_empty or value[0] == 0
            case other:
                raise ValueError(f"{other} in a pattern is not understood")
        found |= here
        if not is_empty:
            return found, False
    return found, True


def digits_of(member):
    match str(member[0]):
        case "LITERAL":
            return {chr(member[1])}
        case "RANGE":
            return {chr(code) for code in range(member[1][0], member[1][1] + 1)}
        case _:
            return set("0123456789")


def ranges(numbers):
    numbers = sorted(numbers)
    starts = [number for number in numbers if number - 1 not in numbers]
    ends = [number for number in numbers if number + 1 not in numbers]
    return ",".join(str(start) if start == end else f"{start}-{end}" for start, end in zip(starts, ends))


def needs_trunk(country, formats, trunk):
    """Whether some form of the country's numbers has the trunk prefix and does not do without."""
    has_trunk = (form for form in formats if trunk in (form.national_prefix_formatting_rule or ""))
    return country not in OFTEN_WITHOUT_TRUNK and any(not form.national_prefix_optional_when_formatting for form in has_trunk)


print(f"# How numbers are written within a country, derived from the metadata of libphonenumber {phonenumbers.__version__} (Apache-2.0).")
print('# Letters, calling code, what stands before the area code ("!": always; "-": nothing), first digits, lengths without it.')
for country in sorted(phonenumbers.SUPPORTED_REGIONS):
    data = PhoneMetadata.metadata_for_region(country)
    main = PhoneMetadata.metadata_for_region(phonenumbers.region_code_for_country_code(data.country_code))
    kinds = [getattr(data, kind) for kind in KINDS]
    kinds = [kind for kind in kinds if kind and kind.national_number_pattern]
    digits = set().union(*(first_digits(grammar.parse(kind.national_number_pattern))[0] for kind in kinds))
    lengths = {length for kind in kinds for length in kind.possible_length}
    trunk = data.national_prefix or ""
    # With the prefix 0, a 0 at the beginning is the prefix.
    digits -= {"0"} if trunk.startswith("0") else set()
    longest = LONGEST - len(str(data.country_code))
    mark = "!" if trunk and needs_trunk(country, data.number_format or main.number_format, trunk) else ""
    columns = (
        country,
        str(data.country_code),
        trunk + mark or "-",
        "".join(sorted(digits)),
        ranges(length for length in lengths if 0 < length <= longest),
    )
    print("\t".join(columns))
