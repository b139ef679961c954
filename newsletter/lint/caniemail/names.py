"""Mail programs as people call them."""

from __future__ import annotations

from collections.abc import Iterable

from newsletter.lint.caniemail.support import ClientResult, support

_NAMES = {
    # The new Outlook for Windows shows what Outlook.com shows; this is the one with Word inside.
    "outlook.windows": "classic Outlook for Windows",
    "outlook.outlook-com": "Outlook.com",
    "samsung-email.android": "Samsung Email",
}
_PLATFORMS = {
    "android": "Android",
    "desktop-webmail": "web",
    "ios": "iOS",
    "macos": "macOS",
    "mobile-webmail": "mobile web",
    "windows": "Windows",
}


def names(results: Iterable[ClientResult], everything: Iterable[ClientResult]) -> str:
    """Mail programs in one phrase: ``Gmail, Outlook.com and Yahoo! Mail (Android, iOS)``.

    Args:
        results: The programs to name.
        everything: All programs that were tested; a family of which all are named is one name.
    """
    tested = _by_family(everything)
    said: list[str] = []
    for family, platforms in _by_family(results).items():
        called = support().families[family]
        own = [platform for platform in platforms if f"{family}.{platform}" in _NAMES]
        rest = [_PLATFORMS[platform] for platform in platforms if platform not in own]
        if platforms == tested[family]:
            said.append(called)
            continue
        said += [_NAMES[f"{family}.{platform}"] for platform in own]
        if rest:
            said.append(f"{called} ({', '.join(rest)})")
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}"


def _by_family(results: Iterable[ClientResult]) -> dict[str, list[str]]:
    platforms: dict[str, list[str]] = {}
    for result in results:
        platforms.setdefault(result.client, []).append(result.platform)
    return platforms
