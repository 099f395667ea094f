/** Work that was given up because it took too long; the page was not kept waiting meanwhile. */
export class TookTooLong extends Error {
  constructor(milliseconds: number) {
    super(`It took longer than ${Math.round(milliseconds / 1000)} s and was stopped.`);
    this.name = "TookTooLong";
  }
}

interface Limits {
  milliseconds: number;
  signal?: AbortSignal;
}

/** The one answer of a worker to one question. The worker ends with it, or when the time is up or nobody waits. */
export function askWorker<Answer>(worker: Worker, question: unknown, limits: Limits): Promise<Answer> {
  return new Promise<Answer>((resolve, reject) => {
    const end = (settle: () => void) => {
      clearTimeout(timer);
      worker.terminate();
      settle();
    };
    const timer = setTimeout(() => end(() => reject(new TookTooLong(limits.milliseconds))), limits.milliseconds);
    limits.signal?.addEventListener("abort", () => end(() => reject(new DOMException("Aborted", "AbortError"))));
    worker.onmessage = ({ data }: MessageEvent<{ answer: Answer } | { problem: string }>) =>
      end(() => ("problem" in data ? reject(new Error(data.problem)) : resolve(data.answer)));
    worker.onerror = (event) => end(() => reject(new Error(event.message || "The work could not be begun.")));
    worker.postMessage(question);
  });
}

/** The worker's side: answers the one question, with what goes wrong told as its message. */
export function answerWith<Question, Answer>(work: (question: Question) => Answer | Promise<Answer>): void {
  self.onmessage = async ({ data }: MessageEvent<Question>) => {
    try {
      self.postMessage({ answer: await work(data) });
    } catch (error) {
      self.postMessage({ problem: error instanceof Error ? error.message : String(error) });
    }
  };
}
