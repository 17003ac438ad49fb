#!/usr/bin/env python3
"""Shows that what kb remembers between two runs never changes what it makes.

Writes a small help center that has something of everything, edits it at random, and after
each group of edits publishes it for two audiences into the folders of the run before. What
is there then must be, byte for byte and the list .kb-site included, what 'kb publish
--clean' makes; and so must be the findings and the exit status. 'kb validate' must find the
same with its store as with --no-cache. Some of the runs use two threads, some find a store
that was damaged.

usage: property.py [--rounds N] [--each N] [--seed N] [--kinds A,B] [--keep FOLDER]
Stops after N rounds, or when each kind of edit was made N times (--each). KB names the
program. The same seed makes the same edits. On a difference, prints the edits since the last
equal state and keeps the folder; status 1 then.
"""
import argparse
import collections
import copy
import json
import os
import posixpath
import random
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import time
import zlib

KB = os.path.abspath(os.environ.get('KB', 'build/kb'))
LOCALES = ['en', 'de', 'hu']
FOLDERS = {'article': 'articles', 'workflow': 'workflows', 'reply': 'replies',
           'reference': 'reference', 'snippet': 'snippets'}
WORDS = ('parcel invoice water filter heat refund courier valve signal button lamp tank '
         'order coffee steam grinder Österreich küldemény Gerät straße kulcs').split()
TEMPLATES = ['article', 'workflow', 'reply', 'reference', 'topic', 'topics', 'list', 'faq',
             'home', 'root', 'contact', '404', 'redirect', 'head', 'header', 'footer',
             'items', 'journey', 'diagram', 'text', 'case', 'steps', 'map', 'guide', 'fields']
STRINGS = ['callout_note', 'topics', 'for_region', 'footnotes', 'table', 'type_article',
           'promoted', 'recent', 'updated', 'status_archived', 'type_reply', 'diagram']
DAY = 86400
START = 1795564800  # 2026-11-25


def day(seconds):
    return time.strftime('%Y-%m-%d', time.gmtime(seconds))


def png(width, height, shade):
    """A picture of one color."""
    def chunk(name, data):
        body = name + data
        return struct.pack('>I', len(data)) + body + struct.pack('>I', zlib.crc32(body))
    rows = (b'\0' + bytes([shade, 90, 90]) * width) * height
    return (b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', width, height, 8,
            2, 0, 0, 0)) + chunk(b'IDAT', zlib.compress(rows)) + chunk(b'IEND', b''))


class Doc:
    """A document: front matter, and a text of blocks with @[links] that follow moves."""

    def __init__(self, number, locale, kind, folder, name):
        self.number, self.locale, self.kind = number, locale, kind
        self.folder, self.name, self.below = folder, name, FOLDERS[kind]
        self.front, self.blocks, self.raw = {}, [], None

    @property
    def path(self):
        return posixpath.join(self.locale, self.below, self.folder, self.name + '.md')

    @property
    def id(self):
        return self.front.get('id') or posixpath.join(self.below, self.folder, self.name)


