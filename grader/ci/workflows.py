"""The workflow files of a student's repository. Both only run `grader ci`; what it writes, the two services show."""

from __future__ import annotations

from grader import __version__

GITHUB = ".github/workflows/classroom.yml"  # the name that GitHub Classroom looks for
GITLAB = ".gitlab-ci.yml"
OUT = "grader-results"
KEPT = ("~/.cache/pip", "~/.cache/conv-grader")  # torch, and the keys that `grader ci` computed
PACKAGE = f"conv-grader=={__version__}"


def workflow_files(install: str, pass_mark: str) -> dict[str, bytes]:
    """Both files, by path.

    Args:
        install: what `pip install` is told: a requirement, an address of a repository, or a path.
        pass_mark: the share of the points from which a push is green.
    """
    return {GITHUB: github(install, pass_mark).encode(), GITLAB: gitlab(install, pass_mark).encode()}


def github(install: str, pass_mark: str) -> str:
    return f"""# Marks the sheet on every push. Leave this file as it is: the grade that counts does not come from here.
name: Autograding Tests
on: [push, workflow_dispatch]
permissions:
  contents: read
jobs:
  run-autograding-tests:
    runs-on: ubuntu-latest
    if: github.actor != 'github-classroom[bot]'
    timeout-minutes: 10
    steps:
      - uses: actions/checkout@v4
        with:
          persist-credentials: false
      - uses: actions/setup-python@v5
        with:
          python-version: "3.12"
      # Not setup-python's own cache: only a run that succeeds keeps that, and a sheet is seldom all right at once.
      - name: Take what an earlier push kept
        id: kept
        uses: actions/cache/restore@v4
        with:
          path: |
            {KEPT[0]}
            {KEPT[1]}
          key: conv-grader-${{{{ runner.os }}}}-${{{{ hashFiles('.grader/repository.json', '{GITHUB}') }}}}
      - name: Install the grader
        env:
          INSTALL: {quoted(install)}
          PIP_EXTRA_INDEX_URL: ${{{{ vars.PIP_EXTRA_INDEX_URL }}}}
        run: pip install --quiet "$INSTALL"
      - name: Mark the sheet
        id: grade
        env:
          PASS_MARK: {quoted(pass_mark)}
        run: grader ci --pass-mark "$PASS_MARK" --out {OUT} --offline
      - name: Keep torch and the keys for the next push
        if: always() && steps.kept.outputs.cache-hit != 'true' && steps.grade.outcome != 'skipped'
        uses: actions/cache/save@v4
        with:
          path: |
            {KEPT[0]}
            {KEPT[1]}
          key: ${{{{ steps.kept.outputs.cache-primary-key }}}}
      - name: Hand the points to GitHub Classroom
        if: always() && steps.grade.outputs.result != ''
        uses: classroom-resources/autograding-grading-reporter@v1
        env:
          GRADER_RESULTS: ${{{{ steps.grade.outputs.result }}}}
        with:
          runners: grader
      - name: Keep the results
        if: always()
        uses: actions/upload-artifact@v4
        with:
          name: {OUT}
          path: {OUT}
"""


def gitlab(install: str, pass_mark: str) -> str:
    return f"""# Marks the sheet on every push. Leave this file as it is: the grade that counts does not come from here.
grade:
  image: python:3.12-slim
  timeout: 10 minutes
  variables:
    INSTALL: {quoted(install)}
    PASS_MARK: {quoted(pass_mark)}
    PIP_CACHE_DIR: "$CI_PROJECT_DIR/.cache/pip"
    GRADER_CACHE: "$CI_PROJECT_DIR/.cache/conv-grader"
  cache:
    key: conv-grader
    paths: [.cache]
    when: always
  script:
    - pip install --quiet "$INSTALL"
    - grader ci --pass-mark "$PASS_MARK" --out {OUT} --offline
  coverage: '/^points: .*\\((\\d+(?:\\.\\d+)?) ?%\\)$/'
  artifacts:
    when: always
    paths: [{OUT}]
    reports:
      junit: {OUT}/junit.xml
      codequality: {OUT}/codequality.json
"""


def quoted(text: str) -> str:
    """A YAML text in single quotes."""
    return "'" + text.replace("'", "''") + "'"
