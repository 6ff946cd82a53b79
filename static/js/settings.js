/* On a phone the sections are a row wider than the screen: the one that is open is brought into view. */
document
  .querySelector(".settings__sections [aria-current]")
  ?.scrollIntoView({ block: "nearest", inline: "center", behavior: "instant" });
