#!/usr/bin/env python3
"""Looks for what a site shows to readers that it must not reach.

Writes a help center of many small documents from a grammar: how a block for agents is
marked, where it is, and what follows it. Each word that must not reach the public is
SECRETx and a number, each word that must is PUBLICx and a number; a MAYBEx word may be
withheld, but then the document has a finding. Publishes the site, asks every command that
takes --audience, and searches each byte of what comes out. Then it edits a few documents at a
time, and searches what the site says is new.

usage: leak.py [--documents N] [--seed N] [--keep FOLDER] [--verbose]
KB names the program. The same seed makes the same documents. Prints what leaks or is lost,
by cause, each with its shortest document; status 1 then.
"""
import argparse
import collections
import email
import email.policy
import glob
import html
import itertools
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.parse

KB = os.environ.get('KB', 'build/kb')
WORD = re.compile(r'(secret|public|maybe)x(\d+)', re.I)


class Words:
    """Marked words, each with the document and the cell of the grammar that it is in."""

    def __init__(self):
        self.owner = []
        self.now = None

    def take(self, kind):
        self.owner.append((kind, self.now))
        return f'{kind}x{len(self.owner) - 1}'


words = Words()


def secret():
    return words.take('SECRET')


def public():
    return words.take('PUBLIC')


def maybe():
    return words.take('MAYBE')


# How the block is marked: the first line of the quote, after '> '. AGENTS marks are right;
# each other one is a mistake that withholds the quote from everybody.
RIGHT = ['[!AGENTS]', '[!AGENTS]  ', ' [!AGENTS]', '[!PARTNERS]']
WRONG = [
    '[!agents]', '[!Agents]', '[!aGENTS]', '[!AGENTS] @', '[!AGENTS]: @', '[!AGENTS]@',
    '[! AGENTS]', '[!AGENTS ]', '[ !AGENTS]', '[!AGENTS', '[!AGENTS]]', '[[!AGENTS]]',
    '[!AGENST]', '[!AGENT]', '[!AGENTS-ONLY]', '[!INTERNAL]', '[!]', '[!AGENTS!]',
    r'\[!AGENTS]', r'\[!AGENTS\]', r'[\!AGENTS]', r'[!AGENTS\]', r'\[\!AGENTS\]',
    r'\[!agents]', r'\[!AGENTS] @', r'\\[!AGENTS]', '[!AGENTS]\\',
    '&#91;!AGENTS]', '&#x5b;!AGENTS&#x5D;', '&lbrack;!AGENTS&rbrack;', '&lsqb;!AGENTS]',
    '[&excl;AGENTS]', '[&#33;AGENTS]', '[!&#65;GENTS]', '[!AGENT&#83;]', '&#0091;!AGENTS]',
    '**[!AGENTS]**', '*[!AGENTS]*', '_[!AGENTS]_', '__[!AGENTS]__', '~~[!AGENTS]~~',
    '***[!AGENTS]***', '[**!AGENTS**]', '[!**AGENTS**]', '**\\[!AGENTS\\]**',
    '<b>[!AGENTS]</b>', '<span>[!AGENTS]</span>', '<br>[!AGENTS]', '[!AGENTS]<br>',
    '<!-- x -->[!AGENTS]', '<a id="x"></a>[!AGENTS]', '[!AGENTS]<!-- x -->',
    '[!<b>AGENTS</b>]', '<b>\\[!AGENTS]</b>', '<p>[!AGENTS]</p>', '<div>[!AGENTS]</div>',
    '{{word}}[!AGENTS]', '{{word}} [!AGENTS]', '[!AGENTS] {#x}',
    '\u200b[!AGENTS]', '\u00a0[!AGENTS]', '\ufeff[!AGENTS]', '\u00ad[!AGENTS]',
    '\u2060[!AGENTS]', '\u3000[!AGENTS]', '[\u200b!AGENTS]', '[!\u200bAGENTS]',
    '[!AGE\u200bNTS]', '[!AGENTS\u200b]', '[!AGENTS]\u200b', '[!AGENTS]\u00a0',
    '\u200e[!AGENTS]', '\u202a[!AGENTS]', '\u034f[!AGENTS]', '\ufe0f[!AGENTS]',
    '\uff3b!AGENTS\uff3d', '[\uff01AGENTS]', '\u3010!AGENTS\u3011',
    '[!\uff21\uff27\uff25\uff2e\uff34\uff33]', '\uff3b\uff01AGENTS\uff3d',
    '[!\u0410GENTS]', '[!AGE\u039dTS]', '\t[!AGENTS]',
    '# [!AGENTS]', '## [!AGENTS] ##', '- [!AGENTS]', '1. [!AGENTS]', '- [ ] [!AGENTS]',
    '[AGENTS]', '![AGENTS]', '!AGENTS', '![!AGENTS]', '[!AGENTS](x)', '[!AGENTS][]',
    '[!AGENTS][x]', '[!AGENTS]()', '[!AGENTS]+', '[!AGENTS]-', '[!AGENTS|x]',
    '[^!AGENTS]', '"[!AGENTS]"', '\u201c[!AGENTS]\u201d', '([!AGENTS])', '.[!AGENTS]',
    '\U0001f512 [!AGENTS]', '| [!AGENTS] |', '$[!AGENTS]$', ':[!AGENTS]', '#[!AGENTS]',
    '[!AGENTS]\n> ---', '[!AGENTS]\n> ===', '[!AGENTS]\n>\n> ---', '[!NOTE] [!AGENTS]',
    '[!NOTE]\n> [!AGENTS]', '[!AGENTS]\n> [!NOTE]', '[!AGENTS] [!PARTNERS]',
    '\n> [!agents]', '\n>\n> \\[!AGENTS]',
]
# Quotes within others, and what is no quote although it was meant as one.
SHAPES = ['tight', 'indented', 'nested', 'deep', 'region', 'note', 'blank first']
NO_QUOTES = ['lazy marker', 'no quote', 'code', 'html quote', 'wide']


