#!/usr/bin/env python3
"""Which of a table's messages kb takes for the right issue.

usage: tests/tools/messages.py KB TABLE.csv FIRST THREE

TABLE has the columns 'locale', 'message' and 'issues' (any of which is right). Fails, with
the messages that went wrong, unless the share that comes first and the share that is among
the first three reach FIRST and THREE (per cent) in each locale.
"""
import collections
import csv
import io
import json
import subprocess
import sys


def suggest(kb, locale, messages):
    table = io.StringIO()
    csv.writer(table).writerows([['message']] + [[m] for m in messages])
    ran = subprocess.run([kb, 'link', 'suggest', '--column', 'message', '--locale', locale, '--format',
                          'json', '-'], input=table.getvalue(), capture_output=True, text=True, check=True)
    return json.loads(ran.stdout)['suggestions']


def main():
    kb, path, first, three = sys.argv[1], sys.argv[2], float(sys.argv[3]), float(sys.argv[4])
    locales = collections.defaultdict(list)
    with open(path, encoding='utf-8') as table:
        for row in csv.DictReader(table):
            locales[row['locale']].append((row['message'], row['issues'].split()))
    failed = False
    for locale, rows in locales.items():
        at = []
        for (message, right), said in zip(rows, suggest(kb, locale, [m for m, _ in rows]), strict=True):
            issues = [i['issue'] for i in said['issues']]
            at.append(min((issues.index(i) for i in right if i in issues), default=9))
            if at[-1]:
                print(f'  {locale} "{message}": {said["certainty"]}', *(
                    f'{i["issue"]} {100 * i["score"]:.0f} % {i["words"]}' for i in said['issues']), sep='\n    ')
        n = len(at)
        print(f'{locale}: {at.count(0)} of {n} first, {sum(i < 3 for i in at)} among the first three')
        failed = failed or 100 * at.count(0) < first * n or 100 * sum(i < 3 for i in at) < three * n
    sys.exit(failed)


main()
