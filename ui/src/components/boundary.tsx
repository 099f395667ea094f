import { Component, type ReactNode } from "react";
import { CodeMissing } from "./later";
import { Failure } from "./states";

interface Props {
  /** What the part is, for the message: "This chart". */
  what: string;
  children: ReactNode;
  /** When it changes, the part is tried again. */
  resetKey?: string;
}

/** Keeps an error that a part throws inside the part. */
export class Boundary extends Component<Props, { error: Error | undefined }> {
  override state = { error: undefined as Error | undefined };

  static getDerivedStateFromError(error: unknown) {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override componentDidUpdate(before: Props) {
    if (this.state.error && before.resetKey !== this.props.resetKey) this.setState({ error: undefined });
  }

  override render() {
    const { error } = this.state;
    if (!error) return this.props.children;
    const retry = () => (error instanceof CodeMissing ? location.reload() : this.setState({ error: undefined }));
    return <Failure small title={`${this.props.what} could not be shown`} error={error} retry={retry} />;
  }
}
