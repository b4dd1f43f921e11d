"""The links of the package's page, which the release writes."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[3]
REPOSITORY = "https://code.example/contoso/trunkline"


@pytest.fixture
def links() -> Any:
    spec = importlib.util.spec_from_file_location("links", ROOT / ".ci" / "links.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_address_is_that_of_the_workspace(links: Any) -> None:
    assert links.address((ROOT / "Cargo.toml").read_text()).startswith("https://")
    assert links.address(f'[workspace.package]\nrepository = "{REPOSITORY}/"\n') == REPOSITORY
    with pytest.raises(SystemExit, match="no repository"):
        links.address("[workspace]\n")


def test_the_package_names_its_pages(links: Any) -> None:
    tomllib = pytest.importorskip("tomllib")
    project = (ROOT / "bindings/python/pyproject.toml").read_text()
    changed = links.with_links(project, REPOSITORY)
    urls = tomllib.loads(changed)["project"].pop("urls")
    assert urls["Source"] == REPOSITORY and urls["Changelog"].startswith(REPOSITORY)
    for name in ("Documentation", "Changelog"):
        assert (ROOT / urls[name].partition("/blob/main/")[2]).is_file()
    read = tomllib.loads(changed)
    del read["project"]["urls"]
    assert read == tomllib.loads(project)
    assert links.with_links(changed, REPOSITORY) == changed


def test_links_of_the_page_become_addresses_and_lead_to_files(links: Any) -> None:
    page = (ROOT / "bindings/python/README.md").read_text()
    changed = links.with_addresses(page, REPOSITORY)
    addresses = re.findall(r"\]\(([^)#]+)[^)]*\)", changed)
    assert any("/examples/" in address for address in addresses)
    for address in addresses:
        assert address.startswith("https://"), address
        if address.startswith(REPOSITORY):
            assert (ROOT / address.partition("/blob/main/")[2]).exists(), address
    assert links.with_addresses(changed, REPOSITORY) == changed
