"""What `grader verify` found, as an author reads it."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from grader.classroom.measures import Rate
from grader.classroom.verify import Verified
from grader.course.templates import shown


def verification_text(found: Verified) -> str:
    """A paragraph for each exercise: fit or not, and the figures behind it."""
    head = f"{'fit  ' if not found.faults else 'UNFIT'} {found.exercise}" + (f" ({found.count} drawn together)" if found.count > 1 else "")
    lines = [f"{head}, level {found.level}"]
    if "cases" in found.work:
        lines.append(f"      {found.work['cases'][0]} cases, the same for everyone; {found.checked} programs graded")
        lines.append(f"      every pair of wrong methods told apart{f', but never: {_pairs(found)}' if found.together else ''}")
        return "\n".join([*lines, *(f"      {fault}" for fault in found.faults)])
    lines.append(f"      {found.variants} variants, {found.distinct} different, {found.checked} graded; {found.draw_ms[0]:.2f} ms a draw")
    if found.naive:
        lines.append(f"      right by a wrong method: {_rates(found.naive)} before, {_rates(found.accepted)} after acceptance")
        lines.append(f"      every pair told apart in {found.separated:.0%} of draws" + (f"; never: {_pairs(found)}" if found.together else ""))
    if found.work:
        minutes = [] if found.minutes is None else [f"{shown(found.minutes)} min"]
        lines.append("      work: " + ", ".join(minutes + [f"{name.replace('_', '-')} {low}–{high}" for name, (low, high) in found.work.items() if high]))
    if found.keys:
        lines.append("      keys: " + ", ".join(f"{part} {low}–{high}" for part, (low, high) in found.keys.items()))
    lines += [f"      {fault}" for fault in found.faults]
    return "\n".join(lines)


def _rates(rates: dict[str, Rate]) -> str:
    worst = sorted((rate.share, name) for name, rate in rates.items() if rate.right)[::-1]
    if not worst:
        return "none"
    shown = ", ".join(f"{name} {share:.0%}" for share, name in worst[:4])
    return shown + (f" and {len(worst) - 4} more" if len(worst) > 4 else "")


def _pairs(found: Verified) -> str:
    return ", ".join(f"{first} = {second}" for first, second in list(found.together)[:4])


def verification_page(found: Sequence[Verified]) -> str:
    """The same for all exercises as one self-contained page, with plots of what acceptance changed and where keys lie."""
    fit = sum(not report.faults for report in found)
    body = [f"<h1>Verification</h1><p>{fit} of {len(found)} are fit to hand out.</p>", _overview(found)]
    body += [_section(report) for report in found]
    return _PAGE.format(style=_STYLE, body="\n".join(body))


def _overview(found: Sequence[Verified]) -> str:
    head = "".join(
        f"<th scope=col>{name}</th>"
        for name in ("exercise", "level", "fit", "variants", "different", "pairs told apart", "cells", "multiply-adds", "ms a draw")
    )
    rows = []
    for report in found:
        bands = [f"{low}–{high}" if high else "–" for low, high in (report.work.get(name, (0, 0)) for name in ("cells", "multiply_adds"))]
        values = [
            str(report.level),
            "no" if report.faults else "yes",
            report.variants,
            report.distinct,
            f"{report.separated:.1%}",
            *bands,
            f"{report.draw_ms[0]:.2f}",
        ]
        rows.append(f"<tr><th scope=row>{escape(report.name)}</th>" + "".join(f"<td>{escape(str(value))}</td>" for value in values) + "</tr>")
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def _section(report: Verified) -> str:
    parts = [f"<h2>{escape(report.name)}, level {report.level}</h2>"]
    parts += [f"<p class=fault>✗ {escape(fault)}</p>" for fault in report.faults]
    names = sorted(set(report.naive) | set(report.accepted))
    if names:
        parts.append("<h3>Right by a wrong method: share of variants it applies to</h3>")
        parts.append(_bars([(name, _share(report.naive, name), _share(report.accepted, name)) for name in names]))
        parts.append("<p class=legend>▨ as drawn ■ as handed out</p>")
    for part, bins in report.ranks.items():
        total = sum(bins)
        parts.append(f"<h3>{escape(part)}: where the key lies among the wrong answers, lowest to highest</h3>")
        parts.append(_bars([(f"{20 * n}–{20 * n + 20} %", None, count / total) for n, count in enumerate(bins)]))
    if report.keys:
        parts.append("<p>Keys: " + ", ".join(f"{escape(part)} from {low} to {high}" for part, (low, high) in report.keys.items()) + ".</p>")
    if report.together:
        parts.append(
            "<p>Never told apart:</p><ul>"
            + "".join(f"<li>{escape(a)} and {escape(b)}: {escape(why)}</li>" for (a, b), why in report.together.items())
            + "</ul>"
        )
    return "<section>" + "\n".join(parts) + "</section>"


def _bars(rows: Sequence[tuple[str, float | None, float | None]]) -> str:
    """Horizontal bars as inline SVG: one or two for each row, with the figure beside it in words."""
    height = 30 * len(rows) + 4
    marks = []
    for number, (label, before, after) in enumerate(rows):
        y = 30 * number + 4
        words = " → ".join(f"{share:.1%}" for share in (before, after) if share is not None)
        marks.append(f'<text x="170" y="{y + 15}" text-anchor="end">{escape(label)}</text>')
        if before is not None:
            marks.append(f'<rect class="before" x="178" y="{y}" width="{before * 320:.1f}" height="10"/>')
        if after is not None:
            marks.append(f'<rect class="after" x="178" y="{y + 11}" width="{after * 320:.1f}" height="10"/>')
        marks.append(f'<text x="{184 + 320 * max(before or 0, after or 0):.1f}" y="{y + 15}">{words}</text>')
    return f'<svg viewBox="0 0 640 {height}" role="img" aria-label="bars"><defs><pattern id="h" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="2" height="5" class="after"/></pattern></defs>{"".join(marks)}</svg>'


def _share(rates: dict[str, Rate], name: str) -> float | None:
    return rates[name].share if name in rates else None


_STYLE = """
:root { color-scheme: light dark; --ink: #1f2328; --paper: #fff; --line: #8c959f; --bar: #0550ae; --bad: #b3141d; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --paper: #0d1117; --line: #7d8590; --bar: #79c0ff; --bad: #ff9492; } }
body { font: 1rem/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 52rem; margin: 0 auto; padding: 1rem; }
table { border-collapse: collapse; display: block; overflow-x: auto; } th, td { border-bottom: 1px solid var(--line); padding: .2rem .6rem; text-align: right; }
th:first-child { text-align: left; } section { border-top: 3px solid var(--line); margin-top: 2rem; } h3 { font-size: 1rem; margin-bottom: .2rem; }
svg { width: 100%; max-width: 40rem; } svg text { fill: var(--ink); font: 13px system-ui, sans-serif; } .after { fill: var(--bar); } .before { fill: url(#h); stroke: var(--bar); }
.fault { color: var(--bad); font-weight: 600; } .legend { font-size: .875rem; margin: 0; }
"""
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Verification</title><style>{style}</style></head>
<body><main>
{body}
</main></body></html>
"""
