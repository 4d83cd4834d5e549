// Makes the embed builder live: every choice shows at once, and snippets are copied by a button.
(() => {
  "use strict";
  const form = document.querySelector("[data-builder]");
  let asked = null;

  const prepare = () => {
    for (const button of document.querySelectorAll("[data-copy]")) {
      button.hidden = false;
      button.addEventListener("click", async () => {
        const field = document.getElementById(button.dataset.copy);
        try {
          await navigator.clipboard.writeText(field.value);
        } catch {
          field.select(); // without a secure context the person copies by hand
          return;
        }
        const told = document.querySelector("[data-copied]");
        const before = button.textContent;
        button.textContent = told.textContent = told.dataset.words;
        setTimeout(() => { button.textContent = before; told.textContent = ""; }, 2000);
      });
    }
  };

  const show = async () => {
    if (!form.reportValidity()) return;
    asked?.abort();
    asked = new AbortController();
    const query = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
    try {
      const answer = await fetch(`/embed?${query}`, { signal: asked.signal, headers: { Accept: "text/html" } });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      document.querySelector("[data-result]").replaceWith(page.querySelector("[data-result]"));
      history.replaceState(null, "", `/embed?${query}`);
      prepare();
    } catch (error) {
      if (error.name !== "AbortError") form.submit();
    }
  };

  form.addEventListener("change", (event) => {
    if (event.target.name === "lang") form.submit();
    else show();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    show();
  });
  prepare();
})();
