/* Buttons under a diff: one copies the new lines, one the whole file as it is after the change. */
"use strict";
{
  const COPIED = 2000; // milliseconds for which a button says so

  /** Read the added lines of a diff as they are in the file. */
  const newLines = (pre) => {
    const lines = pre.textContent.replace(/\n$/, "").split("\n");
    const start = lines.findIndex((line) => !/^(diff|index) /.test(line));
    const heads = /^--- /.test(lines[start]) && /^\+\+\+ /.test(lines[start + 1]) ? 2 : 0;
    return lines
      .slice(start + heads)
      .filter((line) => line.startsWith("+"))
      .map((line) => line.slice(1).trimEnd())
      .join("\n")
      .replace(/^\n+|\n+$/g, "");
  };

  const scripts = new Map();

  /** Load the files that a run has recorded for a page, once. */
  const load = (address) => {
    if (!scripts.has(address)) {
      const loaded = new Promise((resolve, reject) => {
        const script = document.createElement("script");
        script.src = address;
        script.onload = () => resolve(script.files);
        script.onerror = () => {
          scripts.delete(address);
          reject(new Error(`${address} can't be loaded`));
        };
        document.head.append(script);
      });
      scripts.set(address, loaded);
    }
    return scripts.get(address);
  };

  /** Copy where the browser has no clipboard for scripts, such as on a host without HTTPS. */
  const copyBySelection = (text) => {
    const field = document.createElement("textarea");
    field.value = text;
    field.className = "runthrough-to-copy";
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    if (!done) throw new Error("the browser doesn't let this page copy");
  };

  const copy = async (text) => {
    if (navigator.clipboard) await navigator.clipboard.writeText(text);
    else copyBySelection(text);
  };

  /** Have a button copy what `read` returns or promises, and say whether that was done. */
  const prepare = (button, read, status) => {
    const label = button.textContent;
    button.addEventListener("click", async () => {
      let said = "Copied";
      try {
        await copy(await read());
      } catch (error) {
        console.error(error);
        said = "Couldn't copy";
      }
      button.textContent = status.textContent = said;
      setTimeout(() => {
        button.textContent = label;
        status.textContent = "";
      }, COPIED);
      button.focus({ preventScroll: true });
    });
  };

  const addButton = (row, label, read, status) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = label;
    prepare(button, read, status);
    row.append(button);
    return button;
  };

  /** Find the place of the button for the whole file among what a build has put under a block. */
  const wholeUnder = (block) => {
    let next = (block.closest(".literal-block-wrapper") ?? block).nextElementSibling;
    while (next?.matches(".runthrough-note, .runthrough-badge, .runthrough-whole")) {
      if (next.matches(".runthrough-whole")) return next;
      next = next.nextElementSibling;
    }
    return null;
  };

  const addButtons = (block) => {
    const pre = block.querySelector("pre");
    const row = document.createElement("div");
    row.className = "runthrough-copying";
    const status = document.createElement("span");
    status.className = "runthrough-copied";
    status.role = "status";
    const text = newLines(pre);
    if (text) addButton(row, "Copy new lines", () => text, status);
    const whole = wholeUnder(block);
    if (whole) {
      const { script, file } = whole.dataset;
      const read = async () => (await load(script))[file].replace(/\n$/, "");
      const button = addButton(row, "Copy whole file", read, status);
      for (const event of ["pointerenter", "focus"]) {
        button.addEventListener(event, () => load(script).catch(() => {}));
      }
    }
    if (row.children.length) {
      row.append(status);
      pre.after(row);
    }
  };

  document.querySelectorAll(".highlight-diff").forEach(addButtons);
}
