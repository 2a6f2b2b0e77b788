/* What we find for a query comes before what Sphinx finds, and is not told twice. */
"use strict";

/** Put what `find` finds for a query, the best one last as Sphinx has its results, first. */
function putFirst(find) {
  const searchAsBefore = Search._performSearch;
  Search._performSearch = (query, ...terms) => {
    const first = find(query);
    const places = new Set(first.map(([page, , anchor]) => page + anchor));
    const others = searchAsBefore(query, ...terms);
    return [...others.filter(([page, , anchor]) => !places.has(page + anchor)), ...first];
  };
}

/** What a search waits for. */
const preparations = [];

/** Let the browser do its own work first. */
const pause = () => new Promise((resolve) => setTimeout(resolve));

/** Do what a generator does, and let the browser do its own work in between. */
async function inPieces(work) {
  const PIECE = 5; // milliseconds, and several times that on a telephone
  let until = performance.now() + PIECE;
  while (!work.next().done) {
    if (performance.now() < until) continue;
    await pause();
    until = performance.now() + PIECE;
  }
}

/** Have a generator's work done before the first search; return what does the rest at once. */
function inAdvance(work) {
  preparations.push(inPieces(work));
  return () => {
    while (!work.next().done);
  };
}

/** Write a section of a page down as Sphinx has its results; without an anchor, it's the page. */
function asResult(page, anchor, heading, score) {
  const { docnames, filenames, titles } = Search._index;
  const file = docnames.indexOf(page);
  const title = anchor ? `${titles[file]} > ${heading}` : titles[file];
  const place = anchor && `#${anchor}`;
  return [page, title, place, null, score, filenames[file], SearchResultKind.title];
}
