// The card's side of the frame: tells its height to the page that framed it, once that page has said hello.
(() => {
  "use strict";
  const root = document.documentElement;
  const allowed = root.dataset.origins?.split(" ");
  let listener = null;

  const tell = () => {
    if (!listener) return;
    const height = Math.ceil(document.body.getBoundingClientRect().height);
    window.parent.postMessage({ limber: "height", height }, listener);
  };

  addEventListener("message", (event) => {
    if (window.parent === window || event.source !== window.parent || event.origin === "null") return;
    if (allowed && !allowed.includes(event.origin) && event.origin !== location.origin) return;
    const { limber, theme } = event.data ?? {};
    if (limber !== "hello" && limber !== "theme") return;
    if (["light", "dark"].includes(theme)) root.dataset.theme = theme;
    else delete root.dataset.theme;
    if (limber === "hello") {
      listener = event.origin;
      tell();
    }
  });
  new ResizeObserver(tell).observe(document.body);
})();
