// People and tags: what is typed becomes a list; Enter or a comma ends a name. Without this script
// the names stand in the field, with commas in between.
const SEPARATORS = /[,;\n\uff0c\uff1b\u3001]+/;

function make(field) {
  if (field.dataset.names === "made") return;
  field.dataset.names = "made";
  const sent = document.createElement("input");
  sent.type = "hidden";
  sent.name = field.name;
  const list = document.createElement("ul");
  list.className = "names";
  list.setAttribute("aria-label", field.labels[0].textContent.trim());
  const names = [];

  function show() {
    list.replaceChildren(...names.map(item));
    list.hidden = !names.length;
    keep();
  }

  // With what is still being typed: at the end it would move the button that is about to be clicked.
  function keep() {
    sent.value = [...names, field.value].join(",");
  }

  function item(name) {
    const row = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "×";
    button.setAttribute("aria-label", `${field.dataset.remove} ${name}`);
    button.addEventListener("click", () => {
      names.splice(names.indexOf(name), 1);
      show();
      field.focus();
    });
    row.append(name, button);
    return row;
  }

  function take() {
    for (const text of field.value.split(SEPARATORS)) {
      const name = text.trim();
      const isThere = names.some((other) => other.toLowerCase() === name.toLowerCase());
      if (name && !isThere) names.push(name);
    }
    field.value = "";
    show();
  }

  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Enter" && field.value.trim()) {
      event.preventDefault();
      take();
    } else if (event.key === "Backspace" && !field.value && names.length) {
      names.pop();
      show();
    }
  });
  field.addEventListener("input", (event) => {
    // A suggestion that was chosen replaces the text, whatever has been typed of it.
    const isChosen = event.inputType === "insertReplacementText" || !(event instanceof InputEvent);
    if (!event.isComposing && (isChosen || SEPARATORS.test(field.value))) take();
    else keep();
  });
  field.removeAttribute("name");
  field.before(list, sent);
  take();
}

function makeAll(root) {
  for (const field of root.querySelectorAll("[data-names]")) make(field);
}

makeAll(document);
document.addEventListener("htmx:load", ({ detail }) => makeAll(detail.elt));
