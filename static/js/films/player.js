// Films on a page: the divider between gray and color, and trials that play together.
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