class Repo:
    """The help center as values; files() is how it is written."""

    def __init__(self, rng):
        self.rng, self.docs, self.gone, self.next = rng, {}, [], 0
        self.now = START
        self.images = {f'i{i}.png': png(4 + i, 3 + i, i) for i in range(6)}
        self.images['form.pdf'] = b'%PDF-1.4 form'
        self.theme, self.styles, self.strings = {}, {}, {}
        self.reports, self.usage, self.options = {}, {}, set()
        self.config = {
            'name': {'en': 'Help', 'de': 'Hilfe'}, 'base_url': 'https://help.example/kb',
            'timezone': 'Europe/Berlin',
            'locales': [{'code': 'en'}, {'code': 'de', 'fallback': 'en'},
                        {'code': 'hu', 'fallback': 'de', 'address': 'formal'}],
            'audiences': ['public', 'agents'],
            'channels': {'phone': {}, 'email': {'name': 'E-mail', 'max_length': 4000},
                         'chat': {'name': {'en': 'Chat', 'de': 'Gespräch'}, 'plain': True},
                         'sms': {'max_segments': 3, 'plain': True}},
            'regions': {'DE': {'en': 'Germany'}, 'AT': {'en': 'Austria', 'de': 'Österreich'}},
            'products': {'aurora': 'Aurora', 'alba': {'en': 'Alba', 'hu': 'Alba gép'}},
            'contact': [{'channel': 'phone', 'label': {'en': 'Call', 'de': 'Anruf'},
                         'number': '+49 89 99998 1', 'hours': '8 to 18', 'regions': ['DE']},
                        {'channel': 'email', 'label': 'Write', 'email': 'a@help.example'}],
            'variables': {'days': '14', 'support': {'phone': {'en': '+49 1', 'de': '+49 2'},
                          'url': 'https://shop.example/a'}, 'place': {'en': 'Augsburg'}},
            'redirects': {}, 'rules': {}, 'limits': {},
            'privacy': {'allow': ['a@help.example', '[+]49 89 99998 1']},
            'statistics': {'votes': 'log', 'searches': 'off'},
            'edit_url': 'https://git.example/{path}',
        }
        self.issues = [self.issue(name, [self.issue(f'{name}.{x}', []) for x in 'ab'])
                       for name in ('order', 'repair', 'money')]
        self.people = {'anna': {'name': 'Anna', 'email': 'anna@help.example'},
                       'team': {'name': 'Team', 'members': ['anna', 'bela'], 'tier': 2},
                       'bela': {'name': 'Béla', 'hours': '9-17'}}
        self.fill()

    # Values

    def words(self, n=None):
        n = n or self.rng.randint(2, 7)
        return ' '.join(self.rng.choice(WORDS) for _ in range(n)) + f' {self.rng.randint(2, 99)}'

    def issue(self, name, children):
        return {'id': name, 'label': {'en': name.title(), 'de': f'{name} de'},
                'children': children}

    def all_issues(self, of=None):
        for issue in self.issues if of is None else of:
            yield issue
            yield from self.all_issues(issue.get('children', []))

    def pick(self, *kinds, locale=None, test=None):
        found = [d for d in self.docs.values() if (not kinds or d.kind in kinds) and
                 (not locale or d.locale == locale) and (not test or test(d))]
        return self.rng.choice(found) if found else None

    def target(self, doc):
        """Where a link of DOC may lead, most often without a finding."""
        agents = doc.front.get('audience') == 'agents' or (
            doc.kind in ('workflow', 'reference') and 'audience' not in doc.front)

        def fine(d):
            public = d.kind == 'article' and 'audience' not in d.front or \
                d.front.get('audience') == 'public'
            return d.kind != 'snippet' and (public or agents) and d is not doc and \
                'status' not in d.front and 'publish_at' not in d.front and \
                'expires_at' not in d.front
        return self.pick(locale=doc.locale, test=fine) or self.pick('article')

    def headings(self, doc):
        ids = [b.split('{#')[1].split('}')[0] for b in doc.blocks if '{#' in b]
        return ids

    def link(self, doc):
        to = self.target(doc)
        rng = self.rng
        words = self.words(2)
        ids = self.headings(to)
        part = f'#{rng.choice(ids)}' if ids and rng.random() < 0.5 else ''
        kind = rng.randrange(7)
        if kind < 3:
            return f'[{words}](@[{to.number}]{part})'
        if kind == 3:
            return f'[{words}](id:{to.id}{part})'
        if kind == 4:
            return f'[{words}](@[{to.number}]{part} "{self.words(1)}")'
        if kind == 5:
            return f'[{words}](https://other.example/{rng.randrange(9)})'
        return f'<https://other.example/{rng.randrange(9)}>'

    def inline(self, doc):
        return self.rng.choice([
            lambda: self.words(), lambda: f'**{self.words(2)}** {self.link(doc)}',
            lambda: f'{self.words(2)} {{{{days}}}} {self.words(1)}',
            lambda: f'{self.words(2)} {{{{support.phone}}}}', lambda: self.link(doc),
            lambda: f'[{self.words(1)}]({{{{support.url}}}})',
            lambda: f'![{self.words(1)}](@img[{self.rng.choice(list(self.images)[:6])}])',
            lambda: f'[{self.words(1)}](@img[form.pdf])', lambda: f'`{self.words(2)}`',
            lambda: f'{self.words(1)} \\{{{{days}}}}',
        ])()

    def snippet_name(self, doc):
        found = self.pick('snippet', test=lambda d: doc.kind != 'snippet' or
                          d.name > doc.name)
        return found.name if found else None

    def block(self, doc):
        rng = self.rng
        kind = rng.choice(['text'] * 4 + ['links', 'note', 'agents', 'region', 'dot', 'dot',
                          'journey', 'heading', 'list', 'table', 'footnote', 'html', 'code',
                          'include', 'include', 'tasks', 'reference', 'fragment'])
        if doc.kind in ('reply', 'snippet') and kind in ('dot', 'journey', 'heading', 'agents',
                                                         'fragment'):
            kind = 'text'
        number = rng.randrange(10 ** 6)
        if kind == 'text':
            return f'{self.inline(doc)} {self.words()}.'
        if kind == 'links':
            return '\n'.join(f'- {self.link(doc)}' for _ in range(3)) + \
                f'\n- [x](@img[{rng.choice(list(self.images))}])'
        if kind == 'note':
            return f'> [!{rng.choice(["NOTE", "TIP", "WARNING"])}]\n> {self.inline(doc)}'
        if kind == 'agents':
            return f'> [!AGENTS]\n> {self.inline(doc)} {self.words()}'
        if kind == 'region':
            return f'> [!{rng.choice(["AT", "DE"])}]\n> {self.inline(doc)}'
        if kind == 'dot':
            to = self.target(doc)
            return (f'```dot {self.words(2)}\ndigraph {{ a [label="{self.words(1)}"'
                    f' URL="id:{rng.choice(["", chr(34) + " + " + chr(34)])}{to.id}"]; a -> b{rng.randrange(9)} }}\n```')
        if kind == 'journey':
            to = self.target(doc)
            return (f'```journey {self.words(2)}\n- stage: {self.words(1)}\n  steps: [x, y]\n'
                    f'  touchpoints: [email]\n  emotion: {rng.randint(1, 5)}\n'
                    f'  documents: [{to.id}]\n```')
        if kind == 'heading':
            return f'## {self.words(2)} {{#h{number}}}\n\n{self.inline(doc)}'
        if kind == 'list':
            return f'1. {self.inline(doc)}\n2. {self.words()}\n   - {self.inline(doc)}'
        if kind == 'table':
            return f'| a | b |\n|---|---|\n| {self.words(1)} | {self.link(doc)} |'
        if kind == 'footnote':
            return f'{self.words(2)}[^n{number}]\n\n[^n{number}]: {self.inline(doc)}'
        if kind == 'html':
            return f'<details>\n<summary>{self.words(1)}</summary>\n\n{self.inline(doc)}\n\n</details>'
        if kind == 'code':
            return f'```sh\n{self.words()} {{{{days}}}}\n```'
        if kind == 'include':
            name = self.snippet_name(doc)
            return f'{{{{> {name}}}}}' if name else self.words()
        if kind == 'tasks':
            return f'- [x] {self.words(2)}\n- [ ] {self.inline(doc)}'
        if kind == 'reference':
            to = self.target(doc)
            return f'See [{self.words(1)}][r{number}].\n\n[r{number}]: @[{to.number}]'
        ids = self.headings(doc)
        return f'[{self.words(1)}](#{rng.choice(ids)})' if ids else self.words()

    def text(self, doc):
        rng = self.rng
        if doc.kind == 'workflow':
            other = self.pick('workflow', test=lambda d: d is not doc)
            n = rng.randint(1, 3)
            blocks = [self.words(), self.inline(doc)]
            for i in range(n):
                more = [f'- [No {self.words(1)}](#s{i + 1})'] if i < n - 1 else \
                    ['- [Team](kb:escalate/team)']
                if other and rng.random() < 0.3:
                    more.append(f'- [Other](@[{other.number}])')
                blocks.append(f'## Step {self.words(1)} {{#s{i}}}\n\n{self.inline(doc)}')
                if other and rng.random() < 0.3:
                    blocks.append(f'Go through [that](@[{other.number}]).')
                blocks.append('\n'.join(['- [Done](kb:resolved)'] + more))
            return blocks
        blocks = [self.block(doc) for _ in range(rng.randint(2, 6))]
        if doc.kind == 'reply':
            blocks = [f'Hello {{{{name}}}}, {self.words()}', f'{self.words()} {{{{days}}}}',
                      self.link(doc), '> [!NOTE]\n> ' + self.words()]
            if rng.random() < 0.6:
                blocks.append(f'## SMS\n\n{self.words(2)} {{{{name}}}}')
        return blocks

    def head(self, doc):
        rng = self.rng
        front = {'title': self.words(3), 'owner': rng.choice(['anna', 'team', 'bela'])}
        some = lambda share: rng.random() < share
        if 'id' in doc.front:
            front['id'] = doc.front['id']
        if doc.kind in ('article', 'workflow', 'reply'):
            issues = [i['id'] for i in self.all_issues() if not i.get('retired')]
            if issues and (doc.kind != 'article' or some(0.8)):
                front['issues'] = rng.sample(issues, min(len(issues), rng.randint(1, 2)))
        if some(0.5):
            front['summary'] = self.words(5)
        if doc.kind == 'article':
            if some(0.3):
                front['question'] = f'How {self.words(2)}?'
            if some(0.3):
                front.update(promoted=True, weight=rng.randrange(9))
            if some(0.2):
                front['audience'] = 'agents'
        elif doc.kind in ('workflow', 'reference') and some(0.4):
            front['audience'] = 'public'
        if doc.kind == 'reply':
            front['placeholders'] = {'name': {'description': 'Name', 'example': 'Ms. B'}}
            if some(0.5):
                front['subject'] = f'{self.words(2)} {{{{days}}}}'
        if some(0.2):
            front['products'] = ['aurora']
        if some(0.2):
            front['keywords'] = [self.words(1)]
        return front

    def new(self, kind, locale, folder='', name=None, front=None):
        doc = Doc(self.next, locale, kind, folder, name or f'{kind[0]}{self.next}')
        self.next += 1
        doc.front = dict(front or {})
        self.docs[doc.number] = doc
        doc.front = {**self.head(doc), **doc.front}
        return doc

    def fill(self):
        for i in range(9):
            front = {'id': f'same-{i}'} if i % 3 == 0 else {}
            for locale in LOCALES[:1 + i % 3]:
                self.new('article', locale, 'care' if i % 2 else '', f'a{i}', front)
        for kind in ('workflow', 'reply', 'reference'):
            for i in range(3):
                for locale in LOCALES[:1 + (i > 0)]:
                    self.new(kind, locale, '', f'{kind[0:3]}{i}')
        for i in range(5):
            for locale in LOCALES[:1 + i % 2]:
                self.new('snippet', locale, '', f's{i}')
        for doc in self.docs.values():
            doc.blocks = self.text(doc)
        general = self.pick('article', locale='en')
        variant = self.new('article', 'en', '', 'variant', {'regions': ['AT'],
                           'variant_of': general.id, 'issues': ['order']})
        variant.blocks = self.text(variant)
        shown = [d for d in self.docs.values() if d.kind == 'article' and d.locale == 'en']
        for d in shown[:2]:
            d.blocks.append('![Both](@img[i0.png])')
        self.pick('article').front['aliases'] = ['/old/path', '/e/E05']
        self.config['redirects']['/start'] = general.id

    # Files

    def linked(self, doc, block):
        here = posixpath.dirname(doc.path)
        for mark, path_of in (('@img[', lambda key: 'en/img/' + key),
                              ('@[', lambda key: self.path_of(int(key)))):
            parts = block.split(mark)
            for i in range(1, len(parts)):
                key, rest = parts[i].split(']', 1)
                parts[i] = posixpath.relpath(path_of(key), here) + rest
            block = ''.join(parts)
        return block

    def path_of(self, number):
        if number in self.docs:
            return self.docs[number].path
        return next((d.path for d in self.gone if d.number == number), 'en/articles/none.md')

    def write_doc(self, doc):
        if doc.raw is not None:
            return doc.raw
        lines = ['---'] + [f'{k}: {json.dumps(v, ensure_ascii=False)}'
                           for k, v in doc.front.items()] + ['---']
        return '\n'.join(lines) + '\n' + \
            '\n\n'.join(self.linked(doc, b) for b in doc.blocks) + '\n'

    def files(self):
        def yaml(values):
            return ''.join(f'{k}: {json.dumps(v, ensure_ascii=False)}\n'
                           for k, v in values.items())
        files = {'kb.yaml': yaml(self.config), 'people.yaml': yaml(self.people),
                 'taxonomy.yaml': yaml({'issues': self.issues})}
        for doc in self.docs.values():
            files[doc.path] = self.write_doc(doc)
        for name, strings in self.strings.items():
            if strings:
                files[f'theme/strings/{name}.yaml'] = yaml(strings)
        files.update({f'theme/{k}': v for k, v in self.theme.items()})
        files.update({f'style/{k}': v for k, v in self.styles.items()})
        files.update({f'feedback/{k}': yaml(v) for k, v in self.reports.items()})
        files.update({f'usage/{k}': v for k, v in self.usage.items()})
        files = {k: v.encode() for k, v in files.items()}
        files.update({f'en/img/{k}': v for k, v in self.images.items()})
        return files


