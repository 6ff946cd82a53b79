// All ways to choose files: drag and drop of files and folders, paste, and the fields of the dialog.
const HIDDEN = /^(\.|thumbs\.db$|desktop\.ini$)/i;
const byPath = new Intl.Collator(undefined, { numeric: true });

const read = (reader) => new Promise((resolve, reject) => reader.readEntries(resolve, reject));
const fileOf = (entry) => new Promise((resolve, reject) => entry.file(resolve, reject));

async function entriesOf(folder) {
  const reader = folder.createReader();
  const entries = [];
  // A reader gives a hundred at a time.
  for (let more; (more = await read(reader)).length; ) entries.push(...more);
  return entries.sort((a, b) => byPath.compare(a.name, b.name));
}

// One that the browser may not read keeps nobody from the others.
async function collect(entry, files, unreadable) {
  if (HIDDEN.test(entry.name)) return;
  try {
    if (entry.isFile) files.push(await fileOf(entry));
    else for (const inner of await entriesOf(entry)) await collect(inner, files, unreadable);
  } catch (error) {
    console.info(entry.fullPath, error.name);
    unreadable.push(entry.name);
  }
}

export async function dropped({ items, files }) {
  // Read at once: after the event the browser forgets them.
  const entries = [...items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.length) return { files: [...files], unreadable: [] };
  const found = { files: [], unreadable: [] };
  for (const entry of entries) await collect(entry, found.files, found.unreadable);
  return found;
}

export function chosen(input) {
  const files = [...input.files].filter((file) => !HIDDEN.test(file.name));
  if (input.webkitdirectory) files.sort((a, b) => byPath.compare(a.webkitRelativePath, b.webkitRelativePath));
  input.value = "";
  return files;
}

// A picture of the page that is dragged is a file, too, for the browser.
let isOwn = false;
const carriesFiles = ({ dataTransfer }) => !isOwn && dataTransfer?.types.includes("Files");

export function watchPage(overlay, take) {
  addEventListener("dragstart", () => (isOwn = true));
  addEventListener("dragend", () => (isOwn = false));
  addEventListener("dragenter", (event) => {
    if (carriesFiles(event)) overlay.hidden = false;
  });
  addEventListener("dragover", (event) => {
    if (carriesFiles(event)) event.preventDefault();
  });
  addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) overlay.hidden = true;
  });
  addEventListener("drop", async (event) => {
    overlay.hidden = true;
    if (!carriesFiles(event)) return;
    event.preventDefault();
    const { files, unreadable } = await dropped(event.dataTransfer);
    take(files, unreadable);
  });
  addEventListener("paste", ({ target, clipboardData }) => {
    // Programs for tables and texts copy a picture of it, too: in a field the text is meant.
    const isText = clipboardData?.types.includes("text/plain") && target.closest?.("input, textarea, [contenteditable]");
    if (clipboardData?.files.length && !isText) take([...clipboardData.files]);
  });
}
