import { answerWith } from "../../components/worker";
import { diffLines, evenJson } from "../../lib/line-diff";

export interface DiffQuestion {
  left: string;
  right: string;
  json: boolean;
}

answerWith(({ left, right, json }: DiffQuestion) =>
  json ? diffLines(evenJson(left), evenJson(right)) : diffLines(left, right),
);