# Edits: each takes the help center and says what it did, or nothing where it cannot.

EDITS = {}


def edit(function):
    EDITS[function.__name__.replace('_', '-')] = function
    return function


@edit
def text(repo):
    doc, rng = repo.pick(), repo.rng
    at = rng.randrange(len(doc.blocks)) if doc.blocks else 0
    if doc.kind in ('workflow', 'reply'):
        doc.blocks = repo.text(doc)
    elif rng.random() < 0.3 and len(doc.blocks) > 1:
        del doc.blocks[at]
    elif rng.random() < 0.5:
        doc.blocks.insert(at, repo.block(doc))
    else:
        doc.blocks[at:at + 1] = [repo.block(doc)]
    return doc.path


@edit
def same_size(repo):
    """A letter or digit for another: what only the time of the file tells, if that."""
    def places(doc):
        return [i for i, block in enumerate(doc.blocks) if re.search('[0-9a-z][.]?$', block) and
                not block.startswith(('```', '|', '<'))]
    doc = repo.pick('article', 'reference', 'snippet', test=lambda d: d.raw is None and places(d))
    if not doc:
        return None
    i = repo.rng.choice(places(doc))
    block = doc.blocks[i]
    at = len(block) - 1 - block.endswith('.')
    new = {'9': '0', 'z': 'a'}.get(block[at], chr(ord(block[at]) + 1))
    doc.blocks[i] = block[:at] + new + block[at + 1:]
    return doc.path


@edit
def title(repo):
    doc = repo.pick()
    doc.front['title'] = repo.words(3) + repo.rng.choice(['', ' {{place}}', ' & <b>'])
    return doc.path


@edit
def summary(repo):
    doc = repo.pick()
    if doc.front.pop('summary', None) is None or repo.rng.random() < 0.7:
        doc.front['summary'] = repo.words(5) + repo.rng.choice(['', ' {{days}}'])
    return doc.path


@edit
def slug(repo):
    doc = repo.pick('article', 'workflow', 'reference', 'reply')
    doc.front['slug'] = f'slug-{repo.rng.randrange(10 ** 4)}'
    if repo.rng.random() < 0.2:
        del doc.front['slug']
    return doc.path


@edit
def identity(repo):
    doc = repo.pick('article')
    doc.front['id'] = f'id-{repo.rng.randrange(10 ** 4)}'
    if repo.rng.random() < 0.3:
        del doc.front['id']
    return doc.path


@edit
def move(repo):
    doc = repo.pick()
    before = doc.path
    if doc.kind == 'snippet' or repo.rng.random() < 0.5:
        doc.name = f'm{repo.rng.randrange(10 ** 4)}'
    else:
        doc.folder = repo.rng.choice(['', 'care', 'deep/er', 'other'])
    return f'{before} to {doc.path}'


@edit
def swap(repo):
    """Two documents change places."""
    a = repo.pick('article')
    b = repo.pick('article', test=lambda d: d is not a)
    for key in ('locale', 'folder', 'name'):
        x, y = getattr(a, key), getattr(b, key)
        setattr(a, key, y)
        setattr(b, key, x)
    return f'{a.path} and {b.path}'


@edit
def delete(repo):
    if len(repo.docs) < 30:
        return None
    doc = repo.pick()
    del repo.docs[doc.number]
    repo.gone.append(doc)
    return doc.path


@edit
def restore(repo):
    """What was deleted comes back, at the place where it was."""
    if not repo.gone:
        return None
    doc = repo.gone.pop(repo.rng.randrange(len(repo.gone)))
    if any(d.path == doc.path for d in repo.docs.values()):
        return None
    repo.docs[doc.number] = doc
    return doc.path


@edit
def add(repo):
    if len(repo.docs) > 55:
        delete(repo)
    kind = repo.rng.choice(list(FOLDERS))
    doc = repo.new(kind, repo.rng.choice(LOCALES))
    doc.blocks = repo.text(doc)
    return doc.path


@edit
def translate(repo):
    locale = repo.rng.choice(['de', 'hu'])
    if len(repo.docs) > 58:
        delete(repo)
    there = {d.id for d in repo.docs.values() if d.locale == locale}
    doc = repo.pick('article', 'reference', 'snippet', locale='en', test=lambda d: d.id not in there)
    if not doc:
        return None
    other = repo.new(doc.kind, locale, doc.folder, doc.name,
                     {'id': doc.front['id']} if 'id' in doc.front else {})
    other.blocks = repo.text(other)
    if repo.rng.random() < 0.6:
        other.front['translation'] = {'date': day(repo.now - repo.rng.randrange(9) * DAY)}
    return other.path


@edit
def audience(repo):
    doc = repo.pick()
    doc.front['audience'] = repo.rng.choice(['public', 'agents'])
    if repo.rng.random() < 0.4:
        del doc.front['audience']
    return f'{doc.path} {doc.front.get("audience")}'


@edit
def status(repo):
    doc = repo.pick(test=lambda d: 'status' in d.front) if repo.rng.random() < 0.5 else None
    if doc:
        del doc.front['status']
    else:
        doc = repo.pick()
        doc.front['status'] = repo.rng.choice(['draft', 'review', 'archived', 'archived'])
    return f'{doc.path} {doc.front.get("status")}'


@edit
def period(repo):
    """A document is to appear or to expire soon; CLOCK lets it."""
    doc = repo.pick(test=lambda d: 'publish_at' in d.front or 'expires_at' in d.front) \
        if repo.rng.random() < 0.4 else None
    if doc:
        doc.front.pop('publish_at', None)
        doc.front.pop('expires_at', None)
    else:
        doc = repo.pick()
        key = repo.rng.choice(['publish_at', 'expires_at'])
        doc.front[key] = day(repo.now + repo.rng.randint(-1, 2) * DAY)
    return doc.path


