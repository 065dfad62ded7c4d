#!/usr/bin/env python3
"""Rules about the tree as a whole: pages that name what is there, sources that are built, functions that fit a screen.

check_tree.py DIRECTORY prints one line a fault; exit 1 when there is one. What the rooms may include, and lengths, are
check_source.sh's.
"""
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT_PAGE_BYTES = 8192
FUNCTION_LINES = 70
LONG_FUNCTIONS = "tests/known_long_functions"
TOP = ("events/", "ledger/", "query/", "tools/", "tests/", ".github/", ".ci/")
SOURCE_NAME = re.compile(r"^[\w.*/{},-]*[\w*}]\.(h|cpp|sql|capnp|sh|py|cmake|test|md|go|mjs)$")

faults = []


def fault(text):
    faults.append(text)


def tracked(directory):
    names = subprocess.run(["git", "ls-files"], cwd=directory, check=True, capture_output=True, text=True).stdout
    return [name for name in names.splitlines() if (directory / name).exists()]


# --- pages

def spellings(name):
    """`a.{h,cpp}` is two names."""
    brace = re.search(r"\{([^{}]*)\}", name)
    if not brace:
        return [name]
    return [one for part in brace[1].split(",") for one in spellings(name[:brace.start()] + part + name[brace.end():])]


def stands(name, page, directory):
    """A path is told from the root, from the page's folder, or from a folder above it."""
    for base in [directory, *(directory / page).parents]:
        if not base.is_relative_to(directory):
            break
        pattern = name.rstrip("/")
        if "*" in pattern and any(base.glob(pattern)):
            return True
        if (base / pattern).exists():
            return True
    return False


def is_path(word):
    if not re.fullmatch(r"[\w./*{},-]+", word) or word.startswith("/") or word.startswith("build/"):
        return False
    if re.search(r"\b[A-Z]{2,}\b", word.replace("README", "").replace("CONTRIBUTING", "").replace("SECURITY", "")):
        return False  # NAME.test, tools/NAME: stands for others
    return word.startswith(TOP) or bool(SOURCE_NAME.match(word))


def check_pages(files, directory):
    for page in (name for name in files if name.endswith(".md")):
        text = (directory / page).read_text()
        text = re.sub(r"^```.*?^```$", lambda block: "\n" * block[0].count("\n"), text, flags=re.M | re.S)
        for number, line in enumerate(text.splitlines(), 1):
            words = [word for code in re.findall(r"`([^`]+)`", line) for word in code.split()[:1]]
            words += [link for link in re.findall(r"\]\(([^)#: ]+)(?:#[^)]*)?\)", line)]
            for word in words:
                link = f"]({word}" in line
                if not link and not is_path(word):
                    continue
                for name in spellings(word):
                    if not stands(name, page, directory):
                        fault(f"{page}:{number}: names {name}, which is not there")


def check_names(files, directory):
    """The last column of the glossary gives names of the code."""
    page = "events/README.md"
    names = re.search(r"^## Names$.*?^\|---.*?\n(.*?)\n\n", (directory / page).read_text(), re.M | re.S)
    if not names:
        return fault(f"{page}: no glossary of names")
    code = "\n".join((directory / name).read_text() for name in files if name.endswith((".h", ".cpp", ".capnp")))
    for row in names[1].splitlines():
        for name in re.findall(r"`(\w+)`", row.rstrip("| ").rsplit("|", 1)[1]):
            if not re.search(rf"\b{name}\b", code):
                fault(f"{page}: the code has no {name}")


def check_comments(files, directory):
    """Names of source files in comments, wherever they lie."""
    known = {os.path.basename(name) for name in files}
    for name in (name for name in files if name.endswith((".h", ".cpp"))):
        for number, line in enumerate((directory / name).read_text().splitlines(), 1):
            comment = re.search(r"(?:^|\s)//(.*)", line)
            if not comment:
                continue
            for word in re.findall(r"[\w*/.-]*\b[\w*]+\.(?:h|cpp|sql|capnp|sh|md)\b", comment[1]):
                base = os.path.basename(word)
                if "*" in base:
                    there = any(Path(other).match(base) for other in known)
                else:
                    there = base in known or base == "embedded_sql.cpp" or base.startswith("sqlite3")
                if not there:
                    fault(f"{name}:{number}: names {word}, which is not there")


def check_rooms(files, directory):
    rules = (directory / "tests/check_source.sh").read_text()
    rooms = [line.split(":")[0] for line in re.search(r"rooms='\n(.*?)'", rules, re.S)[1].splitlines() if line]
    for room in rooms:
        if f"{room}/README.md" not in files:
            fault(f"{room}: a room has a README.md")
    page = (directory / "README.md").read_bytes()
    if len(page) > ROOT_PAGE_BYTES:
        fault(f"README.md has {len(page)} bytes; {ROOT_PAGE_BYTES} is the limit")
    command = (directory / ".ci/run").read_text().strip().splitlines()[-1].removeprefix("exec ")
    if not re.search(rf"{re.escape(command)}(?![\w-])", page.decode()):
        fault(f"README.md does not name the test command, {command}")


# --- files that nobody uses

