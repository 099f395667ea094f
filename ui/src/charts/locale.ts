// uPlot formats with the browser's language as soon as it is loaded, and throws where that is no valid tag (such as the
// "en-US@posix" of browsers without a locale). This module has to be imported before it.
try {
  new Intl.Locale(navigator.language);
} catch (error) {
  if (!(error instanceof RangeError)) throw error;
  Object.defineProperty(navigator, "language", { value: "en", configurable: true });
}
