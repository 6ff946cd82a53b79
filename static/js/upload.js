// Each photo is uploaded by a request of its own, with its own progress, response and error.
const UPLOADS_AT_ONCE = 2;
// A file is sent again when the site is busy, when there were too many requests, and when the connection was lost.
const TRIES = 12;
const TRY_AGAIN = new Set([0, 429, 502, 503, 504]);
const USUAL_WAIT_SECONDS = 5;

// Says how far all files are; it lies over the page, so that three hundred files push nothing away.
function uploadPanel(element) {
  const text = element.querySelector(".upload-panel__text");
  const progress = element.querySelector("summary progress");
  const close = element.querySelector(".upload-panel__close");
  let added = 0;
  let done = 0;
  let failed = 0;
  let begun = 0;

  function minutesLeft() {
    const settled = done + failed;
    const left = ((Date.now() - begun) / settled) * (added - settled);
    return settled && left > 60_000 ? `, about ${Math.ceil(left / 60_000)} min left` : "";
  }

  function show() {
    const isOver = done + failed === added;
    text.textContent = `${done} of ${added} uploaded${failed ? `, ${failed} failed` : ""}${minutesLeft()}`;
    progress.value = (100 * (done + failed)) / added;
    element.hidden = isOver && !failed;
    close.hidden = !isOver;
    if (isOver) document.getElementById("announcer").textContent = text.textContent;
    if (isOver && !failed) reset();
  }

  function reset() {
    added = done = failed = 0;
    element.hidden = true;
  }

  close.addEventListener("click", () => {
    element.querySelector(".uploads").replaceChildren();
    reset();
  });

  return {
    add(number) {
      if (!added) begun = Date.now();
      added += number;
      element.open = added <= 5;
      show();
    },
    settle(isDone) {
      if (isDone) done += 1;
      else failed += 1;
      show();
    },
    open() {
      element.open = true;
    },
  };
}

for (const form of document.querySelectorAll("form.uploader")) {
  const zone = form.querySelector(".dropzone");
  const input = zone.querySelector("input[type=file]");
  const rows = form.querySelector(".uploads");
  const panel = uploadPanel(form.querySelector(".upload-panel"));
  const [rowTemplate, failedTemplate, loggedOutTemplate] = form.querySelectorAll("template");
  const sheet = document.getElementById("sheet");
  const waiting = [];
  let underWay = 0;
  let pauses = 0;

  function newRow(template, file) {
    const row = template.content.firstElementChild.cloneNode(true);
    row.querySelector(".upload__name").textContent = file.name;
    return row;
  }

  function add(files) {
    for (const file of files) {
      const body = new FormData(form);
      body.set(input.name, file);
      const row = newRow(rowTemplate, file);
      rows.append(row);
      waiting.push({ file, body, row, triesLeft: TRIES });
    }
    panel.add(files.length);
    sendWaiting();
  }

  function sendWaiting() {
    while (!pauses && underWay < UPLOADS_AT_ONCE && waiting.length) send(waiting.shift());
  }

  function send(upload) {
    const { file, body, row } = upload;
    const state = row.querySelector(".upload__state");
    state.textContent = "Uploading";
    upload.triesLeft -= 1;
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("HX-Request", "true");
    request.upload.addEventListener("progress", ({ loaded, total }) => {
      row.querySelector("progress").value = (100 * loaded) / total;
      if (loaded === total) state.textContent = "Checking";
    });
    request.addEventListener("loadend", () => {
      underWay -= 1;
      if (isLoggedOut(request)) {
        waitForLogin(upload);
      } else if (TRY_AGAIN.has(request.status) && upload.triesLeft) {
        sendLater(upload, Number(request.getResponseHeader("Retry-After")) || USUAL_WAIT_SECONDS);
      } else {
        // Only our own responses are shown: the error page of a proxy or a debugger means nothing to people.
        settle(file, row, request.status < 500 ? request.responseText : "");
      }
      sendWaiting();
    });
    underWay += 1;
    request.send(body);
  }

  // What kept this file will keep the others, too: none is sent until then.
  function sendLater(upload, seconds) {
    upload.row.querySelector(".upload__state").textContent = "Waiting";
    upload.row.querySelector("progress").value = 0;
    waiting.unshift(upload);
    pauses += 1;
    setTimeout(() => {
      pauses -= 1;
      sendWaiting();
    }, seconds * 1000);
  }

  // Django sends who is not logged in to another page.
  function isLoggedOut({ status, responseURL }) {
    return status === 401 || (responseURL && new URL(responseURL).pathname !== new URL(form.action).pathname);
  }

  // Nothing is lost: the files wait for the login in another tab.
  function waitForLogin(upload) {
    upload.row.querySelector(".upload__state").textContent = "Waiting";
    upload.row.querySelector("progress").value = 0;
    waiting.unshift(upload);
    if (rows.querySelector(".upload--logged-out")) return;
    panel.open();
    pauses += 1;
    const notice = loggedOutTemplate.content.firstElementChild.cloneNode(true);
    notice.querySelector("button").addEventListener("click", () => goOn(notice));
    rows.prepend(notice);
  }

  // A login changes the token of all forms.
  async function goOn(notice) {
    const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
    const token = page.querySelector("form.uploader [name=csrfmiddlewaretoken]");
    if (!token) return;
    form.querySelector("[name=csrfmiddlewaretoken]").value = token.value;
    for (const { body } of waiting) body.set(token.name, token.value);
    notice.remove();
    pauses -= 1;
    sendWaiting();
  }

  function settle(file, row, response) {
    const page = new DOMParser().parseFromString(response, "text/html");
    const card = page.querySelector("li:has(> .photo-card)");
    if (card) {
      row.remove();
      sheet.prepend(card);
      htmx.process(card);
      panel.settle(true);
    } else {
      panel.settle(false);
      row.replaceWith(page.querySelector(".upload--failed") ?? newRow(failedTemplate, file));
    }
  }

  addEventListener("beforeunload", (event) => {
    if (underWay || waiting.length) event.preventDefault();
  });
  input.addEventListener("change", () => {
    const files = [...input.files];
    input.value = "";
    add(files);
  });
  for (const event of ["dragenter", "dragover"]) {
    zone.addEventListener(event, () => zone.classList.add("is-over"));
  }
  for (const event of ["dragleave", "drop"]) {
    zone.addEventListener(event, () => zone.classList.remove("is-over"));
  }
  // A file dropped beside the zone must not replace the page; one dropped on it must not be filtered by its name.
  addEventListener("dragover", (event) => event.preventDefault());
  addEventListener("drop", (event) => {
    event.preventDefault();
    add(event.dataTransfer.files);
  });
}
