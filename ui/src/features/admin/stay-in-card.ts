/** Keeps the focus in the card where the button that has it is about to go away. */
export function stayInCard(button: HTMLElement): void {
  button.closest<HTMLElement>(".admin-card")?.focus({ preventScroll: true });
}
