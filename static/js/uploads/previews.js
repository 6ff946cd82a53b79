// A photo is seen in its place while it is on its way, where the browser can read the file.
const HEIGHT = 480;
let line = Promise.resolve();

// One after the other: a large photo takes hundreds of megabytes while it is decoded.
export function preview(place, file) {
  line = line.then(async () => draw(place, await file)).catch(() => {});
}

async function draw(place, file) {
  if (!file || !place.isConnected || !place.classList.contains("arrival")) return;
  const picture = await createImageBitmap(file, { resizeHeight: HEIGHT, resizeQuality: "medium" });
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [picture.width, picture.height];
  canvas.getContext("2d").drawImage(picture, 0, 0);
  picture.close();
  place.querySelector(".print").append(canvas);
}
