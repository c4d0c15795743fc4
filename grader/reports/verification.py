"""What `grader verify` found, as an author reads it."""

from __future__ import annotations

from grader.classroom.verify import Rate, Verified


def verification_text(found: Verified) -> str:
    """A paragraph for each exercise: fit or not, and the figures behind it."""
    head = f"{'fit  ' if not found.faults else 'UNFIT'} {found.exercise}" + (f" ({found.count} drawn together)" if found.count > 1 else "")
    lines = [head]
    lines.append(f"      {found.variants} variants, {found.distinct} different; {found.draw_ms:.2f} ms a draw")
    if found.naive:
        lines.append(f"      right by a wrong method: {_rates(found.naive)} before, {_rates(found.accepted)} after acceptance")
        lines.append(f"      every pair told apart in {found.separated:.0%} of draws" + (f"; never: {_pairs(found)}" if found.together else ""))
    if found.work:
        lines.append("      work: " + ", ".join(f"{name.replace('_', '-')} {low}–{high}" for name, (low, high) in found.work.items() if high))
    lines += [f"      {fault}" for fault in found.faults]
    return "\n".join(lines)


def _rates(rates: dict[str, Rate]) -> str:
    worst = sorted((rate.share, name) for name, rate in rates.items() if rate.right)[::-1]
    if not worst:
        return "none"
    shown = ", ".join(f"{name} {share:.0%}" for share, name in worst[:4])
    return shown + (f" and {len(worst) - 4} more" if len(worst) > 4 else "")


def _pairs(found: Verified) -> str:
    return ", ".join(f"{first} = {second}" for first, second in found.together[:4])
