// What allauth's scripts leave to the site: to say in words when a browser can't use passkeys, or somebody cancels.

function show(name) {
  document.querySelector(`[data-passkey="${name}"]`).hidden = false;
}

// Browsers have passkeys only where nobody can listen in, and not at addresses that are numbers.
if (!window.PublicKeyCredential || !window.isSecureContext || /^[\d.]+$|^\[/.test(location.hostname)) {
  for (const button of document.querySelectorAll("#passkey, #passkey_login")) button.disabled = true;
  // On the page to log in, most people came for their password.
  if (document.getElementById("passkey_login")) document.getElementById("passkey_login").hidden = true;
  else show("impossible");
}

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  show("failed");
});
