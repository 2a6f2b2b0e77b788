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

  /** Count the words of a text that is part of a line; 0 if it is not. */
  const wordsIn = (line, text) => {
    const words = wordsOf(text);
    let at = -1;
    const inOrder = words.every((word) => (at = line.indexOf(word, at + 1)) >= 0);
    return inOrder ? words.length : 0;
  };

  /** Count the words of those parts of an entry, such as "KeyError; 'NAME'", that are in a line. */
  const wordsOfEntryIn = (line, entry) =>
    entry.split("; ").reduce((sum, part) => sum + wordsIn(line, part), 0);

  /** Rate a section by what it shares with a line; a single word is too little. */
  const rate = (line, { heading, headingIsError, main }) => {
    const words = Math.max(
      headingIsError ? wordsIn(line, heading.replace(/"[^"]*"/g, " ")) : 0,
      ...main.map((entry) => wordsOfEntryIn(line, entry)),
    );
    return words > 1 ? words : 0;
  };

  const SECTIONS = PAGES.flatMap(({ page, headingsAreErrors, sections }) =>
    sections
      .map(readSection)
      .filter(({ anchor }) => anchor)
      .map((section) => ({ ...section, page, headingIsError: headingsAreErrors })),
  );

  /** Find the sections about a line, the best one last, as Sphinx has its results. */
  const sectionsFor = (query) => {
    const line = wordsOf(query);
    return SECTIONS.map((section) => ({ ...section, words: rate(line, section) }))
      .filter(({ words }) => words)
      .sort((one, other) => one.words - other.words)
      .map(({ page, anchor, heading, words }) => asResult(page, anchor, heading, ABOVE + words));
  };

  putFirst(sectionsFor);
}
