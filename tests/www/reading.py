"""Reading a page as a machine: its title, headings, text, and its forms with what they hold."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from poincon.www.base.typography import kept_together


def as_shown(text: str) -> str:
    """A French text as a page shows it: some of its spaces may not break."""
    return kept_together(text.encode(), language="fr").decode()


VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
#: Fields that carry no value typed or chosen by a person.
NOT_TYPED = frozenset({"submit", "button", "image", "reset"})


#: What is inside these is not said to the reader, or is code shown as such.
NOT_SAID = frozenset({"script", "style", "option", "code", "pre"})


@dataclass
class Field:
    """One name of a form: what kind of value it takes, the value it holds, what it can hold."""

    name: str
    kind: str
    attributes: dict[str, str]
    values: list[str] = field(default_factory=list)
    options: list[str] = field(default_factory=list)

    @property
    def is_wrong(self) -> bool:
        """Whether the page says that this field is at fault."""
        return self.attributes.get("aria-invalid") == "true"

    @property
    def is_required(self) -> bool:
        return "required" in self.attributes


@dataclass
class Form:
    """A form of a page, and where it is sent."""

    action: str
    method: str
    identifier: str
    fields: dict[str, Field] = field(default_factory=dict)
    buttons: dict[str, str] = field(default_factory=dict)

    def values(self) -> dict[str, list[str]]:
        """What a browser sends when nothing is touched."""
        return {name: one.values for name, one in self.fields.items() if one.values and one.kind != "file"}


class Reader(HTMLParser):
    """Everything tests want to know of a page; ``faults`` is what no page may contain."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.title = ""
        self.language = ""
        self.headings: list[int] = []
        self.forms: list[Form] = []
        self.words: list[str] = []
        self.faults: list[str] = []
        self._open: list[str] = []
        self._strays: dict[str, Form] = {}
        self._field: Field | None = None
        self.feed(html)
        for form in self.forms:
            stray = self._strays.get(form.identifier)
            form.fields |= stray.fields if stray else {}

    # --- walking -----------------------------------------------------------------------------------------------------

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self._watch(tag, attributes)
        if tag == "html":
            self.language = attributes.get("lang", "")
        elif tag in {"h1", "h2", "h3", "h4", "h5", "h6"}:
            self.headings.append(int(tag[1]))
        elif tag == "form":
            self.forms.append(_form(attributes))
        else:
            self._read_field(tag, attributes)
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in {"select", "textarea"}:
            self._field = None
        while self._open and self._open.pop() != tag:
            continue

    def handle_data(self, data: str) -> None:
        if "title" in self._open and "svg" not in self._open:
            self.title += data
        elif self._field is not None and "textarea" in self._open:
            self._field.values = [data.removeprefix("\n")]
        elif not NOT_SAID & set(self._open):
            self.words.append(data)

    # --- what no page may contain ---------------------------------------------------------------------------------

    def _watch(self, tag: str, attributes: dict[str, str]) -> None:
        inline = tag == "script" and "src" not in attributes and "json" not in attributes.get("type", "")
        if tag == "style" or inline:
            self.faults.append(f"<{tag}> inside the page, which the content policy refuses")
        for name in attributes:
            if name == "style" or name.startswith("on"):
                self.faults.append(f"{name}= on <{tag}>, which the content policy refuses")

    # --- forms --------------------------------------------------------------------------------------------------------

    def _read_field(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "option" and self._field is not None:
            self._read_option(attributes)
        if tag not in {"input", "select", "textarea", "button"} or "disabled" in attributes:
            return
        form, name = self._form_of(attributes), attributes.get("name", "")
        if form is None or not name:
            return
        kind = attributes.get("type", "text") if tag == "input" else tag
        if tag == "button" or kind in NOT_TYPED:
            form.buttons[name] = attributes.get("value", "")
            return
        one = form.fields.setdefault(name, Field(name, kind, attributes))
        if kind in {"checkbox", "radio"}:
            value = attributes.get("value", "on")
            one.options.append(value)
            one.values += [value] if "checked" in attributes else []
        elif tag == "input":
            one.values.append(attributes.get("value", ""))
        self._field = one if tag in {"select", "textarea"} else self._field

    def _read_option(self, attributes: dict[str, str]) -> None:
        assert self._field is not None
        value = attributes.get("value", "")
        self._field.options.append(value)
        if "selected" in attributes:
            self._field.values.append(value)

    def _form_of(self, attributes: dict[str, str]) -> Form | None:
        if "form" in attributes:
            return self._strays.setdefault(attributes["form"], Form("", "", attributes["form"]))
        return self.forms[-1] if "form" in self._open else None


def _form(attributes: dict[str, str]) -> Form:
    return Form(attributes.get("action", ""), attributes.get("method", "get").lower(), attributes.get("id", ""))


def read(response: Any) -> Reader:
    """The page in an answer of the test client."""
    return Reader(response.content.decode())


def is_page(response: Any) -> bool:
    """Whether this answer is a whole page, not a file, a redirection, or a piece for htmx."""
    html = response.headers.get("Content-Type", "").startswith("text/html")
    return bool(html and response.status_code == 200 and not response.streaming and b"<html" in response.content)
