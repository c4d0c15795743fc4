"""The words on a grid. The browser's side has none of its own: it gets them in one language, and fills in the numbers."""

from __future__ import annotations

from grader.text import Text

WORDS = {
    "rows": Text("rows", "行数"),
    "columns": Text("columns", "列数"),
    "channels": Text("channels", "通道数"),
    "add_row": Text("add a row", "增加一行"),
    "add_column": Text("add a column", "增加一列"),
    "add_channel": Text("add a channel", "增加一个通道"),
    "remove_row": Text("remove the last row", "删除最后一行"),
    "remove_column": Text("remove the last column", "删除最后一列"),
    "remove_channel": Text("remove the last channel", "删除最后一个通道"),
    "channel": Text("channel {channel}", "通道 {channel}"),
    "cell": Text("row {row}, column {column}", "第 {row} 行第 {column} 列"),
    "wrong": Text("{place}, wrong", "{place}，错误"),
    "check": Text("Check", "检查"),
    "checking": Text("Checking …", "正在检查……"),
    "changed": Text("Changed since this check.", "检查之后有改动。"),
    "keys": Text(
        "Arrow keys, Tab and Enter move between cells, Home and End within a row; Ctrl+Enter checks. A block from a spreadsheet or a print can be pasted.",
        "用方向键、Tab、Enter 在格间移动，Home、End 到行首、行末；Ctrl+Enter 检查。可以粘贴电子表格或打印输出中的一块数。",
    ),
}
