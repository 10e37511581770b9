"""Text to coded statements: sentences, who utters them, and what they say of the other side."""
