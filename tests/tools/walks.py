#!/usr/bin/env python3
"""Goes to every end of every workflow with kb case --walk, through a pseudo-terminal.

usage: tests/tools/walks.py KB LOCALE [ISSUE...]

The paths are the shortest ones that 'kb case --format json' tells, and so are the notes
that each walk must print.
"""
import json
import os
import pty
import subprocess
import sys
import threading

ENDS = {'resolved': 'Outcome: resolved', 'closed': 'Outcome: closed without a solution',
        'waiting': 'Outcome: waiting for the customer or a third party',
        'escalate': 'Outcome: escalated to ', 'workflow': 'Outcome: not finished, at '}


def drain(terminal):
    try:
        while os.read(terminal, 65536):
            pass
    except OSError:
        pass  # the other side is closed


def typed(command, keys):
    """The note that is printed when the keys are typed at a terminal, and the status."""
    terminal, side = pty.openpty()
    os.write(terminal, ''.join(key + '\n' for key in keys).encode())
    reader = threading.Thread(target=drain, args=(terminal,))
    reader.start()
    done = subprocess.run(command, stdin=side, stderr=side, stdout=subprocess.PIPE, text=True,
                          check=False, timeout=60)
    os.close(side)
    reader.join()
    os.close(terminal)
    return done.stdout.splitlines(), done.returncode


def ends(workflow):
    """For each answer that ends the workflow: the shortest list of (step, number, answer)."""
    steps = {step['id']: step for step in workflow['steps']}
    ids = [step['id'] for step in workflow['steps']]
    todo, seen = [(ids[0], [])], {ids[0]}
    for at, path in todo:
        for number, answer in enumerate(steps[at]['answers'], 1):
            taken = path + [(steps[at]['title'], number, answer)]
            following = answer.get('step') if answer['kind'] in ('step', 'next') else None
            if not following:
                yield taken
            elif following not in seen:
                seen.add(following)
                todo.append((following, taken))


def wanted(path):
    lines = [f'{n}. {title}' + (': ' + answer['answer'] if 'answer' in answer else '')
             for n, (title, _, answer) in enumerate(path, 1)]
    return lines + [ENDS[path[-1][2]['kind']]]


def main():
    kb, locale, issues = os.path.abspath(sys.argv[1]), sys.argv[2], sys.argv[3:]
    walks = wrong = 0
    for issue in issues:
        case = [kb, 'case', issue, '--locale', locale]
        found = json.loads(subprocess.run(case + ['--format', 'json'], capture_output=True,
                                          text=True, check=False).stdout)['workflows']
        for place, workflow in enumerate(found, 1):
            choice = [str(place)] if len(found) > 1 else []
            for path in ends(workflow):
                handed = path[-1][2]['kind'] == 'workflow'
                keys = choice + [str(number) for _, number, _ in path] + ['q'] * handed
                note, status = typed(case + ['--walk'], keys)
                if handed:  # the other workflow's name stands before the outcome
                    note = [line for line in note if not line.startswith('→ ')]
                lines = [f'{workflow["title"]} ({workflow["id"]})'] + wanted(path)
                walks += 1
                if status != handed or len(note) != len(lines) or not all(
                        have.startswith(want) for have, want in zip(note, lines)):
                    wrong += 1
                    print(f'{issue} {workflow["id"]} {keys}: status {status}, {note}, not {lines}')
    print(f'{walks} walks, {wrong} wrong')
    sys.exit(wrong > 0 or not walks)


main()
