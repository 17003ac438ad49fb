// The engine of search: finds in the parts that kb wrote what `kb find` finds in the index,
// in the same order. It knows nothing of pages. kb/search_export.h describes the parts;
// src/search and src/text of kb do the same, step by step.
'use strict';
globalThis.kbSearch = (() => {
  // Words

  const own = { ß: 'ss', ẞ: 'ss', æ: 'ae', Æ: 'ae', œ: 'oe', Œ: 'oe', ø: 'o', Ø: 'o', đ: 'd',
    Đ: 'd', ð: 'd', Ð: 'd', þ: 'th', Þ: 'th', ł: 'l', Ł: 'l', ħ: 'h', Ħ: 'h', ı: 'i', ŋ: 'n',
    Ŋ: 'n', ς: 'σ' };
  const folds = /[\u0080-\u058f\u1e00-\u1fff\uff10-\uff5a]/;
  const dropped = /[\u0300-\u036f\u0591-\u05c7\u064b-\u0655\u0640\u0670]/;
  const pairs = new RegExp('[\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3040-\u30ff' +
    '\u3130-\u318f\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff' +
    '\u{20000}-\u{3ffff}]', 'u');
  const letter = /[\p{L}\p{M}\p{N}]/u;
  const nothing = /[\u00ad\u200c\u200d\u2060]/;
  const kindOf = (c) => (c < '\u0080' ? (/[a-z0-9]/i.test(c) ? 'letter' : c === "'" ? 'join' : '')
    : nothing.test(c) ? 'nothing' : c === '\u2019' ? 'join' : pairs.test(c) ? 'pair'
      : letter.test(c) ? 'letter' : '');
  const foldOf = (c) => {
    if (c < '\u0080') return c.toLowerCase();
    if (!folds.test(c)) return dropped.test(c) ? '' : c;
    if (own[c]) return own[c];
    const bare = c.normalize('NFKD').replace(/[\u0300-\u036f]/g, '').toLowerCase();
    return [...bare].map((x) => own[x] || x).join('') || (dropped.test(c) ? '' : c);
  };
  const lowerOf = (c) => {
    const low = c < '\u0080' || folds.test(c) ? c.toLowerCase() : c;
    return [...low].length === 1 ? low : c;
  };

  // The words of a text: {from, to, lower, fold}.
  const wordsOf = (text) => {
    const out = [];
    let [lower, fold, count, from, to, joined] = ['', '', 0, 0, 0, false];
    const end = () => {
      if (fold) out.push({ from, to, lower, fold });
      [lower, fold, count, joined] = ['', '', 0, false];
    };
    const add = (c) => {
      lower += lowerOf(c);
      fold += foldOf(c);
    };
    const takePairs = (at) => {
      let [before, last, n] = [0, '', 0];
      while (at < text.length) {
        const c = String.fromCodePoint(text.codePointAt(at));
        const inside = kindOf(c) === 'pair';
        if (!inside && n !== 1) break;
        if (n) {
          [from, to] = [before, inside ? at + c.length : at];
          add(last);
          if (inside) add(c);
          end();
        }
        if (!inside) break;
        [before, last] = [at, c];
        n++;
        at += c.length;
      }
      if (n === 1 && at >= text.length) {
        [from, to] = [before, at];
        add(last);
        end();
      }
      return at;
    };
    for (let at = 0; at < text.length;) {
      const c = String.fromCodePoint(text.codePointAt(at));
      const kind = kindOf(c);
      if (kind === 'pair') {
        end();
        at = takePairs(at);
        continue;
      }
      if (kind === 'letter') {
        if (joined && count <= 2) end();
        if (!count) from = at;
        joined = false;
        if (count++ < 64) add(c);
        to = at + c.length;
      } else if (kind === 'join' && count && !joined) joined = true;
      else if (kind !== 'nothing') end();
      at += c.length;
    }
    end();
    return out;
  };

  // Keys, in which the forms of a word meet

  const vowel = (c) => !!c && 'aeiou'.includes(c);
  const isUmlaut = (s, i) => (s.length > 3 || !i) && !(i && (vowel(s[i - 1]) || s[i - 1] === 'q')) &&
    'aou'.includes(s[i]) && s[i + 1] === 'e';
  const umlauts = (s, change) => {
    let out = '';
    for (let i = 0; i < s.length; i++) {
      out += isUmlaut(s, i) ? change(s[i++]) : s[i];
    }
    return out;
  };
  const plain = (s) => /^[\0-\x7f]*$/.test(s);
  const german = (word) => {
    let s = umlauts(word, (c) => c);
    const cut = (n) => { s = s.slice(0, -n); };
    const at = (i) => s[s.length - i];
    if (s.length > 4 && at(1) === 's' && vowel(at(2))) cut(1);
    if (s.length > 4 && vowel(at(1))) cut(1);
    if (s.length > 5 && /(eln|ern|arn)$/.test(s)) cut(1);
    if (s.length > 6 && s.endsWith('inn')) cut(1);
    if (s.length > 5 && s.endsWith('et') && ('td'.includes(at(3)) ||
        (at(3) === 'n' && at(4) !== 'r' && !vowel(at(4))))) cut(2);
    if (s.length > 4 && at(1) === 't' && !vowel(at(2)) && (at(2) !== 's' || at(3) === 's') &&
        !(at(2) === 'h' && vowel(at(4)))) {
      cut(1);
      if (s.length > 5 && s.endsWith('ier')) cut(3);
      else if (s.length > 5 && s.endsWith('er')) cut(2);
    }
    return s;
  };
  const hungarian = (s) => {
    const ends = (pattern) => pattern.test(s);
    if (ends(/...(ban|ben|bol|rol|tol|nak|nek|val|vel|hoz|hez)$/)) s = s.slice(0, -3);
    else if (s.length > 3 && s.endsWith('t') && vowel(s[s.length - 2])) s = s.slice(0, -1);
    if (ends(/...(ak|ek|ok|on|en|av)$/)) s = s.slice(0, -2);
    while (s.length > 3 && vowel(s[s.length - 1])) s = s.slice(0, -1);
    if (s.length > 3 && s[s.length - 1] === s[s.length - 2]) s = s.slice(0, -1);
    if (s.length === 5 && 'oe'.includes(s[3]) && 'rlmg'.includes(s[4]) && !vowel(s[2]))
      s = s.slice(0, 3) + s[4];
    return s;
  };

  // LANGUAGE, its stemmer (or null) and its function words in one text, as kb wrote them.
  const stemmerOf = ([language, snowball, words] = ['', null, '']) => {
    const functions = new Set(words.split(' '));
    const known = new Map();
    const tooShort = (stem) => (language === 'hu'
      ? stem.length < 2 || (stem.length < 4 && vowel(stem[stem.length - 1])) : stem.length < 3);
    const keyOf = (written) => {
      const word = language === 'de' ? written.replace(/^zu(?=r(?:ü|ue|u)ck...)/u, '') : written;
      let stem = snowball ? snowball.stemWord(word) : word;
      if (snowball && tooShort(stem)) stem = word;
      const folded = (wordsOf(stem)[0] || { fold: '' }).fold;
      if (!plain(folded)) return folded;
      return (language === 'de' ? german(folded) : language === 'hu' ? hungarian(folded)
        : folded) || word;
    };
    const find = ({ lower, fold }) => {
      const bare = language === 'de' && plain(fold) ? umlauts(fold, (c) => c) : fold;
      if (fold && functions.has(bare)) return { keys: [bare], isFunction: true };
      const marked = language === 'de'
        ? umlauts(fold, (c) => ({ a: 'ä', o: 'ö', u: 'ü' })[c]) : fold;
      return { keys: [...new Set([keyOf(lower), keyOf(marked)])], isFunction: false };
    };
    return (word) => {
      if (!known.has(word.lower)) known.set(word.lower, find(word));
      return known.get(word.lower);
    };
  };

  // One typing error: a letter that is another, one more, one less, or two exchanged.
  const isNear = (x, y) => {
    let [a, b] = [[...x], [...y]];
    let from = 0;
    let to = 0;
    while (from < a.length && from < b.length && a[from] === b[from]) from++;
    while (to < a.length - from && to < b.length - from &&
      a[a.length - to - 1] === b[b.length - to - 1]) to++;
    [a, b] = [a.slice(from, a.length - to), b.slice(from, b.length - to)];
    return a.length + b.length > 0 && ((a.length <= 1 && b.length <= 1) ||
      (a.length === 2 && b.length === 2 && a[0] === b[1] && a[1] === b[0]));
  };

  // Parts

  const rank = (c) => (c >= 0xe000 ? c - 0x800 : c >= 0xd800 ? c + 0x2000 : c);
  // The order of characters, not of UTF-16 units.
  const compare = (a, b) => {
    let i = 0;
    while (i < a.length && i < b.length && a[i] === b[i]) i++;
    return i < a.length && i < b.length ? rank(a.charCodeAt(i)) - rank(b.charCodeAt(i))
      : a.length - b.length;
  };
  const reader = (text) => {
    let at = 0;
    const number = () => {
      const c = text.charCodeAt(at++);
      return c < 0x800 ? c - (c > 92 ? 36 : 35) : (c - 0x800) * 1024 + number();
    };
    const take = (n) => text.slice(at, at += n);
    return { number, take, more: () => at < text.length };
  };
  const takePostings = (read, n) => {
    const out = [];
    let doc = 0;
    for (let i = 0; i < n; i++) {
      const by = read.number();
      const posting = { doc: doc += by >> 1, weight: read.number() };
      if (by & 1) {
        const title = read.number();
        posting.at = Math.floor(title / 15);
        posting.length = title % 15 + 1;
      }
      out.push(posting);
    }
    return out;
  };
  const takeWords = (text) => {
    const read = reader(text);
    const out = [];
    for (let before = ''; read.more();) {
      const shared = read.number();
      before = before.slice(0, shared) + read.take(read.number());
      const flags = read.number();
      const entry = { text: before, isWord: !!(flags & 1), n: flags >> 2 };
      if (flags & 2) entry.name = read.take(10);
      else entry.postings = takePostings(read, entry.n);
      out.push(entry);
    }
    return out;
  };
  const takeEndings = (text) => {
    const read = reader(text);
    const out = [];
    for (let before = ''; read.more();) {
      const shared = read.number();
      before = before.slice(0, shared) + read.take(read.number());
      out.push({ text: before, isWord: true });
    }
    return out;
  };

  // What is in the words of a locale. LOAD(folder, name) promises a part's value.
  const openShard = (about, load, stemmer) => {
    const folder = `${about.locale}/`;
    const cache = new Map();
    const part = (list, i, take) => {
      const name = list[2 * i + 1];
      if (!cache.has(name)) cache.set(name, load(folder, name).then(take));
      return cache.get(name);
    };
    const place = (list, text) => {
      let [from, to] = [0, list.length / 2];
      while (to - from > 1) {
        const mid = (from + to) >> 1;
        if (compare(list[2 * mid], text) <= 0) from = mid;
        else to = mid;
      }
      return from;
    };
    const find = async (text) => {
      if (!about.words.length) return undefined;
      const entries = await part(about.words, place(about.words, text), takeWords);
      entries.by = entries.by || new Map(entries.map((entry) => [entry.text, entry]));
      return entries.by.get(text);
    };
    // Words that begin with PREFIX, at most MOST.
    const starting = async (list, take, prefix, most) => {
      const out = [];
      for (let i = place(list, prefix); 2 * i < list.length; i++) {
        if (compare(list[2 * i], prefix) > 0 && !list[2 * i].startsWith(prefix)) break;
        for (const entry of await part(list, i, take))
          if (entry.isWord && entry.text.startsWith(prefix) && out.push(entry.text) === most)
            return out;
      }
      return out;
    };
    const postings = async (entry) => {
      if (!entry.postings)
        entry.postings = takePostings(reader(await load(folder, entry.name)), entry.n);
      return entry.postings;
    };
    const records = about.records.filter((_, i) => !(i & 1)).map(Number);
    return { about, stemmer, find, postings,
      hidden: new Set(about.hidden), regional: new Set(about.regional),
      starting: (prefix, most) => starting(about.words, takeWords, prefix, most),
      ending: (suffix) => starting(about.endings, takeEndings, suffix, Infinity),
      record: async (doc) => {
        let i = records.length - 1;
        while (records[i] > doc) i--;
        return (await part(about.records, i, (value) => value))[doc - records[i]];
      } };
  };

  // Questions

  const FORMS = 100;
  const PART = 4;
  // What it counts if a document joins two words of the question, and if it parts one.
  const [JOINED, PARTED] = [0.8, 0.15];
  const TITLES = 15;
  const WORDS = 32;
  const steps = [1, 1.0905, 1.1892, 1.2968, 1.4142, 1.5422, 1.6818, 1.834];
  const values = Array.from({ length: 92 }, (_, weight) =>
    steps[(weight + 36) % 8] * 2 ** (Math.floor((weight + 36) / 8) - 8));
  const rarity = (n, having) =>
    Math.round(1024 * Math.log(1 + (Math.max(n - having, 0) + 0.5) / (having + 0.5))) / 1024;
  const letters = (s) => [...s].length;
  const backwards = (s) => [...s].reverse().join('');

  const add = async (shard, want, key, weight) => {
    if (want.keys.some((wanted) => wanted.key === key)) return true;
    const entry = await shard.find(key);
    if (!entry || !entry.n) return false;
    want.keys.push({ key, weight, entry });
    return true;
  };
  const group = (groups, nth, key) => {
    if (!groups.has(key)) groups.set(key, nth);
  };
  const addForm = async (asked, nth, fold, weight) => {
    for (const key of asked.shard.stemmer({ lower: fold, fold }).keys)
      await add(asked.shard, asked.wants[nth], key, weight);
    group(asked.groups, nth, fold);
  };
  const addPrefix = async (asked, nth, prefix, weight) => {
    for (const fold of await asked.shard.starting(prefix, FORMS))
      await addForm(asked, nth, fold, weight);
  };
  const nearForms = async (shard, fold) => {
    const all = [...fold];
    const n = Math.min(3, (all.length - 1) >> 1);
    const begin = await shard.starting(all.slice(0, n).join(''), Infinity);
    const end = await shard.ending(backwards(fold).slice(0, n));
    return [...new Set([...begin, ...end.map(backwards)])].filter((form) => isNear(form, fold))
      .sort(compare).slice(0, FORMS);
  };
  const know = async (asked, nth, word, functions) => {
    const { keys, isFunction } = asked.shard.stemmer(word);
    const want = asked.wants[nth] = { fold: word.fold, keys: [], known: false,
      skipped: isFunction && !functions, isExtra: !!word.parts };
    for (const key of keys) {
      if (!want.skipped && await add(asked.shard, want, key, 1)) want.known = true;
      group(asked.groups, nth, key);
    }
  };
  const widen = async (asked, nth, open) => {
    const want = asked.wants[nth];
    const n = letters(want.fold);
    if (want.skipped) return;
    if (n >= 5 || (open && n >= 3))
      await addPrefix(asked, nth, want.fold, want.known ? 0.3 : 0.55);
    if (!want.known && n > 7)
      await addPrefix(asked, nth, [...want.fold].slice(0, -2).join(''), 0.3);
  };
  const forgive = async (asked, nth) => {
    const want = asked.wants[nth];
    if (want.skipped || letters(want.fold) < 5 || hasDigit(want.fold)) return;
    want.near = await nearForms(asked.shard, want.fold);
    for (const form of want.near) await addForm(asked, nth, form, 0.5);
  };
  const isForm = async (shard, fold) => ((await shard.find(fold)) || {}).isWord;
  const isWritten = async (shards, fold) => {
    for (const shard of shards) if (await isForm(shard, fold)) return true;
    return false;
  };
  const isFunction = (shards, word) => shards.some((shard) => shard.stemmer(word).isFunction);
  const isKnown = async (shards, word) => {
    for (const shard of shards) for (const key of shard.stemmer(word).keys)
      if (((await shard.find(key)) || {}).n) return true;
    return false;
  };
  const hasDigit = (s) => /[0-9]/.test(s);
  // N words from the I-th on, joined, if one character is between each two.
  const joinFrom = (words, text, i, n) => {
    let both = words[i];
    for (const next of words.slice(i + 1, i + n)) {
      if (both.to >= next.from || [...text.slice(both.to, next.from)].length !== 1) return undefined;
      both = { ...both, to: next.to, lower: both.lower + next.lower, fold: both.fold + next.fold };
    }
    return both;
  };
  const isLetter = ({ fold }) => letters(fold) === 1 && !hasDigit(fold);
  const hasWord = (words, fold) => words.some((word) => word.fold === fold);
  const join = async (shards, words, text) => {
    for (let i = 1; i < words.length; i++) {
      const [x, y] = [words[i - 1], words[i]];
      if (isLetter(y)) continue;
      const isCode = isLetter(x) && /^[0-9]/.test(y.fold);
      const written = isFunction(shards, y) || await isWritten(shards, y.fold);
      if (written && !isCode && (isFunction(shards, x) || await isWritten(shards, x.fold))) continue;
      const both = joinFrom(words, text, i - 1, 2);
      if (!both || hasWord(words, both.fold) ||
        !((isCode && !written) || await isKnown(shards, both))) continue;
      words.splice(i - 1, 2, { ...both, joined: true });
    }
  };
  // Words with their signs: "C++", ".NET".
  const signed = (text, { from, to, fold }) => {
    let [signs] = /^(?:\+{1,4}|#)?/.exec(text.slice(to));
    if (/[0-9A-Za-z\u0080-\uffff]/.test(text[to + signs.length] || '')) signs = '';
    const dot = /(^|[\0- ("'])\.$/.test(text.slice(0, from)) && /[^0-9]/.test(text[from]);
    return (dot ? 'dot' : '') + fold + [...signs].map((c) => (c === '#' ? 'sharp' : 'plus')).join('');
  };
  // What words are together, if it is written, too.
  const compound = async (shards, words, text, all) => {
    const written = words.length;
    const add = async (word, first, parts, inSpaces) => {
      if (words.length < WORDS && !hasWord(words, word.fold) && await isKnown(shards, word))
        words.push({ ...word, split: true, first, parts, inSpaces });
    };
    let spaced = true;
    for (let i = 0; i + 1 < written; i++) {
      const [x, y] = words.slice(i, i + 2);
      const before = spaced;
      spaced = text[x.to] === ' ';
      const three = !spaced && !before && joinFrom(words, text, i - 1, 3);
      if (three) await add(three, i - 1, 3);
      const two = (!spaced || (letters(x.fold) + letters(y.fold) <= 8 &&
        !isFunction(shards, x))) && joinFrom(words, text, i, 2);
      if (two) await add(two, i, 2, spaced);
    }
    for (const word of all) {
      const fold = signed(text, word);
      const i = words.slice(0, written).findIndex((own) => own.fold === word.fold);
      if (i >= 0 && fold !== word.fold) await add({ ...word, lower: fold, fold }, i, 1);
    }
  };
  // "login" stands for "log", too, where that is written, but counts less then.
  const part = async (asked, nth) => {
    const { shard, wants } = asked;
    const [, first] = /^(...+?)(?:in|off|on|out|up)$/.exec(wants[nth].fold) || [];
    if (/^en\b/i.test(shard.about.locale) && first && await isForm(shard, first))
      await addForm(asked, nth, first, PARTED);
  };
  const split = async (shard, words, word, particles) => {
    const all = [...word.fold];
    for (let at = all.length - 1; at > 0; at--) {
      const parts = [all.slice(0, at).join(''), all.slice(at).join('')];
      const long = parts.every((part) => new TextEncoder().encode(part).length >= PART);
      const pair = at > 1 && all.length - at > 1;
      if (!(pair && shard.stemmer({ lower: parts[1], fold: parts[1] }).isFunction) && (particles ||
        !(long || (pair && all.length <= 6) || (at > 1 && !hasDigit(parts[0]) && hasDigit(all[at])))))
        continue;
      if (!await isForm(shard, parts[0]) || !await isForm(shard, parts[1])) continue;
      for (const fold of parts)
        if (words.length < WORDS && !hasWord(words, fold))
          words.push({ from: word.from, to: word.to, lower: fold, fold });
      return true;
    }
    return false;
  };

  // What the words of the text stand for, in each locale.
  const understand = async (shards, text) => {
    const words = [];
    let open = false;
    const all = wordsOf(text);
    for (const word of all) {
      open = word.to === text.length;
      if (!hasWord(words, word.fold)) words.push(word);
      if (words.length === WORDS) break;
    }
    await Promise.all(shards.flatMap((shard) => words.flatMap((word) =>
      (isFunction(shards, word) ? [] : [word.fold, ...shard.stemmer(word).keys])
        .map((key) => shard.find(key)))));
    await join(shards, words, text);
    const written = words.length;
    await compound(shards, words, text, all);
    const whole = words.length;
    const asked = shards.map((shard) => ({ shard, wants: [], idf: [], groups: new Map() }));
    const isAnswered = (i) => asked.some((it) => it.wants[i].keys.length);
    // What a compound stands for, each of its parts does, too.
    const share = async ({ shard, wants }, nth, { first, parts = 0, inSpaces }) => {
      for (const want of wants.slice(first, first + parts))
        if (!want.skipped) for (const { key } of wants[nth].keys)
          if (await add(shard, want, key, inSpaces ? JOINED : 1)) want.known = true;
    };
    const want = async (from) => {
      for (const it of asked) {
        const functions = words.every((word) => it.shard.stemmer(word).isFunction);
        for (let i = from; i < words.length; i++) await know(it, i, words[i], functions);
        for (let i = from; i < words.length; i++) await share(it, i, words[i]);
        for (let i = from; i < words.length; i++) await widen(it, i, open && i + 1 === written);
      }
      const unknown = [...words.keys()].filter((i) => i >= from && !isAnswered(i));
      for (const it of asked) for (const i of unknown) await forgive(it, i);
      return unknown;
    };
    const unknown = await want(0);
    for (let i = 0; i < written; i++) for (const it of unknown.includes(i) ? [] : asked)
      if (!it.wants[i].skipped) await part(it, i);
    for (const i of unknown)
      for (const it of i < written ? asked : []) {
        if (!await split(it.shard, words, words[i], isAnswered(i))) continue;
        words[i].split = true;
        break;
      }
    await want(whole);
    return { words, asked };
  };

  // A locale's documents for one word: their shares, and where their titles have it.
  const shareOf = async (shard, want) => {
    const share = { parts: new Map(), titles: new Map() };
    const lists = await Promise.all(want.keys.map(({ entry }) => shard.postings(entry)));
    lists.forEach((list, i) => list.forEach(({ doc, weight, at, length }) => {
      const part = share.parts.get(doc) || 0;
      const w = want.keys[i].weight * values[weight];
      share.parts.set(doc, part > w ? part + 0.1 * w : w + 0.1 * part);
      const title = share.titles.get(doc);
      if (length && !(title && title.at < at)) share.titles.set(doc, { at, length });
    }));
    return share;
  };
  // Of a title count words of the question that are together, and that there are no others.
  const byTitle = (words, asked, doc, score) => {
    let [before, places, pairs, sum, length, all] = [undefined, 0, 0, 0, 0, true];
    words.forEach((word, i) => {
      if (asked.wants[i].skipped) return;
      const title = asked.shares[i].titles.get(doc);
      if (title && before !== undefined && title.at === before + 1) pairs++;
      before = title && title.at;
      if (title) {
        sum += asked.idf[i];
        places |= 1 << title.at;
        length = title.length;
      } else if (!word.split) all = false;
    });
    score += 0.6 * sum * Math.min(pairs, 3);
    return all && length && places === 2 ** length - 1 ? score * 1.5 : score;
  };

  // The best documents: {shard, doc, score}, best first. WANTED(shard, doc) leaves some out.
  const find = async (shards, text, most, wanted = () => true) => {
    const { words, asked } = await understand(shards, text);
    const total = shards.reduce((n, shard) => n + shard.about.documents, 0);
    for (const it of asked) {
      it.scores = new Map();
      it.shares = await Promise.all(it.wants.map((want) => shareOf(it.shard, want)));
    }
    words.forEach((word, i) => {
      const having = asked.reduce((n, it) => n + it.shares[i].parts.size, 0);
      for (const it of asked) {
        const { parts } = it.shares[i];
        it.idf[i] = it.wants[i].keys.length && !word.inSpaces
          ? Math.min(rarity(it.shard.about.documents, parts.size), rarity(total, having)) : 0;
        parts.forEach((part, doc) => it.scores.set(doc,
          (it.scores.get(doc) || 0) + it.idf[i] * part / (1.5 + part)));
      }
    });
    const hits = asked.flatMap((it, order) => [...it.scores].sort((a, b) => b[1] - a[1] || a[0] - b[0])
      .filter(([doc]) => !it.shard.hidden.has(doc) && wanted(it.shard, doc))
      .slice(0, Math.max(most, TITLES))
      .map(([doc, score]) => ({ order, shard: it.shard, asked: it, doc,
        score: byTitle(words, it, doc, score) * ((it.shard.about.foreign ? 0.5 : 1) *
          (it.shard.regional.has(doc) ? 0.9 : 1)) })))
      .sort((a, b) => b.score - a.score || a.order - b.order || a.doc - b.doc);
    return { words, asked, hits: hits.slice(0, most), more: hits.length > most, total: hits.length };
  };

  // Which word of the question a word of a text is, by number; undefined: none.
  const groupOf = (asked, word) => {
    for (const key of [...asked.shard.stemmer(word).keys, word.fold])
      if (asked.groups.has(key)) return asked.groups.get(key);
    return undefined;
  };

  return { wordsOf, stemmerOf, openShard, find, groupOf, understand };
})();
