"""Emoji as Discourse writes them: ``:slightly_smiling_face:``, in what was typed and beside the pictures alike."""

from __future__ import annotations

import re

# The commonest, by their names there; the others say less than their letters would do harm.
_KNOWN = {
    "slightly_smiling_face": "🙂", "smile": "😄", "smiley": "😃", "grinning": "😀", "grin": "😁", "laughing": "😆",
    "joy": "😂", "rofl": "🤣", "wink": "😉", "blush": "😊", "sweat_smile": "😅", "thinking": "🤔", "sob": "😭",
    "slightly_frowning_face": "🙁", "frowning": "😦", "cry": "😢", "angry": "😠", "roll_eyes": "🙄", "heart": "❤",
    "heart_eyes": "😍", "stuck_out_tongue": "😛", "sunglasses": "😎", "confused": "😕", "neutral_face": "😐",
    "+1": "👍", "-1": "👎", "thumbsup": "👍", "thumbsdown": "👎", "tada": "🎉", "pray": "🙏", "clap": "👏",
    "slight_smile": "🙂", "slight_frown": "🙁", "grimacing": "😬", "raised_hands": "🙌", "tm": "™",
    "eyes": "👀", "rocket": "🚀", "fire": "🔥", "white_check_mark": "✅", "x": "❌", "warning": "⚠", "shrug": "🤷",
    "man_shrugging": "🤷", "woman_shrugging": "🤷", "wave": "👋", "muscle": "💪", "100": "💯", "hugs": "🤗",
}  # fmt: skip
# Times (10:30:45) and names parted by two colons are none.
_CODE = re.compile(r":(\+1|-1|100|[a-z][a-z0-9_+-]*)(?::t[1-6])?:")
_CODES = re.compile(rf" ?(?<![\w:/])(?:{_CODE.pattern})+(?![\w:/])")


def shown(text: str) -> str:
    r"""Return canonical text with the commonest codes as characters, and without the others; code stays as it is.

    >>> shown("No :slightly_smiling_face:, at 10:30:45 :discourse:."), shown("```\n:wink:\n```")
    ('No 🙂, at 10:30:45.', '```\n:wink:\n```')
    """
    if not _CODE.search(text):
        return text
    parts = text.split("```")
    return "```".join(part if n % 2 else _CODES.sub(_characters, part) for n, part in enumerate(parts)).strip()


def _characters(codes: re.Match[str]) -> str:
    known = "".join(_KNOWN.get(code[1], "") for code in _CODE.finditer(codes[0]))
    return f" {known}" if known and codes[0].startswith(" ") else known
