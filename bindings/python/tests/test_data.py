"""Records as data: mappings, JSON, pandas, pydantic and FastAPI."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta, timezone
from typing import Any

import pytest
from support import run

import trunkline
from trunkline import _native, graph, teams_administration

ANA = "ana@contoso.example"
NUMBER = "microsoft.graph.teamsAdministration.numberAssignment"


@pytest.fixture
def number(client: trunkline.Client) -> teams_administration.NumberAssignment:
    found = client.numbers.get("+12065550101")
    assert found is not None
    return found


def record(**members: Any) -> teams_administration.NumberAssignment:
    decoded: teams_administration.NumberAssignment = _native.decode(NUMBER, json.dumps(members))
    return decoded


class TestMapping:
    def test_a_record_is_a_mapping_of_wire_names(self) -> None:
        one = record(telephoneNumber="+12065550101", city=None, numberType="callingPlan", region="west")
        assert isinstance(one, Mapping)
        assert list(one) == list(one.keys()) and set(one) == {"telephoneNumber", "city", "numberType", "region"}
        assert len(one) == 4 and "city" in one and "locationId" not in one and "telephone_number" not in one and 5 not in one
        assert dict(one) == dict(one.items()) == one.to_dict()
        assert list(one.values()) == [one[name] for name in one]
        assert one.get("city", "x") is None and one.get("locationId") is None and one.get("locationId", "x") == "x"
        assert (lambda **members: members)(**one) == dict(one)

    def test_values_are_those_of_the_attributes(self) -> None:
        user: graph.User = _native.decode("microsoft.graph.user", '{"deletedDateTime": "2026-01-02T03:04:05Z"}')
        assert user["deletedDateTime"] == dict(user)["deletedDateTime"] == datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone.utc)
        assert user.to_dict()["deletedDateTime"] == "2026-01-02T03:04:05Z"

    def test_what_is_set_and_deleted_is_seen(self) -> None:
        one = teams_administration.NumberAssignment(city="Seattle")
        one.city = trunkline.UNSET
        one["other"] = 1
        assert dict(one) == {"other": 1}

    def test_an_empty_record_is_true(self) -> None:
        assert len(graph.User()) == 0 and graph.User()

    def test_patterns_match(self) -> None:
        match record(telephoneNumber="+12065550101", city="Seattle"):
            case {"telephoneNumber": str(digits), "city": "Seattle", **others}:
                assert digits == "+12065550101" and others == {}
            case _:
                pytest.fail("it does not match")

    def test_names_of_members_are_no_names_of_properties(self) -> None:
        members = {"additional", "get", "items", "keys", "meta", "required", "to_dict", "to_json", "values"}
        for namespace in (graph, teams_administration):
            for name in namespace.__all__:
                fields = {key for key, value in vars(getattr(namespace, name)).items() if isinstance(value, _native.Field)}
                assert not fields & members, name


class TestRequired:
    def test_a_property_that_is_there(self, number: teams_administration.NumberAssignment) -> None:
        assert number.required.telephone_number == "+12065550101"
        assert getattr(number.required, "number_type") is teams_administration.NumberType.CALLING_PLAN

    @pytest.mark.parametrize(
        ("one", "message"),
        [
            (record(id="abcdef42"), "the NumberAssignment with id '…42' has no city: the response did not include it"),
            (record(id="abcdef42", city=None), "the NumberAssignment with id '…42' has no city: it is null"),
            (teams_administration.NumberAssignment(), "the NumberAssignment has no city: it was not set"),
        ],
    )
    def test_a_property_that_is_missing(self, one: teams_administration.NumberAssignment, message: str) -> None:
        with pytest.raises(AttributeError) as raised:
            one.required.city
        assert str(raised.value) == message
        assert not hasattr(one.required, "city") and getattr(one.required, "city", "?") == "?"

    def test_a_name_that_no_property_has(self) -> None:
        with pytest.raises(AttributeError, match='NumberAssignment has no property "ctiy"'):
            record().required.ctiy  # type: ignore[attr-defined]  # pyright: ignore


class TestJson:
    def test_records_outcomes_and_values(self, client: trunkline.Client, number: teams_administration.NumberAssignment) -> None:
        outcome = client.numbers.assign(number, ANA)
        everything = {
            "records": [number],
            "page": client.graph.users.list().first_page(),
            "outcome": outcome,
            "kind": number.number_type,
            "moment": datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone.utc),
            "forms": [date(2026, 1, 2), time(3, 4), timedelta(minutes=5), b"\xff\xfe"],
            "nothing": trunkline.UNSET,
        }
        read = json.loads(json.dumps(everything, default=trunkline.json_default))
        assert read["records"] == [number.to_dict()] and read["kind"] == "callingPlan"
        assert read["page"][0]["id"] and read["outcome"]["after"]["assignmentStatus"] == "userAssigned"
        assert read["moment"] == "2026-01-02T03:04:05Z"
        assert read["forms"] == ["2026-01-02", "03:04:00", "P0DT300S", "__4="]
        assert read["nothing"] is None

    def test_other_values_are_refused(self) -> None:
        with pytest.raises(TypeError, match="Object of type object is not JSON serializable"):
            json.dumps(object(), default=trunkline.json_default)

    def test_errors(self, client: trunkline.Client) -> None:
        with pytest.raises(trunkline.NotFoundError) as raised:
            client.graph.users.by_id("nobody@contoso.example").get()
        error = raised.value
        logged = json.loads(json.dumps(error.to_dict()))
        assert logged == json.loads(json.dumps({"error": error}, default=trunkline.json_default))["error"]
        assert logged["type"] == "NotFoundError" and logged["kind"] == "notFound" and logged["text"] == str(error)
        assert logged["status"] == 404 and logged["code"] == error.code and logged["request_id"] == error.request_id
        assert not {"body", "headers", "service_message"} & set(logged)
        assert "nobody@contoso" not in json.dumps(logged)

    def test_errors_keep_their_cause(self) -> None:
        error = trunkline.BulkError("it stopped")
        error.__cause__ = trunkline.ServiceError("it failed", status=503)
        assert error.to_dict()["cause"]["status"] == 503


class TestRepr:
    def test_a_program_may_see_what_it_prints(self, number: teams_administration.NumberAssignment) -> None:
        assert "+12065550101" not in repr(number) and "…01" in repr(number)
        trunkline.set_repr(masked=False)
        try:
            assert "telephone_number='+12065550101'" in repr(number) and "+12065550101" in repr([number])
        finally:
            trunkline.set_repr(masked=True)
        assert "+12065550101" not in repr(number)

    def test_secrets_stay_masked(self) -> None:
        name = "microsoft.graph.temporaryAccessPassAuthenticationMethod"
        made = _native.decode(name, '{"temporaryAccessPass": "Zq7-open-sesame"}')
        user = graph.User(display_name=f"eyJ{'a' * 30}.{'b' * 30}.{'c' * 30}")
        trunkline.set_repr(masked=False)
        try:
            assert "sesame" not in repr(made)
            assert "aaaa" not in repr(user) and "[token]" in repr(user)
        finally:
            trunkline.set_repr(masked=True)


class TestPandas:
    def test_records_become_rows(self, client: trunkline.Client) -> None:
        pandas = pytest.importorskip("pandas")
        numbers = client.numbers.list().all()
        for source in (numbers, client.numbers.list(), client.graph.users.list().first_page()):
            frame = pandas.DataFrame(source)
            assert len(frame) > 1 and {"id"} <= set(frame.columns)
        frame = pandas.DataFrame(numbers)
        assert list(frame["telephoneNumber"]) == [number.telephone_number for number in numbers]
        assert frame["numberType"].value_counts().sum() == len(numbers)

    def test_members_that_some_lack_are_missing(self) -> None:
        pandas = pytest.importorskip("pandas")
        frame = pandas.DataFrame([record(city="Seattle"), record(telephoneNumber="+12065550101")])
        assert frame["city"].isna().tolist() == [False, True]


class TestPydantic:
    def model(self) -> Any:
        pydantic = pytest.importorskip("pydantic")
        fields = {"number": (teams_administration.NumberAssignment, ...), "users": (list[graph.User], [])}
        return pydantic.create_model("Onboarding", **fields)

    def test_records_are_fields_of_models(self, number: teams_administration.NumberAssignment) -> None:
        Onboarding = self.model()
        made = Onboarding(number=number, users=[{"displayName": "Ana", "x": 1}])
        assert made.number is number and isinstance(made.users[0], graph.User) and made.users[0].display_name == "Ana"
        dumped = made.model_dump()
        assert dumped == {"number": number.to_dict(), "users": [{"displayName": "Ana", "x": 1}]}
        assert json.loads(made.model_dump_json()) == dumped
        again = Onboarding.model_validate_json(made.model_dump_json())
        assert again.number == number and again.users[0] == made.users[0]

    @pytest.mark.parametrize("wrong", [5, "x", graph.User(), {"capabilities": 5}, None])
    def test_other_values_are_refused(self, wrong: object) -> None:
        pydantic = pytest.importorskip("pydantic")
        with pytest.raises(pydantic.ValidationError) as raised:
            self.model()(number=wrong)
        (error,) = raised.value.errors()
        assert error["loc"] == ("number",) and "NumberAssignment" in error["msg"]

    def test_the_schema_names_the_properties(self) -> None:
        pydantic = pytest.importorskip("pydantic")
        for mode in ("validation", "serialization"):
            schema = pydantic.TypeAdapter(teams_administration.NumberAssignment).json_schema(mode=mode)
            assert schema["title"] == "NumberAssignment" and schema["type"] == "object" and schema["description"]
            properties = schema["properties"]
            assert properties["telephoneNumber"]["anyOf"] == [{"type": "string"}, {"type": "null"}]
            assert properties["telephoneNumber"]["description"]
            assert properties["capabilities"]["anyOf"][0]["type"] == "array"

    def test_nothing_of_it_is_imported_by_itself(self) -> None:
        assert run("trunkline.graph.User; print('pydantic_core' in sys.modules)") == "False\n"


class TestFastapi:
    def answer(self, endpoint: Any) -> Any:
        """The JSON of an endpoint, asked over ASGI."""
        fastapi = pytest.importorskip("fastapi")
        app = fastapi.FastAPI()
        app.get("/")(endpoint)
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        scope = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http"}
        scope |= {"path": "/", "raw_path": b"/", "query_string": b"", "root_path": "", "headers": []}
        scope |= {"client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80)}
        asyncio.run(app(scope, receive, send))
        assert sent[0]["status"] == 200, sent
        assert app.openapi()["paths"]["/"]["get"]
        return json.loads(b"".join(message.get("body", b"") for message in sent))

    def test_endpoints_return_records(self, number: teams_administration.NumberAssignment) -> None:
        def one() -> Any:
            return number

        def typed() -> Any:
            return number

        def several() -> Any:
            return {"numbers": [number]}

        typed.__annotations__["return"] = teams_administration.NumberAssignment
        assert self.answer(one) == self.answer(typed) == number.to_dict()
        assert self.answer(several) == {"numbers": [number.to_dict()]}

    def test_lists_of_records(self, number: teams_administration.NumberAssignment) -> None:
        def typed() -> Any:
            return [number, number]

        typed.__annotations__["return"] = list[teams_administration.NumberAssignment]
        assert self.answer(typed) == [number.to_dict()] * 2
