"use strict";

// The editor: YASGUI, told of this server, its named queries and its ontology. It asks no other server for anything.
(() => {
  const { prefixes, examples, terms } = JSON.parse(document.getElementById("data").textContent);
  const lang = document.documentElement.lang === "de" ? "de" : "en";
  const { Yasgui } = window;
  const { Yasqe } = Yasgui;
  const inherited = Yasqe.Autocompleters;
  const byIri = new Map(terms.map((term) => [term.term, term]));

  const matches = (term, words) => term.term.toLowerCase().startsWith(words)
    || term.term.slice(prefixes.kg.length).toLowerCase().includes(words.slice(prefixes.kg.length))
      && words.startsWith(prefixes.kg.toLowerCase());

  const describe = (hint, iri) => {
    const term = byIri.get(iri);
    hint.render = (element) => {
      for (const [name, text] of [
        ["term", hint.text],
        ["label", term[`label_${lang}`]],
        ["about", term[`about_${lang}`]],
      ]) {
        const part = document.createElement("span");
        part.className = `hint-${name}`;
        part.textContent = text;
        element.append(part);
      }
    };
    return hint;
  };

  let offered = [];
  Yasqe.registerAutocompleter({
    name: "ontology",
    bulk: false,
    autoShow: true,
    isValidCompletionPosition: (yasqe) => /^(<|[\w-]*:)/.test(yasqe.getCompleteToken().string),
    preProcessToken: inherited.property.preProcessToken,
    postProcessSuggestion: inherited.property.postProcessSuggestion,
    get: (yasqe, token) => {
      const words = ((token && token.autocompletionString) || "").toLowerCase();
      offered = terms.filter((term) => matches(term, words)).map((term) => term.term);
      return Promise.resolve(offered);
    },
    postprocessHints: (yasqe, hints) => hints.map((hint, number) => describe(hint, offered[number])),
  }, false);
  Yasqe.registerAutocompleter({
    ...inherited.prefixes,
    persistenceId: null,
    get: () => Promise.resolve(Object.entries(prefixes).map(([prefix, iri]) => `${prefix}: <${iri}>`).sort()),
  }, false);

  const table = Yasgui.Yasr.plugins.table.prototype;
  const { draw } = table;
  table.draw = function simply(settings) {
    return draw.call(this, { compact: true, ...settings });
  };

  const box = document.getElementById("yasgui");
  const first = box.querySelector("textarea").value; // of the form that works without this script
  const [query, size] = lang === "de" ? ["Abfrage", "Zeilen je Seite"] : ["Query", "Rows per page"];
  box.replaceChildren();

  // What YASGUI leaves unsaid to screen readers, and the Tab key, which in the editor would hold the keyboard fast.
  const mend = () => {
    for (const editor of box.querySelectorAll(".CodeMirror:not([data-mended])")) {
      editor.dataset.mended = "";
      editor.querySelector("textarea").setAttribute("aria-label", query);
      editor.querySelector(".CodeMirror-scroll").tabIndex = 0;
      const keys = editor.CodeMirror.getOption("extraKeys");
      editor.CodeMirror.setOption("extraKeys", { ...keys, Tab: false, "Shift-Tab": false });
    }
    for (const select of box.querySelectorAll("select.tableSizer:not([aria-label])")) {
      select.setAttribute("aria-label", size);
    }
    for (const button of box.querySelectorAll(".addTab:not([role])")) {
      button.setAttribute("role", "tab"); // a list of tabs holds nothing else
      button.setAttribute("aria-selected", "false");
    }
  };
  new MutationObserver(mend).observe(box, { childList: true, subtree: true });
  const yasgui = new Yasgui(box, {
    requestConfig: { endpoint: new URL("/sparql", location.href).href, method: "POST" },
    copyEndpointOnNewTab: false,
    persistenceId: "kgraph",
    yasqe: {
      autocompleters: ["prefixes", "ontology", "variables"],
      value: first,
      resizeable: true,
    },
    yasr: { prefixes, persistenceId: null },
  });

  document.querySelector(".examples").addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) {
      return;
    }
    event.preventDefault();
    const example = examples.find((one) => one.name === button.value);
    const tab = yasgui.addTab(true, { name: example.title[lang], yasqe: { value: example.text } });
    tab.query();
  });

  window.kgraph = { yasgui };
})();
