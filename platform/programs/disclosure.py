"""The disclosure rules that a program may name; reporting.publishing applies them."""

# Secret rounding to 10; to the nearest 5, small counts hidden (Ofqual); under 10 hidden, the rest to 5 (ONS).
RULES = ("secret-rounding-10", "round-5", "10-5")
