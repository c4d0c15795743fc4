"""What happened when a student's file was run, in words. Everything of the student's is cut short and made visible."""

from __future__ import annotations

import re
from fractions import Fraction

import numpy as np

from grader.course.outputs import Values, right_cells
from grader.marking.source import Source
from grader.sandbox import outcome as o
from grader.text import Text, both, visible

MESSAGE, LINE, NAME = 200, 100, 60  # characters


def happened(found: o.Loading | o.CallOutcome, source: Source) -> Text:
    """What came of the program, or of a call of its function.

    Args:
        source: for the line that an exception came from; in a notebook, lines are counted in the cell.
    """
    match found:
        case o.Unreadable(message=message):
            return UNREADABLE.fill(why=_shown(message, MESSAGE))
        case o.SyntaxFault(message=message, line=line):
            return SYNTAX.fill(why=_shown(message, MESSAGE), where=_where(source, line).en, where_zh=_where(source, line).zh)
        case o.NoSuchFunction(name=name, defined=defined):
            others = ", ".join(_shown(one, NAME) for one in defined[:5])
            return MISSING_NEAR.fill(name=name, defined=others) if others else MISSING.fill(name=name)
        case o.ImportRefused(package=package, line=line):
            return IMPORT.fill(package=_shown(package, NAME), where=_where(source, line).en, where_zh=_where(source, line).zh)
        case o.Raised(type="NotImplementedError", message=""):
            return NOT_WRITTEN
        case o.Raised(type=type_, message=message, line=line):
            said = _shown(type_, NAME) + (f": {_shown(message, MESSAGE)}" if message else "")
            return RAISED.fill(error=said, where=_where(source, line).en, where_zh=_where(source, line).zh)
        case o.OutOfMemory(line=line):
            return MEMORY.fill(where=_where(source, line).en, where_zh=_where(source, line).zh)
        case o.TimedOut(seconds=seconds):
            return TIMED_OUT.fill(seconds=f"{seconds:g}")
        case o.Died(signal=signal, status=status):
            return DIED.fill(how=signal or f"exit status {status}", how_zh=signal or f"退出状态 {status}")
        case o.Flooded():
            return FLOODED
        case o.WrongType(type=type_):
            return RETURNED_NONE if type_ == "NoneType" else WRONG_TYPE.fill(type=_shown(type_, NAME))
        case o.WrongCount(got=got, expected=expected):
            return WRONG_COUNT.fill(got=got, expected=expected)
        case o.WrongDtype(dtype=dtype):
            return WRONG_DTYPE.fill(dtype=_shown(dtype, NAME))
        case o.TooLarge(shape=shape):
            return TOO_LARGE.fill(shape=_shown(shape, NAME))
        case o.NotRun(why=why):
            return NOT_RUN[why]
        case _:
            return GARBLED


def differs(own: Values, wanted: Values, tolerance: Fraction | None) -> tuple[str, Text]:
    """Why values are not right: the outcome's name, and the words. What would be right is not among them."""
    if any(not np.isfinite(value).all() for value in own):
        return "not-finite", NOT_FINITE
    several = len(own) > 1
    for number, (one, other) in enumerate(zip(own, wanted, strict=True), start=1):
        which = WHICH.fill(number=number) if several else both("")
        if one.shape != other.shape:
            return "wrong-shape", Text(WRONG_SHAPE.en.format(which=which.en, shape=one.shape), WRONG_SHAPE.zh.format(which=which.zh, shape=one.shape))
        right = right_cells(one, other, tolerance)
        if right.all():
            continue
        if not one.shape:
            return "wrong-values", Text(WRONG_NUMBER.en.format(which=which.en, got=one.item()), WRONG_NUMBER.zh.format(which=which.zh, got=one.item()))
        place = tuple(int(index) for index in np.argwhere(~right)[0])
        about = {"right": int(right.sum()), "total": right.size, "place": "[" + ", ".join(map(str, place)) + "]", "got": f"{one[place].item():.10g}"}
        return "wrong-values", Text(WRONG_VALUES.en.format(which=which.en, **about), WRONG_VALUES.zh.format(which=which.zh, **about))
    raise ValueError("values that are all right were taken for wrong ones")


def name_of(found: o.Loading | o.CallOutcome) -> str:
    """The outcome's name in records: `timed-out` for `TimedOut`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", type(found).__name__).lower()


def _shown(raw: str, limit: int) -> str:
    # Addresses differ from run to run, and a record must not.
    return visible(re.sub(r"\b0x[0-9a-fA-F]{6,16}\b", "0x…", raw), limit)


def _where(source: Source, line: int) -> Text:
    """A line of the student's program, with its text; nothing where it is not known."""
    if line < 1:
        return both("")
    lines = source.raw.decode("utf-8", "replace").splitlines()
    text = _shown(lines[line - 1].strip(), LINE) if line <= len(lines) else ""
    return AT_LINE.fill(line=line, text=text) if text else AT_LINE_ONLY.fill(line=line)


