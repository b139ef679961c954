from collections.abc import Sequence

from lxml.etree import Element

class Premailer:
    def __init__(
        self,
        html: Element | None = ...,
        *,
        css_text: str = ...,
        keep_style_tags: bool = ...,
        remove_classes: bool = ...,
        strip_important: bool = ...,
        disable_basic_attributes: Sequence[str] = ...,
        disable_validation: bool = ...,
        allow_network: bool = ...,
        cache_css_parsing: bool = ...,
        align_floating_images: bool = ...,
        cssutils_logging_level: int = ...,
    ) -> None: ...
    def _parse_style_rules(self, css_body: str, ruleset_index: int) -> object: ...
    def transform(self) -> object: ...