def quote(mark, body, prefix='> '):
    """MARK may have more lines; @ is text on the marker's line."""
    lines = (prefix + mark.replace('@', secret())).split('\n')
    return lines + [(prefix + line).rstrip() for line in body]


def shaped(rng, mark, body):
    """The block's lines, and whether it is one as it should be."""
    right = mark in RIGHT
    shape = 'quote'
    if rng.random() < 0.3:
        shape = rng.choice(SHAPES + NO_QUOTES if mark == '[!AGENTS]' else SHAPES)
    lines = quote(mark, body)
    if shape == 'tight':
        return quote(mark, body, '>'), right, shape
    if shape == 'indented':
        return [rng.choice([' ', '  ', '   ']) + line for line in lines], right, shape
    if shape == 'nested':
        return ['> ' + line for line in lines], right, shape
    if shape == 'deep':
        return ['> > - ' + lines[0]] + ['> >   ' + line for line in lines[1:]], right, shape
    if shape == 'region':
        return ['> [!AT]'] + ['> ' + line for line in lines], right, shape
    if shape == 'note':
        return ['> [!NOTE]', '>'] + ['> ' + line for line in lines], right, shape
    if shape == 'blank first':
        return ['>'] + lines, False, shape
    if shape == 'lazy marker':
        return ['>', mark.split('\n')[0].replace('@', secret())] + lines[1:], False, shape
    if shape == 'no quote':
        return [mark.split('\n')[0].replace('@', secret())] + lines[1:], False, shape
    if shape == 'code':
        return ['    ' + line for line in lines], False, shape
    if shape == 'html quote':
        return ['<blockquote>', mark, secret(), '</blockquote>'], False, shape
    if shape == 'wide':
        return [line.replace('>', '\uff1e', 1) for line in lines], False, shape
    return lines, right, shape


def bodies(rng):
    """What is in the block; each ends in another kind of line."""
    return rng.choice([
        lambda: [secret()],
        lambda: [secret(), '', secret()],
        lambda: [f'- {secret()}', f'- {secret()}', f'  - {secret()}'],
        lambda: [f'1. {secret()}', '', f'   {secret()}'],
        lambda: ['| a | b |', '|---|---|', f'| {secret()} | {secret()} |'],
        lambda: ['```', secret(), '```'],
        lambda: ['```', secret()],
        lambda: [f'# {secret()}'],
        lambda: [secret(), '', f'## {secret()}'],
        lambda: [secret(), '', secret(), '==='],
        lambda: [f'> {secret()}'],
        lambda: ['> [!NOTE]', f'> {secret()}'],
        lambda: [f'![{secret()}](../img/{image()} "{secret()}")'],
        lambda: [f'[{secret()}](../files/{image()})'],
        lambda: [f'[{secret()}][{(x := secret())}]', '', f'[{x}]: /{secret()} "{secret()}"'],
        lambda: [f'{secret()}[^a]', '', f'[^a]: {secret()}'],
        lambda: [f'<b>{secret()}</b>', '', f'<div title="{secret()}">{secret()}</div>'],
        lambda: ['<div>', secret()],
        lambda: [f'<!-- {secret()} -->', secret()],
        lambda: [secret(), '<!--'],
        lambda: ['<details>', f'<summary>{secret()}</summary>', '', secret()],
        lambda: [f'{secret()}\\', secret()],
        lambda: [f'{secret()} **', secret()],
        lambda: [f'```dot {secret()}', f'digraph {{ a [label="{secret()}"] }}', '```'],
        lambda: [f'- [ ] {secret()}', f'- [x] {secret()}'],
        lambda: [f'{secret()} {{{{hidden}}}} `{secret()}`'],
        lambda: ['{{> hidden}}', '', secret()],
        lambda: [f'https://example.org/{secret()}'],
        lambda: [secret(), '', '---'],
        lambda: [secret(), ''],
        lambda: [f'    {secret()}'],
        lambda: ['', f'<a id="{secret()}"></a>', f'## {secret()} {{#{secret()}}}'],
    ])()


