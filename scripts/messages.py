"""The translations of the screens: found in the code, merged into the catalogue, compiled.

python -m scripts.messages update            find every text again, keep the translations, compile (make messages)
python -m scripts.messages check             say what is missing, left over or not compiled; exit 1 if anything is
python -m scripts.messages todo              print what is not translated yet, as JSON to fill in
python -m scripts.messages fill FILE.json    put translations in, then update

French is the language of the source: its catalogue holds plurals only, because French says zero in the singular, which
nothing guesses from the source. It is compiled with the other. Babel reads the Python and writes the files; templates
are compiled by Django itself, so that the text looked up on the page and the text of the catalogue cannot differ.
Neither needs the programs of GNU gettext.
"""

import json
import os
import re
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import django
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.template import Engine, Template
from django.template.base import Lexer, Node, TokenType
from django.templatetags.i18n import BlockTranslateNode, TranslateNode

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "poincon"
LANGUAGE = "en"
FOLDER = SOURCE / "locale" / LANGUAGE / "LC_MESSAGES"
WRITTEN, COMPILED = FOLDER / "django.po", FOLDER / "django.mo"
FRENCH_PLURALS = SOURCE / "locale" / "fr" / "LC_MESSAGES" / "django.mo"
#: A catalogue whose dates change at each run would say that something changed when nothing did.
HEADER = f"""# English texts of Poinçon. Written by `make messages`; translate the msgstr lines only.
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Language: {LANGUAGE}\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop")),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
TEMPLATES = (".html", ".txt")
SAYING = (TranslateNode, BlockTranslateNode)
SAYING_TAGS = {"translate", "blocktranslate", "trans", "blocktrans"}
_CONSTANT = re.compile(r"""_\(("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\)""")
_PLACE = re.compile(r"%\((\w+)\)[sd]")

Text = str | tuple[str, str]
#: The text, its context if it has one.
Found = tuple[Text, str | None]
Key = tuple[str, str | None]


def extracted() -> Catalog:
    """Every text of the code and of the templates, untranslated."""
    catalog = Catalog(locale=LANGUAGE)
    for path in sorted(SOURCE.rglob("*.py")):
        _add(catalog, path, _of_python(path))
    for path in sorted(path for path in SOURCE.rglob("templates/**/*") if path.suffix in TEMPLATES):
        _add(catalog, path, of_template(path.read_text(encoding="utf-8")))
    return catalog


def _add(catalog: Catalog, path: Path, found: Iterable[Found]) -> None:
    for text, context in found:
        catalog.add(text, context=context, locations=[(str(path.relative_to(ROOT)), 1)])


def _of_python(path: Path) -> Iterator[Found]:
    for _line, text, _comments, context in extract("python", BytesIO(path.read_bytes()), keywords=KEYWORDS):
        if text:
            yield (text if isinstance(text, str) else (text[0], text[1])), context


def of_template(source: str) -> Iterator[Found]:
    """Every text that this template looks up. Raises ValueError when a tag hides some of them."""
    nodes = Template(source, engine=_engine()).nodelist
    tokens = Lexer(source).tokenize()
    said = [node for node in _inside(nodes) if isinstance(node, SAYING)]
    if len(said) != sum(_translates(token.token_type, token.contents) for token in tokens):
        raise ValueError("a template tag keeps texts where no other can see them: give its node child_nodelists")
    for node in said:
        if isinstance(node, BlockTranslateNode):
            yield _of_block(node)
        elif isinstance(node, TranslateNode):
            yield _of_tag(node)
    for token in tokens:
        if token.token_type in {TokenType.VAR, TokenType.BLOCK}:
            yield from ((text[1:-1], None) for text in _CONSTANT.findall(token.contents))


def _inside(nodes: Iterable[Node]) -> Iterator[Node]:
    """Every node, however deep. Tags made by ``simple_block_tag`` do not name their content among their children."""
    for node in nodes:
        yield node
        for name in {*node.child_nodelists, "nodelist"}:
            yield from _inside(getattr(node, name, ()))


def _engine() -> Engine:
    from django.template import engines

    return engines["django"].engine  # type: ignore[no-any-return, attr-defined]  # the only backend is Django's


def _translates(kind: TokenType, contents: str) -> bool:
    return kind is TokenType.BLOCK and contents.split(maxsplit=1)[0] in SAYING_TAGS


def _of_tag(node: TranslateNode) -> Found:
    text = str(node.filter_expression.var.literal)
    return text.replace("%", "%%"), _context(node)


def _of_block(node: BlockTranslateNode) -> Found:
    singular = str(node.render_token_list(node.singular)[0])
    if not (node.plural and node.countervar):
        return singular, _context(node)
    return (singular, str(node.render_token_list(node.plural)[0])), _context(node)


def _context(node: TranslateNode | BlockTranslateNode) -> str | None:
    return str(node.message_context.var) if node.message_context else None


def written() -> Catalog:
    """The catalogue as it stands in the repository."""
    if not WRITTEN.exists():
        return Catalog(locale=LANGUAGE)
    with WRITTEN.open("rb") as file:
        return read_po(file, locale=LANGUAGE)


def messages(catalog: Catalog) -> dict[Key, Message]:
    """Its entries by text and context, without the header."""
    return {_key(message): message for message in catalog if message.id}


def _key(message: Message) -> Key:
    return message.id if isinstance(message.id, str) else message.id[0], message.context


def merged(found: Catalog, known: Catalog) -> Catalog:
    """The texts found, with the translations known. What is no longer in the code goes."""
    translations = messages(known)
    for key, message in messages(found).items():
        before = translations.get(key)
        if before is not None and isinstance(before.id, str) == isinstance(message.id, str):
            message.string = before.string
    return found


def as_po(catalog: Catalog) -> bytes:
    """The catalogue as it is written in the repository: by file, without line numbers, which would change each day."""
    out = BytesIO()
    write_po(out, catalog, omit_header=True, include_lineno=False, sort_output=True, width=110)
    return HEADER.encode() + out.getvalue()


def as_mo(catalog: Catalog) -> bytes:
    """The catalogue as Django reads it."""
    # The day of compiling is no change of the texts.
    catalog.creation_date = catalog.revision_date = datetime(2026, 1, 1, tzinfo=UTC)
    out = BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def french_plurals(catalog: Catalog) -> Catalog:
    """What is said of one and of several, as the source says it, with the rule of French: zero is one."""
    french = Catalog(locale="fr")
    for message in catalog:
        if message.id and not isinstance(message.id, str):
            french.add(message.id, tuple(message.id), context=message.context)
    return french


def faults(message: Message) -> Iterator[str]:
    """What is wrong with one entry of the catalogue, in words. Nothing when it is translated."""
    sources, strings = _forms(message.id), _forms(message.string)
    if message.fuzzy:
        yield "fuzzy"
    if len(strings) < len(sources) or not all(strings):
        yield "not translated"
        return
    for source, string in zip(sources, strings, strict=False):
        if not set(_PLACE.findall(string)) <= {name for one in sources for name in _PLACE.findall(one)}:
            yield "names a value that the French does not have"
        if len(sources) == 1 and set(_PLACE.findall(source)) != set(_PLACE.findall(string)):
            yield "forgets a value of the French"
        if (source[:1] == "\n", source[-1:] == "\n") != (string[:1] == "\n", string[-1:] == "\n"):
            yield "begins or ends with a new line where the other does not"


def _forms(text: str | Iterable[str] | None) -> list[str]:
    return [text] if isinstance(text, str) else [str(form) for form in text or ()]


def problems() -> list[str]:
    """Everything that keeps the catalogue from being complete, one line each."""
    found, known = messages(extracted()), messages(written())
    lines = [f"not in the catalogue (make messages): {key[0]!r}" for key in found if key not in known]
    lines += [f"no longer in the code (make messages): {key[0]!r}" for key in known if key not in found]
    lines += [f"{fault}: {key[0]!r}" for key, message in known.items() for fault in faults(message)]
    if not lines and COMPILED.read_bytes() != as_mo(written()):
        lines.append("django.mo is not django.po compiled (make messages)")
    if not lines and FRENCH_PLURALS.read_bytes() != as_mo(french_plurals(written())):
        lines.append("the French plurals are not those of django.po (make messages)")
    return lines


def update() -> None:
    """Write the catalogue again from the code, and compile it."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    WRITTEN.write_bytes(as_po(merged(extracted(), written())))
    COMPILED.write_bytes(as_mo(written()))
    FRENCH_PLURALS.parent.mkdir(parents=True, exist_ok=True)
    FRENCH_PLURALS.write_bytes(as_mo(french_plurals(written())))
    left = sum(any(faults(message)) for message in messages(written()).values())
    print(f"{len(messages(written()))} texts, {left} to translate")


def todo() -> list[dict[str, object]]:
    """The entries to translate, as a person (or a tool) fills them in."""
    return [
        {"id": _listed(message.id), "context": message.context, "text": _listed(message.string)}
        for message in messages(merged(extracted(), written())).values()
        if any(faults(message))
    ]


def _listed(text: str | Iterable[str] | None) -> str | list[str]:
    return text if isinstance(text, str) else _forms(text)


def fill(entries: Iterable[dict[str, object]]) -> None:
    """Put translations in: a list like that of ``todo``, "text" filled. A text no longer said is passed over."""
    catalog = merged(extracted(), written())
    known = messages(catalog)
    for entry in entries:
        source, text = entry["id"], entry["text"]
        key = (source if isinstance(source, str) else source[0], entry.get("context"))  # type: ignore[index]  # JSON
        if text and key in known:
            known[key].string = text if isinstance(text, str) else tuple(text)  # type: ignore[arg-type]  # JSON
    FOLDER.mkdir(parents=True, exist_ok=True)
    WRITTEN.write_bytes(as_po(catalog))
    update()


def main(arguments: list[str]) -> int:
    """Run one of the commands above."""
    match arguments:
        case ["update"]:
            update()
        case ["todo"]:
            print(json.dumps(todo(), ensure_ascii=False, indent=1))
        case ["fill", name]:
            fill(json.loads(Path(name).read_text(encoding="utf-8")))
        case ["check"]:
            found = problems()
            print("\n".join(found) or "the catalogue is complete")
            return 1 if found else 0
        case _:
            print(__doc__)
            return 2
    return 0


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "poincon.config.settings")
    django.setup()
    sys.exit(main(sys.argv[1:]))
