// The proportions of pictures, before they are uploaded: their places on the page are made to measure.
const MOST = 48;
const PATIENCE = 1_500;

async function shapeOf(file) {
  const url = URL.createObjectURL(file);
  const picture = new Image();
  const known = new Promise((resolve) => {
    picture.onload = () => resolve(Math.round((1000 * picture.naturalWidth) / picture.naturalHeight));
    picture.onerror = () => resolve(undefined);
    setTimeout(resolve, PATIENCE);
  });
  picture.src = url;
  const permille = await known;
  URL.revokeObjectURL(url);
  return permille;
}

export function shapesOf(files) {
  return Promise.all(files.slice(0, MOST).map(shapeOf));
}
