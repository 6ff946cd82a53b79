// Swagger UI, in the colors of the site, with the session of whoever looks at it.
const place = document.getElementById("api-docs");
const root = document.documentElement;
const dark = window.matchMedia("(prefers-color-scheme: dark)");

const adoptTheme = () => {
  const theme = root.dataset.theme ?? (dark.matches ? "dark" : "light");
  root.classList.toggle("dark-mode", theme === "dark");
};

adoptTheme();
dark.addEventListener("change", adoptTheme);

SwaggerUIBundle({
  url: place.dataset.schema,
  domNode: place,
  deepLinking: true,
  docExpansion: "none",
  defaultModelsExpandDepth: -1,
  filter: true,
  validatorUrl: null,
  requestInterceptor: (request) => {
    request.headers["X-CSRFToken"] = place.dataset.csrfToken;
    return request;
  },
});