# What follows without an empty line is withheld, whatever it is.
def below(rng, shape):
    n = rng.choice(['', '', '', ' ', '  ', '   ', '    ', '\t', '      '])
    return rng.choice([
        lambda: [n + secret()],
        lambda: [n + secret(), secret()],
        lambda: [f'{n}| {secret()} | {secret()} |'],
        lambda: [f'{n}| {secret()} | b |', f'{n}|---|---|'],
        lambda: [f'{n}# {secret()}'],
        lambda: [n + secret(), n + '==='],
        lambda: [n + '```', secret(), '```'],
        lambda: [f'{n}~~~ {secret()}', secret(), '~~~'],
        lambda: [f'{n}```dot {secret()}', f'digraph {{ a [label={secret()}] }}', '```'],
        lambda: [f'{n}<div>{secret()}</div>'],
        lambda: [f'{n}<b>{secret()}</b>'],
        lambda: [f'{n}<a id="{secret()}"></a>'],
        lambda: [f'{n}- {secret()}'],
        lambda: [f'{n}1. {secret()}'],
        lambda: [f'{n}7) {secret()}'],
        lambda: [f'{n}- [ ] {secret()}'],
        lambda: [f'{n}[x]: /{secret()} "{secret()}"', '', 'See [x].'],
        lambda: [f'{n}[^x]: {secret()}', '', 'See[^x].'],
        lambda: [f'{n}![{secret()}](../img/{image()})'],
        lambda: [f'{n}[{secret()}](../files/{image()})'],
        lambda: [f'{n}**{secret()}**'],
        lambda: [f'{n}`{secret()}`'],
        lambda: [f'{n}\\> {secret()}'],
        lambda: [f'{n}&gt; {secret()}'],
        lambda: [f'{n}\uff1e {secret()}'],
        lambda: [f'{n}{{{{> hidden}}}}'],
        lambda: ['\u00a0', secret()],
        lambda: ['\u200b' + secret()],
        lambda: ['\u3000', secret()],
        lambda: ['\\', secret()],
        lambda: ['\x0c', secret()],
        lambda: ['<br>', secret()],
        lambda: ['<!-- -->', secret()],
        lambda: ['>', secret()] if shape in ('quote', 'tight') else [secret()],
        lambda: ['> ', n + secret()] if shape == 'quote' else [n + secret()],
    ])()


# What follows after one is for everybody.
def after(rng):
    return rng.choice([
        lambda: [public()],
        lambda: [f'## {public()}'],
        lambda: [f'- {public()}', f'- {public()}'],
        lambda: ['| a |', '|---|', f'| {public()} |'],
        lambda: ['```', public(), '```'],
        lambda: [f'<div>{public()}</div>'],
        lambda: ['> [!NOTE]', f'> {public()}'],
        lambda: ['> ' + public()],
        lambda: ['---', '', public()],
        lambda: [f'[x]: /{public()}', '', f'See [{public()}][x].'],
        lambda: [f'See[^b].', '', f'[^b]: {public()}'],
        lambda: [f'![{public()}](../img/open.png)'],
        lambda: [f'**{public()}**\\', public()],
        lambda: ['{{> open}}', '', public()],
    ])()


def tails(rng, shape):
    kind = rng.choice(['none', 'after', 'below', 'below', 'below', 'space'])
    if kind == 'below' and (shape in NO_QUOTES or shape == 'note'):
        kind = 'after'
    if kind == 'none':
        return [], kind
    if kind == 'after':
        return [''] + after(rng), kind
    if kind == 'space':
        return [rng.choice([' ', '\t', '    ', ' \t ', '\t\t'])] + after(rng), kind
    lines = below(rng, shape)
    return lines + (['', public()] if rng.random() < 0.5 else []), kind


images = []


def image():
    name = secret().lower() + rng_images.choice(['.png', '.pdf'])
    images.append(name)
    return name


def indent(lines, by):
    return [(by + line) if line.strip() else line for line in lines]


def front(title, kind='article', **more):
    keys = {'title': title, 'owner': 'anna'}
    if kind not in ('reference', 'snippet'):
        keys['issues'] = '[open]'
    if kind not in ('article', 'snippet'):
        keys['audience'] = 'public'
    keys.update(more)
    return ['---'] + [f'{k}: {v}' for k, v in keys.items()] + ['---']


PLAIN = re.compile(r'[][<"{`:|]|^\s*[#-]')
LINE_KEYS = ('title: ', 'summary: ', 'question: ')


def former(line):
    """The line as it was before the last commit, with another number in it."""
    if line.startswith(LINE_KEYS) or not PLAIN.search(line):
        return WORD.sub(r'\g<0> 14 days', line, count=1)
    return line


class Document:
    """Files, path to text, that hold one block; as they are, and as they were."""

    def __init__(self, number, rng):
        self.number, self.rng = number, rng
        self.files, self.before = {}, {}
        self.cell, self.crlf, self.right = ('', '', '', ''), False, False

    def size(self):
        return sum(len(text) for text in self.files.values())

    def put(self, path, lines, before=None):
        end = '\r\n' if self.crlf else '\n'
        last = '' if self.rng.random() < 0.1 else end
        self.files[path] = end.join(lines) + last
        self.before[path] = end.join(before or map(former, lines)) + last


# Where the block is: each takes its lines with what follows and makes the files of it.
def top(d, name, lines):
    d.put(f'en/articles/{name}.md', front(public()) + [public(), ''] + lines)


def first(d, name, lines):
    d.put(f'en/articles/{name}.md', front(public()) + lines)


def only(d, name, lines):
    d.put(f'en/articles/{name}.md', front(public()) + [''] + lines + [''])


def in_list(depth, mark):
    def place(d, name, lines):
        head, by = [], ''
        for _ in range(depth):
            head.append(by + mark + public())
            by += ' ' * len(mark)
        if d.rng.random() < 0.5:
            head.append('')
        d.put(f'en/articles/{name}.md', front(public()) + head + indent(lines, by) +
              ['', public()])
    return place


def list_start(d, name, lines):
    """Spaces before the marker count for the item: the lines below may be outside of it."""
    d.right &= not lines[0].startswith(' ')
    d.put(f'en/articles/{name}.md', front(public()) + ['- ' + lines[0]] +
          indent(lines[1:], '  '))


def outdented(d, name, lines):
    """The block begins in a list item and goes on outside of it."""
    d.put(f'en/articles/{name}.md', front(public()) + [f'1. {public()}', '   ' + lines[0]] +
          lines[1:] + ['', public()])


def footnote(d, name, lines):
    d.put(f'en/articles/{name}.md', front(public()) + [f'{public()}[^n]', '',
          f'[^n]: {public()}', ''] + indent(lines, '    '))


