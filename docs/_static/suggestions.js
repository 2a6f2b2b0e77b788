/*
 * Suggests pages and sections while a reader types into the search.
 *
 * The titles, headings and entries in the index are loaded when the field is first used. Each word
 * that was typed begins a word of a suggestion, or a synonym of it does. The keyboard works as in
 * the combobox of WAI-ARIA: arrows choose, Enter opens, Escape closes.
 */
"use strict";

/** Return the anchor of a section; 1 stands for one that Sphinx has made of the heading. */
function anchorOf(anchor, heading) {
  if (anchor !== 1) return anchor;
  return heading.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
}

/** Read a section: where it is, its heading, and its entries in the index; "!" marks a main one. */
function readSection([kept, heading, marked]) {
  const anchor = anchorOf(kept, heading);
  const entries = marked.map((entry) => entry.replace(/^!/, ""));
  const main = entries.filter((_, number) => marked[number].startsWith("!"));
  return { anchor, heading, entries, main };
}

/** Return the address of a page, or of a place in it: "#anchor". */
function addressOf(page, fragment) {
  const root = document.documentElement.dataset.content_root ?? "";
  const suffix = DOCUMENTATION_OPTIONS.LINK_SUFFIX ?? DOCUMENTATION_OPTIONS.FILE_SUFFIX;
  return `${root}${page}${suffix}${fragment}`;
}

{
  const MOST = 7;
  const SHORTEST = 2; // letters

  const root = document.documentElement.dataset.content_root ?? "";
  let loading = null;

  const load = () => {
    loading ??= new Promise((resolve) => {
      if (typeof PAGES !== "undefined") return resolve();
      const script = document.createElement("script");
      script.src = `${root}_static/search-pages.js`;
      script.onload = resolve;
      document.head.append(script);
    });
    return loading;
  };

  const wordsOf = (text) => text.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? [];

  let places = null;

  const read = () =>
    PAGES.flatMap(({ page, title, sections }) =>
      sections.map(readSection).map(({ anchor, heading, entries }) => ({
        page,
        anchor,
        title,
        heading,
        headingWords: wordsOf(heading),
        words: [...wordsOf(heading), ...wordsOf(title), ...entries.flatMap(wordsOf)],
      })),
    );

  /** List what else a word may be called. */
  const formsOf = (word) => {
    if (word.length < 4) return [word];
    const groups = SYNONYMS.groups.filter((group) => group.some((one) => one.startsWith(word)));
    return [word, ...groups.flat().filter((one) => !one.includes(" "))];
  };

  /** Rate a section by the words that were typed; 0 where one of them is not there. */
  const rate = ({ page, anchor, headingWords, words }, query) => {
    let score = anchor ? 0 : 1;
    for (const [word, ...others] of query) {
      const position = headingWords.findIndex((one) => one.startsWith(word));
      if (position >= 0) score += position ? 4 : 5;
      else if (words.some((one) => one.startsWith(word))) score += 2;
      else if (others.some((other) => words.includes(other))) score += 1;
      else return 0;
    }
    score += query.length / (headingWords.length + 1);
    return page.startsWith("reference/gino-calls") && anchor ? score / 2 : score;
  };

  const suggest = (text) => {
    places ??= read();
    const all = wordsOf(text);
    const telling = all.filter((word, number) => {
      return number === all.length - 1 || (word.length > 2 && !SYNONYMS.ignored.includes(word));
    });
    const query = telling.map(formsOf);
    if (!query.length) return [];
    return places
      .map((place) => ({ ...place, score: rate(place, query) }))
      .filter(({ score }) => score)
      .sort((one, other) => other.score - one.score)
      .slice(0, MOST);
  };

  const prepare = (field, number) => {
    const list = document.createElement("ul");
    list.id = `suggestions-${number}`;
    list.className = "suggestions";
    list.role = "listbox";
    list.ariaLabel = "Suggestions";
    list.hidden = true;
    field.form.append(list);
    field.role = "combobox";
    field.autocomplete = "off";
    field.ariaAutoComplete = "list";
    field.ariaExpanded = "false";
    field.setAttribute("aria-controls", list.id);

    const isOpen = () => !list.hidden;
    const options = () => [...list.children];
    const chosen = () => options().findIndex((option) => option.ariaSelected === "true");

    const choose = (position) => {
      for (const [at, option] of options().entries()) {
        option.ariaSelected = String(at === position);
      }
      const option = list.children[position];
      if (option) field.setAttribute("aria-activedescendant", option.id);
      else field.removeAttribute("aria-activedescendant");
      option?.scrollIntoView({ block: "nearest" });
    };

    const close = () => {
      list.hidden = true;
      field.ariaExpanded = "false";
      choose(-1);
    };

    const show = async () => {
      const asked = field.value;
      if (asked.trim().length < SHORTEST) return close();
      await load();
      if (field.value !== asked || document.activeElement !== field) return;
      const found = suggest(asked);
      list.replaceChildren(
        ...found.map((place, position) => {
          const option = document.createElement("li");
          option.id = `${list.id}-${position}`;
          option.role = "option";
          option.ariaSelected = "false";
          option.dataset.address = addressOf(place.page, place.anchor && `#${place.anchor}`);
          option.textContent = place.heading;
          if (place.anchor) {
            const page = document.createElement("span");
            page.textContent = ` ${place.title}`;
            option.append(page);
          }
          return option;
        }),
      );
      list.hidden = !found.length;
      field.ariaExpanded = String(isOpen());
      choose(-1);
    };

    const open = (option) => {
      close();
      location.assign(option.dataset.address);
    };

    field.addEventListener("focus", load, { once: true });
    field.addEventListener("input", show);
    field.addEventListener("blur", close);
    // The field keeps the focus: a press on a suggestion must not close the list first.
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const option = event.target.closest("li");
      if (option) open(option);
    });
    field.addEventListener("keydown", (event) => {
      const count = list.children.length;
      const at = chosen();
      if (event.key === "Escape" && isOpen()) {
        event.preventDefault();
        event.stopPropagation();
        close();
      } else if (event.key === "ArrowDown" && isOpen()) {
        event.preventDefault();
        choose(at + 1 < count ? at + 1 : -1);
      } else if (event.key === "ArrowUp" && isOpen()) {
        event.preventDefault();
        choose(at < 0 ? count - 1 : at - 1);
      } else if (event.key === "Enter" && isOpen() && at >= 0) {
        event.preventDefault();
        open(list.children[at]);
      }
    });
  };

  document.querySelectorAll("input[name=q]").forEach(prepare);
}
