"""Checks that nothing in what kb printed acts where it was printed.

usage: inert.py MARKDOWN_HTML FOLDER

FOLDER holds outputs, each named COMMAND.FORMAT. Each is read by a strict parser of its
format and searched for what the attacks of tests/cli/inert.bats would do. Prints each
fault and ends with 1 when there is one.
"""
import csv
import email
import email.policy
import html.parser
import io
import json
import pathlib
import re
import subprocess
import sys
import xml.etree.ElementTree

# What terminals obey, and what turns text around.
CONTROL = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u061c\u2028-\u202e\u2066-\u2069"
                     "\ufdd0-\ufdef\ufffe\uffff]|\r(?!\n)")
# As in ActionCommand of GitHub's runner, and in the agents of Azure and TeamCity.
COMMAND = re.compile(r"^[\s\ufeff]*::[a-z-]+.*::|##\[|##vso\[|##teamcity\[", re.M)
# What is on no page, whoever reads it.
UNWANTED = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202d\u202e\ufdd0-\ufdef\ufffe\uffff]")
VOID = {"meta", "link", "br", "img", "hr", "input", "wbr"}
faults = []


def fault(name, text):
    faults.append(f"{name}: {text}")


def hits(name, pattern, text):
    for hit in re.finditer(pattern, text):
        around = text[max(0, hit.start() - 60):hit.end() + 60]
        fault(name, f"{hit.group()!r} in {around!r}")
        return


def for_people(name, text):
    hits(name, CONTROL, text)
    hits(name, COMMAND, text)


class Page(html.parser.HTMLParser):
    """Elements and attributes that an attack would make, tags that do not match."""

    def __init__(self, name):
        super().__init__()
        self.name, self.open, self.text = name, [], []

    def handle_starttag(self, tag, attrs):
        if tag not in VOID:
            self.open.append(tag)
        for key, value in attrs:
            value = value or ""
            if key.startswith("on") or "attack" in key:
                fault(self.name, f"attribute {key} of {tag}")
            if key in ("href", "src", "action") and \
                    re.match(r"\s*(javascript|data(?!:image/svg)|vbscript):|\w+://evil", value, re.I):
                fault(self.name, f"{key}={value!r}")
        if tag == "xss" or (tag == "script" and not attrs):
            fault(self.name, f"element {tag}")

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        if not self.open or self.open.pop() != tag:
            fault(self.name, f"</{tag}> closes nothing")

    def handle_data(self, data):
        if self.open and self.open[-1] in ("script", "style"):
            return
        self.text.append(data)


def check_html(name, text):
    page = Page(name)
    page.feed(text)
    page.close()
    if page.open:
        fault(name, f"not closed: {page.open}")
    hits(name, UNWANTED, text)
    for data in re.findall(r"<script[^>]*json[^>]*>(.*?)</script>", text, re.S):
        json.loads(data)
    return page


def check_markdown(name, text, render, forge=True):
    for_people(name, text)
    shown = subprocess.run([render], input=text.encode(), stdout=subprocess.PIPE, check=True).stdout.decode()
    page = Page(name)
    page.feed(shown)
    # A forge finds mentions and references in each piece of text.
    for piece in page.text if forge else []:
        hits(name, r"@attack\b|(?<!\w)#4711|(?<!\w)gh-4711|!4711|\b0123abcd\b", piece)
    hits(name, r"<(a|h\d|code)\b[^>]*>PWN|<img", shown)
    hits(name, r"(?m)^/approve", text)


def check_csv(name, text):
    for_people(name, text)
    if "\n" in text.replace("\r\n", ""):
        fault(name, "a line ends without CR")
    for row in csv.reader(io.StringIO(text, newline=""), strict=True):
        for cell in row:
            if re.match(r"[=+@\t\r]|-(?![0-9.]+$)", cell):
                fault(name, f"formula {cell!r}")


def check_email(name, data):
    message = email.message_from_bytes(data, policy=email.policy.SMTP)
    if message.defects:
        fault(name, f"{message.defects}")
    for header in ("Bcc", "X-Attack", "Cc"):
        if header in message:
            fault(name, f"header {header}")
    if COMMAND.search(data.decode()) or re.search(rb"^(\.|From )", data, re.M):
        fault(name, "a line that programs take for something else")
    head = data.split(b"\r\n\r\n")[0]
    if any(len(line) > 78 for line in head.split(b"\r\n")):
        fault(name, "a line of the head is too long")
    parts = {part.get_content_type(): part.get_content() for part in message.iter_parts()}
    for_people(name, parts["text/plain"])
    check_html(name, parts["text/html"])


def check_github(name, text):
    hits(name, CONTROL, text)
    for line in text.splitlines():
        if not re.fullmatch(r"::(error|warning|notice) [^:]*::.*", line) or \
                re.search(r"%(?!25|0D|0A|3A|2C)", line):
            fault(name, f"line {line!r}")


def check_redirects(name, text):
    for line in text.splitlines():
        if not re.fullmatch(r"/[^\s*:#]*\*? \S+ 30[12]( Language=\S+)?", line):
            fault(name, f"line {line!r}")


def check_map(name, text):
    path = r'"/(?:[^"\\]|\\["\\n])*"'
    # An expression, in which nothing of the path has a meaning.
    start = r'"~\*\^/(?:[^"\\.*+?()\[\]{}|^$]|\\.)*"'
    for line in text.splitlines()[1:]:
        if not re.fullmatch(f'(?:{path}|{start})' r' "[^"\\$\s]*";', line):
            fault(name, f"line {line!r}")


def check_codeowners(name, text):
    for_people(name, text)
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        if not re.fullmatch(r"/(?:[^\s\\#]|\\.)* (?:[@\w.+-]+(?:@[\w.-]+|/[\w.-]+)?)(?: [@\w./+-]+)*", line):
            fault(name, f"line {line!r}")


def check(path, render):
    name, kind = path.name, path.suffix[1:]
    data = path.read_bytes()
    text = data.decode()  # strictly
    if kind in ("text", "error"):
        for_people(name, text)
    elif kind in ("json", "gitlab", "rdjson", "sarif"):
        json.loads(text)
        hits(name, CONTROL, text)
        hits(name, COMMAND, text)
    elif kind == "jsonl":
        for line in text.splitlines():
            json.loads(line)
        hits(name, CONTROL, text)
    elif kind in ("junit", "checkstyle", "atom", "xml"):
        xml.etree.ElementTree.fromstring(data)
        hits(name, UNWANTED, text)
    elif kind == "html":
        check_html(name, text)
    elif kind in ("markdown", "llms"):
        check_markdown(name, text, render, kind == "markdown")
    elif kind == "csv":
        check_csv(name, text)
    elif kind == "email":
        check_email(name, data)
    elif kind == "github":
        check_github(name, text)
    elif kind == "redirects":
        check_redirects(name, text)
    elif kind == "map":
        check_map(name, text)
    elif kind == "codeowners":
        check_codeowners(name, text)
    else:
        fault(name, "no check for this format")


def main():
    render, folder = sys.argv[1:]
    paths = sorted(pathlib.Path(folder).iterdir())
    for path in paths:
        try:
            check(path, render)
        except Exception as error:  # a parser's
            fault(path.name, f"{type(error).__name__}: {error}")
    print(f"{len(paths)} outputs")
    for text in faults:
        print(text)
    return 1 if faults else 0


sys.exit(main())
