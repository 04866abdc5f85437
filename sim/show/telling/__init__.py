"""One run told: what mattered in it by stated rules, in words, pictures and a film."""
