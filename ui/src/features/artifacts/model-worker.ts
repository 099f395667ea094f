import { answerWith } from "../../components/worker";
import { parseModelCard } from "../../lib/mlmodel";

answerWith((text: string) => parseModelCard(text));
