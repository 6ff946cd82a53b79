// The arithmetic of colorizer/engine/adjusting.py for the graphics card, number by number.
const float = (number) => (Number.isInteger(number) ? `${number}.0` : String(number));
const vector = (numbers) => `vec${numbers.length}(${numbers.map(float).join(", ")})`;

export const VERTICES = `#version 300 es
void main() {
  // One triangle that covers everything.
  gl_Position = vec4(gl_VertexID == 1 ? 3.0 : -1.0, gl_VertexID == 2 ? 3.0 : -1.0, 0.0, 1.0);
}`;

export const fragments = (engine) => `#version 300 es
precision highp float;
precision highp sampler2D;
uniform sampler2D picture, mask;
uniform float intensity, saturation, warmth, tint;
uniform vec3 levels;
uniform bool restores, isMasked;
out vec4 color;

// Bilinear between the centers of its pixels; beyond the outermost it goes on evenly.
float cover(ivec2 place, ivec2 size) {
  ivec2 last = textureSize(mask, 0) - 1;
  vec2 scale = vec2(last + 1) / vec2(size);
  vec2 center = clamp((vec2(place) + 0.5) * scale - 0.5, vec2(0.0), vec2(last));
  ivec2 first = ivec2(floor(center)), next = min(first + 1, last);
  vec2 share = center - vec2(first);
  float above = texelFetch(mask, first, 0).r, below = texelFetch(mask, ivec2(first.x, next.y), 0).r;
  float right = texelFetch(mask, ivec2(next.x, first.y), 0).r, corner = texelFetch(mask, next, 0).r;
  float left = mix(above, below, share.y);
  return mix(left, mix(right, corner, share.y), share.x);
}

void main() {
  ivec2 size = textureSize(picture, 0);
  ivec2 place = ivec2(gl_FragCoord.x, float(size.y) - gl_FragCoord.y);
  vec3 rgb = texelFetch(picture, place, 0).rgb * 255.0;
  float luma = dot(rgb, ${vector(engine.LUMA_OF_RGB)});
  vec2 chroma = vec2((rgb.b - luma) / ${float(engine.BLUE_OF_CB)}, (rgb.r - luma) / ${float(engine.RED_OF_CR)});
  if (restores) {
    float share = clamp((luma - levels.x) / (levels.y - levels.x), 0.0, 1.0);
    luma = share > 0.0 ? 255.0 * pow(share, 100.0 / levels.z) : 0.0;
  }
  float vivid = length(chroma) / (length(chroma) + ${float(engine.VIVID_CHROMA)});
  float gain = (1.0 + intensity) * (1.0 + saturation * (saturation > 0.0 ? 1.0 - vivid : vivid));
  float y = luma / 255.0;
  vec2 shift = ${float(engine.CAST_CHROMA)} * (warmth * ${vector(engine.ORANGE)} + tint * ${vector(engine.MAGENTA)});
  chroma = chroma * gain + shift * 4.0 * y * (1.0 - y);
  if (isMasked) chroma *= 1.0 - cover(place, size);
  vec3 offsets = vec3(
    ${float(engine.RED_OF_CR)} * chroma.y,
    ${float(engine.GREEN_OF_CB)} * chroma.x + ${float(engine.GREEN_OF_CR)} * chroma.y,
    ${float(engine.BLUE_OF_CB)} * chroma.x
  );
  float share = 1.0;
  for (int band = 0; band < 3; band++) {
    float room = offsets[band] > 0.0 ? 255.0 - luma : luma;
    if (abs(offsets[band]) > room) share = min(share, room / abs(offsets[band]));
  }
  color = vec4((luma + share * offsets) / 255.0, 1.0);
}`;
