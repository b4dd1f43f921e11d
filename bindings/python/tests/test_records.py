"""Records and enumerations."""

from __future__ import annotations

import copy
import json
import pickle
from datetime import date, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest

import trunkline
from trunkline import UNSET, _native
from trunkline.generated.graph import (
    AssignedLicense,
    AuthenticationPhoneType,
    PasskeyProfile,
    PasskeyTypes,
    PhoneAuthenticationMethod,
    QrCodeImageDetails,
    TemporaryAccessPassAuthenticationMethod,
    User,
)
from trunkline.generated.teams_administration import NumberAssignment, NumberCapability, NumberType

NUMBER = "microsoft.graph.teamsAdministration.numberAssignment"


def number(text: str) -> NumberAssignment:
    return _native.decode(NUMBER, text)


def test_absent_null_and_a_value_are_three_things() -> None:
    read = number('{"telephoneNumber": "+12065550100", "city": null}')
    assert read.telephone_number == "+12065550100"
    assert read.city is None
    assert read.operator_id is UNSET and not read.operator_id
    assert "city" in read and "operatorId" not in read
    assert read.to_dict() == {"telephoneNumber": "+12065550100", "city": None}
    made = PhoneAuthenticationMethod(phone_number=None, phone_type="mobile", id=UNSET)
    assert made.to_dict() == {"phoneNumber": None, "phoneType": "mobile"}
    made.phone_number = "+1 2065550100"
    del made.phone_type
    assert made.to_dict() == {"phoneNumber": "+1 2065550100"}


def test_wire_names_and_unknown_members() -> None:
    read = number('{"telephoneNumber": "+12065550100", "newer": {"a": [1]}, "we\\u0069rd \\"name": 2}')
    assert read["telephoneNumber"] == "+12065550100"
    assert read["newer"] == {"a": [1]}
    assert read.additional == {"newer": {"a": [1]}, 'weird "name': 2}
    with pytest.raises(KeyError):
        read["city"]
    read["newest"] = True
    read["city"] = "Tacoma"
    assert read.city == "Tacoma"
    assert read.to_dict()["newest"] is True and read.to_dict()["newer"] == {"a": [1]}


def test_records_are_made_of_names_however_they_were_come_by() -> None:
    name = "".join(("phone", "_", "number"))
    made = PhoneAuthenticationMethod(**{name: "+1 2065550100"})
    assert made.phone_number == "+1 2065550100"
    with pytest.raises(TypeError, match="has no property"):
        PhoneAuthenticationMethod(**{name + "s": "+1 2065550100"})
    made.additional["newer"] = [1]
    assert made.to_dict() == {"phoneNumber": "+1 2065550100", "newer": [1]}


def test_enumerations_are_texts_that_stay_open() -> None:
    read = number('{"numberType": "callingPlan", "capabilities": ["userAssignment", "teleportation"]}')
    assert read.number_type is NumberType.CALLING_PLAN
    assert read.number_type == "callingPlan" and isinstance(read.number_type, str)
    assert read.capabilities == ["userAssignment", "teleportation"]
    newer = read.capabilities[1]
    assert isinstance(newer, NumberCapability) and not newer.is_known and read.capabilities[0].is_known
    assert repr(newer) == "NumberCapability('teleportation')"
    assert read.capabilities is read.capabilities
    assert pickle.loads(pickle.dumps(newer)) == newer
    assert f"{read.number_type}" == "callingPlan"


def test_equality_copies_and_pickles() -> None:
    text = '{"telephoneNumber": "+12065550100", "capabilities": [], "newer": 1}'
    assert number(text) == number(text)
    assert number(text) != number('{"telephoneNumber": "+12065550101"}')
    assert number(text) != 1
    assert copy.deepcopy(number(text)) == number(text)
    assert pickle.loads(pickle.dumps(number(text))) == number(text)
    with pytest.raises(TypeError):
        hash(number(text))


def test_repr_is_masked() -> None:
    method = PhoneAuthenticationMethod(phone_number="+1 2065550123", phone_type=AuthenticationPhoneType.MOBILE)
    assert "2065550123" not in repr(method) and "mobile" in repr(method) and "23" in repr(method)
    user = _native.decode("microsoft.graph.user", '{"userPrincipalName": "ana@contoso.example", "new": "ana@contoso.example"}')
    assert isinstance(user, User)
    assert "ana@" not in repr(user) and "new" in repr(user)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ('{"telephoneNumber": 1}', "$.telephoneNumber"),
        ('{"capabilities": ["a", 1]}', "$.capabilities[1]"),
        ('{"capabilities": "a"}', "$.capabilities"),
        ("[]", "$"),
        ("{", "$"),
        ('{"a": ' + "[" * 100_000 + "]" * 100_000 + "}", "$.a"),
    ],
)
def test_what_cannot_be_read_names_its_path(text: str, path: str) -> None:
    with pytest.raises(trunkline.DecodeError) as raised:
        number(text)
    assert raised.value.__class__.__mro__[-3] is BaseException or path in str(raised.value)
    assert path in str(raised.value)