def after_table(d, name, lines):
    d.put(f'en/articles/{name}.md', front(public()) + ['| a |', '|---|', f'| {public()} |'] +
          lines)


def after_text(d, name, lines):
    d.put(f'en/articles/{name}.md', front(public()) + [public()] + lines)


def after_block(d, name, lines):
    d.put(f'en/articles/{name}.md', front(public()) + ['> [!AGENTS]', f'> {secret()}', ''] +
          lines)


def details(d, name, lines):
    d.put(f'en/articles/{name}.md', front(public()) + ['<details>',
          f'<summary>{public()}</summary>', ''] + lines + ['', '</details>', '', public()])


def tight_details(d, name, lines):
    d.put(f'en/articles/{name}.md', front(public()) + ['<details>',
          f'<summary>{maybe()}</summary>'] + lines + ['</details>', '', public()])


def snippet(d, name, lines):
    d.put(f'en/snippets/{name}.md', front(secret(), 'snippet') + [public(), ''] + lines)
    d.put(f'en/articles/{name}.md', front(public()) + [public(), '', '{{> ' + name + '}}'])


def twice_included(d, name, lines):
    d.put(f'en/snippets/in-{name}.md', front(secret(), 'snippet') + lines)
    d.put(f'en/snippets/{name}.md', front(secret(), 'snippet') + [public(), '',
          '{{> in-' + name + '}}'])
    d.put(f'en/articles/{name}.md', front(public()) + [f'- {public()}', '',
          '  {{> ' + name + '}}'])


def step(d, name, lines):
    d.put(f'en/workflows/{name}.md', front(public(), 'workflow') + [f'## {public()}', ''] +
          lines + ['', f'- [{public()}](kb:resolved)'])


def introduction(d, name, lines):
    d.put(f'en/workflows/{name}.md', front(public(), 'workflow') + lines +
          ['', f'## {public()}', '', f'- [{public()}](kb:resolved)'])


def answers(d, name, lines):
    d.put(f'en/workflows/{name}.md', front(public(), 'workflow') + [f'## {public()}', '',
          f'- [{public()}](kb:resolved)', ''] + indent(lines, '  ') +
          ['', f'- [{public()}](kb:closed)'])


def reply(d, name, lines):
    d.put(f'en/replies/{name}.md', front(public(), 'reply', channels='[email, chat]') +
          [public(), '', '## Chat', '', public(), ''] + lines)


def reference(d, name, lines):
    d.put(f'en/reference/{name}.md', front(public(), 'reference') + [public(), ''] + lines)


def translation(d, name, lines):
    d.put(f'en/articles/{name}.md', front(public()) + [public()])
    d.put(f'de/articles/{name}.md', front(public()) + [public(), ''] + lines)


def fallback(d, name, lines):
    d.put(f'de/articles/{name}.md', front(public()) + lines)


def variant(d, name, lines):
    d.put(f'en/articles/{name}.md', front(public()) + [public()])
    d.put(f'en/articles/at-{name}.md', front(public(), regions='[AT]',
          variant_of=f'articles/{name}') + [public(), ''] + lines)


def mounted(d, name, lines):
    d.put(f'help/{name}.md', front(public(), issues='[open]') + [public(), ''] + lines)


PLACES = {
    'top': top, 'first': first, 'only': only, 'list 1': in_list(1, '- '),
    'list 2': in_list(2, '1. '), 'list 3': in_list(3, '* '), 'list start': list_start,
    'outdented': outdented, 'footnote': footnote, 'after table': after_table,
    'after text': after_text, 'after block': after_block, 'details': details,
    'tight details': tight_details, 'snippet': snippet, 'twice included': twice_included,
    'step': step, 'introduction': introduction, 'answers': answers, 'reply': reply,
    'reference': reference, 'translation': translation, 'fallback': fallback,
    'variant': variant, 'mounted': mounted,
}


def block_document(number, rng, mark, place):
    d = words.now = Document(number, rng)
    d.crlf = rng.random() < 0.1
    if place == 'tight details':  # raw HTML knows no other spelling
        mark = '[!AGENTS]'
    lines, d.right, shape = shaped(rng, mark, bodies(rng))
    if place == 'after table' and shape in NO_QUOTES:  # another row of the table
        place = 'top'
    d.right &= place not in ('tight details', 'outdented', 'answers')
    tail, kind = tails(rng, shape)
    d.cell = (mark, shape, place, kind)
    PLACES[place](d, f'd{number}', lines + tail)
    return d


# Whole documents for others.
def hidden_document(number, rng):
    d = words.now = Document(number, rng)
    name = f'{secret().lower()}'
    why = rng.choice([{'audience': 'agents'}, {'audience': 'partners'}, {'status': 'draft'},
                      {'status': 'review'}, {'publish_at': '2030-01-01'},
                      {'expires_at': '2020-01-01'}, {'draft': 'true'}, {'audience': 'x'},
                      {'Audience': 'agents'}, {'audience': 'public\naudience: agents'}])
    more = dict(summary=secret(), keywords=f'[{secret()}]', question=secret(),
                aliases=f'[/{secret()}]', tags=f'[{secret()}]', promoted='true',
                notice='{date: 2026-11-24, text: ' + secret() + '}', slug=secret().lower(),
                related='[articles/open]', **why)
    kind = rng.choice(['article', 'workflow', 'reply', 'reference'])
    if kind != 'article':
        more.pop('question')
    d.cell = ('document', str(why), kind, '')
    text = [f'{secret()} ![{secret()}](../img/{image()})', '', f'## {secret()}', '']
    if kind == 'workflow':
        text += [f'- [{secret()}](kb:resolved)']
    folder = {'article': 'articles', 'workflow': 'workflows', 'reply': 'replies',
              'reference': 'reference'}[kind]
    keys = front(secret(), kind)
    if 'audience' in why:
        keys = [k for k in keys if not k.startswith('audience')]
    d.put(f'en/{folder}/{name}.md', keys[:-1] + [f'{k}: {v}' for k, v in more.items()] +
          ['---'] + text)
    link = rng.choice([f'[{public()}](../{folder}/{name}.md#{secret().lower()})',
                       f'[{public()}](id:{folder}/{name})',
                       f'![{public()}](../{folder}/{name}.md)',
                       f'[{public()}][x]\n\n[x]: ../{folder}/{name}.md "title"',
                       f'```dot {public()}\ndigraph {{ a [label="{public()}" '
                       f'URL="id:{folder}/{name}"] }}\n```'])
    d.put(f'en/articles/d{number}.md', front(public(), related=f'[{folder}/{name}]') + [link])
    return d


