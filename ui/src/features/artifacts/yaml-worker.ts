import { answerWith } from "../../components/worker";
import { parseYaml } from "../../lib/yaml";

answerWith((text: string) => parseYaml(text));