def check_built(files, directory):
    lists = {name: set(re.findall(r"[\w./-]+", (directory / name).read_text()))
             for name in files if name.endswith(("CMakeLists.txt", ".cmake"))}
    for source in (name for name in files if name.endswith((".cpp", ".capnp"))):
        if not any(os.path.relpath(source, os.path.dirname(name) or ".") in words for name, words in lists.items()):
            fault(f"{source}: no CMakeLists.txt builds it")
    included = set()
    for name in (name for name in files if name.endswith((".h", ".cpp", ".cmake"))):
        included |= set(re.findall(r"[\"<]([\w./]+\.h)[\">]", (directory / name).read_text()))
    for header in (name for name in files if name.endswith(".h")):
        if header not in included and f"pilotledger/{header}" not in included:
            fault(f"{header}: nothing includes it")


def is_script(path):
    if path.suffix in (".sh", ".py", ".mjs", ".go"):
        return True
    with path.open("rb") as file:
        return file.read(2) == b"#!"


def check_named(files, directory):
    """A script, a .sql file, a fixture of a test is named by something else, or found by a pattern of the build."""
    texts = {name: (directory / name).read_text(errors="replace") for name in files
             if (directory / name).stat().st_size < 500_000}
    words = {name: {word.rstrip(".") for word in re.findall(r"[\w.-]+", text)} for name, text in texts.items()}
    patterns = []
    for name, text in texts.items():
        if name.endswith("CMakeLists.txt"):
            folder = os.path.dirname(name)
            patterns += [os.path.join(folder, word) for word in re.findall(r"[\w./]*\*[\w.*/]*", text)]
    for name in files:
        path = directory / name
        if not (is_script(path) or path.suffix in (".sql", ".toml")) or name == ".ci/run":
            continue
        if any(Path(name).match(pattern) for pattern in patterns):
            continue
        wanted = {os.path.basename(name)} | ({path.stem} if path.suffix == ".py" else set())
        if not any(wanted & words[other] for other in words if other != name):
            fault(f"{name}: nothing names it")


# --- SQL

def check_parameters(files, directory):
    """query/answer/query.cpp drops ":p IS NULL OR " where p is given, so that an index serves; it knows one spelling."""
    for name in (name for name in files if name.endswith(".sql")):
        for found in re.finditer(r":(\w+)\s+IS\s+NULL\s+OR\s", (directory / name).read_text()):
            if found[0] != f":{found[1]} IS NULL OR ":
                fault(f"{name}: write :{found[1]} IS NULL OR on one line, with one blank between words")


# --- functions

OPENING = re.compile(r"^ {0,6}(?![ #/}]).*[\w)>}] \{(?:\s*//.*)?$")
NO_FUNCTION = re.compile(r"^\s*(namespace|class|struct|enum|union|extern|switch|if|for|while|do|else|try|case|default"
                         r"|return)\b"
                         r"|=\s*\{+$|\{\{$|\[.*\]\s*(\(.*\))?[^;]*\{$")


BEFORE = re.compile(r"[;{}:]\s*(//.*)?$|^\s*//|^#")  # a line that ends what stands before a signature


def functions(text):
    """(name, lines, first line) of each function; the code is formatted, so a body ends where its brace stands."""
    lines = text.splitlines()
    for at, line in enumerate(lines):
        if not OPENING.match(line) or NO_FUNCTION.search(line):
            continue
        first = at
        while first > 0 and at - first < 20 and lines[first - 1].strip() and not BEFORE.search(lines[first - 1]):
            first -= 1
        indent = re.match(" *", lines[first])[0]
        signature = " ".join(lines[first:at + 1])
        name = re.search(r"([\w:~]+|operator\S+)\(", signature)
        if not name or re.match(r"\s*TEST|\s*TYPED_TEST", signature):
            continue
        end = next((i for i in range(at + 1, len(lines)) if lines[i].startswith(indent + "}")), None)
        if end is not None:
            yield name[1], end - first + 1, first + 1


def long_functions(files, directory):
    found = {}
    for name in files:
        if not name.endswith((".h", ".cpp")) or name.endswith("_test.cpp") or name.startswith("tests/"):
            continue
        for function, lines, first in functions((directory / name).read_text()):
            if lines > FUNCTION_LINES:
                found[f"{name} {function}"] = (lines, first)
    return found


def check_functions(files, directory):
    """A ratchet: what is long already is listed; the list may only become shorter."""
    lines = (directory / LONG_FUNCTIONS).read_text().splitlines()
    known = {line for line in lines if line and not line.startswith("#")}
    found = long_functions(files, directory)
    for name, (lines, first) in found.items():
        if name not in known:
            path, function = name.split(" ")
            fault(f"{path}:{first}: {function} has {lines} lines; {FUNCTION_LINES} is the limit")
    for name in sorted(known - found.keys()):
        fault(f"{LONG_FUNCTIONS}: {name} is no longer long; take it off")


def main():
    directory = Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()
    files = tracked(directory)
    for check in (check_pages, check_names, check_comments, check_rooms, check_built, check_named, check_parameters,
                  check_functions):
        check(files, directory)
    for line in faults:
        print(line)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
