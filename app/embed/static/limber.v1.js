// <limber-exercise slug> and <limber-routine slug>: cards of this service, as high as what they show.
// Attributes: slug, intensity, lang, theme (auto, light, dark), partner. What stands inside shows where scripts are off.
(() => {
  "use strict";
  const origin = new URL(document.currentScript.src).origin;
  const word = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

  const define = (name, collection) => {
    if (customElements.get(name)) return;
    customElements.define(name, class extends HTMLElement {
      static observedAttributes = ["slug", "intensity", "lang", "theme", "partner"];
      #frame = null;

      connectedCallback() {
        addEventListener("message", this.#heard);
        this.#show();
      }

      disconnectedCallback() {
        removeEventListener("message", this.#heard);
        this.#frame?.remove();
        this.#frame = null;
      }

      attributeChangedCallback(attribute, before, after) {
        if (!this.isConnected || before === after) return;
        if (attribute === "theme" && this.#frame) this.#say("theme");
        else this.#show();
      }

      #show() {
        const slug = this.getAttribute("slug") ?? "";
        const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
        this.style.display ||= "block";
        if (!word.test(slug)) {
          this.#frame = null;
          root.replaceChildren(document.createElement("slot"));
          return;
        }
        const address = new URL(`/embed/${collection}/${slug}`, origin);
        for (const option of ["intensity", "lang", "theme", "partner"]) {
          if (this.getAttribute(option)) address.searchParams.set(option, this.getAttribute(option));
        }
        const frame = document.createElement("iframe");
        frame.src = address;
        frame.title = this.textContent.trim() || slug;
        frame.loading = "lazy";
        Object.assign(frame.style, { display: "block", width: "100%", height: "420px", border: "0" });
        frame.addEventListener("load", () => this.#say("hello"));
        this.#frame = frame;
        root.replaceChildren(frame);
      }

      // To the card alone: another document that the frame might have come to show hears nothing.
      #say(what) {
        const theme = this.getAttribute("theme") ?? "auto";
        this.#frame?.contentWindow?.postMessage({ limber: what, theme }, origin);
      }

      // From the card alone: of this origin, and of this very frame.
      #heard = (event) => {
        if (event.origin !== origin || !this.#frame || event.source !== this.#frame.contentWindow) return;
        const { limber, height } = event.data ?? {};
        if (limber === "height" && height > 0 && height < 100000) this.#frame.style.height = `${Math.ceil(height)}px`;
      };
    });
  };

  define("limber-exercise", "exercises");
  define("limber-routine", "routines");
})();
