"""Makes the errors that the native part raises."""

from __future__ import annotations

from .generated.errors import APART, BY_KIND, GraphError


def make(text: str) -> GraphError:
    """The error that JSON of the native part describes."""
    import json

    data = json.loads(text)
    kind, fields = data["kind"], data["fields"]
    if "codes" in fields:
        fields["codes"] = tuple(fields["codes"])
    cls = BY_KIND.get(kind) or APART.get(kind)
    if cls is None:
        cls, fields["kind"] = GraphError, kind
    return cls(data["text"], **fields)
