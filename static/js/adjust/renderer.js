// Draws a picture with adjustments into a canvas of the picture's size.
import { VERTICES, fragments } from "./shader.js";

const UNIFORMS = ["intensity", "saturation", "warmth", "tint", "levels", "restores", "isMasked", "picture", "mask"];

export class Renderer {
  // Throws where the browser has no WebGL 2, or the picture is too large for it.
  constructor(canvas, picture, engine) {
    const gl = canvas.getContext("webgl2", { alpha: false, preserveDrawingBuffer: true });
    if (!gl) throw new Error("No WebGL 2.");
    const { naturalWidth, naturalHeight } = picture;
    if (Math.max(naturalWidth, naturalHeight) > gl.getParameter(gl.MAX_TEXTURE_SIZE)) throw new Error("Too large.");
    canvas.width = naturalWidth;
    canvas.height = naturalHeight;
    Object.assign(this, { gl, picture, engine });
    this.#prepare();
    // A phone takes the graphics card away from pages in the background.
    canvas.addEventListener("webglcontextlost", (event) => event.preventDefault());
    canvas.addEventListener("webglcontextrestored", () => {
      this.#prepare();
      this.draw(this.last, this.mask);
    });
  }

  #prepare() {
    const { gl } = this;
    const program = gl.createProgram();
    gl.attachShader(program, compiled(gl, gl.VERTEX_SHADER, VERTICES));
    gl.attachShader(program, compiled(gl, gl.FRAGMENT_SHADER, fragments(this.engine)));
    gl.linkProgram(program);
    gl.useProgram(program);
    this.uniforms = Object.fromEntries(UNIFORMS.map((name) => [name, gl.getUniformLocation(program, name)]));
    gl.uniform1i(this.uniforms.picture, 0);
    gl.uniform1i(this.uniforms.mask, 1);
    gl.pixelStorei(gl.UNPACK_COLORSPACE_CONVERSION_WEBGL, gl.NONE);
    gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, false);
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    texture(gl, gl.TEXTURE0);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGB, gl.RGB, gl.UNSIGNED_BYTE, this.picture);
    texture(gl, gl.TEXTURE1);
    this.drawnMask = null;
  }

  draw(choices, mask) {
    const { gl, uniforms, engine } = this;
    Object.assign(this, { last: choices, mask });
    gl.viewport(0, 0, gl.canvas.width, gl.canvas.height);
    for (const name of ["intensity", "saturation", "warmth", "tint"]) {
      gl.uniform1f(uniforms[name], choices[name] / engine.MOST);
    }
    gl.uniform1i(uniforms.restores, choices.levels ? 1 : 0);
    const { black, white, gamma } = choices.levels ?? { black: 0, white: 255, gamma: 100 };
    gl.uniform3f(uniforms.levels, black, white, gamma);
    gl.uniform1i(uniforms.isMasked, choices.gray.length ? 1 : 0);
    if (choices.gray.length && this.drawnMask !== mask.version) {
      gl.activeTexture(gl.TEXTURE1);
      gl.texImage2D(gl.TEXTURE_2D, 0, gl.R8, mask.width, mask.height, 0, gl.RED, gl.UNSIGNED_BYTE, mask.pixels);
      this.drawnMask = mask.version;
    }
    gl.drawArrays(gl.TRIANGLES, 0, 3);
  }
}

function compiled(gl, kind, source) {
  const shader = gl.createShader(kind);
  gl.shaderSource(shader, source);
  gl.compileShader(shader);
  if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS) && !gl.isContextLost()) {
    throw new Error(gl.getShaderInfoLog(shader));
  }
  return shader;
}

function texture(gl, unit) {
  gl.activeTexture(unit);
  gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
  for (const side of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T]) gl.texParameteri(gl.TEXTURE_2D, side, gl.CLAMP_TO_EDGE);
  for (const way of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) gl.texParameteri(gl.TEXTURE_2D, way, gl.NEAREST);
}