def test_wrong_types_are_type_errors() -> None:
    with pytest.raises(TypeError, match="phoneNumber must be a string, not int"):
        PhoneAuthenticationMethod(phone_number=1)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="no property"):
        PhoneAuthenticationMethod(fone="1")  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="list"):
        NumberAssignment(capabilities="all")  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        trunkline.Record()
    with pytest.raises(TypeError):
        PhoneAuthenticationMethod("x")  # type: ignore[misc]


PASS = "microsoft.graph.temporaryAccessPassAuthenticationMethod"


def test_moments_are_moments_and_lose_nothing() -> None:
    text = '{"lifetimeInMinutes":60,"startDateTime":"2026-02-13T10:17:05.1234567Z"}'
    read: TemporaryAccessPassAuthenticationMethod = _native.decode(PASS, text)
    moment = datetime(2026, 2, 13, 10, 17, 5, 123456, tzinfo=timezone.utc)
    assert read.start_date_time == moment and read["startDateTime"] == moment
    assert read.to_json() == text
    assert copy.deepcopy(read) == read
    for written, sent in [
        (datetime(2026, 2, 13, 10, tzinfo=timezone.utc), "2026-02-13T10:00:00Z"),
        (datetime(2026, 2, 13, 10, tzinfo=timezone(timedelta(hours=2))), "2026-02-13T08:00:00Z"),
        (moment, "2026-02-13T10:17:05.123456Z"),
        ("2026-02-13T10:17:05.1234567Z", "2026-02-13T10:17:05.1234567Z"),
    ]:
        made = TemporaryAccessPassAuthenticationMethod(start_date_time=written)
        assert made.to_dict() == {"startDateTime": sent}
        again = _native.decode(PASS, made.to_json())
        assert again.start_date_time == (moment if isinstance(written, str) else written)
    for wrong in (date(2026, 2, 13), 7, b"x", UUID(int=1)):
        with pytest.raises(TypeError, match="a datetime or a string"):
            TemporaryAccessPassAuthenticationMethod(start_date_time=wrong)  # type: ignore[arg-type]
    with pytest.raises(trunkline.InvalidInputError, match="time zone"):
        TemporaryAccessPassAuthenticationMethod(start_date_time=datetime(2026, 2, 13)).to_json()
    rubbish = _native.decode(PASS, '{"startDateTime": "soon"}')
    with pytest.raises(trunkline.DecodeError, match="date time"):
        rubbish.start_date_time
    assert rubbish.to_dict() == {"startDateTime": "soon"}


def test_ids_and_bytes() -> None:
    plan = UUID("06ebc4ee-1bb5-47dd-8120-11324bc54e06")
    license = AssignedLicense(sku_id=plan, disabled_plans=[plan, str(plan)])
    assert license.to_dict() == {"skuId": str(plan), "disabledPlans": [str(plan), str(plan)]}
    read = _native.decode("microsoft.graph.assignedLicense", license.to_json())
    assert read.sku_id == str(plan) and read == license
    picture = QrCodeImageDetails(binary_value=b"\xfb\xff\x00")
    assert picture.to_dict() == {"binaryValue": "-_8A"}
    for text in ("-_8A", "+/8A"):
        assert _native.decode("microsoft.graph.qrCodeImageDetails", f'{{"binaryValue": "{text}"}}').binary_value == b"\xfb\xff\x00"
    with pytest.raises(TypeError):
        AssignedLicense(sku_id=7)  # type: ignore[arg-type]


def test_members_that_are_combined() -> None:
    name = "microsoft.graph.passkeyProfile"
    first, second = list(PasskeyTypes.members.values())[:2]
    for several in ([first, str(second)], (first, second), f"{first},{second}"):
        made = PasskeyProfile(passkey_types=several)
        assert made.to_dict() == {"passkeyTypes": f"{first},{second}"}
        read = _native.decode(name, made.to_json()).passkey_types
        assert isinstance(read, PasskeyTypes) and read.parts == (first, second) and read.is_known
    assert PasskeyProfile(passkey_types={second, first}).to_dict() in (
        {"passkeyTypes": ",".join(sorted([first, second]))},
    )
    assert not PasskeyTypes(f"{first},newer").is_known
    for wrong in (3, [3]):
        with pytest.raises(TypeError, match="several members"):
            PasskeyProfile(passkey_types=wrong)  # type: ignore[arg-type]


