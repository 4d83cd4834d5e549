// Makes pages livelier where scripts run: search as you type, filters that apply at once, the print button.
(() => {
  "use strict";
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }

  const form = document.querySelector("[data-finder]");
  if (!form) return;
  const WAIT_MILLISECONDS = 180;
  let timer = 0;
  let asked = null;

  // The server finds and draws; only the results of the answered page are taken over.
  const find = async () => {
    asked?.abort();
    asked = new AbortController();
    const query = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
    const address = `/${query.size ? "?" : ""}${query}`;
    try {
      const answer = await fetch(address, { signal: asked.signal, headers: { Accept: "text/html" } });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      document.querySelector("[data-results]").replaceWith(page.querySelector("[data-results]"));
      history.replaceState(null, "", address);
    } catch (error) {
      if (error.name !== "AbortError") form.submit();
    }
  };

  form.addEventListener("input", (event) => {
    clearTimeout(timer);
    timer = setTimeout(find, event.target.type === "search" ? WAIT_MILLISECONDS : 0);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    find();
  });
})();