def process(number, rng):
    """A workflow for all that leads to some of the agents', and to teams."""
    d = words.now = Document(number, rng)
    d.cell = ('process', '', '', '')
    hidden = [secret().lower() for _ in range(3)]
    for name in hidden:
        d.put(f'en/workflows/{name}.md', front(secret(), 'workflow', audience='agents') +
              [f'## {secret()}', '', f'- [{secret()}](kb:resolved)'])
    title = public()
    w = [public() for _ in range(7)]
    s = [secret() for _ in range(3)]

    def lines(one, two, days, team):
        return front(title, 'workflow') + [
            f'{w[0]} [{w[1]}]({one}.md) takes {days} days.', '', f'<!-- {s[0]} {days} -->', '',
            f'## {w[2]}', '', f'Go through [{w[3]}]({two}.md) in {{{{{VARIABLE[0]}}}}}.', '',
            '> [!AGENTS]', f'> [{s[1]}]({hidden[2]}.md) {days} days', '',
            f'- [{w[4]}](kb:resolved)', f'- [{w[5]}]({one}.md)',
            f'- [{w[6]}](kb:escalate/{team})', '', '  > [!AGENTS]', f'  > {s[2]} {days} days']
    d.put(f'en/workflows/d{number}.md', lines(hidden[0], hidden[1], 5, TEAMS[0]),
          lines(hidden[1], hidden[0], 14, TEAMS[1]))
    return d


def replaced(number, rng):
    """A variant for all of a general document for agents."""
    d = words.now = Document(number, rng)
    d.cell = ('replaced', '', '', '')
    name = secret().lower()
    d.put(f'en/articles/{name}.md', front(secret(), audience='agents') + [secret()])
    d.put(f'en/articles/d{number}.md', front(public(), variant_of=f'articles/{name}',
          regions='[AT]', issues='[open, closed.hidden]') + [public()])
    return d


def feedback(number, rng, about):
    """An open report on a document, which nobody of the public must see."""
    d = words.now = Document(number, rng)
    d.cell = ('feedback', '', '', '')
    locale, _, rest = rng.choice(list(about.files)).partition('/')
    lines = [f'document: {rest[:-3]}' if locale in ('en', 'de') else 'issue: open']
    kind = rng.choice(['wrong', 'outdated', 'unclear', 'missing', 'suggestion'])
    lines += [f'locale: {rng.choice(["en", "de"])}', f'kind: {kind}',
              f'text: {secret()}', f'reporter: {rng.choice(["anna", "customer", secret()])}',
              'created: 2026-11-01', f'status: {rng.choice(["open", "accepted", "done"])}',
              f'note: {secret()}']
    d.put(f'feedback/{secret()}.yaml', lines, lines)
    return d


SETTINGS = '''name: Help
base_url: https://help.example.org
locales: [en, de, de-AT]
audiences: [public, partners, agents]
regions: {{AT: Austria}}
variables:
  word: Word
  hidden: {0}
  {2}: {3}
contact: [{{channel: phone, label: Call, number: '+43 1 1'}}]
redirects: {{/{1}: articles/hidden}}
edit_url: 'https://git.example.org/{{path}}'
content:
  - {{path: '{{locale}}/articles', type: article}}
  - {{path: '{{locale}}/workflows', type: workflow}}
  - {{path: '{{locale}}/replies', type: reply}}
  - {{path: '{{locale}}/reference', type: reference}}
  - {{path: '{{locale}}/snippets', type: snippet}}
  - {{path: help, type: article, locale: en, defaults: {{owner: anna}}}}
'''


