/*
 * Who types a topic into the search is led to the page or section with that title.
 *
 * Sphinx gives a page the same score for one word of a query in its titles as for all of them, and
 * then goes by the alphabet. So first come the titles that have every word of the query, in any
 * form and order; the title of a section may have some from that of its page. The fewer other
 * words there are, the better.
 */
"use strict";
{
  const stemmer = new Stemmer();

  /** List the words of a text, without such as "a", and without their endings. */
  const stemsOf = (text) =>
    splitQuery(text.toLowerCase())
      .filter((word) => !stopwords.has(word))
      .map((word) => stemmer.stemWord(word));

  /** Say how much of a text a query is, from 0 to 1; 0 if the text lacks one of its words. */
  const share = (query, text) => {
    const words = new Set(stemsOf(text));
    const has = (word) => words.has(word);
    return query.every(has) ? query.length / words.size : 0;
  };

  /** Rate the title of a section, and that of its page with it if it has a word of the query. */
  const rate = (query, title, page) => {
    const words = stemsOf(title);
    const concerned = query.some((word) => words.includes(word));
    return share(query, title) || (concerned ? share(query, `${page} ${title}`) : 0);
  };

  /** Find the titles with all words of a query, the best one last, as Sphinx has its results. */
  const titledAs = (text) => {
    const { alltitles, docnames, filenames, titles } = Search._index;
    const query = [...new Set(stemsOf(text))];
    const asResult = (title, [file, id]) => {
      const page = titles[file];
      const whole = page === title ? page : `${page} > ${title}`;
      const anchor = id === null ? "" : `#${id}`;
      const score = rate(query, title, page);
      return [docnames[file], whole, anchor, null, score, filenames[file], SearchResultKind.title];
    };
    return Object.entries(alltitles)
      .flatMap(([title, places]) => places.map((place) => asResult(title, place)))
      .filter((result) => result[4])
      .sort(_orderResultsByScoreThenName);
  };

  putFirst(titledAs);
}
