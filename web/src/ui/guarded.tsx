/* A mistake of ours in one page must not leave the drummer with an empty screen: it is drawn anew. */
import { Component, type ComponentChildren } from 'preact';

const AGAIN_MS = 400;

export class Guarded extends Component<{ children: ComponentChildren }, { failed: boolean }> {
  override state = { failed: false };

  override componentDidCatch(error: unknown): void {
    console.error(error);
    this.setState({ failed: true });
    setTimeout(() => this.setState({ failed: false }), AGAIN_MS);
  }

  render() {
    return this.state.failed ? <main tabIndex={-1}><p class="soft" role="status">Drawing the page again…</p></main> : this.props.children;
  }
}
