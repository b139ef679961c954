"""Text → values, saying in an editor's words what is not YAML.

libyaml stops at the first mistake. Each one is reported, painted over in a copy, and the copy is
read again; so every report is confirmed by a line that could not be read, and all come in one go.
"""

from __future__ import annotations

import re

import yaml

from newsletter.issue import indentation
from newsletter.issue.draft import Draft, entry
from newsletter.issue.fields import KEYS, LISTS, MARKDOWN, how_to_quote
from newsletter.issue.nodes import Tree, build
from newsletter.issue.problems import shorten

BUDGET = 4_000_000
"""Characters to read again after mistakes: about 100 mistakes in a full issue, one second."""

_SIGNS = "[{@`*&%!|>,]}"
_BEGINS_SIGN = re.compile(rf"[{re.escape(_SIGNS)}]|[-?](?=\s)")
_KEY = "|".join(sorted(KEYS))
_NO_COLON = re.compile(rf" *(?:- +)*({_KEY})(?::(?=[^ \t/])\xa0*| *[=：]\s*)")
_NO_HYPHEN = re.compile(rf" *([-–—]|[–—] )(?=(?:{_KEY}): )")
_CONFLICT = re.compile(r"(<<<<<<<|=======|>>>>>>>)(\s|$)")
_CURLY = re.compile(r"[“”„«‘‚].*[”“»’‘]", re.DOTALL)
_DOCUMENT_MARK = re.compile(r"(---|\.\.\.)(\s|$)")
_STRAY_HINT = "If it belongs to the text above, indent it like that text."


def parse(text: str) -> tuple[Draft, Tree | None]:
    """The values of a text, with all that is not YAML in it.

    Returns:
        The draft with the problems found; the tree of what remains, None if nothing can be said.
    """
    draft = Draft(text)
    _keep_one_side(draft)
    _keep_one_document(draft)
    budget = BUDGET
    while True:
        try:
            return draft, build(draft.text)
        except yaml.MarkedYAMLError as error:
            budget -= len(text)
            if not _mend(draft, error) or budget < 0:
                return draft, None
        except yaml.YAMLError as error:
            draft.report(0, 0, "yaml-syntax", f"this is not YAML: {error}")
            return draft, None


def _mend(draft: Draft, error: yaml.MarkedYAMLError) -> bool:
    """Report a mistake and take it out of the draft; False if it cannot be taken out."""
    line, column = _place(draft, error.problem_mark)
    before = draft.text
    if draft.is_painted(line, column):
        return _paint_part(draft, line)
    mended = (
        indentation.tabs(draft, line, column, error.problem or "")
        or _quotes(draft, error)
        or _missing_space(draft, error)
        or _value(draft, error)
        or indentation.crooked(draft, line, column, error.problem or "")
        or _stray(draft, error)
    )
    if mended and draft.text != before:
        return True
    if not mended:
        said = error.problem or "something unexpected"
        draft.report(line, column, "yaml-syntax", f"this cannot be read as YAML ({said})")
    return _paint_part(draft, line)


def _place(draft: Draft, mark: yaml.error.Mark | None) -> tuple[int, int]:
    if mark is None or mark.line >= len(draft.lines):
        return len(draft.lines) - 1, 0
    return mark.line, mark.column


def _lines(draft: Draft, error: yaml.MarkedYAMLError) -> list[int]:
    """Where the mistake can be: the line that could not be read, else the one it belongs to."""
    first, _ = _place(draft, error.problem_mark)
    context = error.context or ""
    if error.context_mark is None or "block mapping" in context or "collection" in context:
        return [first]
    return list(dict.fromkeys([_place(draft, error.context_mark)[0], first]))


def _quotes(draft: Draft, error: yaml.MarkedYAMLError) -> bool:
    """Quotes that are not closed, or closed too early."""
    problem = error.problem or ""
    if "quoted scalar" in (error.context or ""):
        line, column = _place(draft, error.context_mark)
        if "escape" in problem:
            place = _place(draft, error.problem_mark)
            hint = "Write the backslash twice, or put single quotes around the text."
            draft.report(*place, "quotes", "a backslash in double quotes has a meaning", hint)
        else:
            _not_closed(draft, line, column)
        return draft.paint(line, column, entry(draft.lines[line]).base)
    token = _token_before(draft, error)
    if token is None or token.style not in ("'", '"'):
        return False
    line, column = token.start_mark.line, token.start_mark.column
    last, end = token.end_mark.line, token.end_mark.column
    value = draft.lines[line][column:].rstrip()
    if any(entry(draft.lines[number]).is_known for number in range(line + 1, last + 1)):
        _not_closed(draft, line, column)
    elif _place(draft, error.problem_mark)[0] != last:
        return False
    elif token.style == "'" and (
        draft.lines[last][end : end + 1].isalpha() or draft.lines[last].rstrip().endswith("'")
    ):
        inner = value[1:-1] if last == line and value.endswith("'") else ""
        key = entry(draft.lines[line]).key
        hint = "Write it twice (''), or put double quotes around the text."
        if inner and not set('"\\') & set(inner):
            hint = how_to_quote(key, inner)
        message = "the apostrophe ends the text, which stands in single quotes"
        draft.report(last, end - 1, "apostrophe", message, hint)
    else:
        hint = how_to_quote(entry(draft.lines[line]).key, value) if last == line else ""
        draft.report(last, end, "quotes", "the text goes on behind its closing quote", hint)
    return draft.paint(line, column, entry(draft.lines[line]).base)


