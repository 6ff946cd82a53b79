// Links that are shared: copied, or handed to another app of the phone.
const note = document.getElementById("share-status");
const addressOf = (button) => button.closest(".share").querySelector(".share__address");

async function copy(button) {
  const field = addressOf(button);
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    // Without https browsers have no clipboard for pages: what is selected is copied by the keyboard.
    note.textContent = button.dataset.failed;
    field.focus();
    return;
  }
  const label = button.querySelector("span");
  const text = button.dataset.text ??= label.textContent;
  label.textContent = note.textContent = button.dataset.done;
  setTimeout(() => {
    label.textContent = text;
  }, 2000);
}

document.addEventListener("click", ({ target }) => {
  const copying = target.closest("[data-copy]");
  if (copying) copy(copying);
  const sending = target.closest("[data-send]");
  // Who closes the list of apps has changed their mind.
  if (sending) navigator.share({ title: sending.dataset.send, url: addressOf(sending).value }).catch(() => {});
  if (target.matches(".share__address")) target.select();
});

if (navigator.share) for (const button of document.querySelectorAll("[data-send]")) button.hidden = false;
