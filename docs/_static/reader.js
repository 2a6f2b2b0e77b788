"use strict";

// What a page can do. Every one can be read without it, and this replaces the theme's own script.

const menu = document.querySelector(".wy-nav-side");
const listOfPages = menu.querySelector(".wy-menu-vertical");

// A telephone hides the menu until its button is pressed.
function openMenu(open) {
  for (const part of document.querySelectorAll("[data-toggle='wy-nav-shift']")) {
    part.classList.toggle("shift", open);
  }
  document.querySelector(".wy-nav-content").inert = open;
  document.querySelector(".reader-menu").ariaExpanded = open;
}

function prepareMenu() {
  const button = document.querySelector(".reader-menu");
  const isOpen = () => button.ariaExpanded === "true";
  button.addEventListener("click", () => {
    openMenu(!isOpen());
    // The menu stands before its button: lead the keyboard back to it.
    if (isOpen()) menu.querySelector("input, a").focus({ preventScroll: true });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && isOpen()) {
      openMenu(false);
      button.focus();
    }
  });
  menu.addEventListener("click", (event) => {
    if (event.target.closest("a[href*='#']")) openMenu(false);
  });
}

// The branch of the menu that this page is on can be folded away.
function addFold(branch) {
  const link = branch.parentElement.querySelector(":scope > a");
  const fold = document.createElement("button");
  fold.type = "button";
  fold.className = "toctree-expand";
  fold.ariaExpanded = true;
  fold.ariaLabel = `What is in ${link.textContent}`;
  fold.addEventListener("click", () => {
    branch.hidden = !branch.hidden;
    fold.ariaExpanded = !branch.hidden;
  });
  link.after(fold);
}

// The menu shows where the page is, and which of its sections is on the screen.
function followReader() {
  const places = new Map();
  for (const link of listOfPages.querySelectorAll("a[href^='#']")) {
    const section = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (section) places.set(section, link);
    else link.ariaCurrent = "page";
  }
  const onScreen = new Set();
  const watcher = new IntersectionObserver(
    (changes) => {
      for (const { target, isIntersecting } of changes) {
        if (isIntersecting) onScreen.add(target);
        else onScreen.delete(target);
      }
      const here = [...places.keys()].filter((section) => onScreen.has(section)).pop();
      for (const [section, link] of places) link.ariaCurrent = section === here ? "location" : null;
    },
    { rootMargin: "0px 0px -75% 0px" },
  );
  for (const section of places.keys()) watcher.observe(section);
}

// Where a thing is, is asked of observers: they answer after the browser has drawn the page, and do
// not make it draw a long one twice.
function showPageInMenu() {
  const here = [...listOfPages.querySelectorAll("a.current")].pop();
  if (!here) return;
  const watcher = new IntersectionObserver(([{ boundingClientRect, isIntersecting }]) => {
    watcher.disconnect();
    if (!isIntersecting) menu.querySelector(".wy-side-scroll").scrollTop = boundingClientRect.top / 2;
  });
  watcher.observe(here);
}

// What scrolls must be in reach of the keyboard, and what does not need not be a stop on the way.
function reachWhatScrolls() {
  const watcher = new ResizeObserver((boxes) => {
    for (const { target } of boxes) {
      if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
      else target.removeAttribute("tabindex");
    }
  });
  for (const box of document.querySelectorAll(".highlight pre, .wy-table-responsive")) {
    watcher.observe(box);
  }
}

prepareMenu();
listOfPages.querySelectorAll("li.current > ul").forEach(addFold);
followReader();
showPageInMenu();
reachWhatScrolls();

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
