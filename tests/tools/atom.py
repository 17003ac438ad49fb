#!/usr/bin/env python3
"""Checks Atom feeds by the rules of RFC 4287. usage: atom.py FILE..."""
import re
import sys
import xml.etree.ElementTree as ET

ATOM = '{http://www.w3.org/2005/Atom}'
TIME = re.compile(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$')
IRI = re.compile(r'[a-z][a-z0-9+.-]*:\S+$')
ONCE = {'feed': ['id', 'title', 'updated'], 'entry': ['id', 'title', 'updated']}
KNOWN = {'feed': {'author', 'category', 'id', 'link', 'title', 'updated', 'entry'},
         'entry': {'author', 'category', 'id', 'link', 'summary', 'title', 'updated'}}


def check(element, name, wrong):
    children = [child.tag.replace(ATOM, '') for child in element]
    for once in ONCE[name]:
        if children.count(once) != 1:
            wrong(f'{name} has {children.count(once)} {once}')
    for child in set(children) - KNOWN[name]:
        wrong(f'{name} has {child}')
    if not IRI.match(element.findtext(ATOM + 'id') or ''):
        wrong(f'id {element.findtext(ATOM + "id")}')
    if not TIME.match(element.findtext(ATOM + 'updated') or ''):
        wrong(f'updated {element.findtext(ATOM + "updated")}')
    if not (element.findtext(ATOM + 'title') or '').strip():
        wrong(f'{name} without a title')
    kinds = [(link.get('rel'), link.get('type'), link.get('hreflang'))
             for link in element.findall(ATOM + 'link') if link.get('rel') == 'alternate']
    if len(kinds) != len(set(kinds)) or not kinds:
        wrong(f'{name} has alternates {kinds}')
    for link in element.findall(ATOM + 'link'):
        if not link.get('href'):
            wrong('link without href')
    for category in element.findall(ATOM + 'category'):
        if not category.get('term'):
            wrong('category without term')


def check_file(path):
    faults = []
    feed = ET.parse(path).getroot()
    if feed.tag != ATOM + 'feed':
        faults.append(f'root {feed.tag}')
    check(feed, 'feed', faults.append)
    if not (feed.findtext(f'{ATOM}author/{ATOM}name') or '').strip():
        faults.append('no author')
    entries = feed.findall(ATOM + 'entry')
    for entry in entries:
        check(entry, 'entry', faults.append)
    times = [entry.findtext(ATOM + 'updated') for entry in entries]
    if times != sorted(times, reverse=True):
        faults.append('not newest first')
    if times and feed.findtext(ATOM + 'updated') != times[0]:
        faults.append('the feed is not updated with its newest entry')
    keys = [(entry.findtext(ATOM + 'id')) for entry in entries]
    if len(keys) != len(set(keys)):
        faults.append('two entries have the same id')
    return faults


found = [f'{path}: {fault}' for path in sys.argv[1:] for fault in check_file(path)]
print('\n'.join(found))
sys.exit(1 if found or len(sys.argv) < 2 else 0)