def _not_closed(draft: Draft, line: int, column: int) -> None:
    quote = draft.lines[line][column : column + 1]
    hint = f"Put {quote} at its end, or other quotes around all of it."
    draft.report(line, column, "quotes", "the quote that opens here is not closed", hint)


def _token_before(draft: Draft, error: yaml.MarkedYAMLError) -> yaml.ScalarToken | None:
    """The text that ends right before the mistake."""
    if error.problem_mark is None:
        return None
    here = error.problem_mark.index
    found: yaml.ScalarToken | None = None
    text = draft.text
    try:
        for token in yaml.scan(text, Loader=yaml.CSafeLoader):
            if token.start_mark.index >= here:
                break
            if isinstance(token, yaml.ScalarToken):
                found = token
    except yaml.YAMLError:
        pass  # the mistake itself
    if found is None or found.end_mark.index > here:
        return None
    return found if not text[found.end_mark.index : here].strip() else None


def _missing_space(draft: Draft, error: yaml.MarkedYAMLError) -> bool:
    """``headline:Storm``, ``headline = Storm``, ``-headline: Storm``."""
    first, *_ = lines = _lines(draft, error)
    above = next((n for n in range(first - 1, -1, -1) if draft.lines[n].strip()), first)
    for line in dict.fromkeys([*lines, above]):
        text = draft.lines[line]
        if draft.is_painted(line, len(text)):
            continue
        if found := _NO_COLON.match(text):
            rest = text[found.end() :].strip()
            hint = f'Write "{found[1]}: {rest}".' if len(rest) <= 60 else ""
            message = f'there is no colon with a space after "{found[1]}"'
            draft.report(line, found.start(1), "yaml-syntax", message, hint)
            draft.replace(line, found.end(1), found.end(), ": ")
            return True
        if found := _NO_HYPHEN.match(text):
            message = "an entry of a list begins with a hyphen and a space"
            hint = f'Write "- {shorten(text[found.end() :])}".'
            draft.report(line, found.start(1), "yaml-syntax", message, hint)
            draft.replace(line, found.start(1), found.end(), "- ")
            return True
    return False


def _value(draft: Draft, error: yaml.MarkedYAMLError) -> bool:
    """Text without quotes that begins with a sign of YAML, or holds a colon."""
    problem = error.problem or ""
    for line in _lines(draft, error):
        part = entry(draft.lines[line])
        if draft.is_painted(line, part.value_column) or not _BEGINS_SIGN.match(part.value):
            continue
        owner = part
        if not (part.key or part.has_dash):  # the text begins on the line below its key
            number = _owner(draft, line)
            if number is None or entry(draft.lines[number]).value:
                continue
            owner = entry(draft.lines[number])
        if not _is_header(part.value):
            message = f'text that begins with "{part.value[0]}" has no quotes around it'
            hint = how_to_quote(owner.key, part.value)
            if owner.key in LISTS and owner is not part:
                hint = 'Begin each entry of the list with "- ".'
            draft.report(line, part.value_column, "leading-sign", message, hint)
            return draft.paint(line, part.value_column, owner.base)
    if "mapping values are not allowed" in problem:
        return _colon(draft, error)
    return False


def _is_header(value: str) -> bool:
    return bool(re.fullmatch(r"[|>][-+0-9]*(\s+#.*)?", value))


