import hljs from "highlight.js/lib/core";
import bash from "highlight.js/lib/languages/bash";
import cpp from "highlight.js/lib/languages/cpp";
import css from "highlight.js/lib/languages/css";
import diff from "highlight.js/lib/languages/diff";
import dockerfile from "highlight.js/lib/languages/dockerfile";
import ini from "highlight.js/lib/languages/ini";
import javascript from "highlight.js/lib/languages/javascript";
import json from "highlight.js/lib/languages/json";
import julia from "highlight.js/lib/languages/julia";
import makefile from "highlight.js/lib/languages/makefile";
import markdown from "highlight.js/lib/languages/markdown";
import python from "highlight.js/lib/languages/python";
import r from "highlight.js/lib/languages/r";
import sql from "highlight.js/lib/languages/sql";
import typescript from "highlight.js/lib/languages/typescript";
import xml from "highlight.js/lib/languages/xml";
import yaml from "highlight.js/lib/languages/yaml";
import { answerWith } from "../../components/worker";
import { type Token, tokensOfLines } from "../../lib/lines";

const LANGUAGES = {
  ...{ bash, cpp, css, diff, dockerfile, ini, javascript, json, julia, makefile, markdown, python, r, sql, typescript },
  ...{ xml, yaml },
};
for (const [name, language] of Object.entries(LANGUAGES)) hljs.registerLanguage(name, language);

answerWith(({ text, language }: { text: string; language: string }): Token[][] =>
  tokensOfLines(hljs.highlight(text.replace(/\r\n|\r/g, "\n"), { language, ignoreIllegals: true }).value),
);
