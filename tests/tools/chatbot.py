#!/usr/bin/env python3
"""Asks a site's data what a chatbot must know, and compares it with the right answers.

usage: chatbot.py AGENTS PUBLIC REVISION. The example as published on 2026-12-01 for
agents with drafts and for the public; REVISION is Git's id of hu/articles/care/descale.md.
It reads only files below api/v1/, from index.json along the addresses given there.
"""
import json
import pathlib
import sys

TODAY = '2026-12-01'


class Bot:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.index = self.get('api/v1/index.json')

    def get(self, address):
        assert address.startswith('api/v1/') and '..' not in address, address
        data = json.loads((self.folder / address).read_text(encoding='utf-8'))
        assert data['version'] == 1, f'{address}: version {data["version"]}'
        return data

    def list(self, name):
        return self.get(self.index['files'][name])[name]

    def issue(self, name, locale):
        issue, = [it for it in self.list('issues') if it['id'] == name]
        return self.get(issue['data'][locale])

    def document(self, name, locale):
        found, = [it for it in self.list('documents')
                  if (it['id'], it['locale']) == (name, locale)]
        return self.get(found['data'])

    def answer(self, name, locale, today=TODAY, region=None, other_language=False):
        """May the bot answer from it? The checks of docs/api.md, in their order."""
        it = self.document(name, locale)
        if it['status'] != 'published':
            return it['status']
        if 'reviewed' not in it or today > it.get('next_review', '9999'):
            return 'not verified'
        if it.get('expires', '9999') <= f'{today}T00:00:00Z':
            return 'expired'
        if it['fallback'] and not other_language:
            return 'other language'
        if region and region not in it.get('regions', [region]):
            return 'other region'
        return 'yes'

    def next(self, name, locale, step, answer):
        flow = self.get(self.document(name, locale)['workflow'])
        step, = [it for it in flow['steps'] if it['id'] == step]
        found, = [it for it in step['answers'] if it.get('answer') == answer]
        return [found[key] for key in ('kind', 'workflow', 'step', 'team') if key in found]


