/*
 * A question in a reader's own words finds the page that answers it.
 *
 * Sphinx wants every word of a query on a page, and then scores the page by one of them. Here
 * each section is rated by all words of the query: in its title and its entries in the index, in
 * the title and the description of its page, and in the text of the page. Rare words count more
 * than frequent ones. A word may be another form or a synonym of what's on the page; the synonyms
 * are in _ext/synonyms.json. Each page is found once, by its best section.
 */
"use strict";
{
  const WEIGHTS = {
    title: 3,
    entries: 2.4,
    page: 1.6,
    description: 1.2,
    elsewhere: 0.8,
    text: 0.5,
  };
  const FOR_A_SYNONYM = 0.7;
  const FOR_A_FOLDER = { explanation: 0.9, reference: 0.9, troubleshooting: 0.85 };
  const FOR_ITS_TITLE = 1;
  const ENOUGH = 0.34;
  // A guide begins with its answer: what is only a little better below is not where to land.
  const ANSWER = "The short answer";
  const GOOD_ENOUGH = 0.6;

  const stemmer = new Stemmer();
  const stems = new Map();
  const ignored = new Set([...stopwords, ...SYNONYMS.ignored]);

  /** Return a word without its ending; each is worked out once, as the pages share most words. */
  const stemOf = (word) => {
    if (!stems.has(word)) stems.set(word, stemmer.stemWord(word));
    return stems.get(word);
  };

  /** List the words of a text, without such as "a", and without their endings. */
  const stemsOf = (text) =>
    splitQuery(text.toLowerCase())
      .flatMap((word) => (word.includes("_") ? [word, ...word.split("_")] : [word]))
      .filter((word) => word && !ignored.has(word))
      .map(stemOf);

  const groups = SYNONYMS.groups.map((group) => group.map((words) => stemsOf(words)));

  /** Say what else a word of a query may be called, and how sure that is. */
  const formsOf = (word, query) => {
    const forms = new Map([[word, 1]]);
    // Words such as "name change" are a synonym where all of them are in the query.
    const asks = (words) => words.includes(word) && words.every((one) => query.includes(one));
    for (const group of groups.filter((group) => group.some(asks))) {
      for (const words of group) {
        for (const other of words) {
          if (!forms.has(other)) forms.set(other, FOR_A_SYNONYM / words.length);
        }
      }
    }
    return forms;
  };

  const wordsOf = (phrases) => phrases.map(({ words }) => words);
  const union = (sets) => new Set(sets.flatMap((words) => [...words]));

  /** Take the sections of a page down with the words that they have. */
  const sectionsOf = ({ page, title, description, sections: kept }) => {
    const sections = kept.map(readSection).map(({ anchor, heading, entries }) => ({
      anchor,
      heading,
      phrases: [heading, ...entries].map((text) => ({ words: new Set(stemsOf(text)), weight: 0 })),
    }));
    const shared = [
      [WEIGHTS.page, new Set(stemsOf(title))],
      [WEIGHTS.description, new Set(stemsOf(description))],
      [WEIGHTS.elsewhere, union(sections.flatMap(({ phrases }) => wordsOf(phrases)))],
    ];
    return sections.map(({ anchor, heading, phrases }) => ({
      page,
      anchor,
      heading,
      fields: [
        [WEIGHTS.title, phrases[0].words],
        [WEIGHTS.entries, union(wordsOf(phrases.slice(1)))],
        ...shared,
      ],
      phrases,
    }));
  };

  const sections = [];
  const counted = new Map(); // pages by word
  const answered = new Set(); // pages

  /**
   * Take all pages down and count their words, then say how much the words of each phrase weigh:
   * once for all queries. Pauses after each page.
   */
  function* readPages() {
    for (const page of PAGES) {
      const own = sectionsOf(page);
      sections.push(...own);
      if (own.some(({ heading }) => heading === ANSWER)) answered.add(page.page);
      for (const word of union(own.flatMap(({ fields }) => fields.map(([, words]) => words)))) {
        if (!counted.has(word)) counted.set(word, new Set());
        counted.get(word).add(page.page);
      }
      yield;
    }
    for (const { phrases } of sections) {
      for (const phrase of phrases) {
        for (const word of phrase.words) phrase.weight += rarityOf(word);
      }
      yield;
    }
  }

  const filesWith = (word) => {
    const { terms } = Search._index;
    return new Set(Object.hasOwn(terms, word) ? [terms[word]].flat() : []);
  };

  const rarityOf = (word) => {
    const count = counted.get(word)?.size ?? filesWith(word).size;
    return count ? Math.log(1 + PAGES.length / count) : 0;
  };

  // There's time for this while Sphinx's index, which is large, is on its way.
  const readTheRest = inAdvance(readPages());

  /** Rate a section from 0 to about 1 by the words of a query. */
  const rate = ({ page, fields, phrases }, query, total) => {
    const file = Search._index.docnames.indexOf(page);
    let sum = 0;
    let known = 0;
    for (const { forms, rarity, files } of query) {
      let best = 0;
      let sure = 0;
      for (const [form, share] of forms) {
        for (const [weight, words] of fields) {
          if (words.has(form)) {
            best = Math.max(best, weight * share);
            sure = Math.max(sure, share);
          }
        }
        if (files.get(form).has(file)) {
          best = Math.max(best, WEIGHTS.text * share);
          sure = Math.max(sure, share * 0.6);
        }
      }
      sum += best * rarity;
      known += sure * rarity;
    }
    const coverage = known / total;
    if (coverage < ENOUGH) return 0;
    // A title or an entry that is little else than the query is what the reader looks for.
    const fit = Math.max(
      ...phrases.map(({ words, weight }) => {
        let common = 0;
        for (const { forms, rarity } of query) {
          for (const [form, share] of forms) {
            if (words.has(form)) {
              common += rarity * share;
              break;
            }
          }
        }
        return weight ? Math.min(common / weight, 1) * (common / total) ** 1.5 : 0;
      }),
    );
    const folder = FOR_A_FOLDER[page.split("/")[0]] ?? 1;
    return (sum / total / WEIGHTS.title + fit) * coverage * folder;
  };

  /** Take a word of a query down: its forms, how rare it is, and the pages with each form. */
  const asked = (word, query) => {
    const forms = formsOf(word, query);
    const shares = [...forms].map(([form, share]) => share * rarityOf(form));
    return {
      forms,
      rarity: rarityOf(word) || Math.max(...shares),
      files: new Map([...forms.keys()].map((form) => [form, filesWith(form)])),
    };
  };

  /** Find the pages for a query, the best one last, as Sphinx has its results. */
  const answersTo = (text) => {
    readTheRest();
    const words = [...new Set(stemsOf(text))];
    const query = words.map((word) => asked(word, words)).filter(({ rarity }) => rarity);
    const total = query.reduce((sum, { rarity }) => sum + rarity, 0);
    const best = new Map();
    if (!total) return [];
    const title = text.trim().toLowerCase();
    for (const section of sections) {
      const isTitle = section.heading.toLowerCase() === title;
      const score = rate(section, query, total) + (isTitle ? FOR_ITS_TITLE : 0);
      if (score > (best.get(section.page)?.score ?? 0)) best.set(section.page, { section, score });
    }
    for (const top of sections.filter(({ anchor }) => anchor === "")) {
      const found = best.get(top.page);
      if (!found || !answered.has(top.page) || found.section === top) continue;
      if (rate(top, query, total) >= GOOD_ENOUGH * found.score) found.section = top;
    }
    return [...best.values()]
      .map(({ section: { page, anchor, heading }, score }) =>
        asResult(page, anchor, heading, score),
      )
      .sort(_orderResultsByScoreThenName);
  };

  putFirst(answersTo);
}