@edit
def clock(repo):
    repo.now += repo.rng.choice([60, 3600, DAY // 2, DAY, DAY, 2 * DAY])
    return time.strftime('%FT%TZ', time.gmtime(repo.now))


@edit
def notice(repo):
    doc = repo.pick('article', 'workflow', 'reference')
    if doc.front.pop('notice', None) is None:
        doc.front['notice'] = {'date': day(repo.now - repo.rng.choice([0, 27, 29, 30]) * DAY),
                               'text': repo.words(), 'for': repo.rng.choice(['public', 'agents'])}
    return doc.path


@edit
def snippet(repo):
    doc = repo.pick('snippet')
    doc.blocks = [repo.inline(doc)] + [repo.block(doc) for _ in range(repo.rng.randint(0, 2))]
    return doc.path


@edit
def nested(repo):
    """A snippet includes another; one in a circle may come of it."""
    doc = repo.pick('snippet')
    other = repo.pick('snippet', test=lambda d: d is not doc)
    doc.blocks = [repo.words(), f'{{{{> {other.name}}}}}']
    return f'{doc.path} {other.name}'


@edit
def variable(repo):
    rng, variables = repo.rng, repo.config['variables']
    which = rng.choice(['days', 'phone', 'url', 'place', 'new'])
    if which == 'days':
        variables['days'] = str(rng.randrange(99))
    elif which == 'phone':
        variables['support']['phone'] = {'en': f'+49 {rng.randrange(99)}', rng.choice(
            ['de', 'hu']): f'+36 {rng.randrange(99)}'}
    elif which == 'url':
        variables['support']['url'] = f'https://shop.example/{rng.randrange(99)}'
    elif which == 'place':
        variables['place'] = rng.choice([{'en': repo.words(1)}, repo.words(1), {'en': '', 'de': 'x'}])
    else:
        variables[f'v{rng.randrange(3)}'] = repo.words(1)
    return which


@edit
def variable_gone(repo):
    variables = repo.config['variables']
    if 'days' in variables:
        repo.had = variables.pop('days')
    else:
        variables['days'] = repo.had
    return f'days: {variables.get("days")}'


@edit
def taxonomy_label(repo):
    issue = repo.rng.choice(list(repo.all_issues()))
    issue['label'] = {'en': repo.words(1), repo.rng.choice(['de', 'hu']): repo.words(1)}
    if repo.rng.random() < 0.3:
        issue['description'] = repo.words()
    if repo.rng.random() < 0.3:
        issue['keywords'] = {'en': [repo.words(1)]}
    return issue['id']


@edit
def taxonomy_order(repo):
    of = repo.rng.choice([repo.issues] + [i['children'] for i in repo.issues])
    repo.rng.shuffle(of)
    return ' '.join(i['id'] for i in of)


@edit
def taxonomy_tree(repo):
    """An issue moves below another one, or a new one comes."""
    rng = repo.rng
    parents = [i for i in repo.issues if i['children']]
    if not parents or rng.random() < 0.4:
        rng.choice(repo.issues)['children'].append(
            repo.issue(f'new{rng.randrange(10 ** 6)}', []))
        return 'new'
    parent = rng.choice(parents)
    issue = parent['children'].pop(rng.randrange(len(parent['children'])))
    rng.choice(repo.issues)['children'].append(issue)
    return issue['id']


@edit
def taxonomy_audience(repo):
    issue = repo.rng.choice(list(repo.all_issues()))
    if issue.pop('audience', None) is None:
        issue['audience'] = repo.rng.choice(['agents', 'agents', 'public'])
    return f'{issue["id"]} {issue.get("audience")}'


@edit
def taxonomy_retire(repo):
    issue = repo.rng.choice(list(repo.all_issues()))
    if issue.pop('retired', None) is None:
        issue['retired'] = True
        if repo.rng.random() < 0.7:
            for doc in repo.docs.values():
                left = [i for i in doc.front.get('issues', []) if i != issue['id']]
                if 'issues' in doc.front:
                    doc.front['issues'] = left or ['money']
    return issue['id']


@edit
def taxonomy_more(repo):
    issue = repo.rng.choice(list(repo.all_issues()))
    key, value = repo.rng.choice([('owner', 'team'), ('owner', 'bela'), ('tier', 1), ('tier', 3),
                                  ('needs', ['article']), ('needs', ['workflow', 'reply']),
                                  ('aliases', [f'was{repo.rng.randrange(10 ** 6)}'])])
    if issue.pop(key, None) is None:
        issue[key] = value
    return f'{issue["id"]} {key}'


@edit
def issues(repo):
    doc = repo.pick('article', 'workflow', 'reply')
    some = [i['id'] for i in repo.all_issues() if not i.get('retired')]
    doc.front['issues'] = repo.rng.sample(some, min(2, len(some)))
    return doc.path


@edit
def people(repo):
    rng = repo.rng
    person = repo.people[rng.choice(list(repo.people))]
    key, value = rng.choice([('name', repo.words(1)), ('hours', repo.words(1)), ('tier', rng.randrange(4)),
                             ('contact', repo.words(2)), ('until', day(repo.now + rng.randint(-2, 2) * DAY)),
                             ('away', [{'from': day(repo.now), 'to': day(repo.now + DAY)}])])
    if key != 'name' and person.pop(key, None) is not None:
        return f'no {key}'
    person[key] = value
    return f'{key} {value}'


@edit
def owner(repo):
    doc = repo.pick()
    doc.front['owner'] = repo.rng.choice(['anna', 'bela', 'team'])
    doc.front['reviewed'] = day(repo.now - repo.rng.randrange(400) * DAY)
    return doc.path


@edit
def config_locale(repo):
    rng, locales = repo.rng, repo.config['locales']
    which = rng.randrange(4)
    if which == 0:
        locales[-1]['fallback'] = rng.choice(['en', 'de'])
    elif which == 1:
        locales[1].pop('fallback', None) or locales[1].update(fallback='en')
    elif which == 2 and len(locales) == 3:
        locales.append({'code': 'de-AT', 'fallback': 'de'})
    elif len(locales) == 4:
        locales.pop()
    else:
        locales[1]['address'] = rng.choice(['formal', 'informal'])
    return json.dumps(locales)


@edit
def config_audience(repo):
    audiences = repo.config['audiences']
    if 'partners' in audiences:
        audiences.remove('partners')
    else:
        audiences.insert(repo.rng.randint(1, 2), 'partners')
    return ' '.join(audiences)


@edit
def redirect(repo):
    rng, redirects = repo.rng, repo.config['redirects']
    doc = repo.target(repo.pick('article'))
    if redirects and rng.random() < 0.4:
        key = rng.choice(list(redirects))
        del redirects[key]
        return f'no {key}'
    key = rng.choice(['/start', '/old/path', '/go', '/en/go/there/', '/deep/x*', '/a.php?id=3'])
    redirects[key] = rng.choice([doc.id, doc.id, '/en/contact/', '/nothing/'])
    return f'{key} {redirects[key]}'


@edit
def mount(repo):
    rng = repo.rng
    if repo.config.pop('content', None) is not None and rng.random() < 0.3:
        return 'none'
    extra = {'path': '{locale}/articles/other', 'type': 'article'}
    more = rng.choice([{'defaults': {'audience': 'agents'}}, {'defaults': {'keywords': ['x1']}},
                       {'keys': {'weight': 'keywords'}}, {'ignore': ['whatever']},
                       {'expand': False}, {'title_from': 'heading'}, {'type': 'reference'},
                       {'defaults': {'promoted': True}}, {'defaults': {'status': 'archived'}}])
    repo.config['content'] = [{'path': '{locale}/' + folder, 'type': kind}
                              for kind, folder in FOLDERS.items()] + [{**extra, **more}]
    return json.dumps(more)


@edit
def names(repo):
    rng = repo.rng
    key = rng.choice(['name', 'description', 'regions', 'products', 'timezone', 'edit_url',
                      'report_url', 'history_url', 'statistics'])
    value = {'name': {'en': repo.words(1), 'de': repo.words(1)}, 'description': repo.words(),
             'regions': {'DE': {'en': repo.words(1)}, 'AT': repo.words(1)},
             'products': {'aurora': repo.words(1), 'alba': 'Alba'},
             'timezone': rng.choice(['UTC', 'Europe/Berlin', 'Pacific/Auckland']),
             'edit_url': f'https://git.example/{rng.randrange(9)}/{{path}}',
             'report_url': f'mailto:r{rng.randrange(9)}@help.example?subject={{title}}&body={{id}}%20{{revision}}',
             'history_url': f'https://git.example/{{revision}}/{{path}}',
             'statistics': {name: rng.choice(['log', 'off', 'https://v.example/x'])
                            for name in ('votes', 'searches')}}[key]
    repo.config[key] = value
    return f'{key} {value}'


@edit
def config_lists(repo):
    """A region, product or channel comes or goes, documents that name it or not."""
    kind, name = repo.rng.choice([('regions', 'AT'), ('regions', 'CH'), ('products', 'alba'),
                                  ('channels', 'chat')])
    if repo.config[kind].pop(name, None) is None:
        repo.config[kind][name] = {} if kind == 'channels' else name.title()
    return f'{kind} {name}'


@edit
def timezone(repo):
    repo.config['timezone'] = repo.rng.choice(['UTC', 'Pacific/Auckland', 'America/Los_Angeles'])
    return repo.config['timezone']


@edit
def base_url(repo):
    repo.config['base_url'] = repo.rng.choice(['https://help.example', 'https://help.example/kb',
                                               'https://h2.example/a/b', ''])
    if not repo.config['base_url']:
        del repo.config['base_url']
    return repo.config.get('base_url', 'none')


@edit
def contact(repo):
    contacts, rng = repo.config['contact'], repo.rng
    if len(contacts) > 1 and rng.random() < 0.3:
        contacts.pop()
    elif rng.random() < 0.3:
        contacts.append({'channel': 'chat', 'label': repo.words(1), 'url': 'https://c.example/'})
    else:
        rng.choice(contacts).update(label={'en': repo.words(1), 'de': repo.words(1)},
                                    hours=repo.words(2))
    return str(len(contacts))


@edit
def channel(repo):
    channels = repo.config['channels']
    channel = channels[repo.rng.choice([name for name in ('email', 'chat', 'sms') if name in channels])]
    key, value = repo.rng.choice([('name', repo.words(1)), ('plain', True), ('max_length', 30),
                                  ('max_length', 500)])
    if key != 'name' and channel.pop(key, None) is not None:
        return f'no {key}'
    channel[key] = value
    return f'{key} {value}'


@edit
def placeholder(repo):
    doc, rng = repo.pick('reply'), repo.rng
    if not doc:
        return None
    name = doc.front['placeholders'].setdefault('name', {'description': 'Name'})
    key, value = rng.choice([('default', repo.words(1)), ('example', repo.words(1)),
                             ('description', repo.words(2)), ('values', ['Ms. B', 'x', 'y'])])
    if key != 'description' and name.pop(key, None) is not None:
        return f'{doc.path} no {key}'
    name[key] = value
    return f'{doc.path} {key}'


@edit
def reply(repo):
    doc = repo.pick('reply')
    if not doc:
        return None
    doc.blocks = repo.text(doc)
    doc.front['channels'] = repo.rng.sample(['email', 'chat', 'sms'], 2)
    doc.front['subject'] = repo.words(2)
    return doc.path


@edit
def workflow(repo):
    doc = repo.pick('workflow')
    if not doc:
        return None
    doc.blocks = repo.text(doc)
    return doc.path


@edit
def diagram(repo):
    """A diagram comes, and then what it links to gets another title or address."""
    linked = [d for d in repo.docs.values() if any('```dot' in b or '```journey' in b for b in d.blocks)]
    text = ' '.join(repo.rng.choice(linked).blocks) if linked and repo.rng.random() < 0.7 else ''
    to = repo.pick('article', 'workflow', 'reference', test=lambda d: f'id:{d.id}"' in text or f'[{d.id}]' in text)
    if not to:
        doc = repo.pick('article', 'reference')
        doc.blocks.append('```dot Map\ndigraph { a [URL="id:%s"] }\n```' % repo.target(doc).id)
        return f'new in {doc.path}'
    key = repo.rng.choice(['title', 'slug', 'audience', 'status'])
    value = {'title': repo.words(2), 'slug': f'd{repo.rng.randrange(99)}', 'audience': 'agents',
             'status': 'draft'}[key]
    if key in ('audience', 'status') and to.front.pop(key, None):
        return f'{to.path} no {key}'
    to.front[key] = value
    return f'{to.path} {key}'


@edit
def template(repo):
    """One of the theme's templates is replaced, or is the built-in one again."""
    name = f'templates/{repo.rng.choice(TEMPLATES)}.mustache'
    if name in repo.theme and repo.rng.random() < 0.5:
        del repo.theme[name]
        return f'no {name}'
    repo.theme[name] = repo.builtin[name] + f'<p>{repo.words(1)}</p>\n'
    return name


@edit
def style(repo):
    name = repo.rng.choice(['style.css', 'brand.css', 'script.js', 'guide.css', 'guide.js', 'reply.js', 'lost.js'])
    if name in repo.theme and repo.rng.random() < 0.3:
        del repo.theme[name]
    else:
        repo.theme[name] = repo.builtin[name] + f'/* {repo.words(1)} */\n'
    return name


@edit
def strings(repo):
    strings = repo.strings.setdefault(repo.rng.choice(LOCALES), {})
    key = repo.rng.choice([k for k in STRINGS if k + ':' in repo.builtin['strings/en.yaml']])
    if strings.pop(key, None) is None:
        value = repo.words(1)
        strings[key] = value + ' {0}' if key in ('for_region', 'updated') else value
    return key


@edit
def style_rule(repo):
    name = repo.rng.choice(['en/a.yaml', 'de/a.yaml', 'en/b.yaml'])
    if name in repo.styles and repo.rng.random() < 0.4:
        del repo.styles[name]
    else:
        repo.styles[name] = ('extends: existence\nmessage: "Not \'%s\'"\n'
                             f'level: warning\ntokens: [{repo.rng.choice(WORDS)}]\n')
    return name


@edit
def rules(repo):
    rule = repo.rng.choice(['include-fallback', 'link-target-missing', 'heading-jump', 'style',
                            'issue-gap', 'translation-steps', 'reply-too-long', 'include-cycle',
                            'link-fragment-missing', 'audience-link', 'title-duplicate',
                            'diagram-syntax'])
    rules = repo.config['rules']
    if rules.pop(rule, None) is None:
        rules[rule] = repo.rng.choice(['warning', 'info', 'error', 'off'])
    limit = repo.rng.choice(['snippet_depth', 'summary_length', 'title_length', 'workflow_steps'])
    if repo.config['limits'].pop(limit, None) is None:
        repo.config['limits'][limit] = repo.rng.randint(1, 30)
    return f'{rule}, {limit}'


@edit
def image(repo):
    name = repo.rng.choice(list(repo.images))
    size, shade = repo.rng.randint(2, 30), repo.rng.randrange(256)
    repo.images[name] = b'%PDF-1.4 ' + repo.words().encode() if name.endswith('.pdf') else \
        png(size, repo.rng.choice([3, 5]), shade)
    return name


@edit
def image_same(repo):
    """Two files become one, or no longer are."""
    a, b = repo.rng.sample(list(repo.images)[:6], 2)
    repo.images[a] = repo.images[b]
    return f'{a} as {b}'


@edit
def image_shared(repo):
    """Pages begin to show a picture, and stop."""
    block = '![Both](@img[i0.png])'
    doc = repo.pick('article', test=lambda d: block in d.blocks) if repo.rng.random() < 0.6 else None
    if doc:
        doc.blocks.remove(block)
    else:
        doc = repo.pick('article')
        doc.blocks.append(block)
    return doc.path


@edit
def image_gone(repo):
    if 'i5.png' in repo.images:
        del repo.images['i5.png']
        return 'gone'
    repo.images['i5.png'] = png(9, 9, 9)
    repo.images = dict(sorted(repo.images.items(), key=lambda i: i[0] == 'form.pdf'))
    return 'back'


@edit
def heading(repo):
    """A heading to which others may link has another id."""
    doc = repo.pick(test=lambda d: d.kind != 'workflow' and repo.headings(d))
    if not doc:
        return None
    old, new = repo.rng.choice(repo.headings(doc)), f'h{repo.rng.randrange(10 ** 6)}'
    follow = repo.rng.random() < 0.5
    doc.blocks = [b.replace(f'{{#{old}}}', f'{{#{new}}}') for b in doc.blocks]
    if follow:
        for d in repo.docs.values():
            d.blocks = [b.replace(f'#{old}', f'#{new}') for b in d.blocks]
    return f'{doc.path} {old} {new} {follow}'


@edit
def heading_hidden(repo):
    """A heading is for agents only, or is for all again."""
    doc = repo.pick('article', test=lambda d: repo.headings(d))
    if not doc:
        return None
    at = next(i for i, b in enumerate(doc.blocks) if '{#' in b)
    block = doc.blocks[at]
    if block.startswith('> [!AGENTS]'):
        doc.blocks[at] = '\n'.join(line[2:] for line in block.split('\n')[1:])
    else:
        doc.blocks[at] = '> [!AGENTS]\n' + '\n'.join('> ' + line for line in block.split('\n'))
    return doc.path


@edit
def alias(repo):
    doc = repo.pick('article', 'reference')
    path = repo.rng.choice(['/old/path', '/e/E05', '/en/go/there/', '/p/*', f'/n/{repo.rng.randrange(20)}'])
    have = doc.front.setdefault('aliases', [])
    if path in have:
        have.remove(path)
    else:
        have.append(path)
    if not have:
        del doc.front['aliases']
    return f'{doc.path} {have}'


@edit
def alias_taken(repo):
    """Another document takes an alias over."""
    a = repo.pick(test=lambda d: d.front.get('aliases'))
    b = repo.pick('article', test=lambda d: d is not a)
    if not a:
        return None
    b.front['aliases'] = a.front.pop('aliases')
    return f'{a.path} to {b.path}'


@edit
def alias_address(repo):
    """A document's alias is the address of another one, which an other link may use."""
    a, b = repo.pick('article', locale='en'), repo.pick('article')
    b.front['aliases'] = [f'/en/articles/{a.front.get("slug", a.name)}/']
    repo.pick('article').blocks.append(f'[At]({b.front["aliases"][0]})')
    return f'{a.path} {b.path}'


@edit
def related(repo):
    doc = repo.pick('article', 'workflow', 'reference', 'reply')
    doc.front['related'] = [repo.target(doc).id, repo.target(doc).id][:repo.rng.randint(1, 2)]
    doc.front['related'] = sorted(set(doc.front['related']))
    return doc.path


@edit
def promoted(repo):
    doc = repo.pick('article')
    if doc.front.pop('promoted', None) is None:
        doc.front['promoted'] = True
    doc.front['weight'] = repo.rng.randrange(20)
    return doc.path


@edit
def weight(repo):
    """Of one that is not promoted: no page shows it, but the list keeps it."""
    doc = repo.pick('article', 'reference', test=lambda d: 'promoted' not in d.front)
    doc.front['weight'] = repo.rng.randrange(100, 200)
    return doc.path


@edit
def question(repo):
    doc = repo.pick('article')
    if doc.front.pop('question', None) is None:
        doc.front['question'] = f'{repo.words(2)}?'
    return doc.path


@edit
def variant(repo):
    doc, of = repo.pick('article'), repo.pick('article')
    if doc.front.pop('variant_of', None) is None and of.id != doc.id:
        doc.front.update(variant_of=of.id, regions=[repo.rng.choice(['AT', 'DE'])])
    else:
        doc.front.pop('regions', None)
    return doc.path


@edit
def lists(repo):
    doc = repo.pick()
    key, value = repo.rng.choice([('products', ['alba']), ('tags', [repo.words(1)]), ('regions', ['DE']),
                                  ('keywords', [repo.words(1)]), ('channels', ['chat'])])
    if doc.front.pop(key, None) is None:
        doc.front[key] = value
    return f'{doc.path} {key}'


@edit
def link_broken(repo):
    doc = repo.pick(test=lambda d: d.kind not in ('workflow', 'reply'))
    doc.blocks.append(repo.rng.choice(['[x](nowhere.md)', '[x](id:nowhere)', '[x](#nowhere)',
                                       '![x](none.png)', '{{nowhere}}', '{{> nowhere}}',
                                       '```dot Map\ndigraph { a -> \n```',
                                       '[x](/en/articles/nowhere/)']))
    return doc.path


@edit
def broken(repo):
    """Front matter that cannot be read, or only half: the page stays as it was."""
    doc = repo.pick()
    doc.raw = repo.rng.choice(['---\ntitle: [\n---\ntext\n', '---\ntitle: x\n', 'no front\n', '',
                               '---\ntitle: x\naudience: nobody\n---\ntext\n',
                               '---\ntitle: x\ntitle: y\nowner: anna\n---\ntext\n', '\xff\n',
                               '---\ntitle: x\npublish_at: soon\n---\ntext\n',
                               '---\ntitle: x\nstatus: draft\nowner: [\n---\n'])
    return f'{doc.path} {doc.raw!r}'


@edit
def repair(repo):
    docs = [d for d in repo.docs.values() if d.raw is not None]
    for doc in docs:
        doc.raw = None
    return ' '.join(d.path for d in docs) or None


@edit
def outdated(repo):
    """The source of a translation changes; its page may say so from the next commit on."""
    def translated(d):
        return any(o.id == d.id and o.locale != 'en' for o in repo.docs.values())
    doc = repo.pick('article', 'reference', 'workflow', locale='en', test=translated)
    if not doc:
        return None
    if doc.kind == 'workflow':
        doc.blocks = repo.text(doc)
    else:
        doc.blocks.insert(0, repo.block(doc))
    for other in repo.docs.values():
        if other.id == doc.id and other.locale != 'en' and repo.rng.random() < 0.7:
            other.front.pop('translation', None)
    return doc.path


@edit
def feedback(repo):
    """A report about a document, a step of it or an issue comes, is settled, or goes."""
    rng, name = repo.rng, f'r{repo.rng.randrange(8)}.yaml'
    report = repo.reports.get(name)
    if report and rng.random() < 0.3:
        del repo.reports[name]
        return f'no {name}'
    if report:
        report['status'] = rng.choice(['open', 'accepted', 'declined', 'done'])
        return f'{name} {report["status"]}'
    doc = repo.pick('article', 'workflow', 'reference')
    about = {'document': doc.id, 'locale': doc.locale} if rng.random() < 0.7 else \
        {'issue': rng.choice(list(repo.all_issues()))['id']}
    if 'document' in about and doc.kind == 'workflow':
        about['step'] = 's0'
    repo.reports[name] = {**about, 'kind': rng.choice(['wrong', 'unclear', 'missing', 'praise']),
                          'text': repo.words(4), 'reporter': 'bela', 'status': 'open',
                          'created': day(repo.now - rng.randrange(9) * DAY)}
    return f'{name} {about}'


@edit
def usage(repo):
    """Counts of a month: no page shows them."""
    rng = repo.rng
    month, doc = rng.choice(['2026-09', '2026-10']), repo.pick('article')
    repo.usage[f'reasons-{month}.csv'] = 'document,locale,audience,reason,count\n' \
        f'{doc.id},{doc.locale},public,unclear,{rng.randrange(1, 99)}\n'
    repo.usage[f'searches-{month}.csv'] = 'locale,audience,query,count,results,clicks\n' \
        f'en,public,{rng.choice(WORDS)},{rng.randrange(9, 99)},3,5\n'
    return month


@edit
def options(repo):
    """From now on the site has no search, no data or no Markdown, or has it again."""
    option = repo.rng.choice(['--no-search', '--no-api', '--no-markdown', '--drafts'])
    repo.options ^= {option}
    return f'{option} {option in repo.options}'


@edit
def history(repo):
    repo.git_edit = repo.rng.choice(['amend', 'squash', 'redate', 'reorder', 'pack', 'message'])
    return repo.git_edit


@edit
def touch(repo):
    """Files get new times and the same bytes."""
    repo.touched = True
    return 'all'


# What is not an edit of its own: a way back when too much is broken.
def heal(repo, findings):
    """Documents with errors are written again; those that cannot be read are repaired."""
    bad = {f['path'] for f in findings if f['severity'] == 'error' and 'path' in f}
    bad -= {d.path for d in repo.docs.values() if d.raw is not None}
    repaired = repair(repo)
    for doc in repo.docs.values():
        if doc.path in bad:
            doc.front = repo.head(doc)
            doc.blocks = repo.text(doc)
    if {'kb.yaml', 'taxonomy.yaml'} & bad:
        repo.config['redirects'] = {}
    return f'{len(bad)} files; {repaired}', repaired is not None


# Running kb

class Run:
    """The repository on disk, and the two sites that are published from it again and again."""

    def __init__(self, top, seed):
        self.top, self.seed, self.rng = top, seed, random.Random(seed)
        self.content = os.path.join(top, 'content')
        os.makedirs(self.content)
        self.env = {**os.environ, 'HOME': top, 'XDG_CACHE_HOME': top + '/cache', 'TZ': 'UTC',
                    'LC_ALL': 'C.UTF-8', 'GIT_CONFIG_NOSYSTEM': '1',
                    'GIT_CONFIG_GLOBAL': top + '/gitconfig', 'GIT_AUTHOR_NAME': 'T',
                    'GIT_COMMITTER_NAME': 'T', 'GIT_AUTHOR_EMAIL': 't@example.org',
                    'GIT_COMMITTER_EMAIL': 't@example.org'}
        self.written, self.rounds, self.damaged, self.seconds = {}, 0, 0, collections.Counter()
        self.ends = collections.Counter()
        self.clean = 0
        self.repo = Repo(self.rng)
        self.repo.git_edit, self.repo.touched = None, False
        self.git('init', '-q', '.')
        self.take_theme()

    def git(self, *args, date=None):
        stamp = f'{int(date or self.repo.now)} +0000'
        return subprocess.run(['git', *args], cwd=self.content, capture_output=True, text=True,
                              env={**self.env, 'GIT_AUTHOR_DATE': stamp,
                                   'GIT_COMMITTER_DATE': stamp}).stdout.strip()

    def take_theme(self):
        folder = os.path.join(self.top, 'theme-of')
        os.makedirs(folder)
        with open(os.path.join(folder, 'kb.yaml'), 'w') as f:
            f.write('name: X\nlocales: [en]\n')
        subprocess.run([KB, 'publish', '-q', '--eject-theme', '-C', folder], env=self.env, check=True,
                       capture_output=True)
        self.repo.builtin = {}
        for at, _, names in os.walk(os.path.join(folder, 'theme')):
            for name in names:
                path = os.path.join(at, name)
                with open(path) as f:
                    self.repo.builtin[os.path.relpath(path, os.path.join(folder, 'theme'))] = f.read()
        shutil.rmtree(folder)

    def write(self):
        files = self.repo.files()
        for path in self.written.keys() - files.keys():
            os.unlink(os.path.join(self.content, path))
        for path, data in files.items():
            if self.written.get(path) != data or self.repo.touched:
                full = os.path.join(self.content, path)
                os.makedirs(os.path.dirname(full), exist_ok=True)
                with open(full, 'wb') as f:
                    f.write(data)
        self.repo.touched = False
        self.written = files

    def commit(self):
        how, self.repo.git_edit = self.repo.git_edit, None
        if how is None and self.rng.random() < 0.5:
            return ''
        self.git('add', '-A')
        if how is None:
            self.git('commit', '-qm', 'edit', '--allow-empty')
            return 'commit'
        if how in ('amend', 'message'):
            self.git('commit', '-q', '--amend', '--allow-empty', '--reset-author', '-m',
                     'Notice: ' + self.repo.words(2) if how == 'message' else how,
                     date=self.repo.now - self.rng.randrange(9) * DAY)
        elif how == 'squash':
            tree = self.git('write-tree')
            self.git('reset', '-q', '--soft', self.git('commit-tree', tree, '-m', 'squash'))
        elif how == 'redate':
            tree, commit = self.git('write-tree'), ''
            for path in sorted(os.listdir(self.content)):
                self.git('read-tree', '--empty')
                self.git('add', '--', path)
                part = self.git('write-tree')
                commit = self.git('commit-tree', part, '-m', path, *(['-p', commit] if commit else []),
                                  date=self.repo.now - self.rng.randrange(400) * DAY)
            self.git('read-tree', tree)
            self.git('reset', '-q', '--soft', self.git('commit-tree', tree, '-p', commit, '-m', 'all'))
        elif how == 'reorder':
            self.git('reset', '-q', '--soft', 'HEAD~2')
            self.git('commit', '-qm', 'two in one', '--allow-empty', date=self.repo.now - DAY)
        else:
            self.git('commit', '-qm', 'before packing', '--allow-empty')
            self.git('gc', '-q', '--prune=now')
        return how

    def kb(self, *args, as_of=False):
        env = {**self.env, 'SOURCE_DATE_EPOCH': str(self.repo.now)}
        if as_of:
            args += ('--as-of', time.strftime('%FT%TZ', time.gmtime(self.repo.now)))
        begin = os.times()
        done = subprocess.run([KB, *args, '-C', self.content], capture_output=True, env=env)
        end = os.times()
        self.seconds[args[0]] += sum(end[2:4]) - sum(begin[2:4])
        if done.returncode not in (0, 1, 2):
            raise Different(f'kb {" ".join(args)} ended with {done.returncode}\n'
                            f'{done.stderr.decode(errors="replace")}')
        return done

    def damage(self):
        """Something happens to what kb keeps between two runs."""
        folder = os.path.join(self.content, '.git/kb')
        names = sorted(os.listdir(folder)) if os.path.isdir(folder) else []
        if not names:
            return ''
        rng = random.Random(f'{self.seed} {self.damaged}')  # sizes of files differ by chance
        name = rng.choice(names)
        path = os.path.join(folder, name)
        with open(path, 'rb') as f:
            data = bytearray(f.read())
        size = len(data)
        how = rng.choice(['flip', 'flip', 'flips', 'cut', 'empty', 'zeros', 'grow', 'gone', 'swap', 'old'])
        if how in ('flip', 'flips') and size:
            for _ in range(1 if how == 'flip' else 40):
                data[rng.randrange(size)] ^= 1 << rng.randrange(8)
        elif how == 'cut':
            del data[rng.randrange(size + 1):]
        elif how == 'empty':
            data.clear()
        elif how == 'zeros' and size:
            at = rng.randrange(size)
            data[at:at + 64] = bytes(len(data[at:at + 64]))
        elif how == 'grow':
            data += rng.randbytes(100)
        elif how == 'swap':
            with open(os.path.join(folder, rng.choice(names)), 'rb') as f:
                data = f.read()
        elif how == 'old':
            data, self.old = getattr(self, 'old', data), data
        os.unlink(path)
        if how != 'gone':
            with open(path, 'wb') as f:
                f.write(data)
        self.damaged += 1
        return f'{name} {how}'

    def publish(self, audience):
        """Publishes into the folder of the last run, and all of it into another one."""
        site, clean = (os.path.join(self.top, f'{audience}{x}') for x in ('', '-clean'))
        shutil.rmtree(clean, ignore_errors=True)
        if os.path.isdir(site):
            shutil.copytree(site, clean, copy_function=os.link)
        rng = self.rng
        as_of = rng.random() < 0.5
        common = ['publish', '--format', 'json', '--audience', audience] + \
            (['--allow-broken'] if rng.random() < 0.97 else []) + sorted(self.repo.options)
        jobs = rng.sample(['-j1', '-j2'], 2)
        way = [['--atomic'], [], [], []][rng.randrange(4)]
        fast = self.kb(*common, jobs[0], *way, '--out', site, as_of=as_of)
        # Pages of documents with errors are those of the last site. Without, there was none.
        if fast.returncode == 0:
            shutil.rmtree(clean, ignore_errors=True)
        full = self.kb(*common, jobs[1], '--clean', '--out', clean, as_of=as_of)
        self.ends[fast.returncode] += 1
        self.compare(f'publish --audience {audience}', result(fast, site), result(full, clean))
        self.compare_folders(f'publish --audience {audience}', site, clean)
        return fast.returncode

    def compare(self, name, fast, full):
        for part, a, b in zip(('the status', 'the results', 'the messages'), fast, full):
            if a != b:
                raise Different(f'{name}: {part} differ:\n{difference(a, b)}')

    def compare_folders(self, name, site, clean):
        a, b = tree(site), tree(clean)
        # A page that is kept keeps its pictures; of that, --clean in a copy would say the same.
        lost = {name.decode() for path, text in a.items() if path.endswith('.html')
                for name in re.findall(rb'(?:src|href)="[./]*(assets/[^"#?]+)"', text)} - a.keys()
        if lost:
            raise Different(f'{name}: pages show files that are not there: {sorted(lost)}')
        a['.kb-site'], b['.kb-site'] = without_kept(a.get('.kb-site'), b.get('.kb-site'))
        bad = sorted(p for p in a.keys() | b.keys() if a.get(p) != b.get(p))
        if bad:
            raise Different(f'{name}: {len(bad)} files differ:\n' + '\n'.join(
                f'{p}\n{difference(a.get(p), b.get(p))}' for p in bad[:4]))

    def validate(self):
        args = ['validate', '--format', 'json', '--fail-level', 'warning']
        fast, full = self.kb(*args, self.rng.choice(['-j1', '-j2'])), self.kb(*args, '--no-cache')
        self.compare('validate', result(fast, ''), result(full, ''))
        try:
            return json.loads(full.stdout)['findings']
        except (ValueError, KeyError):
            return []


class Different(Exception):
    pass


VARY = ('folder', 'written', 'unchanged', 'removed', 'files')


def result(done, folder):
    """What two runs must have in common: status, standard output and error."""
    out = done.stdout.decode(errors='replace')
    try:
        values = json.loads(out)
        out = json.dumps({k: v for k, v in values.items() if k not in VARY}, indent=1)
    except ValueError:
        pass
    text = done.stderr.decode(errors='replace')
    return done.returncode, out, text.replace(folder, 'FOLDER') if folder else text


def without_kept(a, b):
    """--clean does not know what is in the pages that it keeps: two lists without that."""
    if not a or not b:
        return a, b
    unknown = b'0' * 16
    kept = {line.split(b' ', 6)[6] for line in b.split(b'\n') if line.startswith(unknown)}
    def cut(text):
        lines = [line.split(b' ', 6) for line in text.split(b'\n')]
        return b'\n'.join(b' '.join([unknown, x[1], x[2], unknown] + x[4:])
                          if len(x) == 7 and x[6] in kept else b' '.join(x) for x in lines)
    return cut(a), cut(b)


def tree(folder):
    files = {}
    for at, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(at, name)
            with open(path, 'rb') as f:
                files[os.path.relpath(path, folder)] = f.read()
    return files


def difference(a, b):
    """The first line that differs, of text or bytes, None for what is not there."""
    if a is None or b is None:
        return f'  only in {"the clean build" if a is None else "the incremental one"}'
    if isinstance(a, int):
        return f'  {a} - clean: {b}'
    a, b = (x.decode(errors='replace') if isinstance(x, bytes) else x for x in (a, b))
    a, b = a.split('\n'), b.split('\n')
    for x, y in zip(a + [''], b + ['']):
        if x != y:
            at = next((i for i, (c, d) in enumerate(zip(x, y)) if c != d), 0)
            at = max(0, at - 80)
            return f'  incremental: {x[at:at + 300]}\n  clean:       {y[at:at + 300]}'
    return f'  {len(a)} lines - clean: {len(b)}'


def edits_of(run, deck, kinds, counts, each):
    """A group of edits; each kind gets its turn, with EACH those that lack edits more often."""
    made = []
    for _ in range(1 if run.rng.random() < 0.3 else run.rng.randint(2, 20 if each else 8)):
        if not deck:
            lacking = [k for k in kinds if counts[k] < each]
            most = lacking + run.rng.sample(kinds, len(kinds) // 4) if lacking else kinds
            deck.extend(run.rng.sample(most, len(most)))
        kind = deck.pop()
        done = EDITS[kind](run.repo)
        if done is not None:
            made.append(f'{kind}: {done}')
            counts[kind] += 1
    return made


def least(kinds, counts):
    rare = sorted(kinds, key=lambda k: counts[k])[:3]
    return f'{sum(counts.values())} edits of {len(kinds)} kinds, fewest of ' + \
        ', '.join(f'{k} {counts[k]}' for k in rare)


def play(run, options, kinds, counts, log):
    deck, findings, good, bad_for = [], [], copy.deepcopy(run.repo), 0
    run.write()
    run.git('add', '-A')
    run.git('commit', '-qm', 'all')
    while run.rounds < options.rounds or (options.each and min(counts[k] for k in kinds) < options.each):
        run.rounds += 1
        if run.rounds % 100 == 0:
            print(f'{run.rounds} rounds, {run.clean} without errors: {least(kinds, counts)}', flush=True)
        log.clear()
        if run.rounds > 1:
            if any(f['severity'] == 'error' for f in findings):
                bad_for += 1
            else:
                good, bad_for = copy.deepcopy(run.repo), 0
            if bad_for and run.rng.random() < 0.7:
                done, repaired = heal(run.repo, findings)
                counts['repair'] += repaired
                log.append(f'heal: {done}')
            if bad_for > 3:
                now = run.repo.now
                run.repo, bad_for = copy.deepcopy(good), 0
                run.repo.now, run.repo.rng = now, run.rng
                log.append('back to what was without errors')
            log.extend(edits_of(run, deck, kinds, counts, options.each))
        run.write()
        log.append(run.commit())
        for audience in run.rng.sample(['public', 'agents'], 2):
            run.publish(audience)
            if run.rng.random() < 0.5:
                log.append('damage: ' + run.damage())
        findings = run.validate()
        run.clean += not any(f['severity'] == 'error' for f in findings)


def main():
    options = argparse.ArgumentParser()
    options.add_argument('--rounds', type=int, default=100)
    options.add_argument('--each', type=int, default=0)
    options.add_argument('--seed', type=int, default=1)
    options.add_argument('--kinds', default='')
    options.add_argument('--keep')
    options = options.parse_args()
    kinds = options.kinds.split(',') if options.kinds else list(EDITS)
    top = os.path.abspath(options.keep or tempfile.mkdtemp(prefix='kb-property-'))
    shutil.rmtree(top, ignore_errors=True)
    os.makedirs(top)
    print(f'seed {options.seed}', flush=True)
    run, counts, log = Run(top, options.seed), collections.Counter(), []
    try:
        play(run, options, kinds, counts, log)
    except Different as why:
        print(f'round {run.rounds}: {why}\nedits since the last equal state:')
        print('\n'.join('  ' + line for line in log if line))
        print(f'seed {options.seed}, SOURCE_DATE_EPOCH {run.repo.now}; the folder is {top}')
        return 1
    if not options.keep:
        shutil.rmtree(top)
    print(', '.join(f'{name} {n:.1f} s' for name, n in run.seconds.items()) + '; publish ended with',
          ', '.join(f'{status} {n} times' for status, n in sorted(run.ends.items())))
    if options.each:
        print(', '.join(f'{k} {counts[k]}' for k in sorted(kinds)))
    print(f'{run.rounds} rounds, {run.clean} without errors; {least(kinds, counts)}; the store was '
          f'damaged {run.damaged} times; all equal')
    # Where too much is broken, little is compared. With --each the kinds that break content, the
    # rarest, are made more often; and a few rounds say nothing.
    enough = run.rounds / (50 if options.each else 5)
    assert run.rounds < 50 or run.ends[0] > enough and run.ends[2] < run.rounds / 2, 'too much is broken'
    return 0


if __name__ == '__main__':
    sys.exit(main())
