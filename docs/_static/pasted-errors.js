/*
 * A line of an error, pasted into the search, leads to the section about it.
 *
 * Sphinx finds the pages that have every word of a query. A line from a terminal has words that
 * no page has: the reader's own tables, ids and paths. So the search goes the other way round,
 * too: which headings and main entries are part of the line? Their words have to be in it,
 * in their order. What a heading has in double quotes is PostgreSQL's way to write a name, and
 * readers have others.
 */
"use strict";
{
  const ABOVE = 100; // all scores of Sphinx's

  const wordsOf = (text) => splitQuery(text.toLowerCase());

  /** Count these words if they are part of a line, and in this order; 0 if they are not. */
  const countOf = (line, words) => {
    let at = -1;
    const inOrder = words.every((word) => (at = line.indexOf(word, at + 1)) >= 0);
    return inOrder ? words.length : 0;
  };

  /** Rate a section by what it shares with a line; a single word is too little. */
  const rate = (line, { errors }) => {
    // The parts of an entry, such as "KeyError; 'NAME'", are counted one by one.
    const shared = (parts) => parts.reduce((sum, words) => sum + countOf(line, words), 0);
    const words = Math.max(0, ...errors.map(shared));
    return words > 1 ? words : 0;
  };

  const sections = [];

  /** Take down what each section says of errors, in words; pauses after each page. */
  function* readPages() {
    for (const { page, headingsAreErrors, sections: kept } of PAGES) {
      for (const { anchor, heading, main } of kept.map(readSection)) {
        if (!anchor) continue;
        const errors = main.map((entry) => entry.split("; ").map(wordsOf));
        if (headingsAreErrors) errors.push([wordsOf(heading.replace(/"[^"]*"/g, " "))]);
        if (errors.length) sections.push({ page, anchor, heading, errors });
      }
      yield;
    }
  }

  const readTheRest = inAdvance(readPages());

  /** Find the sections about a line, the best one last, as Sphinx has its results. */
  const sectionsFor = (query) => {
    readTheRest();
    const line = wordsOf(query);
    return sections
      .map((section) => ({ ...section, words: rate(line, section) }))
      .filter(({ words }) => words)
      .sort((one, other) => one.words - other.words)
      .map(({ page, anchor, heading, words }) => asResult(page, anchor, heading, ABOVE + words));
  };

  putFirst(sectionsFor);
}
