"""Records and enumerations."""

from __future__ import annotations

import copy
import pickle

import pytest

import trunkline
from trunkline import UNSET, _native
from trunkline.generated.graph import AuthenticationPhoneType, PhoneAuthenticationMethod, User
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
