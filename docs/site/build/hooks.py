"""The functions that MkDocs calls while it builds the site."""

from __future__ import annotations

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import jinja2  # noqa: E402
from mkdocs.structure.files import File, Files  # noqa: E402

import code_of_pages  # noqa: E402
import errors  # noqa: E402
import operations  # noqa: E402
from places import PAGES, ROOT, with_links_of_the_site, without_hidden_lines  # noqa: E402

TEMPLATES = jinja2.Environment(
    loader=jinja2.FileSystemLoader(ROOT / "docs/site/templates"),
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)
# A name as code that ends no cell of a table.
TEMPLATES.filters["code"] = lambda text: f"`{text}`".replace("|", "\\|")
#: The script of the package, in the folder that `cargo xtask site` installs into.
WORKER = ROOT / "target/site-tools/node/node_modules/iframe-worker/shim/index.js"

#: Where every item of the crates is, as `cargo xtask site` says.
RUST = os.environ.get("TRUNKLINE_SITE_RUST", "every item: `cargo doc --open`")


def on_config(config):
    """Lists the operations in the navigation."""
    for entry in config.nav:
        if "Operations" in entry:
            entry["Operations"] = operations.navigation()
    return config


def on_files(files: Files, config) -> Files:
    """Adds the pages that come from elsewhere in the repository, and those that are made from data."""
    for source, page in PAGES.items():
        text = (ROOT / source).read_text(encoding="utf-8")
        text = without_hidden_lines(with_links_of_the_site(text, source, page))
        files.append(File.generated(config, page, content=text))
    for page, text in operations.pages(TEMPLATES).items():
        files.append(File.generated(config, page, content=text))
    files.append(File.generated(config, "errors.md", content=errors.page(TEMPLATES)))
    files.append(File.generated(config, "assets/iframe-worker.js", abs_src_path=str(WORKER)))
    return files


def on_page_markdown(markdown: str, page, config, files) -> str:
    """Puts the code of files into the fences that name them."""
    markdown = markdown.replace("@rustdoc@", RUST)
    markdown = code_of_pages.with_code(markdown, page.file.src_uri)
    longer = code_of_pages.compare(markdown, page.file.src_uri)
    assert not longer, "\n".join(longer)
    return markdown


def on_post_page(output: str, page, config) -> str:
    """Names the dialog of the search for readers of screens, which the theme does not."""
    search = '<div class="md-search" data-md-component="search" role="dialog"'
    assert search in output, "the theme has another search; see whether it has a name now"
    return output.replace(search, f'{search} aria-label="Search"')
