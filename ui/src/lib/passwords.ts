/** What a password must have, as the server has it; whether this one does. */
export interface PasswordRule {
  text: string;
  kept: boolean;
}

const LEAST = 12;
const FEWEST_DIFFERENT = 5;

/** The rules for a password of a user. The server has one more: it refuses those that everybody knows. */
export function passwordRules(password: string, username: string): PasswordRule[] {
  const plain = password.normalize("NFC").toLowerCase();
  const name = username.normalize("NFC").toLowerCase();
  const beside = name ? plain.replaceAll(name, "") : plain;
  return [
    { text: `${LEAST} characters or more`, kept: [...plain].length >= LEAST },
    { text: `${FEWEST_DIFFERENT} different ones`, kept: new Set(plain).size >= FEWEST_DIFFERENT },
    { text: "more than the user’s name", kept: plain !== "" && [...beside].length >= LEAST / 2 },
  ];
}

// Without those that are mistaken for each other where a password is read out or copied by hand.
const LETTERS = "abcdefghjkmnpqrstuvwxyz23456789";
const GROUPS = 5;
const IN_GROUP = 4;

/** A password that nobody guesses, of 99 bits, in groups that can be read out. */
export function generatePassword(): string {
  return Array.from({ length: GROUPS }, () => letters(IN_GROUP)).join("-");
}

function letters(count: number): string {
  let text = "";
  // Bytes beyond the last whole set of letters would make some letters likelier.
  const most = 256 - (256 % LETTERS.length);
  while (text.length < count) {
    const [byte = most] = crypto.getRandomValues(new Uint8Array(1));
    if (byte < most) text += LETTERS[byte % LETTERS.length];
  }
  return text;
}