def settings(rng):
    """What all documents share, as one document."""
    d = words.now = Document(0, rng)
    s = secret
    d.cell = ('settings', '', '', '')
    VARIABLE[:], TEAMS[:] = [s().lower()], [s().lower(), s().lower()]
    values = [s(), s(), VARIABLE[0], public()]
    d.put('kb.yaml', SETTINGS.format(*values).split('\n'), SETTINGS.format(
        values[0] + ' 14', values[1], values[2], values[3] + ' 14').split('\n'))
    people = [f'anna: {{name: {s()}, email: {s()}@example.org, contact: {s()}, hours: {s()}}}']
    people += [f'{team}: {{name: {s()}, email: {s()}@example.org, members: [anna], '
               f'hours: {s()}}}' for team in TEAMS]
    d.put('people.yaml', people, people)
    # An issue without documents is a gap, which 'kb link' shows.
    issues = [
        'issues:', '  - id: open', f'    label: {public()}', '    owner: anna', '    tier: 3',
        f'    keywords: {{en: [keyword{s()}]}}', f'    examples: {{en: [example{s()}]}}',
        '    children:',
        f'      - {{id: open.{s()}, label: {s()}, description: {s()}, audience: agents}}',
        f'      - {{id: open.gap, label: Gap}}',
        f'      - {{id: open.known, label: {public()}, owner: {TEAMS[0]}}}',
        f'  - {{id: closed, label: {s()}, audience: agents, children: [{{id: closed.hidden, '
        f'label: {s()}}}]}}',
        f'  - id: {s()}', f'    label: {{en: {s()}, de: {s()}}}', f'    description: {s()}',
        '    audience: partners', f'    aliases: [{s()}]', f'    keywords: {{en: [{s()}]}}',
        '    children:', f'      - {{id: below, label: {public()}, audience: public}}']
    d.put('taxonomy.yaml', issues, issues)
    d.put('en/articles/open.md', front(public(), issues='[open, open.known, below]') +
          [public(), '', f'{{{{{VARIABLE[0]}}}}}', '', '{{> open}}'])
    d.put('en/articles/hidden.md', front(s(), audience='agents') + [s()])
    d.put('en/snippets/open.md', front(s(), 'snippet') + [public()])
    d.put('en/snippets/hidden.md', front(s(), 'snippet', audience='agents') + [s()])
    d.put('search-tests.yaml', [f'- {{query: {s()}, locale: en, first: articles/open}}'])
    d.put('feedback/1.yaml', ['document: articles/open', 'kind: wrong', f'text: {s()}'])
    return d


rng_images = random.Random(0)
VARIABLE, TEAMS = [], []


def generate(count, seed):
    rng = random.Random(seed)
    rng_images.seed(seed)
    docs = [settings(rng)]
    marks = RIGHT * 8 + WRONG
    cells = itertools.cycle(rng.sample(marks, len(marks)))
    places = list(PLACES)
    while len(docs) < count:
        number = len(docs)
        if number % 20 == 2:
            docs.append(feedback(number, rng, rng.choice(docs[-2:])))
        elif number % 20 == 0:
            docs.append(hidden_document(number, rng))
        elif number % 20 == 1:
            docs.append(rng.choice([process, replaced])(number, rng))
        else:
            docs.append(block_document(number, rng, next(cells), rng.choice(places)))
    return docs


def write(root, docs, before):
    for d in docs:
        for path, text in (d.before if before else d.files).items():
            full = os.path.join(root, path)
            os.makedirs(os.path.dirname(full), exist_ok=True)
            with open(full, 'w', encoding='utf-8', newline='') as f:
                f.write(text)
    for folder in ('img', 'files'):
        os.makedirs(os.path.join(root, 'en', folder), exist_ok=True)
        for name in images + ['open.png']:
            with open(os.path.join(root, 'en', folder, name), 'wb') as f:
                f.write(b'\x89PNG ' + name.encode())


class Found:
    def __init__(self):
        self.leaks = collections.defaultdict(set)
        self.seen = set()

    def search(self, text, where):
        for kind, number in WORD.findall(text):
            if kind.lower() == 'secret':
                self.leaks[int(number)].add(where)
            else:
                self.seen.add(int(number))


def spellings(data):
    """A text as it is, and without what HTML, URLs and e-mail make of it."""
    text = data.decode('utf-8', 'replace')
    yield text
    if '%' in text:
        yield urllib.parse.unquote(text)
    if '&' in text:
        yield html.unescape(text)