def test_numbers_outside_their_range_are_not_sent() -> None:
    for minutes in (9, 43201, -1, 2**70):
        made = TemporaryAccessPassAuthenticationMethod(lifetime_in_minutes=minutes)
        with trunkline.Client("token", endpoint="http://127.0.0.1:9") as client, pytest.raises(
            trunkline.InvalidInputError, match="not between 10 and 43200"
        ):
            client.graph.users.by_id("ana@contoso.example").authentication.temporary_access_pass_methods.create(made)


ODD = {
    "half of a pair": '"\\ud83d and more"',
    "half of a pair, the other one": '"x\\udc00"',
    "many digits": "9" * 5_000,
    "many digits below zero": "-" + "8" * 5_000,
    "beyond a float": "1e999",
    "nested": '{"\\ud800": ["\\udfff", ' + "7" * 5_000 + ', null, {"a": 1.5}]}',
}
UNREADABLE = ['"yesterday"', '"2026-13-45T99:00:00Z"', '"0000-00-00T00:00:00Z"', '"99999-01-01T00:00:00Z"', '""', '"\\ud800"']


def stored(name: str, text: str) -> Any:
    """A record of what a service wrote, after everything that one does with records."""
    record = _native.decode(name, text)
    assert repr(record)
    again = _native.decode(name, text)
    assert record == again and record.to_dict() == again.to_dict()
    copies = [pickle.loads(pickle.dumps(record)), copy.copy(record), copy.deepcopy(record), _native.decode(name, record.to_json())]
    assert all(one == record and repr(one) for one in copies)
    return record


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_whatever_a_service_writes_is_kept(odd: str) -> None:
    record = stored("microsoft.graph.user", f'{{"id": "1", "displayName": "Ana", "newer": {odd}, "@newer.odd": {odd}}}')
    assert "newer" in repr(record) and record["newer"] == record.to_dict()["newer"]
    record.additional["further"] = record["newer"]
    assert record.to_dict()["further"] == record["newer"]
    named = stored("microsoft.graph.user", '{"id": "1", "\\ud800 name": 1}')
    assert len(named.additional) == 1


def test_digits_are_kept_one_by_one() -> None:
    digits = "123" * 2_000
    record = _native.decode("microsoft.graph.user", f'{{"newer": {digits}}}')
    assert str(record["newer"]) == digits and digits in record.to_json()


@pytest.mark.parametrize("moment", UNREADABLE)
def test_a_date_that_cannot_be_read_is_shown_and_copied(moment: str) -> None:
    name, property_, wire = "microsoft.graph.fido2AuthenticationMethod", "created_date_time", "createdDateTime"
    record = stored(name, f'{{"id": "1", "{wire}": {moment}}}')
    assert property_ in repr(record) and record.to_dict()[wire] == json.loads(moment)
    with pytest.raises(trunkline.DecodeError, match="date time"):
        getattr(record, property_)


def test_half_of_a_pair_is_sent_as_json_writes_it(client: trunkline.Client) -> None:
    preview = client.preview("POST", "/users", body={"displayName": "\ud83d", "\udc00": 1})
    assert json.loads(preview["body"]) == {"displayName": "\ud83d", "\udc00": 1}


def test_what_is_nested_is_copied_and_not_judged(client: trunkline.Client) -> None:
    """Texts with a grammar are checked in bodies, not in copies of what came."""
    record = User(display_name="Ana")
    odd = _native.decode("microsoft.graph.phoneAuthenticationMethod", '{"id": "1", "phoneNumber": "none"}')
    record.additional["phone"] = odd
    assert record.to_dict()["phone"]["phoneNumber"] == "none" and pickle.loads(pickle.dumps(record)) == record
    with pytest.raises(trunkline.InvalidInputError, match="phoneNumber") as refused:
        client.preview("POST", "/users", body=record)
    assert refused.value.path == "$.phone.phoneNumber"


def test_a_moment_outside_of_time_is_refused_before_it_is_sent() -> None:
    moment = datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=1)))
    record = _native.decode("microsoft.graph.fido2AuthenticationMethod", '{"id": "1"}')
    record.created_date_time = moment
    with pytest.raises(trunkline.InvalidInputError, match="years"):
        record.to_json()