def _colon(draft: Draft, error: yaml.MarkedYAMLError) -> bool:
    line, column = _place(draft, error.problem_mark)
    part = entry(draft.lines[line])
    if part.is_known and column == part.colon:
        return False  # a key that is indented too deep
    token = _token_before(draft, error)
    start = token.start_mark.line if token else line
    owner = start
    if not (entry(draft.lines[start]).key or entry(draft.lines[start]).has_dash):
        above = _owner(draft, start)
        if above is None:
            return False
        owner = above
    part = entry(draft.lines[owner])
    rule, message = "colon", "text with a colon has no quotes around it"
    hint = how_to_quote(part.key, part.value)
    if owner != line:
        if part.key not in MARKDOWN:
            hint = "Put quotes before and behind the whole text, or take out the colon."
    elif part.key in {"image", *LISTS} and entry(part.value).is_known:
        message = f'"{entry(part.value).key}:" cannot stand on the line of "{part.key}:"'
        hint = "Put it on the next line, indented."
    elif _CURLY.fullmatch(part.value):
        rule = "curly-quotes"
        message = "curly quotes are part of the text: only straight ones hold it"
        hint = how_to_quote(part.key, part.value[1:-1])
    draft.report(line, column, rule, message, hint)
    if owner != start:
        return draft.paint(start, entry(draft.lines[start]).indent, part.base)
    return draft.paint(owner, part.value_column, part.base)


def _owner(draft: Draft, line: int) -> int | None:
    """The line whose value goes on in ``line``."""
    indent = entry(draft.lines[line]).indent
    for number in range(line - 1, -1, -1):
        part = entry(draft.lines[number])
        if draft.lines[number].strip() and part.column < indent and (part.key or part.has_dash):
            return number
    return None


def _stray(draft: Draft, error: yaml.MarkedYAMLError) -> bool:
    """A line, and those that follow it, that is neither a key nor part of a text."""
    for line in _lines(draft, error):
        part = entry(draft.lines[line])
        if not part.value or part.key or part.has_dash or draft.is_painted(line, part.indent):
            continue
        cut = next((n for n in range(line - 1, -1, -1) if draft.lines[n].strip()), None)
        if cut is not None and (found := re.search(r"\s#(?=\w)", draft.lines[cut])):
            message = 'text is cut off here: a "#" behind a space starts a comment'
            hint = "Put quotes around the whole text."
            draft.report(cut, found.end() - 1, "hash", message, hint)
        else:
            message = "this line is neither a key with a value nor part of the text above it"
            draft.report(line, part.indent, "yaml-syntax", message, _STRAY_HINT)
        draft.blank(line)
        for number in range(line + 1, len(draft.lines)):
            following = entry(draft.lines[number])
            if following.is_known or following.has_dash:
                break
            draft.blank(number)
        return True
    return False


def _paint_part(draft: Draft, line: int) -> bool:
    """Paint over the section, or else the top-level value, that a line belongs to."""
    for number in range(line, -1, -1):
        part = entry(draft.lines[number])
        starts_section = part.has_dash and (part.is_known or part.indent == 0)
        if starts_section or (part.key and part.indent == 0):
            column = part.column if part.has_dash else part.value_column
            if draft.paint(number, column, part.indent, whole=True):
                return True
    return draft.blank(line)


def _keep_one_side(draft: Draft) -> None:
    """Take out what git leaves where two people changed the same lines: keep the first side."""
    side = ""
    for line, text in enumerate(draft.lines):
        mark = _CONFLICT.match(text)
        if mark and mark[1] == "<<<<<<<":
            message = "two versions of these lines stand here: git could not merge them"
            hint = 'Keep one, and take out the lines with "<<<<<<<", "=======" and ">>>>>>>".'
            draft.report(line, 0, "merge-conflict", message, hint)
            side = mark[1]
            draft.blank(line)
        elif side:
            side = mark[1] if mark else side
            if mark or side == "=======":
                draft.blank(line)
            if side == ">>>>>>>":
                side = ""


def _keep_one_document(draft: Draft) -> None:
    """Take out ``---`` and ``...`` behind the start, which begin and end documents."""
    keys: set[str | None] = set()
    has_begun = False
    for line, text in enumerate(draft.lines):
        if _DOCUMENT_MARK.match(text) and (has_begun or text.startswith("...")):
            behind = next((t for t in draft.lines[line + 1 :] if t.strip()), "")
            if text.startswith("...") and not behind:
                return
            draft.report(
                line,
                0,
                "several-documents",
                f'"{text[:3]}" at the start of a line begins or ends a document',
                'One file holds one issue. For a line between sections write "- kind: divider".',
            )
            goes_on = _goes_on(behind, keys)
            for number in range(line, line + 1 if goes_on else len(draft.lines)):
                draft.blank(number)
            if not goes_on:
                return
        elif text.strip() and not text.startswith(("#", "%", "---")):
            has_begun = True
            keys.add(entry(text).key)


def _goes_on(text: str, keys: set[str | None]) -> bool:
    """Whether a line behind ``---`` continues the issue before it."""
    part = entry(text)
    return part.indent > 0 or part.has_dash or (part.is_known and part.key not in keys)
