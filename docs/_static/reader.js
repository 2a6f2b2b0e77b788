"use strict";

document.addEventListener("DOMContentLoaded", () => {
  // A listing that scrolls must be in reach of the keyboard.
  for (const listing of document.querySelectorAll(".highlight pre")) {
    listing.tabIndex = 0;
  }
  // The theme calls these headings, and does not say of which level.
  for (const caption of document.querySelectorAll("p.caption[role=heading]")) {
    caption.ariaLevel = 2;
  }
});

// What is folded on the screen is open on paper.
window.addEventListener("beforeprint", () => {
  for (const fold of document.querySelectorAll("details")) {
    fold.open = true;
  }
});