def _placed(en: str, zh: str) -> Text:
    return Text(en, zh.replace("{where}", "{where_zh}").replace("{how}", "{how_zh}"))


AT_LINE = Text(" in line {line} ({text})", "（第 {line} 行：{text}）")
AT_LINE_ONLY = Text(" in line {line}", "（第 {line} 行）")
UNREADABLE = Text("What you handed in cannot be read as a program: {why}.", "提交的内容无法作为程序读取：{why}。")
SYNTAX = _placed("The program is no Python{where}: {why}.", "程序不是合法的 Python{where}：{why}。")
MISSING = Text("The program has no function {name}.", "程序中没有函数 {name}。")
MISSING_NEAR = Text("The program has no function {name}; it defines {defined}.", "程序中没有函数 {name}；已定义的有 {defined}。")
IMPORT = _placed(
    "It imports {package}{where}, which is not there: solve this with NumPy and Python's own modules.",
    "程序导入了 {package}{where}，而此处没有它：请只用 NumPy 和 Python 自带的模块。",
)
NOT_WRITTEN = Text("It raises NotImplementedError: this is still as it was handed out.", "抛出 NotImplementedError：这里仍与发放时相同。")
RAISED = _placed("It raises {error}{where}.", "抛出异常 {error}{where}。")
MEMORY = _placed("It runs out of memory{where}.", "内存不足{where}。")
TIMED_OUT = Text("It was still running after {seconds} s: does every loop end?", "运行 {seconds} 秒后仍未结束：每个循环都会终止吗？")
DIED = _placed("It ended its process ({how}).", "程序终止了所在的进程（{how}）。")
FLOODED = Text("It prints too much; take the print calls out.", "输出内容过多；请去掉 print。")
RETURNED_NONE = Text("It returns None: is a return missing?", "返回了 None：是否缺少 return？")
WRONG_TYPE = Text("It returns a {type}; return a NumPy array, or a number where one is asked for.", "返回了 {type}；请返回 NumPy 数组，要求返回数时请返回数。")
WRONG_COUNT = Text("It returns {got} values, and {expected} are asked for.", "返回了 {got} 个值，而要求返回 {expected} 个。")
WRONG_DTYPE = Text("It returns an array of {dtype}; return integers or floats.", "返回的数组类型为 {dtype}；请返回整数或浮点数。")
TOO_LARGE = Text("It returns an array of shape {shape}, which is far too large.", "返回的数组形状为 {shape}，过大。")
GARBLED = Text("What it returned did not arrive as a result: something wrote in its place.", "返回的结果未能正确传回：有其他内容写入了它的位置。")
NOT_FINITE = Text("It returns NaN or infinity.", "返回值中有 NaN 或无穷大。")
WHICH = Text(" as value {number}", "第 {number} 个")
WRONG_SHAPE = Text("It returns{which} an array of shape {shape}, which is not the right shape.", "返回的{which}数组形状为 {shape}，形状不正确。")
WRONG_NUMBER = Text("It returns{which} {got}, which is wrong.", "返回的{which}值为 {got}，不正确。")
WRONG_VALUES = Text(
    "{right} of {total} cells are right{which}; the first wrong one is at {place}, where it gives {got}.",
    "返回的{which}数组有 {total} 个格，其中 {right} 个正确；第一个错误在 {place}，得到 {got}。",
)
NOT_RUN = {
    o.Why.FILE: Text("It was not run, since the program could not be used.", "未运行，因为程序无法使用。"),
    o.Why.TIME: Text("It was not run: the time for all cases was used up.", "未运行：总时间已用完。"),
    o.Why.RESTARTS: Text("It was not run: too many calls before it had ended their process.", "未运行：此前已有太多调用使进程终止。"),
    o.Why.FLOOD: Text("It was not run: too much had been printed.", "未运行：输出内容过多。"),
}
HIDDEN = {
    "wrong-values": Text("wrong values", "值不正确"),
    "wrong-shape": Text("wrong shape", "形状不正确"),
    "not-finite": Text("NaN or infinity", "有 NaN 或无穷大"),
    "raised": Text("an exception", "抛出异常"),
    "timed-out": Text("out of time", "超时"),
    "out-of-memory": Text("out of memory", "内存不足"),
    "not-run": Text("not run", "未运行"),
}
OTHERWISE = Text("no usable result", "没有可用的结果")


def hidden_words(name: str) -> Text:
    """What came of a hidden case: nothing that could tell of its values."""
    return HIDDEN.get(name, OTHERWISE)
