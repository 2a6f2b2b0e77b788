/*
 * What a search has found, a few results at a time: the section, its page, and how it begins.
 *
 * Sphinx loads the page of each result, which is a megabyte for a frequent word. Here each of the
 * results that are shown loads the beginnings of its page's sections, and nothing else.
 */
"use strict";
{
  const AT_ONCE = 10;
  const OF_A_PAGE = 2; // results, so that one page doesn't hide the others

  const root = document.documentElement.dataset.content_root ?? "";
  const descriptions = new Map(PAGES.map(({ page, description }) => [page, description]));
  const beginnings = new Map();

  /** Load how the sections of a page begin; without that, its description has to do. */
  const beginningsOf = (page) => {
    if (!beginnings.has(page)) {
      const loaded = new Promise((resolve) => {
        const script = document.createElement("script");
        script.src = `${root}_search/${page}.js`;
        script.onload = () => resolve(script.leads);
        script.onerror = () => resolve({});
        document.head.append(script);
      });
      beginnings.set(page, loaded);
    }
    return beginnings.get(page);
  };

  const add = (parent, name, className, text = "") => {
    const element = document.createElement(name);
    element.className = className;
    element.textContent = text;
    parent.append(element);
    return element;
  };

  const show = ([page, title, anchor], list) => {
    const [whole, ...rest] = title.split(" > ");
    const section = rest.join(" > ");
    const item = document.createElement("li");
    const link = add(item, "a", "search-section", section || whole);
    link.href = addressOf(page, anchor ?? "");
    if (section) add(item, "span", "search-page", whole);
    const text = add(item, "p", "context", descriptions.get(page));
    list.append(item);
    beginningsOf(page).then((leads) => {
      const lead = anchor ? leads[anchor.slice(1)] : "";
      if (lead) text.textContent = lead;
    });
    return link;
  };

  /** Leave out what says nothing new: a page whose section is there, and more of the same. */
  const chosen = (results) => {
    const counts = new Map();
    return results.filter(([page, , anchor]) => {
      const count = counts.get(page) ?? 0;
      if (count >= OF_A_PAGE || (count && !anchor)) return false;
      counts.set(page, count + 1);
      return true;
    });
  };

  const showFrom = (results, start) => {
    const links = results.slice(start, start + AT_ONCE).map((one) => show(one, Search.output));
    const left = results.length - start - AT_ONCE;
    if (start) links[0].focus();
    if (left <= 0) return;
    const more = add(
      Search.output.parentElement,
      "button",
      "search-more",
      `Show ${Math.min(left, AT_ONCE)} more`,
    );
    more.type = "button";
    more.addEventListener("click", () => {
      more.remove();
      showFrom(results, start + AT_ONCE);
    });
  };

  Search.query = async (query) => {
    await Promise.all(preparations);
    await pause();
    const results = chosen(Search._performSearch(...Search._parseQuery(query)).reverse());
    await pause();
    Search.stopPulse();
    Search.title.textContent = "Search results";
    Search.status.setAttribute("role", "status");
    const many = results.length === 1 ? "1 result" : `${results.length} results`;
    Search.status.textContent = results.length
      ? `${many} for “${query}”`
      : `Nothing found for “${query}”. Try fewer words, or paste the last line of an error.`;
    showFrom(results, 0);
  };
}
