// Films on a page: the divider between gray and color, trials that play together, and the way to correct the colors of
// the frame that is shown.
// By delegation, since players come and go while a film is being colored.
document.documentElement.classList.add("plays-films");

document.addEventListener("input", ({ target }) => {
  if (target.matches(".film__divider")) target.parentElement.style.setProperty("--divider", `${target.value}%`);
});

const others = (video) => {
  const all = video.closest(".trials__list")?.querySelectorAll("video") ?? [];
  return [...all].filter((other) => other !== video);
};

// What one of them does, the others do; what they do because of it changes nothing any more.
const follow = {
  play: (video, leader) => {
    if (!video.paused) return;
    video.currentTime = leader.currentTime;
    video.play().catch(() => {});
  },
  pause: (video, leader) => {
    if (!leader.ended) video.pause();
  },
  seeking: (video, leader) => {
    if (Math.abs(video.currentTime - leader.currentTime) > 0.05) video.currentTime = leader.currentTime;
  },
  ratechange: (video, leader) => {
    video.playbackRate = leader.playbackRate;
  },
};
for (const [name, step] of Object.entries(follow)) {
  // Events of media do not bubble.
  document.addEventListener(name, ({ target }) => others(target).forEach((video) => step(video, target)), true);
}

document.addEventListener("click", ({ target }) => {
  const link = target.closest("[data-at-moment]");
  const video = document.querySelector(".stage video");
  if (!link || !video?.currentTime) return;
  const { first, last } = link.dataset;
  const address = new URL(link.href);
  const seconds = Math.min(Number(last), Number(first) + video.currentTime);
  address.searchParams.set("seconds", Math.floor(seconds * 1000) / 1000);
  link.href = address;
});
