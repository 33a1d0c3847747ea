/* Roadstead's own script: theme, copy buttons, the / key, menus, dialogs, counters. Every page works without it. */
(function () {
  "use strict";
  const root = document.documentElement;

  function isDark() {
    return root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  }

  /* The server reads the cookie, so that the next page comes in the right colours. */
  function switchTheme() {
    root.dataset.theme = isDark() ? "light" : "dark";
    document.cookie = "theme=" + root.dataset.theme + "; path=/; max-age=31536000; samesite=lax";
  }

  function toast(text) {
    const box = document.getElementById("toasts");
    if (!box) return;
    const note = document.createElement("div");
    note.className = "toast";
    note.textContent = text;
    box.replaceChildren(note);
    setTimeout(() => note.remove(), 4000);
  }

  function swapIcon(button, from, to) {
    const use = button.querySelector("use");
    if (use) use.setAttribute("href", use.getAttribute("href").replace(from, to));
  }

  function copy(button) {
    if (!navigator.clipboard) return;
    navigator.clipboard.writeText(button.dataset.copy).then(() => {
      button.classList.add("done");
      swapIcon(button, "i-copy", "i-check");
      toast(document.getElementById("toasts").dataset.copied);
      setTimeout(() => {
        button.classList.remove("done");
        swapIcon(button, "i-check", "i-copy");
      }, 1600);
    });
  }

  function openMenus() {
    return document.querySelectorAll("details.menu[open]");
  }

  document.addEventListener("click", (event) => {
    const target = event.target.closest("[data-theme-toggle],[data-copy],[data-dialog],[data-close]");
    if (target?.matches("[data-theme-toggle]")) switchTheme();
    else if (target?.matches("[data-copy]")) copy(target);
    else if (target?.matches("[data-dialog]")) {
      /* Where there is no script, the link leads to the same form on a page of its own. */
      event.preventDefault();
      document.getElementById(target.dataset.dialog).showModal();
    } else if (target?.matches("[data-close]") && target.closest("dialog")) {
      /* On a page of its own the same link leads back. */
      event.preventDefault();
      target.closest("dialog").close();
    }
    openMenus().forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });

  document.addEventListener("keydown", (event) => {
    const isTyping = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
    if (event.key === "/" && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const field = document.querySelector("[role=search] input[type=search]");
      if (field) { event.preventDefault(); field.focus(); }
    }
    if (event.key === "Escape") openMenus().forEach((menu) => {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  });

  /* Filters that a browser without script sends with a button are sent when they change. */
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submit]") && !window.htmx) event.target.form.requestSubmit();
  });

  document.addEventListener("input", (event) => {
    const field = event.target;
    if (field.dataset.counter) {
      document.querySelector(field.dataset.counter).textContent = [...field.value].length + " / " + field.maxLength;
    }
    if (field.dataset.mirror) {
      document.querySelectorAll(field.dataset.mirror).forEach((place) => { place.textContent = field.value || "NAME"; });
    }
    if (field.dataset.confirm) {
      field.form.querySelector("[type=submit]").disabled = field.value !== field.dataset.confirm;
    }
  });

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll(".tabs [aria-current], .sidenav [aria-current]").forEach((item) => {
      const row = item.parentElement;
      row.scrollLeft = item.offsetLeft - row.clientWidth / 2 + item.offsetWidth / 2;
    });
  });
})();
