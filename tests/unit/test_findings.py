from newsletter.findings import Finding, Severity, in_reading_order


def finding(line: int, severity: Severity = Severity.ERROR, hint: str = "") -> Finding:
    return Finding("issues/a.yaml", line, 5, "image-alt", severity, "picture has no alt text", hint)


def test_a_finding_reads_like_a_compiler_message() -> None:
    shown = str(finding(12, hint='Add "alt:".'))
    assert shown == ('issues/a.yaml:12:5: error: picture has no alt text. Add "alt:". [image-alt]')


def test_without_a_hint_there_is_no_trailing_stop() -> None:
    assert str(finding(12)) == "issues/a.yaml:12:5: error: picture has no alt text [image-alt]"


def test_reading_order_is_top_to_bottom_and_worst_first_on_a_line() -> None:
    late, warning, error = finding(9), finding(2, Severity.WARNING), finding(2)
    assert in_reading_order([late, warning, error]) == [error, warning, late]
