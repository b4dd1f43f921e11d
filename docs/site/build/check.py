"""Examines the site as it was built: every link leads to a page and an anchor that are there, and nothing that a page needs comes from
another host. `check.py FOLDER`."""

from __future__ import annotations

import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

#: Attributes with what a browser loads by itself, by element.
LOADED = {
    "script": "src", "img": "src", "iframe": "src", "source": "src", "video": "src", "audio": "src", "embed": "src",
    "object": "data", "use": "href",
}
#: Relations of `link` elements that load something.
LOADING = {"stylesheet", "preload", "modulepreload", "icon", "manifest", "preconnect", "dns-prefetch", "shortcut"}


class Page(HTMLParser):
    """The anchors of a page, what it links to and what it loads."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = {name: value for name, value in attributes if value is not None}
        self.anchors.update(values[name] for name in ("id", "name") if name in values)
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
        if tag == "link" and LOADING & set(values.get("rel", "").split()):
            self.loads.append(values.get("href", ""))
        if tag in LOADED and LOADED[tag] in values:
            self.loads.append(values[LOADED[tag]])


def place(folder: Path, page: Path, path: str) -> Path:
    """The file that a path leads to. The page for what is not there has paths from the root, as it is shown everywhere."""
    if path.startswith("/") and page == folder / "404.html":
        return folder / unquote(path.lstrip("/"))
    return (page.parent / unquote(path)).resolve()


def main(folder: Path) -> int:
    pages = {path: Page(path.read_text(encoding="utf-8")) for path in sorted(folder.rglob("*.html"))}
    faults: list[str] = []
    counted = {"links": 0, "anchors": 0, "outside": 0, "loaded": 0}
    for path, page in pages.items():
        name = path.relative_to(folder)
        for link in page.links:
            url = urlsplit(link)
            if url.scheme or url.netloc:
                counted["outside"] += 1
                continue
            counted["links"] += 1
            target = place(folder, path, url.path) if url.path else path
            if target.is_dir():
                target /= "index.html"
            if not target.exists():
                faults.append(f"{name}: there is no {link}")
            elif url.fragment and target in pages:
                counted["anchors"] += 1
                anchors = pages[target].anchors
                if url.fragment not in anchors and unquote(url.fragment) not in anchors:
                    faults.append(f"{name}: {link} has no such anchor")
        for load in page.loads:
            url = urlsplit(load)
            counted["loaded"] += 1
            if url.netloc or url.scheme not in ("", "data"):
                faults.append(f"{name}: loads {load} from another host")
            elif url.scheme == "" and url.path and not place(folder, path, url.path).exists():
                faults.append(f"{name}: loads {load}, which is not there")
    for path in folder.rglob("*.css"):
        text = path.read_text(encoding="utf-8")
        faults += [f"{path.relative_to(folder)}: names {word}" for word in ("url(http", 'url("http', "url(//", "@import url(http") if word in text]
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    print(
        f"{len(pages)} pages, {size / 1e6:.1f} MB: {counted['links']} links ({counted['anchors']} with anchors) and {counted['loaded']}"
        f" loaded files are there, {counted['outside']} links lead outside and are not followed"
    )
    for fault in faults[:50]:
        print(f"  {fault}")
    if faults:
        print(f"{len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]).resolve()))