class Run:
    def __init__(self, root):
        self.root = root
        self.env = dict(os.environ, SOURCE_DATE_EPOCH='1795564800', TZ='UTC', LC_ALL='C.UTF-8',
                        HOME=root + '.home', GIT_CONFIG_NOSYSTEM='1',
                        GIT_AUTHOR_NAME='t', GIT_AUTHOR_EMAIL='t@example.org',
                        GIT_COMMITTER_NAME='t', GIT_COMMITTER_EMAIL='t@example.org')
        self.time = 1795500000
        os.makedirs(self.env['HOME'], exist_ok=True)

    def run(self, *args, ok=(0, 1), stdin=None):
        done = subprocess.run(args, cwd=self.root, env=self.env, input=stdin,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if done.returncode not in ok:
            sys.exit(f'leak.py: status {done.returncode} of {" ".join(args)}\n' +
                     done.stderr.decode('utf-8', 'replace')[-2000:])
        return done

    def commit(self, *messages):
        """A minute after the one before."""
        self.time += 60
        self.env['GIT_AUTHOR_DATE'] = self.env['GIT_COMMITTER_DATE'] = f'{self.time} +0000'
        self.git('add', '-A')
        self.git('commit', '-q', *(word for m in messages for word in ('-m', m)))

    def kb(self, *args, **more):
        return self.run(KB, *args, **more)

    def git(self, *args):
        return self.run('git', '-c', 'core.autocrlf=false', '-c', 'safe.directory=*', *args,
                        ok=(0,))


def index_words(text):
    """The words of a part of the search index, each whole (kb/search_export.h)."""
    at, word = 0, ''

    def number():
        nonlocal at
        c = ord(text[at])
        at += 1
        return c - (36 if c > 92 else 35) if c < 0x800 else (c - 0x800) * 1024 + number()

    def take(n):
        nonlocal at
        at += n
        return text[at - n:at]

    while at < len(text):
        shared = number()
        word = word[:shared] + take(number())
        yield word
        flags = number()
        if flags & 2:
            take(10)
            continue
        for _ in range(flags >> 2):
            by = number()
            number()
            if by & 1:
                number()


def index_endings(text):
    """Of a part of endings, the words."""
    at, word = 0, ''
    while at < len(text):
        shared, more = ord(text[at]), ord(text[at + 1])
        shared, more = (n - (36 if n > 92 else 35) for n in (shared, more))
        word = word[:shared] + text[at + 2:at + 2 + more]
        at += 2 + more
        yield word[::-1]


def search_index(found, folder):
    """The index of a site. Keywords of issues are in it, since they are searched."""
    for root in glob.glob(os.path.join(folder, 'search', '*.js')):
        with open(root, encoding='utf-8') as f:
            shards = json.loads(f.read().strip()[7:-1].split(',', 1)[1])
        for shard in shards:
            for kind, words_of in (('words', index_words), ('endings', index_endings)):
                for name in shard[kind][1::2]:
                    path = os.path.join(folder, 'search', shard['locale'], name + '.js')
                    with open(path, encoding='utf-8') as f:
                        text = f.read().strip()[21:-2]
                    for word in words_of(text):
                        if not word.startswith('keyword'):
                            found.search(word, f'the {kind} of the search index')


def search_folder(found, folder):
    search_index(found, folder)
    for base, _, files in os.walk(folder):
        for name in files:
            path = os.path.join(base, name)
            found.search(os.path.relpath(path, folder), 'the name of a file')
            with open(path, 'rb') as f:
                data = f.read()
            where = os.path.splitext(name)[1] or name
            if data.startswith(b'kbPart("') and data[18:21] == b'","':
                continue
            for text in spellings(data):
                found.search(text, f'a site\'s {where} file')


def search_output(found, done, name):
    for data in (done.stdout, done.stderr):
        for text in spellings(data):
            found.search(text, name)


def search_mail(found, done, name):
    message = email.message_from_bytes(done.stdout, policy=email.policy.default)
    for part in message.walk():
        for value in part.values():
            found.search(str(value), name)
        if not part.is_multipart():
            found.search(part.get_payload(decode=True).decode('utf-8', 'replace'), name)


def check_commands(run, found, rng, limit):
    """Every command that takes --audience, in each of its formats."""
    public_only = ('--audience', 'public')
    search_mail(found, run.kb('changes', '--since', 'base', *public_only, '--format', 'email',
                              '--from', 'a@example.org', '--to', 'b@example.org'),
                'changes --format email')
    for form in ('text', 'markdown', 'html', 'atom', 'json'):
        search_output(found, run.kb('changes', '--since', 'base', *public_only,
                                    '--format', form), f'changes --format {form}')
    for form in ('text', 'json'):
        for issue in ('open', 'open.known', 'below', 'opne'):
            for channel in ((), ('--channel', 'chat')) if issue == 'open' else ((),):
                search_output(found, run.kb('case', issue, *public_only, *channel, '--format',
                                            form, ok=(0, 1, 2)), f'case --format {form}')
        search_output(found, run.kb('case', '--text', 'word open', *public_only, '--format',
                                    form), f'case --text --format {form}')
        for query in ('word', 'open'):
            for locale in ('en', 'de-AT'):
                search_output(found, run.kb('find', query, *public_only, '-n', '100000',
                                            '--locale', locale, '--format', form),
                              f'find --format {form}')
    for form in ('text', 'markdown', 'html', 'json', 'csv'):
        search_output(found, run.kb('link', *public_only, '--format', form, ok=(0, 1, 2)),
                      f'link --format {form}')
    hidden = [n for n, (kind, _) in enumerate(words.owner) if kind == 'SECRET']
    for number in rng.sample(hidden, min(limit, len(hidden))):
        done = run.kb('find', f'SECRETx{number}', *public_only, '--format', 'json')
        paths = {hit['path'] for hit in json.loads(done.stdout)['hits']}
        if paths & set(words.owner[number][1].files):
            found.leaks[number].add('what is found')


NEWS_FILES = 56  # what a site looks at for news


def edit(root, run, docs, rng):
    """Small commits: texts, titles and snippets change, blocks for agents are added, and
    documents for agents come and go."""
    left = NEWS_FILES
    while left > 8:
        d = words.now = rng.choice(docs[1:])
        if len(d.files) > left or d.cell[0] == 'feedback':
            continue
        hidden = d.cell[0] == 'document'
        d.edited = not getattr(d, 'edited', False)
        texts = dict(d.before if d.edited else d.files)
        for path in texts:
            if not hidden and rng.random() < 0.4 and not re.search('```|<', texts[path]):
                texts[path] = f'{texts[path].rstrip()}\n\n> [!AGENTS]\n> {secret()} 14 days\n'
            with open(os.path.join(root, path), 'w', encoding='utf-8', newline='') as f:
                f.write(texts[path])
        left -= len(texts)
        if rng.random() < 0.5:
            run.commit(f'Edit {secret()}')
    name = secret().lower()
    path = os.path.join(root, 'en', 'articles', f'{name}.md')
    with open(path, 'w', encoding='utf-8') as f:
        f.write('\n'.join(front(secret(), audience='agents') + [secret(), '']))
    run.commit(f'Add {secret()}', f'Notice: {secret()}')
    os.unlink(path)
    run.commit(f'Delete {secret()}', f'Notice: {secret()}')


def must_show(folder, kind):
    """Words of a kind are in a site's news."""
    for path in glob.glob(os.path.join(folder, 'en', 'changes', '*.html')):
        with open(path, encoding='utf-8') as f:
            if any(k.lower() == kind for k, _ in WORD.findall(f.read())):
                return
    sys.exit(f'leak.py: {folder} shows no news')


def check_news(run, found, docs, rng, out, rounds):
    since = run.git('rev-parse', 'HEAD').stdout.decode().strip()
    for _ in range(rounds):
        edit(run.root, run, docs, rng)
        run.kb('publish', '-q', '--allow-broken', '--out', out)
        search_folder(found, out)
        must_show(out, 'public')
    for form in ('text', 'markdown', 'html', 'atom', 'json'):
        search_output(found, run.kb('changes', '--since', since, '--audience', 'public',
                                    '--format', form), f'changes --format {form}')


def findings(run):
    """The lines of each file that findings are about."""
    lines = collections.defaultdict(set)
    report = json.loads(run.kb('validate', '--format', 'json').stdout)
    for f in report['findings']:
        lines[f['path']].update(range(f.get('line', 1), f.get('end_line', f.get('line', 1)) + 1))
        lines[f['path']].add(f['severity'])
    return lines


def lost_words(docs, found, about):
    """Words that must be public and are on no page, nor in the lines of a finding."""
    for d in docs:
        if d.cell[2] == 'answers':  # a page shows the first paragraph of an answer
            continue
        told = any('error' in about[p] or 'warning' in about[p] for p in d.files)
        for path, text in d.files.items():
            for at, line in enumerate(re.split(r'\r\n|\n', text), 1):
                for kind, number in WORD.findall(line):
                    kind, number = kind.upper(), int(number)
                    if kind == 'SECRET' or number in found.seen or at in about[path] or (
                            kind == 'MAYBE' and told):
                        continue
                    yield number, 'on no page, and no finding says so'


def unread_words(docs, agents):
    """Blocks that are as they should be, of which agents find nothing."""
    for d in docs:
        hidden = [int(n) for text in d.files.values()
                  for n in re.findall(r'SECRETx(\d+)', text)]
        if d.right and d.cell[3] != 'below' and not any(
                n in agents.leaks for n in hidden):
            yield hidden[0], 'a block that agents do not find'


def check(root, docs, seed, limit):
    run = Run(root)
    found, agents = Found(), Found()
    run.git('init', '-q', '-b', 'main', '.')
    for name, before in (('base', True), ('now', False)):
        write(root, docs, before)
        run.commit(name)
        run.git('tag', name)
    out = root + '.site'
    run.kb('publish', '-q', '--allow-broken', '--out', out)
    search_folder(found, out)
    lost = list(lost_words(docs, found, findings(run)))
    check_commands(run, found, random.Random(seed), limit)
    check_news(run, found, docs, random.Random(seed), out, max(4, len(docs) // 3000))
    run.kb('publish', '-q', '--allow-broken', '--audience', 'agents', '--out', out + '.agents')
    search_folder(agents, out + '.agents')
    must_show(out + '.agents', 'secret')
    if not any(words.owner[n][1].cell[0] == 'feedback' for n in agents.leaks):
        sys.exit('leak.py: agents see no feedback')
    return found, lost + list(unread_words(docs, agents))


def report(docs, troubles, title):
    """By cause, the shortest document of each."""
    causes = collections.defaultdict(list)
    for number, why in troubles:
        d = words.owner[number][1]
        causes[why].append((d.size(), d.number, number, d))
    for why, items in sorted(causes.items(), key=lambda c: -len(c[1])):
        size, _, number, d = min(items, key=lambda i: i[:3])
        documents = len({i[1] for i in items})
        print(f'\n{title}: {len(items)} words of {documents} documents: {why}')
        print(f'shortest ({" / ".join(map(repr, d.cell))}), word {number}:')
        for path, text in d.files.items():
            if len(d.files) < 4 or re.search(rf'x{number}\b', text):
                print(f'--- {path}\n' + text.replace('\r', '\u240d'))
    return len(causes)


def cells(troubles):
    for column, name in enumerate(('mark', 'shape', 'place', 'tail')):
        count = collections.Counter(words.owner[n][1].cell[column] for n, _ in troubles)
        print(f'by {name}:', ', '.join(f'{k!r} {v}' for k, v in count.most_common(12)))


def main():
    options = argparse.ArgumentParser()
    options.add_argument('--documents', type=int, default=20000)
    options.add_argument('--seed', type=int, default=1)
    options.add_argument('--keep')
    options.add_argument('--verbose', action='store_true')
    options = options.parse_args()
    global KB
    KB = os.path.abspath(KB)
    top_folder = options.keep or tempfile.mkdtemp(prefix='kb-leak-')
    shutil.rmtree(top_folder, ignore_errors=True)
    root = os.path.join(top_folder, 'content')
    os.makedirs(root)
    try:
        docs = generate(options.documents, options.seed)
        found, lost = check(root, docs, options.seed, 10)
    finally:
        if not options.keep:
            shutil.rmtree(top_folder, ignore_errors=True)
    leaks = [(n, where) for n, places in found.leaks.items() for where in sorted(places)]
    bad = report(docs, leaks, 'LEAK') + report(docs, lost, 'LOST')
    if bad:
        cells(leaks + lost)
    if options.verbose:
        for n, places in sorted(found.leaks.items()):
            print('#', n, words.owner[n][1].number, words.owner[n][1].cell, '|'.join(sorted(places)))
    count = collections.Counter(kind for kind, _ in words.owner)
    print(f'{len(docs)} documents, seed {options.seed}: {count["SECRET"]} secret words, '
          f'{len({n for n, _ in leaks})} leaked; {count["PUBLIC"]} public words, '
          f'{len({n for n, _ in lost})} lost')
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())
