"use strict";

// What a page can do. Every one can be read without it, and this replaces the theme's own script.

const menu = document.querySelector(".wy-nav-side");
const listOfPages = menu.querySelector(".wy-menu-vertical");
const search = document.querySelector(".reader-search input");

// A telephone hides the menu until its button is pressed.
function openMenu(open) {
  menu.classList.toggle("shift", open);
  document.querySelector(".wy-nav-content").inert = open;
  document.querySelector(".reader-menu").ariaExpanded = open;
}

function prepareMenu() {
  const button = document.querySelector(".reader-menu");
  const isOpen = () => button.ariaExpanded === "true";
  button.addEventListener("click", () => {
    openMenu(!isOpen());
    const first = listOfPages.querySelector("a[aria-current]") ?? listOfPages.querySelector("a");
    if (isOpen()) first.focus({ preventScroll: true });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && isOpen()) {
      openMenu(false);
      button.focus();
    }
  });
  document.querySelector(".wy-nav-content-wrap").addEventListener("click", () => {
    if (isOpen()) openMenu(false);
  });
}

// Light, dark, or as the system is: what is chosen here holds for all pages.
function prepareColours() {
  const NEXT = { auto: "light", light: "dark", dark: "auto" };
  const NAMES = { auto: "as your system", light: "light", dark: "dark" };
  const root = document.documentElement;
  const button = document.querySelector(".reader-theme");
  const name = () => {
    const words = `Colours: ${NAMES[root.dataset.theme ?? "auto"]}`;
    button.ariaLabel = words;
    button.title = words;
  };
  button.addEventListener("click", () => {
    const chosen = NEXT[root.dataset.theme ?? "auto"];
    if (chosen === "auto") delete root.dataset.theme;
    else root.dataset.theme = chosen;
    try {
      localStorage.setItem("reader-theme", chosen);
    } catch {
      // A browser that keeps nothing forgets it with the page.
    }
    name();
  });
  name();
}

// The list beside the text shows which section is on the screen.
function followReader() {
  const places = new Map();
  for (const link of document.querySelectorAll(".reader-contents a")) {
    const section = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (section && link.checkVisibility()) places.set(section, link);
  }
  const onScreen = new Set();
  const watcher = new IntersectionObserver(
    (changes) => {
      for (const { target, isIntersecting } of changes) {
        if (isIntersecting) onScreen.add(target);
        else onScreen.delete(target);
      }
      const here = [...places.keys()].filter((section) => onScreen.has(section)).pop();
      if (!here) return;
      for (const [section, link] of places) link.ariaCurrent = section === here ? "location" : null;
      showInList(places.get(here));
    },
    { rootMargin: "0px 0px -75% 0px" },
  );
  for (const section of places.keys()) watcher.observe(section);
}

// A long list of sections goes along with its reader.
function showInList(link) {
  const list = link.closest(".reader-contents");
  if (list.scrollHeight <= list.clientHeight) return;
  const { top, bottom } = link.getBoundingClientRect();
  const box = list.getBoundingClientRect();
  if (top < box.top || bottom > box.bottom) list.scrollTop += top - box.top - box.height / 2;
}

// Where a thing is, is asked of observers: they answer after the browser has drawn the page, and do
// not make it draw a long one twice.
function showPageInMenu() {
  const here = [...listOfPages.querySelectorAll("a.current")].pop();
  if (!here) return;
  here.ariaCurrent = "page";
  const box = menu.querySelector(".wy-side-scroll");
  const watcher = new IntersectionObserver(
    ([{ boundingClientRect, intersectionRatio, rootBounds }]) => {
      watcher.disconnect();
      if (intersectionRatio < 1) {
        box.scrollTop += boundingClientRect.top - rootBounds.top - rootBounds.height / 3;
      }
    },
    { root: box },
  );
  watcher.observe(here);
}

// Keys: Ctrl-K for the search (Sphinx has "/"), and the arrows for the chapters.
function listenToKeys() {
  document.addEventListener("keydown", (event) => {
    const { key, ctrlKey, metaKey, altKey, shiftKey } = event;
    if ((ctrlKey || metaKey) && !altKey && !shiftKey && key.toLowerCase() === "k") {
      event.preventDefault();
      search?.focus();
      search?.select();
      return;
    }
    // What has the focus may need the arrows itself: a field, a tab, a listing that scrolls.
    const isFree = event.target === document.body;
    if (ctrlKey || metaKey || altKey || shiftKey || !isFree || event.defaultPrevented) return;
    const way = { ArrowLeft: "prev", ArrowRight: "next" }[key];
    if (!way || !document.querySelector(".reader-chapters")) return;
    document.querySelector(`.rst-footer-buttons a[rel="${way}"]`)?.click();
  });
}

// Sphinx marks the words of a search in the text, a moment after the page is there; a button takes
// the marks away.
function letMarksBeHidden() {
  if (document.querySelector("#search-results")) return;
  setTimeout(() => {
    if (!document.querySelector(".rst-content .highlighted")) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "reader-unmark";
    button.textContent = "Hide highlights";
    button.addEventListener("click", () => {
      SphinxHighlight.hideSearchWords();
      button.remove();
    });
    document.querySelector("[role=main]").append(button);
  }, 100);
}

// What scrolls must be in reach of the keyboard, and what does not need not be a stop on the way.
function reachWhatScrolls() {
  const watcher = new ResizeObserver((boxes) => {
    for (const { target } of boxes) {
      if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
      else target.removeAttribute("tabindex");
      markWhatGoesOn(target);
    }
  });
  for (const box of document.querySelectorAll(".highlight pre, .wy-table-responsive")) {
    watcher.observe(box);
    box.addEventListener("scroll", () => markWhatGoesOn(box), { passive: true });
  }
}

// A line that is cut off by the edge of its box may look like a whole one.
function markWhatGoesOn(box) {
  const goesOn = box.scrollWidth - box.clientWidth - box.scrollLeft > 2;
  box.toggleAttribute("data-more", goesOn);
}

// A command in a sentence has a button that copies it, where the browser lets a page copy.
function letCommandsBeCopied() {
  if (!navigator.clipboard) return;
  for (const command of document.querySelectorAll("code.reader-command")) {
    const text = command.textContent.replace(/\s+/g, " ");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "reader-copy";
    button.ariaLabel = `Copy ${text}`;
    button.title = "Copy";
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(text);
      button.title = "Copied";
      setTimeout(() => (button.title = "Copy"), 2000);
    });
    command.after(button);
  }
}

// A wrong address has words of the right one.
function searchForAddress() {
  const field = document.querySelector("#reader-lost");
  if (!field) return;
  const [last] = location.pathname.split("/").filter(Boolean).slice(-1);
  const words = decodeURIComponent(last ?? "").replace(/\.html?$/, "").replace(/[^\p{L}\p{N}]+/gu, " ");
  if (words.trim() !== "404") field.value = words.trim();
}

prepareMenu();
prepareColours();
followReader();
showPageInMenu();
listenToKeys();
letMarksBeHidden();
searchForAddress();
reachWhatScrolls();
letCommandsBeCopied();

// The theme calls these headings, and does not say of which level.
for (const caption of document.querySelectorAll("p.caption[role=heading]")) {
  caption.ariaLevel = 2;
}

// What is folded on the screen is open on paper.
window.addEventListener("beforeprint", () => {
  for (const fold of document.querySelectorAll("details")) {
    fold.open = true;
  }
});
