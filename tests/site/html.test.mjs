// html-validate finds no error on any kind of page, in any language.
import { test } from "node:test";
import assert from "node:assert/strict";
import { join } from "node:path";
import { audiences, folder, locales, pagesByKind } from "./sites.mjs";
import { validator } from "./validator.mjs";

for (const audience of audiences) {
  for (const locale of locales) {
    for (const [kind, path] of Object.entries(pagesByKind(audience, locale))) {
      test(`${audience} ${locale} ${kind} (${path})`, async () => {
        const report = await validator.validateFile(join(folder(audience), path));
        const found = report.results.flatMap((result) => result.messages
          .map((m) => `${result.filePath}:${m.line}:${m.column}: ${m.message} [${m.ruleId}]`));
        assert.deepEqual(found, []);
      });
    }
  }
}
