// Finds errors in HTML.
import { require } from "./sites.mjs";

const { FileSystemConfigLoader, HtmlValidate } = require("html-validate");

export const validator = new HtmlValidate(new FileSystemConfigLoader({
  root: true,
  extends: ["html-validate:standard"],
  rules: {
    // Matters of taste, not of validity.
    "no-trailing-whitespace": "off",
    "long-title": "off",
    "no-inline-style": "error",
    // 'Yes' and the like: kb sets the language of each part.
    "require-sri": "off",
  },
}));
