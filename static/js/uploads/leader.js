// One tab of a browser sends; when it is closed, another one goes on.
const LEASE = 10_000;

export function whenLeading(queue, start) {
  const { store, user } = queue;
  if (!store.lasts) {
    start();
  } else if (navigator.locks) {
    navigator.locks.request(`uploads-${user}`, () => {
      start();
      return new Promise(() => {}); // until the page is left
    });
  } else {
    // Without https browsers have no locks.
    const holder = Math.random();
    let isLeading = false;
    const renew = async () => {
      const isHeld = await store.lease(holder, LEASE);
      if (isHeld && !isLeading) start();
      isLeading ||= isHeld;
    };
    renew();
    setInterval(renew, LEASE / 4);
    addEventListener("pagehide", () => isLeading && store.lease(holder, 0));
  }
}
