"""What the five services of Huiyin share: the words (contracts) and the machinery (chassis)."""