def questions(agents, public, revision):
    replies = {(it['id'], it['locale']): it for it in agents.list('replies')}
    reply = replies['trace-opened', 'de']
    descale = agents.document('descale', 'de-AT')
    flow = agents.get(agents.document('parcel-missing', 'en')['workflow'])
    missing = agents.issue('delivery.missing', 'hu')

    yield ('which language do readers of de-AT get if there is no text in theirs?',
           [it.get('fallback') for it in agents.index['locales'] if it['code'] == 'de-AT'],
           ['de'])
    yield ('which workflow is for a missing parcel, in Hungarian?',
           [(it['id'], it['title'], it['given']) for it in missing['workflows']],
           [('parcel-missing', 'Nem érkezett meg a csomag', 'hu')])
    yield ('where in the tree is that issue?',
           [it['label'] for it in missing['issue']['path']], ['Kiszállítás', 'Eltűnt csomag'])
    yield ('which issues are below it?',
           [it['id'] for it in agents.list('issues') if it.get('parent') == 'delivery.missing'],
           ['delivery.missing.delivered', 'delivery.missing.silent'])
    yield ('may it answer from a reviewed text?', agents.answer('descale', 'de'), 'yes')
    yield ('on the last day of the review, and on the day after it?',
           [agents.answer('descale', 'de', day) for day in ('2027-03-07', '2027-03-08')],
           ['yes', 'not verified'])
    yield ('may it answer if the review is overdue?',
           agents.answer('leak', 'en'), 'not verified')
    yield ('and if nobody ever reviewed it?',
           public.answer('recycle-machine', 'en'), 'not verified')
    yield ('is the text on Christmas valid now, and in a later year?',
           [public.answer('christmas-delivery', 'en', day) for day in (TODAY, '2027-01-17')],
           ['yes', 'expired'])
    yield ('is a draft marked, and is it only where it was asked for?',
           [agents.answer('plant-milk', 'en'),
            sum(it['id'] == 'plant-milk' for it in public.list('documents'))], ['draft', 0])
    yield ('is an archived text marked?', public.answer('morgenau-app', 'de'), 'archived')
    yield ('which language did a reader of de-AT get?',
           [descale['locale'], descale['given'], descale['fallback'],
            agents.answer('descale', 'de-AT'),
            agents.answer('descale', 'de-AT', other_language=True)],
           ['de-AT', 'de', True, 'other language', 'yes'])
    yield ('does it hold in the region of the reader?',
           [public.answer('return-hungary', 'en', region=region) for region in ('HU', 'DE')],
           ['yes', 'other region'])
    yield ('what does the reply say in chat, in German?',
           [it['text'] for it in reply['texts'] if it.get('channel') == 'chat'],
           ['Ich habe zu {{order_number}} bei {{carrier}} eine Nachforschung gestartet, '
            '{{customer_name}}. Bis {{answer_day}} hören Sie von uns, unabhängig vom '
            'Ergebnis. Ist das Paket verloren, wählen Sie: ein neues oder Ihr Geld zurück.'])
    yield ('what must be filled in, and with what?',
           [(it['name'], it['required'], it.get('values')) for it in reply['placeholders']],
           [('customer_name', True, None), ('order_number', True, None),
            ('carrier', True, ['Paketwerk', 'Alpenbote', 'Futárháló']),
            ('answer_day', True, None)])
    yield ('where does the workflow start?', flow['steps'][0]['id'], 'last-scan')
    yield ('what comes after "Tracking says delivered"?',
           agents.next('parcel-missing', 'en', 'last-scan', 'Tracking says delivered'),
           ['step', 'neighbors'])
    yield ('to whom does it go if the proof does not fit?',
           agents.next('parcel-missing', 'en', 'proof', 'The proof does not fit the customer'),
           ['escalate', 'logistics'])
    yield ('which workflow goes on if the customer wants the money, in Hungarian?',
           agents.next('parcel-missing', 'hu', 'choice', 'Vissza a pénzt'),
           ['workflow', 'refund-case', 'approve'])
    yield ('what does it cite to a Hungarian reader?',
           [public.document('descale', 'hu')[key] for key in ('address', 'url')],
           ['hu/articles/care/vizkotelenites/',
            'https://help.morgenau.example/hu/articles/care/vizkotelenites/'])
    yield ('which sections can it link to?',
           [(it.get('id'), it.get('title'))
            for it in public.document('descale', 'en')['sections']],
           [(None, None), ('descale-aurora-alba', 'Aurora and Alba'),
            ('descale-filtra', 'Filtra'), ('e05-stays', 'E05 does not go away')])
    yield ('what is in the public text of a section, without the part for agents?',
           ['flow meter' in it['text']
            for bot in (agents, public) for it in bot.document('descale', 'en')['sections']
            if it.get('id') == 'e05-stays'], [True, False])
    yield ('whom does it tell that the text is wrong, and does the public know?',
           [descale['owner'], 'owner' in public.document('descale', 'de-AT')],
           [{'id': 'katharina-gruber', 'name': 'Katharina Gruber',
             'contact': 'katharina.gruber@morgenau.example'}, False])
    yield ('which text exactly was the answer from?',
           [it['revision'] for it in public.list('documents')
            if (it['id'], it['locale']) == ('descale', 'hu')]
           + [public.document('descale', 'hu')['revision']], [revision, revision])
    yield ('for whom are the sites, and is there a workflow for the public?',
           [agents.index['audience'], public.index['audience'],
            sum(it['type'] == 'workflow' for it in public.list('documents'))],
           ['agents', 'public', 0])


def main():
    failed = 0
    for question, got, right in questions(Bot(sys.argv[1]), Bot(sys.argv[2]), sys.argv[3]):
        if got != right:
            failed += 1
            print(f'{question}\n  got:   {got}\n  right: {right}')
    return 1 if failed else 0


sys.exit(main())
